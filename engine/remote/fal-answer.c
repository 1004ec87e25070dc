/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fal-answer.c: errors and outputs as fal.ai has them. */
#include "config.h"

#include "remote/fal-answer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"

/* More is not what anybody asked for. */
#define MAX_IMAGES 100

/* ---------------------------------------------------------------- classes */

PmtFaultClass
pmt_fal_class_of (const gchar *type)
{
  static const struct
  {
    const gchar *type;
    PmtFaultClass kind;
  } classes[] = {
    { "content_policy_violation", PMT_FAULT_CONTENT },
    { "no_media_generated", PMT_FAULT_CONTENT },
    { "image_too_large", PMT_FAULT_TOO_LARGE },
    { "file_too_large", PMT_FAULT_TOO_LARGE },
    { "internal_server_error", PMT_FAULT_SERVER },
    { "downstream_service_unavailable", PMT_FAULT_SERVER },
    { "downstream_service_error", PMT_FAULT_SERVER },
    { "client_cancelled", PMT_FAULT_CANCELLED },
    { "bad_request", PMT_FAULT_PARAMETER },
    { "image_too_small", PMT_FAULT_PARAMETER },
    { "image_load_error", PMT_FAULT_PARAMETER },
    { "file_download_error", PMT_FAULT_PARAMETER },
    { "face_detection_error", PMT_FAULT_PARAMETER },
    { "unsupported_image_format", PMT_FAULT_PARAMETER },
    { "missing", PMT_FAULT_PARAMETER },
    { "value_error", PMT_FAULT_PARAMETER },
  };

  if (type == NULL)
    return PMT_FAULT_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].type, type))
      return classes[i].kind;
  if (g_str_has_suffix (type, "_timeout"))
    return PMT_FAULT_TIMEOUT;
  return g_str_has_prefix (type, "runner_") ? PMT_FAULT_SERVER : PMT_FAULT_NONE;
}

/* ----------------------------------------------------------------- limits */

/* "4 or less" and the like: {"le": 4}. */
static gchar *
describe_bound (const cJSON *ctx)
{
  static const struct
  {
    const gchar *name;
    const gchar *text;
  } bounds[] = {
    /* Translators: %s is a number. */
    { "ge", N_ ("%s or more") },
    { "gt", N_ ("more than %s") },
    { "le", N_ ("%s or less") },
    { "lt", N_ ("less than %s") },
    { "multiple_of", N_ ("a multiple of %s") },
    { "max_length", N_ ("a length of at most %s") },
    { "min_length", N_ ("a length of at least %s") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      const cJSON *node = pmt_json_get (ctx, bounds[i].name);
      g_autofree gchar *number = NULL;
      GString *text;

      if (!cJSON_IsNumber (node))
        continue;
      number = g_strdup_printf ("%.10g", node->valuedouble);
      text = g_string_new (_ (bounds[i].text));
      g_string_replace (text, "%s", number, 1);
      return g_string_free (text, FALSE);
    }
  return NULL;
}

/* {"expected": "'a', 'b'"} or lists of texts. */
static gchar *
describe_choices (const cJSON *ctx)
{
  static const gchar *const names[] = { "expected", "supported_formats" };
  g_autoptr (GString) text = g_string_new (NULL);
  const cJSON *item;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const cJSON *node = pmt_json_get (ctx, names[i]);

      if (cJSON_IsString (node))
        return g_strdup (node->valuestring);
      if (!cJSON_IsArray (node))
        continue;
      cJSON_ArrayForEach (item, node)
      {
        if (cJSON_IsString (item))
          g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                                  item->valuestring);
      }
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static gchar *
describe_limit (const cJSON *ctx)
{
  const gdouble max_width = pmt_json_get_number (ctx, "max_width", -1.0);
  const gdouble max_height = pmt_json_get_number (ctx, "max_height", -1.0);
  const gdouble min_width = pmt_json_get_number (ctx, "min_width", -1.0);
  const gdouble min_height = pmt_json_get_number (ctx, "min_height", -1.0);
  const gdouble max_size = pmt_json_get_number (ctx, "max_size", -1.0);
  gchar *text;

  if (max_width > 0.0 && max_height > 0.0)
    return g_strdup_printf (_ ("%.0f × %.0f pixels"), max_width, max_height);
  if (min_width > 0.0 && min_height > 0.0)
    return g_strdup_printf (_ ("at least %.0f × %.0f pixels"), min_width,
                            min_height);
  if (max_size > 0.0 && max_size < PMT_JSON_MAX_INT)
    return g_format_size ((guint64)max_size);
  text = describe_bound (ctx);
  return text != NULL ? text : describe_choices (ctx);
}

/* ----------------------------------------------------------------- faults */

/* The last name in ["body", "image_urls", 0]. */
static const gchar *
find_param (const cJSON *loc)
{
  const gchar *name = NULL;
  const cJSON *node;

  cJSON_ArrayForEach (node, loc)
  {
    if (cJSON_IsString (node) && !g_str_equal (node->valuestring, "body"))
      name = node->valuestring;
  }
  return name;
}

/* It locks accounts for several reasons, with the status of a wrong key. */
static PmtFaultClass
class_of_text (const gchar *text)
{
  static const gchar *const credits[] = { "exhausted balance", "top_up",
                                          "top up", "insufficient credit",
                                          NULL };

  return pmt_answer_has_word (text, credits) ? PMT_FAULT_CREDITS
                                             : PMT_FAULT_NONE;
}

static void
take_item (const cJSON *item, PmtFault *fault)
{
  const PmtFaultClass kind =
      pmt_fal_class_of (pmt_json_get_text (item, "type"));
  const gchar *param = find_param (pmt_answer_get_list (item, "loc"));

  if (kind != PMT_FAULT_NONE)
    fault->kind = kind;
  if (fault->kind == PMT_FAULT_NONE)
    fault->kind = PMT_FAULT_PARAMETER;
  pmt_answer_set_text (&fault->detail, pmt_json_get_text (item, "msg"));
  pmt_answer_set_text (&fault->param, param);
  if (fault->limit == NULL)
    fault->limit = describe_limit (pmt_json_get (item, "ctx"));
}

gboolean
pmt_fal_classify (const cJSON *json, PmtFault *fault)
{
  const gchar *text = pmt_json_get_text (json, "detail");
  const cJSON *item = pmt_json_get (json, "detail.0");
  const PmtFaultClass told =
      pmt_fal_class_of (pmt_json_get_text (json, "error_type"));

  if (cJSON_IsObject (item))
    {
      take_item (item, fault);
      return TRUE;
    }
  if (told != PMT_FAULT_NONE)
    fault->kind = told;
  if (text == NULL)
    return told != PMT_FAULT_NONE;
  pmt_answer_set_text (&fault->detail, text);
  pmt_fault_take (fault, class_of_text (text), NULL);
  return TRUE;
}

/* ---------------------------------------------------------------- outputs */

static const gchar *
find_url (const cJSON *node)
{
  const gchar *url = cJSON_GetStringValue (node);

  if (url == NULL)
    url = pmt_json_get_text (node, "url");
  return url != NULL ? url : "";
}

GPtrArray *
pmt_fal_find_images (const cJSON *output)
{
  GPtrArray *urls = g_ptr_array_new ();
  const cJSON *images = pmt_answer_get_list (output, "images");
  const cJSON *image = pmt_json_get (output, "image");
  const cJSON *node;

  cJSON_ArrayForEach (node, images)
  {
    if (urls->len < MAX_IMAGES)
      g_ptr_array_add (urls, (gpointer)find_url (node));
  }
  if (images == NULL && image != NULL && !cJSON_IsNull (image))
    g_ptr_array_add (urls, (gpointer)find_url (image));
  return urls;
}

static gboolean
is_flagged (const cJSON *output, guint i)
{
  const cJSON *flags = pmt_answer_get_list (output, "has_nsfw_concepts");

  return cJSON_IsTrue (cJSON_GetArrayItem (flags, (gint)i));
}

static gint64
read_seed (const cJSON *output)
{
  const gdouble seed = pmt_json_get_number (output, "seed", -1.0);

  return seed >= 0.0 && seed < PMT_JSON_MAX_INT ? (gint64)seed : -1;
}

gboolean
pmt_fal_add_urls (PmtRemoteCall *call,
                  const GPtrArray *urls,
                  PmtRemoteReply *reply,
                  GError **error)
{
  for (guint i = 0; i < urls->len; i++)
    if (!pmt_answer_add_url (call, reply, urls->pdata[i], -1, error))
      return FALSE;
  return reply->pictures->len > 0 || pmt_answer_fail_empty (call, error);
}

gboolean
pmt_fal_take_output (PmtRemoteCall *call,
                     const cJSON *output,
                     PmtRemoteReply *reply,
                     GError **error)
{
  g_autoptr (GPtrArray) urls = pmt_fal_find_images (output);
  const gint64 seed = read_seed (output);

  /* It may be the second try. */
  reply->n_refused = 0;
  pmt_answer_set_text (&reply->note, pmt_json_get_text (output, "description"));
  for (guint i = 0; i < urls->len; i++)
    {
      if (is_flagged (output, i))
        reply->n_refused++;
      else if (!pmt_answer_add_url (call, reply, urls->pdata[i],
                                    i == 0 ? seed : -1, error))
        return FALSE;
    }
  if (reply->pictures->len > 0)
    return TRUE;
  if (reply->n_refused > 0)
    return pmt_remote_call_fail (call, PMT_FAULT_CONTENT, NULL, error);
  return pmt_answer_fail_empty (call, error);
}

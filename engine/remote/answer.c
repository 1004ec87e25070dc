/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* answer.c: what several providers do with what they are answered. */
#include "config.h"

#include "remote/answer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_PICTURE ((gsize)256 << 20)
#define MAX_ID 512
#define MAX_PARAM 64

gboolean
pmt_answer_has_word (const gchar *text, const gchar *const *words)
{
  g_autofree gchar *lower = NULL;

  if (text == NULL)
    return FALSE;
  lower = g_ascii_strdown (text, -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

const cJSON *
pmt_answer_get_list (const cJSON *json, const gchar *path)
{
  const cJSON *node = pmt_json_get (json, path);

  return cJSON_IsArray (node) ? node : NULL;
}

void
pmt_answer_set_text (gchar **target, const gchar *text)
{
  if (text == NULL || *text == '\0')
    return;
  g_free (*target);
  *target = g_strdup (text);
}

/* -------------------------------------------------------------- identity */

/* Some services count their jobs. */
static gchar *
read_id (const cJSON *node)
{
  const gchar *text = cJSON_GetStringValue (node);

  if (text != NULL && *text != '\0' && strlen (text) <= MAX_ID)
    return g_strdup (text);
  if (cJSON_IsNumber (node) && node->valuedouble >= 0.0
      && node->valuedouble <= PMT_JSON_MAX_INT
      && node->valuedouble == floor (node->valuedouble))
    return g_strdup_printf ("%.0f", node->valuedouble);
  return NULL;
}

gboolean
pmt_answer_keep_id (PmtRemoteCall *call,
                    const cJSON *json,
                    const gchar *member,
                    PmtRemoteJob *job,
                    GError **error)
{
  gchar *id = read_id (pmt_json_get (json, member));
  const PmtFault none = PMT_FAULT_INIT;

  if (id != NULL)
    {
      g_free (job->id);
      job->id = id;
      job->state = PMT_REMOTE_RUNNING;
      return pmt_remote_call_keep (call, job, error);
    }
  pmt_fault_clear (&call->fault);
  call->fault = none;
  pmt_fault_take (&call->fault, PMT_FAULT_SERVER,
                  _ ("it did not name the job that it was given"));
  call->fault.is_outcome_unknown = TRUE;
  return pmt_remote_call_fail_fault (call, error);
}

gchar *
pmt_answer_job_path (const gchar *path, const PmtRemoteJob *job)
{
  g_autofree gchar *id =
      g_uri_escape_string (job->id != NULL ? job->id : "", NULL, FALSE);
  const gchar *mark = strstr (path, "%s");

  /* "." and ".." are left as they are, and would leave the path. */
  if (strspn (id, ".") == strlen (id))
    {
      g_free (id);
      id = g_strdup ("-");
    }
  if (mark == NULL)
    return g_strconcat (path, "/", id, NULL);
  return g_strdup_printf ("%.*s%s%s", (int)(mark - path), path, id, mark + 2);
}

/* --------------------------------------------------------------- pictures */

gboolean
pmt_answer_add_base64 (PmtRemoteReply *reply, const gchar *text, gint64 seed)
{
  GBytes *bytes =
      text != NULL ? pmt_picture_from_base64 (text, MAX_PICTURE) : NULL;

  if (bytes == NULL)
    return FALSE;
  pmt_remote_reply_add (reply, bytes, seed);
  return TRUE;
}

gboolean
pmt_answer_add_url (PmtRemoteCall *call,
                    PmtRemoteReply *reply,
                    const gchar *url,
                    gint64 seed,
                    GError **error)
{
  GBytes *bytes;

  if (url == NULL || *url == '\0')
    return pmt_answer_fail_empty (call, error);
  bytes = pmt_remote_call_download (call, url, error);
  if (bytes == NULL)
    return FALSE;
  pmt_remote_reply_add (reply, bytes, seed);
  return TRUE;
}

void
pmt_form_add_picture (GPtrArray *form, const gchar *name, GBytes *bytes)
{
  PmtPictureHead head = { 0 };
  const gchar *filename = "image.png";

  if (bytes == NULL)
    return;
  if (!pmt_picture_read_head (bytes, &head))
    head.kind = PMT_PICTURE_PNG;
  if (head.kind == PMT_PICTURE_JPEG)
    filename = "image.jpg";
  else if (head.kind == PMT_PICTURE_WEBP)
    filename = "image.webp";
  pmt_form_add_file (form, name, filename, pmt_picture_kind_type (head.kind),
                     bytes);
}

/* --------------------------------------------------------------- failures */

void
pmt_answer_read_param (const gchar *text, PmtFault *fault)
{
  const gchar *colon = text != NULL ? strchr (text, ':') : NULL;
  const gsize length = colon != NULL ? (gsize)(colon - text) : 0;

  if (length == 0 || length > MAX_PARAM || fault->param != NULL
      || strcspn (text, " ") < length)
    return;
  fault->param = g_strndup (text, length);
}

gboolean
pmt_answer_fail_empty (PmtRemoteCall *call, GError **error)
{
  return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                               _ ("it returned no picture"), error);
}

gboolean
pmt_answer_fail_job (PmtRemoteCall *call,
                     PmtRemoteJob *job,
                     PmtFaultClass kind,
                     const gchar *detail,
                     GError **error)
{
  job->state =
      kind == PMT_FAULT_CANCELLED ? PMT_REMOTE_CANCELLED : PMT_REMOTE_FAILED;
  return pmt_remote_call_fail (
      call, kind, detail != NULL ? detail : _ ("the job has failed"), error);
}

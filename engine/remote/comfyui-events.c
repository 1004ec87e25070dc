/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-events.c: what ComfyUI tells over its WebSocket. */
#include "config.h"

#include "remote/comfyui-events.h"

#include <string.h>

/* The first word of a binary message. */
enum
{
  PREVIEW = 1,
  PREVIEW_WITH_METADATA = 4
};

void
pmt_comfy_events_clear (PmtComfyEvents *events)
{
  g_clear_pointer (&events->node, g_free);
  g_clear_pointer (&events->preview, g_bytes_unref);
}

static gboolean
take_progress (PmtComfyEvents *events, const cJSON *data)
{
  const gchar *node = pmt_json_get_text (data, "node");
  const gdouble value = pmt_json_get_number (data, "value", -1.0);
  const gdouble max = pmt_json_get_number (data, "max", 0.0);
  const guint last = MAX (events->n_pictures, 1) - 1;

  if (value < 0.0 || max <= 0.0 || value > max)
    return FALSE;
  if (events->node != NULL && node != NULL && !g_str_equal (events->node, node))
    events->n_done = MIN (events->n_done + 1, last);
  if (node != NULL)
    {
      g_free (events->node);
      events->node = g_strdup (node);
    }
  events->fraction =
      (events->n_done + value / max) / MAX (events->n_pictures, 1);
  return TRUE;
}

static gboolean
take_text (PmtComfyEvents *events, const gchar *text, gsize length)
{
  g_autoptr (cJSON) json = pmt_json_parse_large (
      "event", text, length, PMT_JSON_MAX_BYTES, PMT_ERROR_SERVER, NULL);
  const gchar *type = pmt_json_get_text (json, "type");
  const cJSON *data = pmt_json_get (json, "data");
  const gchar *prompt_id = pmt_json_get_text (data, "prompt_id");

  /* Old versions don't say whose progress it is; only ours is sent to us. */
  if (type == NULL
      || (prompt_id != NULL && g_strcmp0 (prompt_id, events->prompt_id) != 0))
    return FALSE;
  if (g_str_equal (type, "progress"))
    return take_progress (events, data);
  if (prompt_id == NULL)
    return FALSE;
  if (g_str_equal (type, "execution_success")
      || g_str_equal (type, "execution_error")
      || g_str_equal (type, "execution_interrupted")
      || (g_str_equal (type, "executing")
          && cJSON_IsNull (pmt_json_get (data, "node"))))
    events->is_over = TRUE;
  return FALSE;
}

static guint32
read_word (const guchar *data)
{
  guint32 word;

  memcpy (&word, data, sizeof word);
  return GUINT32_FROM_BE (word);
}

static gboolean
take_binary (PmtComfyEvents *events, const guchar *data, gsize length)
{
  PmtPictureHead head;
  g_autoptr (GBytes) picture = NULL;
  guint32 kind;
  gsize skip = 8;

  if (length < skip)
    return FALSE;
  kind = read_word (data);
  if (kind == PREVIEW_WITH_METADATA)
    skip += read_word (data + 4);
  else if (kind != PREVIEW)
    return FALSE;
  if (length <= skip)
    return FALSE;
  picture = g_bytes_new (data + skip, length - skip);
  if (!pmt_picture_read_head (picture, &head))
    return FALSE;
  g_clear_pointer (&events->preview, g_bytes_unref);
  events->preview = g_steal_pointer (&picture);
  return TRUE;
}

gboolean
pmt_comfy_events_take (PmtComfyEvents *events,
                       GBytes *message,
                       gboolean is_binary)
{
  gsize length = 0;
  const gchar *data = g_bytes_get_data (message, &length);

  if (length == 0)
    return FALSE;
  return is_binary ? take_binary (events, (const guchar *)data, length)
                   : take_text (events, data, length);
}

gchar *
pmt_comfy_events_describe (const cJSON *data)
{
  const gchar *type = pmt_json_get_text (data, "exception_type");
  const gchar *message = pmt_json_get_text (data, "exception_message");
  const gchar *node = pmt_json_get_text (data, "node_type");
  GString *text = g_string_new (type);

  if (message != NULL && *message != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? ": " : "", message);
  g_strchomp (text->str);
  g_string_set_size (text, strlen (text->str));
  if (node != NULL && text->len > 0)
    g_string_append_printf (text, " (%s)", node);
  return text->len > 0 ? g_string_free (text, FALSE)
                       : (g_string_free (text, TRUE), NULL);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-base64.c: pictures in JSON. */
#include "config.h"

#include "remote/picture-private.h"

cJSON *
pmt_picture_to_json (GBytes *bytes, const gchar *prefix)
{
  gsize length = 0;
  const guchar *data = g_bytes_get_data (bytes, &length);
  const gsize n_prefix = strlen (prefix);
  gint state = 0, save = 0;
  cJSON *node = cJSON_CreateRaw ("");
  /* Quotes, four digits for three bytes, the end. */
  gchar *text = cJSON_malloc (n_prefix + length / 3 * 4 + 16);
  gchar *to = text;

  if (node == NULL || text == NULL)
    g_error ("out of memory");
  *to++ = '"';
  memcpy (to, prefix, n_prefix);
  to += n_prefix;
  to += g_base64_encode_step (data, length, FALSE, to, &state, &save);
  to += g_base64_encode_close (FALSE, to, &state, &save);
  *to++ = '"';
  *to = '\0';
  cJSON_free (node->valuestring);
  node->valuestring = text;
  return node;
}

gchar *
pmt_picture_to_data_uri (GBytes *bytes)
{
  PmtPictureHead head = { PMT_PICTURE_UNKNOWN, 0, 0, 0, FALSE, FALSE };
  g_autofree gchar *text = NULL;
  gconstpointer data;
  gsize length;

  pmt_picture_read_head (bytes, &head);
  data = g_bytes_get_data (bytes, &length);
  text = g_base64_encode (data, length);
  return g_strconcat ("data:", pmt_picture_kind_type (head.kind), ";base64,",
                      text, NULL);
}

/* Where the base64 of a data: URI begins (RFC 2397); %NULL without any. */
static const gchar *
skip_head (const gchar *text)
{
  static const gchar scheme[] = "data:";
  static const gchar mark[] = ";base64";
  const gsize n_mark = sizeof mark - 1;
  const gchar *comma;

  if (g_ascii_strncasecmp (text, scheme, sizeof scheme - 1) != 0)
    return text;
  comma = strchr (text, ',');
  if (!comma || (gsize)(comma - text) < sizeof scheme - 1 + n_mark
      || g_ascii_strncasecmp (comma - n_mark, mark, n_mark) != 0)
    return NULL;
  return comma + 1;
}

/* Digits at the end that are none: RFC 4648, section 4, without line breaks.
 * Returns: %FALSE where no base64 has any. */
static gboolean
count_padding (const gchar *text, gsize length, gsize *n)
{
  const gchar *first = length > 0 ? memchr (text, '=', length) : NULL;

  *n = first != NULL ? length - (gsize)(first - text) : 0;
  return length > 0 && length % 4 == 0 && *n <= 2
         && (*n < 2 || text[length - 1] == '=');
}

GBytes *
pmt_picture_from_base64 (const gchar *text, gsize max_bytes)
{
  const gchar *base64 = text ? skip_head (text) : NULL;
  gsize length = base64 ? strlen (base64) : 0;
  gsize n_padding, n_bytes;
  guchar *data;

  /* Some end with a line break. */
  while (length > 0
         && (base64[length - 1] == '\n' || base64[length - 1] == '\r'))
    length--;
  if (length / 4 > max_bytes / 3 + 1
      || !count_padding (base64, length, &n_padding))
    return NULL;
  n_bytes = length / 4 * 3 - n_padding;
  if (base64[length] != '\0')
    {
      g_autofree gchar *line = g_strndup (base64, length);

      data = g_base64_decode (line, &length);
    }
  else
    data = g_base64_decode (base64, &length);
  /* GLib leaves out what is no digit: there are fewer bytes then. */
  if (length == n_bytes && length <= max_bytes)
    return g_bytes_new_take (data, length);
  g_free (data);
  return NULL;
}

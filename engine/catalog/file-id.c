/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* file-id.c: names of the user's files, for people and as ids of models. */
#include "config.h"

#include "catalog/file-id.h"

#include <string.h>

#include "core/json.h"

#define MAX_SHOWN 80
#define MAX_SLUG 50

void
pmt_file_id_clean (gchar *text)
{
  for (gchar *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      const gunichar c = g_utf8_get_char (at);

      if (!g_unichar_iscntrl (c))
        continue;
      /* One of two bytes, where it is no ASCII, is as long as two of one. */
      memset (at, '?', g_utf8_next_char (at) - at);
    }
}

gchar *
pmt_file_id_show (const gchar *path)
{
  g_autofree gchar *name = g_filename_display_basename (path);
  g_autofree gchar *start = NULL;

  pmt_file_id_clean (name);
  if (g_utf8_strlen (name, -1) <= MAX_SHOWN)
    return g_steal_pointer (&name);
  start = g_utf8_substring (name, 0, MAX_SHOWN);
  return g_strconcat (start, "…", NULL);
}

gchar *
pmt_file_id_slug (const gchar *prefix, const gchar *path, const gchar *suffix)
{
  g_autofree gchar *name = g_path_get_basename (path);
  GString *slug = g_string_new (prefix);
  const gsize start = slug->len;

  if (g_str_has_suffix (name, suffix) && strlen (name) > strlen (suffix))
    name[strlen (name) - strlen (suffix)] = '\0';
  for (const gchar *at = name; *at != '\0' && slug->len < start + MAX_SLUG;
       at++)
    if (g_ascii_isalnum (*at) || *at == '.' || *at == '_')
      g_string_append_c (slug, g_ascii_tolower (*at));
    else if (slug->str[slug->len - 1] != '-')
      g_string_append_c (slug, '-');
  while (slug->len > start && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == start)
    g_string_append (slug, "network");
  return g_string_free (slug, FALSE);
}

gchar *
pmt_file_id_quote (const gchar *text)
{
  g_autoptr (cJSON) node = cJSON_CreateString (text);
  gchar *printed = cJSON_PrintUnformatted (node);
  gchar *quoted = g_strdup (printed);

  cJSON_free (printed);
  return quoted;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* limited-file.c: files that may be hostile, into memory. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/limited-file.h"

gchar *
pmt_limited_file_read (const gchar *path,
                       gsize max_bytes,
                       PmtError code,
                       gsize *length,
                       GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autofree gchar *text = NULL;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, NULL, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error (error, PMT_ERROR, code, _ ("This is not a file."));
      return NULL;
    }
  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    return NULL;
  text = g_malloc (max_bytes + 2);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text, max_bytes + 1,
                                length, NULL, error))
    return NULL;
  text[*length] = '\0';
  return g_realloc (g_steal_pointer (&text), *length + 1);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-file.c: the files that a model is made of, as manifests name them. */
#include "config.h"

#include "catalog/model-file.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_FILES 200

void
pmt_model_file_clear (gpointer data)
{
  PmtModelFile *file = data;

  g_free (file->name);
  g_free (file->url);
  g_free (file->sha256);
  g_free (file->role);
}

static gboolean
read_file (PmtManifestReader *reader, const cJSON *node, PmtModelFile *file)
{
  static const gchar *const keys[] = { "name",   "url",  "bytes",
                                       "sha256", "role", NULL };
  gdouble bytes = 0.0;

  if (!pmt_reader_check_keys (reader, node, keys)
      || !pmt_reader_get_string (reader, node, "name", PMT_READ_REQUIRED,
                                 PMT_PATTERN_PATH, 200, &file->name)
      || !pmt_reader_get_string (reader, node, "url", PMT_READ_REQUIRED,
                                 PMT_PATTERN_URL, PMT_MODEL_FILE_MAX_URL,
                                 &file->url)
      || !pmt_reader_get_number (reader, node, "bytes", PMT_READ_REQUIRED, 1,
                                 PMT_JSON_MAX_INT, &bytes)
      || !pmt_reader_get_string (reader, node, "sha256", PMT_READ_REQUIRED,
                                 PMT_PATTERN_SHA256, 64, &file->sha256)
      || !pmt_reader_get_string (reader, node, "role", PMT_READ_REQUIRED,
                                 PMT_PATTERN_PARAM, 64, &file->role))
    return FALSE;
  if (bytes != floor (bytes))
    return pmt_reader_fail (reader,
                            cJSON_GetObjectItemCaseSensitive (node, "bytes"),
                            _ ("“%s” must be a whole number."), "bytes");
  file->bytes = (guint64)bytes;
  return TRUE;
}

gboolean
pmt_model_files_read (PmtManifestReader *reader, GArray *files)
{
  const cJSON *array = cJSON_GetObjectItemCaseSensitive (reader->root, "files");
  const cJSON *node;

  if (array == NULL)
    return TRUE;
  if (!pmt_reader_check_array (reader, array, "files", 0, MAX_FILES))
    return FALSE;
  cJSON_ArrayForEach (node, array)
  {
    g_array_set_size (files, files->len + 1);
    if (!read_file (reader, node,
                    &g_array_index (files, PmtModelFile, files->len - 1)))
      return FALSE;
  }
  return TRUE;
}

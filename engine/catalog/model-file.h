/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-file.h: the files that a model is made of, as manifests name them. */
#pragma once

#include "catalog/manifest-reader.h"

G_BEGIN_DECLS

#define PMT_MODEL_FILE_MAX_URL 500

/** PmtModelFile: one file of a model. @name: path below "models/". */
typedef struct
{
  gchar *name;
  gchar *url;
  guint64 bytes;
  gchar *sha256;
  gchar *role;
} PmtModelFile;

/** pmt_model_file_clear: a GDestroyNotify for what is in @data. */
void pmt_model_file_clear (gpointer data);

/**
 * pmt_model_files_read:
 * @files: (element-type PmtModelFile): "files" of the root are added
 *
 * Returns: %FALSE with the reader's error set.
 */
gboolean pmt_model_files_read (PmtManifestReader *reader, GArray *files);

G_END_DECLS

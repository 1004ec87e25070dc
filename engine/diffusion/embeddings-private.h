/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* embeddings-private.h: one file of the folder. */
#pragma once

#include "diffusion/embeddings.h"

G_BEGIN_DECLS

/** pmt_embedding_new: what @path holds; its name is @name.  Never %NULL: a
 * file that can't be used has an error. */
PmtEmbedding *pmt_embedding_new (const gchar *path, const gchar *name);

void pmt_embedding_free (PmtEmbedding *embedding);

/**
 * pmt_embedding_read:
 * @values: (out caller-allocates): [n_vectors, width] of text encoder @which
 * @error: PMT_ERROR_FILE, PMT_ERROR_MODEL
 */
gboolean pmt_embedding_read (const PmtEmbedding *embedding,
                             guint which,
                             gfloat *values,
                             GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* embeddings.h: the user's textual inversions: words that stand for vectors. */
#pragma once

#include "diffusion/checkpoint.h"
#include "diffusion/chunks.h"

G_BEGIN_DECLS

/**
 * PmtEmbedding: one file; belongs to its PmtEmbeddings.
 * @name: the file's name without folder and suffix
 * @token: (nullable): another name that the file gives itself
 * @path: in the encoding of file names
 * @n_texts: text encoders that it has vectors for: 1, or 2 (made for SDXL); 0
 *   when the file can't be used
 * @tensors: [@n_texts]: their names in the file
 * @n_vectors: [@n_texts]
 * @widths: [@n_texts]: values of a vector
 * @error: (nullable): why the file can't be used
 */
typedef struct
{
  gchar *name;
  gchar *token;
  gchar *path;
  guint n_texts;
  gchar *tensors[2];
  guint n_vectors[2];
  gint64 widths[2];
  GError *error;
} PmtEmbedding;

/** PmtEmbeddings: the files of a folder; immutable once it is complete, any
 * thread. */
typedef struct _PmtEmbeddings PmtEmbeddings;

/**
 * pmt_embeddings_open:
 * @folder: with .safetensors files, also in folders below it (four deep); a
 *   folder that does not exist holds none
 * @error: PMT_ERROR_FILE: the folder can't be read
 *
 * Reads headers only.  Files of PyTorch (.pt, .bin, .ckpt, .pth) are listed
 * with the reason why they can't be used: nothing in them is executed.
 * Layouts: "emb_params" [n, width] (AUTOMATIC1111), a single tensor [width] or
 * [n, width] named by the token (Diffusers), "clip_l" and "clip_g" (SDXL).
 *
 * Returns: (transfer full): the files, or %NULL.
 */
PmtEmbeddings *pmt_embeddings_open (const gchar *folder, GError **error);

/**
 * pmt_embeddings_add:
 * @folder: a further one, before others see @embeddings; names that are there
 *   already win
 * @error: as pmt_embeddings_open()
 */
gboolean pmt_embeddings_add (PmtEmbeddings *embeddings,
                             const gchar *folder,
                             GError **error);

void pmt_embeddings_free (PmtEmbeddings *embeddings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtEmbeddings, pmt_embeddings_free)

guint pmt_embeddings_get_n (const PmtEmbeddings *embeddings);

/** pmt_embeddings_get: (transfer none): in the order of their paths, those in
 * folders last. */
const PmtEmbedding *pmt_embeddings_get (const PmtEmbeddings *embeddings,
                                        guint i);

/**
 * pmt_embeddings_find:
 * @name: with or without suffix and folders below the one that was opened, or
 *   the token; upper and lower case are the same
 *
 * Returns: (transfer none) (nullable): the file; a name goes before a token,
 *   and a file that can be used before one that can't.
 */
const PmtEmbedding *pmt_embeddings_find (const PmtEmbeddings *embeddings,
                                         const gchar *name);

/**
 * PmtEmbeddingTarget: the text encoder that vectors are for.
 * @which: number of the text encoder: 0, in SDXL also 1
 * @width: values of its token embedding
 */
typedef struct
{
  const PmtEmbeddings *embeddings;
  PmtFamily family;
  guint which;
  gint64 width;
} PmtEmbeddingTarget;

/**
 * pmt_embeddings_look_up:
 * @target: a PmtEmbeddingTarget
 *
 * A PmtEmbeddingLookup for pmt_chunks_new().  Finds files that do not fit
 * too, so that pmt_embeddings_read() can say what is wrong with them.
 */
guint pmt_embeddings_look_up (const gchar *name, gpointer target);

/**
 * pmt_embeddings_read:
 * @chunks: made with pmt_embeddings_look_up() and @target
 * @n: (out): number of vectors, 0 when the prompt names none
 * @error: PMT_ERROR_UNSUPPORTED: one of the files is of PyTorch, or was made
 *   for another kind of checkpoint; PMT_ERROR_MODEL: it is damaged;
 *   PMT_ERROR_FILE: it was changed since the folder was opened;
 *   PMT_ERROR_MEMORY: they are too many
 *
 * Returns: (transfer full): [@n, width] float32: vector k is what the id
 *   -1 - k of @chunks stands for; or %NULL.
 */
gfloat *pmt_embeddings_read (const PmtEmbeddingTarget *target,
                             const PmtChunks *chunks,
                             guint *n,
                             GError **error);

G_END_DECLS

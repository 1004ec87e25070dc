/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights.h: the tensors of .safetensors files. */
#pragma once

#include <gio/gio.h>

#include "onnx/session.h"

G_BEGIN_DECLS

/* Headers of real checkpoints are below 1 MB; the format's own limit is
 * 100 MB. */
#define PMT_WEIGHTS_MAX_HEADER ((guint64)100 << 20)

/** PmtWeightType: element types; those without a name here are OTHER. */
typedef enum
{
  PMT_WEIGHT_OTHER,
  PMT_WEIGHT_FLOAT32,
  PMT_WEIGHT_FLOAT16,
  PMT_WEIGHT_BFLOAT16,
  PMT_WEIGHT_FLOAT64,
  PMT_WEIGHT_INT64,
  PMT_WEIGHT_UINT8
} PmtWeightType;

/**
 * PmtWeight: one tensor; belongs to its PmtWeights.
 * @dtype: as the file has it, such as "F16"
 * @dims: [@rank], row-major; @rank 0 is a single value
 * @file: the name of its file, without folders: below
 *   pmt_weights_get_folder()
 * @offset: where the values begin in the file, in bytes
 * @length: how many bytes they are
 */
typedef struct
{
  gchar *name;
  PmtWeightType type;
  gchar dtype[12];
  gint rank;
  gint64 dims[PMT_TENSOR_MAX_RANK];
  const gchar *file;
  gint source; /* private */
  guint64 offset;
  guint64 length;
} PmtWeight;

/**
 * PmtWeights: the tensors of one file, or of several of one folder (parts of
 * a network that was split).  Immutable once its files are added; reads may
 * overlap in several threads.
 */
typedef struct _PmtWeights PmtWeights;

/**
 * pmt_weights_open:
 * @path: a .safetensors file; links are followed
 * @error: PMT_ERROR_FILE (can't be read, not a regular file), PMT_ERROR_MODEL
 *   (damaged header, tensors that overlap or lie outside the file, another
 *   kind of file; for a pickle file with the way to convert it)
 *
 * Reads the header only; nothing in the file is ever executed.
 * Source: the safetensors format, README of huggingface/safetensors.
 */
PmtWeights *pmt_weights_open (const gchar *path, GError **error);

/** pmt_weights_add: a further file; PMT_ERROR_MODEL too when it lies in
 * another folder or has a tensor of the same name. */
gboolean
pmt_weights_add (PmtWeights *weights, const gchar *path, GError **error);

PmtWeights *pmt_weights_ref (PmtWeights *weights);
void pmt_weights_unref (PmtWeights *weights);

/** pmt_weights_get_name: (transfer none): the first file, for messages. */
const gchar *pmt_weights_get_name (PmtWeights *weights);

/** pmt_weights_get_folder: (transfer none): where the files really lie, links
 * resolved; in the encoding of file names. */
const gchar *pmt_weights_get_folder (PmtWeights *weights);

/** pmt_weights_get_size: bytes of all its files. */
guint64 pmt_weights_get_size (PmtWeights *weights);

guint pmt_weights_get_n (PmtWeights *weights);

/** pmt_weights_get: the tensors in the order of their names. */
const PmtWeight *pmt_weights_get (PmtWeights *weights, guint i);

/** pmt_weights_find: (transfer none) (nullable). */
const PmtWeight *pmt_weights_find (PmtWeights *weights, const gchar *name);

/** pmt_weights_find_format: pmt_weights_find() of a printf-like name. */
const PmtWeight *pmt_weights_find_format (PmtWeights *weights,
                                          const gchar *format,
                                          ...) G_GNUC_PRINTF (2, 3);

/** pmt_weights_get_metadata: (transfer none) (nullable): a text of the
 * header's "__metadata__". */
const gchar *pmt_weights_get_metadata (PmtWeights *weights, const gchar *key);

/** pmt_weight_count: number of elements. */
guint64 pmt_weight_count (const PmtWeight *weight);

/** pmt_weight_has_shape: @rank and each of @dims; -1 fits any size. */
gboolean
pmt_weight_has_shape (const PmtWeight *weight, gint rank, const gint64 *dims);

/**
 * pmt_weights_read:
 * @weight: of @weights; of a type with a name
 * @first: number of the first element, row-major
 * @values: (out caller-allocates): [@n] float32, widened or narrowed
 * @error: PMT_ERROR_FILE: the file was shortened meanwhile;
 *   PMT_ERROR_UNSUPPORTED: a type without a name here
 *
 * Thread: any; reentrant.
 */
gboolean pmt_weights_read (PmtWeights *weights,
                           const PmtWeight *weight,
                           guint64 first,
                           gsize n,
                           gfloat *values,
                           GError **error);

/** pmt_weights_read_bytes: the bytes as they are in the file;
 * @offset and @length in bytes, within the tensor. */
gboolean pmt_weights_read_bytes (PmtWeights *weights,
                                 const PmtWeight *weight,
                                 guint64 offset,
                                 gsize length,
                                 gpointer bytes,
                                 GError **error);

/**
 * pmt_weights_check:
 * @error: PMT_ERROR_FILE: a file was changed, replaced or removed since it
 *   was opened
 *
 * To be asked before values that were mapped by others are used.
 */
gboolean pmt_weights_check (PmtWeights *weights, GError **error);

/** pmt_half_to_float, pmt_bfloat_to_float: exact. */
gfloat pmt_half_to_float (guint16 half);
gfloat pmt_bfloat_to_float (guint16 bfloat);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtWeights, pmt_weights_unref)

G_END_DECLS

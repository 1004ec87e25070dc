/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* part.h: looking up the tensors of one network. */
#pragma once

#include "diffusion/checkpoint.h"

G_BEGIN_DECLS

/**
 * PmtPartReader: reads shapes off the tensors of @part; what is missing or
 * has another rank than expected is noted and told by pmt_part_reader_end().
 */
typedef struct
{
  const PmtPart *part;
  GPtrArray *missing; /* names */
  GPtrArray *wrong;   /* names with their shapes */
} PmtPartReader;

/** pmt_part_has: whether the checkpoint has this network. */
gboolean pmt_part_has (const PmtPart *part);

void pmt_part_clear (PmtPart *part);

/** pmt_part_set_onnx: takes note of the .onnx files as they are now.
 * @onnx, @encoder: (transfer full); @encoder (nullable) */
void pmt_part_set_onnx (PmtPart *part, gchar *onnx, gchar *encoder);

/** pmt_part_is_unchanged: whether the files of the network are still those
 * that were opened.  Thread: any. */
gboolean pmt_part_is_unchanged (const PmtPart *part);

/** pmt_part_find: (transfer none) (nullable): the tensor of the printf-like
 * name, which the part's prefix is put before. */
const PmtWeight *pmt_part_find (const PmtPart *part, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

void pmt_part_reader_begin (PmtPartReader *reader, const PmtPart *part);

/**
 * pmt_part_reader_need:
 * @rank: that the tensor should have
 *
 * Returns: (transfer none) (nullable): %NULL when it is missing or has
 *   another rank; its sizes are between 1 and 2^24 otherwise.
 */
const PmtWeight *pmt_part_reader_need (PmtPartReader *reader,
                                       gint rank,
                                       const gchar *format,
                                       ...) G_GNUC_PRINTF (3, 4);

/** pmt_part_reader_need_dim: size number @i of such a tensor, or 0. */
gint pmt_part_reader_need_dim (PmtPartReader *reader,
                               gint rank,
                               gint i,
                               const gchar *format,
                               ...) G_GNUC_PRINTF (4, 5);

/** pmt_part_reader_reject: notes that @weight has a wrong shape. */
void pmt_part_reader_reject (PmtPartReader *reader, const PmtWeight *weight);

/**
 * pmt_part_reader_end:
 * @error: PMT_ERROR_MODEL: names the first few of the tensors noted
 *
 * Clears @reader in any case.
 */
gboolean pmt_part_reader_end (PmtPartReader *reader, GError **error);

/** pmt_weight_shape_text: (transfer full): such as "320 × 4 × 3 × 3". */
gchar *pmt_weight_shape_text (const PmtWeight *weight);

G_END_DECLS

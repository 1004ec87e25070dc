/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lora-private.h: the modules of a LoRA. */
#pragma once

#include "diffusion/lora.h"
#include "diffusion/net-builder.h"

G_BEGIN_DECLS

/** PmtLoraRole: what a tensor of the file is. */
typedef enum
{
  PMT_LORA_DOWN,
  PMT_LORA_UP,
  PMT_LORA_ALPHA,
  PMT_LORA_FOREIGN /* of a method that is not supported */
} PmtLoraRole;

/**
 * pmt_lora_parse_name:
 * @name: of a tensor
 * @role: (out)
 * @method: (out) (transfer none): for foreign ones the name of the method,
 *   otherwise %NULL
 *
 * Returns: (transfer full) (nullable): the module: "unet ", "text1 " or
 *   "text2 " and its name with underscores, as kohya's files have it, such as
 *   "unet mid_block_attentions_0_proj_in"; %NULL: belongs to none.
 */
gchar *pmt_lora_parse_name (const gchar *name,
                            PmtLoraRole *role,
                            const gchar **method);

/** PmtLoraModule: one change; belongs to its LoRA. */
typedef struct
{
  gchar *name; /* as above */
  const PmtWeight *down;
  const PmtWeight *up;
  gint64 rank;
  gfloat scale; /* alpha / rank */
} PmtLoraModule;

/** pmt_lora_get_weights: (transfer none). */
PmtWeights *pmt_lora_get_weights (const PmtLora *lora);

/** pmt_lora_get_modules: (element-type PmtLoraModule). */
const GPtrArray *pmt_lora_get_modules (const PmtLora *lora);

/**
 * pmt_lora_find:
 * @module: as in PmtTensorUse
 * @alias: (nullable): its name in single files
 *
 * Returns: (transfer none) (nullable): the change of this module.
 */
const PmtLoraModule *pmt_lora_find (const PmtLora *lora,
                                    PmtNetKind kind,
                                    const gchar *module,
                                    const gchar *alias);

/** pmt_lora_fits: whether @change is one of what @use has; @first_row: (out):
 * where that begins in the change. */
gboolean pmt_lora_fits (const PmtLoraModule *change,
                        const PmtTensorUse *use,
                        gint64 *first_row);

/**
 * pmt_lora_add:
 * @values: [@rows, @columns]: strength * alpha / rank * up * down is added
 * @first_row: of the change
 */
gboolean pmt_lora_add (PmtLora *lora,
                       const PmtLoraModule *change,
                       gfloat strength,
                       gint64 first_row,
                       gint64 rows,
                       gint64 columns,
                       gfloat *values,
                       GError **error);

G_END_DECLS

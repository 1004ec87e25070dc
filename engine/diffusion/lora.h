/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lora.h: low-rank changes to the weights of a checkpoint. */
#pragma once

#include "diffusion/checkpoint.h"

G_BEGIN_DECLS

/** PmtLora: a file of them; immutable; reference counted. */
typedef struct _PmtLora PmtLora;

/** PmtLoraUse: @strength 1 is what the LoRA was made for; may be negative.
 * The text encoders have their own. */
typedef struct
{
  PmtLora *lora;
  gfloat strength;
  gfloat text_strength;
} PmtLoraUse;

/**
 * pmt_lora_open:
 * @path: a .safetensors file with names of kohya, peft or Diffusers
 * @error: PMT_ERROR_UNSUPPORTED (LoHa, LoKr, ... named as what they are),
 *   PMT_ERROR_MODEL, PMT_ERROR_FILE
 */
PmtLora *pmt_lora_open (const gchar *path, GError **error);
PmtLora *pmt_lora_ref (PmtLora *lora);
void pmt_lora_unref (PmtLora *lora);

/** pmt_lora_get_name: (transfer none): the file's name without suffix. */
const gchar *pmt_lora_get_name (PmtLora *lora);

/**
 * pmt_lora_check:
 * @error: PMT_ERROR_MODEL: made for another family, both named; or none of
 *   its modules fits (the first few are named)
 */
gboolean
pmt_lora_check (PmtLora *lora, const PmtCheckpoint *checkpoint, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtLora, pmt_lora_unref)

G_END_DECLS

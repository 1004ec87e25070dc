/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* conditioning.h: from a prompt to what a UNet takes. */
#pragma once

#include "diffusion/convention.h"
#include "diffusion/text-encoder.h"

G_BEGIN_DECLS

/** PmtTextStack: tokenizers and text encoders of a checkpoint, each opened
 * when it is first used, and the user's textual inversions.  Reference
 * counted; any thread. */
typedef struct _PmtTextStack PmtTextStack;

/**
 * pmt_text_stack_new:
 * @options: for the text encoders, LoRAs included; copied
 * @user_dir: (nullable): the user's data folder: models/tokenizers/ and
 *   models/embeddings/ below it are used
 * @error: PMT_ERROR_MODEL: the checkpoint has no text encoder
 */
PmtTextStack *pmt_text_stack_new (PmtCheckpoint *checkpoint,
                                  const PmtNetOptions *options,
                                  const gchar *user_dir,
                                  GError **error);
PmtTextStack *pmt_text_stack_ref (PmtTextStack *stack);
void pmt_text_stack_unref (PmtTextStack *stack);

/**
 * PmtConditioning:
 * @context: [@tokens, @width]: states of the text, 77 for each chunk; those
 *   of SDXL's encoders side by side
 * @pooled: (nullable): [@pooled_width]: SDXL only
 */
typedef struct
{
  gfloat *context;
  gint tokens;
  gint width;
  gfloat *pooled;
  gint pooled_width;
} PmtConditioning;

/** PmtEmphasis: what weights in A1111's prompts do to the states. */
typedef enum
{
  PMT_EMPHASIS_ORIGINAL, /* multiplied; then the chunk's mean is restored */
  PMT_EMPHASIS_NO_NORM   /* multiplied */
} PmtEmphasis;

/**
 * PmtConditioningOptions:
 * @convention: whose syntax and weights: ComfyUI's move a token's state away
 *   from that of the empty prompt, A1111's multiply it, Diffusers has none
 * @clip_skip: 1 is the last layer; 0: as the family is made.  In A1111's
 *   convention it works for SD 1.x only, as it does there
 */
typedef struct
{
  PmtConvention convention;
  gint clip_skip;
  PmtEmphasis emphasis;
} PmtConditioningOptions;

#define PMT_CONDITIONING_OPTIONS_INIT                                          \
  { PMT_CONVENTION_COMFYUI, 0, PMT_EMPHASIS_ORIGINAL }

/**
 * pmt_conditioning_new_full:
 * @prompt: UTF-8
 * @error: PMT_ERROR_MODEL: no tokenizer (says where to put one), or a damaged
 *   one; PMT_ERROR_ARGUMENT: the prompt's syntax, the clip skip;
 *   PMT_ERROR_UNSUPPORTED: a textual inversion that does not fit;
 *   PMT_ERROR_MEMORY, PMT_ERROR_FILE, G_IO_ERROR_CANCELLED
 *
 * Source: behaviour of AUTOMATIC1111 webui 1.10.1 (sd_hijack_clip,
 * sd_emphasis), ComfyUI a125cd8 (sd1_clip, sdxl_clip), Diffusers 0.40.
 */
PmtConditioning *
pmt_conditioning_new_full (PmtTextStack *stack,
                           const gchar *prompt,
                           const PmtConditioningOptions *options,
                           GCancellable *cancellable,
                           GError **error);

/** pmt_conditioning_new: with the original emphasis. */
PmtConditioning *pmt_conditioning_new (PmtTextStack *stack,
                                       const gchar *prompt,
                                       PmtConvention convention,
                                       gint clip_skip,
                                       GCancellable *cancellable,
                                       GError **error);
void pmt_conditioning_free (PmtConditioning *conditioning);

/**
 * pmt_conditioning_vector:
 * @conditioning: with @pooled
 * @height, @width: of the picture that the result pretends to come from
 * @top, @left: how far that was cropped
 * @target_height, @target_width: of the result; all in pixels
 * @time_id_width: as in PmtUnetShape
 * @out: (out caller-allocates): [pooled_width + 6 @time_id_width]
 *
 * SDXL's additional vector: the pooled state and sinusoids of six numbers.
 * Source: Podell et al. 2023, section 2.2.
 */
void pmt_conditioning_vector (const PmtConditioning *conditioning,
                              gdouble height,
                              gdouble width,
                              gdouble top,
                              gdouble left,
                              gdouble target_height,
                              gdouble target_width,
                              gint time_id_width,
                              gfloat *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtTextStack, pmt_text_stack_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtConditioning, pmt_conditioning_free)

G_END_DECLS

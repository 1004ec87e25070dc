/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* denoiser.h: the UNet as samplers see it: guided, masked, in their scale. */
#pragma once

#include "diffusion/discrete.h"
#include "diffusion/unet.h"

G_BEGIN_DECLS

/**
 * PmtGuide: what a prompt became.
 * @context: [@tokens, context]; not owned
 * @vector: (nullable): [vector]: SDXL; not owned
 */
typedef struct
{
  const gfloat *context;
  gint tokens;
  const gfloat *vector;
} PmtGuide;

/** PmtGuideFunc: sets the guides for the evaluation @number, from 0. */
typedef struct _PmtDenoiser PmtDenoiser;
typedef void (*PmtGuideFunc) (PmtDenoiser *denoiser,
                              guint number,
                              gpointer data);

/** PmtTimestepFunc: told of the timestep of each prediction. */
typedef void (*PmtTimestepFunc) (gdouble timestep, gpointer data);

/**
 * PmtDenoiser: nothing is owned; a latent is [channels, height, width].
 * @convention: how a noise level becomes a timestep, and whose way of masking
 * @channels: of a latent
 * @height, @width: in latent pixels
 * @prompt, @negative: the latter is not run at @cfg 1 with a single prompt
 * @prompt_weight: of @prompt; usually 1
 * @others, @other_weights: (nullable): [@n_others]: prompts that guide beside
 *   @prompt: result = negative + cfg * sum of weight * (prompt - negative)
 * @guide: (nullable): changes the five above between evaluations
 * @cfg: guidance by the prompt
 * @image_cfg: guidance by the picture (InstructPix2Pix)
 * @concat: (nullable): further channels of the UNet: [5, height, width] mask
 *   and masked latent (9 channels), [4, ...] latent without scaling (8)
 * @mask: (nullable): [height, width]: 1 where something new is made; soft
 *   values mix.  Keeps @init elsewhere
 * @init: (nullable): [channels, height, width]: latent of the picture
 * @noise: (nullable): the noise that @init was noised with: ComfyUI noises
 *   what it keeps again before each step; %NULL: as AUTOMATIC1111 does, not
 * @last_sigma: with evaluations at this level, and below it, the UNet gives
 *   the memory of its runs back; before, it keeps it for the next one
 * @reuse: the UNet's deep blocks are run in each @reuse-th evaluation, and
 *   where the prompt has changed; what they gave serves the others.  0, 1:
 *   always.  The UNet must have been opened for it
 * @n_reused: (out): runs of the UNet without its deep blocks
 * @kept, @keeps_memory, @n_done, @scratch: private: set by pmt_denoiser_init()
 */
struct _PmtDenoiser
{
  PmtUnet *unet;
  const PmtCheckpoint *checkpoint;
  const PmtDiscrete *discrete;
  PmtConvention convention;
  gint channels;
  gint height;
  gint width;
  PmtGuide prompt;
  PmtGuide negative;
  gdouble prompt_weight;
  const PmtGuide *others;
  const gdouble *other_weights;
  guint n_others;
  PmtGuideFunc guide;
  gpointer guide_data;
  guint n_done;
  gdouble cfg;
  gdouble image_cfg;
  const gfloat *concat;
  const gfloat *mask;
  const gfloat *init;
  const gfloat *noise;
  PmtTimestepFunc on_timestep;
  gpointer timestep_data;
  gdouble last_sigma;
  guint reuse;
  guint n_reused;
  GCancellable *cancellable;
  gboolean keeps_memory;
  GArray *kept;
  gfloat *scratch;
};

/** pmt_denoiser_init: of a struct that was filled in; PMT_ERROR_MEMORY. */
gboolean pmt_denoiser_init (PmtDenoiser *denoiser, GError **error);
void pmt_denoiser_clear (PmtDenoiser *denoiser);

/** pmt_denoiser_get_size: values of a latent. */
gsize pmt_denoiser_get_size (const PmtDenoiser *denoiser);

/**
 * pmt_denoiser_run:
 * @data: a PmtDenoiser
 *
 * A PmtDenoiseFunc.
 * Sources: classifier-free guidance, Ho and Salimans 2022; several prompts, Liu
 * et al. 2022; v: Salimans and Ho
 * 2022; two guidances, Brooks et al. 2023 (InstructPix2Pix), equation 3;
 * scaling of the input, Karras et al. 2022, table 1 (VP); deep features of an
 * earlier evaluation, Ma et al. 2023 (DeepCache), section 3.3 (uniform).
 */
gboolean pmt_denoiser_run (const gfloat *x,
                           gdouble sigma,
                           gfloat *denoised,
                           gpointer data,
                           GError **error);

/** pmt_denoiser_keep: mixes @init into @latent where the mask keeps it. */
void pmt_denoiser_keep (const PmtDenoiser *denoiser, gfloat *latent);

G_END_DECLS

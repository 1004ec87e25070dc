/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-pass.h: one pass over a piece: picture in, picture out. */
#pragma once

#include "core/progress.h"
#include "diffusion/pass.h"
#include "diffusion/plan.h"
#include "diffusion/prompt-plan.h"
#include "diffusion/store.h"

G_BEGIN_DECLS

/**
 * PmtRun: what all passes of a run share; nothing is owned but @discrete,
 * @prompt, @negative and @fallback.
 * @tiny: (nullable): makes previews
 * @tiny_error: (nullable): why the user's one can't
 * @has_no_reuse: deep features should have been kept and can't be
 * @fallback: (nullable): why something else computed than was asked for
 * @n_passes_left: with the present one
 */
typedef struct
{
  PmtStore *store;
  PmtCheckpoint *checkpoint;
  const PmtSettings *settings;
  const PmtPlan *plan;
  const PmtJob *job;
  PmtProgress *progress;
  GCancellable *cancellable;
  PmtDiscrete *discrete;
  PmtPromptPlan *prompt;
  PmtPromptPlan *negative;
  PmtVae *vae;
  PmtVae *tiny;
  GError *tiny_error;
  gint64 last_preview;
  gboolean has_no_reuse;
  gchar *fallback;
  guint n_passes_left;
} PmtRun;

/**
 * PmtPassInput:
 * @size: pixels
 * @crop: where the piece lies, for previews and the size conditioning
 * @image: (nullable): [3, height, width], -1..1: the old picture
 * @mask: (nullable): [height, width]: 1 where something new is made
 * @strength: 0..1
 * @seed: of this candidate
 */
typedef struct
{
  PmtWorkSize size;
  GeglRectangle crop;
  const gfloat *image;
  const gfloat *mask;
  gdouble strength;
  guint32 seed;
} PmtPassInput;

/* Times the memory of UNet and VAE: then more is kept for the next run. */
#define PMT_PLENTY 3.0

/** pmt_diffusion_has_room: whether @times the memory of UNet and VAE, for a pass
 * of @size, may be used. */
gboolean pmt_diffusion_has_room (const PmtRun *run,
                                 const PmtWorkSize *size,
                                 gdouble times);

/**
 * pmt_diffusion_pass:
 *
 * Returns: (transfer full): [3, height, width], -1..1, not clamped.
 */
gfloat *
pmt_diffusion_pass (PmtRun *run, const PmtPassInput *input, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* settings.h: from the parameters of a request to what a run is done with. */
#pragma once

#include "core/backend.h"
#include "diffusion/checkpoint.h"
#include "diffusion/net-options.h"
#include "diffusion/noise.h"
#include "diffusion/sampler.h"
#include "diffusion/schedule.h"
#include "diffusion/style.h"

G_BEGIN_DECLS

/** PmtLoraName: as the user named it. */
typedef struct
{
  gchar *name;
  gdouble strength;
} PmtLoraName;

/**
 * PmtSettings:
 * @prompt, @negative: not owned
 * @strength: 0..1
 * @cfg: as asked for; that of a picture is pmt_style_guidance()
 * @stop: share of the steps, above 0 to 1
 * @native: side of a square that the checkpoint was made for, in pixels
 * @loras: (element-type PmtLoraName)
 * @vae: (nullable): another one, as the user named it; not owned
 * @is_draft: one pass, few steps
 * @reuse: the UNet's deep blocks are run in each @reuse-th evaluation; 1: in
 *   all of them
 * @is_frugal: networks are let go as soon as the run has no more use for them
 */
typedef struct
{
  PmtOperation operation;
  const gchar *prompt;
  const gchar *negative;
  gdouble strength;
  guint steps;
  gdouble cfg;
  gdouble image_cfg;
  PmtSampler sampler;
  PmtSchedule schedule;
  gint clip_skip;
  guint count;
  guint32 seed;
  gdouble variation;
  guint32 variation_seed;
  PmtStyle style;
  gdouble stop;
  gint native;
  gboolean is_seamless;
  gboolean is_draft;
  PmtConvention convention;
  PmtNoiseKind noise;
  PmtNetMode mode;
  gboolean is_frugal;
  guint reuse;
  GArray *loras;
  const gchar *vae;
} PmtSettings;

/**
 * pmt_settings_init:
 * @request: completed; may have the seed -1
 * @error: PMT_ERROR_ARGUMENT: what can't be read, such as a list of LoRAs
 */
gboolean pmt_settings_init (PmtSettings *settings,
                            const PmtModel *model,
                            const PmtRequest *request,
                            const PmtCheckpoint *checkpoint,
                            GError **error);

/**
 * pmt_settings_resolve:
 * @params: (inout): what was left to Pentimento is replaced by what was
 *   chosen, so that a recipe gives the same again whatever is usual later
 */
void pmt_settings_resolve (const PmtSettings *settings, PmtParams *params);
void pmt_settings_clear (PmtSettings *settings);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtSettings, pmt_settings_clear)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-estimate.c: what a plan will take. */
#include "config.h"

#include "diffusion/diffusion-run.h"

/* Measured with SD 1.5 at 512 x 512 on two cores: seconds of a UNet pass for
 * a million parameters, a latent pixel and a core. */
#define SECONDS_PER_PASS (2.7 * 2 / (860.0 * 4096))

/* Of a pass without the deep blocks, in one with them. */
#define SHALLOW_SHARE 0.22

/* How often the UNet is asked for a step: what has no weight is left out. */
static guint
count_passes (const PmtCheckpoint *checkpoint, const PmtSettings *settings)
{
  const gdouble cfg = settings->cfg, image_cfg = settings->image_cfg;

  if (checkpoint->kind != PMT_UNET_EDIT)
    return cfg == 1.0 ? 1 : 2;
  return (cfg != 0.0) + (image_cfg != cfg) + (image_cfg != 1.0);
}

static gdouble
pass_seconds (const PmtCheckpoint *checkpoint,
              const PmtSettings *settings,
              const PmtWorkSize *size,
              gdouble strength,
              gint threads)
{
  const gdouble millions =
      (gdouble)pmt_checkpoint_count_unet (checkpoint) / 1e6;
  const gdouble evaluations =
      count_passes (checkpoint, settings)
      * pmt_sampler_calls (settings->sampler, settings->convention,
                           settings->steps + 1, TRUE)
      * MIN (strength, 1.0);

  const gdouble share =
      (1.0 + (settings->reuse - 1.0) * SHALLOW_SHARE) / settings->reuse;

  return share * evaluations * millions * (size->width / 8.0)
         * (size->height / 8.0) * SECONDS_PER_PASS / threads;
}

void
pmt_diffusion_estimate (const PmtCheckpoint *checkpoint,
                        const PmtSettings *settings,
                        const PmtPlan *plan,
                        const PmtJob *job,
                        PmtEstimate *estimate)
{
  const PmtWorkSize largest = pmt_plan_get_largest (plan);
  guint64 mapped;
  guint64 needed;
  /* The larger mode is chosen only where there is room for it. */
  const PmtNetMode mode =
      settings->mode == PMT_NET_FAST ? PMT_NET_FAST : PMT_NET_LOW;

  estimate->seconds = 0.0;
  for (guint i = 0; i < plan->pieces->len; i++)
    {
      const PmtPiece *piece = plan->pieces->pdata[i];

      estimate->seconds += settings->count
                           * pass_seconds (checkpoint, settings, &piece->first,
                                           settings->strength, job->threads);
      if (piece->second.width > 0)
        estimate->seconds +=
            settings->count
            * pass_seconds (checkpoint, settings, &piece->second,
                            MIN (settings->strength, PMT_REFINE_STRENGTH),
                            job->threads);
    }
  /* Without the pages of the file, which the system gives back by itself. */
  mapped = pmt_unet_estimate_mapped (checkpoint, mode);
  needed = pmt_unet_estimate_memory (checkpoint, mode, settings->reuse > 1,
                                     largest.height / 8, largest.width / 8);
  estimate->bytes =
      needed - MIN (needed, mapped)
      + (guint64)largest.width * largest.height * 4 * sizeof (gfloat) * 3;
  estimate->n_items = settings->count * plan->pieces->len;
  estimate->width = plan->canvas.width;
  estimate->height = plan->canvas.height;
  estimate->canvas = plan->canvas;
  estimate->work_width = largest.width;
  estimate->work_height = largest.height;
  estimate->n_steps = settings->steps;
  for (guint i = 0; i < plan->pieces->len; i++)
    {
      const PmtPiece *piece = plan->pieces->pdata[i];

      gegl_rectangle_bounding_box (&estimate->made, &estimate->made,
                                   &piece->crop);
      if (piece->area != NULL)
        pmt_area_tell (piece->area, estimate);
    }
  pmt_plan_region (plan, job->request, &estimate->region);
}

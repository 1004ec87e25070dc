/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-layers.c: what was made becomes a layer with its mask. */
#include "config.h"

#include "diffusion/diffusion-layers.h"

#include "core/result-builder.h"
#include "image/piece-layer.h"

static gboolean
match_colors (const PmtRun *run,
              const PmtPiece *piece,
              const PmtPixels *original,
              PmtPixels *made,
              GError **error)
{
  const PmtParams *params = pmt_request_peek_params (run->job->request);
  g_autoptr (PmtMatchPlan) plan = NULL;

  if (piece->area == NULL
      || !pmt_params_get_bool (params, "color-match", FALSE))
    return TRUE;
  plan = pmt_piece_match_plan (original, piece->area, error);
  return plan != NULL && pmt_match_plan_apply (plan, made, error);
}

static GeglBuffer *
make_picture (const PmtRun *run, const PmtPixels *made, GError **error)
{
  GeglBuffer *source = pmt_request_get_source (run->job->request);
  g_autoptr (GeglBuffer) stand_in = NULL;
  const Babl *format = babl_format ("R'G'B' u8");

  if (run->settings->operation != PMT_OPERATION_GENERATE)
    return pmt_pixels_new_picture (made, NULL, source, error);
  if (source != NULL)
    format = gegl_buffer_get_format (source);
  /* Of the picture's size, so that no alpha is added. */
  stand_in = gegl_buffer_new (&made->rect, format);
  return pmt_pixels_new_picture (made, NULL, stand_in, error);
}

gboolean
pmt_diffusion_layer_add (const PmtRun *run,
                         const PmtPiece *piece,
                         const PmtPixels *original,
                         PmtPixels *made,
                         guint32 seed,
                         PmtResult *result,
                         GError **error)
{
  GeglBuffer *source = pmt_request_get_source (run->job->request);
  const gboolean is_all_opaque = original == NULL || original->is_all_opaque;
  g_autoptr (GeglBuffer) picture = NULL;
  g_autoptr (GeglBuffer) mask = NULL;

  if (!match_colors (run, piece, original, made, error))
    return FALSE;
  picture = make_picture (run, made, error);
  if (picture == NULL
      || !pmt_piece_make_mask (piece->area, source, &piece->crop, is_all_opaque,
                               &mask, error)
      || g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;
  pmt_result_add (
      result, run->job, g_steal_pointer (&picture), g_steal_pointer (&mask),
      seed, piece->area != NULL ? &piece->area->geometry.bounds : &piece->crop);
  return TRUE;
}

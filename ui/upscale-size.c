/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* upscale-size.c: asks the engine how large an upscale will be. */
#include "config.h"

#include "upscale-size.h"

#include <math.h>

/* Of the longer side, which is rounded least; with "crop-to-fill" the larger
 * of both, since the other side is cut.
 */
static gdouble
scale_of (const PmtRequest *request,
          const GeglRectangle *canvas,
          const PmtEstimate *estimate)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const gdouble x = (gdouble)estimate->width / canvas->width;
  const gdouble y = (gdouble)estimate->height / canvas->height;

  if (pmt_params_get_bool (params, "crop-to-fill", FALSE))
    return MAX (x, y);

  return canvas->width >= canvas->height ? x : y;
}

static gboolean
estimate_image (PmtEngine *engine,
                const PmtRequest *request,
                PmtUpscaleSize *size,
                GError **error)
{
  const GeglRectangle *canvas = pmt_request_get_canvas (request);
  PmtEstimate estimate;

  if (!pmt_engine_estimate (engine, request, &estimate, error))
    return FALSE;

  size->from_width = canvas->width;
  size->from_height = canvas->height;
  size->to_width = estimate.width;
  size->to_height = estimate.height;
  size->scale = scale_of (request, canvas, &estimate);

  return TRUE;
}

/* A layer that is upscaled alone gets as large as an image of its size. */
static gboolean
estimate_layer (PmtEngine *engine,
                const PmtRequest *request,
                PmtUpscaleSize *size,
                GError **error)
{
  g_autoptr (PmtRequest) alone = pmt_request_copy (request);
  const GeglRectangle layer = *pmt_request_get_layer (request);
  PmtEstimate estimate;

  pmt_request_set_canvas (alone, &layer);
  pmt_request_set_mask (alone, NULL);
  pmt_params_set_string (pmt_request_params (alone), "target", "image");
  if (!estimate_image (engine, alone, size, error))
    return FALSE;
  if (!pmt_request_get_mask (request))
    return TRUE;

  if (!pmt_engine_estimate (engine, request, &estimate, error))
    return FALSE;
  size->from_width = estimate.region.width;
  size->from_height = estimate.region.height;
  size->to_width = (gint)round (estimate.region.width * size->scale);
  size->to_height = (gint)round (estimate.region.height * size->scale);

  return TRUE;
}

gboolean
pmt_upscale_size (PmtEngine *engine,
                  const PmtRequest *request,
                  PmtUpscaleSize *size,
                  GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);

  size->is_image =
      strcmp (pmt_params_get_string (params, "target", "image"), "layer") != 0;

  return size->is_image ? estimate_image (engine, request, size, error)
                        : estimate_layer (engine, request, size, error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-layers.c: what was made becomes a layer with its mask. */
#include "config.h"

#include "diffusion/diffusion-layers.h"

#include <math.h>

#include "image/image-private.h"

/* Steps from this on are edges of the picture, not a cast. */
#define CAST_LIMIT 0.3

gboolean
pmt_layer_match_colors (const PmtRun *run,
                        const PmtPiece *piece,
                        const PmtPixels *original,
                        PmtPixels *made,
                        GError **error)
{
  const GeglRectangle *crop = &piece->crop;
  const PmtParams *params = pmt_request_peek_params (run->job->request);
  const gdouble diagonal = hypot (crop->width, crop->height);
  g_autofree guint8 *changed = NULL;

  if (piece->area == NULL
      || !pmt_params_get_bool (params, "color-match", FALSE))
    return TRUE;
  changed = pmt_mask_grow (piece->area->mask, 0.0, 0.0, crop);
  if (changed == NULL)
    {
      pmt_image_memory_error (crop->width, crop->height, error);
      return FALSE;
    }
  return pmt_match_colors (made, original, changed,
                           CLAMP (0.02 * diagonal, 4.0, 64.0), CAST_LIMIT,
                           error);
}

GeglBuffer *
pmt_layer_make_picture (const PmtRun *run,
                        const PmtPixels *made,
                        GError **error)
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

/* The shape of a layer with transparent parts. */
static GeglBuffer *
make_alpha_mask (const PmtRun *run,
                 const PmtPiece *piece,
                 const PmtPixels *original)
{
  GeglBuffer *source = pmt_request_get_source (run->job->request);
  const GeglRectangle *crop = &piece->crop;
  const Babl *format = babl_format ("Y float");
  GeglBuffer *mask;
  g_autofree gfloat *row = NULL;

  if (original == NULL || original->is_all_opaque
      || !babl_format_has_alpha (gegl_buffer_get_format (source)))
    return NULL;
  mask = gegl_buffer_new (crop, format);
  row = g_new (gfloat, crop->width);
  for (gint y = 0; y < crop->height; y++)
    {
      const GeglRectangle line = { crop->x, crop->y + y, crop->width, 1 };

      gegl_buffer_get (source, &line, 1.0, babl_format ("A float"), row,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      gegl_buffer_set (mask, &line, 0, format, row, GEGL_AUTO_ROWSTRIDE);
    }
  return mask;
}

gboolean
pmt_layer_make_mask (const PmtRun *run,
                     const PmtPiece *piece,
                     const PmtPixels *original,
                     GeglBuffer **mask,
                     GError **error)
{
  if (piece->area == NULL)
    {
      *mask = make_alpha_mask (run, piece, original);
      return TRUE;
    }
  *mask = pmt_mask_composite (piece->area);
  if (*mask == NULL)
    pmt_image_memory_error (piece->crop.width, piece->crop.height, error);
  return *mask != NULL;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preview.c: what a latent looks like, while it is being made. */
#include "config.h"

#include "diffusion/preview.h"

#include "diffusion/latent-preview.h"

#define INTERVAL G_USEC_PER_SEC

/* Larger ones would take longer than the step that they show. */
#define MAX_PIXELS ((gsize)8 << 20)

typedef struct
{
  gint width;
  gint height;
  gfloat *planes; /* [3, height, width], -1..1 */
} Picture;

static gboolean
decode (const PmtPreview *preview,
        const gfloat *latent,
        Picture *picture,
        GCancellable *cancellable)
{
  const gint factor =
      preview->tiny != NULL ? pmt_vae_get_factor (preview->tiny) : 1;

  picture->width = preview->width * factor;
  picture->height = preview->height * factor;
  picture->planes =
      g_try_new (gfloat, 3 * (gsize)picture->width * picture->height);
  if (picture->planes == NULL)
    return FALSE;
  if (preview->tiny != NULL)
    return pmt_vae_decode (preview->tiny, latent, preview->height,
                           preview->width, picture->planes, NULL, NULL,
                           cancellable, NULL);
  return pmt_latent_preview (preview->checkpoint, latent, preview->height,
                             preview->width, picture->planes);
}

/* At the size of the crop: each of its pixels shows the nearest one. */
static GeglBuffer *
draw (const Picture *picture, const GeglRectangle *crop)
{
  GeglBuffer *buffer = gegl_buffer_new (crop, babl_format ("R'G'B' u8"));
  const gsize plane = (gsize)picture->width * picture->height;
  g_autofree guint8 *row = g_malloc ((gsize)crop->width * 3);

  for (gint y = 0; y < crop->height; y++)
    {
      const GeglRectangle line = { crop->x, crop->y + y, crop->width, 1 };
      const gint from = (gint)((gint64)y * picture->height / crop->height);

      for (gint x = 0; x < crop->width; x++)
        {
          const gsize at = (gsize)from * picture->width
                           + (gsize)((gint64)x * picture->width / crop->width);

          for (gint c = 0; c < 3; c++)
            {
              const gfloat value = picture->planes[c * plane + at];

              row[3 * x + c] =
                  (guint8)(CLAMP (value * 0.5f + 0.5f, 0.0f, 1.0f) * 255.0f
                           + 0.5f);
            }
        }
      gegl_buffer_set (buffer, &line, 0, NULL, row, GEGL_AUTO_ROWSTRIDE);
    }
  return buffer;
}

void
pmt_preview_report (const PmtPreview *preview,
                    const gfloat *latent,
                    gdouble fraction,
                    PmtProgress *progress,
                    GCancellable *cancellable,
                    gint64 *last)
{
  const gint64 now = g_get_monotonic_time ();
  const gsize pixels = (gsize)preview->crop.width * (gsize)preview->crop.height;
  Picture picture = { 0 };
  g_autoptr (GeglBuffer) buffer = NULL;

  if (progress == NULL || pixels > MAX_PIXELS || now - *last < INTERVAL)
    {
      pmt_progress_report (progress, fraction);
      return;
    }
  if (decode (preview, latent, &picture, cancellable))
    buffer = draw (&picture, &preview->crop);
  g_free (picture.planes);
  if (buffer != NULL)
    pmt_progress_preview (progress, fraction, buffer);
  /* From its end on, so that slow previews do not take all the time. */
  *last = g_get_monotonic_time ();
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* work-image.c: crops at the size that a model works at, and back. */
#include "config.h"

#include "diffusion/work-image.h"

#include <math.h>

#include "image/image-private.h"
#include "image/reduce.h"

/* Numbers with the curve that they have: resizing converts nothing then. */
#define RGB "R'G'B' float"
#define GRAY "Y' float"

static GeglBuffer *
wrap (gfloat *values, const gchar *format, gint width, gint height)
{
  return gegl_buffer_linear_new_from_data (values, babl_format (format),
                                           GEGL_RECTANGLE (0, 0, width, height),
                                           GEGL_AUTO_ROWSTRIDE, NULL, NULL);
}

/* [height, width, n] -> [new_height, new_width, n]. */
static gfloat *
resize (gfloat *values,
        const gchar *format,
        gint width,
        gint height,
        gint new_width,
        gint new_height,
        GCancellable *cancellable,
        GError **error)
{
  const gsize pixel = babl_format_get_bytes_per_pixel (babl_format (format));
  const PmtResize how = { (gdouble)new_width / width,
                          (gdouble)new_height / height };
  g_autofree gfloat *made =
      pmt_image_alloc (new_width, new_height, pixel, error);
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (GeglBuffer) target = NULL;

  if (made == NULL)
    return NULL;
  source = wrap (values, format, width, height);
  target = wrap (made, format, new_width, new_height);
  if (!pmt_reduce (&how, source, target, NULL, cancellable, error))
    return NULL;
  return g_steal_pointer (&made);
}

static void
to_planes (const gfloat *rgb, gsize n, gfloat *planes)
{
  for (gsize i = 0; i < n; i++)
    for (gint c = 0; c < 3; c++)
      planes[(gsize)c * n + i] =
          CLAMP (rgb[3 * i + c], 0.0f, 1.0f) * 2.0f - 1.0f;
}

static void
from_planes (const gfloat *planes, gsize n, gfloat *rgb)
{
  for (gsize i = 0; i < n; i++)
    for (gint c = 0; c < 3; c++)
      rgb[3 * i + c] =
          CLAMP (planes[(gsize)c * n + i] * 0.5f + 0.5f, 0.0f, 1.0f);
}

/* The crop at 16 bits: babl chooses among conversions by their speed, in each
 * process anew, and they differ in the last bit, which a diffusion model makes
 * visible.  The same seed has to give the same pixels. */
static gfloat *
snap_to_16_bits (const PmtPixels *pixels, GError **error)
{
  const gfloat most = G_MAXUINT16;
  const gsize n = (gsize)pixels->rect.width * pixels->rect.height * 3;
  gfloat *snapped = pmt_image_alloc (pixels->rect.width, pixels->rect.height,
                                     3 * sizeof (gfloat), error);

  for (gsize i = 0; snapped != NULL && i < n; i++)
    snapped[i] = rintf (pixels->rgb[i] * most) / most;
  return snapped;
}

gfloat *
pmt_work_image_new (const PmtPixels *pixels,
                    gint width,
                    gint height,
                    GCancellable *cancellable,
                    GError **error)
{
  const GeglRectangle *rect = &pixels->rect;
  g_autofree gfloat *image =
      pmt_image_alloc (width, height, 3 * sizeof (gfloat), error);
  g_autofree gfloat *snapped = NULL;
  g_autofree gfloat *resized = NULL;

  if (image == NULL)
    return NULL;
  snapped = snap_to_16_bits (pixels, error);
  if (snapped == NULL)
    return NULL;
  if (rect->width != width || rect->height != height)
    {
      resized = resize (snapped, RGB, rect->width, rect->height, width, height,
                        cancellable, error);
      if (resized == NULL)
        return NULL;
    }
  to_planes (resized != NULL ? resized : snapped, (gsize)width * height, image);
  return g_steal_pointer (&image);
}

gfloat *
pmt_work_image_resize (const gfloat *image,
                       gint width,
                       gint height,
                       gint new_width,
                       gint new_height,
                       GCancellable *cancellable,
                       GError **error)
{
  const gsize n = (gsize)width * height;
  g_autofree gfloat *rgb =
      pmt_image_alloc (width, height, 3 * sizeof (gfloat), error);
  g_autofree gfloat *resized = NULL;
  g_autofree gfloat *made = NULL;

  if (rgb == NULL)
    return NULL;
  from_planes (image, n, rgb);
  resized = resize (rgb, RGB, width, height, new_width, new_height, cancellable,
                    error);
  if (resized == NULL)
    return NULL;
  made = pmt_image_alloc (new_width, new_height, 3 * sizeof (gfloat), error);
  if (made == NULL)
    return NULL;
  to_planes (resized, (gsize)new_width * new_height, made);
  return g_steal_pointer (&made);
}

gboolean
pmt_work_image_write (const gfloat *image,
                      gint width,
                      gint height,
                      PmtPixels *pixels,
                      GCancellable *cancellable,
                      GError **error)
{
  const GeglRectangle *rect = &pixels->rect;
  g_autofree gfloat *rgb = NULL;
  gfloat *resized;

  if (rect->width == width && rect->height == height)
    {
      from_planes (image, (gsize)width * height, pixels->rgb);
      return TRUE;
    }
  rgb = pmt_image_alloc (width, height, 3 * sizeof (gfloat), error);
  if (rgb == NULL)
    return FALSE;
  from_planes (image, (gsize)width * height, rgb);
  resized = resize (rgb, RGB, width, height, rect->width, rect->height,
                    cancellable, error);
  if (resized == NULL)
    return FALSE;
  g_free (pixels->rgb);
  pixels->rgb = resized;
  return TRUE;
}

gfloat *
pmt_work_mask_new (GeglBuffer *mask,
                   const GeglRectangle *crop,
                   gint width,
                   gint height,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autofree gfloat *values =
      pmt_image_alloc (crop->width, crop->height, sizeof (gfloat), error);
  gfloat *made;

  if (values == NULL)
    return NULL;
  gegl_buffer_get (mask, crop, 1.0, babl_format ("Y float"), values,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  if (crop->width == width && crop->height == height)
    return g_steal_pointer (&values);
  made = resize (values, GRAY, crop->width, crop->height, width, height,
                 cancellable, error);
  for (gsize i = 0; made != NULL && i < (gsize)width * height; i++)
    made[i] = CLAMP (made[i], 0.0f, 1.0f);
  return made;
}

gfloat *
pmt_work_mask_pool (const gfloat *mask, gint width, gint height, gint factor)
{
  const gint w = width / factor;
  const gint h = height / factor;
  gfloat *pooled = g_new0 (gfloat, (gsize)w * h);

  for (gint y = 0; y < h * factor; y++)
    for (gint x = 0; x < w * factor; x++)
      pooled[(gsize)(y / factor) * w + x / factor] +=
          mask[(gsize)y * width + x];
  for (gsize i = 0; i < (gsize)w * h; i++)
    pooled[i] /= (gfloat)(factor * factor);
  return pooled;
}

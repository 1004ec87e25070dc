/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* small-image.c: colors at another size, place and angle. */
#include "config.h"

#include "image/small-image.h"

#include <math.h>
#include <string.h>

#include "image/image-private.h"
#include "image/pixels.h"

/* Pixels of the picture that are read at a time. */
#define BAND_PIXELS ((gint64)1 << 21)

void
pmt_small_image_free (PmtSmallImage *image)
{
  if (image == NULL)
    return;
  g_free (image->rgb);
  g_free (image);
}

PmtSmallImage *
pmt_small_image_new (gint width, gint height, GError **error)
{
  g_autoptr (PmtSmallImage) image = g_new0 (PmtSmallImage, 1);

  image->step = 1.0;
  image->width = width;
  image->height = height;
  image->rgb = pmt_image_alloc (width, height, 3 * sizeof (gfloat), error);
  return image->rgb != NULL ? g_steal_pointer (&image) : NULL;
}

/* -------------------------------------------------------------- reading -- */

/* Means of the opaque pixels of each square; @to is a row of pixels. */
static void
reduce_row (const PmtPixels *band, gint step, gfloat *to, guint8 *opaque)
{
  const gint width = (band->rect.width + step - 1) / step;

  for (gint i = 0; i < width; i++)
    {
      const gint end = MIN ((i + 1) * step, band->rect.width);
      gdouble sums[3] = { 0.0 };
      gint n = 0;

      for (gint y = 0; y < band->rect.height; y++)
        for (gint x = i * step; x < end; x++)
          {
            const gsize at = (gsize)y * band->rect.width + x;

            if (band->opaque[at] == 0)
              continue;
            for (gint c = 0; c < 3; c++)
              sums[c] += CLAMP (band->rgb[at * 3 + c], 0.0f, 1.0f);
            n++;
          }
      opaque[i] = n > 0 ? 255 : 0;
      for (gint c = 0; c < 3 && n > 0; c++)
        to[i * 3 + c] = (gfloat)(sums[c] / n);
    }
}

static PmtPixels *
new_pixels (gint width, gint height, GError **error)
{
  g_autoptr (PmtPixels) pixels = g_new0 (PmtPixels, 1);

  pixels->rect.width = width;
  pixels->rect.height = height;
  pixels->rgb = pmt_image_alloc (width, height, 3 * sizeof (gfloat), error);
  if (pixels->rgb == NULL)
    return NULL;
  pixels->opaque = pmt_image_alloc (width, height, 1, error);
  return pixels->opaque != NULL ? g_steal_pointer (&pixels) : NULL;
}

/* Whole rows of squares at a time. */
static gboolean
read_reduced (GeglBuffer *picture,
              const GeglRectangle *rect,
              gint step,
              PmtPixels *pixels,
              GCancellable *cancellable,
              GError **error)
{
  const gint rows =
      (gint)CLAMP (BAND_PIXELS / ((gint64)rect->width * step), 1, 64);

  for (gint top = 0; top < pixels->rect.height; top += rows)
    {
      const gint y = top * step;
      const GeglRectangle part = { rect->x, rect->y + y, rect->width,
                                   MIN (rows * step, rect->height - y) };
      g_autoptr (PmtPixels) band = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      band = pmt_pixels_read (picture, &part, error);
      if (band == NULL)
        return FALSE;
      for (gint i = 0; i < rows && top + i < pixels->rect.height; i++)
        {
          const gsize at = (gsize)(top + i) * pixels->rect.width;
          PmtPixels row = *band;

          row.rect.height = MIN (step, part.height - i * step);
          row.rgb += (gsize)i * step * part.width * 3;
          row.opaque += (gsize)i * step * part.width;
          reduce_row (&row, step, pixels->rgb + at * 3, pixels->opaque + at);
        }
    }
  return TRUE;
}

PmtSmallImage *
pmt_small_image_read (GeglBuffer *picture,
                      const GeglRectangle *rect,
                      gint step,
                      GCancellable *cancellable,
                      GError **error)
{
  const gint width = (rect->width + step - 1) / step;
  const gint height = (rect->height + step - 1) / step;
  g_autoptr (PmtPixels) pixels = NULL;
  PmtSmallImage *image;

  if (!pmt_pixels_check_format (gegl_buffer_get_format (picture), error))
    return NULL;
  pixels = new_pixels (width, height, error);
  if (pixels == NULL
      || !read_reduced (picture, rect, step, pixels, cancellable, error))
    return NULL;
  pixels->is_all_opaque =
      memchr (pixels->opaque, 0, (gsize)width * height) == NULL;
  if (!pixels->is_all_opaque)
    pmt_pixels_extend_opaque (pixels);
  image = g_new0 (PmtSmallImage, 1);
  image->x = rect->x;
  image->y = rect->y;
  image->step = step;
  image->width = width;
  image->height = height;
  image->rgb = g_steal_pointer (&pixels->rgb);
  return image;
}

/* ------------------------------------------------------------ softening -- */

static gboolean
shrink (PmtSmallImage *image, gint by, GError **error)
{
  const gint width = (image->width + by - 1) / by;
  const gint height = (image->height + by - 1) / by;
  gfloat *rgb = pmt_image_alloc (width, height, 3 * sizeof (gfloat), error);

  if (rgb == NULL)
    return FALSE;
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        const gint right = MIN ((x + 1) * by, image->width);
        const gint bottom = MIN ((y + 1) * by, image->height);
        const gint n = (right - x * by) * (bottom - y * by);
        gdouble sums[3] = { 0.0 };

        for (gint v = y * by; v < bottom; v++)
          for (gint u = x * by; u < right; u++)
            for (gint c = 0; c < 3; c++)
              sums[c] += image->rgb[((gsize)v * image->width + u) * 3 + c];
        for (gint c = 0; c < 3; c++)
          rgb[((gsize)y * width + x) * 3 + c] = (gfloat)(sums[c] / n);
      }
  g_free (image->rgb);
  image->rgb = rgb;
  image->width = width;
  image->height = height;
  image->step *= by;
  return TRUE;
}

#define MAX_RADIUS 4

/* One direction; @stride: values between neighbors. */
static void
blur_line (
    gfloat *line, gint n, gsize stride, const gfloat *kernel, gfloat *row)
{
  for (gint i = 0; i < n; i++)
    row[i] = line[i * stride];
  for (gint i = 0; i < n; i++)
    {
      gfloat sum = 0.0f;

      for (gint k = -MAX_RADIUS; k <= MAX_RADIUS; k++)
        sum += kernel[k + MAX_RADIUS] * row[CLAMP (i + k, 0, n - 1)];
      line[i * stride] = sum;
    }
}

static gboolean
blur (PmtSmallImage *image, gdouble sigma, GError **error)
{
  gfloat kernel[2 * MAX_RADIUS + 1];
  gfloat sum = 0.0f;
  g_autofree gfloat *row = pmt_image_alloc (MAX (image->width, image->height),
                                            1, sizeof (gfloat), error);

  if (row == NULL)
    return FALSE;
  for (gint k = -MAX_RADIUS; k <= MAX_RADIUS; k++)
    sum += kernel[k + MAX_RADIUS] = (gfloat)exp (-k * k / (2 * sigma * sigma));
  for (gint k = 0; k <= 2 * MAX_RADIUS; k++)
    kernel[k] /= sum;
  for (gint c = 0; c < 3; c++)
    {
      for (gint y = 0; y < image->height; y++)
        blur_line (image->rgb + (gsize)y * image->width * 3 + c, image->width,
                   3, kernel, row);
      for (gint x = 0; x < image->width; x++)
        blur_line (image->rgb + (gsize)x * 3 + c, image->height,
                   (gsize)image->width * 3, kernel, row);
    }
  return TRUE;
}

gboolean
pmt_small_image_soften (PmtSmallImage *image, gdouble ratio, GError **error)
{
  const gint by = (gint)CLAMP (ratio, 1.0, MAX (image->width, image->height));
  const gdouble rest = ratio / by;

  if (by > 1 && !shrink (image, by, error))
    return FALSE;
  return rest < 1.05
         || blur (image, 0.5 * sqrt (MIN (rest, 2.0) * rest - 1.0), error);
}

/* ------------------------------------------------------------- sampling -- */

static void
cubic (gdouble t, gfloat *w)
{
  w[0] = (gfloat)(((-0.5 * t + 1.0) * t - 0.5) * t);
  w[1] = (gfloat)((1.5 * t - 2.5) * t * t + 1.0);
  w[2] = (gfloat)(((-1.5 * t + 2.0) * t + 0.5) * t);
  w[3] = (gfloat)((0.5 * t - 0.5) * t * t);
}

void
pmt_small_image_sample (const PmtSmallImage *image,
                        gdouble u,
                        gdouble v,
                        gfloat *rgb)
{
  const gdouble x = CLAMP (u, -2.0, image->width + 2.0) - 0.5;
  const gdouble y = CLAMP (v, -2.0, image->height + 2.0) - 0.5;
  const gint left = (gint)floor (x);
  const gint top = (gint)floor (y);
  gfloat across[4];
  gfloat down[4];

  cubic (x - left, across);
  cubic (y - top, down);
  rgb[0] = rgb[1] = rgb[2] = 0.0f;
  for (gint k = 0; k < 4; k++)
    {
      const gint row = CLAMP (top - 1 + k, 0, image->height - 1);
      const gfloat *line = image->rgb + (gsize)row * image->width * 3;

      for (gint i = 0; i < 4; i++)
        {
          const gint column = CLAMP (left - 1 + i, 0, image->width - 1);
          const gfloat weight = across[i] * down[k];

          for (gint c = 0; c < 3; c++)
            rgb[c] += weight * line[column * 3 + c];
        }
    }
}

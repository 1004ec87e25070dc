/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* guided.c: a coarse mask that follows the edges of a picture. */
#include "config.h"

#include "subject/guided.h"

#include <math.h>
#include <string.h>

#include "image/image-private.h"
#include "image/pixels.h"

/* Variance of colors below which they tell nothing. */
#define EPSILON 4e-4

/* What is nearly nothing is nothing, and the same for all. */
#define LEAST 0.03f

/* Rows at a time. */
#define BAND_ROWS 32

/* Planes that are averaged: colors, mask, mask times colors, and the products
 * of colors. */
enum
{
  COLOR = 0,
  MASK = 3,
  MIXED = 4,
  PRODUCT = 7,
  N_PLANES = 13
};

/* ---------------------------------------------------------- coefficients -- */

/* Means of squares of 2 * @radius + 1 pixels, smaller at the borders. */
static void
box_line (const gfloat *from, gint n, gsize stride, gint radius, gfloat *to)
{
  gdouble sum = 0.0;
  gint count = 0;

  for (gint i = 0; i < MIN (radius, n); i++, count++)
    sum += from[i * stride];
  for (gint i = 0; i < n; i++)
    {
      if (i + radius < n)
        {
          sum += from[(i + radius) * stride];
          count++;
        }
      if (i - radius > 0)
        {
          sum -= from[(i - radius - 1) * stride];
          count--;
        }
      to[i] = (gfloat)(sum / count);
    }
}

static void
box (gfloat *plane, gint width, gint height, gint radius, gfloat *line)
{
  for (gint y = 0; y < height; y++)
    {
      box_line (plane + (gsize)y * width, width, 1, radius, line);
      memcpy (plane + (gsize)y * width, line, width * sizeof (gfloat));
    }
  for (gint x = 0; x < width; x++)
    {
      box_line (plane + x, height, (gsize)width, radius, line);
      for (gint y = 0; y < height; y++)
        plane[(gsize)y * width + x] = line[y];
    }
}

static void
fill_planes (const PmtSmallImage *small, const gfloat *coarse, gfloat *planes)
{
  const gsize n = (gsize)small->width * small->height;

  for (gsize i = 0; i < n; i++)
    {
      const gfloat *rgb = small->rgb + i * 3;
      gint k = PRODUCT;

      planes[MASK * n + i] = coarse[i];
      for (gint c = 0; c < 3; c++)
        {
          planes[(COLOR + c) * n + i] = rgb[c];
          planes[(MIXED + c) * n + i] = rgb[c] * coarse[i];
          for (gint d = c; d < 3; d++)
            planes[k++ * n + i] = rgb[c] * rgb[d];
        }
    }
}

/* Solves the symmetric @m x = @v. */
static void
solve (const gdouble *m, const gdouble *v, gdouble *x)
{
  const gdouble a = m[3] * m[5] - m[4] * m[4];
  const gdouble b = m[2] * m[4] - m[1] * m[5];
  const gdouble c = m[1] * m[4] - m[2] * m[3];
  const gdouble d = m[0] * m[5] - m[2] * m[2];
  const gdouble e = m[1] * m[2] - m[0] * m[4];
  const gdouble f = m[0] * m[3] - m[1] * m[1];
  const gdouble det = m[0] * a + m[1] * b + m[2] * c;

  x[0] = (a * v[0] + b * v[1] + c * v[2]) / det;
  x[1] = (b * v[0] + d * v[1] + e * v[2]) / det;
  x[2] = (c * v[0] + e * v[1] + f * v[2]) / det;
}

/* Of pixel @i: slopes over the colors into planes 0 to 2, and the rest into
 * plane 3. */
static void
make_coefficients (gfloat *planes, gsize n, gsize i)
{
  gdouble mean[3];
  gdouble cross[3];
  gdouble products[6];
  gdouble slopes[3];
  const gdouble mask = planes[MASK * n + i];
  gdouble rest = mask;
  gint k = 0;

  for (gint c = 0; c < 3; c++)
    mean[c] = planes[(COLOR + c) * n + i];
  for (gint c = 0; c < 3; c++)
    {
      cross[c] = planes[(MIXED + c) * n + i] - mean[c] * mask;
      for (gint d = c; d < 3; d++, k++)
        products[k] = planes[(PRODUCT + k) * n + i] - mean[c] * mean[d]
                      + (c == d ? EPSILON : 0.0);
    }
  solve (products, cross, slopes);
  for (gint c = 0; c < 3; c++)
    {
      rest -= slopes[c] * mean[c];
      planes[(COLOR + c) * n + i] = (gfloat)slopes[c];
    }
  planes[MASK * n + i] = (gfloat)rest;
}

/* Returns: (transfer full): [4, height, width]. */
static gfloat *
get_coefficients (const PmtSmallImage *small,
                  const gfloat *coarse,
                  gint radius,
                  GError **error)
{
  const gint width = small->width;
  const gint height = small->height;
  const gsize n = (gsize)width * height;
  g_autofree gfloat *planes =
      pmt_image_alloc (width, height, N_PLANES * sizeof (gfloat), error);
  g_autofree gfloat *line = NULL;

  if (planes == NULL)
    return NULL;
  line = pmt_image_alloc (MAX (width, height), 1, sizeof (gfloat), error);
  if (line == NULL)
    return NULL;
  fill_planes (small, coarse, planes);
  for (gint i = 0; i < N_PLANES; i++)
    box (planes + i * n, width, height, radius, line);
  for (gsize i = 0; i < n; i++)
    make_coefficients (planes, n, i);
  for (gint i = 0; i < 4; i++)
    box (planes + i * n, width, height, radius, line);
  return g_steal_pointer (&planes);
}

/* ----------------------------------------------------------- application -- */

typedef struct
{
  gint at[2];
  gfloat share;
} Between;

/* Pixels whose middles are around @place, and the share of the second. */
static Between
get_between (gdouble place, gint n)
{
  const gdouble u = CLAMP (place - 0.5, 0.0, n - 1.0);
  const gint first = MIN ((gint)u, MAX (n - 2, 0));

  return (Between){ { first, MIN (first + 1, n - 1) }, (gfloat)(u - first) };
}

static gfloat
sample (const gfloat *plane, gint width, const Between *x, const Between *y)
{
  const gfloat *top = plane + (gsize)y->at[0] * width;
  const gfloat *bottom = plane + (gsize)y->at[1] * width;
  const gfloat above =
      top[x->at[0]] + (top[x->at[1]] - top[x->at[0]]) * x->share;
  const gfloat below =
      bottom[x->at[0]] + (bottom[x->at[1]] - bottom[x->at[0]]) * x->share;

  return above + (below - above) * y->share;
}

static gfloat
tidy (gfloat value)
{
  return CLAMP ((value - LEAST) / (1.0f - 2.0f * LEAST), 0.0f, 1.0f);
}

static void
apply_band (const PmtPixels *pixels,
            const PmtSmallImage *small,
            const gfloat *planes,
            const Between *columns,
            gfloat *to)
{
  const gsize n = (gsize)small->width * small->height;

  for (gint y = 0; y < pixels->rect.height; y++)
    {
      const gdouble place = (pixels->rect.y + y + 0.5 - small->y) / small->step;
      const Between row = get_between (place, small->height);

      for (gint x = 0; x < pixels->rect.width; x++)
        {
          const gsize at = (gsize)y * pixels->rect.width + x;
          gfloat value =
              sample (planes + 3 * n, small->width, &columns[x], &row);

          for (gint c = 0; c < 3; c++)
            value += sample (planes + c * n, small->width, &columns[x], &row)
                     * CLAMP (pixels->rgb[at * 3 + c], 0.0f, 1.0f);
          to[at] = pixels->opaque[at] != 0 ? tidy (value) : 0.0f;
        }
    }
}

GeglBuffer *
pmt_guided_refine (GeglBuffer *picture,
                   const GeglRectangle *rect,
                   const PmtSmallImage *small,
                   const gfloat *coarse,
                   gint radius,
                   GCancellable *cancellable,
                   GError **error)
{
  const Babl *format = babl_format ("Y float");
  g_autofree gfloat *planes = get_coefficients (small, coarse, radius, error);
  g_autofree Between *columns = g_new (Between, rect->width);
  g_autofree gfloat *band = NULL;
  g_autoptr (GeglBuffer) mask = NULL;

  if (planes == NULL)
    return NULL;
  band = pmt_image_alloc (rect->width, BAND_ROWS, sizeof (gfloat), error);
  if (band == NULL)
    return NULL;
  for (gint x = 0; x < rect->width; x++)
    columns[x] = get_between ((rect->x + x + 0.5 - small->x) / small->step,
                              small->width);
  mask = gegl_buffer_new (rect, format);
  for (gint y = 0; y < rect->height; y += BAND_ROWS)
    {
      const GeglRectangle part = { rect->x, rect->y + y, rect->width,
                                   MIN (BAND_ROWS, rect->height - y) };
      g_autoptr (PmtPixels) pixels = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      pixels = pmt_pixels_read (picture, &part, error);
      if (pixels == NULL)
        return NULL;
      apply_band (pixels, small, planes, columns, band);
      gegl_buffer_set (mask, &part, 0, format, band, GEGL_AUTO_ROWSTRIDE);
    }
  return g_steal_pointer (&mask);
}

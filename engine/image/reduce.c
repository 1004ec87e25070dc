/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * reduce.c: what a whole factor made too large, at the size asked for.  Along
 * rows first, then along columns, a band of rows at a time.
 */
#include "config.h"

#include "image/reduce.h"

#include <math.h>

#include "image/image-private.h"
#include "image/pixels.h"

#define LOBES 3.0

/* Rows of the target that are made at a time. */
#define BAND_ROWS 32

/* ---------------------------------------------------------------- weights -- */

/*
 * Which pixels of the source make one of the target, and how much of each:
 * [n, n_taps] weights of the source's pixels first[i], first[i] + 1, ...
 */
typedef struct
{
  gint n;
  gint n_taps;
  gint *first;
  gfloat *weights;
} Taps;

static void
taps_clear (Taps *taps)
{
  g_clear_pointer (&taps->first, g_free);
  g_clear_pointer (&taps->weights, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taps, taps_clear)

static gdouble
lanczos (gdouble x)
{
  const gdouble at = G_PI * x;

  if (fabs (x) < 1e-9)
    return 1.0;
  if (fabs (x) >= LOBES)
    return 0.0;
  return LOBES * sin (at) * sin (at / LOBES) / (at * at);
}

/* One direction: target from @start on, source [@source, @source + @length).
 * What lies outside counts for the pixel at the border. */
static void
taps_init (Taps *taps,
           gint start,
           gint n,
           gdouble factor,
           gint place,
           gint base,
           gint source,
           gint length)
{
  /* Enlarging, the filter is as wide as the pixels of the source. */
  const gdouble scale = MIN (factor, 1.0);
  const gdouble radius = LOBES / scale;
  const gint reach = 2 * (gint)ceil (radius) + 1;

  taps->n = n;
  taps->n_taps = MIN (reach, length);
  taps->first = g_new (gint, n);
  taps->weights = g_new0 (gfloat, (gsize)n * taps->n_taps);
  for (gint i = 0; i < n; i++)
    {
      const gdouble center = (start + i + 0.5 - place) / factor + base - 0.5;
      const gint from = (gint)ceil (center - radius);
      const gint first = CLAMP (from, source, source + length - taps->n_taps);
      gfloat *weights = taps->weights + (gsize)i * taps->n_taps;
      gdouble sum = 0.0;

      for (gint k = 0; k < reach; k++)
        sum += lanczos ((from + k - center) * scale);
      for (gint k = 0; k < reach; k++)
        {
          const gint at = CLAMP (from + k, source, source + length - 1);
          const gint tap = CLAMP (at - first, 0, taps->n_taps - 1);

          weights[tap] += (gfloat)(lanczos ((from + k - center) * scale) / sum);
        }
      taps->first[i] = first - source;
    }
}

/* ---------------------------------------------------------------- filters -- */

/* A row of pixels of @n components. */
static inline void
filter_row (const Taps *taps,
            const gfloat *restrict from,
            gfloat *restrict to,
            gint n)
{
  for (gint i = 0; i < taps->n; i++)
    {
      const gfloat *weights = taps->weights + (gsize)i * taps->n_taps;
      const gfloat *pixel = from + (gsize)taps->first[i] * n;
      gfloat sum[4] = { 0.0f, 0.0f, 0.0f, 0.0f };

      for (gint k = 0; k < taps->n_taps; k++)
        for (gint c = 0; c < n; c++)
          sum[c] += pixel[k * n + c] * weights[k];
      for (gint c = 0; c < n; c++)
        to[(gsize)i * n + c] = sum[c];
    }
}

static void
filter_along (const Taps *taps, const gfloat *from, gfloat *to, gint n)
{
  if (n == 1)
    filter_row (taps, from, to, 1);
  else if (n == 2)
    filter_row (taps, from, to, 2);
  else if (n == 3)
    filter_row (taps, from, to, 3);
  else
    filter_row (taps, from, to, 4);
}

/* Row @row of the target from rows of @stride values, the first of which is
 * source row @top. */
static void
filter_across (const Taps *taps,
               gint row,
               const gfloat *rows,
               gint top,
               gsize stride,
               gfloat *restrict to)
{
  const gfloat *weights = taps->weights + (gsize)row * taps->n_taps;

  for (gsize x = 0; x < stride; x++)
    to[x] = 0.0f;
  for (gint k = 0; k < taps->n_taps; k++)
    {
      const gfloat *restrict from =
          rows + (gsize)(taps->first[row] + k - top) * stride;
      const gfloat weight = weights[k];

      for (gsize x = 0; x < stride; x++)
        to[x] += from[x] * weight;
    }
}

static void
multiply_alpha (gfloat *pixels, gsize n_pixels, gint n)
{
  for (gsize i = 0; i < n_pixels; i++)
    for (gint c = 0; c < n - 1; c++)
      pixels[i * n + c] *= pixels[i * n + n - 1];
}

static void
divide_alpha (gfloat *pixels, gsize n_pixels, gint n)
{
  for (gsize i = 0; i < n_pixels; i++)
    {
      gfloat *pixel = pixels + i * n;
      const gfloat alpha = pixel[n - 1];

      for (gint c = 0; c < n - 1; c++)
        pixel[c] = alpha > 1e-4f ? pixel[c] / alpha : 0.0f;
      /* What was opaque stays so, whatever sums of weights were rounded. */
      pixel[n - 1] = alpha > 0.9999f ? 1.0f : MAX (alpha, 0.0f);
    }
}

/* ------------------------------------------------------------------ bands -- */

typedef struct
{
  GeglBuffer *source;
  GeglBuffer *target;
  gint n;
  gboolean has_alpha;
  const Babl *from;
  const Babl *to;
  Taps columns;
  Taps rows;
  gpointer raw;
  gfloat *line;
  gfloat *band;
  gfloat *made;
} Work;

static void
work_clear (Work *work)
{
  taps_clear (&work->columns);
  taps_clear (&work->rows);
  g_clear_pointer (&work->raw, g_free);
  g_clear_pointer (&work->line, g_free);
  g_clear_pointer (&work->band, g_free);
  g_clear_pointer (&work->made, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

/* Most source rows that a band needs. */
static gint
most_rows (const Taps *rows)
{
  gint most = 0;

  for (gint y = 0; y < rows->n; y += BAND_ROWS)
    {
      const gint last = MIN (y + BAND_ROWS, rows->n) - 1;

      most = MAX (most, rows->first[last] + rows->n_taps - rows->first[y]);
    }
  return most;
}

static gboolean
work_init (Work *work, const PmtResize *resize, GError **error)
{
  static const gchar *const names[] = { "Y' float", "Y'A float", "R'G'B' float",
                                        "R'G'B'A float" };
  const Babl *source_format = gegl_buffer_get_format (work->source);
  const Babl *target_format = gegl_buffer_get_format (work->target);
  const GeglRectangle *from = gegl_buffer_get_extent (work->source);
  const GeglRectangle *to = gegl_buffer_get_extent (work->target);
  const gint bytes = MAX (babl_format_get_bytes_per_pixel (source_format),
                          babl_format_get_bytes_per_pixel (target_format));
  gsize pixel;

  work->has_alpha = babl_format_has_alpha (source_format) != 0;
  work->n = (pmt_pixels_is_gray (source_format) ? 1 : 3) + work->has_alpha;
  work->from = babl_fish (pmt_pixels_plain_format (source_format),
                          babl_format (names[work->n - 1]));
  work->to = babl_fish (babl_format (names[work->n - 1]),
                        pmt_pixels_plain_format (target_format));
  taps_init (&work->columns, to->x, to->width, resize->factor_x,
             resize->place_x, resize->base_x, from->x, from->width);
  taps_init (&work->rows, to->y, to->height, resize->factor_y, resize->place_y,
             resize->base_y, from->y, from->height);

  pixel = work->n * sizeof (gfloat);
  work->raw = pmt_image_alloc (MAX (from->width, to->width), 1, bytes, error);
  if (work->raw == NULL)
    return FALSE;
  work->line = pmt_image_alloc (from->width, 1, pixel, error);
  if (work->line == NULL)
    return FALSE;
  work->band =
      pmt_image_alloc (to->width, most_rows (&work->rows), pixel, error);
  if (work->band == NULL)
    return FALSE;
  work->made = pmt_image_alloc (to->width, 1, pixel, error);
  return work->made != NULL;
}

/* Source rows from @top to @bottom, filtered along, into the band. */
static void
read_band (Work *work, gint top, gint bottom)
{
  const GeglRectangle *from = gegl_buffer_get_extent (work->source);
  const gsize stride = (gsize)work->columns.n * work->n;

  for (gint y = top; y < bottom; y++)
    {
      const GeglRectangle row = { from->x, from->y + y, from->width, 1 };

      gegl_buffer_get (work->source, &row, 1.0, NULL, work->raw,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      babl_process (work->from, work->raw, work->line, from->width);
      if (work->has_alpha)
        multiply_alpha (work->line, from->width, work->n);
      filter_along (&work->columns, work->line,
                    work->band + (gsize)(y - top) * stride, work->n);
    }
}

static void
make_band (Work *work, gint y, gint n_rows)
{
  const GeglRectangle *to = gegl_buffer_get_extent (work->target);
  const gsize stride = (gsize)work->columns.n * work->n;
  const Taps *rows = &work->rows;
  const gint top = rows->first[y];

  read_band (work, top, rows->first[y + n_rows - 1] + rows->n_taps);
  for (gint i = y; i < y + n_rows; i++)
    {
      const GeglRectangle row = { to->x, to->y + i, to->width, 1 };

      filter_across (rows, i, work->band, top, stride, work->made);
      if (work->has_alpha)
        divide_alpha (work->made, to->width, work->n);
      babl_process (work->to, work->made, work->raw, to->width);
      gegl_buffer_set (work->target, &row, 0, NULL, work->raw,
                       GEGL_AUTO_ROWSTRIDE);
    }
}

gboolean
pmt_reduce (const PmtResize *resize,
            GeglBuffer *source,
            GeglBuffer *target,
            PmtProgress *progress,
            GCancellable *cancellable,
            GError **error)
{
  const gint height = gegl_buffer_get_height (target);
  g_auto (Work) work = { source, target };

  if (!work_init (&work, resize, error))
    return FALSE;
  for (gint y = 0; y < height; y += BAND_ROWS)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      make_band (&work, y, MIN (BAND_ROWS, height - y));
      pmt_progress_report (progress, (y + BAND_ROWS) / (gdouble)height);
    }
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * color-match.c: low frequencies of what was made continue the surroundings.
 *
 * What lies below the changed region is not known (an object was removed), so
 * the only evidence is at its border: a made region with a colour cast meets
 * the known pixels with a step.  At every stretch of the border the step is
 * measured by a weighted least-squares fit of
 *
 *   value = a + b x + c y + step * (inside ? 1 : 0)
 *
 * over cell means within the radius: the plane takes up gradients, which plain
 * means on either side would mistake for a step.  A step counts as far as it
 * stands out of the scatter of the fit (texture), and not at all where it is
 * so large that it must be an edge of the picture.  The steps are then spread
 * over the changed region as a membrane (the smoothest field through them).
 */
#include "config.h"

#include "core/parallel.h"
#include "image/color-match.h"

#include <math.h>
#include <string.h>

/* Cells per radius: the fit sees at most (2 * 8 + 1)^2 cells. */
#define CELLS_PER_RADIUS 8

/* The part of the limit up to which a step is fully believed. */
#define STEP_BELIEVED 0.4

/* Standard errors that a step must stand out. */
#define SIGNIFICANCE 2.0

/* Fewer cells' worth of pixels on a side say nothing. */
#define MIN_WEIGHT 1.5

/* Relative to the sum of squares: keeps the fit solvable on thin holes. */
#define RIDGE 1e-6

#define N_UNKNOWNS 4

/* Pixels that are shifted at a time. */
#define BLOCK 64

/* One equation system of a border cell: matrix and a column per channel. */
typedef struct
{
  gdouble matrix[N_UNKNOWNS][N_UNKNOWNS];
  gdouble right[N_UNKNOWNS][3];
  gdouble squares[3];
  gdouble weight[2];
} Fit;

/* One side of a cell as one sample of the fit. */
typedef struct
{
  gdouble position[2];
  gdouble mean[3];
  gdouble weight;
} Sample;

/* What is done row by row. */
typedef struct
{
  const PmtMatch *match;
  PmtMatchShift *shifts;
  const guint8 *changed;
  const PmtPixels *original;
  PmtPixels *pixels;
} Rows;

static gint
count_threads (void)
{
  gint threads = 1;

  g_object_get (gegl_config (), "threads", &threads, NULL);
  return MAX (threads, 1);
}

static gboolean
get_sample (const PmtMatch *match,
            gint x,
            gint y,
            gint side,
            gint from_x,
            gint from_y,
            Sample *sample)
{
  const PmtMatchCell *cell =
      &match->cells[((gsize)y * match->width + x) * 2 + side];
  const gdouble sigma = match->radius / 2.0;
  gdouble distance2 = 0.0;

  if (cell->n <= 0.0f)
    return FALSE;
  sample->position[0] = cell->x / cell->n - (from_x + 0.5) * match->size;
  sample->position[1] = cell->y / cell->n - (from_y + 0.5) * match->size;
  for (gint i = 0; i < 2; i++)
    {
      distance2 += sample->position[i] * sample->position[i];
      sample->position[i] /= match->radius;
    }
  for (gint c = 0; c < 3; c++)
    sample->mean[c] = cell->sum[c] / cell->n;
  sample->weight = cell->n / ((gdouble)match->size * match->size)
                   * exp (-0.5 * distance2 / (sigma * sigma));
  return TRUE;
}

static void
add_sample (Fit *fit, const Sample *sample, gint side)
{
  const gdouble row[N_UNKNOWNS] = { 1.0, sample->position[0],
                                    sample->position[1], side };

  for (gint i = 0; i < N_UNKNOWNS; i++)
    {
      for (gint j = 0; j < N_UNKNOWNS; j++)
        fit->matrix[i][j] += sample->weight * row[i] * row[j];
      for (gint c = 0; c < 3; c++)
        fit->right[i][c] += sample->weight * row[i] * sample->mean[c];
    }
  for (gint c = 0; c < 3; c++)
    fit->squares[c] += sample->weight * sample->mean[c] * sample->mean[c];
  fit->weight[side] += sample->weight;
}

/* Cholesky factor in the lower half, in place. */
static gboolean
factorize (gdouble m[N_UNKNOWNS][N_UNKNOWNS])
{
  for (gint i = 0; i < N_UNKNOWNS; i++)
    for (gint j = 0; j <= i; j++)
      {
        gdouble sum = m[i][j];

        for (gint k = 0; k < j; k++)
          sum -= m[i][k] * m[j][k];
        if (i == j && sum <= 0.0)
          return FALSE;
        m[i][j] = i == j ? sqrt (sum) : sum / m[j][j];
      }
  return TRUE;
}

static void
substitute (gdouble m[N_UNKNOWNS][N_UNKNOWNS], gdouble x[N_UNKNOWNS])
{
  for (gint i = 0; i < N_UNKNOWNS; i++)
    {
      for (gint k = 0; k < i; k++)
        x[i] -= m[i][k] * x[k];
      x[i] /= m[i][i];
    }
  for (gint i = N_UNKNOWNS - 1; i >= 0; i--)
    {
      for (gint k = i + 1; k < N_UNKNOWNS; k++)
        x[i] -= m[k][i] * x[k];
      x[i] /= m[i][i];
    }
}

/* A visible difference: linear light to about R'G'B'. */
static gdouble
to_visible (gdouble linear)
{
  return pow (MAX (linear, 0.0), 1.0 / 2.2);
}

/* 1 for what may be a cast, 0 for what must be an edge. */
static gdouble
believe_step (const gdouble *step, const gdouble *inside, gdouble limit)
{
  gdouble seen = 0.0;
  gdouble t;

  for (gint c = 0; c < 3; c++)
    seen = MAX (
        seen, fabs (to_visible (inside[c]) - to_visible (inside[c] - step[c])));
  t = CLAMP ((limit - seen) / (limit - STEP_BELIEVED * limit), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}

/*
 * Solves the fit.  @limit: steps from this on are edges.  @shift: what to add
 * inside, per channel.
 * Returns: how far it is to be believed, 0..1.
 */
static gdouble
solve_fit (Fit *fit, gdouble limit, gdouble *shift)
{
  gdouble unit[N_UNKNOWNS] = { 0.0, 0.0, 0.0, 1.0 };
  const gdouble total = fit->weight[0] + fit->weight[1];
  gdouble step[3];
  gdouble inside[3];
  gdouble strength = 0.0;
  gdouble scatter = 0.0;
  gdouble kept;

  if (fit->weight[0] < MIN_WEIGHT || fit->weight[1] < MIN_WEIGHT)
    return 0.0;
  for (gint i = 0; i < N_UNKNOWNS; i++)
    fit->matrix[i][i] += RIDGE * total;
  if (!factorize (fit->matrix))
    return 0.0;
  substitute (fit->matrix, unit);

  for (gint c = 0; c < 3; c++)
    {
      gdouble x[N_UNKNOWNS];
      gdouble residual = fit->squares[c];

      for (gint i = 0; i < N_UNKNOWNS; i++)
        x[i] = fit->right[i][c];
      substitute (fit->matrix, x);
      for (gint i = 0; i < N_UNKNOWNS; i++)
        residual -= x[i] * fit->right[i][c];
      step[c] = x[3];
      inside[c] = x[0] + x[3];
      strength += step[c] * step[c];
      scatter += MAX (residual, 0.0) / total * unit[3];
    }
  if (strength <= 0.0)
    return 1.0;
  /* What stands out of the scatter (positive-part James-Stein). */
  kept = MAX (0.0, 1.0 - SIGNIFICANCE * SIGNIFICANCE * scatter / strength);
  for (gint c = 0; c < 3; c++)
    shift[c] = -step[c] * kept;
  return believe_step (step, inside, limit);
}

/* Has cell (x, y) changed pixels, and known ones in it or beside it? */
static gboolean
is_at_border (const PmtMatch *match, gint x, gint y)
{
  const gsize at = (gsize)y * match->width + x;

  if (match->cells[at * 2 + 1].n <= 0.0f)
    return FALSE;
  for (gint j = MAX (y - 1, 0); j <= MIN (y + 1, match->height - 1); j++)
    for (gint i = MAX (x - 1, 0); i <= MIN (x + 1, match->width - 1); i++)
      if (match->cells[((gsize)j * match->width + i) * 2].n > 0.0f)
        return TRUE;
  return FALSE;
}

static void
fit_cell (const PmtMatch *match, gint x, gint y, PmtMatchShift *shift)
{
  const gint reach = CELLS_PER_RADIUS;
  gdouble value[3] = { 0.0, 0.0, 0.0 };
  Fit fit = { 0 };

  for (gint j = MAX (y - reach, 0); j <= MIN (y + reach, match->height - 1);
       j++)
    for (gint i = MAX (x - reach, 0); i <= MIN (x + reach, match->width - 1);
         i++)
      for (gint side = 0; side < 2; side++)
        {
          Sample sample;

          if (get_sample (match, i, j, side, x, y, &sample))
            add_sample (&fit, &sample, side);
        }
  shift->weight = (gfloat)solve_fit (&fit, match->limit, value);
  for (gint c = 0; c < 3; c++)
    shift->value[c] = (gfloat)value[c];
}

/* The steps along the border in a row of cells; weight 0 elsewhere. */
static void
measure_row (gint y, gpointer data)
{
  const Rows *rows = data;
  const PmtMatch *match = rows->match;

  for (gint x = 0; x < match->width; x++)
    if (is_at_border (match, x, y))
      fit_cell (match, x, y, &rows->shifts[(gsize)y * match->width + x]);
}

/*
 * How far what is known is to be believed as a whole, 0..1: the mean weight of
 * the steps, by their weight.  The membrane follows the steps however little
 * each is believed, where there is nothing else.
 */
static gfloat
find_belief (const PmtMatch *match, const PmtMatchShift *shifts)
{
  const gsize n = (gsize)match->width * match->height;
  gfloat sum = 0.0f, squares = 0.0f;

  for (gsize i = 0; i < n; i++)
    {
      sum += shifts[i].weight;
      squares += shifts[i].weight * shifts[i].weight;
    }
  return sum > 0.0f ? squares / sum : 0.0f;
}

static void
scale_shifts (const PmtMatch *match, gfloat scale, PmtMatchShift *shifts)
{
  const gsize n = (gsize)match->width * match->height;

  for (gsize i = 0; i < n; i++)
    for (gint c = 0; c < 3; c++)
      shifts[i].value[c] *= scale;
}

/* The part of the rectangle that matters: the changed box and around it. */
static gboolean
find_domain (PmtMatch *match, const guint8 *changed, const GeglRectangle *rect)
{
  const gint margin = (gint)ceil (match->radius) + match->size;
  gint x0 = G_MAXINT, y0 = G_MAXINT, x1 = -1, y1 = -1;

  for (gint y = 0; y < rect->height; y++)
    for (gint x = 0; x < rect->width; x++)
      if (changed[(gsize)y * rect->width + x])
        {
          x0 = MIN (x0, x);
          x1 = MAX (x1, x);
          y0 = MIN (y0, y);
          y1 = y;
        }
  if (x1 < 0)
    return FALSE;
  x0 = MAX (x0 - margin, 0);
  y0 = MAX (y0 - margin, 0);
  x1 = MIN (x1 + margin, rect->width - 1);
  y1 = MIN (y1 + margin, rect->height - 1);
  gegl_rectangle_set (&match->domain, x0, y0, x1 - x0 + 1, y1 - y0 + 1);
  match->width = (match->domain.width + match->size - 1) / match->size;
  match->height = (match->domain.height + match->size - 1) / match->size;
  return TRUE;
}

/* Sums of @n pixels of a row from @x on, already in linear light. */
static void
sum_block (const PmtMatch *match,
           const gfloat *linear,
           const guint8 *changed,
           const guint8 *opaque,
           gint x,
           gint y,
           gint n)
{
  PmtMatchCell *row =
      match->cells + (gsize)(y / match->size) * match->width * 2;

  for (gint i = 0; i < n; i++)
    {
      const gfloat *rgb = linear + (gsize)i * 3;
      PmtMatchCell *cell =
          row + (gsize)((x + i) / match->size) * 2 + (changed[i] ? 1 : 0);

      if ((!changed[i] && !opaque[i]) || !isfinite (rgb[0] + rgb[1] + rgb[2]))
        continue;
      cell->n += 1.0f;
      cell->x += x + i + 0.5f;
      cell->y += y + 0.5f;
      for (gint c = 0; c < 3; c++)
        cell->sum[c] += rgb[c];
    }
}

/* Made pixels where changed, original ones elsewhere; both sides' sums. */
static void
sum_row (const Rows *rows, gint y)
{
  const PmtMatch *match = rows->match;
  const GeglRectangle *domain = &match->domain;
  gfloat row[BLOCK * 3];

  for (gint x = 0; x < domain->width; x += BLOCK)
    {
      const gint n = MIN (BLOCK, domain->width - x);
      const gsize at =
          (gsize)(domain->y + y) * rows->pixels->rect.width + domain->x + x;

      memcpy (row, rows->original->rgb + at * 3,
              (gsize)n * 3 * sizeof (gfloat));
      for (gint i = 0; i < n; i++)
        if (rows->changed[at + i])
          memcpy (row + (gsize)i * 3, rows->pixels->rgb + (at + i) * 3,
                  3 * sizeof (gfloat));
      babl_process (match->to_linear, row, row, n);
      sum_block (match, row, rows->changed + at, rows->original->opaque + at, x,
                 y, n);
    }
}

/* A row of cells. */
static void
sum_cells (gint row, gpointer data)
{
  const Rows *rows = data;
  const gint size = rows->match->size;
  const gint end = MIN ((row + 1) * size, rows->match->domain.height);

  for (gint y = row * size; y < end; y++)
    sum_row (rows, y);
}

/* The field at a pixel, bilinear between the centres of the cells. */
static void
sample_shift (const PmtMatch *match,
              const PmtMatchShift *shifts,
              gint x,
              gint y,
              gfloat *value)
{
  const gfloat u =
      CLAMP ((x + 0.5f) / match->size - 0.5f, 0.0f, match->width - 1.0f);
  const gfloat v =
      CLAMP ((y + 0.5f) / match->size - 0.5f, 0.0f, match->height - 1.0f);
  gfloat total = 0.0f;

  value[0] = value[1] = value[2] = 0.0f;
  for (gint k = 0; k < 4; k++)
    {
      const gint i = MIN ((gint)u + (k & 1), match->width - 1);
      const gint j = MIN ((gint)v + (k >> 1), match->height - 1);
      const gsize at = (gsize)j * match->width + i;
      const gfloat weight =
          MAX (0.0f, 1.0f - fabsf (u - ((gint)u + (k & 1))))
          * MAX (0.0f, 1.0f - fabsf (v - ((gint)v + (k >> 1))));

      /* Cells without changed pixels have no value. */
      if (match->cells[at * 2 + 1].n <= 0.0f)
        continue;
      total += weight;
      for (gint c = 0; c < 3; c++)
        value[c] += weight * shifts[at].value[c];
    }
  for (gint c = 0; c < 3 && total > 0.0f; c++)
    value[c] /= total;
}

/* Shifts pixels in linear light; no color gets below 0 by it. */
static void
apply_block (const PmtMatch *match, const gfloat *shift, gint n, gfloat *rgb)
{
  gfloat linear[BLOCK * 3];

  babl_process (match->to_linear, rgb, linear, n);
  for (gint i = 0; i < 3 * n; i++)
    linear[i] = MAX (linear[i] + shift[i], MIN (linear[i], 0.0f));
  babl_process (match->from_linear, linear, rgb, n);
}

static gboolean
is_shift (const gfloat *shift)
{
  return fabsf (shift[0]) + fabsf (shift[1]) + fabsf (shift[2]) >= 1e-6f;
}

/* A row of pixels: runs that are shifted, in blocks. */
static void
apply_row (gint y, gpointer data)
{
  const Rows *rows = data;
  const PmtMatch *match = rows->match;
  const gint width = match->domain.width;
  const gsize at =
      (gsize)(match->domain.y + y) * rows->pixels->rect.width + match->domain.x;
  gfloat shift[BLOCK * 3];
  gint x = 0;

  while (x < width)
    {
      gint n = 0;

      while (n < BLOCK && x + n < width && rows->changed[at + x + n])
        {
          sample_shift (match, rows->shifts, x + n, y, shift + (gsize)n * 3);
          if (!is_shift (shift + (gsize)n * 3))
            break;
          n++;
        }
      if (n > 0)
        apply_block (match, shift, n, rows->pixels->rgb + (at + x) * 3);
      /* The one that ended the run stays as it is. */
      x += MAX (n, 1);
    }
}

static void
match_clear (PmtMatch *match)
{
  g_clear_pointer (&match->cells, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtMatch, match_clear)

gboolean
pmt_match_colors (PmtPixels *pixels,
                  const PmtPixels *original,
                  const guint8 *changed,
                  gdouble radius,
                  gdouble limit,
                  GError **error)
{
  const Babl *space = original->space ? original->space : pixels->space;
  const Babl *perceptual = babl_format_with_space ("R'G'B' float", space);
  const Babl *linear = babl_format_with_space ("RGB float", space);
  g_auto (PmtMatch) match = { 0 };
  g_autofree PmtMatchShift *shifts = NULL;
  const gint threads = count_threads ();
  Rows rows = { &match, NULL, changed, original, pixels };
  gfloat belief;

  match.radius = MAX (radius, 1.0);
  match.limit = MAX (limit, 1e-3);
  match.size = MAX ((gint)(match.radius / CELLS_PER_RADIUS), 1);
  match.to_linear = babl_fish (perceptual, linear);
  match.from_linear = babl_fish (linear, perceptual);
  if (!find_domain (&match, changed, &pixels->rect))
    return TRUE;

  match.cells = pmt_image_alloc (match.width, match.height,
                                 2 * sizeof (PmtMatchCell), error);
  if (!match.cells)
    return FALSE;
  shifts = pmt_image_alloc (match.width, match.height, sizeof (PmtMatchShift),
                            error);
  rows.shifts = shifts;
  if (!shifts)
    return FALSE;

  pmt_parallel_run (threads, match.height, sum_cells, &rows);
  pmt_parallel_run (threads, match.height, measure_row, &rows);
  belief = find_belief (&match, shifts);
  if (!pmt_membrane_spread (&match, shifts, error))
    return FALSE;
  scale_shifts (&match, belief, shifts);
  pmt_parallel_run (threads, match.domain.height, apply_row, &rows);
  return TRUE;
}

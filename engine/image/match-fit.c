/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * match-fit.c: the step at a stretch of the border, by a weighted least-squares
 * fit (color-match.c says of what).
 */
#include "config.h"

#include "image/color-match.h"

#include <math.h>
#include <string.h>

/* The part of the limit up to which a step is fully believed. */
#define STEP_BELIEVED 0.4

/* Standard errors that a step must stand out. */
#define SIGNIFICANCE 2.0

/* Fewer cells' worth of pixels on a side say nothing. */
#define MIN_WEIGHT 1.5

/* Relative to the sum of squares: keeps the fit solvable on thin holes. */
#define RIDGE 1e-6

/* The window's standard deviation, of the radius. */
#define SIGMA 0.5

#define N_UNKNOWNS 4

/* Weighted sums over the samples of one side: of 1, x, y and their products,
 * and of the colors with them. */
typedef struct
{
  gdouble one;
  gdouble x, y, xx, xy, yy;
  gdouble color[3], color_x[3], color_y[3], square[3];
} Sums;

/* One equation system of a border cell: the lower half of its matrix, and a
 * column per channel. */
typedef struct
{
  gdouble matrix[N_UNKNOWNS][N_UNKNOWNS];
  gdouble right[3][N_UNKNOWNS];
  gdouble squares[3];
  gdouble weight[2];
} Fit;

/* ----------------------------------------------------------------- samples */

static void
take_mean (const PmtMatch *match, gint x, gint y, PmtMatchCell *cell)
{
  const gdouble n = cell->n;

  if (n <= 0.0)
    return;
  cell->x = (gfloat)((cell->x / n - (x + 0.5) * match->size) / match->radius);
  cell->y = (gfloat)((cell->y / n - (y + 0.5) * match->size) / match->radius);
  for (gint c = 0; c < 3; c++)
    cell->color[c] = (gfloat)(cell->color[c] / n);
  cell->n = (gfloat)(n / ((gdouble)match->size * match->size));
}

void
pmt_match_take_means (PmtMatch *match)
{
  for (gint y = 0; y < match->height; y++)
    for (gint x = 0; x < match->width; x++)
      for (gint side = 0; side < 2; side++)
        take_mean (match, x, y,
                   &match->cells[2 * ((gsize)y * match->width + x) + side]);
}

/* --------------------------------------------------------------------- fit */

/* @x, @y: of the sample's cell, in radii from the fitted one; @window: its
 * weight there. */
static inline void
add_sample (Sums *sums,
            const PmtMatchCell *sample,
            gdouble x,
            gdouble y,
            gdouble window)
{
  const gdouble w = window * sample->n;
  const gdouble px = x + sample->x, py = y + sample->y;
  const gdouble wx = w * px, wy = w * py;

  sums->one += w;
  sums->x += wx;
  sums->y += wy;
  sums->xx += wx * px;
  sums->xy += wx * py;
  sums->yy += wy * py;
  for (gint c = 0; c < 3; c++)
    {
      const gdouble value = sample->color[c];

      sums->color[c] += w * value;
      sums->color_x[c] += wx * value;
      sums->color_y[c] += wy * value;
      sums->square[c] += w * value * value;
    }
}

/* Both sides within the radius of cell (@x, @y). */
static void
sum_samples (const PmtMatch *match, gint x, gint y, Sums sums[2])
{
  const gint reach = PMT_MATCH_REACH;
  const gdouble unit = match->size / match->radius;
  const gint left = MAX (x - reach, 0), top = MAX (y - reach, 0);
  const gint right = MIN (x + reach, match->width - 1);
  const gint bottom = MIN (y + reach, match->height - 1);
  gdouble window[PMT_MATCH_REACH + 1];

  for (gint i = 0; i <= reach; i++)
    window[i] = exp (-0.5 * (i * unit) * (i * unit) / (SIGMA * SIGMA));
  for (gint j = top; j <= bottom; j++)
    {
      const PmtMatchCell *row = match->cells + 2 * ((gsize)j * match->width);

      for (gint i = left; i <= right; i++)
        {
          const gdouble w = window[ABS (i - x)] * window[ABS (j - y)];

          for (gint side = 0; side < 2; side++)
            if (row[2 * i + side].n > 0.0f)
              add_sample (&sums[side], &row[2 * i + side], (i - x) * unit,
                          (j - y) * unit, w);
        }
    }
}

static void
make_fit (const Sums sums[2], Fit *fit)
{
  const Sums *known = &sums[0], *changed = &sums[1];
  const gdouble matrix[N_UNKNOWNS][N_UNKNOWNS] = {
    { known->one + changed->one },
    { known->x + changed->x, known->xx + changed->xx },
    { known->y + changed->y, known->xy + changed->xy, known->yy + changed->yy },
    { changed->one, changed->x, changed->y, changed->one },
  };

  memcpy (fit->matrix, matrix, sizeof matrix);
  for (gint c = 0; c < 3; c++)
    {
      fit->right[c][0] = known->color[c] + changed->color[c];
      fit->right[c][1] = known->color_x[c] + changed->color_x[c];
      fit->right[c][2] = known->color_y[c] + changed->color_y[c];
      fit->right[c][3] = changed->color[c];
      fit->squares[c] = known->square[c] + changed->square[c];
    }
  fit->weight[0] = known->one;
  fit->weight[1] = changed->one;
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
        x[i] = fit->right[c][i];
      substitute (fit->matrix, x);
      for (gint i = 0; i < N_UNKNOWNS; i++)
        residual -= x[i] * fit->right[c][i];
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

void
pmt_match_fit (const PmtMatch *match, gint x, gint y, PmtMatchShift *shift)
{
  gdouble value[3] = { 0.0, 0.0, 0.0 };
  Sums sums[2] = { 0 };
  Fit fit;

  sum_samples (match, x, y, sums);
  make_fit (sums, &fit);
  shift->weight = (gfloat)solve_fit (&fit, match->limit, value);
  for (gint c = 0; c < 3; c++)
    shift->value[c] = (gfloat)value[c];
}

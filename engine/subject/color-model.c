/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* color-model.c: a mixture of Gaussians over colors. */
#include "config.h"

#include "subject/color-model.h"

#include <math.h>
#include <string.h>

/* Rounds of k-means for the first clusters. */
#define ROUNDS 8

/* Least variance: that of 8 bits and a little noise. */
#define LEAST_VARIANCE 2e-5

typedef struct
{
  const gfloat *rgb;
  const guint8 *labels;
  guint8 label;
  gsize n;
  guint8 *clusters;
} Pixels;

static gdouble
distance (const gfloat *rgb, const gdouble *mean)
{
  gdouble sum = 0.0;

  for (gint c = 0; c < 3; c++)
    sum += (rgb[c] - mean[c]) * (rgb[c] - mean[c]);
  return sum;
}

/* The first is any, the others are those furthest from all before. */
static gint
choose_seeds (const Pixels *pixels, gdouble (*means)[3])
{
  gint n = 0;

  while (n < PMT_COLOR_CLUSTERS)
    {
      const gfloat *best = NULL;
      gdouble furthest = n == 0 ? -1.0 : LEAST_VARIANCE;

      /* Every 7th is enough for a start. */
      for (gsize i = 0; i < pixels->n; i += pixels->n > 2000 ? 7 : 1)
        {
          gdouble nearest = G_MAXDOUBLE;

          if (pixels->labels[i] != pixels->label)
            continue;
          for (gint k = 0; k < n; k++)
            nearest = MIN (nearest, distance (pixels->rgb + i * 3, means[k]));
          if (n == 0 ? best == NULL : nearest > furthest)
            {
              furthest = nearest;
              best = pixels->rgb + i * 3;
            }
        }
      if (best == NULL)
        return n;
      for (gint c = 0; c < 3; c++)
        means[n][c] = best[c];
      n++;
    }
  return n;
}

static void
assign_nearest (const Pixels *pixels, gdouble (*means)[3], gint n_means)
{
  for (gsize i = 0; i < pixels->n; i++)
    {
      gdouble nearest = G_MAXDOUBLE;

      if (pixels->labels[i] != pixels->label)
        continue;
      for (gint k = 0; k < n_means; k++)
        {
          const gdouble d = distance (pixels->rgb + i * 3, means[k]);

          if (d < nearest)
            {
              nearest = d;
              pixels->clusters[i] = (guint8)k;
            }
        }
    }
}

static void
average (const Pixels *pixels, gdouble (*means)[3], gdouble *counts)
{
  gdouble sums[PMT_COLOR_CLUSTERS][3] = { { 0.0 } };

  memset (counts, 0, PMT_COLOR_CLUSTERS * sizeof (gdouble));
  for (gsize i = 0; i < pixels->n; i++)
    {
      const gint k = pixels->clusters[i];

      if (pixels->labels[i] != pixels->label)
        continue;
      counts[k] += 1.0;
      for (gint c = 0; c < 3; c++)
        sums[k][c] += pixels->rgb[i * 3 + c];
    }
  for (gint k = 0; k < PMT_COLOR_CLUSTERS; k++)
    for (gint c = 0; c < 3 && counts[k] > 0.0; c++)
      means[k][c] = sums[k][c] / counts[k];
}

/* @m: [9], symmetric; returns its determinant. */
static gdouble
invert (const gdouble *m, gdouble *inverse)
{
  const gdouble a = m[4] * m[8] - m[5] * m[7];
  const gdouble b = m[5] * m[6] - m[3] * m[8];
  const gdouble c = m[3] * m[7] - m[4] * m[6];
  const gdouble det = m[0] * a + m[1] * b + m[2] * c;

  inverse[0] = a / det;
  inverse[1] = (m[2] * m[7] - m[1] * m[8]) / det;
  inverse[2] = (m[1] * m[5] - m[2] * m[4]) / det;
  inverse[3] = b / det;
  inverse[4] = (m[0] * m[8] - m[2] * m[6]) / det;
  inverse[5] = (m[2] * m[3] - m[0] * m[5]) / det;
  inverse[6] = c / det;
  inverse[7] = (m[1] * m[6] - m[0] * m[7]) / det;
  inverse[8] = (m[0] * m[4] - m[1] * m[3]) / det;
  return det;
}

static void
spread (const Pixels *pixels, PmtColorModel *model, const gdouble *counts)
{
  gdouble sums[PMT_COLOR_CLUSTERS][9] = { { 0.0 } };

  for (gsize i = 0; i < pixels->n; i++)
    {
      const gint k = pixels->clusters[i];
      gdouble off[3];

      if (pixels->labels[i] != pixels->label)
        continue;
      for (gint c = 0; c < 3; c++)
        off[c] = pixels->rgb[i * 3 + c] - model->means[k][c];
      for (gint c = 0; c < 9; c++)
        sums[k][c] += off[c / 3] * off[c % 3];
    }
  for (gint k = 0; k < PMT_COLOR_CLUSTERS; k++)
    {
      if (counts[k] == 0.0)
        continue;
      for (gint c = 0; c < 9; c++)
        sums[k][c] /= counts[k];
      for (gint c = 0; c < 9; c += 4)
        sums[k][c] += LEAST_VARIANCE;
      model->scales[k] = -0.5 * log (invert (sums[k], model->inverses[k]));
    }
}

static gdouble
log_of_cluster (const PmtColorModel *model, gint k, const gfloat *rgb)
{
  const gdouble *m = model->inverses[k];
  gdouble off[3];
  gdouble sum = 0.0;

  for (gint c = 0; c < 3; c++)
    off[c] = rgb[c] - model->means[k][c];
  for (gint c = 0; c < 9; c++)
    sum += m[c] * off[c / 3] * off[c % 3];
  return log (model->weights[k]) + model->scales[k] - 0.5 * sum;
}

static void
assign_likeliest (const Pixels *pixels, const PmtColorModel *model)
{
  for (gsize i = 0; i < pixels->n; i++)
    {
      gdouble best = -G_MAXDOUBLE;

      if (pixels->labels[i] != pixels->label)
        continue;
      for (gint k = 0; k < PMT_COLOR_CLUSTERS; k++)
        if (model->weights[k] > 0.0)
          {
            const gdouble value =
                log_of_cluster (model, k, pixels->rgb + i * 3);

            if (value > best)
              {
                best = value;
                pixels->clusters[i] = (guint8)k;
              }
          }
    }
}

gboolean
pmt_color_model_fit (PmtColorModel *model,
                     const gfloat *rgb,
                     const guint8 *labels,
                     guint8 label,
                     gsize n,
                     guint8 *clusters,
                     gboolean is_first)
{
  const Pixels pixels = { rgb, labels, label, n, clusters };
  gdouble counts[PMT_COLOR_CLUSTERS];
  gdouble total = 0.0;

  if (is_first)
    {
      const gint n_means = choose_seeds (&pixels, model->means);

      if (n_means == 0)
        return FALSE;
      for (gint i = 0; i < ROUNDS; i++)
        {
          assign_nearest (&pixels, model->means, n_means);
          average (&pixels, model->means, counts);
        }
    }
  else
    assign_likeliest (&pixels, model);
  average (&pixels, model->means, counts);
  spread (&pixels, model, counts);
  for (gint k = 0; k < PMT_COLOR_CLUSTERS; k++)
    total += counts[k];
  for (gint k = 0; k < PMT_COLOR_CLUSTERS && total > 0.0; k++)
    model->weights[k] = counts[k] / total;
  return total > 0.0;
}

gdouble
pmt_color_model_cost (const PmtColorModel *model, const gfloat *rgb)
{
  gdouble logs[PMT_COLOR_CLUSTERS];
  gdouble best = -G_MAXDOUBLE;
  gdouble sum = 0.0;

  for (gint k = 0; k < PMT_COLOR_CLUSTERS; k++)
    {
      logs[k] = model->weights[k] > 0.0 ? log_of_cluster (model, k, rgb)
                                        : -G_MAXDOUBLE;
      best = MAX (best, logs[k]);
    }
  for (gint k = 0; k < PMT_COLOR_CLUSTERS; k++)
    if (logs[k] > best - 50.0)
      sum += exp (logs[k] - best);
  return -(best + log (sum));
}

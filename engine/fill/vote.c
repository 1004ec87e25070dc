/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vote.c: from the field of matches to colours. */
#include "config.h"

#include <math.h>

#include "core/parallel.h"
#include "fill/fill-private.h"

#define MAX_VOTES (PMT_FILL_MAX_PATCH * PMT_FILL_MAX_PATCH)

/* How much more selective than Newson's weights ours are: sharper. */
#define SELECTIVITY 3.0f

/* What the patches around a pixel say about it. */
typedef struct
{
  gint n;
  gboolean is_unanimous;
  guint32 from[MAX_VOTES];
  gfloat cost[MAX_VOTES];
  gfloat weight[MAX_VOTES];
} Ballot;

typedef struct
{
  const PmtFillRun *run;
  PmtFillLevel *level;
} Work;

static void
collect (const PmtFillRun *run,
         const PmtFillLevel *level,
         gint x,
         gint y,
         Ballot *ballot)
{
  const GeglRectangle *box = &level->box;
  gint radius = run->patch / 2;
  gint x0 = MAX (x - radius, box->x);
  gint x1 = MIN (x + radius, box->x + box->width - 1);
  gint y0 = MAX (y - radius, box->y);
  gint y1 = MIN (y + radius, box->y + box->height - 1);

  ballot->n = 0;
  ballot->is_unanimous = TRUE;
  for (gint j = y0; j <= y1; j++)
    for (gint i = x0; i <= x1; i++)
      {
        gsize index = pmt_fill_box_index (level, i, j);

        if (level->field[index] == 0)
          continue;
        ballot->from[ballot->n] =
            (guint32)(level->field[index]
                      + (gssize)(y - j) * (gssize)level->stride + (x - i));
        ballot->cost[ballot->n] = level->cost[index];
        ballot->weight[ballot->n] =
            level->depth ? run->confidence[MIN (level->depth[index],
                                                PMT_FILL_MAX_CONFIDENCE)]
                         : 1.0f;
        ballot->is_unanimous &= ballot->from[ballot->n] == ballot->from[0];
        ballot->n++;
      }
}

/* The value that @rank of the values are below.  Reorders @values. */
static gfloat
select_rank (gfloat *values, gint n, gint rank)
{
  gint low = 0, high = n - 1;

  while (low < high)
    {
      gfloat pivot = values[(low + high) / 2];
      gint i = low, j = high;

      while (i <= j)
        {
          while (values[i] < pivot)
            i++;
          while (pivot < values[j])
            j--;
          if (i > j)
            break;
          gfloat swap = values[i];
          values[i++] = values[j];
          values[j--] = swap;
        }
      if (rank <= j)
        high = j;
      else if (rank >= i)
        low = i;
      else
        break;
    }
  return values[rank];
}

/* Weights exp (-s d / 2 sigma^2), sigma^2 the 75th percentile of d. */
static void
weigh (Ballot *ballot)
{
  gfloat sorted[MAX_VOTES];
  gfloat scale;

  for (gint k = 0; k < ballot->n; k++)
    sorted[k] = ballot->cost[k];
  scale = -0.5f * SELECTIVITY
          / MAX (select_rank (sorted, ballot->n, ballot->n * 3 / 4), 1.0f);
  for (gint k = 0; k < ballot->n; k++)
    ballot->weight[k] *= expf (scale * ballot->cost[k]);
}

static void
take_mean (PmtFillLevel *level, gsize place, const Ballot *ballot)
{
  gfloat sum[5] = { 0.0f };
  gfloat total = 1e-30f;

  for (gint k = 0; k < ballot->n; k++)
    {
      const guint8 *color = level->rgbx + (gsize)ballot->from[k] * 4;
      gfloat weight = ballot->weight[k];

      for (gint c = 0; c < 3; c++)
        sum[c] += weight * (gfloat)color[c];
      if (level->texture)
        {
          sum[3] += weight * level->texture[(gsize)ballot->from[k] * 2];
          sum[4] += weight * level->texture[(gsize)ballot->from[k] * 2 + 1];
        }
      total += weight;
    }
  for (gint c = 0; c < 3; c++)
    level->rgbx[place * 4 + (gsize)c] =
        (guint8)CLAMP (sum[c] / total + 0.5f, 0.0f, 255.0f);
  if (level->texture)
    {
      level->texture[place * 2] = sum[3] / total;
      level->texture[place * 2 + 1] = sum[4] / total;
    }
}

/**
 * Sets the colour and texture of one pixel from the matches around it.
 */
void
pmt_fill_vote_place (const PmtFillRun *run, PmtFillLevel *level, gint x, gint y)
{
  gsize place = pmt_fill_place (level, x, y);
  Ballot ballot;

  collect (run, level, x, y, &ballot);
  if (ballot.n == 0)
    return;
  if (ballot.is_unanimous)
    ballot.n = 1;
  else
    weigh (&ballot);
  take_mean (level, place, &ballot);
}

static void
vote_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtFillLevel *level = work->level;
  const GeglRectangle *box = &level->box;
  gint first = box->y + task * PMT_FILL_BAND;
  gint end = MIN (first + PMT_FILL_BAND, box->y + box->height);

  for (gint y = first; y < end && !pmt_fill_cancelled (work->run); y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      {
        gsize place = pmt_fill_place (level, x, y);

        if (!(level->flags[place] & PMT_FILL_HOLE))
          continue;
        pmt_fill_vote_place (work->run, level, x, y);
        level->flags[place] |= PMT_FILL_FILLED;
      }
}

/**
 * Sets the colours of the hole from the field.
 * Source: Newson et al. 2014, section 3.1; the confidence is Wexler's.
 */
void
pmt_fill_vote (const PmtFillRun *run, PmtFillLevel *level)
{
  Work work = { run, level };

  /* Only source pixels are read, only hole pixels are written. */
  pmt_parallel_run (run->options.threads, pmt_fill_bands (level->box.height),
                    vote_band, &work);
}

static void
label_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtFillLevel *level = work->level;
  const GeglRectangle *box = &level->box;
  gint first = box->y + task * PMT_FILL_BAND;
  gint end = MIN (first + PMT_FILL_BAND, box->y + box->height);
  Ballot ballot;

  for (gint y = first; y < end && !pmt_fill_cancelled (work->run); y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      {
        gsize best = 0;

        if (!(level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_HOLE))
          continue;
        collect (work->run, level, x, y, &ballot);
        for (gint k = 1; k < ballot.n; k++)
          if (ballot.cost[k] < ballot.cost[best])
            best = (gsize)k;
        level->next[pmt_fill_box_index (level, x, y)] = ballot.from[best];
      }
}

/**
 * Chooses for every hole pixel the one place that the best of the patches
 * around it copies from, and writes it into level->next: sharp, and coherent
 * because one good patch decides for many pixels.
 */
void
pmt_fill_vote_labels (const PmtFillRun *run, PmtFillLevel *level)
{
  Work work = { run, level };

  pmt_parallel_run (run->options.threads, pmt_fill_bands (level->box.height),
                    label_band, &work);
}

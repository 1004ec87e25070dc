/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* upsample.c: carries the field to the next finer scale. */
#include "config.h"

#include "core/parallel.h"
#include "fill/fill-private.h"

typedef struct
{
  const PmtFillRun *run;
  const PmtFillLevel *coarse;
  PmtFillLevel *fine;
} Work;

/* The nearest center within a few pixels of @x, @y, or any other. */
static guint32
settle (const PmtFillLevel *level, gint x, gint y, guint32 key)
{
  for (gint r = 0; r <= 3; r++)
    for (gint j = y - r; j <= y + r; j++)
      for (gint i = x - r; i <= x + r; i++)
        if (i >= 0 && j >= 0 && i < level->width && j < level->height
            && level->flags[pmt_fill_place (level, i, j)] & PMT_FILL_CENTER)
          return (guint32)pmt_fill_place (level, i, j);
  return level->centers[pmt_fill_hash (key, 77) % level->n_centers];
}

static void
upsample_band (gint task, gpointer data)
{
  const Work *work = data;
  const PmtFillLevel *coarse = work->coarse;
  PmtFillLevel *fine = work->fine;
  const GeglRectangle *box = &fine->box;
  gint first = box->y + task * PMT_FILL_BAND;
  gint end = MIN (first + PMT_FILL_BAND, box->y + box->height);

  for (gint y = first; y < end && !pmt_fill_cancelled (work->run); y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      {
        gsize to = pmt_fill_box_index (fine, x, y);
        gsize from;
        gint sx, sy;

        if (!(fine->flags[pmt_fill_place (fine, x, y)] & PMT_FILL_TARGET))
          continue;
        from = pmt_fill_box_index (coarse, x / 2, y / 2);
        sx = (gint)(coarse->field[from] % coarse->stride) - PMT_FILL_PAD;
        sy = (gint)(coarse->field[from] / coarse->stride) - PMT_FILL_PAD;
        fine->field[to] =
            settle (fine, 2 * sx + (x & 1), 2 * sy + (y & 1), (guint32)to);
        fine->cost[to] = coarse->cost[from];
      }
}

/**
 * Sets the field of @fine, and for the first vote the costs, from @coarse.
 */
void
pmt_fill_upsample (const PmtFillRun *run,
                   const PmtFillLevel *coarse,
                   PmtFillLevel *fine)
{
  Work work = { run, coarse, fine };

  pmt_parallel_run (run->options.threads, pmt_fill_bands (fine->box.height),
                    upsample_band, &work);
}

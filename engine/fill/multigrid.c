/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* multigrid.c: Poisson's equation on a region of any shape. */
#include "config.h"

#include "core/parallel.h"
#include "fill/multigrid.h"

#include <string.h>

/* Weights of links are bytes: UNIT is the weight of one on every scale. */
#define UNIT 32
#define BAND 64

/* [height, width] each; right and down: weights of the links to the next
 * cell, fixed: of all links to fixed neighbours; screen: of the link that
 * every cell has to 0. */
struct _PmtMultigrid
{
  gint width;
  gint height;
  guint8 *inside;
  guint8 *right;
  guint8 *down;
  guint8 *fixed;
  gfloat *e;
  gfloat *pull;
  gfloat screen;
  PmtMultigrid *coarse;
};

typedef struct
{
  PmtMultigrid *grid;
  gint parity;
  GCancellable *cancellable;
} Work;

PmtMultigrid *
pmt_multigrid_new (gint width, gint height, gfloat screen)
{
  g_autoptr (PmtMultigrid) grid = g_new0 (PmtMultigrid, 1);
  gsize n;

  if (!g_size_checked_mul (&n, (gsize)width, (gsize)height))
    return NULL;
  grid->width = width;
  grid->height = height;
  grid->screen = screen * UNIT;
  grid->inside = g_try_malloc0 (n);
  grid->right = g_try_malloc0 (n);
  grid->down = g_try_malloc0 (n);
  grid->fixed = g_try_malloc0 (n);
  grid->e = g_try_new0 (gfloat, n);
  grid->pull = g_try_new0 (gfloat, n);
  if (!grid->inside || !grid->right || !grid->down || !grid->fixed || !grid->e
      || !grid->pull)
    return NULL;
  return g_steal_pointer (&grid);
}

void
pmt_multigrid_free (PmtMultigrid *grid)
{
  if (grid == NULL)
    return;
  g_free (grid->inside);
  g_free (grid->right);
  g_free (grid->down);
  g_free (grid->fixed);
  g_free (grid->e);
  g_free (grid->pull);
  pmt_multigrid_free (grid->coarse);
  g_free (grid);
}

static inline gsize
cell_at (const PmtMultigrid *grid, gint x, gint y)
{
  return (gsize)y * (gsize)grid->width + (gsize)x;
}

void
pmt_multigrid_add (PmtMultigrid *grid, gint x, gint y, gint n_fixed)
{
  gsize i = cell_at (grid, x, y);

  grid->inside[i] = 1;
  grid->fixed[i] = (guint8)(n_fixed * UNIT);
}

static void
link_cells (PmtMultigrid *grid)
{
  for (gint y = 0; y < grid->height; y++)
    for (gint x = 0; x < grid->width; x++)
      {
        gsize i = cell_at (grid, x, y);

        if (!grid->inside[i])
          continue;
        if (x + 1 < grid->width && grid->inside[i + 1])
          grid->right[i] = UNIT;
        if (y + 1 < grid->height && grid->inside[i + (gsize)grid->width])
          grid->down[i] = UNIT;
      }
}

static guint8
half_weight (guint sum)
{
  return (guint8)MIN ((sum + 1) / 2, 255);
}

/* A coarse cell is a square of four; its links are half of all fine ones that
 * cross its border, as for the Laplacian on a grid twice as wide.  A border
 * is nearer to a coarse cell than the next cell is, hence two thirds. */
static void
link_coarse_cell (const PmtMultigrid *grid,
                  PmtMultigrid *coarse,
                  gint x,
                  gint y)
{
  guint right = 0, down = 0, fixed = 0;
  gsize to = cell_at (coarse, x, y);

  for (gint j = 2 * y; j < MIN (2 * y + 2, grid->height); j++)
    for (gint i = 2 * x; i < MIN (2 * x + 2, grid->width); i++)
      {
        gsize from = cell_at (grid, i, j);

        coarse->inside[to] |= grid->inside[from];
        fixed += grid->fixed[from];
        right += i & 1 ? grid->right[from] : 0;
        down += j & 1 ? grid->down[from] : 0;
      }
  coarse->right[to] = half_weight (right);
  coarse->down[to] = half_weight (down);
  coarse->fixed[to] = (guint8)MIN ((2 * fixed + 2) / 3, 255);
}

gboolean
pmt_multigrid_prepare (PmtMultigrid *grid)
{
  link_cells (grid);
  while (grid->width > 2 || grid->height > 2)
    {
      PmtMultigrid *coarse =
          pmt_multigrid_new ((grid->width + 1) / 2, (grid->height + 1) / 2,
                             4.0f * grid->screen / UNIT);

      grid->coarse = coarse;
      if (coarse == NULL)
        return FALSE;
      for (gint y = 0; y < coarse->height; y++)
        for (gint x = 0; x < coarse->width; x++)
          link_coarse_cell (grid, coarse, x, y);
      grid = coarse;
    }
  return TRUE;
}

void
pmt_multigrid_reset (PmtMultigrid *grid)
{
  gsize n = (gsize)grid->width * (gsize)grid->height;

  memset (grid->e, 0, n * sizeof (gfloat));
  memset (grid->pull, 0, n * sizeof (gfloat));
}

void
pmt_multigrid_set_pull (PmtMultigrid *grid, gint x, gint y, gfloat pull)
{
  grid->pull[cell_at (grid, x, y)] = pull * UNIT;
}

gfloat
pmt_multigrid_get (const PmtMultigrid *grid, gint x, gint y)
{
  return grid->e[cell_at (grid, x, y)];
}

/* Weighted sum over the neighbours of cell @i, and the sum of weights. */
static inline gfloat
gather (const PmtMultigrid *grid, gint x, gint y, gsize i, gfloat *own)
{
  gsize width = (gsize)grid->width;
  gfloat right = grid->right[i];
  gfloat down = grid->down[i];
  gfloat left = x > 0 ? grid->right[i - 1] : 0.0f;
  gfloat up = y > 0 ? grid->down[i - width] : 0.0f;
  gfloat sum = 0.0f;

  if (right > 0.0f)
    sum += right * grid->e[i + 1];
  if (down > 0.0f)
    sum += down * grid->e[i + width];
  if (left > 0.0f)
    sum += left * grid->e[i - 1];
  if (up > 0.0f)
    sum += up * grid->e[i - width];
  *own = right + down + left + up + grid->fixed[i] + grid->screen;
  return sum;
}

static void
smooth_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtMultigrid *grid = work->grid;
  gint end = MIN ((task + 1) * BAND, grid->height);

  if (work->cancellable && g_cancellable_is_cancelled (work->cancellable))
    return;
  for (gint y = task * BAND; y < end; y++)
    for (gint x = (y ^ work->parity) & 1; x < grid->width; x += 2)
      {
        gsize i = cell_at (grid, x, y);
        gfloat own, sum;

        if (!grid->inside[i])
          continue;
        sum = gather (grid, x, y, i, &own);
        if (own > 0.0f)
          grid->e[i] = (grid->pull[i] + sum) / own;
      }
}

static void
smooth (PmtMultigrid *grid, gint times, gint threads, GCancellable *cancellable)
{
  Work work = { grid, 0, cancellable };
  gint n_bands = (grid->height + BAND - 1) / BAND;

  for (gint k = 0; k < 2 * times; k++)
    {
      work.parity = k & 1;
      pmt_parallel_run (threads, n_bands, smooth_band, &work);
    }
}

/* What is left to do on a square of four cells. */
static gfloat
residual (const PmtMultigrid *grid, gint x, gint y)
{
  gfloat left_over = 0.0f;

  for (gint j = y; j < MIN (y + 2, grid->height); j++)
    for (gint i = x; i < MIN (x + 2, grid->width); i++)
      {
        gsize k = cell_at (grid, i, j);
        gfloat own, sum;

        if (!grid->inside[k])
          continue;
        sum = gather (grid, i, j, k, &own);
        left_over += grid->pull[k] + sum - own * grid->e[k];
      }
  return left_over;
}

static void
restrict_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtMultigrid *coarse = work->grid->coarse;
  gint end = MIN ((task + 1) * BAND, coarse->height);

  for (gint y = task * BAND; y < end; y++)
    for (gint x = 0; x < coarse->width; x++)
      {
        gsize i = cell_at (coarse, x, y);

        coarse->e[i] = 0.0f;
        coarse->pull[i] =
            coarse->inside[i] ? residual (work->grid, 2 * x, 2 * y) : 0.0f;
      }
}

static void
prolong_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtMultigrid *grid = work->grid;
  gint end = MIN ((task + 1) * BAND, grid->height);

  for (gint y = task * BAND; y < end; y++)
    for (gint x = 0; x < grid->width; x++)
      {
        gsize i = cell_at (grid, x, y);

        if (grid->inside[i])
          grid->e[i] += grid->coarse->e[cell_at (grid->coarse, x / 2, y / 2)];
      }
}

void
pmt_multigrid_cycle (PmtMultigrid *grid,
                     gint threads,
                     GCancellable *cancellable)
{
  Work work = { grid, 0, cancellable };
  gint n_bands = (grid->height + BAND - 1) / BAND;

  if (grid->coarse == NULL)
    {
      smooth (grid, 8, 1, cancellable);
      return;
    }
  smooth (grid, 2, threads, cancellable);
  pmt_parallel_run (threads, (grid->coarse->height + BAND - 1) / BAND,
                    restrict_band, &work);
  pmt_multigrid_cycle (grid->coarse, threads, cancellable);
  if (grid->coarse->coarse)
    pmt_multigrid_cycle (grid->coarse, threads, cancellable);
  pmt_parallel_run (threads, n_bands, prolong_band, &work);
  smooth (grid, 2, threads, cancellable);
}

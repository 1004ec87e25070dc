/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* level.c: the scales of the pyramid: planes, flags, bounds, fields. */
#include "config.h"

#include <string.h>

#include "core/parallel.h"
#include "fill/fill-private.h"

typedef struct
{
  const PmtFillRun *run;
  const PmtFillLevel *fine;
  PmtFillLevel *level;
  gint radius;
} Work;

/* First and last row of a band of the level. */
static void
band_rows (const PmtFillLevel *level, gint task, gint *first, gint *end)
{
  *first = task * PMT_FILL_BAND;
  *end = MIN (*first + PMT_FILL_BAND, level->height);
}

PmtFillLevel *
pmt_fill_level_new (gint width, gint height)
{
  g_autoptr (PmtFillLevel) level = g_new0 (PmtFillLevel, 1);

  level->width = width;
  level->height = height;
  level->stride = (gsize)width + 2 * PMT_FILL_PAD;
  level->per_stride = 1.0 / (gdouble)level->stride;
  if (!g_size_checked_mul (&level->n, level->stride,
                           (gsize)height + 2 * PMT_FILL_PAD)
      || level->n >= G_MAXUINT32)
    return NULL;
  level->rgbx = g_try_malloc0_n (level->n, 4);
  level->flags = g_try_malloc0 (level->n);
  if (level->rgbx == NULL || level->flags == NULL)
    return NULL;
  return g_steal_pointer (&level);
}

/**
 * Frees all but flags and labels (next).
 */
void
pmt_fill_level_keep_labels (PmtFillLevel *level)
{
  g_clear_pointer (&level->rgbx, g_free);
  g_clear_pointer (&level->texture, g_free);
  g_clear_pointer (&level->mean_texture, g_free);
  g_clear_pointer (&level->field, g_free);
  g_clear_pointer (&level->cost, g_free);
  g_clear_pointer (&level->depth, g_free);
  g_clear_pointer (&level->centers, g_free);
}

void
pmt_fill_level_free (PmtFillLevel *level)
{
  if (level == NULL)
    return;
  pmt_fill_level_keep_labels (level);
  g_free (level->next);
  g_free (level->flags);
  g_free (level);
}

static void
read_band (gint task, gpointer data)
{
  const Work *work = data;
  const PmtFillRun *run = work->run;
  PmtFillLevel *level = work->level;
  gint first, end;

  if (pmt_fill_cancelled (run))
    return;
  band_rows (level, task, &first, &end);
  for (gint y = first; y < end; y++)
    for (gint x = 0; x < level->width; x++)
      {
        gsize i = (gsize)y * (gsize)level->width + (gsize)x;
        gsize place = pmt_fill_place (level, x, y);

        if (run->hole[i])
          {
            level->flags[place] = PMT_FILL_HOLE;
            continue;
          }
        if (!run->pixels->opaque[i])
          continue;
        level->flags[place] = PMT_FILL_KNOWN;
        if (run->usable == NULL || run->usable[i])
          level->flags[place] |= PMT_FILL_SOURCE;
        for (gint c = 0; c < 3; c++)
          {
            gfloat v =
                (run->pixels->rgb[i * 3 + (gsize)c] - run->low) * run->gain;

            level->rgbx[place * 4 + (gsize)c] =
                v > 0.0f ? (guint8)(MIN (v, 255.0f) + 0.5f) : 0;
          }
      }
}

PmtFillLevel *
pmt_fill_level_new_full (PmtFillRun *run)
{
  g_autoptr (PmtFillLevel) level =
      pmt_fill_level_new (run->pixels->rect.width, run->pixels->rect.height);
  Work work = { run, NULL, level, 0 };

  if (level == NULL)
    return NULL;
  pmt_parallel_run (run->options.threads, pmt_fill_bands (level->height),
                    read_band, &work);
  return g_steal_pointer (&level);
}

/* A cell of four pixels is a hole when one of them is, and may be copied when
 * all of them may: so nothing of the hole leaks into a coarser scale. */
static void
halve_cell (const PmtFillLevel *fine, PmtFillLevel *level, gint x, gint y)
{
  gsize place = pmt_fill_place (level, x, y);
  guint8 any = 0;
  guint8 all = 0xFF;
  guint sum[3] = { 0, 0, 0 };
  guint n = 0;

  for (gint j = 2 * y; j < MIN (2 * y + 2, fine->height); j++)
    for (gint i = 2 * x; i < MIN (2 * x + 2, fine->width); i++)
      {
        gsize from = pmt_fill_place (fine, i, j);

        any |= fine->flags[from];
        all &= fine->flags[from];
        if (!(fine->flags[from] & PMT_FILL_KNOWN))
          continue;
        for (gint c = 0; c < 3; c++)
          sum[c] += fine->rgbx[from * 4 + (gsize)c];
        n++;
      }
  if (any & PMT_FILL_HOLE)
    level->flags[place] = PMT_FILL_HOLE;
  else
    level->flags[place] = (any & PMT_FILL_KNOWN) | (all & PMT_FILL_SOURCE);
  if (level->flags[place] & PMT_FILL_KNOWN)
    for (gint c = 0; c < 3; c++)
      level->rgbx[place * 4 + (gsize)c] = (guint8)((sum[c] + n / 2) / n);
}

static void
halve_band (gint task, gpointer data)
{
  const Work *work = data;
  gint first, end;

  if (pmt_fill_cancelled (work->run))
    return;
  band_rows (work->level, task, &first, &end);
  for (gint y = first; y < end; y++)
    for (gint x = 0; x < work->level->width; x++)
      halve_cell (work->fine, work->level, x, y);
}

PmtFillLevel *
pmt_fill_level_new_half (const PmtFillRun *run, const PmtFillLevel *fine)
{
  g_autoptr (PmtFillLevel) level =
      pmt_fill_level_new ((fine->width + 1) / 2, (fine->height + 1) / 2);
  Work work = { run, fine, level, 0 };

  if (level == NULL)
    return NULL;
  pmt_parallel_run (run->options.threads, pmt_fill_bands (level->height),
                    halve_band, &work);
  return g_steal_pointer (&level);
}

/* Marks the middle of every horizontal run of SOURCE of the patch's width. */
static void
erode_row_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtFillLevel *level = work->level;
  gint first, end;

  band_rows (level, task, &first, &end);
  for (gint y = first; y < end; y++)
    {
      guint8 *row = level->flags + pmt_fill_place (level, 0, y);
      gint length = 0;

      for (gint x = 0; x < level->width; x++)
        {
          row[x] &= (guint8) ~(PMT_FILL_SCRATCH | PMT_FILL_CENTER);
          length = row[x] & PMT_FILL_SOURCE ? length + 1 : 0;
          if (length > 2 * work->radius)
            row[x - work->radius] |= PMT_FILL_SCRATCH;
        }
    }
}

static void
erode_column_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtFillLevel *level = work->level;
  g_autofree guint8 *all = g_malloc ((gsize)level->width);
  gint first, end;

  band_rows (level, task, &first, &end);
  for (gint y = first; y < end; y++)
    {
      guint8 *row = level->flags + pmt_fill_place (level, 0, y);

      memset (all, PMT_FILL_SCRATCH, (gsize)level->width);
      for (gint dy = -work->radius; dy <= work->radius; dy++)
        {
          const guint8 *other = row + (gssize)dy * (gssize)level->stride;

          for (gint x = 0; x < level->width; x++)
            all[x] &= other[x];
        }
      for (gint x = 0; x < level->width; x++)
        if (all[x])
          row[x] |= PMT_FILL_CENTER;
    }
}

/**
 * Marks CENTER; returns how many there are.
 */
gsize
pmt_fill_level_mark_centers (const PmtFillRun *run, PmtFillLevel *level)
{
  Work work = { run, NULL, level, run->patch / 2 };
  gint n_bands = pmt_fill_bands (level->height);

  pmt_parallel_run (run->options.threads, n_bands, erode_row_band, &work);
  pmt_parallel_run (run->options.threads, n_bands, erode_column_band, &work);
  level->n_all_centers = 0;
  for (gsize i = 0; i < level->n; i++)
    level->n_all_centers += (level->flags[i] & PMT_FILL_CENTER) != 0;
  return level->n_all_centers;
}

static void
grow_box (PmtFillLevel *level, gint radius)
{
  gint x0 = level->width, x1 = -1, y0 = level->height, y1 = -1;

  for (gint y = 0; y < level->height; y++)
    for (gint x = 0; x < level->width; x++)
      if (level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_HOLE)
        {
          x0 = MIN (x0, x);
          x1 = MAX (x1, x);
          y0 = MIN (y0, y);
          y1 = y;
        }
  x0 = MAX (x0 - radius, 0);
  y0 = MAX (y0 - radius, 0);
  x1 = MIN (x1 + radius, level->width - 1);
  y1 = MIN (y1 + radius, level->height - 1);
  level->box = (GeglRectangle){ x0, y0, x1 - x0 + 1, y1 - y0 + 1 };
}

/**
 * Sets the box and marks TARGET: every place whose patch touches the hole.
 */
void
pmt_fill_level_mark_targets (const PmtFillRun *run, PmtFillLevel *level)
{
  gint radius = run->patch / 2;
  gint x_end, y_end;

  grow_box (level, radius);
  x_end = level->box.x + level->box.width;
  y_end = level->box.y + level->box.height;
  for (gint y = level->box.y; y < y_end; y++)
    {
      guint8 *row = level->flags + pmt_fill_place (level, 0, y);
      gint last = G_MININT / 2;

      for (gint x = level->box.x; x < x_end; x++)
        row[x] &= (guint8) ~(PMT_FILL_SCRATCH | PMT_FILL_TARGET);
      for (gint x = level->box.x; x < x_end; x++)
        {
          last = row[x] & PMT_FILL_HOLE ? x : last;
          if (x - last <= radius)
            row[x] |= PMT_FILL_SCRATCH;
        }
      last = G_MAXINT / 2;
      for (gint x = x_end - 1; x >= level->box.x; x--)
        {
          last = row[x] & PMT_FILL_HOLE ? x : last;
          if (last - x <= radius)
            row[x] |= PMT_FILL_SCRATCH;
        }
    }
  level->n_targets = 0;
  for (gint y = level->box.y; y < y_end; y++)
    for (gint x = level->box.x; x < x_end; x++)
      {
        gsize place = pmt_fill_place (level, x, y);
        guint8 any = 0;

        for (gint dy = -radius; dy <= radius; dy++)
          any |=
              level->flags[place + (gsize)((gssize)dy * (gssize)level->stride)];
        if (!(any & PMT_FILL_SCRATCH))
          continue;
        level->flags[place] |= PMT_FILL_TARGET;
        level->n_targets++;
      }
  /* SCRATCH is left over from other passes outside the box. */
  for (gsize i = 0; i < level->n; i++)
    level->flags[i] &= (guint8)~PMT_FILL_SCRATCH;
}

/* The depth at a place, looking one pixel beyond the box. */
static gint
depth_at (const PmtFillLevel *level, gint x, gint y)
{
  const GeglRectangle *box = &level->box;

  if (x >= box->x && y >= box->y && x < box->x + box->width
      && y < box->y + box->height)
    return level->depth[pmt_fill_box_index (level, x, y)];
  if (level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_KNOWN)
    return 0;
  return G_MAXUINT16 - 4;
}

static void
relax_depth (PmtFillLevel *level, gint x, gint y, gint dir)
{
  guint16 *depth = level->depth + pmt_fill_box_index (level, x, y);
  gint least = *depth;

  least = MIN (least, depth_at (level, x - dir, y) + 3);
  least = MIN (least, depth_at (level, x, y - dir) + 3);
  least = MIN (least, depth_at (level, x - dir, y - dir) + 4);
  least = MIN (least, depth_at (level, x + dir, y - dir) + 4);
  *depth = (guint16)least;
}

/**
 * Chamfer distance from the known pixels.
 */
gboolean
pmt_fill_level_measure_depth (PmtFillLevel *level)
{
  const GeglRectangle *box = &level->box;
  gsize n = (gsize)box->width * (gsize)box->height;
  gint deepest = 0;

  g_free (level->depth);
  level->depth = g_try_new (guint16, n);
  if (level->depth == NULL)
    return FALSE;
  for (gint y = box->y; y < box->y + box->height; y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      level->depth[pmt_fill_box_index (level, x, y)] =
          level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_KNOWN
              ? 0
              : G_MAXUINT16 - 4;
  for (gint y = box->y; y < box->y + box->height; y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      relax_depth (level, x, y, 1);
  for (gint y = box->y + box->height - 1; y >= box->y; y--)
    for (gint x = box->x + box->width - 1; x >= box->x; x--)
      {
        relax_depth (level, x, y, -1);
        if (level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_HOLE)
          deepest = MAX (deepest, depth_at (level, x, y));
      }
  level->radius = deepest / 3;
  return TRUE;
}

/**
 * Lists at most about @limit places of CENTER, evenly.
 */
gboolean
pmt_fill_level_list_centers (PmtFillLevel *level, gsize limit)
{
  gsize step = MAX (level->n_all_centers / limit, 1);
  gsize seen = 0;

  g_free (level->centers);
  level->centers = g_try_new (guint32, level->n_all_centers / step + 1);
  level->n_centers = 0;
  if (level->centers == NULL)
    return FALSE;
  for (gsize i = 0; i < level->n; i++)
    if (level->flags[i] & PMT_FILL_CENTER && seen++ % step == 0)
      level->centers[level->n_centers++] = (guint32)i;
  return TRUE;
}

gboolean
pmt_fill_level_new_field (PmtFillLevel *level)
{
  gsize n = (gsize)level->box.width * (gsize)level->box.height;

  level->field = g_try_new0 (guint32, n);
  level->next = g_try_new0 (guint32, n);
  level->cost = g_try_new0 (gfloat, n);
  return level->field && level->next && level->cost;
}

/**
 * Forgets the field and the colours of the hole.
 */
void
pmt_fill_level_reset (PmtFillLevel *level)
{
  const GeglRectangle *box = &level->box;
  gsize n = (gsize)box->width * (gsize)box->height;

  memset (level->field, 0, n * sizeof (guint32));
  for (gint y = box->y; y < box->y + box->height; y++)
    {
      guint8 *row = level->flags + pmt_fill_place (level, box->x, y);

      for (gint x = 0; x < box->width; x++)
        row[x] &= (guint8)~PMT_FILL_FILLED;
    }
}

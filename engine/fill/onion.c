/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* onion.c: the first filling, from the outside in. */
#include "config.h"

#include "fill/fill-private.h"

/* Comparisons spent on one first filling, whatever the size. */
#define MAX_TRIES ((gsize)1000000)

/* The targets in order of depth, and scan order where it is the same. */
static gboolean
sort_targets (const PmtFillLevel *level, gint most, guint32 *targets)
{
  const GeglRectangle *box = &level->box;
  gsize n = (gsize)most + 2;
  g_autofree gsize *starts = g_try_new0 (gsize, n);

  if (starts == NULL)
    return FALSE;
  for (gint pass = 0; pass < 2; pass++)
    {
      for (gint y = box->y; y < box->y + box->height; y++)
        for (gint x = box->x; x < box->x + box->width; x++)
          {
            gsize place = pmt_fill_place (level, x, y);
            gint depth = level->depth[pmt_fill_box_index (level, x, y)];

            if (!(level->flags[place] & PMT_FILL_TARGET))
              continue;
            if (pass == 0)
              starts[depth + 1]++;
            else
              targets[starts[depth]++] = (guint32)place;
          }
      for (gsize i = 1; pass == 0 && i < n; i++)
        starts[i] += starts[i - 1];
    }
  return TRUE;
}

static gint
depth_of (const PmtFillLevel *level, guint32 place)
{
  return level->depth[pmt_fill_box_index (
      level, (gint)(place % level->stride) - PMT_FILL_PAD,
      (gint)(place / level->stride) - PMT_FILL_PAD)];
}

/* Colours the hole pixels of a layer once all of them have a match, and only
 * then lets them count as known. */
static void
color_layer (const PmtFillRun *run,
             PmtFillLevel *level,
             const guint32 *targets,
             gsize n)
{
  for (gsize k = 0; k < n; k++)
    if (level->flags[targets[k]] & PMT_FILL_HOLE)
      pmt_fill_vote_place (run, level,
                           (gint)(targets[k] % level->stride) - PMT_FILL_PAD,
                           (gint)(targets[k] / level->stride) - PMT_FILL_PAD);
  for (gsize k = 0; k < n; k++)
    if (level->flags[targets[k]] & PMT_FILL_HOLE)
      level->flags[targets[k]] |= PMT_FILL_FILLED;
}

static gint
deepest (const PmtFillLevel *level)
{
  gsize n = (gsize)level->box.width * (gsize)level->box.height;
  gint most = 0;

  for (gsize i = 0; i < n; i++)
    most = MAX (most, level->depth[i]);
  return most;
}

/* Where the layer ends that starts with target @first: after a pixel's
 * width, or for what cannot be reached from outside, at the end. */
static gsize
layer_end (const PmtFillLevel *level, const guint32 *targets, gsize first)
{
  gint least = depth_of (level, targets[first]);
  gint most = least == 0 ? 0 : least + 2;
  gsize end = first;

  if (least >= G_MAXUINT16 / 2)
    return level->n_targets;
  while (end < level->n_targets && depth_of (level, targets[end]) <= most)
    end++;
  return end;
}

/**
 * Fills the hole of the coarsest level layer by layer; each patch is compared
 * on the pixels that are known or were filled before.  Needs depth, centers
 * and a field of zeros.
 * Source: Newson et al. 2014, section 3.4.
 */
gboolean
pmt_fill_onion (const PmtFillRun *run, PmtFillLevel *level, guint32 nonce)
{
  g_autofree guint32 *targets = g_try_new (guint32, level->n_targets + 1);
  gsize end;

  if (targets == NULL || !sort_targets (level, deepest (level), targets))
    return FALSE;
  for (gsize first = 0; first < level->n_targets; first = end)
    {
      gsize n;

      end = layer_end (level, targets, first);
      n = end - first;
      if (pmt_fill_cancelled (run))
        return TRUE;
      pmt_fill_match_thorough (run, level, targets + first, n,
                               MAX_TRIES * n / level->n_targets, nonce++);
      color_layer (run, level, targets + first, n);
    }
  return TRUE;
}

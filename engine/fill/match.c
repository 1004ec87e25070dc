/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* match.c: PatchMatch: the best source patch for every target patch. */
#include "config.h"

#include <string.h>

#include "core/parallel.h"
#include "fill/fill-private.h"

/* Weight of the texture against the colours, as in Newson et al. 2017. */
#define TEXTURE_WEIGHT 50.0f

/* What a source as far away as the picture is wide costs for each pixel of a
 * patch: light, sharpness and material change with the distance. */
#define DISTANCE_WEIGHT 1500.0f

/* Matches of other targets that are tried for each. */
#define N_BORROWED 3

/* A random search that reaches less far than this only refines. */
#define REFINE_RADIUS 16

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

/* A target patch, unpacked: 0 where nothing can be compared. */
typedef struct
{
  gint16 color[PMT_FILL_MAX_PATCH * 64];
  gint16 mask[PMT_FILL_MAX_PATCH * 64];
  gint n;
  gfloat texture[2];
  gfloat x;
  gfloat y;
  gfloat distance_weight;
} Patch;

typedef struct
{
  guint32 place;
  gfloat cost;
} Match;

typedef struct
{
  const PmtFillRun *run;
  PmtFillLevel *level;
  const PmtFillSearch *search;
  const guint32 *targets;
  gsize n_targets;
  gsize step;
  guint32 nonce;
} Work;

/* Bytes of a row of a patch, rounded up to whole vectors. */
ALWAYS_INLINE gint
row_bytes (gint size)
{
  return size <= 8 ? 32 : 64;
}

ALWAYS_INLINE void
unpack_patch (const PmtFillLevel *level, gint size, gsize place, Patch *patch)
{
  gint width = row_bytes (size);
  gsize corner = place - (gsize)(size / 2) * (level->stride + 1);

  patch->n = 0;
  for (gint y = 0; y < size; y++)
    {
      const guint8 *flags = level->flags + corner + (gsize)y * level->stride;
      const guint8 *color =
          level->rgbx + (corner + (gsize)y * level->stride) * 4;
      gint16 *to = patch->color + y * width;
      gint16 *mask = patch->mask + y * width;

      for (gint x = 0; x < width / 4; x++)
        {
          gboolean valid =
              x < size && flags[x] & (PMT_FILL_KNOWN | PMT_FILL_FILLED);

          for (gint c = 0; c < 4; c++)
            mask[4 * x + c] = valid ? -1 : 0;
          patch->n += valid;
        }
      for (gint i = 0; i < width; i++)
        to[i] = (gint16)(color[i] & mask[i]);
    }
  patch->texture[0] = patch->texture[1] = 0.0f;
  patch->x = (gfloat)(place % level->stride);
  patch->y = (gfloat)(place / level->stride);
  patch->distance_weight = DISTANCE_WEIGHT * (gfloat)patch->n
                           / ((gfloat)level->width * (gfloat)level->width
                              + (gfloat)level->height * (gfloat)level->height);
  if (level->mean_texture)
    memcpy (patch->texture, level->mean_texture + place * 2,
            sizeof patch->texture);
}

/* Sum of squared differences of some rows of a patch of fixed width. */
ALWAYS_INLINE gint32
compare_rows (const gint16 *color,
              const gint16 *mask,
              const guint8 *from,
              gsize stride,
              gint first,
              gint end,
              gint width)
{
  gint32 sum = 0;

  for (gint y = first; y < end; y++)
    {
      const guint8 *row = from + (gsize)y * stride * 4;

      for (gint i = 0; i < width; i++)
        {
          gint16 d = (gint16)(color[y * width + i]
                              - (gint16)(row[i] & mask[y * width + i]));

          sum += (gint32)d * (gint32)d;
        }
    }
  return sum;
}

/* The part of the cost that needs no look at the pixels: on the proxy only,
 * since finer scales keep near to what was found there. */
ALWAYS_INLINE gfloat
compare_surroundings (const PmtFillLevel *level,
                      const Patch *patch,
                      guint32 place)
{
  const gfloat *texture = level->mean_texture + (gsize)place * 2;
  gfloat dx = texture[0] - patch->texture[0];
  gfloat dy = texture[1] - patch->texture[1];
  /* The half keeps the product away from whole numbers: no rounding to the
   * wrong row. */
  gint y = (gint)((place + 0.5) * level->per_stride);
  gfloat far_x =
      (gfloat)(place - (guint32)y * (guint32)level->stride) - patch->x;
  gfloat far_y = (gfloat)y - patch->y;

  return TEXTURE_WEIGHT * (gfloat)patch->n * (dx * dx + dy * dy)
         + patch->distance_weight * (far_x * far_x + far_y * far_y);
}

/* The cost of the source patch at @place, or more than @limit. */
ALWAYS_INLINE gfloat
compare (const PmtFillLevel *level,
         gint size,
         const Patch *patch,
         guint32 place,
         gfloat limit)
{
  gsize corner = place - (gsize)(size / 2) * (level->stride + 1);
  const guint8 *from = level->rgbx + corner * 4;
  gfloat cost = 0.0f;
  gint half = (size + 1) / 2;

  if (level->mean_texture)
    {
      cost = compare_surroundings (level, patch, place);
      if (cost > limit)
        return cost;
    }
  if (row_bytes (size) == 32)
    {
      cost += (gfloat)compare_rows (patch->color, patch->mask, from,
                                    level->stride, 0, half, 32);
      if (cost > limit)
        return cost;
      cost += (gfloat)compare_rows (patch->color, patch->mask, from,
                                    level->stride, half, size, 32);
    }
  else
    cost += (gfloat)compare_rows (patch->color, patch->mask, from,
                                  level->stride, 0, size, 64);
  return cost;
}

ALWAYS_INLINE void
try_place (const PmtFillLevel *level,
           gint size,
           const Patch *patch,
           guint32 place,
           Match *best)
{
  gfloat cost;

  if (place == best->place || place >= level->n
      || !(level->flags[place] & PMT_FILL_CENTER))
    return;
  cost = compare (level, size, patch, place, best->cost);
  if (cost < best->cost)
    *best = (Match){ place, cost };
}

/* Tries what continues the match of the neighbour @dx, @dy away. */
ALWAYS_INLINE void
try_neighbour (const PmtFillLevel *level,
               gint size,
               const Patch *patch,
               const guint32 *field,
               gint x,
               gint y,
               gint dx,
               gint dy,
               Match *best)
{
  gsize place = pmt_fill_place (level, x + dx, y + dy);
  gssize step = (gssize)dy * (gssize)level->stride + dx;

  if (level->flags[place] & PMT_FILL_TARGET)
    try_place (
        level, size, patch,
        (guint32)(field[pmt_fill_box_index (level, x + dx, y + dy)] - step),
        best);
}

ALWAYS_INLINE void
try_random (const PmtFillLevel *level,
            gint size,
            const Patch *patch,
            gint radius,
            guint32 nonce,
            guint32 key,
            Match *best)
{
  for (guint32 i = 0; radius >= 1; radius /= 2, i++)
    {
      guint32 r = pmt_fill_hash (nonce + i, key);
      gint span = 2 * radius + 1;
      gint dx = (gint)((r & 0xFFFF) * (guint64)span >> 16) - radius;
      gint dy = (gint)((r >> 16) * (guint64)span >> 16) - radius;
      gint x = (gint)(best->place % level->stride) - PMT_FILL_PAD + dx;
      gint y = (gint)(best->place / level->stride) - PMT_FILL_PAD + dy;

      if (x < 0 || y < 0 || x >= level->width || y >= level->height)
        continue;
      try_place (level, size, patch, (guint32)pmt_fill_place (level, x, y),
                 best);
    }
}

/* Tries what continues the matches of some other targets, wherever they are:
 * a few shifts, those of a pattern, are right in many places. */
ALWAYS_INLINE void
try_borrowed (const PmtFillLevel *level,
              gint size,
              const Patch *patch,
              guint32 nonce,
              gint x,
              gint y,
              Match *best)
{
  const GeglRectangle *box = &level->box;
  gsize place = pmt_fill_place (level, x, y);

  for (guint32 i = 0; i < N_BORROWED; i++)
    {
      guint32 r = pmt_fill_hash (nonce + 31u - i, (guint32)place);
      gint i_x = (gint)((r & 0xFFFF) * (guint64)box->width >> 16);
      gint i_y = (gint)((r >> 16) * (guint64)box->height >> 16);
      gsize other = pmt_fill_place (level, box->x + i_x, box->y + i_y);

      if (level->flags[other] & PMT_FILL_TARGET)
        try_place (level, size, patch,
                   (guint32)(level->field[pmt_fill_box_index (
                                 level, box->x + i_x, box->y + i_y)]
                             + place - other),
                   best);
    }
}

/* Where a pixel's neighbours are read from: inside the band the new field,
 * outside it the old one, so that bands do not depend on each other. */
typedef struct
{
  gint first;
  gint end;
  gint dir;
} Band;

ALWAYS_INLINE void
sweep_pixel (const Work *work, gint size, const Band *band, gint x, gint y)
{
  PmtFillLevel *level = work->level;
  const guint32 *old = level->field;
  gsize i = pmt_fill_box_index (level, x, y);
  Patch patch;
  Match best = { old[i], G_MAXFLOAT };
  gint before = y - band->dir;
  guint32 nonce =
      work->search->nonce * 32u + work->run->options.seed * 0x632BE5ABu;

  unpack_patch (level, size, pmt_fill_place (level, x, y), &patch);
  best.cost = compare (level, size, &patch, best.place, G_MAXFLOAT);
  try_neighbour (level, size, &patch, level->next, x, y, -band->dir, 0, &best);
  try_neighbour (level, size, &patch,
                 before >= band->first && before < band->end ? level->next
                                                             : old,
                 x, y, 0, -band->dir, &best);
  try_neighbour (level, size, &patch, old, x, y, band->dir, 0, &best);
  try_neighbour (level, size, &patch, old, x, y, 0, band->dir, &best);
  if (work->search->radius > REFINE_RADIUS)
    try_borrowed (level, size, &patch, nonce, x, y, &best);
  try_random (level, size, &patch, work->search->radius, nonce,
              (guint32)pmt_fill_place (level, x, y), &best);
  level->next[i] = best.place;
  level->cost[i] = best.cost / (gfloat)MAX (patch.n, 1);
}

ALWAYS_INLINE void
sweep_band (gint task, const Work *work, gint size)
{
  PmtFillLevel *level = work->level;
  const GeglRectangle *box = &level->box;
  gint shift = work->search->nonce & 2 ? PMT_FILL_BAND / 2 : 0;
  gint first = box->y + task * PMT_FILL_BAND - shift;
  Band band = { MAX (first, box->y),
                MIN (first + PMT_FILL_BAND, box->y + box->height),
                work->search->nonce & 1 ? -1 : 1 };
  gint n_rows = band.end - band.first;

  for (gint j = 0; j < n_rows; j++)
    {
      gint y = band.dir > 0 ? band.first + j : band.end - 1 - j;

      if (pmt_fill_cancelled (work->run))
        return;
      for (gint i = 0; i < box->width; i++)
        {
          gint x = box->x + (band.dir > 0 ? i : box->width - 1 - i);

          if (level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_TARGET)
            sweep_pixel (work, size, &band, x, y);
        }
    }
}

/* The usual patch sizes get loops of known length. */
PMT_FILL_HOT static void
sweep_band_7 (gint task, gpointer data)
{
  sweep_band (task, data, 7);
}

PMT_FILL_HOT static void
sweep_band_any (gint task, gpointer data)
{
  const Work *work = data;

  sweep_band (task, work, work->run->patch);
}

/**
 * One pass of propagation and random search over the targets.
 * Source: Barnes et al. 2009, section 3.
 */
void
pmt_fill_match_sweep (const PmtFillRun *run,
                      PmtFillLevel *level,
                      const PmtFillSearch *search)
{
  Work work = { run, level, search };
  guint32 *field = level->field;

  /* One more band, because every other pass is shifted by half a band. */
  pmt_parallel_run (run->options.threads,
                    pmt_fill_bands (level->box.height) + 1,
                    run->patch == 7 ? sweep_band_7 : sweep_band_any, &work);
  level->field = level->next;
  level->next = field;
}

ALWAYS_INLINE void
measure_band (gint task, const Work *work, gint size)
{
  PmtFillLevel *level = work->level;
  const GeglRectangle *box = &level->box;
  gint first = box->y + task * PMT_FILL_BAND;
  gint end = MIN (first + PMT_FILL_BAND, box->y + box->height);

  for (gint y = first; y < end && !pmt_fill_cancelled (work->run); y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      {
        gsize i = pmt_fill_box_index (level, x, y);
        Patch patch;

        if (!(level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_TARGET))
          continue;
        unpack_patch (level, size, pmt_fill_place (level, x, y), &patch);
        level->cost[i] =
            compare (level, size, &patch, level->field[i], G_MAXFLOAT)
            / (gfloat)MAX (patch.n, 1);
      }
}

PMT_FILL_HOT static void
measure_band_any (gint task, gpointer data)
{
  const Work *work = data;

  measure_band (task, work, work->run->patch);
}

/**
 * Brings the costs of the field up to date.
 */
void
pmt_fill_match_measure (const PmtFillRun *run, PmtFillLevel *level)
{
  Work work = { run, level };

  pmt_parallel_run (run->options.threads, pmt_fill_bands (level->box.height),
                    measure_band_any, &work);
}

/* Looks around the best match for a better one, as long as there is one. */
ALWAYS_INLINE void
descend (const PmtFillLevel *level, gint size, const Patch *patch, Match *best)
{
  for (gint step = 4; step >= 1; step /= 2)
    {
      guint32 center = best->place;

      for (gint dy = -step; dy <= step; dy += step)
        for (gint dx = -step; dx <= step; dx += step)
          try_place (
              level, size, patch,
              (guint32)(center + (gssize)dy * (gssize)level->stride + dx),
              best);
    }
}

#define CHUNK 16

PMT_FILL_HOT static void
thorough_chunk (gint task, gpointer data)
{
  const Work *work = data;
  PmtFillLevel *level = work->level;
  gint size = work->run->patch;
  gsize end = MIN ((gsize)(task + 1) * CHUNK, work->n_targets);

  for (gsize k = (gsize)task * CHUNK; k < end; k++)
    {
      guint32 place = work->targets[k];
      gint x = (gint)(place % level->stride) - PMT_FILL_PAD;
      gint y = (gint)(place / level->stride) - PMT_FILL_PAD;
      gsize i = pmt_fill_box_index (level, x, y);
      guint32 phase = pmt_fill_hash (work->nonce, place);
      Patch patch;
      Match best;

      if (pmt_fill_cancelled (work->run))
        return;
      if (level->texture)
        pmt_fill_features_average_place (work->run, level, place);
      unpack_patch (level, size, place, &patch);
      best.place = level->field[i] ? level->field[i]
                                   : level->centers[phase % level->n_centers];
      best.cost = compare (level, size, &patch, best.place, G_MAXFLOAT);
      for (gsize c = phase % work->step; c < level->n_centers; c += work->step)
        try_place (level, size, &patch, level->centers[c], &best);
      descend (level, size, &patch, &best);
      level->field[i] = best.place;
      level->cost[i] = best.cost / (gfloat)MAX (patch.n, 1);
    }
}

/**
 * Compares each of @targets with all listed centers, or with an even sample
 * of them where that would be more than @max_tries comparisons in all.
 */
void
pmt_fill_match_thorough (const PmtFillRun *run,
                         PmtFillLevel *level,
                         const guint32 *targets,
                         gsize n_targets,
                         gsize max_tries,
                         guint32 nonce)
{
  gsize per_target = MAX (max_tries / MAX (n_targets, 1), 32);
  Work work = { run,
                level,
                NULL,
                targets,
                n_targets,
                MAX (level->n_centers / per_target, 1),
                nonce + run->options.seed * 0x632BE5ABu };

  pmt_parallel_run (run->options.threads,
                    (gint)((n_targets + CHUNK - 1) / CHUNK), thorough_chunk,
                    &work);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* membrane.c: a smooth field through values known in some cells. */
#include "config.h"

#include "image/color-match.h"

#include <string.h>

/* Relaxation steps after the coarser level's result, finest level first: what
 * is left to do gets less from level to level, and costs four times as much. */
static const gint sweeps[] = { 1, 8, 16, 24 };

/* Pull of a known value against that of a neighbour. */
#define DATA_PULL 4.0f

#define MAX_LEVELS 32

/* Three colors, and one for the processor's sake. */
#define N 4

/*
 * Node: a cell of one level.
 * @data: what is known, weighted; @sure: the weight, 0..1
 * @scale: 1 / (what @data and the neighbors count together); 0 outside of
 *   what was changed, and where there is neither
 */
typedef struct
{
  gfloat data[N];
  gfloat sure;
  gfloat scale;
  gboolean is_inside;
} Node;

/* Level: @nodes is [height, width]; @x, the field, has a node more at each
 * side, [height + 2, width + 2, N].  It is 0 where nothing was changed, so that
 * such neighbors add nothing. */
typedef struct
{
  gint width;
  gint height;
  Node *nodes;
  gfloat *x;
} Level;

/* Levels: finest first. */
typedef struct
{
  gint n;
  Level level[MAX_LEVELS];
} Levels;

static void
levels_clear (Levels *levels)
{
  for (gint i = 0; i < MAX_LEVELS; i++)
    {
      g_clear_pointer (&levels->level[i].nodes, g_free);
      g_clear_pointer (&levels->level[i].x, g_free);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Levels, levels_clear)

static inline Node *
node_at (const Level *level, gint x, gint y)
{
  return &level->nodes[(gsize)y * level->width + x];
}

static inline gfloat *
value_at (const Level *level, gint x, gint y)
{
  return level->x + N * ((gsize)(y + 1) * (level->width + 2) + x + 1);
}

static gboolean
add_level (Levels *levels, gint width, gint height, GError **error)
{
  Level *level = &levels->level[levels->n];

  level->width = width;
  level->height = height;
  level->nodes = pmt_image_alloc (width, height, sizeof (Node), error);
  if (!level->nodes)
    return FALSE;
  level->x =
      pmt_image_alloc (width + 2, height + 2, N * sizeof (gfloat), error);
  if (!level->x)
    return FALSE;
  levels->n++;
  return TRUE;
}

static void
init_finest (Level *level, const PmtMatch *match, const PmtMatchShift *shifts)
{
  const gsize n = (gsize)level->width * level->height;

  for (gsize i = 0; i < n; i++)
    {
      Node *node = &level->nodes[i];

      node->is_inside = match->cells[i * 2 + 1].n > 0.0f;
      node->sure = shifts[i].weight;
      for (gint c = 0; c < 3; c++)
        node->data[c] = shifts[i].value[c] * node->sure;
    }
}

/* Four nodes of the finer level become one; what is known adds up. */
static void
coarsen (const Level *fine, Level *coarse)
{
  for (gint y = 0; y < fine->height; y++)
    for (gint x = 0; x < fine->width; x++)
      {
        const Node *from = node_at (fine, x, y);
        Node *to = node_at (coarse, x / 2, y / 2);

        to->is_inside |= from->is_inside;
        to->sure += from->sure;
        for (gint c = 0; c < 3; c++)
          to->data[c] += from->data[c];
      }
}

static gint
count_neighbors (const Level *level, gint x, gint y)
{
  return (x > 0 && node_at (level, x - 1, y)->is_inside)
         + (x < level->width - 1 && node_at (level, x + 1, y)->is_inside)
         + (y > 0 && node_at (level, x, y - 1)->is_inside)
         + (y < level->height - 1 && node_at (level, x, y + 1)->is_inside);
}

/* When all levels are there. */
static void
weigh_nodes (Level *level)
{
  for (gint y = 0; y < level->height; y++)
    for (gint x = 0; x < level->width; x++)
      {
        Node *node = node_at (level, x, y);
        gfloat total;

        for (gint c = 0; c < 3; c++)
          node->data[c] *= DATA_PULL;
        if (!node->is_inside)
          continue;
        total = DATA_PULL * node->sure + (gfloat)count_neighbors (level, x, y);
        node->scale = total > 0.0f ? 1.0f / total : 0.0f;
      }
}

/* The mean of what is known, everywhere. */
static void
start_coarsest (const Level *level)
{
  gfloat mean[N] = { 0.0f };
  gfloat sure = 0.0f;

  for (gsize i = 0; i < (gsize)level->width * level->height; i++)
    {
      sure += level->nodes[i].sure;
      for (gint c = 0; c < 3; c++)
        mean[c] += level->nodes[i].data[c] / DATA_PULL;
    }
  for (gint y = 0; y < level->height; y++)
    for (gint x = 0; x < level->width; x++)
      for (gint c = 0; c < 3; c++)
        if (node_at (level, x, y)->is_inside)
          value_at (level, x, y)[c] = sure > 0.0f ? mean[c] / sure : 0.0f;
}

static void
refine (const Level *coarse, const Level *fine)
{
  for (gint y = 0; y < fine->height; y++)
    for (gint x = 0; x < fine->width; x++)
      if (node_at (fine, x, y)->is_inside)
        memcpy (value_at (fine, x, y), value_at (coarse, x / 2, y / 2),
                N * sizeof (gfloat));
}

/* Gauss-Seidel for every second node of a row, from @x on. */
static void
relax_row (const Level *level, gint x, gint y)
{
  const gsize stride = N * ((gsize)level->width + 2);

  for (; x < level->width; x += 2)
    {
      const Node *node = node_at (level, x, y);
      const gfloat scale = node->scale;
      gfloat *value = value_at (level, x, y);
      gfloat made[N];

      if (scale == 0.0f)
        continue;
      for (gint c = 0; c < N; c++)
        made[c] = ((value - N)[c] + value[N + c] + (value - stride)[c]
                   + value[stride + c] + node->data[c])
                  * scale;
      memcpy (value, made, sizeof made);
    }
}

/* Red-black order: no direction is preferred. */
static void
relax (const Level *level, gint n_sweeps)
{
  for (gint sweep = 0; sweep < 2 * n_sweeps; sweep++)
    for (gint y = 0; y < level->height; y++)
      relax_row (level, (y + sweep) & 1, y);
}

static gboolean
build_levels (Levels *levels,
              const PmtMatch *match,
              const PmtMatchShift *shifts,
              GError **error)
{
  if (!add_level (levels, match->width, match->height, error))
    return FALSE;
  init_finest (&levels->level[0], match, shifts);
  while (levels->n < MAX_LEVELS)
    {
      const Level *fine = &levels->level[levels->n - 1];

      if (fine->width == 1 && fine->height == 1)
        break;
      if (!add_level (levels, (fine->width + 1) / 2, (fine->height + 1) / 2,
                      error))
        return FALSE;
      coarsen (fine, &levels->level[levels->n - 1]);
    }
  for (gint i = 0; i < levels->n; i++)
    weigh_nodes (&levels->level[i]);
  return TRUE;
}

gboolean
pmt_membrane_spread (const PmtMatch *match,
                     PmtMatchShift *shifts,
                     GError **error)
{
  g_auto (Levels) levels = { 0 };
  const Level *finest = &levels.level[0];

  if (!build_levels (&levels, match, shifts, error))
    return FALSE;
  start_coarsest (&levels.level[levels.n - 1]);
  for (gint i = levels.n - 1; i >= 0; i--)
    {
      if (i < levels.n - 1)
        refine (&levels.level[i + 1], &levels.level[i]);
      relax (&levels.level[i],
             sweeps[MIN (i, (gint)G_N_ELEMENTS (sweeps) - 1)]);
    }
  for (gint y = 0; y < finest->height; y++)
    for (gint x = 0; x < finest->width; x++)
      memcpy (shifts[(gsize)y * finest->width + x].value,
              value_at (finest, x, y), 3 * sizeof (gfloat));
  return TRUE;
}

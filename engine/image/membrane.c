/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* membrane.c: a smooth field through values known in some cells. */
#include "config.h"

#include "image/color-match.h"

#include <string.h>

/* Relaxation steps on every level, after the coarser level's result. */
#define SWEEPS 24

/* Pull of a known value against that of a neighbour. */
#define DATA_PULL 4.0f

#define MAX_LEVELS 32

/*
 * Node: a cell of one level.
 * @x: the field
 * @data: what is known, weighted; @sure: the weight, 0..1
 * @is_inside: has changed pixels
 */
typedef struct
{
  gfloat x[3];
  gfloat data[3];
  gfloat sure;
  gboolean is_inside;
} Node;

typedef struct
{
  gint width;
  gint height;
  Node *nodes;
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
  for (gint i = 0; i < levels->n; i++)
    g_clear_pointer (&levels->level[i].nodes, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Levels, levels_clear)

static gboolean
add_level (Levels *levels, gint width, gint height, GError **error)
{
  Level *level = &levels->level[levels->n];

  level->width = width;
  level->height = height;
  level->nodes = pmt_image_alloc (width, height, sizeof (Node), error);
  if (!level->nodes)
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
        const Node *from = &fine->nodes[(gsize)y * fine->width + x];
        Node *to = &coarse->nodes[(gsize)(y / 2) * coarse->width + x / 2];

        to->is_inside |= from->is_inside;
        to->sure += from->sure;
        for (gint c = 0; c < 3; c++)
          to->data[c] += from->data[c];
      }
}

/* The mean of what is known, everywhere. */
static void
start_coarsest (Level *level)
{
  const gsize n = (gsize)level->width * level->height;
  gfloat mean[3] = { 0.0f, 0.0f, 0.0f };
  gfloat sure = 0.0f;

  for (gsize i = 0; i < n; i++)
    {
      sure += level->nodes[i].sure;
      for (gint c = 0; c < 3; c++)
        mean[c] += level->nodes[i].data[c];
    }
  for (gsize i = 0; i < n; i++)
    for (gint c = 0; c < 3; c++)
      level->nodes[i].x[c] = sure > 0.0f ? mean[c] / sure : 0.0f;
}

static void
refine (const Level *coarse, Level *fine)
{
  for (gint y = 0; y < fine->height; y++)
    for (gint x = 0; x < fine->width; x++)
      memcpy (fine->nodes[(gsize)y * fine->width + x].x,
              coarse->nodes[(gsize)(y / 2) * coarse->width + x / 2].x,
              3 * sizeof (gfloat));
}

/* Gauss-Seidel at one node: neighbours inside, and what is known here. */
static void
relax_node (Level *level, gint x, gint y)
{
  static const gint steps[4][2] = { { -1, 0 }, { 1, 0 }, { 0, -1 }, { 0, 1 } };
  Node *node = &level->nodes[(gsize)y * level->width + x];
  gfloat total = DATA_PULL * node->sure;
  gfloat sum[3];

  for (gint c = 0; c < 3; c++)
    sum[c] = DATA_PULL * node->data[c];
  for (gint k = 0; k < 4; k++)
    {
      const gint i = x + steps[k][0];
      const gint j = y + steps[k][1];
      const Node *beside;

      if (i < 0 || j < 0 || i >= level->width || j >= level->height)
        continue;
      beside = &level->nodes[(gsize)j * level->width + i];
      if (!beside->is_inside)
        continue;
      total += 1.0f;
      for (gint c = 0; c < 3; c++)
        sum[c] += beside->x[c];
    }
  for (gint c = 0; c < 3 && total > 0.0f; c++)
    node->x[c] = sum[c] / total;
}

/* Red-black order: no direction is preferred. */
static void
relax (Level *level)
{
  for (gint sweep = 0; sweep < 2 * SWEEPS; sweep++)
    for (gint y = 0; y < level->height; y++)
      for (gint x = (y + sweep) & 1; x < level->width; x += 2)
        if (level->nodes[(gsize)y * level->width + x].is_inside)
          relax_node (level, x, y);
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
      relax (&levels.level[i]);
    }
  for (gsize i = 0; i < (gsize)finest->width * finest->height; i++)
    memcpy (shifts[i].value, finest->nodes[i].x, sizeof shifts[i].value);
  return TRUE;
}

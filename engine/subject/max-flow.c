/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * max-flow.c: two trees grow from source and sink until they touch; the path
 * is filled, what is cut off by that finds another parent or falls out.
 */
#include "config.h"

#include "subject/max-flow.h"

#include "image/image-private.h"

/* Of a pixel's parent, beside the directions. */
#define TERMINAL 8
#define ORPHAN 9
#define NONE 10

typedef enum
{
  FREE,
  SOURCE,
  SINK
} Tree;

typedef struct
{
  gint width;
  gint height;
  gint n;
  gfloat *terminals;
  gfloat *links;
  guint8 *tree;
  guint8 *parent;
  guint8 *is_active;
  gint *stamps;
  gint *distances;
  gint *queue;
  gint queue_start;
  gint queue_length;
  GArray *orphans;
  guint next_orphan;
  gint time;
  gint offsets[PMT_FLOW_NEIGHBORS];
} Flow;

static void
flow_clear (Flow *flow)
{
  g_free (flow->tree);
  g_free (flow->parent);
  g_free (flow->is_active);
  g_free (flow->stamps);
  g_free (flow->distances);
  g_free (flow->queue);
  g_clear_pointer (&flow->orphans, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flow, flow_clear)

/* ------------------------------------------------------------- helpers -- */

/* Neighbor of @p, or -1. */
static inline gint
neighbor (const Flow *flow, gint p, gint direction)
{
  const gint x = p % flow->width;
  gint dx;
  gint dy;
  gint q;

  pmt_flow_offset (direction, &dx, &dy);
  if (x + dx < 0 || x + dx >= flow->width)
    return -1;
  q = p + flow->offsets[direction];
  return q < 0 || q >= flow->n ? -1 : q;
}

static inline gfloat *
link_of (const Flow *flow, gint p, gint direction)
{
  return &flow->links[(gsize)p * PMT_FLOW_NEIGHBORS + direction];
}

/* What may still flow between @p and its neighbor @q, in the sense of @tree:
 * away from the source, towards the sink. */
static inline gfloat *
residual (const Flow *flow, Tree tree, gint p, gint direction, gint q)
{
  return tree == SOURCE ? link_of (flow, p, direction)
                        : link_of (flow, q, 7 - direction);
}

static void
activate (Flow *flow, gint p)
{
  if (flow->is_active[p])
    return;
  flow->is_active[p] = 1;
  flow->queue[(flow->queue_start + flow->queue_length++) % flow->n] = p;
}

static gint
take_active (Flow *flow)
{
  while (flow->queue_length > 0)
    {
      const gint p = flow->queue[flow->queue_start];

      flow->queue_start = (flow->queue_start + 1) % flow->n;
      flow->queue_length--;
      flow->is_active[p] = 0;
      if (flow->tree[p] != FREE)
        return p;
    }
  return -1;
}

static void
make_orphan (Flow *flow, gint p)
{
  flow->parent[p] = ORPHAN;
  g_array_append_val (flow->orphans, p);
}

/* -------------------------------------------------------------- growing -- */

/* Returns: the direction in which the other tree was met, or -1. */
static gint
grow (Flow *flow, gint p)
{
  const Tree tree = flow->tree[p];

  for (gint d = 0; d < PMT_FLOW_NEIGHBORS; d++)
    {
      const gint q = neighbor (flow, p, d);

      if (q < 0 || !(*residual (flow, tree, p, d, q) > 0.0f))
        continue;
      if (flow->tree[q] == FREE)
        {
          flow->tree[q] = tree;
          flow->parent[q] = (guint8)(7 - d);
          flow->stamps[q] = flow->stamps[p];
          flow->distances[q] = flow->distances[p] + 1;
          activate (flow, q);
        }
      else if (flow->tree[q] != tree)
        return d;
      else if (flow->stamps[q] <= flow->stamps[p]
               && flow->distances[q] > flow->distances[p])
        {
          flow->parent[q] = (guint8)(7 - d);
          flow->stamps[q] = flow->stamps[p];
          flow->distances[q] = flow->distances[p] + 1;
        }
    }
  return -1;
}

/* ------------------------------------------------------------ augmenting -- */

/* Least of what may flow between @p and the root of its tree. */
static gfloat
find_bottleneck (const Flow *flow, gint p, gfloat least)
{
  const Tree tree = flow->tree[p];

  while (flow->parent[p] != TERMINAL)
    {
      const gint d = flow->parent[p];
      const gint q = p + flow->offsets[d];

      least = MIN (least, *residual (flow, tree, q, 7 - d, p));
      p = q;
    }
  return MIN (least, tree == SOURCE ? flow->terminals[p] : -flow->terminals[p]);
}

static void
push (Flow *flow, gint p, gfloat amount)
{
  const Tree tree = flow->tree[p];

  while (flow->parent[p] != TERMINAL)
    {
      const gint d = flow->parent[p];
      const gint q = p + flow->offsets[d];
      gfloat *towards = residual (flow, tree, q, 7 - d, p);
      gfloat *back =
          tree == SOURCE ? link_of (flow, p, d) : link_of (flow, q, 7 - d);

      *towards -= amount;
      *back += amount;
      if (!(*towards > 0.0f))
        make_orphan (flow, p);
      p = q;
    }
  flow->terminals[p] += tree == SOURCE ? -amount : amount;
  if (tree == SOURCE ? !(flow->terminals[p] > 0.0f)
                     : !(flow->terminals[p] < 0.0f))
    make_orphan (flow, p);
}

/* @p and its neighbor in @direction are in different trees. */
static void
augment (Flow *flow, gint p, gint direction)
{
  const gint q = p + flow->offsets[direction];
  const gint from = flow->tree[p] == SOURCE ? p : q;
  const gint to = from == p ? q : p;
  const gint d = from == p ? direction : 7 - direction;
  gfloat *bridge = link_of (flow, from, d);
  gfloat amount = find_bottleneck (flow, from, *bridge);

  amount = find_bottleneck (flow, to, amount);
  *bridge -= amount;
  *link_of (flow, to, 7 - d) += amount;
  push (flow, from, amount);
  push (flow, to, amount);
}

/* -------------------------------------------------------------- adopting -- */

/* Distance of @p from its root; G_MAXINT: it has none any more. */
static gint
origin_distance (Flow *flow, gint p)
{
  gint distance = 0;
  gint q = p;

  /* Up to the root, or to a pixel that is known from this round. */
  while (flow->stamps[q] != flow->time && flow->parent[q] < TERMINAL)
    {
      distance++;
      q += flow->offsets[flow->parent[q]];
    }
  if (flow->parent[q] >= ORPHAN)
    return G_MAXINT;
  if (flow->stamps[q] != flow->time)
    {
      flow->stamps[q] = flow->time;
      flow->distances[q] = 1;
    }
  distance += flow->distances[q];
  for (gint k = distance; flow->stamps[p] != flow->time;)
    {
      flow->stamps[p] = flow->time;
      flow->distances[p] = k--;
      p += flow->offsets[flow->parent[p]];
    }
  return distance;
}

static void
release (Flow *flow, gint p)
{
  const Tree tree = flow->tree[p];

  for (gint d = 0; d < PMT_FLOW_NEIGHBORS; d++)
    {
      const gint q = neighbor (flow, p, d);

      if (q < 0 || flow->tree[q] != tree)
        continue;
      if (*residual (flow, tree, q, 7 - d, p) > 0.0f)
        activate (flow, q);
      if (flow->parent[q] == 7 - d)
        make_orphan (flow, q);
    }
  flow->tree[p] = FREE;
  flow->parent[p] = NONE;
}

static void
adopt (Flow *flow, gint p)
{
  const Tree tree = flow->tree[p];
  gint best = -1;
  gint best_distance = G_MAXINT;

  for (gint d = 0; d < PMT_FLOW_NEIGHBORS; d++)
    {
      const gint q = neighbor (flow, p, d);
      gint distance;

      if (q < 0 || flow->tree[q] != tree || flow->parent[q] >= ORPHAN
          || !(*residual (flow, tree, q, 7 - d, p) > 0.0f))
        continue;
      distance = origin_distance (flow, q);
      if (distance < best_distance)
        {
          best = d;
          best_distance = distance;
        }
    }
  if (best < 0)
    {
      release (flow, p);
      return;
    }
  flow->parent[p] = (guint8)best;
  flow->stamps[p] = flow->time;
  flow->distances[p] = best_distance + 1;
}

static void
adopt_orphans (Flow *flow)
{
  while (flow->next_orphan < flow->orphans->len)
    adopt (flow, g_array_index (flow->orphans, gint, flow->next_orphan++));
  flow->next_orphan = 0;
  g_array_set_size (flow->orphans, 0);
}

/* ---------------------------------------------------------------- whole -- */

static gboolean
flow_init (Flow *flow, GError **error)
{
  const gint w = flow->width;
  const gint h = flow->height;

  flow->n = w * h;
  flow->tree = pmt_image_alloc (w, h, 1, error);
  if (flow->tree == NULL)
    return FALSE;
  flow->parent = pmt_image_alloc (w, h, 1, error);
  if (flow->parent == NULL)
    return FALSE;
  flow->is_active = pmt_image_alloc (w, h, 1, error);
  if (flow->is_active == NULL)
    return FALSE;
  flow->stamps = pmt_image_alloc (w, h, sizeof (gint), error);
  if (flow->stamps == NULL)
    return FALSE;
  flow->distances = pmt_image_alloc (w, h, sizeof (gint), error);
  if (flow->distances == NULL)
    return FALSE;
  flow->queue = pmt_image_alloc (w, h, sizeof (gint), error);
  if (flow->queue == NULL)
    return FALSE;
  flow->orphans = g_array_new (FALSE, FALSE, sizeof (gint));
  for (gint d = 0; d < PMT_FLOW_NEIGHBORS; d++)
    {
      gint dx;
      gint dy;

      pmt_flow_offset (d, &dx, &dy);
      flow->offsets[d] = dy * w + dx;
    }
  for (gint p = 0; p < flow->n; p++)
    {
      flow->parent[p] = NONE;
      if (flow->terminals[p] == 0.0f)
        continue;
      flow->tree[p] = flow->terminals[p] > 0.0f ? SOURCE : SINK;
      flow->parent[p] = TERMINAL;
      flow->distances[p] = 1;
      activate (flow, p);
    }
  return TRUE;
}

gboolean
pmt_max_flow (gint width,
              gint height,
              gfloat *terminals,
              gfloat *links,
              guint8 *is_source,
              GCancellable *cancellable,
              GError **error)
{
  g_auto (Flow) flow = {
    .width = width, .height = height, .terminals = terminals, .links = links
  };
  gint p;

  if (!flow_init (&flow, error))
    return FALSE;
  while ((p = take_active (&flow)) >= 0)
    {
      gint direction;

      while (flow.tree[p] != FREE && (direction = grow (&flow, p)) >= 0)
        {
          flow.time++;
          augment (&flow, p, direction);
          adopt_orphans (&flow);
          if ((flow.time & 1023) == 0
              && g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
        }
    }
  for (p = 0; p < flow.n; p++)
    is_source[p] = flow.tree[p] == SOURCE;
  return TRUE;
}

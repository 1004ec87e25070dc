/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * tile.c: a rectangle in pieces that a network can take.  The two directions
 * are planned alike and independently; only the choice of how many columns
 * and rows there are looks at both.
 */
#include "config.h"

#include "image/tile.h"

/* Inner sides below this cost more in overlap than they can save. */
#define MIN_INNER 16

/* More tiles than this in one direction are never tried. */
#define MAX_TILES 16384

static gint
round_up (gint value, gint multiple)
{
  return (value + multiple - 1) / multiple * multiple;
}

static gint
floor_div (gint value, gint by)
{
  return value >= 0 ? value / by : -((-value + by - 1) / by);
}

gint
pmt_tile_mirror (gint at, gint start, gint length)
{
  gint64 offset = ((gint64)at - start) % (2 * (gint64)length);

  if (offset < 0)
    offset += 2 * (gint64)length;
  if (offset >= length)
    offset = 2 * (gint64)length - 1 - offset;
  return start + (gint)offset;
}

/* ----------------------------------------------------------- directions -- */

/*
 * A network of fixed size looks at cells of a grid that starts at the
 * picture's corner, so that a part gives the same pixels as the whole.
 */
static void
axis_init_fixed (PmtTileAxis *axis, gint picture_start)
{
  /* At most a quarter of what it sees is overlap on each side. */
  axis->overlap = MIN (axis->overlap, axis->fixed / 4);
  axis->blend = MIN (axis->blend, axis->fixed / 8);
  axis->step = MAX (axis->fixed - 2 * axis->overlap - axis->blend, 1);
  axis->first =
      picture_start
      + floor_div (axis->start - picture_start, axis->step) * axis->step;
  axis->n =
      (axis->start + axis->length - axis->first + axis->step - 1) / axis->step;
}

static void
axis_init (PmtTileAxis *axis,
           const PmtTileOptions *options,
           gboolean is_vertical,
           gint fixed)
{
  const GeglRectangle *rect = &options->rect;
  const GeglRectangle *picture = &options->picture;
  const gint picture_start = is_vertical ? picture->y : picture->x;
  const gint picture_length = is_vertical ? picture->height : picture->width;

  axis->start = is_vertical ? rect->y : rect->x;
  axis->length = is_vertical ? rect->height : rect->width;
  axis->pad_start = picture_start - options->pad;
  axis->pad_length =
      round_up (picture_length + 2 * options->pad, options->multiple);
  axis->fixed = fixed;
  axis->overlap = options->overlap;
  axis->blend = options->blend;
  axis->multiple = options->multiple;
  axis->align = options->align;
  if (fixed)
    axis_init_fixed (axis, picture_start);
}

/* First coordinate that tile @k produces; that of n is the end. */
static gint
axis_boundary (const PmtTileAxis *axis, gint k)
{
  if (!axis->fixed)
    return axis->start + (gint)((gint64)axis->length * k / axis->n);
  return CLAMP (axis->first + k * axis->step, axis->start,
                axis->start + axis->length);
}

static void
axis_get (const PmtTileAxis *axis,
          gint k,
          gint *inner,
          gint *inner_length,
          gint *reach_length,
          gint *outer,
          gint *outer_length)
{
  const gint end = axis->start + axis->length;
  const gint from = axis_boundary (axis, k);
  const gint to = axis_boundary (axis, k + 1);
  const gint reach = k == axis->n - 1 ? to : MIN (to + axis->blend, end);
  gint seen_from = from - axis->overlap - axis->pad_start;
  gint seen_to = reach + axis->overlap - axis->pad_start;

  *inner = from;
  *inner_length = to - from;
  *reach_length = reach - from;
  if (axis->fixed)
    {
      *outer = axis->first + k * axis->step - axis->overlap;
      *outer_length = axis->fixed;
      return;
    }
  seen_from = MAX (floor_div (seen_from, axis->align) * axis->align, 0);
  seen_to = MIN (round_up (seen_to, axis->multiple), axis->pad_length);
  *outer = axis->pad_start + seen_from;
  *outer_length = seen_to - seen_from;
}

/* Longest stretch that the network sees with @n tiles, or a little more. */
static gint
axis_seen (const PmtTileAxis *axis, gint n)
{
  const gint inner = (axis->length + n - 1) / n;
  const gint margin = 2 * axis->overlap + (n > 1 ? axis->blend : 0);

  if (axis->fixed)
    return axis->fixed;
  return MIN (round_up (inner + margin + axis->align, axis->multiple),
              axis->pad_length);
}

/* What the network sees with @n tiles in all, nearly. */
static gint64
axis_total (const PmtTileAxis *axis, gint n)
{
  const gint64 once = MIN (axis->length + 2 * axis->overlap, axis->pad_length);

  if (axis->fixed)
    return (gint64)axis->fixed * n;
  return once + (n - 1) * (gint64)(2 * axis->overlap + axis->blend);
}

static gint
axis_most (const PmtTileAxis *axis)
{
  const gint inner = MAX (MIN_INNER, MAX (axis->multiple, 2 * axis->blend));

  if (axis->fixed)
    return axis->n;
  return CLAMP (axis->length / inner, 1, MAX_TILES);
}

static gint
axis_fewest (const PmtTileAxis *axis, gint max_side)
{
  if (axis->fixed)
    return axis->n;
  if (max_side <= 0)
    return 1;
  return MIN ((axis->length + max_side - 1) / max_side, axis_most (axis));
}

/* ----------------------------------------------------------------- plan -- */

/* Fewest rows, from *@rows on, with which @columns tiles fit; FALSE: none. */
static gboolean
find_rows (const PmtTilePlan *plan, gint columns, gint64 limit, gint *rows)
{
  const gint64 width = axis_seen (&plan->x, columns);
  gint low = *rows;
  gint high = axis_most (&plan->y);

  if (limit <= 0 || width * axis_seen (&plan->y, low) <= limit)
    return TRUE;
  if (high < low || width * axis_seen (&plan->y, high) > limit)
    return FALSE;
  while (low + 1 < high)
    {
      const gint middle = low + (high - low) / 2;

      if (width * axis_seen (&plan->y, middle) <= limit)
        high = middle;
      else
        low = middle;
    }
  *rows = high;
  return TRUE;
}

void
pmt_tile_plan_init (PmtTilePlan *plan, const PmtTileOptions *options)
{
  gint64 best = G_MAXINT64;
  gint fewest_x;
  gint fewest_y;
  gint most_x;

  *plan = (PmtTilePlan){ 0 };
  axis_init (&plan->x, options, FALSE, options->fixed_width);
  axis_init (&plan->y, options, TRUE, options->fixed_height);
  /* Cells are not equally large in both directions; fading is. */
  plan->x.blend = plan->y.blend = MIN (plan->x.blend, plan->y.blend);
  fewest_x = axis_fewest (&plan->x, options->max_side);
  fewest_y = axis_fewest (&plan->y, options->max_side);
  most_x = axis_most (&plan->x);

  /* The smallest tiles, where nothing keeps the limits. */
  plan->n_x = most_x;
  plan->n_y = axis_most (&plan->y);
  for (gint columns = fewest_x; columns <= most_x; columns++)
    {
      gint rows = fewest_y;
      gint64 total;

      if (!find_rows (plan, columns, options->max_pixels, &rows))
        continue;
      total = axis_total (&plan->x, columns) * axis_total (&plan->y, rows);
      if (total < best)
        {
          best = total;
          plan->n_x = columns;
          plan->n_y = rows;
        }
      if (rows == fewest_y)
        break;
    }
  plan->x.n = plan->n_x;
  plan->y.n = plan->n_y;
}

void
pmt_tile_plan_get (const PmtTilePlan *plan,
                   gint column,
                   gint row,
                   PmtTile *tile)
{
  axis_get (&plan->x, column, &tile->inner.x, &tile->inner.width,
            &tile->reach.width, &tile->outer.x, &tile->outer.width);
  axis_get (&plan->y, row, &tile->inner.y, &tile->inner.height,
            &tile->reach.height, &tile->outer.y, &tile->outer.height);
  tile->reach.x = tile->inner.x;
  tile->reach.y = tile->inner.y;
}

static void
axis_sum (const PmtTileAxis *axis, gint64 *total, gint *largest, gint *longest)
{
  *total = *largest = *longest = 0;
  for (gint k = 0; k < axis->n; k++)
    {
      gint inner, inner_length, reach_length, outer, outer_length;

      axis_get (axis, k, &inner, &inner_length, &reach_length, &outer,
                &outer_length);
      *total += outer_length;
      *largest = MAX (*largest, outer_length);
      *longest = MAX (*longest, inner_length);
    }
}

gint64
pmt_tile_plan_largest (const PmtTilePlan *plan)
{
  gint64 total;
  gint width, height, longest;

  axis_sum (&plan->x, &total, &width, &longest);
  axis_sum (&plan->y, &total, &height, &longest);
  return (gint64)width * height;
}

gint64
pmt_tile_plan_total (const PmtTilePlan *plan)
{
  gint64 columns, rows;
  gint largest, longest;

  axis_sum (&plan->x, &columns, &largest, &longest);
  axis_sum (&plan->y, &rows, &largest, &longest);
  return columns * rows;
}

gint
pmt_tile_plan_longest (const PmtTilePlan *plan)
{
  gint64 total;
  gint largest, width, height;

  axis_sum (&plan->x, &total, &largest, &width);
  axis_sum (&plan->y, &total, &largest, &height);
  return MAX (width, height);
}

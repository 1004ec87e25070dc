/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-tile.c: a rectangle in pieces. */
#include "config.h"

#include <string.h>

#include "image/tile.h"

static gint
between (GRand *rand, gint low, gint high)
{
  return g_rand_int_range (rand, low, high + 1);
}

static PmtTileOptions
random_options (GRand *rand)
{
  static const gint multiples[] = { 1, 2, 4, 8, 16, 7 };
  PmtTileOptions options = PMT_TILE_OPTIONS_INIT;
  GeglRectangle *picture = &options.picture;
  GeglRectangle *rect = &options.rect;

  gegl_rectangle_set (picture, between (rand, -50, 50), between (rand, -50, 50),
                      between (rand, 1, 300), between (rand, 1, 300));
  rect->x = between (rand, 0, picture->width - 1);
  rect->y = between (rand, 0, picture->height - 1);
  rect->width = between (rand, 1, picture->width - rect->x);
  rect->height = between (rand, 1, picture->height - rect->y);
  rect->x += picture->x;
  rect->y += picture->y;
  options.pad = between (rand, 0, 40);
  options.overlap = between (rand, 0, 30);
  options.blend = between (rand, 0, 1) ? between (rand, 1, 12) : 0;
  options.multiple = multiples[between (rand, 0, 5)];
  options.align = options.multiple * between (rand, 1, 2);
  if (between (rand, 0, 3) == 0)
    options.fixed_width = options.fixed_height = 64;
  options.max_side = between (rand, 0, 1) ? between (rand, 1, 200) : 0;
  options.max_pixels = between (rand, 0, 1) ? between (rand, 1, 40000) : 0;
  return options;
}

static void
count (guint8 *counts, const GeglRectangle *rect, const GeglRectangle *inner)
{
  g_assert_true (gegl_rectangle_contains (rect, inner));
  for (gint y = 0; y < inner->height; y++)
    for (gint x = 0; x < inner->width; x++)
      counts[(gsize)(inner->y + y - rect->y) * rect->width + inner->x + x
             - rect->x]++;
}

/* What is seen beyond a tile: the overlap, or all of the padded picture. */
static void
check_margin (const PmtTileOptions *options,
              gint from,
              gint to,
              gint seen_from,
              gint seen_to,
              gint start,
              gint length)
{
  const gint pad_end = start + length + options->pad;

  g_assert_cmpint (seen_from, <=,
                   MAX (from - options->overlap, start - options->pad));
  g_assert_cmpint (seen_to, >=, MIN (to + options->overlap, pad_end));
  g_assert_cmpint ((seen_to - seen_from) % options->multiple, ==, 0);
  g_assert_cmpint ((seen_from - start + options->pad) % options->align, ==, 0);
}

static void
check_tile (const PmtTileOptions *options, const PmtTile *tile)
{
  const GeglRectangle *picture = &options->picture;
  const GeglRectangle *reach = &tile->reach;
  const GeglRectangle *outer = &tile->outer;

  g_assert_true (gegl_rectangle_contains (reach, &tile->inner));
  g_assert_true (gegl_rectangle_contains (outer, reach));
  if (options->fixed_width)
    {
      g_assert_cmpint (outer->width, ==, options->fixed_width);
      g_assert_cmpint (outer->height, ==, options->fixed_height);
      return;
    }
  check_margin (options, reach->x, reach->x + reach->width, outer->x,
                outer->x + outer->width, picture->x, picture->width);
  check_margin (options, reach->y, reach->y + reach->height, outer->y,
                outer->y + outer->height, picture->y, picture->height);
}

/* Each pixel is produced once, whatever the plan. */
static void
test_cover (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (gint round = 0; round < 2000; round++)
    {
      PmtTileOptions options = random_options (rand);
      const GeglRectangle *rect = &options.rect;
      const gsize n = (gsize)rect->width * rect->height;
      g_autofree guint8 *counts = g_malloc0 (n);
      gint64 total = 0;
      PmtTilePlan plan;
      PmtTile tile;

      pmt_tile_plan_init (&plan, &options);
      for (gint row = 0; row < plan.n_y; row++)
        for (gint column = 0; column < plan.n_x; column++)
          {
            pmt_tile_plan_get (&plan, column, row, &tile);
            check_tile (&options, &tile);
            count (counts, rect, &tile.inner);
            total += (gint64)tile.outer.width * tile.outer.height;
          }
      for (gsize i = 0; i < n; i++)
        g_assert_cmpint (counts[i], ==, 1);
      g_assert_cmpint (total, ==, pmt_tile_plan_total (&plan));
    }
}

/* Neighbours fade over what both of them see. */
static void
test_blend (void)
{
  PmtTileOptions options = PMT_TILE_OPTIONS_INIT;
  PmtTilePlan plan;
  PmtTile tile, next;

  options.rect = options.picture = (GeglRectangle){ 0, 0, 500, 90 };
  options.overlap = 10;
  options.blend = 8;
  options.max_side = 100;
  pmt_tile_plan_init (&plan, &options);
  g_assert_cmpint (plan.n_x, ==, 5);
  g_assert_cmpint (plan.n_y, ==, 1);
  for (gint column = 0; column + 1 < plan.n_x; column++)
    {
      pmt_tile_plan_get (&plan, column, 0, &tile);
      pmt_tile_plan_get (&plan, column + 1, 0, &next);
      g_assert_cmpint (tile.reach.width - tile.inner.width, ==, 8);
      g_assert_cmpint (tile.reach.height, ==, tile.inner.height);
      g_assert_cmpint (tile.inner.x + tile.inner.width, ==, next.inner.x);
      g_assert_cmpint (next.inner.width, >=, 8);
    }
  pmt_tile_plan_get (&plan, 4, 0, &tile);
  g_assert_cmpint (tile.reach.width, ==, tile.inner.width);
}

/* A photograph of 24 megapixels: little is seen twice, tiles stay small. */
static void
test_photograph (void)
{
  PmtTileOptions options = PMT_TILE_OPTIONS_INIT;
  PmtTilePlan plan;

  options.rect = options.picture = (GeglRectangle){ 0, 0, 6000, 4000 };
  options.pad = 16;
  options.overlap = 72;
  options.multiple = options.align = 4;
  options.max_pixels = 2500000;
  pmt_tile_plan_init (&plan, &options);
  g_assert_cmpint (pmt_tile_plan_largest (&plan), <=, 2500000);
  g_assert_cmpfloat ((gdouble)pmt_tile_plan_total (&plan) / 24e6, <, 1.20);
  options.max_pixels = 0;
  pmt_tile_plan_init (&plan, &options);
  g_assert_cmpint (plan.n_x * plan.n_y, ==, 1);
}

/* The largest picture that GIMP has, and the smallest. */
static void
test_extremes (void)
{
  PmtTileOptions options = PMT_TILE_OPTIONS_INIT;
  PmtTilePlan plan;
  PmtTile tile;

  options.rect = options.picture = (GeglRectangle){ 0, 0, 524288, 524288 };
  options.pad = 16;
  options.overlap = 72;
  options.multiple = options.align = 4;
  options.max_pixels = 1000000;
  pmt_tile_plan_init (&plan, &options);
  g_assert_cmpint (pmt_tile_plan_largest (&plan), <=, 1000000);
  pmt_tile_plan_get (&plan, plan.n_x - 1, plan.n_y - 1, &tile);
  g_assert_cmpint (tile.inner.x + tile.inner.width, ==, 524288);

  options.rect = options.picture = (GeglRectangle){ 3, 4, 1, 1 };
  pmt_tile_plan_init (&plan, &options);
  g_assert_cmpint (plan.n_x * plan.n_y, ==, 1);
  pmt_tile_plan_get (&plan, 0, 0, &tile);
  g_assert_cmpint (tile.outer.x, ==, 3 - 16);
  g_assert_cmpint (tile.outer.width, ==, 36);
}

/* Same grid for a part as for the whole, when the size is fixed. */
static void
test_grid (void)
{
  PmtTileOptions options = PMT_TILE_OPTIONS_INIT;
  PmtTilePlan whole, part;
  PmtTile a, b;

  options.rect = options.picture = (GeglRectangle){ 10, 0, 640, 64 };
  options.overlap = 8;
  options.fixed_width = options.fixed_height = 64;
  pmt_tile_plan_init (&whole, &options);
  options.rect = (GeglRectangle){ 10 + 100, 0, 60, 64 };
  pmt_tile_plan_init (&part, &options);
  pmt_tile_plan_get (&whole, 2, 0, &a);
  pmt_tile_plan_get (&part, 0, 0, &b);
  g_assert_cmpint (b.inner.x, ==, 110);
  g_assert_true (gegl_rectangle_equal (&a.outer, &b.outer)
                 || gegl_rectangle_contains (&a.outer, &b.inner));
  g_assert_cmpint ((b.outer.x - 10 + 8) % 48, ==, 0);
}

static void
test_mirror (void)
{
  static const gint expected[] = { 5, 6, 7, 7, 6, 5, 5, 6, 7, 7, 6, 5, 5 };

  for (gint i = 0; i < 13; i++)
    g_assert_cmpint (pmt_tile_mirror (i - 1, 5, 3), ==, expected[i]);
  g_assert_cmpint (pmt_tile_mirror (-1000000, 5, 1), ==, 5);
  g_assert_cmpint (pmt_tile_mirror (G_MAXINT, 0, 1), ==, 0);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tile/cover", test_cover);
  g_test_add_func ("/tile/blend", test_blend);
  g_test_add_func ("/tile/photograph", test_photograph);
  g_test_add_func ("/tile/extremes", test_extremes);
  g_test_add_func ("/tile/grid", test_grid);
  g_test_add_func ("/tile/mirror", test_mirror);
  return g_test_run ();
}

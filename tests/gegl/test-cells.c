/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-cells.c: which parts of a filter's result are known. */
#include "config.h"

#include "cells.h"

#define W 1000
#define H 700

static PmtCellsKey
new_key (void)
{
  PmtCellsKey key = {
    { -300, 77, W, H }, babl_format ("R'G'B' float"), 0.5, NULL
  };

  return key;
}

static PmtCells *
new_cells (void)
{
  const PmtCellsKey key = new_key ();
  PmtCells *cells = pmt_cells_new ();

  g_assert_true (pmt_cells_set_key (cells, &key));
  return cells;
}

static GeglRectangle
random_rect (const GeglRectangle *extent)
{
  const gint x = g_test_rand_int_range (0, extent->width);
  const gint y = g_test_rand_int_range (0, extent->height);
  GeglRectangle rect = { extent->x + x, extent->y + y,
                         g_test_rand_int_range (1, extent->width - x + 1),
                         g_test_rand_int_range (1, extent->height - y + 1) };

  return rect;
}

/* A map of pixels that says what the cells should know. */
static void
paint (guint8 *map, const GeglRectangle *rect, guint8 value)
{
  const PmtCellsKey key = new_key ();

  for (gint y = 0; y < rect->height; y++)
    for (gint x = 0; x < rect->width; x++)
      map[(rect->y - key.extent.y + y) * W + rect->x - key.extent.x + x] =
          value;
}

static gboolean
is_painted (const guint8 *map, const GeglRectangle *rect, guint8 value)
{
  const PmtCellsKey key = new_key ();

  for (gint y = 0; y < rect->height; y++)
    for (gint x = 0; x < rect->width; x++)
      if (map[(rect->y - key.extent.y + y) * W + rect->x - key.extent.x + x]
          != value)
        return FALSE;

  return TRUE;
}

/* Requests of any place and size: what is missing is disjoint, was not known
 * before, and completes the request.
 */
static void
test_requests (void)
{
  const PmtCellsKey key = new_key ();

  for (gint run = 0; run < 40; run++)
    {
      g_autoptr (PmtCells) cells = new_cells ();
      g_autofree guint8 *map = g_malloc0 (W * H);

      for (gint i = 0; i < 12; i++)
        {
          const GeglRectangle roi = random_rect (&key.extent);
          const gint side = 1 << g_test_rand_int_range (0, 3);
          g_autoptr (GArray) missing =
              pmt_cells_list_missing (cells, &roi, side);

          for (guint k = 0; k < missing->len; k++)
            {
              GeglRectangle *rect = &g_array_index (missing, GeglRectangle, k);

              g_assert_true (gegl_rectangle_contains (&key.extent, rect));
              g_assert_true (is_painted (map, rect, 0));
              paint (map, rect, 1);
              pmt_cells_add (cells, rect);
            }
          g_assert_true (is_painted (map, &roi, 1));
          g_array_unref (missing);
          missing = pmt_cells_list_missing (cells, &roi, side);
          g_assert_cmpuint (missing->len, ==, 0);
        }
    }
}

static void
test_few_pieces (void)
{
  const PmtCellsKey key = new_key ();
  g_autoptr (PmtCells) cells = new_cells ();
  g_autoptr (GArray) all = NULL;
  g_autoptr (GArray) one = NULL;
  g_autoptr (GArray) four = NULL;
  const GeglRectangle pixel = { key.extent.x + 300, key.extent.y + 300, 1, 1 };

  all = pmt_cells_list_missing (cells, &key.extent, 1);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_true (gegl_rectangle_equal (&g_array_index (all, GeglRectangle, 0),
                                       &key.extent));

  one = pmt_cells_list_missing (cells, &pixel, 1);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_true (
      gegl_rectangle_equal (&g_array_index (one, GeglRectangle, 0),
                            GEGL_RECTANGLE (key.extent.x + PMT_CELL_SIDE,
                                            key.extent.y + PMT_CELL_SIDE,
                                            PMT_CELL_SIDE, PMT_CELL_SIDE)));

  four = pmt_cells_list_missing (cells, &pixel, 2);
  g_assert_cmpuint (four->len, ==, 1);
  g_assert_true (gegl_rectangle_equal (
      &g_array_index (four, GeglRectangle, 0),
      GEGL_RECTANGLE (key.extent.x, key.extent.y, 2 * PMT_CELL_SIDE,
                      2 * PMT_CELL_SIDE)));
}

static void
test_invalidate (void)
{
  const PmtCellsKey key = new_key ();
  g_autoptr (PmtCells) cells = new_cells ();
  const GeglRectangle plane = gegl_rectangle_infinite_plane ();
  const GeglRectangle corner = { key.extent.x + W - 1, key.extent.y + H - 1, 1,
                                 1 };
  g_autoptr (GArray) missing = NULL;

  pmt_cells_add (cells, &key.extent);
  pmt_cells_invalidate (cells, GEGL_RECTANGLE (5000, 5000, 10, 10));
  missing = pmt_cells_list_missing (cells, &key.extent, 1);
  g_assert_cmpuint (missing->len, ==, 0);
  g_array_unref (missing);

  pmt_cells_invalidate (cells, &corner);
  missing = pmt_cells_list_missing (cells, &key.extent, 1);
  g_assert_cmpuint (missing->len, ==, 1);
  g_assert_true (gegl_rectangle_equal (
      &g_array_index (missing, GeglRectangle, 0),
      GEGL_RECTANGLE (key.extent.x + 768, key.extent.y + 512, W - 768,
                      H - 512)));

  pmt_cells_invalidate (cells, &plane);
  g_assert_true (pmt_cells_is_empty (cells));
}

static void
test_key (void)
{
  PmtCellsKey key = new_key ();
  g_autoptr (PmtCells) cells = new_cells ();

  pmt_cells_add (cells, &key.extent);
  g_assert_false (pmt_cells_set_key (cells, &key));
  g_assert_false (pmt_cells_is_empty (cells));

  key.strength = 0.25;
  g_assert_true (pmt_cells_set_key (cells, &key));
  g_assert_true (pmt_cells_is_empty (cells));

  key.format = babl_format ("Y' float");
  g_assert_true (pmt_cells_set_key (cells, &key));
  g_assert_true (gegl_buffer_get_format (pmt_cells_get_buffer (cells))
                 == key.format);

  key.extent.width++;
  g_assert_true (pmt_cells_set_key (cells, &key));
  key.source = &key;
  g_assert_true (pmt_cells_set_key (cells, &key));
}

/* A source without borders: GEGL's infinite plane. */
static void
test_plane (void)
{
  PmtCellsKey key = new_key ();
  g_autoptr (PmtCells) cells = pmt_cells_new ();
  const GeglRectangle roi = { -10, -10, 20, 20 };
  g_autoptr (GArray) missing = NULL;

  key.extent = gegl_rectangle_infinite_plane ();
  pmt_cells_set_key (cells, &key);
  missing = pmt_cells_list_missing (cells, &roi, 1);
  g_assert_cmpuint (missing->len, ==, 1);
  g_assert_true (gegl_rectangle_contains (
      &g_array_index (missing, GeglRectangle, 0), &roi));
  g_assert_cmpint (g_array_index (missing, GeglRectangle, 0).width, <=,
                   2 * PMT_CELL_SIDE);
}

int
main (int argc, char **argv)
{
  gint result;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/cells/requests", test_requests);
  g_test_add_func ("/cells/few-pieces", test_few_pieces);
  g_test_add_func ("/cells/invalidate", test_invalidate);
  g_test_add_func ("/cells/key", test_key);
  g_test_add_func ("/cells/plane", test_plane);
  result = g_test_run ();
  gegl_exit ();
  return result;
}

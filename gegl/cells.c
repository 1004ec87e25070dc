/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cells.c: which parts of a filter's result are computed already. */
#include "config.h"

#include "cells.h"

struct _PmtCells
{
  PmtCellsKey key;
  gboolean has_key;
  GeglBuffer *buffer;
  GHashTable *known; /* set of gint64: row << 32 | column */
};

/* Cells by row and column, ends excluded. */
typedef struct
{
  gint left, top, right, bottom;
} CellRange;

PmtCells *
pmt_cells_new (void)
{
  PmtCells *cells = g_new0 (PmtCells, 1);

  cells->known =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return cells;
}

void
pmt_cells_free (PmtCells *cells)
{
  g_clear_object (&cells->buffer);
  g_hash_table_unref (cells->known);
  g_free (cells);
}

static gboolean
is_same_key (const PmtCellsKey *a, const PmtCellsKey *b)
{
  return gegl_rectangle_equal (&a->extent, &b->extent) && a->format == b->format
         && a->strength == b->strength && a->source == b->source;
}

gboolean
pmt_cells_set_key (PmtCells *cells, const PmtCellsKey *key)
{
  if (cells->has_key && is_same_key (&cells->key, key))
    return FALSE;

  /* A new buffer, since the old one's tiles would be kept for nothing. */
  g_clear_object (&cells->buffer);
  g_hash_table_remove_all (cells->known);
  cells->key = *key;
  cells->has_key = TRUE;
  return TRUE;
}

GeglBuffer *
pmt_cells_get_buffer (PmtCells *cells)
{
  if (!cells->buffer)
    cells->buffer = gegl_buffer_new (&cells->key.extent, cells->key.format);
  return cells->buffer;
}

gboolean
pmt_cells_is_empty (PmtCells *cells)
{
  return g_hash_table_size (cells->known) == 0;
}

static gint64
cell_id (gint column, gint row)
{
  return (gint64)row * ((gint64)1 << 32) + column;
}

static gboolean
is_known (PmtCells *cells, gint column, gint row)
{
  const gint64 id = cell_id (column, row);

  return g_hash_table_contains (cells->known, &id);
}

/* The cells that @rect touches; rounded outwards to multiples of @side. */
static CellRange
range_of (PmtCells *cells, const GeglRectangle *rect, gint side)
{
  const GeglRectangle *extent = &cells->key.extent;
  const gint64 step = (gint64)side * PMT_CELL_SIDE;
  GeglRectangle inside;
  CellRange range = { 0 };

  if (!gegl_rectangle_intersect (&inside, rect, extent))
    return range;
  inside.x -= extent->x;
  inside.y -= extent->y;
  range.left = (gint)(inside.x / step * side);
  range.top = (gint)(inside.y / step * side);
  range.right =
      (gint)(((gint64)inside.x + inside.width + step - 1) / step * side);
  range.bottom =
      (gint)(((gint64)inside.y + inside.height + step - 1) / step * side);
  return range;
}

/* In pixels; cut at the extent. */
static GeglRectangle
rect_of (PmtCells *cells, const CellRange *range)
{
  const GeglRectangle *extent = &cells->key.extent;
  const gint64 side = PMT_CELL_SIDE;
  const gint64 right = MIN (range->right * side, extent->width);
  const gint64 bottom = MIN (range->bottom * side, extent->height);
  GeglRectangle rect;

  rect.x = (gint)(range->left * side + extent->x);
  rect.y = (gint)(range->top * side + extent->y);
  rect.width = (gint)(right - range->left * side);
  rect.height = (gint)(bottom - range->top * side);
  return rect;
}

static gboolean
is_all_known (PmtCells *cells, const CellRange *range)
{
  for (gint row = range->top; row < range->bottom; row++)
    for (gint column = range->left; column < range->right; column++)
      if (!is_known (cells, column, row))
        return FALSE;

  return TRUE;
}

/* Adds one row of missing cells: below a run of the same columns it makes
 * that one taller.
 */
static void
add_run (GArray *runs, gint left, gint right, gint row)
{
  const CellRange run = { left, row, right, row + 1 };

  for (guint i = 0; i < runs->len; i++)
    {
      CellRange *above = &g_array_index (runs, CellRange, i);

      if (above->left == left && above->right == right && above->bottom == row)
        {
          above->bottom++;
          return;
        }
    }
  g_array_append_val (runs, run);
}

static void
add_row (PmtCells *cells, GArray *runs, const CellRange *range, gint row)
{
  gint left = range->left;

  for (gint column = range->left; column <= range->right; column++)
    {
      if (column < range->right && !is_known (cells, column, row))
        continue;
      if (left < column)
        add_run (runs, left, column, row);
      left = column + 1;
    }
}

GArray *
pmt_cells_list_missing (PmtCells *cells, const GeglRectangle *roi, gint side)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (CellRange));
  GArray *rects = g_array_new (FALSE, FALSE, sizeof (GeglRectangle));
  CellRange range = range_of (cells, roi, 1);
  GeglRectangle rect;

  if (is_all_known (cells, &range))
    return rects;

  range = range_of (cells, roi, side);
  rect = rect_of (cells, &range);
  range = range_of (cells, &rect, 1);
  for (gint row = range.top; row < range.bottom; row++)
    add_row (cells, runs, &range, row);
  for (guint i = 0; i < runs->len; i++)
    {
      rect = rect_of (cells, &g_array_index (runs, CellRange, i));
      g_array_append_val (rects, rect);
    }

  return rects;
}

void
pmt_cells_add (PmtCells *cells, const GeglRectangle *rect)
{
  const CellRange range = range_of (cells, rect, 1);

  for (gint row = range.top; row < range.bottom; row++)
    for (gint column = range.left; column < range.right; column++)
      {
        gint64 *id = g_new (gint64, 1);

        *id = cell_id (column, row);
        g_hash_table_add (cells->known, id);
      }
}

/* Over the known cells, since @rect may be the infinite plane. */
void
pmt_cells_invalidate (PmtCells *cells, const GeglRectangle *rect)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, cells->known);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      const gint column = (gint)(*(gint64 *)id & 0xffffffff);
      const gint row = (gint)(*(gint64 *)id >> 32);
      const CellRange range = { column, row, column + 1, row + 1 };
      const GeglRectangle cell = rect_of (cells, &range);

      if (gegl_rectangle_intersect (NULL, &cell, rect))
        g_hash_table_iter_remove (&iter);
    }
}

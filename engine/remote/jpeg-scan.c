/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* jpeg-scan.c: tables, frames and scans of a JPEG, as decoders need them. */
#include "config.h"

#include "remote/jpeg-private.h"

/* Each scan costs a decoder a pass over all pixels. */
#define MAX_SCANS 64

/* ----------------------------------------------------------------- tables -- */

gboolean
pmt_jpeg_take_quant (PmtJpeg *jpeg, PmtCursor data)
{
  while (data.left > 0)
    {
      const guint head = pmt_cursor_big (&data, 1);

      if (head >> 4 > 1 || (head & 15) > 3)
        return FALSE;
      pmt_cursor_skip (&data, head >> 4 ? 128 : 64);
      jpeg->has_quant[head & 15] = TRUE;
    }
  return !data.is_over;
}

/* Codes are given out in order; none may be all ones (T.81, annex C). */
static gboolean
are_codes_good (const guint8 *counts)
{
  guint32 code = 0;

  for (guint length = 1; length <= 16; length++)
    {
      code += counts[length - 1];
      if (counts[length - 1] && code >= (guint32)1 << length)
        return FALSE;
      code <<= 1;
    }
  return TRUE;
}

gboolean
pmt_jpeg_take_huffman (PmtJpeg *jpeg, PmtCursor data)
{
  while (data.left > 0)
    {
      const guint head = pmt_cursor_big (&data, 1);
      const PmtCursor counts = pmt_cursor_take (&data, 16);
      PmtCursor symbols;
      guint n = 0;

      for (gsize i = 0; i < counts.left; i++)
        n += counts.at[i];
      symbols = pmt_cursor_take (&data, n);
      if (data.is_over || n > 256 || head >> 4 > 1 || (head & 15) > 3
          || !are_codes_good (counts.at))
        return FALSE;
      for (gsize i = 0; head >> 4 == 0 && i < symbols.left; i++)
        if (symbols.at[i] > 15)
          return FALSE;
      jpeg->has_huffman[head >> 4][head & 15] = TRUE;
      pmt_jpeg_codes_init (&jpeg->codes[head >> 4][head & 15], counts.at,
                           symbols.at, n);
    }
  return !data.is_over;
}

/* ----------------------------------------------------------------- frames -- */

/* Decoders enlarge components by whole factors only. */
static gboolean
are_factors_good (PmtJpeg *jpeg)
{
  for (guint i = 0; i < jpeg->n_components; i++)
    {
      jpeg->max_h = MAX (jpeg->max_h, jpeg->components[i].h);
      jpeg->max_v = MAX (jpeg->max_v, jpeg->components[i].v);
    }
  for (guint i = 0; i < jpeg->n_components; i++)
    if (jpeg->max_h % jpeg->components[i].h != 0
        || jpeg->max_v % jpeg->components[i].v != 0)
      return FALSE;
  return TRUE;
}

gboolean
pmt_jpeg_take_frame (PmtJpeg *jpeg, guint marker, PmtCursor data)
{
  const guint precision = pmt_cursor_big (&data, 1);

  if (jpeg->frame)
    return FALSE;
  jpeg->frame = marker;
  jpeg->height = pmt_cursor_big (&data, 2);
  jpeg->width = pmt_cursor_big (&data, 2);
  jpeg->n_components = pmt_cursor_big (&data, 1);
  if (data.is_over || precision != 8 || jpeg->height == 0 || jpeg->width == 0
      || jpeg->width > 65500 || jpeg->height > 65500
      || (jpeg->n_components != 1 && jpeg->n_components != 3)
      || data.left != 3 * (gsize)jpeg->n_components)
    return FALSE;
  for (guint i = 0; i < jpeg->n_components; i++)
    {
      PmtJpegComponent *component = &jpeg->components[i];
      guint factors;

      component->id = pmt_cursor_big (&data, 1);
      factors = pmt_cursor_big (&data, 1);
      component->quant = pmt_cursor_big (&data, 1);
      component->h = factors >> 4;
      component->v = factors & 15;
      if (component->h < 1 || component->h > 4 || component->v < 1
          || component->v > 4 || component->quant > 3)
        return FALSE;
      for (guint k = 0; k < i; k++)
        if (jpeg->components[k].id == component->id)
          return FALSE;
    }
  return are_factors_good (jpeg);
}

/* ------------------------------------------------------------------ scans -- */

static gboolean
read_scan (PmtJpeg *jpeg, PmtCursor data, PmtJpegScan *scan)
{
  guint last;

  scan->n = pmt_cursor_big (&data, 1);
  if (scan->n < 1 || scan->n > jpeg->n_components
      || data.left != 2 * (gsize)scan->n + 3)
    return FALSE;
  for (guint i = 0; i < scan->n; i++)
    {
      const guint id = pmt_cursor_big (&data, 1);
      const guint tables = pmt_cursor_big (&data, 1);

      scan->components[i] = NULL;
      for (guint k = 0; k < jpeg->n_components; k++)
        if (jpeg->components[k].id == id)
          scan->components[i] = &jpeg->components[k];
      for (guint k = 0; k < i; k++)
        if (scan->components[k] == scan->components[i])
          return FALSE;
      scan->dc[i] = tables >> 4;
      scan->ac[i] = tables & 15;
      if (!scan->components[i] || scan->dc[i] > 3 || scan->ac[i] > 3)
        return FALSE;
    }
  scan->from = pmt_cursor_big (&data, 1);
  scan->to = pmt_cursor_big (&data, 1);
  last = pmt_cursor_big (&data, 1);
  scan->high = last >> 4;
  scan->low = last & 15;
  return TRUE;
}

/* T.81, table B.3. */
static gboolean
are_bands_good (const PmtJpeg *jpeg, const PmtJpegScan *scan)
{
  if (jpeg->frame != 0xc2)
    return scan->from == 0 && scan->to == 63 && scan->high == 0
           && scan->low == 0;
  if (scan->low > 13 || (scan->high && scan->high != scan->low + 1))
    return FALSE;
  if (scan->from == 0)
    return scan->to == 0;
  return scan->from <= scan->to && scan->to <= 63 && scan->n == 1;
}

/* Tables that the scan uses, and whether its components are due. */
static gboolean
is_scan_ready (const PmtJpeg *jpeg, const PmtJpegScan *scan)
{
  const gboolean is_progressive = jpeg->frame == 0xc2;
  const gboolean uses_dc = scan->from == 0 && scan->high == 0;
  const gboolean uses_ac = !is_progressive || scan->from > 0;
  guint n_blocks = 0;

  for (guint i = 0; i < scan->n; i++)
    {
      const PmtJpegComponent *component = scan->components[i];

      n_blocks += component->h * component->v;
      if (!jpeg->has_quant[component->quant]
          || (uses_dc && !jpeg->has_huffman[0][scan->dc[i]])
          || (uses_ac && !jpeg->has_huffman[1][scan->ac[i]]))
        return FALSE;
      /* The first scan of a component has its means; others refine them. */
      if (is_progressive ? component->has_scan == uses_dc : component->has_scan)
        return FALSE;
    }
  return scan->n == 1 || n_blocks <= 10;
}

void
pmt_jpeg_scan_size (const PmtJpeg *jpeg,
                    const PmtJpegScan *scan,
                    guint *columns,
                    guint *rows)
{
  guint step_x = 8 * jpeg->max_h;
  guint step_y = 8 * jpeg->max_v;

  if (scan->n == 1)
    {
      step_x /= scan->components[0]->h;
      step_y /= scan->components[0]->v;
    }
  *columns = (jpeg->width + step_x - 1) / step_x;
  *rows = (jpeg->height + step_y - 1) / step_y;
}

static guint64
count_units (const PmtJpeg *jpeg, const PmtJpegScan *scan)
{
  guint columns, rows;

  pmt_jpeg_scan_size (jpeg, scan, &columns, &rows);
  return (guint64)columns * rows;
}

/*
 * Entropy-coded data: ends at a marker other than a stuffed 0 or a restart.
 * Returns: %FALSE unless the restarts are those that the scan has.
 */
static gboolean
take_coded (PmtJpeg *jpeg, const PmtJpegScan *scan, PmtCursor *cursor)
{
  const guint8 *start = cursor->at;
  const guint64 n_units = count_units (jpeg, scan);
  const guint64 n_restarts =
      jpeg->interval ? (n_units - 1) / jpeg->interval : 0;
  guint64 n = 0;

  while (cursor->left >= 2)
    {
      const guint8 *marker = memchr (cursor->at, 0xff, cursor->left - 1);

      if (!marker)
        return FALSE;
      pmt_cursor_skip (cursor, (gsize)(marker - cursor->at));
      if (marker[1] >= 0xd0 && marker[1] <= 0xd7)
        {
          if (marker[1] != 0xd0 + n % 8)
            return FALSE;
          n++;
        }
      else if (marker[1] != 0 && marker[1] != 0xff)
        {
          PmtCursor coded = { start, (gsize)(cursor->at - start), FALSE };

          g_byte_array_append (jpeg->clean, start, (guint)coded.left);
          return n == n_restarts && coded.left > 0
                 && (!jpeg->is_checked
                     || pmt_jpeg_check_scan (jpeg, scan, coded));
        }
      pmt_cursor_skip (cursor, marker[1] == 0xff ? 1 : 2);
    }
  return FALSE;
}

gboolean
pmt_jpeg_take_scan (PmtJpeg *jpeg, PmtCursor data, PmtCursor *cursor)
{
  PmtJpegScan scan;

  if (!jpeg->frame || jpeg->n_scans >= MAX_SCANS
      || !read_scan (jpeg, data, &scan) || !are_bands_good (jpeg, &scan)
      || !is_scan_ready (jpeg, &scan))
    return FALSE;
  jpeg->n_scans++;
  for (guint i = 0; i < scan.n; i++)
    scan.components[i]->has_scan = TRUE;
  return take_coded (jpeg, &scan, cursor);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * color-match.c: low frequencies of what was made continue the surroundings.
 *
 * What lies below the changed region is not known (an object was removed), so
 * the only evidence is at its border: a made region with a colour cast meets
 * the known pixels with a step.  At every stretch of the border the step is
 * measured by a weighted least-squares fit of
 *
 *   value = a + b x + c y + step * (inside ? 1 : 0)
 *
 * over cell means within the radius: the plane takes up gradients, which plain
 * means on either side would mistake for a step.  A step counts as far as it
 * stands out of the scatter of the fit (texture), and not at all where it is
 * so large that it must be an edge of the picture.  The steps are then spread
 * over the changed region as a membrane (the smoothest field through them).
 */
#include "config.h"

#include "core/parallel.h"
#include "image/color-match.h"

#include <math.h>
#include <string.h>

/* Pixels that are shifted at a time. */
#define BLOCK 64

/* What is done row by row. */
typedef struct
{
  const PmtMatch *match;
  PmtMatchShift *shifts;
  const guint8 *changed;
  const PmtPixels *original;
  PmtPixels *pixels;
} Rows;

/* Has cell (x, y) changed pixels, and known ones in it or beside it? */
static gboolean
is_at_border (const PmtMatch *match, gint x, gint y)
{
  const gsize at = (gsize)y * match->width + x;

  if (match->cells[at * 2 + 1].n <= 0.0f)
    return FALSE;
  for (gint j = MAX (y - 1, 0); j <= MIN (y + 1, match->height - 1); j++)
    for (gint i = MAX (x - 1, 0); i <= MIN (x + 1, match->width - 1); i++)
      if (match->cells[((gsize)j * match->width + i) * 2].n > 0.0f)
        return TRUE;
  return FALSE;
}

/* The steps along the border in a row of cells; weight 0 elsewhere. */
static void
measure_row (gint y, gpointer data)
{
  const Rows *rows = data;
  const PmtMatch *match = rows->match;

  for (gint x = 0; x < match->width; x++)
    if (is_at_border (match, x, y))
      pmt_match_fit (match, x, y, &rows->shifts[(gsize)y * match->width + x]);
}

/*
 * How far what is known is to be believed as a whole, 0..1: the mean weight of
 * the steps, by their weight.  The membrane follows the steps however little
 * each is believed, where there is nothing else.
 */
static gfloat
find_belief (const PmtMatch *match, const PmtMatchShift *shifts)
{
  const gsize n = (gsize)match->width * match->height;
  gfloat sum = 0.0f, squares = 0.0f;

  for (gsize i = 0; i < n; i++)
    {
      sum += shifts[i].weight;
      squares += shifts[i].weight * shifts[i].weight;
    }
  return sum > 0.0f ? squares / sum : 0.0f;
}

static void
scale_shifts (const PmtMatch *match, gfloat scale, PmtMatchShift *shifts)
{
  const gsize n = (gsize)match->width * match->height;

  for (gsize i = 0; i < n; i++)
    for (gint c = 0; c < 3; c++)
      shifts[i].value[c] *= scale;
}

/* Side of a cell, in pixels. */
static gint
find_size (gdouble radius)
{
  return MAX ((gint)(radius / PMT_MATCH_REACH), 1);
}

gint
pmt_match_reach (gdouble radius)
{
  return (gint)ceil (radius) + find_size (radius);
}

/* The part of the rectangle that matters: the changed box and around it. */
static gboolean
find_domain (PmtMatch *match, const guint8 *changed, const GeglRectangle *rect)
{
  const gint margin = pmt_match_reach (match->radius);
  gint x0 = G_MAXINT, y0 = G_MAXINT, x1 = -1, y1 = -1;

  for (gint y = 0; y < rect->height; y++)
    {
      const guint8 *row = changed + (gsize)y * rect->width;
      gint first = 0, last = rect->width - 1;

      /* A row that starts with 0 and repeats itself is all zeros. */
      if (row[0] == 0 && memcmp (row, row + 1, last) == 0)
        continue;
      while (row[first] == 0)
        first++;
      while (row[last] == 0)
        last--;
      x0 = MIN (x0, first);
      x1 = MAX (x1, last);
      y0 = MIN (y0, y);
      y1 = y;
    }
  if (x1 < 0)
    return FALSE;
  x0 = MAX (x0 - margin, 0);
  y0 = MAX (y0 - margin, 0);
  x1 = MIN (x1 + margin, rect->width - 1);
  y1 = MIN (y1 + margin, rect->height - 1);
  gegl_rectangle_set (&match->domain, x0, y0, x1 - x0 + 1, y1 - y0 + 1);
  match->width = (match->domain.width + match->size - 1) / match->size;
  match->height = (match->domain.height + match->size - 1) / match->size;
  return TRUE;
}

/* Sums of @n pixels of a row from @x on, already in linear light. */
static void
sum_block (const PmtMatch *match,
           const gfloat *linear,
           const guint8 *changed,
           const guint8 *opaque,
           gint x,
           gint y,
           gint n)
{
  PmtMatchCell *row =
      match->cells + (gsize)(y / match->size) * match->width * 2;

  for (gint i = 0; i < n; i++)
    {
      const gfloat *rgb = linear + (gsize)i * 3;
      PmtMatchCell *cell =
          row + (gsize)((x + i) / match->size) * 2 + (changed[i] ? 1 : 0);

      if ((!changed[i] && !opaque[i]) || !isfinite (rgb[0] + rgb[1] + rgb[2]))
        continue;
      cell->n += 1.0f;
      cell->x += x + i + 0.5f;
      cell->y += y + 0.5f;
      for (gint c = 0; c < 3; c++)
        cell->sum[c] += rgb[c];
    }
}

/* Made pixels where changed, original ones elsewhere; both sides' sums. */
static void
sum_row (const Rows *rows, gint y)
{
  const PmtMatch *match = rows->match;
  const GeglRectangle *domain = &match->domain;
  gfloat row[BLOCK * 3];

  for (gint x = 0; x < domain->width; x += BLOCK)
    {
      const gint n = MIN (BLOCK, domain->width - x);
      const gsize at =
          (gsize)(domain->y + y) * rows->pixels->rect.width + domain->x + x;

      memcpy (row, rows->original->rgb + at * 3,
              (gsize)n * 3 * sizeof (gfloat));
      for (gint i = 0; i < n; i++)
        if (rows->changed[at + i])
          memcpy (row + (gsize)i * 3, rows->pixels->rgb + (at + i) * 3,
                  3 * sizeof (gfloat));
      babl_process (match->to_linear, row, row, n);
      sum_block (match, row, rows->changed + at, rows->original->opaque + at, x,
                 y, n);
    }
}

/* A row of cells. */
static void
sum_cells (gint row, gpointer data)
{
  const Rows *rows = data;
  const gint size = rows->match->size;
  const gint end = MIN ((row + 1) * size, rows->match->domain.height);

  for (gint y = row * size; y < end; y++)
    sum_row (rows, y);
}

/* Two rows of cells at the height of a row of pixels: @value times @weight.
 * Cells without changed pixels have no value. */
typedef struct
{
  gfloat value[3];
  gfloat weight;
} Column;

static void
add_cells (const Rows *rows, gint row, gfloat weight, Column *columns)
{
  const PmtMatch *match = rows->match;
  const gsize start = (gsize)row * match->width;

  for (gint i = 0; i < match->width; i++)
    {
      if (match->cells[(start + i) * 2 + 1].n <= 0.0f)
        continue;
      columns[i].weight += weight;
      for (gint c = 0; c < 3; c++)
        columns[i].value[c] += weight * rows->shifts[start + i].value[c];
    }
}

/* Where pixel @at lies between the centres of @n cells: the first of the two,
 * and how much the second one counts. */
static gint
find_cell (const PmtMatch *match, gint at, gint n, gfloat *second)
{
  const gfloat place = CLAMP ((at + 0.5f) / match->size - 0.5f, 0.0f, n - 1.0f);
  const gint first = MIN ((gint)place, MAX (n - 2, 0));

  *second = place - first;
  return first;
}

static Column *
make_columns (const Rows *rows, gint y)
{
  const PmtMatch *match = rows->match;
  Column *columns = g_new0 (Column, (gsize)match->width + 1);
  gfloat second;
  const gint row = find_cell (match, y, match->height, &second);

  add_cells (rows, row, 1.0f - second, columns);
  if (second > 0.0f)
    add_cells (rows, row + 1, second, columns);
  return columns;
}

/* The field at a pixel, bilinear between the centres of the cells. */
static void
sample_shift (const PmtMatch *match,
              const Column *columns,
              gint x,
              gfloat *value)
{
  gfloat second;
  const gint at = find_cell (match, x, match->width, &second);
  const Column *a = &columns[at];
  const Column *b = &columns[at + 1];
  const gfloat total = (1.0f - second) * a->weight + second * b->weight;
  const gfloat scale = total > 0.0f ? 1.0f / total : 0.0f;

  for (gint c = 0; c < 3; c++)
    value[c] = ((1.0f - second) * a->value[c] + second * b->value[c]) * scale;
}

/* Shifts pixels in linear light; no color gets below 0 by it. */
static void
apply_block (const PmtMatch *match, const gfloat *shift, gint n, gfloat *rgb)
{
  gfloat linear[BLOCK * 3];

  babl_process (match->to_linear, rgb, linear, n);
  for (gint i = 0; i < 3 * n; i++)
    linear[i] = MAX (linear[i] + shift[i], MIN (linear[i], 0.0f));
  babl_process (match->from_linear, linear, rgb, n);
}

static gboolean
is_shift (const gfloat *shift)
{
  return fabsf (shift[0]) + fabsf (shift[1]) + fabsf (shift[2]) >= 1e-6f;
}

/* A row of pixels: runs that are shifted, in blocks. */
static void
apply_row (gint y, gpointer data)
{
  const Rows *rows = data;
  const PmtMatch *match = rows->match;
  const gint width = match->domain.width;
  const gsize at =
      (gsize)(match->domain.y + y) * rows->pixels->rect.width + match->domain.x;
  g_autofree Column *columns = NULL;
  gfloat shift[BLOCK * 3];
  gint x = 0;

  while (x < width)
    {
      gint n = 0;

      while (n < BLOCK && x + n < width && rows->changed[at + x + n])
        {
          if (!columns)
            columns = make_columns (rows, y);
          sample_shift (match, columns, x + n, shift + (gsize)n * 3);
          if (!is_shift (shift + (gsize)n * 3))
            break;
          n++;
        }
      if (n > 0)
        apply_block (match, shift, n, rows->pixels->rgb + (at + x) * 3);
      /* The one that ended the run stays as it is. */
      x += MAX (n, 1);
    }
}

static void
match_clear (PmtMatch *match)
{
  g_clear_pointer (&match->cells, g_free);
  g_clear_pointer (&match->samples, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtMatch, match_clear)

gboolean
pmt_match_colors (PmtPixels *pixels,
                  const PmtPixels *original,
                  const guint8 *changed,
                  gdouble radius,
                  gdouble limit,
                  GError **error)
{
  const Babl *space = original->space ? original->space : pixels->space;
  const Babl *perceptual = babl_format_with_space ("R'G'B' float", space);
  const Babl *linear = babl_format_with_space ("RGB float", space);
  g_auto (PmtMatch) match = { 0 };
  g_autofree PmtMatchShift *shifts = NULL;
  const gint threads = pmt_image_threads ();
  Rows rows = { &match, NULL, changed, original, pixels };
  gfloat belief;

  match.radius = MAX (radius, 1.0);
  match.limit = MAX (limit, 1e-3);
  match.size = find_size (match.radius);
  match.to_linear = babl_fish (perceptual, linear);
  match.from_linear = babl_fish (linear, perceptual);
  if (!find_domain (&match, changed, &pixels->rect))
    return TRUE;

  match.cells = pmt_image_alloc (match.width, match.height,
                                 2 * sizeof (PmtMatchCell), error);
  if (!match.cells)
    return FALSE;
  shifts = pmt_image_alloc (match.width, match.height, sizeof (PmtMatchShift),
                            error);
  rows.shifts = shifts;
  if (!shifts)
    return FALSE;

  pmt_parallel_run (threads, match.height, sum_cells, &rows);
  if (!pmt_match_make_samples (&match, error))
    return FALSE;
  pmt_parallel_run (threads, match.height, measure_row, &rows);
  belief = find_belief (&match, shifts);
  if (!pmt_membrane_spread (&match, shifts, error))
    return FALSE;
  scale_shifts (&match, belief, shifts);
  pmt_parallel_run (threads, match.domain.height, apply_row, &rows);
  return TRUE;
}

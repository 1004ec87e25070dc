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

/* README.md, "Colour match". */
#define RADIUS_PER_DIAGONAL 0.008
#define RADIUS_MIN 4.0
#define RADIUS_MAX 64.0

/* Pixels that are shifted at a time. */
#define BLOCK 64

/*
 * PmtMatchPlan: what is known before the picture is made.
 * @match: with the sums of the known pixels; no cells where nothing changes
 * @rect: of what was planned for
 * @changed: [rect.height, rect.width]; @owned: the same, or %NULL
 */
struct _PmtMatchPlan
{
  PmtMatch match;
  GeglRectangle rect;
  const guint8 *changed;
  guint8 *owned;
};

/*
 * Rows: what is done row by row.
 * @changed, @rgb, @opaque: of the domain's first pixel; rows are @changed_stride
 *   and @stride pixels apart
 * @is_known: the known pixels are summed, else the changed ones
 */
typedef struct
{
  const PmtMatch *match;
  PmtMatchShift *shifts;
  const guint8 *changed;
  gsize changed_stride;
  gfloat *rgb;
  const guint8 *opaque;
  gsize stride;
  gboolean is_known;
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
  const gint size = find_size (MAX (radius, 1.0));

  return MAX ((gint)ceil (radius), PMT_MATCH_REACH * size) + size;
}

gdouble
pmt_match_radius (const GeglRectangle *crop)
{
  return CLAMP (RADIUS_PER_DIAGONAL * hypot (crop->width, crop->height),
                RADIUS_MIN, RADIUS_MAX);
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

static gsize
count_changed (const guint8 *changed, gint n)
{
  gsize count = 0;

  for (gint i = 0; i < n; i++)
    count += changed[i] != 0;
  return count;
}

/* Sums of @n pixels of a row from @x on, already in linear light, where
 * @takes is not 0. */
static void
sum_block (const Rows *rows,
           const gfloat *linear,
           const guint8 *takes,
           gint x,
           gint y,
           gint n)
{
  const PmtMatch *match = rows->match;
  PmtMatchCell *row = match->cells + (gsize)(y / match->size) * match->width * 2
                      + (rows->is_known ? 0 : 1);

  for (gint i = 0; i < n;)
    {
      const gint column = (x + i) / match->size;
      const gint end = MIN ((column + 1) * match->size - x, n);
      PmtMatchCell *cell = &row[(gsize)column * 2];

      for (; i < end; i++)
        {
          const gfloat *rgb = linear + (gsize)i * 3;

          if (!takes[i] || !isfinite (rgb[0] + rgb[1] + rgb[2]))
            continue;
          cell->n += 1.0f;
          cell->x += x + i + 0.5f;
          cell->y += y + 0.5f;
          for (gint c = 0; c < 3; c++)
            cell->color[c] += rgb[c];
        }
    }
}

/* One side's sums. */
static void
sum_row (const Rows *rows, gint y)
{
  const PmtMatch *match = rows->match;
  const gint width = match->domain.width;
  gfloat linear[BLOCK * 3];
  guint8 takes[BLOCK];

  for (gint x = 0; x < width; x += BLOCK)
    {
      const gint n = MIN (BLOCK, width - x);
      const guint8 *changed = rows->changed + y * rows->changed_stride + x;
      const gsize n_changed = count_changed (changed, n);
      const gsize at = y * rows->stride + x;

      if (n_changed == (rows->is_known ? (gsize)n : 0))
        continue;
      for (gint i = 0; i < n; i++)
        takes[i] = rows->is_known ? !changed[i] && rows->opaque[at + i]
                                  : changed[i] != 0;
      babl_process (match->to_linear, rows->rgb + at * 3, linear, n);
      sum_block (rows, linear, takes, x, y, n);
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
  const guint8 *changed = rows->changed + y * rows->changed_stride;
  gfloat *rgb = rows->rgb + y * rows->stride * 3;
  g_autofree Column *columns = NULL;
  gfloat shift[BLOCK * 3];
  gint x = 0;

  while (x < width)
    {
      gint n = 0;

      while (n < BLOCK && x + n < width && changed[x + n])
        {
          if (!columns)
            columns = make_columns (rows, y);
          sample_shift (match, columns, x + n, shift + (gsize)n * 3);
          if (!is_shift (shift + (gsize)n * 3))
            break;
          n++;
        }
      if (n > 0)
        apply_block (match, shift, n, rgb + (gsize)x * 3);
      /* The one that ended the run stays as it is. */
      x += MAX (n, 1);
    }
}

/* -------------------------------------------------------------------- plan */

static void
match_clear (PmtMatch *match)
{
  g_clear_pointer (&match->cells, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtMatch, match_clear)

static void
plan_clear (PmtMatchPlan *plan)
{
  match_clear (&plan->match);
  g_clear_pointer (&plan->owned, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtMatchPlan, plan_clear)

/* The domain's rows in @pixels, which has all of it. */
static Rows
find_rows (const PmtMatchPlan *plan,
           const PmtMatch *match,
           const PmtPixels *pixels)
{
  const GeglRectangle *domain = &match->domain;
  const gsize changed_at = (gsize)domain->y * plan->rect.width + domain->x;
  const gsize at =
      (gsize)(plan->rect.y + domain->y - pixels->rect.y) * pixels->rect.width
      + plan->rect.x + domain->x - pixels->rect.x;
  const Rows rows = {
    .match = match,
    .changed = plan->changed + changed_at,
    .changed_stride = plan->rect.width,
    .rgb = pixels->rgb + at * 3,
    .opaque = pixels->opaque + at,
    .stride = pixels->rect.width,
  };

  return rows;
}

static gboolean
plan_init (PmtMatchPlan *plan,
           const PmtPixels *original,
           const guint8 *changed,
           gdouble radius,
           gdouble limit,
           GError **error)
{
  const Babl *perceptual =
      babl_format_with_space ("R'G'B' float", original->space);
  const Babl *linear = babl_format_with_space ("RGB float", original->space);
  PmtMatch *match = &plan->match;
  Rows rows;

  plan->rect = original->rect;
  plan->changed = changed;
  match->radius = MAX (radius, 1.0);
  match->limit = MAX (limit, 1e-3);
  match->size = find_size (match->radius);
  match->to_linear = babl_fish (perceptual, linear);
  match->from_linear = babl_fish (linear, perceptual);
  if (!find_domain (match, changed, &plan->rect))
    return TRUE;

  match->cells = pmt_image_alloc (match->width, match->height,
                                  2 * sizeof (PmtMatchCell), error);
  if (!match->cells)
    return FALSE;
  rows = find_rows (plan, match, original);
  rows.is_known = TRUE;
  pmt_parallel_run (pmt_image_threads (), match->height, sum_cells, &rows);
  return TRUE;
}

PmtMatchPlan *
pmt_match_plan_new (const PmtPixels *original,
                    guint8 *changed,
                    gdouble radius,
                    gdouble limit,
                    GError **error)
{
  PmtMatchPlan *plan = g_new0 (PmtMatchPlan, 1);

  plan->owned = changed;
  if (plan_init (plan, original, changed, radius, limit, error))
    return plan;
  pmt_match_plan_free (plan);
  return NULL;
}

void
pmt_match_plan_free (PmtMatchPlan *plan)
{
  if (!plan)
    return;
  plan_clear (plan);
  g_free (plan);
}

const GeglRectangle *
pmt_match_plan_get_rect (const PmtMatchPlan *plan)
{
  return &plan->rect;
}

/* ------------------------------------------------------------------- apply */

/* From the sums to what is to be added in every cell. */
static gboolean
find_shifts (PmtMatch *match, Rows *rows, GError **error)
{
  gfloat belief;

  pmt_match_take_means (match);
  pmt_parallel_run (pmt_image_threads (), match->height, measure_row, rows);
  belief = find_belief (match, rows->shifts);
  if (!pmt_membrane_spread (match, rows->shifts, error))
    return FALSE;
  scale_shifts (match, belief, rows->shifts);
  return TRUE;
}

gboolean
pmt_match_plan_apply (const PmtMatchPlan *plan,
                      PmtPixels *pixels,
                      GError **error)
{
  const gint threads = pmt_image_threads ();
  g_auto (PmtMatch) match = plan->match;
  const gsize n_cells = (gsize)match.width * match.height;
  g_autofree PmtMatchShift *shifts = NULL;
  Rows rows;

  if (!match.cells)
    return TRUE;
  match.cells = pmt_image_alloc (match.width, match.height,
                                 2 * sizeof (PmtMatchCell), error);
  if (!match.cells)
    return FALSE;
  memcpy (match.cells, plan->match.cells, n_cells * 2 * sizeof (PmtMatchCell));
  shifts = pmt_image_alloc (match.width, match.height, sizeof (PmtMatchShift),
                            error);
  if (!shifts)
    return FALSE;

  rows = find_rows (plan, &match, pixels);
  rows.shifts = shifts;
  pmt_parallel_run (threads, match.height, sum_cells, &rows);
  if (!find_shifts (&match, &rows, error))
    return FALSE;
  pmt_parallel_run (threads, match.domain.height, apply_row, &rows);
  return TRUE;
}

gboolean
pmt_match_colors (PmtPixels *pixels,
                  const PmtPixels *original,
                  const guint8 *changed,
                  gdouble radius,
                  gdouble limit,
                  GError **error)
{
  g_auto (PmtMatchPlan) plan = { 0 };

  return plan_init (&plan, original, changed, radius, limit, error)
         && pmt_match_plan_apply (&plan, pixels, error);
}

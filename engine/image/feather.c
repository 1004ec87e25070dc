/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * feather.c: soft edges by GEGL's Gaussian blur: no finer than they are wide,
 * only where the mask is not flat, and in parts side by side.
 */
#include "config.h"

#include "core/parallel.h"
#include "image/image-private.h"
#include "image/mask.h"

#include <math.h>
#include <string.h>

/* The soft edge spans 3.5 standard deviations on either side, as GIMP's own
 * feather does. */
#define FEATHER_PER_SIGMA 7.0

/* The blur's tails below this are cut, so that its support is finite. */
#define BLUR_TAIL (1.0f / 512.0f)

/* Standard deviations behind which a blur is below that: 3e-5 at most. */
#define BLUR_REACH 4.0

/* Cells are as large as leaves the blur this standard deviation of them: edges
 * are up to 1/255 off then, corners 2/255. */
#define MIN_SIGMA 2.5
#define MAX_CELL 16

/* Sides of the blocks that are looked at, in cells. */
#define BLOCK 16

/* A part is as high as this at least, in cells, and so many times the reach,
 * which is blurred above and below it as well. */
#define PART_ROWS 64
#define PART_REACHES 8

typedef enum
{
  BLOCK_EMPTY,
  BLOCK_FULL,
  BLOCK_MIXED
} Block;

/*
 * Feather: all but @mask and @rect in cells, from @rect's corner on
 * @rect: where the mask may change; some of it may lie outside of the mask,
 *   whose border goes on there
 * @cell: side of a cell, in pixels
 * @source: the mask as it was, its mean in every cell
 * @extent: of @source
 * @inside: the part of it that has pixels of the mask
 * @blocks: [height, width]
 * @parts: rectangles that are blurred
 * @is_failed: without memory for one
 */
typedef struct
{
  GeglBuffer *mask;
  GeglRectangle rect;
  gint cell;
  GeglBuffer *source;
  GeglRectangle extent;
  GeglRectangle inside;
  gdouble sigma;
  gdouble reach;
  gint width;
  gint height;
  Block *blocks;
  GArray *parts;
  gint is_failed;
} Feather;

static void
feather_clear (Feather *feather)
{
  g_clear_object (&feather->source);
  g_clear_pointer (&feather->blocks, g_free);
  g_clear_pointer (&feather->parts, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Feather, feather_clear)

/*
 * Means over cells of c pixels are a blur of variance (c^2 - 1) / 12, and
 * values between the cells' centers, interpolated, one of c^2 / 6: the Gaussian
 * has that much less to do.
 */
static gdouble
find_sigma (gdouble sigma, gint cell)
{
  const gdouble area = (gdouble)cell * cell;

  if (cell == 1)
    return sigma;
  return sqrt (MAX (sigma * sigma - (area - 1.0) / 12.0 - area / 6.0, 0.0))
         / cell;
}

static void
choose_cell (Feather *feather, gdouble sigma)
{
  feather->cell = 1;
  while (feather->cell < MAX_CELL
         && find_sigma (sigma, 2 * feather->cell) >= MIN_SIGMA)
    feather->cell *= 2;
  feather->sigma = find_sigma (sigma, feather->cell);
  feather->reach = BLUR_REACH * sigma / feather->cell + 1.0;
}

/* ------------------------------------------------------------------- blocks */

/* Adds a row of pixels to the sums of a row of cells. */
static void
add_row (const Feather *feather, const gfloat *row, gfloat *sums)
{
  const gint width = feather->rect.width;
  const gint cell = feather->cell;

  for (gint i = 0, x = 0; x < width; i++)
    for (const gint end = MIN (x + cell, width); x < end; x++)
      sums[i] += row[x];
}

/* From sums over @n_rows rows of pixels. */
static void
make_means (const Feather *feather, gint n_rows, gfloat *sums)
{
  for (gint i = 0; i < feather->extent.width; i++)
    {
      const gint n_columns =
          MIN (feather->cell, feather->rect.width - i * feather->cell);

      sums[i] /= (gfloat)(n_rows * n_columns);
    }
}

static void
note_blocks (Feather *feather, gint y, gint n_rows, const gfloat *cells)
{
  const gint width = feather->extent.width;
  Block *blocks = feather->blocks + (gsize)(y / BLOCK) * feather->width;

  for (gint block = 0; block < feather->width; block++)
    {
      const gint start = block * BLOCK;
      const gint end = MIN (start + BLOCK, width);
      gboolean is_empty = TRUE, is_full = TRUE;

      for (gint i = 0; i < n_rows; i++)
        for (gint x = start; x < end; x++)
          {
            is_empty &= cells[(gsize)i * width + x] == 0.0f;
            is_full &= cells[(gsize)i * width + x] == 1.0f;
          }
      blocks[block] = is_empty  ? BLOCK_EMPTY
                      : is_full ? BLOCK_FULL
                                : BLOCK_MIXED;
    }
}

/* A row of blocks, from row @y of the cells on. */
static void
read_blocks (Feather *feather, gint y, gfloat *pixels, gfloat *cells)
{
  const GeglRectangle *rect = &feather->rect;
  const Babl *format = babl_format ("Y float");
  const gint width = feather->extent.width;
  const gint n_rows = MIN (BLOCK, feather->extent.height - y);

  memset (cells, 0, (gsize)width * n_rows * sizeof *cells);
  for (gint i = 0; i < n_rows; i++)
    {
      const gint top = (y + i) * feather->cell;
      const gint n = MIN (feather->cell, rect->height - top);
      gfloat *sums = cells + (gsize)i * width;

      gegl_buffer_get (feather->mask,
                       GEGL_RECTANGLE (rect->x, rect->y + top, rect->width, n),
                       1.0, format, pixels, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_CLAMP);
      for (gint j = 0; j < n; j++)
        add_row (feather, pixels + (gsize)j * rect->width, sums);
      make_means (feather, n, sums);
    }
  gegl_buffer_set (feather->source, GEGL_RECTANGLE (0, y, width, n_rows), 0,
                   format, cells, GEGL_AUTO_ROWSTRIDE);
  note_blocks (feather, y, n_rows, cells);
}

/* Cells with pixels of the mask. */
static void
find_inside (Feather *feather)
{
  const GeglRectangle *rect = &feather->rect;
  const gint cell = feather->cell;
  GeglRectangle part;

  gegl_rectangle_intersect (&part, rect,
                            gegl_buffer_get_extent (feather->mask));
  part.x -= rect->x;
  part.y -= rect->y;
  feather->inside.x = part.x / cell;
  feather->inside.y = part.y / cell;
  feather->inside.width =
      (part.x + part.width - 1) / cell + 1 - feather->inside.x;
  feather->inside.height =
      (part.y + part.height - 1) / cell + 1 - feather->inside.y;
}

/* Reads the mask into the source, and what its blocks are. */
static gboolean
read_mask (Feather *feather)
{
  const gint cell = feather->cell;
  GeglRectangle *extent = &feather->extent;
  g_autofree gfloat *pixels =
      pmt_image_alloc (feather->rect.width, cell, sizeof (gfloat), NULL);
  g_autofree gfloat *cells = NULL;

  gegl_rectangle_set (extent, 0, 0, (feather->rect.width - 1) / cell + 1,
                      (feather->rect.height - 1) / cell + 1);
  feather->width = (extent->width + BLOCK - 1) / BLOCK;
  feather->height = (extent->height + BLOCK - 1) / BLOCK;
  feather->blocks =
      pmt_image_alloc (feather->width, feather->height, sizeof (Block), NULL);
  cells = pmt_image_alloc (extent->width, BLOCK, sizeof (gfloat), NULL);
  if (!pixels || !cells || !feather->blocks)
    return FALSE;
  find_inside (feather);
  feather->source = gegl_buffer_new (extent, babl_format ("Y float"));
  for (gint y = 0; y < extent->height; y += BLOCK)
    read_blocks (feather, y, pixels, cells);
  return TRUE;
}

/* Whether a block stays as it is: all that it is blurred with is the same. */
static gboolean
is_flat (const Feather *feather, gint x, gint y)
{
  const gint by = (gint)ceil (feather->reach / BLOCK);
  const Block block = feather->blocks[(gsize)y * feather->width + x];

  for (gint j = MAX (y - by, 0); j <= MIN (y + by, feather->height - 1); j++)
    for (gint i = MAX (x - by, 0); i <= MIN (x + by, feather->width - 1); i++)
      if (feather->blocks[(gsize)j * feather->width + i] != block)
        return FALSE;
  return block != BLOCK_MIXED;
}

/* -------------------------------------------------------------------- parts */

/* Blocks @start to @end of row @y: below a part of the same width, or a new
 * one. */
static void
add_run (Feather *feather, gint start, gint end, gint y)
{
  const gint most =
      (gint)MIN (MAX (PART_ROWS, PART_REACHES * feather->reach), G_MAXINT / 2)
      / BLOCK;
  const GeglRectangle run = { start, y, end - start, 1 };

  for (guint i = feather->parts->len; i-- > 0;)
    {
      GeglRectangle *part = &g_array_index (feather->parts, GeglRectangle, i);

      if (part->y + part->height == y && part->x == run.x
          && part->width == run.width && part->height < most)
        {
          part->height++;
          return;
        }
    }
  g_array_append_val (feather->parts, run);
}

static void
find_parts (Feather *feather)
{
  feather->parts = g_array_new (FALSE, FALSE, sizeof (GeglRectangle));
  for (gint y = 0; y < feather->height; y++)
    for (gint x = 0; x < feather->width;)
      {
        gint end = x;

        while (end < feather->width && !is_flat (feather, end, y))
          end++;
        if (end > x)
          add_run (feather, x, end, y);
        x = end + 1;
      }
  for (guint i = feather->parts->len; i-- > 0;)
    {
      GeglRectangle *part = &g_array_index (feather->parts, GeglRectangle, i);

      gegl_rectangle_set (part, part->x * BLOCK, part->y * BLOCK,
                          part->width * BLOCK, part->height * BLOCK);
      if (!gegl_rectangle_intersect (part, part, &feather->inside))
        g_array_remove_index (feather->parts, i);
    }
}

/* ------------------------------------------------------------------ blurring */

/*
 * Blurred: cells of a part and one around it
 * @around: these cells; @values: [around.height, around.width]
 * @pixels: of the part
 * @first, @weight: for each column of @pixels: the cell left of it, from
 *   @around's first one on, and how much the next cell counts
 * @row: of cells at the height of a pixel; @band: rows of pixels
 */
typedef struct
{
  GeglRectangle around;
  gfloat *values;
  GeglRectangle pixels;
  gint *first;
  gfloat *weight;
  gfloat *row;
  gfloat *band;
} Blurred;

static void
blurred_clear (Blurred *blurred)
{
  g_clear_pointer (&blurred->values, g_free);
  g_clear_pointer (&blurred->first, g_free);
  g_clear_pointer (&blurred->weight, g_free);
  g_clear_pointer (&blurred->row, g_free);
  g_clear_pointer (&blurred->band, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Blurred, blurred_clear)

/* Between which of cells @start to @start + @n - 1 pixel @at lies: the first of
 * the two, from @start on, and how much the second one counts. */
static gint
find_between (
    const Feather *feather, gint at, gint start, gint n, gfloat *weight)
{
  const gdouble place = (at + 0.5) / feather->cell - 0.5 - start;
  const gint first = CLAMP ((gint)floor (place), 0, MAX (n - 2, 0));

  *weight = n > 1 ? (gfloat)CLAMP (place - first, 0.0, 1.0) : 0.0f;
  return first;
}

static gboolean
blurred_init (Blurred *blurred,
              const Feather *feather,
              const GeglRectangle *part)
{
  GeglRectangle *pixels = &blurred->pixels;
  const gint cell = feather->cell;

  blurred->around = pmt_rect_grow (part, 1.0);
  gegl_rectangle_intersect (&blurred->around, &blurred->around,
                            &feather->extent);
  gegl_rectangle_set (pixels, part->x * cell, part->y * cell,
                      part->width * cell, part->height * cell);
  /* In the mask's coordinates for a while. */
  pixels->x += feather->rect.x;
  pixels->y += feather->rect.y;
  gegl_rectangle_intersect (pixels, pixels,
                            gegl_buffer_get_extent (feather->mask));
  gegl_rectangle_intersect (pixels, pixels, &feather->rect);
  pixels->x -= feather->rect.x;
  pixels->y -= feather->rect.y;
  blurred->values = pmt_image_alloc (
      blurred->around.width, blurred->around.height, sizeof (gfloat), NULL);
  /* One more, to be multiplied by 0. */
  blurred->row =
      pmt_image_alloc (blurred->around.width + 1, 1, sizeof (gfloat), NULL);
  blurred->first = pmt_image_alloc (pixels->width, 1, sizeof (gint), NULL);
  blurred->weight = pmt_image_alloc (pixels->width, 1, sizeof (gfloat), NULL);
  blurred->band = pmt_image_alloc (pixels->width, cell, sizeof (gfloat), NULL);
  if (!blurred->values || !blurred->row || !blurred->first || !blurred->weight
      || !blurred->band)
    return FALSE;
  for (gint x = 0; x < pixels->width; x++)
    blurred->first[x] =
        find_between (feather, pixels->x + x, blurred->around.x,
                      blurred->around.width, &blurred->weight[x]);
  return TRUE;
}

static void
blur (const Feather *feather, Blurred *blurred)
{
  GeglRectangle source_rect = pmt_rect_grow (&blurred->around, feather->reach);
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *read, *gauss;

  gegl_rectangle_intersect (&source_rect, &source_rect, &feather->extent);
  source = gegl_buffer_create_sub_buffer (feather->source, &source_rect);
  read = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                              "buffer", source, NULL);
  gauss = gegl_node_new_child (graph, "operation", "gegl:gaussian-blur",
                               "std-dev-x", feather->sigma, "std-dev-y",
                               feather->sigma, "abyss-policy", 1 /* clamp */,
                               "filter", 1 /* FIR */, NULL);
  gegl_node_link (read, gauss);
  gegl_node_blit (gauss, 1.0, &blurred->around, babl_format ("Y float"),
                  blurred->values, GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
}

static inline gfloat
cut_tails (gfloat value)
{
  if (value < BLUR_TAIL)
    return 0.0f;
  return value > 1.0f - BLUR_TAIL ? 1.0f : value;
}

static void
interpolate_row (const Feather *feather, Blurred *blurred, gint y, gfloat *to)
{
  const GeglRectangle *around = &blurred->around;
  gfloat weight;
  const gint at = find_between (feather, y, around->y, around->height, &weight);
  const gfloat *above = blurred->values + (gsize)at * around->width;
  const gfloat *below = weight > 0.0f ? above + around->width : above;
  gfloat *row = blurred->row;

  for (gint i = 0; i < around->width; i++)
    row[i] = (1.0f - weight) * above[i] + weight * below[i];
  for (gint x = 0; x < blurred->pixels.width; x++)
    {
      const gint i = blurred->first[x];

      to[x] = cut_tails (row[i] + blurred->weight[x] * (row[i + 1] - row[i]));
    }
}

static void
blur_part (gint task, gpointer data)
{
  Feather *feather = data;
  const GeglRectangle *part =
      &g_array_index (feather->parts, GeglRectangle, task);
  const GeglRectangle *pixels;
  g_auto (Blurred) blurred = { 0 };

  if (!blurred_init (&blurred, feather, part))
    {
      g_atomic_int_set (&feather->is_failed, TRUE);
      return;
    }
  blur (feather, &blurred);
  pixels = &blurred.pixels;
  for (gint y = 0; y < pixels->height; y += feather->cell)
    {
      const gint n = MIN (feather->cell, pixels->height - y);
      const GeglRectangle rows = { feather->rect.x + pixels->x,
                                   feather->rect.y + pixels->y + y,
                                   pixels->width, n };

      for (gint i = 0; i < n; i++)
        interpolate_row (feather, &blurred, pixels->y + y + i,
                         blurred.band + (gsize)i * pixels->width);
      gegl_buffer_set (feather->mask, &rows, 0, babl_format ("Y float"),
                       blurred.band, GEGL_AUTO_ROWSTRIDE);
    }
}

gboolean
pmt_mask_feather (GeglBuffer *mask, gdouble width)
{
  const gdouble sigma = width / FEATHER_PER_SIGMA;
  g_auto (Feather) feather = { .mask = mask };

  if (!pmt_mask_bounds (mask, NULL, &feather.rect))
    return TRUE;
  feather.rect = pmt_rect_grow (&feather.rect, BLUR_REACH * sigma + 1.0);
  choose_cell (&feather, sigma);
  if (!read_mask (&feather))
    return FALSE;
  find_parts (&feather);
  pmt_parallel_run (pmt_image_threads (), (gint)feather.parts->len, blur_part,
                    &feather);
  return !feather.is_failed;
}

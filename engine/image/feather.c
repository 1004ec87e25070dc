/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * feather.c: soft edges by GEGL's Gaussian blur: only where the mask is not
 * flat, and in parts side by side.
 */
#include "config.h"

#include "core/parallel.h"
#include "image/image-private.h"
#include "image/mask.h"

#include <math.h>

/* The soft edge spans 3.5 standard deviations on either side, as GIMP's own
 * feather does. */
#define FEATHER_PER_SIGMA 7.0

/* The blur's tails below this are cut, so that its support is finite. */
#define BLUR_TAIL (1.0f / 512.0f)

/* Standard deviations behind which a blur is below that: 3e-5 at most. */
#define BLUR_REACH 4.0

/* Sides of the blocks that are looked at. */
#define BLOCK 64

/* A part is as high as this at least, and so many times the reach, which is
 * blurred above and below it as well. */
#define PART_ROWS 256
#define PART_REACHES 8

/*
 * @rect: where the mask may change
 * @source: the mask as it was, on @rect
 * @width, @height, @low, @high: of the blocks; lowest and highest coverage
 * @parts: rectangles that are blurred
 * @is_failed: without memory for one
 */
typedef struct
{
  GeglBuffer *mask;
  GeglBuffer *source;
  GeglRectangle rect;
  gdouble sigma;
  gdouble reach;
  gint width;
  gint height;
  gfloat *low;
  gfloat *high;
  GArray *parts;
  gint is_failed;
} Feather;

static void
feather_clear (Feather *feather)
{
  g_clear_object (&feather->source);
  g_clear_pointer (&feather->low, g_free);
  g_clear_pointer (&feather->high, g_free);
  g_clear_pointer (&feather->parts, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Feather, feather_clear)

/* ------------------------------------------------------------------- blocks */

static void
find_range (Feather *feather, gint y, gint n_rows, const gfloat *band)
{
  const gint width = feather->rect.width;
  const gsize row = (gsize)(y / BLOCK) * feather->width;

  for (gint block = 0; block < feather->width; block++)
    {
      const gint start = block * BLOCK;
      const gint end = MIN (start + BLOCK, width);
      gfloat low = band[start];
      gfloat high = band[start];

      for (gint i = 0; i < n_rows; i++)
        for (gint x = start; x < end; x++)
          {
            const gfloat value = band[(gsize)i * width + x];

            low = MIN (low, value);
            high = MAX (high, value);
          }
      feather->low[row + block] = low;
      feather->high[row + block] = high;
    }
}

/* Reads the mask into the source, and what its blocks are. */
static gboolean
read_mask (Feather *feather)
{
  const GeglRectangle *rect = &feather->rect;
  const Babl *format = babl_format ("Y float");
  g_autofree gfloat *band =
      pmt_image_alloc (rect->width, BLOCK, sizeof (gfloat), NULL);

  feather->width = (rect->width + BLOCK - 1) / BLOCK;
  feather->height = (rect->height + BLOCK - 1) / BLOCK;
  feather->low =
      pmt_image_alloc (feather->width, feather->height, sizeof (gfloat), NULL);
  feather->high =
      pmt_image_alloc (feather->width, feather->height, sizeof (gfloat), NULL);
  if (!band || !feather->low || !feather->high)
    return FALSE;
  for (gint y = 0; y < rect->height; y += BLOCK)
    {
      const gint n_rows = MIN (BLOCK, rect->height - y);
      const GeglRectangle rows = { rect->x, rect->y + y, rect->width, n_rows };

      gegl_buffer_get (feather->mask, &rows, 1.0, format, band,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      gegl_buffer_set (feather->source, &rows, 0, format, band,
                       GEGL_AUTO_ROWSTRIDE);
      find_range (feather, y, n_rows, band);
    }
  return TRUE;
}

static gfloat
cut_tails (gfloat value)
{
  if (value < BLUR_TAIL)
    return 0.0f;
  return value > 1.0f - BLUR_TAIL ? 1.0f : value;
}

/* Whether a block stays as it is: all that it is blurred with is the same. */
static gboolean
is_flat (const Feather *feather, gint x, gint y)
{
  const gint by = (gint)ceil (feather->reach / BLOCK);
  const gfloat value = feather->low[(gsize)y * feather->width + x];

  for (gint j = MAX (y - by, 0); j <= MIN (y + by, feather->height - 1); j++)
    for (gint i = MAX (x - by, 0); i <= MIN (x + by, feather->width - 1); i++)
      {
        const gsize at = (gsize)j * feather->width + i;

        if (feather->low[at] != value || feather->high[at] != value)
          return FALSE;
      }
  return cut_tails (value) == value;
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
  for (guint i = 0; i < feather->parts->len; i++)
    {
      GeglRectangle *part = &g_array_index (feather->parts, GeglRectangle, i);

      gegl_rectangle_set (part, feather->rect.x + part->x * BLOCK,
                          feather->rect.y + part->y * BLOCK,
                          part->width * BLOCK, part->height * BLOCK);
      gegl_rectangle_intersect (part, part, &feather->rect);
    }
}

/* ------------------------------------------------------------------ blurring */

static void
blur_part (gint task, gpointer data)
{
  Feather *feather = data;
  const Babl *format = babl_format ("Y float");
  const GeglRectangle *part =
      &g_array_index (feather->parts, GeglRectangle, task);
  const gsize n = (gsize)part->width * part->height;
  GeglRectangle around = pmt_rect_grow (part, feather->reach);
  g_autofree gfloat *values =
      pmt_image_alloc (part->width, part->height, sizeof (gfloat), NULL);
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (GeglNode) graph = NULL;
  GeglNode *read, *blur;

  if (!values)
    {
      g_atomic_int_set (&feather->is_failed, TRUE);
      return;
    }
  gegl_rectangle_intersect (&around, &around, &feather->rect);
  source = gegl_buffer_create_sub_buffer (feather->source, &around);
  graph = gegl_node_new ();
  read = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                              "buffer", source, NULL);
  blur = gegl_node_new_child (
      graph, "operation", "gegl:gaussian-blur", "std-dev-x", feather->sigma,
      "std-dev-y", feather->sigma, "abyss-policy", 1 /* clamp */, NULL);
  gegl_node_link (read, blur);
  gegl_node_blit (blur, 1.0, part, format, values, GEGL_AUTO_ROWSTRIDE,
                  GEGL_BLIT_DEFAULT);
  for (gsize i = 0; i < n; i++)
    values[i] = cut_tails (values[i]);
  gegl_buffer_set (feather->mask, part, 0, format, values, GEGL_AUTO_ROWSTRIDE);
}

gboolean
pmt_mask_feather (GeglBuffer *mask, gdouble width)
{
  g_auto (Feather)
      feather = { .mask = mask,
                  .sigma = width / FEATHER_PER_SIGMA,
                  .reach = BLUR_REACH * width / FEATHER_PER_SIGMA + 1.0 };

  if (!pmt_mask_bounds (mask, NULL, &feather.rect))
    return TRUE;
  feather.rect = pmt_rect_grow (&feather.rect, feather.reach);
  gegl_rectangle_intersect (&feather.rect, &feather.rect,
                            gegl_buffer_get_extent (mask));
  feather.source = gegl_buffer_new (&feather.rect, babl_format ("Y float"));
  if (!read_mask (&feather))
    return FALSE;
  find_parts (&feather);
  pmt_parallel_run (pmt_image_threads (), (gint)feather.parts->len, blur_part,
                    &feather);
  return !feather.is_failed;
}

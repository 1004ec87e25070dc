/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* mask.c: bounds of a selection, growing, denoise and composite masks. */
#include "config.h"

#include "image/distance.h"
#include "image/image-private.h"
#include "image/mask.h"

#include <math.h>
#include <string.h>

/*
 * A soft selection is grown by level sets: each of these shares of its
 * highest coverage is grown by itself, and the highest result counts.
 */
#define N_LEVELS 4

/* Rows that are read at a time. */
#define BAND_ROWS 64

const Babl *
pmt_mask_format (GeglBuffer *mask)
{
  return babl_format_with_space ("Y float", gegl_buffer_get_format (mask));
}

static gboolean
is_mask_u8 (GeglBuffer *mask)
{
  const Babl *format = gegl_buffer_get_format (mask);

  return babl_format_get_n_components (format) == 1
         && babl_format_get_bytes_per_pixel (format) == 1
         && !babl_format_is_palette (format);
}

static inline gfloat
clean_coverage (gfloat value)
{
  /* Also turns NaN into 0. */
  return value > 0.0f ? MIN (value, 1.0f) : 0.0f;
}

void
pmt_mask_read_selected (GeglBuffer *mask,
                        const GeglRectangle *rect,
                        guint8 *selected)
{
  g_autofree gfloat *row = NULL;

  if (is_mask_u8 (mask))
    {
      gegl_buffer_get (mask, rect, 1.0, gegl_buffer_get_format (mask), selected,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      return;
    }

  row = g_new (gfloat, rect->width);
  for (gint y = 0; y < rect->height; y++)
    {
      const GeglRectangle line = { rect->x, rect->y + y, rect->width, 1 };
      guint8 *dst = selected + (gsize)y * rect->width;

      gegl_buffer_get (mask, &line, 1.0, pmt_mask_format (mask), row,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (gint x = 0; x < rect->width; x++)
        dst[x] = row[x] > 0.0f ? 255 : 0;
    }
}

/* Coverage of 8-bit values: babl converts them one by one, which takes ten
 * times as long. */
static void
read_bytes (GeglBuffer *mask, const GeglRectangle *rect, gfloat *coverage)
{
  const Babl *format = gegl_buffer_get_format (mask);
  const gsize n = (gsize)rect->width * rect->height;
  g_autofree guint8 *bytes = g_new (guint8, n);
  gfloat table[256];
  guint8 values[256];

  for (gint i = 0; i < 256; i++)
    values[i] = (guint8)i;
  babl_process (babl_fish (format, pmt_mask_format (mask)), values, table, 256);
  for (gint i = 0; i < 256; i++)
    table[i] = clean_coverage (table[i]);
  gegl_buffer_get (mask, rect, 1.0, format, bytes, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    coverage[i] = table[bytes[i]];
}

void
pmt_mask_read_coverage (GeglBuffer *mask,
                        const GeglRectangle *rect,
                        gfloat *coverage)
{
  const gsize n = (gsize)rect->width * rect->height;

  if (is_mask_u8 (mask))
    {
      read_bytes (mask, rect, coverage);
      return;
    }
  gegl_buffer_get (mask, rect, 1.0, pmt_mask_format (mask), coverage,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    coverage[i] = clean_coverage (coverage[i]);
}

/* Box: the growing bounds, as first and last coordinate. */
typedef struct
{
  gint x0;
  gint y0;
  gint x1;
  gint y1;
} Box;

static void
box_add_run (Box *box, gint x0, gint x1, gint y)
{
  box->x0 = MIN (box->x0, x0);
  box->x1 = MAX (box->x1, x1);
  box->y0 = MIN (box->y0, y);
  box->y1 = MAX (box->y1, y);
}

static void
box_add_bytes (Box *box, const guint8 *data, const GeglRectangle *roi)
{
  for (gint y = 0; y < roi->height; y++)
    {
      const guint8 *row = data + (gsize)y * roi->width;
      gint first = 0;
      gint last = roi->width - 1;

      /* A row that starts with 0 and repeats itself is all zeros. */
      if (row[0] == 0 && memcmp (row, row + 1, roi->width - 1) == 0)
        continue;
      while (row[first] == 0)
        first++;
      while (row[last] == 0)
        last--;
      box_add_run (box, roi->x + first, roi->x + last, roi->y + y);
    }
}

static void
box_add_floats (Box *box, const gfloat *data, const GeglRectangle *roi)
{
  for (gint y = 0; y < roi->height; y++)
    {
      const gfloat *row = data + (gsize)y * roi->width;
      gint first = 0;
      gint last = roi->width - 1;

      /* As with bytes. */
      if (row[0] == 0.0f && memcmp (row, row + 1, last * sizeof *row) == 0)
        continue;
      while (first <= last && !(row[first] > 0.0f))
        first++;
      if (first > last)
        continue;
      while (!(row[last] > 0.0f))
        last--;
      box_add_run (box, roi->x + first, roi->x + last, roi->y + y);
    }
}

gboolean
pmt_mask_bounds (GeglBuffer *mask,
                 const GeglRectangle *limits,
                 GeglRectangle *bounds)
{
  const gboolean is_u8 = is_mask_u8 (mask);
  GeglRectangle rect = *gegl_buffer_get_extent (mask);
  Box box = { G_MAXINT, G_MAXINT, G_MININT, G_MININT };
  GeglBufferIterator *it;

  if (limits && !gegl_rectangle_intersect (&rect, &rect, limits))
    return FALSE;
  if (rect.width <= 0 || rect.height <= 0)
    return FALSE;

  it = gegl_buffer_iterator_new (mask, &rect, 0,
                                 is_u8 ? gegl_buffer_get_format (mask)
                                       : pmt_mask_format (mask),
                                 GEGL_ACCESS_READ, GEGL_ABYSS_NONE, 1);
  while (gegl_buffer_iterator_next (it))
    {
      const GeglRectangle *roi = &it->items[0].roi;

      if (is_u8)
        box_add_bytes (&box, it->items[0].data, roi);
      else
        box_add_floats (&box, it->items[0].data, roi);
    }
  if (box.x1 < box.x0)
    return FALSE;
  gegl_rectangle_set (bounds, box.x0, box.y0, box.x1 - box.x0 + 1,
                      box.y1 - box.y0 + 1);
  return TRUE;
}

/* Highest coverage in 255ths, and whether a value lies in [levels[k], levels[k + 1]). */
static gint
find_levels (GeglBuffer *mask, const GeglRectangle *rect, gboolean *is_used)
{
  gsize counts[256] = { 0 };
  gint top = 0;
  GeglBufferIterator *it =
      gegl_buffer_iterator_new (mask, rect, 0, pmt_mask_format (mask),
                                GEGL_ACCESS_READ, GEGL_ABYSS_NONE, 1);

  while (gegl_buffer_iterator_next (it))
    {
      const gfloat *data = it->items[0].data;

      for (gint i = 0; i < it->length; i++)
        counts[(gint)(clean_coverage (data[i]) * 255.0f + 0.5f)]++;
    }
  for (gint i = 1; i < 256; i++)
    if (counts[i])
      top = i;
  for (gint k = 1; k <= N_LEVELS; k++)
    {
      const gint low = top * k / N_LEVELS;
      const gint high = k == N_LEVELS ? 256 : top * (k + 1) / N_LEVELS;

      is_used[k - 1] = FALSE;
      for (gint i = MAX (low, 1); i < high; i++)
        is_used[k - 1] |= counts[i] > 0;
    }
  return top;
}

/* How a grown level falls with the distance from it. */
typedef gfloat (*Falloff) (gfloat distance, gfloat radius);

static gfloat
falloff_grow (gfloat distance, gfloat radius)
{
  /* One pixel of soft edge outside the radius: no stairs. */
  return CLAMP (radius + 1.0f - distance, 0.0f, 1.0f);
}

static gfloat
falloff_smoothstep (gfloat distance, gfloat radius)
{
  gfloat t;

  if (distance >= radius)
    return 0.0f;
  t = 1.0f - distance / radius;
  return t * t * (3.0f - 2.0f * t);
}

/* @grown = max (@grown, level * falloff (distance to the level set)) */
static gboolean
grow_level (GeglBuffer *mask,
            GeglBuffer *grown,
            const GeglRectangle *rect,
            gfloat level,
            gfloat radius,
            Falloff falloff)
{
  /* What find_levels() rounds to the level is inside the set. */
  const gdouble threshold = level - 0.5 / 255.0 - 1e-5;
  g_autoptr (GeglBuffer) distance = pmt_distance_new (mask, threshold, rect);
  GeglBufferIterator *it;

  if (!distance)
    return FALSE;
  it = gegl_buffer_iterator_new (grown, rect, 0, babl_format ("Y float"),
                                 GEGL_ACCESS_READWRITE, GEGL_ABYSS_NONE, 2);
  gegl_buffer_iterator_add (it, distance, rect, 0, babl_format ("Y float"),
                            GEGL_ACCESS_READ, GEGL_ABYSS_NONE);
  while (gegl_buffer_iterator_next (it))
    {
      gfloat *dst = it->items[0].data;
      const gfloat *d = it->items[1].data;

      for (gint i = 0; i < it->length; i++)
        dst[i] = MAX (dst[i], level * falloff (d[i], radius));
    }
  return TRUE;
}

/* The area's mask, grown over its crop; %NULL without memory. */
static GeglBuffer *
grow_soft (const PmtArea *area, gdouble radius, gdouble reach, Falloff falloff)
{
  g_autoptr (GeglBuffer) grown = gegl_buffer_dup (area->mask);
  gboolean is_used[N_LEVELS];
  GeglRectangle rect;
  gint top;

  if (reach < 1.0 || !pmt_mask_bounds (area->mask, NULL, &rect))
    return g_steal_pointer (&grown);
  top = find_levels (area->mask, &rect, is_used);
  rect = pmt_rect_grow (&rect, reach);
  gegl_rectangle_intersect (&rect, &rect, gegl_buffer_get_extent (grown));
  for (gint k = 1; k <= N_LEVELS; k++)
    if (is_used[k - 1]
        && !grow_level (area->mask, grown, &rect, top * k / N_LEVELS / 255.0f,
                        (gfloat)radius, falloff))
      return NULL;
  return g_steal_pointer (&grown);
}

GeglBuffer *
pmt_mask_denoise (const PmtArea *area)
{
  const gdouble grow = area->geometry.grow;
  GeglBuffer *mask =
      grow_soft (area, grow, grow > 0.0 ? grow + 1.0 : 0.0, falloff_grow);

  if (mask && area->geometry.feather > 0.0
      && !pmt_mask_feather (mask, area->geometry.feather))
    g_clear_object (&mask);
  return mask;
}

GeglBuffer *
pmt_mask_composite (const PmtArea *area)
{
  return grow_soft (area, area->geometry.blend, area->geometry.blend,
                    falloff_smoothstep);
}

/* 255 where the coverage of @mask is above @threshold, over @rect.
 * Returns: %FALSE without memory. */
static gboolean
mark_covered (GeglBuffer *mask,
              const GeglRectangle *rect,
              gfloat threshold,
              guint8 *marks)
{
  g_autofree gfloat *band =
      pmt_image_alloc (rect->width, BAND_ROWS, sizeof (gfloat), NULL);

  if (!band)
    return FALSE;
  for (gint y = 0; y < rect->height; y += BAND_ROWS)
    {
      const gint rows = MIN (BAND_ROWS, rect->height - y);
      const gsize n = (gsize)rect->width * rows;

      pmt_mask_read_coverage (
          mask, GEGL_RECTANGLE (rect->x, rect->y + y, rect->width, rows), band);
      for (gsize i = 0; i < n; i++)
        marks[(gsize)y * rect->width + i] = band[i] > threshold ? 255 : 0;
    }
  return TRUE;
}

/* 255 where @distance is no more than @radius, over the part of @rect that it
 * has. */
static void
mark_near (GeglBuffer *distance,
           const GeglRectangle *rect,
           gfloat radius,
           guint8 *marks)
{
  g_autofree gfloat *row = NULL;
  GeglRectangle part;

  if (!gegl_rectangle_intersect (&part, rect,
                                 gegl_buffer_get_extent (distance)))
    return;
  row = g_new (gfloat, part.width);
  for (gint y = part.y; y < part.y + part.height; y++)
    {
      guint8 *to =
          marks + (gsize)(y - rect->y) * rect->width + (part.x - rect->x);

      gegl_buffer_get (distance, GEGL_RECTANGLE (part.x, y, part.width, 1), 1.0,
                       babl_format ("Y float"), row, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      for (gint x = 0; x < part.width; x++)
        to[x] = row[x] <= radius ? 255 : 0;
    }
}

guint8 *
pmt_mask_grow (GeglBuffer *mask,
               gdouble threshold,
               gdouble radius,
               const GeglRectangle *rect)
{
  g_autofree guint8 *grown =
      pmt_image_alloc (rect->width, rect->height, 1, NULL);
  g_autoptr (GeglBuffer) distance = NULL;
  GeglRectangle reach = pmt_rect_grow (rect, MAX (radius, 0.0));
  GeglRectangle support;
  GeglRectangle domain;

  if (!grown)
    return NULL;
  if (radius < 1.0)
    {
      return mark_covered (mask, rect, (gfloat)threshold, grown)
                 ? g_steal_pointer (&grown)
                 : NULL;
    }
  if (!pmt_mask_bounds (mask, &reach, &support))
    return g_steal_pointer (&grown);

  domain = pmt_rect_grow (&support, radius);
  if (gegl_rectangle_intersect (&domain, &domain, rect))
    {
      gegl_rectangle_bounding_box (&domain, &domain, &support);
      distance = pmt_distance_new (mask, threshold, &domain);
      if (!distance)
        return NULL;
      mark_near (distance, rect, (gfloat)radius, grown);
    }
  return g_steal_pointer (&grown);
}

void
pmt_mask_multiply (GeglBuffer *mask, GeglBuffer *other)
{
  const Babl *format = babl_format ("Y float");
  GeglBufferIterator *iterator = gegl_buffer_iterator_new (
      mask, NULL, 0, format, GEGL_ACCESS_READWRITE, GEGL_ABYSS_NONE, 2);

  gegl_buffer_iterator_add (iterator, other, gegl_buffer_get_extent (mask), 0,
                            pmt_mask_format (other), GEGL_ACCESS_READ,
                            GEGL_ABYSS_NONE);
  while (gegl_buffer_iterator_next (iterator))
    {
      gfloat *to = iterator->items[0].data;
      const gfloat *from = iterator->items[1].data;

      for (gint i = 0; i < iterator->length; i++)
        to[i] *= CLAMP (from[i], 0.0f, 1.0f);
    }
}

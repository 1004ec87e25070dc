/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * net-write.c: what the network made of a tile, into the target.  At scale 1
 * the change is added to the source's own values; at others what the network
 * did not see, alpha and values outside 0..1, is enlarged beside it.
 */
#include "config.h"

#include "image/image-private.h"
#include "image/pixels.h"
#include "restore/net-private.h"

/* Rows that are converted and written at a time. */
#define BAND_ROWS 32

/* One tile on its way. */
typedef struct
{
  const PmtNetWriter *writer;
  const PmtNetSource *source;
  const PmtTile *tile;
  const gfloat *planes;
  gfloat *outside[3];
  gfloat *base[3];
  gfloat *alpha;
} Output;

static void
output_clear (Output *output)
{
  for (gint c = 0; c < 3; c++)
    {
      g_clear_pointer (&output->outside[c], g_free);
      g_clear_pointer (&output->base[c], g_free);
    }
  g_clear_pointer (&output->alpha, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Output, output_clear)

static const gfloat *
plane_row (const Output *output, const gfloat *planes, gint plane, gint y)
{
  const GeglRectangle *outer = &output->tile->outer;
  const gint s = output->writer->scale;
  const gsize stride = (gsize)outer->width * s;
  const gint top = (output->tile->inner.y - outer->y) * s;
  const gint left = (output->tile->inner.x - outer->x) * s;

  return planes + plane * stride * outer->height * s + (top + y) * stride
         + left;
}

/* -------------------------------------------------------------- scale 1 -- */

static inline void
add_change (const gfloat *restrict own,
            const gfloat *restrict seen,
            const gfloat *restrict made,
            gfloat *restrict to,
            gint step,
            gint n,
            gfloat strength)
{
  for (gint x = 0; x < n; x++)
    to[(gsize)x * step] =
        own[(gsize)x * step]
        + (pmt_net_clamp (made[x]) - pmt_net_clamp (seen[(gsize)x * step]))
              * strength;
}

static void
restored_row (const Output *output, gint y, gfloat *to)
{
  const PmtNetSource *source = output->source;
  const GeglRectangle *inner = &output->tile->inner;
  const gfloat strength = output->writer->strength;
  const gint n = source->n;
  const gsize at = ((gsize)(inner->y + y - source->rect.y) * source->rect.width
                    + inner->x - source->rect.x)
                   * n;
  const gfloat *own = source->own + at;
  const gfloat *seen = source->seen + at;

  for (gint c = 0; c < source->n_colors; c++)
    {
      const gfloat *made = plane_row (output, output->planes, c, y);

      if (n == 3)
        add_change (own + c, seen + c, made, to + c, 3, inner->width, strength);
      else if (n == 4)
        add_change (own + c, seen + c, made, to + c, 4, inner->width, strength);
      else
        add_change (own + c, seen + c, made, to + c, n, inner->width, strength);
    }
  if (!source->has_alpha)
    return;
  for (gint x = 0; x < inner->width; x++)
    {
      const gfloat alpha = own[(gsize)x * n + n - 1];

      to[(gsize)x * n + n - 1] = alpha;
      /* Nobody sees what is there, and it may be wanted later. */
      for (gint c = 0; c < source->n_colors && !(alpha > 0.0f); c++)
        to[(gsize)x * n + c] = own[(gsize)x * n + c];
    }
}

/* --------------------------------------------------------- other scales -- */

static gfloat *
enlarge (const Output *output, PmtNetPlane kind, gint color, GError **error)
{
  const GeglRectangle *outer = &output->tile->outer;
  g_autofree gfloat *plane =
      pmt_image_alloc (outer->width, outer->height, sizeof (gfloat), error);
  gfloat *enlarged;

  if (plane == NULL)
    return NULL;
  pmt_net_source_plane (output->source, output->writer->picture, outer, kind,
                        color, plane);
  enlarged = pmt_net_enlarge (plane, outer->width, outer->height,
                              output->writer->scale);
  if (enlarged == NULL)
    pmt_image_memory_error (outer->width, outer->height, error);
  return enlarged;
}

static gboolean
enlarge_rest (Output *output, GError **error)
{
  const PmtNetSource *source = output->source;

  for (gint c = 0; c < source->n_colors; c++)
    {
      if (source->has_outside
          && !(output->outside[c] =
                   enlarge (output, PMT_NET_PLANE_OUTSIDE, c, error)))
        return FALSE;
      if (output->writer->strength < 1.0f
          && !(output->base[c] =
                   enlarge (output, PMT_NET_PLANE_SEEN, c, error)))
        return FALSE;
    }
  if (source->has_transparent)
    output->alpha = enlarge (output, PMT_NET_PLANE_ALPHA, 0, error);
  return !source->has_transparent || output->alpha != NULL;
}

static void
enlarged_row (const Output *output, gint y, gfloat *to)
{
  const PmtNetSource *source = output->source;
  const gint width = output->tile->inner.width * output->writer->scale;
  const gfloat strength = output->writer->strength;
  const gint n = source->n;

  for (gint c = 0; c < source->n_colors; c++)
    {
      const gfloat *made = plane_row (output, output->planes, c, y);
      const gfloat *base =
          output->base[c] ? plane_row (output, output->base[c], 0, y) : NULL;
      const gfloat *outside = output->outside[c]
                                  ? plane_row (output, output->outside[c], 0, y)
                                  : NULL;

      for (gint x = 0; x < width; x++)
        to[(gsize)x * n + c] = pmt_net_clamp (made[x]);
      for (gint x = 0; base != NULL && x < width; x++)
        to[(gsize)x * n + c] =
            base[x] + (to[(gsize)x * n + c] - base[x]) * strength;
      for (gint x = 0; outside != NULL && x < width; x++)
        to[(gsize)x * n + c] += outside[x];
    }
  if (source->has_alpha)
    {
      const gfloat *alpha =
          output->alpha ? plane_row (output, output->alpha, 0, y) : NULL;

      for (gint x = 0; x < width; x++)
        to[(gsize)x * n + n - 1] = alpha ? pmt_net_clamp (alpha[x]) : 1.0f;
    }
}

/* ---------------------------------------------------------------- write -- */

static gboolean
write_rows (const Output *output, GError **error)
{
  const PmtNetWriter *writer = output->writer;
  const Babl *to = gegl_buffer_get_format (writer->target);
  const Babl *fish = babl_fish (pmt_net_source_format (output->source),
                                pmt_pixels_plain_format (to));
  const gint n = output->source->n;
  const gint s = writer->scale;
  const GeglRectangle *inner = &output->tile->inner;
  const gint width = inner->width * s;
  const gint height = inner->height * s;
  g_autofree gfloat *band =
      pmt_image_alloc (width, BAND_ROWS, n * sizeof (gfloat), error);
  g_autofree gpointer raw = NULL;

  if (band == NULL)
    return FALSE;
  raw = pmt_image_alloc (width, BAND_ROWS, babl_format_get_bytes_per_pixel (to),
                         error);
  if (raw == NULL)
    return FALSE;
  for (gint y = 0; y < height; y += BAND_ROWS)
    {
      const gint rows = MIN (BAND_ROWS, height - y);
      const GeglRectangle place = { inner->x * s + writer->offset_x,
                                    inner->y * s + writer->offset_y + y, width,
                                    rows };

      for (gint i = 0; i < rows; i++)
        {
          gfloat *row = band + (gsize)i * width * n;

          if (s == 1)
            restored_row (output, y + i, row);
          else
            enlarged_row (output, y + i, row);
        }
      babl_process (fish, band, raw, (glong)rows * width);
      gegl_buffer_set (writer->target, &place, 0, to, raw, GEGL_AUTO_ROWSTRIDE);
    }
  return TRUE;
}

gboolean
pmt_net_write (const PmtNetWriter *writer,
               const PmtNetSource *source,
               const PmtTile *tile,
               const gfloat *planes,
               GError **error)
{
  g_auto (Output) output = { writer, source, tile, planes };

  if (writer->scale > 1 && !enlarge_rest (&output, error))
    return FALSE;
  return write_rows (&output, error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* apply.c: restored faces into pictures: the change, faded in by a mask. */
#include "config.h"

#include "face/apply.h"

#include <math.h>
#include <string.h>

#include "image/image-private.h"
#include "image/pixels.h"

/* Rows of the target that are worked on at a time. */
#define BAND_ROWS 32

/* What changes more slowly than this, as a share of the aligned face's side,
 * is a matter of color. */
#define COLOR_SIGMA 0.11

/**
 * Change: what is added to a picture
 * @map: from the picture with the face to the aligned one
 * @aligned: (nullable): the change as an aligned picture, perhaps smaller
 * @made: (nullable): otherwise: what pixels become
 * @side: of the aligned picture that @map leads to
 */
typedef struct
{
  PmtSimilarity map;
  const PmtSmallImage *aligned;
  GeglBuffer *made;
  gint side;
  gfloat strength;
} Change;

/* A band of the target on its way. */
typedef struct
{
  const PmtFaceTarget *target;
  const Change *change;
  GeglRectangle rect;
  const Babl *format;
  gint n;
  gint bytes;
  guint8 *raw;
  guint8 *made_raw;
  gfloat *own;
  gfloat *made;
  gfloat *mask;
} Band;

static void
band_clear (Band *band)
{
  g_free (band->raw);
  g_free (band->made_raw);
  g_free (band->own);
  g_free (band->made);
  g_free (band->mask);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Band, band_clear)

static gboolean
band_init (Band *band,
           const PmtFaceTarget *target,
           const Change *change,
           gint width,
           GError **error)
{
  const Babl *format = gegl_buffer_get_format (target->picture);

  band->target = target;
  band->change = change;
  band->format = format;
  band->n = pmt_pixels_is_gray (format) ? 2 : 4;
  band->bytes = babl_format_get_bytes_per_pixel (format);
  band->raw = pmt_image_alloc (width, BAND_ROWS, (gsize)band->bytes, error);
  if (band->raw == NULL)
    return FALSE;
  band->made_raw = pmt_image_alloc (width, BAND_ROWS, 64, error);
  if (band->made_raw == NULL)
    return FALSE;
  band->own = pmt_image_alloc (width, BAND_ROWS, 4 * sizeof (gfloat), error);
  if (band->own == NULL)
    return FALSE;
  band->made = pmt_image_alloc (width, BAND_ROWS, 4 * sizeof (gfloat), error);
  if (band->made == NULL)
    return FALSE;
  band->mask = pmt_image_alloc (width, BAND_ROWS, sizeof (gfloat), error);
  return band->mask != NULL;
}

static const Babl *
float_format (const Band *band)
{
  return babl_format (band->n == 2 ? "Y'A float" : "R'G'B'A float");
}

static void
read_plain (const Band *band, GeglBuffer *buffer, gpointer raw, gfloat *values)
{
  const Babl *format = gegl_buffer_get_format (buffer);

  gegl_buffer_get (buffer, &band->rect, 1.0, format, raw, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  babl_process (
      babl_fish (pmt_pixels_plain_format (format), float_format (band)), raw,
      values, (glong)band->rect.width * band->rect.height);
}

/* What is added to pixel @i, at @at of the aligned picture. */
static void
get_change (const Band *band, gsize i, const gdouble *at, gfloat *delta)
{
  const Change *change = band->change;
  const PmtSmallImage *aligned = change->aligned;
  const gfloat *own = band->own + i * band->n;
  const gfloat *made = band->made + i * band->n;

  if (aligned != NULL)
    pmt_small_image_sample (aligned, at[0] / aligned->step,
                            at[1] / aligned->step, delta);
  for (gint c = 0; aligned == NULL && c < 3; c++)
    delta[c] = band->n == 2 ? made[0] - own[0] : made[c] - own[c];
}

/* Returns: whether the pixel is changed. */
static gboolean
change_pixel (Band *band, gsize i, gdouble x, gdouble y)
{
  const Change *change = band->change;
  gfloat *own = band->own + i * band->n;
  gdouble at[2] = { x + 0.5, y + 0.5 };
  gfloat delta[3] = { 0.0f };
  gfloat share;
  gfloat part;

  pmt_resize_unapply (band->target->resize, at);
  pmt_similarity_apply (&change->map, at);
  share = pmt_face_mask (at[0] / change->side, at[1] / change->side);
  if (!(share > 0.0f) || !(own[band->n - 1] > 0.0f))
    return FALSE;
  part = share;
  if (band->target->mask != NULL)
    {
      /* Two faces that overlap fade into each other. */
      part = share / (share + band->mask[i]);
      band->mask[i] = MAX (band->mask[i], share);
    }
  get_change (band, i, at, delta);
  part *= change->strength;
  if (band->n == 2)
    own[0] += part * (delta[0] + delta[1] + delta[2]) / 3.0f;
  for (gint c = 0; band->n == 4 && c < 3; c++)
    own[c] += part * delta[c];
  return TRUE;
}

/* Changed pixels only: the others keep their bits. */
static void
write_band (Band *band, const guint8 *is_changed)
{
  const gsize n = (gsize)band->rect.width * band->rect.height;
  g_autofree guint8 *converted = g_malloc (n * band->bytes);

  babl_process (
      babl_fish (float_format (band), pmt_pixels_plain_format (band->format)),
      band->own, converted, (glong)n);
  for (gsize i = 0; i < n; i++)
    if (is_changed[i])
      memcpy (band->raw + i * band->bytes, converted + i * band->bytes,
              band->bytes);
  gegl_buffer_set (band->target->picture, &band->rect, 0, band->format,
                   band->raw, GEGL_AUTO_ROWSTRIDE);
}

static void
work_on_band (Band *band)
{
  const gsize n = (gsize)band->rect.width * band->rect.height;
  g_autofree guint8 *is_changed = g_malloc0 (n);
  GeglBuffer *mask = band->target->mask;
  gboolean is_any = FALSE;

  read_plain (band, band->target->picture, band->raw, band->own);
  if (band->change->made != NULL)
    read_plain (band, band->change->made, band->made_raw, band->made);
  if (mask != NULL)
    gegl_buffer_get (mask, &band->rect, 1.0, babl_format ("Y float"),
                     band->mask, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gint y = 0; y < band->rect.height; y++)
    for (gint x = 0; x < band->rect.width; x++)
      {
        const gsize i = (gsize)y * band->rect.width + x;

        is_changed[i] =
            change_pixel (band, i, band->rect.x + x, band->rect.y + y);
        is_any |= is_changed[i];
      }
  if (!is_any)
    return;
  /* The mask counts even where nothing was changed. */
  if (band->change->strength > 0.0f)
    write_band (band, is_changed);
  if (mask != NULL)
    gegl_buffer_set (mask, &band->rect, 0, babl_format ("Y float"), band->mask,
                     GEGL_AUTO_ROWSTRIDE);
}

static gboolean
put_change (const Change *change,
            const GeglRectangle *reach,
            const PmtFaceTarget *target,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (Band) band = { 0 };
  GeglRectangle rect;

  if (!gegl_rectangle_intersect (&rect, reach,
                                 gegl_buffer_get_extent (target->picture)))
    return TRUE;
  if (!band_init (&band, target, change, rect.width, error))
    return FALSE;
  for (gint y = 0; y < rect.height; y += BAND_ROWS)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      band.rect = rect;
      band.rect.y += y;
      band.rect.height = MIN (BAND_ROWS, rect.height - y);
      work_on_band (&band);
    }
  return TRUE;
}

/* --------------------------------------------------------------- change -- */

/* Low frequencies of the change are taken out of it: a mean of each place
 * over what belongs to the face. */
static gboolean
keep_colors (PmtSmallImage *change, GError **error)
{
  const gint side = change->width;
  const gint by = MAX (1, side / 32);
  const gint n = (side + by - 1) / by;
  const gdouble sigma = COLOR_SIGMA * n;
  g_autofree gdouble *sums = g_new0 (gdouble, (gsize)n * n * 4);
  g_autoptr (PmtSmallImage) low = pmt_small_image_new (n, n, error);

  if (low == NULL)
    return FALSE;
  for (gint y = 0; y < side; y++)
    for (gint x = 0; x < side; x++)
      {
        const gdouble share =
            pmt_face_mask ((x + 0.5) / side, (y + 0.5) / side) + 1e-6;
        gdouble *sum = sums + ((gsize)(y / by) * n + x / by) * 4;

        for (gint c = 0; c < 3; c++)
          sum[c] += share * change->rgb[((gsize)y * side + x) * 3 + c];
        sum[3] += share;
      }
  for (gint y = 0; y < n; y++)
    for (gint x = 0; x < n; x++)
      {
        gdouble mean[4] = { 0.0 };

        for (gint v = 0; v < n; v++)
          for (gint u = 0; u < n; u++)
            {
              const gdouble weight =
                  exp (-((u - x) * (u - x) + (v - y) * (v - y))
                       / (2.0 * sigma * sigma));

              for (gint c = 0; c < 4; c++)
                mean[c] += weight * sums[((gsize)v * n + u) * 4 + c];
            }
        for (gint c = 0; c < 3; c++)
          low->rgb[((gsize)y * n + x) * 3 + c] = (gfloat)(mean[c] / mean[3]);
      }
  for (gint y = 0; y < side; y++)
    for (gint x = 0; x < side; x++)
      {
        gfloat mean[3];

        pmt_small_image_sample (low, (x + 0.5) / by, (y + 0.5) / by, mean);
        for (gint c = 0; c < 3; c++)
          change->rgb[((gsize)y * side + x) * 3 + c] -= mean[c];
      }
  return TRUE;
}

/* From @made, an aligned face, to its difference from @own. */
static void
subtract (PmtSmallImage *made, const PmtSmallImage *own)
{
  const gsize n = (gsize)made->width * made->height * 3;

  for (gsize i = 0; i < n; i++)
    made->rgb[i] -= own->rgb[i];
}

gboolean
pmt_face_apply (PmtFaceNet *net,
                GeglBuffer *source,
                const PmtFace *face,
                const PmtFaceTarget *target,
                gdouble strength,
                gdouble fidelity,
                GCancellable *cancellable,
                GError **error)
{
  const gint side = pmt_face_net_get_declared (net)->width;
  const GeglRectangle reach = pmt_face_reach (face, target->resize);
  const PmtResize *resize = target->resize;
  Change change = { .side = side, .strength = (gfloat)strength };
  g_autoptr (PmtSmallImage) made = NULL;
  g_autoptr (PmtSmallImage) own = NULL;
  gdouble factor =
      resize != NULL ? MAX (resize->factor_x, resize->factor_y) : 1.0;

  if (!pmt_face_align (face, side, &change.map))
    return TRUE;
  made = pmt_face_cut (source, &change.map, NULL, side, cancellable, error);
  if (made == NULL
      || !pmt_face_net_restore (net, made->rgb, fidelity, cancellable, error))
    return FALSE;
  own = pmt_face_cut (target->picture, &change.map, resize, side, cancellable,
                      error);
  if (own == NULL)
    return FALSE;
  subtract (made, own);
  if (!keep_colors (made, error)
      || !pmt_small_image_soften (
          made, pmt_similarity_scale (&change.map) / factor, error))
    return FALSE;
  change.aligned = made;
  return put_change (&change, &reach, target, cancellable, error);
}

gboolean
pmt_face_put (GeglBuffer *made,
              const GeglRectangle *rect,
              const PmtFace *face,
              const PmtFaceTarget *target,
              gdouble strength,
              GCancellable *cancellable,
              GError **error)
{
  Change change = { .made = made, .side = 1, .strength = (gfloat)strength };
  GeglRectangle reach = pmt_face_reach (face, target->resize);

  if (!pmt_face_align (face, 1, &change.map)
      || !gegl_rectangle_intersect (&reach, &reach, rect))
    return TRUE;
  return put_change (&change, &reach, target, cancellable, error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* subject.c: what a picture is about, as a mask. */
#include "config.h"

#include "subject/subject.h"

#include <string.h>

#include "image/image-private.h"
#include "image/mask.h"
#include "image/small-image.h"
#include "subject/graph-cut.h"
#include "subject/guided.h"

/* Longest side of what the edges of a network's mask are refined in. */
#define REFINED_SIDE 1400

/* Longest side of what is cut: some 100,000 pixels. */
#define CUT_SIDE 448

static gint
step_for (const GeglRectangle *rect, gint side)
{
  return (MAX (rect->width, rect->height) + side - 1) / side;
}

/* ---------------------------------------------------------------- network -- */

/* The whole of @small on a square, as the networks were trained. */
static PmtSmallImage *
fit_square (const PmtSmallImage *small, gint side, GError **error)
{
  const gdouble x_ratio = (gdouble)small->width / side;
  const gdouble y_ratio = (gdouble)small->height / side;
  PmtSmallImage *square = pmt_small_image_new (side, side, error);

  for (gint y = 0; square != NULL && y < side; y++)
    for (gint x = 0; x < side; x++)
      {
        gfloat *rgb = square->rgb + ((gsize)y * side + x) * 3;

        pmt_small_image_sample (small, (x + 0.5) * x_ratio, (y + 0.5) * y_ratio,
                                rgb);
        for (gint c = 0; c < 3; c++)
          rgb[c] = CLAMP (rgb[c], 0.0f, 1.0f);
      }
  return square;
}

/* Of [side, side] onto the pixels of @small. */
static gfloat *
fit_mask (const gfloat *mask,
          gint side,
          const PmtSmallImage *small,
          GError **error)
{
  gfloat *fitted =
      pmt_image_alloc (small->width, small->height, sizeof (gfloat), error);

  for (gint y = 0; fitted != NULL && y < small->height; y++)
    for (gint x = 0; x < small->width; x++)
      {
        const gdouble u =
            CLAMP ((x + 0.5) * side / small->width - 0.5, 0.0, side - 1.0);
        const gdouble v =
            CLAMP ((y + 0.5) * side / small->height - 0.5, 0.0, side - 1.0);
        const gint left = MIN ((gint)u, side - 2);
        const gint top = MIN ((gint)v, side - 2);
        const gfloat *at = mask + (gsize)top * side + left;
        const gfloat across = (gfloat)(u - left);
        const gfloat down = (gfloat)(v - top);
        const gfloat above = at[0] + (at[1] - at[0]) * across;
        const gfloat below = at[side] + (at[side + 1] - at[side]) * across;

        fitted[(gsize)y * small->width + x] = above + (below - above) * down;
      }
  return fitted;
}

static gfloat *
run_net (PmtSubjectNet *net,
         const PmtSmallImage *small,
         GCancellable *cancellable,
         GError **error)
{
  const gint side = pmt_subject_net_get_declared (net)->side;
  const gdouble ratio = (gdouble)MIN (small->width, small->height) / side;
  g_autoptr (PmtSmallImage) copy =
      pmt_small_image_new (small->width, small->height, error);
  g_autoptr (PmtSmallImage) square = NULL;
  g_autofree gfloat *mask = NULL;

  if (copy == NULL)
    return NULL;
  memcpy (copy->rgb, small->rgb,
          (gsize)small->width * small->height * 3 * sizeof (gfloat));
  if (ratio > 1.0 && !pmt_small_image_soften (copy, ratio, error))
    return NULL;
  square = fit_square (copy, side, error);
  if (square == NULL)
    return NULL;
  mask = pmt_image_alloc (side, side, sizeof (gfloat), error);
  if (mask == NULL
      || !pmt_subject_net_run (net, square->rgb, mask, cancellable, error))
    return NULL;
  return fit_mask (mask, side, small, error);
}

GeglBuffer *
pmt_subject_find (PmtSubjectNet *net,
                  GeglBuffer *picture,
                  const GeglRectangle *rect,
                  GCancellable *cancellable,
                  GError **error)
{
  const gint side = pmt_subject_net_get_declared (net)->side;
  g_autoptr (PmtSmallImage) small = pmt_small_image_read (
      picture, rect, step_for (rect, REFINED_SIDE), cancellable, error);
  g_autofree gfloat *coarse =
      small != NULL ? run_net (net, small, cancellable, error) : NULL;
  gint radius;

  if (coarse == NULL)
    return NULL;
  /* About two pixels of what the network saw. */
  radius =
      (gint)CLAMP (2.0 * MAX (small->width, small->height) / side, 2.0, 12.0);
  return pmt_guided_refine (picture, rect, small, coarse, radius, cancellable,
                            error);
}

/* ------------------------------------------------------------------- cut -- */

/* What is outside: not selected, or transparent. */
static guint8 *
make_labels (GeglBuffer *picture,
             const PmtSmallImage *small,
             GeglBuffer *selection,
             GError **error)
{
  guint8 *labels = pmt_image_alloc (small->width, small->height, 1, error);
  const Babl *alpha = babl_format ("YA float");

  for (gint y = 0; labels != NULL && y < small->height; y++)
    for (gint x = 0; x < small->width; x++)
      {
        const GeglRectangle pixel = {
          (gint)(small->x + (x + 0.5) * small->step),
          (gint)(small->y + (y + 0.5) * small->step), 1, 1
        };
        gfloat values[2] = { 0.0f, 0.0f };
        gfloat selected = 1.0f;

        gegl_buffer_get (picture, &pixel, 1.0, alpha, values,
                         GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
        if (selection != NULL)
          gegl_buffer_get (selection, &pixel, 1.0, pmt_mask_format (selection),
                           &selected, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
        labels[(gsize)y * small->width + x] =
            selected >= 0.5f && values[1] >= 0.5f ? PMT_CUT_UNKNOWN
                                                  : PMT_CUT_OUTSIDE;
      }
  return labels;
}

GeglBuffer *
pmt_subject_cut (GeglBuffer *picture,
                 const GeglRectangle *rect,
                 GeglBuffer *selection,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (PmtSmallImage) small = pmt_small_image_read (
      picture, rect, step_for (rect, CUT_SIDE), cancellable, error);
  g_autofree guint8 *labels =
      small != NULL ? make_labels (picture, small, selection, error) : NULL;
  g_autofree gfloat *coarse = NULL;
  GeglBuffer *mask;

  if (labels == NULL)
    return NULL;
  coarse =
      pmt_image_alloc (small->width, small->height, sizeof (gfloat), error);
  if (coarse == NULL
      || !pmt_graph_cut (small->rgb, labels, small->width, small->height,
                         coarse, cancellable, error))
    return NULL;
  mask =
      pmt_guided_refine (picture, rect, small, coarse, 3, cancellable, error);
  /* The filter's soft edge does not leave what was selected. */
  if (mask != NULL && selection != NULL)
    pmt_mask_multiply (mask, selection);
  return mask;
}

/* ------------------------------------------------------------------ masks -- */

gboolean
pmt_subject_is_empty (GeglBuffer *mask)
{
  GeglRectangle bounds;

  return !pmt_mask_bounds (mask, NULL, &bounds);
}

void
pmt_subject_invert (GeglBuffer *mask)
{
  GeglBufferIterator *iterator =
      gegl_buffer_iterator_new (mask, NULL, 0, babl_format ("Y float"),
                                GEGL_ACCESS_READWRITE, GEGL_ABYSS_NONE, 1);

  while (gegl_buffer_iterator_next (iterator))
    {
      gfloat *values = iterator->items[0].data;

      for (gint i = 0; i < iterator->length; i++)
        values[i] = 1.0f - values[i];
    }
}

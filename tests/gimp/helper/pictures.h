/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pictures.h: pixels for the tests of the plug-in. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/** test_picture_hash: Returns: (transfer full): of every byte and the size. */
gchar *test_picture_hash (GimpDrawable *drawable);

/**
 * test_picture_draw:
 *
 * Textured picture; floating-point drawables get values outside 0..1 too,
 * drawables with alpha get soft and transparent places with colours below.
 */
void test_picture_draw (GimpDrawable *drawable, gint seed);

/**
 * TestComparison: of two images as they look
 * @n_outside: pixels where every Pentimento layer of the later one is masked
 *   out or absent; @n_outside_changed of them look different
 * @n_inside: the others
 * @max_outside: largest difference of a component outside, 0..1
 */
typedef struct
{
  gint n_outside;
  gint n_outside_changed;
  gint n_inside;
  gint n_inside_changed;
  gdouble max_outside;
} TestComparison;

/** test_picture_compare: @dx, @dy: where @before's origin is in @after. */
void test_picture_compare (GimpImage *before,
                           GimpImage *after,
                           gint dx,
                           gint dy,
                           TestComparison *comparison);

/**
 * test_picture_mask_range:
 * @rect: canvas coordinates; outside the layer the mask counts as 0
 */
void test_picture_mask_range (GimpLayer *layer,
                              const GeglRectangle *rect,
                              gdouble *min,
                              gdouble *max);

G_END_DECLS

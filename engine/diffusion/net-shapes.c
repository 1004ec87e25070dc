/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-shapes.c: layers that move values without changing them. */
#include "config.h"

#include "diffusion/net-layers.h"

const gchar *
pmt_layer_reshape (PmtBuilder *builder,
                   const gchar *x,
                   gint n,
                   const gint64 *dims)
{
  return pmt_builder_node (builder, "Reshape",
                           PMT_NAMES (x, pmt_builder_ints (builder, n, dims)),
                           NULL);
}

static const gchar *
shape_of (PmtBuilder *builder, const gchar *x)
{
  return pmt_builder_node (builder, "Shape", PMT_NAMES (x), NULL);
}

const gchar *
pmt_layer_reshape_like (PmtBuilder *builder, const gchar *x, const gchar *like)
{
  return pmt_builder_node (builder, "Reshape",
                           PMT_NAMES (x, shape_of (builder, like)), NULL);
}

const gchar *
pmt_layer_transpose (PmtBuilder *builder,
                     const gchar *x,
                     gint n,
                     const gint64 *order)
{
  PmtNode *node;
  const gchar *y =
      pmt_builder_node (builder, "Transpose", PMT_NAMES (x), &node);

  pmt_node_set_ints (node, "perm", order, (guint)n);
  return y;
}

const gchar *
pmt_layer_to_tokens (PmtBuilder *builder, const gchar *x)
{
  const gint64 flat[] = { 0, 0, -1 };
  const gint64 order[] = { 0, 2, 1 };

  return pmt_layer_transpose (builder, pmt_layer_reshape (builder, x, 3, flat),
                              3, order);
}

const gchar *
pmt_layer_to_image (PmtBuilder *builder, const gchar *x, const gchar *like)
{
  const gint64 order[] = { 0, 2, 1 };

  return pmt_layer_reshape_like (
      builder, pmt_layer_transpose (builder, x, 3, order), like);
}

static void
set_nearest (PmtNode *node)
{
  pmt_node_set_string (node, "mode", "nearest");
  pmt_node_set_string (node, "coordinate_transformation_mode", "asymmetric");
  pmt_node_set_string (node, "nearest_mode", "floor");
}

const gchar *
pmt_layer_upsample (PmtBuilder *builder, const gchar *x)
{
  const gint64 n = 4;
  const gfloat scales[] = { 1, 1, 2, 2 };
  PmtNode *node;
  const gchar *y = pmt_builder_node (
      builder, "Resize",
      PMT_NAMES (x, "", pmt_builder_floats (builder, 1, &n, scales)), &node);

  set_nearest (node);
  return y;
}

const gchar *
pmt_layer_resize_like (PmtBuilder *builder, const gchar *x, const gchar *like)
{
  const gchar *own = pmt_layer_slice (builder, shape_of (builder, x), 0, 0, 2);
  const gchar *wanted =
      pmt_layer_slice (builder, shape_of (builder, like), 0, 2, 4);
  PmtNode *node;
  const gchar *y = pmt_builder_node (
      builder, "Resize",
      PMT_NAMES (x, "", "",
                 pmt_layer_concat (builder, PMT_NAMES (own, wanted), 0)),
      &node);

  set_nearest (node);
  return y;
}

const gchar *
pmt_layer_slice (
    PmtBuilder *builder, const gchar *x, gint64 axis, gint64 first, gint64 last)
{
  return pmt_builder_node (builder, "Slice",
                           PMT_NAMES (x, pmt_builder_ints (builder, 1, &first),
                                      pmt_builder_ints (builder, 1, &last),
                                      pmt_builder_ints (builder, 1, &axis)),
                           NULL);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* onnx-nets.c: small networks for tests. */
#include "config.h"

#include "onnx-nets.h"

#define FLOAT PMT_TENSOR_FLOAT32

static const gint64 one[] = { 1 };
static const gint64 four[] = { 4 };
static const gint64 picture[] = { 1, 3, -1, -1 };
static const gchar *const sides[] = { NULL, NULL, "height", "width" };

static GBytes *
finish (PmtGraph *graph)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = pmt_graph_to_bytes (graph, &error);

  g_assert_no_error (error);
  return bytes;
}

GBytes *
net_scale (PmtTensorType type, gconstpointer factor)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("scale", 13);

  pmt_graph_add_input (graph, "x", type, 4, picture, sides);
  pmt_graph_add_output (graph, "y", type, 4, picture, sides);
  pmt_graph_add_tensor (graph, "factor", type, 1, one, factor);
  pmt_graph_add_node (graph, "Mul", PMT_NAMES ("x", "factor"), PMT_NAMES ("y"));
  pmt_graph_add_metadata (graph, "pentimento.scale", "1");
  pmt_graph_add_metadata (graph, "empty", "");
  return finish (graph);
}

GBytes *
net_half (void)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("half", 13);
  const guint16 half = 0x3800;
  PmtNode *cast;

  pmt_graph_add_input (graph, "x", FLOAT, 4, picture, sides);
  pmt_graph_add_output (graph, "y", FLOAT, 4, picture, sides);
  pmt_graph_add_tensor (graph, "h", PMT_TENSOR_FLOAT16, 1, one, &half);
  cast = pmt_graph_add_node (graph, "Cast", PMT_NAMES ("h"), PMT_NAMES ("w"));
  pmt_node_set_int (cast, "to", 1);
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("x", "w"), PMT_NAMES ("y"));
  return finish (graph);
}

GBytes *
net_conv (guint depth)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("conv", 13);
  const gint64 shape[] = { 1, 16, 256, 256 };
  const gint64 kernel[] = { 16, 16, 3, 3 };
  const gint64 pads[] = { 1, 1, 1, 1 };
  gfloat weights[16 * 16 * 9];

  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    weights[i] = (gfloat)((gint)(i % 7) - 3) / 40;
  pmt_graph_add_input (graph, "t0", FLOAT, 4, shape, NULL);
  pmt_graph_add_tensor (graph, "w", FLOAT, 4, kernel, weights);
  for (guint i = 0; i < depth; i++)
    {
      g_autofree gchar *from = g_strdup_printf ("t%u", i);
      g_autofree gchar *to =
          i + 1 < depth ? g_strdup_printf ("t%u", i + 1) : g_strdup ("y");
      PmtNode *node = pmt_graph_add_node (graph, "Conv", PMT_NAMES (from, "w"),
                                          PMT_NAMES (to));

      pmt_node_set_ints (node, "pads", pads, G_N_ELEMENTS (pads));
    }
  pmt_graph_add_output (graph, "y", FLOAT, 4, shape, NULL);
  return finish (graph);
}

GBytes *
net_expand (void)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("expand", 13);
  const gint64 free_size[] = { -1 };

  pmt_graph_add_input (graph, "x", FLOAT, 1, one, NULL);
  pmt_graph_add_input (graph, "shape", PMT_TENSOR_INT64, 1, one, NULL);
  pmt_graph_add_output (graph, "y", FLOAT, 1, free_size, NULL);
  pmt_graph_add_node (graph, "Expand", PMT_NAMES ("x", "shape"),
                      PMT_NAMES ("y"));
  return finish (graph);
}

GBytes *
net_external (const gchar *location, guint64 offset)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("external", 13);

  pmt_graph_add_input (graph, "x", FLOAT, 1, four, NULL);
  pmt_graph_add_output (graph, "y", FLOAT, 1, four, NULL);
  pmt_graph_add_external (graph, "w", FLOAT, 1, four, location, offset, 16);
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("x", "w"), PMT_NAMES ("y"));
  return finish (graph);
}

GBytes *
net_op (const gchar *domain, const gchar *type)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("op", 13);
  PmtNode *node;

  pmt_graph_add_opset (graph, domain, 1);
  pmt_graph_add_input (graph, "x", FLOAT, 1, four, NULL);
  pmt_graph_add_output (graph, "y", FLOAT, 1, four, NULL);
  node = pmt_graph_add_node (graph, type, PMT_NAMES ("x"), PMT_NAMES ("y"));
  pmt_node_set_domain (node, domain);
  return finish (graph);
}

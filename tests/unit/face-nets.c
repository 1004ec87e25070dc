/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-nets.c: networks with the interfaces of those for faces. */
#include "config.h"

#include "face-nets.h"

#include "onnx/graph.h"

static void
add_scalar (PmtGraph *graph, const gchar *name, gfloat value)
{
  pmt_graph_add_tensor (graph, name, PMT_TENSOR_FLOAT32, 0, NULL, &value);
}

/* Columns of zeros on the left, and as many cut off on the right. */
static const gchar *
add_shift (PmtGraph *graph, const FaceNet *net, const gchar *at)
{
  const gint64 four[] = { 8 };
  const gint64 one[] = { 1 };
  const gint64 pads[] = { 0, 0, 0, net->shift, 0, 0, 0, 0 };
  const gint64 start[] = { 0 };
  const gint64 end[] = { net->side };
  const gint64 axis[] = { 3 };

  if (net->shift == 0)
    return at;
  pmt_graph_add_tensor (graph, "pads", PMT_TENSOR_INT64, 1, four, pads);
  pmt_graph_add_tensor (graph, "start", PMT_TENSOR_INT64, 1, one, start);
  pmt_graph_add_tensor (graph, "end", PMT_TENSOR_INT64, 1, one, end);
  pmt_graph_add_tensor (graph, "axis", PMT_TENSOR_INT64, 1, one, axis);
  pmt_graph_add_node (graph, "Pad", PMT_NAMES (at, "pads"),
                      PMT_NAMES ("padded"));
  pmt_graph_add_node (graph, "Slice",
                      PMT_NAMES ("padded", "start", "end", "axis"),
                      PMT_NAMES ("shifted"));
  return "shifted";
}

static const gchar *
add_sharpening (PmtGraph *graph, const FaceNet *net, const gchar *at)
{
  static const gint64 kernel[] = { 7, 7 };
  static const gint64 pads[] = { 3, 3, 3, 3 };
  PmtNode *node;

  if (!net->is_sharpened)
    return at;
  node = pmt_graph_add_node (graph, "AveragePool", PMT_NAMES (at),
                             PMT_NAMES ("blurred"));
  pmt_node_set_ints (node, "kernel_shape", kernel, 2);
  pmt_node_set_ints (node, "pads", pads, 4);
  add_scalar (graph, "two", 2.0f);
  pmt_graph_add_node (graph, "Mul", PMT_NAMES (at, "two"),
                      PMT_NAMES ("doubled"));
  pmt_graph_add_node (graph, "Sub", PMT_NAMES ("doubled", "blurred"),
                      PMT_NAMES ("sharp"));
  return "sharp";
}

static const gchar *
add_tint (PmtGraph *graph, const FaceNet *net, const gchar *at)
{
  if (net->tint == 0.0f)
    return at;
  add_scalar (graph, "tint", net->tint);
  pmt_graph_add_node (graph, "Add", PMT_NAMES (at, "tint"),
                      PMT_NAMES ("tinted"));
  return "tinted";
}

/* input + (1 - fidelity) * (at - input) */
static const gchar *
add_fidelity (PmtGraph *graph, const FaceNet *net, const gchar *at)
{
  const gint64 one[] = { 1 };
  const gchar *weight = "weight";

  if (net->fidelity == PMT_TENSOR_OTHER)
    return at;
  pmt_graph_add_input (graph, "weight", net->fidelity, 1, one, NULL);
  if (net->fidelity != PMT_TENSOR_FLOAT32)
    {
      pmt_node_set_int (pmt_graph_add_node (graph, "Cast", PMT_NAMES (weight),
                                            PMT_NAMES ("number")),
                        "to", 1);
      weight = "number";
    }
  add_scalar (graph, "one", 1.0f);
  pmt_graph_add_node (graph, "Sub", PMT_NAMES ("one", weight),
                      PMT_NAMES ("freedom"));
  pmt_graph_add_node (graph, "Sub", PMT_NAMES (at, "input"),
                      PMT_NAMES ("change"));
  pmt_graph_add_node (graph, "Mul", PMT_NAMES ("change", "freedom"),
                      PMT_NAMES ("allowed"));
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("input", "allowed"),
                      PMT_NAMES ("faithful"));
  return "faithful";
}

static const gchar *
add_fault (PmtGraph *graph, const FaceNet *net, const gchar *at)
{
  static const gint64 kernel[] = { 2, 2 };
  PmtNode *node;

  if (net->is_nan)
    {
      add_scalar (graph, "zero", 0.0f);
      pmt_graph_add_node (graph, "Mul", PMT_NAMES (at, "zero"),
                          PMT_NAMES ("zeros"));
      pmt_graph_add_node (graph, "Div", PMT_NAMES ("zeros", "zero"),
                          PMT_NAMES ("nans"));
      return "nans";
    }
  if (!net->is_halved)
    return at;
  node = pmt_graph_add_node (graph, "AveragePool", PMT_NAMES (at),
                             PMT_NAMES ("half"));
  pmt_node_set_ints (node, "kernel_shape", kernel, 2);
  pmt_node_set_ints (node, "strides", kernel, 2);
  return "half";
}

GBytes *
face_net_bytes (const FaceNet *net)
{
  const gint64 side = net->side > 0 ? net->side : -1;
  const gint64 dims[] = { 1, 3, side, side };
  const gint64 unknown[] = { 1, 3, -1, -1 };
  g_autoptr (PmtGraph) graph = pmt_graph_new ("face", 17);
  g_autoptr (GError) error = NULL;
  const gchar *at = "input";
  GBytes *bytes;

  pmt_graph_add_input (graph, "input", PMT_TENSOR_FLOAT32, 4, dims, NULL);
  at = add_shift (graph, net, at);
  at = add_sharpening (graph, net, at);
  at = add_tint (graph, net, at);
  at = add_fidelity (graph, net, at);
  at = add_fault (graph, net, at);
  pmt_graph_add_node (graph, "Identity", PMT_NAMES (at), PMT_NAMES ("output"));
  /* A promise that is not kept. */
  pmt_graph_add_output (graph, "output", PMT_TENSOR_FLOAT32, 4,
                        net->is_halved ? unknown : dims, NULL);
  bytes = pmt_graph_to_bytes (graph, &error);
  g_assert_no_error (error);
  return bytes;
}

PmtFaceNet *
face_net_open (const FaceNet *net)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (GBytes) bytes = face_net_bytes (net);
  g_autoptr (GError) error = NULL;
  PmtFaceNet *made =
      pmt_face_net_open_bytes (bytes, "face.onnx", &options, &error);

  g_assert_no_error (error);
  return made;
}

GBytes *
detector_bytes (guint n_outputs, gint rank)
{
  static const gint64 dims[] = { 1, 3, -1, -1 };
  static const gint64 out[] = { 1, -1, -1, -1 };
  g_autoptr (PmtGraph) graph = pmt_graph_new ("detector", 17);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  pmt_graph_add_input (graph, "input", PMT_TENSOR_FLOAT32, 4, dims, NULL);
  if (rank == 3)
    {
      const gint64 axis[] = { 1 };

      pmt_node_set_ints (pmt_graph_add_node (graph, "ReduceMean",
                                             PMT_NAMES ("input"),
                                             PMT_NAMES ("made")),
                         "axes", axis, 1);
    }
  for (guint i = 0; i < n_outputs; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("output%u", i);
      const gint64 one[] = { 1 };

      if (rank == 3)
        {
          g_autofree gchar *axes = g_strdup_printf ("axes%u", i);

          pmt_graph_add_tensor (graph, axes, PMT_TENSOR_INT64, 1, one, one);
          pmt_graph_add_node (graph, "Squeeze", PMT_NAMES ("made", axes),
                              PMT_NAMES (name));
        }
      else
        pmt_graph_add_node (graph, "Identity", PMT_NAMES ("input"),
                            PMT_NAMES (name));
      pmt_graph_add_output (graph, name, PMT_TENSOR_FLOAT32, rank, out, NULL);
    }
  bytes = pmt_graph_to_bytes (graph, &error);
  g_assert_no_error (error);
  return bytes;
}

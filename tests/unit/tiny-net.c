/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-net.c: networks of each kind, small enough to be made on the spot. */
#include "config.h"

#include "tiny-net.h"

/* Adds a constant in the type of the network. */
static void
add_floats (PmtGraph *graph,
            const TinyNet *tiny,
            const gchar *name,
            gint rank,
            const gint64 *dims,
            const gfloat *values)
{
  g_autofree gpointer halves = NULL;
  gsize n = 1;

  for (gint i = 0; i < rank; i++)
    n *= dims[i];
  if (tiny->type == PMT_TENSOR_FLOAT16)
    {
      halves = g_malloc (n * 2);
      babl_process (babl_fish (babl_format_n (babl_type ("float"), 1),
                               babl_format_n (babl_type ("half"), 1)),
                    values, halves, (glong)n);
      pmt_graph_add_tensor (graph, name, PMT_TENSOR_FLOAT16, rank, dims,
                            halves);
    }
  else
    pmt_graph_add_tensor (graph, name, PMT_TENSOR_FLOAT32, rank, dims, values);
}

static void
add_scalar (PmtGraph *graph,
            const TinyNet *tiny,
            const gchar *name,
            gfloat value)
{
  add_floats (graph, tiny, name, 0, NULL, &value);
}

/* [n * repeat, 1, 3, 3] for a convolution of each plane by itself; each plane
 * comes out @repeat times. */
static void
add_blur (PmtGraph *graph, const TinyNet *tiny, gint n, gint repeat)
{
  const gint64 dims[] = { (gint64)n * repeat, 1, 3, 3 };
  g_autofree gfloat *weights = g_new (gfloat, (gsize)n * repeat * 9);

  for (gint i = 0; i < n * repeat * 9; i++)
    weights[i] = i % 9 == 4 ? 0.6f : 0.05f;
  add_floats (graph, tiny, "blur", 4, dims, weights);
}

static void
add_conv (PmtGraph *graph, const gchar *from, const gchar *to, gint groups)
{
  static const gint64 kernel[] = { 3, 3 };
  static const gint64 pads[] = { 1, 1, 1, 1 };
  PmtNode *node = pmt_graph_add_node (graph, "Conv", PMT_NAMES (from, "blur"),
                                      PMT_NAMES (to));

  pmt_node_set_ints (node, "kernel_shape", kernel, 2);
  pmt_node_set_ints (node, "pads", pads, 4);
  pmt_node_set_int (node, "group", groups);
}

static void
add_shuffle (PmtGraph *graph,
             const gchar *type,
             const gchar *from,
             const gchar *to,
             gint size)
{
  PmtNode *node =
      pmt_graph_add_node (graph, type, PMT_NAMES (from), PMT_NAMES (to));

  pmt_node_set_int (node, "blocksize", size);
  if (g_str_equal (type, "DepthToSpace"))
    pmt_node_set_string (node, "mode", size == 2 ? "DCR" : "CRD");
}

/* Blur, and enlargement by repetition: planes of a channel lie together. */
static void
add_enlarging (PmtGraph *graph, const TinyNet *tiny, const gchar *from)
{
  const gint n = tiny->scale * tiny->scale;
  PmtNode *node;

  add_blur (graph, tiny, tiny->channels, n);
  add_conv (graph, from, n > 1 ? "planes" : "blurred", tiny->channels);
  if (n == 1)
    return;
  node = pmt_graph_add_node (graph, "DepthToSpace", PMT_NAMES ("planes"),
                             PMT_NAMES ("blurred"));
  pmt_node_set_int (node, "blocksize", tiny->scale);
  pmt_node_set_string (node, "mode", "CRD");
}

/* Blur at half the resolution: another result on another grid. */
static void
add_strided (PmtGraph *graph, const TinyNet *tiny, const gchar *from)
{
  add_blur (graph, tiny, tiny->channels * 4, 1);
  add_shuffle (graph, "SpaceToDepth", from, "planes", 2);
  add_conv (graph, "planes", "filtered", tiny->channels * 4);
  add_shuffle (graph, "DepthToSpace", "filtered", "blurred", 2);
}

static void
add_transpose (PmtGraph *graph,
               const gchar *from,
               const gchar *to,
               gboolean is_nhwc)
{
  static const gint64 to_nhwc[] = { 0, 2, 3, 1 };
  static const gint64 to_nchw[] = { 0, 3, 1, 2 };
  PmtNode *node =
      pmt_graph_add_node (graph, "Transpose", PMT_NAMES (from), PMT_NAMES (to));

  pmt_node_set_ints (node, "perm", is_nhwc ? to_nhwc : to_nchw, 4);
}

/* Moves brightness by a tenth of what the settings' mean is off 0.5. */
static const gchar *
add_setting (PmtGraph *graph, const TinyNet *tiny, const gchar *from)
{
  const gint64 dims[] = { 1, tiny->n_settings };
  const gchar *mean = "setting";

  if (tiny->n_settings == 0)
    return from;
  pmt_graph_add_input (graph, "setting", tiny->type,
                       tiny->n_settings < 0 ? 0 : 2, dims, NULL);
  if (tiny->n_settings > 0)
    {
      PmtNode *node = pmt_graph_add_node (
          graph, "ReduceMean", PMT_NAMES ("setting"), PMT_NAMES ("mean"));

      pmt_node_set_int (node, "keepdims", 0);
      mean = "mean";
    }
  add_scalar (graph, tiny, "middle", 0.5f);
  add_scalar (graph, tiny, "tenth", 0.1f);
  pmt_graph_add_node (graph, "Sub", PMT_NAMES (mean, "middle"),
                      PMT_NAMES ("off"));
  pmt_graph_add_node (graph, "Mul", PMT_NAMES ("off", "tenth"),
                      PMT_NAMES ("shift"));
  pmt_graph_add_node (graph, "Add", PMT_NAMES (from, "shift"),
                      PMT_NAMES ("shifted"));
  return "shifted";
}

static const gchar *
add_tint (PmtGraph *graph, const TinyNet *tiny, const gchar *from)
{
  static const gfloat tint[] = { 0.1f, -0.05f, 0.04f };
  static const gint64 dims[] = { 1, 3, 1, 1 };

  if (!tiny->is_tinting)
    return from;
  add_floats (graph, tiny, "tint", 4, dims, tint);
  pmt_graph_add_node (graph, "Add", PMT_NAMES (from, "tint"),
                      PMT_NAMES ("tinted"));
  return "tinted";
}

/* Into planes of floats.  Whole numbers tell 0..255 from 0..1. */
static const gchar *
add_entry (PmtGraph *graph, const TinyNet *tiny)
{
  const gchar *at = "image";

  if (tiny->type == PMT_TENSOR_UINT8)
    {
      pmt_node_set_int (pmt_graph_add_node (graph, "Cast", PMT_NAMES (at),
                                            PMT_NAMES ("numbers")),
                        "to", 1);
      at = "numbers";
    }
  if (tiny->is_nhwc)
    {
      add_transpose (graph, at, "transposed", FALSE);
      at = "transposed";
    }
  if (tiny->range == 255)
    {
      pmt_graph_add_node (graph, "Round", PMT_NAMES (at), PMT_NAMES ("whole"));
      at = "whole";
    }
  return at;
}

static void
add_exit (PmtGraph *graph, const TinyNet *tiny, const gchar *at)
{
  if (tiny->is_nhwc)
    {
      add_transpose (graph, at, "back", TRUE);
      at = "back";
    }
  if (tiny->type == PMT_TENSOR_UINT8)
    {
      pmt_graph_add_node (graph, "Round", PMT_NAMES (at), PMT_NAMES ("round"));
      pmt_node_set_int (pmt_graph_add_node (graph, "Cast", PMT_NAMES ("round"),
                                            PMT_NAMES ("result")),
                        "to", 2);
    }
  else
    pmt_graph_add_node (graph, "Identity", PMT_NAMES (at),
                        PMT_NAMES ("result"));
}

static void
add_metadata (PmtGraph *graph, const TinyNet *tiny)
{
  g_autofree gchar *scale = g_strdup_printf ("%d", tiny->scale);
  g_autofree gchar *step = g_strdup_printf ("%d", tiny->step);

  pmt_graph_add_metadata (graph, "pentimento.scale", scale);
  pmt_graph_add_metadata (graph, "pentimento.overlap", "4");
  pmt_graph_add_metadata (graph, "pentimento.multiple", step);
  pmt_graph_add_metadata (graph, "pentimento.settings",
                          tiny->n_settings == 3 ? "a,b,c" : "");
}

GBytes *
tiny_net_bytes (const TinyNet *tiny)
{
  const gint64 side = tiny->fixed > 0 ? tiny->fixed : -1;
  const gint64 large = tiny->fixed > 0 ? tiny->fixed * tiny->scale : -1;
  const gint64 planes[] = { 1, tiny->channels, side, side };
  const gint64 pixels[] = { 1, side, side, tiny->channels };
  const gint64 free[] = { -1, -1, -1, -1 };
  const gint64 large_planes[] = { 1, tiny->channels, large, large };
  const gint64 large_pixels[] = { 1, large, large, tiny->channels };
  g_autoptr (PmtGraph) graph = pmt_graph_new ("tiny", 17);
  g_autoptr (GError) error = NULL;
  const gchar *at;
  GBytes *bytes;

  pmt_graph_add_input (graph, "image", tiny->type, 4,
                       tiny->is_shapeless ? free
                       : tiny->is_nhwc    ? pixels
                                          : planes,
                       NULL);
  at = add_entry (graph, tiny);
  if (tiny->step == 2)
    add_strided (graph, tiny, at);
  else
    add_enlarging (graph, tiny, at);
  at = add_setting (graph, tiny, "blurred");
  add_exit (graph, tiny, add_tint (graph, tiny, at));
  pmt_graph_add_output (graph, "result", tiny->type, 4,
                        tiny->is_shapeless ? free
                        : tiny->is_nhwc    ? large_pixels
                                           : large_planes,
                        NULL);
  if (tiny->is_trusted)
    add_metadata (graph, tiny);
  bytes = pmt_graph_to_bytes (graph, &error);
  g_assert_no_error (error);
  return bytes;
}

PmtNet *
tiny_net_try (GBytes *bytes, gboolean is_trusted, GError **error)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (PmtSession) session = NULL;

  options.is_trusted = is_trusted;
  session = pmt_session_open_bytes (bytes, "tiny.onnx", &options, error);
  if (session == NULL)
    return NULL;
  return pmt_net_new (session, "tiny.onnx", is_trusted, NULL, error);
}

PmtNet *
tiny_net_open (const TinyNet *tiny)
{
  g_autoptr (GBytes) bytes = tiny_net_bytes (tiny);
  g_autoptr (GError) error = NULL;
  PmtNet *net = tiny_net_try (bytes, tiny->is_trusted, &error);

  g_assert_no_error (error);
  return net;
}

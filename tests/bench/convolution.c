/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* convolution.c: the best this machine does at what networks mostly do. */
#include "convolution.h"

#include "onnx/graph.h"

#define N_LAYERS 6
#define SIDE 160
#define N_RUNS 12

static const gint widths[] = { 32, 48, 64, 96, 128 };

static void
add_layer (PmtGraph *graph, gint layer, gint width)
{
  const gint64 dims[4] = { width, width, 3, 3 };
  const gint64 sides[2] = { 3, 3 };
  const gint64 pads[4] = { 1, 1, 1, 1 };
  const gsize n = (gsize)width * width * 9;
  g_autofree gfloat *values = g_new (gfloat, n);
  g_autofree gchar *weight = g_strdup_printf ("w%d", layer);
  g_autofree gchar *from = g_strdup_printf ("x%d", layer);
  g_autofree gchar *to = g_strdup_printf ("x%d", layer + 1);
  PmtNode *node;

  for (gsize i = 0; i < n; i++)
    values[i] = ((gint)(i * 7919 % 101) - 50) * 0.0004f;
  pmt_graph_add_tensor (graph, weight, PMT_TENSOR_FLOAT32, 4, dims, values);
  node = pmt_graph_add_node (graph, "Conv", PMT_NAMES (from, weight),
                             PMT_NAMES (to));
  pmt_node_set_ints (node, "kernel_shape", sides, 2);
  pmt_node_set_ints (node, "pads", pads, 4);
}

static PmtSession *
open_chain (gint width, gint threads, GError **error)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("convolutions", 17);
  const gint64 dims[4] = { 1, width, SIDE, SIDE };
  g_autofree gchar *last = g_strdup_printf ("x%d", N_LAYERS);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (GBytes) bytes = NULL;

  pmt_graph_add_input (graph, "x0", PMT_TENSOR_FLOAT32, 4, dims, NULL);
  for (gint i = 0; i < N_LAYERS; i++)
    add_layer (graph, i, width);
  pmt_graph_add_output (graph, last, PMT_TENSOR_FLOAT32, 4, dims, NULL);
  bytes = pmt_graph_to_bytes (graph, error);
  if (bytes == NULL)
    return NULL;
  options.threads = threads;
  options.is_trusted = TRUE;
  return pmt_session_open_bytes (bytes, "convolutions", &options, error);
}

/* Operations a second of the best of some runs; negative with an error. */
static gdouble
measure_chain (PmtSession *session, gint width, GError **error)
{
  const gsize n = (gsize)width * SIDE * SIDE;
  const gdouble work = 2.0 * 9.0 * width * n * N_LAYERS;
  g_autofree gfloat *data = g_new0 (gfloat, n);
  PmtTensor input = {
    "x0", PMT_TENSOR_FLOAT32, 4, { 1, width, SIDE, SIDE }, data
  };
  gdouble best = 0.0;

  for (gsize i = 0; i < n; i++)
    data[i] = (gfloat)(i % 17) / 17.0f;
  for (gint i = 0; i < N_RUNS; i++)
    {
      PmtTensor output = { pmt_session_get_output (session, 0)->name };
      const gint64 start = g_get_monotonic_time ();
      gint64 took;

      if (!pmt_session_run (session, &input, 1, &output, 1, NULL, error))
        return -1.0;
      took = MAX (g_get_monotonic_time () - start, 1);
      pmt_tensor_clear (&output);
      best = MAX (best, work * G_USEC_PER_SEC / (gdouble)took);
    }
  return best;
}

gdouble
convolution_peak (gint threads, GError **error)
{
  gdouble best = 0.0;

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autoptr (PmtSession) session = open_chain (widths[i], threads, error);
      gdouble speed;

      if (session == NULL)
        return -1.0;
      speed = measure_chain (session, widths[i], error);
      if (speed < 0.0)
        return -1.0;
      best = MAX (best, speed);
    }
  return best / 1e9;
}

gdouble
convolution_cost (PmtSession *session)
{
  const gchar *macs = pmt_session_get_metadata (session, "pentimento.macs");

  return macs ? 2.0 * g_ascii_strtod (macs, NULL) : 0.0;
}

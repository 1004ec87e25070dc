/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* product.c: how fast this machine multiplies matrices. */
#include "product.h"

#include <time.h>

#include "onnx/graph.h"

#define SIDE 2048
#define N_RUNS 12

static PmtSession *
open_product (const gfloat *values, gint threads, GError **error)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("product", 17);
  const gint64 dims[2] = { SIDE, SIDE };
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (GBytes) bytes = NULL;

  pmt_graph_add_input (graph, "a", PMT_TENSOR_FLOAT32, 2, dims, NULL);
  pmt_graph_add_tensor (graph, "b", PMT_TENSOR_FLOAT32, 2, dims, values);
  pmt_graph_add_node (graph, "MatMul", PMT_NAMES ("a", "b"), PMT_NAMES ("c"));
  pmt_graph_add_output (graph, "c", PMT_TENSOR_FLOAT32, 2, dims, NULL);
  bytes = pmt_graph_to_bytes (graph, error);
  if (bytes == NULL)
    return NULL;
  options.threads = threads;
  options.is_trusted = TRUE;
  return pmt_session_open_bytes (bytes, "product", &options, error);
}

gdouble
product_peak (gint threads, gdouble *cpu_peak, GError **error)
{
  const gdouble work = 2e-3 * SIDE * SIDE * SIDE;
  g_autofree gfloat *values = g_new (gfloat, SIDE * SIDE);
  const PmtTensor a = { "a", PMT_TENSOR_FLOAT32, 2, { SIDE, SIDE }, values };
  g_autoptr (PmtSession) session = NULL;
  gdouble best = -1;

  *cpu_peak = 0;
  for (gint i = 0; i < SIDE * SIDE; i++)
    values[i] = (gfloat)(i % 2003 - 1001) / 1000;
  session = open_product (values, threads, error);
  if (session == NULL)
    return -1;
  for (gint i = 0; i < N_RUNS; i++)
    {
      const gint64 start = g_get_monotonic_time ();
      const clock_t cpu = clock ();
      PmtTensor c = { "c" };

      if (!pmt_session_run (session, &a, 1, &c, 1, NULL, error))
        return -1;
      pmt_tensor_clear (&c);
      best = MAX (best, work / (gdouble)(g_get_monotonic_time () - start));
      *cpu_peak = MAX (*cpu_peak, work / (gdouble)(clock () - cpu));
    }
  return best;
}

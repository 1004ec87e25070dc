/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-probe.c: what ONNX Runtime does with constants, found out by a
 * small network.  Versions and kinds of CPU differ in it, and nothing in the
 * interface tells. */
#include "config.h"

#include <string.h>

#include "onnx/graph.h"
#include "onnx/session-values.h"

/* Sizes that kernels for real networks would be used for. */
#define CHANNELS 64
#define WIDTH 320
#define SIDE 8

enum
{
  PRODUCT,
  CONV_1,
  CONV_3
};

static gboolean
fill_ones (gpointer values,
           gsize offset,
           gsize bytes,
           gconstpointer data,
           GError **error)
{
  gfloat *floats = values;

  for (gsize i = 0; i < bytes / sizeof *floats; i++)
    floats[i] = 1;
  return TRUE;
}

static gboolean
fill_zeros (gpointer values,
            gsize offset,
            gsize bytes,
            gconstpointer data,
            GError **error)
{
  memset (values, 0, bytes);
  return TRUE;
}

static void
add_constant (PmtGraph *graph,
              GPtrArray *list,
              const gchar *name,
              gint rank,
              const gint64 *dims,
              PmtInitializerFill fill)
{
  PmtInitializer *made = g_new0 (PmtInitializer, 1);
  guint64 bytes = sizeof (gfloat);

  made->name = g_strdup (name);
  made->type = PMT_TENSOR_FLOAT32;
  made->rank = rank;
  for (gint i = 0; i < rank; i++)
    {
      made->dims[i] = dims[i];
      bytes *= (guint64)dims[i];
    }
  made->fill = fill;
  g_ptr_array_add (list, made);
  pmt_graph_add_external (graph, name, PMT_TENSOR_FLOAT32, rank, dims, "none",
                          0, bytes);
}

static void
add_conv (PmtGraph *graph,
          GPtrArray *list,
          const gchar *name,
          const gchar *out,
          gint64 kernel)
{
  const gint64 dims[] = { CHANNELS, CHANNELS, kernel, kernel };
  const gint64 out_dims[] = { 1, CHANNELS, -1, -1 };

  add_constant (graph, list, name, 4, dims, fill_zeros);
  pmt_graph_add_node (graph, "Conv", PMT_NAMES ("x", name), PMT_NAMES (out));
  pmt_graph_add_output (graph, out, PMT_TENSOR_FLOAT32, 4, out_dims, NULL);
}

static GBytes *
build (GPtrArray *list)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("probe", 19);
  const gint64 weight[] = { WIDTH, WIDTH };
  const gint64 rows[] = { -1, WIDTH };
  const gint64 image[] = { 1, CHANNELS, -1, -1 };
  PmtNode *node;

  pmt_graph_add_opset (graph, "com.microsoft", 1);
  pmt_graph_add_input (graph, "p", PMT_TENSOR_FLOAT32, 2, rows, NULL);
  pmt_graph_add_input (graph, "x", PMT_TENSOR_FLOAT32, 4, image, NULL);
  add_constant (graph, list, "w", 2, weight, fill_ones);
  node = pmt_graph_add_node (graph, "FusedMatMul", PMT_NAMES ("p", "w"),
                             PMT_NAMES ("q"));
  pmt_node_set_domain (node, "com.microsoft");
  pmt_node_set_int (node, "transB", 1);
  pmt_graph_add_output (graph, "q", PMT_TENSOR_FLOAT32, 2, rows, NULL);
  add_conv (graph, list, "c1", "y1", 1);
  add_conv (graph, list, "c3", "y3", 3);
  return pmt_graph_to_bytes (graph, NULL);
}

static PmtSession *
open_probe (void)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_initializer_free);
  g_autoptr (GBytes) bytes = build (list);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;

  options.is_trusted = TRUE;
  options.optimization = PMT_OPTIMIZE_EXTENDED;
  options.disabled = "ConstantFolding";
  options.initializers = list;
  return pmt_session_open_bytes (bytes, "probe", &options, NULL);
}

/* Every value is that one: sums of ones, exact. */
static gboolean
is_all (const PmtTensor *tensor, gfloat wanted)
{
  const gfloat *values = tensor->data;
  gint64 count = 1;

  for (gint i = 0; i < tensor->rank; i++)
    count *= tensor->dims[i];
  for (gint64 i = 0; i < count; i++)
    if (values[i] < wanted || values[i] > wanted)
      return FALSE;
  return TRUE;
}

/* The product's weight is taken away, those of the convolutions are brought:
 * the results tell what was read when. */
static PmtProbe *
probe (void)
{
  PmtProbe *found = g_new0 (PmtProbe, 1);
  g_autoptr (PmtSession) session = open_probe ();
  g_autofree gfloat *ones = g_new (gfloat, CHANNELS * SIDE * SIDE);
  PmtTensor inputs[] = {
    { "p", PMT_TENSOR_FLOAT32, 2, { 3, WIDTH }, ones },
    { "x", PMT_TENSOR_FLOAT32, 4, { 1, CHANNELS, SIDE, SIDE }, ones },
  };
  PmtTensor outputs[] = { { "q" }, { "y1" }, { "y3" } };
  const gsize n = CHANNELS * CHANNELS * sizeof (gfloat);

  if (session == NULL)
    return found;
  fill_ones (ones, 0, CHANNELS * SIDE * SIDE * sizeof *ones, NULL, NULL);
  memset (pmt_values_get (session->loaded->values, PRODUCT), 0,
          WIDTH * WIDTH * sizeof (gfloat));
  fill_ones (pmt_values_get (session->loaded->values, CONV_1), 0, n, NULL,
             NULL);
  fill_ones (pmt_values_get (session->loaded->values, CONV_3), 0, 9 * n, NULL,
             NULL);
  if (!pmt_session_run (session, inputs, 2, outputs, 3, NULL, NULL))
    return found;
  found->packs_products = is_all (&outputs[0], WIDTH);
  found->reads_convs_late =
      is_all (&outputs[1], CHANNELS) && is_all (&outputs[2], 9 * CHANNELS);
  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    pmt_tensor_clear (&outputs[i]);
  g_debug ("probe: products are%s packed, convolutions are%s read late",
           found->packs_products ? "" : " not",
           found->reads_convs_late ? "" : " not");
  return found;
}

static gpointer
probe_once (gpointer data)
{
  return probe ();
}

const PmtProbe *
pmt_probe_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, probe_once, NULL);
}

gboolean
pmt_session_frees_packed (void)
{
  return pmt_probe_get ()->packs_products && pmt_probe_get ()->reads_convs_late;
}

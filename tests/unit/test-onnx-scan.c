/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-onnx-scan.c: networks written by the graph writer and read by the scan,
 * and files that are damaged or hostile. */
#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "onnx-nets.h"
#include "onnx/scan.h"
#include "onnx/wire.h"

#define FLOAT PMT_TENSOR_FLOAT32

static PmtScan *
scan_bytes (GBytes *bytes, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return pmt_scan_read (data, size, "test.onnx", error);
}

static PmtScan *
scan_good (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  PmtScan *scan = scan_bytes (bytes, &error);

  g_assert_no_error (error);
  return scan;
}

/* A damaged copy at the end of a block of its own, for sanitizers. */
static void
scan_copy (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtScan) scan = pmt_scan_read (copy, size, "test.onnx", &error);

  g_assert_true ((scan == NULL) == (error != NULL));
  if (error == NULL)
    return;
  g_assert_true (error->domain == PMT_ERROR);
  g_assert_nonnull (strstr (error->message, "test.onnx"));
}

static void
assert_refused (GByteArray *model, const gchar *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtScan) scan =
      pmt_scan_read (model->data, model->len, "test.onnx", &error);

  g_assert_null (scan);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_assert_nonnull (strstr (error->message, "test.onnx"));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_values (void)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  g_autoptr (PmtScan) scan = scan_good (bytes);
  const PmtScanValue *x = pmt_scan_find_input (scan, "x");

  g_assert_cmpuint (scan->inputs->len, ==, 1);
  g_assert_cmpuint (scan->outputs->len, ==, 1);
  g_assert_nonnull (x);
  g_assert_cmpint (x->type, ==, 1);
  g_assert_true (x->has_shape);
  g_assert_cmpint (x->rank, ==, 4);
  g_assert_cmpint (x->dims[1], ==, 3);
  g_assert_cmpint (x->dims[2], ==, -1);
  g_assert_cmpstr (x->params[0], ==, "");
  g_assert_cmpstr (x->params[2], ==, "height");
  g_assert_cmpstr (x->params[3], ==, "width");
  g_assert_null (pmt_scan_find_input (scan, "y"));
}

static void
test_content (void)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  g_autoptr (PmtScan) scan = scan_good (bytes);
  const gint64 *opset = g_hash_table_lookup (scan->opsets, "");

  g_assert_cmpint (scan->ir_version, ==, 9);
  g_assert_cmpstr (scan->producer, ==, "Pentimento");
  g_assert_cmpint (*opset, ==, 13);
  g_assert_cmpuint (scan->n_nodes, ==, 1);
  g_assert_cmpuint (scan->n_tensors, ==, 1);
  g_assert_cmpuint (pmt_scan_count_op (scan, "", "Mul"), ==, 1);
  g_assert_cmpuint (pmt_scan_count_op (scan, "", "Add"), ==, 0);
  g_assert_cmpstr (g_hash_table_lookup (scan->metadata, "pentimento.scale"), ==,
                   "1");
  g_assert_cmpstr (g_hash_table_lookup (scan->metadata, "empty"), ==, "");
  g_assert_cmpuint (scan->file_bytes, ==, g_bytes_get_size (bytes));
  g_assert_cmpuint (scan->weight_bytes, ==, 4);
  g_assert_cmpuint (g_hash_table_size (scan->external), ==, 0);
}

/* Half floats count as what the CPU makes of them. */
static void
test_half_weights (void)
{
  g_autoptr (GBytes) bytes = net_half ();
  g_autoptr (PmtScan) scan = scan_good (bytes);

  g_assert_cmpuint (scan->weight_bytes, ==, 2);
  g_assert_cmpuint (scan->float32_bytes, ==, 4);
}

/* Each kind of attribute that the writer has, read back by ONNX Runtime in
 * test-onnx.c; here: that tensors in them count. */
static void
test_attributes (void)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("attributes", 13);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PmtScan) scan = NULL;
  const gfloat values[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  const gint64 shape[] = { 2, 4 };
  PmtNode *node =
      pmt_graph_add_node (graph, "Constant", PMT_NAMES (NULL), PMT_NAMES ("y"));

  pmt_node_set_tensor (node, "value", FLOAT, 2, shape, values);
  pmt_graph_add_output (graph, "y", FLOAT, 2, shape, NULL);
  bytes = pmt_graph_to_bytes (graph, NULL);
  scan = scan_good (bytes);
  g_assert_cmpuint (scan->weight_bytes, ==, sizeof values);
}

static void
test_truncated (void)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    scan_copy (data, i);
}

static void
test_flipped (void)
{
  g_autoptr (GBytes) bytes = net_external ("weights", 4);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  for (gsize i = 0; i < size; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        copy[i] ^= (guint8)(1u << bit);
        scan_copy (copy, size);
        copy[i] = data[i];
      }
}

static void
test_random (void)
{
  guint8 data[64];

  for (guint n = 0; n < 20000; n++)
    {
      gsize size = (gsize)g_test_rand_int_range (0, sizeof data);

      for (gsize i = 0; i < size; i++)
        data[i] = (guint8)g_test_rand_int_range (0, 256);
      scan_copy (data, size);
    }
}

static void
test_not_onnx (void)
{
  const gchar text[] = "\x89PNG\r\n\x1a\n and so on";

  scan_copy ((const guint8 *)text, sizeof text);
  scan_copy (NULL, 0);
}

/* A model of @node, with an output. */
static GByteArray *
wrap_node (const GByteArray *node)
{
  g_autoptr (GByteArray) graph = g_byte_array_new ();
  g_autoptr (GByteArray) value = g_byte_array_new ();
  GByteArray *model = g_byte_array_new ();

  pmt_wire_put_text (value, 1, "y");
  pmt_wire_put_message (graph, 1, node);
  pmt_wire_put_message (graph, 12, value);
  pmt_wire_put_message (model, 7, graph);
  return model;
}

static GByteArray *
new_node (const gchar *domain, const gchar *type)
{
  GByteArray *node = g_byte_array_new ();

  pmt_wire_put_text (node, 7, domain);
  pmt_wire_put_text (node, 4, type);
  return node;
}

/* Graphs in attributes of nodes in graphs ...: no deeper than the limit. */
static void
test_deep (void)
{
  GByteArray *node = new_node ("", "If");

  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (GByteArray) graph = g_byte_array_new ();
      g_autoptr (GByteArray) attribute = g_byte_array_new ();

      pmt_wire_put_message (graph, 1, node);
      pmt_wire_put_message (attribute, 6, graph);
      g_byte_array_unref (node);
      node = new_node ("", "If");
      pmt_wire_put_message (node, 5, attribute);
    }
  {
    g_autoptr (GByteArray) model = wrap_node (node);

    assert_refused (model, "graphs inside of graphs");
  }
  g_byte_array_unref (node);
}

/* @dims without the values that belong to them. */
static void
test_huge_dims (void)
{
  g_autoptr (GByteArray) tensor = g_byte_array_new ();
  g_autoptr (GByteArray) attribute = g_byte_array_new ();
  g_autoptr (GByteArray) node = new_node ("", "Constant");
  g_autoptr (GByteArray) model = NULL;

  for (guint i = 0; i < 6; i++)
    pmt_wire_put_varint (tensor, 1, G_MAXINT32);
  pmt_wire_put_varint (tensor, 2, 1);
  pmt_wire_put_text (tensor, 8, "huge");
  pmt_wire_put_bytes (tensor, 9, "1234", 4);
  pmt_wire_put_message (attribute, 5, tensor);
  pmt_wire_put_message (node, 5, attribute);
  model = wrap_node (node);
  assert_refused (model, "huge");
}

/* A sparse tensor is small in the file and large in memory: it is counted as
 * it will be. */
static void
test_sparse (void)
{
  g_autoptr (GByteArray) values = g_byte_array_new ();
  g_autoptr (GByteArray) sparse = g_byte_array_new ();
  g_autoptr (GByteArray) attribute = g_byte_array_new ();
  g_autoptr (GByteArray) node = new_node ("", "Constant");
  g_autoptr (GByteArray) model = NULL;
  g_autoptr (PmtScan) scan = NULL;
  g_autoptr (GError) error = NULL;

  pmt_wire_put_varint (values, 1, 1);
  pmt_wire_put_varint (values, 2, 1);
  pmt_wire_put_bytes (values, 9, "1234", 4);
  pmt_wire_put_message (sparse, 1, values);
  pmt_wire_put_varint (sparse, 3, 1 << 20);
  pmt_wire_put_varint (sparse, 3, 1 << 20);
  pmt_wire_put_message (attribute, 22, sparse);
  pmt_wire_put_message (node, 5, attribute);
  model = wrap_node (node);
  scan = pmt_scan_read (model->data, model->len, "test.onnx", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scan->weight_bytes, >=, G_GUINT64_CONSTANT (4) << 40);
  g_assert_cmpuint (pmt_scan_estimate_memory (scan), >=,
                    G_GUINT64_CONSTANT (8) << 40);
}

static GByteArray *
new_function (const gchar *name, const gchar *calls, guint n_calls)
{
  g_autoptr (GByteArray) node = new_node ("local", calls);
  GByteArray *function = g_byte_array_new ();

  pmt_wire_put_text (function, 1, name);
  pmt_wire_put_text (function, 10, "local");
  for (guint i = 0; i < n_calls; i++)
    pmt_wire_put_message (function, 7, node);
  return function;
}

/* Ten functions, each of which calls the next one ten times. */
static void
test_function_bomb (void)
{
  g_autoptr (GByteArray) node = new_node ("local", "f0");
  g_autoptr (GByteArray) model = wrap_node (node);

  for (guint i = 0; i < 10; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("f%u", i);
      g_autofree gchar *next = g_strdup_printf ("f%u", i + 1);
      g_autoptr (GByteArray) function = new_function (name, next, 10);

      pmt_wire_put_message (model, 25, function);
    }
  assert_refused (model, "operators, with functions in place");
}

static void
test_function_loop (void)
{
  g_autoptr (GByteArray) node = new_node ("local", "f");
  g_autoptr (GByteArray) model = wrap_node (node);
  g_autoptr (GByteArray) function = new_function ("f", "f", 1);

  pmt_wire_put_message (model, 25, function);
  assert_refused (model, "operators, with functions in place");
}

/* A domain of the file's own is known when the file defines the function. */
static void
test_function_known (void)
{
  g_autoptr (GByteArray) node = new_node ("local", "f");
  g_autoptr (GByteArray) inner = new_node ("", "Relu");
  g_autoptr (GByteArray) model = wrap_node (node);
  g_autoptr (GByteArray) function = new_function ("f", "", 0);
  g_autoptr (PmtScan) scan = NULL;
  g_autoptr (GError) error = NULL;

  pmt_wire_put_message (function, 7, inner);
  pmt_wire_put_message (model, 25, function);
  scan = pmt_scan_read (model->data, model->len, "test.onnx", &error);
  g_assert_no_error (error);
  g_assert_true (pmt_scan_check_untrusted (scan, "test.onnx", &error));
}

static void
assert_untrusted (GBytes *bytes, PmtError code, const gchar *part)
{
  g_autoptr (PmtScan) scan = scan_good (bytes);
  g_autoptr (GError) error = NULL;

  g_assert_false (pmt_scan_check_untrusted (scan, "test.onnx", &error));
  g_assert_error (error, PMT_ERROR, (gint)code);
  g_assert_nonnull (strstr (error->message, "test.onnx"));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_untrusted (void)
{
  g_autoptr (GBytes) external = net_external ("../../secret", 0);
  g_autoptr (GBytes) unknown = net_op ("com.example", "Steal");
  g_autoptr (GBytes) context = net_op ("com.microsoft", "EPContext");
  g_autoptr (GBytes) gelu = net_op ("com.microsoft", "Gelu");
  g_autoptr (GBytes) standard = net_op ("ai.onnx", "Relu");
  g_autoptr (PmtScan) gelu_scan = scan_good (gelu);
  g_autoptr (PmtScan) standard_scan = scan_good (standard);

  assert_untrusted (external, PMT_ERROR_MODEL, "../../secret");
  assert_untrusted (unknown, PMT_ERROR_UNSUPPORTED, "com.example");
  assert_untrusted (unknown, PMT_ERROR_UNSUPPORTED, "Steal");
  assert_untrusted (context, PMT_ERROR_UNSUPPORTED, "EPContext");
  g_assert_true (pmt_scan_check_untrusted (gelu_scan, "a", NULL));
  g_assert_true (pmt_scan_check_untrusted (standard_scan, "a", NULL));
}

/* The place of data is noted even when the field is there twice, with the
 * harmless value last. */
/* Weights beside the file, and nowhere else. */
static void
test_data_files (void)
{
  g_autoptr (GBytes) beside = net_external ("weights", 4);
  g_autoptr (GBytes) away = net_external ("../weights", 4);
  g_autoptr (GBytes) up = net_external ("..", 4);
  g_autoptr (PmtScan) scan = scan_good (beside);
  g_autoptr (PmtScan) away_scan = scan_good (away);
  g_autoptr (PmtScan) up_scan = scan_good (up);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *folder = g_dir_make_tmp ("pentimento-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "weights", NULL);

  g_assert_false (pmt_scan_check_data_files (away_scan, folder, "a", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_clear_error (&error);
  g_assert_false (pmt_scan_check_data_files (up_scan, folder, "a", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_clear_error (&error);
  g_assert_false (pmt_scan_check_data_files (scan, folder, "a", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "weights"));
  g_assert_true (g_file_set_contents (path, "1234", 4, NULL));
  g_assert_true (pmt_scan_check_data_files (scan, folder, "a", NULL));
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_hidden_external (void)
{
  g_autoptr (GByteArray) tensor = g_byte_array_new ();
  g_autoptr (GByteArray) attribute = g_byte_array_new ();
  g_autoptr (GByteArray) node = new_node ("", "Constant");
  g_autoptr (GByteArray) model = NULL;
  g_autoptr (PmtScan) scan = NULL;

  pmt_wire_put_varint (tensor, 1, 1);
  pmt_wire_put_varint (tensor, 2, 1);
  pmt_wire_put_bytes (tensor, 9, "1234", 4);
  /* The lower half of a number is what counts. */
  pmt_wire_put_varint (tensor, 14, (G_GUINT64_CONSTANT (1) << 32) + 1);
  pmt_wire_put_varint (tensor, 14, 0);
  pmt_wire_put_message (attribute, 5, tensor);
  pmt_wire_put_message (node, 5, attribute);
  model = wrap_node (node);
  scan = pmt_scan_read (model->data, model->len, "test.onnx", NULL);
  g_assert_nonnull (scan);
  g_assert_false (pmt_scan_check_untrusted (scan, "test.onnx", NULL));
}

static void
test_bad_text (void)
{
  g_autoptr (GByteArray) latin = new_node ("", "caf\xe9");
  g_autoptr (GByteArray) model = wrap_node (latin);

  assert_refused (model, "damaged");
}

/* What an older exporter writes: weights are inputs too. */
static void
test_initialized_inputs (void)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("old", 13);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PmtScan) scan = NULL;
  const gint64 one = 1;
  const gfloat value = 1;

  pmt_graph_add_input (graph, "x", FLOAT, 1, &one, NULL);
  pmt_graph_add_input (graph, "w", FLOAT, 1, &one, NULL);
  pmt_graph_add_output (graph, "y", FLOAT, 1, &one, NULL);
  pmt_graph_add_tensor (graph, "w", FLOAT, 1, &one, &value);
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("x", "w"), PMT_NAMES ("y"));
  bytes = pmt_graph_to_bytes (graph, NULL);
  scan = scan_good (bytes);
  g_assert_cmpuint (scan->inputs->len, ==, 1);
  g_assert_nonnull (pmt_scan_find_input (scan, "x"));
}

static void
test_wire (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  PmtWire wire;
  PmtField field;
  const guint64 values[] = { 0, 1, 127, 128, 300, G_MAXUINT32, G_MAXUINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    pmt_wire_put_varint (out, i + 1, values[i]);
  pmt_wire_put_text (out, 100, "text");
  wire = pmt_wire_init (out->data, out->len);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_assert_cmpint (pmt_wire_next (&wire, &field), ==, PMT_WIRE_FIELD);
      g_assert_cmpuint (field.number, ==, i + 1);
      g_assert_cmpuint (field.value, ==, values[i]);
    }
  g_assert_cmpint (pmt_wire_next (&wire, &field), ==, PMT_WIRE_FIELD);
  g_assert_cmpuint (field.value, ==, 4);
  g_assert_cmpint (pmt_wire_next (&wire, &field), ==, PMT_WIRE_END);
}

static void
test_too_large (void)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("large", 13);
  g_autoptr (GError) error = NULL;
  const gint64 dims[] = { 1024, 1024, 1024 };
  const gfloat value = 0;

  /* Told before any of the 4 GiB are read. */
  pmt_graph_add_tensor (graph, "w", FLOAT, 3, dims, &value);
  g_assert_null (pmt_graph_to_bytes (graph, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MEMORY);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/onnx-scan/wire", test_wire);
  g_test_add_func ("/onnx-scan/values", test_values);
  g_test_add_func ("/onnx-scan/content", test_content);
  g_test_add_func ("/onnx-scan/half-weights", test_half_weights);
  g_test_add_func ("/onnx-scan/attributes", test_attributes);
  g_test_add_func ("/onnx-scan/initialized-inputs", test_initialized_inputs);
  g_test_add_func ("/onnx-scan/truncated", test_truncated);
  g_test_add_func ("/onnx-scan/flipped", test_flipped);
  g_test_add_func ("/onnx-scan/random", test_random);
  g_test_add_func ("/onnx-scan/not-onnx", test_not_onnx);
  g_test_add_func ("/onnx-scan/deep", test_deep);
  g_test_add_func ("/onnx-scan/huge-dims", test_huge_dims);
  g_test_add_func ("/onnx-scan/sparse", test_sparse);
  g_test_add_func ("/onnx-scan/function/bomb", test_function_bomb);
  g_test_add_func ("/onnx-scan/function/loop", test_function_loop);
  g_test_add_func ("/onnx-scan/function/known", test_function_known);
  g_test_add_func ("/onnx-scan/untrusted", test_untrusted);
  g_test_add_func ("/onnx-scan/data-files", test_data_files);
  g_test_add_func ("/onnx-scan/hidden-external", test_hidden_external);
  g_test_add_func ("/onnx-scan/bad-text", test_bad_text);
  g_test_add_func ("/onnx-scan/too-large", test_too_large);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-onnx.c: networks in the real ONNX Runtime. */
#define _GNU_SOURCE
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef PMT_HAVE_DL_ITERATE_PHDR
#include <link.h>
#endif

#include "onnx-nets.h"
#include "onnx/quiet.h"
#include "onnx/session-private.h"
#include "onnx/status.h"

#define FLOAT PMT_TENSOR_FLOAT32

static const PmtSessionOptions untrusted = PMT_SESSION_OPTIONS_INIT;

static PmtSession *
open_bytes (GBytes *bytes, const PmtSessionOptions *options)
{
  g_autoptr (GError) error = NULL;
  PmtSession *session =
      pmt_session_open_bytes (bytes, "test.onnx", options, &error);

  g_assert_no_error (error);
  return session;
}

static PmtSession *
open_scale (gfloat factor)
{
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &factor);

  return open_bytes (bytes, &untrusted);
}

static PmtTensor
make_picture (gfloat *data, gint64 height, gint64 width)
{
  PmtTensor tensor = { "x", FLOAT, 4, { 1, 3, height, width }, data };

  for (gint64 i = 0; i < 3 * height * width; i++)
    data[i] = (gfloat)(i % 101) / 100;
  return tensor;
}

/* y = x * factor of a picture of 8 x 12. */
static void
assert_scales (PmtSession *session, gfloat factor)
{
  gfloat data[3 * 8 * 12];
  PmtTensor x = make_picture (data, 8, 12);
  PmtTensor y = { "y" };
  g_autoptr (GError) error = NULL;

  pmt_session_run (session, &x, 1, &y, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (y.type, ==, FLOAT);
  g_assert_cmpint (y.rank, ==, 4);
  g_assert_cmpint (y.dims[2], ==, 8);
  g_assert_cmpint (y.dims[3], ==, 12);
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    g_assert_cmpfloat_with_epsilon (((gfloat *)y.data)[i], data[i] * factor,
                                    1e-6);
  pmt_tensor_clear (&y);
  g_assert_null (y.data);
}

static void
test_info (void)
{
  g_autoptr (PmtSession) session = open_scale (2);
  const PmtTensorInfo *x = pmt_session_get_input (session, 0);
  const PmtTensorInfo *y = pmt_session_get_output (session, 0);

  g_assert_cmpuint (pmt_session_get_n_inputs (session), ==, 1);
  g_assert_cmpuint (pmt_session_get_n_outputs (session), ==, 1);
  g_assert_cmpstr (x->name, ==, "x");
  g_assert_cmpint (x->type, ==, FLOAT);
  g_assert_true (x->has_shape);
  g_assert_cmpint (x->rank, ==, 4);
  g_assert_cmpint (x->dims[1], ==, 3);
  g_assert_cmpint (x->dims[2], ==, -1);
  g_assert_cmpstr (y->name, ==, "y");
  g_assert_cmpstr (pmt_session_get_provider (session), ==, "cpu");
  g_assert_null (pmt_session_get_fallback (session));
}

static void
test_metadata (void)
{
  g_autoptr (PmtSession) session = open_scale (2);

  g_assert_cmpstr (pmt_session_get_metadata (session, "pentimento.scale"), ==,
                   "1");
  g_assert_cmpstr (pmt_session_get_metadata (session, "empty"), ==, "");
  g_assert_null (pmt_session_get_metadata (session, "other"));
}

/* Sizes are free: one session, many sizes. */
static void
test_sizes (void)
{
  g_autoptr (PmtSession) session = open_scale (0.5f);
  const gint64 sizes[][2] = { { 1, 1 }, { 64, 64 }, { 7, 129 }, { 64, 64 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      gint64 n = 3 * sizes[i][0] * sizes[i][1];
      g_autofree gfloat *data = g_new (gfloat, n);
      PmtTensor x = make_picture (data, sizes[i][0], sizes[i][1]);
      PmtTensor y = { "y" };
      g_autoptr (GError) error = NULL;

      pmt_session_run (session, &x, 1, &y, 1, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (y.dims[2], ==, sizes[i][0]);
      g_assert_cmpint (y.dims[3], ==, sizes[i][1]);
      g_assert_cmpfloat (((gfloat *)y.data)[n - 1], ==, data[n - 1] * 0.5f);
      pmt_tensor_clear (&y);
    }
}

static void
test_half (void)
{
  const guint16 two = 0x4000;
  g_autoptr (GBytes) bytes = net_scale (PMT_TENSOR_FLOAT16, &two);
  g_autoptr (PmtSession) session = open_bytes (bytes, &untrusted);
  guint16 data[] = { 0x3c00, 0x3800, 0 };
  PmtTensor x = { "x", PMT_TENSOR_FLOAT16, 4, { 1, 3, 1, 1 }, data };
  PmtTensor y = { "y" };
  g_autoptr (GError) error = NULL;

  pmt_session_run (session, &x, 1, &y, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (y.type, ==, PMT_TENSOR_FLOAT16);
  g_assert_cmphex (((guint16 *)y.data)[0], ==, 0x4000);
  g_assert_cmphex (((guint16 *)y.data)[1], ==, 0x3c00);
  pmt_tensor_clear (&y);
}

/* As the shipped networks: weights are half floats, values are not. */
static void
test_half_weights (void)
{
  g_autoptr (GBytes) bytes = net_half ();
  g_autoptr (PmtSession) session = open_bytes (bytes, &untrusted);
  gfloat data[3] = { 1, 2, 3 };
  PmtTensor x = { "x", FLOAT, 4, { 1, 3, 1, 1 }, data };
  PmtTensor y = { "y" };
  g_autoptr (GError) error = NULL;

  pmt_session_run (session, &x, 1, &y, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (((gfloat *)y.data)[2], ==, 3.5f);
  pmt_tensor_clear (&y);
}

/* Every kind of attribute that the graph writer knows. */
static void
test_attributes (void)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("attributes", 13);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PmtSession) session = NULL;
  const gint64 two = 2;
  const gint64 pads[] = { 0, 1 };
  const gfloat numbers[] = { 10, 20 };
  const gfloat values[] = { 100, 200 };
  gfloat data[] = { -1, 2 };
  PmtTensor x = { "x", FLOAT, 1, { 2 }, data };
  PmtTensor y = { "y" };
  g_autoptr (GError) error = NULL;
  PmtNode *node;

  pmt_graph_add_input (graph, "x", FLOAT, 1, &two, NULL);
  pmt_graph_add_output (graph, "y", FLOAT, 1, (gint64[]){ 2 }, NULL);
  node =
      pmt_graph_add_node (graph, "LeakyRelu", PMT_NAMES ("x"), PMT_NAMES ("a"));
  pmt_node_set_float (node, "alpha", 0.5f);
  node =
      pmt_graph_add_node (graph, "Constant", PMT_NAMES (NULL), PMT_NAMES ("b"));
  pmt_node_set_floats (node, "value_floats", numbers, 2);
  node =
      pmt_graph_add_node (graph, "Constant", PMT_NAMES (NULL), PMT_NAMES ("c"));
  pmt_node_set_tensor (node, "value", FLOAT, 1, &two, values);
  node = pmt_graph_add_node (graph, "Constant", PMT_NAMES (NULL),
                             PMT_NAMES ("pads"));
  pmt_node_set_ints (node, "value_ints", pads, 2);
  pmt_graph_add_node (graph, "Sum", PMT_NAMES ("a", "b", "c"),
                      PMT_NAMES ("sum"));
  /* One more at the end, the edge's value. */
  node = pmt_graph_add_node (graph, "Pad", PMT_NAMES ("sum", "pads"),
                             PMT_NAMES ("padded"));
  pmt_node_set_string (node, "mode", "edge");
  /* The last two. */
  pmt_graph_add_tensor (graph, "first", PMT_TENSOR_INT64, 1, (gint64[]){ 1 },
                        (gint64[]){ 1 });
  pmt_graph_add_tensor (graph, "end", PMT_TENSOR_INT64, 1, (gint64[]){ 1 },
                        (gint64[]){ 3 });
  pmt_graph_add_node (graph, "Slice", PMT_NAMES ("padded", "first", "end"),
                      PMT_NAMES ("sliced"));
  node = pmt_graph_add_node (graph, "ReduceSum", PMT_NAMES ("sliced"),
                             PMT_NAMES ("total"));
  pmt_node_set_int (node, "keepdims", 1);
  pmt_graph_add_node (graph, "Sub", PMT_NAMES ("sliced", "total"),
                      PMT_NAMES ("y"));
  bytes = pmt_graph_to_bytes (graph, &error);
  g_assert_no_error (error);
  session = open_bytes (bytes, &untrusted);
  pmt_session_run (session, &x, 1, &y, 1, NULL, &error);
  g_assert_no_error (error);
  /* sum: [109.5, 222]; sliced: [222, 222]. */
  g_assert_cmpfloat (((gfloat *)y.data)[0], ==, -222);
  pmt_tensor_clear (&y);
}

/* ------------------------------------------------- what a caller gets wrong */

static void
assert_run_fails (PmtSession *session,
                  const PmtTensor *inputs,
                  guint n_inputs,
                  const gchar *output,
                  gint code,
                  const gchar *part)
{
  PmtTensor y = { output };
  g_autoptr (GError) error = NULL;

  g_assert_false (
      pmt_session_run (session, inputs, n_inputs, &y, 1, NULL, &error));
  g_assert_error (error, PMT_ERROR, code);
  g_assert_nonnull (strstr (error->message, "test.onnx"));
  g_assert_nonnull (strstr (error->message, part));
  g_assert_null (y.data);
  g_assert_cmpint (y.rank, ==, 0);
}

static void
test_wrong_calls (void)
{
  g_autoptr (PmtSession) session = open_scale (2);
  gfloat data[4 * 8 * 12] = { 0 };
  PmtTensor x = make_picture (data, 8, 12);
  PmtTensor bad = x;
  PmtTensor twice[] = { x, x };
  PmtTensor more[] = { x, { "z", FLOAT, 0, { 0 }, data } };

  assert_run_fails (session, &x, 1, "out", PMT_ERROR_MODEL, "“out”");
  assert_run_fails (session, NULL, 0, "y", PMT_ERROR_MODEL, "“x”");
  assert_run_fails (session, twice, 2, "y", PMT_ERROR_INTERNAL, "twice");
  assert_run_fails (session, more, 2, "y", PMT_ERROR_MODEL, "“z”");
  bad.type = PMT_TENSOR_UINT8;
  assert_run_fails (session, &bad, 1, "y", PMT_ERROR_MODEL, "uint8");
  bad = x;
  bad.dims[1] = 4;
  assert_run_fails (session, &bad, 1, "y", PMT_ERROR_MODEL, "[1, 4, 8, 12]");
  bad = x;
  bad.rank = 3;
  assert_run_fails (session, &bad, 1, "y", PMT_ERROR_MODEL, "[1, 3, 8]");
  bad.rank = 100;
  assert_run_fails (session, &bad, 1, "y", PMT_ERROR_MODEL, "shape");
  bad = x;
  bad.dims[2] = 0;
  assert_run_fails (session, &bad, 1, "y", PMT_ERROR_MODEL, "[1, 3, 0, 12]");
  bad.dims[2] = G_MAXINT64;
  assert_run_fails (session, &bad, 1, "y", PMT_ERROR_MODEL, "shape");
  assert_scales (session, 2);
}

static void
assert_open_fails (GBytes *bytes,
                   const PmtSessionOptions *options,
                   gint code,
                   const gchar *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pmt_session_open_bytes (bytes, "test.onnx", options, &error));
  g_assert_error (error, PMT_ERROR, code);
  g_assert_nonnull (strstr (error->message, "test.onnx"));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_files (void)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) folder = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *dir = g_dir_make_tmp ("pentimento-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (dir, "caf\xc3\xa9.onnx", NULL);
  const gfloat three = 3;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &three);
  g_autoptr (PmtSession) session = NULL;

  g_assert_null (
      pmt_session_open ("/nonexistent/a.onnx", &untrusted, &missing));
  g_assert_error (missing, PMT_ERROR, PMT_ERROR_FILE);
  g_assert_nonnull (strstr (missing->message, "/nonexistent/a.onnx"));
  g_assert_null (pmt_session_open (dir, &untrusted, &folder));
  g_assert_nonnull (folder);
  g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                       (gssize)g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  session = pmt_session_open (path, &untrusted, &error);
  g_assert_no_error (error);
  /* The session does not need the file anymore. */
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
  assert_scales (session, 3);
}

static void
test_unknown_operator (void)
{
  g_autoptr (GBytes) standard = net_op ("", "Nonsense");
  g_autoptr (GBytes) domain = net_op ("com.example", "Steal");

  assert_open_fails (standard, &untrusted, PMT_ERROR_MODEL, "Nonsense");
  assert_open_fails (domain, &untrusted, PMT_ERROR_UNSUPPORTED, "com.example");
}

/* Cut anywhere, a file opens or is refused; what opens runs or fails. */
static void
try_damaged (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) run_error = NULL;
  g_autoptr (PmtSession) session =
      pmt_session_open_bytes (bytes, "test.onnx", &untrusted, &error);
  gfloat values[12] = { 0 };
  PmtTensor x = { "x", FLOAT, 4, { 1, 3, 2, 2 }, values };
  PmtTensor y = { "y" };

  g_assert_true ((session == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (session == NULL)
    return;
  if (pmt_session_run (session, &x, 1, &y, 1, NULL, &run_error))
    pmt_tensor_clear (&y);
  else
    g_assert_nonnull (run_error);
}

static void
test_truncated (void)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    try_damaged (data, i);
}

static void
test_flipped (void)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  for (gsize i = 0; i < size; i++)
    for (guint bit = i % 3; bit < 8; bit += 3)
      {
        copy[i] ^= (guint8)(1u << bit);
        try_damaged (copy, size);
        copy[i] = data[i];
      }
}

/* ---------------------------------------------------------------- memory -- */

static void
test_memory_refused (void)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (GBytes) bytes = net_half ();
  g_autoptr (PmtSession) session = NULL;

  options.memory = 1024 * 1024;
  assert_open_fails (bytes, &options, PMT_ERROR_MEMORY, "1.0");
  options.memory = 64 * 1024 * 1024;
  session = open_bytes (bytes, &options);
}

/* AddressSanitizer ends the program, rather than letting an allocation fail
 * as it does for users; and Debian's library for oneDNN deletes an object by
 * the size of another class. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "allocator_may_return_null=1:new_delete_type_mismatch=0";
}

/* 64 TiB. */
static void
test_memory_of_run (void)
{
  g_autoptr (GBytes) bytes = net_expand ();
  g_autoptr (PmtSession) session = open_bytes (bytes, &untrusted);
  gfloat value = 1;
  gint64 size = G_GINT64_CONSTANT (1) << 44;
  const PmtTensor inputs[] = {
    { "x", FLOAT, 1, { 1 }, &value },
    { "shape", PMT_TENSOR_INT64, 1, { 1 }, &size },
  };
  PmtTensor y = { "y" };
  g_autoptr (GError) error = NULL;

  assert_run_fails (session, inputs, 2, "y", PMT_ERROR_MEMORY, "memory");
  size = 5;
  pmt_session_run (session, inputs, 2, &y, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (y.dims[0], ==, 5);
  pmt_tensor_clear (&y);
}

/* -------------------------------------------------------- made in each run */

#define N_MADE 400000

/* @data: (gint *): how often values are still made. */
static gboolean
count_up (gpointer values,
          gsize offset,
          gsize bytes,
          gconstpointer data,
          GError **error)
{
  gint *left = (gint *)data;
  gfloat *floats = values;

  if (g_atomic_int_add (left, -1) <= 0)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_FILE, "it is cut short");
      return FALSE;
    }
  for (gsize i = 0; i < bytes / sizeof *floats; i++)
    floats[i] = (gfloat)(offset / sizeof *floats + i);
  return TRUE;
}

static PmtSession *
open_made (gint *left)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("made", 17);
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_initializer_free);
  PmtInitializer *made = g_new0 (PmtInitializer, 1);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  const gint64 n = N_MADE;
  g_autoptr (GBytes) bytes = NULL;
  PmtNode *node;

  made->type = FLOAT;
  made->rank = 1;
  made->dims[0] = n;
  made->use = PMT_USE_EACH_RUN;
  made->fill = count_up;
  made->data = left;
  g_ptr_array_add (list, made);
  pmt_graph_add_opset (graph, PMT_MADE_DOMAIN, 1);
  pmt_graph_add_input (graph, "x", FLOAT, 1, &n, NULL);
  node = pmt_graph_add_node (graph, PMT_MADE_TYPE, PMT_NAMES (NULL),
                             PMT_NAMES ("w"));
  pmt_node_set_domain (node, PMT_MADE_DOMAIN);
  pmt_node_set_int (node, PMT_MADE_INDEX, 0);
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("x", "w"), PMT_NAMES ("y"));
  pmt_graph_add_output (graph, "y", FLOAT, 1, &n, NULL);
  bytes = pmt_graph_to_bytes (graph, NULL);
  options.threads = 2;
  options.is_trusted = TRUE;
  options.optimization = PMT_OPTIMIZE_EXTENDED;
  options.disabled = "ConstantFolding";
  options.initializers = list;
  options.keeps_memory = TRUE;
  return open_bytes (bytes, &options);
}

/* Constants of our operator: in parts, anew in each run, and with errors. */
static void
test_made (void)
{
  gint left = 1000;
  g_autoptr (PmtSession) session = open_made (&left);
  g_autofree gfloat *values = g_new0 (gfloat, N_MADE);
  const PmtTensor x = { "x", FLOAT, 1, { N_MADE }, values };
  gint before = left;

  for (gint run = 0; run < 3; run++)
    {
      PmtTensor y = { "y" };
      g_autoptr (GError) error = NULL;

      if (run == 2)
        pmt_session_run (session, &x, 1, &y, 1, NULL, &error);
      else
        pmt_session_run_keeping (session, &x, 1, &y, 1, NULL, &error);
      g_assert_no_error (error);
      for (gint i = 0; i < N_MADE; i++)
        g_assert_cmpfloat (((gfloat *)y.data)[i], ==, (gfloat)i);
      pmt_tensor_clear (&y);
      g_assert_cmpint (left, <, before);
      before = left;
    }
  left = 1;
  assert_run_fails (session, &x, 1, "y", PMT_ERROR_MODEL, "it is cut short");
}

/* ------------------------------------------------------------ outside data */

static void
test_external (void)
{
  g_autoptr (GBytes) bytes = net_external ("weights", 8);
  g_autofree gchar *dir = g_dir_make_tmp ("pentimento-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (dir, "weights", NULL);
  const gfloat weights[] = { 9, 9, 1, 2, 3, 4 };
  gfloat data[] = { 10, 20, 30, 40 };
  PmtTensor x = { "x", FLOAT, 1, { 4 }, data };
  PmtTensor y = { "y" };
  PmtSessionOptions options = { 1, 0, NULL, TRUE };
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, (const gchar *)weights, sizeof weights, &error);
  g_assert_no_error (error);
  options.folder = dir;
  {
    g_autoptr (PmtSession) session = open_bytes (bytes, &options);

    pmt_session_run (session, &x, 1, &y, 1, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpfloat (((gfloat *)y.data)[0], ==, 11);
    g_assert_cmpfloat (((gfloat *)y.data)[3], ==, 44);
    pmt_tensor_clear (&y);
  }
  options.is_trusted = FALSE;
  assert_open_fails (bytes, &options, PMT_ERROR_MODEL, "“weights”");
  g_remove (path);
  options.is_trusted = TRUE;
  assert_open_fails (bytes, &options, PMT_ERROR_MODEL, "weights");
  g_rmdir (dir);
}

/* ---------------------------------------------------------------- cancel -- */

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (G_USEC_PER_SEC / 5);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (GBytes) bytes = net_conv (1500);
  g_autoptr (PmtSession) session = open_bytes (bytes, &untrusted);
  g_autofree gfloat *data = g_new0 (gfloat, 16 * 256 * 256);
  PmtTensor x = { "t0", FLOAT, 4, { 1, 16, 256, 256 }, data };
  PmtTensor y = { "y" };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  gint64 start = g_get_monotonic_time ();
  gdouble seconds;

  g_assert_false (pmt_session_run (session, &x, 1, &y, 1, cancellable, &error));
  seconds = (gdouble)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (y.data);
  g_test_message ("returned %.3f s after the cancel", seconds - 0.2);
  g_assert_cmpfloat (seconds, <, 0.7);
  /* Canceled before it begins. */
  g_clear_error (&error);
  g_assert_false (pmt_session_run (session, &x, 1, &y, 1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --------------------------------------------------------------- threads -- */

static gpointer
run_many (gpointer data)
{
  for (guint i = 0; i < 20; i++)
    assert_scales (data, 2);
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (PmtSession) session = open_scale (2);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("run", run_many, session);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* ------------------------------------------------------------- providers -- */

/* Stand-ins, through the table that sessions get their providers from. */

static OrtStatus *
append_failing (const PmtProvider *provider,
                const PmtRuntime *runtime,
                OrtSessionOptions *options)
{
  return runtime->api->CreateStatus (ORT_EP_FAIL, "no device was found");
}

/* A device that computes wrongly: the constant is another one. */
static OrtStatus *
append_wrong (const PmtProvider *provider,
              const PmtRuntime *runtime,
              OrtSessionOptions *options)
{
  static gfloat wrong = 2.1f;
  static OrtValue *value;
  const gint64 one = 1;
  OrtStatus *status = NULL;

  if (value == NULL)
    status = runtime->api->CreateTensorWithDataAsOrtValue (
        runtime->memory_info, &wrong, sizeof wrong, &one, 1,
        ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &value);
  return status != NULL
             ? status
             : runtime->api->AddInitializer (options, "factor", value);
}

/* A device that fails at another size than that of the self-test. */
static OrtStatus *
append_fixed (const PmtProvider *provider,
              const PmtRuntime *runtime,
              OrtSessionOptions *options)
{
  return runtime->api->AddFreeDimensionOverrideByName (options, "height", 64);
}

static OrtStatus *
append_nothing (const PmtProvider *provider,
                const PmtRuntime *runtime,
                OrtSessionOptions *options)
{
  return NULL;
}

static const PmtProvider failing = { "failing", "Failing", "Failing",
                                     NULL,      TRUE,      append_failing };
static const PmtProvider wrong = { "wrong", "Wrong", "Wrong",
                                   NULL,    TRUE,    append_wrong };
static const PmtProvider fixed = { "fixed", "Fixed", "Fixed",
                                   NULL,    TRUE,    append_fixed };
static const PmtProvider good = { "good", "Good", "Good",
                                  NULL,   TRUE,   append_nothing };

static PmtSession *
open_with (const PmtProvider *first, const PmtProvider *second)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  PmtSession *session;

  g_ptr_array_add (candidates, (gpointer)first);
  if (second != NULL)
    g_ptr_array_add (candidates, (gpointer)second);
  session = pmt_session_open_with (bytes, "test.onnx", &untrusted, candidates,
                                   NULL, &error);
  g_assert_no_error (error);
  return session;
}

static void
assert_fallback (PmtSession *session, const gchar *part)
{
  const gchar *fallback = pmt_session_get_fallback (session);

  g_assert_cmpstr (pmt_session_get_provider (session), ==, "cpu");
  g_assert_nonnull (fallback);
  g_test_message ("%s", fallback);
  g_assert_nonnull (strstr (fallback, part));
  assert_scales (session, 2);
}

static void
test_provider_failing (void)
{
  g_autoptr (PmtSession) session = open_with (&failing, NULL);

  assert_fallback (session, "Failing");
}

static void
test_provider_wrong (void)
{
  g_autoptr (PmtSession) session = open_with (&wrong, NULL);

  assert_fallback (session, "Wrong can't be used: A test");
}

/* The second best is used, and nothing is said about the first. */
static void
test_provider_next (void)
{
  g_autoptr (PmtSession) session = open_with (&wrong, &good);

  g_assert_cmpstr (pmt_session_get_provider (session), ==, "good");
  g_assert_null (pmt_session_get_fallback (session));
  assert_scales (session, 2);
}

static void
test_provider_retry (void)
{
  g_autoptr (PmtSession) session = open_with (&fixed, NULL);

  g_assert_cmpstr (pmt_session_get_provider (session), ==, "fixed");
  g_assert_null (pmt_session_get_fallback (session));
  /* 8 x 12 fails there, and the result is that of the CPU. */
  assert_scales (session, 2);
  assert_fallback (session, "Fixed");
}

/* Several runs fail at once; each of them is done on the CPU. */
static void
test_provider_retry_threads (void)
{
  g_autoptr (PmtSession) session = open_with (&fixed, NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("run", run_many, session);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  assert_fallback (session, "Fixed");
}

/* A sample of the caller's decides: with one of the wrong shape there is no
 * test, and so no provider. */
static void
test_provider_sample (void)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  gfloat data[3 * 8 * 12];
  PmtTensor sample = make_picture (data, 8, 12);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (PmtSession) session = NULL;
  g_autoptr (PmtSession) refused = NULL;

  g_ptr_array_add (candidates, (gpointer)&fixed);
  options.sample = &sample;
  options.n_sample = 1;
  session = pmt_session_open_with (bytes, "test.onnx", &options, candidates,
                                   NULL, NULL);
  assert_fallback (session, "Fixed");
  sample.rank = 2;
  g_ptr_array_set_size (candidates, 0);
  g_ptr_array_add (candidates, (gpointer)&good);
  refused = pmt_session_open_with (bytes, "test.onnx", &options, candidates,
                                   NULL, NULL);
  assert_fallback (refused, "Good");
}

static void
test_provider_unknown (void)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (PmtSession) session = NULL;

  options.provider = "abacus";
  session = open_bytes (bytes, &options);
  assert_fallback (session, "“abacus”");
}

/* Each that is listed is used, or tells why not; those not listed tell. */
static void
test_provider_real (void)
{
  static const gchar *const names[] = { "cuda",   "migraphx", "directml",
                                        "coreml", "openvino", "webgpu",
                                        "dnnl",   "xnnpack",  "auto" };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) listed = pmt_provider_list (&error);
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);

  g_assert_no_error (error);
  g_assert_cmpstr (listed[0], ==, "cpu");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
      g_autoptr (PmtSession) session = NULL;
      const gchar *used;

      options.provider = names[i];
      session = open_bytes (bytes, &options);
      used = pmt_session_get_provider (session);
      g_test_message ("%s: %s: %s", names[i], used,
                      pmt_session_get_fallback (session));
      if (!g_str_equal (names[i], "auto") && !g_str_equal (names[i], used))
        assert_fallback (session, pmt_provider_label (names[i]));
      if (!g_strv_contains ((const gchar *const *)listed, names[i]))
        g_assert_cmpstr (used, ==, "cpu");
      assert_scales (session, 2);
    }
}

static void
test_provider_library (void)
{
  g_autoptr (GError) taken = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_false (pmt_provider_add_library ("cuda", "/nonexistent.so", &taken));
  g_assert_error (taken, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_false (
      pmt_provider_add_library ("mine", "/nonexistent.so", &missing));
  /* Too old for it, or the file is not there. */
  g_assert_true (g_error_matches (missing, PMT_ERROR, PMT_ERROR_UNSUPPORTED)
                 || g_error_matches (missing, PMT_ERROR, PMT_ERROR_FILE));
}

#ifdef PMT_HAVE_DL_ITERATE_PHDR
static gint
count_library (struct dl_phdr_info *info, gsize size, gpointer data)
{
  gint *n = data;

  *n += strstr (info->dlpi_name, "libonnxruntime_providers_") != NULL;
  return 0;
}

static gint
count_libraries (void)
{
  gint n = 0;

  dl_iterate_phdr (count_library, &n);
  return n;
}

static gint n_loaded;

/* Called after ONNX Runtime has ended: threads of a library that is gone would
 * end the process with a fault, now and then. */
static void
check_still_loaded (void)
{
  if (count_libraries () < n_loaded)
    _exit (99);
}

static void
test_provider_kept (void)
{
  const gfloat two = 2;
  g_autoptr (GBytes) bytes = net_scale (FLOAT, &two);
  g_autoptr (PmtSession) session = NULL;
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;

  options.provider = "dnnl";
  session = open_bytes (bytes, &options);
  assert_scales (session, 2);
  n_loaded = count_libraries ();
  g_test_message ("%d libraries, to be there at the end", n_loaded);
}
#endif

/* ---------------------------------------------------------------- status -- */

static void
assert_status (OrtErrorCode code,
               const gchar *text,
               GQuark domain,
               gint error_code,
               const gchar *part)
{
  g_autoptr (GError) error = NULL;

  pmt_status_set_error (code, text, "test.onnx", &error);
  g_assert_error (error, domain, error_code);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_cmpuint (strlen (error->message), <, 500);
}

static void
test_status (void)
{
  g_autofree gchar *long_text = g_strnfill (5000, 'x');

  assert_status (ORT_RUNTIME_EXCEPTION, "std::bad_alloc", PMT_ERROR,
                 PMT_ERROR_MEMORY, "test.onnx");
  assert_status (ORT_FAIL, "Exiting due to terminate flag being set to true.",
                 G_IO_ERROR, G_IO_ERROR_CANCELLED, "canceled");
  assert_status (ORT_NOT_IMPLEMENTED, "no kernel", PMT_ERROR,
                 PMT_ERROR_UNSUPPORTED, "no kernel.");
  assert_status (ORT_INVALID_GRAPH, "first line.\nsecond", PMT_ERROR,
                 PMT_ERROR_MODEL, "“test.onnx”: first line.");
  assert_status (ORT_FAIL, "/build/onnxruntime/file.cc:12 bool f() broken",
                 PMT_ERROR, PMT_ERROR_MODEL, ": bool f() broken.");
  assert_status (ORT_FAIL,
                 "Failed to load: ./core/graph.cc:9 Graph::Graph(int) The "
                 "graph (x) is bad.",
                 PMT_ERROR, PMT_ERROR_MODEL, "”: The graph (x) is bad.");
  assert_status (ORT_FAIL, long_text, PMT_ERROR, PMT_ERROR_MODEL, "xxx");
  assert_status (ORT_FAIL, "caf\xe9", PMT_ERROR, PMT_ERROR_MODEL, "caf");
}

static void
test_version (void)
{
  g_assert_cmpuint (pmt_runtime_minor ("1.21.0"), ==, 21);
  g_assert_cmpuint (pmt_runtime_minor ("1.23.2-dev"), ==, 23);
  g_assert_cmpuint (pmt_runtime_minor ("2.0.0"), ==, 0);
  g_assert_cmpuint (pmt_runtime_minor ("nonsense"), ==, 0);
  g_assert_cmpuint (pmt_runtime_minor ("1.x"), ==, 0);
}

/* ----------------------------------------------------------------- quiet -- */

static void
say (gpointer data)
{
  static const gchar text[] = "first\nSchema error: one\n\nsecond\n"
                              "Schema error: two\n\n\nNo: \nthird";

  g_assert_cmpint (write (STDERR_FILENO, text, sizeof text - 1), ==,
                   sizeof text - 1);
}

static void
test_quiet_filters (void)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("first\nsecond\n\nthird");
      return;
    }
  g_assert_cmpuint (
      pmt_quiet_run (PMT_NAMES ("Schema error: ", "No: "), say, NULL), ==, 3);
}

/* What users see when a network is opened and run for the first time in a
 * process: nothing. */
static void
test_quiet_load (void)
{
  g_autoptr (PmtSession) session = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("");
      return;
    }
  session = open_scale (2);
  assert_scales (session, 2);
}

/* The same with damaged files, and with bytes that are no network at all. */
static void
test_quiet_damaged (void)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("");
      return;
    }
  test_truncated ();
  try_damaged ((const guint8 *)"text", 4);
}

/* With stderr closed, the number 2 may belong to a file of the program's. */
static void
test_quiet_closed (void)
{
  g_autofree gchar *dir = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *text = NULL;
  g_autoptr (PmtSession) session = NULL;
  gsize size;
  FILE *file;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }
  close (STDERR_FILENO);
  session = open_scale (2);
  assert_scales (session, 2);
  g_assert_cmpint (fcntl (STDERR_FILENO, F_GETFD), ==, -1);
  dir = g_dir_make_tmp ("pentimento-XXXXXX", NULL);
  path = g_build_filename (dir, "file", NULL);
  file = g_fopen (path, "w");
  g_assert_cmpint (fileno (file), ==, STDERR_FILENO);
  fclose (file);
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  g_assert_cmpuint (size, ==, 0);
  g_remove (path);
  g_rmdir (dir);
}

/* Stays what it was for programs that are started. */
static void
test_quiet_inherits (void)
{
  g_autoptr (PmtSession) session = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("heard\n");
      return;
    }
  session = open_scale (2);
  g_assert_true (g_spawn_command_line_sync ("sh -c 'echo heard >&2'", NULL,
                                            NULL, NULL, NULL));
}

static void
add_provider_tests (void)
{
  g_test_add_func ("/onnx/provider/failing", test_provider_failing);
  g_test_add_func ("/onnx/provider/wrong", test_provider_wrong);
  g_test_add_func ("/onnx/provider/next", test_provider_next);
  g_test_add_func ("/onnx/provider/retry", test_provider_retry);
  g_test_add_func ("/onnx/provider/retry-threads", test_provider_retry_threads);
  g_test_add_func ("/onnx/provider/sample", test_provider_sample);
  g_test_add_func ("/onnx/provider/unknown", test_provider_unknown);
  g_test_add_func ("/onnx/provider/real", test_provider_real);
  g_test_add_func ("/onnx/provider/library", test_provider_library);
#ifdef PMT_HAVE_DL_ITERATE_PHDR
  g_test_add_func ("/onnx/provider/kept", test_provider_kept);
#endif
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
#ifdef PMT_HAVE_DL_ITERATE_PHDR
  atexit (check_still_loaded);
#endif
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/onnx/quiet/filters", test_quiet_filters);
  g_test_add_func ("/onnx/quiet/load", test_quiet_load);
  g_test_add_func ("/onnx/quiet/damaged", test_quiet_damaged);
  g_test_add_func ("/onnx/quiet/closed", test_quiet_closed);
  g_test_add_func ("/onnx/quiet/inherits", test_quiet_inherits);
  g_test_add_func ("/onnx/version", test_version);
  g_test_add_func ("/onnx/status", test_status);
  g_test_add_func ("/onnx/info", test_info);
  g_test_add_func ("/onnx/metadata", test_metadata);
  g_test_add_func ("/onnx/sizes", test_sizes);
  g_test_add_func ("/onnx/half", test_half);
  g_test_add_func ("/onnx/half-weights", test_half_weights);
  g_test_add_func ("/onnx/attributes", test_attributes);
  g_test_add_func ("/onnx/wrong-calls", test_wrong_calls);
  g_test_add_func ("/onnx/files", test_files);
  g_test_add_func ("/onnx/unknown-operator", test_unknown_operator);
  g_test_add_func ("/onnx/truncated", test_truncated);
  g_test_add_func ("/onnx/flipped", test_flipped);
  g_test_add_func ("/onnx/memory/refused", test_memory_refused);
  g_test_add_func ("/onnx/memory/run", test_memory_of_run);
  g_test_add_func ("/onnx/made", test_made);
  g_test_add_func ("/onnx/external", test_external);
  g_test_add_func ("/onnx/cancel", test_cancel);
  g_test_add_func ("/onnx/threads", test_threads);
  add_provider_tests ();
  return g_test_run ();
}

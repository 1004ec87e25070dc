/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-subject.c: subjects by made-up networks and by graph cuts. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "onnx/graph.h"
#include "subject/graph-cut.h"
#include "subject/max-flow.h"
#include "subject/subject.h"

#define WIDTH 240
#define HEIGHT 160

/* A disk in warm colors on cold ones, with some noise. */
static gboolean
is_disk (gdouble x, gdouble y, gdouble scale)
{
  return hypot (x / scale - 130.0, y / scale - 80.0) < 45.0;
}

static GeglBuffer *
disk_new (const gchar *format, gint scale)
{
  const GeglRectangle extent = { 0, 0, WIDTH * scale, HEIGHT * scale };
  GeglBuffer *buffer = gegl_buffer_new (&extent, babl_format (format));
  g_autofree gfloat *row = g_new (gfloat, (gsize)extent.width * 3);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (gint y = 0; y < extent.height; y++)
    {
      for (gint x = 0; x < extent.width; x++)
        {
          const gboolean is_in = is_disk (x + 0.5, y + 0.5, scale);
          const gfloat noise =
              (gfloat)g_rand_double_range (random, -0.03, 0.03);

          row[x * 3] = (is_in ? 0.85f : 0.2f) + noise;
          row[x * 3 + 1] = (is_in ? 0.6f : 0.3f) + noise;
          row[x * 3 + 2] = (is_in ? 0.2f : 0.55f) + noise;
        }
      gegl_buffer_set (buffer, GEGL_RECTANGLE (0, y, extent.width, 1), 0,
                       babl_format ("R'G'B' float"), row, GEGL_AUTO_ROWSTRIDE);
    }
  return buffer;
}

static GeglBuffer *
selection_new (const GeglRectangle *selected, gint scale)
{
  const GeglRectangle extent = { 0, 0, WIDTH * scale, HEIGHT * scale };
  const gfloat one = 1.0f;
  GeglBuffer *mask = gegl_buffer_new (&extent, babl_format ("Y float"));

  gegl_buffer_set_color_from_pixel (mask, selected, &one,
                                    babl_format ("Y float"));
  return mask;
}

/* Intersection over union with the disk. */
static gdouble
agreement (GeglBuffer *mask, gint scale, gboolean is_hard)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (mask);
  g_autofree gfloat *values =
      g_new (gfloat, (gsize)extent->width * extent->height);
  gdouble both = 0.0;
  gdouble any = 0.0;

  g_assert_cmpint (extent->width, ==, WIDTH * scale);
  gegl_buffer_get (mask, NULL, 1.0, babl_format ("Y float"), values,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gint y = 0; y < extent->height; y++)
    for (gint x = 0; x < extent->width; x++)
      {
        const gboolean is_in = is_disk (x + 0.5, y + 0.5, scale);
        gfloat value = values[(gsize)y * extent->width + x];

        g_assert_true (value >= 0.0f && value <= 1.0f);
        if (is_hard)
          value = value >= 0.5f ? 1.0f : 0.0f;
        both += is_in ? value : 0.0f;
        any += is_in ? 1.0f : value;
      }
  return both / any;
}

/* ------------------------------------------------------------------ flow -- */

/* Cost of the cut that puts the pixels of the bits of @sides on the source's
 * side. */
static gdouble
cost_of (guint sides,
         gint width,
         gint height,
         const gfloat *terminals,
         const gfloat *links)
{
  const gint n = width * height;
  gdouble cost = 0.0;

  for (gint p = 0; p < n; p++)
    {
      const gboolean is_source = (sides >> p) & 1;

      if (is_source ? terminals[p] < 0.0f : terminals[p] > 0.0f)
        cost += fabsf (terminals[p]);
      for (gint d = 0; d < PMT_FLOW_NEIGHBORS; d++)
        {
          gint dx;
          gint dy;
          gint x;
          gint y;

          pmt_flow_offset (d, &dx, &dy);
          x = p % width + dx;
          y = p / width + dy;
          if (x < 0 || y < 0 || x >= width || y >= height)
            continue;
          if (is_source && !((sides >> (y * width + x)) & 1))
            cost += links[p * PMT_FLOW_NEIGHBORS + d];
        }
    }
  return cost;
}

/* Against all cuts that there are. */
static void
test_max_flow (void)
{
  static const gint sizes[][2] = { { 4, 3 }, { 3, 4 }, { 12, 1 }, { 1, 5 } };
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (gint round = 0; round < 200; round++)
    {
      const gint width = sizes[round % 4][0];
      const gint height = sizes[round % 4][1];
      const gint n = width * height;
      gfloat terminals[12];
      gfloat links[12 * PMT_FLOW_NEIGHBORS];
      gfloat kept[G_N_ELEMENTS (links)];
      gfloat roots[12];
      guint8 side[12];
      guint found = 0;
      gdouble best = G_MAXDOUBLE;
      g_autoptr (GError) error = NULL;

      for (gint p = 0; p < n; p++)
        terminals[p] = (gfloat)g_rand_int_range (random, -9, 10);
      for (gint i = 0; i < n * PMT_FLOW_NEIGHBORS; i++)
        links[i] = (gfloat)g_rand_int_range (random, 0, 7);
      memcpy (kept, links, sizeof links);
      memcpy (roots, terminals, sizeof terminals);
      g_assert_true (
          pmt_max_flow (width, height, terminals, links, side, NULL, &error));
      g_assert_no_error (error);
      for (gint p = 0; p < n; p++)
        found |= (guint)side[p] << p;
      for (guint sides = 0; sides < 1u << n; sides++)
        best = MIN (best, cost_of (sides, width, height, roots, kept));
      g_assert_cmpfloat_with_epsilon (
          cost_of (found, width, height, roots, kept), best, 1e-3);
    }
}

/* ------------------------------------------------------------------- cut -- */

static void
test_cut (void)
{
  static const gchar *const formats[] = { "R'G'B' u8", "R'G'B'A u16",
                                          "RGB float" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      const gint scale = i == 0 ? 4 : 1;
      const GeglRectangle rough = { 70 * scale, 20 * scale, 120 * scale,
                                    120 * scale };
      g_autoptr (GeglBuffer) picture = disk_new (formats[i], scale);
      g_autoptr (GeglBuffer) selection = selection_new (&rough, scale);
      g_autoptr (GError) error = NULL;
      g_autoptr (GeglBuffer) mask = pmt_subject_cut (
          picture, gegl_buffer_get_extent (picture), selection, NULL, &error);

      g_assert_no_error (error);
      g_test_message ("%s: %.4f", formats[i], agreement (mask, scale, FALSE));
      g_assert_cmpfloat (agreement (mask, scale, FALSE), >, 0.97);
    }
}

/* Inside what was selected, and nothing else. */
static void
test_cut_inside (void)
{
  const GeglRectangle half = { 70, 20, 60, 120 };
  g_autoptr (GeglBuffer) picture = disk_new ("R'G'B' u8", 1);
  g_autoptr (GeglBuffer) selection = selection_new (&half, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GeglBuffer) mask = pmt_subject_cut (
      picture, gegl_buffer_get_extent (picture), selection, NULL, &error);
  gfloat right = 1.0f;

  g_assert_no_error (error);
  gegl_buffer_get (mask, GEGL_RECTANGLE (150, 80, 1, 1), 1.0,
                   babl_format ("Y float"), &right, 0, GEGL_ABYSS_NONE);
  g_assert_cmpfloat (right, ==, 0.0f);
}

static void
test_cut_refused (void)
{
  const GeglRectangle all = { 0, 0, WIDTH, HEIGHT };
  g_autoptr (GeglBuffer) picture = disk_new ("R'G'B' u8", 1);
  g_autoptr (GeglBuffer) selection = selection_new (&all, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (pmt_subject_cut (picture, &all, selection, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (pmt_subject_cut (picture, &all, NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_INPUT);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (
      pmt_subject_cut (picture, &all, selection, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---------------------------------------------------------------- networks */

/**
 * SubjectNet: the first color, or its logit
 * @side: that it sees
 * @n_outputs: the others are not to be read
 * @shift: added before: what goes in tells the normalization
 * @is_halved: gives half of the size
 * @is_zero: sees no subject
 */
typedef struct
{
  gint side;
  guint n_outputs;
  gfloat factor;
  gfloat shift;
  gboolean is_halved;
  gboolean is_zero;
} SubjectNet;

static void
add_scalar (PmtGraph *graph, const gchar *name, gfloat value)
{
  pmt_graph_add_tensor (graph, name, PMT_TENSOR_FLOAT32, 0, NULL, &value);
}

static GBytes *
subject_bytes (const SubjectNet *net)
{
  const gint64 in[] = { 1, 3, net->side, net->side };
  const gint64 out[] = { 1, 1, net->side, net->side };
  const gint64 unknown[] = { 1, 1, -1, -1 };
  const gint64 one[] = { 1 };
  const gint64 zero = 0;
  const gint64 first = 1;
  g_autoptr (PmtGraph) graph = pmt_graph_new ("subject", 17);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  pmt_graph_add_input (graph, "image", PMT_TENSOR_FLOAT32, 4, in, NULL);
  pmt_graph_add_tensor (graph, "start", PMT_TENSOR_INT64, 1, one, &zero);
  pmt_graph_add_tensor (graph, "end", PMT_TENSOR_INT64, 1, one, &first);
  pmt_graph_add_tensor (graph, "axis", PMT_TENSOR_INT64, 1, one, &first);
  pmt_graph_add_node (graph, "Slice",
                      PMT_NAMES ("image", "start", "end", "axis"),
                      PMT_NAMES ("red"));
  add_scalar (graph, "factor", net->is_zero ? 0.0f : net->factor);
  add_scalar (graph, "shift", net->is_zero ? 0.0f : net->shift);
  pmt_graph_add_node (graph, "Mul", PMT_NAMES ("red", "factor"),
                      PMT_NAMES ("scaled"));
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("scaled", "shift"),
                      PMT_NAMES (net->is_halved ? "full" : "mask"));
  if (net->is_halved)
    {
      static const gint64 kernel[] = { 2, 2 };
      PmtNode *node = pmt_graph_add_node (
          graph, "AveragePool", PMT_NAMES ("full"), PMT_NAMES ("mask"));

      pmt_node_set_ints (node, "kernel_shape", kernel, 2);
      pmt_node_set_ints (node, "strides", kernel, 2);
    }
  pmt_graph_add_output (graph, "mask", PMT_TENSOR_FLOAT32, 4,
                        net->is_halved ? unknown : out, NULL);
  for (guint i = 1; i < net->n_outputs; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("side%u", i);

      pmt_graph_add_node (graph, "Identity", PMT_NAMES ("red"),
                          PMT_NAMES (name));
      pmt_graph_add_output (graph, name, PMT_TENSOR_FLOAT32, 4, out, NULL);
    }
  bytes = pmt_graph_to_bytes (graph, &error);
  g_assert_no_error (error);
  return bytes;
}

static PmtSubjectNet *
subject_open (const SubjectNet *net, const gchar *name)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (GBytes) bytes = subject_bytes (net);
  g_autoptr (GError) error = NULL;
  PmtSubjectNet *made =
      pmt_subject_net_open_bytes (bytes, name, &options, &error);

  g_assert_no_error (error);
  return made;
}

static void
test_kinds (void)
{
  static const struct
  {
    SubjectNet net;
    const gchar *name;
    PmtSubjectKind kind;
  } cases[] = {
    { { 320, 7 }, "a.onnx", PMT_SUBJECT_U2NET },
    { { 1024, 6 }, "a.onnx", PMT_SUBJECT_ISNET },
    { { 1024, 1 }, "a.onnx", PMT_SUBJECT_BIREFNET },
    { { 1024, 1 }, "RMBG-1.4.onnx", PMT_SUBJECT_ISNET },
    { { 1024, 6 }, "BiRefNet-lite.onnx", PMT_SUBJECT_BIREFNET },
    { { 512, 1 }, "a.onnx", PMT_SUBJECT_U2NET },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtSubjectNet) net =
          subject_open (&cases[i].net, cases[i].name);

      g_assert_cmpint (pmt_subject_net_get_declared (net)->kind, ==,
                       cases[i].kind);
      g_assert_cmpint (pmt_subject_net_get_declared (net)->side, ==,
                       cases[i].net.side);
    }
}

/* The normalization of each kind undone leads to the color: a mask that falls
 * where the disk ends, at the picture's own resolution. */
static void
test_normalization (void)
{
  /* From red, 0.2 outside and 0.85 inside and at most 0.88, to 0.1 and 0.9;
   * the last ones are logits: -10 and 10. */
#define SLOPE (0.8f / 0.65f)
#define REST (0.1f - 0.2f * SLOPE)
#define STEEP (20.0f / 0.65f)
  static const struct
  {
    SubjectNet net;
    const gchar *name;
  } cases[] = {
    { { 320, 7, 0.229f * 0.88f * SLOPE, 0.485f * 0.88f * SLOPE + REST },
      "u2net.onnx" },
    { { 512, 2, 0.88f * SLOPE, 0.5f * 0.88f * SLOPE + REST }, "isnet.onnx" },
    { { 512, 1, 0.229f * SLOPE, 0.485f * SLOPE + REST }, "birefnet.onnx" },
    { { 512, 1, 0.229f * STEEP, 0.485f * STEEP - 10.0f - 0.2f * STEEP },
      "birefnet.onnx" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtSubjectNet) net =
          subject_open (&cases[i].net, cases[i].name);
      g_autoptr (GeglBuffer) picture = disk_new ("R'G'B' u16", 3);
      g_autoptr (GError) error = NULL;
      g_autoptr (GeglBuffer) mask = pmt_subject_find (
          net, picture, gegl_buffer_get_extent (picture), NULL, &error);

      g_assert_no_error (error);
      g_test_message ("%s: %.4f", cases[i].name, agreement (mask, 3, TRUE));
      g_assert_cmpfloat (agreement (mask, 3, TRUE), >, 0.97);
    }
}

static void
test_no_subject (void)
{
  const SubjectNet kind = { .side = 320, .n_outputs = 1, .is_zero = TRUE };
  g_autoptr (PmtSubjectNet) net = subject_open (&kind, "a.onnx");
  g_autoptr (GeglBuffer) picture = disk_new ("R'G'B' u8", 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GeglBuffer) mask = pmt_subject_find (
      net, picture, gegl_buffer_get_extent (picture), NULL, &error);

  g_assert_no_error (error);
  g_assert_true (pmt_subject_is_empty (mask));
}

static void
test_bad_networks (void)
{
  const SubjectNet halved = { 320, 1, 1.0f, 0.0f, TRUE };
  const SubjectNet infinite = { 320, 1, INFINITY, 0.0f };
  const SubjectNet *const nets[] = { &halved, &infinite };
  g_autoptr (GeglBuffer) picture = disk_new ("R'G'B' u8", 1);

  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      g_autoptr (PmtSubjectNet) net = subject_open (nets[i], "odd.onnx");
      g_autoptr (GError) error = NULL;

      g_assert_null (pmt_subject_find (
          net, picture, gegl_buffer_get_extent (picture), NULL, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
      g_test_message ("%s", error->message);
    }
}

static void
test_not_a_subject_net (void)
{
  const gint64 dims[] = { 1, 3, 320, 320 };
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (PmtGraph) graph = pmt_graph_new ("other", 17);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  pmt_graph_add_input (graph, "image", PMT_TENSOR_FLOAT32, 4, dims, NULL);
  pmt_graph_add_node (graph, "Identity", PMT_NAMES ("image"),
                      PMT_NAMES ("out"));
  pmt_graph_add_output (graph, "out", PMT_TENSOR_FLOAT32, 4, dims, NULL);
  bytes = pmt_graph_to_bytes (graph, &error);
  g_assert_null (
      pmt_subject_net_open_bytes (bytes, "other.onnx", &options, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_test_message ("%s", error->message);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/subject/max-flow", test_max_flow);
  g_test_add_func ("/subject/cut", test_cut);
  g_test_add_func ("/subject/cut-inside", test_cut_inside);
  g_test_add_func ("/subject/cut-refused", test_cut_refused);
  g_test_add_func ("/subject/kinds", test_kinds);
  g_test_add_func ("/subject/normalization", test_normalization);
  g_test_add_func ("/subject/no-subject", test_no_subject);
  g_test_add_func ("/subject/bad-networks", test_bad_networks);
  g_test_add_func ("/subject/not-a-subject-net", test_not_a_subject_net);
  status = g_test_run ();
  gegl_exit ();
  return status;
}

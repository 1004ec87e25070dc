/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-filters.c: the operations in plain GEGL graphs. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "restore/net.h"

/* Larger than several cells, odd, not at the origin. */
static const GeglRectangle extent = { 37, -11, 701, 603 };

static const gchar *const names[] = { "pentimento:denoise",
                                      "pentimento:sharpen",
                                      "pentimento:fix-compression" };

/* --------------------------------------------------------------- runs -- */

static gint n_runs;

/* The module tells each run of the network. */
static void
count_run (const gchar *domain,
           GLogLevelFlags level,
           const gchar *message,
           gpointer data)
{
  if (g_str_has_prefix (message, "network run"))
    n_runs++;
}

/* ------------------------------------------------------------- pictures -- */

/* Smooth shapes, edges and noise; in float formats some values lie outside
 * 0..1; some pixels are half or fully transparent.
 */
static GeglBuffer *
new_picture (const GeglRectangle *rect, const Babl *format)
{
  GeglBuffer *buffer = gegl_buffer_new (rect, format);
  const Babl *rgba =
      babl_format_with_space ("R'G'B'A float", babl_format_get_space (format));
  g_autofree gfloat *row = g_new (gfloat, rect->width * 4);

  for (gint y = 0; y < rect->height; y++)
    {
      for (gint x = 0; x < rect->width; x++)
        {
          gfloat *p = row + 4 * x;

          for (gint c = 0; c < 3; c++)
            p[c] = 0.5f + 0.4f * sinf (0.03f * x + 0.05f * y + c)
                   + ((x / 40 + y / 30) % 2 ? 0.15f : -0.15f)
                   + (gfloat)g_test_rand_double_range (-0.1, 0.1);
          p[3] = (x / 64) % 5 == 4 && y % 100 < 50 ? 0.5f : 1.0f;
          /* A hole wider than what the network sees. */
          if (x > 260 && x < 520 && y > 150 && y < 400)
            p[3] = 0.0f;
        }
      gegl_buffer_set (buffer,
                       GEGL_RECTANGLE (rect->x, rect->y + y, rect->width, 1), 0,
                       rgba, row, GEGL_AUTO_ROWSTRIDE);
    }

  return buffer;
}

static guint8 *
get_raw (GeglBuffer *buffer, const GeglRectangle *rect, const Babl *format)
{
  guint8 *raw = g_malloc0 ((gsize)rect->width * rect->height
                           * babl_format_get_bytes_per_pixel (format));

  gegl_buffer_get (buffer, rect, 1.0, format, raw, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return raw;
}

/* The largest difference of any component, as R'G'B'A. */
static gdouble
difference (GeglBuffer *a, GeglBuffer *b, const GeglRectangle *rect)
{
  const Babl *format = babl_format_with_space (
      "R'G'B'A float", babl_format_get_space (gegl_buffer_get_format (a)));
  g_autofree gfloat *p = (gfloat *)(gpointer)get_raw (a, rect, format);
  g_autofree gfloat *q = (gfloat *)(gpointer)get_raw (b, rect, format);
  gdouble worst = 0.0;

  for (gsize i = 0; i < (gsize)rect->width * rect->height * 4; i++)
    {
      g_assert_true (isfinite (p[i]) && isfinite (q[i]));
      worst = MAX (worst, fabs ((gdouble)p[i] - q[i]));
    }

  return worst;
}

/* --------------------------------------------------------------- graph -- */

typedef struct
{
  GeglNode *graph;
  GeglNode *source;
  GeglNode *filter;
} Graph;

static Graph
new_graph (GeglBuffer *picture, const gchar *name, gdouble strength)
{
  Graph graph;

  graph.graph = gegl_node_new ();
  graph.source = gegl_node_new_child (
      graph.graph, "operation", "gegl:buffer-source", "buffer", picture, NULL);
  graph.filter = gegl_node_new_child (graph.graph, "operation", name,
                                      "strength", strength, NULL);
  gegl_node_link (graph.source, graph.filter);
  return graph;
}

static void
graph_clear (Graph *graph)
{
  g_clear_object (&graph->graph);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Graph, graph_clear)

/* @rect of the filter's result, put into @target. */
static void
render (Graph *graph, const GeglRectangle *rect, GeglBuffer *target)
{
  const Babl *format = gegl_buffer_get_format (target);
  g_autofree guint8 *raw =
      g_malloc0 ((gsize)rect->width * rect->height
                 * babl_format_get_bytes_per_pixel (format));

  gegl_node_blit (graph->filter, 1.0, rect, format, raw, GEGL_AUTO_ROWSTRIDE,
                  GEGL_BLIT_DEFAULT);
  gegl_buffer_set (target, rect, 0, format, raw, GEGL_AUTO_ROWSTRIDE);
}

/* As GIMP does: pieces of tiles, row after row. */
static void
render_in_pieces (Graph *graph,
                  const GeglRectangle *rect,
                  gint width,
                  gint height,
                  GeglBuffer *target)
{
  for (gint y = 0; y < rect->height; y += height)
    for (gint x = 0; x < rect->width; x += width)
      {
        GeglRectangle piece = { rect->x + x, rect->y + y, width, height };

        gegl_rectangle_intersect (&piece, &piece, rect);
        render (graph, &piece, target);
      }
}

/* What the engine makes of @picture with one setting. */
static GeglBuffer *
run_engine (GeglBuffer *picture,
            gint setting,
            gdouble strength,
            const Babl *format)
{
  const GeglRectangle *rect = gegl_buffer_get_extent (picture);
  g_autofree gchar *path = g_build_filename (g_getenv ("PENTIMENTO_DATA"),
                                             "nets", "restore-1x.onnx", NULL);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  PmtNetRun run = PMT_NET_RUN_INIT;
  gfloat settings[3] = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtNet) net = NULL;
  GeglBuffer *target = gegl_buffer_new (rect, format);

  options.is_trusted = TRUE;
  net = pmt_net_open (path, &options, &error);
  g_assert_no_error (error);
  settings[setting] = (gfloat)strength;
  run.settings = settings;
  pmt_net_run (net, &run, picture, rect, target, NULL, NULL, &error);
  g_assert_no_error (error);
  return target;
}

/* --------------------------------------------------------------- tests -- */

static gboolean
is_mapped (const gchar *library)
{
  g_autofree gchar *maps = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  return strstr (maps, library) != NULL;
}

/* Hosts list all operations when they start, and look at their properties. */
static void
test_listing_loads_nothing (void)
{
  const GeglRectangle rect = { 0, 0, 20, 20 };
  g_autoptr (GeglBuffer) picture =
      new_picture (&rect, babl_format ("R'G'B' float"));

  if (!g_file_test ("/proc/self/maps", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there is no /proc here");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (Graph) graph = new_graph (picture, names[i], 0.5);
      guint n = 0;
      g_autofree GParamSpec **pspecs =
          gegl_operation_list_properties (names[i], &n);
      const gchar *path = gegl_operation_get_key (names[i], "gimp:menu-path");

      g_assert_true (gegl_has_operation (names[i]));
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpstr (path, ==, "<Image>/Filters/Pentimento");
      gegl_node_get_bounding_box (graph.filter);
    }
  g_assert_true (is_mapped ("pentimento-filters"));
  g_assert_false (is_mapped ("onnxruntime"));

  {
    g_auto (Graph) graph = new_graph (picture, names[0], 0.5);

    render (&graph, &rect, picture);
  }
  g_assert_true (is_mapped ("onnxruntime"));
}

static void
test_same_as_engine (gconstpointer data)
{
  const gint setting = GPOINTER_TO_INT (data);
  const Babl *format = babl_format ("R'G'B'A float");
  g_autoptr (GeglBuffer) picture = new_picture (&extent, format);
  g_autoptr (GeglBuffer) whole = gegl_buffer_new (&extent, format);
  g_autoptr (GeglBuffer) pieces = gegl_buffer_new (&extent, format);
  g_autoptr (GeglBuffer) wanted = run_engine (picture, setting, 0.6, format);
  g_auto (Graph) first = new_graph (picture, names[setting], 0.6);
  g_auto (Graph) second = new_graph (picture, names[setting], 0.6);

  render (&first, &extent, whole);
  g_assert_cmpfloat (difference (whole, wanted, &extent), <=, 1e-4);
  g_assert_cmpfloat (difference (whole, picture, &extent), >, 1e-3);

  render_in_pieces (&second, &extent, 128, 96, pieces);
  g_assert_cmpfloat (difference (pieces, wanted, &extent), <=, 1e-4);
}

/* Pieces of any place and size in any order. */
static void
test_random_pieces (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  g_autoptr (GeglBuffer) picture = new_picture (&extent, format);
  g_autoptr (GeglBuffer) wanted = run_engine (picture, 0, 0.4, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&extent, format);
  g_auto (Graph) graph = new_graph (picture, names[0], 0.4);

  for (gint i = 0; i < 12; i++)
    {
      GeglRectangle rect = {
        extent.x + g_test_rand_int_range (0, extent.width - 1),
        extent.y + g_test_rand_int_range (0, extent.height - 1),
        g_test_rand_int_range (1, 300), g_test_rand_int_range (1, 300)
      };

      gegl_rectangle_intersect (&rect, &rect, &extent);
      render (&graph, &rect, target);
      g_assert_cmpfloat (difference (target, wanted, &rect), <=, 1e-4);
    }
}

/* Moving the line of a split view, or scrolling, asks for known parts. */
static void
test_known_parts (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  g_autoptr (GeglBuffer) picture = new_picture (&extent, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&extent, format);
  g_auto (Graph) graph = new_graph (picture, names[0], 0.4);
  gint runs;

  n_runs = 0;
  render_in_pieces (&graph, &extent, 128, 128, target);
  g_assert_cmpint (n_runs, >, 0);
  /* 3 x 3 cells at most, and not 30 pieces. */
  g_assert_cmpint (n_runs, <=, 9);

  runs = n_runs;
  for (gint x = 0; x < extent.width; x += 50)
    render (&graph, GEGL_RECTANGLE (extent.x, extent.y, x + 1, extent.height),
            target);
  render (&graph, &extent, target);
  g_assert_cmpint (n_runs, ==, runs);

  /* Another strength; and back, which is not kept. */
  gegl_node_set (graph.filter, "strength", 0.3, NULL);
  render (&graph, &extent, target);
  g_assert_cmpint (n_runs, ==, runs + 1);
  gegl_node_set (graph.filter, "strength", 0.4, NULL);
  render (&graph, &extent, target);
  g_assert_cmpint (n_runs, ==, runs + 2);
}

/* Something is painted below the filter. */
static void
test_changed_input (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  const GeglRectangle spot = { extent.x + 250, extent.y + 10, 30, 30 };
  const GeglRectangle far = { extent.x + 600, extent.y + 560, 20, 20 };
  const gfloat red[] = { 1.0f, 0.0f, 0.0f };
  GeglColor *color = gegl_color_new (NULL);
  g_autoptr (GeglBuffer) picture = new_picture (&extent, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&extent, format);
  g_autoptr (GeglBuffer) wanted = NULL;
  g_auto (Graph) graph = new_graph (picture, names[1], 0.7);

  render (&graph, &extent, target);
  gegl_color_set_pixel (color, format, red);
  gegl_buffer_set_color (picture, &spot, color);
  g_object_unref (color);
  wanted = run_engine (picture, 1, 0.7, format);

  n_runs = 0;
  render (&graph, &far, target);
  g_assert_cmpint (n_runs, ==, 0);
  render (&graph, &extent, target);
  g_assert_cmpint (n_runs, >, 0);
  g_assert_cmpfloat (difference (target, wanted, &extent), <=, 1e-4);
}

/* Another picture at the same place. */
static void
test_other_input (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  const GeglRectangle moved = { extent.x - 5, extent.y + 3, 400, 300 };
  g_autoptr (GeglBuffer) before = new_picture (&extent, format);
  g_autoptr (GeglBuffer) same_place = new_picture (&extent, format);
  g_autoptr (GeglBuffer) elsewhere = new_picture (&moved, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&extent, format);
  g_autoptr (GeglBuffer) moved_target = gegl_buffer_new (&moved, format);
  g_autoptr (GeglBuffer) wanted = run_engine (same_place, 2, 0.7, format);
  g_autoptr (GeglBuffer) moved_wanted = run_engine (elsewhere, 2, 0.7, format);
  g_auto (Graph) graph = new_graph (before, names[2], 0.7);
  GeglNode *other = NULL;

  render (&graph, &extent, target);
  gegl_node_set (graph.source, "buffer", same_place, NULL);
  render (&graph, &extent, target);
  g_assert_cmpfloat (difference (target, wanted, &extent), <=, 1e-4);

  gegl_node_set (graph.source, "buffer", elsewhere, NULL);
  render (&graph, &moved, moved_target);
  g_assert_cmpfloat (difference (moved_target, moved_wanted, &moved), <=, 1e-4);

  other = gegl_node_new_child (graph.graph, "operation", "gegl:buffer-source",
                               "buffer", same_place, NULL);
  gegl_node_link (other, graph.filter);
  render (&graph, &extent, target);
  g_assert_cmpfloat (difference (target, wanted, &extent), <=, 1e-4);
}

/* A filter on a cropped picture, which GIMP makes for selections, knows
 * nothing of what lies outside.
 */
static void
test_crop (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  const GeglRectangle part = { extent.x + 101, extent.y + 53, 333, 222 };
  g_autoptr (GeglBuffer) picture = new_picture (&extent, format);
  g_autoptr (GeglBuffer) cut = gegl_buffer_new (&part, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&part, format);
  g_autoptr (GeglBuffer) wanted = NULL;
  g_auto (Graph) graph = new_graph (picture, names[0], 0.7);
  GeglNode *crop = gegl_node_new_child (
      graph.graph, "operation", "gegl:crop", "x", (gdouble)part.x, "y",
      (gdouble)part.y, "width", (gdouble)part.width, "height",
      (gdouble)part.height, NULL);

  gegl_buffer_copy (picture, &part, GEGL_ABYSS_NONE, cut, &part);
  wanted = run_engine (cut, 0, 0.7, format);
  gegl_node_link_many (graph.source, crop, graph.filter, NULL);
  render_in_pieces (&graph, &part, 64, 64, target);
  g_assert_cmpfloat (difference (target, wanted, &part), <=, 1e-4);
}

/* Two filters, one after the other: the first one's cells are the second
 * one's input.
 */
static void
test_chain (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  g_autoptr (GeglBuffer) picture = new_picture (&extent, format);
  g_autoptr (GeglBuffer) between = run_engine (picture, 2, 0.5, format);
  g_autoptr (GeglBuffer) wanted = run_engine (between, 1, 0.5, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&extent, format);
  g_auto (Graph) graph = new_graph (picture, names[2], 0.5);
  GeglNode *last = gegl_node_new_child (graph.graph, "operation", names[1],
                                        "strength", 0.5, NULL);

  gegl_node_link (graph.filter, last);
  graph.filter = last;
  render_in_pieces (&graph, &extent, 200, 150, target);
  g_assert_cmpfloat (difference (target, wanted, &extent), <=, 2e-4);

  n_runs = 0;
  render (&graph, &extent, target);
  g_assert_cmpint (n_runs, ==, 0);
}

static void
test_tiny (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  const GeglRectangle sizes[] = { { 0, 0, 1, 1 },
                                  { 3, 4, 5, 3 },
                                  { -9, 0, 1, 300 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const GeglRectangle *rect = &sizes[i];
      g_autoptr (GeglBuffer) picture = new_picture (rect, format);
      g_autoptr (GeglBuffer) wanted = run_engine (picture, 0, 1.0, format);
      g_autoptr (GeglBuffer) target = gegl_buffer_new (rect, format);
      g_auto (Graph) graph = new_graph (picture, names[0], 1.0);

      render (&graph, rect, target);
      g_assert_cmpfloat (difference (target, wanted, rect), <=, 1e-4);
    }
}

/* ------------------------------------------------------------- formats -- */

static const gchar *const formats[] = {
  "R'G'B' u8",    "R'G'B'A u8",    "R'G'B'A u16", "RGB u16",   "RGBA float",
  "R'G'B'A half", "RGBA u32",      "RGB double",  "R~G~B~ u8", "Y~ u8",
  "Y~A u16",      "Y' u8",         "Y'A u16",     "Y float",   "YA half",
  "Y' double",    "RaGaBaA float",
};

static const Babl *
wide_space (void)
{
  return babl_space_from_chromaticities (NULL, 0.3127, 0.3290, 0.64, 0.33, 0.21,
                                         0.71, 0.15, 0.06, babl_trc_gamma (2.2),
                                         NULL, NULL, BABL_SPACE_FLAG_EQUALIZE);
}

/* Strength 0: bit for bit, also in pieces. */
static void
check_identity (const Babl *format)
{
  const GeglRectangle rect = { 5, -7, 150, 130 };
  const gsize bytes = (gsize)rect.width * rect.height
                      * babl_format_get_bytes_per_pixel (format);
  g_autoptr (GeglBuffer) picture = new_picture (&rect, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&rect, format);
  g_autofree guint8 *before = get_raw (picture, &rect, format);
  g_autofree guint8 *after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (Graph) graph = new_graph (picture, names[i], 0.0);

      gegl_buffer_clear (target, &rect);
      render_in_pieces (&graph, &rect, 64, 64, target);
      g_free (after);
      after = get_raw (target, &rect, format);
      g_assert_cmpmem (after, bytes, before, bytes);
    }
}

static void
check_alpha (GeglBuffer *before, GeglBuffer *after, const GeglRectangle *rect)
{
  g_autofree guint8 *a = get_raw (before, rect, babl_format ("A float"));
  g_autofree guint8 *b = get_raw (after, rect, babl_format ("A float"));
  const gsize bytes = (gsize)rect->width * rect->height * sizeof (gfloat);

  g_assert_cmpmem (a, bytes, b, bytes);
}

static void
check_format (const Babl *format)
{
  const GeglRectangle rect = { 5, -7, 150, 130 };
  const gboolean is_gray = babl_get_name (format)[0] == 'Y';
  g_autoptr (GeglBuffer) picture = new_picture (&rect, format);
  g_autoptr (GeglBuffer) target = NULL;
  g_autoptr (GeglBuffer) wanted = NULL;
  g_auto (Graph) graph = new_graph (picture, names[0], 0.8);
  const Babl *result;
  GeglNode *sink = gegl_node_new_child (
      graph.graph, "operation", "gegl:buffer-sink", "buffer", &target, NULL);

  gegl_node_link (graph.filter, sink);
  gegl_node_process (sink);
  result = gegl_buffer_get_format (target);
  g_test_message ("%s gives %s", babl_get_name (format),
                  babl_get_name (result));

  g_assert_cmpint (babl_format_get_n_components (result), ==,
                   babl_format_get_n_components (format));
  g_assert_true (babl_format_get_space (result)
                 == babl_format_get_space (format));
  if (is_gray)
    g_assert_cmpint (babl_format_get_n_components (result), <=, 2);
  wanted = run_engine (picture, 0, 0.8, result);
  g_assert_cmpfloat (difference (target, wanted, &rect), <=, 1e-4);
  check_alpha (picture, target, &rect);
}

static void
test_formats (gconstpointer data)
{
  void (*check) (const Babl *) = (void (*) (const Babl *))data;

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      check (babl_format (formats[i]));
      check (babl_format_with_space (formats[i], wide_space ()));
    }
}

/* -------------------------------------------------------------- errors -- */

static gint n_messages;
static gchar *last_message;

static void
note_message (const gchar *domain,
              GLogLevelFlags level,
              const gchar *message,
              gpointer data)
{
  n_messages++;
  g_free (last_message);
  last_message = g_strdup (message);
}

/* The picture stays as it is, and one message tells why. */
static void
check_failure (const Babl *format, const gchar *reason)
{
  const gsize bytes = (gsize)extent.width * extent.height
                      * babl_format_get_bytes_per_pixel (format);
  g_autoptr (GeglBuffer) picture = new_picture (&extent, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&extent, format);
  g_autofree guint8 *before = get_raw (picture, &extent, format);
  g_autofree guint8 *after = NULL;
  const guint handler =
      g_log_set_handler ("GEGL", G_LOG_LEVEL_MESSAGE, note_message, NULL);

  n_messages = 0;
  for (gint i = 0; i < 2; i++)
    {
      g_auto (Graph) graph = new_graph (picture, names[0], 0.5);

      render_in_pieces (&graph, &extent, 200, 200, target);
    }
  g_log_remove_handler ("GEGL", handler);
  after = get_raw (target, &extent, format);
  g_assert_cmpmem (after, bytes, before, bytes);
  g_assert_cmpint (n_messages, ==, 1);
  g_test_message ("%s", last_message);
  g_assert_nonnull (strstr (last_message, "Denoise"));
  g_assert_nonnull (strstr (last_message, reason));
}

/* Runs in a process of its own, where no network was opened yet. */
static void
test_no_network (void)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv ("PENTIMENTO_DATA", "no-such-folder", TRUE);
  check_failure (babl_format ("R'G'B'A u16"),
                 "no-such-folder/nets/restore-1x.onnx");
}

/* The same, with the first bytes of the network only. */
static void
test_damaged_network (void)
{
  g_autofree gchar *shipped = g_build_filename (
      g_getenv ("PENTIMENTO_DATA"), "nets", "restore-1x.onnx", NULL);
  g_autofree gchar *folder = NULL;
  g_autofree gchar *nets = NULL;
  g_autofree gchar *damaged = NULL;
  g_autofree gchar *data = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  folder = g_dir_make_tmp ("pentimento-XXXXXX", NULL);
  nets = g_build_filename (folder, "nets", NULL);
  damaged = g_build_filename (nets, "restore-1x.onnx", NULL);
  g_assert_true (g_file_get_contents (shipped, &data, NULL, NULL));
  g_assert_cmpint (g_mkdir (nets, 0700), ==, 0);
  g_assert_true (g_file_set_contents (damaged, data, 1000, NULL));
  g_setenv ("PENTIMENTO_DATA", folder, TRUE);
  check_failure (babl_format ("R'G'B'A float"), "restore-1x.onnx");
  g_remove (damaged);
  g_rmdir (nets);
  g_rmdir (folder);
}

/* A run that fails; and then one that works, in the same process. */
static void
test_failed_run (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  g_autoptr (GeglBuffer) picture = new_picture (&extent, format);
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&extent, format);
  g_autoptr (GeglBuffer) cmyk =
      new_picture (&extent, babl_format ("CMYK float"));
  g_auto (Graph) graph = new_graph (cmyk, names[0], 0.5);

  check_failure (babl_format ("CMYK float"), "CMYK");

  render (&graph, &extent, target);
  gegl_node_set (graph.source, "buffer", picture, NULL);
  render (&graph, &extent, target);
  g_assert_cmpfloat (difference (target, picture, &extent), >, 1e-3);
}

/* Programs that show a picture small may ask for a coarse result. */
static void
test_coarse (void)
{
  const Babl *format = babl_format ("R'G'B' float");
  const GeglRectangle whole = { 0, 0, 512, 384 };
  const GeglRectangle quarter = { 0, 0, 128, 96 };
  const gsize bytes =
      (gsize)quarter.width * quarter.height * 3 * sizeof (gfloat);
  g_autoptr (GeglBuffer) picture = new_picture (&whole, format);
  g_autoptr (GeglBuffer) wanted = run_engine (picture, 0, 1.0, format);
  g_auto (Graph) graph = new_graph (picture, names[0], 1.0);
  g_autofree gfloat *small = g_malloc (bytes);
  g_autofree gfloat *wanted_small = g_malloc (bytes);
  gdouble sum = 0.0;

  g_object_set (gegl_config (), "mipmap-rendering", TRUE, NULL);
  gegl_node_blit (graph.filter, 0.25, &quarter, format, small,
                  GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  g_object_set (gegl_config (), "mipmap-rendering", FALSE, NULL);
  gegl_buffer_get (wanted, &quarter, 0.25, format, wanted_small,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < bytes / sizeof (gfloat); i++)
    sum += fabs ((gdouble)small[i] - wanted_small[i]);
  g_assert_cmpfloat (sum / (bytes / sizeof (gfloat)), <, 1e-3);
}

int
main (int argc, char **argv)
{
  gint result;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_log_set_handler ("Pentimento", G_LOG_LEVEL_DEBUG, count_run, NULL);

  /* The first one: later ones load ONNX Runtime. */
  g_test_add_func ("/filters/listing-loads-nothing",
                   test_listing_loads_nothing);
  g_test_add_func ("/filters/no-network", test_no_network);
  g_test_add_func ("/filters/damaged-network", test_damaged_network);
  g_test_add_func ("/filters/failed-run", test_failed_run);
  g_test_add_func ("/filters/coarse", test_coarse);
  g_test_add_data_func ("/filters/same-as-engine/denoise", GINT_TO_POINTER (0),
                        test_same_as_engine);
  g_test_add_data_func ("/filters/same-as-engine/sharpen", GINT_TO_POINTER (1),
                        test_same_as_engine);
  g_test_add_data_func ("/filters/same-as-engine/fix-compression",
                        GINT_TO_POINTER (2), test_same_as_engine);
  g_test_add_func ("/filters/random-pieces", test_random_pieces);
  g_test_add_func ("/filters/known-parts", test_known_parts);
  g_test_add_func ("/filters/changed-input", test_changed_input);
  g_test_add_func ("/filters/other-input", test_other_input);
  g_test_add_func ("/filters/crop", test_crop);
  g_test_add_func ("/filters/chain", test_chain);
  g_test_add_func ("/filters/tiny", test_tiny);
  g_test_add_data_func ("/filters/identity", (gconstpointer)check_identity,
                        test_formats);
  g_test_add_data_func ("/filters/formats", (gconstpointer)check_format,
                        test_formats);
  result = g_test_run ();
  gegl_exit ();
  g_free (last_message);
  return result;
}

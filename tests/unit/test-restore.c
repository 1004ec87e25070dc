/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-restore.c: enhance and upscale as the engine runs them. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "restore/probe-cache.h"
#include "image/reduce.h"
#include "tiny-net.h"

/* ------------------------------------------------------------- fixtures -- */

/* An engine with a user's folder that has a few networks. */
/* Those of services are not of this backend. */
static GPtrArray *
list_local (PmtEngine *engine, gint operation)
{
  GPtrArray *models = pmt_engine_list_models (engine, operation);

  for (guint i = models->len; i > 0; i--)
    if (pmt_model_is_remote (models->pdata[i - 1]))
      g_ptr_array_remove_index (models, i - 1);
  return models;
}

typedef struct
{
  gchar *home;
  gchar *upscalers;
  PmtEngine *engine;
} Fixture;

static PmtEngine *
engine_new (const gchar *home, guint64 memory)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  PmtEngine *engine;

  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = home;
  options.threads = 2;
  options.memory = memory;
  engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
  return engine;
}

static void
add_net (Fixture *fixture, const gchar *name, const TinyNet *tiny)
{
  g_autofree gchar *path = g_build_filename (fixture->upscalers, name, NULL);
  g_autoptr (GBytes) bytes = tiny_net_bytes (tiny);
  gsize size;
  const gchar *data = g_bytes_get_data (bytes, &size);

  g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
}

static void
add_text (Fixture *fixture, const gchar *name, const gchar *text)
{
  g_autofree gchar *path = g_build_filename (fixture->upscalers, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  TinyNet tiny = TINY_NET_INIT;

  fixture->home = g_dir_make_tmp ("pentimento-test-XXXXXX", NULL);
  fixture->upscalers =
      g_build_filename (fixture->home, "models", "upscalers", NULL);
  g_assert_cmpint (g_mkdir_with_parents (fixture->upscalers, 0700), ==, 0);
  tiny.scale = 4;
  add_net (fixture, "Four Times.onnx", &tiny);
  tiny.scale = 1;
  add_net (fixture, "blur.onnx", &tiny);
  fixture->engine = engine_new (fixture->home, 0);
}

static void
remove_tree (const gchar *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  pmt_engine_unref (fixture->engine);
  remove_tree (fixture->home);
  g_free (fixture->upscalers);
  g_free (fixture->home);
}

/* A ramp to the right and downwards, inside 0.1..0.9. */
static gfloat
ramp_at (gdouble x, gdouble y)
{
  return (gfloat)(0.1 + 0.005 * x + 0.002 * y);
}

static GeglBuffer *
ramp_new (const GeglRectangle *extent, const gchar *format)
{
  GeglBuffer *buffer = gegl_buffer_new (extent, babl_format (format));

  for (gint y = extent->y; y < extent->y + extent->height; y++)
    for (gint x = extent->x; x < extent->x + extent->width; x++)
      {
        const gfloat value = ramp_at (x, y);
        const gfloat pixel[] = { value, value, value };

        gegl_buffer_set (buffer, GEGL_RECTANGLE (x, y, 1, 1), 0,
                         babl_format ("R'G'B' float"), pixel,
                         GEGL_AUTO_ROWSTRIDE);
      }
  return buffer;
}

static PmtRequest *
request_new (PmtOperation operation,
             const GeglRectangle *canvas,
             const GeglRectangle *layer,
             const gchar *format)
{
  g_autoptr (GeglBuffer) source = ramp_new (layer, format);
  PmtRequest *request = pmt_request_new (operation);

  pmt_request_set_canvas (request, canvas);
  pmt_request_set_source (request, source, layer);
  return request;
}

static PmtRequest *
upscale_new (gint width, gint height)
{
  const GeglRectangle canvas = { 0, 0, width, height };

  return request_new (PMT_OPERATION_UPSCALE, &canvas, &canvas, "R'G'B' u16");
}

static PmtResult *
run (Fixture *fixture, const PmtRequest *request)
{
  g_autoptr (GError) error = NULL;
  PmtResult *result =
      pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return result;
}

static void
assert_fails (Fixture *fixture,
              const PmtRequest *request,
              PmtError code,
              const gchar *text)
{
  g_autoptr (GError) error = NULL;
  PmtResult *result =
      pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);

  g_assert_null (result);
  g_assert_error (error, PMT_ERROR, (gint)code);
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, error->message);
}

static void
assert_rect (const GeglRectangle *rect, gint x, gint y, gint width, gint height)
{
  g_assert_cmpint (rect->x, ==, x);
  g_assert_cmpint (rect->y, ==, y);
  g_assert_cmpint (rect->width, ==, width);
  g_assert_cmpint (rect->height, ==, height);
}

static gfloat
value_at (GeglBuffer *buffer, gint x, gint y)
{
  gfloat pixel[4];

  gegl_buffer_get (buffer, GEGL_RECTANGLE (x, y, 1, 1), 1.0,
                   babl_format ("R'G'B'A float"), pixel, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  g_assert_cmpfloat_with_epsilon (pixel[3], 1.0, 1e-4);
  return pixel[0];
}

/* Every pixel shows what was at its place, (x - left) / factor. */
static void
assert_ramp (GeglBuffer *picture,
             gdouble left,
             gdouble top,
             gdouble factor_x,
             gdouble factor_y,
             gdouble limit)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);

  for (gint y = extent->y + 9; y < extent->y + extent->height - 9; y += 7)
    for (gint x = extent->x + 9; x < extent->x + extent->width - 9; x += 5)
      {
        const gdouble at_x = (x - left + 0.5) / factor_x - 0.5;
        const gdouble at_y = (y - top + 0.5) / factor_y - 0.5;

        g_assert_cmpfloat_with_epsilon (value_at (picture, x, y),
                                        ramp_at (at_x, at_y), limit);
      }
}

/* ---------------------------------------------------------------- sizes -- */

static void
test_factors (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gdouble factor;
    gint width;
    gint height;
  } cases[] = { { 1.0, 41, 30 },  { 1.5, 62, 45 },  { 2.0, 82, 60 },
                { 2.7, 111, 81 }, { 3.0, 123, 90 }, { 3.3, 135, 99 },
                { 4.0, 164, 120 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtRequest) request = upscale_new (41, 30);
      g_autoptr (PmtResult) result = NULL;
      const gint width = cases[i].width;
      const gint height = cases[i].height;
      GeglRectangle canvas;
      GeglBuffer *picture;

      pmt_params_set_number (pmt_request_params (request), "factor",
                             cases[i].factor);
      result = run (fixture, request);
      picture = pmt_result_get_picture (result, 0);
      pmt_result_get_canvas (result, &canvas);
      assert_rect (&canvas, 0, 0, width, height);
      assert_rect (gegl_buffer_get_extent (picture), 0, 0, width, height);
      g_assert_null (pmt_result_get_mask (result, 0));
      g_assert_true (gegl_buffer_get_format (picture)
                     == babl_format ("R'G'B' u16"));
      /* Whatever the shipped networks have learned, a ramp stays one. */
      assert_ramp (picture, 0, 0, width / 41.0, height / 30.0, 0.12);
    }
}

/* With a network that is known to the last digit: nothing is shifted. */
static void
test_place (Fixture *fixture, gconstpointer data)
{
  static const gdouble factors[] = { 4.0, 2.7, 1.5, 2.0 };

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      const GeglRectangle canvas = { 0, 0, 100, 80 };
      const GeglRectangle layer = { 7, 5, 60, 50 };
      g_autoptr (PmtRequest) request =
          request_new (PMT_OPERATION_UPSCALE, &canvas, &layer, "R'G'B'A float");
      g_autoptr (PmtResult) result = NULL;
      GeglBuffer *picture;

      pmt_request_set_model (request, "upscaler-four-times");
      pmt_params_set_number (pmt_request_params (request), "factor",
                             factors[i]);
      result = run (fixture, request);
      picture = pmt_result_get_picture (result, 0);
      g_assert_cmpint (gegl_buffer_get_x (picture), ==,
                       (gint)floor (7 * factors[i] + 0.5));
      /* Four equal pixels make steps of the ramp. */
      assert_ramp (picture, 0, 0, factors[i], factors[i], 0.0045);
    }
}

/* White stays white up to the border, opaque stays opaque to the last bit,
 * and black below what is transparent makes no halo. */
static void
test_reduce (Fixture *fixture, gconstpointer data)
{
  static const gdouble factors[] = { 1.0, 0.9, 0.51, 0.07 };

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      const GeglRectangle from = { -20, 8, 90, 31 };
      const PmtResize resize = { factors[i], factors[i], -20, 8, 3, 4 };
      const GeglRectangle to = { 3, 4, (gint)(90 * factors[i] + 0.5),
                                 (gint)(31 * factors[i] + 0.5) };
      const Babl *format = babl_format ("R'G'B'A float");
      g_autoptr (GeglBuffer) source = gegl_buffer_new (&from, format);
      g_autoptr (GeglBuffer) target = gegl_buffer_new (&to, format);
      GeglColor *white = gegl_color_new ("white");
      g_autoptr (GError) error = NULL;

      gegl_buffer_set_color (source, GEGL_RECTANGLE (25, 8, 45, 31), white);
      g_object_unref (white);
      g_assert_true (pmt_reduce (&resize, source, target, NULL, NULL, &error));
      for (gint x = 0; x < to.width; x++)
        {
          const GeglRectangle at = { to.x + x, to.y + to.height - 1, 1, 1 };
          gfloat pixel[4];

          gegl_buffer_get (target, &at, 1.0, format, pixel, GEGL_AUTO_ROWSTRIDE,
                           GEGL_ABYSS_NONE);
          if (pixel[3] > 0.01f)
            g_assert_cmpfloat_with_epsilon (pixel[1], 1.0, 1e-3);
          if ((x - 3.5) / factors[i] > 45.0)
            g_assert_true (pixel[3] == 1.0f);
          if ((x + 4.5) / factors[i] < 45.0)
            g_assert_cmpfloat_with_epsilon (pixel[3], 0.0, 1e-4);
        }
    }
}

static void
set_size (PmtRequest *request, gint width, gint height, gboolean is_cropped)
{
  PmtParams *params = pmt_request_params (request);

  pmt_params_set_int (params, "width", width);
  pmt_params_set_int (params, "height", height);
  if (is_cropped)
    pmt_params_set_bool (params, "crop-to-fill", TRUE);
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gint asked[2];
    gboolean is_cropped;
    gint made[2];
    gboolean is_noted;
  } cases[] = {
    { { 120, 0 }, FALSE, { 120, 90 }, FALSE },
    { { 0, 60 }, FALSE, { 80, 60 }, FALSE },
    { { 80, 60 }, FALSE, { 80, 60 }, FALSE },
    { { 100, 60 }, FALSE, { 80, 60 }, TRUE },
    { { 100, 60 }, TRUE, { 100, 60 }, FALSE },
    { { 60, 60 }, TRUE, { 60, 60 }, FALSE },
    { { 160, 31 }, TRUE, { 160, 31 }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtRequest) request = upscale_new (40, 30);
      g_autoptr (PmtResult) result = NULL;
      const gint width = cases[i].made[0];
      const gint height = cases[i].made[1];
      gdouble factor;
      GeglRectangle canvas;

      pmt_request_set_model (request, "upscaler-four-times");
      set_size (request, cases[i].asked[0], cases[i].asked[1],
                cases[i].is_cropped);
      result = run (fixture, request);
      pmt_result_get_canvas (result, &canvas);
      assert_rect (&canvas, 0, 0, width, height);
      assert_rect (gegl_buffer_get_extent (pmt_result_get_picture (result, 0)),
                   0, 0, width, height);
      g_assert_cmpint (pmt_result_get_notes (result)[0] != NULL, ==,
                       cases[i].is_noted);
      /* The middle is what is kept. */
      factor = MAX (width / 40.0, height / 30.0);
      assert_ramp (pmt_result_get_picture (result, 0),
                   (width - 40 * factor) / 2, (height - 30 * factor) / 2,
                   factor, factor, 0.006);
    }
}

static void
test_bad_sizes (Fixture *fixture, gconstpointer data)
{
  const GeglRectangle large = { 0, 0, 300000, 10 };
  g_autoptr (PmtRequest) request = upscale_new (40, 30);
  g_autoptr (GPtrArray) problems = NULL;
  PmtParams *params = pmt_request_params (request);

  set_size (request, 20, 0, FALSE);
  assert_fails (fixture, request, PMT_ERROR_ARGUMENT, "20 × 15");
  set_size (request, 400, 0, FALSE);
  assert_fails (fixture, request, PMT_ERROR_ARGUMENT, "1 to 4 times");
  pmt_params_set_number (params, "factor", 3.0);
  assert_fails (fixture, request, PMT_ERROR_ARGUMENT, "factor");
  pmt_params_unset (params, "width");
  pmt_params_unset (params, "height");
  pmt_params_set_number (params, "factor", 4.5);
  assert_fails (fixture, request, PMT_ERROR_ARGUMENT, "4.5");
  pmt_params_set_number (params, "factor", 2.0);
  pmt_params_set_bool (params, "crop-to-fill", TRUE);
  assert_fails (fixture, request, PMT_ERROR_ARGUMENT, "crop-to-fill");

  pmt_params_unset (params, "crop-to-fill");
  pmt_request_set_canvas (request, &large);
  pmt_request_set_source (request, NULL, &large);
  problems = pmt_engine_validate (fixture->engine, request);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_nonnull (
      strstr (((PmtProblem *)problems->pdata[0])->message, "524288"));
}

/* What a model can't do is an error that names both. */
static void
test_applicability (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *model;
    const gchar *name;
  } cases[] = {
    { "upscale-standard", "strength" },
    { "upscale-cgi", "fix-compression" },
    { "upscale-cgi", "strength" },
    { "upscale-text-refine", "detail" },
    { "upscale-high-fidelity", "strength" },
    { "upscaler-four-times", "denoise" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtRequest) request = upscale_new (10, 10);

      pmt_request_set_model (request, cases[i].model);
      pmt_params_set_number (pmt_request_params (request), cases[i].name, 0.5);
      assert_fails (fixture, request, PMT_ERROR_ARGUMENT, cases[i].model);
      assert_fails (fixture, request, PMT_ERROR_ARGUMENT, cases[i].name);
    }
}

static void
test_all_models (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) models =
      list_local (fixture->engine, PMT_OPERATION_UPSCALE);

  g_assert_cmpuint (models->len, ==, 6);
  g_assert_cmpstr (pmt_model_get_id (models->pdata[0]), ==, "upscale-standard");
  for (guint i = 0; i < models->len; i++)
    {
      g_autoptr (PmtRequest) request = upscale_new (20, 15);
      g_autoptr (PmtResult) result = NULL;

      pmt_request_set_model (request, pmt_model_get_id (models->pdata[i]));
      pmt_params_set_number (pmt_request_params (request), "factor", 3.0);
      if (pmt_model_find_param (models->pdata[i], "fix-compression"))
        pmt_params_set_number (pmt_request_params (request), "fix-compression",
                               0.5);
      result = run (fixture, request);
      assert_rect (gegl_buffer_get_extent (pmt_result_get_picture (result, 0)),
                   0, 0, 60, 45);
    }
}

/* --------------------------------------------------------------- target -- */

static void
test_target_layer (Fixture *fixture, gconstpointer data)
{
  const GeglRectangle canvas = { 0, 0, 100, 80 };
  const GeglRectangle layer = { 20, 10, 41, 33 };
  g_autoptr (PmtRequest) request =
      request_new (PMT_OPERATION_UPSCALE, &canvas, &layer, "R'G'B' u8");
  g_autoptr (PmtResult) result = NULL;
  GeglRectangle made;

  pmt_params_set_string (pmt_request_params (request), "target", "layer");
  pmt_params_set_number (pmt_request_params (request), "factor", 1.5);
  result = run (fixture, request);
  pmt_result_get_canvas (result, &made);
  g_assert_true (gegl_rectangle_equal (&made, &canvas));
  assert_rect (gegl_buffer_get_extent (pmt_result_get_picture (result, 0)), 20,
               10, 62, 50);
}

/* A layer that crops away. */
static void
test_layer_outside (Fixture *fixture, gconstpointer data)
{
  const GeglRectangle canvas = { 0, 0, 100, 100 };
  const GeglRectangle layer = { 0, 0, 100, 10 };
  g_autoptr (PmtRequest) request =
      request_new (PMT_OPERATION_UPSCALE, &canvas, &layer, "R'G'B' u8");

  set_size (request, 200, 100, TRUE);
  assert_fails (fixture, request, PMT_ERROR_INPUT, "Nothing of the layer");
}

/* ------------------------------------------------------------ selection -- */

static GeglBuffer *
mask_new (const GeglRectangle *canvas, const GeglRectangle *selected)
{
  GeglBuffer *mask = gegl_buffer_new (canvas, babl_format ("Y u8"));
  GeglColor *white = gegl_color_new ("white");

  gegl_buffer_set_color (mask, selected, white);
  g_object_unref (white);
  return mask;
}

static gfloat
coverage_at (GeglBuffer *mask, gint x, gint y)
{
  gfloat value;

  gegl_buffer_get (mask, GEGL_RECTANGLE (x, y, 1, 1), 1.0,
                   babl_format ("Y float"), &value, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return value;
}

static PmtRequest *
selected_new (PmtOperation operation, gboolean is_cut, Fixture *fixture)
{
  const GeglRectangle canvas = { 0, 0, 640, 400 };
  const GeglRectangle selected = { 300, 180, 40, 30 };
  g_autoptr (GeglBuffer) mask = mask_new (&canvas, &selected);
  PmtRequest *request =
      request_new (operation, &canvas, &canvas, "R'G'B'A float");

  pmt_request_set_mask (request, mask);
  pmt_params_set_number (pmt_request_params (request), "feather", 10.0);
  if (is_cut)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GeglBuffer) part = NULL;
      GeglRectangle region;

      g_assert_true (
          pmt_engine_get_region (fixture->engine, request, &region, &error));
      g_assert_cmpint (region.width, <, 600);
      part = gegl_buffer_new (&region, babl_format ("R'G'B'A float"));
      gegl_buffer_copy (pmt_request_get_source (request), &region,
                        GEGL_ABYSS_NONE, part, &region);
      pmt_request_set_source (request, part, &canvas);
    }
  return request;
}

static void
assert_same (GeglBuffer *a, GeglBuffer *b, gdouble limit)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (a);

  for (gint y = extent->y; y < extent->y + extent->height; y += 3)
    for (gint x = extent->x; x < extent->x + extent->width; x += 3)
      g_assert_cmpfloat_with_epsilon (value_at (a, x, y), value_at (b, x, y),
                                      limit);
}

/* A part is what it is in the whole, also from no more than it reads. */
static void
test_selection (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    PmtOperation operation;
    const gchar *model;
    gint factor;
  } cases[] = {
    { PMT_OPERATION_ENHANCE, "restore", 1 },
    { PMT_OPERATION_ENHANCE, "upscaler-blur", 1 },
    { PMT_OPERATION_UPSCALE, "upscale-standard", 2 },
    { PMT_OPERATION_UPSCALE, "upscaler-four-times", 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const gint s = cases[i].factor;
      g_autoptr (PmtRequest) part =
          selected_new (cases[i].operation, TRUE, fixture);
      g_autoptr (PmtRequest) whole =
          selected_new (cases[i].operation, FALSE, fixture);
      g_autoptr (PmtResult) part_made = NULL;
      g_autoptr (PmtResult) whole_made = NULL;
      GeglBuffer *picture, *mask;
      GeglRectangle canvas;

      pmt_request_set_model (part, cases[i].model);
      pmt_request_set_model (whole, cases[i].model);
      pmt_request_set_mask (whole, NULL);
      if (s > 1)
        {
          pmt_params_set_number (pmt_request_params (part), "factor", s);
          pmt_params_set_number (pmt_request_params (whole), "factor", s);
        }
      part_made = run (fixture, part);
      whole_made = run (fixture, whole);
      picture = pmt_result_get_picture (part_made, 0);
      mask = pmt_result_get_mask (part_made, 0);
      g_assert_cmpint (gegl_buffer_get_width (picture), <, 250 * s);
      g_assert_true (gegl_rectangle_equal (gegl_buffer_get_extent (picture),
                                           gegl_buffer_get_extent (mask)));
      g_assert_cmpfloat_with_epsilon (coverage_at (mask, 320 * s, 195 * s), 1.0,
                                      1e-4);
      g_assert_cmpfloat (coverage_at (mask, gegl_buffer_get_x (mask),
                                      gegl_buffer_get_y (mask)),
                         <, 1e-3);
      assert_same (picture, pmt_result_get_picture (whole_made, 0), 1e-3);
      pmt_result_get_canvas (part_made, &canvas);
      assert_rect (&canvas, 0, 0, 640 * s, 400 * s);
    }
}

static void
test_selection_layer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      selected_new (PMT_OPERATION_UPSCALE, FALSE, fixture);
  g_autoptr (PmtResult) result = NULL;
  const GeglRectangle *extent;
  GeglRectangle canvas;

  pmt_params_set_string (pmt_request_params (request), "target", "layer");
  pmt_params_set_number (pmt_request_params (request), "factor", 1.5);
  result = run (fixture, request);
  extent = gegl_buffer_get_extent (pmt_result_get_picture (result, 0));
  pmt_result_get_canvas (result, &canvas);
  assert_rect (&canvas, 0, 0, 640, 400);
  g_assert_true (gegl_rectangle_equal (
      extent, gegl_buffer_get_extent (pmt_result_get_mask (result, 0))));
  g_assert_cmpint (extent->x, <, 300);
  g_assert_cmpint (extent->x, >, 200);
}

/* -------------------------------------------------------------- enhance -- */

static void
test_enhance_nothing (Fixture *fixture, gconstpointer data)
{
  static const gchar *const sets[][2] = { { "denoise", "sharpen" },
                                          { "strength", "strength" } };

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      const GeglRectangle canvas = { 0, 0, 50, 40 };
      g_autoptr (PmtRequest) request =
          request_new (PMT_OPERATION_ENHANCE, &canvas, &canvas, "R'G'B' u16");
      g_autoptr (PmtResult) result = NULL;
      guint16 a[50 * 40 * 3], b[50 * 40 * 3];

      for (gint k = 0; k < 2; k++)
        pmt_params_set_number (pmt_request_params (request), sets[i][k], 0.0);
      result = run (fixture, request);
      gegl_buffer_get (pmt_request_get_source (request), &canvas, 1.0, NULL, a,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      gegl_buffer_get (pmt_result_get_picture (result, 0), &canvas, 1.0, NULL,
                       b, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      g_assert_cmpmem (a, sizeof a, b, sizeof b);
    }
}

static void
test_estimate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = upscale_new (40, 30);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtEngine) poor = engine_new (NULL, 1000);
  PmtEstimate estimate;

  g_assert_true (
      pmt_engine_estimate (fixture->engine, request, &estimate, &error));
  g_assert_cmpint (estimate.width, ==, 80);
  g_assert_cmpint (estimate.height, ==, 60);
  g_assert_cmpuint (estimate.n_items, ==, 1);
  g_assert_cmpfloat (estimate.seconds, >, 0.0);
  g_assert_cmpfloat (estimate.seconds, <, 60.0);
  g_assert_cmpuint (estimate.bytes, >, 80 * 60 * 6);
  assert_rect (&estimate.region, 0, 0, 40, 30);

  g_assert_null (pmt_engine_run (poor, request, NULL, NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MEMORY);
}

/* ------------------------------------------------------- user's networks -- */

static const PmtProblem *
find_problem (PmtEngine *engine, const gchar *name)
{
  GPtrArray *problems = pmt_engine_list_problems (engine);

  for (guint i = 0; i < problems->len; i++)
    if (strstr (((PmtProblem *)problems->pdata[i])->name, name) != NULL)
      return problems->pdata[i];
  return NULL;
}

static void
test_user_nets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtEngine) engine = NULL;
  g_autofree gchar *folder =
      g_build_filename (fixture->upscalers, "folder.onnx", NULL);
  const PmtModel *model;

  model = pmt_engine_find_model (fixture->engine, "upscaler-four-times");
  g_assert_nonnull (model);
  g_assert_cmpstr (pmt_model_get_name (model), ==, "Four Times.onnx (4x)");
  g_assert_true (pmt_model_supports (model, PMT_OPERATION_UPSCALE));
  g_assert_false (pmt_model_supports (model, PMT_OPERATION_ENHANCE));
  model = pmt_engine_find_model (fixture->engine, "upscaler-blur");
  g_assert_true (pmt_model_supports (model, PMT_OPERATION_ENHANCE));
  g_assert_cmpuint (pmt_engine_list_problems (fixture->engine)->len, ==, 0);

  add_text (fixture, "junk.onnx", "no network at all");
  add_text (fixture, "empty.onnx", "");
  add_text (fixture, "notes.txt", "not looked at");
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  engine = engine_new (fixture->home, 0);
  g_assert_cmpuint (pmt_engine_list_problems (engine)->len, ==, 3);
  g_assert_nonnull (find_problem (engine, "junk.onnx"));
  g_assert_nonnull (find_problem (engine, "empty.onnx"));
  g_assert_nonnull (find_problem (engine, "folder.onnx"));
  g_assert_nonnull (pmt_engine_find_model (engine, "upscaler-four-times"));
}

/* Names that a terminal or a script would trip over. */
static void
test_user_names (Fixture *fixture, gconstpointer data)
{
  static const gchar *const names[] = {
    "two.onnx",          "TWO.onnx",      "---.onnx",
    "a\nb\x1b[31m.onnx", "\xff\xfe.onnx", "naïve “4x”.onnx",
  };
  g_autofree gchar *long_name = g_strnfill (200, 'x');
  g_autofree gchar *long_file = g_strconcat (long_name, ".onnx", NULL);
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (PmtEngine) engine = NULL;
  TinyNet tiny = TINY_NET_INIT;

  tiny.scale = 2;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    add_net (fixture, names[i], &tiny);
  add_net (fixture, long_file, &tiny);
  add_text (fixture, "bad\x1b[2J.onnx", "junk");
  engine = engine_new (fixture->home, 0);
  models = list_local (engine, PMT_OPERATION_UPSCALE);
  g_assert_cmpuint (models->len, ==, 5 + 1 + G_N_ELEMENTS (names) + 1);
  for (guint i = 0; i < models->len; i++)
    {
      const gchar *id = pmt_model_get_id (models->pdata[i]);
      const gchar *name = pmt_model_get_name (models->pdata[i]);

      g_assert_true (
          g_regex_match_simple ("^[a-z0-9][a-z0-9._-]{0,63}$", id, 0, 0));
      g_assert_true (g_utf8_validate (name, -1, NULL));
      g_assert_null (strpbrk (name, "\n\x1b"));
      g_assert_true (pmt_engine_find_model (engine, id) == models->pdata[i]);
    }
  g_assert_nonnull (find_problem (engine, "bad?[2J.onnx"));
  g_assert_null (
      strchr (find_problem (engine, "bad?[2J.onnx")->message, '\x1b'));
}

/* What was found is not looked for again, but for a file that changed. */
static void
test_cache (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *path =
      g_build_filename (fixture->home, "cache", "probes.json", NULL);
  g_autoptr (GPtrArray) probes = pmt_probe_cache_read (path);
  g_autoptr (PmtEngine) cached = NULL;
  g_autoptr (PmtEngine) again = NULL;
  g_autoptr (PmtEngine) damaged = NULL;
  TinyNet tiny = TINY_NET_INIT;

  g_assert_cmpuint (probes->len, ==, 2);
  for (guint i = 0; i < probes->len; i++)
    ((PmtProbe *)probes->pdata[i])->info.scale = 3;
  pmt_probe_cache_write (path, probes);
  cached = engine_new (fixture->home, 0);
  g_assert_cmpstr (pmt_model_get_name (
                       pmt_engine_find_model (cached, "upscaler-four-times")),
                   ==, "Four Times.onnx (3x)");

  tiny.scale = 2;
  add_net (fixture, "Four Times.onnx", &tiny);
  again = engine_new (fixture->home, 0);
  g_assert_cmpstr (
      pmt_model_get_name (pmt_engine_find_model (again, "upscaler-four-times")),
      ==, "Four Times.onnx (2x)");

  g_assert_true (g_file_set_contents (
      path, "{\"version\":1,\"files\":[{\"name\":1},7,null,", -1, NULL));
  damaged = engine_new (fixture->home, 0);
  g_assert_cmpstr (
      pmt_model_get_name (pmt_engine_find_model (damaged, "upscaler-blur")), ==,
      "blur.onnx (1x)");
}

/* A cache that lies about a file is found out before it does harm. */
static void
test_lying_cache (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *path =
      g_build_filename (fixture->home, "cache", "probes.json", NULL);
  g_autoptr (GPtrArray) probes = pmt_probe_cache_read (path);

  for (guint i = 0; i < probes->len; i++)
    {
      PmtNetInfo *info = &((PmtProbe *)probes->pdata[i])->info;

      if (info->scale == 4)
        info->scale = 2;
    }
  pmt_probe_cache_write (path, probes);
  pmt_engine_unref (fixture->engine);
  fixture->engine = engine_new (fixture->home, 0);
  {
    g_autoptr (PmtRequest) request = upscale_new (20, 20);

    pmt_request_set_model (request, "upscaler-four-times");
    assert_fails (fixture, request, PMT_ERROR_MODEL, "shape");
  }
}

static void
test_by_file (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *path =
      g_build_filename (fixture->upscalers, "Four Times.onnx", NULL);
  g_autofree gchar *none = g_build_filename (fixture->home, "no.onnx", NULL);
  g_autoptr (PmtRequest) request = upscale_new (20, 10);
  g_autoptr (PmtResult) result = NULL;

  pmt_request_set_model (request, path);
  pmt_params_set_number (pmt_request_params (request), "factor", 4.0);
  result = run (fixture, request);
  assert_rect (gegl_buffer_get_extent (pmt_result_get_picture (result, 0)), 0,
               0, 80, 40);
  g_assert_true (pmt_engine_find_model (fixture->engine, path)
                 == pmt_engine_find_model (fixture->engine, path));
  pmt_request_set_model (request, none);
  assert_fails (fixture, request, PMT_ERROR_MODEL, "no.onnx");
}

static void
cancel (const gchar *stage,
        gdouble fraction,
        GeglBuffer *preview,
        gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = upscale_new (160, 150);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  pmt_params_set_number (pmt_request_params (request), "factor", 2.5);
  g_assert_null (pmt_engine_run (fixture->engine, request, cancel, cancellable,
                                 cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, func)                                                        \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

gint
main (gint argc, gchar **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  ADD ("/restore/factors", test_factors);
  ADD ("/restore/place", test_place);
  ADD ("/restore/reduce", test_reduce);
  ADD ("/restore/sizes", test_sizes);
  ADD ("/restore/bad-sizes", test_bad_sizes);
  ADD ("/restore/applicability", test_applicability);
  ADD ("/restore/all-models", test_all_models);
  ADD ("/restore/target-layer", test_target_layer);
  ADD ("/restore/layer-outside", test_layer_outside);
  ADD ("/restore/selection", test_selection);
  ADD ("/restore/selection-layer", test_selection_layer);
  ADD ("/restore/enhance-nothing", test_enhance_nothing);
  ADD ("/restore/estimate", test_estimate);
  ADD ("/restore/user-nets", test_user_nets);
  ADD ("/restore/user-names", test_user_names);
  ADD ("/restore/cache", test_cache);
  ADD ("/restore/lying-cache", test_lying_cache);
  ADD ("/restore/by-file", test_by_file);
  ADD ("/restore/cancel", test_cancel);
  status = g_test_run ();
  gegl_exit ();
  return status;
}

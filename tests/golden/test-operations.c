/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-operations.c: the operations with the small checkpoints: geometry,
 * masks, seeds, and what is refused. */
#include "golden.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "pentimento.h"

#define SIDE 96

typedef struct
{
  gchar *home;
  PmtEngine *engine;
} Fixture;

/* ------------------------------------------------------------------- home -- */

static void
link_into (const gchar *home, const gchar *folder, const gchar *from)
{
  g_autofree gchar *target = g_build_filename (home, "models", folder, NULL);
  g_autofree gchar *base = g_path_get_basename (from);
  g_autofree gchar *name = g_build_filename (target, base, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (name);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (target, 0700), ==, 0);
  g_file_make_symbolic_link (file, from, NULL, &error);
  g_assert_no_error (error);
}

/* Single files with what is beside them, the folders, LoRAs, the tokenizer. */
static void
fill_home (const gchar *home)
{
  static const gchar *const names[] = { "sd15_tiny",      "sd15_inpaint_tiny",
                                        "sd15_ip2p_tiny", "sd21_v_tiny",
                                        "sdxl_tiny",      NULL };
  g_autofree gchar *tokenizer = golden_path ("tokenizer");
  g_autofree gchar *folder = golden_path ("checkpoints/sd15_dir");
  g_autofree gchar *lora =
      golden_path ("checkpoints/lora/sd15_kohya.safetensors");
  g_autofree gchar *wrong =
      golden_path ("checkpoints/lora/sdxl_peft.safetensors");

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree gchar *file =
          golden_path ("checkpoints/%s.safetensors", names[i]);
      g_autofree gchar *config =
          golden_path ("checkpoints/%s.config.json", names[i]);

      link_into (home, "checkpoints", file);
      link_into (home, "checkpoints", config);
    }
  link_into (home, "checkpoints", folder);
  link_into (home, "tokenizers", tokenizer);
  link_into (home, "lora", lora);
  link_into (home, "lora", wrong);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  fixture->home = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_assert_no_error (error);
  fill_home (fixture->home);
  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = fixture->home;
  options.threads = 2;
  fixture->engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const gchar *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK)
                             ? NULL
                             : g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pmt_engine_unref (fixture->engine);
  remove_tree (fixture->home);
  g_free (fixture->home);
}

/* --------------------------------------------------------------- requests -- */

static GeglBuffer *
new_source (const gchar *format, gint width, gint height)
{
  GeglBuffer *buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height),
                                        babl_format (format));

  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        const gfloat pixel[4] = { (gfloat)x / (gfloat)width,
                                  (gfloat)y / (gfloat)height,
                                  (gfloat)((x / 8 + y / 8) % 2), 1.0f };

        gegl_buffer_set (buffer, GEGL_RECTANGLE (x, y, 1, 1), 0,
                         babl_format ("R'G'B'A float"), pixel,
                         GEGL_AUTO_ROWSTRIDE);
      }
  return buffer;
}

static GeglBuffer *
new_mask (const GeglRectangle *selected)
{
  GeglBuffer *mask = gegl_buffer_new (GEGL_RECTANGLE (0, 0, SIDE, SIDE),
                                      babl_format ("Y float"));
  GeglColor *white = gegl_color_new ("white");

  gegl_buffer_set_color (mask, selected, white);
  g_object_unref (white);
  return mask;
}

static PmtRequest *
new_request (PmtOperation operation,
             const gchar *model,
             const gchar *format,
             const GeglRectangle *selected)
{
  const GeglRectangle layer = { 0, 0, SIDE, SIDE };
  PmtRequest *request = pmt_request_new (operation);
  PmtParams *params = pmt_request_params (request);

  pmt_request_set_model (request, model);
  pmt_request_set_canvas (request, &layer);
  if (operation != PMT_OPERATION_GENERATE)
    {
      g_autoptr (GeglBuffer) source = new_source (format, SIDE, SIDE);

      pmt_request_set_source (request, source, &layer);
    }
  if (selected != NULL)
    {
      g_autoptr (GeglBuffer) mask = new_mask (selected);

      pmt_request_set_mask (request, mask);
    }
  pmt_params_set_string (params, "prompt", "a photo of a (red:1.2) cat");
  pmt_params_set_string (params, "negative-prompt", "blurry");
  pmt_params_set_int (params, "steps", 3);
  pmt_params_set_int (params, "seed", 12);
  pmt_params_set_int (params, "model-size", 64);
  return request;
}

static PmtResult *
run (Fixture *fixture, PmtRequest *request)
{
  g_autoptr (GError) error = NULL;
  PmtResult *result =
      pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return result;
}

static void
expect_error (Fixture *fixture, PmtRequest *request, const gchar *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtResult) result =
      pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);

  g_assert_null (result);
  g_assert_nonnull (error);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in: %s", part, error->message);
}

/* Bytes of a picture. */
static GBytes *
get_bytes (GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const Babl *format = gegl_buffer_get_format (buffer);
  const gsize size = (gsize)extent->width * extent->height
                     * babl_format_get_bytes_per_pixel (format);
  gpointer bytes = g_malloc (size);

  gegl_buffer_get (buffer, extent, 1.0, format, bytes, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return g_bytes_new_take (bytes, size);
}

static gboolean
same_pixels (PmtResult *a, guint i, PmtResult *b, guint j)
{
  g_autoptr (GBytes) one = get_bytes (pmt_result_get_picture (a, i));
  g_autoptr (GBytes) two = get_bytes (pmt_result_get_picture (b, j));

  return g_bytes_equal (one, two);
}

static void
assert_extent (PmtResult *result, guint i, gint x, gint y, gint w, gint h)
{
  const GeglRectangle *extent =
      gegl_buffer_get_extent (pmt_result_get_picture (result, i));

  g_assert_cmpint (extent->x, ==, x);
  g_assert_cmpint (extent->y, ==, y);
  g_assert_cmpint (extent->width, ==, w);
  g_assert_cmpint (extent->height, ==, h);
}

/* Outside the selection and its blend the composite keeps every bit. */
static void
assert_untouched (PmtRequest *request,
                  PmtResult *result,
                  const GeglRectangle *changed)
{
  GeglBuffer *source = pmt_request_get_source (request);
  g_autoptr (GeglBuffer) target = gegl_buffer_dup (source);
  const Babl *format = gegl_buffer_get_format (source);
  const gsize size = babl_format_get_bytes_per_pixel (format);
  g_autoptr (GBytes) before = get_bytes (source);
  g_autoptr (GBytes) after = NULL;
  const guint8 *old = g_bytes_get_data (before, NULL);
  const guint8 *new;
  gsize n_changed = 0;

  g_assert_true (pmt_result_composite (result, 0, target, NULL));
  after = get_bytes (target);
  new = g_bytes_get_data (after, NULL);
  for (gint y = 0; y < SIDE; y++)
    for (gint x = 0; x < SIDE; x++)
      {
        const gsize at = ((gsize)y * SIDE + x) * size;
        const gboolean is_inside =
            x >= changed->x && x < changed->x + changed->width
            && y >= changed->y && y < changed->y + changed->height;

        if (memcmp (old + at, new + at, size) == 0)
          continue;
        g_assert_true (is_inside);
        n_changed++;
      }
  g_assert_cmpuint (n_changed, >, 100);
}

/* ------------------------------------------------------------------ tests -- */

static void
test_models (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *id;
    PmtOperation can;
    PmtOperation cannot;
    const gchar *family;
  } cases[] = {
    { "checkpoint-sd15_tiny", PMT_OPERATION_GENERATE, PMT_OPERATION_EDIT,
      "sd1" },
    { "checkpoint-sd15_inpaint_tiny", PMT_OPERATION_FILL,
      PMT_OPERATION_GENERATE, "sd1" },
    { "checkpoint-sd15_ip2p_tiny", PMT_OPERATION_EDIT, PMT_OPERATION_FILL,
      "sd1" },
    { "checkpoint-sd21_v_tiny", PMT_OPERATION_REIMAGINE, PMT_OPERATION_EDIT,
      "sd2" },
    { "checkpoint-sdxl_tiny", PMT_OPERATION_EXPAND, PMT_OPERATION_REMOVE,
      "sdxl" },
    { "checkpoint-sd15_dir", PMT_OPERATION_GENERATE, PMT_OPERATION_UPSCALE,
      "sd1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PmtModel *model =
          pmt_engine_find_model (fixture->engine, cases[i].id);

      g_assert_nonnull (model);
      g_assert_true (pmt_model_supports (model, cases[i].can));
      g_assert_false (pmt_model_supports (model, cases[i].cannot));
      g_assert_cmpstr (pmt_model_get_family (model), ==, cases[i].family);
    }
  g_assert_cmpuint (pmt_engine_list_problems (fixture->engine)->len, ==, 0);
}

/* Each family, in the size of the canvas, the same twice, another with
 * another seed. */
static void
test_generate (Fixture *fixture, gconstpointer data)
{
  static const gchar *const models[] = { "checkpoint-sd15_tiny",
                                         "checkpoint-sd21_v_tiny",
                                         "checkpoint-sdxl_tiny",
                                         "checkpoint-sd15_dir" };

  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autoptr (PmtRequest) request =
          new_request (PMT_OPERATION_GENERATE, models[i], NULL, NULL);
      g_autoptr (PmtResult) first = run (fixture, request);
      g_autoptr (PmtResult) again = run (fixture, request);
      g_autoptr (PmtResult) other = NULL;

      assert_extent (first, 0, 0, 0, SIDE, SIDE);
      g_assert_null (pmt_result_get_mask (first, 0));
      g_assert_true (same_pixels (first, 0, again, 0));
      pmt_params_set_int (pmt_request_params (request), "seed", 13);
      other = run (fixture, request);
      g_assert_false (same_pixels (first, 0, other, 0));
    }
}

/* Candidate i is what seed + i gives alone. */
static void
test_count (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  PmtParams *params = pmt_request_params (request);
  g_autoptr (PmtResult) three = NULL;
  g_autoptr (PmtResult) one = NULL;

  pmt_params_set_string (params, "sampler", "euler-a");
  pmt_params_set_int (params, "count", 3);
  three = run (fixture, request);
  g_assert_cmpuint (pmt_result_get_n_items (three), ==, 3);
  g_assert_cmpuint (pmt_result_get_seed (three, 2), ==, 14);
  pmt_params_set_int (params, "count", 1);
  pmt_params_set_int (params, "seed", 14);
  one = run (fixture, request);
  g_assert_true (same_pixels (three, 2, one, 0));
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *aspect;
    gint width;
    gint height;
    gint made_width;
    gint made_height;
  } cases[] = {
    { "2:1", 0, 0, 136, 64 },
    { "", 72, 0, 72, 72 },
    { "", 50, 30, 50, 30 },
    { "1:2", 0, 100, 50, 100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtRequest) request = new_request (
          PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
      PmtParams *params = pmt_request_params (request);
      g_autoptr (PmtResult) result = NULL;

      pmt_params_set_string (params, "aspect", cases[i].aspect);
      pmt_params_set_int (params, "width", cases[i].width);
      pmt_params_set_int (params, "height", cases[i].height);
      pmt_params_set_int (params, "steps", 1);
      result = run (fixture, request);
      assert_extent (result, 0, 0, 0, cases[i].made_width,
                     cases[i].made_height);
    }
}

/* dB, of values from 0 to 255; both of 8 bits. */
static gdouble
compare_pictures (PmtResult *a, PmtResult *b)
{
  g_autoptr (GBytes) one = get_bytes (pmt_result_get_picture (a, 0));
  g_autoptr (GBytes) two = get_bytes (pmt_result_get_picture (b, 0));
  gsize n;
  const guint8 *x = g_bytes_get_data (one, &n);
  const guint8 *y = g_bytes_get_data (two, NULL);
  gdouble sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += ((gdouble)x[i] - y[i]) * ((gdouble)x[i] - y[i]);
  return sum > 0 ? 10 * log10 (255.0 * 255.0 * (gdouble)n / sum) : 99;
}

/* Deep features of earlier steps: a picture near the one without, the nearer
 * the fresher they are; none of it where nothing is reused. */
static void
test_reuse (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *model;
    PmtOperation operation;
  } cases[] = {
    { "checkpoint-sd15_tiny", PMT_OPERATION_GENERATE },
    { "checkpoint-sd21_v_tiny", PMT_OPERATION_GENERATE },
    { "checkpoint-sdxl_tiny", PMT_OPERATION_GENERATE },
    { "checkpoint-sd15_dir", PMT_OPERATION_GENERATE },
    { "checkpoint-sd15_tiny", PMT_OPERATION_REIMAGINE },
    { "checkpoint-sd15_inpaint_tiny", PMT_OPERATION_FILL },
    { "checkpoint-sd15_ip2p_tiny", PMT_OPERATION_EDIT },
  };
  static const gchar *const choices[] = { "off", "balanced", "fast" };
  const GeglRectangle selected = { 20, 20, 50, 50 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtRequest) request = new_request (
          cases[i].operation, cases[i].model, "R'G'B' u8",
          cases[i].operation == PMT_OPERATION_FILL ? &selected : NULL);
      PmtParams *params = pmt_request_params (request);
      g_autoptr (PmtResult) wanted = NULL;
      g_autoptr (PmtResult) other = NULL;
      gdouble db[G_N_ELEMENTS (choices)];
      gdouble other_db;

      pmt_params_set_int (params, "steps", 12);
      wanted = run (fixture, request);
      for (guint j = 0; j < G_N_ELEMENTS (choices); j++)
        {
          g_autoptr (PmtResult) made = NULL;

          pmt_params_set_string (params, "reuse", choices[j]);
          made = run (fixture, request);
          g_assert_nonnull (
              strstr (pmt_result_get_recipe (made, 0), choices[j]));
          db[j] = compare_pictures (wanted, made);
          g_test_message ("%s, operation %d, %s: %.1f dB", cases[i].model,
                          (gint)cases[i].operation, choices[j], db[j]);
        }
      pmt_params_set_string (params, "reuse", "off");
      pmt_params_set_int (params, "seed", 13);
      other = run (fixture, request);
      other_db = compare_pictures (wanted, other);
      g_test_message ("another seed: %.1f dB", other_db);
      g_assert_cmpfloat (db[0], ==, 99);
      g_assert_cmpfloat (db[1], <, 99);
      g_assert_cmpfloat (db[1], >, other_db + 1);
      g_assert_cmpfloat (db[2], >, other_db);
    }
}

/* Every sampler, schedule, program and kind of noise that can be chosen. */
static PmtResult *
run_styled (Fixture *fixture, const gchar *name, gint64 value, gint64 seed)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  PmtParams *params = pmt_request_params (request);

  if (name != NULL)
    pmt_params_set_int (params, name, value);
  pmt_params_set_int (params, "seed", seed);
  pmt_params_set_int (params, "count", seed == 12 ? 2 : 1);
  return run (fixture, request);
}

/* What is usual changes no bit; other values do, the same each time, and a
 * candidate does not depend on the others. */
static void
test_style (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *name;
    gint64 usual;
    gint64 other;
  } settings[] = {
    { "stylize", 100, 900 },
    { "chaos", 0, 80 },
    { "weird", 0, 2000 },
  };
  g_autoptr (PmtResult) plain = run_styled (fixture, NULL, 0, 12);

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      const gchar *name = settings[i].name;
      g_autoptr (PmtResult) usual =
          run_styled (fixture, name, settings[i].usual, 12);
      g_autoptr (PmtResult) other =
          run_styled (fixture, name, settings[i].other, 12);
      g_autoptr (PmtResult) alone =
          run_styled (fixture, name, settings[i].other, 13);

      g_assert_true (same_pixels (plain, 0, usual, 0));
      g_assert_true (same_pixels (plain, 1, usual, 1));
      g_assert_false (same_pixels (plain, 0, other, 0));
      g_assert_false (same_pixels (plain, 1, other, 1));
      g_assert_true (same_pixels (other, 1, alone, 0));
      g_assert_nonnull (strstr (pmt_result_get_recipe (other, 0), name));
    }
}

static void
test_choices (Fixture *fixture, gconstpointer data)
{
  static const gchar *const names[] = { "sampler", "schedule", "compatibility",
                                        "noise",   "reuse",    "memory" };
  const PmtModel *model =
      pmt_engine_find_model (fixture->engine, "checkpoint-sd15_tiny");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const PmtParamSpec *spec = pmt_model_find_param (model, names[i]);

      for (guint j = 0; spec->choices[j] != NULL; j++)
        for (guint k = 0; k < 2; k++)
          {
            g_autoptr (PmtRequest) request = new_request (
                PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
            PmtParams *params = pmt_request_params (request);
            g_autoptr (PmtResult) result = NULL;

            pmt_params_set_string (params, "compatibility",
                                   k == 0 ? "comfyui" : "a1111");
            pmt_params_set_string (params, names[i], spec->choices[j]);
            pmt_params_set_int (params, "width", 64);
            pmt_params_set_int (params, "height", 64);
            result = run (fixture, request);
            g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
          }
    }
}

static void
test_reimagine (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = new_request (
      PMT_OPERATION_REIMAGINE, "checkpoint-sd15_tiny", "R'G'B'A u16", NULL);
  PmtParams *params = pmt_request_params (request);
  g_autoptr (PmtResult) result = run (fixture, request);
  g_autoptr (PmtResult) weak = NULL;

  assert_extent (result, 0, 0, 0, SIDE, SIDE);
  g_assert_true (gegl_buffer_get_format (pmt_result_get_picture (result, 0))
                 == babl_format ("R'G'B'A u16"));
  pmt_params_set_number (params, "strength", 0.0);
  weak = run (fixture, request);
  g_assert_false (same_pixels (result, 0, weak, 0));
}

/* Four and nine channels; 8 bits, 16 bits with alpha, gray. */
static void
test_fill (Fixture *fixture, gconstpointer data)
{
  static const gchar *const models[] = { "checkpoint-sd15_tiny",
                                         "checkpoint-sd15_inpaint_tiny" };
  static const gchar *const formats[] = { "R'G'B' u8", "R'G'B'A u16", "Y' u8" };
  const GeglRectangle selected = { 30, 34, 24, 20 };
  /* Feather 0 turns grow and blend off. */
  const GeglRectangle changed = selected;

  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    for (guint j = 0; j < G_N_ELEMENTS (formats); j++)
      {
        g_autoptr (PmtRequest) request =
            new_request (PMT_OPERATION_FILL, models[i], formats[j], &selected);
        g_autoptr (PmtResult) result = NULL;

        pmt_params_set_number (pmt_request_params (request), "feather", 0);
        result = run (fixture, request);
        g_assert_nonnull (pmt_result_get_mask (result, 0));
        g_assert_true (
            gegl_buffer_get_format (pmt_result_get_picture (result, 0))
            == babl_format (formats[j]));
        assert_untouched (request, result, &changed);
      }
}

static void
test_expand (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = new_request (
      PMT_OPERATION_EXPAND, "checkpoint-sd15_tiny", "R'G'B' u8", NULL);
  g_autoptr (PmtResult) result = NULL;
  GeglRectangle canvas;

  pmt_params_set_int (pmt_request_params (request), "right", 32);
  result = run (fixture, request);
  pmt_result_get_canvas (result, &canvas);
  g_assert_cmpint (canvas.width, ==, SIDE + 32);
  g_assert_cmpint (canvas.height, ==, SIDE);
  g_assert_nonnull (pmt_result_get_mask (result, 0));
}

static void
test_edit (Fixture *fixture, gconstpointer data)
{
  const GeglRectangle selected = { 20, 20, 40, 40 };
  g_autoptr (PmtRequest) request = new_request (
      PMT_OPERATION_EDIT, "checkpoint-sd15_ip2p_tiny", "R'G'B' u8", NULL);
  g_autoptr (PmtResult) whole = run (fixture, request);
  g_autoptr (PmtRequest) part = new_request (
      PMT_OPERATION_EDIT, "checkpoint-sd15_ip2p_tiny", "R'G'B' u8", &selected);
  g_autoptr (PmtResult) result = NULL;

  assert_extent (whole, 0, 0, 0, SIDE, SIDE);
  pmt_params_set_number (pmt_request_params (part), "feather", 0);
  result = run (fixture, part);
  assert_untouched (part, result, &selected);
}

/* The first model that takes a prompt; a prompt chooses it for expand, too. */
static void
test_default_model (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_EXPAND, NULL, "R'G'B' u8", NULL);
  g_autoptr (PmtResult) result = NULL;

  pmt_params_set_int (pmt_request_params (request), "left", 8);
  result = run (fixture, request);
  g_assert_nonnull (
      strstr (pmt_result_get_recipe (result, 0), "checkpoint-sd15"));
}

static void
test_lora (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  PmtParams *params = pmt_request_params (request);
  g_autoptr (PmtResult) plain = run (fixture, request);
  g_autoptr (PmtResult) with = NULL;
  g_autoptr (PmtResult) none = NULL;

  pmt_params_set_string (params, "lora", "sd15_kohya:0.8");
  with = run (fixture, request);
  g_assert_false (same_pixels (plain, 0, with, 0));
  pmt_params_set_string (params, "lora", "sd15_kohya:0");
  none = run (fixture, request);
  g_assert_true (same_pixels (plain, 0, none, 0));
  pmt_params_set_string (params, "lora", "sdxl_peft");
  expect_error (fixture, request, "sdxl_peft");
  pmt_params_set_string (params, "lora", "nobody:0.5");
  expect_error (fixture, request, "nobody");
  pmt_params_set_string (params, "lora", "../checkpoints/sd15_tiny");
  expect_error (fixture, request, "There is no");
  pmt_params_set_string (params, "lora", "sd15_kohya:much");
  expect_error (fixture, request, "can't be read");
}

/* The checkpoint's own VAE as a separate file gives the same; for SDXL, whose
 * latents are scaled otherwise, too. */
static void
test_vae (Fixture *fixture, gconstpointer data)
{
  static const gchar *const names[] = { "sd15_tiny", "sdxl_tiny" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *model = g_strconcat ("checkpoint-", names[i], NULL);
      g_autofree gchar *file =
          golden_path ("checkpoints/%s.safetensors", names[i]);
      g_autofree gchar *name = g_strdup_printf ("other%u.safetensors", i);
      g_autofree gchar *vae =
          g_build_filename (fixture->home, "models", "vae", name, NULL);
      g_autofree gchar *folder = g_path_get_dirname (vae);
      g_autoptr (GFile) target = g_file_new_for_path (vae);
      g_autoptr (PmtRequest) request =
          new_request (PMT_OPERATION_REIMAGINE, model, "R'G'B' u8", NULL);
      PmtParams *params = pmt_request_params (request);
      g_autoptr (PmtResult) own = run (fixture, request);
      g_autoptr (PmtResult) other = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      g_file_make_symbolic_link (target, file, NULL, &error);
      g_assert_no_error (error);
      pmt_params_set_string (params, "vae", name);
      other = run (fixture, request);
      g_assert_true (same_pixels (own, 0, other, 0));
    }
}

/* A LoRA that is exchanged between two runs is read anew. */
static void
test_lora_changed (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *one =
      golden_path ("checkpoints/lora/%s", "sd15_kohya.safetensors");
  g_autofree gchar *two =
      golden_path ("checkpoints/lora/%s", "sd15_peft.safetensors");
  g_autofree gchar *path = g_build_filename (fixture->home, "models", "lora",
                                             "mine.safetensors", NULL);
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  const gchar *const files[] = { one, two };
  g_autoptr (PmtResult) first = NULL;
  g_autoptr (PmtResult) second = NULL;
  g_autoptr (PmtResult) third = NULL;

  pmt_params_set_string (pmt_request_params (request), "lora", "mine");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GFile) from = g_file_new_for_path (files[i]);
      g_autoptr (GFile) to = g_file_new_for_path (path);

      g_assert_true (g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL,
                                  NULL, NULL));
      if (i == 0)
        first = run (fixture, request);
      else
        second = run (fixture, request);
    }
  g_assert_false (same_pixels (first, 0, second, 0));
  link_into (fixture->home, "lora", two);
  pmt_params_set_string (pmt_request_params (request), "lora", "sd15_peft");
  third = run (fixture, request);
  g_assert_true (same_pixels (second, 0, third, 0));
}

/* Less than all steps; few steps. */
static void
test_stop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  PmtParams *params = pmt_request_params (request);
  g_autoptr (PmtResult) all = run (fixture, request);
  g_autoptr (PmtResult) some = NULL;

  pmt_params_set_number (params, "stop", 40);
  some = run (fixture, request);
  g_assert_false (same_pixels (all, 0, some, 0));
}

static PmtResult *
run_prompt (Fixture *fixture, const gchar *program, const gchar *prompt)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  PmtParams *params = pmt_request_params (request);

  pmt_params_set_string (params, "compatibility", program);
  pmt_params_set_string (params, "prompt", prompt);
  pmt_params_set_int (params, "width", 64);
  pmt_params_set_int (params, "height", 64);
  return run (fixture, request);
}

/* Changing prompts and several prompts: what comes to the same gives the
 * same, what does not, does not. */
static void
test_prompts (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *program;
    const gchar *one;
    const gchar *two;
    gboolean is_same;
  } cases[] = {
    { "a1111", "a red cat", "[a red cat:a dog:9]", TRUE },
    { "a1111", "a red cat", "[a red cat:a dog:1]", FALSE },
    { "a1111", "a red cat", "a red cat AND a dog:0", TRUE },
    { "a1111", "a red cat", "a red cat AND a dog:0.5", FALSE },
    { "a1111", "[cat|dog]", "[cat|dog|cat|dog]", TRUE },
    { "comfyui", "a red cat", "a red cat::3", TRUE },
    { "comfyui", "cat::1 dog::1", "cat::2 dog::2", TRUE },
    { "comfyui", "cat::1 dog::1", "cat::2 dog::1", FALSE },
    { "comfyui", "(cat:1.3)", "cat", FALSE },
  };
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtResult) one =
          run_prompt (fixture, cases[i].program, cases[i].one);
      g_autoptr (PmtResult) two =
          run_prompt (fixture, cases[i].program, cases[i].two);

      g_test_message ("%s: %s", cases[i].one, cases[i].two);
      g_assert_cmpint (same_pixels (one, 0, two, 0), ==, cases[i].is_same);
    }
  pmt_params_set_string (pmt_request_params (request), "prompt",
                         "cat::1 dog::-2");
  expect_error (fixture, request, "more than 0");
  pmt_params_set_string (pmt_request_params (request), "prompt",
                         "a cat, embedding:nobody");
  expect_error (fixture, request, "nobody");
}

/* What was left open is told, and the same comes out again. */
static void
test_recipe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  const GeglRectangle canvas = { 0, 0, 64, 64 };
  g_autoptr (PmtRequest) again = NULL;
  g_autoptr (PmtResult) first = NULL;
  g_autoptr (PmtResult) second = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *recipe;

  pmt_request_set_canvas (request, &canvas);
  pmt_params_unset (pmt_request_params (request), "steps");
  pmt_params_set_string (pmt_request_params (request), "steps-preset",
                         "medium");
  first = run (fixture, request);
  recipe = pmt_result_get_recipe (first, 0);
  g_assert_nonnull (strstr (recipe, "euler-a"));
  g_assert_nonnull (strstr (recipe, "karras"));
  g_assert_null (strstr (recipe, "auto\",\"schedule"));
  again = pmt_request_from_recipe (recipe, &error);
  g_assert_no_error (error);
  pmt_request_set_canvas (again, &canvas);
  second = run (fixture, again);
  g_assert_true (same_pixels (first, 0, second, 0));
}

/* Left and right, top and bottom of a tile continue each other: the step over
 * the edge is as large as those inside. */
static void
test_tile (Fixture *fixture, gconstpointer data)
{
  gdouble edge[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PmtRequest) request = new_request (
          PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
      PmtParams *params = pmt_request_params (request);
      g_autoptr (PmtResult) result = NULL;
      g_autofree gfloat *pixels = g_new (gfloat, 64 * 64);
      gdouble over = 0;
      gdouble inside = 0;

      pmt_params_set_int (params, "width", 64);
      pmt_params_set_int (params, "height", 64);
      pmt_params_set_bool (params, "tile", i == 1);
      result = run (fixture, request);
      gegl_buffer_get (pmt_result_get_picture (result, 0), NULL, 1.0,
                       babl_format ("Y' float"), pixels, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      for (gint y = 0; y < 64; y++)
        {
          over += ABS (pixels[y * 64] - pixels[y * 64 + 63]);
          for (gint x = 1; x < 64; x++)
            inside += ABS (pixels[y * 64 + x] - pixels[y * 64 + x - 1]) / 63;
        }
      edge[i] = over / inside;
    }
  g_test_message ("step over the edge: %.2f of those inside; as a tile %.2f",
                  edge[0], edge[1]);
  /* Random networks make noise of their own: 1 on average. */
  g_assert_cmpfloat (edge[1], <, MAX (edge[0], 1.6));
}

static void
on_progress (const gchar *stage,
             gdouble fraction,
             GeglBuffer *preview,
             gpointer user_data)
{
  GCancellable *cancellable = user_data;

  /* Reports of quick steps may be left out. */
  if (strstr (stage, "of 50") != NULL)
    g_cancellable_cancel (cancellable);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  pmt_params_set_int (pmt_request_params (request), "steps", 50);
  g_assert_null (pmt_engine_run (fixture->engine, request, on_progress,
                                 cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *name;
    const gchar *value;
    const gchar *part;
  } cases[] = {
    { "aspect", "sixteen", "sixteen" },
    { "vae", "nothing", "nothing" },
    { "sampler", "best", "best" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtRequest) request = new_request (
          PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);

      pmt_params_set_string (pmt_request_params (request), cases[i].name,
                             cases[i].value);
      expect_error (fixture, request, cases[i].part);
    }
}

/* A copy of a checkpoint under another name, to be damaged. */
static gchar *
copy_checkpoint (Fixture *fixture, const gchar *name)
{
  g_autofree gchar *from = golden_path ("checkpoints/sd15_tiny.safetensors");
  gchar *to = g_build_filename (fixture->home, name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return to;
}

static void
overwrite (const gchar *path, guint64 offset, gconstpointer bytes, gsize n)
{
  FILE *file = g_fopen (path, "r+b");

  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, (long)offset, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* A weight that is no number: the run ends with the known remedies. */
static void
test_nan (Fixture *fixture, gconstpointer data)
{
  static const guint16 nan = 0x7e00;
  g_autofree gchar *path = copy_checkpoint (fixture, "nan.safetensors");
  g_autoptr (PmtWeights) weights = pmt_weights_open (path, NULL);
  const PmtWeight *weight =
      pmt_weights_find (weights, "model.diffusion_model.out.2.bias");
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, path, NULL, NULL);

  g_assert_nonnull (weight);
  overwrite (path, weight->offset, &nan, sizeof nan);
  expect_error (fixture, request, "not finite");
}

/* A file that is exchanged between two runs is opened anew. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  static const guint16 other = 0x3c00;
  g_autofree gchar *path = copy_checkpoint (fixture, "changed.safetensors");
  g_autoptr (PmtWeights) weights = pmt_weights_open (path, NULL);
  const PmtWeight *weight =
      pmt_weights_find (weights, "model.diffusion_model.out.2.bias");
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, path, NULL, NULL);
  g_autoptr (PmtResult) before = run (fixture, request);
  g_autoptr (PmtResult) after = NULL;
  g_autoptr (GError) error = NULL;

  g_usleep (20000);
  overwrite (path, weight->offset, &other, sizeof other);
  g_assert_false (pmt_weights_check (weights, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  after = run (fixture, request);
  g_assert_false (same_pixels (before, 0, after, 0));
}

/* Cut anywhere: a sentence, not a crash. */
static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  static const gdouble shares[] = { 0.0, 1e-6, 0.01, 0.5, 0.999 };
  g_autofree gchar *from = golden_path ("checkpoints/sd15_tiny.safetensors");
  g_autofree gchar *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &contents, &length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      g_autofree gchar *name = g_strdup_printf ("cut%u.safetensors", i);
      g_autofree gchar *path = g_build_filename (fixture->home, name, NULL);
      g_autoptr (PmtRequest) request =
          new_request (PMT_OPERATION_GENERATE, path, NULL, NULL);

      g_assert_true (g_file_set_contents (
          path, contents, (gssize)(shares[i] * (gdouble)length), NULL));
      expect_error (fixture, request, name);
    }
}

static void
test_memory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  pmt_engine_unref (fixture->engine);
  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = fixture->home;
  options.memory = 1 << 20;
  fixture->engine = pmt_engine_new (&options, NULL);
  g_assert_null (
      pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "of memory"));
}

/* Smaller than a latent pixel, and sides that no step divides. */
static void
test_small (Fixture *fixture, gconstpointer data)
{
  static const gint sides[][2] = { { 1, 1 }, { 5, 3 }, { 61, 7 }, { 77, 93 } };

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      const GeglRectangle layer = { 3, -2, sides[i][0], sides[i][1] };
      g_autoptr (PmtRequest) request = new_request (
          PMT_OPERATION_REIMAGINE, "checkpoint-sd15_tiny", "R'G'B' u8", NULL);
      g_autoptr (GeglBuffer) plain =
          new_source ("R'G'B' u8", layer.width, layer.height);
      g_autoptr (GeglBuffer) source =
          gegl_buffer_new (&layer, babl_format ("R'G'B' u8"));
      g_autoptr (PmtResult) result = NULL;

      gegl_buffer_copy (plain, NULL, GEGL_ABYSS_NONE, source, &layer);
      pmt_request_set_source (request, source, &layer);
      result = run (fixture, request);
      assert_extent (result, 0, layer.x, layer.y, layer.width, layer.height);
    }
}

/* Beyond what the checkpoint was made for: two passes. */
static void
test_two_passes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  PmtParams *params = pmt_request_params (request);
  g_autoptr (PmtResult) whole = NULL;
  g_autoptr (PmtResult) large = NULL;

  pmt_params_set_int (params, "width", 128);
  pmt_params_set_int (params, "height", 120);
  whole = run (fixture, request);
  assert_extent (whole, 0, 0, 0, 128, 120);
  g_assert_cmpuint (g_strv_length ((gchar **)pmt_result_get_notes (whole)), ==,
                    0);
  /* More than four times the checkpoint's pixels are enlarged, and told. */
  pmt_params_set_int (params, "width", 300);
  pmt_params_set_int (params, "height", 200);
  large = run (fixture, request);
  assert_extent (large, 0, 0, 0, 300, 200);
  g_assert_nonnull (strstr (pmt_result_get_notes (large)[0], "enlarged"));
}

/* No tokenizer, no checkpoint: what to put where. */
static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "checkpoint-sd15_tiny", NULL, NULL);
  g_autofree gchar *tokenizers =
      g_build_filename (fixture->home, "models", "tokenizers", NULL);
  g_autofree gchar *checkpoints =
      g_build_filename (fixture->home, "models", "checkpoints", NULL);
  g_autofree gchar *catalog =
      g_build_filename (g_getenv ("PENTIMENTO_TEST_DATA"), "catalog", NULL);
  g_autofree gchar *link = g_build_filename (fixture->home, "catalog", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (link);
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;

  remove_tree (tokenizers);
  expect_error (fixture, request, "vocab.json");
  remove_tree (checkpoints);
  pmt_engine_unref (fixture->engine);
  /* The catalog alone, without the checkpoint that comes with Pentimento. */
  g_assert_true (g_file_make_symbolic_link (file, catalog, NULL, NULL));
  options.data_dir = fixture->home;
  options.user_dir = tokenizers;
  fixture->engine = pmt_engine_new (&options, NULL);
  pmt_request_set_model (request, NULL);
  expect_error (fixture, request, "models/checkpoints");
}

static void
add (void)
{
  static const struct
  {
    const gchar *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "models", test_models },
    { "generate", test_generate },
    { "count", test_count },
    { "sizes", test_sizes },
    { "style", test_style },
    { "choices", test_choices },
    { "reimagine", test_reimagine },
    { "fill", test_fill },
    { "expand", test_expand },
    { "edit", test_edit },
    { "default-model", test_default_model },
    { "lora", test_lora },
    { "lora-changed", test_lora_changed },
    { "vae", test_vae },
    { "stop", test_stop },
    { "prompts", test_prompts },
    { "recipe", test_recipe },
    { "tile", test_tile },
    { "cancel", test_cancel },
    { "nan", test_nan },
    { "changed", test_changed },
    { "truncated", test_truncated },
    { "reuse", test_reuse },
    { "memory", test_memory },
    { "small", test_small },
    { "two-passes", test_two_passes },
    { "refused", test_refused },
    { "missing", test_missing },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree gchar *path =
          g_strconcat ("/golden/operations/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}

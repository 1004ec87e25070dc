/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-micro.c: what the checkpoint that comes with Pentimento makes of words,
 * by measures of the pictures. */
#include "meaning.h"

#include <math.h>
#include <string.h>

#include "pentimento.h"

#define SIDE 256
#define SEEDS 10
/* Of that many seeds. */
#define RIGHT 9
/* Of shapes and weights: processors round differently, and a picture or two are
 * near the limits of the measures. */
#define USUALLY 8
/* Fewer than the usual 20: what a picture shows is decided early. */
#define STEPS 12

#define MODEL "pentimento-micro"

typedef struct
{
  gchar *home;
  PmtEngine *engine;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  fixture->home = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_assert_no_error (error);
  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = fixture->home;
  fixture->engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const gchar *const argv[] = { "rm", "-rf", fixture->home, NULL };

  pmt_engine_unref (fixture->engine);
  g_spawn_sync (NULL, (gchar **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                NULL, NULL, NULL, NULL);
  g_free (fixture->home);
}

static PmtRequest *
new_request (PmtOperation operation, const gchar *prompt)
{
  const GeglRectangle canvas = { 0, 0, SIDE, SIDE };
  PmtRequest *request = pmt_request_new (operation);

  pmt_request_set_canvas (request, &canvas);
  pmt_params_set_string (pmt_request_params (request), "prompt", prompt);
  pmt_params_set_int (pmt_request_params (request), "steps", STEPS);
  pmt_params_set_int (pmt_request_params (request), "seed", 1);
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

static Picture *
make (Fixture *fixture, PmtRequest *request, gint seed)
{
  g_autoptr (PmtResult) result = NULL;

  pmt_params_set_int (pmt_request_params (request), "seed", seed);
  result = run (fixture, request);
  return picture_new (pmt_result_get_picture (result, 0));
}

static Picture *
make_prompt (Fixture *fixture, const gchar *prompt, gint seed)
{
  g_autoptr (PmtRequest) request = new_request (PMT_OPERATION_GENERATE, prompt);

  return make (fixture, request, seed);
}

/* ------------------------------------------------------------------- model */

static void
test_default (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "red fabric");
  const PmtModel *model = pmt_engine_choose_model (fixture->engine, request);

  g_assert_nonnull (model);
  g_assert_cmpstr (pmt_model_get_id (model), ==, MODEL);
  g_assert_cmpuint (pmt_engine_list_problems (fixture->engine)->len, ==, 0);
}

/* Bytes of the files below @folder; links are not followed. */
static goffset
size_of (GFile *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileEnumerator) files = g_file_enumerate_children (
      folder, "standard::*", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, &error);
  goffset sum = 0;

  g_assert_no_error (error);
  for (;;)
    {
      GFileInfo *info;
      GFile *file;

      g_assert_true (
          g_file_enumerator_iterate (files, &info, &file, NULL, &error));
      if (info == NULL)
        return sum;
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
        sum += size_of (file);
      else if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
        sum += g_file_info_get_size (info);
    }
}

static void
test_size (void)
{
  g_autofree gchar *path = g_build_filename (g_getenv ("PENTIMENTO_TEST_DATA"),
                                             "models", MODEL, NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  const goffset size = size_of (folder);

  g_test_message ("%.1f MB", (gdouble)size / 1e6);
  g_assert_cmpint (size, >, 10 * 1000 * 1000);
  g_assert_cmpint (size, <, 24 * 1000 * 1000);
}

static void
test_same (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Picture) first = make_prompt (fixture, "green leaves", 5);
  g_autoptr (Picture) again = make_prompt (fixture, "green leaves", 5);
  g_autoptr (Picture) other = make_prompt (fixture, "green leaves", 6);

  g_assert_cmpfloat (picture_difference (first, again), ==, 0.0);
  g_assert_cmpfloat (picture_difference (first, other), >, 3.0);
}

/* ------------------------------------------------------------------- words */

static void
test_color (Fixture *fixture, gconstpointer data)
{
  const gchar *word = data;
  g_autofree gchar *prompt = g_strdup_printf ("%s fabric", word);
  gint n = 0;

  for (gint seed = 1; seed <= SEEDS; seed++)
    {
      g_autoptr (Picture) picture = make_prompt (fixture, prompt, seed);
      const Color color = picture_color (picture, NULL);

      n += color_is (&color, word);
      g_test_message ("%s, seed %d: hue %.0f, saturation %.2f, value %.2f",
                      word, seed, color.hue, color.saturation, color.value);
    }
  g_assert_cmpint (n, >=, RIGHT);
}

/* Mean share of what is @word. */
static gdouble
mean_share (Fixture *fixture, PmtRequest *request, const gchar *word)
{
  gdouble sum = 0.0;

  for (gint seed = 1; seed <= 6; seed++)
    {
      g_autoptr (Picture) picture = make (fixture, request, seed);

      sum += picture_share (picture, word) / 6.0;
    }
  return sum;
}

static void
test_guidance (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "sky with clouds");
  PmtParams *params = pmt_request_params (request);
  gdouble low, high;

  pmt_params_set_number (params, "cfg", 1.0);
  low = mean_share (fixture, request, "blue");
  pmt_params_set_number (params, "cfg", 5.0);
  high = mean_share (fixture, request, "blue");
  g_test_message ("share of blue: %.3f with 1, %.3f with 5", low, high);
  g_assert_cmpfloat (high, >, low);
}

static void
test_negative (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "sky with clouds");
  PmtParams *params = pmt_request_params (request);
  gdouble without, with;

  without = mean_share (fixture, request, "blue");
  pmt_params_set_string (params, "negative-prompt", "blue");
  with = mean_share (fixture, request, "blue");
  g_test_message ("share of blue: %.3f, %.3f when not wanted", without, with);
  g_assert_cmpfloat (with, <, 0.8 * without);
}

static gdouble
redder_than_green (const Picture *picture)
{
  return picture_balance (picture, 0, 1);
}

static gdouble
redder_than_blue (const Picture *picture)
{
  return picture_balance (picture, 0, 2);
}

static gdouble
saturation (const Picture *picture)
{
  return picture_color (picture, NULL).saturation;
}

static gdouble
darkness (const Picture *picture)
{
  return 1.0 - picture_color (picture, NULL).value;
}

/* What a weight does: of the same noise, @more has more of the measure. */
static const struct
{
  const gchar *name;
  const gchar *more;
  const gchar *less;
  gdouble (*measure) (const Picture *picture);
} weights[] = {
  { "yellow", "(red:1.5) and yellow stripes", "red and (yellow:1.5) stripes",
    redder_than_green },
  { "blue", "(red:1.5) and blue polka dots", "red and (blue:1.5) polka dots",
    redder_than_blue },
  { "white", "(green:1.5) and white checkerboard",
    "green and (white:1.5) checkerboard", saturation },
  { "dim", "gray concrete, (dim light:1.5)", "gray concrete, (dim light:0.4)",
    darkness },
};

static void
test_weight (Fixture *fixture, gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  gdouble moved = 0.0;
  gint n = 0;

  for (gint seed = 1; seed <= SEEDS; seed++)
    {
      g_autoptr (Picture) more = make_prompt (fixture, weights[i].more, seed);
      g_autoptr (Picture) less = make_prompt (fixture, weights[i].less, seed);
      const gdouble a = weights[i].measure (more);
      const gdouble b = weights[i].measure (less);

      g_test_message ("seed %d: %.3f, %.3f", seed, a, b);
      n += a > b;
      moved += (a - b) / SEEDS;
    }
  g_test_message ("%d of %d, %.3f on average", n, SEEDS, moved);
  g_assert_cmpint (n, >=, USUALLY);
  g_assert_cmpfloat (moved, >, 0.03);
}

/* ------------------------------------------------------------------- items */

/* The measure itself, on shapes drawn by formula. */
static void
test_measure (void)
{
  static const gchar *const shapes[] = { "circle", "square", "triangle", "star",
                                         "ring" };
  static const guint8 white[] = { 240, 240, 240 }, red[] = { 200, 20, 20 };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (gint radius = 18; radius < 90; radius += 20)
      {
        g_autoptr (Picture) picture =
            picture_draw (SIDE, white, shapes[i], red, 100, 130, radius);
        const Item item = picture_find_item (picture);

        g_assert_cmpstr (item.shape, ==, shapes[i]);
        g_assert_cmpfloat_with_epsilon (item.x, 100.0 / SIDE, 0.01);
        g_assert_cmpfloat_with_epsilon (item.y, 130.0 / SIDE, 0.01);
        g_assert_true (color_is (&item.color, "red"));
      }
  {
    g_autoptr (Picture) picture =
        picture_draw (SIDE, white, NULL, red, 100, 130, 50);

    g_assert_cmpstr (picture_find_item (picture).shape, ==, "none");
  }
}

static void
test_place (Fixture *fixture, gconstpointer data)
{
  const gchar *place = data;
  g_autofree gchar *prompt =
      g_strdup_printf ("a blue circle %s on a plain white background", place);
  gint n = 0;

  for (gint seed = 1; seed <= SEEDS; seed++)
    {
      g_autoptr (Picture) picture = make_prompt (fixture, prompt, seed);
      const Item item = picture_find_item (picture);
      const gdouble x = item.x - 0.5, y = item.y - 0.5;

      g_test_message ("%s, seed %d: %s at %.2f, %.2f", place, seed, item.shape,
                      item.x, item.y);
      if (item.x == 0.0)
        continue;
      n += strstr (place, "left") != NULL    ? x < -0.1 && fabs (y) < -x
           : strstr (place, "right") != NULL ? x > 0.1 && fabs (y) < x
           : strstr (place, "top") != NULL   ? y < -0.1 && fabs (x) < -y
                                             : y > 0.1 && fabs (x) < y;
    }
  g_assert_cmpint (n, >=, RIGHT);
}

static void
test_shape (Fixture *fixture, gconstpointer data)
{
  const gchar *shape = data;
  g_autofree gchar *prompt = g_strdup_printf (
      "a large red %s in the center on a plain white background", shape);
  gint n = 0;

  for (gint seed = 1; seed <= SEEDS; seed++)
    {
      g_autoptr (Picture) picture = make_prompt (fixture, prompt, seed);
      const Item item = picture_find_item (picture);

      g_test_message ("%s, seed %d: %s", shape, seed, item.shape);
      n += g_str_equal (item.shape, shape);
    }
  g_test_message ("%s: %d of %d", shape, n, SEEDS);
  g_assert_cmpint (n, >=, USUALLY);
}

/* ---------------------------------------------------------------- pictures */

static void
test_tile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "cobblestones");
  gdouble open, closed;

  {
    g_autoptr (Picture) picture = make (fixture, request, 3);

    open = picture_seam (picture);
  }
  pmt_params_set_bool (pmt_request_params (request), "tile", TRUE);
  {
    g_autoptr (Picture) picture = make (fixture, request, 3);

    closed = picture_seam (picture);
  }
  g_test_message ("seam: %.2f, %.2f as a tile", open, closed);
  g_assert_cmpfloat (closed, <, 1.3);
  g_assert_cmpfloat (open, >, 1.5 * closed);
}

static void
set_source (PmtRequest *request, const Picture *picture)
{
  const GeglRectangle extent = { 0, 0, SIDE, SIDE };
  g_autoptr (GeglBuffer) source =
      gegl_buffer_new (&extent, babl_format ("R'G'B' u8"));

  gegl_buffer_set (source, NULL, 0, NULL, picture->rgb, GEGL_AUTO_ROWSTRIDE);
  pmt_request_set_source (request, source, &extent);
}

static void
test_strength (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Picture) red = make_prompt (fixture, "red bricks", 1);
  g_autoptr (Picture) grass = make_prompt (fixture, "green grass", 2);
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_REIMAGINE, "blue fabric");
  PmtParams *params = pmt_request_params (request);
  g_autoptr (Picture) none = NULL;
  g_autoptr (Picture) all = NULL;
  g_autoptr (Picture) all_too = NULL;

  set_source (request, red);
  pmt_params_set_number (params, "strength", 0.0);
  none = make (fixture, request, 1);
  g_assert_cmpfloat (picture_difference (none, red), ==, 0.0);
  pmt_params_set_number (params, "strength", 1.0);
  all = make (fixture, request, 1);
  set_source (request, grass);
  all_too = make (fixture, request, 1);
  g_test_message ("other source: %.2f", picture_difference (all, all_too));
  g_assert_cmpfloat (picture_difference (all, all_too), <, 1.0);
  g_assert_cmpfloat (picture_difference (all, red), >, 20.0);
}

/* What is selected, and nothing else, changes; what surrounds it goes on. */
static void
test_fill (Fixture *fixture, gconstpointer data)
{
  const GeglRectangle hole = { 96, 96, 64, 64 };
  g_autoptr (Picture) before = make_prompt (fixture, "red fabric", 4);
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_FILL, "red fabric");
  g_autoptr (GeglBuffer) mask = gegl_buffer_new (
      GEGL_RECTANGLE (0, 0, SIDE, SIDE), babl_format ("Y float"));
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GeglBuffer) target = NULL;
  g_autoptr (Picture) after = NULL;
  GeglColor *white = gegl_color_new ("white");
  Picture *holed = g_new0 (Picture, 1);
  Color color;

  holed->side = SIDE;
  holed->rgb = g_memdup2 (before->rgb, (gsize)SIDE * SIDE * 3);
  for (gint y = hole.y; y < hole.y + hole.height; y++)
    memset (holed->rgb + ((gsize)y * SIDE + hole.x) * 3, 20,
            (gsize)hole.width * 3);
  gegl_buffer_set_color (mask, &hole, white);
  g_object_unref (white);
  set_source (request, holed);
  pmt_request_set_mask (request, mask);
  pmt_request_set_model (request, MODEL);
  result = run (fixture, request);
  target = gegl_buffer_dup (pmt_request_get_source (request));
  g_assert_true (pmt_result_composite (result, 0, target, NULL));
  after = picture_new (target);
  for (gint y = 0; y < SIDE; y++)
    for (gint x = 0; x < SIDE; x++)
      {
        const gsize at = ((gsize)y * SIDE + x) * 3;

        if (x < hole.x - 32 || x >= hole.x + hole.width + 32 || y < hole.y - 32
            || y >= hole.y + hole.height + 32)
          g_assert_cmpmem (after->rgb + at, 3, holed->rgb + at, 3);
      }
  color = picture_color (after, &hole);
  g_test_message ("filled: hue %.0f, saturation %.2f", color.hue,
                  color.saturation);
  g_assert_true (color_is (&color, "red"));
  picture_free (holed);
}

/* -------------------------------------------------------------------- edit */

static Picture *
edit (Fixture *fixture,
      const Picture *source,
      const gchar *instruction,
      gdouble cfg,
      gint seed)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_EDIT, instruction);

  pmt_params_set_number (pmt_request_params (request), "cfg", cfg);
  set_source (request, source);
  return make (fixture, request, seed);
}

/* The item gets its color and stays where it is, and so does its ground. */
static void
test_edit_item (Fixture *fixture, gconstpointer data)
{
  static const guint8 ground[] = { 225, 222, 215 }, ink[] = { 190, 30, 30 };
  const GeglRectangle corner = { 0, 0, 64, 64 };
  g_autoptr (Picture) source =
      picture_draw (SIDE, ground, "circle", ink, 150, 140, 52);
  gint n = 0;

  for (gint seed = 1; seed <= SEEDS; seed++)
    {
      g_autoptr (Picture) picture =
          edit (fixture, source, "make the circle blue", 3.0, seed);
      const Item item = picture_find_item (picture);
      const Color color = picture_color (picture, &corner);
      const gboolean stays = fabs (item.x - 150.0 / SIDE) < 0.08
                             && fabs (item.y - 140.0 / SIDE) < 0.08;

      g_test_message ("seed %d: %s, hue %.0f at %.2f, %.2f; ground %.2f, %.2f",
                      seed, item.shape, item.color.hue, item.x, item.y,
                      color.saturation, color.value);
      n +=
          stays && color_is (&item.color, "blue") && color_is (&color, "white");
    }
  g_assert_cmpint (n, >=, RIGHT);
}

/* What is everywhere changes everywhere; what it is made of stays.  With the
 * usual guidance, red bricks would become purple. */
static void
test_edit_all (Fixture *fixture, gconstpointer data)
{
  gint n = 0;

  for (gint seed = 1; seed <= SEEDS; seed++)
    {
      g_autoptr (Picture) source = make_prompt (fixture, "red bricks", seed);
      g_autoptr (Picture) picture =
          edit (fixture, source, "make it blue", 5.0, seed);
      const Color color = picture_color (picture, NULL);
      const gdouble alike = picture_likeness (source, picture);

      g_test_message ("seed %d: hue %.0f, likeness %.2f", seed, color.hue,
                      alike);
      n += color_is (&color, "blue") && alike > 0.5;
    }
  g_assert_cmpint (n, >=, RIGHT);
}

static void
test_edit_add (Fixture *fixture, gconstpointer data)
{
  static const guint8 ground[] = { 225, 222, 215 };
  g_autoptr (Picture) source =
      picture_draw (SIDE, ground, NULL, ground, 0, 0, 1);
  gint n = 0;

  for (gint seed = 1; seed <= SEEDS; seed++)
    {
      g_autoptr (Picture) picture =
          edit (fixture, source, "add a red circle on the left", 3.0, seed);
      const Item item = picture_find_item (picture);

      g_test_message ("seed %d: %s, hue %.0f at %.2f, %.2f", seed, item.shape,
                      item.color.hue, item.x, item.y);
      n += item.x > 0.0 && item.x < 0.42 && color_is (&item.color, "red");
    }
  g_assert_cmpint (n, >=, RIGHT);
}

int
main (int argc, char **argv)
{
  static const gchar *const places[] = { "on the left", "on the right",
                                         "at the top", "at the bottom" };
  static const gchar *const shapes[] = { "circle", "square", "triangle",
                                         "ring" };
  static const gchar *const colors[] = { "red",  "orange", "yellow", "green",
                                         "blue", "purple", "white",  "black" };

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      g_autofree gchar *name = g_strdup_printf ("/micro/color/%s", colors[i]);

      g_test_add (name, Fixture, colors[i], set_up, test_color, tear_down);
    }
  g_test_add ("/micro/default", Fixture, NULL, set_up, test_default, tear_down);
  g_test_add_func ("/micro/size", test_size);
  g_test_add ("/micro/same", Fixture, NULL, set_up, test_same, tear_down);
  g_test_add ("/micro/guidance", Fixture, NULL, set_up, test_guidance,
              tear_down);
  g_test_add ("/micro/negative", Fixture, NULL, set_up, test_negative,
              tear_down);
  g_test_add_func ("/micro/measure", test_measure);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree gchar *name =
          g_strdup_printf ("/micro/place/%s", strrchr (places[i], ' ') + 1);

      g_test_add (name, Fixture, places[i], set_up, test_place, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree gchar *name = g_strdup_printf ("/micro/shape/%s", shapes[i]);

      g_test_add (name, Fixture, shapes[i], set_up, test_shape, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    {
      g_autofree gchar *name =
          g_strdup_printf ("/micro/weight/%s", weights[i].name);

      g_test_add (name, Fixture, GUINT_TO_POINTER (i), set_up, test_weight,
                  tear_down);
    }
  g_test_add ("/micro/tile", Fixture, NULL, set_up, test_tile, tear_down);
  g_test_add ("/micro/strength", Fixture, NULL, set_up, test_strength,
              tear_down);
  g_test_add ("/micro/fill", Fixture, NULL, set_up, test_fill, tear_down);
  g_test_add ("/micro/edit/item", Fixture, NULL, set_up, test_edit_item,
              tear_down);
  g_test_add ("/micro/edit/all", Fixture, NULL, set_up, test_edit_all,
              tear_down);
  g_test_add ("/micro/edit/add", Fixture, NULL, set_up, test_edit_add,
              tear_down);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-catalog.c: manifests, their faults, formulas of cost. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "catalog/catalog.h"
#include "catalog/model.h"
#include "core/engine-private.h"
#include "core/json.h"

static gchar *
fixture_path (const gchar *name)
{
  const gchar *folder = g_getenv ("PENTIMENTO_TEST_FIXTURES");

  g_assert_nonnull (folder);
  return g_build_filename (folder, "catalog", name, NULL);
}

static gchar *
read_fixture (const gchar *name, gsize *length)
{
  g_autofree gchar *path = fixture_path (name);
  g_autoptr (GError) error = NULL;
  gchar *text = NULL;

  g_file_get_contents (path, &text, length, &error);
  g_assert_no_error (error);
  return text;
}

static PmtModel *
parse_fixture (const gchar *name, GError **error)
{
  gsize length;
  g_autofree gchar *text = read_fixture (name, &length);

  return pmt_manifest_parse (name, text, length, error);
}

/* -------------------------------------------------------------- faults -- */

/* Every fixture: good-* is read, the others are refused with a position. */
static void
test_fixtures (void)
{
  g_autofree gchar *folder = fixture_path (NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtModel) model = parse_fixture (name, &error);
      gboolean is_good = g_str_has_prefix (name, "good-");
      g_autofree gchar *start = g_strconcat (name, ", line ", NULL);

      n++;
      if (is_good)
        g_assert_no_error (error);
      else if (model != NULL)
        g_error ("%s was accepted", name);
      if (is_good)
        continue;
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
      g_assert_true (g_str_has_prefix (error->message, start));
      g_assert_cmpint (atoi (error->message + strlen (start)), >=, 1);
    }
  g_assert_cmpuint (n, >=, 50);
}

/* Where the fault is, and why: read off the files. */
static void
test_positions (void)
{
  static const struct
  {
    const gchar *name;
    const gchar *position;
    const gchar *reason;
  } faults[] = {
    { "broken-syntax.json", "line 4, column 3:", "not valid JSON" },
    { "broken-type.json", "line 3, column 11:", "“name” must be a text" },
    { "broken-unknown-key.json", "line 20, column 13:", "“colour”" },
    { "broken-missing-id.json", "line 1, column 1:", "“id” is missing" },
    { "broken-operation.json", "line 7, column 5:", "name of an operation" },
    { "broken-param-default-type.json",
      "line 14, column 18:", "not of the type “int”" },
    { "broken-param-no-label.json",
      "line 11, column 5:", "“label” is missing" },
    { "broken-file-parent.json", "line 22, column 15:", "../a.onnx" },
    { "broken-limit.json", "line 21, column 18:", "“max_sides”" },
    { "broken-trailing.json", "line 21, column 1:", "follows the end" },
    { "semantic-default-range.json",
      "line 14, column 18:", "not an allowed value" },
    { "semantic-key-twice.json", "line 4, column 11:", "“name” is there" },
    { "semantic-cost-name.json",
      "line 20, column 11:", "at character 5: “stepps” is not known" },
    { "semantic-condition-name.json", "line 18, column 21:", "“absent”" },
    { "semantic-choice-labels.json",
      "line 19, column 24:", "“choice_labels” has 1 items" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtModel) model = parse_fixture (faults[i].name, &error);

      g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
      if (strstr (error->message, faults[i].position) == NULL
          || strstr (error->message, faults[i].reason) == NULL)
        g_error ("“%s %s” is not in “%s”", faults[i].position, faults[i].reason,
                 error->message);
    }
}

/* A position survives all that may stand in a string. */
static void
test_locate (void)
{
  const gchar *text = "\xef\xbb\xbf{ \"a\\\"{[:\": [1, -2.5e3, true,\n"
                      "  \"x:\\\\\", \"ä\", {\"k\" :null}], \"b\": 7 }";
  gsize length = strlen (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) root =
      pmt_json_parse ("text", text, length, PMT_ERROR_ARGUMENT, &error);
  const cJSON *array;
  guint line;
  guint column;

  g_assert_no_error (error);
  array = root->child;
  pmt_json_locate (text, length, root, cJSON_GetArrayItem (array, 2), &line,
                   &column);
  g_assert_cmpuint (line, ==, 1);
  g_assert_cmpint (strncmp (text + column + 1, "true", 4), ==, 0);
  pmt_json_locate (text, length, root, cJSON_GetArrayItem (array, 5)->child,
                   &line, &column);
  g_assert_cmpuint (line, ==, 2);
  g_assert_cmpuint (column, ==, 22);
  pmt_json_locate (text, length, root, array->next, &line, &column);
  g_assert_cmpuint (column, ==, 35);
}

/* Strings with many escapes: the time grows with their length, not with its
 * square, which would be minutes. */
static void
test_escapes (void)
{
  const gsize n = 1000000;
  g_autoptr (GString) text = g_string_new ("[\"");
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) root = NULL;
  const gint64 begun = g_get_monotonic_time ();

  for (gsize i = 0; i < n; i++)
    g_string_append (text, i % 2 == 0 ? "\\\"" : "\\\\");
  g_string_append (text, "\", 7]");
  root = pmt_json_parse_large ("text", text->str, text->len, 4 * n,
                               PMT_ERROR_ARGUMENT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (root->child->valuestring), ==, n);
  g_assert_cmpint (root->child->next->valueint, ==, 7);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);
}

/* ----------------------------------------------------------- hostility -- */

static void
assert_refused (const gchar *text, gsize length, const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  PmtModel *model = pmt_manifest_parse ("m", text, length, &error);

  g_assert_null (model);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
  if (strstr (error->message, reason) == NULL)
    g_error ("“%s” is not in “%s”", reason, error->message);
}

static void
test_hostile (void)
{
  g_autofree gchar *deep = g_strnfill (200000, '[');
  g_autofree gchar *large = g_strnfill (PMT_JSON_MAX_BYTES + 1, ' ');
  g_autoptr (GString) keys = g_string_new ("{");

  assert_refused ("", 0, "line 1");
  assert_refused (deep, 200000, "too deep");
  assert_refused (large, PMT_JSON_MAX_BYTES + 1, "larger than 1.0");
  assert_refused ("{\"id\":\"\xff\"}", 10, "not valid UTF-8");
  assert_refused ("{\0}", 3, "not valid UTF-8");
  assert_refused ("{\"id\":\"\\u0000\"}", 15, "zero character");
  assert_refused ("{\"id\":1e999}", 12, "too large");
  assert_refused ("\"", 1, "not valid JSON");
  assert_refused ("\"\\", 2, "not valid JSON");
  assert_refused ("{\"\\ud800\":1}", 12, "not valid JSON");
  /* 100,000 members are looked at once each. */
  for (guint i = 0; i < 60000; i++)
    g_string_append_printf (keys, "\"mapping%u\":1,", i);
  g_string_append (keys, "\"z\":1}");
  assert_refused (keys->str, keys->len, "“mapping0” is not known");
}

/* ------------------------------------------------------------- reading -- */

static void
test_full (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtModel) model = parse_fixture ("good-full.json", &error);
  g_autoptr (GPtrArray) generate = NULL;
  g_autoptr (GPtrArray) edit = NULL;
  const PmtParamSpec *spec;
  const PmtModelFile *file;

  g_assert_no_error (error);
  g_assert_cmpstr (pmt_model_get_id (model), ==, "full.model_1-x");
  g_assert_cmpstr (pmt_model_get_family (model), ==, "flux");
  g_assert_cmpstr (pmt_model_get_license (model), ==, "proprietary");
  g_assert_true (pmt_model_supports (model, PMT_OPERATION_EDIT));
  g_assert_false (pmt_model_supports (model, PMT_OPERATION_REMOVE));
  g_assert_true (pmt_model_is_default_for (model, PMT_OPERATION_EDIT));
  g_assert_false (pmt_model_is_default_for (model, PMT_OPERATION_GENERATE));
  g_assert_cmpfloat (pmt_model_get_limit (model, "references", 0), ==, 3);
  g_assert_cmpfloat (pmt_model_get_limit (model, "min_pixels", 5), ==, 5);
  generate = pmt_model_list_params (model, PMT_OPERATION_GENERATE);
  edit = pmt_model_list_params (model, PMT_OPERATION_EDIT);
  g_assert_cmpuint (generate->len + 1, ==, edit->len);
  spec = pmt_model_find_param (model, "cfg");
  g_assert_cmpint (spec->type, ==, PMT_PARAM_NUMBER);
  g_assert_cmpfloat (spec->recommended_min, ==, 3);
  g_assert_cmpfloat (spec->recommended_max, ==, 10);
  g_assert_true (spec->advanced);
  g_assert_cmpstr (spec->help, ==, "");
  g_assert_cmpfloat (g_variant_get_double (spec->default_value), ==, 4.5);
  spec = pmt_model_find_param (model, "strength");
  g_assert_true (spec->has_auto);
  g_assert_cmpfloat (spec->auto_value, ==, -1);
  g_assert_cmpuint (model->files->len, ==, 1);
  file = &g_array_index (model->files, PmtModelFile, 0);
  g_assert_cmpuint (file->bytes, ==, 123456);
  g_assert_cmpuint (model->nets->len, ==, 2);
  g_assert_cmpstr (pmt_model_find_net (model, 1), ==, "clean.onnx");
  g_assert_cmpstr (pmt_model_find_net (model, 4), ==, "four/x4.onnx");
  g_assert_null (pmt_model_find_net (model, 2));
  g_assert_cmpstr (model->net_profile, ==, "fine");
  g_assert_cmpuint (model->steps->len, ==, 3);
  g_assert_cmpint (g_array_index (model->steps, PmtModelSteps, 1).steps, ==,
                   20);
  g_assert_cmpstr (model->high_sampler, ==, "dpmpp-2m-sde");
  g_assert_cmpstr (model->enhancer_prompt, ==, "high detail");
  g_assert_cmpstr (
      g_array_index (model->mapping, PmtModelMapping, 0).service_name, ==,
      "guidance_scale");
}

static void
test_conditions (void)
{
  g_autoptr (PmtModel) model = parse_fixture ("good-full.json", NULL);
  g_autoptr (PmtParams) params = pmt_params_new ();

  g_assert_true (pmt_model_param_applies (model, "strength", params));
  pmt_params_set_string (params, "resolution", "4K");
  g_assert_false (pmt_model_param_applies (model, "strength", params));
  pmt_params_set_string (params, "resolution", "2K");
  g_assert_true (pmt_model_param_applies (model, "strength", params));
  pmt_params_set_bool (params, "web-search", TRUE);
  g_assert_false (pmt_model_param_applies (model, "strength", params));
}

/* In English: tests/i18n has them in German. */
static void
test_texts (void)
{
  g_autoptr (PmtModel) model = parse_fixture ("good-full.json", NULL);
  const PmtParamSpec *cfg = pmt_model_find_param (model, "cfg");
  const PmtParamSpec *steps = pmt_model_find_param (model, "steps");
  const PmtParamSpec *resolution = pmt_model_find_param (model, "resolution");

  g_assert_cmpstr (pmt_model_get_name (model), ==, "Full model");
  g_assert_cmpstr (pmt_param_spec_get_label (steps), ==, "Steps");
  g_assert_cmpstr (pmt_param_spec_get_help (steps), ==, "How many steps.");
  g_assert_cmpstr (pmt_param_spec_get_unit (steps), ==, "steps");
  g_assert_cmpstr (pmt_param_spec_get_help (cfg), ==, "");
  g_assert_cmpstr (pmt_param_spec_get_unit (cfg), ==, "");
  g_assert_cmpstr (pmt_param_spec_get_choice_label (resolution, 2), ==,
                   "Large");
}

/* The shipped model: what the main job relies on. */
static void
test_shipped (void)
{
  const gchar *data = g_getenv ("PENTIMENTO_TEST_DATA");
  g_autofree gchar *folder = g_build_filename (data, "catalog", NULL);
  g_autoptr (GPtrArray) models =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_model_free);
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  const PmtModel *model;

  pmt_catalog_load (folder, models, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  model = pmt_catalog_find (models, "patch-fill");
  g_assert_nonnull (model);
  g_assert_true (pmt_model_is_default_for (model, PMT_OPERATION_REMOVE));
  g_assert_true (pmt_model_is_default_for (model, PMT_OPERATION_EXPAND));
  for (guint i = 0; i < model->params->len; i++)
    {
      const PmtParamSpec *spec = model->params->pdata[i];

      g_assert_cmpuint (strlen (spec->label), >, 0);
      g_assert_true (g_str_has_suffix (spec->help, "."));
    }
}

/* -------------------------------------------------------------- folders -- */

typedef struct
{
  gchar *root;
  gchar *catalog;
} Folder;

static void
folder_set_up (Folder *folder, gconstpointer data)
{
  folder->root = g_dir_make_tmp ("pentimento-catalog-XXXXXX", NULL);
  g_assert_nonnull (folder->root);
  folder->catalog = g_build_filename (folder->root, "catalog", NULL);
  g_assert_cmpint (g_mkdir (folder->catalog, 0700), ==, 0);
}

static void
folder_tear_down (Folder *folder, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (folder->catalog, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder->catalog, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder->catalog);
  g_rmdir (folder->root);
  g_free (folder->catalog);
  g_free (folder->root);
}

/* A copy of a fixture under another name, with another id. */
static void
folder_add (Folder *folder,
            const gchar *fixture,
            const gchar *name,
            const gchar *id)
{
  gsize length;
  g_autofree gchar *text = read_fixture (fixture, &length);
  g_auto (GStrv) parts = g_strsplit (text, "test-model", 2);
  g_autofree gchar *changed = g_strjoinv (id, parts);
  g_autofree gchar *path = g_build_filename (folder->catalog, name, NULL);

  g_assert_true (g_file_set_contents (path, changed, -1, NULL));
}

static PmtEngine *
folder_engine (Folder *folder)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  PmtEngine *engine;

  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = folder->root;
  engine = pmt_engine_new_with_backends (
      &options, g_ptr_array_new_with_free_func (g_object_unref), &error);
  g_assert_no_error (error);
  return engine;
}

static void
test_folder_broken (Folder *folder, gconstpointer data)
{
  g_autoptr (PmtEngine) engine = NULL;
  GPtrArray *problems;
  const PmtProblem *problem;

  folder_add (folder, "good-minimal.json", "a.json", "mine-a");
  folder_add (folder, "broken-syntax.json", "b.json", "mine-b");
  folder_add (folder, "good-minimal.json", "c.json", "mine-c");
  folder_add (folder, "broken-syntax.json", "schema.json", "mine-d");
  folder_add (folder, "broken-syntax.json", ".hidden.json", "mine-e");
  folder_add (folder, "broken-syntax.json", "notes.txt", "mine-f");
  engine = folder_engine (folder);
  g_assert_nonnull (pmt_engine_find_model (engine, "patch-fill"));
  g_assert_nonnull (pmt_engine_find_model (engine, "mine-a"));
  g_assert_nonnull (pmt_engine_find_model (engine, "mine-c"));
  problems = pmt_engine_list_problems (engine);
  g_assert_cmpuint (problems->len, ==, 1);
  problem = problems->pdata[0];
  g_assert_true (g_str_has_suffix (problem->name, "b.json"));
  g_assert_true (g_str_has_prefix (problem->message, problem->name));
  g_assert_nonnull (strstr (problem->message, ", line 4, column 3: "));
}

static void
test_folder_same_id (Folder *folder, gconstpointer data)
{
  g_autoptr (PmtEngine) engine = NULL;
  GPtrArray *problems;
  const PmtModel *model;

  folder_add (folder, "good-minimal.json", "a.json", "patch-fill");
  engine = folder_engine (folder);
  model = pmt_engine_find_model (engine, "patch-fill");
  g_assert_cmpstr (pmt_model_get_backend (model), ==, "fill");
  problems = pmt_engine_list_problems (engine);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_nonnull (strstr (((PmtProblem *)problems->pdata[0])->message,
                            "“patch-fill” already"));
}

static void
test_folder_not_a_file (Folder *folder, gconstpointer data)
{
  g_autofree gchar *path =
      g_build_filename (folder->catalog, "folder.json", NULL);
  g_autofree gchar *broken_link =
      g_build_filename (folder->catalog, "link.json", NULL);
  g_autoptr (GFile) link = g_file_new_for_path (broken_link);
  g_autoptr (PmtEngine) engine = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (g_file_make_symbolic_link (link, "/nonexistent", NULL, NULL));
  engine = folder_engine (folder);
  g_assert_cmpuint (pmt_engine_list_problems (engine)->len, ==, 2);
  g_assert_nonnull (pmt_engine_find_model (engine, "patch-fill"));
}

static void
test_folder_order (Folder *folder, gconstpointer data)
{
  g_autoptr (PmtEngine) engine = folder_engine (folder);
  g_autoptr (GPtrArray) all = pmt_engine_list_models (engine, -1);
  const guint n_shipped = all->len;
  g_autoptr (GPtrArray) edit =
      pmt_engine_list_models (engine, PMT_OPERATION_EDIT);
  const guint n_edit = edit->len;

  folder_add (folder, "good-minimal.json", "a.json", "mine-a");
  folder_add (folder, "good-full.json", "z.json", "");
  pmt_engine_unref (engine);
  engine = folder_engine (folder);
  g_ptr_array_unref (all);
  all = pmt_engine_list_models (engine, -1);
  g_ptr_array_unref (edit);
  edit = pmt_engine_list_models (engine, PMT_OPERATION_EDIT);
  g_assert_cmpuint (all->len, ==, n_shipped + 2);
  g_assert_cmpuint (edit->len, ==, n_edit + 2);
  /* The default comes first, whatever its file is called. */
  g_assert_cmpstr (pmt_model_get_id (edit->pdata[0]), ==, "full.model_1-x");
  g_assert_cmpstr (pmt_model_get_id (edit->pdata[n_edit + 1]), ==, "mine-a");
}

/* ----------------------------------------------------------------- cost -- */

static gboolean
look_up (const gchar *name, PmtCostValue *value, gpointer data)
{
  if (g_str_equal (name, "x"))
    value->number = 3.0;
  else if (g_str_equal (name, "size"))
    {
      value->text = "4K";
      value->text_length = 2;
    }
  else
    return FALSE;
  return TRUE;
}

static void
test_cost_values (void)
{
  static const struct
  {
    const gchar *formula;
    gdouble value;
  } cases[] = {
    { "1 + 2 * 3", 7 },
    { "(1 + 2) * 3", 9 },
    { "10 - 4 - 3", 3 },
    { "12 / 2 / 3", 2 },
    { "--x", 3 },
    { "5 + -x", 2 },
    { " ceil ( 1.2 ) + floor(2.9) ", 4 },
    { "max(x, 5) + min(x, 5)", 8 },
    { "x < 3 ? 1 : x <= 3 ? 2 : 4", 2 },
    { "x > 2", 1 },
    { "x >= 4", 0 },
    { "x != 3", 0 },
    { "x == 3 ? 0.25 : 1 / 0", 0.25 },
    { "size == '4K' ? 2 : 1", 2 },
    { "size != '4K' ? 2 : 1", 1 },
    { "size == '4' ? 2 : 1", 1 },
    { "1e2", 100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PmtCost *cost = pmt_cost_new (cases[i].formula);
      g_autofree gchar *reason = NULL;
      gdouble value = -1.0;

      if (!pmt_cost_evaluate (cost, look_up, NULL, &value, &reason))
        g_error ("%s: %s", cases[i].formula, reason);
      g_assert_cmpfloat_with_epsilon (value, cases[i].value, 1e-12);
      pmt_cost_free (cost);
    }
}

static void
test_cost_faults (void)
{
  g_autofree gchar *deep = g_strnfill (400, '(');
  g_autofree gchar *minus = g_strnfill (400, '-');
  const gchar *const bad[] = {
    "",         "1 +",        "1 2",       "y",     "x(",    "sin(1)",
    "max(1)",   "ceil(1, 2)", "1 / 0",     "-1",    "'4K'",  "size",
    "size + 1", "size < 2",   "size == 4", "1 ? 2", "'open", "x == 3 ? 1 : y",
    "1e999",    "0 / 0",      "(1",        "1)",    "$",     deep,
    minus,
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      PmtCost *cost = pmt_cost_new (bad[i]);
      g_autofree gchar *reason = NULL;
      gdouble value = -7.0;

      if (pmt_cost_evaluate (cost, look_up, NULL, &value, &reason))
        g_error ("“%s” gives %g", bad[i], value);
      g_assert_nonnull (reason);
      g_assert_cmpfloat (value, ==, -7.0);
      pmt_cost_free (cost);
    }
}

static void
test_cost_of_model (void)
{
  g_autoptr (PmtModel) model = parse_fixture ("good-full.json", NULL);
  g_autoptr (PmtParams) params = pmt_params_new ();
  g_autoptr (GError) error = NULL;
  gdouble credits = -1.0;

  g_assert_true (
      pmt_model_get_cost (model, params, 1500, 1000, 0, &credits, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (credits, ==, 2.0);
  pmt_params_set_int (params, "count", 3);
  pmt_params_set_string (params, "resolution", "4K");
  pmt_params_set_bool (params, "web-search", TRUE);
  g_assert_true (
      pmt_model_get_cost (model, params, 1500, 1000, 0, &credits, &error));
  g_assert_cmpfloat (credits, ==, 12.5);
}

#define ADD(path, function)                                                    \
  g_test_add (path, Folder, NULL, folder_set_up, function, folder_tear_down)

int
main (int argc, char **argv)
{
  /* Buffers only: without GEGL's operations the start is quick, and what
   * their modules leak stays out of sanitizer runs. */
  g_setenv ("GEGL_PATH", "/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalog/fixtures", test_fixtures);
  g_test_add_func ("/catalog/positions", test_positions);
  g_test_add_func ("/catalog/locate", test_locate);
  g_test_add_func ("/catalog/escapes", test_escapes);
  g_test_add_func ("/catalog/hostile", test_hostile);
  g_test_add_func ("/catalog/full", test_full);
  g_test_add_func ("/catalog/conditions", test_conditions);
  g_test_add_func ("/catalog/texts", test_texts);
  g_test_add_func ("/catalog/shipped", test_shipped);
  g_test_add_func ("/catalog/cost/values", test_cost_values);
  g_test_add_func ("/catalog/cost/faults", test_cost_faults);
  g_test_add_func ("/catalog/cost/model", test_cost_of_model);
  ADD ("/catalog/folder/broken", test_folder_broken);
  ADD ("/catalog/folder/same-id", test_folder_same_id);
  ADD ("/catalog/folder/not-a-file", test_folder_not_a_file);
  ADD ("/catalog/folder/order", test_folder_order);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-choose-model.c: which model runs a request that names none. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "pentimento.h"

/* A model that takes a prompt; "fill" would not know what to do with it. */
#define PROMPTED                                                               \
  "{ \"id\": \"prompted\", \"name\": \"Prompted\", \"family\": \"test\", "     \
  "\"backend\": \"fill\", \"operations\": [\"expand\"], "                      \
  "\"license\": \"CC0-1.0\", \"parameters\": [ { \"name\": \"prompt\", "       \
  "\"type\": \"string\", \"default\": \"\", \"max\": 100, "                    \
  "\"label\": \"Prompt\", \"help\": \"What it shows.\" } ] }"

/* A checkpoint that comes with Pentimento; it is opened when it runs. */
#define BUNDLE                                                                 \
  "{ \"id\": \"%s\", \"name\": \"Bundled\", \"family\": \"test\", "            \
  "\"license\": \"CC0-1.0\", \"folders\": { \"generate\": \"base\", "          \
  "\"expand\": \"%s\" } }"

/* @data_dir: has the real catalog and nothing else */
typedef struct
{
  gchar *data_dir;
  gchar *user_dir;
  PmtEngine *engine;
} Fixture;

static void
open_engine (Fixture *fixture)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  options.data_dir = fixture->data_dir;
  options.user_dir = fixture->user_dir;
  g_clear_pointer (&fixture->engine, pmt_engine_unref);
  fixture->engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
}

static void
assert_sound (Fixture *fixture)
{
  g_assert_cmpuint (pmt_engine_list_problems (fixture->engine)->len, ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const gchar *real = g_getenv ("PENTIMENTO_TEST_DATA");
  g_autoptr (GError) error = NULL;
  g_autofree gchar *catalog = g_build_filename (real, "catalog", NULL);
  g_autofree gchar *link = NULL;

  fixture->data_dir = g_dir_make_tmp ("pentimento-data-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->user_dir = g_dir_make_tmp ("pentimento-choose-XXXXXX", &error);
  g_assert_no_error (error);
  link = g_build_filename (fixture->data_dir, "catalog", NULL);
  g_assert_cmpint (symlink (catalog, link), ==, 0);
  open_engine (fixture);
  assert_sound (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const gchar *const names[] = { "models/bundled/bundle.json",
                                        "models/bundled", "models", "catalog" };
  g_autofree gchar *folder =
      g_build_filename (fixture->user_dir, "catalog", NULL);
  g_autofree gchar *file = g_build_filename (folder, "prompted.json", NULL);

  g_clear_pointer (&fixture->engine, pmt_engine_unref);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *path =
          g_build_filename (fixture->data_dir, names[i], NULL);

      g_remove (path);
    }
  g_unlink (file);
  g_rmdir (folder);
  g_rmdir (fixture->user_dir);
  g_rmdir (fixture->data_dir);
  g_free (fixture->user_dir);
  g_free (fixture->data_dir);
}

static void
write_bundle (Fixture *fixture, const gchar *text)
{
  g_autofree gchar *folder =
      g_build_filename (fixture->data_dir, "models", "bundled", NULL);
  g_autofree gchar *file = g_build_filename (folder, "bundle.json", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (file, text, -1, &error);
  g_assert_no_error (error);
  open_engine (fixture);
}

static void
add_bundle (Fixture *fixture, const gchar *id, const gchar *folder)
{
  g_autofree gchar *text = g_strdup_printf (BUNDLE, id, folder);

  write_bundle (fixture, text);
}

static void
add_prompted (Fixture *fixture)
{
  g_autofree gchar *folder =
      g_build_filename (fixture->user_dir, "catalog", NULL);
  g_autofree gchar *file = g_build_filename (folder, "prompted.json", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir (folder, 0700);
  g_file_set_contents (file, PROMPTED, -1, &error);
  g_assert_no_error (error);
  open_engine (fixture);
  assert_sound (fixture);
}

static void
assert_chosen (Fixture *fixture, const PmtRequest *request, const gchar *id)
{
  const PmtModel *model = pmt_engine_choose_model (fixture->engine, request);

  g_assert_cmpstr (model ? pmt_model_get_id (model) : NULL, ==, id);
}

/* The one problem, with code and parts of its message. */
static void
assert_missing (Fixture *fixture, const PmtRequest *request, const gchar *part)
{
  g_autofree gchar *folder =
      g_build_filename (fixture->user_dir, "models", "checkpoints", NULL);
  g_autoptr (GPtrArray) problems =
      pmt_engine_validate (fixture->engine, request);
  const PmtProblem *problem = problems->pdata[0];

  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpstr (problem->name, ==, "model");
  g_assert_cmpint (problem->code, ==, PMT_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (problem->message, folder));
  g_assert_nonnull (strstr (problem->message, part));
}

static PmtRequest *
new_request (PmtOperation operation, const gchar *prompt)
{
  PmtRequest *request = pmt_request_new (operation);

  if (operation != PMT_OPERATION_GENERATE)
    pmt_request_set_source (request, NULL, GEGL_RECTANGLE (0, 0, 40, 30));
  if (prompt)
    pmt_params_set_string (pmt_request_params (request), "prompt", prompt);
  return request;
}

static void
test_usual (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) plain = new_request (PMT_OPERATION_EXPAND, NULL);
  g_autoptr (PmtRequest) empty = new_request (PMT_OPERATION_EXPAND, "");

  assert_chosen (fixture, plain, "patch-fill");
  assert_chosen (fixture, empty, "patch-fill");
  add_prompted (fixture);
  assert_chosen (fixture, plain, "patch-fill");
  assert_chosen (fixture, empty, "patch-fill");
}

static void
test_prompt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_EXPAND, "a red jacket");

  assert_chosen (fixture, request, NULL);
  assert_missing (fixture, request, "leave the prompt empty");
  add_prompted (fixture);
  assert_chosen (fixture, request, "prompted");
}

static void
test_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_EXPAND, "a red jacket");

  pmt_request_set_model (request, "patch-fill");
  assert_chosen (fixture, request, "patch-fill");
  pmt_request_set_model (request, "no-such-model");
  assert_chosen (fixture, request, NULL);
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "a red jacket");

  assert_chosen (fixture, request, NULL);
  assert_missing (fixture, request, "Generate");
}

/* Behind all that a user has put in. */
static void
test_bundle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) generate =
      new_request (PMT_OPERATION_GENERATE, "a red jacket");
  g_autoptr (PmtRequest) plain = new_request (PMT_OPERATION_EXPAND, "");
  g_autoptr (PmtRequest) expand =
      new_request (PMT_OPERATION_EXPAND, "a red jacket");
  g_autoptr (PmtRequest) edit = new_request (PMT_OPERATION_EDIT, "make it red");
  g_autofree gchar *path =
      g_build_filename (fixture->data_dir, "models", "bundled", NULL);
  const PmtModel *model;

  add_bundle (fixture, "bundled", "painting");
  assert_sound (fixture);
  assert_chosen (fixture, generate, "bundled");
  assert_chosen (fixture, plain, "patch-fill");
  assert_chosen (fixture, expand, "bundled");
  assert_chosen (fixture, edit, NULL);
  model = pmt_engine_find_model (fixture->engine, "bundled");
  g_assert_cmpstr (pmt_model_get_name (model), ==, "Bundled");
  g_assert_cmpstr (pmt_model_get_path (model), ==, path);
  g_assert_nonnull (pmt_model_find_param (model, "cfg"));
  add_prompted (fixture);
  assert_chosen (fixture, expand, "prompted");
  assert_chosen (fixture, generate, "bundled");
}

/* Told when it is used: the folder is not there. */
static void
test_bundle_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "a red jacket");
  g_autoptr (GPtrArray) problems = NULL;
  const PmtProblem *problem;

  add_bundle (fixture, "bundled", "painting");
  problems = pmt_engine_validate (fixture->engine, request);
  g_assert_cmpuint (problems->len, ==, 1);
  problem = problems->pdata[0];
  g_assert_nonnull (strstr (problem->message, "base"));
}

static void
test_bundle_bad (Fixture *fixture, gconstpointer data)
{
  static const gchar *const texts[] = {
    "", "[]", "{ \"id\": \"a\" }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"folders\": { \"paint\": \"base\" } }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"folders\": { \"generate\": \"../b\" } }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"folders\": { \"generate\": 3 } }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"folders\": {}, \"run\": \"x\" }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"folders\": {} }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"folders\": { \"generate\": \"base\", "
    "\"upscale\": \"base\" } }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"sampler\": \"none\", "
    "\"folders\": { \"generate\": \"base\" } }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"schedule\": \"none\", "
    "\"folders\": { \"generate\": \"base\" } }",
    "{ \"id\": \"a\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"cfg\": -3, "
    "\"folders\": { \"generate\": \"base\" } }",
    /* The name of a model that is there. */
    "{ \"id\": \"patch-fill\", \"name\": \"A\", \"family\": \"f\", "
    "\"license\": \"MIT\", \"folders\": { \"generate\": \"base\" } }"
  };
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "a red jacket");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const GPtrArray *problems;
      const PmtProblem *problem;

      write_bundle (fixture, texts[i]);
      problems = pmt_engine_list_problems (fixture->engine);
      g_assert_cmpuint (problems->len, ==, 1);
      problem = problems->pdata[0];
      g_assert_cmpint (problem->code, ==, PMT_ERROR_MANIFEST);
      g_assert_nonnull (strstr (problem->message, "bundle.json"));
      assert_chosen (fixture, request, NULL);
    }
}

#define ADD(path, function)                                                    \
  g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/choose-model/usual", test_usual);
  ADD ("/choose-model/prompt", test_prompt);
  ADD ("/choose-model/named", test_named);
  ADD ("/choose-model/none", test_none);
  ADD ("/choose-model/bundle", test_bundle);
  ADD ("/choose-model/bundle-gone", test_bundle_gone);
  ADD ("/choose-model/bundle-bad", test_bundle_bad);
  return g_test_run ();
}

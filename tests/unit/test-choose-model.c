/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-choose-model.c: which model runs a request that names none. */
#include <glib/gstdio.h>
#include <string.h>

#include "pentimento.h"

/* A model that takes a prompt; "fill" would not know what to do with it. */
#define PROMPTED                                                               \
  "{ \"id\": \"prompted\", \"name\": \"Prompted\", \"family\": \"test\", "     \
  "\"backend\": \"fill\", \"operations\": [\"expand\"], "                      \
  "\"license\": \"CC0-1.0\", \"parameters\": [ { \"name\": \"prompt\", "       \
  "\"type\": \"string\", \"default\": \"\", \"max\": 100, "                    \
  "\"label\": \"Prompt\", \"help\": \"What it shows.\" } ] }"

typedef struct
{
  gchar *user_dir;
  PmtEngine *engine;
} Fixture;

static void
open_engine (Fixture *fixture)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = fixture->user_dir;
  g_clear_pointer (&fixture->engine, pmt_engine_unref);
  fixture->engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pmt_engine_list_problems (fixture->engine)->len, ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->user_dir = g_dir_make_tmp ("pentimento-choose-XXXXXX", &error);
  g_assert_no_error (error);
  open_engine (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *folder =
      g_build_filename (fixture->user_dir, "catalog", NULL);
  g_autofree gchar *file = g_build_filename (folder, "prompted.json", NULL);

  g_clear_pointer (&fixture->engine, pmt_engine_unref);
  g_unlink (file);
  g_rmdir (folder);
  g_rmdir (fixture->user_dir);
  g_free (fixture->user_dir);
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
  return g_test_run ();
}

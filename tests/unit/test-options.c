/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-options.c: config.json: what computes, threads, memory. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "onnx/provider.h"
#include "pentimento.h"

typedef struct
{
  gchar *folder;
  gchar *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("pentimento-options-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "config.json", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static gboolean
load (Fixture *fixture,
      const gchar *text,
      PmtEngineOptions *options,
      GError **error)
{
  options->user_dir = fixture->folder;
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  return pmt_engine_options_load (options, error);
}

static void
test_read (Fixture *fixture, gconstpointer data)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  PmtEngineOptions set = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  load (fixture, "{}", &options, &error);
  g_assert_no_error (error);
  g_assert_null (options.compute);
  g_assert_cmpint (options.threads, ==, 0);
  g_assert_cmpuint (options.memory, ==, 0);
  load (fixture, "{\"compute\": \"cuda\", \"threads\": 3, \"memory_mb\": 512}",
        &options, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (options.compute, ==, "cuda");
  g_assert_cmpint (options.threads, ==, 3);
  g_assert_cmpuint (options.memory, ==, 512u << 20);

  /* What the caller set goes before. */
  set.compute = "cpu";
  set.threads = 2;
  set.memory = 1 << 20;
  load (fixture, "{\"compute\": \"cuda\", \"threads\": 3, \"memory_mb\": 512}",
        &set, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (set.compute, ==, "cpu");
  g_assert_cmpint (set.threads, ==, 2);
  g_assert_cmpuint (set.memory, ==, 1 << 20);
}

static void
test_bad (Fixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "{\"compute\": 1}",
    "{\"compute\": null}",
    "{\"threads\": -1}",
    "{\"threads\": 1025}",
    "{\"threads\": 1.5}",
    "{\"threads\": \"2\"}",
    "{\"memory_mb\": -1}",
    "{\"memory_mb\": 1e300}",
    "{\"memory_mb\": 1000001}",
    "{\"threads\": true}",
    "{\"spending\": {\"run\": 5}, \"threads\": -1}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
      g_autoptr (GError) error = NULL;

      g_assert_false (load (fixture, bad[i], &options, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
      g_assert_nonnull (strstr (error->message, "line 1"));
      g_assert_null (options.compute);
      g_assert_cmpint (options.threads, ==, 0);
      g_assert_cmpfloat (options.max_run_cost, <, 0.0);
    }
}

/* The name reaches the sessions; without one it is "auto". */
static void
test_engine (Fixture *fixture, gconstpointer data)
{
  const gchar *const names[][2] = { { NULL, "auto" },
                                    { "cpu", "cpu" },
                                    { "cuda", "cuda" } };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
      g_autoptr (PmtEngine) engine = NULL;
      g_autoptr (GError) error = NULL;

      options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
      options.compute = names[i][0];
      engine = pmt_engine_new (&options, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (pmt_provider_get_default (), ==, names[i][1]);
    }
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) names = pmt_compute_list ();

  g_assert_cmpstr (names[0], ==, "cpu");
  for (gint i = 0; names[i] != NULL; i++)
    g_assert_cmpuint (strlen (pmt_compute_label (names[i])), >, 0);
  g_assert_cmpstr (pmt_compute_label ("cuda"), ==, "CUDA");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/options/read", Fixture, NULL, set_up, test_read, tear_down);
  g_test_add ("/options/bad", Fixture, NULL, set_up, test_bad, tear_down);
  g_test_add ("/options/engine", Fixture, NULL, set_up, test_engine, tear_down);
  g_test_add ("/options/list", Fixture, NULL, set_up, test_list, tear_down);
  return g_test_run ();
}

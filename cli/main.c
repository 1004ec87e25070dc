/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * main.c: `pentimento`, the engine without GIMP.
 * Exit status: 0; 1 with one sentence on standard error; 2 for wrong usage.
 */
#include "config.h"

#include <gegl.h>
#include <glib/gi18n-lib.h>
#include <locale.h>

#include "faces.h"
#include "history.h"
#include "library-log.h"
#include "options.h"
#include "pentimento.h"
#include "presets.h"
#include "report-models.h"
#include "report.h"
#include "request-args.h"
#include "run-job.h"
#include "services.h"
#include "store.h"

static gint
fail (const GError *error)
{
  g_printerr ("pentimento: %s\n", error->message);
  return 1;
}

static PmtEngine *
open_engine (const Options *options, GError **error)
{
  g_autofree gchar *user_dir = pmt_default_user_dir ();
  PmtEngineOptions engine_options = PMT_ENGINE_OPTIONS_INIT;
  PmtEngine *engine;

  engine_options.data_dir = g_getenv ("PENTIMENTO_DATA");
  engine_options.user_dir = user_dir;
  engine_options.compute = options->compute;
  engine_options.threads = options->threads;
  engine_options.memory = (guint64)options->memory << 20;
  if (!pmt_engine_options_load (&engine_options, error))
    return NULL;
  engine = pmt_engine_new (&engine_options, error);

  if (engine)
    {
      GPtrArray *problems = pmt_engine_list_problems (engine);

      for (guint i = 0; i < problems->len; i++)
        {
          const PmtProblem *problem = g_ptr_array_index (problems, i);

          g_printerr ("pentimento: %s\n", problem->message);
        }
    }
  return engine;
}

static gint
verb_run (PmtEngine *engine, const Options *options)
{
  g_autoptr (GError) error = NULL;

  return run_job (engine, options, &error) ? 0 : fail (error);
}

static gint
verb_estimate (PmtEngine *engine, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtRequest) request =
      request_from_options (engine, options, &error);
  g_auto (GStrv) notes = NULL;
  PmtEstimate estimate;

  if (!request || !pmt_engine_estimate (engine, request, &estimate, &error))
    return fail (error);
  notes = pmt_engine_list_notes (engine, request);
  report_estimate (&estimate, (const gchar *const *)notes, options->is_json);
  return 0;
}

static gint
verb_models (PmtEngine *engine, const Options *options)
{
  g_autofree gchar *user_dir = pmt_default_user_dir ();
  g_autofree gchar *folder =
      g_build_filename (user_dir, "models", "checkpoints", NULL);

  report_models (engine, folder, options->is_json);
  return 0;
}

static gint
run_verb (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtEngine) engine = open_engine (options, &error);

  if (!engine)
    return fail (error);
  if (g_str_equal (options->verb, "models"))
    return verb_models (engine, options);
  if (services_is_verb (options->verb))
    return services_run (engine, options, &error) ? 0 : fail (error);
  if (g_str_equal (options->verb, "history"))
    return history_run (engine, options, &error) ? 0 : fail (error);
  if (g_str_equal (options->verb, "presets"))
    return presets_run (engine, options, &error) ? 0 : fail (error);
  if (g_str_equal (options->verb, "store"))
    return store_run (engine, options, &error) ? 0 : fail (error);
  if (g_str_equal (options->verb, "faces"))
    return faces_run (engine, options, &error) ? 0 : fail (error);
  if (g_str_equal (options->verb, "estimate"))
    return verb_estimate (engine, options);
  return verb_run (engine, options);
}

gint
main (gint argc, gchar **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Options) options = NULL;
  gint status;

  pmt_environment_prepare ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PMT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  if (argc == 2 && g_str_equal (argv[1], "--version"))
    {
      g_print ("pentimento %s\n", pmt_version ());
      return 0;
    }
  if (argc == 2 && g_str_equal (argv[1], "--help"))
    {
      g_print ("%s", options_usage ());
      return 0;
    }

  options = options_parse (argc, argv, &error);
  if (!options)
    {
      g_printerr ("pentimento: %s\n\n%s", error->message, options_usage ());
      return 2;
    }

  library_log_init ();
  gegl_init (NULL, NULL);
  report_reset_peak_memory ();
  status = run_verb (options);
  gegl_exit ();
  return status;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * main.c: `pentimento`, the engine without GIMP.
 * Exit status: 0; 1 with one sentence on standard error; 2 for wrong usage.
 */
#include "config.h"

#include <gegl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "pentimento.h"
#include "picture-file.h"
#include "report.h"
#include "request-args.h"

typedef struct
{
  GMainLoop *loop;
  GAsyncResult *result;
} Waiting;

static gint
fail (const GError *error)
{
  g_printerr ("pentimento: %s\n", error->message);
  return 1;
}

/* File loaders warn on their own when a file is damaged; the user gets one
 * sentence instead.  G_MESSAGES_DEBUG=all shows everything. */
static GLogWriterOutput
write_log (GLogLevelFlags level,
           const GLogField *fields,
           gsize n_fields,
           gpointer user_data)
{
  const GLogLevelFlags always =
      G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL;

  if (!(level & always) && !g_getenv ("G_MESSAGES_DEBUG"))
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, user_data);
}

static PmtEngine *
open_engine (const Options *options, GError **error)
{
  g_autofree gchar *user_dir = pmt_default_user_dir ();
  PmtEngineOptions engine_options = PMT_ENGINE_OPTIONS_INIT;
  PmtEngine *engine;

  engine_options.data_dir = g_getenv ("PENTIMENTO_DATA");
  engine_options.user_dir = user_dir;
  engine_options.threads = options->threads;
  engine_options.memory = (guint64)options->memory << 20;
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

static void
show_progress (const gchar *stage,
               gdouble fraction,
               GeglBuffer *preview,
               gpointer user_data)
{
  g_printerr ("\r\033[K%3.0f %% %s", 100.0 * fraction, stage);
}

static gboolean
interrupted (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

static void
run_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;

  waiting->result = g_object_ref (result);
  g_main_loop_quit (waiting->loop);
}

/* Ctrl+C cancels: the engine stops within a second, no file is written. */
static PmtResult *
run_request (PmtEngine *engine,
             const PmtRequest *request,
             const Options *options,
             GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean is_shown = !options->is_quiet && isatty (STDERR_FILENO);
  Waiting waiting = { loop, NULL };
  guint signal_int = g_unix_signal_add (SIGINT, interrupted, cancellable);
  guint signal_term = g_unix_signal_add (SIGTERM, interrupted, cancellable);
  PmtResult *result;

  pmt_engine_run_async (engine, request, is_shown ? show_progress : NULL, NULL,
                        cancellable, run_done, &waiting);
  g_main_loop_run (loop);
  if (is_shown)
    g_printerr ("\r\033[K");

  result = pmt_engine_run_finish (waiting.result, error);
  g_object_unref (waiting.result);
  g_source_remove (signal_int);
  g_source_remove (signal_term);
  return result;
}

/* "photo.png" for candidate 0, then "photo-2.png", "photo-3.png", ... */
static gchar *
candidate_path (const gchar *path, guint candidate)
{
  const gchar *dot = strrchr (path, '.');

  if (candidate == 0)
    return g_strdup (path);
  return g_strdup_printf ("%.*s-%u%s", (gint)(dot - path), path, candidate + 1,
                          dot);
}

/* The flat picture with every item of one seed on it. */
static GeglBuffer *
flatten (const PmtRequest *request,
         const PmtResult *result,
         guint32 seed,
         GError **error)
{
  GeglBuffer *source = pmt_request_get_source (request);
  g_autoptr (GeglBuffer) flat = NULL;
  GeglRectangle canvas;

  pmt_result_get_canvas (result, &canvas);
  flat = gegl_buffer_new (&canvas, gegl_buffer_get_format (source));
  gegl_buffer_copy (source, NULL, GEGL_ABYSS_NONE, flat,
                    gegl_buffer_get_extent (source));

  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    if (pmt_result_get_seed (result, i) == seed
        && !pmt_result_composite (result, i, flat, error))
      return NULL;
  return g_steal_pointer (&flat);
}

static gboolean
is_first_of_seed (const PmtResult *result, guint i)
{
  for (guint k = 0; k < i; k++)
    if (pmt_result_get_seed (result, k) == pmt_result_get_seed (result, i))
      return FALSE;
  return TRUE;
}

static gchar **
save_candidates (const PmtRequest *request,
                 const PmtResult *result,
                 const gchar *path,
                 GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      g_autofree gchar *name = candidate_path (path, names->len);
      g_autoptr (GeglBuffer) flat = NULL;

      if (!is_first_of_seed (result, i))
        continue;
      flat = flatten (request, result, pmt_result_get_seed (result, i), error);
      if (!flat || !picture_file_save (flat, name, error))
        return NULL;
      g_ptr_array_add (names, g_steal_pointer (&name));
    }

  g_ptr_array_add (names, NULL);
  return (gchar **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static gint
verb_run (PmtEngine *engine, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_auto (GStrv) names = NULL;
  PmtEstimate estimate = { 0 };
  gint64 start = g_get_monotonic_time ();
  gdouble seconds;

  if (!picture_file_check_saver (options->out, &error))
    return fail (error);
  request = request_from_options (engine, options, &error);
  if (!request)
    return fail (error);
  result = run_request (engine, request, options, &error);
  if (!result || !pmt_engine_estimate (engine, request, &estimate, &error))
    return fail (error);
  names = save_candidates (request, result, options->out, &error);
  if (!names)
    return fail (error);

  seconds = (g_get_monotonic_time () - start) / (gdouble)G_USEC_PER_SEC;
  report_run (result, names, estimate.credits, seconds, options->is_json);
  return 0;
}

static gint
verb_estimate (PmtEngine *engine, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtRequest) request =
      request_from_options (engine, options, &error);
  PmtEstimate estimate;

  if (!request || !pmt_engine_estimate (engine, request, &estimate, &error))
    return fail (error);
  report_estimate (&estimate, options->is_json);
  return 0;
}

static gint
verb_models (PmtEngine *engine, const Options *options)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, -1);

  report_models (models, options->is_json);
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

  g_log_set_writer_func (write_log, NULL, NULL);
  gegl_init (NULL, NULL);
  status = run_verb (options);
  gegl_exit ();
  return status;
}

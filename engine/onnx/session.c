/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session.c: an ONNX network that is loaded and ready to run. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/provider.h"
#include "onnx/session-made.h"
#include "onnx/session-private.h"
#include "onnx/session-values.h"

PmtLoaded *
pmt_loaded_ref (PmtLoaded *loaded)
{
  g_atomic_ref_count_inc (&loaded->ref_count);
  return loaded;
}

void
pmt_loaded_unref (PmtLoaded *loaded)
{
  if (loaded == NULL || !g_atomic_ref_count_dec (&loaded->ref_count))
    return;
  pmt_ort_free_session (loaded->ort);
  pmt_values_free (loaded->values);
  pmt_made_free (loaded->made);
  g_free (loaded);
}

const gchar *
pmt_loaded_name (const PmtLoaded *loaded)
{
  return loaded->provider != NULL ? loaded->provider->name : "cpu";
}

static PmtSession *
session_new (const PmtRuntime *runtime,
             GBytes *model,
             const gchar *name,
             const PmtSessionOptions *options)
{
  PmtSession *session = g_new0 (PmtSession, 1);

  g_atomic_ref_count_init (&session->ref_count);
  g_mutex_init (&session->mutex);
  session->runtime = runtime;
  session->name = g_strdup (name);
  session->model = g_bytes_ref (model);
  session->folder = g_strdup (options->folder);
  session->threads = MAX (options->threads, 1);
  session->optimization = options->optimization;
  session->disabled = g_strdup (options->disabled);
  session->has_no_packing = options->has_no_packing;
  session->keeps_memory = options->keeps_memory;
  if (options->initializers != NULL)
    session->initializers = g_ptr_array_ref (options->initializers);
  return session;
}

static gboolean
check_memory (PmtSession *session, guint64 limit, GError **error)
{
  guint64 need = pmt_scan_estimate_memory (session->scan);
  g_autofree gchar *need_text = g_format_size (need);
  g_autofree gchar *limit_text = g_format_size (limit);

  if (limit == 0 || need <= limit)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("The network “%s” needs about %s of memory, and %s may be "
                  "used. Close other programs or choose a smaller network."),
               session->name, need_text, limit_text);
  return FALSE;
}

static gboolean
check_trust (PmtSession *session,
             const PmtSessionOptions *options,
             GError **error)
{
  if (options->is_trusted)
    return TRUE;
  return options->allows_data_files && session->folder != NULL
             ? pmt_scan_check_data_files (session->scan, session->folder,
                                          session->name, error)
             : pmt_scan_check_untrusted (session->scan, session->name, error);
}

/* The bytes that are judged are those that are loaded: a file that is replaced
 * in between does not get past. */
static gboolean
judge (PmtSession *session, const PmtSessionOptions *options, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (session->model, &size);

  session->scan = pmt_scan_read (data, size, session->name, error);
  return session->scan != NULL && check_trust (session, options, error)
         && check_memory (session, options->memory, error);
}

static PmtLoaded *
try_provider (PmtSession *session,
              PmtLoaded *cpu,
              const PmtProvider *provider,
              const PmtSessionOptions *options,
              GError **error)
{
  g_autoptr (PmtLoaded) loaded = pmt_session_load (session, provider, error);

  if (loaded == NULL
      || !pmt_session_self_test (session, cpu, loaded, options->sample,
                                 options->n_sample, error))
    return NULL;
  return g_steal_pointer (&loaded);
}

/* The first candidate that gives the results of the CPU, else the CPU. */
static PmtLoaded *
choose (PmtSession *session,
        PmtLoaded *cpu,
        const GPtrArray *candidates,
        const PmtSessionOptions *options)
{
  for (guint i = 0; i < candidates->len; i++)
    {
      const PmtProvider *provider = candidates->pdata[i];
      g_autoptr (GError) error = NULL;
      PmtLoaded *loaded =
          try_provider (session, cpu, provider, options, &error);

      if (loaded != NULL)
        {
          g_clear_pointer (&session->fallback, g_free);
          return loaded;
        }
      g_debug ("%s: %s: %s", session->name, provider->name, error->message);
      /* That of the best one is told. */
      if (session->fallback == NULL)
        session->fallback = g_strdup_printf (
            _ ("The network runs on the CPU, because %s can't be used: %s"),
            provider->label, error->message);
    }
  return pmt_loaded_ref (cpu);
}

PmtSession *
pmt_session_open_with (GBytes *model,
                       const gchar *name,
                       const PmtSessionOptions *options,
                       const GPtrArray *candidates,
                       const gchar *reason,
                       GError **error)
{
  const PmtRuntime *runtime = pmt_runtime_get (error);
  g_autoptr (PmtSession) session = NULL;
  g_autoptr (PmtLoaded) cpu = NULL;

  if (runtime == NULL)
    return NULL;
  session = session_new (runtime, model, name, options);
  if (!judge (session, options, error))
    return NULL;
  cpu = pmt_session_load (session, NULL, error);
  if (cpu == NULL || !pmt_session_read_infos (session, cpu, error))
    return NULL;
  session->fallback = g_strdup (reason);
  session->loaded = choose (session, cpu, candidates, options);
  return g_steal_pointer (&session);
}

PmtSession *
pmt_session_open_bytes (GBytes *model,
                        const gchar *name,
                        const PmtSessionOptions *options,
                        GError **error)
{
  const PmtRuntime *runtime = pmt_runtime_get (error);
  g_autoptr (GPtrArray) candidates = NULL;
  g_autofree gchar *reason = NULL;
  const gchar *provider = options->provider != NULL
                              ? options->provider
                              : pmt_provider_get_default ();

  if (runtime == NULL)
    return NULL;
  if (g_str_equal (provider, "cpu"))
    candidates = g_ptr_array_new ();
  else
    candidates = pmt_provider_candidates (runtime, provider, &reason);
  return pmt_session_open_with (model, name, options, candidates, reason,
                                error);
}

PmtSession *
pmt_session_open (const gchar *path,
                  const PmtSessionOptions *options,
                  GError **error)
{
  g_autofree gchar *name = g_filename_display_name (path);
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autoptr (GError) local = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &local);
  g_autoptr (GBytes) model = NULL;
  PmtSessionOptions adapted = *options;

  if (file == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The network “%s” can't be read: %s"), name,
                   local->message);
      return NULL;
    }
  if (adapted.folder == NULL)
    adapted.folder = folder;
  model = g_mapped_file_get_bytes (file);
  return pmt_session_open_bytes (model, name, &adapted, error);
}

PmtSession *
pmt_session_ref (PmtSession *session)
{
  g_atomic_ref_count_inc (&session->ref_count);
  return session;
}

void
pmt_session_unref (PmtSession *session)
{
  if (session == NULL || !g_atomic_ref_count_dec (&session->ref_count))
    return;
  pmt_loaded_unref (session->loaded);
  g_clear_pointer (&session->initializers, g_ptr_array_unref);
  g_clear_pointer (&session->inputs, g_ptr_array_unref);
  g_clear_pointer (&session->outputs, g_ptr_array_unref);
  pmt_scan_free (session->scan);
  g_bytes_unref (session->model);
  g_mutex_clear (&session->mutex);
  g_free (session->fallback);
  g_free (session->folder);
  g_free (session->disabled);
  g_free (session->name);
  g_free (session);
}

guint
pmt_session_get_n_inputs (PmtSession *session)
{
  return session->inputs->len;
}

guint
pmt_session_get_n_outputs (PmtSession *session)
{
  return session->outputs->len;
}

const PmtTensorInfo *
pmt_session_get_input (PmtSession *session, guint i)
{
  return g_ptr_array_index (session->inputs, i);
}

const PmtTensorInfo *
pmt_session_get_output (PmtSession *session, guint i)
{
  return g_ptr_array_index (session->outputs, i);
}

const gchar *
pmt_session_get_metadata (PmtSession *session, const gchar *key)
{
  return g_hash_table_lookup (session->scan->metadata, key);
}

const gchar *
pmt_session_get_provider (PmtSession *session)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&session->mutex);

  return pmt_loaded_name (session->loaded);
}

const gchar *
pmt_session_get_fallback (PmtSession *session)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&session->mutex);

  return session->fallback;
}

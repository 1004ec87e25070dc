/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session.c: an ONNX network that is loaded and ready to run. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/session-private.h"
#include "onnx/status.h"

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
  g_free (loaded);
}

static OrtSessionOptions *
make_options (PmtSession *session, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtSessionOptions) options = NULL;

  if (!pmt_status_check (api, api->CreateSessionOptions (&options),
                         session->name, error)
      || !pmt_status_check (
          api, api->SetIntraOpNumThreads (options, MAX (session->threads, 1)),
          session->name, error)
      || !pmt_status_check (
          api, api->SetSessionGraphOptimizationLevel (options, ORT_ENABLE_ALL),
          session->name, error))
    return NULL;
  return g_steal_pointer (&options);
}

PmtLoaded *
pmt_session_load (PmtSession *session, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtSessionOptions) options = make_options (session, error);
  OrtSession *ort = NULL;
  PmtLoaded *loaded;
  gsize size;
  gconstpointer data = g_bytes_get_data (session->model, &size);

  if (options == NULL
      || !pmt_status_check (api,
                            api->CreateSessionFromArray (session->runtime->env,
                                                         data, size, options,
                                                         &ort),
                            session->name, error))
    return NULL;
  loaded = g_new0 (PmtLoaded, 1);
  g_atomic_ref_count_init (&loaded->ref_count);
  loaded->ort = ort;
  loaded->provider = "cpu";
  return loaded;
}

PmtSession *
pmt_session_open_bytes (GBytes *model,
                        const gchar *name,
                        const PmtSessionOptions *options,
                        GError **error)
{
  const PmtRuntime *runtime = pmt_runtime_get (error);
  g_autoptr (PmtSession) session = NULL;

  if (runtime == NULL)
    return NULL;
  session = g_new0 (PmtSession, 1);
  g_atomic_ref_count_init (&session->ref_count);
  g_mutex_init (&session->mutex);
  session->runtime = runtime;
  session->name = g_strdup (name);
  session->model = g_bytes_ref (model);
  session->threads = options->threads;
  session->metadata =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  session->loaded = pmt_session_load (session, error);
  if (session->loaded == NULL
      || !pmt_session_read_infos (session, session->loaded, error))
    return NULL;
  return g_steal_pointer (&session);
}

PmtSession *
pmt_session_open (const gchar *path,
                  const PmtSessionOptions *options,
                  GError **error)
{
  g_autofree gchar *name = g_filename_display_name (path);
  g_autoptr (GError) local = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &local);
  g_autoptr (GBytes) model = NULL;

  if (file == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The network \"%s\" can't be read: %s"), name,
                   local->message);
      return NULL;
    }
  model = g_mapped_file_get_bytes (file);
  return pmt_session_open_bytes (model, name, options, error);
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
  g_clear_pointer (&session->inputs, g_ptr_array_unref);
  g_clear_pointer (&session->outputs, g_ptr_array_unref);
  g_clear_pointer (&session->metadata, g_hash_table_unref);
  g_bytes_unref (session->model);
  g_mutex_clear (&session->mutex);
  g_free (session->fallback);
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
  return g_hash_table_lookup (session->metadata, key);
}

const gchar *
pmt_session_get_provider (PmtSession *session)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&session->mutex);

  return session->loaded->provider;
}

const gchar *
pmt_session_get_fallback (PmtSession *session)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&session->mutex);

  return session->fallback;
}

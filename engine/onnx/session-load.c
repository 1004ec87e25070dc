/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-load.c: makes a session of ONNX Runtime. */
#include "config.h"

#include "onnx/session-private.h"
#include "onnx/status.h"

static gboolean
add_config (PmtSession *session,
            OrtSessionOptions *options,
            const gchar *key,
            const gchar *value,
            GError **error)
{
  const OrtApi *api = session->runtime->api;

  return pmt_status_check (api,
                           api->AddSessionConfigEntry (options, key, value),
                           session->name, error);
}

static gboolean
set_threads (PmtSession *session, OrtSessionOptions *options, GError **error)
{
  const OrtApi *api = session->runtime->api;

  return pmt_status_check (
      api, api->SetIntraOpNumThreads (options, session->threads), session->name,
      error);
}

static OrtSessionOptions *
make_options (PmtSession *session, const PmtProvider *provider, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtSessionOptions) options = NULL;

  if (!pmt_status_check (api, api->CreateSessionOptions (&options),
                         session->name, error)
      || !set_threads (session, options, error)
      || !pmt_status_check (
          api, api->SetSessionGraphOptimizationLevel (options, ORT_ENABLE_ALL),
          session->name, error)
      || (session->folder != NULL
          && !add_config (
              session, options,
              "session.model_external_initializers_file_folder_path",
              session->folder, error))
      || (provider != NULL
          && !pmt_status_check (
              api, provider->append (provider, session->runtime, options),
              session->name, error)))
    return NULL;
  return g_steal_pointer (&options);
}

PmtLoaded *
pmt_session_load (PmtSession *session,
                  const PmtProvider *provider,
                  GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtSessionOptions) options =
      make_options (session, provider, error);
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
  loaded->provider = provider;
  return loaded;
}

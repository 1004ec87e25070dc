/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-load.c: makes a session of ONNX Runtime. */
#include "config.h"

#include "onnx/session-made.h"
#include "onnx/session-private.h"
#include "onnx/session-values.h"
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

static GraphOptimizationLevel
get_level (const PmtSession *session)
{
  switch (session->optimization)
    {
    case PMT_OPTIMIZE_EXTENDED:
      return ORT_ENABLE_EXTENDED;
    case PMT_OPTIMIZE_BASIC:
      return ORT_ENABLE_BASIC;
    case PMT_OPTIMIZE_NONE:
      return ORT_DISABLE_ALL;
    default:
      return ORT_ENABLE_ALL;
    }
}

/* Threads that wait do not spin: where other programs work as well, spinning
 * took time from the threads that compute (two cores under load, restore-1x:
 * 0.9 against 1.1 s at 512 x 512 pixels, 0.02 against 0.06 s at 96 x 96).
 * Weights are allocated one by one: the arena rounds up to powers of two,
 * which was a third more memory for 370 MB of them. */
static gboolean
configure (PmtSession *session, OrtSessionOptions *options, GError **error)
{
  const OrtApi *api = session->runtime->api;

  return pmt_status_check (
             api, api->SetIntraOpNumThreads (options, session->threads),
             session->name, error)
         && pmt_status_check (api,
                              api->SetSessionGraphOptimizationLevel (
                                  options, get_level (session)),
                              session->name, error)
         && add_config (session, options, "session.intra_op.allow_spinning",
                        "0", error)
         && add_config (session, options,
                        "session.use_device_allocator_for_initializers", "1",
                        error);
}

/* What is kept between runs is found again piece by piece; a pattern would
 * want all of it as one piece beside that. */
static gboolean
set_memory (PmtSession *session, OrtSessionOptions *options, GError **error)
{
  const OrtApi *api = session->runtime->api;

  return !session->keeps_memory
         || pmt_status_check (api, api->DisableMemPattern (options),
                              session->name, error);
}

static gboolean
set_folder (PmtSession *session, OrtSessionOptions *options, GError **error)
{
  return session->folder == NULL
         || add_config (session, options,
                        "session.model_external_initializers_file_folder_path",
                        session->folder, error);
}

static gboolean
set_weights_use (PmtSession *session,
                 OrtSessionOptions *options,
                 GError **error)
{
  return (session->disabled == NULL
          || add_config (session, options,
                         "optimization.disable_specified_optimizers",
                         session->disabled, error))
         && (!session->has_no_packing
             || add_config (session, options, "session.disable_prepacking", "1",
                            error));
}

static gboolean
set_provider (PmtSession *session,
              const PmtProvider *provider,
              OrtSessionOptions *options,
              GError **error)
{
  gboolean is_set;

  if (provider == NULL)
    return TRUE;
  is_set =
      pmt_status_check (session->runtime->api,
                        provider->append (provider, session->runtime, options),
                        session->name, error);
  pmt_provider_keep_libraries ();
  return is_set;
}

static OrtSessionOptions *
make_options (PmtSession *session, const PmtProvider *provider, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtSessionOptions) options = NULL;

  if (!pmt_status_check (api, api->CreateSessionOptions (&options),
                         session->name, error)
      || !configure (session, options, error)
      || !set_memory (session, options, error)
      || !set_folder (session, options, error)
      || !set_weights_use (session, options, error)
      || !set_provider (session, provider, options, error))
    return NULL;
  return g_steal_pointer (&options);
}

static PmtValues *
make_values (PmtSession *session,
             const PmtProvider *provider,
             OrtSessionOptions *options,
             GError **error)
{
  g_autoptr (PmtValues) values =
      pmt_values_new (session, provider == NULL, error);

  return values != NULL && pmt_values_give (values, options, error)
             ? g_steal_pointer (&values)
             : NULL;
}

static gboolean
has_made (const PmtSession *session)
{
  for (guint i = 0;
       session->initializers != NULL && i < session->initializers->len; i++)
    if (((PmtInitializer *)session->initializers->pdata[i])->use
        == PMT_USE_EACH_RUN)
      return TRUE;
  return FALSE;
}

/* @made: (out) (nullable) */
static gboolean
make_made (PmtSession *session,
           OrtSessionOptions *options,
           PmtMade **made,
           GError **error)
{
  if (!has_made (session))
    return TRUE;
  *made = pmt_made_new (session, error);
  return *made != NULL && pmt_made_give (*made, options, error);
}

PmtLoaded *
pmt_session_load (PmtSession *session,
                  const PmtProvider *provider,
                  GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtSessionOptions) options =
      make_options (session, provider, error);
  g_autoptr (PmtValues) values = NULL;
  g_autoptr (PmtMade) made = NULL;
  g_autoptr (OrtSession) ort = NULL;
  PmtLoaded *loaded;
  gsize size;
  gconstpointer data = g_bytes_get_data (session->model, &size);

  if (options == NULL)
    return NULL;
  values = make_values (session, provider, options, error);
  if (values == NULL || !make_made (session, options, &made, error)
      || !pmt_status_check (api,
                            api->CreateSessionFromArray (session->runtime->env,
                                                         data, size, options,
                                                         &ort),
                            session->name, error)
      || !pmt_values_finish (values, error))
    return NULL;
  loaded = g_new0 (PmtLoaded, 1);
  g_atomic_ref_count_init (&loaded->ref_count);
  loaded->ort = g_steal_pointer (&ort);
  loaded->values = g_steal_pointer (&values);
  loaded->made = g_steal_pointer (&made);
  loaded->provider = provider;
  return loaded;
}

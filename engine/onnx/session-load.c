/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-load.c: makes a session of ONNX Runtime. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/session-private.h"
#include "onnx/status.h"
#include "onnx/tensor.h"

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
  return provider == NULL
         || pmt_status_check (
             session->runtime->api,
             provider->append (provider, session->runtime, options),
             session->name, error);
}

static OrtSessionOptions *
make_options (PmtSession *session, const PmtProvider *provider, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtSessionOptions) options = NULL;

  if (!pmt_status_check (api, api->CreateSessionOptions (&options),
                         session->name, error)
      || !configure (session, options, error)
      || !set_folder (session, options, error)
      || !set_weights_use (session, options, error)
      || !set_provider (session, provider, options, error))
    return NULL;
  return g_steal_pointer (&options);
}

static OrtValue *
make_value (PmtSession *session, const PmtInitializer *from, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtValue) value = NULL;
  OrtAllocator *allocator;
  gsize bytes = 0;
  void *values;

  if (!pmt_tensor_count (from->dims, from->rank,
                         pmt_tensor_type_size (from->type), &bytes))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The tensor “%s” of the network “%s” has no usable "
                      "size."),
                   from->name, session->name);
      return NULL;
    }
  if (!pmt_status_check (api, api->GetAllocatorWithDefaultOptions (&allocator),
                         session->name, error)
      || !pmt_status_check (
          api,
          api->CreateTensorAsOrtValue (
              allocator, from->dims, (size_t)from->rank,
              (ONNXTensorElementDataType)pmt_tensor_type_to_onnx (from->type),
              &value),
          session->name, error)
      || !pmt_status_check (api, api->GetTensorMutableData (value, &values),
                            session->name, error)
      || !from->fill (values, bytes, from->data, error))
    return NULL;
  return g_steal_pointer (&value);
}

/* @values: takes those that were made; the session shares them, so they are
 * let go once it is made. */
static gboolean
add_initializers (PmtSession *session,
                  OrtSessionOptions *options,
                  GPtrArray *values,
                  GError **error)
{
  const OrtApi *api = session->runtime->api;

  for (guint i = 0;
       session->initializers != NULL && i < session->initializers->len; i++)
    {
      const PmtInitializer *from = session->initializers->pdata[i];
      OrtValue *value = make_value (session, from, error);

      if (value == NULL)
        return FALSE;
      g_ptr_array_add (values, value);
      if (!pmt_status_check (api,
                             api->AddInitializer (options, from->name, value),
                             session->name, error))
        return FALSE;
    }
  return TRUE;
}

PmtLoaded *
pmt_session_load (PmtSession *session,
                  const PmtProvider *provider,
                  GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (GPtrArray) values =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_ort_free_value);
  g_autoptr (OrtSessionOptions) options =
      make_options (session, provider, error);
  OrtSession *ort = NULL;
  PmtLoaded *loaded;
  gsize size;
  gconstpointer data = g_bytes_get_data (session->model, &size);

  if (options == NULL || !add_initializers (session, options, values, error)
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

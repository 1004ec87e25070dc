/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-run.c: one run of a network. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/session-private.h"
#include "onnx/status.h"
#include "onnx/tensor.h"

/* One run: what is given to ONNX Runtime and what comes back. */
typedef struct
{
  PmtSession *session;
  guint n_inputs;
  const gchar **input_names;
  OrtValue **inputs;
  guint n_outputs;
  const gchar **output_names;
  OrtValue **outputs;
} Run;

static void
free_values (OrtValue **values, guint n)
{
  for (guint i = 0; values != NULL && i < n; i++)
    if (values[i] != NULL)
      pmt_ort_free_value (values[i]);
  g_free (values);
}

static void
run_clear (Run *run)
{
  free_values (run->inputs, run->n_inputs);
  free_values (run->outputs, run->n_outputs);
  g_free (run->input_names);
  g_free (run->output_names);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

void
pmt_tensor_clear (PmtTensor *tensor)
{
  if (tensor->owner != NULL)
    pmt_ort_free_value (tensor->owner);
  tensor->owner = NULL;
  tensor->data = NULL;
}

static gboolean
wrap_input (Run *run, guint i, const PmtTensor *tensor, GError **error)
{
  const PmtRuntime *runtime = run->session->runtime;
  gsize bytes = 0;

  pmt_tensor_count (tensor->dims, tensor->rank,
                    pmt_tensor_type_size (tensor->type), &bytes);
  run->input_names[i] = tensor->name;
  return pmt_status_check (
      runtime->api,
      runtime->api->CreateTensorWithDataAsOrtValue (
          runtime->memory_info, tensor->data, bytes, tensor->dims,
          (size_t)tensor->rank,
          (ONNXTensorElementDataType)pmt_tensor_type_to_onnx (tensor->type),
          &run->inputs[i]),
      run->session->name, error);
}

static gboolean
prepare (Run *run,
         const PmtTensor *inputs,
         const PmtTensor *outputs,
         GError **error)
{
  run->input_names = g_new0 (const gchar *, run->n_inputs);
  run->inputs = g_new0 (OrtValue *, run->n_inputs);
  run->output_names = g_new0 (const gchar *, run->n_outputs);
  run->outputs = g_new0 (OrtValue *, run->n_outputs);
  for (guint i = 0; i < run->n_inputs; i++)
    if (!wrap_input (run, i, &inputs[i], error))
      return FALSE;
  for (guint i = 0; i < run->n_outputs; i++)
    run->output_names[i] = outputs[i].name;
  return TRUE;
}

/* Thread: that which cancels. */
static void
terminate (GCancellable *cancellable, OrtRunOptions *options)
{
  const PmtRuntime *runtime = pmt_runtime_get (NULL);

  pmt_status_check (runtime->api,
                    runtime->api->RunOptionsSetTerminate (options), "cancel",
                    NULL);
}

static OrtRunOptions *
make_run_options (PmtSession *session, gboolean keeps, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtRunOptions) options = NULL;

  if (!pmt_status_check (api, api->CreateRunOptions (&options), session->name,
                         error)
      || (!keeps
          && !pmt_status_check (
              api,
              api->AddRunConfigEntry (
                  options, "memory.enable_memory_arena_shrinkage", "cpu:0"),
              session->name, error)))
    return NULL;
  return g_steal_pointer (&options);
}

static gboolean
run_loaded (Run *run,
            PmtLoaded *loaded,
            gboolean keeps,
            GCancellable *cancellable,
            GError **error)
{
  const OrtApi *api = run->session->runtime->api;
  g_autoptr (OrtRunOptions) options =
      make_run_options (run->session, keeps, error);
  OrtStatus *status;
  gulong handler = 0;

  if (options == NULL)
    return FALSE;
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (terminate),
                                     options, NULL);
  status = api->Run (loaded->ort, options, run->input_names,
                     (const OrtValue *const *)run->inputs, run->n_inputs,
                     run->output_names, run->n_outputs, run->outputs);
  /* Waits for a terminate() that is under way: the options stay until then. */
  g_cancellable_disconnect (cancellable, handler);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      api->ReleaseStatus (status);
      return FALSE;
    }
  return pmt_status_check (api, status, run->session->name, error);
}

static gboolean
take_output (Run *run, guint i, PmtTensor *output, GError **error)
{
  const OrtApi *api = run->session->runtime->api;
  g_autoptr (OrtTensorTypeAndShapeInfo) info = NULL;
  ONNXTensorElementDataType type;
  size_t rank;
  void *data;

  if (!pmt_status_check (api,
                         api->GetTensorTypeAndShape (run->outputs[i], &info),
                         run->session->name, error)
      || !pmt_status_check (api, api->GetTensorElementType (info, &type),
                            run->session->name, error)
      || !pmt_status_check (api, api->GetDimensionsCount (info, &rank),
                            run->session->name, error))
    return FALSE;
  if (rank > PMT_TENSOR_MAX_RANK)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("Output “%s” of the network “%s” has %u dimensions; "
                      "at most %d are supported."),
                   output->name, run->session->name, (guint)rank,
                   PMT_TENSOR_MAX_RANK);
      return FALSE;
    }
  if (!pmt_status_check (api, api->GetDimensions (info, output->dims, rank),
                         run->session->name, error)
      || !pmt_status_check (api,
                            api->GetTensorMutableData (run->outputs[i], &data),
                            run->session->name, error))
    return FALSE;
  output->type = pmt_tensor_type_from_onnx (type);
  output->rank = (gint)rank;
  output->data = data;
  return TRUE;
}

gboolean
pmt_session_run_loaded (PmtSession *session,
                        PmtLoaded *loaded,
                        const PmtTensor *inputs,
                        guint n_inputs,
                        PmtTensor *outputs,
                        guint n_outputs,
                        gboolean keeps,
                        GCancellable *cancellable,
                        GError **error)
{
  g_auto (Run) run = { session, n_inputs };
  g_autofree PmtTensor *taken =
      g_memdup2 (outputs, n_outputs * sizeof *outputs);

  run.n_outputs = n_outputs;
  if (!prepare (&run, inputs, outputs, error)
      || !run_loaded (&run, loaded, keeps, cancellable, error))
    return FALSE;
  for (guint i = 0; i < n_outputs; i++)
    if (!take_output (&run, i, &taken[i], error))
      return FALSE;
  for (guint i = 0; i < n_outputs; i++)
    {
      outputs[i] = taken[i];
      outputs[i].owner = g_steal_pointer (&run.outputs[i]);
    }
  return TRUE;
}

static PmtLoaded *
get_loaded (PmtSession *session)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&session->mutex);

  return pmt_loaded_ref (session->loaded);
}

/* Several runs may fail at once: the first one changes over. */
static PmtLoaded *
change_to_cpu (PmtSession *session,
               PmtLoaded *failed,
               const GError *reason,
               GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&session->mutex);
  PmtLoaded *cpu;

  if (session->loaded != failed)
    return pmt_loaded_ref (session->loaded);
  cpu = pmt_session_load (session, NULL, error);
  if (cpu == NULL)
    return NULL;
  g_free (session->fallback);
  session->fallback = g_strdup_printf (
      _ ("The network changed over to the CPU, because a run with %s failed: "
         "%s"),
      failed->provider->label, reason->message);
  g_debug ("%s: %s", session->name, session->fallback);
  pmt_loaded_unref (session->loaded);
  session->loaded = pmt_loaded_ref (cpu);
  return cpu;
}

static gboolean
run_once (PmtSession *session,
          const PmtTensor *inputs,
          guint n_inputs,
          PmtTensor *outputs,
          guint n_outputs,
          gboolean keeps,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (PmtLoaded) loaded = NULL;
  g_autoptr (PmtLoaded) cpu = NULL;
  g_autoptr (GError) local = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !pmt_session_check_call (session, inputs, n_inputs, outputs, n_outputs,
                                  error))
    return FALSE;
  loaded = get_loaded (session);
  if (pmt_session_run_loaded (session, loaded, inputs, n_inputs, outputs,
                              n_outputs, keeps, cancellable, &local))
    return TRUE;
  if (loaded->provider == NULL
      || g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  cpu = change_to_cpu (session, loaded, local, error);
  return cpu != NULL
         && pmt_session_run_loaded (session, cpu, inputs, n_inputs, outputs,
                                    n_outputs, keeps, cancellable, error);
}

gboolean
pmt_session_run (PmtSession *session,
                 const PmtTensor *inputs,
                 guint n_inputs,
                 PmtTensor *outputs,
                 guint n_outputs,
                 GCancellable *cancellable,
                 GError **error)
{
  return run_once (session, inputs, n_inputs, outputs, n_outputs, FALSE,
                   cancellable, error);
}

gboolean
pmt_session_run_keeping (PmtSession *session,
                         const PmtTensor *inputs,
                         guint n_inputs,
                         PmtTensor *outputs,
                         guint n_outputs,
                         GCancellable *cancellable,
                         GError **error)
{
  g_return_val_if_fail (session->keeps_memory, FALSE);
  return run_once (session, inputs, n_inputs, outputs, n_outputs, TRUE,
                   cancellable, error);
}

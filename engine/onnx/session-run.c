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

static const PmtTensorInfo *
find_info (const GPtrArray *infos, const gchar *name)
{
  for (guint i = 0; i < infos->len; i++)
    {
      const PmtTensorInfo *info = infos->pdata[i];

      if (g_strcmp0 (info->name, name) == 0)
        return info;
    }
  return NULL;
}

static gboolean
has_named (const PmtTensor *tensors, guint n, const gchar *name)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (tensors[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
shape_fits (const PmtTensorInfo *info, const PmtTensor *tensor)
{
  if (!info->has_shape)
    return TRUE;
  if (info->rank != tensor->rank)
    return FALSE;
  for (gint i = 0; i < info->rank; i++)
    if (info->dims[i] >= 0 && info->dims[i] != tensor->dims[i])
      return FALSE;
  return TRUE;
}

static gboolean
check_input (PmtSession *session, const PmtTensor *tensor, GError **error)
{
  const PmtTensorInfo *info = find_info (session->inputs, tensor->name);
  g_autofree gchar *wanted = NULL;
  g_autofree gchar *given = NULL;

  if (info == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The network \"%s\" has no input \"%s\"."), session->name,
                   tensor->name);
      return FALSE;
    }
  if (info->type != tensor->type || info->type == PMT_TENSOR_OTHER)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("Input \"%s\" of the network \"%s\" takes %s values, "
                      "not %s."),
                   info->name, session->name, pmt_tensor_type_name (info->type),
                   pmt_tensor_type_name (tensor->type));
      return FALSE;
    }
  if (shape_fits (info, tensor))
    return TRUE;
  wanted = pmt_tensor_shape_text (info->dims, info->rank);
  given = pmt_tensor_shape_text (tensor->dims, tensor->rank);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("Input \"%s\" of the network \"%s\" takes the shape %s, "
                  "not %s."),
               info->name, session->name, wanted, given);
  return FALSE;
}

static gboolean
check_names (PmtSession *session,
             const PmtTensor *inputs,
             guint n_inputs,
             const PmtTensor *outputs,
             guint n_outputs,
             GError **error)
{
  for (guint i = 0; i < session->inputs->len; i++)
    {
      const PmtTensorInfo *info = session->inputs->pdata[i];

      if (!has_named (inputs, n_inputs, info->name))
        {
          g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                       _ ("The network \"%s\" needs a value for its input "
                          "\"%s\"."),
                       session->name, info->name);
          return FALSE;
        }
    }
  for (guint i = 0; i < n_inputs; i++)
    if (has_named (inputs, i, inputs[i].name))
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_INTERNAL,
                     _ ("Input \"%s\" of the network \"%s\" was given twice."),
                     inputs[i].name, session->name);
        return FALSE;
      }
  for (guint i = 0; i < n_outputs; i++)
    if (find_info (session->outputs, outputs[i].name) == NULL)
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                     _ ("The network \"%s\" has no output \"%s\"."),
                     session->name, outputs[i].name);
        return FALSE;
      }
  return TRUE;
}

static gboolean
wrap_input (Run *run, guint i, const PmtTensor *tensor, GError **error)
{
  const PmtRuntime *runtime = run->session->runtime;
  gsize bytes;

  if (tensor->rank < 0 || tensor->rank > PMT_TENSOR_MAX_RANK
      || !check_input (run->session, tensor, error))
    return FALSE;
  if (!pmt_tensor_count (tensor->dims, tensor->rank,
                         pmt_tensor_type_size (tensor->type), &bytes))
    {
      g_autofree gchar *shape =
          pmt_tensor_shape_text (tensor->dims, tensor->rank);

      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("Input \"%s\" of the network \"%s\" can't have the "
                      "shape %s."),
                   tensor->name, run->session->name, shape);
      return FALSE;
    }
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
  if (!check_names (run->session, inputs, run->n_inputs, outputs,
                    run->n_outputs, error))
    return FALSE;
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
make_run_options (PmtSession *session, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (OrtRunOptions) options = NULL;

  if (!pmt_status_check (api, api->CreateRunOptions (&options), session->name,
                         error)
      || !pmt_status_check (
          api,
          api->AddRunConfigEntry (
              options, "memory.enable_memory_arena_shrinkage", "cpu:0"),
          session->name, error))
    return NULL;
  return g_steal_pointer (&options);
}

static gboolean
run_loaded (Run *run,
            PmtLoaded *loaded,
            GCancellable *cancellable,
            GError **error)
{
  const OrtApi *api = run->session->runtime->api;
  g_autoptr (OrtRunOptions) options = make_run_options (run->session, error);
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
                   _ ("Output \"%s\" of the network \"%s\" has %u dimensions; "
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
pmt_session_run (PmtSession *session,
                 const PmtTensor *inputs,
                 guint n_inputs,
                 PmtTensor *outputs,
                 guint n_outputs,
                 GCancellable *cancellable,
                 GError **error)
{
  g_auto (Run) run = { session, n_inputs };
  g_autoptr (PmtLoaded) loaded = NULL;
  g_autofree PmtTensor *taken =
      g_memdup2 (outputs, n_outputs * sizeof *outputs);

  run.n_outputs = n_outputs;
  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !prepare (&run, inputs, outputs, error))
    return FALSE;
  g_mutex_lock (&session->mutex);
  loaded = pmt_loaded_ref (session->loaded);
  g_mutex_unlock (&session->mutex);
  if (!run_loaded (&run, loaded, cancellable, error))
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

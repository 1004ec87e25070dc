/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-made.c: constants that are made anew in each run: an operator of
 * our own without inputs.  Beside an operator of ONNX Runtime that widens a
 * constant, several threads work here, nothing is mapped, and a file that was
 * cut short is an error and not a crash. */
#include "config.h"

#include "onnx/session-made.h"

#include "onnx/status.h"
#include "onnx/tensor.h"

/* Bytes of a task: results stay in the cache of a core while they are made. */
#define PART ((gsize)512 << 10)

/* OrtCustomOp comes first: ONNX Runtime gives it back to us. */
struct _PmtMade
{
  OrtCustomOp op;
  const PmtRuntime *runtime;
  gchar *name;
  GPtrArray *initializers;
  OrtCustomOpDomain *domain;
};

typedef struct
{
  const OrtApi *api;
  const PmtInitializer *from; /* belongs to the list */
  gsize bytes;
} Kernel;

/* One run of the operator. */
typedef struct
{
  const Kernel *kernel;
  guint8 *values;
  GMutex mutex;
  GError *error; /* the first one */
} Work;

static OrtStatus *
new_status (const OrtApi *api, const gchar *text)
{
  return api->CreateStatus (ORT_FAIL, text);
}

static OrtStatus *
create_kernel (const OrtCustomOp *op,
               const OrtApi *api,
               const OrtKernelInfo *info,
               void **kernel)
{
  const PmtMade *made = (const PmtMade *)(gconstpointer)op;
  const PmtInitializer *from;
  int64_t index;
  gsize bytes;
  OrtStatus *status =
      api->KernelInfoGetAttribute_int64 (info, PMT_MADE_INDEX, &index);
  Kernel *created;

  if (status != NULL)
    return status;
  if (index < 0 || index >= made->initializers->len)
    return new_status (api, "no such constant");
  from = made->initializers->pdata[index];
  if (from->use != PMT_USE_EACH_RUN
      || !pmt_tensor_count (from->dims, from->rank,
                            pmt_tensor_type_size (from->type), &bytes))
    return new_status (api, "a constant without usable size");
  created = g_new0 (Kernel, 1);
  created->api = api;
  created->from = from;
  created->bytes = bytes;
  *kernel = created;
  return NULL;
}

static void
destroy_kernel (void *kernel)
{
  g_free (kernel);
}

/* Thread: any of ONNX Runtime's. */
static void
make_part (void *data, size_t part)
{
  Work *work = data;
  const Kernel *kernel = work->kernel;
  const gsize offset = part * PART;
  g_autoptr (GError) error = NULL;
  g_autoptr (GMutexLocker) locker = NULL;

  if (kernel->from->fill (work->values + offset, offset,
                          MIN (PART, kernel->bytes - offset),
                          kernel->from->data, &error))
    return;
  locker = g_mutex_locker_new (&work->mutex);
  if (work->error == NULL)
    work->error = g_steal_pointer (&error);
}

static OrtStatus *
make_all (Work *work, const OrtKernelContext *context)
{
  const Kernel *kernel = work->kernel;
  const gsize n_parts = (kernel->bytes + PART - 1) / PART;
  OrtStatus *status = NULL;

  g_mutex_init (&work->mutex);
  if (n_parts == 1)
    make_part (work, 0);
  else
    status = kernel->api->KernelContext_ParallelFor (context, make_part,
                                                     n_parts, n_parts, work);
  g_mutex_clear (&work->mutex);
  if (status == NULL && work->error != NULL)
    status = new_status (kernel->api, work->error->message);
  g_clear_error (&work->error);
  return status;
}

static OrtStatus *
compute (void *data, OrtKernelContext *context)
{
  const Kernel *kernel = data;
  Work work = { kernel };
  OrtValue *output;
  void *values;
  OrtStatus *status = kernel->api->KernelContext_GetOutput (
      context, 0, kernel->from->dims, (size_t)kernel->from->rank, &output);

  if (status == NULL)
    status = kernel->api->GetTensorMutableData (output, &values);
  if (status != NULL)
    return status;
  work.values = values;
  return make_all (&work, context);
}

/* -------------------------------------------------- what the operator is -- */

static const char *
get_name (const OrtCustomOp *op)
{
  return PMT_MADE_TYPE;
}

static const char *
get_provider (const OrtCustomOp *op)
{
  return NULL; /* the CPU */
}

static ONNXTensorElementDataType
get_type (const OrtCustomOp *op, size_t index)
{
  return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
}

static size_t
count_inputs (const OrtCustomOp *op)
{
  return 0;
}

static size_t
count_outputs (const OrtCustomOp *op)
{
  return 1;
}

static OrtCustomOpInputOutputCharacteristic
get_character (const OrtCustomOp *op, size_t index)
{
  return INPUT_OUTPUT_REQUIRED;
}

static OrtMemType
get_memory (const OrtCustomOp *op, size_t index)
{
  return OrtMemTypeDefault;
}

static const OrtCustomOp description = {
  .GetName = get_name,
  .GetExecutionProviderType = get_provider,
  .GetInputType = get_type,
  .GetInputTypeCount = count_inputs,
  .GetOutputType = get_type,
  .GetOutputTypeCount = count_outputs,
  .GetInputCharacteristic = get_character,
  .GetOutputCharacteristic = get_character,
  .GetInputMemoryType = get_memory,
  .CreateKernelV2 = create_kernel,
  .KernelComputeV2 = compute,
  .KernelDestroy = destroy_kernel,
};

/* --------------------------------------------------------------- session -- */

void
pmt_made_free (PmtMade *made)
{
  if (made == NULL)
    return;
  if (made->domain != NULL)
    made->runtime->api->ReleaseCustomOpDomain (made->domain);
  g_ptr_array_unref (made->initializers);
  g_free (made->name);
  g_free (made);
}

PmtMade *
pmt_made_new (PmtSession *session, GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (PmtMade) made = g_new0 (PmtMade, 1);

  made->op = description;
  made->op.version = session->runtime->api_version;
  made->runtime = session->runtime;
  made->name = g_strdup (session->name);
  made->initializers = g_ptr_array_ref (session->initializers);
  if (!pmt_status_check (
          api, api->CreateCustomOpDomain (PMT_MADE_DOMAIN, &made->domain),
          made->name, error)
      || !pmt_status_check (api,
                            api->CustomOpDomain_Add (made->domain, &made->op),
                            made->name, error))
    return NULL;
  return g_steal_pointer (&made);
}

gboolean
pmt_made_give (PmtMade *made, OrtSessionOptions *options, GError **error)
{
  const OrtApi *api = made->runtime->api;

  return pmt_status_check (api, api->AddCustomOpDomain (options, made->domain),
                           made->name, error);
}

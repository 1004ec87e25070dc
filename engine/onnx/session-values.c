/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-values.c: constants that are made while a session is opened. */
#include "config.h"

#include "onnx/session-values.h"

#include <glib/gi18n-lib.h>
#include <sys/mman.h>

#include "core/parallel.h"
#include "onnx/status.h"
#include "onnx/tensor.h"

typedef struct
{
  const PmtInitializer *from; /* belongs to the list */
  gpointer data;              /* NULL: freed */
  gsize bytes;
  gboolean is_late;
  gboolean is_packed;
  OrtValue *ort;
} Value;

struct _PmtValues
{
  const PmtRuntime *runtime;
  gchar *name;
  gint threads;
  GPtrArray *initializers;
  guint n;
  Value *values;
};

/* Maps memory, which comes as zeros when it is first written: what is filled
 * late takes none until then.  Asking for huge pages made it slower: finding
 * them took up to four times as long as the filling. */
static gpointer
allocate (gsize bytes)
{
  void *data = mmap (NULL, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return data != MAP_FAILED ? data : NULL;
}

static void
release (Value *value)
{
  if (value->data != NULL)
    munmap (value->data, value->bytes);
  value->data = NULL;
}

void
pmt_values_free (PmtValues *values)
{
  if (values == NULL)
    return;
  for (guint i = 0; i < values->n; i++)
    {
      if (values->values[i].ort != NULL)
        pmt_ort_free_value (values->values[i].ort);
      release (&values->values[i]);
    }
  g_free (values->values);
  g_free (values->name);
  g_clear_pointer (&values->initializers, g_ptr_array_unref);
  g_free (values);
}

gpointer
pmt_values_get (PmtValues *values, guint i)
{
  return values->values[i].data;
}

/* Those that are filled at once, by several threads. */
typedef struct
{
  GPtrArray *values; /* of Value */
  GMutex mutex;
  GError *error; /* the first one */
} Work;

static void
fill_one (gint task, gpointer data)
{
  Work *work = data;
  Value *value = work->values->pdata[task];
  g_autoptr (GError) error = NULL;
  g_autoptr (GMutexLocker) locker = NULL;

  if (value->from->fill (value->data, 0, value->bytes, value->from->data,
                         &error))
    return;
  locker = g_mutex_locker_new (&work->mutex);
  if (work->error == NULL)
    work->error = g_steal_pointer (&error);
}

static gboolean
fill (PmtValues *values, gboolean is_late, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  Work work = { list };

  for (guint i = 0; i < values->n; i++)
    if (values->values[i].is_late == is_late && values->values[i].data != NULL)
      g_ptr_array_add (list, &values->values[i]);
  g_mutex_init (&work.mutex);
  pmt_parallel_run (values->threads, (gint)list->len, fill_one, &work);
  g_mutex_clear (&work.mutex);
  if (work.error == NULL)
    return TRUE;
  g_propagate_error (error, work.error);
  return FALSE;
}

static gboolean
prepare (PmtValues *values, guint i, GError **error)
{
  const OrtApi *api = values->runtime->api;
  Value *value = &values->values[i];
  const PmtInitializer *from = values->initializers->pdata[i];

  value->from = from;
  if (from->use == PMT_USE_EACH_RUN)
    return TRUE;
  if (!pmt_tensor_count (from->dims, from->rank,
                         pmt_tensor_type_size (from->type), &value->bytes))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The tensor “%s” of the network “%s” has no usable "
                      "size."),
                   from->name, values->name);
      return FALSE;
    }
  value->data = allocate (value->bytes);
  if (value->data == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                   _ ("There is not enough memory to open the network “%s”. "
                      "Close other programs or choose a smaller network."),
                   values->name);
      return FALSE;
    }
  return pmt_status_check (
      api,
      api->CreateTensorWithDataAsOrtValue (
          values->runtime->memory_info, value->data, value->bytes, from->dims,
          (size_t)from->rank,
          (ONNXTensorElementDataType)pmt_tensor_type_to_onnx (from->type),
          &value->ort),
      values->name, error);
}

/* Only what the probe has seen is relied on. */
static void
decide (PmtValues *values, gboolean is_packing)
{
  gboolean has_any = FALSE;

  for (guint i = 0; i < values->n; i++)
    has_any = has_any || values->values[i].from->use == PMT_USE_PRODUCT
              || values->values[i].from->use == PMT_USE_CONV;
  if (!has_any)
    return;
  for (guint i = 0; i < values->n; i++)
    {
      Value *value = &values->values[i];

      value->is_packed = value->from->use == PMT_USE_PRODUCT && is_packing
                         && pmt_probe_get ()->packs_products;
      value->is_late = value->from->use == PMT_USE_CONV
                       && pmt_probe_get ()->reads_convs_late;
    }
}

PmtValues *
pmt_values_new (PmtSession *session, gboolean is_cpu, GError **error)
{
  g_autoptr (PmtValues) values = g_new0 (PmtValues, 1);

  values->runtime = session->runtime;
  values->name = g_strdup (session->name);
  values->threads = session->threads;
  if (session->initializers == NULL)
    return g_steal_pointer (&values);
  values->initializers = g_ptr_array_ref (session->initializers);
  values->values = g_new0 (Value, session->initializers->len);
  values->n = session->initializers->len;
  for (guint i = 0; i < values->n; i++)
    if (!prepare (values, i, error))
      return NULL;
  if (is_cpu)
    decide (values, !session->has_no_packing);
  return fill (values, FALSE, error) ? g_steal_pointer (&values) : NULL;
}

gboolean
pmt_values_give (PmtValues *values, OrtSessionOptions *options, GError **error)
{
  const OrtApi *api = values->runtime->api;

  for (guint i = 0; i < values->n; i++)
    {
      const Value *value = &values->values[i];

      if (value->ort != NULL
          && !pmt_status_check (
              api, api->AddInitializer (options, value->from->name, value->ort),
              values->name, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
pmt_values_finish (PmtValues *values, GError **error)
{
  for (guint i = 0; i < values->n; i++)
    if (values->values[i].is_packed)
      release (&values->values[i]);
  return fill (values, TRUE, error);
}

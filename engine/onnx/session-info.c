/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-info.c: what a loaded network says about itself. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/session-private.h"
#include "onnx/status.h"
#include "onnx/tensor.h"

static void
free_info (gpointer data)
{
  PmtTensorInfo *info = data;

  g_free (info->name);
  g_free (info);
}

/* A string that ONNX Runtime allocated. */
static gchar *
take_string (PmtSession *session, OrtAllocator *allocator, gchar *text)
{
  gchar *copy = g_strdup (text);

  pmt_status_check (session->runtime->api,
                    session->runtime->api->AllocatorFree (allocator, text),
                    session->name, NULL);
  return copy;
}

static gboolean
read_tensor_info (PmtSession *session,
                  const OrtTypeInfo *type,
                  PmtTensorInfo *info,
                  GError **error)
{
  const OrtApi *api = session->runtime->api;
  const OrtTensorTypeAndShapeInfo *tensor = NULL;
  ONNXTensorElementDataType element;
  size_t rank;

  if (!pmt_status_check (api, api->CastTypeInfoToTensorInfo (type, &tensor),
                         session->name, error))
    return FALSE;
  /* A list, a map, ...: nothing that could be given or taken here. */
  if (tensor == NULL)
    return TRUE;
  if (!pmt_status_check (api, api->GetTensorElementType (tensor, &element),
                         session->name, error)
      || !pmt_status_check (api, api->GetDimensionsCount (tensor, &rank),
                            session->name, error))
    return FALSE;
  info->type = pmt_tensor_type_from_onnx (element);
  if (rank > PMT_TENSOR_MAX_RANK)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The network “%s” has “%s” with %u dimensions; at "
                      "most %d are supported."),
                   session->name, info->name, (guint)rank, PMT_TENSOR_MAX_RANK);
      return FALSE;
    }
  info->rank = (gint)rank;
  return pmt_status_check (api, api->GetDimensions (tensor, info->dims, rank),
                           session->name, error);
}

/* ONNX Runtime tells a single number and an unknown shape alike; the file
 * does not. */
static gboolean
has_shape (const PmtSession *session, const PmtTensorInfo *info)
{
  const PmtScanValue *value = pmt_scan_find_input (session->scan, info->name);

  return info->rank > 0 || (value != NULL && value->has_shape);
}

static gboolean
read_info (PmtSession *session,
           PmtLoaded *loaded,
           gboolean is_output,
           gsize i,
           PmtTensorInfo *info,
           GError **error)
{
  const OrtApi *api = session->runtime->api;
  OrtAllocator *allocator;
  g_autoptr (OrtTypeInfo) type = NULL;
  gchar *name = NULL;

  if (!pmt_status_check (api, api->GetAllocatorWithDefaultOptions (&allocator),
                         session->name, error)
      || !pmt_status_check (
          api,
          is_output
              ? api->SessionGetOutputName (loaded->ort, i, allocator, &name)
              : api->SessionGetInputName (loaded->ort, i, allocator, &name),
          session->name, error))
    return FALSE;
  info->name = take_string (session, allocator, name);
  if (!pmt_status_check (
          api,
          is_output ? api->SessionGetOutputTypeInfo (loaded->ort, i, &type)
                    : api->SessionGetInputTypeInfo (loaded->ort, i, &type),
          session->name, error)
      || !read_tensor_info (session, type, info, error))
    return FALSE;
  info->has_shape = has_shape (session, info);
  return TRUE;
}

static GPtrArray *
read_infos (PmtSession *session,
            PmtLoaded *loaded,
            gboolean is_output,
            GError **error)
{
  const OrtApi *api = session->runtime->api;
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func (free_info);
  size_t n = 0;

  if (!pmt_status_check (api,
                         is_output
                             ? api->SessionGetOutputCount (loaded->ort, &n)
                             : api->SessionGetInputCount (loaded->ort, &n),
                         session->name, error))
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      PmtTensorInfo *info = g_new0 (PmtTensorInfo, 1);

      g_ptr_array_add (infos, info);
      if (!read_info (session, loaded, is_output, i, info, error))
        return NULL;
    }
  return g_steal_pointer (&infos);
}

gboolean
pmt_session_read_infos (PmtSession *session, PmtLoaded *loaded, GError **error)
{
  session->inputs = read_infos (session, loaded, FALSE, error);
  if (session->inputs != NULL)
    session->outputs = read_infos (session, loaded, TRUE, error);
  return session->outputs != NULL;
}

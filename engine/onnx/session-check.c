/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-check.c: what a caller gives to a network, before it runs. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/session-private.h"
#include "onnx/tensor.h"

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
check_size (PmtSession *session, const PmtTensor *tensor, GError **error)
{
  gsize bytes;
  g_autofree gchar *shape = NULL;

  if (pmt_tensor_count (tensor->dims, tensor->rank,
                        pmt_tensor_type_size (tensor->type), &bytes))
    return TRUE;
  shape = pmt_tensor_shape_text (tensor->dims, tensor->rank);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("Input “%s” of the network “%s” can't have the shape "
                  "%s."),
               tensor->name, session->name, shape);
  return FALSE;
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
                   _ ("The network “%s” has no input “%s”."), session->name,
                   tensor->name);
      return FALSE;
    }
  if (info->type != tensor->type || info->type == PMT_TENSOR_OTHER)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("Input “%s” of the network “%s” takes %s values, "
                      "not %s."),
                   info->name, session->name, pmt_tensor_type_name (info->type),
                   pmt_tensor_type_name (tensor->type));
      return FALSE;
    }
  if (tensor->rank >= 0 && tensor->rank <= PMT_TENSOR_MAX_RANK
      && shape_fits (info, tensor))
    return check_size (session, tensor, error);
  wanted = pmt_tensor_shape_text (info->dims, info->rank);
  given = pmt_tensor_shape_text (tensor->dims,
                                 CLAMP (tensor->rank, 0, PMT_TENSOR_MAX_RANK));
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("Input “%s” of the network “%s” takes the shape %s, "
                  "not %s."),
               info->name, session->name, wanted, given);
  return FALSE;
}

gboolean
pmt_session_check_call (PmtSession *session,
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
                       _ ("The network “%s” needs a value for its input "
                          "“%s”."),
                       session->name, info->name);
          return FALSE;
        }
    }
  for (guint i = 0; i < n_inputs; i++)
    if (has_named (inputs, i, inputs[i].name))
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_INTERNAL,
                     _ ("Input “%s” of the network “%s” was given twice."),
                     inputs[i].name, session->name);
        return FALSE;
      }
  for (guint i = 0; i < n_outputs; i++)
    if (find_info (session->outputs, outputs[i].name) == NULL)
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                     _ ("The network “%s” has no output “%s”."), session->name,
                     outputs[i].name);
        return FALSE;
      }
  for (guint i = 0; i < n_inputs; i++)
    if (!check_input (session, &inputs[i], error))
      return FALSE;
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* onnx-part.c: networks of a checkpoint that are .onnx files. */
#include "config.h"

#include "diffusion/onnx-part.h"

#include <math.h>
#include <string.h>

#include "diffusion/half.h"
#include "onnx/tensor.h"
#include "onnx/weights.h"

PmtSession *
pmt_onnx_open (const gchar *path,
               const PmtNetOptions *options,
               guint64 memory,
               PmtOptimization optimization,
               GError **error)
{
  PmtSessionOptions session = PMT_SESSION_OPTIONS_INIT;

  session.threads = options->threads;
  session.memory = memory;
  session.provider = options->provider;
  session.optimization = optimization;
  session.allows_data_files = TRUE;
  return pmt_session_open (path, &session, error);
}

const PmtTensorInfo *
pmt_onnx_find_input (PmtSession *session, const gchar *name)
{
  for (guint i = 0; i < pmt_session_get_n_inputs (session); i++)
    {
      const PmtTensorInfo *info = pmt_session_get_input (session, i);

      if (g_str_equal (info->name, name))
        return info;
    }
  return NULL;
}

const PmtTensorInfo *
pmt_onnx_find_output (PmtSession *session, const gchar *name)
{
  for (guint i = 0; i < pmt_session_get_n_outputs (session); i++)
    {
      const PmtTensorInfo *info = pmt_session_get_output (session, i);

      if (g_str_equal (info->name, name))
        return info;
    }
  return NULL;
}

gboolean
pmt_onnx_is_float (const PmtTensorInfo *info, gint rank)
{
  return (info->type == PMT_TENSOR_FLOAT32 || info->type == PMT_TENSOR_FLOAT16)
         && (!info->has_shape || info->rank == rank);
}

gboolean
pmt_onnx_can_be (const PmtTensorInfo *info, gint i, gint64 size)
{
  return !info->has_shape || i >= info->rank || info->dims[i] < 0
         || info->dims[i] == size;
}

static guint16
to_half (gfloat value)
{
  const gfloat rounded = pmt_half_round (value);
  guint32 bits;
  guint32 sign;

  memcpy (&bits, &rounded, sizeof bits);
  sign = bits >> 16 & 0x8000;
  bits &= 0x7fffffff;
  if (bits >= 0x7f800000)
    return (guint16)(sign | 0x7c00 | (bits > 0x7f800000 ? 0x200 : 0));
  if (bits < 0x38800000)
    return (guint16)(sign | (guint32)(fabsf (rounded) * 0x1p24f));
  return (guint16)(sign | ((bits - 0x38000000) >> 13));
}

gpointer
pmt_onnx_convert (const gfloat *values, gsize n, PmtTensorType type)
{
  gpointer made = g_malloc (n * pmt_tensor_type_size (type));

  for (gsize i = 0; i < n; i++)
    switch (type)
      {
      case PMT_TENSOR_FLOAT16:
        ((guint16 *)made)[i] = to_half (values[i]);
        break;
      case PMT_TENSOR_INT64:
        ((gint64 *)made)[i] = llroundf (values[i]);
        break;
      case PMT_TENSOR_INT32:
        ((gint32 *)made)[i] = (gint32)lroundf (values[i]);
        break;
      default:
        ((gfloat *)made)[i] = values[i];
      }
  return made;
}

gboolean
pmt_onnx_read (const PmtTensor *tensor, gsize n, gfloat *values)
{
  gsize bytes = 0;

  if (!pmt_tensor_count (tensor->dims, tensor->rank, 1, &bytes) || bytes != n)
    return FALSE;
  if (tensor->type == PMT_TENSOR_FLOAT32)
    memcpy (values, tensor->data, n * sizeof *values);
  else if (tensor->type == PMT_TENSOR_FLOAT16)
    for (gsize i = 0; i < n; i++)
      values[i] = pmt_half_to_float (((const guint16 *)tensor->data)[i]);
  else
    return FALSE;
  return TRUE;
}

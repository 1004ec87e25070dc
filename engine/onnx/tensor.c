/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tensor.c: element types, sizes and shapes of tensors. */
#include "config.h"

#include "onnx/tensor.h"

static const struct
{
  PmtTensorType type;
  gint onnx;
  gsize size;
  const gchar *name;
} types[] = {
  { PMT_TENSOR_FLOAT32, 1, 4, "float32" },
  { PMT_TENSOR_FLOAT16, 10, 2, "float16" },
  { PMT_TENSOR_UINT8, 2, 1, "uint8" },
  { PMT_TENSOR_INT64, 7, 8, "int64" },
  { PMT_TENSOR_BFLOAT16, 16, 2, "bfloat16" },
  { PMT_TENSOR_INT32, 6, 4, "int32" },
  { PMT_TENSOR_FLOAT64, 11, 8, "float64" },
};

PmtTensorType
pmt_tensor_type_from_onnx (gint type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].onnx == type)
      return types[i].type;
  return PMT_TENSOR_OTHER;
}

gint
pmt_tensor_type_to_onnx (PmtTensorType type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].onnx;
  return 0;
}

gsize
pmt_tensor_type_size (PmtTensorType type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].size;
  return 0;
}

const gchar *
pmt_tensor_type_name (PmtTensorType type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].name;
  return "other";
}

gboolean
pmt_tensor_count (const gint64 *dims, gint rank, gsize size, gsize *bytes)
{
  gsize total = size;

  for (gint i = 0; i < rank; i++)
    if (dims[i] < 1 || !g_size_checked_mul (&total, total, (gsize)dims[i])
        || total > G_MAXSSIZE)
      return FALSE;
  *bytes = total;
  return TRUE;
}

gchar *
pmt_tensor_shape_text (const gint64 *dims, gint rank)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (gint i = 0; i < rank; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      if (dims[i] < 0)
        g_string_append_c (text, '?');
      else
        g_string_append_printf (text, "%" G_GINT64_FORMAT, dims[i]);
    }
  g_string_append_c (text, ']');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
pmt_initializer_free (PmtInitializer *initializer)
{
  if (initializer == NULL)
    return;
  if (initializer->destroy != NULL)
    initializer->destroy (initializer->data);
  g_free (initializer->name);
  g_free (initializer);
}

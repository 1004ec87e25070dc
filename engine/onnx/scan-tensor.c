/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scan-tensor.c: constant tensors of a file: their bytes and where they lie. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/scan-private.h"

/* Numbers of fields: TensorProto. */
enum
{
  TENSOR_DIMS = 1,
  TENSOR_DATA_TYPE = 2,
  TENSOR_FLOAT_DATA = 4,
  TENSOR_INT32_DATA = 5,
  TENSOR_STRING_DATA = 6,
  TENSOR_INT64_DATA = 7,
  TENSOR_NAME = 8,
  TENSOR_RAW_DATA = 9,
  TENSOR_DOUBLE_DATA = 10,
  TENSOR_UINT64_DATA = 11,
  TENSOR_EXTERNAL_DATA = 13,
  TENSOR_DATA_LOCATION = 14
};

/* SparseTensorProto. */
enum
{
  SPARSE_VALUES = 1,
  SPARSE_INDICES = 2,
  SPARSE_DIMS = 3
};

#define LOCATION_EXTERNAL 1
#define TYPE_STRING 8

/* Bits of an element, by TensorProto.DataType. */
static const guint8 type_bits[] = {
  0,  32, 8,  8,  16, 16, 32,  64, 64, /* ..., STRING */
  8,  16, 64, 32, 64, 64, 128,         /* BOOL, FLOAT16, ..., COMPLEX128 */
  16, 8,  8,  8,  8,  4,  4,   4,      /* BFLOAT16, FLOAT8..., FLOAT4 */
  8,  2,  2,
};

typedef struct
{
  gint32 type;
  guint64 count; /* of elements; saturates */
  guint64 typed; /* bytes of the lists of numbers */
  guint64 raw;
  gboolean has_raw;
  gboolean is_external;
  gchar *location;
  gchar *name;
} Tensor;

static void
tensor_clear (Tensor *tensor)
{
  g_free (tensor->location);
  g_free (tensor->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tensor, tensor_clear)

static guint64
multiply (guint64 a, guint64 b)
{
  guint64 product;

  return g_uint64_checked_mul (&product, a, b) ? product : G_MAXUINT64;
}

static guint64
add (guint64 a, guint64 b)
{
  guint64 sum;

  return g_uint64_checked_add (&sum, a, b) ? sum : G_MAXUINT64;
}

/* Repeated numbers come one by one or packed. */
static gboolean
read_dims (PmtScanner *scanner, const PmtField *field, guint64 *count)
{
  PmtWire packed = field->bytes;
  guint64 dim = field->value;

  if (field->type == PMT_WIRE_VARINT)
    {
      if ((gint64)dim < 0)
        return pmt_scanner_fail_damaged (scanner);
      *count = multiply (*count, dim);
      return TRUE;
    }
  while (packed.at < packed.end)
    {
      if (!pmt_wire_next_varint (&packed, &dim) || (gint64)dim < 0)
        return pmt_scanner_fail_damaged (scanner);
      *count = multiply (*count, dim);
    }
  return TRUE;
}

static gboolean
read_external (PmtScanner *scanner, Tensor *tensor, PmtWire entry)
{
  g_autofree gchar *key = NULL;
  g_autofree gchar *value = NULL;

  if (!pmt_scanner_entry (scanner, entry, &key, &value))
    return FALSE;
  if (g_strcmp0 (key, "location") == 0)
    {
      g_free (tensor->location);
      tensor->location = g_steal_pointer (&value);
    }
  return TRUE;
}

static gboolean
read_tensor_field (PmtScanner *scanner, Tensor *tensor, const PmtField *field)
{
  switch (field->number)
    {
    case TENSOR_DIMS:
      return read_dims (scanner, field, &tensor->count);
    case TENSOR_DATA_TYPE:
      tensor->type = (gint32)field->value;
      return TRUE;
    case TENSOR_DATA_LOCATION:
      /* Once is enough: a second value does not hide the first. */
      tensor->is_external |= (gint32)field->value == LOCATION_EXTERNAL;
      return TRUE;
    case TENSOR_NAME:
      return pmt_scanner_text (scanner, field, &tensor->name);
    case TENSOR_RAW_DATA:
      tensor->has_raw = TRUE;
      tensor->raw = field->value;
      return TRUE;
    case TENSOR_EXTERNAL_DATA:
      return read_external (scanner, tensor, field->bytes);
    case TENSOR_FLOAT_DATA:
    case TENSOR_INT32_DATA:
    case TENSOR_STRING_DATA:
    case TENSOR_INT64_DATA:
    case TENSOR_DOUBLE_DATA:
    case TENSOR_UINT64_DATA:
      /* An element takes a byte at least: its tag, its length or itself. */
      tensor->typed +=
          field->type == PMT_WIRE_BYTES && field->number != TENSOR_STRING_DATA
              ? field->value
              : 1;
      return TRUE;
    default:
      return TRUE;
    }
}

static guint64
tensor_bytes (gint32 type, guint64 count)
{
  guint bits = type > 0 && type < (gint32)G_N_ELEMENTS (type_bits)
                   ? type_bits[type]
                   : 64;
  guint64 total = multiply (count, bits);

  return total == G_MAXUINT64 ? total : total / 8 + (total % 8 != 0);
}

static void
count_bytes (PmtScan *scan, const Tensor *tensor)
{
  guint64 bytes = tensor_bytes (tensor->type, tensor->count);
  gboolean is_half = tensor->type == 10 || tensor->type == 16;

  scan->weight_bytes = add (scan->weight_bytes, bytes);
  scan->float32_bytes =
      add (scan->float32_bytes, is_half ? multiply (bytes, 2) : bytes);
  if (tensor->is_external)
    scan->external_bytes = add (scan->external_bytes, bytes);
}

static gboolean
check_values (PmtScanner *scanner, const Tensor *tensor)
{
  guint64 bytes = tensor_bytes (tensor->type, tensor->count);

  if (tensor->is_external
      || (tensor->has_raw && tensor->type != TYPE_STRING
              ? tensor->raw == bytes
              : tensor->typed >= tensor->count))
    return TRUE;
  g_set_error (scanner->error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The network “%s” is damaged: the values of “%s” are "
                  "not as many as its shape says."),
               scanner->name, tensor->name != NULL ? tensor->name : "");
  return FALSE;
}

static gboolean
read_tensor (PmtScanner *scanner, PmtWire wire, Tensor *tensor)
{
  PmtField field;
  gboolean is_good;

  tensor->count = 1;
  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    if (!read_tensor_field (scanner, tensor, &field))
      return FALSE;
  if (!is_good || !check_values (scanner, tensor))
    return FALSE;
  if (++scanner->scan->n_tensors > PMT_SCAN_MAX_TENSORS)
    return pmt_scanner_fail_limit (scanner, _ ("constant tensors"));
  if (tensor->is_external)
    g_hash_table_add (scanner->scan->external,
                      tensor->location != NULL
                          ? g_steal_pointer (&tensor->location)
                          : g_strdup (""));
  return g_hash_table_size (scanner->scan->external) <= PMT_SCAN_MAX_ENTRIES
         || pmt_scanner_fail_limit (scanner, _ ("external files"));
}

gboolean
pmt_scanner_tensor (PmtScanner *scanner, PmtWire wire, gchar **tensor_name)
{
  g_auto (Tensor) tensor = { 0 };

  if (!read_tensor (scanner, wire, &tensor))
    return FALSE;
  count_bytes (scanner->scan, &tensor);
  if (tensor_name != NULL)
    *tensor_name = g_steal_pointer (&tensor.name);
  return TRUE;
}

gboolean
pmt_scanner_sparse (PmtScanner *scanner, PmtWire wire)
{
  g_auto (Tensor) values = { 0 };
  g_auto (Tensor) indices = { 0 };
  PmtField field;
  gboolean is_good;
  guint64 count = 1;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      gboolean is_read = TRUE;

      /* A second part of the same kind adds to the first, as it does for
       * ONNX Runtime. */
      if (field.number == SPARSE_VALUES)
        is_read = read_tensor (scanner, field.bytes, &values);
      else if (field.number == SPARSE_INDICES)
        is_read = read_tensor (scanner, field.bytes, &indices);
      else if (field.number == SPARSE_DIMS)
        is_read = read_dims (scanner, &field, &count);
      if (!is_read)
        return FALSE;
    }
  /* It is made dense before it is used. */
  values.count = count;
  count_bytes (scanner->scan, &values);
  return is_good;
}

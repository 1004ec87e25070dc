/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scan-value.c: inputs and outputs that a file declares. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/scan-private.h"

/* Numbers of fields. */
enum
{
  VALUE_NAME = 1,
  VALUE_TYPE = 2,
  TYPE_TENSOR = 1,
  TENSOR_ELEMENT_TYPE = 1,
  TENSOR_SHAPE = 2,
  SHAPE_DIM = 1,
  DIM_VALUE = 1,
  DIM_PARAM = 2
};

static gboolean
read_dim (PmtScanner *scanner, PmtWire wire, PmtScanValue *value)
{
  PmtField field;
  gboolean is_good;
  gint i = value->rank;

  if (i >= PMT_TENSOR_MAX_RANK)
    return pmt_scanner_fail_limit (scanner, _ ("dimensions"));
  value->rank++;
  value->dims[i] = -1;
  value->params[i] = g_strdup ("");
  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      if (field.number == DIM_VALUE && field.type == PMT_WIRE_VARINT)
        value->dims[i] = (gint64)field.value < 0 ? -1 : (gint64)field.value;
      else if (field.number == DIM_PARAM
               && !pmt_scanner_text (scanner, &field, &value->params[i]))
        return FALSE;
    }
  return is_good;
}

static gboolean
read_shape (PmtScanner *scanner, PmtWire wire, PmtScanValue *value)
{
  PmtField field;
  gboolean is_good;

  value->has_shape = TRUE;
  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    if (field.number == SHAPE_DIM && !read_dim (scanner, field.bytes, value))
      return FALSE;
  return is_good;
}

static gboolean
read_tensor_type (PmtScanner *scanner, PmtWire wire, PmtScanValue *value)
{
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      if (field.number == TENSOR_ELEMENT_TYPE)
        value->type = (gint32)field.value;
      else if (field.number == TENSOR_SHAPE
               && !read_shape (scanner, field.bytes, value))
        return FALSE;
    }
  return is_good;
}

static gboolean
read_type (PmtScanner *scanner, PmtWire wire, PmtScanValue *value)
{
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    if (field.number == TYPE_TENSOR
        && !read_tensor_type (scanner, field.bytes, value))
      return FALSE;
  return is_good;
}

gboolean
pmt_scanner_value (PmtScanner *scanner, PmtWire wire, GPtrArray *values)
{
  PmtScanValue *value = g_new0 (PmtScanValue, 1);
  PmtField field;
  gboolean is_good;

  g_ptr_array_add (values, value);
  if (values->len > PMT_SCAN_MAX_TENSORS)
    return pmt_scanner_fail_limit (scanner, _ ("inputs or outputs"));
  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      if (field.number == VALUE_NAME
          && !pmt_scanner_text (scanner, &field, &value->name))
        return FALSE;
      if (field.number == VALUE_TYPE
          && !read_type (scanner, field.bytes, value))
        return FALSE;
    }
  if (value->name == NULL)
    value->name = g_strdup ("");
  return is_good;
}

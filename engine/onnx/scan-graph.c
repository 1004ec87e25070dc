/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scan-graph.c: graphs and functions of a file: their operators. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/scan-private.h"

/* Numbers of fields: */
/* GraphProto. */
enum
{
  GRAPH_NODE = 1,
  GRAPH_INITIALIZER = 5,
  GRAPH_INPUT = 11,
  GRAPH_OUTPUT = 12,
  GRAPH_SPARSE = 15
};

/* NodeProto, AttributeProto, FunctionProto. */
enum
{
  NODE_TYPE = 4,
  NODE_ATTRIBUTE = 5,
  NODE_DOMAIN = 7,
  ATTRIBUTE_TENSOR = 5,
  ATTRIBUTE_GRAPH = 6,
  ATTRIBUTE_TENSORS = 10,
  ATTRIBUTE_GRAPHS = 11,
  ATTRIBUTE_SPARSE = 22,
  ATTRIBUTE_SPARSES = 23,
  FUNCTION_NAME = 1,
  FUNCTION_NODE = 7,
  FUNCTION_DOMAIN = 10,
  FUNCTION_ATTRIBUTE = 11
};

/* "ai.onnx" is the long name of the standard domain. */
static gchar *
make_op_name (const gchar *domain, const gchar *type)
{
  if (domain == NULL || g_str_equal (domain, "ai.onnx"))
    domain = "";
  return g_strconcat (domain, ":", type != NULL ? type : "", NULL);
}

static gboolean
read_attribute (PmtScanner *scanner, PmtWire wire, guint depth)
{
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      gboolean is_read = TRUE;

      if (field.number == ATTRIBUTE_TENSOR || field.number == ATTRIBUTE_TENSORS)
        is_read = pmt_scanner_tensor (scanner, field.bytes, NULL);
      else if (field.number == ATTRIBUTE_SPARSE
               || field.number == ATTRIBUTE_SPARSES)
        is_read = pmt_scanner_sparse (scanner, field.bytes);
      else if (field.number == ATTRIBUTE_GRAPH
               || field.number == ATTRIBUTE_GRAPHS)
        is_read = pmt_scanner_graph (scanner, field.bytes, depth + 1);
      if (!is_read)
        return FALSE;
    }
  return is_good;
}

static gboolean
count_op (PmtScanner *scanner, const gchar *domain, const gchar *type)
{
  GHashTable *ops = scanner->scan->ops;
  g_autofree gchar *name = make_op_name (domain, type);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (ops, name));

  pmt_scanner_count_call (scanner->calls, name);
  g_hash_table_insert (ops, g_steal_pointer (&name),
                       GUINT_TO_POINTER (count + 1));
  if (g_hash_table_size (ops) > PMT_SCAN_MAX_ENTRIES
      || ++scanner->scan->n_nodes > PMT_SCAN_MAX_NODES)
    return pmt_scanner_fail_limit (scanner, _ ("operators"));
  return TRUE;
}

static gboolean
read_node (PmtScanner *scanner, PmtWire wire, guint depth)
{
  g_autofree gchar *domain = NULL;
  g_autofree gchar *type = NULL;
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      gboolean is_read = TRUE;

      if (field.number == NODE_TYPE)
        is_read = pmt_scanner_text (scanner, &field, &type);
      else if (field.number == NODE_DOMAIN)
        is_read = pmt_scanner_text (scanner, &field, &domain);
      else if (field.number == NODE_ATTRIBUTE)
        is_read = read_attribute (scanner, field.bytes, depth);
      if (!is_read)
        return FALSE;
    }
  return is_good && count_op (scanner, domain, type);
}

static gboolean
read_initializer (PmtScanner *scanner, PmtWire wire, guint depth)
{
  gchar *name = NULL;

  if (!pmt_scanner_tensor (scanner, wire, &name))
    return FALSE;
  if (name != NULL && depth == 0)
    g_hash_table_add (scanner->initialized, name);
  else
    g_free (name);
  return TRUE;
}

static gboolean
read_graph_field (PmtScanner *scanner, const PmtField *field, guint depth)
{
  switch (field->number)
    {
    case GRAPH_NODE:
      return read_node (scanner, field->bytes, depth);
    case GRAPH_INITIALIZER:
      return read_initializer (scanner, field->bytes, depth);
    case GRAPH_SPARSE:
      return pmt_scanner_sparse (scanner, field->bytes);
    case GRAPH_INPUT:
      return depth > 0
             || pmt_scanner_value (scanner, field->bytes,
                                   scanner->scan->inputs);
    case GRAPH_OUTPUT:
      return depth > 0
             || pmt_scanner_value (scanner, field->bytes,
                                   scanner->scan->outputs);
    default:
      return TRUE;
    }
}

gboolean
pmt_scanner_graph (PmtScanner *scanner, PmtWire wire, guint depth)
{
  PmtField field;
  gboolean is_good;

  if (depth > PMT_SCAN_MAX_DEPTH)
    return pmt_scanner_fail_limit (scanner, _ ("graphs inside of graphs"));
  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    if (!read_graph_field (scanner, &field, depth))
      return FALSE;
  return is_good;
}

/* Calls in the function's body are counted apart. */
gboolean
pmt_scanner_function (PmtScanner *scanner, PmtWire wire)
{
  g_autofree gchar *name = NULL;
  g_autofree gchar *domain = NULL;
  g_autoptr (GHashTable) calls = pmt_scanner_new_calls ();
  GHashTable *outer = scanner->calls;
  PmtField field;
  gboolean is_good;
  gboolean is_read = TRUE;

  scanner->calls = calls;
  while (is_read && pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      if (field.number == FUNCTION_NAME)
        is_read = pmt_scanner_text (scanner, &field, &name);
      else if (field.number == FUNCTION_DOMAIN)
        is_read = pmt_scanner_text (scanner, &field, &domain);
      else if (field.number == FUNCTION_NODE)
        is_read = read_node (scanner, field.bytes, 1);
      else if (field.number == FUNCTION_ATTRIBUTE)
        is_read = read_attribute (scanner, field.bytes, 1);
    }
  scanner->calls = outer;
  return is_read && is_good
         && pmt_scanner_add_function (scanner, make_op_name (domain, name),
                                      calls);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scan.c: what an .onnx file holds, read without any library. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/scan-private.h"

/* Numbers of fields: ModelProto. */
enum
{
  MODEL_IR_VERSION = 1,
  MODEL_PRODUCER = 2,
  MODEL_GRAPH = 7,
  MODEL_OPSET = 8,
  MODEL_METADATA = 14,
  MODEL_TRAINING = 20,
  MODEL_FUNCTION = 25
};

/* OperatorSetIdProto, StringStringEntryProto, TrainingInfoProto. */
enum
{
  OPSET_DOMAIN = 1,
  OPSET_VERSION = 2,
  ENTRY_KEY = 1,
  ENTRY_VALUE = 2,
  TRAINING_INITIALIZATION = 1,
  TRAINING_ALGORITHM = 2
};

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

static gboolean read_graph (PmtScanner *scanner, PmtWire wire, guint depth);

gboolean
pmt_scanner_fail_damaged (PmtScanner *scanner)
{
  g_set_error (scanner->error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The network \"%s\" is damaged, or not an ONNX file. Get "
                  "the file again."),
               scanner->name);
  return FALSE;
}

gboolean
pmt_scanner_fail_limit (PmtScanner *scanner, const gchar *what)
{
  g_set_error (scanner->error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The network \"%s\" can't be used: it goes beyond the limit "
                  "for %s."),
               scanner->name, what);
  return FALSE;
}

gboolean
pmt_scanner_next (PmtScanner *scanner,
                  PmtWire *wire,
                  PmtField *field,
                  gboolean *is_good)
{
  PmtWireStatus status = pmt_wire_next (wire, field);

  *is_good = status != PMT_WIRE_DAMAGED;
  if (!*is_good)
    pmt_scanner_fail_damaged (scanner);
  return status == PMT_WIRE_FIELD;
}

gboolean
pmt_scanner_text (PmtScanner *scanner, const PmtField *field, gchar **text)
{
  gchar *read = NULL;

  if (field->type == PMT_WIRE_BYTES && field->value > PMT_SCAN_MAX_TEXT)
    return pmt_scanner_fail_limit (scanner, _ ("the length of a text"));
  if (field->type == PMT_WIRE_BYTES)
    read = pmt_wire_text (&field->bytes);
  if (read == NULL)
    return pmt_scanner_fail_damaged (scanner);
  g_free (*text);
  *text = read;
  return TRUE;
}

gboolean
pmt_scanner_entry (PmtScanner *scanner,
                   PmtWire entry,
                   gchar **key,
                   gchar **value)
{
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &entry, &field, &is_good))
    {
      if (field.number == ENTRY_KEY && !pmt_scanner_text (scanner, &field, key))
        return FALSE;
      if (field.number == ENTRY_VALUE
          && !pmt_scanner_text (scanner, &field, value))
        return FALSE;
    }
  if (is_good && *key == NULL)
    *key = g_strdup ("");
  if (is_good && *value == NULL)
    *value = g_strdup ("");
  return is_good;
}

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
        is_read = read_graph (scanner, field.bytes, depth + 1);
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

static gboolean
read_graph (PmtScanner *scanner, PmtWire wire, guint depth)
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

static gboolean
read_function (PmtScanner *scanner, PmtWire wire)
{
  g_autofree gchar *name = NULL;
  g_autofree gchar *domain = NULL;
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      gboolean is_read = TRUE;

      if (field.number == FUNCTION_NAME)
        is_read = pmt_scanner_text (scanner, &field, &name);
      else if (field.number == FUNCTION_DOMAIN)
        is_read = pmt_scanner_text (scanner, &field, &domain);
      else if (field.number == FUNCTION_NODE)
        is_read = read_node (scanner, field.bytes, 1);
      else if (field.number == FUNCTION_ATTRIBUTE)
        is_read = read_attribute (scanner, field.bytes, 1);
      if (!is_read)
        return FALSE;
    }
  if (is_good)
    g_hash_table_add (scanner->scan->functions, make_op_name (domain, name));
  if (g_hash_table_size (scanner->scan->functions) > PMT_SCAN_MAX_ENTRIES)
    return pmt_scanner_fail_limit (scanner, _ ("functions"));
  return is_good;
}

/* Graphs for training are not run, but ONNX Runtime may look at them. */
static gboolean
read_training (PmtScanner *scanner, PmtWire wire)
{
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    if ((field.number == TRAINING_INITIALIZATION
         || field.number == TRAINING_ALGORITHM)
        && !read_graph (scanner, field.bytes, 1))
      return FALSE;
  return is_good;
}

static gboolean
read_opset (PmtScanner *scanner, PmtWire wire)
{
  g_autofree gchar *domain = g_strdup ("");
  gint64 version = 0;
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    {
      if (field.number == OPSET_VERSION)
        version = (gint64)field.value;
      else if (field.number == OPSET_DOMAIN
               && !pmt_scanner_text (scanner, &field, &domain))
        return FALSE;
    }
  if (!is_good)
    return FALSE;
  g_hash_table_insert (scanner->scan->opsets, g_steal_pointer (&domain),
                       g_memdup2 (&version, sizeof version));
  return g_hash_table_size (scanner->scan->opsets) <= PMT_SCAN_MAX_ENTRIES
         || pmt_scanner_fail_limit (scanner, _ ("sets of operators"));
}

static gboolean
read_metadata (PmtScanner *scanner, PmtWire wire)
{
  gchar *key = NULL;
  gchar *value = NULL;

  if (!pmt_scanner_entry (scanner, wire, &key, &value))
    {
      g_free (key);
      g_free (value);
      return FALSE;
    }
  g_hash_table_insert (scanner->scan->metadata, key, value);
  return g_hash_table_size (scanner->scan->metadata) <= PMT_SCAN_MAX_ENTRIES
         || pmt_scanner_fail_limit (scanner, _ ("metadata"));
}

static gboolean
read_model_field (PmtScanner *scanner,
                  const PmtField *field,
                  gboolean *has_graph)
{
  switch (field->number)
    {
    case MODEL_IR_VERSION:
      scanner->scan->ir_version = (gint64)field->value;
      return TRUE;
    case MODEL_PRODUCER:
      return pmt_scanner_text (scanner, field, &scanner->scan->producer);
    case MODEL_GRAPH:
      *has_graph = TRUE;
      return read_graph (scanner, field->bytes, 0);
    case MODEL_OPSET:
      return read_opset (scanner, field->bytes);
    case MODEL_METADATA:
      return read_metadata (scanner, field->bytes);
    case MODEL_TRAINING:
      return read_training (scanner, field->bytes);
    case MODEL_FUNCTION:
      return read_function (scanner, field->bytes);
    default:
      return TRUE;
    }
}

/* Older files list their weights among the inputs. */
static void
drop_initialized (PmtScanner *scanner)
{
  GPtrArray *inputs = scanner->scan->inputs;

  for (guint i = inputs->len; i-- > 0;)
    {
      const PmtScanValue *value = inputs->pdata[i];

      if (g_hash_table_contains (scanner->initialized, value->name))
        g_ptr_array_remove_index (inputs, i);
    }
}

static gboolean
read_model (PmtScanner *scanner, PmtWire wire)
{
  PmtScan *scan = scanner->scan;
  PmtField field;
  gboolean is_good;
  gboolean has_graph = FALSE;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    if (!read_model_field (scanner, &field, &has_graph))
      return FALSE;
  if (!is_good)
    return FALSE;
  if (!has_graph || scan->n_nodes == 0 || scan->outputs->len == 0)
    return pmt_scanner_fail_damaged (scanner);
  drop_initialized (scanner);
  if (scan->inputs->len > PMT_SCAN_MAX_VALUES
      || scan->outputs->len > PMT_SCAN_MAX_VALUES)
    return pmt_scanner_fail_limit (scanner, _ ("inputs or outputs"));
  return TRUE;
}

static void
free_value (gpointer data)
{
  PmtScanValue *value = data;

  for (gint i = 0; i < PMT_TENSOR_MAX_RANK; i++)
    g_free (value->params[i]);
  g_free (value->name);
  g_free (value);
}

static PmtScan *
scan_new (void)
{
  PmtScan *scan = g_new0 (PmtScan, 1);

  scan->opsets =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  scan->metadata =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  scan->inputs = g_ptr_array_new_with_free_func (free_value);
  scan->outputs = g_ptr_array_new_with_free_func (free_value);
  scan->ops = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  scan->functions =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  scan->external =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  scan->producer = g_strdup ("");
  return scan;
}

PmtScan *
pmt_scan_read (gconstpointer data,
               gsize size,
               const gchar *name,
               GError **error)
{
  g_autoptr (PmtScan) scan = scan_new ();
  g_autoptr (GHashTable) initialized =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  PmtScanner scanner = { scan, name, initialized, error };

  scan->file_bytes = size;
  if (size > PMT_SCAN_MAX_BYTES)
    {
      pmt_scanner_fail_limit (&scanner, _ ("the size of a file, 2 GiB"));
      return NULL;
    }
  /* Of no bytes there may be no address. */
  if (size == 0)
    {
      pmt_scanner_fail_damaged (&scanner);
      return NULL;
    }
  if (!read_model (&scanner, pmt_wire_init (data, size)))
    return NULL;
  return g_steal_pointer (&scan);
}

void
pmt_scan_free (PmtScan *scan)
{
  if (scan == NULL)
    return;
  g_hash_table_unref (scan->opsets);
  g_hash_table_unref (scan->metadata);
  g_ptr_array_unref (scan->inputs);
  g_ptr_array_unref (scan->outputs);
  g_hash_table_unref (scan->ops);
  g_hash_table_unref (scan->functions);
  g_hash_table_unref (scan->external);
  g_free (scan->producer);
  g_free (scan);
}

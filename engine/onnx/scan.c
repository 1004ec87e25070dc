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

gboolean
pmt_scanner_fail_damaged (PmtScanner *scanner)
{
  g_set_error (scanner->error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The network “%s” is damaged, or not an ONNX file. Get "
                  "the file again."),
               scanner->name);
  return FALSE;
}

gboolean
pmt_scanner_fail_limit (PmtScanner *scanner, const gchar *what)
{
  g_set_error (scanner->error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The network “%s” can't be used: it goes beyond the limit "
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

/* Graphs for training are not run, but ONNX Runtime may look at them. */
static gboolean
read_training (PmtScanner *scanner, PmtWire wire)
{
  PmtField field;
  gboolean is_good;

  while (pmt_scanner_next (scanner, &wire, &field, &is_good))
    if ((field.number == TRAINING_INITIALIZATION
         || field.number == TRAINING_ALGORITHM)
        && !pmt_scanner_graph (scanner, field.bytes, 1))
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
      return pmt_scanner_graph (scanner, field->bytes, 0);
    case MODEL_OPSET:
      return read_opset (scanner, field->bytes);
    case MODEL_METADATA:
      return read_metadata (scanner, field->bytes);
    case MODEL_TRAINING:
      return read_training (scanner, field->bytes);
    case MODEL_FUNCTION:
      return pmt_scanner_function (scanner, field->bytes);
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
  if (!pmt_scanner_check_functions (scanner))
    return FALSE;
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
  g_autoptr (GHashTable) calls = pmt_scanner_new_calls ();
  g_autoptr (GHashTable) functions = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  PmtScanner scanner = { scan, name, initialized, calls, functions, error };

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

PmtScan *
pmt_scan_read_file (const gchar *path, const gchar *name, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &local);

  if (file == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The network “%s” can't be read: %s"), name,
                   local->message);
      return NULL;
    }
  return pmt_scan_read (g_mapped_file_get_contents (file),
                        g_mapped_file_get_length (file), name, error);
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

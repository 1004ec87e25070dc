/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scan-private.h: what the files of the scan share. */
#pragma once

#include "onnx/scan.h"
#include "onnx/wire.h"

G_BEGIN_DECLS

/* A scan under way. */
typedef struct
{
  PmtScan *scan;
  const gchar *name;
  GHashTable *initialized; /* names of the top graph's initializers */
  GHashTable *calls;       /* "domain:Type" -> count, of what is read now */
  GHashTable *functions;   /* "domain:Type" -> its own calls */
  GError **error;
} PmtScanner;

/* Each sets the error and returns %FALSE. */
gboolean pmt_scanner_fail_damaged (PmtScanner *scanner);
gboolean pmt_scanner_fail_limit (PmtScanner *scanner, const gchar *what);

/**
 * pmt_scanner_next:
 * @is_good: (out): %FALSE at a damaged record; the error is set
 *
 * Returns: %TRUE while there is a record.
 */
gboolean pmt_scanner_next (PmtScanner *scanner,
                           PmtWire *wire,
                           PmtField *field,
                           gboolean *is_good);

/** pmt_scanner_text: replaces *@text by a field's text of limited size. */
gboolean
pmt_scanner_text (PmtScanner *scanner, const PmtField *field, gchar **text);

/** pmt_scanner_entry: a key and a value (StringStringEntryProto). */
gboolean pmt_scanner_entry (PmtScanner *scanner,
                            PmtWire entry,
                            gchar **key,
                            gchar **value);

/**
 * pmt_scanner_tensor:
 * @tensor: a TensorProto
 * @tensor_name: (out) (nullable) (transfer full): its name
 *
 * Counts its bytes and notes where its data lies.
 */
gboolean
pmt_scanner_tensor (PmtScanner *scanner, PmtWire tensor, gchar **tensor_name);

/** pmt_scanner_sparse: the same for a SparseTensorProto. */
gboolean pmt_scanner_sparse (PmtScanner *scanner, PmtWire sparse);

/** pmt_scanner_value: a ValueInfoProto; added to @values. */
gboolean
pmt_scanner_value (PmtScanner *scanner, PmtWire wire, GPtrArray *values);

/**
 * pmt_scanner_graph:
 * @graph: a GraphProto
 * @depth: 0: the network's own; only its inputs and outputs are those of the
 *   network
 */
gboolean pmt_scanner_graph (PmtScanner *scanner, PmtWire graph, guint depth);

/** pmt_scanner_function: a FunctionProto. */
gboolean pmt_scanner_function (PmtScanner *scanner, PmtWire function);

/** pmt_scanner_new_calls: Returns: (transfer full): a table for calls. */
GHashTable *pmt_scanner_new_calls (void);
void pmt_scanner_count_call (GHashTable *calls, const gchar *op);

/**
 * pmt_scanner_add_function:
 * @name: (transfer full): "domain:Type"
 * @calls: what it calls
 *
 * A second function of the same name adds its calls to the first one.
 */
gboolean
pmt_scanner_add_function (PmtScanner *scanner, gchar *name, GHashTable *calls);

/**
 * pmt_scanner_check_functions:
 *
 * Functions are put in place of their calls when a network is opened: a few
 * that call each other ten times become billions of operators.  Refuses those
 * that become more than PMT_SCAN_MAX_NODES, and those that call themselves.
 */
gboolean pmt_scanner_check_functions (PmtScanner *scanner);

G_END_DECLS

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

G_END_DECLS

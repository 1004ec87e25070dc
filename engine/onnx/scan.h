/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scan.h: what an .onnx file holds, read without any library. */
#pragma once

#include <gio/gio.h>

#include "onnx/session.h"

G_BEGIN_DECLS

/* More than that is refused.  Large published networks have some 10,000
 * operators and nest two or three levels deep. */
#define PMT_SCAN_MAX_BYTES G_MAXINT32
#define PMT_SCAN_MAX_NODES 200000
#define PMT_SCAN_MAX_TENSORS 200000
#define PMT_SCAN_MAX_VALUES 256
#define PMT_SCAN_MAX_ENTRIES 4096
#define PMT_SCAN_MAX_TEXT (1024 * 1024)
#define PMT_SCAN_MAX_DEPTH 8

/**
 * PmtScanValue: an input or output as the file declares it.
 * @type: TensorProto.DataType; 0 for what is not a tensor
 * @has_shape: @rank and @dims are declared
 * @dims: -1 where the size is free
 * @params: (nullable): the name of a free size, "" without one
 */
typedef struct
{
  gchar *name;
  gint type;
  gboolean has_shape;
  gint rank;
  gint64 dims[PMT_TENSOR_MAX_RANK];
  gchar *params[PMT_TENSOR_MAX_RANK];
} PmtScanValue;

/**
 * PmtScan:
 * @opsets: gchar *domain -> gint64 *version; the standard domain is ""
 * @metadata: gchar *key -> gchar *value
 * @inputs: of PmtScanValue, without those that have an initializer
 * @outputs: of PmtScanValue
 * @ops: gchar *"domain:Type" -> guint count, in all graphs and functions;
 *   the standard domain is ""
 * @functions: set of "domain:Type" that the file defines itself
 * @external: set of places of data outside the file, as it names them
 * @file_bytes: size of the file
 * @weight_bytes: of all constant tensors; those of sparse ones as dense
 * @float32_bytes: the same with 16-bit floats as 32-bit ones, as the CPU
 *   holds them
 * @external_bytes: how many of @weight_bytes lie outside the file
 */
typedef struct
{
  gint64 ir_version;
  gchar *producer;
  GHashTable *opsets;
  GHashTable *metadata;
  GPtrArray *inputs;
  GPtrArray *outputs;
  GHashTable *ops;
  GHashTable *functions;
  GHashTable *external;
  guint n_nodes;
  guint n_tensors;
  guint64 file_bytes;
  guint64 weight_bytes;
  guint64 float32_bytes;
  guint64 external_bytes;
} PmtScan;

/**
 * pmt_scan_read:
 * @data: [@size] bytes: a ModelProto
 * @name: the file, for messages
 * @error: PMT_ERROR_MODEL: not an ONNX file, damaged, above a limit; the
 *   message names @name and the reason
 *
 * Reads every record that ONNX Runtime would, with every access checked
 * against the end, and no deeper than PMT_SCAN_MAX_DEPTH.  A tensor whose
 * values are fewer than its shape says is damaged, so that memory needed stays
 * in proportion to the file.  Where a record is there twice, what both say
 * counts.  Thread: any; reentrant.
 * Source: onnx.proto of ONNX, IR version 10 and later.
 *
 * Returns: (transfer full) (nullable): what is in it.
 */
PmtScan *pmt_scan_read (gconstpointer data,
                        gsize size,
                        const gchar *name,
                        GError **error);

/**
 * pmt_scan_read_file: pmt_scan_read() of the file @path.
 * @error: also PMT_ERROR_FILE: it can't be read
 */
PmtScan *
pmt_scan_read_file (const gchar *path, const gchar *name, GError **error);

/**
 * pmt_scan_check_untrusted:
 * @name: the file, for messages
 * @error: PMT_ERROR_MODEL: it refers to other files, or is not self-contained
 *   otherwise; PMT_ERROR_UNSUPPORTED: operators of a domain that nobody here
 *   knows; the message has its name
 *
 * What a file from anywhere has to fulfil before ONNX Runtime sees it.
 */
gboolean pmt_scan_check_untrusted (const PmtScan *scan,
                                   const gchar *name,
                                   GError **error);

/**
 * pmt_scan_check_data_files:
 * @folder: that of the file
 * @error: PMT_ERROR_MODEL: one of its places outside the file is no file of
 *   @folder itself, or there is none; PMT_ERROR_FILE: it can't be found
 *
 * As pmt_scan_check_untrusted() for files that may keep their weights in
 * others beside them.
 */
gboolean pmt_scan_check_data_files (const PmtScan *scan,
                                    const gchar *folder,
                                    const gchar *name,
                                    GError **error);

/**
 * pmt_scan_estimate_memory:
 *
 * Returns: bytes that opening the network takes at most: the parsed file, its
 *   weights, those converted to float32, and the copies in the order that
 *   kernels want.  Without what runs take.
 */
guint64 pmt_scan_estimate_memory (const PmtScan *scan);

/** pmt_scan_find_input: Returns: (transfer none) (nullable): by its name. */
const PmtScanValue *pmt_scan_find_input (const PmtScan *scan,
                                         const gchar *name);

/** pmt_scan_count_op: Returns: how many operators are of @type. */
guint
pmt_scan_count_op (const PmtScan *scan, const gchar *domain, const gchar *type);

void pmt_scan_free (PmtScan *scan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtScan, pmt_scan_free)

G_END_DECLS

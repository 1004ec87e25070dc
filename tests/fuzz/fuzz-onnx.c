/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-onnx.c: any bytes as an .onnx file, as far as they are read by us. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "onnx/scan.h"

static void
ask_values (const GPtrArray *values)
{
  g_assert_cmpuint (values->len, <=, PMT_SCAN_MAX_VALUES);
  for (guint i = 0; i < values->len; i++)
    {
      const PmtScanValue *value = values->pdata[i];

      g_assert_true (g_utf8_validate (value->name, -1, NULL));
      g_assert_cmpint (value->rank, <=, PMT_TENSOR_MAX_RANK);
      for (gint d = 0; d < value->rank; d++)
        {
          g_assert_cmpint (value->dims[d], >=, -1);
          g_assert_nonnull (value->params[d]);
        }
    }
}

static void
ask_scan (const PmtScan *scan)
{
  g_autoptr (GError) error = NULL;

  ask_values (scan->inputs);
  ask_values (scan->outputs);
  g_assert_cmpuint (scan->n_nodes, <=, PMT_SCAN_MAX_NODES);
  g_assert_cmpuint (scan->float32_bytes, >=, scan->weight_bytes);
  g_assert_cmpuint (scan->external_bytes, <=, scan->weight_bytes);
  g_assert_cmpuint (pmt_scan_estimate_memory (scan), >=, scan->weight_bytes);
  g_assert_cmpuint (pmt_scan_estimate_memory (scan), >=, scan->file_bytes);
  pmt_scan_count_op (scan, "", "Conv");
  if (!pmt_scan_check_untrusted (scan, "fuzz", &error))
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  else
    g_assert_cmpuint (g_hash_table_size (scan->external), ==, 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtScan) scan = pmt_scan_read (data, size, "fuzz", &error);

  g_assert_true ((scan == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_nonnull (strstr (error->message, "fuzz"));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (scan != NULL)
    ask_scan (scan);
  return 0;
}

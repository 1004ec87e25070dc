/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scan-check.c: judging what a scan has found. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "onnx/scan.h"

/* Domains whose operators ONNX Runtime has itself. */
static const gchar *const known_domains[] = {
  "",
  "ai.onnx.ml",
  "com.microsoft",
  "com.microsoft.nchwc",
};

/* Operators that reach outside the network: compiled programs of providers,
 * code in Python. */
static const gchar *const refused_ops[] = {
  "com.microsoft:EPContext",
  "com.microsoft:PythonOp",
  "com.microsoft:PythonOpGrad",
};

static gboolean
is_known_domain (const gchar *domain, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_domains); i++)
    if (strlen (known_domains[i]) == length
        && memcmp (known_domains[i], domain, length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_op (const PmtScan *scan,
          const gchar *op,
          const gchar *name,
          GError **error)
{
  /* The last colon: a domain could have one, the type has none that counts. */
  const gchar *type = strrchr (op, ':') + 1;
  gboolean is_refused = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (refused_ops); i++)
    is_refused |= g_str_equal (op, refused_ops[i]);
  if (!is_refused
      && (g_hash_table_contains (scan->functions, op)
          || is_known_domain (op, type - 1 - op)))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The network “%s” uses the operator “%s” of “%.*s”, "
                  "which can't be run. Export it with standard operators."),
               name, type, (gint)(type - 1 - op), op);
  return FALSE;
}

static gboolean
check_ops (const PmtScan *scan, const gchar *name, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, scan->ops);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!check_op (scan, key, name, error))
      return FALSE;
  return TRUE;
}

gboolean
pmt_scan_check_untrusted (const PmtScan *scan,
                          const gchar *name,
                          GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, scan->external);
  if (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The network “%s” keeps weights in another file, "
                      "“%s”. Save it as a single file."),
                   name, (const gchar *)key);
      return FALSE;
    }
  return check_ops (scan, name, error);
}

/* ONNX Runtime checks offsets and lengths against the file. */
static gboolean
check_data_file (const gchar *folder,
                 const gchar *place,
                 const gchar *name,
                 GError **error)
{
  g_autofree gchar *path = g_build_filename (folder, place, NULL);

  if (place[0] == '\0' || g_str_equal (place, ".") || g_str_equal (place, "..")
      || strpbrk (place, "/\\:") != NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The network “%s” keeps weights in “%s”, which is not "
                      "in its own folder. Save them beside it."),
                   name, place);
      return FALSE;
    }
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The network “%s” keeps weights in the file “%s”, which is "
                  "missing. Download it again."),
               name, place);
  return FALSE;
}

gboolean
pmt_scan_check_data_files (const PmtScan *scan,
                           const gchar *folder,
                           const gchar *name,
                           GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, scan->external);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!check_data_file (folder, key, name, error))
      return FALSE;
  return check_ops (scan, name, error);
}

static guint64
add (guint64 a, guint64 b)
{
  guint64 sum;

  return g_uint64_checked_add (&sum, a, b) ? sum : G_MAXUINT64;
}

guint64
pmt_scan_estimate_memory (const PmtScan *scan)
{
  guint64 total = 16 * 1024 * 1024;

  total = add (total, (guint64)scan->n_nodes * 4096);
  total = add (total, scan->file_bytes);
  total = add (total, scan->weight_bytes);
  total = add (total, scan->float32_bytes);
  /* Full floats in another file are mapped, and not held a second time. */
  return add (total, scan->float32_bytes == scan->weight_bytes
                         ? scan->float32_bytes - scan->external_bytes
                         : scan->float32_bytes);
}

const PmtScanValue *
pmt_scan_find_input (const PmtScan *scan, const gchar *name)
{
  for (guint i = 0; i < scan->inputs->len; i++)
    {
      const PmtScanValue *value = scan->inputs->pdata[i];

      if (g_str_equal (value->name, name))
        return value;
    }
  return NULL;
}

guint
pmt_scan_count_op (const PmtScan *scan, const gchar *domain, const gchar *type)
{
  g_autofree gchar *op = g_strconcat (domain, ":", type, NULL);

  return GPOINTER_TO_UINT (g_hash_table_lookup (scan->ops, op));
}

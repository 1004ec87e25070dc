/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scan-function.c: functions that a file defines, and what becomes of them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/scan-private.h"

/* Functions that call functions; also ends those that call themselves. */
#define MAX_LEVELS 16

GHashTable *
pmt_scanner_new_calls (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
add_calls (GHashTable *calls, const gchar *op, guint n)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (calls, op));

  g_hash_table_insert (calls, g_strdup (op), GUINT_TO_POINTER (count + n));
}

void
pmt_scanner_count_call (GHashTable *calls, const gchar *op)
{
  add_calls (calls, op, 1);
}

gboolean
pmt_scanner_add_function (PmtScanner *scanner, gchar *name, GHashTable *calls)
{
  GHashTable *known = g_hash_table_lookup (scanner->functions, name);
  GHashTableIter iter;
  gpointer op;
  gpointer count;

  g_hash_table_add (scanner->scan->functions, g_strdup (name));
  if (known == NULL)
    {
      g_hash_table_insert (scanner->functions, name, g_hash_table_ref (calls));
      return g_hash_table_size (scanner->functions) <= PMT_SCAN_MAX_ENTRIES
             || pmt_scanner_fail_limit (scanner, _ ("functions"));
    }
  g_hash_table_iter_init (&iter, calls);
  while (g_hash_table_iter_next (&iter, &op, &count))
    add_calls (known, op, GPOINTER_TO_UINT (count));
  g_free (name);
  return TRUE;
}

/* How many operators @calls become; saturates at one above the limit.
 * @sizes: "domain:Type" -> what is known already. */
static guint64
count_expanded (PmtScanner *scanner,
                GHashTable *calls,
                GHashTable *sizes,
                guint level)
{
  const guint64 limit = PMT_SCAN_MAX_NODES + 1;
  guint64 total = 0;
  GHashTableIter iter;
  gpointer op;
  gpointer count;

  if (level > MAX_LEVELS)
    return limit;
  g_hash_table_iter_init (&iter, calls);
  while (g_hash_table_iter_next (&iter, &op, &count))
    {
      GHashTable *body = g_hash_table_lookup (scanner->functions, op);
      guint64 size = 1;

      if (body != NULL)
        size = GPOINTER_TO_UINT (g_hash_table_lookup (sizes, op));
      if (body != NULL && size == 0)
        {
          size = count_expanded (scanner, body, sizes, level + 1);
          /* What is too much at this level is so at every other one. */
          g_hash_table_insert (sizes, op, GUINT_TO_POINTER ((guint)size + 1));
          size++;
        }
      total = MIN (total + size * GPOINTER_TO_UINT (count), limit);
    }
  return total;
}

gboolean
pmt_scanner_check_functions (PmtScanner *scanner)
{
  g_autoptr (GHashTable) sizes = g_hash_table_new (g_str_hash, g_str_equal);

  if (g_hash_table_size (scanner->functions) == 0
      || count_expanded (scanner, scanner->calls, sizes, 0)
             <= PMT_SCAN_MAX_NODES)
    return TRUE;
  return pmt_scanner_fail_limit (scanner,
                                 _ ("operators, with functions in place"));
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-history.c: any bytes as an entry of the history. */
#include "config.h"

#include "core/history.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtHistoryEntry) entry =
      pmt_history_parse ("entry", "20200101-000000-000000-0000",
                         size > 0 ? (const gchar *)data : "", size, &error);

  g_assert_true ((entry == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (entry == NULL)
    return 0;
  g_assert_cmpint (entry->created, >=, 0);
  g_assert_nonnull (entry->model);
  g_assert_null (entry->thumbnail);
  request = pmt_request_from_recipe (entry->recipe, NULL);
  g_assert_nonnull (request);
  g_assert_cmpint (pmt_request_get_operation (request), ==, entry->operation);
  return 0;
}

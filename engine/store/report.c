/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* report.c: progress of the store, not more often than people can see. */
#include "config.h"

#include "store/report.h"

#include <string.h>

#define INTERVAL_US (G_USEC_PER_SEC / 20)

void
pmt_store_report (PmtStoreReport *report, const gchar *stage, guint64 done)
{
  const gint64 now = g_get_monotonic_time ();
  const gboolean is_new =
      strncmp (report->stage, stage, sizeof report->stage - 1) != 0;
  const guint64 sum = report->base + done;

  if (report->func == NULL
      || (!is_new && sum != report->total && now - report->last < INTERVAL_US))
    return;
  g_strlcpy (report->stage, stage, sizeof report->stage);
  report->last = now;
  report->func (stage, MIN (sum, report->total), report->total, report->data);
}

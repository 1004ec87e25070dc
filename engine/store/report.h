/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* report.h: progress of the store, not more often than people can see. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtStoreReport: set @func and @data, zero the rest
 * @base: bytes of files that are done
 * @total: bytes of all files
 */
typedef struct
{
  PmtStoreProgressFunc func;
  gpointer data;
  guint64 base;
  guint64 total;
  gchar stage[200];
  gint64 last;
} PmtStoreReport;

/** pmt_store_report: @done: bytes of the present file.  A @stage that is new, or
 * the end of it, is always told. */
void
pmt_store_report (PmtStoreReport *report, const gchar *stage, guint64 done);

G_END_DECLS

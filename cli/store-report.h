/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store-report.h: what is in the store, as text or JSON. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** store_report: @items: (element-type PmtStoreItem) */
void store_report (GPtrArray *items, gboolean is_json);

/** store_report_sources: @folders: %NULL-terminated. */
void store_report_sources (const gchar *const *folders, gboolean is_json);

G_END_DECLS

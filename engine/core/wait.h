/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* wait.h: some time during which nothing is to be done. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * pmt_wait:
 * @seconds: 0 or less: only whether the run was cancelled is looked at
 * @cancellable: (nullable): ends it at once
 * @error: G_IO_ERROR_CANCELLED
 *
 * Thread: any.
 *
 * Returns: %FALSE when it was cancelled.
 */
gboolean pmt_wait (gdouble seconds, GCancellable *cancellable, GError **error);

G_END_DECLS

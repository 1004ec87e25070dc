/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* signals.h: sends a signal to the plug-in under test while it works. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * test_signal_send_when_busy:
 * @profile: GIMP's folder below which the plug-in lies; only a process that
 *   was started from there gets the signal
 * @signal: number
 * @delay: how long to let it work, milliseconds
 *
 * Waits in a thread, for at most 20 seconds, until the plug-in's process has
 * a thread of a thread pool, which is what the engine works in.
 */
GThread *
test_signal_send_when_busy (const gchar *profile, gint signal, gint delay);

/**
 * test_signal_finish:
 *
 * Returns: seconds between the signal and this call, negative when none was
 *   sent.
 */
gdouble test_signal_finish (GThread *sender);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* quiet.h: keeps one kind of line off the standard error output. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** PmtQuietFunc: what is done while lines are held back. */
typedef void (*PmtQuietFunc) (gpointer data);

/**
 * pmt_quiet_run:
 * @prefixes: %NULL-terminated: lines that begin with one of them are dropped,
 *   and so is an empty line behind one
 * @func: called once, from the calling thread
 * @data: for @func
 *
 * Everything that the process writes to the standard error output while @func
 * runs is collected in a temporary file; when it is done, the lines that do
 * not begin with a prefix are written to where they were meant for.  So lines
 * of other threads come late but are not lost.  Works with a standard error
 * output that is closed as well, and then leaves it closed.  Where no
 * temporary file can be made, and on systems other than Unix, @func simply
 * runs.
 *
 * Thread: any; calls wait for each other.
 * Returns: how many lines were dropped.
 */
guint
pmt_quiet_run (const gchar *const *prefixes, PmtQuietFunc func, gpointer data);

G_END_DECLS

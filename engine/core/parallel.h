/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* parallel.h: independent tasks on several threads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** PmtParallelFunc: does task number @task, 0..n_tasks-1. */
typedef void (*PmtParallelFunc) (gint task, gpointer data);

/**
 * pmt_parallel_run:
 * @threads: how many threads work, the calling one among them; at least 1
 * @n_tasks: how many tasks there are
 * @func: called once for each task, in any order, from any of the threads
 * @data: for @func
 *
 * Returns when all tasks are done.  The split into tasks must not depend on
 * @threads; then the result does not depend on it either.  Where a thread
 * can't be started, the others do its work.  Thread: any; reentrant.
 */
void pmt_parallel_run (gint threads,
                       gint n_tasks,
                       PmtParallelFunc func,
                       gpointer data);

G_END_DECLS

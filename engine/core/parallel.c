/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* parallel.c: independent tasks on several threads. */
#include "config.h"

#include "core/parallel.h"

#define MAX_THREADS 64

typedef struct
{
  PmtParallelFunc func;
  gpointer data;
  gint n_tasks;
  gint next;
} Team;

static gpointer
work (gpointer data)
{
  Team *team = data;
  gint task;

  while ((task = g_atomic_int_add (&team->next, 1)) < team->n_tasks)
    team->func (task, team->data);
  return NULL;
}

void
pmt_parallel_run (gint threads,
                  gint n_tasks,
                  PmtParallelFunc func,
                  gpointer data)
{
  GThread *others[MAX_THREADS];
  Team team = { func, data, n_tasks, 0 };
  gint n_others = 0;

  threads = CLAMP (MIN (threads, n_tasks), 1, MAX_THREADS);
  while (n_others < threads - 1)
    {
      others[n_others] = g_thread_try_new ("pmt-worker", work, &team, NULL);
      if (others[n_others] == NULL)
        break;
      n_others++;
    }
  work (&team);
  while (n_others > 0)
    g_thread_join (others[--n_others]);
}

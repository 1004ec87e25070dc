/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* parallel.c: independent tasks on several threads. */
#include "config.h"

#include "core/parallel.h"

#define MAX_THREADS 64

/*
 * Team: those who do the tasks of one call.  The caller leaves when all who
 * came are done; who comes later finds nothing to do.
 * @n_working: helpers at work; with @lock
 */
typedef struct
{
  PmtParallelFunc func;
  gpointer data;
  gint n_tasks;
  gint next;
  GMutex lock;
  GCond is_done;
  gint n_working;
  gboolean is_over;
} Team;

static void
team_free (gpointer data)
{
  Team *team = data;

  g_mutex_clear (&team->lock);
  g_cond_clear (&team->is_done);
}

static void
work (Team *team)
{
  gint task;

  while ((task = g_atomic_int_add (&team->next, 1)) < team->n_tasks)
    team->func (task, team->data);
}

/* Returns: %FALSE when the caller has left. */
static gboolean
join (Team *team)
{
  gboolean is_in_time;

  g_mutex_lock (&team->lock);
  is_in_time = !team->is_over;
  team->n_working += is_in_time;
  g_mutex_unlock (&team->lock);
  return is_in_time;
}

static void
leave (Team *team)
{
  g_mutex_lock (&team->lock);
  if (--team->n_working == 0)
    g_cond_signal (&team->is_done);
  g_mutex_unlock (&team->lock);
}

static void
help (gpointer data, gpointer unused)
{
  Team *team = data;

  if (join (team))
    {
      work (team);
      leave (team);
    }
  g_atomic_rc_box_release_full (team, team_free);
}

/* Threads that stay: one that is made for a few milliseconds of work often
 * shares the processor of its maker all the time. */
static GThreadPool *
get_helpers (void)
{
  static GThreadPool *helpers = NULL;

  if (g_once_init_enter (&helpers))
    g_once_init_leave (&helpers,
                       g_thread_pool_new (help, NULL, -1, FALSE, NULL));
  return helpers;
}

static void
wait_for_helpers (Team *team)
{
  g_mutex_lock (&team->lock);
  team->is_over = TRUE;
  while (team->n_working > 0)
    g_cond_wait (&team->is_done, &team->lock);
  g_mutex_unlock (&team->lock);
}

void
pmt_parallel_run (gint threads,
                  gint n_tasks,
                  PmtParallelFunc func,
                  gpointer data)
{
  Team *team;

  threads = CLAMP (MIN (threads, n_tasks), 1, MAX_THREADS);
  team = g_atomic_rc_box_new0 (Team);
  team->func = func;
  team->data = data;
  team->n_tasks = n_tasks;
  g_mutex_init (&team->lock);
  g_cond_init (&team->is_done);
  /* Without a thread for it, a task of the pool waits for one that is free. */
  for (gint i = 1; i < threads; i++)
    g_thread_pool_push (get_helpers (), g_atomic_rc_box_acquire (team), NULL);
  work (team);
  wait_for_helpers (team);
  g_atomic_rc_box_release_full (team, team_free);
}

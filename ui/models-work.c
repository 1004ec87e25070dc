/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-work.c: downloads and other work on the store, in threads. */
#include "config.h"

#include "models-work.h"

#define UPDATE_MS 200

/**
 * Job: one thread
 * @stage, @done, @total: under @mutex
 */
typedef struct
{
  PmtModelsWork *work;
  PmtModelsTask task;
  gchar *id;
  gchar **folders;
  GCancellable *cancellable;
  GMutex mutex;
  gchar *stage;
  guint64 done;
  guint64 total;
} Job;

struct _PmtModelsWork
{
  PmtEngine *engine;
  GHashTable *jobs;   /* id -> Job */
  GHashTable *errors; /* id -> text */
  gchar *added;
  guint timeout;
  void (*changed) (gboolean is_done, gpointer user_data);
  gpointer user_data;
};

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->id);
  g_strfreev (job->folders);
  g_object_unref (job->cancellable);
  g_mutex_clear (&job->mutex);
  g_free (job->stage);
  g_free (job);
}

/* ---------------------------------------------------------- in the thread -- */

static void
take_progress (const gchar *stage,
               guint64 done,
               guint64 total,
               gpointer user_data)
{
  Job *job = user_data;

  g_mutex_lock (&job->mutex);
  if (g_strcmp0 (job->stage, stage) != 0)
    {
      g_free (job->stage);
      job->stage = g_strdup (stage);
    }
  job->done = done;
  job->total = total;
  g_mutex_unlock (&job->mutex);
}

/* Returns: (transfer full) (nullable): the id of a new item. */
static gchar *
do_job (Job *job, gboolean *is_ok, GError **error)
{
  PmtEngine *engine = job->work->engine;
  gchar *added = NULL;

  switch (job->task)
    {
    case PMT_MODELS_DOWNLOAD:
      *is_ok = pmt_store_download (engine, job->id, take_progress, job,
                                   job->cancellable, error);
      break;
    case PMT_MODELS_DISCARD:
      *is_ok = pmt_store_discard (engine, job->id, error);
      break;
    case PMT_MODELS_ADD:
      added = pmt_store_add (engine, job->id, take_progress, job,
                             job->cancellable, error);
      *is_ok = added != NULL;
      break;
    case PMT_MODELS_REMOVE:
      *is_ok = pmt_store_remove (engine, job->id, error);
      break;
    case PMT_MODELS_FOLDERS:
      *is_ok = pmt_store_set_sources (
          engine, (const gchar *const *)job->folders, error);
      break;
    }

  return added;
}

static void
run_job (GTask *task,
         gpointer source,
         gpointer task_data,
         GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean is_ok = FALSE;
  gchar *added = do_job (task_data, &is_ok, &error);

  if (is_ok)
    g_task_return_pointer (task, added, g_free);
  else
    g_task_return_error (task, error);
}

/* ------------------------------------------------------ in the main thread -- */

static gboolean
belongs_to_item (const Job *job)
{
  return job->task != PMT_MODELS_ADD && job->task != PMT_MODELS_FOLDERS;
}

/* To pause a download is no error. */
static void
note_error (PmtModelsWork *work, const Job *job, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_hash_table_insert (work->errors,
                         g_strdup (belongs_to_item (job) ? job->id : ""),
                         g_strdup (error->message));
}

static void
finish_job (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;
  PmtModelsWork *work = job->work;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *added = g_task_propagate_pointer (G_TASK (result), &error);

  if (error)
    note_error (work, job, error);
  if (added)
    {
      g_free (work->added);
      work->added = g_steal_pointer (&added);
    }
  g_hash_table_remove (work->jobs, job->id);
  if (work->changed)
    work->changed (TRUE, work->user_data);
}

static gboolean
tell_progress (gpointer user_data)
{
  PmtModelsWork *work = user_data;

  if (g_hash_table_size (work->jobs) == 0)
    {
      work->timeout = 0;
      return G_SOURCE_REMOVE;
    }
  if (work->changed)
    work->changed (FALSE, work->user_data);

  return G_SOURCE_CONTINUE;
}

PmtModelsWork *
pmt_models_work_new (PmtEngine *engine,
                     void (*changed) (gboolean is_done, gpointer user_data),
                     gpointer user_data)
{
  PmtModelsWork *work = g_new0 (PmtModelsWork, 1);

  work->engine = engine;
  work->changed = changed;
  work->user_data = user_data;
  work->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, job_free);
  work->errors =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return work;
}

static void
cancel_all (PmtModelsWork *work)
{
  GHashTableIter iter;
  gpointer job;

  g_hash_table_iter_init (&iter, work->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    g_cancellable_cancel (((Job *)job)->cancellable);
}

void
pmt_models_work_free (PmtModelsWork *work)
{
  work->changed = NULL;
  cancel_all (work);
  while (g_hash_table_size (work->jobs) > 0)
    g_main_context_iteration (NULL, TRUE);
  if (work->timeout != 0)
    g_source_remove (work->timeout);
  g_hash_table_unref (work->jobs);
  g_hash_table_unref (work->errors);
  g_free (work->added);
  g_free (work);
}

void
pmt_models_work_start (PmtModelsWork *work,
                       PmtModelsTask task_kind,
                       const gchar *id,
                       const gchar *const *folders)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (g_hash_table_contains (work->jobs, id))
    return;
  job = g_new0 (Job, 1);
  job->work = work;
  job->task = task_kind;
  job->id = g_strdup (id);
  job->folders = g_strdupv ((gchar **)folders);
  job->cancellable = g_cancellable_new ();
  g_mutex_init (&job->mutex);
  g_hash_table_remove (work->errors, belongs_to_item (job) ? id : "");
  g_hash_table_insert (work->jobs, job->id, job);
  /* The task has no cancellable: its end is waited for. */
  task = g_task_new (NULL, NULL, finish_job, job);
  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, run_job);
  if (work->timeout == 0)
    work->timeout = g_timeout_add (UPDATE_MS, tell_progress, work);
}

void
pmt_models_work_cancel (PmtModelsWork *work, const gchar *id)
{
  Job *job = g_hash_table_lookup (work->jobs, id);

  if (job)
    g_cancellable_cancel (job->cancellable);
}

guint
pmt_models_work_count (const PmtModelsWork *work)
{
  return g_hash_table_size (work->jobs);
}

gboolean
pmt_models_work_get_progress (PmtModelsWork *work,
                              const gchar *id,
                              gchar **stage,
                              gdouble *fraction)
{
  Job *job = g_hash_table_lookup (work->jobs, id);

  if (!job)
    return FALSE;
  g_mutex_lock (&job->mutex);
  *stage = g_strdup (job->stage ? job->stage : "");
  *fraction = job->total > 0
                  ? CLAMP ((gdouble)job->done / (gdouble)job->total, 0.0, 1.0)
                  : -1.0;
  g_mutex_unlock (&job->mutex);

  return TRUE;
}

const gchar *
pmt_models_work_get_any (const PmtModelsWork *work)
{
  GHashTableIter iter;
  gpointer job;

  g_hash_table_iter_init (&iter, work->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    if (!belongs_to_item (job))
      return ((Job *)job)->id;

  return NULL;
}

const gchar *
pmt_models_work_get_error (const PmtModelsWork *work, const gchar *id)
{
  return g_hash_table_lookup (work->errors, id);
}

gchar *
pmt_models_work_take_added (PmtModelsWork *work)
{
  return g_steal_pointer (&work->added);
}

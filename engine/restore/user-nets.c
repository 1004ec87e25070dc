/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* user-nets.c: the user's own networks as models. */
#include "config.h"

#include "restore/user-nets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/file-id.h"
#include "catalog/model-sources.h"
#include "catalog/model-walk.h"
#include "core/backend.h"
#include "core/environment.h"
#include "restore/probe-cache.h"
#include "restore/user-model.h"

#define MAX_FILES 200
#define MAX_PATH_LENGTH 4096

/* A single network gets so much of the time, so that one that takes forever
 * leaves some for the others. */
#define SECONDS_PER_NET 15

/* ------------------------------------------------------------- watchdog -- */

/* Cancels when the time is over. */
typedef struct
{
  GCancellable *cancellable;
  GMutex mutex;
  GCond cond;
  gint64 deadline;
  gboolean is_done;
} Watchdog;

static gpointer
watch (gpointer data)
{
  Watchdog *dog = data;

  g_mutex_lock (&dog->mutex);
  while (!dog->is_done
         && g_cond_wait_until (&dog->cond, &dog->mutex, dog->deadline))
    ;
  if (!dog->is_done)
    g_cancellable_cancel (dog->cancellable);
  g_mutex_unlock (&dog->mutex);
  return NULL;
}

static PmtNet *
new_in_time (PmtSession *session,
             const gchar *name,
             gint64 deadline,
             GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Watchdog dog = { .cancellable = cancellable, .deadline = deadline };
  GThread *thread;
  PmtNet *net;

  g_mutex_init (&dog.mutex);
  g_cond_init (&dog.cond);
  thread = g_thread_new ("probe", watch, &dog);
  net = pmt_net_new (session, name, FALSE, cancellable, error);
  g_mutex_lock (&dog.mutex);
  dog.is_done = TRUE;
  g_cond_signal (&dog.cond);
  g_mutex_unlock (&dog.mutex);
  g_thread_join (thread);
  g_mutex_clear (&dog.mutex);
  g_cond_clear (&dog.cond);
  return net;
}

static gboolean
probe_file (const gchar *path,
            gint threads,
            gint64 deadline,
            PmtNetInfo *info,
            GError **error)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autofree gchar *name = pmt_file_id_show (path);
  g_autoptr (PmtSession) session = NULL;
  g_autoptr (PmtNet) net = NULL;
  g_autoptr (GError) local = NULL;

  options.threads = threads;
  options.memory = pmt_memory_available () / 2;
  session = pmt_session_open (path, &options, error);
  if (session == NULL)
    return FALSE;
  net = new_in_time (session, name, deadline, &local);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The network “%s” can't be used: it works for more than "
                      "%d seconds on a few pixels."),
                   name, SECONDS_PER_NET);
      return FALSE;
    }
  if (net == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  *info = *pmt_net_get_info (net);
  return TRUE;
}

/* --------------------------------------------------------------- folder -- */

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static gboolean
is_network (const gchar *name)
{
  const gsize length = strlen (name);

  return name[0] != '.' && length > 5
         && g_ascii_strcasecmp (name + length - 5, ".onnx") == 0;
}

static GPtrArray *
list_files (const gchar *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_network (name))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  if (names->len > MAX_FILES)
    g_ptr_array_set_size (names, MAX_FILES);
  return names;
}

/* Size and time of a regular file. */
static gboolean
look_at (const gchar *path, PmtProbe *probe)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (
      file,
      G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE
                                     "," G_FILE_ATTRIBUTE_TIME_MODIFIED
                                     "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
      G_FILE_QUERY_INFO_NONE, NULL, NULL);

  if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    return FALSE;
  probe->size = g_file_info_get_size (info);
  probe->mtime = (gint64)g_file_info_get_attribute_uint64 (
                     info, G_FILE_ATTRIBUTE_TIME_MODIFIED)
                     * G_USEC_PER_SEC
                 + g_file_info_get_attribute_uint32 (
                     info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
  return TRUE;
}

static const PmtProbe *
find_known (GPtrArray *known, const PmtProbe *file)
{
  for (guint i = 0; i < known->len; i++)
    {
      const PmtProbe *probe = known->pdata[i];

      if (g_str_equal (probe->name, file->name) && probe->size == file->size
          && probe->mtime == file->mtime)
        return probe;
    }
  return NULL;
}

/* ----------------------------------------------------------------- scan -- */

typedef struct
{
  PmtNetStore *store;
  gint threads;
  GPtrArray *models;
  GPtrArray *problems;
  GPtrArray *known;
  GPtrArray *found;
  gint64 deadline;
  gboolean is_changed;
} Scan;

static gboolean
is_taken (GPtrArray *models, const gchar *id)
{
  for (guint i = 0; i < models->len; i++)
    if (g_str_equal (((const PmtModel *)models->pdata[i])->id, id))
      return TRUE;
  return FALSE;
}

static gchar *
free_id (GPtrArray *models, const gchar *path)
{
  g_autofree gchar *slug = pmt_file_id_slug ("upscaler-", path, ".onnx");
  gchar *id = g_strdup (slug);

  for (gint n = 2; is_taken (models, id); n++)
    {
      g_free (id);
      id = g_strdup_printf ("%s-%d", slug, n);
    }
  return id;
}

static void
add_problem (Scan *scan, const gchar *path, const gchar *reason)
{
  g_autofree gchar *shown = pmt_file_id_show (path);
  g_autofree gchar *clean = g_strdup (reason);

  pmt_file_id_clean (clean);
  pmt_problems_add (scan->problems, PMT_ERROR_MODEL, shown, "%s", clean);
}

/* Fills in what was found earlier or is found now; FALSE: no time left. */
static gboolean
find_out (Scan *scan, const gchar *path, PmtProbe *probe)
{
  const PmtProbe *known = find_known (scan->known, probe);
  const gint64 now = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  if (known != NULL)
    {
      probe->info = known->info;
      probe->reason = g_strdup (known->reason);
      return TRUE;
    }
  if (now >= scan->deadline)
    return FALSE;
  if (!probe_file (path, scan->threads,
                   MIN (scan->deadline, now + SECONDS_PER_NET * G_USEC_PER_SEC),
                   &probe->info, &error))
    probe->reason = g_strdup (error->message);
  /* No ONNX Runtime, no memory: that may be better the next time. */
  probe->is_passing = g_error_matches (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED)
                      || g_error_matches (error, PMT_ERROR, PMT_ERROR_MEMORY);
  scan->is_changed |= !probe->is_passing;
  return TRUE;
}

static void
add_model (Scan *scan, const gchar *path, const PmtNetInfo *info)
{
  g_autofree gchar *id = free_id (scan->models, path);

  g_ptr_array_add (scan->models, pmt_user_model_new (id, path, info));
  pmt_net_store_know (scan->store, path, info);
}

/* @name: of the file in the list of what was found. */
static void
scan_file (Scan *scan, const gchar *path, const gchar *name)
{
  PmtProbe *probe = g_new0 (PmtProbe, 1);

  probe->name = g_strdup (name);
  if (!look_at (path, probe))
    {
      add_problem (scan, path, _ ("This is not a file."));
      pmt_probe_free (probe);
      return;
    }
  if (!find_out (scan, path, probe))
    {
      add_problem (scan, path,
                   _ ("There was no time to look at this network. It will be "
                      "looked at the next time."));
      pmt_probe_free (probe);
      return;
    }
  g_ptr_array_add (scan->found, probe);
  if (probe->reason != NULL)
    add_problem (scan, path, probe->reason);
  else
    add_model (scan, path, &probe->info);
}

static void
scan_folder (Scan *scan, const gchar *folder)
{
  g_autoptr (GPtrArray) names = list_files (folder);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree gchar *path = g_build_filename (folder, names->pdata[i], NULL);

      scan_file (scan, path, names->pdata[i]);
    }
}

/* Of other programs.  Files are known by their whole paths, escaped, since
 * several folders may have the same names. */
static void
scan_sources (Scan *scan, GPtrArray *folders)
{
  for (guint i = 0; i < folders->len; i++)
    {
      g_autoptr (GPtrArray) paths =
          pmt_model_walk (folders->pdata[i], PMT_MODEL_WALK_NETS, NULL);

      for (guint j = 0; j < paths->len && scan->found->len < MAX_FILES; j++)
        {
          g_autofree gchar *name =
              g_uri_escape_string (paths->pdata[j], NULL, FALSE);

          scan_file (scan, paths->pdata[j], name);
        }
    }
}

void
pmt_user_nets_add (PmtNetStore *store,
                   const gchar *user_dir,
                   gint threads,
                   GPtrArray *models,
                   GPtrArray *problems)
{
  g_autofree gchar *root = g_canonicalize_filename (user_dir, NULL);
  g_autofree gchar *folder =
      g_build_filename (root, "models", "upscalers", NULL);
  g_autofree gchar *cache =
      g_build_filename (root, "cache", "probes.json", NULL);
  g_autoptr (GPtrArray) sources =
      pmt_model_sources_list (user_dir, "upscalers");
  g_autoptr (GPtrArray) known = NULL;
  g_autoptr (GPtrArray) found = NULL;
  Scan scan = { store, threads, models, problems };

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR) && sources->len == 0)
    return;
  scan.known = known = pmt_probe_cache_read (cache);
  scan.found = found = g_ptr_array_new_with_free_func (pmt_probe_free);
  scan.deadline =
      g_get_monotonic_time () + PMT_USER_NETS_SECONDS * G_USEC_PER_SEC;
  scan_folder (&scan, folder);
  scan_sources (&scan, sources);
  if (scan.is_changed)
    pmt_probe_cache_write (cache, found);
}

PmtModel *
pmt_user_nets_open (PmtNetStore *store,
                    const gchar *path,
                    gint threads,
                    GError **error)
{
  g_autofree gchar *absolute = g_canonicalize_filename (path, NULL);
  g_autofree gchar *shown = pmt_file_id_show (path);
  PmtProbe probe = { 0 };
  PmtNetInfo info;

  if (strlen (absolute) > MAX_PATH_LENGTH || !look_at (absolute, &probe))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("There is no network “%s”. Choose another file."), shown);
      return NULL;
    }
  if (!probe_file (absolute, threads,
                   g_get_monotonic_time () + SECONDS_PER_NET * G_USEC_PER_SEC,
                   &info, error))
    return NULL;
  pmt_net_store_know (store, absolute, &info);
  return pmt_user_model_new (path, absolute, &info);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* subject-store.c: the user's networks for subjects. */
#include "config.h"

#include "subject/subject-store.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/file-id.h"
#include "catalog/model-folder.h"
#include "core/backend.h"

struct _PmtSubjectStore
{
  gchar *folder;
  GMutex mutex;
  gchar *path;
  gint threads;
  PmtSubjectNet *net;
};

PmtSubjectStore *
pmt_subject_store_new (const gchar *user_dir)
{
  PmtSubjectStore *store = g_new0 (PmtSubjectStore, 1);

  if (user_dir != NULL)
    store->folder = g_build_filename (user_dir, "models", "subject", NULL);
  g_mutex_init (&store->mutex);
  return store;
}

void
pmt_subject_store_free (PmtSubjectStore *store)
{
  if (store == NULL)
    return;
  g_clear_pointer (&store->net, pmt_subject_net_unref);
  g_mutex_clear (&store->mutex);
  g_free (store->path);
  g_free (store->folder);
  g_free (store);
}

void
pmt_subject_store_check (PmtSubjectStore *store, GPtrArray *problems)
{
  g_autoptr (GPtrArray) paths = pmt_model_folder_list (store->folder);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree gchar *shown = pmt_file_id_show (paths->pdata[i]);
      g_autoptr (GError) error = NULL;
      PmtSubjectDeclared declared;

      if (pmt_subject_net_look (paths->pdata[i], &declared, &error))
        continue;
      pmt_file_id_clean (error->message);
      pmt_problems_add (problems, PMT_ERROR_MODEL, shown, "%s", error->message);
    }
}

static gchar *
show_folder (PmtSubjectStore *store)
{
  return store->folder != NULL ? g_filename_display_name (store->folder)
                               : g_strdup ("models/subject");
}

static gboolean
has_name (const gchar *path, const gchar *name)
{
  g_autofree gchar *base = g_path_get_basename (path);
  const gsize length = strlen (base) - strlen (".onnx");

  return name[0] == '\0' || g_str_equal (base, name)
         || (strlen (name) == length && strncmp (base, name, length) == 0);
}

gboolean
pmt_subject_store_find (PmtSubjectStore *store,
                        const gchar *name,
                        gchar **path,
                        GError **error)
{
  g_autoptr (GPtrArray) paths = pmt_model_folder_list (store->folder);
  g_autofree gchar *shown = show_folder (store);

  for (guint i = 0; i < paths->len; i++)
    {
      PmtSubjectDeclared declared;

      if (!has_name (paths->pdata[i], name)
          || !pmt_subject_net_look (paths->pdata[i], &declared, NULL))
        continue;
      *path = g_strdup (paths->pdata[i]);
      return TRUE;
    }
  if (name[0] == '\0')
    {
      *path = NULL;
      return TRUE;
    }
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“subject-model” is “%s”, and there is no network of this "
                  "name that finds subjects in “%s”. Leave it empty for the "
                  "first one there, or say “none”."),
               name, shown);
  return FALSE;
}

PmtSubjectNet *
pmt_subject_store_open (PmtSubjectStore *store,
                        const gchar *path,
                        gint threads,
                        guint64 memory,
                        GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (PmtSubjectNet) net = NULL;

  if (store->net != NULL && store->threads == threads
      && g_str_equal (store->path, path))
    return pmt_subject_net_ref (store->net);
  options.threads = threads;
  options.memory = memory;
  net = pmt_subject_net_open (path, &options, error);
  if (net == NULL)
    return NULL;
  g_clear_pointer (&store->net, pmt_subject_net_unref);
  g_free (store->path);
  store->net = pmt_subject_net_ref (net);
  store->path = g_strdup (path);
  store->threads = threads;
  return g_steal_pointer (&net);
}

void
pmt_subject_store_fail (PmtSubjectStore *store, GError **error)
{
  g_autofree gchar *shown = show_folder (store);

  g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
               _ ("The subject can't be found without a hint: select an area "
                  "around it, or put a network of the U2Net, ISNet or BiRefNet "
                  "kind (.onnx) into “%s”."),
               shown);
}

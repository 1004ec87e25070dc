/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-store.c: the user's networks for faces. */
#include "config.h"

#include "face/face-store.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/file-id.h"
#include "catalog/model-folder.h"
#include "core/backend.h"
#include "face/cascade.h"

/* A detector and a network that restores; a second one to compare with. */
#define MAX_OPEN 3

typedef struct
{
  gchar *path;
  gint threads;
  PmtFaceNet *net;
} Entry;

struct _PmtFaceStore
{
  gchar *folder;
  GMutex mutex;
  GPtrArray *open;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->path);
  pmt_face_net_unref (entry->net);
  g_free (entry);
}

PmtFaceStore *
pmt_face_store_new (const gchar *user_dir)
{
  PmtFaceStore *store = g_new0 (PmtFaceStore, 1);

  if (user_dir != NULL)
    store->folder = g_build_filename (user_dir, "models", "faces", NULL);
  g_mutex_init (&store->mutex);
  store->open = g_ptr_array_new_with_free_func (entry_free);
  return store;
}

void
pmt_face_store_free (PmtFaceStore *store)
{
  if (store == NULL)
    return;
  g_ptr_array_unref (store->open);
  g_mutex_clear (&store->mutex);
  g_free (store->folder);
  g_free (store);
}

const gchar *
pmt_face_store_get_folder (PmtFaceStore *store)
{
  return store->folder;
}

void
pmt_face_store_check (PmtFaceStore *store, GPtrArray *problems)
{
  g_autoptr (GPtrArray) paths = pmt_model_folder_list (store->folder);

  for (guint i = 0; i < paths->len; i++)
    {
      const gchar *path = paths->pdata[i];
      g_autofree gchar *shown = pmt_file_id_show (path);
      g_autoptr (GError) error = NULL;
      PmtFaceDeclared declared;

      if (!pmt_face_net_look (path, &declared, &error))
        {
          pmt_file_id_clean (error->message);
          pmt_problems_add (problems, PMT_ERROR_MODEL, shown, "%s",
                            error->message);
        }
    }
}

/* ------------------------------------------------------------- detectors -- */

static gchar *
find_detector (PmtFaceStore *store)
{
  g_autoptr (GPtrArray) paths = pmt_model_folder_list (store->folder);

  for (guint i = 0; i < paths->len; i++)
    {
      PmtFaceDeclared declared;

      if (pmt_face_net_look (paths->pdata[i], &declared, NULL)
          && declared.kind != PMT_FACE_NET_RESTORER)
        return g_strdup (paths->pdata[i]);
    }
  return NULL;
}

gboolean
pmt_face_store_can_detect (PmtFaceStore *store, GError **error)
{
  g_autofree gchar *path = find_detector (store);
  g_autoptr (GError) local = NULL;
  g_autofree gchar *shown = NULL;

  if (path != NULL || pmt_cascade_is_usable (&local))
    return TRUE;
  shown = store->folder != NULL ? g_filename_display_name (store->folder)
                                : g_strdup ("models/faces");
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("Faces can't be found without a network: put a detector of "
                  "the YuNet, SCRFD or YOLO-face kind (.onnx) into “%s”. %s"),
               shown, local->message);
  return FALSE;
}

GArray *
pmt_face_store_detect (PmtFaceStore *store,
                       GeglBuffer *picture,
                       const GeglRectangle *rect,
                       gint threads,
                       guint64 memory,
                       PmtProgress *progress,
                       GCancellable *cancellable,
                       GError **error)
{
  const PmtFaceSeek seek = PMT_FACE_SEEK_INIT;
  g_autofree gchar *path = find_detector (store);
  g_autoptr (PmtFaceNet) net = NULL;

  if (path == NULL)
    return pmt_face_store_can_detect (store, error)
               ? pmt_cascade_detect (picture, rect, cancellable, error)
               : NULL;
  net = pmt_face_store_open (store, path, threads, memory, error);
  return net != NULL ? pmt_face_detect (net, &seek, picture, rect, progress,
                                        cancellable, error)
                     : NULL;
}

/* ------------------------------------------------------------- restorers -- */

static gboolean
has_name (const gchar *path, const gchar *name)
{
  g_autofree gchar *base = g_path_get_basename (path);
  const gsize length = strlen (base) - strlen (".onnx");

  return name[0] == '\0' || g_str_equal (base, name)
         || (strlen (name) == length && strncmp (base, name, length) == 0);
}

gboolean
pmt_face_store_find_restorer (PmtFaceStore *store,
                              const gchar *name,
                              gchar **path,
                              PmtFaceDeclared *declared,
                              GError **error)
{
  g_autoptr (GPtrArray) paths = pmt_model_folder_list (store->folder);
  g_autofree gchar *shown = NULL;

  for (guint i = 0; i < paths->len; i++)
    {
      PmtFaceDeclared found;

      if (!has_name (paths->pdata[i], name)
          || !pmt_face_net_look (paths->pdata[i], &found, NULL)
          || found.kind != PMT_FACE_NET_RESTORER)
        continue;
      *declared = found;
      *path = g_strdup (paths->pdata[i]);
      return TRUE;
    }
  if (name[0] == '\0')
    {
      *path = NULL;
      return TRUE;
    }
  shown = store->folder != NULL ? g_filename_display_name (store->folder)
                                : g_strdup ("models/faces");
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“face-model” is “%s”, and there is no network of this name "
                  "that restores faces in “%s”. Leave it empty for the first "
                  "one there, or say “shipped” for the network that comes "
                  "with Pentimento."),
               name, shown);
  return FALSE;
}

static PmtFaceNet *
find_open (PmtFaceStore *store, const gchar *path, gint threads)
{
  for (guint i = 0; i < store->open->len; i++)
    {
      Entry *entry = store->open->pdata[i];

      if (entry->threads != threads || !g_str_equal (entry->path, path))
        continue;
      g_ptr_array_add (store->open, g_ptr_array_steal_index (store->open, i));
      return pmt_face_net_ref (entry->net);
    }
  return NULL;
}

PmtFaceNet *
pmt_face_store_open (PmtFaceStore *store,
                     const gchar *path,
                     gint threads,
                     guint64 memory,
                     GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  g_autoptr (PmtFaceNet) net = find_open (store, path, threads);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  Entry *entry;

  if (net != NULL)
    return g_steal_pointer (&net);
  options.threads = threads;
  options.memory = memory;
  net = pmt_face_net_open (path, &options, error);
  if (net == NULL)
    return NULL;
  entry = g_new0 (Entry, 1);
  entry->path = g_strdup (path);
  entry->threads = threads;
  entry->net = pmt_face_net_ref (net);
  if (store->open->len >= MAX_OPEN)
    g_ptr_array_remove_index (store->open, 0);
  g_ptr_array_add (store->open, entry);
  return g_steal_pointer (&net);
}

/* Weights, their packed copies, and what a run of a generator at 512 x 512
 * takes; a detector takes much less. */
#define RUN_MEMORY ((guint64)400 << 20)

guint64
pmt_face_store_memory (const gchar *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);

  return RUN_MEMORY
         + (file != NULL ? 3 * (guint64)g_mapped_file_get_length (file) : 0);
}

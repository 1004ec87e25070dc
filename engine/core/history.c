/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history.c: the history as programs see it. */
#include "config.h"

#include "core/history.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "core/engine-private.h"
#include "core/history-pixels.h"

#define MAX_THUMBNAIL_BYTES (1 << 20)

/* (nullable): of a plain file of that name, not too large. */
static gchar *
find_file (const gchar *folder,
           const gchar *id,
           const gchar *suffix,
           gsize max_bytes)
{
  g_autofree gchar *name = g_strconcat (id, suffix, NULL);
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  GStatBuf info;

  if (g_lstat (path, &info) != 0 || !S_ISREG (info.st_mode)
      || (guint64)info.st_size > max_bytes)
    return NULL;
  return g_steal_pointer (&path);
}

static PmtHistoryEntry *
load (const gchar *folder, const gchar *id, GError **error)
{
  g_autofree gchar *path = find_file (folder, id, ".json", PMT_JSON_MAX_BYTES);
  g_autofree gchar *text = NULL;
  gsize length = 0;
  PmtHistoryEntry *entry;

  if (path == NULL || !g_file_get_contents (path, &text, &length, NULL))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The entry of the history “%s/%s.json” can't be read, "
                      "and was left out."),
                   folder, id);
      return NULL;
    }
  entry = pmt_history_parse (path, id, text, length, error);
  if (entry != NULL)
    {
      entry->thumbnail = find_file (folder, id, ".png", MAX_THUMBNAIL_BYTES);
      entry->result = find_file (folder, id, ".pixels", G_MAXSIZE);
    }
  return entry;
}

GPtrArray *
pmt_engine_list_history (PmtEngine *engine, GPtrArray *problems)
{
  GPtrArray *entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_history_entry_free);
  g_autoptr (GPtrArray) ids = NULL;
  g_autofree gchar *folder = NULL;

  g_return_val_if_fail (engine != NULL, entries);
  if (engine->user_dir == NULL)
    return entries;
  folder = pmt_history_folder (engine->user_dir);
  ids = pmt_history_list_ids (folder);
  for (guint i = 0; i < MIN (ids->len, PMT_HISTORY_MAX_ENTRIES); i++)
    {
      g_autoptr (GError) error = NULL;
      PmtHistoryEntry *entry = load (folder, ids->pdata[i], &error);

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
      else if (problems != NULL)
        g_ptr_array_add (problems, g_strdup (error->message));
    }
  return entries;
}

static gboolean
check_id (PmtEngine *engine, const gchar *id, GError **error)
{
  if (engine->user_dir != NULL && pmt_history_is_id (id))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The history has no entry “%s”."), id);
  return FALSE;
}

PmtHistoryEntry *
pmt_engine_get_history (PmtEngine *engine, const gchar *id, GError **error)
{
  g_autofree gchar *folder = NULL;

  g_return_val_if_fail (engine != NULL && id != NULL, NULL);
  if (!check_id (engine, id, error))
    return NULL;
  folder = pmt_history_folder (engine->user_dir);
  return load (folder, id, error);
}

PmtResult *
pmt_engine_load_history (PmtEngine *engine,
                         const gchar *id,
                         GeglRectangle *from,
                         GError **error)
{
  g_autofree gchar *folder = NULL;
  g_autofree gchar *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) local = NULL;
  guint64 n_bytes;

  g_return_val_if_fail (engine != NULL && id != NULL && from != NULL, NULL);
  if (!check_id (engine, id, error))
    return NULL;
  folder = pmt_history_folder (engine->user_dir);
  n_bytes = pmt_history_measure (folder, id);
  path = find_file (folder, id, ".pixels", G_MAXSIZE);
  if (path == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The history has no result of “%s” any more. Run it "
                      "again with “Reuse Settings”."),
                   id);
      return NULL;
    }
  file = g_file_new_for_path (path);
  stream = g_file_read (file, NULL, &local);
  if (stream != NULL)
    return pmt_history_pixels_read (G_INPUT_STREAM (stream), n_bytes, path,
                                    from, error);
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The file “%s” can't be read: %s"), path, local->message);
  return NULL;
}

guint64
pmt_engine_measure_history (PmtEngine *engine)
{
  g_autoptr (GPtrArray) ids = NULL;
  g_autofree gchar *folder = NULL;
  guint64 sum = 0;

  g_return_val_if_fail (engine != NULL, 0);
  if (engine->user_dir == NULL)
    return 0;
  folder = pmt_history_folder (engine->user_dir);
  ids = pmt_history_list_ids (folder);
  for (guint i = 0; i < ids->len; i++)
    sum += pmt_history_measure (folder, ids->pdata[i]);
  return sum;
}

gboolean
pmt_engine_delete_history (PmtEngine *engine, const gchar *id, GError **error)
{
  g_autofree gchar *folder = NULL;

  g_return_val_if_fail (engine != NULL && id != NULL, FALSE);
  if (!check_id (engine, id, error))
    return FALSE;
  folder = pmt_history_folder (engine->user_dir);
  if (pmt_history_remove (folder, id))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The history has no entry “%s”, or it can't be deleted."),
               id);
  return FALSE;
}

gboolean
pmt_engine_clear_history (PmtEngine *engine, GError **error)
{
  g_autoptr (GPtrArray) ids = NULL;
  g_autofree gchar *folder = NULL;
  gboolean is_ok = TRUE;

  g_return_val_if_fail (engine != NULL, FALSE);
  if (engine->user_dir == NULL)
    return TRUE;
  folder = pmt_history_folder (engine->user_dir);
  ids = pmt_history_list_ids (folder);
  for (guint i = 0; i < ids->len; i++)
    is_ok = pmt_history_remove (folder, ids->pdata[i]) && is_ok;
  if (!is_ok)
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("Not every entry in “%s” can be deleted; check the "
                    "folder's permissions."),
                 folder);
  return is_ok;
}

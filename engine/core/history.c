/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history.c: the history as programs see it. */
#include "config.h"

#include "core/history.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "core/engine-private.h"

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
    entry->thumbnail = find_file (folder, id, ".png", MAX_THUMBNAIL_BYTES);
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

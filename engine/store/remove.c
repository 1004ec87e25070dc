/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remove.c: models of the user's folder that go. */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/engine-private.h"
#include "store/lock.h"
#include "store/place.h"
#include "store/store-private.h"

#define MAX_DEPTH 8

static gboolean
fail (const gchar *path, GError **error)
{
  const gint code = errno;
  g_autofree gchar *shown = g_filename_display_name (path);

  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("“%s” can't be deleted: %s."), shown, g_strerror (code));
  return FALSE;
}

/* Of a link the link, whatever it leads to. */
static gboolean
delete_path (const gchar *path, gint depth, GError **error)
{
  g_autoptr (GDir) dir = NULL;
  GStatBuf status;
  const gchar *name;

  if (g_lstat (path, &status) != 0)
    return errno == ENOENT || fail (path, error);
  if (!S_ISDIR (status.st_mode))
    return g_unlink (path) == 0 || errno == ENOENT || fail (path, error);
  if (depth > MAX_DEPTH)
    {
      errno = ELOOP;
      return fail (path, error);
    }
  dir = g_dir_open (path, 0, NULL);
  if (dir == NULL)
    return fail (path, error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *below = g_build_filename (path, name, NULL);

      if (!delete_path (below, depth + 1, error))
        return FALSE;
    }
  return g_rmdir (path) == 0 || fail (path, error);
}

gboolean
pmt_store_delete (const gchar *path, GError **error)
{
  return delete_path (path, 0, error);
}

/* Folders that an offer made, where nothing else is in them. */
static void
delete_empty_parents (const gchar *user_dir, const gchar *name)
{
  g_autofree gchar *folder = g_path_get_dirname (name);

  while (strchr (folder, '/') != NULL)
    {
      g_autofree gchar *path = pmt_place_path (user_dir, folder);
      gchar *parent;

      if (g_rmdir (path) != 0)
        return;
      parent = g_path_get_dirname (folder);
      g_free (folder);
      folder = parent;
    }
}

static gboolean
remove_offer (PmtEngine *engine, const gchar *id, GError **error)
{
  g_autoptr (GPtrArray) offers =
      pmt_offers_load (engine->data_dir, engine->user_dir, NULL);
  const PmtOffer *offer = pmt_offers_find (offers, id);
  g_autoptr (PmtStoreLock) lock =
      pmt_store_lock_take (engine->user_dir, id, error);

  if (lock == NULL)
    return FALSE;
  for (guint i = 0; offer != NULL && i < offer->files->len; i++)
    {
      const PmtModelFile *file = pmt_offer_get_file (offer, i);
      g_autofree gchar *path = pmt_place_path (engine->user_dir, file->name);

      /* One of another size is not of the offer. */
      if (!pmt_place_is_inside (engine->user_dir, path)
          || pmt_store_measure (path) != file->bytes)
        continue;
      if (!delete_path (path, 0, error))
        return FALSE;
      delete_empty_parents (engine->user_dir, file->name);
    }
  return TRUE;
}

static const PmtStoreItem *
find_item (GPtrArray *items, const gchar *id)
{
  for (guint i = 0; i < items->len; i++)
    if (g_str_equal (((const PmtStoreItem *)items->pdata[i])->id, id))
      return items->pdata[i];
  return NULL;
}

static gboolean
check_item (const PmtStoreItem *item, const gchar *id, GError **error)
{
  if (item != NULL && item->can_remove)
    return TRUE;
  if (item == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("There is no model “%s” in the list. Choose one that is "
                    "installed."),
                 id);
  else if (item->state == PMT_STORE_SHIPPED)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("“%s” comes with Pentimento and can't be removed."),
                 item->name);
  else if (item->state == PMT_STORE_EXTERNAL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("“%s” belongs to another program. Remove it there, or take "
                    "its folder off the list of folders."),
                 item->name);
  else if (item->path == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("“%s” is not installed."), item->name);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("“%s” does not lie in Pentimento's folder, but behind a "
                    "link. Remove it yourself."),
                 item->name);
  return FALSE;
}

gboolean
pmt_store_remove (PmtEngine *engine, const gchar *id, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  const PmtStoreItem *item;

  g_return_val_if_fail (engine != NULL && id != NULL, FALSE);
  if (!pmt_store_require_folder (engine, error))
    return FALSE;
  items = pmt_store_list (engine, NULL);
  item = find_item (items, id);
  if (!check_item (item, id, error))
    return FALSE;
  /* Only offers are downloaded from somewhere. */
  if (!(item->origin != NULL ? remove_offer (engine, id, error)
                             : delete_path (item->path, 0, error)))
    return FALSE;
  pmt_engine_reload_models (engine);
  return TRUE;
}

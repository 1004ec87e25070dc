/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store-add.c: the user's own files, copied to where they are used. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "catalog/model-walk.h"
#include "core/engine-private.h"
#include "store/identify.h"
#include "store/lock.h"
#include "store/place.h"
#include "store/store-private.h"

#define MAX_FILES 1000
#define MAX_DEPTH 3

/* All that is added, one after the other. */
#define LOCK "add"

typedef struct
{
  PmtStoreReport report;
  GCancellable *cancellable;
  guint n_files;
} Copy;

static gboolean
fail (const gchar *path, const gchar *reason, GError **error)
{
  g_autofree gchar *shown = g_filename_display_name (path);

  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The file “%s” can't be copied: %s."), shown, reason);
  return FALSE;
}

/* ---------------------------------------------------------------- copy -- */

static void
on_progress (goffset done, goffset total, gpointer data)
{
  pmt_store_report (data, _ ("Copying"), (guint64)MAX (done, 0));
}

/* On the disk, not only on its way there. */
static gboolean
sync_file (const gchar *path, GError **error)
{
  const gint fd = g_open (path, O_RDWR | O_CLOEXEC, 0);
  const gboolean is_ok = fd >= 0 && fsync (fd) == 0;
  const gint code = errno;

  if (fd >= 0)
    close (fd);
  return is_ok || fail (path, g_strerror (code), error);
}

static gboolean
copy_file (Copy *copy, const gchar *from, const gchar *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) local = NULL;

  if (++copy->n_files > MAX_FILES)
    return fail (from, _ ("there are too many files"), error);
  if (!g_file_copy (source, target,
                    G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS,
                    copy->cancellable, on_progress, &copy->report, &local))
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      return fail (from, local->message, error);
    }
  copy->report.base += pmt_store_measure (to);
  return sync_file (to, error);
}

/* Only what models are made of; links are read, and become files. */
static gboolean
copy_folder (
    Copy *copy, const gchar *from, const gchar *to, gint depth, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const gchar *name;

  if (dir == NULL || (g_mkdir (to, 0755) != 0 && errno != EEXIST))
    return fail (from, g_strerror (errno), error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *source = g_build_filename (from, name, NULL);
      g_autofree gchar *target = g_build_filename (to, name, NULL);

      if (name[0] == '.')
        continue;
      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        {
          if (depth < MAX_DEPTH
              && !copy_folder (copy, source, target, depth + 1, error))
            return FALSE;
        }
      else if (pmt_place_has_suffix (name)
               && g_file_test (source, G_FILE_TEST_IS_REGULAR)
               && !copy_file (copy, source, target, error))
        return FALSE;
    }
  return TRUE;
}

/* ---------------------------------------------------------------- name -- */

static gboolean
check_name (const gchar *base, GError **error)
{
  gboolean is_ok = base[0] != '.' && base[0] != G_DIR_SEPARATOR
                   && g_utf8_validate (base, -1, NULL);

  for (const gchar *at = base; is_ok && *at != '\0'; at = g_utf8_next_char (at))
    is_ok = !g_unichar_iscntrl (g_utf8_get_char (at)) && *at != '\\';
  if (!is_ok)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("A model can't have the name of this file. Rename it, and "
                    "add it again."));
  return is_ok;
}

/* In small letters, which is what folders are searched for. */
static gchar *
make_base (const gchar *path)
{
  static const gchar *const suffixes[] = { ".safetensors", ".onnx" };
  gchar *base = g_path_get_basename (path);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      const gsize length = strlen (base);
      const gsize n = strlen (suffixes[i]);

      if (length > n
          && g_ascii_strcasecmp (base + length - n, suffixes[i]) == 0)
        memcpy (base + length - n, suffixes[i], n);
    }
  return base;
}

/* Where it goes; the folder for its kind is made. */
static gchar *
find_target (const gchar *user_dir,
             const gchar *id,
             gboolean is_folder,
             GError **error)
{
  g_autofree gchar *kind = g_path_get_dirname (id);
  g_autofree gchar *probe = g_strconcat (kind, "/model_index.json", NULL);
  g_autofree gchar *made =
      pmt_place_prepare (user_dir, is_folder ? probe : id, error);
  g_autofree gchar *path = pmt_place_path (user_dir, id);
  g_autofree gchar *shown = g_filename_display_name (path);

  if (made == NULL)
    return NULL;
  if (!pmt_place_exists (path) && pmt_partial_look (path) < 0)
    return g_steal_pointer (&path);
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("There is a model “%s” already. Rename the file, and add it "
                  "again."),
               shown);
  return NULL;
}

/* ----------------------------------------------------------------- add -- */

static gboolean
copy_and_publish (Copy *copy,
                  const gchar *path,
                  const gchar *target,
                  GError **error)
{
  g_autofree gchar *folder = g_path_get_dirname (target);
  g_autofree gchar *hidden = g_build_filename (folder, ".adding", NULL);
  const gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  gboolean is_ok = pmt_store_delete (hidden, error);

  copy->report.total = pmt_store_measure (path);
  is_ok = is_ok
          && pmt_place_check_space (target, copy->report.total,
                                    PMT_PLACE_MARGIN, error)
          && (is_folder ? copy_folder (copy, path, hidden, 0, error)
                        : copy_file (copy, path, hidden, error));
  if (is_ok && g_rename (hidden, target) != 0)
    is_ok = fail (path, g_strerror (errno), error);
  if (!is_ok)
    pmt_store_delete (hidden, NULL);
  return is_ok;
}

static gchar *
add_found (PmtEngine *engine,
           Copy *copy,
           const gchar *path,
           const gchar *kind,
           GError **error)
{
  g_autofree gchar *base = make_base (path);
  g_autofree gchar *id = g_strconcat (kind, "/", base, NULL);
  g_autofree gchar *target = NULL;
  g_autoptr (PmtStoreLock) lock = NULL;

  if (!check_name (base, error))
    return NULL;
  lock = pmt_store_lock_take (engine->user_dir, LOCK, error);
  if (lock == NULL)
    return NULL;
  target = find_target (engine->user_dir, id,
                        g_file_test (path, G_FILE_TEST_IS_DIR), error);
  if (target == NULL || !copy_and_publish (copy, path, target, error))
    return NULL;
  return g_steal_pointer (&id);
}

gchar *
pmt_store_add (PmtEngine *engine,
               const gchar *path,
               PmtStoreProgressFunc progress,
               gpointer progress_data,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree gchar *absolute = NULL;
  g_autofree gchar *shown = NULL;
  Copy copy = { .report = { .func = progress, .data = progress_data },
                .cancellable = cancellable };
  PmtStoreFound found;
  gchar *id;

  g_return_val_if_fail (engine != NULL && path != NULL, NULL);
  absolute = g_canonicalize_filename (path, NULL);
  shown = g_filename_display_name (absolute);
  if (!pmt_store_require_folder (engine, error))
    return NULL;
  if (!g_file_test (absolute, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("There is no file “%s”. Choose another one."), shown);
      return NULL;
    }
  pmt_store_report (&copy.report, _ ("Looking at the file"), 0);
  if (!pmt_store_identify (absolute, engine->data_dir, &found, error))
    return NULL;
  id = add_found (engine, &copy, absolute, found.kind, error);
  if (id != NULL)
    pmt_engine_reload_models (engine);
  return id;
}

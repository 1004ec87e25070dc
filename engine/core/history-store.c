/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * history-store.c: the files of the history.  An entry is ID.json and, where
 * it has them, ID.pixels (all that was made) and ID.png (a thumbnail), which
 * are written first.  Nothing else in the folder is touched, but for what a
 * write that was cut off left.
 */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/history-pixels.h"
#include "core/history.h"

/* As in "20261129-160102-123456-9f3a". */
#define ID_PATTERN "dddddddd-dddddd-dddddd-xxxx"
#define TEMP_PREFIX ".entry-"
/* Seconds after which nobody writes a file any more. */
#define TEMP_AGE 3600
/* RGBA rows that don't get smaller, and what stands around them. */
#define MAX_PNG_BYTES                                                          \
  ((gsize)PMT_HISTORY_THUMBNAIL * (PMT_HISTORY_THUMBNAIL * 4 + 1) + 4096)

gchar *
pmt_history_new_id (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree gchar *date = g_date_time_format (now, "%Y%m%d-%H%M%S");

  return g_strdup_printf ("%s-%06d-%04x", date,
                          g_date_time_get_microsecond (now),
                          g_random_int () & 0xffff);
}

gboolean
pmt_history_is_id (const gchar *text)
{
  const gchar *pattern = ID_PATTERN;

  for (; *pattern != '\0'; pattern++, text++)
    if (*pattern == 'd' ? !g_ascii_isdigit (*text)
        : *pattern == 'x'
            ? !g_ascii_isdigit (*text) && (*text < 'a' || *text > 'f')
            : *text != *pattern)
      return FALSE;
  return *text == '\0';
}

gchar *
pmt_history_folder (const gchar *user_dir)
{
  return g_build_filename (user_dir, "history", NULL);
}

static gchar *
path_of (const gchar *folder, const gchar *id, const gchar *suffix)
{
  g_autofree gchar *name = g_strconcat (id, suffix, NULL);

  return g_build_filename (folder, name, NULL);
}

gboolean
pmt_history_remove (const gchar *folder, const gchar *id)
{
  g_autofree gchar *json = path_of (folder, id, ".json");
  g_autofree gchar *png = path_of (folder, id, ".png");
  g_autofree gchar *pixels = path_of (folder, id, ".pixels");
  const gboolean had_json = g_unlink (json) == 0;
  const gboolean had_png = g_unlink (png) == 0;
  const gboolean had_pixels = g_unlink (pixels) == 0;

  return had_json || had_png || had_pixels;
}

/* -------------------------------------------------------------- listing -- */

/* (nullable): the entry that a file belongs to. */
static gchar *
id_of_name (const gchar *name)
{
  const gchar *dot = strrchr (name, '.');
  g_autofree gchar *id = NULL;

  if (dot == NULL
      || (strcmp (dot, ".json") != 0 && strcmp (dot, ".png") != 0
          && strcmp (dot, ".pixels") != 0))
    return NULL;
  id = g_strndup (name, dot - name);
  return pmt_history_is_id (id) ? g_steal_pointer (&id) : NULL;
}

static gint
compare_newest (gconstpointer a, gconstpointer b)
{
  return -strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

GPtrArray *
pmt_history_list_ids (const gchar *folder)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *id = id_of_name (name);

      if (id == NULL || g_hash_table_contains (seen, id))
        continue;
      g_hash_table_add (seen, id);
      g_ptr_array_add (ids, g_steal_pointer (&id));
    }
  g_ptr_array_sort (ids, compare_newest);
  return ids;
}

/* -------------------------------------------------------------- limits -- */

static guint64
size_of (const gchar *folder, const gchar *id, const gchar *suffix)
{
  g_autofree gchar *path = path_of (folder, id, suffix);
  GStatBuf info;

  return g_lstat (path, &info) == 0 ? (guint64)info.st_size : 0;
}

static void
remove_old_temp (const gchar *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);
      GStatBuf info;

      if (g_str_has_prefix (name, TEMP_PREFIX) && g_lstat (path, &info) == 0
          && now - (gint64)info.st_mtime > TEMP_AGE)
        g_unlink (path);
    }
}

static guint64
size_of_text (const gchar *folder, const gchar *id)
{
  return size_of (folder, id, ".json") + size_of (folder, id, ".png");
}

guint64
pmt_history_measure (const gchar *folder, const gchar *id)
{
  return size_of_text (folder, id) + size_of (folder, id, ".pixels");
}

/* Returns: what is left for pixels. */
static guint64
prune_entries (const gchar *folder, GPtrArray *ids, guint64 max_bytes)
{
  guint64 sum = 0;

  for (guint i = 0; i < ids->len; i++)
    {
      const guint64 size = size_of_text (folder, ids->pdata[i]);

      if (i >= PMT_HISTORY_MAX_ENTRIES || sum + size > max_bytes)
        {
          for (guint k = i; k < ids->len; k++)
            pmt_history_remove (folder, ids->pdata[k]);
          g_ptr_array_set_size (ids, (gint)i);
          break;
        }
      sum += size;
    }
  return max_bytes - sum;
}

/* What can be run again goes before what tells how it was run. */
static void
prune (const gchar *folder, guint64 max_bytes)
{
  g_autoptr (GPtrArray) ids = pmt_history_list_ids (folder);
  guint64 left = prune_entries (folder, ids, max_bytes);

  for (guint i = 0; i < ids->len; i++)
    {
      const guint64 size = size_of (folder, ids->pdata[i], ".pixels");
      g_autofree gchar *path = path_of (folder, ids->pdata[i], ".pixels");

      if (size > left)
        g_unlink (path);
      /* From here on the older ones go, too. */
      left = size > left ? 0 : left - size;
    }
  remove_old_temp (folder);
}

/* -------------------------------------------------------------- writing -- */

static gboolean
fail_write (const gchar *folder, const gchar *reason, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The history in “%s” can't be written: %s. The result is "
                  "not affected."),
               folder, reason);
  return FALSE;
}

/* Averages, not the nearest pixels, by GEGL. */
static GeglBuffer *
make_thumbnail (GeglBuffer *picture)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);
  const gdouble longest = MAX (extent->width, extent->height);
  const gdouble scale = MIN (1.0, PMT_HISTORY_THUMBNAIL / longest);
  const gint width = MAX (1, (gint)(extent->width * scale));
  const gint height = MAX (1, (gint)(extent->height * scale));
  const GeglRectangle whole = { 0, 0, width, height };
  const GeglRectangle scaled = { (gint)(extent->x * scale),
                                 (gint)(extent->y * scale), width, height };
  const Babl *format = babl_format ("R'G'B'A u8");
  g_autofree guint8 *pixels = g_malloc ((gsize)width * (gsize)height * 4);
  GeglBuffer *thumbnail = gegl_buffer_new (&whole, format);

  gegl_buffer_get (picture, &scaled, scale, format, pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_CLAMP);
  gegl_buffer_set (thumbnail, &whole, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
  return thumbnail;
}

static void
save_png (GeglBuffer *picture, const gchar *path)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", picture, NULL);
  GeglNode *save =
      gegl_node_new_child (graph, "operation", "gegl:png-save", "path", path,
                           "bitdepth", 8, "compression", 6, NULL);

  gegl_node_link (source, save);
  gegl_node_process (save);
}

/* GEGL's saver does not tell when the disk is full. */
static gboolean
is_whole_png (const gchar *path)
{
  g_autofree gchar *bytes = NULL;
  gsize n = 0;

  return g_file_get_contents (path, &bytes, &n, NULL) && n > 20
         && memcmp (bytes + n - 8, "IEND", 4) == 0;
}

/* Zeros, for as long as a thumbnail can get: GEGL's saver would complain on the
 * terminal of each row that does not fit.
 */
static gboolean
reserve (gint file)
{
  const gsize n_bytes = MAX_PNG_BYTES;
  g_autofree guint8 *zeros = g_malloc0 (n_bytes);
  gsize done = 0;

  while (done < n_bytes)
    {
      const gssize n = write (file, zeros + done, n_bytes - done);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        done += (gsize)n;
    }
  return TRUE;
}

/* No thumbnail is no reason to have no entry, but a disk that takes none is. */
static gboolean
write_thumbnail (const gchar *folder,
                 const gchar *id,
                 GeglBuffer *picture,
                 GError **error)
{
  g_autofree gchar *temp =
      g_build_filename (folder, TEMP_PREFIX "XXXXXX", NULL);
  g_autofree gchar *path = path_of (folder, id, ".png");
  g_autoptr (GeglBuffer) thumbnail = NULL;
  const gint file = g_mkstemp_full (temp, O_RDWR, 0600);
  gint fault;

  if (file < 0)
    return fail_write (folder, g_strerror (errno), error);
  fault = reserve (file) ? 0 : errno;
  g_close (file, NULL);
  if (fault != 0)
    {
      g_unlink (temp);
      return fail_write (folder, g_strerror (fault), error);
    }
  if (gegl_has_operation ("gegl:png-save"))
    {
      thumbnail = make_thumbnail (picture);
      save_png (thumbnail, temp);
    }
  if (!is_whole_png (temp) || g_rename (temp, path) != 0)
    g_unlink (temp);
  return TRUE;
}

/* What is too large, or of a kind that is not kept, is left out in silence:
 * the entry shows that it has no result.
 */
static gboolean
write_pixels (const gchar *folder,
              const gchar *id,
              const PmtResult *result,
              const GeglRectangle *from,
              guint64 max_bytes,
              GError **error)
{
  g_autofree gchar *temp_id = g_strconcat (TEMP_PREFIX, id, NULL);
  g_autofree gchar *temp = path_of (folder, temp_id, ".pixels");
  g_autofree gchar *path = path_of (folder, id, ".pixels");
  g_autoptr (GError) local = NULL;

  if (pmt_history_pixels_write (temp, result, from, max_bytes, &local)
      && g_rename (temp, path) == 0)
    return TRUE;
  g_unlink (temp);
  if (local != NULL && local->domain == PMT_ERROR)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The history in “%s” keeps this run without its pixels, "
                  "which can't be written: %s. The result is not affected."),
               folder, local != NULL ? local->message : g_strerror (errno));
  return FALSE;
}

static gboolean
write_text (const gchar *folder,
            const gchar *id,
            const PmtResult *result,
            guint n_candidates,
            GError **error)
{
  g_autofree gchar *path = path_of (folder, id, ".json");
  g_autofree gchar *text = pmt_history_print (result, n_candidates);
  g_autoptr (GError) local = NULL;

  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local)
         || fail_write (folder, local->message, error);
}

gboolean
pmt_history_write (const gchar *user_dir,
                   guint64 max_bytes,
                   const PmtResult *result,
                   const GeglRectangle *from,
                   guint n_candidates,
                   GError **error)
{
  g_autofree gchar *folder = pmt_history_folder (user_dir);
  g_autofree gchar *id = pmt_history_new_id ();
  g_autoptr (GError) pixels_error = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail_write (folder, g_strerror (errno), error);
  if (!write_thumbnail (folder, id, pmt_result_get_picture (result, 0), error))
    return FALSE;
  write_pixels (folder, id, result, from, max_bytes / PMT_HISTORY_RESULT_PART,
                &pixels_error);
  if (!write_text (folder, id, result, n_candidates, error))
    {
      pmt_history_remove (folder, id);
      return FALSE;
    }
  prune (folder, max_bytes);
  if (pixels_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&pixels_error));
  return FALSE;
}

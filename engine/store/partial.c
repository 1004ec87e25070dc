/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* partial.c: a file that is not complete yet. */
#include "config.h"

#include "store/partial.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/json.h"

#define BLOCK ((gsize)1 << 18)
#define MAX_NOTE 8192
#define MAX_ETAG 200

struct _PmtPartial
{
  gchar *path;
  gchar *part;
  gchar *note;
  const PmtModelFile *file;
  gint fd;
  guint64 done;
  GChecksum *checksum;
  gchar *etag;
};

static gchar *
part_path (const gchar *path)
{
  return g_strconcat (path, ".part", NULL);
}

static gchar *
note_path (const gchar *path)
{
  return g_strconcat (path, ".part.json", NULL);
}

static gboolean
fail (const gchar *path, gint code, GError **error)
{
  g_autofree gchar *shown = g_filename_display_name (path);

  if (code == ENOSPC || code == EDQUOT || code == EFBIG)
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("The disk is full: “%s” can't be written. What was "
                    "downloaded is kept; make space and download again."),
                 shown);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("The file “%s” can't be written: %s."), shown,
                 g_strerror (code));
  return FALSE;
}

void
pmt_partial_free (PmtPartial *partial)
{
  if (partial == NULL)
    return;
  if (partial->fd >= 0)
    close (partial->fd);
  g_free (partial->path);
  g_free (partial->part);
  g_free (partial->note);
  g_free (partial->etag);
  g_checksum_free (partial->checksum);
  g_free (partial);
}

const PmtModelFile *
pmt_partial_get_file (PmtPartial *partial)
{
  return partial->file;
}

guint64
pmt_partial_get_done (PmtPartial *partial)
{
  return partial->done;
}

const gchar *
pmt_partial_get_etag (PmtPartial *partial)
{
  return partial->etag;
}

/* ---------------------------------------------------------------- note -- */

static const gchar *
get_text (const cJSON *root, const gchar *key)
{
  return cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (root, key));
}

/* Whether the note is of the same file; anything may be in it. */
static gboolean
read_note (PmtPartial *partial)
{
  g_autoptr (cJSON) root = NULL;
  g_autofree gchar *text = NULL;
  const cJSON *bytes;
  const gchar *etag;
  gsize length;
  GStatBuf status;

  if (g_lstat (partial->note, &status) != 0 || !S_ISREG (status.st_mode)
      || status.st_size > MAX_NOTE
      || !g_file_get_contents (partial->note, &text, &length, NULL))
    return FALSE;
  root = pmt_json_parse (partial->note, text, length, PMT_ERROR_FILE, NULL);
  bytes = cJSON_GetObjectItemCaseSensitive (root, "bytes");
  if (g_strcmp0 (get_text (root, "url"), partial->file->url) != 0
      || g_strcmp0 (get_text (root, "sha256"), partial->file->sha256) != 0
      || !cJSON_IsNumber (bytes)
      || bytes->valuedouble != (gdouble)partial->file->bytes)
    return FALSE;
  etag = get_text (root, "etag");
  if (etag != NULL && strlen (etag) <= MAX_ETAG)
    partial->etag = g_strdup (etag);
  return TRUE;
}

static gboolean
write_note (PmtPartial *partial, GError **error)
{
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  g_autoptr (GError) local = NULL;
  gboolean is_ok;
  gchar *text;

  cJSON_AddStringToObject (root, "url", partial->file->url);
  cJSON_AddStringToObject (root, "sha256", partial->file->sha256);
  cJSON_AddNumberToObject (root, "bytes", (gdouble)partial->file->bytes);
  if (partial->etag != NULL)
    cJSON_AddStringToObject (root, "etag", partial->etag);
  text = cJSON_Print (root);
  is_ok = g_file_set_contents (partial->note, text, -1, &local);
  cJSON_free (text);
  if (is_ok)
    return TRUE;
  return fail (
      partial->note,
      g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? ENOSPC : EIO,
      error);
}

gboolean
pmt_partial_set_etag (PmtPartial *partial, const gchar *etag, GError **error)
{
  if (g_strcmp0 (partial->etag, etag) == 0)
    return TRUE;
  g_free (partial->etag);
  partial->etag =
      etag != NULL && strlen (etag) <= MAX_ETAG ? g_strdup (etag) : NULL;
  return write_note (partial, error);
}

/* ---------------------------------------------------------------- open -- */

/* The checksum of what is there. */
static gboolean
read_back (PmtPartial *partial,
           PmtStoreReport *report,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree guchar *block = g_malloc (BLOCK);
  gssize n;

  if (lseek (partial->fd, 0, SEEK_SET) != 0)
    return fail (partial->part, errno, error);
  while ((n = read (partial->fd, block, BLOCK)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (partial->part, errno, error);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      g_checksum_update (partial->checksum, block, n);
      partial->done += (guint64)n;
      if (partial->done > partial->file->bytes)
        return pmt_partial_restart (partial, error);
      pmt_store_report (report, _ ("Checking what is there"), partial->done);
    }
  return TRUE;
}

static gboolean
open_part (PmtPartial *partial, GError **error)
{
  struct stat status;

  partial->fd =
      g_open (partial->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (partial->fd < 0)
    return fail (partial->part, errno, error);
  if (fstat (partial->fd, &status) != 0 || !S_ISREG (status.st_mode))
    return fail (partial->part, EINVAL, error);
  return TRUE;
}

PmtPartial *
pmt_partial_open (const gchar *path,
                  const PmtModelFile *file,
                  PmtStoreReport *report,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (PmtPartial) partial = g_new0 (PmtPartial, 1);

  partial->path = g_strdup (path);
  partial->part = part_path (path);
  partial->note = note_path (path);
  partial->file = file;
  partial->fd = -1;
  partial->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  if (!open_part (partial, error))
    return NULL;
  if (read_note (partial))
    {
      if (!read_back (partial, report, cancellable, error))
        return NULL;
    }
  else if (!pmt_partial_restart (partial, error)
           || !write_note (partial, error))
    return NULL;
  return g_steal_pointer (&partial);
}

/* --------------------------------------------------------------- bytes -- */

gboolean
pmt_partial_restart (PmtPartial *partial, GError **error)
{
  if (ftruncate (partial->fd, 0) != 0 || lseek (partial->fd, 0, SEEK_SET) != 0)
    return fail (partial->part, errno, error);
  g_checksum_reset (partial->checksum);
  partial->done = 0;
  return TRUE;
}

gboolean
pmt_partial_append (PmtPartial *partial,
                    const gchar *bytes,
                    gsize length,
                    GError **error)
{
  while (length > 0)
    {
      const gssize n = write (partial->fd, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return fail (partial->part, n < 0 ? errno : ENOSPC, error);
      g_checksum_update (partial->checksum, (const guchar *)bytes, n);
      partial->done += (guint64)n;
      bytes += n;
      length -= (gsize)n;
    }
  return TRUE;
}

gboolean
pmt_partial_verify (PmtPartial *partial, const gchar *host, GError **error)
{
  g_autoptr (GChecksum) copy = g_checksum_copy (partial->checksum);
  g_autofree gchar *shown = g_path_get_basename (partial->path);

  if (partial->done != partial->file->bytes
      || !g_str_equal (g_checksum_get_string (copy), partial->file->sha256))
    {
      pmt_partial_delete (partial->path, NULL);
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("“%s” from %s is not the file that it should be: its "
                      "checksum is another one. It was deleted; download it "
                      "again, or look whether there is a newer version of "
                      "Pentimento."),
                   shown, host);
      return FALSE;
    }
  if (fsync (partial->fd) != 0)
    return fail (partial->part, errno, error);
  return TRUE;
}

gboolean
pmt_partial_publish (PmtPartial *partial, GError **error)
{
  if (g_rename (partial->part, partial->path) != 0)
    return fail (partial->path, errno, error);
  g_unlink (partial->note);
  return TRUE;
}

void
pmt_partial_withdraw (PmtPartial *partial)
{
  if (g_rename (partial->path, partial->part) == 0)
    write_note (partial, NULL);
}

gboolean
pmt_partial_delete (const gchar *path, GError **error)
{
  g_autofree gchar *part = part_path (path);
  g_autofree gchar *note = note_path (path);

  if (g_unlink (part) != 0 && errno != ENOENT && errno != ENOTDIR)
    return fail (part, errno, error);
  g_unlink (note);
  return TRUE;
}

gint64
pmt_partial_look (const gchar *path)
{
  g_autofree gchar *part = part_path (path);
  GStatBuf status;

  return g_lstat (part, &status) == 0 && S_ISREG (status.st_mode)
             ? (gint64)status.st_size
             : -1;
}

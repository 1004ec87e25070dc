/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lock.c: one download of a model at a time. */
#include "config.h"

#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* The file is deleted by whoever holds it; so a lock may be got on a file that
 * is no longer there, and another try is needed. */
#define MAX_TRIES 10

struct _PmtStoreLock
{
  gchar *path;
  gint fd;
};

static gboolean
fail (const gchar *path, GError **error)
{
  const gint code = errno;
  g_autofree gchar *shown = g_filename_display_name (path);

  if (code == EWOULDBLOCK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _ ("Another window or program is downloading or adding this "
                    "model. Wait until that is done."));
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("The file “%s” can't be made: %s."), shown,
                 g_strerror (code));
  return FALSE;
}

static gboolean
is_still_there (const gchar *path, gint fd)
{
  struct stat ours;
  GStatBuf there;

  return fstat (fd, &ours) == 0 && g_lstat (path, &there) == 0
         && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* -1 with @error; -2: try again. */
static gint
try_lock (const gchar *path, GError **error)
{
  const gint fd =
      g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    {
      fail (path, error);
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      fail (path, error);
      close (fd);
      return -1;
    }
  if (is_still_there (path, fd))
    return fd;
  close (fd);
  return -2;
}

PmtStoreLock *
pmt_store_lock_take (const gchar *user_dir, const gchar *id, GError **error)
{
  g_autofree gchar *folder = g_build_filename (user_dir, "cache", NULL);
  g_autofree gchar *name = g_strdup_printf ("download-%s.lock", id);
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  PmtStoreLock *lock;
  gint fd = -2;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      fail (folder, error);
      return NULL;
    }
  for (gint i = 0; i < MAX_TRIES && fd == -2; i++)
    fd = try_lock (path, error);
  if (fd == -2)
    {
      errno = EWOULDBLOCK;
      fail (path, error);
    }
  if (fd < 0)
    return NULL;
  lock = g_new0 (PmtStoreLock, 1);
  lock->path = g_steal_pointer (&path);
  lock->fd = fd;
  return lock;
}

void
pmt_store_lock_release (PmtStoreLock *lock)
{
  if (lock == NULL)
    return;
  /* While it is still ours. */
  g_unlink (lock->path);
  close (lock->fd);
  g_free (lock->path);
  g_free (lock);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* quiet.c: keeps one kind of line off the standard error output. */
#include "config.h"

#include "onnx/quiet.h"

#include <gio/gio.h>
#include <string.h>

#ifdef G_OS_UNIX
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

/* More than any library says at its start; the rest would be passed on by
 * nobody. */
#define MAX_HELD (8 * 1024 * 1024)

typedef struct
{
  int capture;       /* the temporary file */
  int saved;         /* what stderr was; -1: it was closed */
  int saved_flags;   /* its FD_CLOEXEC */
  gboolean diverted; /* stderr is the temporary file now */
} Diversion;

static int
open_unnamed_file (void)
{
  g_autofree gchar *name = NULL;
  int fd = g_file_open_tmp ("pentimento-XXXXXX", &name, NULL);

  if (fd < 0)
    return -1;
  unlink (name);
  fcntl (fd, F_SETFD, FD_CLOEXEC);
  return fd;
}

static gboolean
close_file (int fd)
{
  return fd < 0 || close (fd) == 0;
}

/* Another thread could open a file that gets the number of a closed stderr,
 * and the lines would end up in it: take the number, unless that has
 * happened. */
static void
take_closed (Diversion *diversion)
{
  int taken = fcntl (diversion->capture, F_DUPFD_CLOEXEC, STDERR_FILENO);

  if (taken == STDERR_FILENO)
    diversion->diverted = TRUE;
  else
    close_file (taken);
}

static void
divert (Diversion *diversion)
{
  *diversion = (Diversion){ -1, -1, 0, FALSE };
  diversion->capture = open_unnamed_file ();
  if (diversion->capture < 0)
    return;
  /* With stderr closed, the temporary file may have become number 2 itself:
   * then it is diverted as it is. */
  if (diversion->capture == STDERR_FILENO)
    {
      diversion->diverted = TRUE;
      return;
    }
  diversion->saved_flags = fcntl (STDERR_FILENO, F_GETFD);
  diversion->saved = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (diversion->saved >= 0)
    {
      diversion->diverted = dup2 (diversion->capture, STDERR_FILENO) >= 0;
      return;
    }
  if (errno == EBADF)
    take_closed (diversion);
}

static void
restore (Diversion *diversion)
{
  if (!diversion->diverted)
    {
      close_file (diversion->saved);
      return;
    }
  if (diversion->saved < 0)
    {
      /* It was closed, and nobody waits for the lines. */
      close_file (STDERR_FILENO);
      if (diversion->capture == STDERR_FILENO)
        diversion->capture = -1;
      return;
    }
  dup2 (diversion->saved, STDERR_FILENO);
  fcntl (STDERR_FILENO, F_SETFD, diversion->saved_flags);
  close_file (diversion->saved);
}

static GString *
read_held (int fd)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gchar part[4096];
  ssize_t n;

  while (text->len < MAX_HELD
         && (n = pread (fd, part, sizeof part, (off_t)text->len)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        break;
      g_string_append_len (text, part, n);
    }
  return g_steal_pointer (&text);
}

static void
write_all (const gchar *text, gsize size)
{
  while (size > 0)
    {
      ssize_t n = write (STDERR_FILENO, text, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return;
      text += n;
      size -= n;
    }
}

static gboolean
has_prefix (const gchar *line, const gchar *const *prefixes)
{
  for (guint i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix (line, prefixes[i]))
      return TRUE;
  return FALSE;
}

static guint
pass_on (const GString *text, const gchar *const *prefixes, gboolean is_open)
{
  guint n_dropped = 0;
  gboolean after_dropped = FALSE;
  gsize start = 0;

  while (start < text->len)
    {
      const gchar *line = text->str + start;
      const gchar *end = memchr (line, '\n', text->len - start);
      gsize size = end != NULL ? (gsize)(end - line) + 1 : text->len - start;
      gboolean is_dropped = has_prefix (line, prefixes);

      n_dropped += is_dropped;
      if (!is_dropped && !(after_dropped && size == 1) && is_open)
        write_all (line, size);
      after_dropped = is_dropped;
      start += size;
    }
  return n_dropped;
}

guint
pmt_quiet_run (const gchar *const *prefixes, PmtQuietFunc func, gpointer data)
{
  static GMutex mutex;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autoptr (GString) held = NULL;
  Diversion diversion;
  guint n_dropped = 0;

  /* What this process has said before comes first. */
  fflush (stderr);
  divert (&diversion);
  func (data);
  fflush (stderr);
  if (diversion.diverted)
    held = read_held (diversion.capture);
  restore (&diversion);
  if (held != NULL)
    n_dropped = pass_on (held, prefixes, diversion.saved >= 0);
  close_file (diversion.capture);
  return n_dropped;
}

#else

guint
pmt_quiet_run (const gchar *const *prefixes, PmtQuietFunc func, gpointer data)
{
  func (data);
  return 0;
}

#endif

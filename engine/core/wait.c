/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* wait.c: some time during which nothing is to be done. */
#include "config.h"

#include "core/wait.h"

/* Where a process has no file descriptors left, it is looked whether the run
 * was cancelled. */
#define LOOK_MS 100

/* So that the numbers fit, whatever a server asks for. */
#define MAX_MS 60000
#define MAX_S 1e9

/* Cancelling @fd (nullable) wakes it up. */
static void
doze (gint64 end, GCancellable *cancellable, GPollFD *fd)
{
  const gint64 max_ms = fd != NULL || cancellable == NULL ? MAX_MS : LOOK_MS;

  while (!g_cancellable_is_cancelled (cancellable))
    {
      const gint64 left = end - g_get_monotonic_time ();

      if (left <= 0)
        return;
      g_poll (fd, fd != NULL ? 1 : 0, (gint)MIN (left / 1000 + 1, max_ms));
    }
}

gboolean
pmt_wait (gdouble seconds, GCancellable *cancellable, GError **error)
{
  const gint64 end =
      g_get_monotonic_time () + (gint64)(MIN (seconds, MAX_S) * G_USEC_PER_SEC);
  GPollFD fd;
  gboolean has_fd;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  has_fd = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fd);
  doze (end, cancellable, has_fd ? &fd : NULL);
  if (has_fd)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

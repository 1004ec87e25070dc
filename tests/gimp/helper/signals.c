/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* signals.c: finds the plug-in's process in /proc. */
#include "signals.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>

typedef struct
{
  gchar *executable;
  gint signal;
  gint delay;  /* ms */
  gint64 sent; /* monotonic time, 0: not sent */
} Sender;

static gboolean
is_busy (const gchar *pid)
{
  g_autofree gchar *tasks = g_strdup_printf ("/proc/%s/task", pid);
  g_autoptr (GDir) dir = g_dir_open (tasks, 0, NULL);
  const gchar *task;

  while (dir && (task = g_dir_read_name (dir)))
    {
      g_autofree gchar *file = g_build_filename (tasks, task, "comm", NULL);
      g_autofree gchar *name = NULL;

      if (g_file_get_contents (file, &name, NULL, NULL)
          && g_str_has_prefix (name, "pool-") && !strstr (name, "spawner"))
        return TRUE;
    }

  return FALSE;
}

/* The process id, or 0. */
static gint
find_busy_process (const gchar *executable)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const gchar *pid;

  while (dir && (pid = g_dir_read_name (dir)))
    {
      g_autofree gchar *link = NULL;
      g_autofree gchar *target = NULL;

      if (!g_ascii_isdigit (*pid))
        continue;
      link = g_strdup_printf ("/proc/%s/exe", pid);
      target = g_file_read_link (link, NULL);
      if (g_strcmp0 (target, executable) == 0 && is_busy (pid))
        return atoi (pid);
    }

  return 0;
}

static gpointer
send_when_busy (gpointer user_data)
{
  Sender *sender = user_data;
  const gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  gint pid = 0;

  while (pid == 0 && g_get_monotonic_time () < end)
    {
      g_usleep (5000);
      pid = find_busy_process (sender->executable);
    }
  if (pid != 0)
    {
      g_usleep ((gulong)sender->delay * 1000);
      sender->sent = g_get_monotonic_time ();
      kill (pid, sender->signal);
    }

  return sender;
}

GThread *
test_signal_send_when_busy (const gchar *profile, gint signal, gint delay)
{
  Sender *sender = g_new0 (Sender, 1);

  sender->executable =
      g_build_filename (profile, "plug-ins", "pentimento", "pentimento", NULL);
  sender->signal = signal;
  sender->delay = delay;

  return g_thread_new ("signal", send_when_busy, sender);
}

gdouble
test_signal_finish (GThread *thread)
{
  const gint64 now = g_get_monotonic_time ();
  Sender *sender = g_thread_join (thread);
  const gdouble seconds =
      sender->sent == 0 ? -1.0
                        : (gdouble)(now - sender->sent) / G_TIME_SPAN_SECOND;

  g_free (sender->executable);
  g_free (sender);

  return seconds;
}

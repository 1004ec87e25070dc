/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "library-log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The process has one standard error and one exit: so has this file. */
static gint real_stderr = -1;
static const gchar *words_at_exit;
static gint n_warnings;

/* Said about files that are read well nevertheless. */
static const gchar *const harmless[] = { "icc", "SOFTWARE", "tag", "assuming" };

static gboolean
is_harmless (const gchar *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (strstr (message, harmless[i]))
      return TRUE;
  return FALSE;
}

static const gchar *
find_message (const GLogField *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      return fields[i].value;
  return "";
}

static GLogWriterOutput
write_log (GLogLevelFlags level,
           const GLogField *fields,
           gsize n_fields,
           gpointer user_data)
{
  const GLogLevelFlags bugs =
      G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL;
  const gboolean is_library = words_at_exit != NULL;

  if (is_library && (level & (bugs | G_LOG_LEVEL_WARNING))
      && !is_harmless (find_message (fields, n_fields)))
    g_atomic_int_inc (&n_warnings);
  if (!g_getenv ("G_MESSAGES_DEBUG") && (is_library || !(level & bugs)))
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, user_data);
}

static void
restore_stderr (void)
{
  if (real_stderr < 0)
    return;
  dup2 (real_stderr, STDERR_FILENO);
  close (real_stderr);
  real_stderr = -1;
}

static void
say_last_words (void)
{
  if (!words_at_exit)
    return;
  restore_stderr ();
  g_printerr ("pentimento: %s\n", words_at_exit);
}

void
library_log_init (void)
{
  g_log_set_writer_func (write_log, NULL, NULL);
  atexit (say_last_words);
}

void
library_log_begin (const gchar *last_words)
{
  gint null;

  words_at_exit = last_words;
  g_atomic_int_set (&n_warnings, 0);
  if (g_getenv ("G_MESSAGES_DEBUG"))
    return;

  null = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null < 0)
    return;
  real_stderr = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (real_stderr >= 0)
    dup2 (null, STDERR_FILENO);
  close (null);
}

guint
library_log_end (void)
{
  restore_stderr ();
  words_at_exit = NULL;
  return (guint)g_atomic_int_get (&n_warnings);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* secret-service.c: keys in the keyring of the desktop. */
#include "config.h"

#include "remote/secret-service.h"

#include <glib/gi18n-lib.h>

#include "remote/key.h"

#ifdef HAVE_LIBSECRET
#include <libsecret/secret.h>

/* A keyring that has to be started first needs a second or two. */
#define PATIENCE_MS 4000
/* One that did not answer is left alone for so long. */
#define SILENCE_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

static const SecretSchema schema = {
  "org.pentimento.Key",
  SECRET_SCHEMA_NONE,
  {
      { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "origin", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

static gboolean
fail_keyring (const PmtAccount *account, const GError *reason, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
               _ ("The keyring of the desktop could not be used for the key of "
                  "“%s”: %s. Put the key into the environment variable %s "
                  "instead."),
               account->label, reason->message,
               account->key_env != NULL ? account->key_env : "key_env");
  return FALSE;
}

/* Without a session there is no keyring to ask, and that is no fault.  GIO
 * would start a bus of its own then, and that bus a keyring which is empty,
 * locked, and waits for a password. */
static gboolean
has_session (void)
{
  const gchar *run_dir = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree gchar *socket = NULL;

  if (g_getenv ("DBUS_SESSION_BUS_ADDRESS") != NULL)
    return TRUE;
  if (run_dir == NULL)
    return FALSE;
  socket = g_build_filename (run_dir, "bus", NULL);
  return g_file_test (socket, G_FILE_TEST_EXISTS);
}

/* ------------------------------------------- without asking for a password -- */

/* What was asked; outlives the asker when no answer comes in time. */
typedef struct
{
  gboolean is_answered;
  gboolean is_found;
} Question;

static void
note_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  g_autoptr (GError) local = NULL;
  GList *found = secret_password_search_finish (result, &local);

  if (local != NULL)
    g_debug ("keyring: %s", local->message);
  question->is_answered = TRUE;
  question->is_found = found != NULL;
  g_list_free_full (found, g_object_unref);
  g_rc_box_release (question);
}

static gboolean
note_time (gpointer data)
{
  gboolean *is_late = data;

  *is_late = TRUE;
  return G_SOURCE_REMOVE;
}

/* Whether an answer came in time. */
static gboolean
ask (const PmtAccount *account, const gchar *origin, gboolean *is_found)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) timer = g_timeout_source_new (PATIENCE_MS);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Question *question = g_rc_box_new0 (Question);
  gboolean is_late = FALSE;
  gboolean is_answered;

  g_source_set_callback (timer, note_time, &is_late, NULL);
  g_source_attach (timer, context);
  g_main_context_push_thread_default (context);
  secret_password_search (&schema, SECRET_SEARCH_NONE, cancellable, note_answer,
                          g_rc_box_acquire (question), "account", account->id,
                          "origin", origin, NULL);
  while (!question->is_answered && !is_late)
    g_main_context_iteration (context, TRUE);
  is_answered = question->is_answered;
  *is_found = question->is_found;
  g_cancellable_cancel (cancellable);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_source_destroy (timer);
  g_rc_box_release (question);
  return is_answered;
}

static GMutex mutex;
static gint64 silent_until;

/* The same, at most once in a minute where none came. */
static gboolean
ask_again (const PmtAccount *account, const gchar *origin, gboolean *is_found)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (g_get_monotonic_time () < silent_until)
    return FALSE;
  if (ask (account, origin, is_found))
    return TRUE;
  silent_until = g_get_monotonic_time () + SILENCE_US;
  return FALSE;
}

gboolean
pmt_secret_exists (const PmtAccount *account, const gchar *origin)
{
  gboolean is_found = FALSE;

  return has_session () && ask_again (account, origin, &is_found) && is_found;
}

gboolean
pmt_secret_is_silent (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  return g_get_monotonic_time () < silent_until;
}

/* ------------------------------------------------------------------- keys -- */

static gchar *
look_up (const PmtAccount *account,
         const gchar *origin,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GError) local = NULL;
  gchar *secret =
      secret_password_lookup_sync (&schema, cancellable, &local, "account",
                                   account->id, "origin", origin, NULL);
  gchar *key = g_strdup (secret);

  secret_password_free (secret);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&local));
  else if (local != NULL)
    fail_keyring (account, local, error);
  return key;
}

gchar *
pmt_secret_find (const PmtAccount *account,
                 const gchar *origin,
                 GCancellable *cancellable,
                 GError **error)
{
  gboolean is_found = FALSE;

  if (!has_session ())
    return NULL;
  if (ask_again (account, origin, &is_found))
    return is_found ? look_up (account, origin, cancellable, error) : NULL;
  pmt_key_set_missing (account, error);
  return NULL;
}

gboolean
pmt_secret_store (const PmtAccount *account,
                  const gchar *origin,
                  const gchar *key,
                  GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree gchar *label =
      g_strdup_printf (_ ("Pentimento: key for %s"), account->label);

  if (!has_session ())
    g_set_error_literal (&local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("there is no session of a desktop"));
  else if (key == NULL)
    secret_password_clear_sync (&schema, NULL, &local, "account", account->id,
                                "origin", origin, NULL);
  else
    secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, key,
                                NULL, &local, "account", account->id, "origin",
                                origin, NULL);
  return local == NULL || fail_keyring (account, local, error);
}

#else

gboolean
pmt_secret_is_silent (void)
{
  return FALSE;
}

gchar *
pmt_secret_find (const PmtAccount *account,
                 const gchar *origin,
                 GCancellable *cancellable,
                 GError **error)
{
  return NULL;
}

gboolean
pmt_secret_exists (const PmtAccount *account, const gchar *origin)
{
  return FALSE;
}

gboolean
pmt_secret_store (const PmtAccount *account,
                  const gchar *origin,
                  const gchar *key,
                  GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("This build of Pentimento can't use the keyring. Put the key "
                  "of “%s” into the environment variable %s."),
               account->label,
               account->key_env != NULL ? account->key_env : "key_env");
  return FALSE;
}

#endif

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* drive.c: one call of a service from its beginning to its pictures. */
#include "config.h"

#include "remote/drive.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/wait.h"

#define MAX_TRIES 3
#define FORGIVEN_S 120.0
#define LONGEST_POLL_S 15.0
#define POLL_GROWTH 1.25

typedef struct
{
  PmtRemoteCall *call;
  const PmtRemoteTask *task;
  const PmtDriveLimits *limits;
  PmtRemoteJob *job;
  PmtRemoteReply *reply;
  const PmtProvider *provider;
  gint64 begun;
} Drive;

static gdouble
seconds_since (gint64 begun)
{
  return (gdouble)(g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
}

/* ---------------------------------------------------------------- waiting */

/* 1, 2, 4, ... seconds and up to half as much again, so that several calls do
 * not come back at once. */
static gdouble
backoff (guint n)
{
  return (gdouble)(1u << MIN (n, 4)) * (1.0 + g_random_double () / 2.0);
}

static gdouble
asked_wait (const Drive *drive, guint n)
{
  const gdouble asked = drive->call->fault.retry_after;

  return asked >= 0.0 ? asked : backoff (n);
}

/* ----------------------------------------------------------------- submit */

static gboolean
is_safe_to_repeat (const Drive *drive)
{
  const PmtFault *fault = &drive->call->fault;
  const guint flags = drive->provider->flags;
  const gboolean is_known = (flags & PMT_PROVIDER_IDEMPOTENT) != 0;

  switch (fault->kind)
    {
    case PMT_FAULT_RATE_LIMIT:
      return TRUE;
    case PMT_FAULT_NETWORK:
    case PMT_FAULT_TIMEOUT:
      /* Nobody is there: asking again at once does not help. */
      return fault->is_outcome_unknown && is_known;
    case PMT_FAULT_SERVER:
      return is_known;
    default:
      return FALSE;
    }
}

/* What becomes of the job when no identity of it came back. */
static void
note_refusal (Drive *drive)
{
  const gboolean is_unknown = drive->call->fault.is_outcome_unknown;

  if (drive->job->state != PMT_REMOTE_SENDING)
    return;
  drive->job->state = is_unknown ? PMT_REMOTE_SENDING : PMT_REMOTE_FAILED;
}

static gboolean
submit (Drive *drive, GError **error)
{
  for (guint i = 0;; i++)
    {
      g_autoptr (GError) local = NULL;
      gdouble pause;

      if (g_cancellable_set_error_if_cancelled (drive->call->cancellable,
                                                error))
        return FALSE;
      drive->job->state = PMT_REMOTE_SENDING;
      if (!pmt_remote_call_keep (drive->call, drive->job, error))
        {
          drive->job->state = PMT_REMOTE_NEW;
          return FALSE;
        }
      if (drive->provider->submit (drive->call, drive->task, drive->job,
                                   drive->reply, &local))
        return TRUE;
      pause = asked_wait (drive, i);
      if (drive->job->state != PMT_REMOTE_SENDING || i + 1 >= MAX_TRIES
          || !is_safe_to_repeat (drive) || pause > drive->limits->wait_s
          || g_cancellable_is_cancelled (drive->call->cancellable))
        {
          note_refusal (drive);
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (!pmt_wait (pause, drive->call->cancellable, error))
        return FALSE;
    }
}

/* ------------------------------------------------------------------- poll */

/* Of the looks in a row that failed.  A look costs nothing, so it is repeated
 * as GETs are; three more times where the server fails. */
typedef struct
{
  gint64 last_good;
  guint n_failed;
} Misses;

static gboolean
is_forgiven (const Drive *drive, const Misses *misses)
{
  switch (drive->call->fault.kind)
    {
    case PMT_FAULT_NETWORK:
    case PMT_FAULT_TIMEOUT:
    case PMT_FAULT_RATE_LIMIT:
      return seconds_since (misses->last_good) < FORGIVEN_S;
    case PMT_FAULT_SERVER:
      return misses->n_failed <= MAX_TRIES;
    default:
      return FALSE;
    }
}

static gboolean
fail_late (Drive *drive, GError **error)
{
  g_autofree gchar *detail = g_strdup_printf (
      _ ("the job was not done after %.0f seconds; it can be fetched later"),
      drive->limits->total_s);

  return pmt_remote_call_fail (drive->call, PMT_FAULT_TIMEOUT, detail, error);
}

static gdouble
next_pause (const Drive *drive, gdouble pause)
{
  const gdouble asked = drive->job->poll_after;

  return asked >= 0.0 ? CLAMP (asked, 0.01, drive->limits->wait_s) : pause;
}

/* One look; failures that may pass are forgotten. */
static gboolean
look (Drive *drive, Misses *misses, GError **error)
{
  g_autoptr (GError) local = NULL;

  drive->job->poll_after = -1.0;
  if (drive->provider->poll (drive->call, drive->task, drive->job, &local))
    {
      misses->last_good = g_get_monotonic_time ();
      misses->n_failed = 0;
      pmt_remote_call_report (drive->call, drive->job->fraction, NULL);
      return TRUE;
    }
  misses->n_failed++;
  if (drive->job->state == PMT_REMOTE_RUNNING && is_forgiven (drive, misses)
      && !g_cancellable_is_cancelled (drive->call->cancellable))
    {
      drive->job->poll_after = drive->call->fault.retry_after;
      if (drive->call->fault.kind == PMT_FAULT_SERVER
          && drive->job->poll_after < 0.0)
        drive->job->poll_after = backoff (misses->n_failed);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
poll_until_done (Drive *drive, GError **error)
{
  Misses misses = { g_get_monotonic_time (), 0 };
  gdouble pause = drive->provider->poll_s;

  while (drive->job->state == PMT_REMOTE_RUNNING)
    {
      if (seconds_since (drive->begun) > drive->limits->total_s)
        return fail_late (drive, error);
      if (!pmt_wait (next_pause (drive, pause), drive->call->cancellable, error)
          || !look (drive, &misses, error))
        return FALSE;
      pause = MIN (pause * POLL_GROWTH,
                   MAX (LONGEST_POLL_S, drive->provider->poll_s));
    }
  if (drive->job->state == PMT_REMOTE_DONE)
    return pmt_remote_call_keep (drive->call, drive->job, error);
  /* Providers say why; this is for those that forget. */
  return pmt_remote_call_fail (drive->call, PMT_FAULT_SERVER,
                               _ ("the job failed"), error);
}

/* ------------------------------------------------------------------ fetch */

static gboolean
fetch (Drive *drive, GError **error)
{
  for (guint i = 0; drive->provider->fetch != NULL; i++)
    {
      g_autoptr (GError) local = NULL;
      PmtFaultClass kind;

      g_ptr_array_set_size (drive->reply->pictures, 0);
      if (drive->provider->fetch (drive->call, drive->task, drive->job,
                                  drive->reply, &local))
        break;
      kind = drive->call->fault.kind;
      if (i + 1 >= MAX_TRIES
          || (kind != PMT_FAULT_NETWORK && kind != PMT_FAULT_TIMEOUT
              && kind != PMT_FAULT_RATE_LIMIT)
          || g_cancellable_is_cancelled (drive->call->cancellable))
        {
          if (kind != PMT_FAULT_NETWORK && kind != PMT_FAULT_TIMEOUT)
            drive->job->state = PMT_REMOTE_FAILED;
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (!pmt_wait (asked_wait (drive, i), drive->call->cancellable, error))
        return FALSE;
    }
  if (drive->reply->pictures->len > 0)
    return TRUE;
  drive->job->state = PMT_REMOTE_FAILED;
  if (drive->reply->n_refused > 0)
    return pmt_remote_call_fail (drive->call, PMT_FAULT_CONTENT, NULL, error);
  return pmt_remote_call_fail (drive->call, PMT_FAULT_SERVER,
                               _ ("the job is done, but there is no picture"),
                               error);
}

/* ------------------------------------------------------------------ whole */

static gboolean
is_unknown (const Drive *drive)
{
  return drive->job->state == PMT_REMOTE_SENDING
         && (drive->provider->flags & PMT_PROVIDER_IDEMPOTENT) == 0;
}

static gboolean
go (Drive *drive, GError **error)
{
  if (is_unknown (drive))
    {
      pmt_remote_call_fail (drive->call, PMT_FAULT_NETWORK, NULL, NULL);
      drive->call->fault.is_outcome_unknown = TRUE;
      return pmt_remote_call_fail_fault (drive->call, error);
    }
  if (drive->job->state <= PMT_REMOTE_SENDING && !submit (drive, error))
    return FALSE;
  if (drive->job->state == PMT_REMOTE_RUNNING
      && !poll_until_done (drive, error))
    return FALSE;
  if (drive->reply->pictures->len == 0)
    return fetch (drive, error);
  return TRUE;
}

gboolean
pmt_drive (PmtRemoteCall *call,
           const PmtRemoteTask *task,
           const PmtDriveLimits *limits,
           PmtRemoteJob *job,
           PmtRemoteReply *reply,
           GError **error)
{
  Drive drive = {
    .call = call,
    .task = task,
    .limits = limits,
    .job = job,
    .reply = reply,
    .provider = call->account->provider,
    .begun = g_get_monotonic_time (),
  };
  const gboolean is_ok = go (&drive, error);

  if (is_ok)
    return TRUE;
  if (g_cancellable_is_cancelled (call->cancellable))
    {
      if (job->state == PMT_REMOTE_RUNNING || job->state == PMT_REMOTE_SENDING)
        pmt_drive_cancel (call, job);
      if (error != NULL && *error != NULL)
        g_clear_error (error);
      g_cancellable_set_error_if_cancelled (call->cancellable, error);
    }
  pmt_remote_call_keep (call, job, NULL);
  return FALSE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-run.c: a plan carried out by a service. */
#include "config.h"

#include "remote/remote-run.h"

#include <glib/gi18n-lib.h>

#include "remote/remote-crew.h"
#include "remote/remote-layer.h"

#define PREPARE_SHARE 0.05
#define FINISH_SHARE 0.1

/* Pictures of one candidate. */
#define MAX_EACH 16

/* ---------------------------------------------------------------- prepare */

static gboolean
make_inputs (PmtRemoteCrew *crew, GError **error)
{
  PmtRemoteRun *run = crew->run;
  g_autoptr (GPtrArray) references = pmt_remote_references_new (run, error);

  for (guint i = 0; references != NULL && i < run->plan->pieces->len; i++)
    {
      PmtRemoteInput *input = pmt_remote_input_new (
          run, pmt_remote_plan_get_piece (run->plan, i), references, error);

      if (input == NULL)
        return FALSE;
      g_ptr_array_add (crew->inputs, input);
      pmt_progress_report (run->progress,
                           (gdouble)(i + 1) / run->plan->pieces->len);
    }
  return references != NULL;
}

static void
add_calls (PmtRemoteRun *run)
{
  const PmtRemotePlan *plan = run->plan;

  for (guint piece = 0; piece < plan->pieces->len; piece++)
    for (guint i = 0; i < plan->n_candidates; i += plan->per_call)
      pmt_run_file_add (run->file, piece, i,
                        MIN (plan->per_call, plan->n_candidates - i));
}

static gboolean
add_works (PmtRemoteCrew *crew, GError **error)
{
  PmtRemoteRun *run = crew->run;

  for (guint i = 0; i < run->file->calls->len; i++)
    {
      PmtRunCall *call = run->file->calls->pdata[i];

      if (call->piece >= crew->inputs->len)
        {
          g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                       _ ("The picture or the selection is not what it was "
                          "when the run was started. Undo what was changed, "
                          "and go on with the run then."));
          return FALSE;
        }
      /* Of an earlier try; its failure was told then. */
      if (call->job->state > PMT_REMOTE_DONE)
        continue;
      pmt_remote_crew_add (crew, crew->inputs->pdata[call->piece], call);
    }
  return TRUE;
}

/* The selection is needed again when the run is gone on with. */
static gboolean
begin_file (PmtRemoteRun *run, GError **error)
{
  GeglBuffer *mask = pmt_request_get_mask (run->job->request);

  if (run->file->calls->len > 0)
    return TRUE;
  add_calls (run);
  return mask == NULL || pmt_run_file_save_mask (run->file, mask, error);
}

/* ----------------------------------------------------------------- finish */

/* A model that may give several pictures each time gives so many more. */
static guint
count_wanted (const PmtRemoteWork *work)
{
  const PmtParams *params = pmt_request_peek_params (work->run->job->request);
  const gint each = pmt_params_get_int (params, "max-images", 1);

  return work->call->count * (guint)CLAMP (each, 1, MAX_EACH);
}

/* Seeds of what follows the calls' own numbers, which other calls have. */
static guint
number_of (const PmtRemoteWork *work, guint i)
{
  const PmtRunCall *call = work->call;

  if (i < call->count)
    return call->first + i;
  return work->run->plan->n_candidates + call->first * MAX_EACH + i;
}

static gboolean
add_pictures (const PmtRemoteWork *work, PmtResult *result, GError **error)
{
  const GPtrArray *pictures = work->reply->pictures;
  const guint n = MIN (pictures->len, count_wanted (work));

  for (guint i = 0; i < n; i++)
    if (!pmt_remote_layer_add (work->run, work->input, work->call,
                               pictures->pdata[i], number_of (work, i), result,
                               error))
      return FALSE;
  return TRUE;
}

static void
note_extra (const PmtRemoteWork *work, PmtResult *result)
{
  const guint n = work->reply->pictures->len;
  const guint wanted = count_wanted (work);

  if (n > wanted)
    pmt_result_note (result,
                     g_dngettext (GETTEXT_PACKAGE,
                                  "“%s” made %u pictures, and %u was asked "
                                  "for; the others were left out.",
                                  "“%s” made %u pictures, and %u were asked "
                                  "for; the others were left out.",
                                  wanted),
                     work->run->account->label, n, wanted);
}

static void
note_reply (const PmtRemoteWork *work, PmtResult *result)
{
  const gchar *label = work->run->account->label;
  const guint n_refused = work->reply->n_refused;

  if (n_refused > 0)
    pmt_result_note (result,
                     g_dngettext (GETTEXT_PACKAGE,
                                  "“%s” kept %u picture back: its content "
                                  "filter refused it.",
                                  "“%s” kept %u pictures back: its content "
                                  "filter refused them.",
                                  n_refused),
                     label, n_refused);
  if (work->reply->pictures->len < work->call->count && n_refused == 0)
    pmt_result_note (result, _ ("“%s” made %u pictures; %u were asked for."),
                     label, work->reply->pictures->len, work->call->count);
  note_extra (work, result);
  if (work->spending_error != NULL)
    pmt_result_note (result,
                     _ ("What this cost at “%s” is not part of what "
                        "was spent today: %s"),
                     label, work->spending_error->message);
  if (work->reply->note != NULL)
    {
      g_autofree gchar *note =
          pmt_fault_clean_detail (work->reply->note, work->run->key);

      if (note != NULL)
        pmt_result_note (result, _ ("“%s” says: %s"), label, note);
    }
}

static gboolean
take_work (PmtRemoteWork *work, gpointer result, GError **error)
{
  note_reply (work, result);
  return add_pictures (work, result, error);
}

/* The run's error is that of its first failure; others were probably for the
 * same reason. */
static gboolean
collect (PmtRemoteCrew *crew, PmtResult *result, GError **error)
{
  PmtRemoteRun *run = crew->run;
  g_autoptr (GError) first = NULL;

  for (guint i = crew->n_taken; i < crew->works->len; i++)
    {
      PmtRemoteWork *work = crew->works->pdata[i];
      g_autoptr (GError) local = g_steal_pointer (&work->error);

      pmt_progress_report (run->progress, (gdouble)i / crew->works->len);
      if (local == NULL && take_work (work, result, &local))
        continue;
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (first == NULL)
        first = g_steal_pointer (&local);
    }
  if (pmt_result_get_n_items (result) == 0 && first != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return FALSE;
    }
  if (first != NULL)
    pmt_result_note (result, _ ("Not all pictures came: %s"), first->message);
  return TRUE;
}

/* What can still be fetched is kept, and the user is told how. */
static void
close_file (PmtRemoteRun *run, gboolean is_cancelled, GError **error)
{
  gboolean is_open = FALSE;

  for (guint i = 0; i < run->file->calls->len; i++)
    {
      const PmtRemoteState state =
          ((PmtRunCall *)run->file->calls->pdata[i])->job->state;

      is_open = is_open || state == PMT_REMOTE_RUNNING
                || (state == PMT_REMOTE_DONE && error != NULL);
    }
  if (!is_open || is_cancelled || run->file->folder == NULL)
    {
      pmt_run_file_delete (run->file);
      return;
    }
  if (error != NULL && *error != NULL)
    {
      g_autofree gchar *message = g_strdup_printf (
          /* Translators: the first %s is a whole sentence, the second the name
           * of a run. */
          _ ("%s The run is kept as “%s” and can be gone on with: Filters > "
             "Pentimento > Fetch Interrupted Run."),
          (*error)->message, run->file->id);

      g_free ((*error)->message);
      (*error)->message = g_steal_pointer (&message);
    }
}

PmtResult *
pmt_remote_run (PmtRemoteRun *run, GError **error)
{
  g_auto (PmtRemoteCrew) crew = { 0 };
  g_autoptr (PmtResult) result = pmt_result_new (run->job);
  g_autoptr (GError) local = NULL;
  gboolean is_ok;

  pmt_result_set_canvas (result, &run->plan->canvas);
  pmt_remote_crew_init (&crew, run);
  crew.take = take_work;
  crew.take_data = result;
  pmt_progress_begin (run->progress, N_ ("Preparing pictures"), PREPARE_SHARE);
  is_ok = make_inputs (&crew, error);
  pmt_progress_end (run->progress);
  if (!is_ok || !begin_file (run, error) || !add_works (&crew, error))
    return NULL;
  pmt_progress_begin (run->progress, N_ ("Waiting for the service"),
                      1.0 - PREPARE_SHARE - FINISH_SHARE);
  is_ok = pmt_remote_crew_run (&crew, error);
  pmt_progress_end (run->progress);
  if (!is_ok)
    return NULL;
  pmt_progress_begin (run->progress, N_ ("Taking over the pictures"),
                      FINISH_SHARE);
  is_ok = collect (&crew, result, &local);
  pmt_progress_end (run->progress);
  if (is_ok)
    {
      close_file (run, FALSE, NULL);
      return g_steal_pointer (&result);
    }
  close_file (run, g_cancellable_is_cancelled (run->cancellable), &local);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fetch.c: one file over HTTP, with what was fetched of it before. */
#include "config.h"

#include "store/fetch.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/wait.h"
#include "store/fetch-error.h"

/* Of an answer that is no file. */
#define MAX_OTHER_BYTES ((gsize)1 << 16)
#define MAX_SECONDS (7 * 24 * 3600)

/* Each brings something, or they would end earlier. */
#define MAX_REQUESTS 1000

/* What to do when a request is over. */
typedef enum
{
  NEXT_DONE,
  NEXT_AGAIN, /* something came, or the file begins anew */
  NEXT_WAIT,  /* it failed, and may do better later */
  NEXT_FAIL
} Next;

typedef struct
{
  PmtPartial *partial;
  const PmtModelFile *file;
  PmtStoreReport *report;
  const gchar *homepage;
  gchar *host;
  const gchar *stage;
  gboolean must_restart;
  gdouble retry_after;
  GError *error; /* that ends all */
  GError *last;  /* of the last try */
} Fetch;

gchar *
pmt_fetch_host (const gchar *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const gchar *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return g_strdup (host != NULL ? host : url);
}

/* At most 15 digits: any file there is. */
static gboolean
take_number (const gchar **at, guint64 *number)
{
  gint n = 0;

  *number = 0;
  for (; g_ascii_isdigit (**at) && n < 15; n++, (*at)++)
    *number = *number * 10 + (guint64)(**at - '0');
  return n > 0 && !g_ascii_isdigit (**at);
}

gboolean
pmt_fetch_parse_range (const gchar *value, guint64 *first, guint64 *total)
{
  guint64 begin = 0;
  guint64 end = 0;
  guint64 all = 0;

  if (value == NULL || g_ascii_strncasecmp (value, "bytes ", 6) != 0)
    return FALSE;
  value += 6;
  if (!take_number (&value, &begin) || *value++ != '-'
      || !take_number (&value, &end) || *value++ != '/' || end < begin)
    return FALSE;
  if (!g_str_equal (value, "*")
      && (!take_number (&value, &all) || *value != '\0' || all <= end))
    return FALSE;
  *first = begin;
  *total = all;
  return TRUE;
}

/* ------------------------------------------------------------- answers -- */

static gboolean
restart (Fetch *fetch)
{
  if (pmt_partial_get_done (fetch->partial) > 0)
    /* Translators: progress; the server can't send the rest of a file only. */
    fetch->stage = _ ("Downloading from the beginning again");
  return pmt_partial_restart (fetch->partial, &fetch->error);
}

/* A part: the one that was asked for, of a file of the right size? */
static gboolean
take_part_head (Fetch *fetch, const PmtHttpAnswer *head)
{
  guint64 first;
  guint64 total;

  if (!pmt_fetch_parse_range (
          pmt_http_answer_get_header (head, "content-range"), &first, &total)
      || first != pmt_partial_get_done (fetch->partial))
    {
      fetch->must_restart = TRUE;
      return FALSE;
    }
  if (total != 0 && total != fetch->file->bytes)
    return pmt_fetch_set_size_error (fetch->host, fetch->file, total,
                                     fetch->homepage, &fetch->error);
  return TRUE;
}

static gboolean
take_whole_head (Fetch *fetch, const PmtHttpAnswer *head)
{
  const gchar *length = pmt_http_answer_get_header (head, "content-length");
  guint64 n = 0;

  if (length != NULL && take_number (&length, &n) && *length == '\0'
      && n != fetch->file->bytes)
    return pmt_fetch_set_size_error (fetch->host, fetch->file, n,
                                     fetch->homepage, &fetch->error);
  return restart (fetch);
}

/* Weak tags are of no use for ranges: RFC 9110, 13.1.5. */
static gboolean
keep_tag (Fetch *fetch, const PmtHttpAnswer *head)
{
  const gchar *tag = pmt_http_answer_get_header (head, "etag");

  if (tag != NULL && (tag[0] != '"' || strlen (tag) < 3))
    tag = NULL;
  return pmt_partial_set_etag (fetch->partial, tag, &fetch->error);
}

static gboolean
take_head (Fetch *fetch, const PmtHttpAnswer *head)
{
  if (!(head->status == 206 ? take_part_head (fetch, head)
                            : take_whole_head (fetch, head)))
    return FALSE;
  return keep_tag (fetch, head);
}

static gboolean
on_bytes (const PmtHttpAnswer *head,
          const gchar *bytes,
          gsize length,
          gpointer user_data)
{
  Fetch *fetch = user_data;
  guint64 done;

  if (head != NULL && !take_head (fetch, head))
    return FALSE;
  done = pmt_partial_get_done (fetch->partial);
  if (length > fetch->file->bytes - done)
    return pmt_fetch_set_size_error (fetch->host, fetch->file, 0,
                                     fetch->homepage, &fetch->error);
  if (!pmt_partial_append (fetch->partial, bytes, length, &fetch->error))
    return FALSE;
  pmt_store_report (fetch->report, fetch->stage, done + length);
  return TRUE;
}

static Next
judge_success (Fetch *fetch, const PmtHttpAnswer *answer)
{
  if (pmt_partial_get_done (fetch->partial) == fetch->file->bytes)
    return NEXT_DONE;
  if (answer->status == 206)
    {
      pmt_fetch_set_cut_error (fetch->host, &fetch->last);
      return NEXT_WAIT;
    }
  pmt_fetch_set_size_error (fetch->host, fetch->file,
                            pmt_partial_get_done (fetch->partial),
                            fetch->homepage, &fetch->error);
  return NEXT_FAIL;
}

static Next
judge_answer (Fetch *fetch, const PmtHttpAnswer *answer)
{
  if (answer->status / 100 == 2)
    return judge_success (fetch, answer);
  /* Nothing behind what is there. */
  if (answer->status == 416 && pmt_partial_get_done (fetch->partial) > 0)
    return restart (fetch) ? NEXT_AGAIN : NEXT_FAIL;
  fetch->retry_after = pmt_http_answer_get_retry_after (answer);
  if (answer->status / 100 == 5 || answer->status == 429
      || answer->status == 408)
    {
      pmt_fetch_set_status_error (fetch->host, answer->status,
                                  fetch->retry_after, fetch->homepage,
                                  &fetch->last);
      return NEXT_WAIT;
    }
  pmt_fetch_set_status_error (fetch->host, answer->status, -1.0,
                              fetch->homepage, &fetch->error);
  return NEXT_FAIL;
}

static Next
judge_failure (Fetch *fetch, const PmtFault *fault, GError *error)
{
  if (fetch->error != NULL)
    {
      g_error_free (error);
      return NEXT_FAIL;
    }
  if (fetch->must_restart)
    {
      g_error_free (error);
      /* A part although the whole was asked for. */
      if (pmt_partial_get_done (fetch->partial) == 0)
        {
          pmt_fetch_set_cut_error (fetch->host, &fetch->error);
          return NEXT_FAIL;
        }
      return restart (fetch) ? NEXT_AGAIN : NEXT_FAIL;
    }
  if (fault->kind == PMT_FAULT_NETWORK || fault->kind == PMT_FAULT_TIMEOUT)
    {
      fetch->last = error;
      return NEXT_WAIT;
    }
  fetch->error = error;
  return NEXT_FAIL;
}

/* ------------------------------------------------------------ requests -- */

static Next
request_once (Fetch *fetch,
              PmtHttp *http,
              const PmtFetchOptions *options,
              GCancellable *cancellable)
{
  const guint64 done = pmt_partial_get_done (fetch->partial);
  const gchar *etag = pmt_partial_get_etag (fetch->partial);
  g_autofree gchar *range =
      g_strdup_printf ("Range: bytes=%" G_GUINT64_FORMAT "-", done);
  g_autofree gchar *if_range = g_strconcat ("If-Range: ", etag, NULL);
  const gchar *const headers[] = { range, etag != NULL ? if_range : NULL,
                                   NULL };
  PmtHttpRequest request = { .method = "GET",
                             .url = fetch->file->url,
                             .headers = done > 0 ? headers : NULL,
                             .max_bytes = MAX_OTHER_BYTES,
                             .total_s = MAX_SECONDS,
                             .idle_s = options->idle_s,
                             .label = fetch->host,
                             .sink = on_bytes,
                             .sink_data = fetch };
  PmtFault fault = PMT_FAULT_INIT;
  GError *error = NULL;
  g_autoptr (PmtHttpAnswer) answer = NULL;
  Next next;

  fetch->must_restart = FALSE;
  fetch->retry_after = -1.0;
  g_clear_error (&fetch->last);
  answer = pmt_http_send (http, &request, cancellable, &fault, &error);
  next = answer != NULL ? judge_answer (fetch, answer)
                        : judge_failure (fetch, &fault, error);
  pmt_fault_clear (&fault);
  return next;
}

/* Between two tries; FALSE where there is none any more. */
static gboolean
wait_for_next (Fetch *fetch,
               const PmtFetchOptions *options,
               guint n_tries,
               GCancellable *cancellable)
{
  const gdouble pause =
      (gdouble)options->pause_ms / 1000.0 * (gdouble)(1u << MIN (n_tries, 6));

  if (n_tries + 1 >= options->max_tries
      || fetch->retry_after > options->max_wait_s)
    {
      fetch->error = g_steal_pointer (&fetch->last);
      return FALSE;
    }
  pmt_store_report (fetch->report, _ ("Waiting for the server"),
                    pmt_partial_get_done (fetch->partial));
  return pmt_wait (MAX (pause, fetch->retry_after), cancellable, &fetch->error);
}

static gboolean
fetch_all (Fetch *fetch,
           PmtHttp *http,
           const PmtFetchOptions *options,
           GCancellable *cancellable)
{
  guint n_tries = 0;

  for (guint i = 0; i < MAX_REQUESTS; i++)
    {
      const guint64 before = pmt_partial_get_done (fetch->partial);
      Next next;

      if (before == fetch->file->bytes)
        return TRUE;
      next = request_once (fetch, http, options, cancellable);
      if (next == NEXT_DONE)
        return TRUE;
      if (next == NEXT_FAIL)
        return FALSE;
      if (pmt_partial_get_done (fetch->partial) > before)
        n_tries = 0;
      if (next == NEXT_WAIT
          && !wait_for_next (fetch, options, n_tries++, cancellable))
        return FALSE;
    }
  return pmt_fetch_set_cut_error (fetch->host, &fetch->error);
}

gboolean
pmt_fetch_file (PmtHttp *http,
                const gchar *homepage,
                PmtPartial *partial,
                const PmtFetchOptions *options,
                PmtStoreReport *report,
                GCancellable *cancellable,
                GError **error)
{
  const PmtModelFile *file = pmt_partial_get_file (partial);
  Fetch fetch = { .partial = partial,
                  .file = file,
                  .report = report,
                  .homepage = homepage,
                  .host = pmt_fetch_host (file->url),
                  .stage = _ ("Downloading") };
  const gboolean is_ok = fetch_all (&fetch, http, options, cancellable);

  g_clear_error (&fetch.last);
  g_free (fetch.host);
  if (!is_ok)
    g_propagate_error (error, fetch.error);
  return is_ok;
}

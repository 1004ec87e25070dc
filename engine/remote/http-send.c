/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-send.c: redirects, second tries, and what a failure says. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "remote/http-private.h"
#include "remote/origin.h"

#define MAX_REDIRECTS 5
#define PAUSE_US (G_USEC_PER_SEC / 4)

typedef enum
{
  REDIRECT_NONE,
  REDIRECT_FOLLOW,
  REDIRECT_REFUSED
} Redirect;

static const gchar *const methods[] = { "GET", "POST", "PUT", "DELETE", NULL };

/* Everything is looked at before anything is sent. */
static gboolean
check_request (const PmtHttpRequest *request, GError **error)
{
  g_autofree gchar *line =
      g_strconcat ("Content-Type: ", request->content_type, NULL);
  const gchar *const lines[] = { line, NULL };

  if (request->method == NULL || !g_strv_contains (methods, request->method)
      || !pmt_form_check (request->form))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("A request to “%s” can't be sent as it is."),
                   request->label);
      return FALSE;
    }
  return pmt_origin_check (request->url, request->label, error)
         && pmt_http_headers_check (request->headers, request->label, error)
         && pmt_http_headers_check (request->secret_headers, request->label,
                                    error)
         && pmt_http_headers_check (lines, request->label, error);
}

static gboolean
is_secure (const gchar *url)
{
  return g_ascii_strncasecmp (url, "https:", 6) == 0;
}

/* Where @answer sends us.  What isn't followed is an answer as any other;
 * a GET that may not go where it is sent is a failure. */
static Redirect
find_redirect (const PmtHttpRequest *request,
               const PmtHttpAnswer *answer,
               const gchar *url,
               gchar **target)
{
  const gchar *location = pmt_http_answer_get_header (answer, "location");
  gboolean is_get = g_str_equal (request->method, "GET");
  gboolean keeps_method = answer->status == 307 || answer->status == 308;
  gboolean is_redirect = keeps_method || answer->status == 301
                         || answer->status == 302 || answer->status == 303;
  g_autofree gchar *next = NULL;

  if (!is_redirect || location == NULL || (!is_get && !keeps_method))
    return REDIRECT_NONE;
  next = pmt_origin_resolve (url, location);
  if (!is_get)
    {
      if (next == NULL || !pmt_origin_is_same (next, url)
          || is_secure (url) != is_secure (next))
        return REDIRECT_NONE;
    }
  else if (next == NULL || !pmt_origin_check (next, request->label, NULL)
           || (is_secure (url) && !is_secure (next)))
    return REDIRECT_REFUSED;
  *target = g_steal_pointer (&next);
  return REDIRECT_FOLLOW;
}

static PmtHttpAnswer *
fail (PmtFault *fault, const gchar *reason)
{
  pmt_fault_clear (fault);
  pmt_fault_take (fault, PMT_FAULT_NETWORK, reason);
  return NULL;
}

static PmtHttpAnswer *
send_once (PmtTransfer *transfer, PmtFault *fault)
{
  g_autofree gchar *url = g_strdup (transfer->request->url);

  for (guint i = 0; i <= MAX_REDIRECTS; i++)
    {
      g_autoptr (PmtHttpAnswer) answer = NULL;
      gchar *target = NULL;
      Redirect redirect;

      transfer->url = url;
      transfer->is_started = FALSE;
      transfer->header_bytes = 0;
      transfer->moved = 0;
      transfer->has_sunk = FALSE;
      answer = pmt_transfer_run (transfer, fault);
      if (answer == NULL)
        return NULL;
      redirect = find_redirect (transfer->request, answer, url, &target);
      if (redirect == REDIRECT_NONE)
        return g_steal_pointer (&answer);
      if (redirect == REDIRECT_REFUSED)
        return fail (fault, _ ("it leads to an address that is not safe"));
      g_free (url);
      url = target;
    }
  return fail (fault, _ ("it leads from address to address without an end"));
}

static gboolean
may_try_again (const PmtTransfer *transfer, const PmtFault *fault)
{
  return transfer->request->is_retried && !transfer->has_streamed
         && g_str_equal (transfer->request->method, "GET")
         && fault->kind == PMT_FAULT_NETWORK && transfer->stop == PMT_FAULT_NONE
         && g_get_monotonic_time () + PAUSE_US < transfer->deadline;
}

static PmtHttpAnswer *
send_checked (PmtTransfer *transfer, PmtFault *fault)
{
  PmtHttpAnswer *answer;

  if (transfer->http->is_ca_file_missing)
    return fail (fault, _ ("the file of its certificate can't be read"));
  answer = send_once (transfer, fault);
  if (answer != NULL || !may_try_again (transfer, fault))
    return answer;
  for (gint i = 0; i < 5; i++)
    if (!g_cancellable_is_cancelled (transfer->cancellable))
      g_usleep (PAUSE_US / 5);
  return send_once (transfer, fault);
}

PmtHttpAnswer *
pmt_http_send (PmtHttp *http,
               const PmtHttpRequest *request,
               GCancellable *cancellable,
               PmtFault *fault,
               GError **error)
{
  gint total_s = request->total_s > 0 ? request->total_s : http->total_s;
  PmtTransfer transfer = { 0 };
  PmtHttpAnswer *answer;

  pmt_fault_clear (fault);
  if (!check_request (request, error))
    {
      pmt_fault_take (fault, PMT_FAULT_PARAMETER, NULL);
      return NULL;
    }
  transfer.http = http;
  transfer.request = request;
  transfer.cancellable = cancellable;
  transfer.deadline =
      g_get_monotonic_time () + (gint64)total_s * G_USEC_PER_SEC;
  answer = send_checked (&transfer, fault);
  if (answer == NULL)
    pmt_fault_set_error (fault, request->label, NULL, error);
  else
    pmt_fault_clear (fault);
  return answer;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* call.c: what providers need to talk to a service. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/origin.h"
#include "remote/provider.h"

/* Of JSON that may hold pictures as base64. */
#define MAX_ANSWER ((gsize)512 << 20)
#define MAX_PICTURE ((gsize)256 << 20)
/* A server of the user's may have a slow machine. */
#define BLOCKING_S (2 * 60 * 60)

gboolean
pmt_remote_call_keep (PmtRemoteCall *call, PmtRemoteJob *job, GError **error)
{
  return call->save == NULL || call->save (job, call->save_data, error);
}

void
pmt_remote_call_report (PmtRemoteCall *call, gdouble fraction, GBytes *preview)
{
  if (call->progress != NULL)
    call->progress (fraction, preview, call->progress_data);
}

/* ----------------------------------------------------------------- faults */

gboolean
pmt_remote_call_fail_fault (PmtRemoteCall *call, GError **error)
{
  return pmt_fault_set_error (&call->fault, call->account->label, call->key,
                              error);
}

gboolean
pmt_remote_call_fail (PmtRemoteCall *call,
                      PmtFaultClass kind,
                      const gchar *detail,
                      GError **error)
{
  const PmtFault fault = PMT_FAULT_INIT;

  pmt_fault_clear (&call->fault);
  call->fault = fault;
  pmt_fault_take (&call->fault, kind, detail);
  return pmt_remote_call_fail_fault (call, error);
}

static gboolean
fail_answer (PmtRemoteCall *call, const PmtHttpAnswer *answer, GError **error)
{
  const PmtProvider *provider = call->account->provider;
  gsize length = 0;
  const gchar *text = g_bytes_get_data (answer->body, &length);
  g_autoptr (cJSON) json =
      pmt_json_parse_large ("answer", text != NULL ? text : "", length,
                            PMT_JSON_MAX_BYTES, PMT_ERROR_SERVER, NULL);

  pmt_fault_take (&call->fault, pmt_fault_from_status (answer->status), NULL);
  call->fault.retry_after = pmt_http_answer_get_retry_after (answer);
  if (provider->classify != NULL)
    provider->classify (answer->status, answer, json, &call->fault);
  if (call->fault.kind == PMT_FAULT_NONE)
    call->fault.kind = PMT_FAULT_SERVER;
  if (call->fault.detail == NULL)
    call->fault.detail = g_strdup_printf (_ ("status %u"), answer->status);
  return pmt_remote_call_fail_fault (call, error);
}

/* ---------------------------------------------------------------- sending */

static gchar *
absolute_url (PmtRemoteCall *call, const gchar *url, GError **error)
{
  const PmtAccount *account = call->account;

  if (strstr (url, "://") != NULL)
    return g_strdup (url);
  if (account->base_url != NULL)
    return pmt_origin_join (account->base_url, url);
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The address of “%s” is not known. Enter it in Filters > "
                  "Pentimento > Settings, or as “base_url” in providers.json."),
               account->label);
  return NULL;
}

/* Base64 of "user:password" where the account signs in that way. */
static gchar *
written_key (const PmtRemoteCall *call, const gchar *prefix)
{
  const guint flags = call->account->provider->flags;

  if ((flags & PMT_PROVIDER_BASIC) == 0
      || g_ascii_strncasecmp (prefix, "Basic ", strlen ("Basic ")) != 0)
    return g_strdup (call->key);
  return g_base64_encode ((const guchar *)call->key, strlen (call->key));
}

gchar **
pmt_remote_call_get_secrets (const PmtRemoteCall *call)
{
  const PmtAccount *account = call->account;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (call->key != NULL && account->auth_header != NULL)
    {
      const gchar *prefix =
          account->auth_prefix != NULL ? account->auth_prefix : "";
      g_autofree gchar *key = written_key (call, prefix);
      g_autofree gchar *line =
          g_strdup_printf ("%s: %s%s", account->auth_header, prefix, key);

      g_strv_builder_add (builder, line);
    }
  for (guint i = 0; account->headers != NULL && account->headers[i] != NULL;
       i++)
    g_strv_builder_add (builder, account->headers[i]);
  return g_strv_builder_end (builder);
}

static void
report_transfer (guint64 sent,
                 guint64 send_total,
                 guint64 received,
                 guint64 receive_total,
                 gpointer user_data)
{
  PmtRemoteCall *call = user_data;

  if (send_total > 0)
    pmt_remote_call_report (call,
                            PMT_REMOTE_SENT * (gdouble)MIN (sent, send_total)
                                / (gdouble)send_total,
                            NULL);
}

/* A server of the user's charges nothing: no warning of that. */
static void
forget_charges (PmtRemoteCall *call, GError **error)
{
  if ((call->account->provider->flags & PMT_PROVIDER_LOCAL) == 0
      || !call->fault.is_outcome_unknown)
    return;
  g_clear_error (error);
  call->fault.is_outcome_unknown = FALSE;
  pmt_remote_call_fail_fault (call, error);
  call->fault.is_outcome_unknown = TRUE;
}

static PmtHttpAnswer *
transfer (PmtRemoteCall *call,
          PmtHttpRequest *request,
          gboolean is_picture,
          GError **error)
{
  g_auto (GStrv) secrets = NULL;
  g_autofree gchar *origin = NULL;
  PmtHttpAnswer *answer;
  const PmtFault none = PMT_FAULT_INIT;

  pmt_fault_clear (&call->fault);
  call->fault = none;
  if (!pmt_origin_check (request->url, call->account->label, error))
    {
      call->fault.kind = PMT_FAULT_PARAMETER;
      return NULL;
    }
  /* Pictures lie on hosts that need no key, also among the account's own. */
  if (is_picture ? pmt_origin_is_same (call->account->base_url, request->url)
                 : pmt_account_may_have_key (call->account, request->url))
    {
      secrets = pmt_remote_call_get_secrets (call);
      origin = pmt_origin_of_url (request->url);
      request->secret_headers = (const gchar *const *)secrets;
      request->secret_origin = origin;
    }
  request->label = call->account->label;
  request->progress = report_transfer;
  request->progress_data = call;
  answer = pmt_http_send (call->http, request, call->cancellable, &call->fault,
                          error);
  if (answer == NULL)
    forget_charges (call, error);
  return answer;
}

/* @url is not absolute yet. */
static PmtHttpAnswer *
send_request (PmtRemoteCall *call,
              PmtHttpRequest *request,
              const gchar *url,
              GError **error)
{
  g_autofree gchar *absolute = absolute_url (call, url, error);
  g_autoptr (PmtHttpAnswer) answer = NULL;

  if (absolute == NULL)
    return NULL;
  request->url = absolute;
  request->max_bytes = MAX_ANSWER;
  answer = transfer (call, request, FALSE, error);
  if (answer == NULL)
    return NULL;
  if (answer->status >= 200 && answer->status < 300)
    return g_steal_pointer (&answer);
  fail_answer (call, answer, error);
  return NULL;
}

PmtHttpAnswer *
pmt_remote_call_send (PmtRemoteCall *call,
                      const gchar *method,
                      const gchar *url,
                      const gchar *const *headers,
                      GBytes *body,
                      const gchar *content_type,
                      GPtrArray *form,
                      GError **error)
{
  PmtHttpRequest request = { 0 };

  request.method = method;
  request.headers = headers;
  request.body = body;
  request.content_type = content_type;
  request.form = form;
  request.is_retried = g_str_equal (method, "GET");
  if (!request.is_retried
      && (call->account->provider->flags & PMT_PROVIDER_BLOCKING) != 0)
    {
      request.total_s = BLOCKING_S;
      request.idle_s = BLOCKING_S;
    }
  return send_request (call, &request, url, error);
}

PmtHttpAnswer *
pmt_remote_call_stream (PmtRemoteCall *call,
                        const gchar *url,
                        const gchar *const *headers,
                        GBytes *body,
                        const gchar *content_type,
                        GPtrArray *form,
                        PmtHttpChunkFunc chunk,
                        gpointer chunk_data,
                        GError **error)
{
  PmtHttpRequest request = { 0 };

  request.method = "POST";
  request.headers = headers;
  request.body = body;
  request.content_type = content_type;
  request.form = form;
  request.chunk = chunk;
  request.chunk_data = chunk_data;
  return send_request (call, &request, url, error);
}

cJSON *
pmt_remote_call_parse (PmtRemoteCall *call,
                       const PmtHttpAnswer *answer,
                       GError **error)
{
  gsize length = 0;
  const gchar *text = g_bytes_get_data (answer->body, &length);
  g_autoptr (cJSON) json = NULL;
  g_autoptr (GError) local = NULL;

  if (length == 0)
    return cJSON_CreateObject ();
  json = pmt_json_parse_large (_ ("The answer"), text, length, MAX_ANSWER,
                               PMT_ERROR_SERVER, &local);
  if (json != NULL && (cJSON_IsObject (json) || cJSON_IsArray (json)))
    return g_steal_pointer (&json);
  pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                        local != NULL
                            ? local->message
                            : _ ("the answer is not what was expected"),
                        error);
  return NULL;
}

/* Of a text, so that it is not moved while it grows. */
static gsize
guess_size (const cJSON *node)
{
  const cJSON *child;
  gsize size = 64;

  if (node->string != NULL)
    size += strlen (node->string);
  if (node->valuestring != NULL)
    size += strlen (node->valuestring);
  cJSON_ArrayForEach (child, node)
  {
    size += guess_size (child);
  }
  return size;
}

cJSON *
pmt_remote_call_json (PmtRemoteCall *call,
                      const gchar *method,
                      const gchar *url,
                      const gchar *const *headers,
                      const cJSON *body,
                      GError **error)
{
  g_autoptr (PmtHttpAnswer) answer = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (body != NULL)
    {
      gchar *text = cJSON_PrintBuffered (
          body, (int)MIN (guess_size (body), G_MAXINT32), FALSE);

      if (text == NULL)
        {
          g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                       _ ("There is not enough memory for what is sent to "
                          "“%s”. Choose a smaller area, or close other "
                          "programs."),
                       call->account->label);
          return NULL;
        }
      bytes =
          g_bytes_new_with_free_func (text, strlen (text), cJSON_free, text);
    }
  answer = pmt_remote_call_send (call, method, url, headers, bytes,
                                 bytes != NULL ? "application/json" : NULL,
                                 NULL, error);
  return answer != NULL ? pmt_remote_call_parse (call, answer, error) : NULL;
}

/* -------------------------------------------------------------- addresses */

gboolean
pmt_remote_call_check_url (PmtRemoteCall *call,
                           const gchar *url,
                           GError **error)
{
  if (url != NULL && pmt_account_may_have_key (call->account, url))
    return TRUE;
  return pmt_remote_call_fail (
      call, PMT_FAULT_SERVER,
      _ ("it gave an address on another machine for this job"), error);
}

static GBytes *
download_data (PmtRemoteCall *call, const gchar *url, GError **error)
{
  GBytes *bytes = pmt_picture_from_base64 (url, MAX_PICTURE);

  if (bytes == NULL)
    pmt_remote_call_fail (call, PMT_FAULT_SERVER, _ ("the picture is damaged"),
                          error);
  return bytes;
}

/* Results are kept for a while; later their addresses answer as if the key were
 * wrong, or something asked for that is not there. */
static void
fail_download (PmtRemoteCall *call, const PmtHttpAnswer *answer, GError **error)
{
  const PmtFaultClass kind = pmt_fault_from_status (answer->status);

  if (kind == PMT_FAULT_TIMEOUT || kind == PMT_FAULT_RATE_LIMIT
      || answer->status >= 500)
    fail_answer (call, answer, error);
  else
    pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                          _ ("the picture was made, but it is not there any "
                             "more"),
                          error);
}

GBytes *
pmt_remote_call_download (PmtRemoteCall *call, const gchar *url, GError **error)
{
  g_autoptr (PmtHttpAnswer) answer = NULL;
  g_autofree gchar *absolute = NULL;
  PmtHttpRequest request = { 0 };

  if (g_str_has_prefix (url, "data:"))
    return download_data (call, url, error);
  absolute = call->account->base_url != NULL
                 ? pmt_origin_resolve (call->account->base_url, url)
                 : g_strdup (url);
  if (absolute == NULL)
    {
      pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                            _ ("it gave no address for the picture"), error);
      return NULL;
    }
  request.method = "GET";
  request.url = absolute;
  request.max_bytes = MAX_PICTURE;
  request.is_retried = TRUE;
  answer = transfer (call, &request, TRUE, error);
  if (answer == NULL)
    return NULL;
  if (answer->status >= 200 && answer->status < 300)
    return g_bytes_ref (answer->body);
  fail_download (call, answer, error);
  return NULL;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-job.c: a prompt at a ComfyUI server, once it was sent. */
#include "config.h"

#include "remote/comfyui-job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/comfyui-events.h"
#include "remote/comfyui-graph.h"
#include "remote/origin.h"
#include "remote/server-names.h"

/* Of one call; the graph saves fewer. */
#define MAX_PICTURES 100

/* Where a prompt is in the queue. */
#define NOT_QUEUED (-1)
#define RUNS 0

/* ------------------------------------------------------------------ faults */

/* {"node": {"errors": [{message, details, extra_info{input_name}}],
 *   "class_type": ...}} */
gboolean
pmt_comfy_classify_nodes (const cJSON *nodes, PmtFault *fault)
{
  const cJSON *node = cJSON_IsObject (nodes) ? nodes->child : NULL;
  const cJSON *first = pmt_json_get (node, "errors.0");
  const gchar *message = pmt_json_get_text (first, "message");
  const gchar *details = pmt_json_get_text (first, "details");
  const gchar *name = pmt_json_get_text (node, "class_type");
  const gchar *input = pmt_json_get_text (first, "extra_info.input_name");
  g_autofree gchar *detail = NULL;

  if (node == NULL)
    return FALSE;
  detail = g_strdup_printf ("%s: %s (%s)", message != NULL ? message : "?",
                            details != NULL ? details : "",
                            name != NULL ? name : node->string);
  pmt_fault_take (fault, PMT_FAULT_PARAMETER, detail);
  g_free (fault->param);
  fault->param = g_strdup (input);
  return TRUE;
}

void
pmt_comfy_classify (guint status,
                    const PmtHttpAnswer *answer,
                    const cJSON *json,
                    PmtFault *fault)
{
  const gchar *message = pmt_json_get_text (json, "error.message");

  if (pmt_comfy_classify_nodes (pmt_json_get (json, "node_errors"), fault))
    return;
  if (message == NULL)
    message = pmt_json_get_text (json, "error");
  if (message != NULL)
    pmt_fault_take (fault, fault->kind, message);
}

/* ----------------------------------------------------------- looking it up */

static gchar *
escape (const gchar *text)
{
  return g_uri_escape_string (text, NULL, FALSE);
}

/* Returns: (transfer full) (nullable): what the history says; an empty object
 * where it knows nothing; %NULL with @error. */
static cJSON *
ask_history (PmtRemoteCall *call, const gchar *prompt_id, GError **error)
{
  g_autofree gchar *escaped = escape (prompt_id);
  g_autofree gchar *path = g_strconcat ("/history/", escaped, NULL);
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", path, NULL, NULL, error);
  cJSON *entry;

  if (json == NULL)
    return NULL;
  entry = cJSON_DetachItemFromObjectCaseSensitive (json, prompt_id);
  if (cJSON_IsObject (entry))
    return entry;
  cJSON_Delete (entry);
  return cJSON_CreateObject ();
}

/* Entries are [number, prompt_id, ...]. */
static gint
find_entry (const cJSON *list, const gchar *prompt_id)
{
  const cJSON *entry = cJSON_GetArrayItem (list, 0);
  gdouble number = 0.0;
  gint ahead = 0;

  for (; entry != NULL; entry = entry->next)
    if (g_strcmp0 (pmt_json_get_text (entry, "1"), prompt_id) == 0)
      break;
  if (entry == NULL)
    return NOT_QUEUED;
  number = pmt_json_get_number (entry, "0", 0.0);
  /* The list is a heap, in no order. */
  for (entry = list->child; entry != NULL; entry = entry->next)
    if (pmt_json_get_number (entry, "0", 0.0) < number)
      ahead++;
  return ahead;
}

/* Returns: %FALSE with @error; @position: RUNS, one more than wait before it,
 * or NOT_QUEUED. */
static gboolean
ask_queue (PmtRemoteCall *call,
           const gchar *prompt_id,
           gint *position,
           GError **error)
{
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", "/queue", NULL, NULL, error);

  if (json == NULL)
    return FALSE;
  *position = RUNS;
  if (find_entry (pmt_json_get (json, "queue_running"), prompt_id)
      != NOT_QUEUED)
    return TRUE;
  *position = find_entry (pmt_json_get (json, "queue_pending"), prompt_id);
  if (*position != NOT_QUEUED)
    *position += 1;
  return TRUE;
}

gboolean
pmt_comfy_is_known (PmtRemoteCall *call, const gchar *prompt_id)
{
  g_autoptr (cJSON) entry = ask_history (call, prompt_id, NULL);
  gint position = NOT_QUEUED;

  if (entry != NULL && entry->child != NULL)
    return TRUE;
  if (entry == NULL || !ask_queue (call, prompt_id, &position, NULL))
    return FALSE;
  return position != NOT_QUEUED;
}

/* ----------------------------------------------------------------- polling */

/* Data of an event in the history: [[name, data], ...]. */
static const cJSON *
find_message (const cJSON *entry, const gchar *name)
{
  const cJSON *list = pmt_json_get (entry, "status.messages");
  const cJSON *node;

  if (!cJSON_IsArray (list))
    return NULL;
  cJSON_ArrayForEach (node, list)
  {
    if (g_strcmp0 (pmt_json_get_text (node, "0"), name) == 0)
      return pmt_json_get (node, "1");
  }
  return NULL;
}

static gboolean
judge (PmtRemoteCall *call,
       const cJSON *entry,
       PmtRemoteJob *job,
       GError **error)
{
  const gchar *status = pmt_json_get_text (entry, "status.status_str");
  const cJSON *failure = find_message (entry, "execution_error");
  g_autofree gchar *detail = NULL;

  if (find_message (entry, "execution_interrupted") != NULL)
    {
      job->state = PMT_REMOTE_CANCELLED;
      return pmt_remote_call_fail (call, PMT_FAULT_CANCELLED, NULL, error);
    }
  if (failure != NULL || g_strcmp0 (status, "error") == 0)
    {
      detail = pmt_comfy_events_describe (failure);
      job->state = PMT_REMOTE_FAILED;
      return pmt_remote_call_fail (call, PMT_FAULT_SERVER, detail, error);
    }
  job->state = PMT_REMOTE_DONE;
  job->fraction = 1.0;
  return TRUE;
}

gboolean
pmt_comfy_poll (PmtRemoteCall *call,
                const PmtRemoteTask *task,
                PmtRemoteJob *job,
                GError **error)
{
  g_autoptr (cJSON) entry = ask_history (call, job->id, error);
  gint position = NOT_QUEUED;

  if (entry == NULL)
    return FALSE;
  if (entry->child == NULL)
    {
      if (!ask_queue (call, job->id, &position, error))
        return FALSE;
      job->queue_position = position;
      if (position != NOT_QUEUED)
        return TRUE;
      /* It may have ended between the two questions. */
      cJSON_Delete (entry);
      entry = ask_history (call, job->id, error);
      if (entry == NULL)
        return FALSE;
    }
  if (entry->child != NULL)
    return judge (call, entry, job, error);
  job->state = PMT_REMOTE_FAILED;
  return pmt_remote_call_fail (
      call, PMT_FAULT_SERVER,
      _ ("it doesn't know the job any more; was it restarted?"), error);
}

/* ----------------------------------------------------------------- results */

/* All that the server says about a file is a value of the query. */
static GBytes *
download (PmtRemoteCall *call, const cJSON *image, GError **error)
{
  static const gchar *const names[] = { "filename", "subfolder", "type" };
  GString *query = g_string_new ("/view");
  g_autofree gchar *path = NULL;
  g_autofree gchar *url = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const gchar *value = pmt_json_get_text (image, names[i]);
      g_autofree gchar *escaped = escape (value != NULL ? value : "");

      g_string_append_printf (query, "%c%s=%s", i == 0 ? '?' : '&', names[i],
                              escaped);
    }
  path = g_string_free (query, FALSE);
  url = call->account->base_url != NULL
            ? pmt_origin_join (call->account->base_url, path)
            : g_strdup (path);
  return pmt_remote_call_download (call, url, error);
}

static gint64
seed_of (const PmtRemoteTask *task, guint i)
{
  if (task->operation == PMT_OPERATION_UPSCALE
      || task->operation == PMT_OPERATION_ENHANCE)
    return -1;
  return (guint32)(task->seed + i);
}

gboolean
pmt_comfy_fetch (PmtRemoteCall *call,
                 const PmtRemoteTask *task,
                 PmtRemoteJob *job,
                 PmtRemoteReply *reply,
                 GError **error)
{
  g_autoptr (cJSON) entry = ask_history (call, job->id, error);

  if (entry == NULL)
    return FALSE;
  for (guint i = 0; i < MIN (task->n_images, MAX_PICTURES); i++)
    {
      g_autofree gchar *place =
          g_strdup_printf ("outputs.%u.images.0", PMT_COMFY_SAVE + i);
      const cJSON *image = pmt_json_get (entry, place);
      GBytes *bytes;

      if (!cJSON_IsObject (image))
        continue;
      bytes = download (call, image, error);
      if (bytes == NULL)
        return FALSE;
      pmt_remote_reply_add (reply, bytes, seed_of (task, i));
    }
  if (reply->pictures->len == 0)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("it sent no picture"), error);
  return TRUE;
}

/* -------------------------------------------------------------- cancelling */

static gboolean
post (PmtRemoteCall *call, const gchar *path, cJSON *body)
{
  gchar *text = cJSON_PrintUnformatted (body);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (PmtHttpAnswer) answer = pmt_remote_call_send (
      call, "POST", path, NULL, bytes, "application/json", NULL, NULL);

  cJSON_free (text);
  cJSON_Delete (body);
  return answer != NULL;
}

/* Versions without jobs: taken out of the queue where it waits, interrupted
 * where it runs.  The oldest ones interrupt whatever runs, so that is asked
 * before. */
static void
cancel_old (PmtRemoteCall *call, const gchar *prompt_id)
{
  cJSON *body = cJSON_CreateObject ();
  cJSON *list = cJSON_AddArrayToObject (body, "delete");
  gint position = NOT_QUEUED;

  cJSON_AddItemToArray (list, cJSON_CreateString (prompt_id));
  post (call, "/queue", body);
  if (!ask_queue (call, prompt_id, &position, NULL) || position != RUNS)
    return;
  body = cJSON_CreateObject ();
  cJSON_AddStringToObject (body, "prompt_id", prompt_id);
  post (call, "/interrupt", body);
}

void
pmt_comfy_cancel (PmtRemoteCall *call, PmtRemoteJob *job)
{
  g_autofree gchar *escaped = NULL;
  g_autofree gchar *path = NULL;

  if (job->id == NULL)
    return;
  escaped = escape (job->id);
  path = g_strdup_printf ("/api/jobs/%s/cancel", escaped);
  if (!post (call, path, cJSON_CreateObject ())
      && call->fault.kind == PMT_FAULT_PARAMETER)
    cancel_old (call, job->id);
}

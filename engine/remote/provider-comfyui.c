/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-comfyui.c: ComfyUI: graphs of nodes, made here. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/comfyui-events.h"
#include "remote/comfyui-graph.h"
#include "remote/comfyui-job.h"
#include "remote/lists.h"
#include "remote/websocket.h"

/* A server that says nothing for so long is asked. */
#define SILENCE_S 5
/* Between the last event and the entry in the history. */
#define SETTLE_US (G_USEC_PER_SEC / 10)
#define SETTLE_TRIES 20

static gboolean
is_cancelled (PmtRemoteCall *call)
{
  return g_cancellable_is_cancelled (call->cancellable);
}

/* ----------------------------------------------------------------- sending */

static gboolean
upload (PmtRemoteCall *call,
        GBytes *bytes,
        const gchar *id,
        const gchar *what,
        gchar **name,
        GError **error)
{
  g_autoptr (GPtrArray) form = pmt_form_new ();
  g_autoptr (PmtHttpAnswer) answer = NULL;
  g_autoptr (cJSON) json = NULL;
  g_autofree gchar *filename = g_strdup_printf ("%s-%s.png", id, what);
  const gchar *said;
  const gchar *folder;

  pmt_form_add_file (form, "image", filename, "image/png", bytes);
  pmt_form_add_text (form, "type", "input");
  pmt_form_add_text (form, "subfolder", "pentimento");
  answer = pmt_remote_call_send (call, "POST", "/upload/image", NULL, NULL,
                                 NULL, form, error);
  json = answer != NULL ? pmt_remote_call_parse (call, answer, error) : NULL;
  if (json == NULL)
    return FALSE;
  said = pmt_json_get_text (json, "name");
  folder = pmt_json_get_text (json, "subfolder");
  if (folder == NULL)
    folder = "pentimento";
  *name = g_strdup_printf ("%s%s%s", folder, *folder != '\0' ? "/" : "",
                           said != NULL ? said : filename);
  return TRUE;
}

static gboolean
upload_all (PmtRemoteCall *call,
            const PmtRemoteTask *task,
            const gchar *id,
            cJSON *graph,
            GError **error)
{
  g_autofree gchar *image = NULL;
  g_autofree gchar *mask = NULL;

  if (task->image != NULL
      && !upload (call, task->image, id, "image", &image, error))
    return FALSE;
  if (task->image != NULL && task->mask != NULL
      && !upload (call, task->mask, id, "mask", &mask, error))
    return FALSE;
  if (image != NULL)
    pmt_comfy_graph_set_image (graph, image);
  if (mask != NULL)
    pmt_comfy_graph_set_mask (graph, mask);
  return TRUE;
}

/* Checked against what the server has: nothing was sent yet. */
static cJSON *
make_graph (PmtRemoteCall *call, const PmtRemoteTask *task, GError **error)
{
  g_auto (PmtServerSettings) settings = PMT_SERVER_SETTINGS_INIT;
  g_autoptr (PmtComfyInfo) info = pmt_comfy_info_new ();

  if (!pmt_server_settings_init (&settings, call, task, error)
      || !pmt_comfy_info_load (
          info, call, pmt_comfy_graph_classes (task->operation), error))
    return NULL;
  return pmt_comfy_graph_new (call, info, task, &settings, error);
}

static gchar *
client_id (const PmtRemoteJob *job)
{
  return g_strdup_printf ("pentimento-%s", job->id);
}

/* A lost answer is no failure where the prompt has arrived. */
static gboolean
is_arrived (PmtRemoteCall *call, const PmtRemoteJob *job)
{
  g_auto (PmtFault) fault = PMT_FAULT_INIT;
  gboolean result;

  if (is_cancelled (call)
      || (call->fault.kind != PMT_FAULT_NETWORK
          && call->fault.kind != PMT_FAULT_TIMEOUT))
    return FALSE;
  pmt_fault_copy (&fault, &call->fault);
  result = pmt_comfy_is_known (call, job->id);
  pmt_fault_copy (&call->fault, &fault);
  return result;
}

static gboolean
send_prompt (PmtRemoteCall *call,
             cJSON *graph,
             PmtRemoteJob *job,
             GError **error)
{
  g_autofree gchar *client = client_id (job);
  g_autoptr (cJSON) body = cJSON_CreateObject ();
  g_autoptr (cJSON) json = NULL;
  g_autoptr (GError) local = NULL;
  const gchar *id;

  cJSON_AddItemToObject (body, "prompt", cJSON_Duplicate (graph, TRUE));
  cJSON_AddStringToObject (body, "client_id", client);
  cJSON_AddStringToObject (body, "prompt_id", job->id);
  json = pmt_remote_call_json (call, "POST", "/prompt", NULL, body, &local);
  if (json == NULL && is_arrived (call, job))
    return TRUE;
  if (json == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (pmt_comfy_classify_nodes (pmt_json_get (json, "node_errors"),
                                &call->fault))
    return pmt_remote_call_fail_fault (call, error);
  id = pmt_json_get_text (json, "prompt_id");
  if (id == NULL || g_str_equal (id, job->id))
    return TRUE;
  /* Old versions choose by themselves. */
  g_free (job->id);
  job->id = g_strdup (id);
  return TRUE;
}

/* --------------------------------------------------------------- listening */

/* Returns: (nullable): %NULL: there is none, and the caller polls. */
static PmtWebsocket *
open_socket (PmtRemoteCall *call, const PmtRemoteJob *job)
{
  const gchar *base = call->account->base_url;
  g_autofree gchar *client = client_id (job);
  g_autofree gchar *url = NULL;
  g_auto (GStrv) secrets = pmt_remote_call_get_secrets (call);
  g_auto (PmtFault) fault = PMT_FAULT_INIT;
  g_autoptr (GError) error = NULL;
  PmtWebsocket *socket;

  if (base == NULL || !g_str_has_prefix (base, "http"))
    return NULL;
  url = g_strdup_printf ("ws%s/ws?clientId=%s", base + strlen ("http"), client);
  socket = pmt_websocket_open (call->http, url, (const gchar *const *)secrets,
                               call->account->label, call->cancellable, &fault,
                               &error);
  if (socket == NULL)
    g_debug ("no events of %s: %s", call->account->id, error->message);
  return socket;
}

/* Whether the job is over; %FALSE with @error where it failed. */
static gboolean
look (PmtRemoteCall *call,
      const PmtRemoteTask *task,
      PmtRemoteJob *job,
      gboolean *is_over,
      GError **error)
{
  g_autoptr (GError) local = NULL;

  if (pmt_comfy_poll (call, task, job, &local)
      || (job->state == PMT_REMOTE_RUNNING && !is_cancelled (call)))
    {
      *is_over = job->state != PMT_REMOTE_RUNNING;
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* The last event comes a little before the entry in the history. */
static gboolean
settle (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        GError **error)
{
  gboolean is_over = FALSE;

  for (guint i = 0; i < SETTLE_TRIES && !is_over; i++)
    {
      if (i > 0)
        g_usleep (SETTLE_US);
      if (!look (call, task, job, &is_over, error))
        return FALSE;
    }
  return TRUE;
}

/* Until the job is over, or the socket is: then the caller polls. */
static gboolean
follow (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtWebsocket *socket,
        PmtComfyEvents *events,
        GError **error)
{
  guint silence = 0;
  gboolean is_over = FALSE;

  while (!is_over && !events->is_over && !is_cancelled (call))
    {
      g_auto (PmtFault) fault = PMT_FAULT_INIT;
      g_autoptr (GError) local = NULL;
      gboolean is_binary = FALSE;
      g_autoptr (GBytes) message = pmt_websocket_read (
          socket, 1.0, &is_binary, call->cancellable, &fault, &local);

      if (local != NULL && !is_cancelled (call))
        {
          g_debug ("no more events of %s: %s", call->account->id,
                   local->message);
          return TRUE;
        }
      silence = message != NULL ? 0 : silence + 1;
      if (message != NULL && pmt_comfy_events_take (events, message, is_binary))
        pmt_remote_call_report (call, events->fraction, events->preview);
      if (silence < SILENCE_S)
        continue;
      silence = 0;
      if (!look (call, task, job, &is_over, error))
        return FALSE;
    }
  if (is_cancelled (call))
    return pmt_remote_call_fail (call, PMT_FAULT_CANCELLED, NULL, error);
  return is_over || settle (call, task, job, error);
}

static gboolean
run (PmtRemoteCall *call,
     const PmtRemoteTask *task,
     cJSON *graph,
     PmtRemoteJob *job,
     GError **error)
{
  g_autoptr (PmtWebsocket) socket = open_socket (call, job);
  g_auto (PmtComfyEvents) events = PMT_COMFY_EVENTS_INIT;

  if (graph != NULL && !send_prompt (call, graph, job, error))
    return FALSE;
  job->state = PMT_REMOTE_RUNNING;
  if (!pmt_remote_call_keep (call, job, error))
    return FALSE;
  if (socket == NULL)
    return TRUE;
  events.prompt_id = job->id;
  events.n_pictures = task->n_images;
  return follow (call, task, job, socket, &events, error);
}

/* The prompt of an earlier try may have arrived. */
static gboolean
is_sent (PmtRemoteCall *call, const PmtRemoteJob *job)
{
  return job->id != NULL && job->state == PMT_REMOTE_SENDING
         && pmt_comfy_is_known (call, job->id);
}

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  g_autofree gchar *id = g_uuid_string_random ();
  g_autoptr (cJSON) graph = NULL;

  if (!is_sent (call, job))
    {
      graph = make_graph (call, task, error);
      if (graph == NULL || !upload_all (call, task, id, graph, error))
        return FALSE;
      if (job->state != PMT_REMOTE_SENDING || job->id == NULL)
        {
          g_free (job->id);
          job->id = g_steal_pointer (&id);
        }
      job->state = PMT_REMOTE_SENDING;
      if (!pmt_remote_call_keep (call, job, error))
        return FALSE;
    }
  return run (call, task, graph, job, error);
}

/* ------------------------------------------------------------------- lists */

static gchar **
ask (PmtRemoteCall *call, const gchar *param, GError **error)
{
  static const struct
  {
    const gchar *param;
    const gchar *node;
    const gchar *input;
  } lists[] = {
    { "checkpoint", "CheckpointLoaderSimple", "ckpt_name" },
    { "sampler", "KSampler", "sampler_name" },
    { "schedule", "KSampler", "scheduler" },
    { "upscaler", "UpscaleModelLoader", "model_name" },
    { "lora", "LoraLoader", "lora_name" },
    { "vae", "VAELoader", "vae_name" },
  };
  g_autoptr (PmtComfyInfo) info = pmt_comfy_info_new ();
  gchar **names = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (g_str_equal (lists[i].param, param))
      {
        const gchar *classes[] = { lists[i].node, NULL };

        if (!pmt_comfy_info_load (info, call, classes, error))
          return NULL;
        names =
            pmt_comfy_info_get_choices (info, lists[i].node, lists[i].input);
      }
  return names != NULL ? names : g_new0 (gchar *, 1);
}

static gchar **
list (PmtRemoteCall *call, const gchar *param, GError **error)
{
  return pmt_lists_get (call, param, ask, error);
}

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", "/system_stats", NULL, NULL, error);

  return json != NULL;
}

const PmtProvider pmt_provider_comfyui = {
  .type = "comfyui",
  .label = "ComfyUI",
  .flags = PMT_PROVIDER_LOCAL | PMT_PROVIDER_IDEMPOTENT,
  .base_url = "http://127.0.0.1:8188",
  .port = 8188,
  .probe_path = "/system_stats",
  .mask_kind = PMT_MASK_WHITE,
  .poll_s = 1.0,
  .max_jobs = 1,
  .classify = pmt_comfy_classify,
  .submit = submit,
  .poll = pmt_comfy_poll,
  .fetch = pmt_comfy_fetch,
  .cancel = pmt_comfy_cancel,
  .check = check,
  .list = list,
};

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* service-client.c: providers against the mock server, step by step. */
#include "config.h"

#include "service-client.h"

#include <string.h>

#include "core/params.h"

#define MAX_POLLS 60
#define WIDTH 96
#define HEIGHT 64

/* ----------------------------------------------------------------- client */

static gboolean
save (PmtRemoteJob *job, gpointer user_data, GError **error)
{
  ServiceClient *client = user_data;

  client->n_kept++;
  g_free (client->kept_id);
  client->kept_id = g_strdup (job->id);
  return TRUE;
}

static void
take_progress (gdouble fraction, GBytes *preview, gpointer user_data)
{
  ServiceClient *client = user_data;

  client->n_previews += preview != NULL;
}

ServiceClient *
service_client_new (MockServer *server,
                    const gchar *type,
                    const gchar *service,
                    const gchar *prefix)
{
  const PmtProvider *provider = pmt_providers_find (type);
  const PmtHttpOptions options = PMT_HTTP_OPTIONS_INIT;
  const PmtFault none = PMT_FAULT_INIT;
  ServiceClient *client = g_new0 (ServiceClient, 1);

  g_assert_nonnull (provider);
  client->server = server;
  client->service = service;
  client->http = pmt_http_new (&options);
  client->key = g_strconcat ("test-key-", service, NULL);
  client->account.label = g_strdup (provider->label);
  client->account.provider = provider;
  client->account.base_url =
      g_strconcat (mock_server_get_url (server, "mock"), prefix, NULL);
  client->account.auth_header = g_strdup (provider->auth_header);
  client->account.auth_prefix = g_strdup (provider->auth_prefix);
  client->account.hosts = g_strdupv ((gchar **)provider->hosts);
  client->call.http = client->http;
  client->call.account = &client->account;
  client->call.key = client->key;
  client->call.fault = none;
  client->call.save = save;
  client->call.save_data = client;
  client->call.progress = take_progress;
  client->call.progress_data = client;
  client->job = pmt_remote_job_new ();
  return client;
}

void
service_client_free (ServiceClient *client)
{
  if (client == NULL)
    return;
  pmt_http_unref (client->http);
  pmt_fault_clear (&client->call.fault);
  pmt_remote_job_free (client->job);
  g_free (client->account.label);
  g_free (client->account.base_url);
  g_free (client->account.auth_header);
  g_free (client->account.auth_prefix);
  g_strfreev (client->account.hosts);
  g_free (client->key);
  g_free (client->kept_id);
  g_free (client);
}

/* ------------------------------------------------------------------- task */

static GeglBuffer *
buffer_new (const gchar *format, gboolean is_mask)
{
  const GeglRectangle extent = { 0, 0, WIDTH, HEIGHT };
  const GeglRectangle middle = { 24, 16, 48, 32 };
  GeglBuffer *buffer = gegl_buffer_new (&extent, babl_format (format));
  GeglColor *gray = gegl_color_new ("gray");
  GeglColor *white = gegl_color_new ("white");

  if (!is_mask)
    gegl_buffer_set_color (buffer, &extent, gray);
  else
    gegl_buffer_set_color (buffer, &middle, white);
  g_object_unref (gray);
  g_object_unref (white);
  return buffer;
}

static void
add_picture (ServiceTask *self, const gchar *type)
{
  const GeglRectangle extent = { 0, 0, WIDTH, HEIGHT };
  const PmtPictureFormat format = PMT_PICTURE_FORMAT_INIT;
  const PmtProvider *provider = pmt_providers_find (type);
  PmtRemoteTask *task = &self->task;
  g_autoptr (GeglBuffer) picture = buffer_new ("R'G'B' u8", FALSE);
  g_autoptr (GeglBuffer) mask = buffer_new ("Y float", TRUE);
  g_autoptr (GError) error = NULL;

  task->image = pmt_picture_encode (picture, &extent, &format, &error);
  g_assert_no_error (error);
  g_assert_true (pmt_picture_read_head (task->image, &task->image_head));
  if (pmt_model_service_get_text (task->service, "mask") == NULL)
    return;
  task->mask = pmt_mask_encode (mask, &extent, provider->mask_kind,
                                provider->is_mask_hard, &error);
  g_assert_no_error (error);
}

static void
set_defaults (ServiceTask *self)
{
  g_autoptr (GPtrArray) specs =
      pmt_model_list_params (self->model, self->task.operation);

  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = specs->pdata[i];

      pmt_params_set_variant (self->params, spec->name, spec->default_value);
    }
  if (pmt_params_has (self->params, "prompt"))
    pmt_params_set_string (self->params, "prompt", "a red boat");
  if (pmt_params_has (self->params, "search-prompt"))
    pmt_params_set_string (self->params, "search-prompt", "a boat");
}

ServiceTask *
service_task_new (const gchar *id, const gchar *type, PmtOperation operation)
{
  g_autofree gchar *name = g_strconcat (id, ".json", NULL);
  g_autofree gchar *path = g_build_filename (g_getenv ("PENTIMENTO_TEST_DATA"),
                                             "catalog", name, NULL);
  g_autoptr (GError) error = NULL;
  ServiceTask *self = g_new0 (ServiceTask, 1);
  PmtRemoteTask *task = &self->task;

  self->model = pmt_catalog_read (path, &error);
  g_assert_no_error (error);
  self->params = pmt_params_new ();
  task->model = self->model;
  task->service = pmt_model_find_service (self->model, type);
  g_assert_nonnull (task->service);
  task->model_name = pmt_model_service_get_model (task->service, operation);
  task->operation = operation;
  task->params = self->params;
  task->seed = 7;
  task->n_images = 1;
  task->idempotency_key = "00000000-0000-4000-8000-000000000000";
  set_defaults (self);
  if (operation != PMT_OPERATION_GENERATE)
    add_picture (self, type);
  if (operation == PMT_OPERATION_EXPAND)
    task->left = task->bottom = 32;
  if (operation == PMT_OPERATION_UPSCALE)
    task->scale = 2.0;
  return self;
}

void
service_task_free (ServiceTask *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->task.image, g_bytes_unref);
  g_clear_pointer (&self->task.mask, g_bytes_unref);
  g_clear_pointer (&self->task.references, g_ptr_array_unref);
  pmt_params_free (self->params);
  pmt_model_free (self->model);
  g_free (self);
}

/* -------------------------------------------------------------------- run */

gboolean
service_client_run (ServiceClient *client,
                    ServiceTask *task,
                    PmtRemoteReply *reply,
                    GError **error)
{
  const PmtProvider *provider = client->account.provider;

  pmt_remote_job_free (client->job);
  client->job = pmt_remote_job_new ();
  if (!provider->submit (&client->call, &task->task, client->job, reply, error))
    return FALSE;
  for (guint i = 0; client->job->state == PMT_REMOTE_RUNNING; i++)
    {
      if (i >= MAX_POLLS)
        return pmt_remote_call_fail (&client->call, PMT_FAULT_TIMEOUT, NULL,
                                     error);
      if (!provider->poll (&client->call, &task->task, client->job, error))
        return FALSE;
      g_usleep (5000);
    }
  g_assert_cmpint (client->job->state, ==, PMT_REMOTE_DONE);
  return reply->pictures->len > 0
         || provider->fetch (&client->call, &task->task, client->job, reply,
                             error);
}

cJSON *
service_client_last (ServiceClient *client, const gchar *step)
{
  g_autofree gchar *name =
      g_strdup_printf ("requests?service=%s&step=%s", client->service, step);
  cJSON *requests = mock_server_get (client->server, name);
  const int size = cJSON_GetArraySize (requests);
  cJSON *last = cJSON_GetArrayItem (requests, size - 1);
  cJSON *body = cJSON_DetachItemFromObjectCaseSensitive (last, "body");

  cJSON_Delete (requests);
  return body;
}

void
service_assert_clean (MockServer *server, const gchar *what)
{
  g_autoptr (cJSON) violations = mock_server_get (server, "violations");
  g_autoptr (cJSON) leaks = mock_server_get (server, "leaks");

  if (cJSON_GetArraySize (violations) > 0 || cJSON_GetArraySize (leaks) > 0)
    g_error ("%s: %s%s", what, cJSON_Print (violations), cJSON_Print (leaks));
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* service-client.h: providers against the mock server, step by step. */
#pragma once

#include "catalog/catalog.h"
#include "remote/provider.h"

#include "mock-client.h"

G_BEGIN_DECLS

/** ServiceClient: an account of the mock server; @service: its name there. */
typedef struct
{
  MockServer *server;
  const gchar *service;
  PmtHttp *http;
  PmtAccount account;
  gchar *key;
  PmtRemoteCall call;
  PmtRemoteJob *job;
  guint n_kept;
  gchar *kept_id;
  guint n_previews;
} ServiceClient;

/** service_client_new: @type: of the provider; @prefix: its path there. */
ServiceClient *service_client_new (MockServer *server,
                                   const gchar *type,
                                   const gchar *service,
                                   const gchar *prefix);
void service_client_free (ServiceClient *client);

/** ServiceTask: a call of a model that comes with Pentimento. */
typedef struct
{
  PmtModel *model;
  PmtParams *params;
  PmtRemoteTask task;
} ServiceTask;

/**
 * service_task_new:
 * @id: of the model
 * @type: of the provider
 *
 * With every default, a prompt, a picture of 96 x 64 where the operation has
 * one, and a mask in its middle where the service takes one.
 */
ServiceTask *
service_task_new (const gchar *id, const gchar *type, PmtOperation operation);
void service_task_free (ServiceTask *task);

/**
 * service_client_run:
 *
 * Submits, polls without waiting long, fetches; @client.job is what came of it.
 */
gboolean service_client_run (ServiceClient *client,
                             ServiceTask *task,
                             PmtRemoteReply *reply,
                             GError **error);

/** service_client_last: (transfer full): body of the last request with one. */
cJSON *service_client_last (ServiceClient *client, const gchar *step);

/**
 * service_assert_clean:
 * @what: for the message
 *
 * Since its reset the server has seen nothing that it does not allow, and no
 * key where none belongs.
 */
void service_assert_clean (MockServer *server, const gchar *what);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServiceClient, service_client_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServiceTask, service_task_free)

G_END_DECLS

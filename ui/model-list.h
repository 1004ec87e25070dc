/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-list.h: the models to choose from, and the services that run them. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtModelChoice: one model
 * @label: its name; behind it the service, where one runs it
 * @is_usable: runs on this computer, or at a service that has a key, or at a
 *   server that answers
 */
typedef struct
{
  const PmtModel *model;
  gchar *label;
  gboolean is_usable;
} PmtModelChoice;

/**
 * pmt_model_list_new:
 *
 * Looks for local servers, which takes up to 0.3 seconds.
 *
 * Returns: (transfer full) (element-type PmtModelChoice): the models of this
 *   computer, then those of services that can be used, then the others.
 */
GPtrArray *pmt_model_list_new (PmtEngine *engine, PmtOperation operation);

/**
 * pmt_model_list_find_service:
 * @services: (element-type PmtServiceInfo)
 * @id: of a service
 *
 * Returns: (transfer none) (nullable): as long as @services.
 */
const PmtServiceInfo *pmt_model_list_find_service (GPtrArray *services,
                                                   const gchar *id);

/**
 * pmt_model_list_find_server:
 * @request: may name the service
 *
 * Returns: (transfer full) (nullable): the server of the user's that would run
 *   @model; %NULL where a service or this computer does.
 */
gchar *pmt_model_list_find_server (PmtEngine *engine,
                                   const PmtModel *model,
                                   const PmtRequest *request);

G_END_DECLS

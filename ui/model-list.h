/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-list.h: the models to choose from, and the services that run them. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** PmtModelGroup: in the order of the list. */
typedef enum
{
  PMT_MODEL_GROUP_LOCAL,
  PMT_MODEL_GROUP_SERVICES,
  PMT_MODEL_GROUP_NOT_READY
} PmtModelGroup;

/**
 * PmtModelChoice: one model
 * @group: runs on this computer; at a service that has a key, or at a server
 *   that answers; or at one of which something is missing
 * @label: its name; behind it the service, where one runs it
 * @details: family, license and usual cost, as far as they are known
 */
typedef struct
{
  const PmtModel *model;
  PmtModelGroup group;
  gchar *label;
  gchar *details;
} PmtModelChoice;

/** pmt_model_group_label: of a heading. */
const gchar *pmt_model_group_label (PmtModelGroup group);

/**
 * pmt_model_list_new:
 *
 * Looks for local servers, which takes up to 0.3 seconds.
 *
 * Returns: (transfer full) (element-type PmtModelChoice): group by group.
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

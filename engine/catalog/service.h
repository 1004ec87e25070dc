/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* service.h: how a remote model is called, as its manifest says it. */
#pragma once

#include "catalog/manifest-reader.h"

G_BEGIN_DECLS

/**
 * PmtModelService: one member of "services"
 * @type: of the provider: "fal"
 * @model: the service's name of the model; may be empty
 * @json: the entry, checked: its members have the right types
 *
 * Members of @json are read with the functions below, and by
 * engine/remote/body.c ("fixed", "mapping", "values", "omit", "image", "mask",
 * "references", "expand", "size").
 */
typedef struct
{
  gchar *type;
  gchar *model;
  cJSON *json;
} PmtModelService;

void pmt_model_service_free (gpointer service);

/**
 * pmt_model_services_read:
 * @services: (element-type PmtModelService): filled from "services"
 * @operations: of the model
 *
 * Reads the optional member "services" of the manifest.
 */
gboolean pmt_model_services_read (PmtManifestReader *reader,
                                  guint operations,
                                  GPtrArray *services);

/** pmt_model_service_get_model: the service's name for an operation. */
const gchar *pmt_model_service_get_model (const PmtModelService *service,
                                          PmtOperation operation);

/** pmt_model_service_supports: "operations", or all of the model's. */
gboolean pmt_model_service_supports (const PmtModelService *service,
                                     PmtOperation operation);

/** pmt_model_service_get_text: (transfer none) (nullable): a member. */
const gchar *pmt_model_service_get_text (const PmtModelService *service,
                                         const gchar *name);

/** pmt_model_service_get_send: a number below "send", or @fallback. */
gdouble pmt_model_service_get_send (const PmtModelService *service,
                                    const gchar *name,
                                    gdouble fallback);

/** pmt_model_service_get_format: "send"."format": "png" or "jpeg". */
const gchar *pmt_model_service_get_format (const PmtModelService *service);

/** pmt_model_service_get_images: most pictures that a call makes; 1-10. */
guint pmt_model_service_get_images (const PmtModelService *service);

/** pmt_model_service_get_unit_value: what 1 of the model's cost formula is in
 * the unit of the service; 1 unless the manifest says so. */
gdouble pmt_model_service_get_unit_value (const PmtModelService *service);

G_END_DECLS

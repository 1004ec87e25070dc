/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model.h: a model as the engine and the backends see it. */
#pragma once

#include "catalog/cost.h"
#include "catalog/model-file.h"
#include "catalog/service.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtModelNet: a network that enlarges @scale times.
 * @name: path below "nets/", or an absolute path: the user's own
 */
typedef struct
{
  gint scale;
  gchar *name;
} PmtModelNet;

/** PmtModelLimit: a number below "limits". */
typedef struct
{
  gchar *name;
  gdouble value;
} PmtModelLimit;

/** PmtModelSteps: a step preset: "medium", "high", ... */
typedef struct
{
  gchar *name;
  gint steps;
} PmtModelSteps;

/** PmtModelMapping: our name of a parameter, and the service's. */
typedef struct
{
  gchar *name;
  gchar *service_name;
} PmtModelMapping;

/**
 * PmtModel:
 * @operations, @default_for: bit 1 << PmtOperation
 * @is_template: what files of the user's become models by
 * @params: (element-type PmtModelParam)
 * @sampler, @high_sampler: (nullable): of sampler quality normal and high
 * @schedule: (nullable): the usual one of a checkpoint
 * @cfg, @image_cfg: its usual guidance, by the prompt and by the picture; 0: what
 *   most checkpoints have
 * @nets: (element-type PmtModelNet)
 * @path: (nullable): the file or folder that is the model
 * @checkpoints: [PMT_N_OPERATIONS] (nullable): of the backend diffusion: the
 *   file or folder that does an operation
 * @net_profile: (nullable): which of the things that @nets can do is meant
 * @prompt_style: (nullable): "tags", "natural", or none
 * @enhancer_prompt, @enhancer_negative: (nullable): quality tags
 * @cost: (nullable): in credits
 * @services: (element-type PmtModelService): remote models only
 */
struct _PmtModel
{
  gchar *id;
  gchar *name;
  gchar *family;
  gchar *backend;
  gchar *license;
  gchar *homepage;
  guint operations;
  guint default_for;
  gboolean is_template;
  GPtrArray *params;
  GArray *files;
  GArray *nets;
  gchar *path;
  gchar *checkpoints[PMT_N_OPERATIONS];
  gchar *net_profile;
  GArray *limits;
  GArray *steps;
  gchar *sampler;
  gchar *high_sampler;
  gchar *schedule;
  gdouble cfg;
  gdouble image_cfg;
  gchar *prompt_style;
  gchar *enhancer_prompt;
  gchar *enhancer_negative;
  GArray *mapping;
  PmtCost *cost;
  GPtrArray *services;
};

/** pmt_model_new: empty; what is read from a manifest is put into it. */
PmtModel *pmt_model_new (void);
void pmt_model_free (PmtModel *model);

/** pmt_model_find_net: Returns: (transfer none) (nullable): of that scale. */
const gchar *pmt_model_find_net (const PmtModel *model, gint scale);

gboolean pmt_model_is_default_for (const PmtModel *model,
                                   PmtOperation operation);

/** pmt_model_join_params: names for a message: "“a”, “b”". */
gchar *pmt_model_join_params (const PmtModel *model, PmtOperation operation);

/** pmt_model_find_service: (transfer none) (nullable): of that provider. */
const PmtModelService *pmt_model_find_service (const PmtModel *model,
                                               const gchar *type);

/**
 * pmt_model_get_cost:
 * @params: completed parameters
 * @width, @height: pixels of the result
 * @credits: (out): 0 for a model without a formula
 * @error: PMT_ERROR_MODEL when the formula gives no finite number
 */
gboolean pmt_model_get_cost (const PmtModel *model,
                             const PmtParams *params,
                             gint width,
                             gint height,
                             guint n_references,
                             gdouble *credits,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtModel, pmt_model_free)

G_END_DECLS

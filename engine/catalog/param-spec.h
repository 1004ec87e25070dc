/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-spec.h: one parameter of a model. */
#pragma once

#include "catalog/manifest-reader.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtCondition: "name is one of values", or the opposite
 * @values: (element-type GVariant): "b", "d" or "s"
 */
typedef struct
{
  gchar *name;
  gboolean is_negated;
  GPtrArray *values;
} PmtCondition;

/**
 * PmtModelParam: @spec comes first: every PmtParamSpec of a model is one
 * @operations: bits 1 << PmtOperation
 * @conditions: (element-type PmtCondition): all must hold
 */
typedef struct
{
  PmtParamSpec spec;
  guint operations;
  GPtrArray *conditions;
} PmtModelParam;

void pmt_model_param_free (gpointer param);

/** pmt_model_param_read: Returns: (transfer full): or %NULL, reader failed. */
PmtModelParam *pmt_model_param_read (PmtManifestReader *reader,
                                     const cJSON *node);

/** pmt_param_is_for: @spec must be of a model. */
gboolean pmt_param_is_for (const PmtParamSpec *spec, PmtOperation operation);

/** pmt_param_values_equal: whole and other numbers compare by value. */
gboolean pmt_param_values_equal (GVariant *a, GVariant *b);

/** pmt_param_describe_condition: for a message: "“scope” is “layer”". */
gchar *pmt_param_describe_condition (const PmtParamSpec *spec);

/**
 * pmt_param_convert:
 *
 * Returns: (transfer full) (nullable): @value in the type of @spec; %NULL
 *   when that loses something.
 */
GVariant *pmt_param_convert (const PmtParamSpec *spec, GVariant *value);

/**
 * pmt_param_spec_check:
 * @model_id: for messages
 * @problems: (element-type PmtProblem): what is wrong is added
 *
 * Returns: (transfer full) (nullable): @value in the type of @spec; %NULL
 *   when something is wrong.
 */
GVariant *pmt_param_spec_check (const PmtParamSpec *spec,
                                const gchar *model_id,
                                GVariant *value,
                                GPtrArray *problems);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtModelParam, pmt_model_param_free)

G_END_DECLS

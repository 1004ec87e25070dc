/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* argument-texts.h: what GIMP says about an argument. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/** pmt_argument_label: Returns: (transfer full): with the unit behind it. */
gchar *pmt_argument_label (const PmtParamSpec *spec);

/**
 * pmt_argument_help:
 *
 * Returns: (transfer full): what it does, what is allowed, and, unless every
 *   model of @operation takes it, which ones do; the template of checkpoints
 *   counts as one model, "checkpoints".
 */
gchar *pmt_argument_help (const PmtParamSpec *spec,
                          PmtEngine *engine,
                          PmtOperation operation);

/**
 * pmt_argument_find:
 *
 * Returns: (transfer none) (nullable): the parameter of that name as @model
 *   has it; its type, range and default may be others.
 */
const PmtParamSpec *pmt_argument_find (const PmtParamSpec *spec,
                                       const PmtModel *model,
                                       PmtOperation operation);

/** pmt_argument_is_taken: whether @model has a parameter of that name. */
gboolean pmt_argument_is_taken (const PmtParamSpec *spec,
                                const PmtModel *model,
                                PmtOperation operation);

G_END_DECLS

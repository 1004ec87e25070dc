/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-argument.h: the argument "preset" of operations with a prompt. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_preset_argument_add:
 * @specs: (element-type PmtParamSpec): gets "preset", which no model has, below
 *   its prompts, if it has any
 */
void pmt_preset_argument_add (GPtrArray *specs, PmtOperation operation);

/** pmt_preset_argument_has: whether @spec is it. */
gboolean pmt_preset_argument_has (const PmtParamSpec *spec);

/** pmt_preset_argument_read: into @request, where it may choose the model. */
void pmt_preset_argument_read (GimpProcedureConfig *config,
                               GPtrArray *specs,
                               PmtRequest *request);

/**
 * pmt_preset_argument_make_room:
 * @request: complete; where it has a preset, values that are @model's default
 *   are taken away, since nobody asked for them
 */
void pmt_preset_argument_make_room (PmtRequest *request, const PmtModel *model);

G_END_DECLS

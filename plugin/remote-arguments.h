/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-arguments.h: arguments of operations that services can do. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_remote_arguments_add:
 * @specs: (element-type PmtParamSpec): gets "provider" and "max-cost", which
 *   are the plug-in's own, where a model of @operation runs at a service
 */
void pmt_remote_arguments_add (GPtrArray *specs,
                               PmtEngine *engine,
                               PmtOperation operation);

/** pmt_remote_arguments_has: whether @spec is one of the two. */
gboolean pmt_remote_arguments_has (const PmtParamSpec *spec);

/** pmt_remote_arguments_has_name: whether one of the two is called @name. */
gboolean pmt_remote_arguments_has_name (const gchar *name);

/**
 * pmt_remote_arguments_read:
 * @specs: what was declared
 * @request: gets service and limit
 */
void pmt_remote_arguments_read (GimpProcedureConfig *config,
                                GPtrArray *specs,
                                PmtRequest *request);

G_END_DECLS

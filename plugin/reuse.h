/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* reuse.h: the dialog of an operation, with the settings of a recipe. */
#pragma once

#include "operation-call.h"

G_BEGIN_DECLS

/**
 * pmt_reuse_check_model:
 * @request: of a recipe
 * @error: PMT_ERROR_MODEL: its model is not there any more
 */
gboolean pmt_reuse_check_model (PmtEngine *engine,
                                const PmtRequest *request,
                                GError **error);

/**
 * pmt_reuse_work:
 * @call: prepared, with data of @request's operation
 * @request: of a recipe
 *
 * As pmt_operation_work(), interactively, with the settings of @request.
 */
GPtrArray *pmt_reuse_work (GimpPlugIn *plug_in,
                           PmtCall *call,
                           const PmtRequest *request,
                           GError **error);

G_END_DECLS

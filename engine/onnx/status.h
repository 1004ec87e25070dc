/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* status.h: what ONNX Runtime says as a GError. */
#pragma once

#include <gio/gio.h>

#include "onnx/onnxruntime.h"

G_BEGIN_DECLS

/**
 * pmt_status_check:
 * @api: the library's functions
 * @status: (transfer full) (nullable): what a function returned
 * @name: the network, as it stands in the message
 * @error: PMT_ERROR_MEMORY for a failed allocation, G_IO_ERROR_CANCELLED for
 *   a run that was terminated, PMT_ERROR_UNSUPPORTED for an operator that the
 *   library lacks, else PMT_ERROR_MODEL
 *
 * The only place where a status becomes an error.  The library's whole text
 * goes to g_debug(); the message has its first line, cut where it is long.
 *
 * Returns: %TRUE when @status is %NULL: all is well.
 */
gboolean pmt_status_check (const OrtApi *api,
                           OrtStatus *status,
                           const gchar *name,
                           GError **error);

/**
 * pmt_status_set_error:
 * @code: as the library's status has it
 * @text: the library's message
 *
 * As pmt_status_check(), from the parts of a status.
 */
void pmt_status_set_error (OrtErrorCode code,
                           const gchar *text,
                           const gchar *name,
                           GError **error);

G_END_DECLS

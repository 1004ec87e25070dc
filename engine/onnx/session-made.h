/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-made.h: constants that are made anew in each run. */
#pragma once

#include "onnx/session-private.h"

G_BEGIN_DECLS

/**
 * pmt_made_new:
 * @session: its initializers are set
 * @error: as pmt_session_open()
 *
 * The operator PMT_MADE_TYPE for a session of ONNX Runtime.
 *
 * Returns: (transfer full): stays until that session is gone.
 */
PmtMade *pmt_made_new (PmtSession *session, GError **error);

/** pmt_made_give: to a session that will be made with @options. */
gboolean
pmt_made_give (PmtMade *made, OrtSessionOptions *options, GError **error);

void pmt_made_free (PmtMade *made);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtMade, pmt_made_free)

G_END_DECLS

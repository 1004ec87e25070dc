/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-backend.h: generate, reimagine, fill, expand and edit with the
 * user's checkpoints, as a backend. */
#pragma once

#include "core/backend.h"

G_BEGIN_DECLS

/**
 * pmt_diffusion_backend_new:
 * @options: where the user's checkpoints are
 *
 * Returns: (transfer full): the backend "diffusion".
 */
PmtBackend *pmt_diffusion_backend_new (const PmtEngineOptions *options);

/**
 * pmt_diffusion_backend_explain:
 * @path: of a checkpoint of another program
 * @error: why it is no model
 *
 * Such files are not for us to judge, so they are no problems of the engine; to
 * open hundreds of them once more takes seconds.
 * Thread: any.
 *
 * Returns: %FALSE, with @error set, when it was refused when models were last
 *   looked for; %TRUE when it was not, or was not there.
 */
gboolean pmt_diffusion_backend_explain (PmtBackend *backend,
                                        const gchar *path,
                                        GError **error);

G_END_DECLS

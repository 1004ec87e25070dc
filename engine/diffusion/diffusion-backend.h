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

G_END_DECLS

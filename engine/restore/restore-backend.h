/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-backend.h: the backend for enhance and upscale. */
#pragma once

#include "core/backend.h"
#include "face/face-store.h"

G_BEGIN_DECLS

/**
 * pmt_restore_backend_new:
 * @options: folders of networks; copied
 *
 * Returns: (transfer full): backend "restore".
 */
PmtBackend *pmt_restore_backend_new (const PmtEngineOptions *options);

/** pmt_restore_backend_get_faces: Returns: (transfer none): of a backend from
 * pmt_restore_backend_new(). */
PmtFaceStore *pmt_restore_backend_get_faces (PmtBackend *backend);

G_END_DECLS

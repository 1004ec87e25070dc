/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fill-backend.h: remove and expand with the prompt-free fill. */
#pragma once

#include "core/backend.h"

G_BEGIN_DECLS

/** pmt_fill_backend_new: Returns: (transfer full): backend "fill". */
PmtBackend *pmt_fill_backend_new (void);

G_END_DECLS

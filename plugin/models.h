/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models.h: Filters > Pentimento > Models. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

#define PMT_MODELS_PROCEDURE "plug-in-pentimento-models"

/**
 * pmt_models_create:
 *
 * The procedure shows the models, to download, add and remove them; without a
 * window it tells which there are.
 *
 * Returns: (transfer full)
 */
GimpProcedure *pmt_models_create (GimpPlugIn *plug_in);

G_END_DECLS

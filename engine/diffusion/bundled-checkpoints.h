/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* bundled-checkpoints.h: checkpoints that come with Pentimento. */
#pragma once

#include "catalog/model.h"

G_BEGIN_DECLS

/**
 * pmt_bundled_checkpoints_add:
 * @data_dir: with "catalog/diffusion.json", the template, and
 *   "models/NAME/bundle.json"; a folder without that file is none
 * @models: (element-type PmtModel): added to, in the order of the folders
 * @problems: (element-type PmtProblem): what can't be used is added
 *
 * A bundle is one model of several folders of Diffusers, each for some of the
 * operations:
 * { "id", "name", "family", "license", "sampler", "schedule", "cfg",
 *   "folders": { OPERATION: FOLDER, ... } }
 * where sampler, schedule and cfg, what is usual for it, may be missing.  The
 * folders lie beside bundle.json; they are opened when they are used.
 */
void pmt_bundled_checkpoints_add (const gchar *data_dir,
                                  GPtrArray *models,
                                  GPtrArray *problems);

G_END_DECLS

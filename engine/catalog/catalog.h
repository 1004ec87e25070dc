/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* catalog.h: folders of manifests. */
#pragma once

#include "catalog/manifest.h"

G_BEGIN_DECLS

/**
 * pmt_catalog_load:
 * @folder: its *.json files are read, but for schema.json; a folder that does
 *   not exist has none
 * @models: (element-type PmtModel): added to, in the order of file names
 * @problems: (element-type PmtProblem): added to; name = the file
 *
 * A manifest with the id of a model that is there already is a problem, and
 * the earlier one stays.
 */
void
pmt_catalog_load (const gchar *folder, GPtrArray *models, GPtrArray *problems);

/** pmt_catalog_read: (transfer full): one manifest; PMT_ERROR_MANIFEST. */
PmtModel *pmt_catalog_read (const gchar *path, GError **error);

/** pmt_catalog_find: Returns: (transfer none) (nullable). */
const PmtModel *pmt_catalog_find (GPtrArray *models, const gchar *id);

G_END_DECLS

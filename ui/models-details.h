/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-details.h: everything that is known of a model. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/** pmt_models_details_new: Returns: (transfer floating): empty. */
GtkWidget *pmt_models_details_new (void);

/**
 * pmt_models_details_show:
 * @item: (nullable)
 * @problem: (nullable): why something failed, or why it can't be run
 * @empty: shown where there is no @item
 */
void pmt_models_details_show (GtkWidget *details,
                              const PmtStoreItem *item,
                              const gchar *problem,
                              const gchar *empty);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* reference-row.h: the pictures that a model gets to see beside the prompt. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

/** PMT_REFERENCES: name of the argument, an array of drawables. */
#define PMT_REFERENCES "references"

/** pmt_reference_row_is_needed: whether @config has the argument. */
gboolean pmt_reference_row_is_needed (GimpProcedureConfig *config);

/**
 * pmt_reference_row_new:
 * @config: with the argument; edited in place
 * @label: (out) (transfer none): its label, to be aligned with others
 *
 * A list of pictures, to which layers of open images and files are added.  A
 * file is opened as an image without a window, which goes with the row: what
 * is in the argument must have been copied by then.
 */
GtkWidget *pmt_reference_row_new (GimpProcedureConfig *config,
                                  GtkWidget **label);

/**
 * pmt_reference_row_set_max:
 * @max: how many the model takes
 *
 * More can't be added; those that are there stay.
 */
void pmt_reference_row_set_max (GtkWidget *row, guint max);

/**
 * pmt_reference_row_list_labels:
 *
 * Returns: (transfer container) (element-type GtkWidget): labels and buttons
 *   that want a letter, the first ones most.
 */
GPtrArray *pmt_reference_row_list_labels (GtkWidget *row);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* message-rows.h: sentences at the bottom of a dialog. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

/**
 * pmt_message_rows_add:
 * @icon: (out) (transfer none): a GtkImage, empty
 * @text: (out) (transfer none): a GtkLabel, empty
 */
void
pmt_message_rows_add (GtkDialog *dialog, GtkWidget **icon, GtkWidget **text);

/**
 * pmt_message_rows_add_warnings:
 * @warnings: (element-type utf8) (nullable)
 *
 * One row each for the first few; how many more there are.
 */
void pmt_message_rows_add_warnings (GtkDialog *dialog, GPtrArray *warnings);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* dialog-letters.h: Alt and a letter for what a dialog shows at present. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * pmt_dialog_letters_list_taken:
 *
 * Returns: (transfer full): the letters, in lower case, that the buttons of an
 *   operation's dialog have in the language it speaks.
 */
gchar *pmt_dialog_letters_list_taken (void);

/**
 * pmt_dialog_letters_update:
 * @widgets: (element-type GtkWidget): labels and buttons, the first ones want
 *   a letter most
 *
 * Gives each that is visible a letter of its own, as far as letters allow it,
 * and takes the letters of the others away.
 */
void pmt_dialog_letters_update (GPtrArray *widgets);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* confirm.h: a question before something can't be brought back. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

/**
 * pmt_confirm:
 * @parent: the window that asks
 * @button: with mnemonic: what is done; Cancel is the default
 *
 * Returns: whether @button was pressed.
 */
gboolean pmt_confirm (GtkWindow *parent,
                      const gchar *title,
                      const gchar *question,
                      const gchar *button);

G_END_DECLS

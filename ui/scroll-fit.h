/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scroll-fit.h: a dialog no higher than the screen. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * pmt_scroll_fit:
 * @scrolled: around most of a dialog
 * @expander: (nullable): what makes the dialog higher or lower
 *
 * The window is as high as its content, and scrolls when the screen is not.
 */
void pmt_scroll_fit (GtkScrolledWindow *scrolled, GtkExpander *expander);

/** pmt_scroll_fit_update: the content has other rows now. */
void pmt_scroll_fit_update (GtkScrolledWindow *scrolled);

G_END_DECLS

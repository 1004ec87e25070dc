/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* auto-spin.h: a spin button one value of which reads as a word. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * pmt_auto_spin_attach:
 * @spin: a spin button whose range includes @value
 * @value: shown as @word
 * @word: translated, such as "Automatic" or "Random"; may be typed too
 */
void
pmt_auto_spin_attach (GtkSpinButton *spin, gdouble value, const gchar *word);

G_END_DECLS

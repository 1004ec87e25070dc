/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* message-bar.h: a sentence in a colored bar, until it is closed. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

#define PMT_TYPE_MESSAGE_BAR (pmt_message_bar_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtMessageBar, pmt_message_bar, PMT, MESSAGE_BAR, GtkInfoBar)

/** pmt_message_bar_new: hidden until it tells something. */
GtkWidget *pmt_message_bar_new (void);

/** pmt_message_bar_tell: replaces what it told before. */
void pmt_message_bar_tell (PmtMessageBar *bar,
                           GtkMessageType type,
                           const gchar *text);

/** pmt_message_bar_tell_error: nothing where @error is that of a cancelled run,
 * which the user knows of. */
void pmt_message_bar_tell_error (PmtMessageBar *bar, const GError *error);

G_END_DECLS

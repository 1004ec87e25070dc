/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-view.h: a text field of several lines for prompts. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PMT_TYPE_PROMPT_VIEW (pmt_prompt_view_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtPromptView, pmt_prompt_view, PMT, PROMPT_VIEW, GtkTextView)

/**
 * pmt_prompt_view_new:
 * @buffer: the text; a reference is taken
 * @placeholder: shown while there is no text
 *
 * Tab leaves the field.  Ctrl+Up and Ctrl+Down change the weight of the words
 * that are selected, or around the cursor, by 0.1.  Ctrl+Return is the default
 * button of the window.
 */
GtkWidget *pmt_prompt_view_new (GtkTextBuffer *buffer,
                                const gchar *placeholder);

G_END_DECLS

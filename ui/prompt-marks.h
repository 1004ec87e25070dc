/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-marks.h: colors and underlines of a prompt while it is typed. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtPromptErrorFunc:
 * @message: (nullable): why the prompt can't be read, a sentence
 */
typedef void (*PmtPromptErrorFunc) (const gchar *message, gpointer user_data);

/**
 * pmt_prompt_marks_attach:
 * @is_negative: it is a negative prompt
 * @func: called when what is typed can, or can't, be read any more
 *
 * Colors weights and parameters in @view and underlines what can't be read, a
 * moment after the text has changed; over such a place the tooltip is the
 * sentence that belongs to it.  Thread: main.
 */
void pmt_prompt_marks_attach (GtkTextView *view,
                              gboolean is_negative,
                              PmtPromptErrorFunc func,
                              gpointer user_data);

/**
 * pmt_prompt_marks_set_model:
 * @model: (nullable): what the prompt is for; outlives @view
 * @request: its settings; copied
 *
 * For a view with pmt_prompt_marks_attach().
 */
void pmt_prompt_marks_set_model (GtkTextView *view,
                                 const PmtModel *model,
                                 const PmtRequest *request);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* mnemonics.h: a letter of its own for every label of a dialog. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * pmt_mnemonics_add:
 * @labels: (element-type utf8): replaced by labels with an underscore before
 *   the letter; UTF-8
 * @taken: letters, in lower case, that the dialog has elsewhere
 *
 * Every label gets a letter that no other has and that is not taken, as far
 * as letters allow it (a maximum matching, by augmenting paths; early letters
 * are preferred).
 * Labels without a free ASCII letter stay as they are.
 */
void pmt_mnemonics_add (GPtrArray *labels, const gchar *taken);

G_END_DECLS

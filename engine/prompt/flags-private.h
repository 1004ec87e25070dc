/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flags-private.h: parts of flags.h. */
#pragma once

#include "prompt/flags.h"

G_BEGIN_DECLS

/** pmt_flag_find: by name or alias, in any case; -1: unknown. (flags-table.c)
 * @length: bytes of @name */
gint pmt_flag_find (const gchar *name, gsize length);

/** pmt_flag_why_not: (nullable): why a flag that is known elsewhere can't be
 * used, a clause without a full stop, translated. (flags-table.c) */
const gchar *pmt_flag_why_not (const gchar *name, gsize length);

/** pmt_flag_name_at: the name of the flag that starts at @p, or %NULL when none
 * does. (flags.c) */
const gchar *pmt_flag_name_at (const gchar *p);

/** pmt_flag_next: the first flag from @p on, which stands at the start of @text
 * or behind white space; or the end of @text. (flags.c) */
const gchar *pmt_flag_next (const gchar *text, const gchar *p);

/**
 * pmt_flag_read_value: (flags-value.c)
 * @text: what was typed behind the flag, without white space at its ends
 * @typed: the flag as typed, for messages
 * @reason: (out) (transfer full): a clause without a full stop, translated
 *
 * Returns: (transfer full) (nullable): the value, checked and as it is best
 *   written; %NULL with @reason.
 */
gchar *pmt_flag_read_value (PmtFlagId id,
                            const gchar *text,
                            const gchar *typed,
                            gchar **reason);

/** pmt_flags_check: whether the flags go together; @text is what they were
 * typed in. (flags-check.c) */
gboolean
pmt_flags_check (const PmtFlagged *flagged, const gchar *text, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-text.h: what a history shows of an entry, as text. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_history_text_index:
 * @model: name of the entry's model
 *
 * Returns: (transfer full): what a search looks in.
 */
gchar *pmt_history_text_index (const PmtHistoryEntry *entry,
                               const gchar *model);

/**
 * pmt_history_text_split:
 *
 * Returns: (transfer full): the words of @search, for
 *   pmt_history_text_matches().
 */
gchar **pmt_history_text_split (const gchar *search);

/** pmt_history_text_matches: whether every one of @words stands in @index. */
gboolean pmt_history_text_matches (const gchar *index,
                                   const gchar *const *words);

/** pmt_history_text_date: Returns: (transfer full): in local time. */
gchar *pmt_history_text_date (const PmtHistoryEntry *entry);

/** pmt_history_text_cost: Returns: (transfer full): "" where none is told. */
gchar *pmt_history_text_cost (const PmtHistoryEntry *entry);

/** pmt_history_text_line: Returns: (transfer full): @text without line breaks,
 * and no longer than a list can show. */
gchar *pmt_history_text_line (const gchar *text);

/**
 * pmt_history_text_value:
 * @spec: (nullable): of the model, if it is there
 *
 * Returns: (transfer full): @value for people.
 */
gchar *pmt_history_text_value (const PmtParamSpec *spec, GVariant *value);

/**
 * pmt_history_text_problems:
 * @problems: (element-type utf8): sentences
 *
 * Returns: (transfer full) (nullable): the first of them, and how many more
 *   there are.
 */
gchar *pmt_history_text_problems (GPtrArray *problems);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history.h: what was run, kept in the folder history/ of the user's. */
#pragma once

#include "core/json.h"
#include "pentimento.h"

G_BEGIN_DECLS

/* Entries that are kept at most, whatever their size. */
#define PMT_HISTORY_MAX_ENTRIES 2000

/* Bytes that are kept where config.json says nothing. */
#define PMT_HISTORY_DEFAULT_BYTES ((guint64)500 * 1000 * 1000)

/* A result may take one part in so many of all that is kept. */
#define PMT_HISTORY_RESULT_PART 4

/* Longest side of a thumbnail. */
#define PMT_HISTORY_THUMBNAIL 192

/** pmt_history_new_id: (transfer full): sorts by time. */
gchar *pmt_history_new_id (void);

/** pmt_history_is_id: whether @text is one, and no path to elsewhere. */
gboolean pmt_history_is_id (const gchar *text);

/** pmt_history_folder: Returns: (transfer full) */
gchar *pmt_history_folder (const gchar *user_dir);

/**
 * pmt_history_print: (history-entry.c)
 *
 * Values of the settings that are pictures, as data URIs, are left out.
 *
 * Returns: (transfer full): the text of the entry for @result.
 */
gchar *pmt_history_print (const PmtResult *result, guint n_candidates);

/**
 * pmt_history_clean_recipe: (history-entry.c)
 *
 * Returns: (transfer full): @recipe without values that are pictures.
 */
gchar *pmt_history_clean_recipe (const gchar *recipe);

/**
 * pmt_history_parse: (history-entry.c)
 * @label: for messages
 * @text: may be hostile
 * @error: PMT_ERROR_FILE
 *
 * Returns: (transfer full): without thumbnail.
 */
PmtHistoryEntry *pmt_history_parse (const gchar *label,
                                    const gchar *id,
                                    const gchar *text,
                                    gsize length,
                                    GError **error);

/**
 * pmt_history_write: (history-store.c)
 * @max_bytes: of all entries: the pixels of the oldest ones go first, then the
 *   oldest ones
 * @from: of the image that @result was made in
 * @error: PMT_ERROR_FILE: nothing is left of the entry, or only its pixels are
 *   missing
 *
 * One entry for @result, which has an item at least.  Each file is written
 * aside and renamed.  Any thread, any process.
 */
gboolean pmt_history_write (const gchar *user_dir,
                            guint64 max_bytes,
                            const PmtResult *result,
                            const GeglRectangle *from,
                            guint n_candidates,
                            GError **error);

/** pmt_history_remove: (history-store.c) the files of an entry. */
gboolean pmt_history_remove (const gchar *folder, const gchar *id);

/** pmt_history_measure: (history-store.c) bytes of an entry's files. */
guint64 pmt_history_measure (const gchar *folder, const gchar *id);

/** pmt_history_list_ids: (history-store.c) (transfer full) (element-type utf8):
 * the newest first; also of an entry that lost one of its files. */
GPtrArray *pmt_history_list_ids (const gchar *folder);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* file-id.h: names of the user's files, for people and as ids of models. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** pmt_file_id_clean: replaces control characters of @text by "?". */
void pmt_file_id_clean (gchar *text);

/** pmt_file_id_show: Returns: (transfer full): the last part of @path, as UTF-8
 * for people: no control characters, cut where it is very long. */
gchar *pmt_file_id_show (const gchar *path);

/**
 * pmt_file_id_slug:
 * @prefix: such as "upscaler-"
 * @path: a file with the suffix @suffix, or a folder
 *
 * Returns: (transfer full): @prefix and the name in small letters, digits,
 *   dots, underscores and dashes; not unique by itself.
 */
gchar *
pmt_file_id_slug (const gchar *prefix, const gchar *path, const gchar *suffix);

/** pmt_file_id_quote: Returns: (transfer full): @text as a JSON text. */
gchar *pmt_file_id_quote (const gchar *text);

G_END_DECLS

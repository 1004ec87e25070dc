/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* library-log.h: what the libraries that read and write files complain of. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * library_log_init:
 *
 * Takes over GLib's log and the end of the process.  File loaders write to
 * standard error on their own, and libjpeg even calls exit(), while the
 * contract of the command is one sentence.  G_MESSAGES_DEBUG shows all.
 */
void library_log_init (void);

/**
 * library_log_begin:
 * @last_words: (transfer none): printed should a library end the process
 *
 * Until library_log_end(), standard error is silent and warnings are counted.
 * One thread at a time.
 */
void library_log_begin (const gchar *last_words);

/** library_log_end: Returns: how many warnings there were of damage. */
guint library_log_end (void);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* output.h: result files that appear complete, or not at all. */
#pragma once

#include <gegl.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Output:
 *
 * Candidates are written into a hidden folder beside the wanted file, and
 * moved to their places when all of them are there.
 */
typedef struct Output Output;

/**
 * output_new:
 * @path: of the first candidate; others get "-2", "-3", ... before the ending
 * @error: PMT_ERROR_FILE when it can't be written there
 */
Output *output_new (const gchar *path, GError **error);

/** output_free: removes what was not committed. */
void output_free (Output *output);

/** output_add: writes the next candidate.  Errors: PMT_ERROR_FILE. */
gboolean output_add (Output *output, GeglBuffer *picture, GError **error);

/**
 * output_commit:
 * @error: PMT_ERROR_FILE
 *
 * Returns: (transfer full): the files that there are now.
 */
gchar **output_commit (Output *output, GError **error);

/**
 * output_discard:
 *
 * Removes the folder and what is in it.  Also while another thread writes
 * into it, which then fails: for a process that is about to end.
 */
void output_discard (Output *output);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Output, output_free)

G_END_DECLS

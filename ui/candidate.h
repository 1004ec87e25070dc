/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* candidate.h: a picture that a run made, before it is in the image. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtCandidate:
 * @result: owned; one item
 * @batch: owned: a reference on what the candidates of a run share; made with
 *   g_rc_box_new(), let go with @unref_batch
 * @before: (nullable): owned: the pixels that the run read, canvas coordinates
 * @number: from 1, of all in a window
 * @is_paid: a service may have charged for it
 * @is_inserted: it is, or was, a layer of the image
 */
typedef struct
{
  PmtResult *result;
  gpointer batch;
  GDestroyNotify unref_batch;
  GeglBuffer *before;
  guint number;
  gboolean is_paid;
  gboolean is_inserted;
} PmtCandidate;

void pmt_candidate_free (gpointer candidate);

/** pmt_candidate_describe: Returns: (transfer full): such as "Candidate 2, seed
 * 1234"; what screen readers say. */
gchar *pmt_candidate_describe (const PmtCandidate *candidate);

/**
 * pmt_candidate_render:
 * @is_before: the picture as it was read, at the same place
 * @size: longest side, pixels of the screen
 *
 * Takes the time that it takes to scale the candidate down.
 * Thread: main.
 *
 * Returns: (transfer full): without alpha; what is transparent shows checks.
 */
GdkPixbuf *pmt_candidate_render (const PmtCandidate *candidate,
                                 gboolean is_before,
                                 gint size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtCandidate, pmt_candidate_free)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-task.h: from pieces of a picture to what is sent. */
#pragma once

#include "image/pixels.h"
#include "remote/remote-run.h"

G_BEGIN_DECLS

/**
 * PmtRemoteInput: a piece as it is sent; shared by its candidates
 * @is_in_place: what comes back goes in place of pixels of the source
 * @is_opaque: all of these pixels are
 * @original: (nullable): these, where they had to be read
 * @match: (nullable): how the colors of what comes back are matched
 * @layer_mask: (nullable): of the layers; both are made while the service works
 */
typedef struct
{
  const PmtRemotePiece *piece;
  gboolean is_in_place;
  gboolean is_opaque;
  PmtPixels *original;
  PmtMatchPlan *match;
  GeglBuffer *layer_mask;
  GBytes *image;
  PmtPictureHead image_head;
  GBytes *mask;
  GPtrArray *references;
} PmtRemoteInput;

void pmt_remote_input_free (gpointer input);

/**
 * pmt_remote_input_new:
 * @references: (element-type GBytes): encoded, of the request
 * @error: PMT_ERROR_MEMORY, PMT_ERROR_UNSUPPORTED, PMT_ERROR_FILE
 */
PmtRemoteInput *pmt_remote_input_new (const PmtRemoteRun *run,
                                      const PmtRemotePiece *piece,
                                      GPtrArray *references,
                                      GError **error);

/**
 * pmt_remote_input_prepare:
 *
 * Makes what all candidates need when they come; the thread of the run has
 * time for it while the service works.  What can't be made is not there.
 */
void pmt_remote_input_prepare (PmtRemoteInput *input, const PmtRemoteRun *run);

/** pmt_remote_has_match: whether colors are matched. */
gboolean pmt_remote_has_match (const PmtRemoteRun *run,
                               const PmtRemoteInput *input);

/**
 * pmt_remote_match_plan:
 * @input: one that has colors to match
 * @error: PMT_ERROR_MEMORY
 *
 * Returns: (transfer full): the plan where @input has none.
 */
PmtMatchPlan *pmt_remote_match_plan (const PmtRemoteRun *run,
                                     const PmtRemoteInput *input,
                                     GError **error);

/** pmt_remote_references_new: the request's further pictures, encoded. */
GPtrArray *pmt_remote_references_new (const PmtRemoteRun *run, GError **error);

/** pmt_remote_task_init: @task borrows from @run, @input and @call. */
void pmt_remote_task_init (PmtRemoteTask *task,
                           const PmtRemoteRun *run,
                           const PmtRemoteInput *input,
                           const PmtRunCall *call);

G_END_DECLS

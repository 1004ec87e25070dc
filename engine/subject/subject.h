/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* subject.h: what a picture is about, as a mask. */
#pragma once

#include "core/progress.h"
#include "subject/subject-net.h"

G_BEGIN_DECLS

/**
 * pmt_subject_find:
 * @picture: any format but indexed and CMYK
 * @rect: of @picture: what the mask is of
 * @error: as pmt_subject_net_run(), PMT_ERROR_UNSUPPORTED
 *
 * Returns: (transfer full) (nullable): "Y float" on @rect; all 0 where @net
 *   sees no subject.
 */
GeglBuffer *pmt_subject_find (PmtSubjectNet *net,
                              GeglBuffer *picture,
                              const GeglRectangle *rect,
                              GCancellable *cancellable,
                              GError **error);

/**
 * pmt_subject_cut:
 * @selection: (nullable): around the subject; %NULL: transparent pixels are
 *   what is around it
 * @error: as pmt_graph_cut()
 *
 * As pmt_subject_find(), without a network.
 */
GeglBuffer *pmt_subject_cut (GeglBuffer *picture,
                             const GeglRectangle *rect,
                             GeglBuffer *selection,
                             GCancellable *cancellable,
                             GError **error);

/** pmt_subject_is_empty: whether @mask is 0 everywhere. */
gboolean pmt_subject_is_empty (GeglBuffer *mask);

/** pmt_subject_invert: @mask: (inout): "Y float" */
void pmt_subject_invert (GeglBuffer *mask);

G_END_DECLS

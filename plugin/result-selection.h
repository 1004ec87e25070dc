/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result-selection.h: a mask as the image's selection. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_result_selection_set:
 * @result: its first item's mask becomes the selection; one without items
 *   leaves the selection as it is
 * @error: PMT_ERROR_INPUT when GIMP refuses
 *
 * One undo step.  Thread: main.
 */
gboolean pmt_result_selection_set (GimpImage *image,
                                   const PmtResult *result,
                                   GError **error);

G_END_DECLS

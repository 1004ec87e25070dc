/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* source-find.h: the layer that a result was made from. */
#pragma once

#include "source-record.h"

G_BEGIN_DECLS

/**
 * pmt_source_find:
 * @result: the layer with the recipe; it is not taken for its own source
 * @error: PMT_ERROR_INPUT: it is gone, with its name
 *
 * The layer that has the tattoo of @record, or else its name and size.  Its
 * pixels may have changed, and its place.
 *
 * Returns: (transfer none)
 */
GimpLayer *pmt_source_find (GimpImage *image,
                            GimpLayer *result,
                            const PmtSourceRecord *record,
                            GError **error);

/**
 * pmt_source_find_unchanged:
 * @error: PMT_ERROR_INPUT: it is gone, or has changed
 *
 * Among the layers that can be meant, and all others of that size, the one
 * that has the pixels which were read; where it lies now does not matter.
 *
 * Returns: (transfer none)
 */
GimpLayer *pmt_source_find_unchanged (GimpImage *image,
                                      GimpLayer *result,
                                      const PmtSourceRecord *record,
                                      GError **error);

G_END_DECLS

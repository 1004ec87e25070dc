/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* layer-reader.h: a layer's pixels as they look: filters, mask. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtLayerReader: reads from one layer, often.
 *
 * Visible filters (non-destructive effects) are rendered on a copy, when they
 * are first needed; it stays until the reader is freed.
 * Thread: main.
 */
typedef struct _PmtLayerReader PmtLayerReader;

/** pmt_layer_reader_new: @layer is not owned; it may go away meanwhile. */
PmtLayerReader *pmt_layer_reader_new (GimpLayer *layer);
void pmt_layer_reader_free (PmtLayerReader *reader);

/**
 * pmt_layer_reader_read:
 * @region: part of the layer to copy, canvas coordinates
 * @error: PMT_ERROR_INPUT when the layer can't be read
 *
 * A copy of the pixels in the layer's own format, hidden colours included.
 * An applied layer mask is multiplied into the alpha (an alpha channel is
 * added where needed), so that what it hides is not copied from.
 *
 * Returns: (transfer full): a plain memory buffer, extent @region.
 */
GeglBuffer *pmt_layer_reader_read (PmtLayerReader *reader,
                                   const GeglRectangle *region,
                                   GError **error);

/**
 * pmt_layer_reader_read_shifted:
 * @region: where @dx, @dy were added to it, it is what is read
 *
 * As pmt_layer_reader_read(), for requests in other coordinates.
 *
 * Returns: (transfer full): extent @region.
 */
GeglBuffer *pmt_layer_reader_read_shifted (PmtLayerReader *reader,
                                           const GeglRectangle *region,
                                           gint dx,
                                           gint dy,
                                           GError **error);

/**
 * pmt_layer_reader_thumbnail:
 *
 * Returns: (transfer full) (nullable): the layer, at most @width x @height.
 */
GdkPixbuf *
pmt_layer_reader_thumbnail (PmtLayerReader *reader, gint width, gint height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtLayerReader, pmt_layer_reader_free)

G_END_DECLS

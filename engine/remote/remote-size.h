/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-size.h: pixels that are sent, and pixels that are asked for. */
#pragma once

#include "catalog/model.h"

G_BEGIN_DECLS

/**
 * pmt_remote_send_size:
 * @width, @height: of a crop
 * @error: PMT_ERROR_INPUT: it can't be brought into the service's limits
 *
 * By "send" of the manifest.
 */
gboolean pmt_remote_send_size (const PmtModelService *service,
                               gint width,
                               gint height,
                               gint *send_width,
                               gint *send_height,
                               GError **error);

/**
 * pmt_remote_want_size:
 * @target: where the result goes
 * @send_width, @send_height: of what is sent; 0: nothing is
 * @want_width, @want_height: (out): 0: the service decides
 * @error: PMT_ERROR_ARGUMENT: not a size or an aspect, or beyond the limits
 *
 * By "size" of the manifest: what "width" and "height", or "aspect" and
 * "resolution" ask for, where these are not parameters of the service's own;
 * otherwise the shape of @target, or the size that is sent.
 */
gboolean pmt_remote_want_size (const PmtModel *model,
                               const PmtModelService *service,
                               const PmtRequest *request,
                               const GeglRectangle *target,
                               gint send_width,
                               gint send_height,
                               gint *want_width,
                               gint *want_height,
                               GError **error);

/**
 * pmt_remote_preset_size:
 * @name: such as "square_hd" or "landscape_16_9"
 *
 * Sizes that fal.ai and the jobs API name (in pixels, as documented for
 * image_size).  Returns: %FALSE for another name.
 */
gboolean pmt_remote_preset_size (const gchar *name, gint *width, gint *height);

G_END_DECLS

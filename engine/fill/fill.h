/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fill.h: fills a hole from the picture itself, without a prompt. */
#pragma once

#include "core/progress.h"
#include "image/pixels.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtFillOptions:
 * @patch_size: odd, 3-15 pixels at every scale
 * @iterations: of PatchMatch and voting per scale
 * @proxy_pixels: the field is searched on a proxy of at most this many pixels
 * @seed: of the random search
 * @threads: at least 1; the result does not depend on it
 * @seam_reach: how far the correction of a seam reaches, in pixels; 0 =
 *   automatic, which suits holes that are closed on all sides
 */
typedef struct
{
  gint patch_size;
  gint iterations;
  gsize proxy_pixels;
  guint32 seed;
  gint threads;
  gfloat seam_reach;
} PmtFillOptions;

#define PMT_FILL_OPTIONS_INIT { 7, 10, 1048576, 0, 1, 0.0f }

/**
 * pmt_fill_run:
 * @pixels: (inout): read outside the hole, written inside it
 * @hole: [H, W] bytes, not 0 = to be filled
 * @usable: (nullable): [H, W] bytes, 0 = may not be copied from (beside
 *   @pixels->opaque and @hole, which are always respected)
 * @options: (nullable)
 * @progress: (nullable): gets previews
 * @cancellable: (nullable): polled at least every 0.2 s
 * @error: PMT_ERROR_INPUT when there is nothing to copy from,
 *   PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * Multi-scale PatchMatch with coherent voting, the offset field carried to
 * full resolution and refined there, then seam removal in linear light.
 * Pixels outside the hole keep their bits.  Filled pixels become opaque.
 * Same seed, same pixels.  Thread: any; reentrant.
 * Source: Wexler et al. 2007; Barnes et al. 2009; Newson et al. 2014, 2017.
 */
gboolean pmt_fill_run (PmtPixels *pixels,
                       const guint8 *hole,
                       const guint8 *usable,
                       const PmtFillOptions *options,
                       PmtProgress *progress,
                       GCancellable *cancellable,
                       GError **error);

/** pmt_fill_memory: bytes that pmt_fill_run() needs beside its arguments. */
guint64
pmt_fill_memory (gint width, gint height, const PmtFillOptions *options);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net.h: a picture-to-picture network: what it takes and what it gives. */
#pragma once

#include "onnx/session.h"
#include "core/progress.h"

G_BEGIN_DECLS

/**
 * PmtNetInfo: what probing found out.
 * @scale: 1, 2, 3, 4, ...: sides of the output over sides of the input
 * @channels: 1 (gray) or 3 (R'G'B')
 * @is_nhwc: channels last
 * @range: value of white: 1 or 255
 * @type: of the picture's elements
 * @fixed_width, @fixed_height: of the input; 0: any
 * @multiple: sides of the input must be multiples of this
 * @overlap: input pixels beyond a tile that its result depends on
 * @n_settings: values of the network's second input; 0: it has none
 */
typedef struct
{
  gint scale;
  gint channels;
  gboolean is_nhwc;
  gint range;
  PmtTensorType type;
  gint fixed_width;
  gint fixed_height;
  gint multiple;
  gint overlap;
  gint n_settings;
} PmtNetInfo;

/** PmtNet: a network with what is known of it.  Thread: any; reentrant. */
typedef struct _PmtNet PmtNet;

/**
 * pmt_net_open:
 * @path: an .onnx file: shipped (with its facts in "pentimento.*" metadata)
 *   or the user's own, which is probed
 * @error: as pmt_session_open(); PMT_ERROR_MODEL with the reason when it is
 *   no picture-to-picture network (channels, rank, scale, ...)
 */
PmtNet *pmt_net_open (const gchar *path,
                      const PmtSessionOptions *options,
                      GError **error);
PmtNet *pmt_net_ref (PmtNet *net);
void pmt_net_unref (PmtNet *net);
const PmtNetInfo *pmt_net_get_info (PmtNet *net);
PmtSession *pmt_net_get_session (PmtNet *net);

/**
 * PmtNetRun: how a network is applied.
 * @settings: (nullable): [n_settings] values of its second input
 * @strength: 0..1: how much of the change is applied; 0: none, bit for bit.
 *   Only for scale 1
 * @memory: bytes that the run may use beyond @source and @target; 0: 512 MB
 * @tile: longest side of a tile, for tests; 0: from @memory
 */
typedef struct
{
  const gfloat *settings;
  gdouble strength;
  guint64 memory;
  gint tile;
} PmtNetRun;

#define PMT_NET_RUN_INIT { NULL, 1.0, 0, 0 }

/**
 * pmt_net_run:
 * @source: any format but indexed; read around @rect too, mirrored at its
 *   extent's borders
 * @rect: part of @source to work on
 * @target: written: @rect times scale, with its origin at @rect's origin times
 *   scale; its format decides what is kept (16 bits, float, gray)
 * @error: PMT_ERROR_MODEL, PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * Works in tiles; the result does not depend on them (1e-4).  At scale 1 the
 * network's change is added to the source's own values, so that values
 * outside 0..1 and fine steps survive; alpha is copied.  At other scales
 * alpha is resampled.  Below transparent pixels colours are extended.  Gray
 * sources give equal components.  When memory runs out, smaller tiles are
 * tried once.
 */
gboolean pmt_net_run (PmtNet *net,
                      const PmtNetRun *run,
                      GeglBuffer *source,
                      const GeglRectangle *rect,
                      GeglBuffer *target,
                      PmtProgress *progress,
                      GCancellable *cancellable,
                      GError **error);

/** pmt_net_memory: bytes that a run on @rect uses beyond source and target. */
guint64 pmt_net_memory (PmtNet *net,
                        const PmtNetRun *run,
                        const GeglRectangle *rect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtNet, pmt_net_unref)

G_END_DECLS

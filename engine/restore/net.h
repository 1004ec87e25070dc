/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net.h: a picture-to-picture network: what it takes and what it gives. */
#pragma once

#include "onnx/session.h"
#include "core/progress.h"

G_BEGIN_DECLS

/** Most values that a network's second input may have. */
#define PMT_NET_MAX_SETTINGS 16

/** Largest scale of a network. */
#define PMT_NET_MAX_SCALE 16

/**
 * PmtNetInfo: what is known of a network
 * @scale: 1, 2, 3, 4, ...: sides of the output over sides of the input
 * @channels: 1 (gray) or 3 (R'G'B')
 * @is_nhwc, @is_result_nhwc: channels last
 * @range: value of white: 1 or 255
 * @type, @result_type: of the picture's elements
 * @fixed_width, @fixed_height: of the input; 0: any
 * @multiple: sides of the input must be multiples of this
 * @overlap: input pixels beyond a tile that its result depends on
 * @blend: pixels over which tiles fade into each other, since @overlap was
 *   only estimated; 0: it is exact
 * @n_settings: values of the network's second input; 0: it has none
 * @is_identity_at_zero: with all settings 0 the result is the input
 * @bytes_per_pixel: memory that a run takes per pixel of the input, about
 * @seconds_per_pixel: of the input, on this machine with the threads that it
 *   was probed with, about; 0: unknown
 */
typedef struct
{
  gint scale;
  gint channels;
  gboolean is_nhwc;
  gboolean is_result_nhwc;
  gint range;
  PmtTensorType type;
  PmtTensorType result_type;
  gint fixed_width;
  gint fixed_height;
  gint multiple;
  gint overlap;
  gint blend;
  gint n_settings;
  gboolean is_identity_at_zero;
  gint bytes_per_pixel;
  gdouble seconds_per_pixel;
} PmtNetInfo;

/** PmtNet: a network with what is known of it.  Thread: any; reentrant. */
typedef struct _PmtNet PmtNet;

/**
 * pmt_net_open:
 * @path: an .onnx file: shipped (@options->is_trusted, with its facts in
 *   "pentimento.*" metadata) or the user's own, which is probed
 * @error: as pmt_session_open(); PMT_ERROR_MODEL with the reason when it is
 *   no picture-to-picture network (channels, rank, scale, ...)
 */
PmtNet *pmt_net_open (const gchar *path,
                      const PmtSessionOptions *options,
                      GError **error);

/**
 * pmt_net_open_known:
 * @info: what an earlier probe of this very file found
 *
 * As pmt_net_open(), without probing; only what the file declares is held
 * against @info.
 */
PmtNet *pmt_net_open_known (const gchar *path,
                            const PmtSessionOptions *options,
                            const PmtNetInfo *info,
                            GError **error);

/**
 * pmt_net_new:
 * @name: for messages
 * @is_trusted: as in #PmtSessionOptions
 * @cancellable: (nullable): stops probing
 *
 * As pmt_net_open(), of an open session, which is referenced.
 */
PmtNet *pmt_net_new (PmtSession *session,
                     const gchar *name,
                     gboolean is_trusted,
                     GCancellable *cancellable,
                     GError **error);
PmtNet *pmt_net_ref (PmtNet *net);
void pmt_net_unref (PmtNet *net);
const PmtNetInfo *pmt_net_get_info (PmtNet *net);
PmtSession *pmt_net_get_session (PmtNet *net);

/**
 * PmtNetUse: what a run did, for benchmarks and estimates
 * @seconds: inside the network
 * @pixels: that the network saw, those of overlaps each time
 */
typedef struct
{
  gdouble seconds;
  gint64 pixels;
} PmtNetUse;

/**
 * PmtNetRun: how a network is applied
 * @settings: (nullable): [n_settings] values of its second input
 * @strength: 0..1: how much of the change is applied; at scale 1: to the
 *   source's own values, 0: none, bit for bit; at others: to a cubic
 *   enlargement
 * @memory: bytes that the run may use beyond source and target; 0: what is
 *   fastest, 48 to 176 MB
 * @tile: longest side of what a tile produces, in pixels of the source, for
 *   tests; 0: from @memory
 * @picture: bounds of the whole picture that the source is a part of, when
 *   the source has only what the run reads; empty: the source's extent
 * @offset_x, @offset_y: added to where the result goes in the target
 * @use: (nullable): the run's share is added
 */
typedef struct
{
  const gfloat *settings;
  gdouble strength;
  guint64 memory;
  gint tile;
  GeglRectangle picture;
  gint offset_x;
  gint offset_y;
  PmtNetUse *use;
} PmtNetRun;

#define PMT_NET_RUN_INIT { NULL, 1.0, 0, 0, { 0, 0, 0, 0 }, 0, 0, NULL }

/**
 * pmt_net_run:
 * @source: any format but indexed; read around @rect too (pmt_net_margin()),
 *   mirrored at the picture's borders
 * @rect: part of the picture to work on
 * @target: written inside its extent: @rect times scale, with its origin at
 *   @rect's origin times scale plus the offset; its format decides what is kept (16 bits, float, gray); curve and
 *   primaries as the source's
 * @error: PMT_ERROR_MODEL, PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * Works in tiles; the result does not depend on them (1e-4; with @info.blend,
 * nearly).  At scale 1 the network's change is added to the source's own
 * values, so that values outside 0..1 and fine steps survive, NaN stays, and
 * alpha is copied.  At other scales alpha and what is outside 0..1 are
 * resampled.  Below transparent pixels colours are extended.  Gray sources
 * give equal components.  When memory runs out, tiles of half the side are
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

/** pmt_net_is_all_zero: @values: [@n] settings. */
gboolean pmt_net_is_all_zero (const gfloat *values, gint n);

/**
 * pmt_net_memory: bytes that a run on @rect uses beyond source and target;
 * @run->tile counts as long as it is not too large.
 */
guint64
pmt_net_memory (PmtNet *net, const PmtNetRun *run, const GeglRectangle *rect);

/** pmt_net_info_memory: as pmt_net_memory(). */
guint64 pmt_net_info_memory (const PmtNetInfo *info,
                             const PmtNetRun *run,
                             const GeglRectangle *rect);

/** pmt_net_info_pixels: pixels that a run on @rect makes the network see. */
gint64 pmt_net_info_pixels (const PmtNetInfo *info,
                            const PmtNetRun *run,
                            const GeglRectangle *rect);

/** pmt_net_info_margin: pixels around a rectangle that a run on it reads. */
gint pmt_net_info_margin (const PmtNetInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtNet, pmt_net_unref)

G_END_DECLS

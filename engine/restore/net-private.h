/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-private.h: what the files of a network share. */
#pragma once

#include "image/tile.h"
#include "restore/net.h"

G_BEGIN_DECLS

/**
 * PmtNet:
 * @name: for messages
 * @image, @setting, @result: (transfer none): inputs and output of @session;
 *   @setting may be %NULL
 * @max_pixels: for tests: more at once, and memory "runs out"; 0: never
 */
struct _PmtNet
{
  gatomicrefcount ref_count;
  PmtSession *session;
  gchar *name;
  PmtNetInfo info;
  const PmtTensorInfo *image;
  const PmtTensorInfo *setting;
  const PmtTensorInfo *result;
  gint64 max_pixels;
};

/** pmt_net_fail: sets PMT_ERROR_MODEL: "NAME can't be used: REASON". */
void pmt_net_fail (PmtNet *net, GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

/* ------------------------------------------------- what a file declares -- */

/**
 * pmt_net_read_declared: (declared.c)
 *
 * Finds picture, settings and result among inputs and outputs, and fills in
 * what their shapes and types tell; channels stay 0 when they tell nothing.
 */
gboolean pmt_net_read_declared (PmtNet *net, GError **error);

/** pmt_net_read_metadata: (declared.c) of a shipped network. */
gboolean pmt_net_read_metadata (PmtNet *net, GError **error);

/**
 * pmt_net_probe: (probe.c) finds out by trying; pmt_net_read_declared() comes
 * first.
 */
gboolean pmt_net_probe (PmtNet *net, GCancellable *cancellable, GError **error);

/* ------------------------------------------------------- one application -- */

/**
 * PmtNetResult:
 * @data: [channels, height, width], 0..1; may be changed
 */
typedef struct
{
  gint width;
  gint height;
  gboolean is_nhwc;
  gfloat *data;
  PmtTensor tensor;
  gfloat *converted;
} PmtNetResult;

void pmt_net_result_clear (PmtNetResult *result);

/**
 * pmt_net_apply: (net-apply.c)
 * @image: [channels, height, width], 0..1
 * @settings: (nullable): [n_settings]
 * @result: (out caller-allocates)
 * @error: as pmt_session_run(); PMT_ERROR_MODEL for a result of another shape
 *   than scale and channels say (any shape while the scale is 0)
 */
gboolean pmt_net_apply (PmtNet *net,
                        const gfloat *image,
                        gint width,
                        gint height,
                        const gfloat *settings,
                        PmtNetResult *result,
                        GCancellable *cancellable,
                        GError **error);

/* ------------------------------------------------------------ the source -- */

/**
 * PmtNetSource: the pixels of a tile as the source has them (net-source.c)
 * @rect: what was read, inside the picture
 * @n: components of @own: gray or R'G'B', and alpha if @has_alpha
 * @n_colors: 1 or 3
 * @own: [rect.height, rect.width, n]
 * @seen: @own, or a copy of it where colours are extended below what is
 *   transparent or no number
 * @has_outside: some colour is outside 0..1 or no number
 * @has_transparent: some alpha is below 1
 */
typedef struct
{
  GeglRectangle rect;
  gint n;
  gint n_colors;
  gboolean has_alpha;
  gfloat *own;
  gfloat *seen;
  gfloat *extended;
  gboolean has_outside;
  gboolean has_transparent;
} PmtNetSource;

void pmt_net_source_clear (PmtNetSource *source);

/** pmt_net_source_format: of @own and @seen. */
const Babl *pmt_net_source_format (const PmtNetSource *source);

/** pmt_net_clamp: to 0..1; what is no number becomes 0. */
static inline gfloat
pmt_net_clamp (gfloat value)
{
  const gfloat positive = value > 0.0f ? value : 0.0f;

  return positive < 1.0f ? positive : 1.0f;
}

/**
 * pmt_net_source_read:
 * @outer: what is needed; mirrored where it leaves @picture
 * @reach: how far colours are extended beyond what was read
 */
gboolean pmt_net_source_read (PmtNetSource *source,
                              GeglBuffer *buffer,
                              const GeglRectangle *picture,
                              const GeglRectangle *outer,
                              gint reach,
                              GError **error);

/**
 * PmtNetPlane: what a plane is taken from
 * @PMT_NET_PLANE_SEEN: a colour, clamped to 0..1
 * @PMT_NET_PLANE_OUTSIDE: what the clamping took away
 * @PMT_NET_PLANE_ALPHA: alpha
 */
typedef enum
{
  PMT_NET_PLANE_SEEN,
  PMT_NET_PLANE_OUTSIDE,
  PMT_NET_PLANE_ALPHA
} PmtNetPlane;

/**
 * pmt_net_source_plane:
 * @color: 0..n_colors-1
 * @plane: (out caller-allocates): [outer.height, outer.width]
 */
void pmt_net_source_plane (const PmtNetSource *source,
                           const GeglRectangle *picture,
                           const GeglRectangle *outer,
                           PmtNetPlane kind,
                           gint color,
                           gfloat *plane);

/* ------------------------------------------------------------- the seams -- */

/**
 * PmtNetSeam: what neighbours hand on to each other where tiles fade into
 * each other (net-seam.c)
 * @above, @below: [n_planes, blend, width]: of the row of tiles above, and
 *   for the one below
 * @left: [n_planes, height, blend]
 */
typedef struct
{
  gint n_planes;
  gint blend;
  gint scale;
  GeglRectangle rect;
  gint height;
  gfloat *above;
  gfloat *below;
  gfloat *left;
} PmtNetSeam;

gboolean pmt_net_seam_init (PmtNetSeam *seam,
                            const PmtTilePlan *plan,
                            const GeglRectangle *rect,
                            gint n_planes,
                            gint scale,
                            GError **error);
void pmt_net_seam_clear (PmtNetSeam *seam);

/**
 * pmt_net_seam_blend:
 * @planes: [n_planes, outer.height * scale, outer.width * scale], changed
 *
 * Tiles come row by row, each row from left to right.
 */
void pmt_net_seam_blend (PmtNetSeam *seam,
                         const PmtTilePlan *plan,
                         const PmtTile *tile,
                         gint column,
                         gint row,
                         gfloat *planes);

/* ------------------------------------------------------------ the target -- */

/**
 * PmtNetWriter: (net-write.c)
 * @strength, @offset_x, @offset_y: as in PmtNetRun
 */
typedef struct
{
  GeglBuffer *target;
  const GeglRectangle *picture;
  gint scale;
  gfloat strength;
  gint offset_x;
  gint offset_y;
} PmtNetWriter;

/**
 * pmt_net_write:
 * @planes: [n_colors, outer.height * scale, outer.width * scale]: what the
 *   network made
 */
gboolean pmt_net_write (const PmtNetWriter *writer,
                        const PmtNetSource *source,
                        const PmtTile *tile,
                        const gfloat *planes,
                        GError **error);

/**
 * pmt_net_enlarge: (enlarge.c)
 * @plane: [height, width]
 *
 * Returns: (transfer full) (nullable): [height * scale, width * scale], cubic;
 *   %NULL when memory does not suffice.
 */
gfloat *
pmt_net_enlarge (const gfloat *plane, gint width, gint height, gint scale);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtNetResult, pmt_net_result_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtNetSource, pmt_net_source_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtNetSeam, pmt_net_seam_clear)

G_END_DECLS

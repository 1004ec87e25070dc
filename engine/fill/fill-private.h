/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fill-private.h: what the files of the fill share. */
#pragma once

#include "fill/fill.h"

G_BEGIN_DECLS

/* Hot loops are built for several instruction sets, chosen at run time. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__)         \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PMT_FILL_HOT __attribute__ ((target_clones ("avx2", "default")))
#else
#define PMT_FILL_HOT
#endif

/* Widest patch, and the margin around the planes of a level. */
#define PMT_FILL_MAX_PATCH 15
#define PMT_FILL_PAD 8

/* Rows that one task works on: fixed, so that threads change nothing. */
#define PMT_FILL_BAND 16

/**
 * Flags of one pixel.
 * HOLE: to be filled
 * KNOWN: outside the hole and opaque: may be compared with
 * SOURCE: KNOWN and usable: may be copied
 * CENTER: center of a patch that lies wholly in SOURCE
 * TARGET: center of a patch that touches the hole
 * FILLED: HOLE that has a colour already
 * SCRATCH: between two passes of one function
 */
enum
{
  PMT_FILL_HOLE = 1 << 0,
  PMT_FILL_KNOWN = 1 << 1,
  PMT_FILL_SOURCE = 1 << 2,
  PMT_FILL_CENTER = 1 << 3,
  PMT_FILL_TARGET = 1 << 4,
  PMT_FILL_FILLED = 1 << 5,
  PMT_FILL_SCRATCH = 1 << 6
};

/**
 * PmtFillLevel: one scale of the pyramid.
 *
 * The planes have a margin of PMT_FILL_PAD pixels without flags on all sides;
 * a "place" is an index into them, so that a neighbour is a place plus or
 * minus 1 or @stride, and the field holds places.
 *
 * @per_stride: 1 / @stride
 * @rgbx: [n, 4] bytes, R'G'B' scaled to the range of the picture, and 0
 * @flags: [n] bytes
 * @texture: (nullable): [n, 2] float: mean |dx|, |dy| of the proxy nearby
 * @mean_texture: (nullable): [n, 2] float: mean of @texture over the patch
 * @box: bounds of TARGET; the following are [box.height, box.width]
 * @field: place of the best source patch found for the patch centered here
 * @next: the field that is being made from @field
 * @cost: mean squared difference of the patch at @field
 * @depth: (nullable): distance from the known pixels, in thirds of a pixel
 * @radius: (with @depth): how far the deepest pixel of the hole lies from the
 *   known ones, in pixels
 * @centers: places of CENTER, all or an even sample of them
 */
typedef struct
{
  gint width;
  gint height;
  gsize stride;
  gdouble per_stride;
  gsize n;
  guint8 *rgbx;
  guint8 *flags;
  gfloat *texture;
  gfloat *mean_texture;
  GeglRectangle box;
  guint32 *field;
  guint32 *next;
  gfloat *cost;
  guint16 *depth;
  guint32 *centers;
  gsize n_centers;
  gsize n_all_centers;
  gsize n_targets;
  gint radius;
} PmtFillLevel;

/**
 * PmtFillRun: one run of the fill.
 * @patch: side of a patch: the one asked for, or a smaller one
 * @radius: how deep the hole is, about, in pixels of the picture
 * @low, @gain: from values to bytes
 */
typedef struct
{
  PmtPixels *pixels;
  const guint8 *hole;
  const guint8 *usable;
  PmtFillOptions options;
  PmtProgress *progress;
  GCancellable *cancellable;
  gint patch;
  gint radius;
  gfloat low;
  gfloat gain;
} PmtFillRun;

/* More scales than any picture has. */
#define PMT_FILL_MAX_LEVELS 24

/* A scale with fewer source patches than this has lost the picture. */
#define PMT_FILL_MIN_CENTERS 24

/**
 * PmtFillPyramid: the scales of a run, the full picture first.
 * @base: the finest scale of the proxy
 * @nonce: counts the passes of random search
 */
typedef struct
{
  PmtFillRun run;
  PmtFillLevel *levels[PMT_FILL_MAX_LEVELS];
  gint n_levels;
  gint base;
  guint32 nonce;
} PmtFillPyramid;

static inline gsize
pmt_fill_place (const PmtFillLevel *level, gint x, gint y)
{
  return (gsize)(y + PMT_FILL_PAD) * level->stride + (gsize)x + PMT_FILL_PAD;
}

static inline gsize
pmt_fill_box_index (const PmtFillLevel *level, gint x, gint y)
{
  return (gsize)(y - level->box.y) * (gsize)level->box.width
         + (gsize)(x - level->box.x);
}

/* A counter-based random number: the same for any order of work. */
static inline guint32
pmt_fill_hash (guint32 a, guint32 b)
{
  guint32 h = a * 0x9E3779B1u ^ (b + 0x7F4A7C15u) * 0x85EBCA77u;

  h ^= h >> 16;
  h *= 0x7FEB352Du;
  h ^= h >> 15;
  h *= 0x846CA68Bu;
  return h ^ h >> 16;
}

static inline gint
pmt_fill_bands (gint rows)
{
  return (rows + PMT_FILL_BAND - 1) / PMT_FILL_BAND;
}

static inline gboolean
pmt_fill_cancelled (const PmtFillRun *run)
{
  return run->cancellable && g_cancellable_is_cancelled (run->cancellable);
}

/* level.c */
PmtFillLevel *pmt_fill_level_new (gint width, gint height);
void pmt_fill_level_free (PmtFillLevel *level);
PmtFillLevel *pmt_fill_level_new_full (PmtFillRun *run);
PmtFillLevel *pmt_fill_level_new_half (const PmtFillRun *run,
                                       const PmtFillLevel *fine);
gsize pmt_fill_level_mark_centers (const PmtFillRun *run, PmtFillLevel *level);
void pmt_fill_level_mark_targets (const PmtFillRun *run, PmtFillLevel *level);
gboolean pmt_fill_level_measure_depth (PmtFillLevel *level);
void pmt_fill_level_reset (PmtFillLevel *level);
gboolean pmt_fill_level_list_centers (PmtFillLevel *level, gsize limit);
gboolean pmt_fill_level_new_field (PmtFillLevel *level);
void pmt_fill_level_keep_labels (PmtFillLevel *level);

/* pyramid.c */
void pmt_fill_pyramid_clear (PmtFillPyramid *pyramid);
gboolean pmt_fill_pyramid_build (PmtFillPyramid *pyramid);

/* solve.c */
gboolean pmt_fill_solve (PmtFillPyramid *pyramid, gdouble weight);

/* features.c */
gboolean pmt_fill_features_compute (const PmtFillRun *run,
                                    PmtFillLevel *base,
                                    gint window);
gboolean pmt_fill_features_halve (const PmtFillLevel *fine,
                                  PmtFillLevel *coarse);
void pmt_fill_features_average_place (const PmtFillRun *run,
                                      PmtFillLevel *level,
                                      gsize place);
void pmt_fill_features_average (const PmtFillRun *run,
                                PmtFillLevel *level,
                                gboolean targets_only);

/* match.c */

/**
 * PmtFillSearch: how to look for better patches.
 * @radius: of the first random try; 0: propagation only
 * @nonce: different for every pass of a run
 */
typedef struct
{
  gint radius;
  guint32 nonce;
} PmtFillSearch;

void pmt_fill_match_sweep (const PmtFillRun *run,
                           PmtFillLevel *level,
                           const PmtFillSearch *search);
void pmt_fill_match_measure (const PmtFillRun *run, PmtFillLevel *level);
void pmt_fill_match_thorough (const PmtFillRun *run,
                              PmtFillLevel *level,
                              const guint32 *targets,
                              gsize n_targets,
                              gsize max_tries,
                              guint32 nonce);

/* vote.c */
void pmt_fill_vote (const PmtFillRun *run, PmtFillLevel *level);
void pmt_fill_vote_place (const PmtFillRun *run,
                          PmtFillLevel *level,
                          gint x,
                          gint y);
void pmt_fill_vote_labels (const PmtFillRun *run, PmtFillLevel *level);

/* onion.c */
gboolean
pmt_fill_onion (const PmtFillRun *run, PmtFillLevel *level, guint32 nonce);

/* upsample.c */
void pmt_fill_upsample (const PmtFillRun *run,
                        const PmtFillLevel *coarse,
                        PmtFillLevel *fine);

/* preview.c */
void
pmt_fill_preview (const PmtFillRun *run, const PmtFillLevel *level, gint scale);

/* seam.c */

/**
 * pmt_fill_seam:
 * @level: the full level, with the place to copy from of every HOLE pixel in
 *   @level->next
 * @filled: (out): [box, 3] float R'G'B'; only HOLE pixels are set
 *
 * Copies and removes the seams by solving Poisson's equation for a correction
 * in linear light.  Returns: %FALSE when there is not enough memory.
 */
gboolean
pmt_fill_seam (const PmtFillRun *run, PmtFillLevel *level, gfloat *filled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtFillLevel, pmt_fill_level_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtFillPyramid, pmt_fill_pyramid_clear)

G_END_DECLS

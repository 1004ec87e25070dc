/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-axis.h: where the tiles of a picture lie, and how they are joined. */
#pragma once

#include "diffusion/vae-private.h"

G_BEGIN_DECLS

/* Tiles begin so far apart, in latent pixels, that no two fades touch. */
#define PMT_VAE_MIN_STEP 12

/** PmtVaeAxis: one direction, in latent pixels: @n tiles of @size.
 * @wraps: the last tile goes on at the start */
typedef struct
{
  gint length;
  gint n;
  gint size;
  gboolean wraps;
} PmtVaeAxis;

PmtVaeAxis
pmt_vae_axis_make (gint length, gint n, gint overlap, gboolean is_seamless);

/** pmt_vae_axis_is_sound: whether its tiles can be joined. */
gboolean pmt_vae_axis_is_sound (const PmtVaeAxis *axis, gint overlap);

/** pmt_vae_axis_start: where tile @i begins. */
gint pmt_vae_axis_start (const PmtVaeAxis *axis, gint i);

/** pmt_vae_axis_weights: (transfer full): of the pixels of tile @i, @scale for
 * each latent pixel; those of all tiles add up to 1. */
gfloat *pmt_vae_axis_weights (const PmtVaeAxis *axis, gint i, gint scale);

/** pmt_vae_axis_find_core: where tile @i, counted from its own start, is not
 * nearer to the middle of another one: halfway into each overlap. */
void pmt_vae_axis_find_core (const PmtVaeAxis *axis,
                             gint i,
                             gint64 *first,
                             gint64 *last);

/** PmtVaeSpot: @left, @top: of a tile, in latent pixels. */
typedef struct
{
  gint left;
  gint top;
  const gfloat *weights_x;
  const gfloat *weights_y;
} PmtVaeSpot;

/** pmt_vae_cut: @tile: (out caller-allocates): of the job's input; what lies
 * beyond the end goes on at the start. */
void pmt_vae_cut (const PmtVaeJob *job,
                  gint left,
                  gint top,
                  const PmtVaeAxis *x,
                  const PmtVaeAxis *y,
                  gfloat *tile);

/** pmt_vae_paste: adds @tile to the job's output. */
void pmt_vae_paste (const PmtVaeJob *job,
                    const PmtVaeSpot *spot,
                    const PmtVaeAxis *x,
                    const PmtVaeAxis *y,
                    const gfloat *tile);

G_END_DECLS

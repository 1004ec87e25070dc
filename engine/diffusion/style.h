/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* style.h: "stylize", "chaos" and "weird" for checkpoints. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

#define PMT_STYLIZE_USUAL 100

/**
 * PmtStyle: what is usual changes no bit
 * @stylize: 0..1000, usually 100: below, the prompt is followed more closely;
 *   above, less
 * @chaos: 0..100, usually 0: how far the guidance of pictures differs
 * @weird: 0..3000, usually 0: how much the first noise is disturbed
 */
typedef struct
{
  gint stylize;
  gint chaos;
  gint weird;
} PmtStyle;

#define PMT_STYLE_INIT { PMT_STYLIZE_USUAL, 0, 0 }

/**
 * pmt_style_guidance:
 * @cfg: guidance that was asked for; 1: none, and that stays
 * @seed: of the picture
 *
 * cfg' = 1 + (cfg - 1) f, with f = 2^((100 - stylize) / 400) below 100 and
 * 2^((100 - stylize) / 450) above it (1.19 at 0, 0.25 at 1000), times
 * 2^(u chaos / 100), where u from -1 to 1 follows from @seed alone: so a
 * candidate that is made again by itself is the same.
 */
gdouble pmt_style_guidance (const PmtStyle *style, gdouble cfg, guint32 seed);

/**
 * pmt_style_disturb:
 * @noise: (inout): [channels, height, width]: what a picture starts from
 * @seed: of the picture
 *
 * noise' = (noise + a smooth) / sqrt (1 + a^2), with a = 0.8 weird / 3000 and
 * smooth noise of variance 1, drawn at an eighth of the size from another seed
 * that follows from @seed: large shapes that the model did not expect.
 */
void pmt_style_disturb (const PmtStyle *style,
                        guint32 seed,
                        gint channels,
                        gint height,
                        gint width,
                        gfloat *noise);

G_END_DECLS

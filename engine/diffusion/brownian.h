/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* brownian.h: the noise of a Brownian path, for samplers of stochastic
 * differential equations. */
#pragma once

#include "diffusion/noise.h"

G_BEGIN_DECLS

/**
 * PmtBrownian:
 *
 * A path W over the noise levels of a run, that a seed determines whatever
 * the steps are: with other steps, or more of them, the picture keeps its
 * composition.  The values are those of torchsde's BrownianTree (tolerance
 * 1e-6, pool of 24) as k-diffusion, AUTOMATIC1111 and ComfyUI use it, to the
 * rounding of torch.randn().  Nothing is kept but the ends: a query makes the
 * some 25 halvings above its ends anew.  Thread: any; reentrant.
 */
typedef struct _PmtBrownian PmtBrownian;

/**
 * pmt_brownian_new:
 * @kind: generator of the halvings' noise
 * @seed: ComfyUI: one path for the whole batch; AUTOMATIC1111: one per image,
 *   with seed + i
 * @sigma_min: > 0, the least level above 0 of the schedule
 * @sigma_max: > @sigma_min, its first one
 * @n: number of values
 *
 * Returns: (transfer full)
 */
PmtBrownian *pmt_brownian_new (PmtNoiseKind kind,
                               guint64 seed,
                               gdouble sigma_min,
                               gdouble sigma_max,
                               gsize n);

void pmt_brownian_free (PmtBrownian *brownian);

/**
 * pmt_brownian_increment:
 * @from, @to: levels, @from < @to; clamped to the path
 * @values: (out caller-allocates): [n]: W (to) - W (from), of variance
 *   to - from
 */
void pmt_brownian_increment (const PmtBrownian *brownian,
                             gdouble from,
                             gdouble to,
                             gfloat *values);

/**
 * pmt_brownian_noise:
 * @sigma, @sigma_next: the levels of a step, not equal
 * @values: (out caller-allocates): [n], mean 0, variance 1
 *
 * What a sampler's step takes (BrownianTreeNoiseSampler).
 */
void pmt_brownian_noise (const PmtBrownian *brownian,
                         gdouble sigma,
                         gdouble sigma_next,
                         gfloat *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtBrownian, pmt_brownian_free)

G_END_DECLS

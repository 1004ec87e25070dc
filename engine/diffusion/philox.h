/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* philox.h: the generator of CUDA's random numbers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * pmt_philox4x32:
 * @counter: (inout): [4]; after: the random bits
 * @key: [2]
 *
 * Philox4x32-10.  Source: Salmon et al., Parallel random numbers: as easy as
 * 1, 2, 3, SC 2011.
 */
void pmt_philox4x32 (guint32 counter[4], const guint32 key[2]);

/**
 * pmt_philox_normal:
 * @call: number of the call on a generator, from 0
 * @seed: all 64 bits count
 *
 * Normal values as torch.randn() on CUDA and AUTOMATIC1111's "NV" source
 * give them: [@n].
 */
void pmt_philox_normal (guint64 seed, guint32 call, gfloat *values, gsize n);

G_END_DECLS

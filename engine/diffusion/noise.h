/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* noise.h: noise that a seed determines, as the well-known programs draw it. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtNoiseKind:
 * @PMT_NOISE_CPU: torch.randn() on the CPU (Mersenne Twister): ComfyUI, and
 *   AUTOMATIC1111 set to "CPU".  Only the low 32 bits of a seed count
 * @PMT_NOISE_NV: torch.randn() on CUDA (Philox): AUTOMATIC1111 set to "NV"
 *   or to "GPU" on such a card
 */
typedef enum
{
  PMT_NOISE_CPU,
  PMT_NOISE_NV
} PmtNoiseKind;

/**
 * PmtNoise:
 *
 * A generator; each call goes on where the last one ended.  Thread: one at a
 * time.
 */
typedef struct _PmtNoise PmtNoise;

/** pmt_noise_new: Returns: (transfer full) */
PmtNoise *pmt_noise_new (PmtNoiseKind kind, guint64 seed);

void pmt_noise_free (PmtNoise *noise);

/**
 * pmt_noise_fill:
 * @values: (out caller-allocates): [@n], mean 0, variance 1
 *
 * The values of a call depend on @n: one call of 2n is not two calls of n.
 */
void pmt_noise_fill (PmtNoise *noise, gfloat *values, gsize n);

/**
 * pmt_noise_fill_uniform:
 * @noise: of kind PMT_NOISE_CPU
 * @values: (out caller-allocates): [@n], 0..1, 1 excluded
 */
void pmt_noise_fill_uniform (PmtNoise *noise, gfloat *values, gsize n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtNoise, pmt_noise_free)

G_END_DECLS

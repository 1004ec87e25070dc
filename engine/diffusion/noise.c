/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "diffusion/noise.h"
#include "diffusion/mt19937.h"
#include "diffusion/philox.h"

struct _PmtNoise
{
  PmtNoiseKind kind;
  guint64 seed;
  guint32 call;
  PmtMt19937 mt;
};

PmtNoise *
pmt_noise_new (PmtNoiseKind kind, guint64 seed)
{
  PmtNoise *noise = g_new0 (PmtNoise, 1);

  noise->kind = kind;
  noise->seed = seed;
  if (kind == PMT_NOISE_CPU)
    pmt_mt19937_init (&noise->mt, (guint32)seed);
  return noise;
}

void
pmt_noise_free (PmtNoise *noise)
{
  g_free (noise);
}

void
pmt_noise_fill (PmtNoise *noise, gfloat *values, gsize n)
{
  if (noise->kind == PMT_NOISE_CPU)
    pmt_mt19937_normal (&noise->mt, values, n);
  else
    pmt_philox_normal (noise->seed, noise->call++, values, n);
}

void
pmt_noise_fill_uniform (PmtNoise *noise, gfloat *values, gsize n)
{
  g_return_if_fail (noise->kind == PMT_NOISE_CPU);
  pmt_mt19937_uniform (&noise->mt, values, n);
}

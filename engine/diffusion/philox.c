/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "diffusion/philox.h"

#include <math.h>

#define ROUNDS 10

void
pmt_philox4x32 (guint32 counter[4], const guint32 key[2])
{
  guint32 k0 = key[0], k1 = key[1];

  for (guint i = 0; i < ROUNDS; i++)
    {
      guint64 a = (guint64)counter[0] * 0xd2511f53u;
      guint64 b = (guint64)counter[2] * 0xcd9e8d57u;

      counter[0] = (guint32)(b >> 32) ^ counter[1] ^ k0;
      counter[1] = (guint32)b;
      counter[2] = (guint32)(a >> 32) ^ counter[3] ^ k1;
      counter[3] = (guint32)a;
      k0 += 0x9e3779b9u;
      k1 += 0xbb67ae85u;
    }
}

void
pmt_philox_normal (guint64 seed, guint32 call, gfloat *values, gsize n)
{
  /* Floats of curand: 2^-32 and 2^-32 * 2 pi. */
  const gfloat scale = 2.3283064e-10f;
  const gfloat scale_angle = (gfloat)(2.3283064e-10 * 6.2831855);
  const guint32 key[2] = { (guint32)seed, (guint32)(seed >> 32) };

  for (gsize i = 0; i < n; i++)
    {
      guint32 bits[4] = { call, 0, (guint32)i, 0 };
      gdouble u, v;

      pmt_philox4x32 (bits, key);
      u = bits[0] * (gdouble)scale + (gdouble)(scale / 2.0f);
      v = bits[1] * (gdouble)scale_angle + (gdouble)(scale_angle / 2.0f);
      values[i] = (gfloat)(sqrt (-2.0 * log (u)) * sin (v));
    }
}

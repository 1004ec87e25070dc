/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Matsumoto, Nishimura: Mersenne Twister, ACM TOMACS 8(1), 1998.  What torch
 * makes of its bits was found by comparing numbers. */
#include "diffusion/mt19937.h"
#include "diffusion/half.h"

#include <math.h>

#define SHIFT 397
#define BLOCK 16

void
pmt_mt19937_init (PmtMt19937 *mt, guint32 seed)
{
  mt->state[0] = seed;
  for (guint i = 1; i < PMT_MT19937_N; i++)
    {
      guint32 before = mt->state[i - 1];
      mt->state[i] = 1812433253u * (before ^ (before >> 30)) + i;
    }
  mt->next = PMT_MT19937_N;
  mt->has_spare = FALSE;
  mt->spare = 0.0;
}

static void
refill (PmtMt19937 *mt)
{
  for (guint i = 0; i < PMT_MT19937_N; i++)
    {
      guint32 bits = (mt->state[i] & 0x80000000u)
                     | (mt->state[(i + 1) % PMT_MT19937_N] & 0x7fffffffu);
      mt->state[i] = mt->state[(i + SHIFT) % PMT_MT19937_N] ^ (bits >> 1)
                     ^ ((bits & 1) ? 0x9908b0dfu : 0);
    }
  mt->next = 0;
}

guint32
pmt_mt19937_next (PmtMt19937 *mt)
{
  guint32 y;

  if (mt->next >= PMT_MT19937_N)
    refill (mt);
  y = mt->state[mt->next++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

/* The low 24 bits: all that a float holds. */
static gfloat
uniform_float (PmtMt19937 *mt)
{
  return (gfloat)(pmt_mt19937_next (mt) & 0xffffff) / 16777216.0f;
}

static gdouble
uniform_double (PmtMt19937 *mt)
{
  guint64 high = pmt_mt19937_next (mt);
  guint64 bits = (high << 32) | pmt_mt19937_next (mt);

  return (gdouble)(bits & ((G_GUINT64_CONSTANT (1) << 53) - 1))
         / 9007199254740992.0;
}

void
pmt_mt19937_uniform (PmtMt19937 *mt, gfloat *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = uniform_float (mt);
}

static gdouble
normal_double (PmtMt19937 *mt)
{
  gdouble u1, u2, radius, angle;

  if (mt->has_spare)
    {
      mt->has_spare = FALSE;
      return mt->spare;
    }
  u1 = uniform_double (mt);
  u2 = uniform_double (mt);
  radius = sqrt (-2.0 * log1p (-u2));
  angle = 2.0 * G_PI * u1;
  mt->spare = radius * sin (angle);
  mt->has_spare = TRUE;
  return radius * cos (angle);
}

/* Box and Muller; the angle is rounded to float as torch does, the rest is
 * exact where torch's vector functions are off by a few units in the last
 * place, in a way that depends on the processor. */
static void
transform (gfloat *values)
{
  for (guint i = 0; i < BLOCK / 2; i++)
    {
      gdouble radius = sqrt (-2.0 * log (1.0 - (gdouble)values[i]));
      gfloat angle = (gfloat)(2.0 * G_PI) * values[i + BLOCK / 2];

      values[i] = (gfloat)(radius * cos ((gdouble)angle));
      values[i + BLOCK / 2] = (gfloat)(radius * sin ((gdouble)angle));
    }
}

void
pmt_mt19937_normal (PmtMt19937 *mt, gfloat *values, gsize n)
{
  if (n < BLOCK)
    {
      for (gsize i = 0; i < n; i++)
        values[i] = (gfloat)normal_double (mt);
      return;
    }
  pmt_mt19937_uniform (mt, values, n);
  for (gsize i = 0; i + BLOCK <= n; i += BLOCK)
    transform (values + i);
  if (n % BLOCK != 0)
    {
      pmt_mt19937_uniform (mt, values + n - BLOCK, BLOCK);
      transform (values + n - BLOCK);
    }
}

static void
draw_half (PmtMt19937 *mt, gfloat *values)
{
  pmt_mt19937_uniform (mt, values, BLOCK);
  transform (values);
  for (guint i = 0; i < BLOCK; i++)
    values[i] = pmt_half_round (values[i]);
}

void
pmt_mt19937_normal_half (PmtMt19937 *mt, gfloat *values, gsize n)
{
  if (n < BLOCK)
    {
      for (gsize i = 0; i < n; i++)
        values[i] = pmt_half_round ((gfloat)normal_double (mt));
      return;
    }
  for (gsize i = 0; i + BLOCK <= n; i += BLOCK)
    draw_half (mt, values + i);
  if (n % BLOCK != 0)
    draw_half (mt, values + n - BLOCK);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "diffusion/half.h"

#include <math.h>

/* The least value that rounds to infinity. */
#define LIMIT 65520.0f

gfloat
pmt_half_round (gfloat value)
{
  gint exponent;

  if (!isfinite (value) || value == 0.0f)
    return value;
  if (fabsf (value) >= LIMIT)
    return copysignf (INFINITY, value);
  frexpf (value, &exponent);
  /* Eleven significant bits, fewer below 2^-14; scaling is exact. */
  exponent = MAX (exponent - 11, -24);
  return ldexpf (rintf (ldexpf (value, -exponent)), exponent);
}

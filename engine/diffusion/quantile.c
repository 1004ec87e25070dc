/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "diffusion/quantile.h"

#include <float.h>
#include <math.h>

#define MAX_TERMS 500
#define HALVINGS 70
#define NEAR_MIDDLE 1e-9

static gdouble
away_from_zero (gdouble value)
{
  return fabs (value) < DBL_MIN ? DBL_MIN : value;
}

/* Continued fraction of the incomplete beta function, by Lentz's method:
 * NIST Digital Library of Mathematical Functions, 8.17.22. */
static gdouble
fraction (gdouble x, gdouble a, gdouble b)
{
  gdouble c = 1.0;
  gdouble d = 1.0 / away_from_zero (1.0 - (a + b) * x / (a + 1.0));
  gdouble result = d;

  for (gint m = 1; m <= MAX_TERMS; m++)
    {
      gdouble even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      gdouble odd =
          -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

      d = 1.0 / away_from_zero (1.0 + even * d);
      c = away_from_zero (1.0 + even / c);
      result *= c * d;
      d = 1.0 / away_from_zero (1.0 + odd * d);
      c = away_from_zero (1.0 + odd / c);
      result *= c * d;
      if (fabs (c * d - 1.0) < DBL_EPSILON)
        break;
    }
  return result;
}

static gdouble
probability (gdouble x, gdouble a, gdouble b)
{
  gdouble log_front;

  if (x <= 0.0)
    return 0.0;
  if (x >= 1.0)
    return 1.0;
  log_front =
      a * log (x) + b * log1p (-x) - (lgamma (a) + lgamma (b) - lgamma (a + b));
  /* The fraction converges fast below the mean. */
  if (x < (a + 1.0) / (a + b + 2.0))
    return exp (log_front) * fraction (x, a, b) / a;
  return 1.0 - exp (log_front) * fraction (1.0 - x, b, a) / b;
}

gdouble
pmt_beta_quantile (gdouble p, gdouble a, gdouble b)
{
  gdouble low = 0.0, high = 1.0;

  if (p <= 0.0)
    return 0.0;
  if (p >= 1.0)
    return 1.0;
  /* Exact in the middle, since callers round it to whole numbers. */
  if (a == b && fabs (p - 0.5) < NEAR_MIDDLE)
    return 0.5
           + (p - 0.5) * exp (2.0 * lgamma (a) - lgamma (2.0 * a))
                 * pow (0.25, 1.0 - a);
  for (gint i = 0; i < HALVINGS; i++)
    {
      gdouble middle = 0.5 * (low + high);

      if (probability (middle, a, b) < p)
        low = middle;
      else
        high = middle;
    }
  return 0.5 * (low + high);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* legible-color.c: colors of texts that can be read. */
#include "config.h"

#include "legible-color.h"

#include <math.h>

/* Shares of black or white that are tried. */
#define N_MIXES 20

static gdouble
to_linear (gdouble value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static gdouble
luminance (const gdouble color[3])
{
  return 0.2126 * to_linear (color[0]) + 0.7152 * to_linear (color[1])
         + 0.0722 * to_linear (color[2]);
}

gdouble
pmt_color_contrast (const gdouble one[3], const gdouble other[3])
{
  const gdouble a = luminance (one) + 0.05;
  const gdouble b = luminance (other) + 0.05;

  return MAX (a, b) / MIN (a, b);
}

void
pmt_color_make_legible (gdouble color[3], const gdouble background[3])
{
  const gdouble black[3] = { 0.0, 0.0, 0.0 };
  const gdouble white[3] = { 1.0, 1.0, 1.0 };
  const gdouble end = pmt_color_contrast (black, background)
                              > pmt_color_contrast (white, background)
                          ? 0.0
                          : 1.0;
  const gdouble old[3] = { color[0], color[1], color[2] };

  for (gint i = 0; i <= N_MIXES; i++)
    {
      for (gint c = 0; c < 3; c++)
        color[c] = old[c] + (end - old[c]) * i / N_MIXES;
      if (pmt_color_contrast (color, background) >= PMT_LEGIBLE_CONTRAST)
        return;
    }
}

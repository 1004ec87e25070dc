/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* legible-color.h: colors of texts that can be read; without GTK. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What texts of usual size need (WCAG 2.1, 1.4.3). */
#define PMT_LEGIBLE_CONTRAST 4.5

/**
 * pmt_color_contrast:
 * @one, @other: red, green, blue as sRGB, 0..1
 *
 * Source: WCAG 2.1, contrast ratio.
 * Returns: 1 (the same) to 21 (black on white).
 */
gdouble pmt_color_contrast (const gdouble one[3], const gdouble other[3]);

/**
 * pmt_color_make_legible:
 * @color: (inout): mixed with black or white, as little as possible, until it
 *   has PMT_LEGIBLE_CONTRAST to @background
 */
void pmt_color_make_legible (gdouble color[3], const gdouble background[3]);

G_END_DECLS

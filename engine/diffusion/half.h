/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* half.h: rounding to half precision. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** pmt_half_round: Returns: @value rounded to IEEE binary16, ties to even. */
gfloat pmt_half_round (gfloat value);

G_END_DECLS

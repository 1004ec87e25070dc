/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* emphasis.h: weights of words applied to a text encoder's states. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * pmt_emphasis_multiply:
 * @states: (inout): [@n, @width]
 * @weights: [@n]
 * @keeps_mean: the mean of all values is restored afterwards
 *
 * Source: AUTOMATIC1111 webui 1.10.1, "Original" and "No norm".
 */
void pmt_emphasis_multiply (gfloat *states,
                            const gfloat *weights,
                            gint n,
                            gint width,
                            gboolean keeps_mean);

/**
 * pmt_emphasis_from_empty:
 * @empty: [@n, @width]: states of the empty prompt
 *
 * Weight 0 makes the state that of the empty prompt, 2 takes it as far again
 * away from there.
 * Source: ComfyUI a125cd8.
 */
void pmt_emphasis_from_empty (gfloat *states,
                              const gfloat *empty,
                              const gfloat *weights,
                              gint n,
                              gint width);

G_END_DECLS

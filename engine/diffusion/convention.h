/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* convention.h: whose rules a seed, a schedule and a sampler follow. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtConvention:
 * @PMT_CONVENTION_COMFYUI: sigmas from a table in double; the network gets
 *   the nearest whole timestep; one generator for the whole batch
 * @PMT_CONVENTION_A1111: AUTOMATIC1111 and k-diffusion: sigmas from a table
 *   in float; fractional timesteps; a generator per image, with seed + i
 * @PMT_CONVENTION_DIFFUSERS: the schedulers of the Diffusers library, which
 *   a Diffusers folder names in scheduler_config.json
 *
 * The programs agree on what a sampler is called and not always on what it
 * computes; the same seed gives the same pixels only with the same rules.
 */
typedef enum
{
  PMT_CONVENTION_COMFYUI,
  PMT_CONVENTION_A1111,
  PMT_CONVENTION_DIFFUSERS
} PmtConvention;

#define PMT_N_CONVENTIONS 3

/**
 * pmt_convention_to_string:
 *
 * Returns: (transfer none): "comfyui", "a1111" or "diffusers".
 */
const gchar *pmt_convention_to_string (PmtConvention convention);

/**
 * pmt_convention_from_string:
 *
 * Returns: %FALSE, with @convention untouched, for an unknown name.
 */
gboolean pmt_convention_from_string (const gchar *name,
                                     PmtConvention *convention);

G_END_DECLS

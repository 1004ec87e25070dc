/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* seed-sequence.h: many seeds out of one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Words of entropy that are mixed; torchsde's trees use so many. */
#define PMT_SEED_POOL 24

/**
 * pmt_seed_sequence_first:
 * @entropy: the seed
 * @key: (nullable): [@n_key], which of the seeds made of @entropy; %NULL: the
 *   one of @entropy itself
 * @n_key: at most 4
 *
 * The first word that numpy.random.SeedSequence (entropy, spawn_key = key,
 * pool_size = PMT_SEED_POOL) generates.
 * Source: O'Neill, Developing a seed_seq alternative, 2015.
 */
guint32
pmt_seed_sequence_first (guint64 entropy, const guint64 *key, gsize n_key);

G_END_DECLS

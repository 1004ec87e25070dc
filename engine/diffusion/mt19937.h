/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* mt19937.h: the Mersenne Twister, and the numbers torch makes of it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PMT_MT19937_N 624

/**
 * PmtMt19937: @state and @next are those of the generator; @spare is the
 * second value of a pair that was drawn one at a time.
 */
typedef struct
{
  guint32 state[PMT_MT19937_N];
  guint next;
  gboolean has_spare;
  gdouble spare;
} PmtMt19937;

/**
 * pmt_mt19937_init:
 * @seed: init_genrand() of Matsumoto and Nishimura 1998 (revision of 2002)
 */
void pmt_mt19937_init (PmtMt19937 *mt, guint32 seed);

/** pmt_mt19937_next: Returns: 32 bits. */
guint32 pmt_mt19937_next (PmtMt19937 *mt);

/** pmt_mt19937_uniform: torch.rand() of float: [@n] in 0..1, 1 excluded. */
void pmt_mt19937_uniform (PmtMt19937 *mt, gfloat *values, gsize n);

/**
 * pmt_mt19937_normal:
 *
 * torch.randn() of float on the CPU: [@n].  Below 16 values it goes value by
 * value in double and keeps a spare for the next such call; from 16 on by
 * blocks in float, where the last 16 are drawn anew unless @n is a multiple
 * of 16.  So the values of a call depend on @n.
 */
void pmt_mt19937_normal (PmtMt19937 *mt, gfloat *values, gsize n);

/**
 * pmt_mt19937_normal_half:
 *
 * torch.randn() of float16 on the CPU, widened: [@n]: drawn in float, block
 * by block, and rounded.  (Torch 2.6 drew other ones, of eleven bits each.)
 */
void pmt_mt19937_normal_half (PmtMt19937 *mt, gfloat *values, gsize n);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "diffusion/seed-sequence.h"

#define MAX_KEY 4
#define MAX_WORDS (PMT_SEED_POOL + 2 * MAX_KEY)

/* A number as numpy splits it: at least one word, the low one first. */
static gsize
split (guint64 number, guint32 *words)
{
  words[0] = (guint32)number;
  words[1] = (guint32)(number >> 32);
  return words[1] != 0 ? 2 : 1;
}

static guint32
hash_mix (guint32 value, guint32 *hash)
{
  value ^= *hash;
  *hash *= 0x931e8875u;
  value *= *hash;
  return value ^ (value >> 16);
}

static guint32
mix (guint32 x, guint32 y)
{
  guint32 result = 0xca01f9ddu * x - 0x4973f715u * y;

  return result ^ (result >> 16);
}

guint32
pmt_seed_sequence_first (guint64 entropy, const guint64 *key, gsize n_key)
{
  guint32 words[MAX_WORDS] = { 0 };
  guint32 pool[PMT_SEED_POOL];
  guint32 hash = 0x43b0d7e5u;
  guint32 first;
  gsize n;

  g_return_val_if_fail (n_key <= MAX_KEY, 0);
  n = split (entropy, words);
  if (n_key > 0)
    n = PMT_SEED_POOL;
  for (gsize i = 0; i < n_key; i++)
    n += split (key[i], words + n);
  for (gsize i = 0; i < PMT_SEED_POOL; i++)
    pool[i] = hash_mix (words[i], &hash);
  for (gsize from = 0; from < PMT_SEED_POOL; from++)
    for (gsize to = 0; to < PMT_SEED_POOL; to++)
      if (from != to)
        pool[to] = mix (pool[to], hash_mix (pool[from], &hash));
  for (gsize from = PMT_SEED_POOL; from < n; from++)
    for (gsize to = 0; to < PMT_SEED_POOL; to++)
      pool[to] = mix (pool[to], hash_mix (words[from], &hash));
  first = (pool[0] ^ 0x8b51f9ddu) * (0x8b51f9ddu * 0x58f38dedu);
  return first ^ (first >> 16);
}

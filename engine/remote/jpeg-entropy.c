/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* jpeg-entropy.c: is each block of a JPEG's scan there? */
#include "config.h"

#include "remote/jpeg-private.h"

#define FAST_BITS 8
#define N_COEFFICIENTS 64

/* ------------------------------------------------------------------- codes */

void
pmt_jpeg_codes_init (PmtJpegCodes *codes,
                     const guint8 *counts,
                     const guint8 *symbols,
                     guint n)
{
  guint code = 0, at = 0;

  memset (codes, 0, sizeof *codes);
  memcpy (codes->counts + 1, counts, 16);
  memcpy (codes->symbols, symbols, n);
  for (guint length = 1; length <= FAST_BITS; length++, code <<= 1)
    for (guint i = 0; i < codes->counts[length]; i++, code++, at++)
      for (guint k = 0; k < 1u << (FAST_BITS - length); k++)
        codes->fast[((code << (FAST_BITS - length)) | k) & 0xff] =
            (guint16)(length << 8 | codes->symbols[at]);
}

/* -------------------------------------------------------------------- bits */

/* @is_over: more was taken than there is. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  guint64 bits;
  guint n;
  gboolean is_over;
} Bits;

/* Up to the next marker; stuffed zeros are left out. */
static void
fill (Bits *bits)
{
  while (bits->n <= 48 && bits->at < bits->end)
    {
      const guint8 *next = bits->at + 1;

      if (*bits->at == 0xff)
        {
          if (next == bits->end || (*next != 0 && *next != 0xff))
            return;
          if (*next == 0xff)
            {
              bits->at = next;
              continue;
            }
          next++;
        }
      bits->bits = bits->bits << 8 | *bits->at;
      bits->n += 8;
      bits->at = next;
    }
}

/* The next @n bits, up to 16, with zeros where there are none. */
static guint
peek (Bits *bits, guint n)
{
  if (bits->n < n)
    fill (bits);
  if (bits->n >= n)
    return (guint)(bits->bits >> (bits->n - n)) & ((1u << n) - 1);
  return (guint)(bits->bits << (n - bits->n)) & ((1u << n) - 1);
}

static void
skip (Bits *bits, guint n)
{
  if (bits->n < n)
    fill (bits);
  if (bits->n < n)
    {
      bits->is_over = TRUE;
      bits->n = 0;
      return;
    }
  bits->n -= n;
}

static guint
take (Bits *bits, guint n)
{
  const guint value = n > 0 ? peek (bits, n) : 0;

  skip (bits, n);
  return value;
}

/* A code of more than eight bits, or none. */
static guint
take_long (Bits *bits, const PmtJpegCodes *codes)
{
  const guint next = peek (bits, 16);
  guint first = 0, at = 0;

  for (guint length = 1; length <= 16; length++)
    {
      const guint code = next >> (16 - length);

      if (code < first + codes->counts[length])
        {
          skip (bits, length);
          return codes->symbols[at + code - first];
        }
      at += codes->counts[length];
      first = (first + codes->counts[length]) << 1;
    }
  bits->is_over = TRUE;
  return 0;
}

static guint
take_code (Bits *bits, const PmtJpegCodes *codes)
{
  const guint fast = codes->fast[peek (bits, FAST_BITS)];

  if (fast == 0)
    return take_long (bits, codes);
  skip (bits, fast >> 8);
  return fast & 0xff;
}

/* Where the interval ends is a marker. */
static void
restart (Bits *bits)
{
  while (
      bits->at + 1 < bits->end
      && !(bits->at[0] == 0xff && bits->at[1] >= 0xd0 && bits->at[1] <= 0xd7))
    bits->at++;
  bits->at = MIN (bits->at + 2, bits->end);
  bits->n = 0;
}

/* ------------------------------------------------------------------ blocks */

/* @run: blocks that have nothing more */
typedef struct
{
  PmtJpeg *jpeg;
  const PmtJpegScan *scan;
  Bits bits;
  guint run;
} Reader;

static void
read_mean (Reader *reader, guint i)
{
  Bits *bits = &reader->bits;

  if (reader->scan->high > 0)
    skip (bits, 1);
  else
    skip (bits, take_code (bits, &reader->jpeg->codes[0][reader->scan->dc[i]]));
}

/* T.81, F.2.2.2 */
static void
read_others (Reader *reader, guint i)
{
  const PmtJpegCodes *codes = &reader->jpeg->codes[1][reader->scan->ac[i]];
  Bits *bits = &reader->bits;

  for (guint k = 1; k < N_COEFFICIENTS && !bits->is_over; k++)
    {
      const guint symbol = take_code (bits, codes);

      if ((symbol & 15) == 0 && symbol >> 4 != 15)
        return;
      k += symbol >> 4;
      if (k >= N_COEFFICIENTS)
        bits->is_over = TRUE;
      skip (bits, symbol & 15);
    }
}

/* Of a run of blocks, this one is the first. */
static guint
take_run (Bits *bits, guint length)
{
  return (1u << length) + take (bits, length);
}

/* T.81, G.1.2.2 */
static void
read_band (Reader *reader, guint64 *nonzero)
{
  const PmtJpegScan *scan = reader->scan;
  const PmtJpegCodes *codes = &reader->jpeg->codes[1][scan->ac[0]];
  Bits *bits = &reader->bits;

  for (guint k = scan->from;
       k <= scan->to && reader->run == 0 && !bits->is_over; k++)
    {
      const guint symbol = take_code (bits, codes);
      const guint size = symbol & 15;

      if (size == 0 && symbol >> 4 != 15)
        {
          reader->run = take_run (bits, symbol >> 4);
          break;
        }
      k += symbol >> 4;
      if (k > scan->to && size > 0)
        bits->is_over = TRUE;
      else if (size > 0)
        *nonzero |= (guint64)1 << k;
      skip (bits, size);
    }
  if (reader->run > 0)
    reader->run--;
}

/* One bit more of each coefficient that is not 0, until @n_zeros others and one
 * more were passed.  Returns: where that one is. */
static guint
refine (Reader *reader, guint64 nonzero, guint k, guint n_zeros)
{
  for (; k <= reader->scan->to; k++)
    if ((nonzero >> k & 1) != 0)
      skip (&reader->bits, 1);
    else if (n_zeros-- == 0)
      break;
  return k;
}

/* T.81, G.1.2.3 */
static void
refine_band (Reader *reader, guint64 *nonzero)
{
  const PmtJpegScan *scan = reader->scan;
  const PmtJpegCodes *codes = &reader->jpeg->codes[1][scan->ac[0]];
  Bits *bits = &reader->bits;
  guint k = scan->from;

  for (; k <= scan->to && reader->run == 0 && !bits->is_over; k++)
    {
      const guint symbol = take_code (bits, codes);
      const guint size = symbol & 15;

      if (size == 0 && symbol >> 4 != 15)
        {
          reader->run = take_run (bits, symbol >> 4);
          break;
        }
      if (size > 0)
        skip (bits, 1);
      k = refine (reader, *nonzero, k, symbol >> 4);
      if (size > 0 && k > scan->to)
        bits->is_over = TRUE;
      else if (size > 0)
        *nonzero |= (guint64)1 << k;
    }
  if (reader->run == 0)
    return;
  refine (reader, *nonzero, k, G_MAXUINT);
  reader->run--;
}

static void
read_block (Reader *reader, guint i, guint64 at)
{
  const PmtJpegScan *scan = reader->scan;

  if (scan->from == 0)
    read_mean (reader, i);
  if (reader->jpeg->frame != 0xc2)
    read_others (reader, i);
  else if (scan->from > 0 && scan->high == 0)
    read_band (reader, scan->components[0]->nonzero + at);
  else if (scan->from > 0)
    refine_band (reader, scan->components[0]->nonzero + at);
}

static void
read_unit (Reader *reader, guint64 at)
{
  const PmtJpegScan *scan = reader->scan;

  for (guint i = 0; i < scan->n; i++)
    {
      const PmtJpegComponent *component = scan->components[i];
      const guint n = scan->n > 1 ? component->h * component->v : 1;

      for (guint k = 0; k < n && !reader->bits.is_over; k++)
        read_block (reader, i, at);
    }
}

/* -------------------------------------------------------------------- scan */

gboolean
pmt_jpeg_check_scan (PmtJpeg *jpeg, const PmtJpegScan *scan, PmtCursor coded)
{
  Reader reader = { .jpeg = jpeg,
                    .scan = scan,
                    .bits = { coded.at, coded.at + coded.left, 0, 0, FALSE } };
  PmtJpegComponent *first = scan->components[0];
  guint columns, rows;
  guint64 n;

  pmt_jpeg_scan_size (jpeg, scan, &columns, &rows);
  n = (guint64)columns * rows;
  if (scan->from > 0 && first->nonzero == NULL)
    first->nonzero = g_try_new0 (guint64, n);
  if (scan->from > 0 && first->nonzero == NULL)
    return FALSE;
  for (guint64 at = 0; at < n && !reader.bits.is_over; at++)
    {
      if (jpeg->interval > 0 && at > 0 && at % jpeg->interval == 0)
        {
          restart (&reader.bits);
          reader.run = 0;
        }
      read_unit (&reader, at);
    }
  return !reader.bits.is_over;
}

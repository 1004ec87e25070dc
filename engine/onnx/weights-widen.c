/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights-widen.c: values of the types that files have, as floats. */
#include "config.h"

#include <string.h>
#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_F16C
#include <immintrin.h>
#endif

#include "onnx/weights-private.h"

gfloat
pmt_half_to_float (guint16 half)
{
  const guint32 sign = (guint32)(half & 0x8000) << 16;
  const guint32 exponent = half >> 10 & 0x1f;
  const guint32 mantissa = half & 0x3ff;
  guint32 bits;
  gfloat value;

  if (exponent == 0)
    {
      /* Subnormal: mantissa times 2^-24, exact in single precision. */
      value = (gfloat)mantissa * 0x1p-24f;
      return sign != 0 ? -value : value;
    }
  if (exponent == 0x1f)
    bits = sign | 0x7f800000 | mantissa << 13;
  else
    bits = sign | (exponent + 112) << 23 | mantissa << 13;
  memcpy (&value, &bits, sizeof value);
  return value;
}

gfloat
pmt_bfloat_to_float (guint16 bfloat)
{
  const guint32 bits = (guint32)bfloat << 16;
  gfloat value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* Values that are widened at once: loops of a fixed length become vector
 * instructions. */
#define LANES 32

/* pmt_half_to_float() without branches. */
static void
widen_halfs (const guint16 *halfs, guint32 *bits)
{
  for (gint i = 0; i < LANES; i++)
    {
      const guint32 half = GUINT16_FROM_LE (halfs[i]);
      const guint32 rest = half & 0x7fff;
      const gfloat small = (gfloat)(gint32)rest * 0x1p-24f;
      const guint32 normal =
          (rest << 13) + (rest >= 0x7c00 ? 0x70000000u : 0x38000000u);
      guint32 subnormal;

      memcpy (&subnormal, &small, sizeof subnormal);
      bits[i] = (half & 0x8000) << 16 | (rest < 0x400 ? subnormal : normal);
    }
}

static void
widen_bfloats (const guint16 *bfloats, guint32 *bits)
{
  for (gint i = 0; i < LANES; i++)
    bits[i] = (guint32)GUINT16_FROM_LE (bfloats[i]) << 16;
}

#ifdef HAS_F16C
/* Past the caches, which need not read first what is written over. */
__attribute__ ((target ("avx,f16c"))) static gsize
widen_past (const guint8 *bytes, gsize n, gfloat *values)
{
  gsize i = 0;

  for (; i + 8 <= n; i += 8)
    _mm256_stream_ps (values + i, _mm256_cvtph_ps (_mm_loadu_si128 (
                                      (const __m128i *)(bytes + 2 * i))));
  _mm_sfence ();
  return i;
}

/* The processor's own: the opening of a large checkpoint waits for this, and
 * each pass where memory is to be saved. */
__attribute__ ((target ("avx,f16c"))) static gsize
widen_fast (const guint8 *bytes, gsize n, gboolean is_large, gfloat *values)
{
  gsize i = 0;

  if (is_large && (gsize)values % sizeof (__m256) == 0)
    return widen_past (bytes, n, values);
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps (values + i, _mm256_cvtph_ps (_mm_loadu_si128 (
                                      (const __m128i *)(bytes + 2 * i))));
  return i;
}
#endif

/* Returns: how many of the first values are done. */
static gsize
widen_first (PmtWeightType type,
             const guint8 *bytes,
             gsize n,
             gboolean is_large,
             gfloat *values)
{
#ifdef HAS_F16C
  if (type == PMT_WEIGHT_FLOAT16 && __builtin_cpu_supports ("f16c"))
    return widen_fast (bytes, n, is_large, values);
#endif
  return 0;
}

/* @bytes: [@n] values as the file has them, little-endian. */
static void
widen_16 (PmtWeightType type,
          const guint8 *bytes,
          gsize n,
          gboolean is_large,
          gfloat *values)
{
  for (gsize i = widen_first (type, bytes, n, is_large, values); i < n;
       i += LANES)
    {
      const gsize part = MIN (LANES, n - i);
      guint16 narrow[LANES] = { 0 };
      guint32 wide[LANES];

      memcpy (narrow, bytes + 2 * i, 2 * part);
      if (type == PMT_WEIGHT_FLOAT16)
        widen_halfs (narrow, wide);
      else
        widen_bfloats (narrow, wide);
      memcpy (values + i, wide, 4 * part);
    }
}

static void
widen (PmtWeightType type, const guint8 *octets, gsize n, gfloat *values)
{
  for (gsize i = 0; i < n; i++)
    {
      guint64 wide;
      gint64 integer;
      gdouble real;

      switch (type)
        {
        case PMT_WEIGHT_FLOAT64:
          memcpy (&wide, octets + 8 * i, sizeof wide);
          wide = GUINT64_FROM_LE (wide);
          memcpy (&real, &wide, sizeof real);
          values[i] = (gfloat)real;
          break;
        case PMT_WEIGHT_INT64:
          memcpy (&integer, octets + 8 * i, sizeof integer);
          values[i] = (gfloat)GINT64_FROM_LE (integer);
          break;
        default:
          values[i] = octets[i];
        }
    }
}

void
pmt_weights_widen (PmtWeightType type,
                   const guint8 *bytes,
                   gsize n,
                   gboolean is_large,
                   gfloat *values)
{
  if (type == PMT_WEIGHT_FLOAT16 || type == PMT_WEIGHT_BFLOAT16)
    widen_16 (type, bytes, n, is_large, values);
  else
    widen (type, bytes, n, values);
}

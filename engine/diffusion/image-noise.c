/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "diffusion/image-noise.h"

#include <math.h>
#include <string.h>

#define MAX_INDEX 4096

/* Sums that torch keeps at once. */
#define LANES 4

struct _PmtImageNoise
{
  PmtImageNoiseOptions options;
  PmtNoise **generators;
  gsize size;
  gboolean is_started;
};

static void
seed_generators (PmtImageNoise *noise, guint64 seed)
{
  for (guint i = 0; i < noise->options.n_images; i++)
    {
      g_clear_pointer (&noise->generators[i], pmt_noise_free);
      noise->generators[i] = pmt_noise_new (noise->options.kind, seed + i);
    }
}

PmtImageNoise *
pmt_image_noise_new (const PmtImageNoiseOptions *options)
{
  PmtImageNoise *noise;

  g_return_val_if_fail (options->n_images >= 1, NULL);
  g_return_val_if_fail (options->channels >= 1 && options->height >= 1
                            && options->width >= 1,
                        NULL);
  noise = g_new0 (PmtImageNoise, 1);
  noise->options = *options;
  noise->size =
      (gsize)options->channels * (gsize)options->height * (gsize)options->width;
  noise->generators = g_new0 (PmtNoise *, options->n_images);
  seed_generators (noise, options->seed);
  return noise;
}

void
pmt_image_noise_free (PmtImageNoise *noise)
{
  if (!noise)
    return;
  for (guint i = 0; i < noise->options.n_images; i++)
    pmt_noise_free (noise->generators[i]);
  g_free (noise->generators);
  g_free (noise);
}

gsize
pmt_image_noise_size (const PmtImageNoise *noise)
{
  return noise->size * noise->options.n_images;
}

/* Half of a difference, rounded down. */
static gint
half_down (gint difference)
{
  return difference >= 0 ? difference / 2 : -((1 - difference) / 2);
}

typedef struct
{
  gint from;
  gint to;
  gint length;
} Overlap;

/* How a side of the composition lies in a side of the latent. */
static Overlap
overlap (gint from, gint to)
{
  gint d = half_down (to - from);

  if (d >= 0)
    return (Overlap){ 0, d, from };
  return (Overlap){ -d, 0, MAX (from + 2 * d, 0) };
}

/* Puts the middle of a latent of another size into @values. */
static void
place (const PmtImageNoiseOptions *o, const gfloat *from, gfloat *values)
{
  Overlap y = overlap (o->resize_height, o->height);
  Overlap x = overlap (o->resize_width, o->width);

  for (gint c = 0; c < o->channels; c++)
    for (gint i = 0; i < y.length; i++)
      {
        gsize row = (gsize)c * (gsize)o->resize_height + (gsize)(y.from + i);
        gsize into = (gsize)c * (gsize)o->height + (gsize)(y.to + i);

        memcpy (values + into * (gsize)o->width + (gsize)x.to,
                from + row * (gsize)o->resize_width + (gsize)x.from,
                (gsize)x.length * sizeof (gfloat));
      }
}

/* With a size to keep the composition of, that is drawn by a generator of its
 * own, and the image's generator fills what it does not reach. */
static void
draw_first (PmtImageNoise *noise, guint image, gfloat *values)
{
  const PmtImageNoiseOptions *o = &noise->options;
  gboolean is_resized =
      o->resize_height > 0 && o->resize_width > 0
      && (o->resize_height != o->height || o->resize_width != o->width);
  gint height = is_resized ? o->resize_height : o->height;
  gint width = is_resized ? o->resize_width : o->width;
  gsize n = (gsize)o->channels * (gsize)height * (gsize)width;
  g_autofree gfloat *start = g_new (gfloat, n);

  if (is_resized)
    {
      g_autoptr (PmtNoise) own = pmt_noise_new (o->kind, o->seed + image);
      pmt_noise_fill (own, start, n);
    }
  else
    pmt_noise_fill (noise->generators[image], start, n);
  if (o->subseed_strength != 0.0)
    {
      g_autoptr (PmtNoise) other = pmt_noise_new (o->kind, o->subseed + image);
      g_autofree gfloat *variation = g_new (gfloat, n);

      pmt_noise_fill (other, variation, n);
      pmt_slerp (o->subseed_strength, start, variation, o->channels, height,
                 width, start);
    }
  if (is_resized)
    {
      pmt_noise_fill (noise->generators[image], values, noise->size);
      place (o, start, values);
    }
  else
    memcpy (values, start, n * sizeof (gfloat));
}

void
pmt_image_noise_next (PmtImageNoise *noise, gfloat *values)
{
  for (guint i = 0; i < noise->options.n_images; i++)
    {
      gfloat *image = values + i * noise->size;

      if (noise->is_started)
        pmt_noise_fill (noise->generators[i], image, noise->size);
      else
        draw_first (noise, i, image);
    }
  if (!noise->is_started && noise->options.eta_delta != 0)
    seed_generators (noise,
                     noise->options.seed + (guint64)noise->options.eta_delta);
  noise->is_started = TRUE;
}

void
pmt_image_noise_batch (
    guint64 seed, const guint *indices, guint n_images, gfloat *values, gsize n)
{
  g_autoptr (PmtNoise) noise = pmt_noise_new (PMT_NOISE_CPU, seed);
  g_autofree gfloat *draw = NULL;
  guint last = 0;

  if (!indices)
    {
      pmt_noise_fill (noise, values, n * n_images);
      return;
    }
  for (guint i = 0; i < n_images; i++)
    last = MAX (last, indices[i]);
  g_return_if_fail (last < MAX_INDEX);
  draw = g_new (gfloat, n);
  for (guint k = 0; k <= last; k++)
    {
      pmt_noise_fill (noise, draw, n);
      for (guint i = 0; i < n_images; i++)
        if (indices[i] == k)
          memcpy (values + i * n, draw, n * sizeof (gfloat));
    }
}

static gfloat
column_norm (const gfloat *column, gint height, gint width)
{
  gfloat sum = 0.0f;

  for (gint y = 0; y < height; y++)
    {
      gfloat value = column[(gsize)y * (gsize)width];
      sum += value * value;
    }
  return sqrtf (sum);
}

/* Cosine of the angle between two columns.  In float as the program, since
 * its rounding grows where columns are almost opposite; and torch adds up
 * every fourth value, those beyond the last four with the first. */
static gfloat
cosine (const gfloat *low, const gfloat *high, gint height, gint width)
{
  gfloat a = column_norm (low, height, width);
  gfloat b = column_norm (high, height, width);
  gfloat sums[LANES] = { 0.0f };
  gint n_full = height / LANES * LANES;

  if (a == 0.0f || b == 0.0f)
    return 1.0f;
  for (gint y = 0; y < height; y++)
    {
      gsize at = (gsize)y * (gsize)width;
      sums[y < n_full ? y % LANES : 0] += low[at] / a * (high[at] / b);
    }
  return CLAMP (sums[0] + sums[1] + sums[2] + sums[3], -1.0f, 1.0f);
}

static void
turn (gdouble t,
      gfloat dot,
      const gfloat *low,
      const gfloat *high,
      gint height,
      gint width,
      gfloat *values)
{
  gfloat omega = (gfloat)acos (dot), so = (gfloat)sin (omega);
  gfloat a = (gfloat)(1.0 - t), b = (gfloat)t;

  /* Equal directions have nothing to turn. */
  if (so > 0.0f)
    {
      a = (gfloat)sin (a * omega) / so;
      b = (gfloat)sin (b * omega) / so;
    }
  for (gint y = 0; y < height; y++)
    {
      gsize at = (gsize)y * (gsize)width;
      values[at] = a * low[at] + b * high[at];
    }
}

void
pmt_slerp (gdouble t,
           const gfloat *low,
           const gfloat *high,
           gint channels,
           gint height,
           gint width,
           gfloat *values)
{
  gsize plane = (gsize)height * (gsize)width;
  gsize n_columns = (gsize)channels * (gsize)width;
  g_autofree gfloat *dots = g_new (gfloat, n_columns);
  gdouble mean = 0.0;

  for (gsize i = 0; i < n_columns; i++)
    {
      gsize at = i / (gsize)width * plane + i % (gsize)width;

      dots[i] = cosine (low + at, high + at, height, width);
      mean += dots[i] / (gdouble)n_columns;
    }
  if (mean > 0.9995)
    {
      gfloat a = (gfloat)t, b = (gfloat)(1.0 - t);

      for (gsize i = 0; i < plane * (gsize)channels; i++)
        values[i] = low[i] * a + high[i] * b;
      return;
    }
  for (gsize i = 0; i < n_columns; i++)
    {
      gsize at = i / (gsize)width * plane + i % (gsize)width;

      turn (t, dots[i], low + at, high + at, height, width, values + at);
    }
}

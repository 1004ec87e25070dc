/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * probe.c: what a network of the user's is, found out by trying: small
 * pictures go in, and what comes back tells scale, range, the sizes it takes
 * and how far it looks.
 */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "image/image-private.h"
#include "restore/net-private.h"

/* First picture, where the network takes any size. */
#define PROBE_SIDE 64

/* Picture that is changed in its middle, and the longest overlap that can be
 * seen with it. */
#define REACH_SIDE 96

/* What stands in for networks that look further than that. */
#define FAR_OVERLAP 32
#define FAR_BLEND 16

/* Beyond what was seen: dead units may wake up elsewhere. */
#define SPARE_OVERLAP 2
#define NEAR_BLEND 8

/* Changes below this are not seen; halves are rounded to 1/2048. */
#define SMALL_CHANGE 1e-4f
#define SMALL_CHANGE_HALF 4e-3f

/* Mean difference between a ramp and what a restorer makes of it. */
#define GOOD_RESEMBLANCE 0.1
#define POOR_RESEMBLANCE 0.35

/* Nothing is known of what a network takes; ESRGAN takes about this much. */
#define UNKNOWN_BYTES 4096

typedef struct
{
  PmtNet *net;
  GCancellable *cancellable;
} Probe;

static gint
round_up (gint value, gint multiple)
{
  return (value + multiple - 1) / multiple * multiple;
}

static gboolean
apply (const Probe *probe,
       const gfloat *image,
       gint width,
       gint height,
       PmtNetResult *result,
       GError **error)
{
  return pmt_net_apply (probe->net, image, width, height, NULL, result,
                        probe->cancellable, error);
}

/* ------------------------------------------------------------- pictures -- */

/* A ramp from left to right, a little darker to the bottom. */
static gfloat *
ramp_new (gint channels, gint width, gint height)
{
  gfloat *ramp = g_new (gfloat, (gsize)channels * width * height);

  for (gint y = 0; y < channels * height; y++)
    for (gint x = 0; x < width; x++)
      ramp[(gsize)y * width + x] =
          (x + 0.5f) / width * (1.0f - 0.2f * (y % height) / height);
  return ramp;
}

static gfloat *
noise_new (gint channels, gint width, gint height)
{
  const gsize n = (gsize)channels * width * height;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  gfloat *noise = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    noise[i] = (gfloat)g_rand_double_range (rand, 0.2, 0.8);
  return noise;
}

static gboolean
is_finite (const PmtNetResult *result, gint channels)
{
  const gsize n = (gsize)channels * result->width * result->height;

  for (gsize i = 0; i < n; i++)
    if (!isfinite (result->data[i]))
      return FALSE;
  return TRUE;
}

/* Mean of the @scale x @scale pixels of the result that show pixel x, y. */
static gfloat
result_mean (const PmtNetResult *result, gint scale, gint c, gint x, gint y)
{
  gfloat sum = 0.0f;

  for (gint j = 0; j < scale; j++)
    for (gint i = 0; i < scale; i++)
      sum +=
          result
              ->data[((gsize)c * result->height + y * scale + j) * result->width
                     + x * scale + i];
  return sum / (scale * scale);
}

/* Mean difference away from the borders. */
static gdouble
difference (const PmtNet *net,
            const gfloat *image,
            gint width,
            gint height,
            const PmtNetResult *result)
{
  const gint border_x = MIN (8, width / 4);
  const gint border_y = MIN (8, height / 4);
  gdouble sum = 0.0;
  gdouble n = 0.0;

  for (gint c = 0; c < net->info.channels; c++)
    for (gint y = border_y; y < height - border_y; y++)
      for (gint x = border_x; x < width - border_x; x++)
        {
          const gfloat was = image[((gsize)c * height + y) * width + x];

          sum += fabs (result_mean (result, net->info.scale, c, x, y) - was);
          n += 1.0;
        }
  return sum / n;
}

/* ------------------------------------------------------ scale and range -- */

static gboolean
take_scale (PmtNet *net,
            gint width,
            gint height,
            const PmtNetResult *result,
            GError **error)
{
  const gint scale = result->width / width;

  if (scale < 1 || scale > PMT_NET_MAX_SCALE || result->width != scale * width
      || result->height != scale * height)
    {
      pmt_net_fail (net, error,
                    _ ("It makes %d × %d pixels of %d × %d; networks that "
                       "enlarge 1 to %d times, by a whole number, can be "
                       "used."),
                    result->width, result->height, width, height,
                    PMT_NET_MAX_SCALE);
      return FALSE;
    }
  net->info.scale = scale;
  net->info.is_result_nhwc = result->is_nhwc;
  return TRUE;
}

/* Runs the ramp with one range of values. */
static gboolean
try_range (const Probe *probe,
           gint range,
           const gfloat *ramp,
           gint width,
           gint height,
           gdouble *difference_found,
           GError **error)
{
  PmtNet *net = probe->net;
  g_auto (PmtNetResult) result = { 0 };

  net->info.range = range;
  if (!apply (probe, ramp, width, height, &result, error)
      || (net->info.scale == 0
          && !take_scale (net, width, height, &result, error)))
    return FALSE;
  *difference_found = is_finite (&result, net->info.channels)
                          ? difference (net, ramp, width, height, &result)
                          : G_MAXDOUBLE;
  return TRUE;
}

static gboolean
find_range (const Probe *probe, gint width, gint height, GError **error)
{
  PmtNet *net = probe->net;
  g_autofree gfloat *ramp = ramp_new (net->info.channels, width, height);
  gdouble unit = G_MAXDOUBLE;
  gdouble bytes = G_MAXDOUBLE;

  if (net->info.type != PMT_TENSOR_UINT8
      && !try_range (probe, 1, ramp, width, height, &unit, error))
    return FALSE;
  if (unit > GOOD_RESEMBLANCE
      && !try_range (probe, 255, ramp, width, height, &bytes, error))
    return FALSE;
  net->info.range = bytes < unit ? 255 : 1;
  if (MIN (unit, bytes) <= POOR_RESEMBLANCE)
    return TRUE;
  if (MIN (unit, bytes) == G_MAXDOUBLE)
    pmt_net_fail (net, error, _ ("It gives values that are no numbers."));
  else
    pmt_net_fail (net, error,
                  _ ("What it makes of a picture does not resemble it: it is "
                     "no network that enlarges or restores pictures."));
  return FALSE;
}

/* ------------------------------------------------------ layout, if free -- */

static gint
probe_side (gint fixed, gint free)
{
  return fixed > 0 ? fixed : free;
}

/* The shape said nothing: whatever runs first. */
static gboolean
find_layout (const Probe *probe, GError **error)
{
  static const struct
  {
    gint channels;
    gboolean is_nhwc;
  } tries[] = { { 3, FALSE }, { 1, FALSE }, { 3, TRUE }, { 1, TRUE } };
  PmtNet *net = probe->net;
  const gint width = probe_side (net->info.fixed_width, PROBE_SIDE);
  const gint height = probe_side (net->info.fixed_height, PROBE_SIDE);
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      g_autofree gfloat *ramp = ramp_new (tries[i].channels, width, height);
      g_auto (PmtNetResult) result = { 0 };
      g_autoptr (GError) local = NULL;

      net->info.channels = tries[i].channels;
      net->info.is_nhwc = tries[i].is_nhwc;
      if (apply (probe, ramp, width, height, &result, &local))
        return TRUE;
      if (!g_error_matches (local, PMT_ERROR, PMT_ERROR_MODEL) || first == NULL)
        {
          g_clear_error (&first);
          first = g_steal_pointer (&local);
        }
      if (!g_error_matches (first, PMT_ERROR, PMT_ERROR_MODEL))
        break;
    }
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* ---------------------------------------------------------------- sizes -- */

/* Does it take sides that are multiples of @multiple, but of no more? */
static gboolean
takes_multiple (const Probe *probe, gint multiple, GError **error)
{
  static const gint odd_widths[] = { 37, 19, 11, 5, 3, 3, 1 };
  static const gint odd_heights[] = { 41, 17, 13, 7, 5, 3, 1 };
  const PmtNetInfo *info = &probe->net->info;
  const gint k = g_bit_nth_lsf (multiple, -1);
  const gint width = probe_side (info->fixed_width, multiple * odd_widths[k]);
  const gint height =
      probe_side (info->fixed_height, multiple * odd_heights[k]);
  g_autofree gfloat *ramp = ramp_new (info->channels, width, height);
  g_auto (PmtNetResult) result = { 0 };

  return apply (probe, ramp, width, height, &result, error);
}

static gboolean
find_multiple (const Probe *probe, GError **error)
{
  PmtNetInfo *info = &probe->net->info;

  if (info->fixed_width > 0 && info->fixed_height > 0)
    return TRUE;
  for (gint multiple = 1; multiple <= 64; multiple *= 2)
    {
      g_autoptr (GError) local = NULL;

      if (takes_multiple (probe, multiple, &local))
        {
          info->multiple = multiple;
          return TRUE;
        }
      if (!g_error_matches (local, PMT_ERROR, PMT_ERROR_MODEL))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  pmt_net_fail (probe->net, error,
                _ ("It takes no picture with sides that are multiples of 64 "
                   "or less."));
  return FALSE;
}

/* -------------------------------------------------------------- overlap -- */

/* How far from its middle a picture changed, in pixels of the input. */
static gint
find_change (const PmtNet *net,
             const PmtNetResult *before,
             const PmtNetResult *after,
             gint width,
             gint height)
{
  const gfloat small = net->info.type == PMT_TENSOR_FLOAT32
                               && net->info.result_type == PMT_TENSOR_FLOAT32
                           ? SMALL_CHANGE
                           : SMALL_CHANGE_HALF;
  const gint s = net->info.scale;
  gint reach = 0;

  for (gint y = 0; y < before->height * net->info.channels; y++)
    for (gint x = 0; x < before->width; x++)
      {
        const gsize i = (gsize)y * before->width + x;
        const gint dx = ABS (x / s - width / 2);
        const gint dy = ABS (y % before->height / s - height / 2);

        if (fabsf (before->data[i] - after->data[i]) > small)
          reach = MAX (reach, MAX (dx, dy));
      }
  return reach;
}

static void
change_middle (gfloat *image, gint channels, gint width, gint height)
{
  for (gint c = 0; c < channels; c++)
    for (gint y = height / 2; y < height / 2 + 2; y++)
      for (gint x = width / 2; x < width / 2 + 2; x++)
        image[((gsize)c * height + y) * width + x] = c % 2 ? 0.0f : 1.0f;
}

static gboolean
find_overlap (const Probe *probe, GError **error)
{
  PmtNetInfo *info = &probe->net->info;
  const gint side = round_up (REACH_SIDE, info->multiple);
  const gint width = probe_side (info->fixed_width, side);
  const gint height = probe_side (info->fixed_height, side);
  const gint farthest = MIN (width, height) / 2 - 3;
  g_autofree gfloat *image = noise_new (info->channels, width, height);
  g_auto (PmtNetResult) before = { 0 };
  g_auto (PmtNetResult) after = { 0 };
  gint64 start;
  gint reach;

  if (!apply (probe, image, width, height, &before, error))
    return FALSE;
  change_middle (image, info->channels, width, height);
  start = g_get_monotonic_time ();
  if (!apply (probe, image, width, height, &after, error))
    return FALSE;
  info->seconds_per_pixel =
      (g_get_monotonic_time () - start) / 1e6 / ((gdouble)width * height);
  reach = find_change (probe->net, &before, &after, width, height);
  info->overlap = reach < farthest ? reach + SPARE_OVERLAP : FAR_OVERLAP;
  info->blend = reach < farthest ? NEAR_BLEND : FAR_BLEND;
  return TRUE;
}

gboolean
pmt_net_probe (PmtNet *net, GCancellable *cancellable, GError **error)
{
  const Probe probe = { net, cancellable };
  PmtNetInfo *info = &net->info;

  info->bytes_per_pixel = UNKNOWN_BYTES;
  return (info->channels > 0 || find_layout (&probe, error))
         && find_range (&probe, probe_side (info->fixed_width, PROBE_SIDE),
                        probe_side (info->fixed_height, PROBE_SIDE), error)
         && find_multiple (&probe, error) && find_overlap (&probe, error);
}

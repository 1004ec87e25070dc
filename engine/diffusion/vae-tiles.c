/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-tiles.c: pictures of any size through an autoencoder. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "diffusion/vae-private.h"

/* In latent pixels: how far tiles overlap, and how much of that at their
 * edges is not used, since the network's zeros behind the edge are felt. */
#define OVERLAP 16
#define MARGIN 3

/* Tiles begin so far apart that no two fades touch. */
#define MIN_TILE (OVERLAP + 12)

/* Without a limit: enough for 512x512 pixels of a full-size autoencoder in
 * one go. */
#define DEFAULT_MEMORY ((guint64)3 << 30)

/* One direction, in latent pixels: @n tiles of @size. */
typedef struct
{
  gint length;
  gint n;
  gint size;
  gboolean wraps; /* the last tile goes on at the start */
} Axis;

static Axis
axis_make (gint length, gint n, gboolean is_seamless)
{
  Axis axis = { length, n, length, is_seamless && n > 1 };

  if (axis.wraps)
    axis.size = (length + n - 1) / n + OVERLAP;
  else if (n > 1)
    axis.size = (length + (n - 1) * OVERLAP + n - 1) / n;
  return axis;
}

static gint
axis_start (const Axis *axis, gint i)
{
  const gint64 span = axis->wraps ? axis->length : axis->length - axis->size;
  const gint64 steps = axis->wraps ? axis->n : MAX (axis->n - 1, 1);

  return (gint)(span * i / steps);
}

/* Of the pixel @x behind the start of tile @i, both in latent pixels: 0 to 1
 * where the tile before fades out. */
static gdouble
rise (const Axis *axis, gint i, gdouble x)
{
  gint before;
  gdouble overlap;
  gdouble t;

  if (i == 0 && !axis->wraps)
    return 1;
  before = i > 0 ? axis_start (axis, i - 1)
                 : axis_start (axis, axis->n - 1) - axis->length;
  overlap = before + axis->size - axis_start (axis, i);
  t = CLAMP ((x - MARGIN) / (overlap - 2 * MARGIN), 0, 1);
  return t * t * (3 - 2 * t);
}

/* Weight of a pixel of tile @i; those of all tiles add up to 1. */
static gdouble
weigh (const Axis *axis, gint i, gdouble x)
{
  const gint next = (i + 1) % axis->n;
  gint distance;

  if (axis->n == 1)
    return 1;
  if (i == axis->n - 1 && !axis->wraps)
    return rise (axis, i, x);
  distance = axis_start (axis, next) - axis_start (axis, i);
  if (distance <= 0)
    distance += axis->length;
  return rise (axis, i, x) * (1 - rise (axis, next, x - distance));
}

/* (transfer full): weights of the @n output pixels of tile @i. */
static gfloat *
make_weights (const Axis *axis, gint i, gint scale)
{
  const gint n = axis->size * scale;
  gfloat *weights = g_new (gfloat, n);

  for (gint x = 0; x < n; x++)
    weights[x] = (gfloat)weigh (axis, i, (x + 0.5) / scale);
  return weights;
}

static guint64
estimate (const PmtVaeJob *job, gint64 area)
{
  const guint64 factor = (guint64)pmt_vae_get_factor (job->vae);
  const guint64 pixels = (guint64)area * factor * factor;

  /* In the middle each latent pixel looks at each. */
  return job->half->fixed_bytes + pixels * job->half->bytes_per_pixel
         + (job->vae->checkpoint != NULL
                ? 2 * sizeof (gfloat) * (guint64)area * (guint64)area
                : 0);
}

/* The fewest pixels seen in all tiles, within @limit for each. */
static gboolean
plan (const PmtVaeJob *job, guint64 limit, Axis *best_x, Axis *best_y)
{
  const gboolean is_seamless = job->vae->options.is_seamless;
  gint64 least = G_MAXINT64;

  for (gint ny = 1; ny <= MAX (1, job->height / 8); ny++)
    for (gint nx = 1; nx <= MAX (1, job->width / 8); nx++)
      {
        const Axis x = axis_make (job->width, nx, is_seamless);
        const Axis y = axis_make (job->height, ny, is_seamless);
        const gint64 area = (gint64)x.size * y.size;
        const gboolean is_small =
            (nx > 1 && (x.size < MIN_TILE || x.size > job->width))
            || (ny > 1 && (y.size < MIN_TILE || y.size > job->height));

        if (is_small || area * nx * ny >= least
            || (limit > 0 && estimate (job, area) > limit))
          continue;
        least = area * nx * ny;
        *best_x = x;
        *best_y = y;
      }
  return least < G_MAXINT64;
}

static gboolean
fail_memory (const PmtVaeJob *job, guint64 limit, GError **error)
{
  g_autofree gchar *need = g_format_size (estimate (job, MIN_TILE * MIN_TILE));
  g_autofree gchar *have = g_format_size (limit);

  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("The autoencoder (VAE) of “%s” needs about %s of memory "
                  "even in small tiles, and %s may be used. Close other "
                  "programs and try again."),
               job->vae->name, need, have);
  return FALSE;
}

/* Row by row; what lies beyond the end goes on at the start. */
static void
cut (const PmtVaeJob *job,
     gint scale,
     gint left,
     gint top,
     const Axis *x,
     const Axis *y,
     gfloat *tile)
{
  const gsize width = (gsize)(job->width * scale);
  const gsize height = (gsize)(job->height * scale);
  const gsize n = (gsize)(x->size * scale);
  const gsize start = (gsize)(left * scale);
  const gsize first = MIN (n, width - start);

  for (gint c = 0; c < job->in_channels; c++)
    for (gint r = 0; r < y->size * scale; r++, tile += n)
      {
        const gfloat *row =
            job->in
            + ((gsize)c * height + (gsize)(top * scale + r) % height) * width;

        memcpy (tile, row + start, first * sizeof (gfloat));
        memcpy (tile + first, row, (n - first) * sizeof (gfloat));
      }
}

typedef struct
{
  gint left; /* of the tile, in latent pixels */
  gint top;
  const gfloat *weights_x;
  const gfloat *weights_y;
} Spot;

static void
paste (const PmtVaeJob *job,
       gint scale,
       const Spot *spot,
       const Axis *x,
       const Axis *y,
       const gfloat *tile)
{
  const gsize width = (gsize)(job->width * scale);
  const gsize height = (gsize)(job->height * scale);
  const gsize n = (gsize)(x->size * scale);
  const gsize start = (gsize)(spot->left * scale);

  for (gint c = 0; c < job->out_channels; c++)
    for (gint r = 0; r < y->size * scale; r++, tile += n)
      {
        gfloat *row =
            job->out
            + ((gsize)c * height + (gsize)(spot->top * scale + r) % height)
                  * width;

        for (gsize i = 0; i < n; i++)
          row[(start + i) % width] +=
              spot->weights_x[i] * spot->weights_y[r] * tile[i];
      }
}

static gboolean
check_output (const PmtVaeJob *job,
              const PmtTensor *output,
              gint height,
              gint width,
              GError **error)
{
  const gint64 dims[] = { 1, job->out_channels, height, width };

  if (output->type == PMT_TENSOR_FLOAT32 && output->rank == 4
      && memcmp (output->dims, dims, sizeof dims) == 0)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The autoencoder (VAE) of “%s” gave a result of another "
                  "size than expected. Choose another autoencoder."),
               job->vae->name);
  return FALSE;
}

/* @data: [in_channels, @height, @width] in latent pixels, times the scale of
 * the input. */
static gboolean
run_network (const PmtVaeJob *job,
             const gfloat *data,
             gint height,
             gint width,
             PmtTensor *output,
             GError **error)
{
  const gint factor = pmt_vae_get_factor (job->vae);
  const gint in_scale = job->side == PMT_VAE_DECODER ? 1 : factor;
  const gint out_scale = job->side == PMT_VAE_DECODER ? factor : 1;
  const PmtTensor input = { .name = job->half->input,
                            .type = PMT_TENSOR_FLOAT32,
                            .rank = 4,
                            .dims = { 1, job->in_channels, height * in_scale,
                                      width * in_scale },
                            .data = (gpointer)data };

  *output = (PmtTensor){ .name = job->half->output };
  if (!pmt_session_run (job->half->session, &input, 1, output, 1,
                        job->cancellable, error))
    return FALSE;
  if (check_output (job, output, height * out_scale, width * out_scale, error))
    return TRUE;
  pmt_tensor_clear (output);
  return FALSE;
}

static gboolean
run_whole (const PmtVaeJob *job, GError **error)
{
  const gint factor =
      job->side == PMT_VAE_DECODER ? pmt_vae_get_factor (job->vae) : 1;
  PmtTensor output;

  if (!run_network (job, job->in, job->height, job->width, &output, error))
    return FALSE;
  memcpy (job->out, output.data,
          (gsize)job->out_channels * (gsize)(job->height * factor)
              * (gsize)(job->width * factor) * sizeof (gfloat));
  pmt_tensor_clear (&output);
  return TRUE;
}

static gboolean
run_tile (const PmtVaeJob *job,
          const Axis *x,
          const Axis *y,
          gint column,
          gint row,
          gfloat *tile,
          GError **error)
{
  const gint factor = pmt_vae_get_factor (job->vae);
  const gboolean is_decoder = job->side == PMT_VAE_DECODER;
  const gint out_scale = is_decoder ? factor : 1;
  g_autofree gfloat *weights_x = make_weights (x, column, out_scale);
  g_autofree gfloat *weights_y = make_weights (y, row, out_scale);
  const Spot spot = { axis_start (x, column), axis_start (y, row), weights_x,
                      weights_y };
  PmtTensor output;

  cut (job, is_decoder ? 1 : factor, spot.left, spot.top, x, y, tile);
  if (!run_network (job, tile, y->size, x->size, &output, error))
    return FALSE;
  paste (job, out_scale, &spot, x, y, output.data);
  pmt_tensor_clear (&output);
  return TRUE;
}

static gboolean
run_tiles (const PmtVaeJob *job, const Axis *x, const Axis *y, GError **error)
{
  const gint factor = pmt_vae_get_factor (job->vae);
  const gsize in_scale = job->side == PMT_VAE_DECODER ? 1 : (gsize)factor;
  const gsize out_scale = job->side == PMT_VAE_DECODER ? (gsize)factor : 1;
  g_autofree gfloat *tile =
      g_new (gfloat, (gsize)job->in_channels * (gsize)x->size * in_scale
                         * (gsize)y->size * in_scale);

  memset (job->out, 0,
          (gsize)job->out_channels * (gsize)job->height * out_scale
              * (gsize)job->width * out_scale * sizeof (gfloat));
  for (gint i = 0; i < x->n * y->n; i++)
    {
      if (g_cancellable_set_error_if_cancelled (job->cancellable, error)
          || !run_tile (job, x, y, i % x->n, i / x->n, tile, error))
        return FALSE;
      if (job->progress != NULL)
        job->progress ((i + 1.0) / (x->n * y->n), job->data);
    }
  return TRUE;
}

static gboolean
run_within (const PmtVaeJob *job, guint64 limit, GError **error)
{
  Axis x;
  Axis y;

  if (!plan (job, limit, &x, &y))
    return fail_memory (job, limit, error);
  if (x.n > 1 || y.n > 1)
    return run_tiles (job, &x, &y, error);
  if (!run_whole (job, error))
    return FALSE;
  if (job->progress != NULL)
    job->progress (1, job->data);
  return TRUE;
}

gboolean
pmt_vae_run (const PmtVaeJob *job, GError **error)
{
  const guint64 memory =
      job->vae->options.memory > 0 ? job->vae->options.memory : DEFAULT_MEMORY;
  g_autoptr (GError) first = NULL;
  guint64 whole;

  if (run_within (job, memory, &first))
    return TRUE;
  /* The estimate was too low, or others took the memory meanwhile. */
  whole = estimate (job, MIN_TILE * MIN_TILE);
  if (g_error_matches (first, PMT_ERROR, PMT_ERROR_MEMORY) && whole < memory)
    return run_within (job, MAX (whole, memory / 3), error);
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

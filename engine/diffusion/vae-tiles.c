/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-tiles.c: pictures of any size through an autoencoder. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "diffusion/vae-private.h"

/* In latent pixels: how far tiles overlap, and how much of that at their
 * edges is not used, since the network's zeros behind the edge are felt.  The
 * tail of a decoder feels them 2.75 latent pixels far. */
#define OVERLAP 16
#define TAIL_OVERLAP 8
#define MARGIN 3

/* Tiles begin so far apart that no two fades touch. */
#define MIN_STEP 12

/* Rounds over all tiles when their norms are shared. */
#define SHARED_ROUNDS 2

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
axis_make (gint length, gint n, gint overlap, gboolean is_seamless)
{
  Axis axis = { length, n, length, is_seamless && n > 1 };

  if (axis.wraps)
    axis.size = (length + n - 1) / n + overlap;
  else if (n > 1)
    axis.size = (length + (n - 1) * overlap + n - 1) / n;
  return axis;
}

static gboolean
axis_is_sound (const Axis *axis, gint overlap)
{
  return axis->n == 1
         || (axis->size >= overlap + MIN_STEP && axis->size <= axis->length);
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

/* Tiles with shared norms have the tail's weights once more, and their norms
 * keep more values at once: 7.7 KB a pixel of a full-size autoencoder. */
static guint64
estimate (const PmtVaeJob *job, gint64 area, gboolean is_tiled)
{
  const guint64 factor = (guint64)pmt_vae_get_factor (job->vae);
  const guint64 bytes =
      (guint64)area * factor * factor * job->half->bytes_per_pixel;
  const guint64 fixed = job->half->fixed_bytes;

  return is_tiled && job->is_shared ? fixed + fixed / 4 + bytes / 5 * 8
                                    : fixed + bytes;
}

static guint64
estimate_least (const PmtVaeJob *job)
{
  const gint side = job->overlap + MIN_STEP;

  return estimate (job, side * side, TRUE);
}

/* The fewest pixels seen in all tiles, within @limit for each. */
static gboolean
plan (const PmtVaeJob *job, guint64 limit, Axis *best_x, Axis *best_y)
{
  const gboolean is_seamless = job->vae->options.is_seamless;
  gint64 least = G_MAXINT64;

  for (gint ny = 1; ny <= MAX (1, job->height / MIN_STEP); ny++)
    for (gint nx = 1; nx <= MAX (1, job->width / MIN_STEP); nx++)
      {
        const Axis x = axis_make (job->width, nx, job->overlap, is_seamless);
        const Axis y = axis_make (job->height, ny, job->overlap, is_seamless);
        const gint64 area = (gint64)x.size * y.size;

        if (!axis_is_sound (&x, job->overlap)
            || !axis_is_sound (&y, job->overlap) || area * nx * ny >= least
            || estimate (job, area, nx * ny > 1) > limit)
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
  g_autofree gchar *need = g_format_size (estimate_least (job));
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
     gint left,
     gint top,
     const Axis *x,
     const Axis *y,
     gfloat *tile)
{
  const gint scale = job->in_scale;
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
       const Spot *spot,
       const Axis *x,
       const Axis *y,
       const gfloat *tile)
{
  const gint scale = job->out_scale;
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

/* One network; @height and @width of the input and the output in pixels. */
typedef struct
{
  PmtSession *session;
  const gchar *input;
  const gchar *output;
  gint in_channels;
  gint in_scale;
  gint out_channels;
  gint out_scale;
} Step;

static gboolean
check_output (const PmtVaeJob *job,
              const PmtTensor *output,
              const gint64 *dims,
              GError **error)
{
  if (output->type == PMT_TENSOR_FLOAT32 && output->rank == 4
      && memcmp (output->dims, dims, 4 * sizeof *dims) == 0)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The autoencoder (VAE) of “%s” gave a result of another "
                  "size than expected. Choose another autoencoder."),
               job->vae->name);
  return FALSE;
}

/* @height, @width: in latent pixels. */
static gboolean
run_step (const PmtVaeJob *job,
          const Step *step,
          const gfloat *data,
          gint height,
          gint width,
          PmtTensor *output,
          GError **error)
{
  const PmtTensor input = { .name = step->input,
                            .type = PMT_TENSOR_FLOAT32,
                            .rank = 4,
                            .dims = { 1, step->in_channels,
                                      height * step->in_scale,
                                      width * step->in_scale },
                            .data = (gpointer)data };
  const gint64 dims[] = { 1, step->out_channels, height * step->out_scale,
                          width * step->out_scale };

  *output = (PmtTensor){ .name = step->output };
  if (!pmt_session_run (step->session, &input, 1, output, 1, job->cancellable,
                        error))
    return FALSE;
  if (check_output (job, output, dims, error))
    return TRUE;
  pmt_tensor_clear (output);
  return FALSE;
}

static gboolean
run_head (const PmtVaeJob *job,
          const gfloat *data,
          gint height,
          gint width,
          PmtTensor *output,
          GError **error)
{
  const PmtVaeHalf *half = job->half;
  const Step step = { half->head,       half->input,   half->output,
                      job->in_channels, job->in_scale, half->head_channels,
                      half->head_scale };

  return run_step (job, &step, data, height, width, output, error);
}

/* Of all of the picture or of a tile. */
static gboolean
run_network (const PmtVaeJob *job,
             const gfloat *data,
             gint height,
             gint width,
             PmtTensor *output,
             GError **error)
{
  const PmtVaeHalf *half = job->half;
  Step step = { half->session,    half->input,   half->output,
                job->in_channels, job->in_scale, job->out_channels,
                job->out_scale };
  PmtTensor middle;
  gboolean is_done;

  if (!job->needs_head)
    return run_step (job, &step, data, height, width, output, error);
  if (!run_head (job, data, height, width, &middle, error))
    return FALSE;
  step.in_channels = half->head_channels;
  step.in_scale = half->head_scale;
  is_done = run_step (job, &step, middle.data, height, width, output, error);
  pmt_tensor_clear (&middle);
  return is_done;
}

static gsize
count_out (const PmtVaeJob *job)
{
  return (gsize)job->out_channels * (gsize)(job->height * job->out_scale)
         * (gsize)(job->width * job->out_scale);
}

static gboolean
run_whole (const PmtVaeJob *job, GError **error)
{
  PmtTensor output;

  if (!run_network (job, job->in, job->height, job->width, &output, error))
    return FALSE;
  memcpy (job->out, output.data, count_out (job) * sizeof (gfloat));
  pmt_tensor_clear (&output);
  return TRUE;
}

/* A run over all tiles.
 * @stats: [n_norms, 2, groups]: what the norms divide by, of all of the
 *   picture; used when @has_stats
 * @found: [the same]: what they found in the tiles is added
 * @is_last: the picture is pasted together */
typedef struct
{
  const Axis *x;
  const Axis *y;
  gfloat *tile;
  gsize n_stats;
  gfloat *stats;
  gdouble *found;
  gboolean has_stats;
  gboolean is_last;
} Round;

/* Where tile @i, counted from its own start, is not nearer to the middle of
 * another one: halfway into each overlap. */
static void
find_core (const Axis *axis, gint i, gint64 *first, gint64 *last)
{
  const gboolean has_before = axis->n > 1 && (axis->wraps || i > 0);
  const gboolean has_after = axis->n > 1 && (axis->wraps || i < axis->n - 1);
  const gint start = axis_start (axis, i);
  const gint before = i > 0 ? axis_start (axis, i - 1)
                            : axis_start (axis, axis->n - 1) - axis->length;
  const gint after = i < axis->n - 1 ? axis_start (axis, i + 1)
                                     : axis_start (axis, 0) + axis->length;

  *first = has_before ? (before + axis->size + start) / 2 - start : 0;
  *last = has_after ? (start + axis->size + after) / 2 - start : axis->size;
}

/* Others than those of the statistics. */
#define N_INPUTS 4

/* (transfer full): [N_INPUTS + 2 n_norms]; names of the statistics are
 * owned. */
static PmtTensor *
make_inputs (const PmtVaeJob *job,
             const Round *round,
             gfloat *share,
             gint64 *first,
             gint64 *last)
{
  const PmtVaeHalf *half = job->half;
  const gint groups = job->vae->shape.groups;
  PmtTensor *inputs = g_new0 (PmtTensor, N_INPUTS + 2 * (gsize)half->n_norms);

  inputs[0] = (PmtTensor){ .name = half->input,
                           .type = PMT_TENSOR_FLOAT32,
                           .rank = 4,
                           .dims = { 1, job->in_channels,
                                     round->y->size * job->in_scale,
                                     round->x->size * job->in_scale },
                           .data = round->tile };
  inputs[1] = (PmtTensor){ .name = "share",
                           .type = PMT_TENSOR_FLOAT32,
                           .rank = 1,
                           .dims = { 1 },
                           .data = share };
  inputs[2] = (PmtTensor){ .name = PMT_VAE_FIRST,
                           .type = PMT_TENSOR_INT64,
                           .rank = 1,
                           .dims = { 2 },
                           .data = first };
  inputs[3] = (PmtTensor){ .name = PMT_VAE_LAST,
                           .type = PMT_TENSOR_INT64,
                           .rank = 1,
                           .dims = { 2 },
                           .data = last };
  for (gint i = 0; i < 2 * half->n_norms; i++)
    inputs[N_INPUTS + i] =
        (PmtTensor){ .name = g_strdup_printf (
                         i % 2 == 0 ? PMT_VAE_MEAN : PMT_VAE_SQUARE, i / 2),
                     .type = PMT_TENSOR_FLOAT32,
                     .rank = 3,
                     .dims = { 1, groups, 1 },
                     .data = round->stats + (gsize)i * (gsize)groups };
  return inputs;
}

static gboolean
run_shared (const PmtVaeJob *job,
            const Round *round,
            gint column,
            gint row,
            PmtTensor *output,
            GError **error)
{
  const PmtVaeHalf *half = job->half;
  const guint n_inputs = N_INPUTS + 2 * (guint)half->n_norms;
  gfloat share = round->has_stats ? 1 : 0;
  gint64 first[2];
  gint64 last[2];
  g_autofree PmtTensor *inputs = make_inputs (job, round, &share, first, last);
  PmtTensor outputs[] = { { .name = half->output }, { .name = "found" } };
  gboolean is_done;
  gdouble share_of_all;

  find_core (round->y, row, &first[0], &last[0]);
  find_core (round->x, column, &first[1], &last[1]);
  share_of_all = (gdouble)((last[0] - first[0]) * (last[1] - first[1]))
                 / ((gdouble)job->height * job->width);
  is_done = pmt_session_run (half->tiles, inputs, n_inputs, outputs,
                             G_N_ELEMENTS (outputs), job->cancellable, error);
  for (guint i = N_INPUTS; i < n_inputs; i++)
    g_free ((gchar *)inputs[i].name);
  if (!is_done)
    return FALSE;
  for (gsize i = 0; i < round->n_stats; i++)
    round->found[i] +=
        share_of_all * (gdouble)((const gfloat *)outputs[1].data)[i];
  pmt_tensor_clear (&outputs[1]);
  *output = outputs[0];
  return TRUE;
}

static gboolean
run_tile (const PmtVaeJob *job,
          const Round *round,
          gint column,
          gint row,
          GError **error)
{
  g_autofree gfloat *weights_x =
      make_weights (round->x, column, job->out_scale);
  g_autofree gfloat *weights_y = make_weights (round->y, row, job->out_scale);
  const Spot spot = { axis_start (round->x, column), axis_start (round->y, row),
                      weights_x, weights_y };
  PmtTensor output;
  gboolean is_done;

  cut (job, spot.left, spot.top, round->x, round->y, round->tile);
  is_done = job->is_shared
                ? run_shared (job, round, column, row, &output, error)
                : run_network (job, round->tile, round->y->size, round->x->size,
                               &output, error);
  if (!is_done)
    return FALSE;
  if (round->is_last)
    paste (job, &spot, round->x, round->y, output.data);
  pmt_tensor_clear (&output);
  return TRUE;
}

/* @number: of this round, of @n_rounds. */
static gboolean
run_round (const PmtVaeJob *job,
           const Round *round,
           gint number,
           gint n_rounds,
           GError **error)
{
  const gint n = round->x->n * round->y->n;

  for (gint i = 0; i < n; i++)
    {
      if (g_cancellable_set_error_if_cancelled (job->cancellable, error)
          || !run_tile (job, round, i % round->x->n, i / round->x->n, error))
        return FALSE;
      if (job->progress != NULL)
        job->progress ((number * n + i + 1.0) / (n_rounds * n), job->data);
    }
  for (gsize i = 0; i < round->n_stats; i++)
    {
      round->stats[i] = (gfloat)round->found[i];
      round->found[i] = 0;
    }
  return TRUE;
}

/* With shared norms: in the first round each tile divides by its own, and
 * what all of them found together holds for the second. */
static gboolean
run_tiles (const PmtVaeJob *job, const Axis *x, const Axis *y, GError **error)
{
  const gint n_rounds = job->is_shared ? SHARED_ROUNDS : 1;
  const gsize n_stats = job->is_shared ? 2 * (gsize)job->half->n_norms
                                             * (gsize)job->vae->shape.groups
                                       : 0;
  g_autofree gfloat *tile =
      g_new (gfloat, (gsize)job->in_channels * (gsize)(x->size * job->in_scale)
                         * (gsize)(y->size * job->in_scale));
  g_autofree gfloat *stats = g_new0 (gfloat, n_stats + 1);
  g_autofree gdouble *found = g_new0 (gdouble, n_stats + 1);
  Round round = { x, y, tile, n_stats, stats, found, FALSE, FALSE };

  memset (job->out, 0, count_out (job) * sizeof (gfloat));
  for (gint i = 0; i < n_rounds; i++)
    {
      round.has_stats = i > 0;
      round.is_last = i == n_rounds - 1;
      if (!run_round (job, &round, i, n_rounds, error))
        return FALSE;
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
    return (!job->is_shared || pmt_vae_open_tiles (job->vae, error))
           && run_tiles (job, &x, &y, error);
  if (!run_whole (job, error))
    return FALSE;
  if (job->progress != NULL)
    job->progress (1, job->data);
  return TRUE;
}

static gboolean
run_again (const PmtVaeJob *job, guint64 memory, GError **error)
{
  const guint64 least = estimate_least (job);
  g_autoptr (GError) first = NULL;

  if (run_within (job, memory, &first))
    return TRUE;
  /* The estimate was too low, or others took the memory meanwhile. */
  if (g_error_matches (first, PMT_ERROR, PMT_ERROR_MEMORY) && least < memory)
    return run_within (job, MAX (least, memory / 3), error);
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* All of the picture through the head, then tiles of what it gives: norms
 * and attention of the head see all of it. */
static gboolean
run_split (const PmtVaeJob *job, guint64 memory, GError **error)
{
  PmtVaeJob rest = *job;
  PmtTensor middle;
  gboolean is_done;

  if (!run_head (job, job->in, job->height, job->width, &middle, error))
    return FALSE;
  rest.in = middle.data;
  rest.in_channels = job->half->head_channels;
  rest.in_scale = job->half->head_scale;
  rest.overlap = TAIL_OVERLAP;
  rest.needs_head = FALSE;
  rest.is_shared = TRUE;
  is_done = run_again (&rest, memory, error);
  pmt_tensor_clear (&middle);
  return is_done;
}

gboolean
pmt_vae_run (const PmtVaeJob *job, GError **error)
{
  const PmtVaeHalf *half = job->half;
  const guint64 memory =
      job->vae->options.memory > 0 ? job->vae->options.memory : DEFAULT_MEMORY;
  const guint64 head =
      half->fixed_bytes
      + half->head_bytes * (guint64)job->height * (guint64)job->width;
  PmtVaeJob copy = *job;

  copy.overlap = OVERLAP;
  copy.needs_head = half->head != NULL;
  return half->head != NULL && head <= memory
             ? run_split (&copy, memory, error)
             : run_again (&copy, memory, error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-tiles.c: pictures of any size through an autoencoder. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/vae-axis.h"

/* How far tiles overlap, in latent pixels; those of a decoder's tail. */
#define OVERLAP 16
#define TAIL_OVERLAP 8

/* Rounds over all tiles when their norms are shared. */
#define SHARED_ROUNDS 2

/* Without a limit: enough for 512x512 pixels of a full-size autoencoder in
 * one go. */
#define DEFAULT_MEMORY ((guint64)3 << 30)

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
  const gint side = job->overlap + PMT_VAE_MIN_STEP;

  return estimate (job, side * side, TRUE);
}

/* The fewest pixels seen in all tiles, within @limit for each. */
static gboolean
plan (const PmtVaeJob *job,
      guint64 limit,
      PmtVaeAxis *best_x,
      PmtVaeAxis *best_y)
{
  const gboolean is_seamless = job->vae->options.is_seamless;
  gint64 least = G_MAXINT64;

  for (gint ny = 1; ny <= MAX (1, job->height / PMT_VAE_MIN_STEP); ny++)
    for (gint nx = 1; nx <= MAX (1, job->width / PMT_VAE_MIN_STEP); nx++)
      {
        const PmtVaeAxis x =
            pmt_vae_axis_make (job->width, nx, job->overlap, is_seamless);
        const PmtVaeAxis y =
            pmt_vae_axis_make (job->height, ny, job->overlap, is_seamless);
        const gint64 area = (gint64)x.size * y.size;

        if (!pmt_vae_axis_is_sound (&x, job->overlap)
            || !pmt_vae_axis_is_sound (&y, job->overlap)
            || area * nx * ny >= least
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

  if (!pmt_vae_run_network (job, job->in, job->height, job->width, &output,
                            error))
    return FALSE;
  memcpy (job->out, output.data, count_out (job) * sizeof (gfloat));
  pmt_vae_clear_output (&output);
  return TRUE;
}

/* A run over all tiles.
 * @stats: [n_norms, 2, groups]: what the norms divide by, of all of the
 *   picture; used when @has_stats
 * @found: [the same]: what they found in the tiles is added
 * @is_last: the picture is pasted together */
typedef struct
{
  const PmtVaeAxis *x;
  const PmtVaeAxis *y;
  gfloat *tile;
  gsize n_stats;
  gfloat *stats;
  gdouble *found;
  gboolean has_stats;
  gboolean is_last;
} Round;

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

  pmt_vae_axis_find_core (round->y, row, &first[0], &last[0]);
  pmt_vae_axis_find_core (round->x, column, &first[1], &last[1]);
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
      pmt_vae_axis_weights (round->x, column, job->out_scale);
  g_autofree gfloat *weights_y =
      pmt_vae_axis_weights (round->y, row, job->out_scale);
  const PmtVaeSpot spot = { pmt_vae_axis_start (round->x, column),
                            pmt_vae_axis_start (round->y, row), weights_x,
                            weights_y };
  PmtTensor output;
  gboolean is_done;

  pmt_vae_cut (job, spot.left, spot.top, round->x, round->y, round->tile);
  is_done = job->is_shared
                ? run_shared (job, round, column, row, &output, error)
                : pmt_vae_run_network (job, round->tile, round->y->size,
                                       round->x->size, &output, error);
  if (!is_done)
    return FALSE;
  if (round->is_last)
    pmt_vae_paste (job, &spot, round->x, round->y, output.data);
  pmt_vae_clear_output (&output);
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
run_tiles (const PmtVaeJob *job,
           const PmtVaeAxis *x,
           const PmtVaeAxis *y,
           GError **error)
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
  PmtVaeAxis x;
  PmtVaeAxis y;

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

  if (!pmt_vae_run_head (job, job->in, job->height, job->width, &middle, error))
    return FALSE;
  rest.in = middle.data;
  rest.in_channels = job->half->head_channels;
  rest.in_scale = job->half->head_scale;
  rest.overlap = TAIL_OVERLAP;
  rest.needs_head = FALSE;
  rest.is_shared = TRUE;
  is_done = run_again (&rest, memory, error);
  pmt_vae_clear_output (&middle);
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

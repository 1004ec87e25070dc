/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-nets.c: the networks of a request and what they are told. */
#include "config.h"

#include "image/image-private.h"
#include "restore/restore-run.h"

#include <string.h>

/* Tiles that stay near the caches: a picture of 24 megapixels is seen 1.3 times
 * by the network that restores, and those that enlarge overlap less
 * (docs/benchmarks.md).  A network of the user's that sees little at once sees
 * most of it twice. */
#define RESTORE_TILES ((guint64)176 << 20)
#define ENLARGE_TILES ((guint64)48 << 20)
#define USER_TILES ((guint64)900 << 20)

static gchar **
setting_names (PmtNet *net)
{
  const gchar *names = pmt_session_get_metadata (pmt_net_get_session (net),
                                                 "pentimento.settings");

  return g_strsplit (names != NULL ? names : "", ",", -1);
}

/* Networks that do not say what their values mean get their own default. */
gfloat *
pmt_restore_settings_new (PmtNet *net,
                          const PmtParams *params,
                          const gchar *profile)
{
  const gint n = pmt_net_get_info (net)->n_settings;
  g_auto (GStrv) names = setting_names (net);
  gfloat *settings;

  if (n == 0 || (gint)g_strv_length (names) != n)
    return NULL;
  settings = g_new0 (gfloat, n);
  for (gint i = 0; i < n; i++)
    if (profile != NULL)
      settings[i] = g_str_equal (names[i], profile) ? 1.0f : 0.0f;
    else
      settings[i] = (gfloat)pmt_params_get_number (params, names[i], 0.0);
  return settings;
}

static gboolean
needs_restore (const PmtJob *job)
{
  static const gchar *const names[] = { "denoise", "sharpen",
                                        "fix-compression" };
  const PmtParams *params = pmt_request_peek_params (job->request);

  if (pmt_request_get_operation (job->request) == PMT_OPERATION_ENHANCE)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (pmt_params_get_number (params, names[i], 0.0) > 0.0)
      return TRUE;
  return FALSE;
}

gboolean
pmt_restore_nets_init (PmtRestoreNets *nets,
                       PmtNetStore *store,
                       const PmtScalePlan *plan,
                       const PmtJob *job,
                       GError **error)
{
  const PmtParams *params = pmt_request_peek_params (job->request);
  const gchar *restore = pmt_model_find_net (job->model, 1);

  if (needs_restore (job) && restore != NULL)
    {
      nets->restore =
          pmt_net_store_open (store, restore, job->threads, job->memory, error);
      if (nets->restore == NULL)
        return FALSE;
      nets->restore_settings =
          pmt_restore_settings_new (nets->restore, params, NULL);
    }
  if (plan->scale > 1)
    {
      nets->enlarge = pmt_net_store_open (
          store, pmt_model_find_net (job->model, plan->scale), job->threads,
          job->memory, error);
      if (nets->enlarge == NULL)
        return FALSE;
      nets->enlarge_settings = pmt_restore_settings_new (
          nets->enlarge, params,
          job->model->net_profile ? job->model->net_profile : "");
    }
  return TRUE;
}

void
pmt_restore_nets_clear (PmtRestoreNets *nets)
{
  g_clear_pointer (&nets->restore, pmt_net_unref);
  g_clear_pointer (&nets->enlarge, pmt_net_unref);
  g_clear_pointer (&nets->restore_settings, g_free);
  g_clear_pointer (&nets->enlarge_settings, g_free);
}

/* ------------------------------------------------------------- estimate -- */

/* Seconds per pixel on one core, where a probe has not measured them: of the
 * shipped networks (96,000 and 220,000 multiplications), within a factor of 2
 * on 2026's machines. */
#define RESTORE_SECONDS 1.8e-6
#define ENLARGE_SECONDS 4.2e-6
#define SECONDS_PER_WRITTEN 2e-7
#define SECONDS_TO_OPEN 0.2

/* More cores than this do not help. */
#define MAX_USEFUL_THREADS 16

guint64
pmt_restore_tile_memory (PmtNet *net, const PmtJob *job)
{
  const PmtNetInfo *info = pmt_net_get_info (net);
  guint64 wanted = info->scale == 1 ? RESTORE_TILES : ENLARGE_TILES;

  if (info->seconds_per_pixel > 0.0)
    wanted = USER_TILES;
  return MIN (wanted, MAX (job->memory / 2, (guint64)1 << 20));
}

GeglRectangle
pmt_restore_reach (PmtNet *net,
                   const GeglRectangle *rect,
                   const GeglRectangle *layer)
{
  GeglRectangle reach =
      pmt_rect_grow (rect, pmt_net_info_margin (pmt_net_get_info (net)));

  gegl_rectangle_intersect (&reach, &reach, layer);
  return reach;
}

static gint
useful_threads (const PmtJob *job)
{
  return CLAMP (job->threads, 1, MAX_USEFUL_THREADS);
}

/* Of one core. */
static gdouble
net_seconds (PmtNet *net,
             const PmtNetRun *run,
             const GeglRectangle *rect,
             gint threads)
{
  const PmtNetInfo *info = pmt_net_get_info (net);
  gdouble seconds = info->scale == 1 ? RESTORE_SECONDS : ENLARGE_SECONDS;

  /* A probe runs on all of them. */
  if (info->seconds_per_pixel > 0.0)
    seconds = info->seconds_per_pixel * threads;
  return seconds * (gdouble)pmt_net_info_pixels (info, run, rect);
}

static guint64
picture_bytes (const PmtJob *job, const GeglRectangle *rect, gboolean is_fine)
{
  GeglBuffer *source = pmt_request_get_source (job->request);
  const Babl *format;

  if (source == NULL)
    return (guint64)rect->width * rect->height * 4 * sizeof (gfloat);
  format = gegl_buffer_get_format (source);
  if (is_fine)
    format = pmt_restore_fine_format (format);
  return (guint64)rect->width * rect->height
         * babl_format_get_bytes_per_pixel (format);
}

static void
add_net (PmtNet *net,
         const PmtJob *job,
         const GeglRectangle *rect,
         PmtEstimate *estimate,
         guint64 *working)
{
  PmtNetRun run = PMT_NET_RUN_INIT;

  run.memory = pmt_restore_tile_memory (net, job);
  estimate->seconds += net_seconds (net, &run, rect, useful_threads (job));
  *working = MAX (*working, pmt_net_memory (net, &run, rect));
}

/* Adds one piece; returns what it needs while it is worked on. */
static guint64
add_piece (const PmtScalePlan *plan,
           const PmtRestoreNets *nets,
           const PmtJob *job,
           const PmtScalePiece *piece,
           PmtEstimate *estimate)
{
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  GeglRectangle read = piece->source;
  guint64 working = 0;
  guint64 between = 0;

  if (nets->enlarge != NULL)
    {
      GeglRectangle large = { 0, 0, piece->source.width * plan->scale,
                              piece->source.height * plan->scale };

      add_net (nets->enlarge, job, &piece->source, estimate, &working);
      read = pmt_restore_reach (nets->enlarge, &piece->source, layer);
      if (!plan->is_exact)
        between += picture_bytes (job, &large, TRUE);
    }
  if (nets->restore != NULL)
    {
      add_net (nets->restore, job, &read, estimate, &working);
      if (nets->enlarge != NULL)
        between += picture_bytes (job, &read, TRUE);
      read = pmt_restore_reach (nets->restore, &read, layer);
    }
  gegl_rectangle_bounding_box (&estimate->region, &estimate->region, &read);
  gegl_rectangle_bounding_box (&estimate->made, &estimate->made,
                               &piece->picture);
  estimate->bytes += picture_bytes (job, &piece->picture, FALSE);
  if (piece->area != NULL)
    estimate->bytes +=
        (guint64)piece->picture.width * piece->picture.height * sizeof (gfloat);
  return working + between;
}

void
pmt_restore_estimate (const PmtScalePlan *plan,
                      const PmtRestoreNets *nets,
                      const PmtJob *job,
                      PmtEstimate *estimate)
{
  const gint threads = useful_threads (job);
  guint64 working = 0;
  gdouble written = 0.0;

  *estimate = (PmtEstimate){ .n_items = plan->pieces->len };
  estimate->width = plan->canvas.width;
  estimate->height = plan->canvas.height;
  estimate->canvas = plan->canvas;
  for (guint i = 0; i < plan->pieces->len; i++)
    {
      const PmtScalePiece *piece =
          &g_array_index (plan->pieces, PmtScalePiece, i);

      working = MAX (working, add_piece (plan, nets, job, piece, estimate));
      written += (gdouble)piece->picture.width * piece->picture.height;
    }
  estimate->bytes += working;
  estimate->seconds = SECONDS_TO_OPEN + estimate->seconds / threads
                      + written * SECONDS_PER_WRITTEN;
}

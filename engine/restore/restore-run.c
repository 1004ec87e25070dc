/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * restore-run.c: a plan carried out.  A piece of the layer is restored at its
 * size, or enlarged, or both; what a whole factor made too large is reduced.
 */
#include "config.h"

#include "restore/restore-run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/result-builder.h"
#include "image/pixels.h"
#include "image/reduce.h"
#include "subject/subject.h"

/* Shares of the time. */
#define FIND_SHARE 0.2
#define FACES_SHARE 0.4
#define RESTORE_SHARE 0.3
#define REDUCE_SHARE 0.1

typedef struct
{
  const PmtScalePlan *plan;
  const PmtRestoreNets *nets;
  const PmtRestoreFaces *faces;
  const PmtRestoreSubject *subject;
  const PmtJob *job;
  const PmtScalePiece *piece;
  PmtProgress *progress;
  GCancellable *cancellable;
  GArray *found;
  GeglBuffer *part;
} Run;

static const GeglRectangle *
get_layer (const Run *run)
{
  return pmt_request_get_layer (run->job->request);
}

static gdouble
get_strength (const Run *run)
{
  return pmt_params_get_number (pmt_request_peek_params (run->job->request),
                                "strength", 1.0);
}

const Babl *
pmt_restore_fine_format (const Babl *format)
{
  const gchar *encoding = babl_format_get_encoding (format);
  g_autofree gchar *fine = NULL;

  if (!g_str_has_suffix (encoding, " u8"))
    return format;
  fine = g_strdup_printf ("%.*s u16", (gint)strlen (encoding) - 3, encoding);
  return babl_format_exists (fine) ? babl_format_with_space (fine, format)
                                   : format;
}

/* ---------------------------------------------------------------- steps -- */

static gboolean
restore (const Run *run,
         GeglBuffer *source,
         const GeglRectangle *rect,
         GeglBuffer *target,
         gint offset_x,
         gint offset_y,
         gdouble strength,
         GError **error)
{
  PmtNetRun options = PMT_NET_RUN_INIT;

  options.settings = run->nets->restore_settings;
  options.strength = strength;
  options.memory = pmt_restore_tile_memory (run->nets->restore, run->job);
  options.picture = *get_layer (run);
  options.offset_x = offset_x;
  options.offset_y = offset_y;
  return pmt_net_run (run->nets->restore, &options, source, rect, target,
                      run->progress, run->cancellable, error);
}

static gboolean
enlarge (const Run *run,
         GeglBuffer *source,
         GeglBuffer *target,
         gint offset_x,
         gint offset_y,
         GError **error)
{
  PmtNetRun options = PMT_NET_RUN_INIT;

  options.settings = run->nets->enlarge_settings;
  options.strength = get_strength (run);
  options.memory = pmt_restore_tile_memory (run->nets->enlarge, run->job);
  options.picture = *get_layer (run);
  options.offset_x = offset_x;
  options.offset_y = offset_y;
  return pmt_net_run (run->nets->enlarge, &options, source, &run->piece->source,
                      target, run->progress, run->cancellable, error);
}

/* What is enlarged: the layer's own pixels, or those of it restored. */
static GeglBuffer *
prepare (const Run *run, GError **error)
{
  GeglBuffer *source = pmt_request_get_source (run->job->request);
  g_autoptr (GeglBuffer) restored = NULL;
  GeglRectangle rect;
  gboolean is_ok;

  if (run->nets->restore == NULL)
    return g_object_ref (source);
  rect = pmt_restore_reach (run->nets->enlarge, &run->piece->source,
                            get_layer (run));
  restored = gegl_buffer_new (
      &rect, pmt_restore_fine_format (gegl_buffer_get_format (source)));
  pmt_progress_begin (run->progress, N_ ("Restoring"), RESTORE_SHARE);
  is_ok = restore (run, source, &rect, restored, 0, 0, 1.0, error);
  pmt_progress_end (run->progress);
  return is_ok ? g_steal_pointer (&restored) : NULL;
}

/* --------------------------------------------------------------- pieces -- */

static gboolean
make_restored (const Run *run, GeglBuffer *picture, GError **error)
{
  const PmtScalePlan *plan = run->plan;
  const PmtScalePiece *piece = run->piece;
  GeglBuffer *source = pmt_request_get_source (run->job->request);
  const gint offset_x = piece->place_x - plan->base_x;
  const gint offset_y = piece->place_y - plan->base_y;
  const GeglRectangle place = { piece->source.x + offset_x,
                                piece->source.y + offset_y, piece->source.width,
                                piece->source.height };
  gboolean is_ok;

  if (run->nets->restore == NULL)
    {
      gegl_buffer_copy (source, &piece->source, GEGL_ABYSS_NONE, picture,
                        &place);
      return TRUE;
    }
  pmt_progress_begin (run->progress, N_ ("Restoring"), 1.0);
  is_ok = restore (run, source, &piece->source, picture, offset_x, offset_y,
                   get_strength (run), error);
  pmt_progress_end (run->progress);
  return is_ok;
}

static gboolean
make_enlarged (const Run *run,
               GeglBuffer *source,
               GeglBuffer *picture,
               GError **error)
{
  const PmtScalePlan *plan = run->plan;
  const PmtScalePiece *piece = run->piece;
  gboolean is_ok;

  pmt_progress_begin (run->progress, N_ ("Enlarging"), 1.0);
  is_ok = enlarge (run, source, picture,
                   piece->place_x - plan->base_x * plan->scale,
                   piece->place_y - plan->base_y * plan->scale, error);
  pmt_progress_end (run->progress);
  return is_ok;
}

static gboolean
make_fraction (const Run *run,
               GeglBuffer *source,
               GeglBuffer *picture,
               GError **error)
{
  const PmtScalePlan *plan = run->plan;
  const PmtScalePiece *piece = run->piece;
  const gint s = plan->scale;
  const GeglRectangle extent = { piece->source.x * s, piece->source.y * s,
                                 piece->source.width * s,
                                 piece->source.height * s };
  const PmtResize resize = {
    plan->factor_x / s, plan->factor_y / s, plan->base_x * s,
    plan->base_y * s,   piece->place_x,     piece->place_y,
  };
  g_autoptr (GeglBuffer) large = gegl_buffer_new (
      &extent, pmt_restore_fine_format (gegl_buffer_get_format (picture)));
  gboolean is_ok;

  pmt_progress_begin (run->progress, N_ ("Enlarging"), 1.0 - REDUCE_SHARE);
  is_ok = enlarge (run, source, large, 0, 0, error);
  pmt_progress_end (run->progress);
  if (!is_ok)
    return FALSE;
  pmt_progress_begin (run->progress, N_ ("Reducing to the size asked for"),
                      REDUCE_SHARE);
  is_ok = pmt_reduce (&resize, large, picture, run->progress, run->cancellable,
                      error);
  pmt_progress_end (run->progress);
  return is_ok;
}

static gboolean
make_picture (const Run *run, GeglBuffer *picture, GError **error)
{
  g_autoptr (GeglBuffer) source = NULL;

  if (run->nets->enlarge == NULL)
    return make_restored (run, picture, error);
  source = prepare (run, error);
  if (source == NULL)
    return FALSE;
  return run->plan->is_exact ? make_enlarged (run, source, picture, error)
                             : make_fraction (run, source, picture, error);
}

/* From the layer to the result. */
static PmtResize
get_resize (const Run *run)
{
  const PmtScalePlan *plan = run->plan;

  return (PmtResize){
    plan->factor_x, plan->factor_y,      plan->base_x,
    plan->base_y,   run->piece->place_x, run->piece->place_y,
  };
}

/* Faces over what was made of their picture. */
static gboolean
put_faces (const Run *run, GeglBuffer *picture, GError **error)
{
  const PmtResize resize = get_resize (run);
  const PmtFaceTarget target = { picture, &resize, NULL };
  gboolean is_ok;

  if (run->found == NULL)
    return TRUE;
  pmt_progress_begin (run->progress, N_ ("Restoring faces"), FACES_SHARE);
  is_ok = pmt_restore_faces_apply (run->faces, run->job, run->found, &target,
                                   run->progress, run->cancellable, error);
  pmt_progress_end (run->progress);
  return is_ok;
}

static gboolean
make_with_faces (const Run *run, GeglBuffer *picture, GError **error)
{
  gboolean is_ok;

  if (run->found == NULL)
    return make_picture (run, picture, error);
  pmt_progress_begin (run->progress, NULL, 1.0 - FACES_SHARE);
  is_ok = make_picture (run, picture, error);
  pmt_progress_end (run->progress);
  return is_ok && put_faces (run, picture, error);
}

static void
add_result (const Run *run,
            PmtResult *result,
            GeglBuffer *picture,
            GeglBuffer *mask,
            const GeglRectangle *bounds)
{
  g_autofree gchar *faces =
      run->found != NULL
          ? pmt_restore_faces_describe (run->faces->wish, run->found)
          : NULL;
  const PmtResultOrigin origin = { NULL, NULL, -1.0, NULL, faces };

  pmt_result_add_remote (result, run->job, picture, mask, run->job->seed,
                         bounds, &origin);
}

static gboolean
run_piece (const Run *run, PmtResult *result, GError **error)
{
  const PmtScalePiece *piece = run->piece;
  GeglBuffer *source = pmt_request_get_source (run->job->request);
  const GeglRectangle *bounds =
      piece->area != NULL ? &piece->area->geometry.bounds : get_layer (run);
  g_autoptr (GeglBuffer) picture = NULL;
  g_autoptr (GeglBuffer) mask = NULL;

  if (!pmt_pixels_check_format (gegl_buffer_get_format (source), error))
    return FALSE;
  picture = gegl_buffer_new (&piece->picture, gegl_buffer_get_format (source));
  if (!make_with_faces (run, picture, error)
      || g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;
  if (piece->area != NULL)
    {
      mask = pmt_scale_plan_mask (run->plan, piece, run->cancellable, error);
      if (mask == NULL)
        return FALSE;
    }
  if (run->part != NULL)
    {
      const PmtResize resize = get_resize (run);

      if (!pmt_restore_subject_limit (run->part, &resize, &piece->picture,
                                      &mask, run->cancellable, error))
        return FALSE;
    }
  add_result (run, result, g_steal_pointer (&picture), g_steal_pointer (&mask),
              bounds);
  return TRUE;
}

/* ---------------------------------------------------------------- whole -- */

static void
note_fallback (PmtNet *net, PmtResult *result)
{
  const gchar *reason =
      net != NULL ? pmt_session_get_fallback (pmt_net_get_session (net)) : NULL;

  if (reason != NULL)
    pmt_result_note (result, "%s", reason);
}

/* Sliders that are all at 0 are what was asked for, but hardly what was
 * meant. */
static void
note_unchanged (const Run *run, PmtResult *result)
{
  const PmtRestoreNets *nets = run->nets;
  const PmtNetInfo *info;

  if (nets->restore == NULL || nets->enlarge != NULL)
    return;
  info = pmt_net_get_info (nets->restore);
  if (get_strength (run) > 0.0
      && (!info->is_identity_at_zero || nets->restore_settings == NULL
          || !pmt_net_is_all_zero (nets->restore_settings, info->n_settings)))
    return;
  pmt_result_note (result,
                   _ ("Nothing was changed, since every strength is 0. Raise "
                      "“denoise”, “sharpen” or “fix-compression”."));
}

static void
add_notes (const Run *run, PmtResult *result)
{
  const PmtScalePlan *plan = run->plan;

  if (plan->asked_width > 0 && plan->asked_height > 0
      && (plan->asked_width != plan->made_width
          || plan->asked_height != plan->made_height))
    pmt_result_note (result,
                     _ ("Asked for %d × %d pixels; made %d × %d, to keep the "
                        "shape."),
                     plan->asked_width, plan->asked_height, plan->made_width,
                     plan->made_height);
  if (run->found != NULL)
    pmt_restore_faces_note (run->faces->wish, run->found, result);
  else
    note_unchanged (run, result);
  note_fallback (run->nets->restore, result);
  note_fallback (run->nets->enlarge, result);
}

static GArray *
find_faces (const Run *run, GError **error)
{
  GArray *found;

  pmt_progress_begin (run->progress, N_ ("Finding faces"), FIND_SHARE);
  found = pmt_restore_faces_find (run->faces, run->job, run->progress,
                                  run->cancellable, error);
  pmt_progress_end (run->progress);
  return found;
}

static GeglBuffer *
find_subject (const Run *run, GError **error)
{
  GeglBuffer *part;

  pmt_progress_begin (run->progress, N_ ("Finding the subject"), FIND_SHARE);
  part = pmt_restore_subject_mask (run->subject, run->job, run->cancellable,
                                   error);
  pmt_progress_end (run->progress);
  return part;
}

PmtResult *
pmt_restore_run (const PmtScalePlan *plan,
                 const PmtRestoreNets *nets,
                 const PmtRestoreFaces *faces,
                 const PmtRestoreSubject *subject,
                 const PmtJob *job,
                 PmtProgress *progress,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (PmtResult) result = pmt_result_new (job);
  g_autoptr (GArray) found = NULL;
  g_autoptr (GeglBuffer) part = NULL;
  Run run = { plan, nets, faces, subject, job, NULL, progress, cancellable };
  const gdouble share = 1.0 - (faces->wish->is_on ? FIND_SHARE : 0.0)
                        - (subject->wish->is_on ? FIND_SHARE : 0.0);
  gboolean is_ok = TRUE;

  pmt_result_set_canvas (result, &plan->canvas);
  if (faces->wish->is_on)
    {
      found = find_faces (&run, error);
      if (found == NULL)
        return NULL;
      run.found = found;
    }
  if (subject->wish->is_on)
    {
      part = find_subject (&run, error);
      if (part == NULL)
        return NULL;
      run.part = part;
      if (pmt_subject_is_empty (part))
        pmt_result_note (result, _ ("No subject was found."));
    }
  for (guint i = 0; i < plan->pieces->len && is_ok; i++)
    {
      run.piece = &g_array_index (plan->pieces, PmtScalePiece, i);
      pmt_progress_begin (progress, NULL, share / plan->pieces->len);
      is_ok = run_piece (&run, result, error);
      pmt_progress_end (progress);
    }
  if (!is_ok)
    return NULL;
  add_notes (&run, result);
  return g_steal_pointer (&result);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-layer.c: from what a service sent to layers. */
#include "config.h"

#include "remote/remote-layer.h"

#include <glib/gi18n-lib.h>

#include "image/piece-layer.h"
#include "remote/remote-estimate.h"

typedef struct
{
  const PmtRemoteRun *run;
  const PmtRemoteInput *input;
  const PmtRemotePiece *piece;
  GeglBuffer *decoded;
  GeglRectangle target;
  PmtResult *result;
} Work;

/* The format that the layer gets. */
static const Babl *
layer_format (const Work *work)
{
  GeglBuffer *source = pmt_request_get_source (work->run->job->request);

  if (source != NULL)
    return gegl_buffer_get_format (source);
  return babl_format ("R'G'B' u8");
}

/* A new picture keeps its size, around the middle of the canvas. */
static GeglRectangle
place_natural (const PmtRemoteRun *run, gint width, gint height)
{
  const GeglRectangle *canvas = pmt_request_get_canvas (run->job->request);
  GeglRectangle place = { 0, 0, width, height };

  if (gegl_rectangle_is_empty (canvas))
    return place;
  place.x = canvas->x + (canvas->width - width) / 2;
  place.y = canvas->y + (canvas->height - height) / 2;
  return place;
}

void
pmt_remote_layer_place (const PmtRemoteRun *run,
                        const PmtRemotePiece *piece,
                        gint width,
                        gint height,
                        GeglRectangle *target,
                        PmtFitPlace *place)
{
  /* A picture that was asked for in the sent shape fills its place. */
  const gint sent_width =
      piece->want_width > 0 ? piece->want_width : piece->send_width;
  const gint sent_height =
      piece->want_height > 0 ? piece->want_height : piece->send_height;

  *target = run->plan->is_natural ? place_natural (run, width, height)
                                  : piece->target;
  pmt_fit_place (width, height, sent_width, sent_height, target, place);
}

static void
note_fit (const Work *work, const PmtFitPlace *place)
{
  const GeglRectangle *size = gegl_buffer_get_extent (work->decoded);
  const gchar *label = work->run->account->label;

  if (place->is_refitted)
    pmt_result_note (work->result,
                     _ ("“%s” made %d × %d pixels, which is another shape than "
                        "the place of %d × %d; it was fitted into the middle, "
                        "not stretched."),
                     label, size->width, size->height, work->target.width,
                     work->target.height);
  else if (place->is_scaled && size->width < work->target.width)
    pmt_result_note (work->result,
                     _ ("“%s” made %d × %d pixels, and the result was enlarged "
                        "to %d × %d."),
                     label, size->width, size->height, work->target.width,
                     work->target.height);
}

/* What came back, at its place and in the layer's format. */
static GeglBuffer *
bring_to_place (Work *work, GeglRectangle *rect, GError **error)
{
  const GeglRectangle *size = gegl_buffer_get_extent (work->decoded);
  PmtFitPlace place;

  pmt_remote_layer_place (work->run, work->piece, size->width, size->height,
                          &work->target, &place);
  note_fit (work, &place);
  *rect = place.rect;
  return pmt_fit_to_rect (work->decoded, &place.rect, layer_format (work),
                          work->run->cancellable, error);
}

static void
fill_white (GeglBuffer *mask, const GeglRectangle *rect)
{
  GeglColor *white = gegl_color_new ("white");

  gegl_buffer_set_color (mask, rect, white);
  g_object_unref (white);
}

/* Where the picture has another shape than its place, the original shows. */
static gboolean
limit_mask (GeglBuffer **mask,
            const GeglRectangle *layer,
            const GeglRectangle *rect)
{
  GeglRectangle kept = { 0, 0, 0, 0 };
  GeglBuffer *limited = gegl_buffer_new (layer, babl_format ("Y float"));

  gegl_rectangle_intersect (&kept, layer, rect);
  if (*mask != NULL)
    gegl_buffer_copy (*mask, &kept, GEGL_ABYSS_NONE, limited, &kept);
  else
    fill_white (limited, &kept);
  g_clear_object (mask);
  *mask = limited;
  return TRUE;
}

/* The picture is what the layer gets, but for its colors: nothing is to be
 * filled up or cut, and its format stays. */
static gboolean
is_whole (const Work *work, GeglBuffer *fitted)
{
  GeglBuffer *source = pmt_request_get_source (work->run->job->request);
  const GeglRectangle *layer = &work->piece->layer;

  return !babl_format_has_alpha (gegl_buffer_get_format (work->decoded))
         && gegl_rectangle_equal (gegl_buffer_get_extent (fitted), layer)
         && gegl_rectangle_contains (gegl_buffer_get_extent (source), layer);
}

/* In @fitted, which is nobody else's: the part with colors to match. */
static gboolean
match_part (GeglBuffer *fitted, const PmtMatchPlan *plan, GError **error)
{
  g_autoptr (PmtPixels) made =
      pmt_pixels_read (fitted, pmt_match_plan_get_rect (plan), error);

  return made != NULL && pmt_match_plan_apply (plan, made, error)
         && pmt_pixels_write (made, fitted, error);
}

/* @plan: (nullable): how colors are matched */
static GeglBuffer *
finish_by (Work *work,
           GeglBuffer *fitted,
           const PmtMatchPlan *plan,
           GError **error)
{
  GeglBuffer *source = pmt_request_get_source (work->run->job->request);
  g_autoptr (PmtPixels) made = NULL;

  if (is_whole (work, fitted))
    return plan == NULL || match_part (fitted, plan, error)
               ? g_object_ref (fitted)
               : NULL;

  made = pmt_pixels_read (fitted, &work->piece->layer, error);
  if (made == NULL)
    return NULL;
  if (!made->is_all_opaque)
    pmt_pixels_extend_opaque (made);
  if (plan != NULL && !pmt_match_plan_apply (plan, made, error))
    return NULL;
  return pmt_pixels_new_picture (made, NULL, source, error);
}

static GeglBuffer *
finish_picture (Work *work, GeglBuffer *fitted, GError **error)
{
  g_autoptr (PmtMatchPlan) plan = NULL;

  if (!pmt_remote_has_match (work->run, work->input))
    return finish_by (work, fitted, NULL, error);
  if (work->input->match != NULL)
    return finish_by (work, fitted, work->input->match, error);
  plan = pmt_remote_match_plan (work->run, work->input, error);
  return plan != NULL ? finish_by (work, fitted, plan, error) : NULL;
}

/* A copy of what was made meanwhile, if it could be. */
static gboolean
make_mask (const Work *work, GeglBuffer **mask, GError **error)
{
  const PmtRemotePiece *piece = work->piece;

  if (work->input->layer_mask == NULL)
    return pmt_piece_make_mask (
        piece->area, pmt_request_get_source (work->run->job->request),
        &piece->layer, work->input->is_opaque, mask, error);
  *mask = gegl_buffer_dup (work->input->layer_mask);
  return TRUE;
}

/* In place of pixels that are there. */
static gboolean
make_in_place (Work *work,
               GeglBuffer *fitted,
               const GeglRectangle *rect,
               GeglBuffer **picture,
               GeglBuffer **mask,
               GError **error)
{
  const PmtRemotePiece *piece = work->piece;

  *picture = finish_picture (work, fitted, error);
  if (*picture == NULL || !make_mask (work, mask, error))
    return FALSE;
  return gegl_rectangle_contains (rect, &piece->layer)
         || limit_mask (mask, &piece->layer, rect);
}

static gboolean
make_scaled (Work *work, GeglBuffer **mask, GError **error)
{
  if (work->piece->area == NULL)
    return TRUE;
  *mask = pmt_scale_plan_mask (&work->run->plan->scaled, work->piece->scale,
                               work->run->cancellable, error);
  return *mask != NULL;
}

static gboolean
make (Work *work,
      GeglBuffer **picture,
      GeglBuffer **mask,
      GeglRectangle *rect,
      GError **error)
{
  GeglBuffer *fitted = bring_to_place (work, rect, error);
  gboolean is_ok;

  if (fitted == NULL)
    return FALSE;
  if (!work->input->is_in_place)
    {
      *picture = fitted;
      return work->piece->scale == NULL || make_scaled (work, mask, error);
    }
  is_ok = make_in_place (work, fitted, rect, picture, mask, error);
  g_object_unref (fitted);
  return is_ok;
}

/* A share of what the call cost. */
static gdouble
share_of_cost (const PmtRunCall *call)
{
  return call->job->cost >= 0.0 ? call->job->cost / call->count : -1.0;
}

gboolean
pmt_remote_layer_add (const PmtRemoteRun *run,
                      const PmtRemoteInput *input,
                      const PmtRunCall *call,
                      const PmtRemotePicture *picture,
                      guint index,
                      PmtResult *result,
                      GError **error)
{
  Work work = {
    .run = run, .input = input, .piece = input->piece, .result = result
  };
  const PmtResultOrigin origin = {
    run->account->id, call->job->request_id, share_of_cost (call),
    pmt_remote_unit (run->service, run->account)
  };
  const guint32 seed =
      picture->seed >= 0 ? (guint32)picture->seed : run->job->seed + index;
  g_autoptr (GeglBuffer) decoded = pmt_picture_decode (
      picture->bytes, PMT_PICTURE_MAX_PIXELS, run->account->label, error);
  g_autoptr (GeglBuffer) made = NULL;
  g_autoptr (GeglBuffer) mask = NULL;
  GeglRectangle rect;

  if (decoded == NULL)
    return FALSE;
  work.decoded = decoded;
  if (!make (&work, &made, &mask, &rect, error)
      || g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;
  pmt_result_add_remote (
      result, run->job, g_steal_pointer (&made), g_steal_pointer (&mask), seed,
      input->piece->area != NULL ? &input->piece->area->geometry.bounds : &rect,
      &origin);
  return TRUE;
}

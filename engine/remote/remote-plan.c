/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-plan.c: which parts of a picture are sent, and at which sizes. */
#include "config.h"

#include "remote/remote-plan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "image/expand.h"
#include "remote/fit.h"
#include "remote/remote-size.h"

#define MAX_SIDE 262144

/* The surroundings that a model needs to make sense of a place. */
#define MIN_STRENGTH 0.1

typedef struct
{
  PmtRemotePlan *plan;
  const PmtModel *model;
  const PmtModelService *service;
  const PmtProvider *provider;
  const PmtRequest *request;
} Planner;

static PmtOperation
operation_of (const Planner *planner)
{
  return pmt_request_get_operation (planner->request);
}

static PmtGeometryOptions
geometry_options (const Planner *planner)
{
  const PmtParams *params = pmt_request_peek_params (planner->request);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  const gdouble strength = pmt_params_get_number (params, "strength", -1.0);

  options.strength = strength < 0.0 ? 1.0 : CLAMP (strength, MIN_STRENGTH, 1.0);
  options.feather = pmt_params_get_number (params, "feather", -1.0);
  options.grow = pmt_params_get_number (params, "grow", -1.0);
  options.blend = pmt_params_get_number (params, "blend", -1.0);
  options.context = pmt_params_get_number (params, "context", -1.0);
  options.multiple =
      (gint)pmt_model_service_get_send (planner->service, "multiple", 1.0);
  return options;
}

/* Sizes of a piece whose crop and target stand. */
static gboolean
choose_sizes (const Planner *planner, PmtRemotePiece *piece, GError **error)
{
  if (!gegl_rectangle_is_empty (&piece->crop)
      && !pmt_remote_send_size (planner->service, piece->crop.width,
                                piece->crop.height, &piece->send_width,
                                &piece->send_height, error))
    return FALSE;
  return pmt_remote_want_size (planner->model, planner->service,
                               planner->request, &piece->target,
                               piece->send_width, piece->send_height,
                               &piece->want_width, &piece->want_height, error);
}

static gboolean
add_piece (const Planner *planner, PmtRemotePiece *piece, GError **error)
{
  if (!choose_sizes (planner, piece, error))
    return FALSE;
  g_array_append_val (planner->plan->pieces, *piece);
  return TRUE;
}

/* --------------------------------------------------------------- generate */

static gboolean
plan_generate (const Planner *planner, GError **error)
{
  const GeglRectangle *canvas = pmt_request_get_canvas (planner->request);
  GeglBuffer *mask = pmt_request_get_mask (planner->request);
  PmtRemotePiece piece = { 0 };
  gboolean is_placed;

  is_placed = mask != NULL
              && pmt_mask_bounds (
                  mask, gegl_rectangle_is_empty (canvas) ? NULL : canvas,
                  &piece.target);
  if (!is_placed)
    piece.target = *canvas;
  if (!add_piece (planner, &piece, error))
    return FALSE;
  piece = g_array_index (planner->plan->pieces, PmtRemotePiece, 0);
  planner->plan->is_natural = !is_placed;
  return TRUE;
}

/* ----------------------------------------------------------------- places */

static gboolean
plan_areas (const Planner *planner, GError **error)
{
  const PmtGeometryOptions options = geometry_options (planner);

  planner->plan->areas =
      pmt_areas_plan (pmt_request_get_mask (planner->request), &options,
                      pmt_request_get_canvas (planner->request),
                      pmt_request_get_layer (planner->request), error);
  if (planner->plan->areas == NULL)
    return FALSE;
  for (guint i = 0; i < planner->plan->areas->len; i++)
    {
      const PmtArea *area = planner->plan->areas->pdata[i];
      PmtRemotePiece piece = { .area = area };

      piece.crop = piece.target = piece.layer = area->geometry.crop;
      if (!add_piece (planner, &piece, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
plan_whole (const Planner *planner, GError **error)
{
  PmtRemotePiece piece = { 0 };

  piece.crop = *pmt_request_get_layer (planner->request);
  piece.target = piece.layer = piece.crop;
  return add_piece (planner, &piece, error);
}

/* ----------------------------------------------------------------- expand */

static gint
scaled (gint pixels, gdouble factor)
{
  return (gint)lround (pixels * factor);
}

/* The service gets the old picture, and how much to add on each side. */
static gboolean
pad_piece (const Planner *planner,
           const PmtExpandPlan *expand,
           PmtRemotePiece *piece,
           GError **error)
{
  const GeglRectangle *layer = pmt_request_get_layer (planner->request);
  const GeglRectangle *to = &expand->picture;
  gdouble factor;

  piece->crop = *layer;
  piece->target = *to;
  if (!choose_sizes (planner, piece, error))
    return FALSE;
  factor = (gdouble)piece->send_width / piece->crop.width;
  piece->left = scaled (layer->x - to->x, factor);
  piece->top = scaled (layer->y - to->y, factor);
  piece->right = scaled (to->x + to->width - layer->x - layer->width, factor);
  piece->bottom =
      scaled (to->y + to->height - layer->y - layer->height, factor);
  piece->want_width = piece->send_width + piece->left + piece->right;
  piece->want_height = piece->send_height + piece->top + piece->bottom;
  g_array_append_val (planner->plan->pieces, *piece);
  return TRUE;
}

static gboolean
plan_expand (const Planner *planner, GError **error)
{
  const PmtGeometryOptions options = geometry_options (planner);
  const GeglRectangle *layer = pmt_request_get_layer (planner->request);
  PmtRemotePiece piece = { 0 };
  PmtExpandPlan expand;
  PmtArea *area;

  if (!pmt_expand_plan (pmt_request_peek_params (planner->request),
                        &planner->plan->canvas, layer, MAX_SIDE, &expand,
                        error))
    return FALSE;
  area = pmt_expand_area (&expand, layer, &options);
  planner->plan->areas =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_area_free);
  g_ptr_array_add (planner->plan->areas, area);
  planner->plan->canvas = expand.canvas;
  piece.area = area;
  piece.layer = area->geometry.crop;
  if ((planner->provider->flags & PMT_PROVIDER_PADS) != 0)
    return pad_piece (planner, &expand, &piece, error);
  piece.crop = piece.target = area->geometry.crop;
  return add_piece (planner, &piece, error);
}

/* ---------------------------------------------------------------- upscale */

static gboolean
plan_scaled (const Planner *planner, GError **error)
{
  PmtRemotePlan *plan = planner->plan;

  if (!pmt_scale_plan_init (&plan->scaled, planner->model, planner->request,
                            error))
    return FALSE;
  plan->canvas = plan->scaled.canvas;
  for (guint i = 0; i < plan->scaled.pieces->len; i++)
    {
      const PmtScalePiece *scale =
          &g_array_index (plan->scaled.pieces, PmtScalePiece, i);
      PmtRemotePiece piece = { .area = scale->area, .scale = scale };

      piece.crop = scale->source;
      piece.target = piece.layer = scale->picture;
      if (!pmt_remote_send_size (planner->service, piece.crop.width,
                                 piece.crop.height, &piece.send_width,
                                 &piece.send_height, error))
        return FALSE;
      piece.want_width = piece.target.width;
      piece.want_height = piece.target.height;
      g_array_append_val (plan->pieces, piece);
    }
  return TRUE;
}

/* ------------------------------------------------------------------ whole */

static gboolean
plan_pieces (const Planner *planner, GError **error)
{
  switch (operation_of (planner))
    {
    case PMT_OPERATION_GENERATE:
      return plan_generate (planner, error);
    case PMT_OPERATION_EXPAND:
      return plan_expand (planner, error);
    case PMT_OPERATION_UPSCALE:
    case PMT_OPERATION_ENHANCE:
      return plan_scaled (planner, error);
    default:
      return pmt_request_get_mask (planner->request) != NULL
                 ? plan_areas (planner, error)
                 : plan_whole (planner, error);
    }
}

gboolean
pmt_remote_plan_init (PmtRemotePlan *plan,
                      const PmtModel *model,
                      const PmtModelService *service,
                      const PmtProvider *provider,
                      const PmtRequest *request,
                      GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const Planner planner = { plan, model, service, provider, request };

  plan->pieces = g_array_new (FALSE, TRUE, sizeof (PmtRemotePiece));
  plan->canvas = *pmt_request_get_canvas (request);
  plan->n_candidates = (guint)MAX (pmt_params_get_int (params, "count", 1), 1);
  plan->per_call =
      MIN (pmt_model_service_get_images (service), plan->n_candidates);
  return plan_pieces (&planner, error);
}

void
pmt_remote_plan_clear (PmtRemotePlan *plan)
{
  g_clear_pointer (&plan->pieces, g_array_unref);
  g_clear_pointer (&plan->areas, g_ptr_array_unref);
  pmt_scale_plan_clear (&plan->scaled);
}

const PmtRemotePiece *
pmt_remote_plan_get_piece (const PmtRemotePlan *plan, guint i)
{
  return &g_array_index (plan->pieces, PmtRemotePiece, i);
}

void
pmt_remote_plan_region (const PmtRemotePlan *plan,
                        const PmtRequest *request,
                        GeglRectangle *region)
{
  const GeglRectangle *layer = pmt_request_get_layer (request);
  GeglRectangle all = { 0, 0, 0, 0 };

  /* Nothing is read to generate; a pixel tells the format. */
  if (pmt_request_get_operation (request) == PMT_OPERATION_GENERATE)
    {
      gegl_rectangle_set (region, layer->x, layer->y,
                          (guint)MIN (layer->width, 1),
                          (guint)MIN (layer->height, 1));
      return;
    }
  for (guint i = 0; i < plan->pieces->len; i++)
    {
      const PmtRemotePiece *piece = pmt_remote_plan_get_piece (plan, i);

      gegl_rectangle_bounding_box (&all, &all, &piece->crop);
      if (piece->scale == NULL)
        gegl_rectangle_bounding_box (&all, &all, &piece->layer);
    }
  gegl_rectangle_intersect (region, &all, layer);
}

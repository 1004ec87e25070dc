/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scale-plan.c: which pixels become which, for enhance and upscale. */
#include "config.h"

#include "image/scale-plan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "image/image-private.h"
#include "image/pixels.h"
#include "image/resize.h"

/* Around what is reduced to a fraction: the reach of the filter. */
#define FILTER_MARGIN 6

/* A selection's result gets some margin to paint in, not the wide context
 * that models which invent pixels need. */
#define CONTEXT_STRENGTH 0.5

/* Sizes that differ by less than this are the same: they come from factors
 * with few digits. */
#define SAME 1e-6

void
pmt_scale_plan_clear (PmtScalePlan *plan)
{
  g_clear_pointer (&plan->pieces, g_array_unref);
  g_clear_pointer (&plan->areas, g_ptr_array_unref);
}

/* ---------------------------------------------------------------- sizes -- */

/* What was asked for: one side, both, or a factor. */
typedef struct
{
  gdouble width;
  gdouble height;
  gboolean is_cropped;
} Size;

/* Services tell it by their parameter, networks by their files. */
static gint
largest_scale (const PmtModel *model)
{
  const PmtParamSpec *factor = pmt_model_find_param (model, "factor");
  gint largest = 1;

  if (pmt_model_is_remote (model))
    return factor != NULL ? MAX ((gint)factor->max, 1) : 1;
  for (guint i = 0; i < model->nets->len; i++)
    largest = MAX (largest, g_array_index (model->nets, PmtModelNet, i).scale);
  return largest;
}

/* Size of the whole, before anything is cropped away. */
static Size
full_size (const PmtParams *params, const GeglRectangle *base)
{
  const gint64 width = pmt_params_get_int (params, "width", 0);
  const gint64 height = pmt_params_get_int (params, "height", 0);
  const gboolean is_cropped =
      width > 0 && height > 0
      && pmt_params_get_bool (params, "crop-to-fill", FALSE);
  const gdouble by_width = (gdouble)width / base->width;
  const gdouble by_height = (gdouble)height / base->height;
  gdouble factor = pmt_params_get_number (params, "factor", 2.0);

  if (width > 0 && height > 0)
    factor = is_cropped ? MAX (by_width, by_height) : MIN (by_width, by_height);
  else if (width > 0)
    factor = by_width;
  else if (height > 0)
    factor = by_height;
  return (Size){ MAX (floor (base->width * factor + 0.5), 1.0),
                 MAX (floor (base->height * factor + 0.5), 1.0), is_cropped };
}

static gboolean
check_factor (const PmtScalePlan *plan,
              const PmtModel *model,
              const GeglRectangle *base,
              const Size *size,
              GError **error)
{
  const gint largest = largest_scale (model);
  /* Both sides were rounded to whole pixels. */
  const gboolean is_large =
      size->width > (gdouble)base->width * largest + 0.5
      || size->height > (gdouble)base->height * largest + 0.5;

  if (MAX (size->width, size->height) > PMT_SCALE_MAX_SIDE)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The result would be %.0f × %.0f pixels, and a side can "
                      "have at most %d. Choose a smaller factor or size."),
                   size->width, size->height, PMT_SCALE_MAX_SIDE);
      return FALSE;
    }
  if (size->width >= base->width && size->height >= base->height && !is_large)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("%d × %d pixels can't be made %.0f × %.0f: the model “%s” "
                  "enlarges 1 to %d times. Choose another size."),
               base->width, base->height, size->width, size->height, model->id,
               largest);
  return FALSE;
}

/* The network of the next whole factor. */
static gint
choose_scale (const PmtModel *model, gdouble factor)
{
  for (gint scale = 2; scale <= largest_scale (model); scale++)
    if (scale >= factor - SAME && pmt_model_find_net (model, scale) != NULL)
      return scale;
  return largest_scale (model);
}

static gboolean
is_layer_target (const PmtParams *params)
{
  const gchar *target = pmt_params_get_string (params, "target", "image");

  return g_str_equal (target, "layer");
}

gboolean
pmt_scale_plan_sizes (PmtScalePlan *plan,
                      const PmtModel *model,
                      const PmtRequest *request,
                      GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const GeglRectangle *canvas = pmt_request_get_canvas (request);
  const gboolean is_layer = is_layer_target (params);
  const GeglRectangle *base =
      is_layer ? pmt_request_get_layer (request) : canvas;
  Size size;

  *plan = (PmtScalePlan){ .scale = 1, .is_exact = TRUE, .canvas = *canvas };
  plan->base_x = base->x;
  plan->base_y = base->y;
  plan->factor_x = plan->factor_y = 1.0;
  plan->made_width = base->width;
  plan->made_height = base->height;
  if (pmt_request_get_operation (request) != PMT_OPERATION_UPSCALE)
    return TRUE;

  size = full_size (params, base);
  if (!check_factor (plan, model, base, &size, error))
    return FALSE;
  plan->factor_x = size.width / base->width;
  plan->factor_y = size.height / base->height;
  if (MAX (plan->factor_x, plan->factor_y) > 1.0 + SAME)
    plan->scale = choose_scale (model, MAX (plan->factor_x, plan->factor_y));
  plan->is_exact =
      plan->factor_x == plan->scale && plan->factor_y == plan->scale;
  plan->made_width = (gint)size.width;
  plan->made_height = (gint)size.height;
  plan->asked_width = (gint)pmt_params_get_int (params, "width", 0);
  plan->asked_height = (gint)pmt_params_get_int (params, "height", 0);
  if (size.is_cropped)
    {
      plan->made_width = plan->asked_width;
      plan->made_height = plan->asked_height;
    }
  if (!is_layer)
    gegl_rectangle_set (&plan->canvas, canvas->x, canvas->y,
                        (guint)plan->made_width, (guint)plan->made_height);
  return TRUE;
}

/* --------------------------------------------------------------- pieces -- */

static gint
map (gint at, gint base, gdouble factor, gint place)
{
  return place + (gint)floor ((at - base) * factor + 0.5);
}

/* Where @rect goes. */
static GeglRectangle
map_rect (const PmtScalePlan *plan,
          const PmtScalePiece *piece,
          const GeglRectangle *rect)
{
  const gint x = map (rect->x, plan->base_x, plan->factor_x, piece->place_x);
  const gint y = map (rect->y, plan->base_y, plan->factor_y, piece->place_y);
  const gint right =
      map (rect->x + rect->width, plan->base_x, plan->factor_x, piece->place_x);
  const gint bottom = map (rect->y + rect->height, plan->base_y, plan->factor_y,
                           piece->place_y);

  return (GeglRectangle){ x, y, MAX (right - x, 1), MAX (bottom - y, 1) };
}

/* What is needed of the layer for @piece's picture. */
static GeglRectangle
unmap_rect (const PmtScalePlan *plan,
            const PmtScalePiece *piece,
            const GeglRectangle *layer)
{
  const GeglRectangle *to = &piece->picture;
  const gint margin = plan->is_exact ? 0 : FILTER_MARGIN;
  const gdouble left = (to->x - piece->place_x) / plan->factor_x;
  const gdouble top = (to->y - piece->place_y) / plan->factor_y;
  const gdouble right = left + to->width / plan->factor_x;
  const gdouble bottom = top + to->height / plan->factor_y;
  GeglRectangle from;

  from.x = plan->base_x + (gint)floor (left + SAME) - margin;
  from.y = plan->base_y + (gint)floor (top + SAME) - margin;
  from.width = plan->base_x + (gint)ceil (right - SAME) + margin - from.x;
  from.height = plan->base_y + (gint)ceil (bottom - SAME) + margin - from.y;
  gegl_rectangle_intersect (&from, &from, layer);
  return from;
}

/* The part of a crop that is kept: the middle. */
static gboolean
crop_piece (PmtScalePlan *plan,
            const PmtRequest *request,
            PmtScalePiece *piece,
            GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const gboolean is_cropped =
      plan->asked_width > 0 && plan->asked_height > 0
      && pmt_params_get_bool (params, "crop-to-fill", FALSE);
  const GeglRectangle kept = { plan->base_x, plan->base_y, plan->made_width,
                               plan->made_height };

  if (!is_cropped
      || gegl_rectangle_intersect (&piece->picture, &piece->picture, &kept))
    return TRUE;
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("Nothing of the layer is left inside the new shape. Turn cropping "
         "off, or choose another layer."));
  return FALSE;
}

/* Where the base goes: to itself, less half of what is cropped away. */
static void
place_piece (const PmtScalePlan *plan,
             const PmtRequest *request,
             PmtScalePiece *piece)
{
  const gboolean is_layer = is_layer_target (pmt_request_peek_params (request));
  const GeglRectangle *base = is_layer ? pmt_request_get_layer (request)
                                       : pmt_request_get_canvas (request);
  const gint full_width = (gint)floor (base->width * plan->factor_x + 0.5);
  const gint full_height = (gint)floor (base->height * plan->factor_y + 0.5);

  piece->place_x = plan->base_x - (full_width - plan->made_width) / 2;
  piece->place_y = plan->base_y - (full_height - plan->made_height) / 2;
}

static gboolean
add_piece (PmtScalePlan *plan,
           const PmtRequest *request,
           const GeglRectangle *rect,
           const PmtArea *area,
           GError **error)
{
  const GeglRectangle *layer = pmt_request_get_layer (request);
  PmtScalePiece piece = { .area = area };

  place_piece (plan, request, &piece);
  piece.picture = map_rect (plan, &piece, rect);
  if (!crop_piece (plan, request, &piece, error))
    return FALSE;
  piece.source = unmap_rect (plan, &piece, layer);
  /* A part of a layer that keeps its size stays where it is. */
  if (area != NULL && is_layer_target (pmt_request_peek_params (request)))
    {
      piece.place_x += rect->x - piece.picture.x;
      piece.place_y += rect->y - piece.picture.y;
      piece.picture.x = rect->x;
      piece.picture.y = rect->y;
    }
  g_array_append_val (plan->pieces, piece);
  return TRUE;
}

/* ------------------------------------------------------------ selection -- */

/* Does the selection leave out any pixel of the layer? */
static gboolean
selects_all (GeglBuffer *mask, const GeglRectangle *layer)
{
  GeglBufferIterator *it;

  if (!gegl_rectangle_contains (gegl_buffer_get_extent (mask), layer))
    return FALSE;
  it = gegl_buffer_iterator_new (mask, layer, 0, pmt_mask_format (mask),
                                 GEGL_ACCESS_READ, GEGL_ABYSS_NONE, 1);
  while (gegl_buffer_iterator_next (it))
    {
      const gfloat *coverage = it->items[0].data;

      for (gint i = 0; i < it->length; i++)
        if (!(coverage[i] >= 1.0f))
          {
            gegl_buffer_iterator_stop (it);
            return FALSE;
          }
    }
  return TRUE;
}

static gboolean
plan_areas (PmtScalePlan *plan, const PmtRequest *request, GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;

  options.strength = CONTEXT_STRENGTH;
  options.feather = pmt_params_get_number (params, "feather", -1.0);
  options.grow = pmt_params_get_number (params, "grow", -1.0);
  options.blend = pmt_params_get_number (params, "blend", -1.0);
  options.min_size = 1;
  plan->areas = pmt_areas_plan (pmt_request_get_mask (request), &options,
                                pmt_request_get_canvas (request),
                                pmt_request_get_layer (request), error);
  if (plan->areas == NULL)
    return FALSE;
  for (guint i = 0; i < plan->areas->len; i++)
    {
      const PmtArea *area = plan->areas->pdata[i];

      if (!add_piece (plan, request, &area->geometry.crop, area, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
pmt_scale_plan_init (PmtScalePlan *plan,
                     const PmtModel *model,
                     const PmtRequest *request,
                     GError **error)
{
  const GeglRectangle *layer = pmt_request_get_layer (request);
  GeglBuffer *mask = pmt_request_get_mask (request);

  if (!pmt_scale_plan_sizes (plan, model, request, error))
    return FALSE;
  plan->pieces = g_array_new (FALSE, TRUE, sizeof (PmtScalePiece));
  if (mask != NULL && !selects_all (mask, layer))
    return plan_areas (plan, request, error);
  return add_piece (plan, request, layer, NULL, error);
}

GeglBuffer *
pmt_scale_plan_mask (const PmtScalePlan *plan,
                     const PmtScalePiece *piece,
                     GCancellable *cancellable,
                     GError **error)
{
  const PmtResize resize = {
    plan->factor_x, plan->factor_y, plan->base_x,
    plan->base_y,   piece->place_x, piece->place_y,
  };
  g_autoptr (GeglBuffer) mask = pmt_mask_composite (piece->area);
  g_autoptr (GeglBuffer) scaled = NULL;

  if (mask == NULL)
    {
      pmt_image_memory_error (piece->source.width, piece->source.height, error);
      return NULL;
    }
  if (plan->factor_x == 1.0 && plan->factor_y == 1.0)
    return g_steal_pointer (&mask);
  scaled = gegl_buffer_new (&piece->picture, babl_format ("Y float"));
  if (!pmt_resize (&resize, mask, scaled, GEGL_SAMPLER_LINEAR, cancellable,
                   error))
    return NULL;
  return g_steal_pointer (&scaled);
}

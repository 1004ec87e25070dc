/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* patch-plan.c: geometry and pixels of the patch of a preview. */
#include "config.h"

#include "patch-plan.h"

#include <math.h>

/* Pixels around the patch that a network may look at: time goes with the area,
 * and what networks that look farther see there matters little, and at the very
 * edge of the view only.
 */
#define MARGIN 16

/* One direction: the patch's start and length inside the layer. */
static void
place (gint start,
       gint length,
       gdouble middle,
       gint wanted,
       gint *patch_start,
       gint *patch_length)
{
  const gint last = start + length;

  *patch_length = MIN (length, wanted);
  *patch_start = (gint)floor (middle - *patch_length / 2.0);
  *patch_start = CLAMP (*patch_start, start, last - *patch_length);
}

void
pmt_patch_plan_init (PmtPatchPlan *plan,
                     const GeglRectangle *layer,
                     gdouble scale,
                     gdouble x,
                     gdouble y,
                     gint size)
{
  const gint wanted = MAX (1, (gint)ceil (size / scale));
  GeglRectangle *patch = &plan->patch;
  GeglRectangle *area = &plan->area;
  GeglRectangle *shown = &plan->shown;

  place (layer->x, layer->width, x, wanted, &patch->x, &patch->width);
  place (layer->y, layer->height, y, wanted, &patch->y, &patch->height);
  gegl_rectangle_set (area, patch->x - MARGIN, patch->y - MARGIN,
                      patch->width + 2 * MARGIN, patch->height + 2 * MARGIN);
  gegl_rectangle_intersect (area, area, layer);

  plan->scale = scale;
  plan->width = MAX (1, (gint)round (area->width * scale));
  plan->height = MAX (1, (gint)round (area->height * scale));
  shown->x = (gint)round ((patch->x - area->x) * scale);
  shown->y = (gint)round ((patch->y - area->y) * scale);
  shown->width = MIN (size, (gint)round (patch->width * scale));
  shown->height = MIN (size, (gint)round (patch->height * scale));
}

/* The engine is given one patch, not a place in a picture. */
static GeglBuffer *
move_to_origin (GeglBuffer *buffer, const GeglRectangle *area)
{
  const GeglRectangle local = { 0, 0, area->width, area->height };
  GeglBuffer *moved = gegl_buffer_new (&local, gegl_buffer_get_format (buffer));

  gegl_buffer_copy (buffer, area, GEGL_ABYSS_NONE, moved, &local);

  return moved;
}

static const PmtModel *
find_model (PmtEngine *engine, const PmtRequest *request)
{
  const gchar *id = pmt_request_get_model (request);
  g_autoptr (GPtrArray) models = NULL;

  if (id)
    return pmt_engine_find_model (engine, id);

  models = pmt_engine_list_models (engine, pmt_request_get_operation (request));

  return models->len > 0 ? g_ptr_array_index (models, 0) : NULL;
}

/* A user's own model may lack what the shipped ones have. */
static void
ask_for_scale (PmtParams *params, const PmtModel *model, gdouble scale)
{
  pmt_params_unset (params, "width");
  pmt_params_unset (params, "height");
  pmt_params_unset (params, "crop-to-fill");
  if (model && pmt_model_find_param (model, "target"))
    pmt_params_set_string (params, "target", "layer");
  if (model && pmt_model_find_param (model, "factor"))
    pmt_params_set_number (params, "factor", scale);
}

PmtRequest *
pmt_patch_plan_request (const PmtPatchPlan *plan,
                        PmtEngine *engine,
                        const PmtRequest *request,
                        GeglBuffer *pixels)
{
  const GeglRectangle local = { 0, 0, plan->area.width, plan->area.height };
  g_autoptr (GeglBuffer) moved = move_to_origin (pixels, &plan->area);
  PmtRequest *patch = pmt_request_copy (request);
  PmtParams *params = pmt_request_params (patch);

  pmt_request_set_canvas (patch, &local);
  pmt_request_set_source (patch, moved, &local);
  pmt_request_set_mask (patch, NULL);
  pmt_request_set_unrecorded (patch, TRUE);
  if (pmt_request_get_operation (request) == PMT_OPERATION_UPSCALE)
    ask_for_scale (params, find_model (engine, request), plan->scale);

  return patch;
}

/* GEGL's cubic sampler: what enlarging by hand gives. */
static GeglBuffer *
enlarge (GeglBuffer *pixels, gint width, gint height)
{
  const GeglRectangle rect = { 0, 0, width, height };
  GeglBuffer *large = gegl_buffer_new (&rect, gegl_buffer_get_format (pixels));
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", pixels, NULL);
  GeglNode *scale = gegl_node_new_child (
      graph, "operation", "gegl:scale-size", "x", (gdouble)width, "y",
      (gdouble)height, "sampler", GEGL_SAMPLER_CUBIC, "abyss-policy",
      GEGL_ABYSS_CLAMP, NULL);
  GeglNode *sink = gegl_node_new_child (graph, "operation", "gegl:write-buffer",
                                        "buffer", large, NULL);

  gegl_node_link_many (source, scale, sink, NULL);
  gegl_node_process (sink);

  return large;
}

static cairo_surface_t *
draw (GeglBuffer *buffer, const GeglRectangle *rect)
{
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_ARGB32, rect->width, rect->height);

  cairo_surface_flush (surface);
  gegl_buffer_get (buffer, rect, 1.0, babl_format ("cairo-ARGB32"),
                   cairo_image_surface_get_data (surface),
                   cairo_image_surface_get_stride (surface), GEGL_ABYSS_CLAMP);
  cairo_surface_mark_dirty (surface);

  return surface;
}

cairo_surface_t *
pmt_patch_plan_draw_before (const PmtPatchPlan *plan, GeglBuffer *pixels)
{
  g_autoptr (GeglBuffer) moved = move_to_origin (pixels, &plan->area);
  g_autoptr (GeglBuffer) large = NULL;

  if (plan->width == plan->area.width && plan->height == plan->area.height)
    return draw (moved, &plan->shown);

  large = enlarge (moved, plan->width, plan->height);

  return draw (large, &plan->shown);
}

cairo_surface_t *
pmt_patch_plan_draw_after (const PmtPatchPlan *plan, GeglBuffer *picture)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);
  GeglRectangle rect = plan->shown;

  rect.x += extent->x;
  rect.y += extent->y;

  return draw (picture, &rect);
}

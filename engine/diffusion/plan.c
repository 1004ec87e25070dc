/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* plan.c: which parts of a picture are made, and at which sizes. */
#include "config.h"

#include "diffusion/plan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "catalog/model.h"
#include "image/expand.h"

#define STEP 8
#define MAX_SIDE 262144
#define MAX_GENERATED 16384

/* Times the pixels that the checkpoint was made for: one pass up to the
 * first, beyond which subjects repeat; the second pass up to the other. */
#define ONE_PASS 1.75
#define MOST 4.0

static void
piece_free (gpointer data)
{
  PmtPiece *piece = data;

  g_clear_pointer (&piece->area, pmt_area_free);
  g_free (piece);
}

static gint
round_side (gdouble side)
{
  return MAX ((gint)lround (side / STEP), 1) * STEP;
}

/* The shape of @crop with @pixels pixels. */
static PmtWorkSize
fit (const GeglRectangle *crop, gdouble pixels)
{
  const gdouble scale = sqrt (pixels / ((gdouble)crop->width * crop->height));
  const PmtWorkSize size = { round_side (crop->width * scale),
                             round_side (crop->height * scale) };

  return size;
}

static PmtWorkSize
own_size (const GeglRectangle *crop)
{
  const PmtWorkSize size = { (crop->width + STEP - 1) / STEP * STEP,
                             (crop->height + STEP - 1) / STEP * STEP };

  return size;
}

static void
choose_sizes (PmtPiece *piece,
              const PmtSettings *settings,
              const PmtCheckpoint *checkpoint)
{
  const gdouble native = (gdouble)settings->native * settings->native;
  const gdouble pixels = (gdouble)piece->crop.width * piece->crop.height;
  const gboolean is_small =
      MAX (piece->crop.width, piece->crop.height) < settings->native;
  /* A second edit would edit twice. */
  const gboolean is_single =
      settings->is_draft || checkpoint->kind == PMT_UNET_EDIT;

  if (is_small)
    piece->first = fit (&piece->crop, MIN (native, pixels * 16.0));
  else if (pixels <= native * ONE_PASS)
    piece->first = own_size (&piece->crop);
  else
    piece->first = fit (&piece->crop, native);
  if (is_small || pixels <= native * ONE_PASS || is_single)
    return;
  piece->second = pixels <= native * MOST ? own_size (&piece->crop)
                                          : fit (&piece->crop, native * MOST);
}

static void
add_piece (PmtPlan *plan,
           PmtArea *area,
           const GeglRectangle *crop,
           const PmtSettings *settings,
           const PmtCheckpoint *checkpoint)
{
  PmtPiece *piece = g_new0 (PmtPiece, 1);

  piece->area = area;
  piece->crop = *crop;
  choose_sizes (piece, settings, checkpoint);
  g_ptr_array_add (plan->pieces, piece);
}

static PmtGeometryOptions
geometry_options (const PmtSettings *settings, const PmtRequest *request)
{
  const PmtParams *params = pmt_request_peek_params (request);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;

  /* The context that a prompt needs to make sense of the place. */
  options.strength = MAX (settings->strength, 0.1);
  options.feather = pmt_params_get_number (params, "feather", -1.0);
  options.grow = pmt_params_get_number (params, "grow", -1.0);
  options.blend = pmt_params_get_number (params, "blend", -1.0);
  options.context = pmt_params_get_number (params, "context", -1.0);
  options.multiple = STEP;
  return options;
}

/* ------------------------------------------------------------- generate -- */

static gdouble
resolution_pixels (const gchar *resolution)
{
  gchar *end;
  gdouble side = g_ascii_strtod (resolution, &end);

  if (end == resolution)
    return 0.0;
  if (*end == 'K')
    side *= 1024.0;
  return side * side;
}

/* The selection, the canvas, or a square of the checkpoint's size. */
static gboolean
default_rect (const PmtSettings *settings,
              const PmtRequest *request,
              GeglRectangle *rect)
{
  const GeglRectangle *canvas = pmt_request_get_canvas (request);
  GeglBuffer *mask = pmt_request_get_mask (request);

  if (mask != NULL
      && pmt_mask_bounds (
          mask, gegl_rectangle_is_empty (canvas) ? NULL : canvas, rect))
    return TRUE;
  gegl_rectangle_set (rect, 0, 0, (guint)settings->native,
                      (guint)settings->native);
  if (gegl_rectangle_is_empty (canvas))
    return FALSE;
  *rect = *canvas;
  return TRUE;
}

/* What was asked for: an aspect ratio, or that of @rect. */
static gboolean
read_aspect (const gchar *aspect,
             const GeglRectangle *rect,
             gdouble *ratio,
             GError **error)
{
  gint x = rect->width;
  gint y = rect->height;

  if (*aspect != '\0' && !pmt_aspect_parse (aspect, &x, &y))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” is no aspect ratio. Write two whole numbers with "
                      "a colon, such as 16:9."),
                   aspect);
      return FALSE;
    }
  *ratio = (gdouble)x / y;
  return TRUE;
}

/* One or both sides as given, or as many pixels as asked for. */
static void
apply_size (const PmtSettings *settings,
            const PmtParams *params,
            gdouble ratio,
            gboolean is_placed,
            GeglRectangle *rect)
{
  const gchar *aspect = pmt_params_get_string (params, "aspect", "");
  const gint width = (gint)pmt_params_get_int (params, "width", 0);
  const gint height = (gint)pmt_params_get_int (params, "height", 0);
  gdouble pixels =
      resolution_pixels (pmt_params_get_string (params, "resolution", "auto"));

  if (width > 0 || height > 0)
    {
      rect->width = width > 0 ? width : MAX ((gint)lround (height * ratio), 1);
      rect->height =
          height > 0 ? height : MAX ((gint)lround (width / ratio), 1);
      return;
    }
  if (pixels == 0.0 && *aspect == '\0')
    return;
  if (pixels == 0.0)
    pixels = is_placed ? (gdouble)rect->width * rect->height
                       : (gdouble)settings->native * settings->native;
  rect->width = round_side (sqrt (pixels * ratio));
  rect->height = round_side (sqrt (pixels / ratio));
}

static gboolean
generated_rect (const PmtSettings *settings,
                const PmtRequest *request,
                GeglRectangle *rect,
                GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const gboolean is_placed = default_rect (settings, request, rect);
  gdouble ratio;

  if (!read_aspect (pmt_params_get_string (params, "aspect", ""), rect, &ratio,
                    error))
    return FALSE;
  apply_size (settings, params, ratio, is_placed, rect);
  if (MAX (rect->width, rect->height) <= MAX_GENERATED)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The picture would be %d × %d pixels; at most %d on each "
                  "side can be made. Choose a smaller size."),
               rect->width, rect->height, MAX_GENERATED);
  return FALSE;
}

/* --------------------------------------------------------------- pieces -- */

static gboolean
plan_areas (PmtPlan *plan,
            const PmtSettings *settings,
            const PmtCheckpoint *checkpoint,
            const PmtRequest *request,
            GError **error)
{
  const PmtGeometryOptions options = geometry_options (settings, request);
  g_autoptr (GPtrArray) areas = pmt_areas_plan (
      pmt_request_get_mask (request), &options,
      pmt_request_get_canvas (request), pmt_request_get_layer (request), error);

  if (areas == NULL)
    return FALSE;
  while (areas->len > 0)
    {
      PmtArea *area = g_ptr_array_steal_index (areas, 0);

      add_piece (plan, area, &area->geometry.crop, settings, checkpoint);
    }
  return TRUE;
}

static gboolean
plan_border (PmtPlan *plan,
             const PmtSettings *settings,
             const PmtCheckpoint *checkpoint,
             const PmtModel *model,
             const PmtRequest *request,
             GError **error)
{
  const PmtGeometryOptions options = geometry_options (settings, request);
  const GeglRectangle *layer = pmt_request_get_layer (request);
  PmtExpandPlan expand;
  PmtArea *area;

  if (!pmt_expand_plan (pmt_request_peek_params (request), &plan->canvas, layer,
                        (gint)pmt_model_get_limit (model, "max_side", MAX_SIDE),
                        &expand, error))
    return FALSE;
  area = pmt_expand_area (&expand, layer, &options);
  plan->canvas = expand.canvas;
  add_piece (plan, area, &area->geometry.crop, settings, checkpoint);
  return TRUE;
}

static gboolean
plan_pieces (PmtPlan *plan,
             const PmtSettings *settings,
             const PmtCheckpoint *checkpoint,
             const PmtModel *model,
             const PmtRequest *request,
             GError **error)
{
  GeglRectangle rect;

  if (settings->operation == PMT_OPERATION_EXPAND)
    return plan_border (plan, settings, checkpoint, model, request, error);
  if (settings->operation == PMT_OPERATION_GENERATE)
    {
      if (!generated_rect (settings, request, &rect, error))
        return FALSE;
      if (gegl_rectangle_is_empty (&plan->canvas))
        plan->canvas = rect;
      add_piece (plan, NULL, &rect, settings, checkpoint);
      return TRUE;
    }
  if (pmt_request_get_mask (request) != NULL)
    return plan_areas (plan, settings, checkpoint, request, error);
  add_piece (plan, NULL, pmt_request_get_layer (request), settings, checkpoint);
  return TRUE;
}

gboolean
pmt_plan_init (PmtPlan *plan,
               const PmtSettings *settings,
               const PmtCheckpoint *checkpoint,
               const PmtModel *model,
               const PmtRequest *request,
               GError **error)
{
  plan->pieces = g_ptr_array_new_with_free_func (piece_free);
  plan->canvas = *pmt_request_get_canvas (request);
  return plan_pieces (plan, settings, checkpoint, model, request, error);
}

void
pmt_plan_clear (PmtPlan *plan)
{
  g_clear_pointer (&plan->pieces, g_ptr_array_unref);
}

void
pmt_plan_region (const PmtPlan *plan,
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
      const PmtPiece *piece = plan->pieces->pdata[i];

      gegl_rectangle_bounding_box (&all, &all, &piece->crop);
    }
  gegl_rectangle_intersect (region, &all, layer);
}

PmtWorkSize
pmt_plan_get_largest (const PmtPlan *plan)
{
  PmtWorkSize largest = { 0, 0 };

  for (guint i = 0; i < plan->pieces->len; i++)
    {
      const PmtPiece *piece = plan->pieces->pdata[i];
      const PmtWorkSize *size =
          piece->second.width > 0 ? &piece->second : &piece->first;

      if ((gdouble)size->width * size->height
          > (gdouble)largest.width * largest.height)
        largest = *size;
    }
  return largest;
}

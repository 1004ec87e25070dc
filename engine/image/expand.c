/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "image/expand.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "image/geometry.h"

typedef struct
{
  gint64 left;
  gint64 right;
  gint64 top;
  gint64 bottom;
} Edges;

gboolean
pmt_aspect_parse (const gchar *text, gint *x, gint *y)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  guint64 numbers[2];

  if (g_strv_length (parts) != 2)
    return FALSE;

  for (gint i = 0; i < 2; i++)
    if (!g_ascii_string_to_unsigned (g_strstrip (parts[i]), 10, 1, 10000,
                                     &numbers[i], NULL))
      return FALSE;

  *x = (gint)numbers[0];
  *y = (gint)numbers[1];
  return TRUE;
}

/* "top-left" sits at 0,0; a side that is not named is centred. */
static void
anchor_position (const gchar *anchor, gdouble *x, gdouble *y)
{
  *x = strstr (anchor, "left") ? 0.0 : strstr (anchor, "right") ? 1.0 : 0.5;
  *y = strstr (anchor, "top") ? 0.0 : strstr (anchor, "bottom") ? 1.0 : 0.5;
}

static Edges
edges_from_params (const PmtParams *params)
{
  return (Edges){
    .left = pmt_params_get_int (params, "left", 0),
    .right = pmt_params_get_int (params, "right", 0),
    .top = pmt_params_get_int (params, "top", 0),
    .bottom = pmt_params_get_int (params, "bottom", 0),
  };
}

static gboolean
edges_from_aspect (const PmtParams *params,
                   const gchar *aspect,
                   const GeglRectangle *base,
                   Edges *edges,
                   GError **error)
{
  const gchar *anchor = pmt_params_get_string (params, "anchor", "center");
  GeglRectangle fitted;
  gdouble anchor_x, anchor_y;
  gint x, y;

  if (!pmt_aspect_parse (aspect, &x, &y))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The aspect “%s” is not understood; write two whole "
                      "numbers with a colon, such as 16:9."),
                   aspect);
      return FALSE;
    }

  anchor_position (anchor, &anchor_x, &anchor_y);
  pmt_geometry_fit_aspect (base, x, y, anchor_x, anchor_y, &fitted);
  edges->left = (gint64)base->x - fitted.x;
  edges->top = (gint64)base->y - fitted.y;
  edges->right = (gint64)fitted.width - base->width - edges->left;
  edges->bottom = (gint64)fitted.height - base->height - edges->top;
  return TRUE;
}

static gboolean
choose_edges (const PmtParams *params,
              const GeglRectangle *base,
              Edges *edges,
              GError **error)
{
  const gchar *aspect = pmt_params_get_string (params, "aspect", "");
  gboolean has_edges;

  *edges = edges_from_params (params);
  has_edges = edges->left || edges->right || edges->top || edges->bottom;

  if (*aspect && has_edges)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                           _ ("Both edges and an aspect are given; set either "
                              "left, right, top and bottom, or the aspect."));
      return FALSE;
    }

  if (*aspect && !edges_from_aspect (params, aspect, base, edges, error))
    return FALSE;

  if (edges->left || edges->right || edges->top || edges->bottom)
    return TRUE;

  if (*aspect)
    g_set_error (
        error, PMT_ERROR, PMT_ERROR_ARGUMENT,
        _ ("The picture already has the aspect %s (%d × %d pixels), so "
           "there is nothing to add."),
        aspect, base->width, base->height);
  else
    g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                         _ ("There is nothing to add: set left, right, top or "
                            "bottom to a number of pixels, or set an "
                            "aspect."));
  return FALSE;
}

static gboolean
grow_rectangle (const GeglRectangle *base,
                const Edges *edges,
                gint max_side,
                GeglRectangle *grown,
                GError **error)
{
  gint64 width = base->width + edges->left + edges->right;
  gint64 height = base->height + edges->top + edges->bottom;

  if (width > max_side || height > max_side)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The result would be %lld × %lld px, and a side can have "
                      "at most %d; add fewer pixels."),
                   (long long)width, (long long)height, max_side);
      return FALSE;
    }

  gegl_rectangle_set (grown, base->x - (gint)edges->left,
                      base->y - (gint)edges->top, (guint)width, (guint)height);
  return TRUE;
}

/* The layer, continued to @target on the sides where something is added. */
static void
continue_layer (const GeglRectangle *layer,
                const GeglRectangle *target,
                const Edges *edges,
                GeglRectangle *picture)
{
  gint x0 = layer->x;
  gint y0 = layer->y;
  gint x1 = layer->x + layer->width;
  gint y1 = layer->y + layer->height;

  if (edges->left)
    x0 = MIN (x0, target->x);
  if (edges->top)
    y0 = MIN (y0, target->y);
  if (edges->right)
    x1 = MAX (x1, target->x + target->width);
  if (edges->bottom)
    y1 = MAX (y1, target->y + target->height);

  gegl_rectangle_set (picture, x0, y0, (guint)(x1 - x0), (guint)(y1 - y0));
}

gboolean
pmt_expand_plan (const PmtParams *params,
                 const GeglRectangle *canvas,
                 const GeglRectangle *layer,
                 gint max_side,
                 PmtExpandPlan *plan,
                 GError **error)
{
  const gchar *scope = pmt_params_get_string (params, "scope", "canvas");
  gboolean is_layer = g_str_equal (scope, "layer");
  const GeglRectangle *base = is_layer ? layer : canvas;
  GeglRectangle target, picture;
  Edges edges;

  if (!choose_edges (params, base, &edges, error)
      || !grow_rectangle (base, &edges, max_side, &target, error))
    return FALSE;

  continue_layer (layer, &target, &edges, &picture);
  if (gegl_rectangle_equal (&picture, layer))
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                           _ ("The layer already covers the new area; make "
                              "the canvas larger with Image > Canvas Size, or "
                              "choose the scope “layer”."));
      return FALSE;
    }

  plan->canvas = is_layer ? *canvas : target;
  plan->picture = picture;
  return TRUE;
}

static GeglRectangle
new_bounds (const GeglRectangle *picture, const GeglRectangle *layer)
{
  gint left = layer->x - picture->x;
  gint top = layer->y - picture->y;
  gint right = picture->width - layer->width - left;
  gint bottom = picture->height - layer->height - top;
  gint n_sides = (left > 0) + (top > 0) + (right > 0) + (bottom > 0);

  if (n_sides != 1)
    return *picture;
  if (left)
    return *GEGL_RECTANGLE (picture->x, picture->y, left, picture->height);
  if (top)
    return *GEGL_RECTANGLE (picture->x, picture->y, picture->width, top);
  if (right)
    return *GEGL_RECTANGLE (layer->x + layer->width, picture->y, right,
                            picture->height);
  return *GEGL_RECTANGLE (picture->x, layer->y + layer->height, picture->width,
                          bottom);
}

PmtArea *
pmt_expand_area (const PmtExpandPlan *plan,
                 const GeglRectangle *layer,
                 const PmtGeometryOptions *options)
{
  GeglRectangle bounds = new_bounds (&plan->picture, layer);
  PmtArea *area = g_new0 (PmtArea, 1);
  GeglColor *white = gegl_color_new ("white");
  GeglRectangle known;

  pmt_geometry_compute (options, &bounds, &plan->canvas, &plan->picture,
                        &area->geometry);
  area->mask = gegl_buffer_new (&area->geometry.crop, babl_format ("Y float"));
  gegl_buffer_set_color (area->mask, NULL, white);
  g_object_unref (white);
  if (gegl_rectangle_intersect (&known, &area->geometry.crop, layer))
    gegl_buffer_clear (area->mask, &known);
  return area;
}

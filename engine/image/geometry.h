/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* geometry.h: from a selection to feather, grow, blend and working crop. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtGeometryOptions: negative = automatic (DESIGN.md section 5)
 * @strength: s, 0..1
 * @feather, @grow, @blend, @context: pixels
 * @min_size: smallest side of the crop; 0 = automatic (256, at s = 1: 512)
 * @multiple: sides of the crop are a multiple of this
 */
typedef struct
{
  gdouble strength;
  gdouble feather;
  gdouble grow;
  gdouble blend;
  gdouble context;
  gint min_size;
  gint multiple;
} PmtGeometryOptions;

#define PMT_GEOMETRY_OPTIONS_INIT { 1.0, -1.0, -1.0, -1.0, -1.0, 0, 1 }

/**
 * PmtGeometry: what follows from bounds and options
 * @bounds: bounds of the selection inside the layer
 * @feather, @grow, @blend: pixels
 * @crop: working crop, inside the limits
 */
typedef struct
{
  GeglRectangle bounds;
  gdouble feather;
  gdouble grow;
  gdouble blend;
  GeglRectangle crop;
} PmtGeometry;

/**
 * pmt_geometry_compute:
 * @bounds: bounds of the selection, not empty
 * @canvas: the image; its longest side scales the context at s = 1
 * @limits: the crop stays inside (the layer)
 * @geometry: (out)
 *
 * With d = diagonal of @bounds: feather = max (0.10 s d, 32 s); grow =
 * 4 + feather/2; blend = min (25, grow + feather/2); crop = @bounds +
 * max (0.10 s d, 32 s) + 4 + 0.06 d, at s = 1 at least max (longest canvas
 * side / 16, mean side of bounds / 2) on each side.  Feather 0 turns grow and
 * blend off unless they are given.  Where @limits is too small for min_size
 * or multiple, the crop is as large as @limits allows and the caller pads.
 * Units: pixels.  Thread: any.
 */
void pmt_geometry_compute (const PmtGeometryOptions *options,
                           const GeglRectangle *bounds,
                           const GeglRectangle *canvas,
                           const GeglRectangle *limits,
                           PmtGeometry *geometry);

/**
 * pmt_geometry_fit_aspect:
 * @rect: canvas or layer
 * @aspect_x, @aspect_y: target aspect, positive
 * @anchor_x, @anchor_y: 0..1, where the old picture sits; 0.5 = centre
 * @fitted: (out): smallest rectangle of that aspect (to the pixel, at least
 *   one side unchanged) that contains @rect
 */
void pmt_geometry_fit_aspect (const GeglRectangle *rect,
                              gint aspect_x,
                              gint aspect_y,
                              gdouble anchor_x,
                              gdouble anchor_y,
                              GeglRectangle *fitted);

G_END_DECLS

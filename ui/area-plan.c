/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* area-plan.c: what a run works on, on a small picture. */
#include "config.h"

#include "area-plan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Around all, pixels of the view. */
#define MARGIN 3

/* A step straight on and one to a corner, in quarters of a pixel. */
#define STRAIGHT 4
#define CORNER 6
#define FAR (G_MAXINT / 2)

/* ------------------------------------------------------------- rectangles */

/* All of a canvas that grows, or the picture that is generated. */
static void
find_made (PmtAreaPlan *plan,
           const PmtRequest *request,
           const PmtEstimate *estimate)
{
  const PmtOperation operation = pmt_request_get_operation (request);

  if (operation == PMT_OPERATION_GENERATE)
    plan->made = estimate->made;
  if (operation == PMT_OPERATION_EXPAND && estimate->n_areas > 0)
    gegl_rectangle_bounding_box (&plan->made, &plan->picture,
                                 &estimate->areas[0].bounds);
}

static void
fit (PmtAreaPlan *plan, gint width, gint height)
{
  GeglRectangle all;

  gegl_rectangle_bounding_box (&all, &plan->canvas, &plan->after);
  gegl_rectangle_bounding_box (&all, &all, &plan->made);
  plan->width = width;
  plan->height = height;
  plan->scale = MIN ((width - 2.0 * MARGIN) / MAX (all.width, 1),
                     (height - 2.0 * MARGIN) / MAX (all.height, 1));
  plan->x = (width - all.width * plan->scale) / 2.0 - all.x * plan->scale;
  plan->y = (height - all.height * plan->scale) / 2.0 - all.y * plan->scale;
}

void
pmt_area_plan_init (PmtAreaPlan *plan,
                    const PmtRequest *request,
                    const PmtEstimate *estimate,
                    gint width,
                    gint height)
{
  const PmtOperation operation = pmt_request_get_operation (request);

  *plan = (PmtAreaPlan){ .canvas = *pmt_request_get_canvas (request) };
  plan->after = plan->canvas;
  /* To generate, no layer is read. */
  plan->picture = operation == PMT_OPERATION_GENERATE
                      ? plan->canvas
                      : *pmt_request_get_layer (request);
  if (estimate)
    {
      plan->after = estimate->canvas;
      plan->n_areas = estimate->n_areas;
      for (guint i = 0; i < estimate->n_areas; i++)
        plan->areas[i] = estimate->areas[i];
      find_made (plan, request, estimate);
    }
  fit (plan, width, height);
}

/* ------------------------------------------------------------------- mask */

guint8 *
pmt_area_plan_read_mask (const PmtAreaPlan *plan, GeglBuffer *mask)
{
  guint8 *view = g_malloc0 ((gsize)plan->width * plan->height);
  const GeglRectangle rect = { (gint)-round (plan->x), (gint)-round (plan->y),
                               plan->width, plan->height };

  if (mask)
    gegl_buffer_get (mask, &rect, plan->scale, babl_format ("Y u8"), view,
                     plan->width, GEGL_ABYSS_NONE);

  return view;
}

static gint
nearer (gint distance, gint other, gint step)
{
  return MIN (distance, other + step);
}

/* Distances in a row from itself and the row that was done before. */
static void
pass_row (gint *row, const gint *before, gint width)
{
  for (gint x = 0; x < width; x++)
    {
      if (before)
        {
          row[x] = nearer (row[x], before[x], STRAIGHT);
          if (x > 0)
            row[x] = nearer (row[x], before[x - 1], CORNER);
          if (x + 1 < width)
            row[x] = nearer (row[x], before[x + 1], CORNER);
        }
      if (x > 0)
        row[x] = nearer (row[x], row[x - 1], STRAIGHT);
    }
  for (gint x = width - 2; x >= 0; x--)
    row[x] = nearer (row[x], row[x + 1], STRAIGHT);
}

/* To the nearest selected pixel, in quarters of a pixel (Borgefors 1986). */
static gint *
new_distances (const guint8 *mask, gint width, gint height)
{
  gint *distances = g_new (gint, (gsize)width * height);

  for (gint i = 0; i < width * height; i++)
    distances[i] = mask[i] > 0 ? 0 : FAR;
  for (gint y = 0; y < height; y++)
    pass_row (distances + y * width, y > 0 ? distances + (y - 1) * width : NULL,
              width);
  for (gint y = height - 1; y >= 0; y--)
    pass_row (distances + y * width,
              y + 1 < height ? distances + (y + 1) * width : NULL, width);

  return distances;
}

static gdouble
coverage (const PmtWorkArea *area, gdouble distance)
{
  const gdouble t =
      area->feather > 0.0
          ? CLAMP (0.5 + (area->grow - distance) / area->feather, 0.0, 1.0)
          : (distance <= area->grow ? 1.0 : 0.0);

  return t * t * (3.0 - 2.0 * t);
}

static void
soften_area (const PmtAreaPlan *plan,
             const PmtWorkArea *area,
             const guint8 *mask,
             const gint *distances,
             guint8 *soft)
{
  const GeglRectangle *crop = &area->crop;
  const gint left = (gint)floor (plan->x + crop->x * plan->scale);
  const gint top = (gint)floor (plan->y + crop->y * plan->scale);
  const gint right =
      (gint)ceil (plan->x + ((gdouble)crop->x + crop->width) * plan->scale);
  const gint bottom =
      (gint)ceil (plan->y + ((gdouble)crop->y + crop->height) * plan->scale);

  for (gint y = MAX (top, 0); y < MIN (bottom, plan->height); y++)
    for (gint x = MAX (left, 0); x < MIN (right, plan->width); x++)
      {
        const gint i = y * plan->width + x;
        const gdouble distance = (gdouble)distances[i] / STRAIGHT / plan->scale;
        const gdouble grown = 255.0 * coverage (area, distance);

        soft[i] = (guint8)MAX (mask[i], (guint8)lround (grown));
      }
}

guint8 *
pmt_area_plan_soften (const PmtAreaPlan *plan, const guint8 *mask)
{
  guint8 *soft = g_malloc0 ((gsize)plan->width * plan->height);
  g_autofree gint *distances = new_distances (mask, plan->width, plan->height);

  for (guint i = 0; i < plan->n_areas; i++)
    soften_area (plan, &plan->areas[i], mask, distances, soft);

  return soft;
}

gchar *
pmt_area_plan_tell (const PmtAreaPlan *plan)
{
  if (!gegl_rectangle_is_empty (&plan->made))
    /* Translators: width and height of a picture. */
    return g_strdup_printf (_ ("The result has %d × %d pixels."),
                            plan->made.width, plan->made.height);
  if (plan->n_areas == 1)
    return g_strdup_printf (_ ("The dashes: %d × %d pixels that are looked at "
                               "around the selection."),
                            plan->areas[0].crop.width,
                            plan->areas[0].crop.height);
  if (plan->n_areas > 1)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%u part of the selection is worked "
                                         "on by itself; the dashes are what is "
                                         "looked at around it.",
                                         "%u parts of the selection are worked "
                                         "on one by one; the dashes are what "
                                         "is looked at around each.",
                                         plan->n_areas),
                            plan->n_areas);

  return g_strdup ("");
}

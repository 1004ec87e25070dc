/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* areas.c: splits a selection into areas that are worked on together. */
#include "config.h"

#include "image/image-private.h"
#include "image/mask.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_AREAS 64

/* Rows of the selection that are read at a time. */
#define BAND_ROWS 64

/*
 * More regions than this (dust) are first put together by the cells of a
 * grid, so that what follows may compare regions with each other.
 */
#define MAX_REGIONS 1024
#define FIRST_CELL 8

/* Two areas whose joint crop is at most this much larger are one. */
#define JOINT_LIMIT 1.25

/* Region: a connected part of the selection; parent is itself at a root. */
typedef struct
{
  GeglRectangle bounds;
  guint parent;
} Region;

/* Run: selected pixels [x0, x1) of one row. */
typedef struct
{
  gint x0;
  gint x1;
  guint region;
} Run;

/* Group: regions that are worked on together. */
typedef struct
{
  GeglRectangle bounds;
  PmtGeometry geometry;
} Group;

/* Plan: what the geometry of every group is computed from. */
typedef struct
{
  const PmtGeometryOptions *options;
  const GeglRectangle *canvas;
  const GeglRectangle *layer;
  GArray *groups;
} Plan;

void
pmt_area_free (PmtArea *area)
{
  if (!area)
    return;
  g_clear_object (&area->mask);
  g_free (area);
}

/* -------------------------------------------------- connected regions -- */

static guint
find_root (GArray *regions, guint i)
{
  Region *all = (Region *)(gpointer)regions->data;

  while (all[i].parent != i)
    {
      all[i].parent = all[all[i].parent].parent;
      i = all[i].parent;
    }
  return i;
}

/* The lower index stays the root: the result depends on positions only. */
static guint
join_regions (GArray *regions, guint a, guint b)
{
  Region *all = (Region *)(gpointer)regions->data;
  guint root;
  guint other;

  a = find_root (regions, a);
  b = find_root (regions, b);
  if (a == b)
    return a;
  root = MIN (a, b);
  other = MAX (a, b);
  all[other].parent = root;
  gegl_rectangle_bounding_box (&all[root].bounds, &all[root].bounds,
                               &all[other].bounds);
  return root;
}

/* The runs of one row, without regions. */
static void
find_runs (const guint8 *row, gint x0, gint width, GArray *runs)
{
  gint x = 0;

  g_array_set_size (runs, 0);
  while (x < width)
    {
      Run run = { 0 };

      while (x < width && row[x] == 0)
        x++;
      run.x0 = x0 + x;
      while (x < width && row[x] != 0)
        x++;
      run.x1 = x0 + x;
      if (run.x1 > run.x0)
        g_array_append_val (runs, run);
    }
}

/* Gives the runs of row y their regions; @above are those of row y - 1. */
static void
connect_runs (GArray *regions, GArray *runs, const GArray *above, gint y)
{
  guint k = 0;

  for (guint i = 0; i < runs->len; i++)
    {
      Run *run = &g_array_index (runs, Run, i);
      Region region = { { run->x0, y, run->x1 - run->x0, 1 }, regions->len };

      run->region = regions->len;
      /* 8-neighbours: runs touch at corners too. */
      while (k < above->len && g_array_index (above, Run, k).x1 < run->x0)
        k++;
      if (k < above->len && g_array_index (above, Run, k).x0 <= run->x1)
        {
          run->region =
              find_root (regions, g_array_index (above, Run, k).region);
          gegl_rectangle_bounding_box (
              &g_array_index (regions, Region, run->region).bounds,
              &g_array_index (regions, Region, run->region).bounds,
              &region.bounds);
        }
      else
        g_array_append_val (regions, region);
      /* Further runs above that touch; the last may touch the next, too. */
      for (guint j = k + 1;
           j < above->len && g_array_index (above, Run, j).x0 <= run->x1; j++)
        {
          run->region = join_regions (regions, run->region,
                                      g_array_index (above, Run, j).region);
          k = j;
        }
    }
}

/* (element-type GeglRectangle): bounds of the regions, in reading order. */
static GArray *
find_regions (GeglBuffer *mask, const GeglRectangle *bounds, GError **error)
{
  const gint rows = MIN (BAND_ROWS, bounds->height);
  g_autofree guint8 *band = pmt_image_alloc (bounds->width, rows, 1, error);
  g_autoptr (GArray) regions = g_array_new (FALSE, FALSE, sizeof (Region));
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (Run));
  g_autoptr (GArray) above = g_array_new (FALSE, FALSE, sizeof (Run));
  GArray *found;

  if (!band)
    return NULL;
  for (gint y = 0; y < bounds->height; y++)
    {
      GArray *last = above;

      if (y % rows == 0)
        pmt_mask_read_selected (mask,
                                GEGL_RECTANGLE (bounds->x, bounds->y + y,
                                                bounds->width,
                                                MIN (rows, bounds->height - y)),
                                band);
      find_runs (band + (gsize)(y % rows) * bounds->width, bounds->x,
                 bounds->width, runs);
      connect_runs (regions, runs, above, bounds->y + y);
      above = runs;
      runs = last;
    }

  found = g_array_new (FALSE, FALSE, sizeof (GeglRectangle));
  for (guint i = 0; i < regions->len; i++)
    {
      const Region *region = &g_array_index (regions, Region, i);

      if (region->parent == i)
        g_array_append_val (found, region->bounds);
    }
  return found;
}

/* -------------------------------------------------------------- dust -- */

static guint64
cell_of (const GeglRectangle *rect, const GeglRectangle *bounds, gint size)
{
  const guint64 x = ((gint64)rect->x - bounds->x) / size;
  const guint64 y = ((gint64)rect->y - bounds->y) / size;

  return y << 32 | x;
}

/* Joins regions that start in the same cell of a grid. */
static GArray *
join_cells (const GArray *regions, const GeglRectangle *bounds, gint size)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GArray *joined = g_array_new (FALSE, FALSE, sizeof (GeglRectangle));

  for (guint i = 0; i < regions->len; i++)
    {
      const GeglRectangle *rect = &g_array_index (regions, GeglRectangle, i);
      const guint64 cell = cell_of (rect, bounds, size);
      gpointer index = NULL;

      if (g_hash_table_lookup_extended (seen, &cell, NULL, &index))
        {
          GeglRectangle *box =
              &g_array_index (joined, GeglRectangle, GPOINTER_TO_UINT (index));

          gegl_rectangle_bounding_box (box, box, rect);
          continue;
        }
      g_hash_table_insert (seen, g_memdup2 (&cell, sizeof cell),
                           GUINT_TO_POINTER (joined->len));
      g_array_append_vals (joined, rect, 1);
    }
  return joined;
}

/* At most MAX_REGIONS regions. */
static GArray *
gather_dust (GArray *regions, const GeglRectangle *bounds)
{
  const gint side = MAX (bounds->width, bounds->height);

  for (gint size = FIRST_CELL; regions->len > MAX_REGIONS; size *= 2)
    {
      GArray *joined = join_cells (regions, bounds, size);

      g_array_unref (regions);
      regions = joined;
      if (size > side)
        break;
    }
  return regions;
}

/* ------------------------------------------------------------ joining -- */

static gdouble
area_of (const GeglRectangle *rect)
{
  return (gdouble)rect->width * rect->height;
}

static Group
make_group (const Plan *plan, const GeglRectangle *bounds)
{
  Group group = { .bounds = *bounds };

  pmt_geometry_compute (plan->options, bounds, plan->canvas, plan->layer,
                        &group.geometry);
  return group;
}

static Group
make_joint (const Plan *plan, const Group *a, const Group *b)
{
  GeglRectangle bounds;

  gegl_rectangle_bounding_box (&bounds, &a->bounds, &b->bounds);
  return make_group (plan, &bounds);
}

static gboolean
should_join (const Plan *plan, const Group *a, const Group *b)
{
  const gdouble apart =
      area_of (&a->geometry.crop) + area_of (&b->geometry.crop);
  Group joint;

  if (gegl_rectangle_intersect (NULL, &a->geometry.crop, &b->geometry.crop))
    return TRUE;
  /* Cheap test first: the joint crop contains both crops' bounds. */
  gegl_rectangle_bounding_box (&joint.bounds, &a->bounds, &b->bounds);
  if (area_of (&joint.bounds) > JOINT_LIMIT * apart)
    return FALSE;
  joint = make_group (plan, &joint.bounds);
  return area_of (&joint.geometry.crop) <= JOINT_LIMIT * apart;
}

/* Adds a group, taking in the groups it should be joined with, until the
 * crops of all groups are apart. */
static void
add_group (Plan *plan, const GeglRectangle *bounds)
{
  Group group = make_group (plan, bounds);
  guint i = 0;

  while (i < plan->groups->len)
    {
      const Group *other = &g_array_index (plan->groups, Group, i);

      if (should_join (plan, &group, other))
        {
          group = make_joint (plan, &group, other);
          g_array_remove_index_fast (plan->groups, i);
          i = 0;
        }
      else
        i++;
    }
  g_array_append_val (plan->groups, group);
}

/* Squared distance between two rectangles. */
static gdouble
gap_between (const GeglRectangle *a, const GeglRectangle *b)
{
  const gdouble dx = (gdouble)MAX (a->x, b->x)
                     - (gdouble)MIN (pmt_rect_right (a), pmt_rect_right (b));
  const gdouble dy = (gdouble)MAX (a->y, b->y)
                     - (gdouble)MIN (pmt_rect_bottom (a), pmt_rect_bottom (b));

  return MAX (dx, 0.0) * MAX (dx, 0.0) + MAX (dy, 0.0) * MAX (dy, 0.0);
}

/* Nearest: the nearest other group of each group. */
typedef struct
{
  guint index;
  gdouble gap;
} Nearest;

static Nearest
find_nearest (const GArray *groups, guint i)
{
  Nearest nearest = { i, G_MAXDOUBLE };

  for (guint j = 0; j < groups->len; j++)
    {
      const gdouble gap =
          j == i ? G_MAXDOUBLE
                 : gap_between (&g_array_index (groups, Group, i).bounds,
                                &g_array_index (groups, Group, j).bounds);

      if (gap < nearest.gap)
        nearest = (Nearest){ j, gap };
    }
  return nearest;
}

static guint
find_closest_pair (const Nearest *nearest, guint n)
{
  guint best = 0;

  for (guint i = 1; i < n; i++)
    if (nearest[i].gap < nearest[best].gap)
      best = i;
  return best;
}

/* Joins the nearest two until no more than MAX_AREAS are left. */
static void
limit_groups (Plan *plan)
{
  GArray *groups = plan->groups;
  g_autofree Nearest *nearest = g_new (Nearest, groups->len);

  for (guint i = 0; i < groups->len; i++)
    nearest[i] = find_nearest (groups, i);
  while (groups->len > MAX_AREAS)
    {
      const guint pair = find_closest_pair (nearest, groups->len);
      const guint a = MIN (pair, nearest[pair].index);
      const guint b = MAX (pair, nearest[pair].index);
      const guint last = groups->len - 1;

      g_array_index (groups, Group, a) =
          make_joint (plan, &g_array_index (groups, Group, a),
                      &g_array_index (groups, Group, b));
      g_array_remove_index_fast (groups, b);
      nearest[b] = nearest[last];
      /* The last group now is group b; whoever was near a or b looks anew. */
      for (guint i = 0; i < groups->len; i++)
        {
          const guint near = nearest[i].index;

          if (i == a || near == a || near == b)
            nearest[i] = find_nearest (groups, i);
          else
            {
              const gdouble gap =
                  gap_between (&g_array_index (groups, Group, i).bounds,
                               &g_array_index (groups, Group, a).bounds);

              if (near == last)
                nearest[i].index = b;
              if (gap < nearest[i].gap)
                nearest[i] = (Nearest){ a, gap };
            }
        }
    }
}

/* Groups of all the rectangles, joined; replaces the plan's groups. */
static void
regroup (Plan *plan, const GArray *rectangles)
{
  g_clear_pointer (&plan->groups, g_array_unref);
  plan->groups = g_array_new (FALSE, FALSE, sizeof (Group));
  for (guint i = 0; i < rectangles->len; i++)
    add_group (plan, &g_array_index (rectangles, GeglRectangle, i));
}

static void
plan_groups (Plan *plan, const GArray *regions)
{
  g_autoptr (GArray) limited = NULL;

  regroup (plan, regions);
  if (plan->groups->len <= MAX_AREAS)
    return;

  limit_groups (plan);
  /* Joined crops may overlap others now. */
  limited = g_array_new (FALSE, FALSE, sizeof (GeglRectangle));
  for (guint i = 0; i < plan->groups->len; i++)
    g_array_append_val (limited, g_array_index (plan->groups, Group, i).bounds);
  regroup (plan, limited);
}

/* -------------------------------------------------------------- areas -- */

static gint
compare_groups (gconstpointer a, gconstpointer b)
{
  const GeglRectangle *first = &((const Group *)a)->bounds;
  const GeglRectangle *second = &((const Group *)b)->bounds;

  if (first->y != second->y)
    return first->y < second->y ? -1 : 1;
  return (first->x > second->x) - (first->x < second->x);
}

/* The crops of groups are apart: all that is selected in it is the area's.
 * %NULL without memory. */
static GeglBuffer *
new_area_mask (GeglBuffer *mask, const PmtGeometry *geometry, GError **error)
{
  const Babl *format = babl_format ("Y float");
  const GeglRectangle *bounds = &geometry->bounds;
  g_autofree gfloat *band =
      pmt_image_alloc (bounds->width, BAND_ROWS, sizeof (gfloat), error);
  GeglBuffer *copy;

  if (!band)
    return NULL;
  copy = gegl_buffer_new (&geometry->crop, format);
  for (gint y = 0; y < bounds->height; y += BAND_ROWS)
    {
      const GeglRectangle rows = { bounds->x, bounds->y + y, bounds->width,
                                   MIN (BAND_ROWS, bounds->height - y) };

      pmt_mask_read_coverage (mask, &rows, band);
      gegl_buffer_set (copy, &rows, 0, format, band, GEGL_AUTO_ROWSTRIDE);
    }
  return copy;
}

void
pmt_area_tell (const PmtArea *area, PmtEstimate *estimate)
{
  const PmtGeometry *geometry = &area->geometry;

  if (estimate->n_areas >= PMT_MAX_WORK_AREAS)
    return;
  estimate->areas[estimate->n_areas++] = (PmtWorkArea){
    .bounds = geometry->bounds,
    .crop = geometry->crop,
    .feather = geometry->feather,
    .grow = geometry->grow,
    .blend = geometry->blend,
  };
}

GPtrArray *
pmt_areas_plan (GeglBuffer *mask,
                const PmtGeometryOptions *options,
                const GeglRectangle *canvas,
                const GeglRectangle *layer,
                GError **error)
{
  Plan plan = { options, canvas, layer, NULL };
  g_autoptr (GArray) regions = NULL;
  g_autoptr (GPtrArray) areas = NULL;
  GeglRectangle bounds;
  gboolean is_ok = TRUE;

  if (!pmt_mask_bounds (mask, layer, &bounds))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                   _ ("Nothing is selected inside the layer. Select a part "
                      "of the layer and try again."));
      return NULL;
    }
  regions = find_regions (mask, &bounds, error);
  if (!regions)
    return NULL;
  regions = gather_dust (g_steal_pointer (&regions), &bounds);

  plan_groups (&plan, regions);
  g_array_sort (plan.groups, compare_groups);
  areas = g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_area_free);
  for (guint i = 0; i < plan.groups->len && is_ok; i++)
    {
      PmtArea *area = g_new0 (PmtArea, 1);

      area->geometry = g_array_index (plan.groups, Group, i).geometry;
      g_ptr_array_add (areas, area);
      area->mask = new_area_mask (mask, &area->geometry, error);
      is_ok = area->mask != NULL;
    }
  g_array_unref (plan.groups);
  return is_ok ? g_steal_pointer (&areas) : NULL;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fill-plan.c: areas, options and estimate of a request. */
#include "config.h"

#include "fill/fill-plan.h"

#include <glib/gi18n-lib.h>

#include "image/expand.h"

#define MAX_SIDE 262144

/* Grown beyond the selection unless the user says otherwise: the width of an
 * anti-aliased edge with its halo.  The rest of the automatic grow serves
 * models that start from noise, and would only destroy known pixels here. */
#define EDGE_GROW 4.0

/*
 * Measured on one core of 2026's machines, within a factor of 2 for pictures
 * of 0.2 to 6 megapixels: per pixel to fill and iteration on the proxy, per
 * pixel to fill beyond it, per pixel of the crop, and per run.
 */
#define SECONDS_PER_SEARCHED 2.9e-6
#define SECONDS_PER_REFINED 8e-6
#define SECONDS_PER_READ 2e-7
#define SECONDS_PER_RUN 0.3

/* More cores than this do not help. */
#define MAX_USEFUL_THREADS 8

static PmtGeometryOptions
geometry_options (const PmtParams *params)
{
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;

  options.feather = pmt_params_get_number (params, "feather", -1.0);
  options.grow = pmt_params_get_number (params, "grow", -1.0);
  options.blend = pmt_params_get_number (params, "blend", -1.0);
  options.context = pmt_params_get_number (params, "context", -1.0);
  return options;
}

static gint
max_side (const PmtModel *model)
{
  return (gint)pmt_model_get_limit (model, "max_side", MAX_SIDE);
}

GPtrArray *
pmt_fill_plan_areas (const PmtModel *model,
                     const PmtRequest *request,
                     GeglRectangle *canvas,
                     GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const GeglRectangle *layer = pmt_request_get_layer (request);
  PmtGeometryOptions options = geometry_options (params);
  PmtExpandPlan plan;
  GPtrArray *areas;

  *canvas = *pmt_request_get_canvas (request);
  if (pmt_request_get_operation (request) == PMT_OPERATION_REMOVE)
    return pmt_areas_plan (pmt_request_get_mask (request), &options, canvas,
                           layer, error);

  if (!pmt_expand_plan (params, canvas, layer, max_side (model), &plan, error))
    return NULL;

  areas = g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_area_free);
  g_ptr_array_add (areas, pmt_expand_area (&plan, layer, &options));
  *canvas = plan.canvas;
  return areas;
}

/* Is there an opaque pixel outside the hole? */
static gboolean
has_source (const PmtPixels *original, const guint8 *hole)
{
  gsize n = (gsize)original->rect.width * original->rect.height;

  for (gsize i = 0; i < n; i++)
    if (!hole[i] && original->opaque[i])
      return TRUE;
  return FALSE;
}

guint8 *
pmt_fill_plan_hole (const PmtRequest *request,
                    const PmtArea *area,
                    const PmtPixels *original,
                    GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const GeglRectangle *crop = &area->geometry.crop;
  const gdouble given = pmt_params_get_number (params, "grow", -1.0);
  gdouble grow = given >= 0.0 ? given : MIN (area->geometry.grow, EDGE_GROW);
  guint8 *hole;

  if (pmt_request_get_operation (request) == PMT_OPERATION_EXPAND)
    grow = 0.0;
  hole = pmt_mask_grow (area->mask, 0.0, grow, crop);
  while (hole && given < 0.0 && grow > 0.0 && !has_source (original, hole))
    {
      grow = grow > 1.0 ? grow / 2.0 : 0.0;
      g_free (hole);
      hole = pmt_mask_grow (area->mask, 0.0, grow, crop);
    }
  if (!hole)
    pmt_image_memory_error (crop->width, crop->height, error);
  return hole;
}

PmtFillOptions
pmt_fill_plan_options (const PmtJob *job, guint candidate)
{
  const PmtParams *params = pmt_request_peek_params (job->request);
  PmtFillOptions options = PMT_FILL_OPTIONS_INIT;

  options.patch_size =
      (gint)pmt_params_get_int (params, "patch-size", options.patch_size);
  options.iterations =
      (gint)pmt_params_get_int (params, "iterations", options.iterations);
  options.seed = job->seed + candidate;
  options.threads = job->threads;
  return options;
}

guint
pmt_fill_plan_candidates (const PmtRequest *request)
{
  const PmtParams *params = pmt_request_peek_params (request);

  return (guint)pmt_params_get_int (params, "count", 1);
}

/* ----------------------------------------------------------- validation -- */

static void
check_patch_size (const PmtParams *params, GPtrArray *problems)
{
  gint64 size = pmt_params_get_int (params, "patch-size", 7);

  if (size % 2 == 0)
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "patch-size",
                      _ ("“patch-size” is %lld px, and it must be an odd "
                         "number, such as %lld."),
                      (long long)size, (long long)size + 1);
}

void
pmt_fill_plan_validate (const PmtModel *model,
                        const PmtRequest *request,
                        GPtrArray *problems)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const GeglRectangle *layer = pmt_request_get_layer (request);
  g_autoptr (GError) error = NULL;
  PmtExpandPlan plan;

  check_patch_size (params, problems);

  if (pmt_request_get_operation (request) == PMT_OPERATION_EXPAND
      && !gegl_rectangle_is_empty (layer)
      && !pmt_expand_plan (params, pmt_request_get_canvas (request), layer,
                           max_side (model), &plan, &error))
    pmt_problems_add (problems, error->code, NULL, "%s", error->message);
}

/* ------------------------------------------------------------- estimate -- */

/* Beside what all areas keep: two copies of the pixels, the hole, the fill. */
static guint64
area_memory (const PmtJob *job, const PmtArea *area)
{
  const GeglRectangle *crop = &area->geometry.crop;
  PmtFillOptions options = pmt_fill_plan_options (job, 0);
  guint64 n_pixels = (guint64)crop->width * crop->height;
  const guint64 n_bytes = 2 * (3 * sizeof (gfloat) + 1) + 1;

  return n_pixels * n_bytes
         + pmt_fill_memory (crop->width, crop->height, &options);
}

/* The mask of the area; picture and mask of every candidate. */
static guint64
kept_memory (const PmtJob *job, const PmtArea *area)
{
  const GeglRectangle *crop = &area->geometry.crop;
  GeglBuffer *source = pmt_request_get_source (job->request);
  guint64 n = pmt_fill_plan_candidates (job->request);
  guint64 pixel = 4 * sizeof (gfloat);

  if (source)
    pixel = babl_format_get_bytes_per_pixel (gegl_buffer_get_format (source));
  return (guint64)crop->width * crop->height
         * (sizeof (gfloat) + n * (pixel + sizeof (gfloat)));
}

static gsize
count_selected (GeglBuffer *mask)
{
  gsize n = 0;
  GeglBufferIterator *it =
      gegl_buffer_iterator_new (mask, NULL, 0, babl_format ("Y float"),
                                GEGL_ACCESS_READ, GEGL_ABYSS_NONE, 1);

  while (gegl_buffer_iterator_next (it))
    {
      const gfloat *coverage = it->items[0].data;

      for (gint i = 0; i < it->length; i++)
        n += coverage[i] > 0.0f;
    }
  return n;
}

/* Of one candidate. */
static gdouble
area_seconds (const PmtJob *job, const PmtArea *area)
{
  const GeglRectangle *crop = &area->geometry.crop;
  PmtFillOptions options = pmt_fill_plan_options (job, 0);
  gdouble n_read = (gdouble)crop->width * crop->height;
  gdouble filled = (gdouble)count_selected (area->mask);
  gdouble share = 1.0;
  gdouble seconds = SECONDS_PER_RUN + n_read * SECONDS_PER_READ;

  /* The proxy is the first of the halved pictures that is small enough. */
  while (n_read * share > (gdouble)options.proxy_pixels)
    share /= 4.0;
  seconds += filled * share * options.iterations * SECONDS_PER_SEARCHED;
  if (share < 1.0)
    seconds += filled * SECONDS_PER_REFINED;
  return seconds / CLAMP (job->threads, 1, MAX_USEFUL_THREADS);
}

/* No noise is mixed in: what shows is the selection, grown where that was asked
 * for, with the blend of the composite mask as its edge. */
static void
tell_area (const PmtJob *job, const PmtArea *area, PmtEstimate *estimate)
{
  const gdouble grow = pmt_params_get_number (
      pmt_request_peek_params (job->request), "grow", -1.0);
  PmtWorkArea *told = &estimate->areas[estimate->n_areas];

  if (estimate->n_areas >= PMT_MAX_WORK_AREAS)
    return;
  pmt_area_tell (area, estimate);
  told->feather = told->blend;
  told->grow = grow >= 0.0 ? grow : told->blend / 2.0;
}

gboolean
pmt_fill_plan_estimate (const PmtJob *job,
                        PmtEstimate *estimate,
                        GError **error)
{
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  guint n = pmt_fill_plan_candidates (job->request);
  g_autoptr (GPtrArray) areas = NULL;
  GeglRectangle canvas;
  guint64 working = 0;
  guint64 kept = 0;

  areas = pmt_fill_plan_areas (job->model, job->request, &canvas, error);
  if (!areas)
    return FALSE;

  *estimate = (PmtEstimate){ .n_items = n * areas->len };
  estimate->width = canvas.width;
  estimate->height = canvas.height;
  estimate->canvas = canvas;

  for (guint i = 0; i < areas->len; i++)
    {
      const PmtArea *area = g_ptr_array_index (areas, i);
      GeglRectangle read;

      gegl_rectangle_intersect (&read, &area->geometry.crop, layer);
      gegl_rectangle_bounding_box (&estimate->region, &estimate->region, &read);
      working = MAX (working, area_memory (job, area));
      kept += kept_memory (job, area);
      estimate->seconds += n * area_seconds (job, area);
      tell_area (job, area, estimate);
    }

  estimate->bytes = working + kept;
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * fill-backend.c: from a request to pieces of work and back to layers.
 * A piece is one area of the selection (remove) or the new border (expand);
 * every candidate of a piece is one run of the fill.
 */
#include "config.h"

#include "fill/fill-backend.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/result-builder.h"
#include "fill/border.h"
#include "fill/fill.h"
#include "image/expand.h"
#include "image/mask.h"
#include "image/pixels.h"

#define MAX_SIDE 262144

/* Grown beyond the selection unless the user says otherwise: the width of an
 * anti-aliased edge with its halo.  The rest of the automatic grow serves
 * models that start from noise, and would only destroy known pixels here. */
#define EDGE_GROW 4.0

/* Measured: seconds per filled pixel and iteration, and per pixel read. */
#define SECONDS_PER_FILLED 9e-7
#define SECONDS_PER_READ 2e-7

struct _PmtFillBackend
{
  GObject parent_instance;
};

#define PMT_TYPE_FILL_BACKEND (pmt_fill_backend_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtFillBackend, pmt_fill_backend, PMT, FILL_BACKEND, GObject)

static void fill_backend_interface_init (PmtBackendInterface *iface);

G_DEFINE_TYPE_WITH_CODE (PmtFillBackend,
                         pmt_fill_backend,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PMT_TYPE_BACKEND,
                                                fill_backend_interface_init))

static void
pmt_fill_backend_class_init (PmtFillBackendClass *klass)
{
}

static void
pmt_fill_backend_init (PmtFillBackend *self)
{
}

PmtBackend *
pmt_fill_backend_new (void)
{
  return g_object_new (PMT_TYPE_FILL_BACKEND, NULL);
}

static const gchar *
fill_backend_get_id (PmtBackend *backend)
{
  return "fill";
}

/* ------------------------------------------------------------- planning -- */

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

static GeglRectangle
new_border_bounds (const GeglRectangle *picture, const GeglRectangle *layer)
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

static PmtArea *
border_area (const PmtRequest *request,
             const PmtExpandPlan *plan,
             const GeglRectangle *layer)
{
  PmtGeometryOptions options =
      geometry_options (pmt_request_peek_params (request));
  GeglRectangle bounds = new_border_bounds (&plan->picture, layer);
  PmtArea *area = g_new0 (PmtArea, 1);
  GeglColor *white = gegl_color_new ("white");
  GeglRectangle known;

  pmt_geometry_compute (&options, &bounds, &plan->canvas, &plan->picture,
                        &area->geometry);
  area->mask = gegl_buffer_new (&area->geometry.crop, babl_format ("Y float"));
  gegl_buffer_set_color (area->mask, NULL, white);
  g_object_unref (white);
  if (gegl_rectangle_intersect (&known, &area->geometry.crop, layer))
    gegl_buffer_clear (area->mask, &known);
  return area;
}

static gint
max_side (const PmtModel *model)
{
  return (gint)pmt_model_get_limit (model, "max_side", MAX_SIDE);
}

/**
 * @canvas: (out): bounds of the canvas afterwards
 * Returns: (element-type PmtArea): the pieces of work
 */
static GPtrArray *
plan_areas (const PmtModel *model,
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
  g_ptr_array_add (areas, border_area (request, &plan, layer));
  *canvas = plan.canvas;
  return areas;
}

static gdouble
hole_growth (const PmtRequest *request, const PmtGeometry *geometry)
{
  const PmtParams *params = pmt_request_peek_params (request);
  gdouble grow = pmt_params_get_number (params, "grow", -1.0);

  if (pmt_request_get_operation (request) == PMT_OPERATION_EXPAND)
    return 0.0;
  return grow >= 0.0 ? grow : MIN (geometry->grow, EDGE_GROW);
}

static PmtFillOptions
fill_options (const PmtJob *job, guint candidate)
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

static guint
n_candidates (const PmtRequest *request)
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

static void
fill_backend_validate (PmtBackend *backend,
                       const PmtModel *model,
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

static guint64
area_memory (const PmtJob *job, const PmtArea *area)
{
  const GeglRectangle *crop = &area->geometry.crop;
  PmtFillOptions options = fill_options (job, 0);
  guint64 n_pixels = (guint64)crop->width * crop->height;
  const guint64 n_bytes = 2 * (3 * sizeof (gfloat) + 1)     /* original, made */
                          + 1 /* hole */ + sizeof (gfloat); /* mask */

  return n_pixels * n_bytes
         + pmt_fill_memory (crop->width, crop->height, &options);
}

static guint64
picture_memory (const PmtJob *job, const PmtArea *area)
{
  const GeglRectangle *crop = &area->geometry.crop;
  GeglBuffer *source = pmt_request_get_source (job->request);
  guint64 pixel = 4 * sizeof (gfloat);

  if (source)
    pixel = babl_format_get_bytes_per_pixel (gegl_buffer_get_format (source));
  return (guint64)crop->width * crop->height * (pixel + sizeof (gfloat));
}

static gboolean
fill_backend_estimate (PmtBackend *backend,
                       const PmtJob *job,
                       PmtEstimate *estimate,
                       GError **error)
{
  const PmtParams *params = pmt_request_peek_params (job->request);
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  guint n = n_candidates (job->request);
  g_autoptr (GPtrArray) areas = NULL;
  GeglRectangle canvas;
  guint64 working = 0;
  guint64 results = 0;
  gdouble iterations = pmt_params_get_int (params, "iterations", 10);

  areas = plan_areas (job->model, job->request, &canvas, error);
  if (!areas)
    return FALSE;

  *estimate = (PmtEstimate){ .n_items = n * areas->len };
  estimate->width = canvas.width;
  estimate->height = canvas.height;

  for (guint i = 0; i < areas->len; i++)
    {
      const PmtArea *area = g_ptr_array_index (areas, i);
      const PmtGeometry *geometry = &area->geometry;
      GeglRectangle read;
      gdouble filled =
          (gdouble)geometry->bounds.width * geometry->bounds.height;
      gdouble n_read = (gdouble)geometry->crop.width * geometry->crop.height;

      gegl_rectangle_intersect (&read, &geometry->crop, layer);
      gegl_rectangle_bounding_box (&estimate->region, &estimate->region, &read);
      working = MAX (working, area_memory (job, area));
      results += n * picture_memory (job, area);
      estimate->seconds += n
                           * (filled * iterations * SECONDS_PER_FILLED
                              + n_read * SECONDS_PER_READ);
    }

  estimate->bytes = working + results;
  return TRUE;
}

/* ------------------------------------------------------------------ run -- */

static void
memory_error (const GeglRectangle *rect, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("There is not enough memory to work on %d × %d pixels. "
                  "Close other pictures or select a smaller area."),
               rect->width, rect->height);
}

static PmtPixels *
copy_pixels (const PmtPixels *pixels, GError **error)
{
  gsize n = (gsize)pixels->rect.width * pixels->rect.height;
  g_autoptr (PmtPixels) copy = g_new0 (PmtPixels, 1);

  copy->rect = pixels->rect;
  copy->space = pixels->space;
  copy->is_all_opaque = pixels->is_all_opaque;
  copy->rgb = g_try_malloc (n * 3 * sizeof (gfloat));
  copy->opaque = g_try_malloc (n);
  if (!copy->rgb || !copy->opaque)
    {
      memory_error (&pixels->rect, error);
      return NULL;
    }

  memcpy (copy->rgb, pixels->rgb, n * 3 * sizeof (gfloat));
  memcpy (copy->opaque, pixels->opaque, n);
  return g_steal_pointer (&copy);
}

/* Everything about one area that its candidates share. */
typedef struct
{
  const PmtJob *job;
  const PmtArea *area;
  PmtPixels *original;
  guint8 *hole;
} Piece;

static void
piece_clear (Piece *piece)
{
  g_clear_pointer (&piece->original, pmt_pixels_free);
  g_clear_pointer (&piece->hole, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Piece, piece_clear)

static gboolean
piece_init (Piece *piece,
            const PmtJob *job,
            const PmtArea *area,
            GError **error)
{
  const PmtGeometry *geometry = &area->geometry;

  piece->job = job;
  piece->area = area;
  piece->original = pmt_pixels_read (pmt_request_get_source (job->request),
                                     &geometry->crop, error);
  if (!piece->original)
    return FALSE;

  piece->hole = pmt_mask_grow (
      area->mask, 0.0, hole_growth (job->request, geometry), &geometry->crop);
  if (!piece->hole)
    {
      memory_error (&geometry->crop, error);
      return FALSE;
    }
  return TRUE;
}

static gboolean
match_colors (const Piece *piece, PmtPixels *made, GError **error)
{
  const GeglRectangle *crop = &piece->area->geometry.crop;
  const PmtParams *params = pmt_request_peek_params (piece->job->request);
  gdouble diagonal = hypot (crop->width, crop->height);

  if (!pmt_params_get_bool (params, "color-match", TRUE))
    return TRUE;
  return pmt_match_colors (made, piece->original, piece->hole,
                           CLAMP (0.02 * diagonal, 4.0, 64.0), error);
}

static gboolean
fill (const Piece *piece,
      PmtPixels *made,
      const PmtFillOptions *options,
      PmtProgress *progress,
      GCancellable *cancellable,
      GError **error)
{
  const PmtRequest *request = piece->job->request;
  gdouble reach = pmt_params_get_number (pmt_request_peek_params (request),
                                         "context", -1.0);
  GeglRectangle known;

  if (pmt_request_get_operation (request) != PMT_OPERATION_EXPAND)
    return pmt_fill_run (made, piece->hole, NULL, options, progress,
                         cancellable, error);

  gegl_rectangle_intersect (&known, &made->rect,
                            pmt_request_get_layer (request));
  return pmt_fill_border (made, &known, reach, options, progress, cancellable,
                          error);
}

static gboolean
run_candidate (const Piece *piece,
               guint candidate,
               PmtResult *result,
               PmtProgress *progress,
               GCancellable *cancellable,
               GError **error)
{
  const PmtJob *job = piece->job;
  PmtFillOptions options = fill_options (job, candidate);
  g_autoptr (PmtPixels) made = copy_pixels (piece->original, error);
  g_autoptr (GeglBuffer) picture = NULL;
  g_autoptr (GeglBuffer) mask = NULL;
  gboolean is_filled;

  if (!made)
    return FALSE;

  pmt_progress_begin (progress, N_ ("Filling from the surroundings"), 0.9);
  is_filled = fill (piece, made, &options, progress, cancellable, error);
  pmt_progress_end (progress);
  if (!is_filled)
    return FALSE;

  pmt_progress_begin (progress, N_ ("Matching colors"), 0.1);
  if (match_colors (piece, made, error))
    picture = pmt_pixels_new_picture (
        made, piece->hole, pmt_request_get_source (job->request), error);
  pmt_progress_end (progress);
  if (!picture || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  mask = pmt_mask_composite (piece->area);
  if (!mask)
    {
      memory_error (&piece->area->geometry.crop, error);
      return FALSE;
    }
  pmt_result_add (result, job, g_steal_pointer (&picture),
                  g_steal_pointer (&mask), options.seed,
                  &piece->area->geometry.bounds);
  return TRUE;
}

static gboolean
run_area (const PmtJob *job,
          const PmtArea *area,
          PmtResult *result,
          PmtProgress *progress,
          GCancellable *cancellable,
          GError **error)
{
  guint n = n_candidates (job->request);
  gboolean is_ok = TRUE;
  g_auto (Piece) piece = { 0 };

  if (!piece_init (&piece, job, area, error))
    return FALSE;

  for (guint i = 0; i < n && is_ok; i++)
    {
      pmt_progress_begin (progress, NULL, 1.0 / n);
      is_ok = run_candidate (&piece, i, result, progress, cancellable, error);
      pmt_progress_end (progress);
    }
  return is_ok;
}

static void
add_notes (const PmtJob *job, const GeglRectangle *canvas, PmtResult *result)
{
  const PmtParams *params = pmt_request_peek_params (job->request);
  const gchar *aspect = pmt_params_get_string (params, "aspect", "");

  if (pmt_request_get_operation (job->request) != PMT_OPERATION_EXPAND)
    return;

  pmt_result_set_canvas (result, canvas);
  if (*aspect)
    pmt_result_note (result, _ ("Asked for %s; made %d × %d pixels."), aspect,
                     canvas->width, canvas->height);
}

static PmtResult *
fill_backend_run (PmtBackend *backend,
                  const PmtJob *job,
                  PmtProgress *progress,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GPtrArray) areas = NULL;
  g_autoptr (PmtResult) result = NULL;
  GeglRectangle canvas;
  gboolean is_ok = TRUE;

  areas = plan_areas (job->model, job->request, &canvas, error);
  if (!areas)
    return NULL;

  result = pmt_result_new (job);
  for (guint i = 0; i < areas->len && is_ok; i++)
    {
      pmt_progress_begin (progress, NULL, 1.0 / areas->len);
      is_ok = run_area (job, g_ptr_array_index (areas, i), result, progress,
                        cancellable, error);
      pmt_progress_end (progress);
    }
  if (!is_ok)
    return NULL;

  add_notes (job, &canvas, result);
  return g_steal_pointer (&result);
}

static void
fill_backend_interface_init (PmtBackendInterface *iface)
{
  iface->get_id = fill_backend_get_id;
  iface->validate = fill_backend_validate;
  iface->estimate = fill_backend_estimate;
  iface->run = fill_backend_run;
}

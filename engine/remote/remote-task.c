/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-task.c: from pieces of a picture to what is sent. */
#include "config.h"

#include "remote/remote-task.h"

#include <string.h>

#include "image/piece-layer.h"
#include "image/reduce.h"
#include "remote/remote-size.h"

void
pmt_remote_input_free (gpointer data)
{
  PmtRemoteInput *input = data;

  if (input == NULL)
    return;
  g_clear_pointer (&input->original, pmt_pixels_free);
  g_clear_pointer (&input->match, pmt_match_plan_free);
  g_clear_object (&input->layer_mask);
  g_clear_pointer (&input->image, g_bytes_unref);
  g_clear_pointer (&input->mask, g_bytes_unref);
  g_clear_pointer (&input->references, g_ptr_array_unref);
  g_free (input);
}

static PmtPictureFormat
read_format (const PmtModelService *service)
{
  PmtPictureFormat format = PMT_PICTURE_FORMAT_INIT;

  if (g_str_equal (pmt_model_service_get_format (service), "jpeg"))
    format.kind = PMT_PICTURE_JPEG;
  format.quality = (gint)pmt_model_service_get_send (service, "quality", 95.0);
  format.bits = (gint)pmt_model_service_get_send (service, "bits", 8.0);
  format.keep_alpha = pmt_json_get_bool (service->json, "send.alpha");
  return format;
}

/* @source on @rect at another size; extent 0, 0, @width, @height. */
static GeglBuffer *
scale_to (GeglBuffer *source,
          const GeglRectangle *rect,
          gint width,
          gint height,
          const Babl *format,
          GCancellable *cancellable,
          GError **error)
{
  const PmtResize resize = {
    (gdouble)width / rect->width,
    (gdouble)height / rect->height,
    rect->x,
    rect->y,
    0,
    0,
  };
  const GeglRectangle extent = { 0, 0, width, height };
  g_autoptr (GeglBuffer) scaled = gegl_buffer_new (&extent, format);

  if (!pmt_reduce (&resize, source, scaled, NULL, cancellable, error))
    return NULL;
  return g_steal_pointer (&scaled);
}

static GBytes *
encode (GeglBuffer *source,
        const GeglRectangle *rect,
        gint width,
        gint height,
        const PmtPictureFormat *format,
        GCancellable *cancellable,
        GError **error)
{
  const GeglRectangle extent = { 0, 0, width, height };
  g_autoptr (GeglBuffer) scaled = NULL;

  if (width == rect->width && height == rect->height)
    return pmt_picture_encode (source, rect, format, error);
  scaled = scale_to (source, rect, width, height,
                     gegl_buffer_get_format (source), cancellable, error);
  return scaled != NULL ? pmt_picture_encode (scaled, &extent, format, error)
                        : NULL;
}

/* Whether the format has room for nothing but opaque pixels. */
static gboolean
is_always_opaque (GeglBuffer *source, const GeglRectangle *rect)
{
  static const gchar *const types[] = { "u8", "u16", "u32", NULL };
  const Babl *format = gegl_buffer_get_format (source);

  return !babl_format_has_alpha (format) && !babl_format_is_palette (format)
         && g_strv_contains (types,
                             babl_get_name (babl_format_get_type (format, 0)))
         && gegl_rectangle_contains (gegl_buffer_get_extent (source), rect);
}

/* The crop as it is sent: the source itself where it is opaque all over, or
 * else a picture with the nearest colors where it is transparent or new. */
static GeglBuffer *
read_crop (const PmtRemoteInput *input,
           const PmtRemoteRun *run,
           const GeglRectangle *crop,
           GError **error)
{
  GeglBuffer *source = pmt_request_get_source (run->job->request);
  g_autoptr (PmtPixels) pixels = NULL;
  g_autofree guint8 *changed = NULL;

  if (input->is_opaque && gegl_rectangle_contains (&input->piece->layer, crop))
    return gegl_buffer_create_sub_buffer (source, crop);
  pixels = pmt_pixels_read (source, crop, error);
  if (pixels == NULL)
    return NULL;
  if (pixels->is_all_opaque)
    return gegl_buffer_create_sub_buffer (source, crop);
  if (pmt_json_get_bool (run->service->json, "send.alpha"))
    {
      changed = g_malloc0 ((gsize)crop->width * crop->height);
      return pmt_pixels_new_picture (pixels, changed, source, error);
    }
  pmt_pixels_extend_opaque (pixels);
  return pmt_pixels_new_picture (pixels, NULL, source, error);
}

static gboolean
add_image (PmtRemoteInput *input, const PmtRemoteRun *run, GError **error)
{
  const PmtRemotePiece *piece = input->piece;
  const PmtPictureFormat format = read_format (run->service);
  g_autoptr (GeglBuffer) crop = read_crop (input, run, &piece->crop, error);

  if (crop == NULL)
    return FALSE;
  input->image = encode (crop, &piece->crop, piece->send_width,
                         piece->send_height, &format, run->cancellable, error);
  return input->image != NULL
         && pmt_picture_read_head (input->image, &input->image_head);
}

/* Only where the service takes one. */
static gboolean
add_mask (PmtRemoteInput *input, const PmtRemoteRun *run, GError **error)
{
  const PmtRemotePiece *piece = input->piece;
  const PmtProvider *provider = run->account->provider;
  const GeglRectangle extent = { 0, 0, piece->send_width, piece->send_height };
  g_autoptr (GeglBuffer) mask = NULL;
  g_autoptr (GeglBuffer) scaled = NULL;

  if (piece->area == NULL || piece->scale != NULL
      || pmt_model_service_get_text (run->service, "mask") == NULL
      || piece->left + piece->top + piece->right + piece->bottom > 0)
    return TRUE;
  mask = pmt_mask_denoise (piece->area);
  if (mask == NULL)
    {
      pmt_image_memory_error (piece->crop.width, piece->crop.height, error);
      return FALSE;
    }
  if (piece->send_width != piece->crop.width
      || piece->send_height != piece->crop.height)
    {
      scaled =
          scale_to (mask, &piece->crop, piece->send_width, piece->send_height,
                    babl_format ("Y float"), run->cancellable, error);
      if (scaled == NULL)
        return FALSE;
    }
  input->mask = pmt_mask_encode (
      scaled != NULL ? scaled : mask, scaled != NULL ? &extent : &piece->crop,
      provider->mask_kind, provider->is_mask_hard, error);
  return input->mask != NULL;
}

/* What comes back goes in its place. */
static gboolean
add_original (PmtRemoteInput *input, const PmtRemoteRun *run, GError **error)
{
  const PmtRemotePiece *piece = input->piece;
  GeglBuffer *source = pmt_request_get_source (run->job->request);

  if (gegl_rectangle_is_empty (&piece->crop) || piece->scale != NULL)
    return TRUE;
  /* Before anything is sent, whether or not pixels are read here. */
  if (!pmt_pixels_check_format (gegl_buffer_get_format (source), error))
    return FALSE;
  input->is_in_place = TRUE;
  input->is_opaque = is_always_opaque (source, &piece->layer);
  if (input->is_opaque)
    return TRUE;
  input->original = pmt_pixels_read (source, &piece->layer, error);
  if (input->original == NULL)
    return FALSE;
  input->is_opaque = input->original->is_all_opaque;
  return TRUE;
}

/* The mask, made while the picture is. */
typedef struct
{
  PmtRemoteInput *input;
  const PmtRemoteRun *run;
  GError *error;
} MaskWork;

static gpointer
make_mask (gpointer data)
{
  MaskWork *work = data;

  return GINT_TO_POINTER (add_mask (work->input, work->run, &work->error));
}

static gboolean
add_pictures (PmtRemoteInput *input, const PmtRemoteRun *run, GError **error)
{
  MaskWork work = { input, run, NULL };
  g_autoptr (GError) local = NULL;
  GThread *thread;
  gboolean has_image, has_mask;

  if (input->piece->area == NULL)
    return add_image (input, run, error);
  thread = g_thread_new ("mask", make_mask, &work);
  has_image = add_image (input, run, &local);
  has_mask = GPOINTER_TO_INT (g_thread_join (thread));
  if (has_image && has_mask)
    return TRUE;
  g_propagate_error (error, has_image ? work.error : g_steal_pointer (&local));
  if (!has_image)
    g_clear_error (&work.error);
  return FALSE;
}

PmtRemoteInput *
pmt_remote_input_new (const PmtRemoteRun *run,
                      const PmtRemotePiece *piece,
                      GPtrArray *references,
                      GError **error)
{
  PmtRemoteInput *input = g_new0 (PmtRemoteInput, 1);

  input->piece = piece;
  input->references = g_ptr_array_ref (references);
  if (gegl_rectangle_is_empty (&piece->crop)
      || (add_original (input, run, error) && add_pictures (input, run, error)))
    return input;
  pmt_remote_input_free (input);
  return NULL;
}

gboolean
pmt_remote_has_match (const PmtRemoteRun *run, const PmtRemoteInput *input)
{
  const PmtParams *params = pmt_request_peek_params (run->job->request);

  return input->is_in_place && input->piece->area != NULL
         && pmt_params_get_bool (params, "color-match", TRUE);
}

PmtMatchPlan *
pmt_remote_match_plan (const PmtRemoteRun *run,
                       const PmtRemoteInput *input,
                       GError **error)
{
  const PmtRemotePiece *piece = input->piece;
  const PmtPixels *original = input->original;
  g_autoptr (PmtPixels) part = NULL;
  GeglRectangle rect;

  if (original == NULL)
    {
      pmt_piece_match_rect (piece->area, &rect);
      part = pmt_pixels_read (pmt_request_get_source (run->job->request), &rect,
                              error);
      if (part == NULL)
        return NULL;
      original = part;
    }
  return pmt_piece_match_plan (original, piece->area, error);
}

void
pmt_remote_input_prepare (PmtRemoteInput *input, const PmtRemoteRun *run)
{
  if (!input->is_in_place || input->piece->area == NULL)
    return;
  if (input->layer_mask == NULL)
    input->layer_mask = pmt_mask_composite (input->piece->area);
  if (input->match == NULL && pmt_remote_has_match (run, input))
    input->match = pmt_remote_match_plan (run, input, NULL);
  /* The plan knows what is needed of it. */
  if (input->match != NULL)
    g_clear_pointer (&input->original, pmt_pixels_free);
}

GPtrArray *
pmt_remote_references_new (const PmtRemoteRun *run, GError **error)
{
  const PmtRequest *request = run->job->request;
  const PmtPictureFormat format = read_format (run->service);
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (guint i = 0; i < pmt_request_get_n_references (request); i++)
    {
      GeglBuffer *picture = pmt_request_get_reference (request, i);
      const GeglRectangle *extent = gegl_buffer_get_extent (picture);
      gint width;
      gint height;
      GBytes *bytes;

      if (!pmt_remote_send_size (run->service, extent->width, extent->height,
                                 &width, &height, error))
        return NULL;
      bytes = encode (picture, extent, width, height, &format, run->cancellable,
                      error);
      if (bytes == NULL)
        return NULL;
      g_ptr_array_add (list, bytes);
    }
  return g_steal_pointer (&list);
}

void
pmt_remote_task_init (PmtRemoteTask *task,
                      const PmtRemoteRun *run,
                      const PmtRemoteInput *input,
                      const PmtRunCall *call)
{
  const PmtRemotePiece *piece = input->piece;
  const PmtRequest *request = run->job->request;
  const PmtOperation operation = pmt_request_get_operation (request);
  const PmtParams *params = pmt_request_peek_params (request);

  *task = (PmtRemoteTask){
    .model = run->job->model,
    .service = run->service,
    .model_name = pmt_model_service_get_model (run->service, operation),
    .operation = operation,
    .params = params,
    .seed = run->job->seed + call->first,
    .n_images = call->count,
    .width = piece->want_width,
    .height = piece->want_height,
    .scale = piece->crop.width > 0
                 ? (gdouble)piece->target.width / piece->crop.width
                 : 1.0,
    .image = input->image,
    .image_head = input->image_head,
    .mask = input->mask,
    .references = input->references,
    .left = piece->left,
    .top = piece->top,
    .right = piece->right,
    .bottom = piece->bottom,
    .is_mock = pmt_params_get_bool (params, "mock", FALSE),
    .idempotency_key = call->key,
  };
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-size.c: pixels that are sent, and pixels that are asked for. */
#include "config.h"

#include "remote/remote-size.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "image/expand.h"
#include "remote/fit.h"
#include "remote/remote-plan.h"

#define MAX_GENERATED 16384

/* What a picture has where nothing else says it. */
#define USUAL_SIDE 1024

static const cJSON *
get (const cJSON *object, const gchar *key)
{
  return cJSON_GetObjectItemCaseSensitive (object, key);
}

static gdouble
get_number (const cJSON *object, const gchar *key)
{
  const cJSON *node = get (object, key);

  return cJSON_IsNumber (node) ? node->valuedouble : 0.0;
}

static PmtFitLimits
read_limits (const cJSON *object)
{
  const PmtFitLimits limits = {
    .min_side = (gint)get_number (object, "min_side"),
    .max_side = (gint)get_number (object, "max_side"),
    .min_pixels = (gint64)get_number (object, "min_pixels"),
    .max_pixels = (gint64)get_number (object, "max_pixels"),
    .multiple = (gint)get_number (object, "multiple"),
    .max_aspect = get_number (object, "max_aspect"),
  };

  return limits;
}

static gboolean
has_limits (const cJSON *size)
{
  return get (size, "min_side") != NULL || get (size, "max_side") != NULL
         || get (size, "min_pixels") != NULL || get (size, "max_pixels") != NULL
         || get (size, "multiple") != NULL;
}

gboolean
pmt_remote_send_size (const PmtModelService *service,
                      gint width,
                      gint height,
                      gint *send_width,
                      gint *send_height,
                      GError **error)
{
  const PmtFitLimits limits = read_limits (get (service->json, "send"));

  return pmt_fit_send_size (width, height, &limits, send_width, send_height,
                            error);
}

/* ------------------------------------------------------------ asked for -- */

/* Whether the service has the parameter itself. */
static gboolean
is_mapped (const PmtModel *model,
           const PmtModelService *service,
           const gchar *name)
{
  const cJSON *own = get (get (service->json, "mapping"), name);

  if (cJSON_IsString (own))
    return *own->valuestring != '\0';
  for (guint i = 0; i < model->mapping->len; i++)
    if (g_str_equal (g_array_index (model->mapping, PmtModelMapping, i).name,
                     name))
      return TRUE;
  return FALSE;
}

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

static gboolean
read_aspect (const gchar *aspect, gdouble *ratio, GError **error)
{
  gint x;
  gint y;

  if (*aspect == '\0')
    return TRUE;
  if (!pmt_aspect_parse (aspect, &x, &y))
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

/* @wanted: (inout): what the parameters say, where they say something. */
static gboolean
asked_size (const PmtParams *params,
            gboolean has_own_aspect,
            gdouble wanted[2],
            GError **error)
{
  const gint width = (gint)pmt_params_get_int (params, "width", 0);
  const gint height = (gint)pmt_params_get_int (params, "height", 0);
  gdouble ratio = wanted[0] / wanted[1];
  gdouble pixels;

  if (width > 0 || height > 0)
    {
      wanted[0] = width > 0 ? width : height * ratio;
      wanted[1] = height > 0 ? height : width / ratio;
      return TRUE;
    }
  if (has_own_aspect)
    return TRUE;
  if (!read_aspect (pmt_params_get_string (params, "aspect", ""), &ratio,
                    error))
    return FALSE;
  pixels = resolution_pixels (pmt_params_get_string (params, "resolution", ""));
  if (pixels <= 0.0)
    pixels = wanted[0] * wanted[1];
  wanted[0] = sqrt (pixels * ratio);
  wanted[1] = sqrt (pixels / ratio);
  return TRUE;
}

/* Presets are sent by their names. */
static gboolean
is_left_to_preset (const PmtParams *params)
{
  const gchar *preset = pmt_params_get_string (params, "image-size", "match");
  const gchar *format = pmt_params_get_string (params, "format", "");

  return *format != '\0'
         || (!g_str_equal (preset, "match") && !g_str_equal (preset, "custom"));
}

gboolean
pmt_remote_want_size (const PmtModel *model,
                      const PmtModelService *service,
                      const PmtRequest *request,
                      const GeglRectangle *target,
                      gint send_width,
                      gint send_height,
                      gint *want_width,
                      gint *want_height,
                      GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const gboolean is_new =
      pmt_request_get_operation (request) == PMT_OPERATION_GENERATE;
  const gboolean is_custom =
      g_str_equal (pmt_params_get_string (params, "image-size", ""), "custom");
  const cJSON *size = get (service->json, "size");
  const PmtFitLimits limits = read_limits (size);
  gdouble wanted[2] = { target->width, target->height };

  *want_width = *want_height = 0;
  if (size == NULL || is_left_to_preset (params))
    return TRUE;
  if (gegl_rectangle_is_empty (target))
    wanted[0] = wanted[1] = USUAL_SIDE;
  if (!is_new && send_width > 0)
    {
      wanted[0] = send_width;
      wanted[1] = send_height;
    }
  if ((is_new || is_custom)
      && !asked_size (params, is_mapped (model, service, "aspect"), wanted,
                      error))
    return FALSE;
  if (MAX (wanted[0], wanted[1]) > MAX_GENERATED)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The picture would be %.0f × %.0f pixels; at most %d on "
                      "each side can be made. Choose a smaller size."),
                   wanted[0], wanted[1], MAX_GENERATED);
      return FALSE;
    }
  if (!has_limits (size))
    {
      *want_width = MAX ((gint)lround (wanted[0]), 1);
      *want_height = MAX ((gint)lround (wanted[1]), 1);
      return TRUE;
    }
  return pmt_fit_send_size (MAX ((gint)lround (wanted[0]), 1),
                            MAX ((gint)lround (wanted[1]), 1), &limits,
                            want_width, want_height, error);
}

/* ---------------------------------------------------------------- presets */

gboolean
pmt_remote_preset_size (const gchar *name, gint *width, gint *height)
{
  static const struct
  {
    const gchar *name;
    gint width;
    gint height;
  } presets[] = {
    { "square_hd", 1024, 1024 },    { "square", 512, 512 },
    { "portrait_4_3", 768, 1024 },  { "portrait_16_9", 576, 1024 },
    { "landscape_4_3", 1024, 768 }, { "landscape_16_9", 1024, 576 },
    { "auto_2K", 2048, 2048 },      { "auto_3K", 3072, 3072 },
    { "auto_4K", 4096, 4096 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    if (g_strcmp0 (presets[i].name, name) == 0)
      {
        *width = presets[i].width;
        *height = presets[i].height;
        return TRUE;
      }
  return FALSE;
}

void
pmt_remote_piece_work_size (const PmtRemotePiece *piece,
                            const PmtParams *params,
                            gint *width,
                            gint *height)
{
  *width = *height = USUAL_SIDE;
  if (piece->want_width > 0)
    {
      *width = piece->want_width;
      *height = piece->want_height;
      return;
    }
  if (pmt_remote_preset_size (pmt_params_get_string (params, "image-size", ""),
                              width, height)
      || piece->send_width == 0)
    return;
  *width = piece->send_width;
  *height = piece->send_height;
}

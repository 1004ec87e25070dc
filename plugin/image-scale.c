/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* image-scale.c: scales an image; what GIMP does not allow. */
#include "config.h"

#include "image-scale.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define KEEP_DPI "keep-dpi"
#define KEEP_PRINT_SIZE "keep-print-size"

static gchar *modes[] = { (gchar *)KEEP_DPI, (gchar *)KEEP_PRINT_SIZE, NULL };
static gchar *mode_labels[] = { (gchar *)NC_ ("choice", "Keep pixels per inch"),
                                (gchar *)NC_ ("choice", "Keep print size"),
                                NULL };

static gpointer
make_spec (gpointer data)
{
  static PmtParamSpec spec = {
    .name = (gchar *)"resolution-mode",
    .label = (gchar *)NC_ ("label", "Resolution"),
    .help = (gchar *)N_ ("Whether the scaled image keeps its resolution in "
                         "pixels per inch, or its size on paper."),
    .type = PMT_PARAM_CHOICE,
    .choices = modes,
    .choice_labels = mode_labels,
  };

  spec.default_value = g_variant_ref_sink (g_variant_new_string (KEEP_DPI));

  return &spec;
}

const PmtParamSpec *
pmt_image_scale_spec (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_spec, NULL);
}

gboolean
pmt_image_scale_applies (const PmtRequest *request)
{
  const PmtParams *params = pmt_request_peek_params (request);

  return strcmp (pmt_params_get_string (params, "target", "image"), "layer")
         != 0;
}

/* The larger of both: with "crop-to-fill" one direction is cut. */
static gdouble
scale_of (GimpImage *image, gint width, gint height)
{
  return MAX ((gdouble)width / gimp_image_get_width (image),
              (gdouble)height / gimp_image_get_height (image));
}

static gboolean
is_size_of (GimpImage *image, gint width, gint height)
{
  return width == gimp_image_get_width (image)
         && height == gimp_image_get_height (image);
}

static gboolean
check_side (const gchar *name, gint width, gint height, GError **error)
{
  if (width <= GIMP_MAX_IMAGE_SIZE && height <= GIMP_MAX_IMAGE_SIZE)
    return TRUE;

  if (name)
    g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                 _ ("The layer “%s” would become %d × %d pixels; GIMP allows "
                    "at most %d on each side. Choose a smaller factor, or "
                    "crop the layer."),
                 name, width, height, GIMP_MAX_IMAGE_SIZE);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                 _ ("The image would become %d × %d pixels; GIMP allows at "
                    "most %d on each side. Choose a smaller factor."),
                 width, height, GIMP_MAX_IMAGE_SIZE);

  return FALSE;
}

/* @items: NULL-terminated; groups are looked into, too. */
static gboolean
check_items (GimpItem **items, gdouble scale, GError **error)
{
  for (gint i = 0; items && items[i]; i++)
    {
      GimpDrawable *drawable = GIMP_DRAWABLE (items[i]);
      g_autofree gchar *name = gimp_item_get_name (items[i]);
      g_autofree GimpItem **children = NULL;

      if (!check_side (
              name, (gint)(gimp_drawable_get_width (drawable) * scale + 0.5),
              (gint)(gimp_drawable_get_height (drawable) * scale + 0.5), error))
        return FALSE;
      if (gimp_item_is_group (items[i]))
        children = gimp_item_get_children (items[i]);
      if (!check_items (children, scale, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_mode (const PmtRequest *request, const gchar *mode, GError **error)
{
  if (!g_strv_contains ((const gchar *const *)modes, mode))
    {
      g_autofree gchar *allowed = g_strjoinv (", ", modes);

      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” is “%s”, but must be one of: %s."),
                   pmt_image_scale_spec ()->name, mode, allowed);
      return FALSE;
    }
  if (strcmp (mode, KEEP_DPI) != 0 && !pmt_image_scale_applies (request))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” applies only when “%s” is “%s”."),
                   pmt_image_scale_spec ()->name, "target", "image");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_resolution (GimpImage *image, gdouble scale, GError **error)
{
  gdouble x = 0.0;
  gdouble y = 0.0;

  if (!gimp_image_get_resolution (image, &x, &y)
      || MAX (x, y) * scale <= GIMP_MAX_RESOLUTION)
    return TRUE;

  g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
               _ ("The resolution would become %.0f pixels per inch; GIMP "
                  "allows at most %.0f. Keep the resolution instead."),
               MAX (x, y) * scale, GIMP_MAX_RESOLUTION);

  return FALSE;
}

gboolean
pmt_image_scale_check (GimpImage *image,
                       const PmtRequest *request,
                       const gchar *mode,
                       const PmtEstimate *estimate,
                       GError **error)
{
  g_autofree GimpLayer **layers = NULL;
  gdouble scale;

  if (!check_mode (request, mode, error))
    return FALSE;
  if (is_size_of (image, estimate->width, estimate->height))
    return TRUE;

  scale = scale_of (image, estimate->width, estimate->height);
  layers = gimp_image_get_layers (image);

  return check_side (NULL, estimate->width, estimate->height, error)
         && check_items ((GimpItem **)layers, scale, error)
         && (strcmp (mode, KEEP_DPI) == 0
             || check_resolution (image, scale, error));
}

static void
multiply_resolution (GimpImage *image, gdouble scale)
{
  gdouble x;
  gdouble y;

  if (gimp_image_get_resolution (image, &x, &y))
    gimp_image_set_resolution (image, x * scale, y * scale);
}

gboolean
pmt_image_scale_apply (GimpImage *image,
                       const GeglRectangle *canvas,
                       const gchar *mode)
{
  const gdouble scale = scale_of (image, canvas->width, canvas->height);
  gint width;
  gint height;

  if (is_size_of (image, canvas->width, canvas->height))
    return TRUE;

  width =
      MAX (canvas->width, (gint)round (gimp_image_get_width (image) * scale));
  height =
      MAX (canvas->height, (gint)round (gimp_image_get_height (image) * scale));
  if (!gimp_image_scale (image, width, height))
    return FALSE;

  if (!is_size_of (image, canvas->width, canvas->height))
    gimp_image_resize (image, canvas->width, canvas->height,
                       (canvas->width - width) / 2,
                       (canvas->height - height) / 2);
  if (strcmp (mode, KEEP_PRINT_SIZE) == 0)
    multiply_resolution (image, scale);

  return TRUE;
}

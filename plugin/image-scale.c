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

/* The size of the whole image, before "crop-to-fill" cuts it to the canvas. */
static void
full_size (GimpImage *image,
           const PmtRequest *request,
           gint *width,
           gint *height)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const gint w = gimp_image_get_width (image);
  const gint h = gimp_image_get_height (image);
  const gdouble scale = MAX ((gdouble)*width / w, (gdouble)*height / h);

  if (pmt_params_get_int (params, "width", 0) == 0
      || pmt_params_get_int (params, "height", 0) == 0
      || !pmt_params_get_bool (params, "crop-to-fill", FALSE))
    return;

  *width = MAX (*width, (gint)floor (w * scale + 0.5));
  *height = MAX (*height, (gint)floor (h * scale + 0.5));
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
      const gint width = gimp_drawable_get_width (drawable);
      const gint height = gimp_drawable_get_height (drawable);
      g_autofree gchar *name = gimp_item_get_name (items[i]);
      g_autofree GimpItem **children = NULL;

      if (!check_side (name, (gint)(width * scale + 0.5),
                       (gint)(height * scale + 0.5), error))
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
  gint width = estimate->width;
  gint height = estimate->height;
  gdouble scale;

  if (!check_mode (request, mode, error))
    return FALSE;
  if (is_size_of (image, estimate->width, estimate->height))
    return TRUE;

  full_size (image, request, &width, &height);
  scale = MAX ((gdouble)width / gimp_image_get_width (image),
               (gdouble)height / gimp_image_get_height (image));
  layers = gimp_image_get_layers (image);

  return check_side (NULL, width, height, error)
         && check_items ((GimpItem **)layers, scale, error)
         && (strcmp (mode, KEEP_DPI) == 0
             || check_resolution (image, scale, error));
}

gboolean
pmt_image_scale_apply (GimpImage *image,
                       const PmtRequest *request,
                       const gchar *mode,
                       const GeglRectangle *canvas)
{
  const gint old_width = gimp_image_get_width (image);
  const gint old_height = gimp_image_get_height (image);
  gint width = canvas->width;
  gint height = canvas->height;
  gdouble x;
  gdouble y;

  if (is_size_of (image, width, height))
    return TRUE;

  full_size (image, request, &width, &height);
  if (!gimp_image_scale (image, width, height))
    return FALSE;

  if (!is_size_of (image, canvas->width, canvas->height))
    gimp_image_resize (image, canvas->width, canvas->height,
                       (canvas->width - width) / 2,
                       (canvas->height - height) / 2);
  if (strcmp (mode, KEEP_PRINT_SIZE) == 0
      && gimp_image_get_resolution (image, &x, &y))
    gimp_image_set_resolution (image, x * width / old_width,
                               y * height / old_height);

  return TRUE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fit.c: sizes that a service takes, and results on the canvas. */
#include "config.h"

#include "remote/fit.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "image/pixels.h"
#include "image/reduce.h"

/* ------------------------------------------------------------------ sizes -- */

/* Aspects a little beyond the limit come from rounding to whole pixels. */
#define ASPECT_SLACK 1e-6

/* Where minimum and maximum exclude each other, sizes that are off by less
 * than that will do. */
#define MAX_DISTORTION 0.05

/* One percent of aspect is worth ten percent of size. */
#define SIZE_WEIGHT 0.1

/*
 * Search: the sizes within the limits
 * @multiple, @min_side: at least 1
 * @width, @height: the size that would be best
 * @is_bounded: no side may be larger than that
 */
typedef struct
{
  const PmtFitLimits *limits;
  gint64 multiple;
  gint64 min_side;
  gdouble width;
  gdouble height;
  gboolean is_bounded;
  gdouble best_cost;
  gint64 best_width;
  gint64 best_height;
} Search;

static gboolean
is_allowed (const Search *search, gint64 width, gint64 height)
{
  const PmtFitLimits *limits = search->limits;
  const gint64 longest = MAX (width, height);
  const gint64 shortest = MIN (width, height);

  if (shortest < search->min_side || longest > G_MAXINT
      || (limits->max_side > 0 && longest > limits->max_side)
      || (limits->min_pixels > 0 && width * height < limits->min_pixels)
      || (limits->max_pixels > 0 && width * height > limits->max_pixels)
      || (limits->max_aspect > 0.0
          && (gdouble)longest
                 > (gdouble)shortest * (limits->max_aspect + ASPECT_SLACK)))
    return FALSE;
  return !search->is_bounded
         || ((gdouble)width <= search->width + ASPECT_SLACK
             && (gdouble)height <= search->height + ASPECT_SLACK);
}

static void
consider (Search *search, gint64 width, gint64 height)
{
  gdouble x, y, cost;

  if (!is_allowed (search, width, height))
    return;
  x = log ((gdouble)width / search->width);
  y = log ((gdouble)height / search->height);
  cost = fabs (x - y) + SIZE_WEIGHT * fabs (x + y) / 2.0;
  if (cost < search->best_cost)
    {
      search->best_cost = cost;
      search->best_width = width;
      search->best_height = height;
    }
}

/* Every width, with the two heights next to the aspect. */
static gboolean
find_size (Search *search, gboolean is_bounded)
{
  const gint64 step = search->multiple;
  const gdouble aspect = search->height / search->width;
  const gint64 last = (gint64)ceil (2.0 * search->width) + 2 * step;

  search->is_bounded = is_bounded;
  search->best_cost = G_MAXDOUBLE;
  for (gint64 width = step; width <= last; width += step)
    {
      const gint64 height =
          (gint64)((gdouble)width * aspect / (gdouble)step) * step;

      consider (search, width, height);
      consider (search, width, height + step);
    }
  return search->best_cost < G_MAXDOUBLE;
}

static gboolean
refuse_size (gint width,
             gint height,
             const PmtFitLimits *limits,
             GError **error)
{
  const gdouble aspect =
      (gdouble)MAX (width, height) / (gdouble)MIN (width, height);

  if (limits->max_aspect > 0.0 && aspect > limits->max_aspect)
    g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                 _ ("The area of %d x %d px is too elongated: the service "
                    "takes pictures up to %.3g times as long as wide. Select "
                    "more of the picture around it."),
                 width, height, limits->max_aspect);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                 _ ("The area of %d x %d px can't be brought to a size that "
                    "the service takes. Select an area that is less "
                    "elongated."),
                 width, height);
  return FALSE;
}

/* How much larger the crop must be, and how large it may be. */
static void
find_scales (gint width,
             gint height,
             const Search *search,
             gdouble *least,
             gdouble *most)
{
  const PmtFitLimits *limits = search->limits;
  const gdouble shortest = MIN (width, height);
  const gdouble longest = MAX (width, height);
  const gdouble n_pixels = (gdouble)width * height;

  *least = (gdouble)search->min_side / shortest;
  *most = limits->max_side > 0 ? limits->max_side / longest : G_MAXDOUBLE;
  if (limits->min_pixels > 0)
    *least = MAX (*least, sqrt ((gdouble)limits->min_pixels / n_pixels));
  if (limits->max_pixels > 0)
    *most = MIN (*most, sqrt ((gdouble)limits->max_pixels / n_pixels));
}

static gboolean
is_distorted (const Search *search)
{
  const gdouble x = log ((gdouble)search->best_width / search->width);
  const gdouble y = log ((gdouble)search->best_height / search->height);

  return fabs (x - y) > MAX_DISTORTION;
}

gboolean
pmt_fit_send_size (gint width,
                   gint height,
                   const PmtFitLimits *limits,
                   gint *sent_width,
                   gint *sent_height,
                   GError **error)
{
  Search search = { .limits = limits };
  gdouble least, most, scale;
  gboolean is_found = FALSE;

  g_return_val_if_fail (width > 0 && height > 0, FALSE);

  search.multiple = MAX (limits->multiple, 1);
  search.min_side = MAX (limits->min_side, search.multiple);
  find_scales (width, height, &search, &least, &most);
  scale = least > 1.0 ? least : MIN (1.0, most);
  search.width = width * scale;
  search.height = height * scale;
  if (limits->max_aspect > 0.0
      && (gdouble)MAX (width, height)
             > MIN (width, height) * (limits->max_aspect + ASPECT_SLACK))
    return refuse_size (width, height, limits, error);
  if (least <= 1.0)
    is_found = find_size (&search, TRUE);
  if (!is_found && !find_size (&search, FALSE))
    return refuse_size (width, height, limits, error);
  if (least > most && is_distorted (&search))
    return refuse_size (width, height, limits, error);

  *sent_width = (gint)search.best_width;
  *sent_height = (gint)search.best_height;
  return TRUE;
}

/* ---------------------------------------------------------------- choices -- */

/* Two positive numbers with @separator between them. */
static gboolean
parse_pair (const gchar *text, gchar separator, gdouble *a, gdouble *b)
{
  gchar *end;

  if (!g_ascii_isdigit (text[0]))
    return FALSE;
  *a = g_ascii_strtod (text, &end);
  if (*end != separator || !g_ascii_isdigit (end[1]))
    return FALSE;
  *b = g_ascii_strtod (end + 1, &end);
  return *end == '\0' && *a > 0.0 && *b > 0.0 && isfinite (*a) && isfinite (*b);
}

static const gchar *
choose (gint width,
        gint height,
        const gchar *const *choices,
        gchar separator,
        gdouble size_weight)
{
  const gchar *best = NULL;
  gdouble least = G_MAXDOUBLE;

  for (guint i = 0; choices && choices[i]; i++)
    {
      gdouble a, b, x, y, distance;

      if (!parse_pair (choices[i], separator, &a, &b))
        continue;
      x = log (a / width);
      y = log (b / height);
      distance = fabs (x - y) + size_weight * fabs (x + y);
      if (distance < least)
        {
          least = distance;
          best = choices[i];
        }
    }
  return best;
}

const gchar *
pmt_fit_choose_aspect (gint width, gint height, const gchar *const *choices)
{
  return choose (width, height, choices, ':', 0.0);
}

const gchar *
pmt_fit_choose_size (gint width, gint height, const gchar *const *choices)
{
  /* Size decides among equal aspects only. */
  return choose (width, height, choices, 'x', 1e-6);
}

/* ----------------------------------------------------------------- places -- */

/* Of @width, a picture has the height @height + (0 to 1 pixels, or 0.5 %). */
static gboolean
is_near (gdouble wanted, gint side)
{
  return fabs (wanted - side) <= MAX (1.0, 0.005 * side);
}

static gboolean
is_same_aspect (gint width, gint height, gint other_width, gint other_height)
{
  return is_near ((gdouble)height * other_width / width, other_height)
         || is_near ((gdouble)width * other_height / height, other_width);
}

void
pmt_fit_place (gint width,
               gint height,
               gint sent_width,
               gint sent_height,
               const GeglRectangle *target,
               PmtFitPlace *place)
{
  const gboolean is_sent = sent_width > 0 && sent_height > 0;
  GeglRectangle *rect = &place->rect;

  *rect = *target;
  place->is_refitted =
      !is_same_aspect (width, height, target->width, target->height)
      && !(is_sent && is_same_aspect (width, height, sent_width, sent_height));
  if (place->is_refitted)
    {
      const gint64 w = width;
      const gint64 h = height;

      if (w * target->height > h * target->width)
        rect->height = (gint)MAX ((h * target->width + w / 2) / w, 1);
      else
        rect->width = (gint)MAX ((w * target->height + h / 2) / h, 1);
      rect->x += (target->width - rect->width) / 2;
      rect->y += (target->height - rect->height) / 2;
    }
  place->is_scaled = rect->width != width || rect->height != height;
}

/* ------------------------------------------------------------- resampling -- */

/* @format with float components, so that nothing is rounded on the way. */
static const Babl *
float_format (const Babl *format)
{
  g_auto (GStrv) words = g_strsplit (babl_format_get_encoding (format), " ", 2);
  g_autofree gchar *name = g_strconcat (words[0], " float", NULL);

  return babl_format_exists (name) ? babl_format_with_space (name, format)
                                   : format;
}

static GeglBuffer *
resample (GeglBuffer *picture,
          const GeglRectangle *rect,
          const Babl *format,
          GCancellable *cancellable,
          GError **error)
{
  const GeglRectangle *from = gegl_buffer_get_extent (picture);
  const PmtResize resize = { (gdouble)rect->width / from->width,
                             (gdouble)rect->height / from->height,
                             from->x,
                             from->y,
                             rect->x,
                             rect->y };
  g_autoptr (GeglBuffer) converted =
      gegl_buffer_new (from, float_format (format));
  g_autoptr (GeglBuffer) placed = gegl_buffer_new (rect, format);

  gegl_buffer_copy (picture, NULL, GEGL_ABYSS_NONE, converted, NULL);
  if (!pmt_reduce (&resize, converted, placed, NULL, cancellable, error))
    return NULL;
  return g_steal_pointer (&placed);
}

GeglBuffer *
pmt_fit_to_rect (GeglBuffer *picture,
                 const GeglRectangle *rect,
                 const Babl *format,
                 GCancellable *cancellable,
                 GError **error)
{
  const GeglRectangle *from = gegl_buffer_get_extent (picture);
  GeglBuffer *placed;

  g_return_val_if_fail (!gegl_rectangle_is_empty (from), NULL);

  if (!pmt_pixels_check_format (format, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (from->width != rect->width || from->height != rect->height)
    return resample (picture, rect, format, cancellable, error);
  placed = gegl_buffer_new (rect, format);
  gegl_buffer_copy (picture, from, GEGL_ABYSS_NONE, placed, rect);
  return placed;
}

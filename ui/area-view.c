/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* area-view.c: a small picture with outlines, in a part that folds up. */
#include "config.h"

#include "area-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "area-plan.h"

#define WIDTH 240
#define HEIGHT 180
#define CHECK_SIZE 6

/* Around the size that is written. */
#define TEXT_ROOM 16.0
#define TEXT_GAP 7.0

struct _PmtAreaView
{
  GtkBox parent_instance;

  PmtPatchSource source;
  GtkWidget *area;
  GtkWidget *caption;
  GdkPixbuf *picture;    /* nullable */
  cairo_surface_t *tint; /* nullable: what is worked on, coverage */
  guint8 *mask;          /* nullable: the selection in the view */
  gdouble mask_scale;
  PmtAreaPlan plan;
};

G_DEFINE_TYPE (PmtAreaView, pmt_area_view, GTK_TYPE_BOX)

gboolean
pmt_area_view_is_for (PmtOperation operation)
{
  switch (operation)
    {
    case PMT_OPERATION_GENERATE:
    case PMT_OPERATION_REIMAGINE:
    case PMT_OPERATION_FILL:
    case PMT_OPERATION_REMOVE:
    case PMT_OPERATION_EXPAND:
    case PMT_OPERATION_EDIT:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
pmt_area_view_dispose (GObject *object)
{
  PmtAreaView *view = PMT_AREA_VIEW (object);

  g_clear_object (&view->picture);
  g_clear_pointer (&view->tint, cairo_surface_destroy);
  g_clear_pointer (&view->mask, g_free);

  G_OBJECT_CLASS (pmt_area_view_parent_class)->dispose (object);
}

/* ---------------------------------------------------------------- drawing */

/* On whole pixels, so that lines are sharp. */
static void
add_rectangle (PmtAreaView *view, cairo_t *cr, const GeglRectangle *rect)
{
  const PmtAreaPlan *plan = &view->plan;
  const gdouble left = round (plan->x + rect->x * plan->scale);
  const gdouble top = round (plan->y + rect->y * plan->scale);
  const gdouble right =
      round (plan->x + ((gdouble)rect->x + rect->width) * plan->scale);
  const gdouble bottom =
      round (plan->y + ((gdouble)rect->y + rect->height) * plan->scale);

  cairo_rectangle (cr, left + 0.5, top + 0.5, MAX (right - left - 1.0, 1.0),
                   MAX (bottom - top - 1.0, 1.0));
}

/* White on black is seen on every picture. */
static void
draw_outline (PmtAreaView *view,
              cairo_t *cr,
              const GeglRectangle *rect,
              gboolean is_dashed)
{
  const gdouble dashes[] = { 4.0, 4.0 };

  add_rectangle (view, cr, rect);
  cairo_set_line_width (cr, 3.0);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.8);
  cairo_stroke_preserve (cr);
  cairo_set_dash (cr, dashes, is_dashed ? 2 : 0, 0.0);
  cairo_set_line_width (cr, 1.0);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0.0);
}

static void
draw_checks (PmtAreaView *view, cairo_t *cr, const GeglRectangle *rect)
{
  cairo_save (cr);
  add_rectangle (view, cr, rect);
  cairo_clip (cr);
  cairo_set_source_rgb (cr, 0.6, 0.6, 0.6);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.45, 0.45, 0.45);
  for (gint y = 0; y < HEIGHT; y += CHECK_SIZE)
    for (gint x = y / CHECK_SIZE % 2 * CHECK_SIZE; x < WIDTH;
         x += 2 * CHECK_SIZE)
      cairo_rectangle (cr, x, y, CHECK_SIZE, CHECK_SIZE);
  cairo_fill (cr);
  cairo_restore (cr);
}

static void
draw_picture (PmtAreaView *view, cairo_t *cr)
{
  const PmtAreaPlan *plan = &view->plan;
  const GeglRectangle *rect = &plan->picture;

  if (!view->picture || gegl_rectangle_is_empty (rect))
    return;
  cairo_save (cr);
  add_rectangle (view, cr, &plan->after);
  cairo_clip (cr);
  cairo_translate (cr, plan->x + rect->x * plan->scale,
                   plan->y + rect->y * plan->scale);
  cairo_scale (
      cr, rect->width * plan->scale / gdk_pixbuf_get_width (view->picture),
      rect->height * plan->scale / gdk_pixbuf_get_height (view->picture));
  gdk_cairo_set_source_pixbuf (cr, view->picture, 0.0, 0.0);
  cairo_paint (cr);
  cairo_restore (cr);
}

/* The color of the theme for what is selected. */
static void
set_accent (PmtAreaView *view, cairo_t *cr, gdouble alpha)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (view));
  GdkRGBA color = { 0.2, 0.5, 0.9, 1.0 };

  gtk_style_context_lookup_color (context, "theme_selected_bg_color", &color);
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, alpha);
}

/* New pixels, or what lies under a picture that is generated. */
static void
draw_made (PmtAreaView *view, cairo_t *cr)
{
  const PmtAreaPlan *plan = &view->plan;
  const gboolean is_around =
      gegl_rectangle_contains (&plan->made, &plan->picture)
      && !gegl_rectangle_equal (&plan->made, &plan->picture);

  if (gegl_rectangle_is_empty (&plan->made))
    return;
  cairo_save (cr);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  add_rectangle (view, cr, &plan->made);
  if (is_around && plan->n_areas > 0)
    add_rectangle (view, cr, &plan->picture);
  set_accent (view, cr, 0.45);
  cairo_fill (cr);
  cairo_restore (cr);
}

/* In the middle of what is made; beside it, where it would hide it. */
static void
place_text (
    const PmtAreaPlan *plan, gint width, gint height, gdouble *x, gdouble *y)
{
  const GeglRectangle *made = &plan->made;
  const gdouble left = plan->x + made->x * plan->scale;
  const gdouble top = plan->y + made->y * plan->scale;
  const gdouble across = made->width * plan->scale;
  const gdouble down = made->height * plan->scale;

  *x = left + (across - width) / 2.0;
  *y = top + (down - height) / 2.0;
  if (across < width + TEXT_ROOM)
    *x = left + across + width + TEXT_ROOM < WIDTH ? left + across + TEXT_GAP
                                                   : left - width - TEXT_GAP;
  else if (down < height + TEXT_ROOM)
    *y = top + down + height + TEXT_ROOM < HEIGHT ? top + down + TEXT_GAP
                                                  : top - height - TEXT_GAP;
  *x = CLAMP (*x, 4.0, MAX (WIDTH - width - 4.0, 4.0));
  *y = CLAMP (*y, 2.0, MAX (HEIGHT - height - 2.0, 2.0));
}

static void
draw_size (PmtAreaView *view, cairo_t *cr)
{
  const PmtAreaPlan *plan = &view->plan;
  const GeglRectangle *made = &plan->made;
  g_autofree gchar *text = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  gint width;
  gint height;
  gdouble x;
  gdouble y;

  if (gegl_rectangle_is_empty (made))
    return;
  /* Translators: width and height. */
  text = g_strdup_printf (_ ("%d × %d px"), made->width, made->height);
  layout = gtk_widget_create_pango_layout (view->area, text);
  pango_layout_get_pixel_size (layout, &width, &height);
  place_text (plan, width, height, &x, &y);
  cairo_rectangle (cr, x - 4.0, y - 2.0, width + 8.0, height + 4.0);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.75);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static gboolean
draw (GtkWidget *area, cairo_t *cr, gpointer user_data)
{
  PmtAreaView *view = user_data;
  const PmtAreaPlan *plan = &view->plan;
  const gboolean has_made = !gegl_rectangle_is_empty (&plan->made);

  if (plan->width == 0)
    return FALSE;
  draw_checks (view, cr, &plan->after);
  draw_picture (view, cr);
  if (view->tint)
    {
      set_accent (view, cr, 0.65);
      cairo_mask_surface (cr, view->tint, 0.0, 0.0);
    }
  draw_made (view, cr);
  draw_outline (view, cr, &plan->canvas, FALSE);
  if (!gegl_rectangle_equal (&plan->picture, &plan->canvas))
    draw_outline (view, cr, &plan->picture, FALSE);
  if (has_made)
    draw_outline (view, cr, &plan->made, FALSE);
  for (guint i = 0; i < plan->n_areas && !has_made; i++)
    {
      draw_outline (view, cr, &plan->areas[i].bounds, FALSE);
      draw_outline (view, cr, &plan->areas[i].crop, TRUE);
    }
  draw_size (view, cr);

  return FALSE;
}

/* ----------------------------------------------------------------- widget */

static void
pmt_area_view_class_init (PmtAreaViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pmt_area_view_dispose;
}

static void
pmt_area_view_init (PmtAreaView *view)
{
  GtkWidget *expander = gtk_expander_new (_ ("Area"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  view->area = gtk_drawing_area_new ();
  gtk_widget_set_size_request (view->area, WIDTH, HEIGHT);
  gtk_widget_set_halign (view->area, GTK_ALIGN_START);
  g_signal_connect (view->area, "draw", G_CALLBACK (draw), view);
  view->caption = gtk_label_new (NULL);
  gtk_label_set_line_wrap (GTK_LABEL (view->caption), TRUE);
  gtk_label_set_xalign (GTK_LABEL (view->caption), 0.0);
  gtk_label_set_max_width_chars (GTK_LABEL (view->caption), 30);
  gtk_box_pack_start (GTK_BOX (box), view->area, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), view->caption, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (expander), box);
  gtk_expander_set_expanded (GTK_EXPANDER (expander), TRUE);
  gtk_box_pack_start (GTK_BOX (view), expander, FALSE, FALSE, 0);
  gtk_widget_set_valign (GTK_WIDGET (view), GTK_ALIGN_START);
}

GtkWidget *
pmt_area_view_new (const PmtPatchSource *source)
{
  PmtAreaView *view = g_object_new (PMT_TYPE_AREA_VIEW, "orientation",
                                    GTK_ORIENTATION_VERTICAL, NULL);

  view->source = *source;
  view->picture = source->thumbnail (WIDTH, HEIGHT, source->user_data);
  gtk_widget_show_all (GTK_WIDGET (view));
  gtk_widget_set_no_show_all (view->caption, TRUE);
  gtk_widget_hide (view->caption);

  return GTK_WIDGET (view);
}

static cairo_surface_t *
new_tint (const guint8 *soft)
{
  cairo_surface_t *tint =
      cairo_image_surface_create (CAIRO_FORMAT_A8, WIDTH, HEIGHT);
  const gint stride = cairo_image_surface_get_stride (tint);
  guint8 *pixels = cairo_image_surface_get_data (tint);

  for (gint y = 0; pixels && y < HEIGHT; y++)
    memcpy (pixels + y * stride, soft + y * WIDTH, WIDTH);
  cairo_surface_mark_dirty (tint);

  return tint;
}

static void
update_tint (PmtAreaView *view, const PmtRequest *request)
{
  const PmtAreaPlan *plan = &view->plan;
  g_autofree guint8 *soft = NULL;

  g_clear_pointer (&view->tint, cairo_surface_destroy);
  if (plan->n_areas == 0 || !gegl_rectangle_is_empty (&plan->made))
    return;
  /* The selection is the same as long as the dialog is open. */
  if (!view->mask || view->mask_scale != plan->scale)
    {
      g_free (view->mask);
      view->mask =
          pmt_area_plan_read_mask (plan, pmt_request_get_mask (request));
      view->mask_scale = plan->scale;
    }
  soft = pmt_area_plan_soften (plan, view->mask);
  view->tint = new_tint (soft);
}

void
pmt_area_view_show (PmtAreaView *view,
                    const PmtRequest *request,
                    const PmtEstimate *estimate)
{
  g_autofree gchar *text = NULL;

  g_return_if_fail (PMT_IS_AREA_VIEW (view));

  pmt_area_plan_init (&view->plan, request, estimate, WIDTH, HEIGHT);
  update_tint (view, request);
  text = pmt_area_plan_tell (&view->plan);
  gtk_label_set_text (GTK_LABEL (view->caption), text);
  /* The size of what is made is written on it. */
  gtk_widget_set_visible (view->caption,
                          *text != '\0'
                              && gegl_rectangle_is_empty (&view->plan.made));
  atk_object_set_name (gtk_widget_get_accessible (view->area), _ ("Area"));
  atk_object_set_description (gtk_widget_get_accessible (view->area), text);
  gtk_widget_queue_draw (view->area);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* patch-view.c: draws before and after, and lets both be dragged. */
#include "config.h"

#include "patch-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* On each side of the divider, where it can be gripped. */
#define GRIP 8

/* Pixels for one press of an arrow key. */
#define KEY_STEP 32

#define CHECK_SIZE 8

typedef enum
{
  DRAG_NONE,
  DRAG_DIVIDER,
  DRAG_PICTURE
} Drag;

struct _PmtPatchView
{
  GtkDrawingArea parent_instance;

  GtkAdjustment *divider;
  cairo_surface_t *before;
  cairo_surface_t *after;
  Drag drag;
  gdouble x; /* of the pointer, when last told */
  gdouble y;
};

G_DEFINE_TYPE (PmtPatchView, pmt_patch_view, GTK_TYPE_DRAWING_AREA)

static guint pan_signal;

static void
pmt_patch_view_dispose (GObject *object)
{
  PmtPatchView *view = PMT_PATCH_VIEW (object);

  if (view->divider)
    g_signal_handlers_disconnect_by_data (view->divider, view);
  g_clear_object (&view->divider);
  g_clear_pointer (&view->before, cairo_surface_destroy);
  g_clear_pointer (&view->after, cairo_surface_destroy);

  G_OBJECT_CLASS (pmt_patch_view_parent_class)->dispose (object);
}

static gdouble
divider_x (PmtPatchView *view)
{
  return gtk_adjustment_get_value (view->divider) / 100.0
         * gtk_widget_get_allocated_width (GTK_WIDGET (view));
}

/* ------------------------------------------------------------ drawing -- */

static void
draw_checks (cairo_t *cr, gint width, gint height)
{
  cairo_set_source_rgb (cr, 0.6, 0.6, 0.6);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.4, 0.4, 0.4);
  for (gint y = 0; y < height; y += CHECK_SIZE)
    for (gint x = (y / CHECK_SIZE) % 2 * CHECK_SIZE; x < width;
         x += 2 * CHECK_SIZE)
      cairo_rectangle (cr, x, y, CHECK_SIZE, CHECK_SIZE);
  cairo_fill (cr);
}

/* In the middle, where the layer is smaller than the view. */
static void
draw_picture (PmtPatchView *view, cairo_t *cr, cairo_surface_t *picture)
{
  GtkWidget *widget = GTK_WIDGET (view);
  const gint factor = gtk_widget_get_scale_factor (widget);
  const gint width = gtk_widget_get_allocated_width (widget) * factor;
  const gint height = gtk_widget_get_allocated_height (widget) * factor;
  const gint w = cairo_image_surface_get_width (picture);
  const gint h = cairo_image_surface_get_height (picture);

  cairo_save (cr);
  cairo_scale (cr, 1.0 / factor, 1.0 / factor);
  cairo_translate (cr, MAX (0, (width - w) / 2), MAX (0, (height - h) / 2));
  cairo_rectangle (cr, 0, 0, w, h);
  cairo_clip (cr);
  draw_checks (cr, w, h);
  cairo_set_source_surface (cr, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
}

static void
draw_after (PmtPatchView *view, cairo_t *cr, gint width, gint height)
{
  const gdouble x = round (divider_x (view));

  cairo_save (cr);
  cairo_rectangle (cr, x, 0, width - x, height);
  cairo_clip (cr);
  if (view->after)
    {
      draw_picture (view, cr, view->after);
    }
  else
    {
      cairo_set_source_rgba (cr, 0.3, 0.3, 0.3, 0.5);
      cairo_paint (cr);
    }
  cairo_restore (cr);
}

static void
draw_divider (PmtPatchView *view, cairo_t *cr, gint height)
{
  const gdouble x = round (divider_x (view));

  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.6);
  cairo_rectangle (cr, x - 2, 0, 4, height);
  cairo_arc (cr, x, height / 2.0, 7.0, 0.0, 2.0 * G_PI);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_rectangle (cr, x - 1, 0, 2, height);
  cairo_arc (cr, x, height / 2.0, 5.0, 0.0, 2.0 * G_PI);
  cairo_fill (cr);
}

/* @side: 0 left, 1 right. */
static void
draw_tag (PmtPatchView *view, cairo_t *cr, const gchar *text, gint side)
{
  GtkWidget *widget = GTK_WIDGET (view);
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (widget, text);
  gint width;
  gint height;
  gint x;

  pango_layout_get_pixel_size (layout, &width, &height);
  x = side == 0 ? 4 : gtk_widget_get_allocated_width (widget) - width - 12;
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.55);
  cairo_rectangle (cr, x, 4, width + 8, height + 4);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_move_to (cr, x + 4, 6);
  pango_cairo_show_layout (cr, layout);
}

static gboolean
pmt_patch_view_draw (GtkWidget *widget, cairo_t *cr)
{
  PmtPatchView *view = PMT_PATCH_VIEW (widget);
  const gint width = gtk_widget_get_allocated_width (widget);
  const gint height = gtk_widget_get_allocated_height (widget);

  cairo_set_source_rgb (cr, 0.25, 0.25, 0.25);
  cairo_paint (cr);
  if (view->before)
    {
      draw_picture (view, cr, view->before);
      draw_after (view, cr, width, height);
      draw_divider (view, cr, height);
      draw_tag (view, cr, _ ("Before"), 0);
      draw_tag (view, cr, _ ("After"), 1);
    }
  if (gtk_widget_has_focus (widget))
    gtk_render_focus (gtk_widget_get_style_context (widget), cr, 0, 0, width,
                      height);

  return FALSE;
}

/* -------------------------------------------------------------- input -- */

static void
show_cursor (PmtPatchView *view, gdouble x)
{
  GdkWindow *window = gtk_widget_get_window (GTK_WIDGET (view));
  const gchar *name =
      fabs (x - divider_x (view)) <= GRIP ? "col-resize" : "grab";
  g_autoptr (GdkCursor) cursor =
      gdk_cursor_new_from_name (gdk_window_get_display (window), name);

  gdk_window_set_cursor (window, cursor);
}

static gboolean
pmt_patch_view_press (GtkWidget *widget, GdkEventButton *event)
{
  PmtPatchView *view = PMT_PATCH_VIEW (widget);

  if (event->button != GDK_BUTTON_PRIMARY)
    return GDK_EVENT_PROPAGATE;

  gtk_widget_grab_focus (widget);
  view->drag =
      fabs (event->x - divider_x (view)) <= GRIP ? DRAG_DIVIDER : DRAG_PICTURE;
  view->x = event->x;
  view->y = event->y;

  return GDK_EVENT_STOP;
}

static gboolean
pmt_patch_view_release (GtkWidget *widget, GdkEventButton *event)
{
  PMT_PATCH_VIEW (widget)->drag = DRAG_NONE;

  return GDK_EVENT_STOP;
}

/* Whole pixels; what is left of the way counts for the next time. */
static void
pan_to (PmtPatchView *view, gdouble x, gdouble y)
{
  const gint factor = gtk_widget_get_scale_factor (GTK_WIDGET (view));
  const gint dx = (gint)((view->x - x) * factor);
  const gint dy = (gint)((view->y - y) * factor);

  if (dx == 0 && dy == 0)
    return;

  view->x -= (gdouble)dx / factor;
  view->y -= (gdouble)dy / factor;
  g_signal_emit (view, pan_signal, 0, dx, dy);
}

static gboolean
pmt_patch_view_motion (GtkWidget *widget, GdkEventMotion *event)
{
  PmtPatchView *view = PMT_PATCH_VIEW (widget);
  const gint width = gtk_widget_get_allocated_width (widget);

  switch (view->drag)
    {
    case DRAG_NONE:
      show_cursor (view, event->x);
      break;

    case DRAG_DIVIDER:
      gtk_adjustment_set_value (view->divider, 100.0 * event->x / width);
      break;

    case DRAG_PICTURE:
      pan_to (view, event->x, event->y);
      break;
    }

  return GDK_EVENT_STOP;
}

static gboolean
pmt_patch_view_key (GtkWidget *widget, GdkEventKey *event)
{
  gint dx = 0;
  gint dy = 0;

  switch (event->keyval)
    {
    case GDK_KEY_Left:
      dx = -KEY_STEP;
      break;

    case GDK_KEY_Right:
      dx = KEY_STEP;
      break;

    case GDK_KEY_Up:
      dy = -KEY_STEP;
      break;

    case GDK_KEY_Down:
      dy = KEY_STEP;
      break;

    default:
      return GTK_WIDGET_CLASS (pmt_patch_view_parent_class)
          ->key_press_event (widget, event);
    }
  g_signal_emit (widget, pan_signal, 0, dx, dy);

  return GDK_EVENT_STOP;
}

static void
pmt_patch_view_class_init (PmtPatchViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pmt_patch_view_dispose;
  widget_class->draw = pmt_patch_view_draw;
  widget_class->button_press_event = pmt_patch_view_press;
  widget_class->button_release_event = pmt_patch_view_release;
  widget_class->motion_notify_event = pmt_patch_view_motion;
  widget_class->key_press_event = pmt_patch_view_key;

  pan_signal =
      g_signal_new ("pan", PMT_TYPE_PATCH_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
pmt_patch_view_init (PmtPatchView *view)
{
  gtk_widget_set_can_focus (GTK_WIDGET (view), TRUE);
  gtk_widget_add_events (GTK_WIDGET (view),
                         GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK
                             | GDK_POINTER_MOTION_MASK | GDK_KEY_PRESS_MASK);
}

GtkWidget *
pmt_patch_view_new (GtkAdjustment *divider)
{
  PmtPatchView *view = g_object_new (PMT_TYPE_PATCH_VIEW, NULL);

  view->divider = g_object_ref (divider);
  g_signal_connect_swapped (divider, "value-changed",
                            G_CALLBACK (gtk_widget_queue_draw), view);

  return GTK_WIDGET (view);
}

static void
set_picture (PmtPatchView *view, cairo_surface_t **slot, cairo_surface_t *to)
{
  if (to)
    cairo_surface_reference (to);
  g_clear_pointer (slot, cairo_surface_destroy);
  *slot = to;
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

void
pmt_patch_view_set_before (PmtPatchView *view, cairo_surface_t *picture)
{
  g_return_if_fail (PMT_IS_PATCH_VIEW (view));

  set_picture (view, &view->before, picture);
}

void
pmt_patch_view_set_after (PmtPatchView *view, cairo_surface_t *picture)
{
  g_return_if_fail (PMT_IS_PATCH_VIEW (view));

  set_picture (view, &view->after, picture);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* patch-overview.c: where the patch is, and how to move it far. */
#include "config.h"

#include "patch-overview.h"

/* A mark smaller than this would not be seen. */
#define MIN_MARK 5.0

struct _PmtPatchOverview
{
  GtkDrawingArea parent_instance;

  GdkPixbuf *picture;
  gdouble x;
  gdouble y;
  gdouble width;
  gdouble height;
};

G_DEFINE_TYPE (PmtPatchOverview, pmt_patch_overview, GTK_TYPE_DRAWING_AREA)

static guint pick_signal;

static void
pmt_patch_overview_dispose (GObject *object)
{
  g_clear_object (&PMT_PATCH_OVERVIEW (object)->picture);

  G_OBJECT_CLASS (pmt_patch_overview_parent_class)->dispose (object);
}

static gboolean
pmt_patch_overview_draw (GtkWidget *widget, cairo_t *cr)
{
  PmtPatchOverview *overview = PMT_PATCH_OVERVIEW (widget);
  const gint width = gdk_pixbuf_get_width (overview->picture);
  const gint height = gdk_pixbuf_get_height (overview->picture);
  const gdouble w = MAX (MIN_MARK, overview->width * width);
  const gdouble h = MAX (MIN_MARK, overview->height * height);
  const gdouble x = (overview->x + overview->width / 2) * width - w / 2;
  const gdouble y = (overview->y + overview->height / 2) * height - h / 2;

  gdk_cairo_set_source_pixbuf (cr, overview->picture, 0, 0);
  cairo_paint (cr);
  cairo_rectangle (cr, x, y, w, h);
  cairo_set_line_width (cr, 3.0);
  cairo_set_source_rgb (cr, 0.0, 0.0, 0.0);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, 1.0);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_stroke (cr);

  return FALSE;
}

static void
pick (PmtPatchOverview *overview, gdouble x, gdouble y)
{
  g_signal_emit (
      overview, pick_signal, 0,
      CLAMP (x / gdk_pixbuf_get_width (overview->picture), 0.0, 1.0),
      CLAMP (y / gdk_pixbuf_get_height (overview->picture), 0.0, 1.0));
}

static gboolean
pmt_patch_overview_press (GtkWidget *widget, GdkEventButton *event)
{
  pick (PMT_PATCH_OVERVIEW (widget), event->x, event->y);

  return GDK_EVENT_STOP;
}

static gboolean
pmt_patch_overview_motion (GtkWidget *widget, GdkEventMotion *event)
{
  if (event->state & GDK_BUTTON1_MASK)
    pick (PMT_PATCH_OVERVIEW (widget), event->x, event->y);

  return GDK_EVENT_STOP;
}

static void
pmt_patch_overview_class_init (PmtPatchOverviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pmt_patch_overview_dispose;
  widget_class->draw = pmt_patch_overview_draw;
  widget_class->button_press_event = pmt_patch_overview_press;
  widget_class->motion_notify_event = pmt_patch_overview_motion;

  pick_signal =
      g_signal_new ("pick", PMT_TYPE_PATCH_OVERVIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
pmt_patch_overview_init (PmtPatchOverview *overview)
{
  gtk_widget_add_events (GTK_WIDGET (overview),
                         GDK_BUTTON_PRESS_MASK | GDK_BUTTON1_MOTION_MASK);
  gtk_widget_set_valign (GTK_WIDGET (overview), GTK_ALIGN_START);
}

GtkWidget *
pmt_patch_overview_new (GdkPixbuf *picture)
{
  PmtPatchOverview *overview = g_object_new (PMT_TYPE_PATCH_OVERVIEW, NULL);

  overview->picture = g_object_ref (picture);
  gtk_widget_set_size_request (GTK_WIDGET (overview),
                               gdk_pixbuf_get_width (picture),
                               gdk_pixbuf_get_height (picture));

  return GTK_WIDGET (overview);
}

void
pmt_patch_overview_mark (PmtPatchOverview *overview,
                         gdouble x,
                         gdouble y,
                         gdouble width,
                         gdouble height)
{
  g_return_if_fail (PMT_IS_PATCH_OVERVIEW (overview));

  overview->x = x;
  overview->y = y;
  overview->width = width;
  overview->height = height;
  gtk_widget_queue_draw (GTK_WIDGET (overview));
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-view.c: where the faces are, and which of them are chosen. */
#include "config.h"

#include "face-view.h"

/* A box smaller than this, in pixels of the screen, could not be hit. */
#define MIN_BOX 8.0
#define NUMBER_SIZE 11.0

typedef struct
{
  gdouble x;
  gdouble y;
  gdouble width;
  gdouble height;
  gboolean is_chosen;
} Box;

struct _PmtFaceView
{
  GtkDrawingArea parent_instance;

  GdkPixbuf *picture;
  GeglRectangle layer;
  GArray *boxes; /* of Box, the largest first */
};

G_DEFINE_TYPE (PmtFaceView, pmt_face_view, GTK_TYPE_DRAWING_AREA)

static guint toggle_signal;

static void
pmt_face_view_dispose (GObject *object)
{
  PmtFaceView *view = PMT_FACE_VIEW (object);

  g_clear_object (&view->picture);
  g_clear_pointer (&view->boxes, g_array_unref);

  G_OBJECT_CLASS (pmt_face_view_parent_class)->dispose (object);
}

/* White on black is seen on every picture. */
static void
draw_box (cairo_t *cr, const Box *box)
{
  const gdouble dashes[] = { 3.0, 3.0 };

  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  cairo_set_dash (cr, dashes, box->is_chosen ? 0 : 2, 0.0);
  cairo_set_line_width (cr, box->is_chosen ? 4.0 : 3.0);
  cairo_set_source_rgb (cr, 0.0, 0.0, 0.0);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, box->is_chosen ? 2.0 : 1.0);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0.0);
}

static void
draw_number (cairo_t *cr, const Box *box, guint number)
{
  g_autofree gchar *text = g_strdup_printf ("%u", number);
  cairo_text_extents_t size;

  cairo_set_font_size (cr, NUMBER_SIZE);
  cairo_text_extents (cr, text, &size);
  cairo_rectangle (cr, box->x, box->y, size.x_advance + 4.0, NUMBER_SIZE + 2.0);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_fill (cr);
  cairo_move_to (cr, box->x + 2.0, box->y + NUMBER_SIZE - 1.0);
  cairo_set_source_rgb (cr, 0.0, 0.0, 0.0);
  cairo_show_text (cr, text);
}

static gboolean
pmt_face_view_draw (GtkWidget *widget, cairo_t *cr)
{
  PmtFaceView *view = PMT_FACE_VIEW (widget);

  gdk_cairo_set_source_pixbuf (cr, view->picture, 0, 0);
  cairo_paint (cr);
  for (guint i = 0; i < view->boxes->len; i++)
    {
      const Box *box = &g_array_index (view->boxes, Box, i);

      draw_box (cr, box);
      draw_number (cr, box, i + 1);
    }

  return FALSE;
}

static gboolean
is_inside (const Box *box, gdouble x, gdouble y)
{
  return x >= box->x && y >= box->y && x < box->x + box->width
         && y < box->y + box->height;
}

static gboolean
pmt_face_view_press (GtkWidget *widget, GdkEventButton *event)
{
  PmtFaceView *view = PMT_FACE_VIEW (widget);

  for (guint i = view->boxes->len; i > 0; i--)
    if (is_inside (&g_array_index (view->boxes, Box, i - 1), event->x,
                   event->y))
      {
        g_signal_emit (view, toggle_signal, 0, i - 1);
        break;
      }

  return GDK_EVENT_STOP;
}

static void
pmt_face_view_class_init (PmtFaceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pmt_face_view_dispose;
  widget_class->draw = pmt_face_view_draw;
  widget_class->button_press_event = pmt_face_view_press;

  toggle_signal =
      g_signal_new ("toggle", PMT_TYPE_FACE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
pmt_face_view_init (PmtFaceView *view)
{
  view->boxes = g_array_new (FALSE, TRUE, sizeof (Box));
  gtk_widget_add_events (GTK_WIDGET (view), GDK_BUTTON_PRESS_MASK);
  gtk_widget_set_halign (GTK_WIDGET (view), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (view), GTK_ALIGN_START);
}

GtkWidget *
pmt_face_view_new (GdkPixbuf *picture, const GeglRectangle *layer)
{
  PmtFaceView *view = g_object_new (PMT_TYPE_FACE_VIEW, NULL);

  view->picture = g_object_ref (picture);
  view->layer = *layer;
  gtk_widget_set_size_request (GTK_WIDGET (view),
                               gdk_pixbuf_get_width (picture),
                               gdk_pixbuf_get_height (picture));

  return GTK_WIDGET (view);
}

static Box
box_of (PmtFaceView *view, const PmtFace *face)
{
  const gdouble across =
      (gdouble)gdk_pixbuf_get_width (view->picture) / view->layer.width;
  const gdouble down =
      (gdouble)gdk_pixbuf_get_height (view->picture) / view->layer.height;
  const gdouble width = MAX (face->width * across, MIN_BOX);
  const gdouble height = MAX (face->height * down, MIN_BOX);
  const gdouble x = (face->x + face->width / 2 - view->layer.x) * across;
  const gdouble y = (face->y + face->height / 2 - view->layer.y) * down;

  return (Box){ x - width / 2, y - height / 2, width, height, TRUE };
}

void
pmt_face_view_set_faces (PmtFaceView *view, GArray *faces)
{
  g_return_if_fail (PMT_IS_FACE_VIEW (view));

  g_array_set_size (view->boxes, 0);
  for (guint i = 0; i < faces->len; i++)
    {
      const Box box = box_of (view, &g_array_index (faces, PmtFace, i));

      g_array_append_val (view->boxes, box);
    }
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

void
pmt_face_view_set_chosen (PmtFaceView *view, guint index, gboolean is_chosen)
{
  g_return_if_fail (PMT_IS_FACE_VIEW (view));
  g_return_if_fail (index < view->boxes->len);

  g_array_index (view->boxes, Box, index).is_chosen = is_chosen;
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

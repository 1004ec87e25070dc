/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-view.c: a text field of several lines for prompts. */
#include "config.h"

#include "prompt-view.h"

#include "prompt-weight.h"

#define WEIGHT_STEP 0.1
#define MARGIN 4

struct _PmtPromptView
{
  GtkTextView parent_instance;

  gchar *placeholder;
};

G_DEFINE_TYPE (PmtPromptView, pmt_prompt_view, GTK_TYPE_TEXT_VIEW)

static void
pmt_prompt_view_finalize (GObject *object)
{
  g_free (PMT_PROMPT_VIEW (object)->placeholder);

  G_OBJECT_CLASS (pmt_prompt_view_parent_class)->finalize (object);
}

static void
change_weight (GtkTextView *view, gdouble delta)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  g_autofree gchar *text = NULL;
  g_autofree gchar *changed = NULL;
  GtkTextIter from;
  GtkTextIter to;
  gint start;
  gint end;

  /* The cursor twice, when nothing is selected. */
  gtk_text_buffer_get_selection_bounds (buffer, &from, &to);
  start = gtk_text_iter_get_offset (&from);
  end = gtk_text_iter_get_offset (&to);
  g_object_get (buffer, "text", &text, NULL);
  changed = pmt_prompt_weight_change (text, &start, &end, delta);
  if (!changed)
    {
      gtk_widget_error_bell (GTK_WIDGET (view));
      return;
    }

  gtk_text_buffer_set_text (buffer, changed, -1);
  gtk_text_buffer_get_iter_at_offset (buffer, &from, start);
  gtk_text_buffer_get_iter_at_offset (buffer, &to, end);
  gtk_text_buffer_select_range (buffer, &to, &from);
  gtk_text_view_scroll_mark_onscreen (view,
                                      gtk_text_buffer_get_insert (buffer));
}

static gboolean
pmt_prompt_view_key_press_event (GtkWidget *widget, GdkEventKey *event)
{
  GtkWidget *window = gtk_widget_get_toplevel (widget);
  const guint modifiers =
      event->state & gtk_accelerator_get_default_mod_mask ();

  if (modifiers == GDK_CONTROL_MASK)
    switch (event->keyval)
      {
      case GDK_KEY_Up:
      case GDK_KEY_KP_Up:
        change_weight (GTK_TEXT_VIEW (widget), WEIGHT_STEP);
        return TRUE;

      case GDK_KEY_Down:
      case GDK_KEY_KP_Down:
        change_weight (GTK_TEXT_VIEW (widget), -WEIGHT_STEP);
        return TRUE;

      case GDK_KEY_Return:
      case GDK_KEY_KP_Enter:
        if (GTK_IS_WINDOW (window))
          gtk_window_activate_default (GTK_WINDOW (window));
        return TRUE;

      default:
        break;
      }

  return GTK_WIDGET_CLASS (pmt_prompt_view_parent_class)
      ->key_press_event (widget, event);
}

static void
draw_placeholder (PmtPromptView *view, cairo_t *cr)
{
  GtkWidget *widget = GTK_WIDGET (view);
  GtkTextView *text_view = GTK_TEXT_VIEW (view);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (widget, view->placeholder);
  GdkRectangle area;
  GdkRGBA color;
  gint x;
  gint y;

  gtk_text_view_get_visible_rect (text_view, &area);
  gtk_text_view_buffer_to_window_coords (text_view, GTK_TEXT_WINDOW_WIDGET, 0,
                                         0, &x, &y);
  pango_layout_set_width (layout, MAX (1, area.width) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  gtk_style_context_get_color (context, gtk_style_context_get_state (context),
                               &color);
  color.alpha *= 0.5;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_move_to (cr, x + MARGIN, y);
  pango_cairo_show_layout (cr, layout);
}

static gboolean
pmt_prompt_view_draw (GtkWidget *widget, cairo_t *cr)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget));
  const gboolean is_handled =
      GTK_WIDGET_CLASS (pmt_prompt_view_parent_class)->draw (widget, cr);

  if (gtk_text_buffer_get_char_count (buffer) == 0)
    draw_placeholder (PMT_PROMPT_VIEW (widget), cr);

  return is_handled;
}

static void
pmt_prompt_view_class_init (PmtPromptViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pmt_prompt_view_finalize;
  widget_class->draw = pmt_prompt_view_draw;
  widget_class->key_press_event = pmt_prompt_view_key_press_event;
}

static void
pmt_prompt_view_init (PmtPromptView *view)
{
  GtkTextView *text_view = GTK_TEXT_VIEW (view);

  gtk_text_view_set_accepts_tab (text_view, FALSE);
  gtk_text_view_set_wrap_mode (text_view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (text_view, MARGIN);
  gtk_text_view_set_right_margin (text_view, MARGIN);
  gtk_text_view_set_top_margin (text_view, MARGIN);
  gtk_text_view_set_bottom_margin (text_view, MARGIN);
}

GtkWidget *
pmt_prompt_view_new (GtkTextBuffer *buffer, const gchar *placeholder)
{
  PmtPromptView *view =
      g_object_new (PMT_TYPE_PROMPT_VIEW, "buffer", buffer, NULL);

  view->placeholder = g_strdup (placeholder);

  return GTK_WIDGET (view);
}

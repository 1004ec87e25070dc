/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* candidate-view.c: one candidate, large, to compare with what was there. */
#include "config.h"

#include "candidate-view.h"

#include <glib/gi18n-lib.h>

/* Longest side, pixels of the screen. */
#define VIEW_SIZE 288

struct _PmtCandidateView
{
  GtkBox parent_instance;

  GtkWidget *image;
  GtkWidget *text;
  GtkWidget *toggle;
  GdkPixbuf *after;
  GdkPixbuf *before;
  guint number; /* of the candidate; 0: none */
  gboolean is_held;
};

G_DEFINE_TYPE (PmtCandidateView, pmt_candidate_view, GTK_TYPE_BOX)

static void
pmt_candidate_view_finalize (GObject *object)
{
  PmtCandidateView *view = PMT_CANDIDATE_VIEW (object);

  g_clear_object (&view->after);
  g_clear_object (&view->before);

  G_OBJECT_CLASS (pmt_candidate_view_parent_class)->finalize (object);
}

static void
pmt_candidate_view_class_init (PmtCandidateViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pmt_candidate_view_finalize;
}

static void
update (PmtCandidateView *view)
{
  const gboolean is_before =
      view->before
      && (view->is_held
          || gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (view->toggle)));

  gtk_image_set_from_pixbuf (GTK_IMAGE (view->image),
                             is_before ? view->before : view->after);
}

static gboolean
pressed (GtkWidget *widget, GdkEventButton *event, gpointer user_data)
{
  PmtCandidateView *view = user_data;

  view->is_held = event->type == GDK_BUTTON_PRESS;
  update (view);

  return TRUE;
}

static GtkWidget *
new_frame (PmtCandidateView *view)
{
  GtkWidget *events = gtk_event_box_new ();

  view->image = gtk_image_new ();
  gtk_widget_set_size_request (view->image, VIEW_SIZE, VIEW_SIZE);
  gtk_container_add (GTK_CONTAINER (events), view->image);
  gtk_widget_add_events (events,
                         GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK);
  g_signal_connect (events, "button-press-event", G_CALLBACK (pressed), view);
  g_signal_connect (events, "button-release-event", G_CALLBACK (pressed), view);

  return events;
}

static void
pmt_candidate_view_init (PmtCandidateView *view)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (view),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (view), 6);
  gtk_box_pack_start (GTK_BOX (view), new_frame (view), TRUE, TRUE, 0);

  view->text = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (view->text), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (view->text), TRUE);
  gtk_box_pack_start (GTK_BOX (row), view->text, TRUE, TRUE, 0);
  view->toggle = gtk_toggle_button_new_with_mnemonic (_ ("Show _Before"));
  gtk_widget_set_tooltip_text (
      view->toggle,
      _ ("Show the picture as it was. A mouse button held on the picture does "
         "the same."));
  g_signal_connect_swapped (view->toggle, "toggled", G_CALLBACK (update), view);
  gtk_box_pack_end (GTK_BOX (row), view->toggle, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (view), row, FALSE, FALSE, 0);
}

GtkWidget *
pmt_candidate_view_new (void)
{
  return g_object_new (PMT_TYPE_CANDIDATE_VIEW, NULL);
}

static void
render (PmtCandidateView *view, const PmtCandidate *candidate)
{
  g_clear_object (&view->after);
  g_clear_object (&view->before);
  view->number = candidate ? candidate->number : 0;
  if (!candidate)
    return;
  view->after = pmt_candidate_render (candidate, FALSE, VIEW_SIZE);
  if (candidate->before)
    view->before = pmt_candidate_render (candidate, TRUE, VIEW_SIZE);
}

void
pmt_candidate_view_show (PmtCandidateView *view, const PmtCandidate *candidate)
{
  g_autofree gchar *text = NULL;

  g_return_if_fail (PMT_IS_CANDIDATE_VIEW (view));

  if (!candidate || candidate->number != view->number)
    render (view, candidate);
  if (candidate)
    text = pmt_candidate_describe (candidate);
  gtk_label_set_text (GTK_LABEL (view->text), text ? text : "");
  gtk_widget_set_visible (view->toggle, view->before != NULL);
  if (text)
    atk_object_set_name (gtk_widget_get_accessible (view->image), text);
  update (view);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* candidate-box.c: candidates to compare, choose from and insert. */
#include "config.h"

#include "candidate-box.h"

#include <glib/gi18n-lib.h>

#include "candidate-strip.h"
#include "candidate-view.h"
#include "paid-question.h"

struct _PmtCandidateBox
{
  GtkBox parent_instance;

  const PmtResultsSource *source;
  PmtMessageBar *bar;
  GtkWidget *view;
  GtkWidget *strip;
  GtkWidget *insert;
  GtkWidget *insert_all;
  GtkWidget *insert_close;
  gboolean is_running;
};

G_DEFINE_TYPE (PmtCandidateBox, pmt_candidate_box, GTK_TYPE_BOX)

static void
pmt_candidate_box_class_init (PmtCandidateBoxClass *klass)
{
  g_signal_new ("done", PMT_TYPE_CANDIDATE_BOX, G_SIGNAL_RUN_LAST, 0, NULL,
                NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWindow *
get_window (PmtCandidateBox *box)
{
  return GTK_WINDOW (gtk_widget_get_toplevel (GTK_WIDGET (box)));
}

/* ----------------------------------------------------------------- insert -- */

static GPtrArray *
list_chosen (PmtCandidateBox *box)
{
  return pmt_candidate_strip_list (PMT_CANDIDATE_STRIP (box->strip), TRUE);
}

/* Those that are not inserted. */
static GPtrArray *
list_left (PmtCandidateBox *box)
{
  GPtrArray *candidates =
      pmt_candidate_strip_list (PMT_CANDIDATE_STRIP (box->strip), FALSE);

  for (guint i = candidates->len; i > 0; i--)
    if (((PmtCandidate *)g_ptr_array_index (candidates, i - 1))->is_inserted)
      g_ptr_array_remove_index (candidates, i - 1);

  return candidates;
}

/* Return does not insert once more what was inserted. */
static void
leave (PmtCandidateBox *box)
{
  GtkDialog *dialog = GTK_DIALOG (get_window (box));

  gtk_dialog_set_default_response (dialog, GTK_RESPONSE_OK);
  if (gtk_widget_has_focus (box->insert_close))
    gtk_widget_grab_focus (
        gtk_dialog_get_widget_for_response (dialog, GTK_RESPONSE_CANCEL));
}

static gboolean
insert (PmtCandidateBox *box, GPtrArray *candidates)
{
  g_autoptr (GError) error = NULL;

  if (candidates->len == 0)
    return TRUE;
  gtk_widget_hide (GTK_WIDGET (box->bar));
  if (!box->source->insert (candidates, box->source->user_data, &error))
    {
      pmt_message_bar_tell_error (box->bar, error);
      return FALSE;
    }
  pmt_candidate_strip_mark (PMT_CANDIDATE_STRIP (box->strip), candidates);
  leave (box);

  return TRUE;
}

static gboolean
insert_chosen (PmtCandidateBox *box)
{
  g_autoptr (GPtrArray) candidates = list_chosen (box);

  return insert (box, candidates);
}

static gboolean
insert_left (PmtCandidateBox *box)
{
  g_autoptr (GPtrArray) candidates = list_left (box);

  return insert (box, candidates);
}

static void
insert_and_close (PmtCandidateBox *box)
{
  if (insert_chosen (box))
    g_signal_emit_by_name (box, "done");
}

static void
remove_chosen (PmtCandidateBox *box)
{
  g_autoptr (GPtrArray) candidates = list_chosen (box);

  if (pmt_paid_question_may_lose (get_window (box), candidates))
    pmt_candidate_strip_remove (PMT_CANDIDATE_STRIP (box->strip), candidates);
}

static void
update (PmtCandidateBox *box)
{
  const PmtCandidate *shown =
      pmt_candidate_strip_get_shown (PMT_CANDIDATE_STRIP (box->strip));
  g_autoptr (GPtrArray) left = list_left (box);

  pmt_candidate_view_show (PMT_CANDIDATE_VIEW (box->view), shown);
  gtk_widget_set_sensitive (box->insert, shown != NULL);
  gtk_widget_set_sensitive (box->insert_close, shown && !box->is_running);
  gtk_widget_set_sensitive (box->insert_all, left->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (box), shown != NULL);
}

/* ---------------------------------------------------------------- widgets -- */

static GtkWidget *
add_button (PmtCandidateBox *box,
            GtkWidget *row,
            const gchar *label,
            const gchar *help,
            GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_tooltip_text (button, help);
  g_signal_connect_swapped (button, "clicked", clicked, box);
  gtk_box_pack_start (GTK_BOX (row), button, TRUE, TRUE, 0);

  return button;
}

static GtkWidget *
add_row (PmtCandidateBox *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_pack_start (GTK_BOX (box), row, FALSE, FALSE, 0);

  return row;
}

static void
add_buttons (PmtCandidateBox *box)
{
  GtkWidget *row = add_row (box);
  GtkWidget *last = add_row (box);

  box->insert_close = add_button (
      box, row, _ ("Insert and Cl_ose"),
      _ ("Insert the candidates that are checked, or the one that is shown, "
         "and close this window."),
      G_CALLBACK (insert_and_close));
  gtk_widget_set_can_default (box->insert_close, TRUE);
  box->insert = add_button (
      box, row, _ ("Inser_t"),
      _ ("Insert the candidates that are checked, or the one that is shown; "
         "several become a group. This window stays open."),
      G_CALLBACK (insert_chosen));
  box->insert_all =
      add_button (box, last, _ ("Ins_ert All"),
                  _ ("Insert all candidates that are not inserted yet."),
                  G_CALLBACK (insert_left));
  add_button (box, last, _ ("Remove"),
              _ ("Remove the candidates that are checked, or the one that is "
                 "shown, from this list."),
              G_CALLBACK (remove_chosen));
}

static void
pmt_candidate_box_init (PmtCandidateBox *box)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (box),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (box), 6);
  box->view = pmt_candidate_view_new ();
  gtk_box_pack_start (GTK_BOX (box), box->view, FALSE, FALSE, 0);
  box->strip = pmt_candidate_strip_new ();
  gtk_box_pack_start (GTK_BOX (box), box->strip, FALSE, FALSE, 0);
  add_buttons (box);
  gtk_widget_show_all (GTK_WIDGET (box));
  gtk_widget_hide (GTK_WIDGET (box));
  gtk_widget_set_no_show_all (GTK_WIDGET (box), TRUE);
  g_signal_connect_swapped (box->strip, "changed", G_CALLBACK (update), box);
}

GtkWidget *
pmt_candidate_box_new (const PmtResultsSource *source, PmtMessageBar *bar)
{
  PmtCandidateBox *box = g_object_new (PMT_TYPE_CANDIDATE_BOX, NULL);

  box->source = source;
  box->bar = bar;

  return GTK_WIDGET (box);
}

void
pmt_candidate_box_add (PmtCandidateBox *box,
                       PmtCandidate *candidate,
                       guint position)
{
  g_return_if_fail (PMT_IS_CANDIDATE_BOX (box));

  pmt_candidate_strip_add (PMT_CANDIDATE_STRIP (box->strip), candidate,
                           position, position == 0);
}

void
pmt_candidate_box_set_running (PmtCandidateBox *box, gboolean is_running)
{
  g_return_if_fail (PMT_IS_CANDIDATE_BOX (box));

  box->is_running = is_running;
  update (box);
}

void
pmt_candidate_box_offer (PmtCandidateBox *box, GtkWidget *run)
{
  GtkWidget *focus = gtk_window_get_focus (get_window (box));

  gtk_widget_grab_default (box->insert_close);
  if (!focus || !gtk_widget_is_sensitive (focus) || focus == run)
    gtk_widget_grab_focus (box->insert_close);
}

gboolean
pmt_candidate_box_may_close (PmtCandidateBox *box)
{
  g_autoptr (GPtrArray) left = NULL;

  g_return_val_if_fail (PMT_IS_CANDIDATE_BOX (box), TRUE);

  left = list_left (box);
  switch (pmt_paid_question_ask (get_window (box), left))
    {
    case PMT_PAID_KEEP:
      return FALSE;

    case PMT_PAID_INSERT:
      return insert (box, left);

    default:
      return TRUE;
    }
}

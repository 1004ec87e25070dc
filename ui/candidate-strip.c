/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* candidate-strip.c: thumbnails of candidates, to look at and to check. */
#include "config.h"

#include "candidate-strip.h"

#include <glib/gi18n-lib.h>

/* Longest side of a thumbnail, pixels of the screen. */
#define THUMBNAIL_SIZE 72

#define STRIP_HEIGHT 128

/* A candidate with its widgets. */
typedef struct
{
  PmtCandidate *candidate;
  GtkWidget *box;
  GtkWidget *radio; /* shows it */
  GtkWidget *check;
} Entry;

struct _PmtCandidateStrip
{
  GtkScrolledWindow parent_instance;

  GtkWidget *row;
  GPtrArray *entries; /* of Entry, as they came */
};

G_DEFINE_TYPE (PmtCandidateStrip, pmt_candidate_strip, GTK_TYPE_SCROLLED_WINDOW)

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  pmt_candidate_free (entry->candidate);
  g_free (entry);
}

static void
pmt_candidate_strip_finalize (GObject *object)
{
  g_ptr_array_unref (PMT_CANDIDATE_STRIP (object)->entries);

  G_OBJECT_CLASS (pmt_candidate_strip_parent_class)->finalize (object);
}

static void
pmt_candidate_strip_class_init (PmtCandidateStripClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pmt_candidate_strip_finalize;
  g_signal_new ("changed", PMT_TYPE_CANDIDATE_STRIP, G_SIGNAL_RUN_LAST, 0, NULL,
                NULL, NULL, G_TYPE_NONE, 0);
}

static void
pmt_candidate_strip_init (PmtCandidateStrip *strip)
{
  GtkScrolledWindow *scrolled = GTK_SCROLLED_WINDOW (strip);

  strip->entries = g_ptr_array_new_with_free_func (entry_free);
  strip->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_scrolled_window_set_policy (scrolled, GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_min_content_height (scrolled, STRIP_HEIGHT);
  gtk_container_add (GTK_CONTAINER (strip), strip->row);
}

GtkWidget *
pmt_candidate_strip_new (void)
{
  return g_object_new (PMT_TYPE_CANDIDATE_STRIP, NULL);
}

static void
emit_changed (PmtCandidateStrip *strip)
{
  g_signal_emit_by_name (strip, "changed");
}

static Entry *
find_shown (PmtCandidateStrip *strip)
{
  for (guint i = 0; i < strip->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (strip->entries, i);

      if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (entry->radio)))
        return entry;
    }

  return NULL;
}

static gboolean
is_checked (const Entry *entry)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (entry->check));
}

/* What people and screen readers get to know of it. */
static void
describe (Entry *entry)
{
  const PmtCandidate *candidate = entry->candidate;
  g_autofree gchar *text = pmt_candidate_describe (candidate);
  g_autofree gchar *insert =
      g_strdup_printf (_ ("Insert candidate %u"), candidate->number);
  /* Alt and the number. */
  g_autofree gchar *label = g_strdup_printf (
      candidate->is_inserted ? "_%u ✓" : "_%u", candidate->number);

  gtk_widget_set_tooltip_text (entry->radio, text);
  atk_object_set_name (gtk_widget_get_accessible (entry->radio), text);
  gtk_button_set_label (GTK_BUTTON (entry->check), label);
  atk_object_set_name (gtk_widget_get_accessible (entry->check), insert);
}

static void
radio_toggled (GtkToggleButton *radio, gpointer strip)
{
  /* The one that was shown before tells of it, too. */
  if (gtk_toggle_button_get_active (radio))
    emit_changed (strip);
}

static Entry *
entry_new (PmtCandidateStrip *strip, PmtCandidate *candidate)
{
  Entry *entry = g_new0 (Entry, 1);
  const Entry *other =
      strip->entries->len > 0 ? g_ptr_array_index (strip->entries, 0) : NULL;
  g_autoptr (GdkPixbuf) pixbuf =
      pmt_candidate_render (candidate, FALSE, THUMBNAIL_SIZE);
  GtkWidget *image = gtk_image_new_from_pixbuf (pixbuf);

  entry->candidate = candidate;
  entry->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_widget_set_size_request (image, THUMBNAIL_SIZE, THUMBNAIL_SIZE);
  entry->radio = gtk_radio_button_new_from_widget (
      other ? GTK_RADIO_BUTTON (other->radio) : NULL);
  gtk_toggle_button_set_mode (GTK_TOGGLE_BUTTON (entry->radio), FALSE);
  gtk_container_add (GTK_CONTAINER (entry->radio), image);
  gtk_box_pack_start (GTK_BOX (entry->box), entry->radio, FALSE, FALSE, 0);
  entry->check = gtk_check_button_new_with_mnemonic ("");
  gtk_widget_set_halign (entry->check, GTK_ALIGN_CENTER);
  gtk_box_pack_start (GTK_BOX (entry->box), entry->check, FALSE, FALSE, 0);
  describe (entry);
  gtk_widget_show_all (entry->box);

  return entry;
}

void
pmt_candidate_strip_add (PmtCandidateStrip *strip,
                         PmtCandidate *candidate,
                         guint position,
                         gboolean is_shown)
{
  Entry *entry;

  g_return_if_fail (PMT_IS_CANDIDATE_STRIP (strip));

  entry = entry_new (strip, candidate);
  g_ptr_array_add (strip->entries, entry);
  gtk_box_pack_start (GTK_BOX (strip->row), entry->box, FALSE, FALSE, 0);
  gtk_box_reorder_child (GTK_BOX (strip->row), entry->box, (gint)position);
  if (is_shown)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (entry->radio), TRUE);
  g_signal_connect (entry->radio, "toggled", G_CALLBACK (radio_toggled), strip);
  g_signal_connect_swapped (entry->check, "toggled", G_CALLBACK (emit_changed),
                            strip);
  emit_changed (strip);
}

PmtCandidate *
pmt_candidate_strip_get_shown (PmtCandidateStrip *strip)
{
  const Entry *entry = find_shown (strip);

  return entry ? entry->candidate : NULL;
}

GPtrArray *
pmt_candidate_strip_list (PmtCandidateStrip *strip, gboolean only_checked)
{
  GPtrArray *candidates = g_ptr_array_new ();

  for (guint i = 0; i < strip->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (strip->entries, i);

      if (!only_checked || is_checked (entry))
        g_ptr_array_add (candidates, entry->candidate);
    }
  if (only_checked && candidates->len == 0 && find_shown (strip))
    g_ptr_array_add (candidates, pmt_candidate_strip_get_shown (strip));

  return candidates;
}

/* After one was removed that was shown, the newest is. */
static void
show_newest (PmtCandidateStrip *strip)
{
  const Entry *newest;

  if (strip->entries->len == 0 || find_shown (strip))
    return;
  newest = g_ptr_array_index (strip->entries, strip->entries->len - 1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (newest->radio), TRUE);
}

void
pmt_candidate_strip_remove (PmtCandidateStrip *strip, GPtrArray *candidates)
{
  g_return_if_fail (PMT_IS_CANDIDATE_STRIP (strip));

  for (guint i = strip->entries->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (strip->entries, i - 1);

      if (!g_ptr_array_find (candidates, entry->candidate, NULL))
        continue;
      gtk_widget_destroy (entry->box);
      g_ptr_array_remove_index (strip->entries, i - 1);
    }
  show_newest (strip);
  emit_changed (strip);
}

void
pmt_candidate_strip_mark (PmtCandidateStrip *strip, GPtrArray *candidates)
{
  g_return_if_fail (PMT_IS_CANDIDATE_STRIP (strip));

  for (guint i = 0; i < strip->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (strip->entries, i);

      if (g_ptr_array_find (candidates, entry->candidate, NULL))
        entry->candidate->is_inserted = TRUE;
      describe (entry);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (entry->check), FALSE);
    }
  emit_changed (strip);
}

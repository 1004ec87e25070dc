/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-window.c: a list, a search, details, and what can be done. */
#include "config.h"

#include "history-window.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "confirm.h"
#include "folder-watch.h"
#include "history-details.h"
#include "history-list.h"
#include "history-options.h"
#include "history-text.h"

#define WIDTH 960
#define HEIGHT 600

enum
{
  RESPONSE_CLEAR = 1,
  RESPONSE_DELETE,
  RESPONSE_REUSE,
  RESPONSE_INSERT
};

typedef struct
{
  PmtEngine *engine;
  const gchar *user_dir;
  const PmtHistoryActions *actions;
  GtkDialog *dialog;
  GtkWidget *search;
  PmtHistoryList *list;
  GtkWidget *details;
  GtkWidget *options;
  GtkWidget *note;
  gchar *problem;
  PmtFolderWatch *watch;
} Window;

/* ----------------------------------------------------------------- content */

static void
tell (Window *window, const gchar *text)
{
  gtk_label_set_text (GTK_LABEL (window->note), text ? text : "");
  gtk_widget_set_visible (window->note, text && *text);
}

static const gchar *
describe (const PmtHistoryEntry *entry, GPtrArray *selected, guint n_all)
{
  if (n_all == 0)
    return _ (
        "Nothing was run yet, or no history is kept. Whatever is run from "
        "now on is listed here.");
  if (selected->len == 0)
    return _ ("No run of the history has all of these words.");
  if (!entry || entry->result)
    return NULL;

  return _ ("Only settings and a thumbnail were kept of this run, since its "
            "result is too large for the limit, or has made room for newer "
            "ones; so it can't be inserted again.");
}

static void
update (Window *window)
{
  g_autoptr (GPtrArray) selected = pmt_history_list_get_selected (window->list);
  const PmtHistoryEntry *entry = selected->len == 1 ? selected->pdata[0] : NULL;
  guint n_shown;
  const guint n_all = pmt_history_list_count (window->list, &n_shown);
  g_autofree gchar *several = NULL;
  const gchar *text = describe (entry, selected, n_all);

  if (selected->len > 1)
    text = several =
        g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u run is selected.",
                                      "%u runs are selected.", selected->len),
                         selected->len);
  pmt_history_details_show (window->details, window->engine, entry, text);
  gtk_dialog_set_response_sensitive (window->dialog, RESPONSE_CLEAR, n_all > 0);
  gtk_dialog_set_response_sensitive (window->dialog, RESPONSE_DELETE,
                                     selected->len > 0);
  gtk_dialog_set_response_sensitive (window->dialog, RESPONSE_REUSE,
                                     entry != NULL);
  gtk_dialog_set_response_sensitive (window->dialog, RESPONSE_INSERT,
                                     entry && entry->result);
}

static void
list_changed (gboolean is_activated, gpointer user_data)
{
  Window *window = user_data;
  g_autoptr (GPtrArray) selected = pmt_history_list_get_selected (window->list);
  const PmtHistoryEntry *entry = selected->len == 1 ? selected->pdata[0] : NULL;

  if (!is_activated)
    update (window);
  else if (entry)
    gtk_dialog_response (window->dialog,
                         entry->result ? RESPONSE_INSERT : RESPONSE_REUSE);
}

static void
load (Window *window)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *text = NULL;

  if (window->problem)
    g_ptr_array_add (problems, g_strdup (window->problem));
  pmt_history_list_set_entries (
      window->list, pmt_engine_list_history (window->engine, problems));
  pmt_history_options_set_size (window->options,
                                pmt_engine_measure_history (window->engine));
  text = pmt_history_text_problems (problems);
  tell (window, text);
}

static void
load_again (gpointer user_data)
{
  load (user_data);
}

/* ----------------------------------------------------------------- actions */

static void
delete_selected (Window *window)
{
  g_autoptr (GPtrArray) selected = pmt_history_list_get_selected (window->list);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *question = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "Delete %u run of the history? Its settings and its result "
                   "can't be brought back; layers that were made stay.",
                   "Delete %u runs of the history? Their settings and results "
                   "can't be brought back; layers that were made stay.",
                   selected->len),
      selected->len);

  /* While the question stands there, another program may change the list. */
  for (guint i = 0; i < selected->len; i++)
    g_ptr_array_add (ids,
                     g_strdup (((PmtHistoryEntry *)selected->pdata[i])->id));
  if (ids->len == 0
      || !pmt_confirm (GTK_WINDOW (window->dialog), _ ("Delete Runs"), question,
                       _ ("_Delete")))
    return;
  for (guint i = 0; i < ids->len; i++)
    {
      g_clear_error (&error);
      pmt_engine_delete_history (window->engine, ids->pdata[i], &error);
    }
  load (window);
  if (error)
    tell (window, error->message);
}

static void
clear_all (Window *window)
{
  g_autoptr (GError) error = NULL;

  if (!pmt_confirm (
          GTK_WINDOW (window->dialog), _ ("Clear History"),
          _ ("Delete the whole history? No settings and no results can "
             "be brought back; layers that were made stay."),
          _ ("C_lear All")))
    return;
  pmt_engine_clear_history (window->engine, &error);
  load (window);
  if (error)
    tell (window, error->message);
}

/* Returns: whether it succeeded. */
static gboolean
act (Window *window,
     gboolean (*action) (const PmtHistoryEntry *, gpointer, GError **))
{
  g_autoptr (GPtrArray) selected = pmt_history_list_get_selected (window->list);
  g_autoptr (GError) error = NULL;

  if (selected->len != 1)
    return FALSE;
  tell (window, NULL);
  if (action (selected->pdata[0], window->actions->user_data, &error))
    return TRUE;
  if (error)
    tell (window, error->message);

  return FALSE;
}

static void
insert (Window *window)
{
  if (act (window, window->actions->insert))
    tell (window, _ ("The result was inserted into the image."));
}

/* ----------------------------------------------------------------- widgets */

static void
search_changed (GtkSearchEntry *entry, gpointer user_data)
{
  Window *window = user_data;

  pmt_history_list_set_search (window->list,
                               gtk_entry_get_text (GTK_ENTRY (entry)));
}

/* Return goes on in the list. */
static void
search_activated (GtkEntry *entry, gpointer user_data)
{
  Window *window = user_data;

  search_changed (GTK_SEARCH_ENTRY (entry), window);
  gtk_widget_grab_focus (pmt_history_list_get_view (window->list));
}

static gboolean
key_pressed (GtkWidget *dialog, GdkEventKey *event, gpointer user_data)
{
  Window *window = user_data;
  const GdkModifierType all = gtk_accelerator_get_default_mod_mask ();

  if (event->keyval != GDK_KEY_f || (event->state & all) != GDK_CONTROL_MASK)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (window->search);

  return GDK_EVENT_STOP;
}

static gboolean
list_key_pressed (GtkWidget *view, GdkEventKey *event, gpointer user_data)
{
  Window *window = user_data;

  if (event->keyval != GDK_KEY_Delete && event->keyval != GDK_KEY_KP_Delete)
    return GDK_EVENT_PROPAGATE;
  gtk_dialog_response (window->dialog, RESPONSE_DELETE);

  return GDK_EVENT_STOP;
}

static GtkWidget *
new_search (Window *window)
{
  window->search = gtk_search_entry_new ();
  gtk_entry_set_placeholder_text (
      GTK_ENTRY (window->search),
      _ ("Words of the prompt, the model or the operation"));
  atk_object_set_name (gtk_widget_get_accessible (window->search),
                       _ ("Search"));
  g_signal_connect (window->search, "search-changed",
                    G_CALLBACK (search_changed), window);
  g_signal_connect (window->search, "activate", G_CALLBACK (search_activated),
                    window);

  return window->search;
}

static GtkWidget *
new_panes (Window *window)
{
  GtkWidget *panes = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  window->list = pmt_history_list_new (window->engine, list_changed, window);
  window->details = pmt_history_details_new ();
  gtk_widget_set_margin_end (left, 6);
  gtk_box_pack_start (GTK_BOX (left), new_search (window), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (left),
                      pmt_history_list_get_widget (window->list), TRUE, TRUE,
                      0);
  gtk_paned_pack1 (GTK_PANED (panes), left, TRUE, FALSE);
  gtk_paned_pack2 (GTK_PANED (panes), window->details, FALSE, FALSE);
  g_signal_connect (pmt_history_list_get_view (window->list), "key-press-event",
                    G_CALLBACK (list_key_pressed), window);

  return panes;
}

static GtkWidget *
new_note (void)
{
  GtkWidget *note = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (note), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (note), 90);
  gtk_widget_set_no_show_all (note, TRUE);

  return note;
}

static GtkWidget *
new_dialog (void)
{
  GtkWidget *dialog = gimp_dialog_new (
      _ ("History"), "pentimento-history", NULL, 0, gimp_standard_help_func,
      "plug-in-pentimento-history", _ ("Clear _All…"), RESPONSE_CLEAR,
      _ ("_Delete…"), RESPONSE_DELETE, _ ("_Close"), GTK_RESPONSE_CLOSE,
      _ ("_Reuse Settings…"), RESPONSE_REUSE, _ ("_Insert Again"),
      RESPONSE_INSERT, NULL);

  gtk_dialog_set_default_response (GTK_DIALOG (dialog), RESPONSE_INSERT);
  gtk_window_set_default_size (GTK_WINDOW (dialog), WIDTH, HEIGHT);
  gimp_window_set_transient (GTK_WINDOW (dialog));

  return dialog;
}

static void
window_init (Window *window)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autofree gchar *folder = NULL;

  window->dialog = GTK_DIALOG (new_dialog ());
  window->options =
      pmt_history_options_new (window->user_dir, &window->problem);
  window->note = new_note ();
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (box), new_panes (window), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), window->options, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), window->note, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (window->dialog)),
                      box, TRUE, TRUE, 0);
  g_signal_connect (window->dialog, "key-press-event", G_CALLBACK (key_pressed),
                    window);
  gtk_widget_show_all (box);
  load (window);
  folder = g_build_filename (window->user_dir, "history", NULL);
  window->watch = pmt_folder_watch_new (folder, load_again, window);
  gtk_widget_grab_focus (pmt_history_list_get_view (window->list));
}

static void
window_clear (Window *window)
{
  pmt_folder_watch_free (window->watch);
  gtk_widget_destroy (GTK_WIDGET (window->dialog));
  pmt_history_list_free (window->list);
  g_free (window->problem);
}

/* What can't be saved is told; a second time the window closes. */
static gboolean
can_close (Window *window, gboolean *was_told)
{
  g_autoptr (GError) error = NULL;

  if (pmt_history_options_save (window->options, &error) || *was_told)
    return TRUE;
  *was_told = TRUE;
  tell (window, error->message);

  return FALSE;
}

gboolean
pmt_history_window_run (PmtEngine *engine,
                        const gchar *user_dir,
                        const PmtHistoryActions *actions)
{
  Window window = { .engine = engine,
                    .user_dir = user_dir,
                    .actions = actions };
  gboolean was_told = FALSE;
  gboolean is_reused = FALSE;
  gboolean is_open = TRUE;

  window_init (&window);
  while (is_open)
    {
      const gint response = gimp_dialog_run (GIMP_DIALOG (window.dialog));

      if (response == RESPONSE_CLEAR)
        clear_all (&window);
      else if (response == RESPONSE_DELETE)
        delete_selected (&window);
      else if (response == RESPONSE_INSERT)
        insert (&window);
      else if (response == RESPONSE_REUSE)
        is_reused = act (&window, actions->reuse);
      is_open = response > 0 ? !is_reused : !can_close (&window, &was_told);
      gtk_widget_grab_focus (pmt_history_list_get_view (window.list));
    }
  if (is_reused)
    pmt_history_options_save (window.options, NULL);
  window_clear (&window);

  return is_reused;
}

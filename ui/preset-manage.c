/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-manage.c: removes, imports and exports presets. */
#include "config.h"

#include "preset-manage.h"

#include <glib/gi18n-lib.h>

#include "confirm.h"
#include "message-bar.h"
#include "preset-list.h"

/* Size of the list, pixels. */
#define LIST_WIDTH 420
#define LIST_HEIGHT 300

enum
{
  RESPONSE_IMPORT = 1,
  RESPONSE_EXPORT,
  RESPONSE_REMOVE
};

typedef struct
{
  PmtEngine *engine;
  GtkDialog *dialog;
  GtkWidget *bar;
  GtkWidget *search;
  GtkWidget *list;
  GtkWidget *help;
} Window;

/* ----------------------------------------------------------------- content */

/* Returns: (transfer none) (nullable): of the row that is selected. */
static PmtPreset *
get_selected (const Window *window)
{
  GtkListBoxRow *item =
      gtk_list_box_get_selected_row (GTK_LIST_BOX (window->list));

  return item ? pmt_preset_list_get (item) : NULL;
}

/* @reason: nullable: why it can't be pressed. */
static void
set_button (const Window *window, gint response, const gchar *reason)
{
  GtkWidget *button =
      gtk_dialog_get_widget_for_response (window->dialog, response);

  gtk_widget_set_sensitive (button, reason == NULL);
  gtk_widget_set_tooltip_text (button, reason);
  atk_object_set_description (gtk_widget_get_accessible (button),
                              reason ? reason : "");
}

static void
selection_changed (GtkListBox *list, gpointer user_data)
{
  const Window *window = user_data;
  const PmtPreset *preset = get_selected (window);
  const gchar *none = _ ("Select a preset first.");
  const gchar *shipped =
      _ ("This preset comes with Pentimento and can't be removed.");

  set_button (window, RESPONSE_EXPORT, preset ? NULL : none);
  set_button (window, RESPONSE_REMOVE,
              !preset                       ? none
              : pmt_preset_is_user (preset) ? NULL
                                            : shipped);
  gtk_label_set_text (GTK_LABEL (window->help),
                      preset ? pmt_preset_get_help (preset) : "");
}

/* Keys go on at the row that is selected; it has no place yet. */
static gboolean
focus_selected (gpointer list)
{
  GtkListBoxRow *item = gtk_list_box_get_selected_row (list);

  if (item)
    gtk_widget_grab_focus (GTK_WIDGET (item));

  return G_SOURCE_REMOVE;
}

static void
focus_later (const Window *window)
{
  g_idle_add_full (G_PRIORITY_LOW, focus_selected, g_object_ref (window->list),
                   g_object_unref);
}

/* Shows what has the words of the search; @present is selected, or, where it is
 * not among them, the row at @index, or the last one. */
static void
fill (Window *window, const gchar *present, gint index)
{
  GtkListBox *list = GTK_LIST_BOX (window->list);
  const gchar *text = gtk_entry_get_text (GTK_ENTRY (window->search));
  g_autoptr (GPtrArray) presets =
      pmt_engine_list_presets (window->engine, text, -1);

  pmt_preset_list_fill (window->list, presets, FALSE, present);
  if (!gtk_list_box_get_selected_row (list) && presets->len > 0)
    gtk_list_box_select_row (list,
                             gtk_list_box_get_row_at_index (
                                 list, MIN (index, (gint)presets->len - 1)));
  selection_changed (list, window);
}

static void
search_changed (GtkEntry *entry, gpointer user_data)
{
  Window *window = user_data;
  const PmtPreset *preset = get_selected (window);
  g_autofree gchar *id = g_strdup (preset ? pmt_preset_get_id (preset) : "");

  fill (window, id, 0);
}

/* Return goes on in the list. */
static void
search_activated (GtkEntry *entry, gpointer user_data)
{
  /* What was typed last may not be searched for yet. */
  search_changed (entry, user_data);
  focus_later (user_data);
}

/* All presets, with @present selected. */
static void
show_all (Window *window, const gchar *present)
{
  gtk_entry_set_text (GTK_ENTRY (window->search), "");
  fill (window, present, 0);
  focus_later (window);
}

/* ----------------------------------------------------------------- actions */

/* Returns: (transfer full) (nullable). */
static gchar *
choose_file (const Window *window,
             const gchar *title,
             GtkFileChooserAction action,
             const gchar *button,
             const gchar *name)
{
  GtkWidget *dialog = gtk_file_chooser_dialog_new (
      title, GTK_WINDOW (window->dialog), action, _ ("_Cancel"),
      GTK_RESPONSE_CANCEL, button, GTK_RESPONSE_OK, NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  GtkFileFilter *filter = gtk_file_filter_new ();
  gchar *path = NULL;

  gtk_file_filter_set_name (filter, _ ("Presets"));
  gtk_file_filter_add_pattern (filter, "*.json");
  gtk_file_chooser_add_filter (chooser, filter);
  if (name)
    gtk_file_chooser_set_current_name (chooser, name);
  gtk_file_chooser_set_do_overwrite_confirmation (chooser, TRUE);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_OK)
    path = gtk_file_chooser_get_filename (chooser);
  gtk_widget_destroy (dialog);

  return path;
}

static void
import (Window *window)
{
  g_autofree gchar *path =
      choose_file (window, _ ("Import Preset"), GTK_FILE_CHOOSER_ACTION_OPEN,
                   _ ("_Import"), NULL);
  g_autofree gchar *id = NULL;
  g_autoptr (GError) error = NULL;

  if (!path)
    return;
  if (!pmt_engine_import_preset (window->engine, path, FALSE, &id, &error)
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    {
      if (!pmt_confirm (GTK_WINDOW (window->dialog), _ ("Replace Preset"),
                        error->message, _ ("_Replace")))
        return;
      g_clear_error (&error);
      pmt_engine_import_preset (window->engine, path, TRUE, &id, &error);
    }
  if (error)
    pmt_message_bar_tell_error (PMT_MESSAGE_BAR (window->bar), error);
  else
    show_all (window, id);
}

static void export (Window *window)
{
  const PmtPreset *preset = get_selected (window);
  g_autofree gchar *name = NULL;
  g_autofree gchar *path = NULL;
  g_autoptr (GError) error = NULL;

  if (!preset)
    return;
  name = g_strconcat (pmt_preset_get_id (preset), ".json", NULL);
  path = choose_file (window, _ ("Export Preset"), GTK_FILE_CHOOSER_ACTION_SAVE,
                      _ ("_Export"), name);
  /* The window for files has asked before one is replaced. */
  if (path
      && !pmt_engine_export_preset (window->engine, pmt_preset_get_id (preset),
                                    path, TRUE, &error))
    pmt_message_bar_tell_error (PMT_MESSAGE_BAR (window->bar), error);
}

static void
remove_selected (Window *window)
{
  const PmtPreset *preset = get_selected (window);
  g_autofree gchar *id = NULL;
  g_autofree gchar *question = NULL;
  g_autoptr (GError) error = NULL;
  gint index;

  if (!preset || !pmt_preset_is_user (preset))
    return;
  index = gtk_list_box_row_get_index (
      gtk_list_box_get_selected_row (GTK_LIST_BOX (window->list)));
  id = g_strdup (pmt_preset_get_id (preset));
  question = g_strdup_printf (_ ("Remove the preset “%s”? It can't be brought "
                                 "back; export it before, if you may want it "
                                 "again."),
                              pmt_preset_get_name (preset));
  if (!pmt_confirm (GTK_WINDOW (window->dialog), _ ("Remove Preset"), question,
                    _ ("_Remove")))
    return;
  if (!pmt_engine_remove_preset (window->engine, id, &error))
    pmt_message_bar_tell_error (PMT_MESSAGE_BAR (window->bar), error);
  else
    {
      /* A shipped one of this id is there again; else its neighbor. */
      fill (window, id, index);
      focus_later (window);
    }
}

static gboolean
list_key_pressed (GtkWidget *list, GdkEventKey *event, gpointer user_data)
{
  Window *window = user_data;

  if (event->keyval != GDK_KEY_Delete && event->keyval != GDK_KEY_KP_Delete)
    return GDK_EVENT_PROPAGATE;
  gtk_dialog_response (window->dialog, RESPONSE_REMOVE);

  return GDK_EVENT_STOP;
}

/* ------------------------------------------------------------------ making */

static GtkWidget *
new_search (Window *window)
{
  window->search = gtk_search_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (window->search),
                                  _ ("Search presets"));
  atk_object_set_name (gtk_widget_get_accessible (window->search),
                       _ ("Search presets"));
  g_signal_connect (window->search, "search-changed",
                    G_CALLBACK (search_changed), window);
  g_signal_connect (window->search, "activate", G_CALLBACK (search_activated),
                    window);

  return window->search;
}

static GtkWidget *
new_list (Window *window)
{
  window->list = pmt_preset_list_new ();
  g_signal_connect (window->list, "selected-rows-changed",
                    G_CALLBACK (selection_changed), window);
  g_signal_connect (window->list, "key-press-event",
                    G_CALLBACK (list_key_pressed), window);

  return pmt_preset_list_scroll (window->list, LIST_WIDTH, LIST_HEIGHT);
}

/* What the selected preset is for; as high as two lines, so that nothing moves
 * from one row to the next. */
static GtkWidget *
new_help (Window *window)
{
  gint height;

  window->help = gtk_label_new ("\n");
  gtk_label_set_xalign (GTK_LABEL (window->help), 0.0);
  gtk_label_set_yalign (GTK_LABEL (window->help), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (window->help), TRUE);
  gtk_label_set_lines (GTK_LABEL (window->help), 2);
  gtk_label_set_ellipsize (GTK_LABEL (window->help), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (window->help), 50);
  gtk_widget_get_preferred_height (window->help, &height, NULL);
  gtk_widget_set_size_request (window->help, -1, height);

  return window->help;
}

static void
window_init (Window *window, GtkWindow *parent)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  window->dialog = GTK_DIALOG (gtk_dialog_new_with_buttons (
      _ ("Manage Presets"), parent,
      GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, _ ("_Import…"),
      RESPONSE_IMPORT, _ ("_Export…"), RESPONSE_EXPORT, _ ("_Remove…"),
      RESPONSE_REMOVE, _ ("_Close"), GTK_RESPONSE_CLOSE, NULL));
  window->bar = pmt_message_bar_new ();
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (box), window->bar, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), new_search (window), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), new_list (window), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), new_help (window), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (window->dialog)),
                      box, TRUE, TRUE, 0);
  gtk_widget_show_all (box);
}

void
pmt_preset_manage_run (GtkWindow *parent,
                       PmtEngine *engine,
                       const gchar *present)
{
  Window window = { .engine = engine };
  gint response;

  window_init (&window, parent);
  show_all (&window, present);
  do
    {
      response = gtk_dialog_run (window.dialog);
      if (response > 0)
        gtk_widget_hide (window.bar);
      if (response == RESPONSE_IMPORT)
        import (&window);
      else if (response == RESPONSE_EXPORT)
        export (&window);
      else if (response == RESPONSE_REMOVE)
        remove_selected (&window);
    }
  while (response > 0);
  gtk_widget_destroy (GTK_WIDGET (window.dialog));
}

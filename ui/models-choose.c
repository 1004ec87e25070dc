/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-choose.c: a list of folders, Add and Remove; a file. */
#include "config.h"

#include "models-choose.h"

#include <glib/gi18n-lib.h>

#define WIDTH 520
#define HEIGHT 160

enum
{
  RESPONSE_ADD = 1,
  RESPONSE_REMOVE
};

typedef struct
{
  GtkDialog *dialog;
  GtkListStore *store;
  GtkWidget *view;
} Window;

static GtkTreeSelection *
get_selection (const Window *window)
{
  return gtk_tree_view_get_selection (GTK_TREE_VIEW (window->view));
}

/* What is kept is a path in the encoding of files; what is shown is text. */
static void
append (Window *window, const gchar *path)
{
  g_autofree gchar *shown = g_filename_display_name (path);
  GtkTreeIter iter;

  gtk_list_store_insert_with_values (window->store, &iter, -1, 0, path, 1,
                                     shown, -1);
  gtk_tree_selection_select_iter (get_selection (window), &iter);
}

static gchar **
get_folders (const Window *window)
{
  GtkTreeModel *model = GTK_TREE_MODEL (window->store);
  GPtrArray *folders = g_ptr_array_new ();
  GtkTreeIter iter;
  gboolean has_row = gtk_tree_model_get_iter_first (model, &iter);

  for (; has_row; has_row = gtk_tree_model_iter_next (model, &iter))
    {
      gchar *path = NULL;

      gtk_tree_model_get (model, &iter, 0, &path, -1);
      g_ptr_array_add (folders, path);
    }
  g_ptr_array_add (folders, NULL);

  return (gchar **)g_ptr_array_free (folders, FALSE);
}

static void
add_folder (Window *window)
{
  GtkWidget *chooser = gtk_file_chooser_dialog_new (
      _ ("Folder of Another Program"), GTK_WINDOW (window->dialog),
      GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Cancel"), GTK_RESPONSE_CANCEL,
      _ ("_Add"), GTK_RESPONSE_OK, NULL);

  gtk_dialog_set_default_response (GTK_DIALOG (chooser), GTK_RESPONSE_OK);
  if (gtk_dialog_run (GTK_DIALOG (chooser)) == GTK_RESPONSE_OK)
    {
      g_autofree gchar *path =
          gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (chooser));

      if (path)
        append (window, path);
    }
  gtk_widget_destroy (chooser);
}

static void
remove_folder (Window *window)
{
  GtkTreeIter iter;

  if (gtk_tree_selection_get_selected (get_selection (window), NULL, &iter))
    gtk_list_store_remove (window->store, &iter);
}

static void
selection_changed (GtkTreeSelection *selection, gpointer user_data)
{
  Window *window = user_data;

  gtk_dialog_set_response_sensitive (
      window->dialog, RESPONSE_REMOVE,
      gtk_tree_selection_get_selected (selection, NULL, NULL));
}

static GtkWidget *
new_text (const gchar *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);

  return label;
}

static void
window_init (Window *window, GtkWindow *parent)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *field = gtk_scrolled_window_new (NULL, NULL);

  window->dialog = GTK_DIALOG (gtk_dialog_new_with_buttons (
      _ ("Folders of Other Programs"), parent, GTK_DIALOG_MODAL, _ ("_Add…"),
      RESPONSE_ADD, _ ("_Remove"), RESPONSE_REMOVE, _ ("_Cancel"),
      GTK_RESPONSE_CANCEL, _ ("_OK"), GTK_RESPONSE_OK, NULL));
  gtk_dialog_set_default_response (window->dialog, GTK_RESPONSE_OK);
  window->store = gtk_list_store_new (2, G_TYPE_STRING, G_TYPE_STRING);
  window->view = gtk_tree_view_new_with_model (GTK_TREE_MODEL (window->store));
  gtk_tree_view_set_headers_visible (GTK_TREE_VIEW (window->view), FALSE);
  gtk_tree_view_insert_column_with_attributes (
      GTK_TREE_VIEW (window->view), -1, NULL, gtk_cell_renderer_text_new (),
      "text", 1, NULL);
  atk_object_set_name (gtk_widget_get_accessible (window->view), _ ("Folders"));
  g_signal_connect (get_selection (window), "changed",
                    G_CALLBACK (selection_changed), window);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (field),
                                       GTK_SHADOW_IN);
  gtk_widget_set_size_request (field, WIDTH, HEIGHT);
  gtk_container_add (GTK_CONTAINER (field), window->view);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (
      GTK_BOX (box),
      new_text (_ ("Models in these folders are used where they lie, and "
                   "never changed. Add the main folder of ComfyUI, "
                   "AUTOMATIC1111 or Forge, or any folder with models.")),
      FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), field, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (window->dialog)),
                      box, TRUE, TRUE, 0);
  gtk_widget_show_all (box);
  gtk_dialog_set_response_sensitive (window->dialog, RESPONSE_REMOVE, FALSE);
}

gchar **
pmt_models_choose_folders (GtkWindow *parent, const gchar *const *folders)
{
  Window window = { NULL };
  gchar **chosen = NULL;
  gint response;

  window_init (&window, parent);
  for (; folders && *folders; folders++)
    append (&window, *folders);
  do
    {
      response = gtk_dialog_run (window.dialog);
      if (response == RESPONSE_ADD)
        add_folder (&window);
      else if (response == RESPONSE_REMOVE)
        remove_folder (&window);
    }
  while (response > 0);
  if (response == GTK_RESPONSE_OK)
    chosen = get_folders (&window);
  gtk_widget_destroy (GTK_WIDGET (window.dialog));
  g_object_unref (window.store);

  return chosen;
}

/* -------------------------------------------------------------------- file */

static void
add_filter (GtkFileChooser *chooser,
            const gchar *name,
            const gchar *const *types)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (; *types; types++)
    gtk_file_filter_add_pattern (filter, *types);
  gtk_file_chooser_add_filter (chooser, filter);
}

gchar *
pmt_models_choose_file (GtkWindow *parent)
{
  static const gchar *const models[] = { "*.safetensors", "*.onnx", NULL };
  static const gchar *const all[] = { "*", NULL };
  GtkWidget *dialog = gtk_file_chooser_dialog_new (
      _ ("Add Model File"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Cancel"),
      GTK_RESPONSE_CANCEL, _ ("_Add"), GTK_RESPONSE_OK, NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  gchar *path = NULL;

  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  add_filter (chooser, _ ("Models"), models);
  add_filter (chooser, _ ("All files"), all);
  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_OK)
    path = gtk_file_chooser_get_filename (chooser);
  gtk_widget_destroy (dialog);

  return path;
}

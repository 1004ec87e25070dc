/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-row.c: the models that are there, or a file. */
#include "config.h"

#include "model-row.h"

#include <glib/gi18n-lib.h>

#include "list-row.h"
#include "model-list.h"
#include "models-window.h"

/* What the button for more models needs; @list is the row's. */
typedef struct
{
  PmtEngine *engine;
  PmtOperation operation;
  GimpProcedureConfig *config;
  GtkWidget *list;
} MoreModels;

/* In a folder of Diffusers; the folder is what is meant. */
#define INDEX_FILE "model_index.json"

/* Behind those of list-row.h. */
enum
{
  COLUMN_DETAILS = PMT_LIST_ROW_LABEL + 1,
  COLUMN_IS_CHOICE,
  N_COLUMNS
};

gboolean
pmt_model_row_is_needed (PmtEngine *engine, PmtOperation operation)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, operation);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, operation);

  return models->len > 1 || templates->len > 0;
}

static gboolean
has_id (GtkListStore *store, const gchar *id)
{
  GtkTreeModel *model = GTK_TREE_MODEL (store);
  GtkTreeIter iter;
  gboolean is_row = gtk_tree_model_get_iter_first (model, &iter);

  for (; is_row; is_row = gtk_tree_model_iter_next (model, &iter))
    {
      g_autofree gchar *other = NULL;

      gtk_tree_model_get (model, &iter, PMT_LIST_ROW_VALUE, &other, -1);
      if (g_strcmp0 (other, id) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
append_row (GtkListStore *store,
            const gchar *id,
            const gchar *label,
            const gchar *details)
{
  gtk_list_store_insert_with_values (store, NULL, -1, PMT_LIST_ROW_VALUE, id,
                                     PMT_LIST_ROW_LABEL, label, COLUMN_DETAILS,
                                     details, COLUMN_IS_CHOICE, id != NULL, -1);
}

/* A file that was chosen, now or in an earlier call, is in no list. */
static void
add_present (GObject *config, GParamSpec *pspec, gpointer store)
{
  g_autofree gchar *id = NULL;
  g_autofree gchar *name = NULL;

  g_object_get (config, "model", &id, NULL);
  if (!id || has_id (store, id))
    return;

  name = g_path_is_absolute (id) ? g_path_get_basename (id) : g_strdup (id);
  append_row (store, id, name, NULL);
}

/* Headings only where there is more than one group. */
static void
fill_store (GtkListStore *store, PmtEngine *engine, PmtOperation operation)
{
  g_autoptr (GPtrArray) choices = pmt_model_list_new (engine, operation);
  const PmtModelChoice *before = NULL;
  gboolean has_groups = FALSE;

  append_row (store, "", _ ("Automatic"), NULL);
  for (guint i = 0; i < choices->len; i++)
    {
      const PmtModelChoice *choice = g_ptr_array_index (choices, i);

      has_groups = has_groups || choice->group != PMT_MODEL_GROUP_LOCAL;
    }
  for (guint i = 0; i < choices->len; i++)
    {
      const PmtModelChoice *choice = g_ptr_array_index (choices, i);

      if (has_groups && (!before || before->group != choice->group))
        append_row (store, NULL, pmt_model_group_label (choice->group), NULL);
      append_row (store, pmt_model_get_id (choice->model), choice->label,
                  choice->details);
      before = choice;
    }
}

/* Family, license and cost, dim at the right; headings can't be chosen. */
static void
add_details (GtkGrid *row)
{
  GtkCellLayout *list = GTK_CELL_LAYOUT (gtk_grid_get_child_at (row, 1, 0));
  GtkCellRenderer *details = gtk_cell_renderer_text_new ();
  g_autoptr (GList) cells = gtk_cell_layout_get_cells (list);

  g_object_set (details, "xalign", 1.0, "xpad", 6, "scale", 0.85, "ellipsize",
                PANGO_ELLIPSIZE_END, NULL);
  gtk_cell_layout_pack_end (list, details, FALSE);
  gtk_cell_layout_add_attribute (list, details, "text", COLUMN_DETAILS);
  gtk_cell_layout_add_attribute (list, details, "sensitive", COLUMN_IS_CHOICE);
  for (GList *cell = cells; cell; cell = cell->next)
    gtk_cell_layout_add_attribute (list, cell->data, "sensitive",
                                   COLUMN_IS_CHOICE);
}

static gboolean
is_checkpoint (const GtkFileFilterInfo *info, gpointer user_data)
{
  g_autofree gchar *name = g_ascii_strdown (info->display_name, -1);

  return g_str_has_suffix (name, ".safetensors")
         || g_str_equal (name, INDEX_FILE);
}

static GtkWidget *
new_file_dialog (GtkWidget *parent)
{
  GtkWidget *dialog = gtk_file_chooser_dialog_new (
      _ ("Choose a Checkpoint"), GTK_WINDOW (gtk_widget_get_toplevel (parent)),
      GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Cancel"), GTK_RESPONSE_CANCEL,
      _ ("_Open"), GTK_RESPONSE_ACCEPT, NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  GtkFileFilter *filter = gtk_file_filter_new ();
  g_autofree gchar *user_dir = pmt_default_user_dir ();
  g_autofree gchar *folder =
      g_build_filename (user_dir, "models", "checkpoints", NULL);

  gtk_file_filter_set_name (filter,
                            _ ("Checkpoints (.safetensors, model_index.json)"));
  gtk_file_filter_add_custom (filter, GTK_FILE_FILTER_DISPLAY_NAME,
                              is_checkpoint, NULL, NULL);
  gtk_file_chooser_add_filter (chooser, filter);
  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    gtk_file_chooser_set_current_folder (chooser, folder);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);

  return dialog;
}

static void
choose_file (GtkButton *button, gpointer config)
{
  GtkWidget *dialog = new_file_dialog (GTK_WIDGET (button));
  g_autofree gchar *path = NULL;
  g_autofree gchar *id = NULL;

  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_ACCEPT)
    path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));
  gtk_widget_destroy (dialog);
  if (!path)
    return;

  if (g_str_has_suffix (path, G_DIR_SEPARATOR_S INDEX_FILE))
    id = g_path_get_dirname (path);
  else
    id = g_steal_pointer (&path);
  /* Arguments are UTF-8; another name is told as a file that is not there. */
  if (!g_utf8_validate (id, -1, NULL))
    {
      gchar *valid = g_utf8_make_valid (id, -1);

      g_free (id);
      id = valid;
    }
  g_object_set (config, "model", id, NULL);
}

/* What was downloaded or added can be chosen at once.  The list stays the same
 * one: it hears of a model after add_present() has put it there.
 */
static void
show_more (GtkButton *button, MoreModels *more)
{
  GtkListStore *store =
      GTK_LIST_STORE (gtk_combo_box_get_model (GTK_COMBO_BOX (more->list)));
  g_autofree gchar *id = NULL;

  pmt_models_window_run (
      more->engine, GTK_WINDOW (gtk_widget_get_toplevel (GTK_WIDGET (button))));
  g_object_get (more->config, "model", &id, NULL);
  gtk_list_store_clear (store);
  fill_store (store, more->engine, more->operation);
  g_object_set (more->config, "model", id, NULL);
}

static void
more_models_free (gpointer more, GClosure *closure)
{
  g_free (more);
}

static GtkWidget *
new_more_button (PmtEngine *engine,
                 PmtOperation operation,
                 GimpProcedureConfig *config,
                 GtkWidget *list)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("More Models…"));
  MoreModels *more = g_new0 (MoreModels, 1);

  more->engine = engine;
  more->operation = operation;
  more->config = config;
  more->list = list;
  gimp_help_set_help_data (
      button, _ ("See which models are here, and download larger ones."), NULL);
  g_signal_connect_data (button, "clicked", G_CALLBACK (show_more), more,
                         more_models_free, 0);
  gtk_widget_show (button);

  return button;
}

void
pmt_model_row_make (GimpProcedureDialog *dialog,
                    GimpProcedureConfig *config,
                    PmtEngine *engine,
                    PmtOperation operation)
{
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, operation);
  g_autoptr (GtkListStore) store = gtk_list_store_new (
      N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
  GtkWidget *button;
  GtkWidget *row;

  fill_store (store, engine, operation);
  /* Before the list hears of a change: it shows what it has. */
  add_present (G_OBJECT (config), NULL, store);
  g_signal_connect_object (config, "notify::model", G_CALLBACK (add_present),
                           store, 0);
  row = pmt_list_row_make (dialog, config, "model", store);
  add_details (GTK_GRID (row));
  if (templates->len == 0)
    return;

  button = gtk_button_new_with_mnemonic (_ ("Choose a F_ile…"));
  gimp_help_set_help_data (
      button,
      _ ("Run a checkpoint where it is: a .safetensors file, or the "
         "model_index.json of a folder of Diffusers."),
      NULL);
  g_signal_connect_object (button, "clicked", G_CALLBACK (choose_file), config,
                           0);
  gtk_grid_attach (GTK_GRID (row), button, 2, 0, 1, 1);
  gtk_widget_show (button);
  button = new_more_button (engine, operation, config,
                            gtk_grid_get_child_at (GTK_GRID (row), 1, 0));
  gtk_grid_attach (GTK_GRID (row), button, 3, 0, 1, 1);
}

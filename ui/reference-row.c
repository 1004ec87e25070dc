/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* reference-row.c: a list of layers and files. */
#include "config.h"

#include "reference-row.h"

#include <glib/gi18n-lib.h>

#include "reference-file.h"

#define THUMBNAIL 32
#define LIST_HEIGHT 96

/* So that the label stands at the height of the first button. */
#define LABEL_MARGIN 8

enum
{
  COLUMN_PICTURE,
  COLUMN_NAME,
  N_COLUMNS
};

/**
 * Row:
 * @images: (element-type GimpImage): opened from files
 * @max: what the model takes
 */
typedef struct
{
  GimpProcedureConfig *config;
  GPtrArray *images;
  guint max;
  GtkListStore *store;
  GtkWidget *grid;
  GtkWidget *label;
  GtkWidget *field;
  GtkWidget *list;
  GtkWidget *layers;
  GtkWidget *add_layer;
  GtkWidget *add_files;
  GtkWidget *remove;
  GtkWidget *note;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_ptr_array_unref (row->images);
  g_object_unref (row->store);
  g_free (row);
}

static Row *
get_row (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "row");
}

/* --------------------------------------------------------------- argument */

/* Returns: (transfer container) (element-type GimpDrawable) */
static GPtrArray *
read_argument (const Row *row)
{
  g_autofree GObject **drawables = NULL;
  GPtrArray *list = g_ptr_array_new ();

  g_object_get (row->config, PMT_REFERENCES, &drawables, NULL);
  for (gint i = 0; drawables && drawables[i]; i++)
    g_ptr_array_add (list, drawables[i]);

  return list;
}

/* What it holds is shown when it tells of its change. */
static void
write_argument (Row *row, GPtrArray *list)
{
  g_ptr_array_add (list, NULL);
  g_object_set (row->config, PMT_REFERENCES, list->pdata, NULL);
}

static gchar *
describe (const Row *row, GimpItem *item)
{
  GimpImage *image = gimp_item_get_image (item);
  g_autofree gchar *name = gimp_item_get_name (item);
  g_autofree gchar *image_name = gimp_image_get_name (image);

  /* The layer of a file has its name. */
  if (g_ptr_array_find (row->images, image, NULL))
    return g_steal_pointer (&name);

  /* Translators: a layer and the image that it is in. */
  return g_strdup_printf (_ ("%s in %s"), name, image_name);
}

static void
append (Row *row, GimpDrawable *drawable)
{
  g_autoptr (GdkPixbuf) picture = NULL;
  g_autofree gchar *text = NULL;

  if (!gimp_item_is_valid (GIMP_ITEM (drawable)))
    return;
  picture = gimp_drawable_get_thumbnail (drawable, THUMBNAIL, THUMBNAIL,
                                         GIMP_PIXBUF_SMALL_CHECKS);
  text = describe (row, GIMP_ITEM (drawable));
  gtk_list_store_insert_with_values (row->store, NULL, -1, COLUMN_PICTURE,
                                     picture, COLUMN_NAME, text, -1);
}

static gboolean
is_selected (const Row *row)
{
  GtkTreeSelection *selection =
      gtk_tree_view_get_selection (GTK_TREE_VIEW (row->list));

  return gtk_tree_selection_count_selected_rows (selection) > 0;
}

static void
update_buttons (Row *row)
{
  const guint n =
      (guint)gtk_tree_model_iter_n_children (GTK_TREE_MODEL (row->store), NULL);
  g_autofree gchar *note = NULL;

  /* Translators: how many pictures there are, and how many there may be. */
  note = g_strdup_printf (_ ("%u of %u"), n, row->max);
  gtk_label_set_text (GTK_LABEL (row->note), note);
  gtk_widget_set_visible (row->field, n > 0);
  gtk_widget_set_sensitive (row->layers, n < row->max);
  gtk_widget_set_sensitive (row->add_layer, n < row->max);
  gtk_widget_set_sensitive (row->add_files, n < row->max);
  gtk_widget_set_sensitive (row->remove, is_selected (row));
}

static void
show_argument (GObject *config, GParamSpec *pspec, gpointer widget)
{
  Row *row = get_row (widget);
  g_autoptr (GPtrArray) list = read_argument (row);

  gtk_list_store_clear (row->store);
  for (guint i = 0; i < list->len; i++)
    append (row, g_ptr_array_index (list, i));
  update_buttons (row);
}

/* ---------------------------------------------------------------- actions */

static void
add (Row *row, GimpLayer *layer)
{
  g_autoptr (GPtrArray) list = read_argument (row);

  if (!layer || list->len >= row->max)
    return;
  g_ptr_array_add (list, layer);
  write_argument (row, list);
}

static void
add_layer (GtkWidget *button, gpointer user_data)
{
  Row *row = user_data;
  gint id = -1;

  if (gimp_int_combo_box_get_active (GIMP_INT_COMBO_BOX (row->layers), &id))
    add (row, gimp_layer_get_by_id (id));
}

static void
add_file (Row *row, GFile *file, GtkWindow *parent)
{
  g_autoptr (GError) error = NULL;
  GimpLayer *layer = pmt_reference_file_open (file, &error);
  GtkWidget *message;

  if (layer)
    {
      g_ptr_array_add (row->images, gimp_item_get_image (GIMP_ITEM (layer)));
      add (row, layer);
      return;
    }
  message = gtk_message_dialog_new (
      parent, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_ERROR, GTK_BUTTONS_CLOSE, "%s", error->message);
  gtk_dialog_run (GTK_DIALOG (message));
  gtk_widget_destroy (message);
}

static void
add_files (GtkWidget *button, gpointer user_data)
{
  Row *row = user_data;
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_toplevel (button));
  g_autoptr (GPtrArray) files = pmt_reference_file_choose (parent);

  for (guint i = 0; i < files->len; i++)
    add_file (row, g_ptr_array_index (files, i), parent);
}

static void
remove_selected (GtkWidget *button, gpointer user_data)
{
  Row *row = user_data;
  GtkTreeSelection *selection =
      gtk_tree_view_get_selection (GTK_TREE_VIEW (row->list));
  GList *rows = gtk_tree_selection_get_selected_rows (selection, NULL);
  g_autoptr (GPtrArray) list = read_argument (row);

  for (GList *at = g_list_last (rows); at; at = at->prev)
    {
      const gint i = gtk_tree_path_get_indices (at->data)[0];

      if (i < (gint)list->len)
        g_ptr_array_remove_index (list, (guint)i);
    }
  g_list_free_full (rows, (GDestroyNotify)gtk_tree_path_free);
  write_argument (row, list);
}

static gboolean
key_pressed (GtkWidget *widget, GdkEventKey *event, gpointer user_data)
{
  if (event->keyval != GDK_KEY_Delete)
    return GDK_EVENT_PROPAGATE;

  remove_selected (widget, user_data);

  return GDK_EVENT_STOP;
}

static void
selection_changed (GtkTreeSelection *selection, gpointer user_data)
{
  Row *row = user_data;

  gtk_widget_set_sensitive (row->remove, is_selected (row));
}

/* ---------------------------------------------------------------- widgets */

static GtkWidget *
new_list (Row *row)
{
  GtkWidget *list = gtk_tree_view_new_with_model (GTK_TREE_MODEL (row->store));
  GtkTreeSelection *selection =
      gtk_tree_view_get_selection (GTK_TREE_VIEW (list));
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();
  GtkCellRenderer *picture = gtk_cell_renderer_pixbuf_new ();
  GtkCellRenderer *name = gtk_cell_renderer_text_new ();

  g_object_set (picture, "xpad", 4, "ypad", 2, NULL);
  g_object_set (name, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);
  gtk_tree_view_column_pack_start (column, picture, FALSE);
  gtk_tree_view_column_add_attribute (column, picture, "pixbuf",
                                      COLUMN_PICTURE);
  gtk_tree_view_column_pack_start (column, name, TRUE);
  gtk_tree_view_column_add_attribute (column, name, "text", COLUMN_NAME);
  gtk_tree_view_append_column (GTK_TREE_VIEW (list), column);
  gtk_tree_view_set_headers_visible (GTK_TREE_VIEW (list), FALSE);
  gtk_tree_view_set_search_column (GTK_TREE_VIEW (list), COLUMN_NAME);
  gtk_tree_selection_set_mode (selection, GTK_SELECTION_MULTIPLE);
  g_signal_connect (selection, "changed", G_CALLBACK (selection_changed), row);
  g_signal_connect (list, "key-press-event", G_CALLBACK (key_pressed), row);
  atk_object_set_name (gtk_widget_get_accessible (list),
                       _ ("Reference pictures"));

  return list;
}

static GtkWidget *
new_field (GtkWidget *list)
{
  GtkWidget *field = gtk_scrolled_window_new (NULL, NULL);

  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (field),
                                       GTK_SHADOW_IN);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (field), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (field),
                                              LIST_HEIGHT);
  gtk_container_add (GTK_CONTAINER (field), list);
  gtk_widget_show_all (field);
  gtk_widget_set_no_show_all (field, TRUE);

  return field;
}

/* A group has no picture of its own. */
static gboolean
is_choosable (GimpImage *image, GimpItem *item, gpointer user_data)
{
  return !gimp_item_is_group (item);
}

static GtkWidget *
new_button (const gchar *text,
            const gchar *help,
            void (*clicked) (GtkWidget *, gpointer),
            Row *row)
{
  GtkWidget *button = gtk_button_new_with_label (text);

  gimp_help_set_help_data (button, help, NULL);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked), row);

  return button;
}

static void
make_widgets (Row *row)
{
  row->label = gtk_label_new (_ ("References"));
  row->list = new_list (row);
  row->field = new_field (row->list);
  row->layers = gimp_layer_combo_box_new (is_choosable, NULL, NULL);
  g_object_set (row->layers, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);
  atk_object_set_name (gtk_widget_get_accessible (row->layers),
                       _ ("Layer to add"));
  row->add_layer = new_button (
      _ ("Add Layer"), _ ("Let the model see the layer on the left, too."),
      add_layer, row);
  row->add_files = new_button (
      _ ("Add Files…"), _ ("Let the model see pictures from files, too."),
      add_files, row);
  row->remove =
      new_button (_ ("Remove"), _ ("Take the marked pictures off the list."),
                  remove_selected, row);
  row->note = gtk_label_new (NULL);
}

static void
pack_widgets (const Row *row)
{
  GtkGrid *grid = GTK_GRID (row->grid);

  gtk_label_set_xalign (GTK_LABEL (row->label), 0.0);
  gtk_widget_set_valign (row->label, GTK_ALIGN_START);
  gtk_widget_set_margin_top (row->label, LABEL_MARGIN);
  gtk_label_set_mnemonic_widget (GTK_LABEL (row->label), row->layers);
  gtk_widget_set_hexpand (row->layers, TRUE);
  gtk_label_set_xalign (GTK_LABEL (row->note), 0.0);
  gtk_grid_set_column_spacing (grid, 6);
  gtk_grid_set_row_spacing (grid, 6);
  gtk_grid_attach (grid, row->label, 0, 0, 1, 1);
  gtk_grid_attach (grid, row->layers, 1, 0, 2, 1);
  gtk_grid_attach (grid, row->add_layer, 3, 0, 1, 1);
  gtk_grid_attach (grid, row->field, 1, 1, 3, 1);
  gtk_grid_attach (grid, row->note, 1, 2, 1, 1);
  gtk_grid_attach (grid, row->remove, 2, 2, 1, 1);
  gtk_widget_set_halign (row->remove, GTK_ALIGN_END);
  gtk_grid_attach (grid, row->add_files, 3, 2, 1, 1);
}

gboolean
pmt_reference_row_is_needed (GimpProcedureConfig *config)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (config),
                                       PMT_REFERENCES)
         != NULL;
}

GtkWidget *
pmt_reference_row_new (GimpProcedureConfig *config, GtkWidget **label)
{
  Row *row = g_new0 (Row, 1);

  row->config = config;
  row->images =
      g_ptr_array_new_with_free_func ((GDestroyNotify)gimp_image_delete);
  row->store = gtk_list_store_new (N_COLUMNS, GDK_TYPE_PIXBUF, G_TYPE_STRING);
  row->grid = gtk_grid_new ();
  g_object_set_data_full (G_OBJECT (row->grid), "row", row, row_free);
  make_widgets (row);
  pack_widgets (row);
  gtk_widget_show_all (row->grid);
  show_argument (G_OBJECT (config), NULL, row->grid);
  g_signal_connect_object (config, "notify::" PMT_REFERENCES,
                           G_CALLBACK (show_argument), row->grid, 0);
  *label = row->label;

  return row->grid;
}

void
pmt_reference_row_set_max (GtkWidget *widget, guint max)
{
  Row *row = get_row (widget);

  row->max = max;
  update_buttons (row);
}

GPtrArray *
pmt_reference_row_list_labels (GtkWidget *widget)
{
  const Row *row = get_row (widget);
  GPtrArray *labels = g_ptr_array_new ();

  g_ptr_array_add (labels, row->label);
  g_ptr_array_add (labels, row->add_layer);
  g_ptr_array_add (labels, row->add_files);
  g_ptr_array_add (labels, row->remove);

  return labels;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-list.c: the list of a history, with thumbnails and a search. */
#include "config.h"

#include "history-list.h"

#include <glib/gi18n-lib.h>

#include "history-text.h"

#define THUMBNAIL 48
#define ROW_HEIGHT 54
/* Of a file that is no thumbnail of ours nothing is unpacked. */
#define MAX_SIDE 192
/* Thumbnails that are kept, which is some screens full. */
#define MAX_CACHED 256

enum
{
  COLUMN_ENTRY,
  COLUMN_TITLE,
  COLUMN_MODEL,
  COLUMN_DATE,
  COLUMN_COST,
  COLUMN_TOOLTIP,
  COLUMN_INDEX,
  N_COLUMNS
};

struct _PmtHistoryList
{
  PmtEngine *engine;
  GPtrArray *entries;
  GtkListStore *store;
  GtkTreeModel *filter;
  GtkWidget *field;
  GtkWidget *view;
  gchar **words;
  GHashTable *thumbnails;
  gboolean is_filling;
  void (*changed) (gboolean is_activated, gpointer user_data);
  gpointer user_data;
};

/* -------------------------------------------------------------- thumbnails */

GdkPixbuf *
pmt_history_list_load_picture (const PmtHistoryEntry *entry, gint side)
{
  gint width = 0;
  gint height = 0;

  if (!entry->thumbnail
      || !gdk_pixbuf_get_file_info (entry->thumbnail, &width, &height)
      || width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    return NULL;
  if (width <= side && height <= side)
    return gdk_pixbuf_new_from_file (entry->thumbnail, NULL);

  return gdk_pixbuf_new_from_file_at_size (entry->thumbnail, side, side, NULL);
}

/* Returns: (transfer none) (nullable) */
static cairo_surface_t *
find_thumbnail (PmtHistoryList *list, const PmtHistoryEntry *entry)
{
  const gint scale = gtk_widget_get_scale_factor (list->view);
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  cairo_surface_t *surface = g_hash_table_lookup (list->thumbnails, entry->id);

  if (surface)
    return surface;
  pixbuf = pmt_history_list_load_picture (entry, THUMBNAIL * scale);
  if (!pixbuf)
    return NULL;
  if (g_hash_table_size (list->thumbnails) >= MAX_CACHED)
    g_hash_table_remove_all (list->thumbnails);
  surface = gdk_cairo_surface_create_from_pixbuf (pixbuf, scale, NULL);
  g_hash_table_insert (list->thumbnails, g_strdup (entry->id), surface);

  return surface;
}

/* GTK asks for rows that are seen only. */
static void
show_thumbnail (GtkTreeViewColumn *column,
                GtkCellRenderer *cell,
                GtkTreeModel *model,
                GtkTreeIter *iter,
                gpointer user_data)
{
  const PmtHistoryEntry *entry = NULL;
  cairo_surface_t *surface;

  gtk_tree_model_get (model, iter, COLUMN_ENTRY, &entry, -1);
  surface = entry ? find_thumbnail (user_data, entry) : NULL;
  if (surface)
    g_object_set (cell, "surface", surface, NULL);
  else
    g_object_set (cell, "icon-name", GIMP_ICON_IMAGE, NULL);
}

/* -------------------------------------------------------------------- rows */

static const gchar *
name_model (PmtHistoryList *list, const PmtHistoryEntry *entry)
{
  const PmtModel *model = pmt_engine_find_model (list->engine, entry->model);

  return model ? pmt_model_get_name (model) : entry->model;
}

static void
append (PmtHistoryList *list, PmtHistoryEntry *entry)
{
  const gchar *prompt = entry->prompt ? entry->prompt : "";
  const gchar *operation = pmt_operation_label (entry->operation);
  const gchar *model = name_model (list, entry);
  g_autofree gchar *line = pmt_history_text_line (prompt);
  g_autofree gchar *title = g_markup_printf_escaped (
      *line ? "<b>%s</b>\n%s" : "<b>%s</b>%s", operation, line);
  g_autofree gchar *tooltip =
      g_markup_escape_text (*prompt ? prompt : operation, -1);
  g_autofree gchar *date = pmt_history_text_date (entry);
  g_autofree gchar *cost = pmt_history_text_cost (entry);
  g_autofree gchar *index = pmt_history_text_index (entry, model);

  gtk_list_store_insert_with_values (
      list->store, NULL, -1, COLUMN_ENTRY, entry, COLUMN_TITLE, title,
      COLUMN_MODEL, model, COLUMN_DATE, date, COLUMN_COST, cost, COLUMN_TOOLTIP,
      tooltip, COLUMN_INDEX, index, -1);
}

static gboolean
is_shown (GtkTreeModel *model, GtkTreeIter *iter, gpointer user_data)
{
  const PmtHistoryList *list = user_data;
  g_autofree gchar *index = NULL;

  gtk_tree_model_get (model, iter, COLUMN_INDEX, &index, -1);

  return index
         && pmt_history_text_matches (index, (const gchar *const *)list->words);
}

static void
selection_changed (GtkTreeSelection *selection, gpointer user_data)
{
  PmtHistoryList *list = user_data;

  if (!list->is_filling)
    list->changed (FALSE, list->user_data);
}

static void
row_activated (GtkTreeView *view,
               GtkTreePath *path,
               GtkTreeViewColumn *column,
               gpointer user_data)
{
  PmtHistoryList *list = user_data;

  list->changed (TRUE, list->user_data);
}

static GtkTreeSelection *
get_selection (PmtHistoryList *list)
{
  return gtk_tree_view_get_selection (GTK_TREE_VIEW (list->view));
}

/* ----------------------------------------------------------------- widgets */

/* All rows have one height, so that those that are not seen cost nothing. */
static void
add_text (PmtHistoryList *list,
          const gchar *title,
          const gchar *attribute,
          gint source,
          gint width,
          gboolean expands)
{
  GtkCellRenderer *cell = gtk_cell_renderer_text_new ();
  GtkTreeViewColumn *column = gtk_tree_view_column_new_with_attributes (
      title, cell, attribute, source, NULL);

  g_object_set (cell, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_cell_renderer_set_fixed_size (cell, -1, ROW_HEIGHT);
  gtk_tree_view_column_set_sizing (column, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_fixed_width (column, width);
  gtk_tree_view_column_set_expand (column, expands);
  gtk_tree_view_column_set_resizable (column, TRUE);
  gtk_tree_view_append_column (GTK_TREE_VIEW (list->view), column);
}

static void
add_thumbnails (PmtHistoryList *list)
{
  GtkCellRenderer *cell = gtk_cell_renderer_pixbuf_new ();
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();

  gtk_cell_renderer_set_fixed_size (cell, THUMBNAIL + 8, ROW_HEIGHT);
  gtk_tree_view_column_pack_start (column, cell, TRUE);
  gtk_tree_view_column_set_cell_data_func (column, cell, show_thumbnail, list,
                                           NULL);
  gtk_tree_view_column_set_sizing (column, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_fixed_width (column, THUMBNAIL + 14);
  gtk_tree_view_append_column (GTK_TREE_VIEW (list->view), column);
}

static void
make_view (PmtHistoryList *list)
{
  GtkTreeView *view;

  list->view = gtk_tree_view_new_with_model (list->filter);
  view = GTK_TREE_VIEW (list->view);
  add_thumbnails (list);
  add_text (list, _ ("Run"), "markup", COLUMN_TITLE, 200, TRUE);
  add_text (list, _ ("Model"), "text", COLUMN_MODEL, 130, FALSE);
  add_text (list, _ ("Date"), "text", COLUMN_DATE, 124, FALSE);
  add_text (list, _ ("Cost"), "text", COLUMN_COST, 80, FALSE);
  gtk_tree_view_set_fixed_height_mode (view, TRUE);
  gtk_tree_view_set_enable_search (view, FALSE);
  gtk_tree_view_set_tooltip_column (view, COLUMN_TOOLTIP);
  atk_object_set_name (gtk_widget_get_accessible (list->view),
                       _ ("Runs of the history"));
  gtk_tree_selection_set_mode (get_selection (list), GTK_SELECTION_MULTIPLE);
  g_signal_connect (get_selection (list), "changed",
                    G_CALLBACK (selection_changed), list);
  g_signal_connect (list->view, "row-activated", G_CALLBACK (row_activated),
                    list);
}

PmtHistoryList *
pmt_history_list_new (PmtEngine *engine,
                      void (*changed) (gboolean is_activated,
                                       gpointer user_data),
                      gpointer user_data)
{
  PmtHistoryList *list = g_new0 (PmtHistoryList, 1);

  list->engine = engine;
  list->changed = changed;
  list->user_data = user_data;
  list->entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_history_entry_free);
  list->thumbnails = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, (GDestroyNotify)cairo_surface_destroy);
  list->store = gtk_list_store_new (N_COLUMNS, G_TYPE_POINTER, G_TYPE_STRING,
                                    G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING,
                                    G_TYPE_STRING, G_TYPE_STRING);
  list->filter = gtk_tree_model_filter_new (GTK_TREE_MODEL (list->store), NULL);
  gtk_tree_model_filter_set_visible_func (GTK_TREE_MODEL_FILTER (list->filter),
                                          is_shown, list, NULL);
  make_view (list);
  list->field = gtk_scrolled_window_new (NULL, NULL);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (list->field),
                                       GTK_SHADOW_IN);
  gtk_container_add (GTK_CONTAINER (list->field), list->view);

  return list;
}

void
pmt_history_list_free (PmtHistoryList *list)
{
  g_object_unref (list->filter);
  g_object_unref (list->store);
  g_hash_table_unref (list->thumbnails);
  g_ptr_array_unref (list->entries);
  g_strfreev (list->words);
  g_free (list);
}

GtkWidget *
pmt_history_list_get_widget (PmtHistoryList *list)
{
  return list->field;
}

GtkWidget *
pmt_history_list_get_view (PmtHistoryList *list)
{
  return list->view;
}

/* ----------------------------------------------------------------- content */

static PmtHistoryEntry *
get_entry (PmtHistoryList *list, GtkTreeIter *iter)
{
  PmtHistoryEntry *entry = NULL;

  gtk_tree_model_get (list->filter, iter, COLUMN_ENTRY, &entry, -1);

  return entry;
}

GPtrArray *
pmt_history_list_get_selected (PmtHistoryList *list)
{
  GList *rows =
      gtk_tree_selection_get_selected_rows (get_selection (list), NULL);
  GPtrArray *selected = g_ptr_array_new ();

  for (GList *row = rows; row; row = row->next)
    {
      GtkTreeIter iter;

      if (gtk_tree_model_get_iter (list->filter, &iter, row->data))
        g_ptr_array_add (selected, get_entry (list, &iter));
    }
  g_list_free_full (rows, (GDestroyNotify)gtk_tree_path_free);

  return selected;
}

/* Selects the rows of @ids; else the one at @fallback, or the last. */
static void
select_again (PmtHistoryList *list, GHashTable *ids, gint fallback)
{
  const gint n = gtk_tree_model_iter_n_children (list->filter, NULL);
  GtkTreeIter iter;
  gboolean has_row = gtk_tree_model_get_iter_first (list->filter, &iter);
  GtkTreePath *path;

  for (; has_row; has_row = gtk_tree_model_iter_next (list->filter, &iter))
    if (g_hash_table_contains (ids, get_entry (list, &iter)->id))
      gtk_tree_selection_select_iter (get_selection (list), &iter);
  if (n == 0
      || gtk_tree_selection_count_selected_rows (get_selection (list)) > 0)
    return;
  path = gtk_tree_path_new_from_indices (CLAMP (fallback, 0, n - 1), -1);
  gtk_tree_view_set_cursor (GTK_TREE_VIEW (list->view), path, NULL, FALSE);
  gtk_tree_path_free (path);
}

/* Returns: (transfer full): ids; @first: the topmost row. */
static GHashTable *
note_selected (PmtHistoryList *list, gint *first)
{
  GList *rows =
      gtk_tree_selection_get_selected_rows (get_selection (list), NULL);
  GHashTable *ids =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) selected = pmt_history_list_get_selected (list);

  *first = rows ? gtk_tree_path_get_indices (rows->data)[0] : 0;
  for (guint i = 0; i < selected->len; i++)
    g_hash_table_add (ids,
                      g_strdup (((PmtHistoryEntry *)selected->pdata[i])->id));
  g_list_free_full (rows, (GDestroyNotify)gtk_tree_path_free);

  return ids;
}

void
pmt_history_list_set_entries (PmtHistoryList *list, GPtrArray *entries)
{
  gint first = 0;
  g_autoptr (GHashTable) ids = note_selected (list, &first);

  list->is_filling = TRUE;
  gtk_tree_view_set_model (GTK_TREE_VIEW (list->view), NULL);
  gtk_list_store_clear (list->store);
  g_ptr_array_unref (list->entries);
  list->entries = entries;
  for (guint i = 0; i < entries->len; i++)
    append (list, entries->pdata[i]);
  gtk_tree_view_set_model (GTK_TREE_VIEW (list->view), list->filter);
  gtk_tree_view_set_tooltip_column (GTK_TREE_VIEW (list->view), COLUMN_TOOLTIP);
  select_again (list, ids, first);
  list->is_filling = FALSE;
  list->changed (FALSE, list->user_data);
}

void
pmt_history_list_set_search (PmtHistoryList *list, const gchar *text)
{
  gint first = 0;
  g_autoptr (GHashTable) ids = note_selected (list, &first);

  g_strfreev (list->words);
  list->words = pmt_history_text_split (text);
  list->is_filling = TRUE;
  gtk_tree_model_filter_refilter (GTK_TREE_MODEL_FILTER (list->filter));
  select_again (list, ids, 0);
  list->is_filling = FALSE;
  list->changed (FALSE, list->user_data);
}

guint
pmt_history_list_count (PmtHistoryList *list, guint *n_shown)
{
  *n_shown = (guint)gtk_tree_model_iter_n_children (list->filter, NULL);

  return list->entries->len;
}

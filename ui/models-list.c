/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-list.c: two groups of rows, with a search and progress. */
#include "config.h"

#include "models-list.h"

#include <glib/gi18n-lib.h>

#include "history-text.h"
#include "model-family.h"

#define DATA "pentimento-models-row"

/**
 * Row: of the list
 * @item: not owned
 * @index: what a search looks in
 */
typedef struct
{
  const PmtStoreItem *item;
  gchar *index;
  GtkWidget *state;
  GtkWidget *bar;
} Row;

struct _PmtModelsList
{
  GPtrArray *items;
  GtkWidget *field;
  GtkWidget *box;
  gchar **words;
  gboolean is_filling;
  void (*changed) (gboolean is_activated, gpointer user_data);
  gpointer user_data;
};

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->index);
  g_free (row);
}

static Row *
get_row (GtkListBoxRow *widget)
{
  return g_object_get_data (G_OBJECT (widget), DATA);
}

static gboolean
is_here (const PmtStoreItem *item)
{
  return item->state != PMT_STORE_PARTIAL && item->state != PMT_STORE_AVAILABLE;
}

/* -------------------------------------------------------------------- rows */

static GtkWidget *
new_text (const gchar *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);

  return label;
}

static gchar *
describe (const PmtStoreItem *item)
{
  GString *text = g_string_new (pmt_store_kind_label (item->kind));
  g_autofree gchar *size = g_format_size (item->bytes);

  if (*item->family)
    g_string_append_printf (text, " · %s",
                            pmt_model_family_label (item->family));
  if (item->bytes > 0)
    g_string_append_printf (text, " · %s", size);

  return g_string_free (text, FALSE);
}

static gchar *
describe_state (const PmtStoreItem *item)
{
  if (item->state == PMT_STORE_SHIPPED)
    return g_strdup (_ ("comes with Pentimento"));
  if (item->state == PMT_STORE_EXTERNAL)
    return g_strdup (_ ("of another program"));
  if (item->state == PMT_STORE_PARTIAL && item->bytes > 0)
    /* Translators: of a download that was begun, such as "paused at 34 %". */
    return g_strdup_printf (
        _ ("paused at %d %%"),
        (gint)(100.0 * (gdouble)item->bytes_here / (gdouble)item->bytes));
  if (item->state == PMT_STORE_PARTIAL)
    return g_strdup (_ ("paused"));

  return g_strdup ("");
}

static GtkWidget *
new_row (const PmtStoreItem *item)
{
  GtkWidget *widget = gtk_list_box_row_new ();
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *name = new_text (NULL);
  g_autofree gchar *markup = g_markup_printf_escaped ("<b>%s</b>", item->name);
  g_autofree gchar *text = describe (item);
  GtkWidget *about = new_text (text);
  g_autofree gchar *all =
      g_strjoin ("\n", item->name, text, item->id, item->license, NULL);
  g_autofree gchar *normal = g_utf8_normalize (all, -1, G_NORMALIZE_ALL);
  Row *row = g_new0 (Row, 1);

  row->item = item;
  row->index = g_utf8_casefold (normal ? normal : "", -1);
  row->state = new_text (NULL);
  row->bar = gtk_progress_bar_new ();
  gtk_label_set_markup (GTK_LABEL (name), markup);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_style_context_add_class (gtk_widget_get_style_context (about),
                               "dim-label");
  gtk_widget_set_no_show_all (row->bar, TRUE);
  gtk_container_set_border_width (GTK_CONTAINER (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_attach (GTK_GRID (grid), name, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), row->state, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), about, 0, 1, 2, 1);
  gtk_grid_attach (GTK_GRID (grid), row->bar, 0, 2, 2, 1);
  gtk_container_add (GTK_CONTAINER (widget), grid);
  atk_object_set_name (gtk_widget_get_accessible (widget), item->name);
  atk_object_set_description (gtk_widget_get_accessible (widget), text);
  g_object_set_data_full (G_OBJECT (widget), DATA, row, row_free);
  gtk_widget_show_all (widget);

  return widget;
}

static void
set_header (GtkListBoxRow *widget, GtkListBoxRow *before, gpointer user_data)
{
  const gboolean here = is_here (get_row (widget)->item);
  g_autofree gchar *markup = NULL;
  GtkWidget *label;

  if (before && is_here (get_row (before)->item) == here)
    {
      gtk_list_box_row_set_header (widget, NULL);
      return;
    }
  markup = g_markup_printf_escaped (
      "<b>%s</b>", here ? _ ("Installed") : _ ("Can Be Downloaded"));
  label = gtk_label_new (NULL);
  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_widget_set_margin_start (label, 6);
  gtk_widget_set_margin_top (label, before ? 18 : 6);
  gtk_widget_set_margin_bottom (label, 6);
  gtk_widget_show (label);
  gtk_list_box_row_set_header (widget, label);
}

static gboolean
is_shown (GtkListBoxRow *widget, gpointer user_data)
{
  PmtModelsList *list = user_data;

  return pmt_history_text_matches (get_row (widget)->index,
                                   (const gchar *const *)list->words);
}

static void
row_selected (GtkListBox *box, GtkListBoxRow *row, gpointer user_data)
{
  PmtModelsList *list = user_data;

  if (!list->is_filling)
    list->changed (FALSE, list->user_data);
}

static void
row_activated (GtkListBox *box, GtkListBoxRow *row, gpointer user_data)
{
  PmtModelsList *list = user_data;

  list->changed (TRUE, list->user_data);
}

/* -------------------------------------------------------------------- list */

PmtModelsList *
pmt_models_list_new (void (*changed) (gboolean is_activated,
                                      gpointer user_data),
                     gpointer user_data)
{
  PmtModelsList *list = g_new0 (PmtModelsList, 1);

  list->changed = changed;
  list->user_data = user_data;
  list->items =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_store_item_free);
  list->box = gtk_list_box_new ();
  gtk_list_box_set_header_func (GTK_LIST_BOX (list->box), set_header, NULL,
                                NULL);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (list->box), is_shown, list, NULL);
  gtk_list_box_set_activate_on_single_click (GTK_LIST_BOX (list->box), FALSE);
  atk_object_set_name (gtk_widget_get_accessible (list->box), _ ("Models"));
  g_signal_connect (list->box, "row-selected", G_CALLBACK (row_selected), list);
  g_signal_connect (list->box, "row-activated", G_CALLBACK (row_activated),
                    list);
  list->field = gtk_scrolled_window_new (NULL, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (list->field),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (list->field),
                                       GTK_SHADOW_IN);
  gtk_container_add (GTK_CONTAINER (list->field), list->box);

  return list;
}

void
pmt_models_list_free (PmtModelsList *list)
{
  g_ptr_array_unref (list->items);
  g_strfreev (list->words);
  g_free (list);
}

GtkWidget *
pmt_models_list_get_widget (PmtModelsList *list)
{
  return list->field;
}

/* What is here first, in the order of the store. */
static void
add_rows (PmtModelsList *list, gboolean here)
{
  for (guint i = 0; i < list->items->len; i++)
    if (is_here (list->items->pdata[i]) == here)
      gtk_container_add (GTK_CONTAINER (list->box),
                         new_row (list->items->pdata[i]));
}

/* The row of @id; else the one at @place, or the last; else none. */
static void
select_row (PmtModelsList *list, const gchar *id, gint place)
{
  GtkListBox *box = GTK_LIST_BOX (list->box);
  GtkListBoxRow *at_place = NULL;
  GtkListBoxRow *widget;

  for (gint i = 0; (widget = gtk_list_box_get_row_at_index (box, i)); i++)
    {
      if (!is_shown (widget, list))
        continue;
      if (g_strcmp0 (get_row (widget)->item->id, id) == 0)
        {
          gtk_list_box_select_row (box, widget);
          return;
        }
      if (i <= place || !at_place)
        at_place = widget;
    }
  gtk_list_box_select_row (box, at_place);
}

void
pmt_models_list_set_items (PmtModelsList *list,
                           GPtrArray *items,
                           const gchar *selected)
{
  GtkListBoxRow *old = gtk_list_box_get_selected_row (GTK_LIST_BOX (list->box));
  const gint place = old ? gtk_list_box_row_get_index (old) : 0;
  g_autofree gchar *id = g_strdup (selected ? selected
                                   : old    ? get_row (old)->item->id
                                            : NULL);

  list->is_filling = TRUE;
  gtk_container_foreach (GTK_CONTAINER (list->box),
                         (GtkCallback)gtk_widget_destroy, NULL);
  g_ptr_array_unref (list->items);
  list->items = items;
  add_rows (list, TRUE);
  add_rows (list, FALSE);
  select_row (list, id, place);
  list->is_filling = FALSE;
  list->changed (FALSE, list->user_data);
}

static void
show_row (Row *row, PmtModelsWork *work)
{
  g_autofree gchar *stage = NULL;
  gdouble fraction = -1.0;
  const gboolean is_busy =
      pmt_models_work_get_progress (work, row->item->id, &stage, &fraction);
  const gboolean has_failed =
      pmt_models_work_get_error (work, row->item->id) != NULL;

  if (is_busy)
    gtk_label_set_text (GTK_LABEL (row->state), stage);
  else
    {
      g_autofree gchar *state =
          has_failed ? g_strdup (_ ("failed")) : describe_state (row->item);

      gtk_label_set_text (GTK_LABEL (row->state), state);
    }
  gtk_widget_set_visible (row->bar, is_busy);
  if (is_busy && fraction >= 0.0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (row->bar), fraction);
  else if (is_busy)
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (row->bar));
}

void
pmt_models_list_show_progress (PmtModelsList *list, PmtModelsWork *work)
{
  GtkListBoxRow *widget;

  for (gint i = 0;
       (widget = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list->box), i));
       i++)
    show_row (get_row (widget), work);
}

const PmtStoreItem *
pmt_models_list_get_selected (PmtModelsList *list)
{
  GtkListBoxRow *widget =
      gtk_list_box_get_selected_row (GTK_LIST_BOX (list->box));

  return widget ? get_row (widget)->item : NULL;
}

void
pmt_models_list_set_search (PmtModelsList *list, const gchar *text)
{
  const PmtStoreItem *old = pmt_models_list_get_selected (list);

  g_strfreev (list->words);
  list->words = pmt_history_text_split (text);
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (list->box));
  gtk_list_box_invalidate_headers (GTK_LIST_BOX (list->box));
  list->is_filling = TRUE;
  select_row (list, old ? old->id : NULL, 0);
  list->is_filling = FALSE;
  list->changed (FALSE, list->user_data);
}

gboolean
pmt_models_list_has_offers (PmtModelsList *list)
{
  for (guint i = 0; i < list->items->len; i++)
    if (!is_here (list->items->pdata[i]))
      return TRUE;

  return FALSE;
}

void
pmt_models_list_grab_focus (PmtModelsList *list)
{
  GtkListBoxRow *widget =
      gtk_list_box_get_selected_row (GTK_LIST_BOX (list->box));

  gtk_widget_grab_focus (widget ? GTK_WIDGET (widget) : list->box);
}

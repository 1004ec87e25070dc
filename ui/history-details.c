/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-details.c: everything that is known of an entry of the history. */
#include "config.h"

#include "history-details.h"

#include <glib/gi18n-lib.h>

#include "history-list.h"
#include "history-text.h"

#define WIDTH 270
#define PICTURE 192
#define BOX "pentimento-box"

static GtkWidget *
new_text (const gchar *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_yalign (GTK_LABEL (label), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 18);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* Tab goes to the buttons, not through every value. */
  gtk_widget_set_can_focus (label, FALSE);

  return label;
}

GtkWidget *
pmt_history_details_new (void)
{
  GtkWidget *field = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (field), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (field, WIDTH, -1);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_container_add (GTK_CONTAINER (field), box);
  g_object_set_data (G_OBJECT (field), BOX, box);

  return field;
}

static void
add_row (GtkGrid *grid, gint *row, const gchar *name, const gchar *value)
{
  GtkWidget *label = new_text (name);
  GtkWidget *text = new_text (value);

  gtk_style_context_add_class (gtk_widget_get_style_context (label),
                               "dim-label");
  gtk_widget_set_hexpand (text, TRUE);
  gtk_grid_attach (grid, label, 0, *row, 1, 1);
  gtk_grid_attach (grid, text, 1, *row, 1, 1);
  ++*row;
}

/* What says nothing has no row. */
static void
add_params (GtkGrid *grid,
            gint *row,
            const PmtModel *model,
            const PmtHistoryEntry *entry)
{
  g_autoptr (PmtRequest) request =
      pmt_request_from_recipe (entry->recipe, NULL);
  const PmtParams *params = request ? pmt_request_peek_params (request) : NULL;
  g_autofree const gchar **names = params ? pmt_params_list (params) : NULL;

  for (guint i = 0; names && names[i]; i++)
    {
      const PmtParamSpec *spec =
          model ? pmt_model_find_param (model, names[i]) : NULL;
      g_autofree gchar *value = pmt_history_text_value (
          spec, pmt_params_get_variant ((PmtParams *)params, names[i]));

      if (*value)
        add_row (grid, row,
                 spec ? pmt_param_spec_get_label (spec)
                 : g_str_equal (names[i], "seed") ? _ ("Seed")
                                                  : names[i],
                 value);
    }
}

static GtkWidget *
new_grid (PmtEngine *engine, const PmtHistoryEntry *entry)
{
  GtkWidget *grid = gtk_grid_new ();
  const PmtModel *model = pmt_engine_find_model (engine, entry->model);
  g_autofree gchar *date = pmt_history_text_date (entry);
  g_autofree gchar *cost = pmt_history_text_cost (entry);
  gint row = 0;

  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  add_row (GTK_GRID (grid), &row, _ ("Operation"),
           pmt_operation_label (entry->operation));
  add_row (GTK_GRID (grid), &row, _ ("Model"),
           model ? pmt_model_get_name (model) : entry->model);
  add_row (GTK_GRID (grid), &row, _ ("Date"), date);
  if (*cost)
    add_row (GTK_GRID (grid), &row, _ ("Cost"), cost);
  add_params (GTK_GRID (grid), &row, model, entry);

  return grid;
}

static void
add_picture (GtkBox *box, const PmtHistoryEntry *entry)
{
  const gint scale = gtk_widget_get_scale_factor (GTK_WIDGET (box));
  g_autoptr (GdkPixbuf) pixbuf =
      pmt_history_list_load_picture (entry, PICTURE * scale);
  cairo_surface_t *surface;

  if (!pixbuf)
    return;
  surface = gdk_cairo_surface_create_from_pixbuf (pixbuf, scale, NULL);
  gtk_box_pack_start (box, gtk_image_new_from_surface (surface), FALSE, FALSE,
                      0);
  cairo_surface_destroy (surface);
}

void
pmt_history_details_show (GtkWidget *details,
                          PmtEngine *engine,
                          const PmtHistoryEntry *entry,
                          const gchar *text)
{
  GtkWidget *box = g_object_get_data (G_OBJECT (details), BOX);

  gtk_container_foreach (GTK_CONTAINER (box), (GtkCallback)gtk_widget_destroy,
                         NULL);
  if (entry)
    add_picture (GTK_BOX (box), entry);
  if (text)
    gtk_box_pack_start (GTK_BOX (box), new_text (text), FALSE, FALSE, 0);
  if (entry)
    gtk_box_pack_start (GTK_BOX (box), new_grid (engine, entry), FALSE, FALSE,
                        0);
  gtk_widget_show_all (box);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-details.c: everything that is known of a model. */
#include "config.h"

#include "models-details.h"

#include <glib/gi18n-lib.h>

#include "model-family.h"

#define WIDTH 330
#define BOX "pentimento-box"

static GtkWidget *
new_text (const gchar *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_yalign (GTK_LABEL (label), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);

  return label;
}

GtkWidget *
pmt_models_details_new (void)
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
add_row (GtkGrid *grid, gint *row, const gchar *name, GtkWidget *value)
{
  GtkWidget *label = new_text (name);

  gtk_style_context_add_class (gtk_widget_get_style_context (label),
                               "dim-label");
  gtk_widget_set_hexpand (value, TRUE);
  gtk_grid_attach (grid, label, 0, *row, 1, 1);
  gtk_grid_attach (grid, value, 1, *row, 1, 1);
  ++*row;
}

static void
add_text (GtkGrid *grid, gint *row, const gchar *name, const gchar *text)
{
  GtkWidget *value;

  if (!text || !*text)
    return;
  value = new_text (text);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_widget_set_can_focus (value, FALSE);
  add_row (grid, row, name, value);
}

/* Of the web only: what a manifest says could be any address. */
static GtkWidget *
new_link (const gchar *address, const gchar *text)
{
  g_autofree gchar *markup = NULL;
  GtkWidget *label = new_text (text);

  if (!address
      || (!g_str_has_prefix (address, "https://")
          && !g_str_has_prefix (address, "http://")))
    return label;
  markup = g_markup_printf_escaped ("<a href=\"%s\">%s</a>", address, text);
  gtk_label_set_markup (GTK_LABEL (label), markup);

  return label;
}

static gchar *
format_size (const PmtStoreItem *item)
{
  g_autofree gchar *size = g_format_size_full (
      item->bytes,
      item->bytes < 1000 ? G_FORMAT_SIZE_DEFAULT : G_FORMAT_SIZE_LONG_FORMAT);
  g_autofree gchar *here = NULL;

  if (item->bytes == 0)
    return g_strdup (_ ("not known"));
  if (item->state != PMT_STORE_PARTIAL)
    return g_steal_pointer (&size);
  here = g_format_size (item->bytes_here);

  /* Translators: size; how much of it was downloaded. */
  return g_strdup_printf (_ ("%s; %s are here"), size, here);
}

static void
add_license (GtkGrid *grid, gint *row, const PmtStoreItem *item)
{
  if (*item->license)
    add_row (grid, row, _ ("License"),
             new_link (item->license_url, item->license));
  else
    add_text (grid, row, _ ("License"), _ ("not known"));
}

static GtkWidget *
new_grid (const PmtStoreItem *item)
{
  GtkWidget *grid = gtk_grid_new ();
  g_autofree gchar *size = format_size (item);
  gint row = 0;

  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  add_license (GTK_GRID (grid), &row, item);
  add_text (GTK_GRID (grid), &row, _ ("Kind"),
            pmt_store_kind_label (item->kind));
  add_text (GTK_GRID (grid), &row, _ ("Family"),
            pmt_model_family_label (item->family));
  add_text (GTK_GRID (grid), &row, _ ("Size"), size);
  add_text (GTK_GRID (grid), &row, _ ("Where"), item->path);
  add_text (GTK_GRID (grid), &row, _ ("Folder"), item->source);
  if (item->homepage)
    add_row (GTK_GRID (grid), &row, _ ("Home page"),
             new_link (item->homepage, item->homepage));
  add_text (GTK_GRID (grid), &row, _ ("Address"), item->url);
  add_text (GTK_GRID (grid), &row, "SHA-256", item->sha256);

  return grid;
}

/* What keeps a model from being used stands above what it is. */
static GtkWidget *
new_problem (const gchar *problem)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name (GIMP_ICON_DIALOG_WARNING,
                                                  GTK_ICON_SIZE_BUTTON);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_box_pack_start (GTK_BOX (row), icon, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), new_text (problem), TRUE, TRUE, 0);

  return row;
}

void
pmt_models_details_show (GtkWidget *details,
                         const PmtStoreItem *item,
                         const gchar *problem,
                         const gchar *empty)
{
  GtkWidget *box = g_object_get_data (G_OBJECT (details), BOX);
  g_autofree gchar *markup = NULL;
  GtkWidget *name;

  gtk_container_foreach (GTK_CONTAINER (box), (GtkCallback)gtk_widget_destroy,
                         NULL);
  if (item)
    {
      markup = g_markup_printf_escaped ("<big><b>%s</b></big>", item->name);
      name = new_text (NULL);
      gtk_label_set_markup (GTK_LABEL (name), markup);
      gtk_box_pack_start (GTK_BOX (box), name, FALSE, FALSE, 0);
    }
  if (problem)
    gtk_box_pack_start (GTK_BOX (box), new_problem (problem), FALSE, FALSE, 0);
  if (item && item->about)
    gtk_box_pack_start (GTK_BOX (box), new_text (item->about), FALSE, FALSE, 0);
  if (item)
    gtk_box_pack_start (GTK_BOX (box), new_grid (item), FALSE, FALSE, 0);
  else if (empty)
    gtk_box_pack_start (GTK_BOX (box), new_text (empty), FALSE, FALSE, 0);
  gtk_widget_show_all (box);
}

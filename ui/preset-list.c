/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-list.c: a list of presets by category. */
#include "config.h"

#include "preset-list.h"

#include <glib/gi18n-lib.h>

/* Where a row has its preset; none: no preset. */
#define DATA "pmt-preset"

static void
set_accessible (GtkWidget *widget, const gchar *name, const gchar *description)
{
  AtkObject *object = gtk_widget_get_accessible (widget);

  atk_object_set_name (object, name);
  if (description && *description)
    atk_object_set_description (object, description);
}

PmtPreset *
pmt_preset_list_get (GtkListBoxRow *item)
{
  return g_object_get_data (G_OBJECT (item), DATA);
}

/* @preset: nullable: none. */
static void
append (GtkWidget *list, PmtPreset *preset, const gchar *present)
{
  const gchar *name =
      preset ? pmt_preset_get_name (preset) : C_ ("preset", "None");
  const gchar *help = preset ? pmt_preset_get_help (preset) : NULL;
  GtkWidget *item = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_widget_set_margin_start (label, preset ? 18 : 6);
  gtk_widget_set_margin_end (label, 6);
  gtk_widget_set_margin_top (label, 2);
  gtk_widget_set_margin_bottom (label, 2);
  gtk_container_add (GTK_CONTAINER (item), label);
  gtk_widget_set_tooltip_text (item, help && *help ? help : NULL);
  set_accessible (item, name, help);
  if (preset)
    g_object_set_data_full (G_OBJECT (item), DATA, pmt_preset_ref (preset),
                            (GDestroyNotify)pmt_preset_unref);
  gtk_widget_show_all (item);
  gtk_container_add (GTK_CONTAINER (list), item);
  if (g_str_equal (present, preset ? pmt_preset_get_id (preset) : ""))
    gtk_list_box_select_row (GTK_LIST_BOX (list), GTK_LIST_BOX_ROW (item));
}

static const gchar *
get_category (GtkListBoxRow *item)
{
  const PmtPreset *preset = pmt_preset_list_get (item);

  return preset ? pmt_preset_get_category (preset) : NULL;
}

static void
set_header (GtkListBoxRow *item, GtkListBoxRow *before, gpointer user_data)
{
  const gchar *category = get_category (item);
  g_autofree gchar *markup = NULL;
  GtkWidget *label;

  if (!category || (before && g_strcmp0 (get_category (before), category) == 0))
    {
      gtk_list_box_row_set_header (item, NULL);
      return;
    }
  markup = g_markup_printf_escaped ("<b>%s</b>", category);
  label = gtk_label_new (NULL);
  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_widget_set_margin_start (label, 6);
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_show (label);
  gtk_list_box_row_set_header (item, label);
}

void
pmt_preset_list_fill (GtkWidget *list,
                      GPtrArray *presets,
                      gboolean has_none,
                      const gchar *present)
{
  gtk_container_foreach (GTK_CONTAINER (list), (GtkCallback)gtk_widget_destroy,
                         NULL);
  if (has_none)
    append (list, NULL, present);
  for (guint i = 0; i < presets->len; i++)
    append (list, g_ptr_array_index (presets, i), present);
}

/* Tab leaves the list at once; arrows go from row to row. */
static gboolean
leave (GtkWidget *list, GtkDirectionType direction, gpointer user_data)
{
  const gboolean is_tab =
      direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (is_tab && gtk_container_get_focus_child (GTK_CONTAINER (list)))
    g_signal_stop_emission_by_name (list, "focus");

  return FALSE;
}

GtkWidget *
pmt_preset_list_new (void)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *none = gtk_label_new (_ ("No preset has these words."));

  gtk_list_box_set_header_func (GTK_LIST_BOX (list), set_header, NULL, NULL);
  gtk_widget_show (none);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (list), none);
  set_accessible (list, _ ("Presets"), NULL);
  g_signal_connect (list, "focus", G_CALLBACK (leave), NULL);

  return list;
}

GtkWidget *
pmt_preset_list_scroll (GtkWidget *list, gint width, gint height)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scrolled),
                                       GTK_SHADOW_IN);
  gtk_widget_set_size_request (scrolled, width, height);
  gtk_container_add (GTK_CONTAINER (scrolled), list);

  return scrolled;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-row.c: a button that opens a list of presets. */
#include "config.h"

#include "preset-row.h"

#include <glib/gi18n-lib.h>

#include "preset-list.h"
#include "preset-manage.h"
#include "preset-save.h"

#define NAME "preset"

/* Where the button has its row. */
#define DATA "pmt-preset-row"

/* Size of the list, pixels. */
#define LIST_WIDTH 260
#define LIST_HEIGHT 190

/* Lives as long as the button. */
typedef struct
{
  const PmtSettings *settings;
  GimpProcedureConfig *config;
  GtkWidget *button;
  GtkWidget *label;
  GtkWidget *popover;
  GtkWidget *search;
  GtkWidget *list;
} Row;

gboolean
pmt_preset_row_is_for (const PmtParamSpec *spec)
{
  return g_str_equal (spec->name, NAME);
}

static gchar *
get_id (const Row *row)
{
  gchar *id = NULL;

  g_object_get (row->config, NAME, &id, NULL);

  return id ? id : g_strdup ("");
}

static void
show_present (Row *row)
{
  g_autofree gchar *id = get_id (row);
  g_autoptr (PmtPreset) preset =
      pmt_engine_find_preset (row->settings->engine, id);
  const gchar *shown = preset        ? pmt_preset_get_name (preset)
                       : *id != '\0' ? id
                                     : C_ ("preset", "None");

  gtk_label_set_text (GTK_LABEL (row->label), shown);
  gtk_widget_set_tooltip_text (
      row->button, preset ? pmt_preset_get_help (preset)
                          : _ ("Words and settings that are added to yours."));
}

static void
present_changed (GObject *config, GParamSpec *pspec, gpointer button)
{
  show_present (g_object_get_data (button, DATA));
}

/* ------------------------------------------------------------------- list */

static void
fill (Row *row)
{
  const gchar *text = gtk_entry_get_text (GTK_ENTRY (row->search));
  g_autoptr (GPtrArray) presets = pmt_engine_list_presets (
      row->settings->engine, text, (gint)row->settings->operation);
  g_autofree gchar *present = get_id (row);

  pmt_preset_list_fill (row->list, presets, *text == '\0', present);
}

static void
choose (GtkListBox *list, GtkListBoxRow *item, gpointer user_data)
{
  Row *row = user_data;
  const PmtPreset *preset = pmt_preset_list_get (item);

  g_object_set (row->config, NAME, preset ? pmt_preset_get_id (preset) : "",
                NULL);
  gtk_popover_popdown (GTK_POPOVER (row->popover));
}

/* Return takes the first that is found. */
static void
search_activated (GtkEntry *entry, gpointer user_data)
{
  Row *row = user_data;
  GtkListBoxRow *first;

  /* What was typed last may not be searched for yet. */
  fill (row);
  first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (row->list), 0);
  if (first && *gtk_entry_get_text (entry) != '\0')
    choose (GTK_LIST_BOX (row->list), first, row);
}

static void
opened (GtkWidget *popover, gpointer user_data)
{
  Row *row = user_data;

  gtk_entry_set_text (GTK_ENTRY (row->search), "");
  fill (row);
  gtk_widget_grab_focus (row->search);
}

static void
save_clicked (GtkButton *button, gpointer user_data)
{
  Row *row = user_data;
  const PmtSettings *settings = row->settings;
  g_autoptr (PmtRequest) request =
      settings->make_request (row->config, settings->user_data);

  gtk_popover_popdown (GTK_POPOVER (row->popover));
  pmt_preset_save_run (GTK_WINDOW (gtk_widget_get_toplevel (row->button)),
                       settings->engine, request);
}

/* One that was removed is not the one of the dialog any longer; one that was
 * replaced may have another name. */
static void
manage_clicked (GtkButton *button, gpointer user_data)
{
  Row *row = user_data;
  PmtEngine *engine = row->settings->engine;
  g_autofree gchar *id = get_id (row);
  g_autoptr (PmtPreset) before = pmt_engine_find_preset (engine, id);
  g_autoptr (PmtPreset) after = NULL;

  gtk_popover_popdown (GTK_POPOVER (row->popover));
  pmt_preset_manage_run (GTK_WINDOW (gtk_widget_get_toplevel (row->button)),
                         engine, id);
  after = pmt_engine_find_preset (engine, id);
  if (before && !after)
    g_object_set (row->config, NAME, "", NULL);
  else
    /* The words of the preset may be others, too. */
    g_object_notify (G_OBJECT (row->config), NAME);
}

/* ------------------------------------------------------------------ making */

static GtkWidget *
new_button (const gchar *text,
            const gchar *tooltip,
            GCallback clicked,
            Row *row)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (text);

  gtk_widget_set_tooltip_text (button, tooltip);
  g_signal_connect (button, "clicked", clicked, row);

  return button;
}

static void
fill_popover (Row *row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *save =
      new_button (_ ("_Save as Preset…"),
                  _ ("Keeps the present prompt and settings under a name."),
                  G_CALLBACK (save_clicked), row);
  GtkWidget *manage =
      new_button (_ ("_Manage Presets…"),
                  _ ("Removes presets of yours, takes presets from files and "
                     "writes them into files."),
                  G_CALLBACK (manage_clicked), row);

  row->search = gtk_search_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (row->search),
                                  _ ("Search presets"));
  atk_object_set_name (gtk_widget_get_accessible (row->search),
                       _ ("Search presets"));
  row->list = pmt_preset_list_new ();
  g_signal_connect (row->list, "row-activated", G_CALLBACK (choose), row);
  gtk_container_set_border_width (GTK_CONTAINER (box), 6);
  gtk_box_pack_start (GTK_BOX (box), row->search, FALSE, FALSE, 0);
  gtk_box_pack_start (
      GTK_BOX (box),
      pmt_preset_list_scroll (row->list, LIST_WIDTH, LIST_HEIGHT), TRUE, TRUE,
      0);
  gtk_box_pack_start (GTK_BOX (box), save, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), manage, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (row->popover), box);
  gtk_widget_show_all (box);
  g_signal_connect_swapped (row->search, "search-changed", G_CALLBACK (fill),
                            row);
  g_signal_connect (row->search, "activate", G_CALLBACK (search_activated),
                    row);
}

static void
fill_button (Row *row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *arrow =
      gtk_image_new_from_icon_name ("pan-down-symbolic", GTK_ICON_SIZE_BUTTON);

  row->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (row->label), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (row->label), PANGO_ELLIPSIZE_END);
  gtk_box_pack_start (GTK_BOX (box), row->label, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), arrow, FALSE, FALSE, 0);
  gtk_container_foreach (GTK_CONTAINER (row->button),
                         (GtkCallback)gtk_widget_destroy, NULL);
  gtk_container_add (GTK_CONTAINER (row->button), box);
}

void
pmt_preset_row_make (GimpProcedureDialog *dialog,
                     GimpProcedureConfig *config,
                     const PmtSettings *settings)
{
  GimpLabeled *labeled = GIMP_LABELED (
      gimp_procedure_dialog_get_widget (dialog, NAME, G_TYPE_NONE));
  GtkWidget *entry = gimp_label_entry_get_entry (GIMP_LABEL_ENTRY (labeled));
  Row *row = g_new0 (Row, 1);

  row->settings = settings;
  row->config = config;
  row->button = gtk_menu_button_new ();
  row->popover = gtk_popover_new (row->button);
  fill_button (row);
  fill_popover (row);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (row->button), row->popover);
  g_object_set_data_full (G_OBJECT (row->button), DATA, row, g_free);
  g_signal_connect (row->popover, "show", G_CALLBACK (opened), row);
  g_signal_connect_object (config, "notify::" NAME,
                           G_CALLBACK (present_changed), row->button, 0);
  show_present (row);

  gtk_widget_set_no_show_all (entry, TRUE);
  gtk_widget_hide (entry);
  gtk_widget_set_hexpand (row->button, TRUE);
  gtk_grid_attach (GTK_GRID (labeled), row->button, 1, 0, 1, 1);
  gtk_label_set_mnemonic_widget (GTK_LABEL (gimp_labeled_get_label (labeled)),
                                 row->button);
  gtk_widget_show_all (row->button);
}

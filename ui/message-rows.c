/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* message-rows.c: an icon and a text that wraps. */
#include "config.h"

#include "message-rows.h"

#include <glib/gi18n-lib.h>

/* Of a folder full of files that are no models, the first few say enough. */
#define MAX_WARNINGS 3

static GtkWidget *
new_text (void)
{
  GtkWidget *text = gtk_label_new (NULL);

  gtk_label_set_line_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_xalign (GTK_LABEL (text), 0.0);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 52);
  gtk_label_set_width_chars (GTK_LABEL (text), 40);

  return text;
}

void
pmt_message_rows_add (GtkDialog *dialog, GtkWidget **icon, GtkWidget **text)
{
  GtkWidget *content = gtk_dialog_get_content_area (dialog);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  *icon = gtk_image_new ();
  *text = new_text ();
  gtk_widget_set_valign (*icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (row, 6);
  gtk_box_pack_start (GTK_BOX (row), *icon, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), *text, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (content), row, FALSE, FALSE, 0);
  gtk_widget_show_all (row);
}

static void
add_warning (GtkDialog *dialog, const gchar *message)
{
  GtkWidget *icon;
  GtkWidget *text;

  pmt_message_rows_add (dialog, &icon, &text);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), GIMP_ICON_DIALOG_WARNING,
                                GTK_ICON_SIZE_BUTTON);
  gtk_label_set_text (GTK_LABEL (text), message);
}

void
pmt_message_rows_add_warnings (GtkDialog *dialog, GPtrArray *warnings)
{
  const guint n = warnings ? warnings->len : 0;
  const guint n_shown = n > MAX_WARNINGS ? MAX_WARNINGS - 1 : n;
  g_autofree gchar *more = NULL;

  for (guint i = 0; i < n_shown; i++)
    add_warning (dialog, g_ptr_array_index (warnings, i));
  if (n == n_shown)
    return;

  more = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "%u more file of yours can't be used; “pentimento models” "
                   "tells why.",
                   "%u more files of yours can't be used; “pentimento models” "
                   "tells why.",
                   n - n_shown),
      n - n_shown);
  add_warning (dialog, more);
}

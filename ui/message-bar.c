/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* message-bar.c: a sentence in a colored bar, until it is closed. */
#include "config.h"

#include "message-bar.h"

#define MAX_CHARS 36

struct _PmtMessageBar
{
  GtkInfoBar parent_instance;

  GtkWidget *text;
};

G_DEFINE_TYPE (PmtMessageBar, pmt_message_bar, GTK_TYPE_INFO_BAR)

static void
pmt_message_bar_class_init (PmtMessageBarClass *klass)
{
}

static void
pmt_message_bar_init (PmtMessageBar *bar)
{
  GtkInfoBar *info = GTK_INFO_BAR (bar);

  gtk_info_bar_set_show_close_button (info, TRUE);
  g_signal_connect (bar, "response", G_CALLBACK (gtk_widget_hide), NULL);
  bar->text = gtk_label_new (NULL);
  gtk_label_set_line_wrap (GTK_LABEL (bar->text), TRUE);
  gtk_label_set_selectable (GTK_LABEL (bar->text), TRUE);
  gtk_label_set_xalign (GTK_LABEL (bar->text), 0.0);
  gtk_label_set_max_width_chars (GTK_LABEL (bar->text), MAX_CHARS);
  gtk_container_add (GTK_CONTAINER (gtk_info_bar_get_content_area (info)),
                     bar->text);
  gtk_widget_show (bar->text);
}

GtkWidget *
pmt_message_bar_new (void)
{
  return g_object_new (PMT_TYPE_MESSAGE_BAR, "no-show-all", TRUE, NULL);
}

void
pmt_message_bar_tell (PmtMessageBar *bar,
                      GtkMessageType type,
                      const gchar *text)
{
  g_return_if_fail (PMT_IS_MESSAGE_BAR (bar));

  gtk_info_bar_set_message_type (GTK_INFO_BAR (bar), type);
  gtk_label_set_text (GTK_LABEL (bar->text), text);
  gtk_widget_show (GTK_WIDGET (bar));
}

void
pmt_message_bar_tell_error (PmtMessageBar *bar, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pmt_message_bar_tell (bar, GTK_MESSAGE_ERROR, error->message);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* confirm.c: a question before something can't be brought back. */
#include "config.h"

#include "confirm.h"

#include <glib/gi18n-lib.h>

gboolean
pmt_confirm (GtkWindow *parent,
             const gchar *title,
             const gchar *question,
             const gchar *button)
{
  GtkWidget *dialog = gtk_message_dialog_new (
      parent, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", question);
  gint response;

  gtk_window_set_title (GTK_WINDOW (dialog), title);
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _ ("_Cancel"),
                          GTK_RESPONSE_CANCEL, button, GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  response = gtk_dialog_run (GTK_DIALOG (dialog));
  gtk_widget_destroy (dialog);

  return response == GTK_RESPONSE_OK;
}

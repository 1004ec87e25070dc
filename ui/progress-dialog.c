/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* progress-dialog.c: what the user sees while the engine works. */
#include "config.h"

#include "progress-dialog.h"

#include <glib/gi18n-lib.h>

#include "progress-box.h"

#define WIDTH 344

struct _PmtProgressDialog
{
  GimpDialog parent_instance;

  GCancellable *cancellable;
  GtkWidget *box;
};

G_DEFINE_TYPE (PmtProgressDialog, pmt_progress_dialog, GIMP_TYPE_DIALOG)

static void
pmt_progress_dialog_finalize (GObject *object)
{
  PmtProgressDialog *dialog = PMT_PROGRESS_DIALOG (object);

  g_clear_object (&dialog->cancellable);

  G_OBJECT_CLASS (pmt_progress_dialog_parent_class)->finalize (object);
}

/* Cancel, Escape and the window's close button all end up here. */
static void
pmt_progress_dialog_response (GtkDialog *widget, gint response)
{
  PmtProgressDialog *dialog = PMT_PROGRESS_DIALOG (widget);

  gtk_dialog_set_response_sensitive (widget, GTK_RESPONSE_CANCEL, FALSE);
  pmt_progress_box_stop (PMT_PROGRESS_BOX (dialog->box));
  g_cancellable_cancel (dialog->cancellable);
}

static gboolean
keep_window (GtkWidget *widget, GdkEvent *event, gpointer user_data)
{
  return TRUE;
}

static void
pmt_progress_dialog_class_init (PmtProgressDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pmt_progress_dialog_finalize;
  GTK_DIALOG_CLASS (klass)->response = pmt_progress_dialog_response;
}

static void
pmt_progress_dialog_init (PmtProgressDialog *dialog)
{
  GtkWidget *content = gtk_dialog_get_content_area (GTK_DIALOG (dialog));

  dialog->box = pmt_progress_box_new ();
  gtk_container_set_border_width (GTK_CONTAINER (dialog->box), 12);
  gtk_widget_set_size_request (dialog->box, WIDTH, -1);
  gtk_box_pack_start (GTK_BOX (content), dialog->box, TRUE, TRUE, 0);
  gtk_widget_show_all (dialog->box);
  g_signal_connect (dialog, "delete-event", G_CALLBACK (keep_window), NULL);
}

GtkWidget *
pmt_progress_dialog_new (const gchar *title, GCancellable *cancellable)
{
  g_autofree gchar *full_title = g_strdup_printf (_ ("Pentimento: %s"), title);
  PmtProgressDialog *dialog =
      g_object_new (PMT_TYPE_PROGRESS_DIALOG, "title", full_title, "role",
                    "pentimento-progress", "resizable", FALSE, NULL);

  dialog->cancellable = g_object_ref (cancellable);
  pmt_progress_box_start (PMT_PROGRESS_BOX (dialog->box));
  gimp_dialog_add_button (GIMP_DIALOG (dialog), _ ("_Cancel"),
                          GTK_RESPONSE_CANCEL);

  return GTK_WIDGET (dialog);
}

void
pmt_progress_dialog_update (PmtProgressDialog *dialog,
                            const gchar *stage,
                            gdouble fraction,
                            GeglBuffer *preview)
{
  g_return_if_fail (PMT_IS_PROGRESS_DIALOG (dialog));

  /* A report that was under way when the user cancelled. */
  if (g_cancellable_is_cancelled (dialog->cancellable))
    return;

  pmt_progress_box_update (PMT_PROGRESS_BOX (dialog->box), stage, fraction,
                           preview);
}

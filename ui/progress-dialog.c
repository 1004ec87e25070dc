/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* progress-dialog.c: what the user sees while the engine works. */
#include "config.h"

#include "progress-dialog.h"

#include <glib/gi18n-lib.h>

/* Longest side of the preview on screen, pixels. */
#define PREVIEW_SIZE 256

/* Before this, "time left" would be a guess. */
#define MIN_SECONDS 1.0
#define MIN_FRACTION 0.05

struct _PmtProgressDialog
{
  GimpDialog parent_instance;

  GCancellable *cancellable;
  GTimer *timer;
  GtkWidget *picture;
  GtkWidget *stage;
  GtkWidget *bar;
  GtkWidget *time_left;
};

G_DEFINE_TYPE (PmtProgressDialog, pmt_progress_dialog, GIMP_TYPE_DIALOG)

static void
pmt_progress_dialog_finalize (GObject *object)
{
  PmtProgressDialog *dialog = PMT_PROGRESS_DIALOG (object);

  g_clear_object (&dialog->cancellable);
  g_clear_pointer (&dialog->timer, g_timer_destroy);

  G_OBJECT_CLASS (pmt_progress_dialog_parent_class)->finalize (object);
}

/* Cancel, Escape and the window's close button all end up here. */
static void
pmt_progress_dialog_response (GtkDialog *widget, gint response)
{
  PmtProgressDialog *dialog = PMT_PROGRESS_DIALOG (widget);

  gtk_dialog_set_response_sensitive (widget, GTK_RESPONSE_CANCEL, FALSE);
  gtk_label_set_text (GTK_LABEL (dialog->stage), _ ("Stopping…"));
  gtk_label_set_text (GTK_LABEL (dialog->time_left), "");
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

static GtkWidget *
new_label (GtkWidget *box)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_box_pack_start (GTK_BOX (box), label, FALSE, FALSE, 0);

  return label;
}

static void
pmt_progress_dialog_init (PmtProgressDialog *dialog)
{
  GtkWidget *content = gtk_dialog_get_content_area (GTK_DIALOG (dialog));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  dialog->timer = g_timer_new ();

  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (content), box, TRUE, TRUE, 0);

  dialog->picture = gtk_image_new ();
  gtk_widget_set_no_show_all (dialog->picture, TRUE);
  gtk_box_pack_start (GTK_BOX (box), dialog->picture, TRUE, TRUE, 0);

  dialog->stage = new_label (box);
  dialog->bar = gtk_progress_bar_new ();
  gtk_widget_set_size_request (dialog->bar, 320, -1);
  gtk_box_pack_start (GTK_BOX (box), dialog->bar, FALSE, FALSE, 0);
  dialog->time_left = new_label (box);

  gtk_widget_show_all (box);
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
  gtk_label_set_text (GTK_LABEL (dialog->stage), _ ("Starting…"));
  gimp_dialog_add_button (GIMP_DIALOG (dialog), _ ("_Cancel"),
                          GTK_RESPONSE_CANCEL);

  return GTK_WIDGET (dialog);
}

static void
free_pixels (guchar *pixels, gpointer user_data)
{
  g_free (pixels);
}

/* As large as any other: a small picture says little. */
static GdkPixbuf *
enlarge (GdkPixbuf *pixbuf)
{
  const gint width = gdk_pixbuf_get_width (pixbuf);
  const gint height = gdk_pixbuf_get_height (pixbuf);
  const gdouble scale = (gdouble)PREVIEW_SIZE / MAX (width, height);

  if (scale <= 1.0)
    return g_object_ref (pixbuf);

  return gdk_pixbuf_scale_simple (pixbuf, MAX (1, (gint)(width * scale)),
                                  MAX (1, (gint)(height * scale)),
                                  GDK_INTERP_BILINEAR);
}

static GdkPixbuf *
render_preview (GeglBuffer *preview)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (preview);
  const gint side = MAX (extent->width, extent->height);
  const gdouble scale = MIN (1.0, (gdouble)PREVIEW_SIZE / side);
  const GeglRectangle rect = { (gint)(extent->x * scale),
                               (gint)(extent->y * scale),
                               MAX (1, (gint)(extent->width * scale)),
                               MAX (1, (gint)(extent->height * scale)) };
  guchar *pixels = g_malloc (4 * rect.width * rect.height);

  gegl_buffer_get (preview, &rect, scale, babl_format ("R'G'B'A u8"), pixels,
                   4 * rect.width, GEGL_ABYSS_CLAMP);

  return gdk_pixbuf_new_from_data (pixels, GDK_COLORSPACE_RGB, TRUE, 8,
                                   rect.width, rect.height, 4 * rect.width,
                                   free_pixels, NULL);
}

static void
show_time_left (PmtProgressDialog *dialog, gdouble fraction)
{
  const gdouble elapsed = g_timer_elapsed (dialog->timer, NULL);
  g_autofree gchar *text = NULL;
  gint left;

  if (elapsed < MIN_SECONDS || fraction < MIN_FRACTION)
    return;

  left = (gint)(elapsed * (1.0 - fraction) / fraction + 0.999);
  if (left < 90)
    text =
        g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "About %d second left",
                                      "About %d seconds left", left),
                         left);
  else
    text = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "About %d minute left",
                     "About %d minutes left", (left + 30) / 60),
        (left + 30) / 60);
  gtk_label_set_text (GTK_LABEL (dialog->time_left), text);
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

  if (stage)
    gtk_label_set_text (GTK_LABEL (dialog->stage), stage);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (dialog->bar),
                                 CLAMP (fraction, 0.0, 1.0));
  show_time_left (dialog, fraction);

  if (preview && gegl_buffer_get_width (preview) > 0
      && gegl_buffer_get_height (preview) > 0)
    {
      g_autoptr (GdkPixbuf) small = render_preview (preview);
      g_autoptr (GdkPixbuf) pixbuf = enlarge (small);

      gtk_image_set_from_pixbuf (GTK_IMAGE (dialog->picture), pixbuf);
      gtk_widget_show (dialog->picture);
    }
}

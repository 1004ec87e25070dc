/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* progress-box.c: stage, time left and preview of a run. */
#include "config.h"

#include "progress-box.h"

#include <glib/gi18n-lib.h>

/* Before this, "time left" would be a guess. */
#define MIN_SECONDS 1.0
#define MIN_FRACTION 0.05

/* Longest side of the preview on screen, pixels. */
#define LARGE_PREVIEW 256
#define SMALL_PREVIEW 64

#define BAR_WIDTH 200

struct _PmtProgressBox
{
  GtkBox parent_instance;

  GTimer *timer;
  gint preview_size;
  GtkWidget *picture;
  GtkWidget *stage;
  GtkWidget *bar;
  GtkWidget *time_left;
};

G_DEFINE_TYPE (PmtProgressBox, pmt_progress_box, GTK_TYPE_BOX)

static void
pmt_progress_box_finalize (GObject *object)
{
  g_clear_pointer (&PMT_PROGRESS_BOX (object)->timer, g_timer_destroy);

  G_OBJECT_CLASS (pmt_progress_box_parent_class)->finalize (object);
}

static void
pmt_progress_box_class_init (PmtProgressBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pmt_progress_box_finalize;
}

static GtkWidget *
new_label (GtkWidget *box)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_pack_start (GTK_BOX (box), label, FALSE, FALSE, 0);

  return label;
}

static void
pmt_progress_box_init (PmtProgressBox *box)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  box->preview_size = LARGE_PREVIEW;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (box),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (box), 6);
  box->timer = g_timer_new ();

  box->picture = gtk_image_new ();
  gtk_widget_set_no_show_all (box->picture, TRUE);
  gtk_box_pack_start (GTK_BOX (box), box->picture, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), column, TRUE, TRUE, 0);

  box->stage = new_label (column);
  box->bar = gtk_progress_bar_new ();
  gtk_widget_set_size_request (box->bar, BAR_WIDTH, -1);
  gtk_box_pack_start (GTK_BOX (column), box->bar, FALSE, FALSE, 0);
  box->time_left = new_label (column);
}

GtkWidget *
pmt_progress_box_new (void)
{
  return g_object_new (PMT_TYPE_PROGRESS_BOX, NULL);
}

void
pmt_progress_box_set_small (PmtProgressBox *box, gboolean is_small)
{
  const gint size = is_small ? SMALL_PREVIEW : LARGE_PREVIEW;

  g_return_if_fail (PMT_IS_PROGRESS_BOX (box));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (box),
                                  is_small ? GTK_ORIENTATION_HORIZONTAL
                                           : GTK_ORIENTATION_VERTICAL);
  /* The next one has the right size. */
  if (size != box->preview_size)
    gtk_widget_hide (box->picture);
  box->preview_size = size;
}

void
pmt_progress_box_start (PmtProgressBox *box)
{
  g_return_if_fail (PMT_IS_PROGRESS_BOX (box));

  g_timer_start (box->timer);
  gtk_label_set_text (GTK_LABEL (box->stage), _ ("Starting…"));
  gtk_label_set_text (GTK_LABEL (box->time_left), "");
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (box->bar), 0.0);
  gtk_widget_hide (box->picture);
}

void
pmt_progress_box_stop (PmtProgressBox *box)
{
  g_return_if_fail (PMT_IS_PROGRESS_BOX (box));

  gtk_label_set_text (GTK_LABEL (box->stage), _ ("Stopping…"));
  gtk_label_set_text (GTK_LABEL (box->time_left), "");
}

static void
free_pixels (guchar *pixels, gpointer user_data)
{
  g_free (pixels);
}

/* As large as any other: a small picture says little. */
static GdkPixbuf *
enlarge (GdkPixbuf *pixbuf, gint size)
{
  const gint width = gdk_pixbuf_get_width (pixbuf);
  const gint height = gdk_pixbuf_get_height (pixbuf);
  const gdouble scale = (gdouble)size / MAX (width, height);

  if (scale <= 1.0)
    return g_object_ref (pixbuf);

  return gdk_pixbuf_scale_simple (pixbuf, MAX (1, (gint)(width * scale)),
                                  MAX (1, (gint)(height * scale)),
                                  GDK_INTERP_BILINEAR);
}

static GdkPixbuf *
render_preview (GeglBuffer *preview, gint size)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (preview);
  const gint side = MAX (extent->width, extent->height);
  const gdouble scale = MIN (1.0, (gdouble)size / side);
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
show_time_left (PmtProgressBox *box, gdouble fraction)
{
  const gdouble elapsed = g_timer_elapsed (box->timer, NULL);
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
  gtk_label_set_text (GTK_LABEL (box->time_left), text);
}

void
pmt_progress_box_update (PmtProgressBox *box,
                         const gchar *stage,
                         gdouble fraction,
                         GeglBuffer *preview)
{
  g_return_if_fail (PMT_IS_PROGRESS_BOX (box));

  if (stage)
    gtk_label_set_text (GTK_LABEL (box->stage), stage);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (box->bar),
                                 CLAMP (fraction, 0.0, 1.0));
  show_time_left (box, fraction);

  if (preview && gegl_buffer_get_width (preview) > 0
      && gegl_buffer_get_height (preview) > 0)
    {
      g_autoptr (GdkPixbuf) small = render_preview (preview, box->preview_size);
      g_autoptr (GdkPixbuf) pixbuf = enlarge (small, box->preview_size);

      gtk_image_set_from_pixbuf (GTK_IMAGE (box->picture), pixbuf);
      gtk_widget_show (box->picture);
    }
}

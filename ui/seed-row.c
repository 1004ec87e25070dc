/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* seed-row.c: a die that rolls a seed, a lock that keeps it. */
#include "config.h"

#include "seed-row.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* On the configuration: what the seed is set to after the run. */
#define NAME "seed"
#define DATA "pmt-seed-after"

#define DIE_SIZE 16

/* Lives as long as the row. */
typedef struct
{
  GimpProcedureConfig *config;
  GtkSpinButton *spin;
  GtkToggleButton *lock;
  GtkWidget *die;
  gdouble random; /* the value that reads "Random" */
  guint face;     /* 1 to 6 */
  gboolean is_rolling;
} Row;

gboolean
pmt_seed_row_is_for (const PmtParamSpec *spec)
{
  return g_str_equal (spec->name, NAME) && spec->has_auto;
}

static gboolean
is_random (const Row *row)
{
  return gtk_spin_button_get_value (row->spin) == row->random;
}

/* A seed that is not kept is gone after the run. */
static void
remember (const Row *row)
{
  gdouble *after = NULL;

  if (!is_random (row) && !gtk_toggle_button_get_active (row->lock))
    {
      after = g_new (gdouble, 1);
      *after = row->random;
    }
  g_object_set_data_full (G_OBJECT (row->config), DATA, after, g_free);
}

static void
roll (Row *row)
{
  row->is_rolling = TRUE;
  gtk_spin_button_set_value (row->spin, g_random_int ());
  row->is_rolling = FALSE;
  row->face = row->face % 6 + 1;
  gtk_widget_queue_draw (row->die);
  remember (row);
}

static void
die_clicked (GtkButton *button, gpointer user_data)
{
  roll (user_data);
}

/* What somebody types is meant to stay. */
static void
seed_changed (GtkSpinButton *spin, gpointer user_data)
{
  Row *row = user_data;

  if (!row->is_rolling)
    gtk_toggle_button_set_active (row->lock, !is_random (row));
  remember (row);
}

/* There must be something to keep. */
static void
lock_toggled (GtkToggleButton *lock, gpointer user_data)
{
  Row *row = user_data;

  if (gtk_toggle_button_get_active (lock) && is_random (row))
    roll (row);
  remember (row);
}

/* ------------------------------------------------------------------- die */

static void
draw_pip (cairo_t *cr, gdouble x, gdouble y)
{
  cairo_arc (cr, x * DIE_SIZE, y * DIE_SIZE, DIE_SIZE / 11.0, 0.0, 2.0 * G_PI);
  cairo_fill (cr);
}

static void
draw_face (cairo_t *cr, guint face)
{
  const gdouble low = 0.27;
  const gdouble high = 0.73;

  if (face % 2 == 1)
    draw_pip (cr, 0.5, 0.5);
  if (face >= 2)
    {
      draw_pip (cr, low, high);
      draw_pip (cr, high, low);
    }
  if (face >= 4)
    {
      draw_pip (cr, low, low);
      draw_pip (cr, high, high);
    }
  if (face == 6)
    {
      draw_pip (cr, low, 0.5);
      draw_pip (cr, high, 0.5);
    }
}

static gboolean
draw_die (GtkWidget *die, cairo_t *cr, gpointer user_data)
{
  const Row *row = user_data;
  GtkStyleContext *context = gtk_widget_get_style_context (die);
  const gdouble radius = 3.0;
  const gdouble end = DIE_SIZE - 1.0 - radius;
  GdkRGBA color;

  gtk_style_context_get_color (context, gtk_style_context_get_state (context),
                               &color);
  gdk_cairo_set_source_rgba (cr, &color);
  for (gint i = 0; i < 4; i++)
    cairo_arc (cr, i == 0 || i == 3 ? end : 1.0 + radius,
               i < 2 ? end : 1.0 + radius, radius, i * G_PI_2,
               (i + 1) * G_PI_2);
  cairo_close_path (cr);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
  draw_face (cr, row->face);

  return FALSE;
}

/* ------------------------------------------------------------------- row */

static void
set_texts (GtkWidget *button, const gchar *name, const gchar *help)
{
  gimp_help_set_help_data (button, help, NULL);
  atk_object_set_name (gtk_widget_get_accessible (button), name);
}

static GtkWidget *
new_die (Row *row)
{
  GtkWidget *button = gtk_button_new ();

  row->die = gtk_drawing_area_new ();
  gtk_widget_set_size_request (row->die, DIE_SIZE, DIE_SIZE);
  gtk_widget_set_halign (row->die, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (row->die, GTK_ALIGN_CENTER);
  g_signal_connect (row->die, "draw", G_CALLBACK (draw_die), row);
  gtk_container_add (GTK_CONTAINER (button), row->die);
  set_texts (button, _ ("New random seed"),
             _ ("Take a new random seed now. It is for the next run only, "
                "unless you lock it."));
  g_signal_connect (button, "clicked", G_CALLBACK (die_clicked), row);

  return button;
}

static GtkWidget *
new_lock (Row *row)
{
  GtkWidget *button = gtk_toggle_button_new ();

  row->lock = GTK_TOGGLE_BUTTON (button);
  gtk_button_set_image (
      GTK_BUTTON (button),
      gtk_image_new_from_icon_name (GIMP_ICON_LOCK, GTK_ICON_SIZE_MENU));
  set_texts (button, _ ("Keep the seed"),
             _ ("Keep this seed for the runs that follow. Otherwise each run "
                "has a new one."));
  gtk_toggle_button_set_active (row->lock, !is_random (row));
  g_signal_connect (button, "toggled", G_CALLBACK (lock_toggled), row);

  return button;
}

void
pmt_seed_row_make (GimpLabelSpin *labeled,
                   GimpProcedureConfig *config,
                   const PmtParamSpec *spec)
{
  Row *row = g_new0 (Row, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  row->config = config;
  row->spin = GTK_SPIN_BUTTON (gimp_label_spin_get_spin_button (labeled));
  row->random = spec->auto_value;
  row->face = 5;
  g_object_set_data_full (G_OBJECT (labeled), DATA, row, g_free);
  gtk_box_pack_start (GTK_BOX (box), new_die (row), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), new_lock (row), FALSE, FALSE, 0);
  gtk_grid_attach (GTK_GRID (labeled), box, 2, 0, 1, 1);
  gtk_widget_show_all (box);
  g_signal_connect (row->spin, "value-changed", G_CALLBACK (seed_changed), row);
  remember (row);
}

void
pmt_seed_row_finish (GimpProcedureConfig *config)
{
  const gdouble *after = g_object_get_data (G_OBJECT (config), DATA);
  g_auto (GValue) value = G_VALUE_INIT;

  if (!after)
    return;
  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, *after);
  g_object_set_property (G_OBJECT (config), NAME, &value);
  g_object_set_data (G_OBJECT (config), DATA, NULL);
}

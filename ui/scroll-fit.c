/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scroll-fit.c: height of the scrolled part of a dialog. */
#include "config.h"

#include "scroll-fit.h"

/* What stands below the scrolled part: the status, buttons, and the frame of
 * the window; pixels.
 */
#define OTHER_HEIGHT 230
#define MIN_HEIGHT 200

static gint
find_max_height (GtkWidget *widget)
{
  GdkDisplay *display = gtk_widget_get_display (widget);
  GdkWindow *window = gtk_widget_get_window (widget);
  GdkMonitor *monitor =
      window ? gdk_display_get_monitor_at_window (display, window)
             : gdk_display_get_primary_monitor (display);
  GdkRectangle area = { 0 };

  if (!monitor)
    monitor = gdk_display_get_monitor (display, 0);
  if (monitor)
    gdk_monitor_get_workarea (monitor, &area);

  return MAX (MIN_HEIGHT, area.height - OTHER_HEIGHT);
}

static void
fit (GtkScrolledWindow *scrolled)
{
  GtkWidget *child = gtk_bin_get_child (GTK_BIN (scrolled));
  GtkWidget *window = gtk_widget_get_toplevel (child);
  const gint max = find_max_height (child);
  gint height = 0;

  gtk_widget_get_preferred_height (child, NULL, &height);
  height = MIN (height, max);
  /* Each must stay below the other at any moment. */
  gtk_scrolled_window_set_min_content_height (scrolled, -1);
  gtk_scrolled_window_set_max_content_height (scrolled, max);
  gtk_scrolled_window_set_min_content_height (scrolled, height);
  if (GTK_IS_WINDOW (window) && gtk_widget_get_mapped (window))
    gtk_window_resize (GTK_WINDOW (window),
                       gtk_widget_get_allocated_width (window), 1);
}

static gboolean
fit_when_idle (gpointer scrolled)
{
  fit (scrolled);

  return G_SOURCE_REMOVE;
}

/* The expander's child is there, or gone, only afterwards. */
static void
expanded (GObject *expander, GParamSpec *pspec, gpointer scrolled)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, fit_when_idle,
                   g_object_ref (scrolled), g_object_unref);
}

void
pmt_scroll_fit (GtkScrolledWindow *scrolled, GtkExpander *expander)
{
  gtk_scrolled_window_set_policy (scrolled, GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (scrolled, GTK_SHADOW_NONE);
  gtk_scrolled_window_set_propagate_natural_width (scrolled, TRUE);
  fit (scrolled);
  if (expander)
    g_signal_connect_object (expander, "notify::expanded",
                             G_CALLBACK (expanded), scrolled, G_CONNECT_AFTER);
}

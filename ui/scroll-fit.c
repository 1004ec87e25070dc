/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scroll-fit.c: height of the scrolled part of a dialog. */
#include "config.h"

#include "scroll-fit.h"

/* What usually stands below the scrolled part: the status, buttons, and the
 * frame of the window; pixels.
 */
#define OTHER_HEIGHT 230
#define MIN_HEIGHT 200
#define FRAME_HEIGHT 40

/* Until a window has its new size. */
#define SETTLE_MS 60

static void
get_work_area (GtkWidget *widget, GdkRectangle *area)
{
  GdkDisplay *display = gtk_widget_get_display (widget);
  GdkWindow *window = gtk_widget_get_window (widget);
  GdkMonitor *monitor =
      window ? gdk_display_get_monitor_at_window (display, window)
             : gdk_display_get_primary_monitor (display);

  if (!monitor)
    monitor = gdk_display_get_monitor (display, 0);
  if (monitor)
    gdk_monitor_get_workarea (monitor, area);
}

/* The sentences below may be long. */
static gint
find_other_height (GtkWidget *scrolled)
{
  GtkWidget *window = gtk_widget_get_toplevel (scrolled);
  gint whole = 0;
  gint part = 0;

  if (!GTK_IS_WINDOW (window) || !gtk_widget_get_mapped (window))
    return OTHER_HEIGHT;
  gtk_widget_get_preferred_height (window, NULL, &whole);
  gtk_widget_get_preferred_height (scrolled, NULL, &part);

  return MAX (OTHER_HEIGHT, whole - part + FRAME_HEIGHT);
}

static gint
find_max_height (GtkWidget *scrolled)
{
  GdkRectangle area = { 0 };

  get_work_area (scrolled, &area);

  return MAX (MIN_HEIGHT, area.height - find_other_height (scrolled));
}

static gint
find_height (GtkScrolledWindow *scrolled, gint max)
{
  gint height = 0;

  gtk_widget_get_preferred_height (gtk_bin_get_child (GTK_BIN (scrolled)), NULL,
                                   &height);

  return MIN (height, max);
}

static void
fit (GtkScrolledWindow *scrolled)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (scrolled));
  const gint max = find_max_height (GTK_WIDGET (scrolled));
  const gint height = find_height (scrolled, max);

  /* Each must stay below the other at any moment. */
  gtk_scrolled_window_set_min_content_height (scrolled, -1);
  gtk_scrolled_window_set_max_content_height (scrolled, max);
  gtk_scrolled_window_set_min_content_height (scrolled, height);
  if (GTK_IS_WINDOW (window) && gtk_widget_get_mapped (window))
    gtk_window_resize (GTK_WINDOW (window),
                       gtk_widget_get_allocated_width (window), 1);
}

void
pmt_scroll_fit_update (GtkScrolledWindow *scrolled)
{
  const gint max = find_max_height (GTK_WIDGET (scrolled));

  if (find_height (scrolled, max)
      != gtk_scrolled_window_get_min_content_height (scrolled))
    fit (scrolled);
}

/* What was opened comes into view. */
static gboolean
scroll_to (gpointer expander)
{
  GtkWidget *scrolled =
      gtk_widget_get_ancestor (expander, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *child;
  GtkAdjustment *adjustment;
  gint y = 0;

  if (!scrolled || !gtk_expander_get_expanded (expander))
    return G_SOURCE_REMOVE;
  child = gtk_bin_get_child (GTK_BIN (gtk_bin_get_child (GTK_BIN (scrolled))));
  adjustment =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  if (gtk_widget_translate_coordinates (expander, child, 0, 0, NULL, &y))
    gtk_adjustment_set_value (adjustment, y);

  return G_SOURCE_REMOVE;
}

/* The expander's child is there, or gone, only after "notify"; and it has its
 * size only after the window has.
 */
static gboolean
fit_when_idle (gpointer expander)
{
  GtkWidget *scrolled =
      gtk_widget_get_ancestor (expander, GTK_TYPE_SCROLLED_WINDOW);

  if (!scrolled)
    return G_SOURCE_REMOVE;
  fit (GTK_SCROLLED_WINDOW (scrolled));
  g_timeout_add_full (G_PRIORITY_LOW, SETTLE_MS, scroll_to,
                      g_object_ref (expander), g_object_unref);

  return G_SOURCE_REMOVE;
}

static void
expanded (GObject *expander, GParamSpec *pspec, gpointer user_data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, fit_when_idle,
                   g_object_ref (expander), g_object_unref);
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
    g_signal_connect_after (expander, "notify::expanded", G_CALLBACK (expanded),
                            NULL);
}

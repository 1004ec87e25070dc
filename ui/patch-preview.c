/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* patch-preview.c: keeps one patch up to date with the settings. */
#include "config.h"

#include "patch-preview.h"

#include <glib/gi18n-lib.h>

#include "patch-overview.h"
#include "patch-plan.h"
#include "patch-view.h"

/* Sides of the view, and the longest of the small picture, on the screen. */
#define VIEW_SIZE 300
#define OVERVIEW_SIZE 96

/* While the patch is dragged, wait for a pause. */
#define MOVE_DELAY_MS 120

struct _PmtPatchPreview
{
  GtkBox parent_instance;

  PmtEngine *engine;
  PmtPatchSource source;
  GeglRectangle layer;
  PmtRequest *request; /* nullable */
  gdouble scale;
  gdouble x; /* middle of the patch, canvas coordinates */
  gdouble y;
  gboolean is_placed;
  PmtPatchPlan plan;

  GtkWidget *view;
  GtkWidget *overview; /* nullable */
  GtkWidget *spinner;
  GtkWidget *status;

  guint timeout;
  GCancellable *cancellable; /* set while a run is under way */
  gboolean is_due;           /* what is shown is not what is asked for */
  gint64 started;
};

G_DEFINE_TYPE (PmtPatchPreview, pmt_patch_preview, GTK_TYPE_BOX)

static void start (PmtPatchPreview *preview);

static void
pmt_patch_preview_dispose (GObject *object)
{
  PmtPatchPreview *preview = PMT_PATCH_PREVIEW (object);

  if (preview->timeout != 0)
    g_source_remove (preview->timeout);
  preview->timeout = 0;
  g_clear_pointer (&preview->request, pmt_request_free);
  g_clear_pointer (&preview->engine, pmt_engine_unref);

  G_OBJECT_CLASS (pmt_patch_preview_parent_class)->dispose (object);
}

static void
pmt_patch_preview_class_init (PmtPatchPreviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pmt_patch_preview_dispose;
}

/* ---------------------------------------------------------------- run -- */

static void
tell (PmtPatchPreview *preview, const gchar *text, gboolean is_busy)
{
  gtk_label_set_text (GTK_LABEL (preview->status), text);
  gtk_widget_set_visible (preview->spinner, is_busy);
  g_object_set (preview->spinner, "active", is_busy, NULL);
}

static void
show_result (PmtPatchPreview *preview, const PmtResult *result)
{
  cairo_surface_t *after = pmt_patch_plan_draw_after (
      &preview->plan, pmt_result_get_picture (result, 0));

  pmt_patch_view_set_after (PMT_PATCH_VIEW (preview->view), after);
  cairo_surface_destroy (after);
  tell (preview,
        _ ("Drag the line to compare, and the picture to see another "
           "place."),
        FALSE);
  g_debug ("preview of %d x %d pixels after %.3f s", preview->plan.width,
           preview->plan.height,
           (g_get_monotonic_time () - preview->started) / 1e6);
}

static void
take_result (GObject *object, GAsyncResult *async, gpointer user_data)
{
  g_autoptr (PmtPatchPreview) preview = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtResult) result = pmt_engine_run_finish (async, &error);

  g_clear_object (&preview->cancellable);
  if (preview->is_due)
    {
      /* While the user goes on, the timeout starts the next run. */
      if (preview->timeout == 0)
        start (preview);
      return;
    }

  if (result)
    show_result (preview, result);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell (preview, error->message, FALSE);
}

/* The place first, so that it follows the pointer. */
static GeglBuffer *
show_before (PmtPatchPreview *preview, GError **error)
{
  const gint factor = gtk_widget_get_scale_factor (preview->view);
  const GeglRectangle *layer = &preview->layer;
  PmtPatchPlan *plan = &preview->plan;
  cairo_surface_t *before;
  GeglBuffer *pixels;

  pmt_patch_plan_init (plan, layer, preview->scale, preview->x, preview->y,
                       VIEW_SIZE * factor);
  if (preview->overview)
    pmt_patch_overview_mark (PMT_PATCH_OVERVIEW (preview->overview),
                             (gdouble)(plan->patch.x - layer->x) / layer->width,
                             (gdouble)(plan->patch.y - layer->y)
                                 / layer->height,
                             (gdouble)plan->patch.width / layer->width,
                             (gdouble)plan->patch.height / layer->height);

  pixels = preview->source.read (&plan->area, preview->source.user_data, error);
  if (!pixels)
    return NULL;
  before = pmt_patch_plan_draw_before (plan, pixels);
  pmt_patch_view_set_before (PMT_PATCH_VIEW (preview->view), before);
  cairo_surface_destroy (before);

  return pixels;
}

/* Only while no other run is under way: its end starts the next one. */
static void
start (PmtPatchPreview *preview)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GeglBuffer) pixels = NULL;
  g_autoptr (PmtRequest) request = NULL;

  preview->is_due = FALSE;
  if (!preview->request)
    return;

  pixels = show_before (preview, &error);
  if (!pixels)
    {
      tell (preview, error->message, FALSE);
      return;
    }

  request = pmt_patch_plan_request (&preview->plan, preview->engine,
                                    preview->request, pixels);
  preview->cancellable = g_cancellable_new ();
  preview->started = g_get_monotonic_time ();
  pmt_engine_run_async (preview->engine, request, NULL, NULL,
                        preview->cancellable, take_result,
                        g_object_ref (preview));
}

static gboolean
start_after_pause (gpointer user_data)
{
  PmtPatchPreview *preview = user_data;

  preview->timeout = 0;
  if (!preview->cancellable)
    start (preview);

  return G_SOURCE_REMOVE;
}

/* What is shown on the right is no longer what is asked for. */
static void
outdate (PmtPatchPreview *preview, guint delay)
{
  pmt_patch_view_set_after (PMT_PATCH_VIEW (preview->view), NULL);
  if (preview->request)
    tell (preview, _ ("Updating…"), TRUE);
  else
    tell (preview, _ ("The preview waits for settings that can run."), FALSE);

  preview->is_due = TRUE;
  if (preview->cancellable)
    g_cancellable_cancel (preview->cancellable);
  if (preview->timeout != 0)
    g_source_remove (preview->timeout);
  preview->timeout = 0;
  if (delay > 0)
    preview->timeout = g_timeout_add (delay, start_after_pause, preview);
  else if (!preview->cancellable)
    start (preview);
}

/* -------------------------------------------------------------- place -- */

static void
move (PmtPatchPreview *preview, gdouble x, gdouble y)
{
  g_autoptr (GeglBuffer) pixels = NULL;
  const GeglRectangle *layer = &preview->layer;

  preview->x = CLAMP (x, layer->x, layer->x + layer->width);
  preview->y = CLAMP (y, layer->y, layer->y + layer->height);
  outdate (preview, MOVE_DELAY_MS);
  if (preview->request)
    pixels = show_before (preview, NULL);
}

/* From where the patch is, not from where it was wanted: at an edge of the
 * layer the way back begins at once.
 */
static void
pan (GtkWidget *view, gint dx, gint dy, gpointer user_data)
{
  PmtPatchPreview *preview = user_data;
  const GeglRectangle *patch = &preview->plan.patch;

  move (preview, patch->x + patch->width / 2.0 + dx / preview->scale,
        patch->y + patch->height / 2.0 + dy / preview->scale);
}

static void
pick (GtkWidget *overview, gdouble x, gdouble y, gpointer user_data)
{
  PmtPatchPreview *preview = user_data;
  const GeglRectangle *layer = &preview->layer;

  move (preview, layer->x + x * layer->width, layer->y + y * layer->height);
}

/* First the middle of what is worked on, such as the selection. */
static void
place_first (PmtPatchPreview *preview)
{
  GeglRectangle region = preview->layer;

  if (preview->is_placed || !preview->request)
    return;

  pmt_engine_get_region (preview->engine, preview->request, &region, NULL);
  preview->x = region.x + region.width / 2.0;
  preview->y = region.y + region.height / 2.0;
  preview->is_placed = TRUE;
}

/* ------------------------------------------------------------ widgets -- */

static void
name_for_readers (GtkWidget *widget,
                  const gchar *name,
                  const gchar *description)
{
  AtkObject *object = gtk_widget_get_accessible (widget);

  atk_object_set_name (object, name);
  atk_object_set_description (object, description);
}

/* Between the pictures by mouse, and below them by keyboard. */
static void
add_view (PmtPatchPreview *preview)
{
  GtkAdjustment *divider = gtk_adjustment_new (50.0, 0.0, 100.0, 1.0, 10.0, 0);
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, divider);

  preview->view = pmt_patch_view_new (divider);
  gtk_widget_set_size_request (preview->view, VIEW_SIZE, VIEW_SIZE);
  name_for_readers (preview->view, _ ("Preview"),
                    _ ("Before on the left, after on the right. The arrow keys "
                       "move to another place."));

  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_widget_set_tooltip_text (scale,
                               _ ("Moves the line between before and after."));
  name_for_readers (scale, _ ("Line between before and after"),
                    _ ("More to the right shows more of the picture before."));

  gtk_box_pack_start (GTK_BOX (preview), preview->view, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (preview), scale, FALSE, FALSE, 0);
}

static void
add_overview (PmtPatchPreview *preview, GtkWidget *row)
{
  const PmtPatchSource *source = &preview->source;
  g_autoptr (GdkPixbuf) picture =
      source->thumbnail (OVERVIEW_SIZE, OVERVIEW_SIZE, source->user_data);

  if (!picture)
    return;

  preview->overview = pmt_patch_overview_new (picture);
  gtk_widget_set_tooltip_text (preview->overview,
                               _ ("Click to see another place."));
  name_for_readers (preview->overview, _ ("Overview"),
                    _ ("The whole layer, with a mark where the preview is."));
  g_signal_connect (preview->overview, "pick", G_CALLBACK (pick), preview);
  gtk_box_pack_start (GTK_BOX (row), preview->overview, FALSE, FALSE, 0);
}

static void
add_status (PmtPatchPreview *preview)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  add_overview (preview, row);
  preview->spinner = gtk_spinner_new ();
  gtk_widget_set_no_show_all (preview->spinner, TRUE);
  gtk_widget_set_valign (preview->spinner, GTK_ALIGN_START);
  preview->status = gtk_label_new (NULL);
  gtk_label_set_line_wrap (GTK_LABEL (preview->status), TRUE);
  gtk_label_set_xalign (GTK_LABEL (preview->status), 0.0);
  gtk_label_set_max_width_chars (GTK_LABEL (preview->status), 24);
  gtk_widget_set_valign (preview->status, GTK_ALIGN_START);
  gtk_box_pack_start (GTK_BOX (row), preview->spinner, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), preview->status, TRUE, TRUE, 0);
  /* As high with a long message as without. */
  gtk_widget_set_size_request (row, -1, OVERVIEW_SIZE);
  gtk_box_pack_start (GTK_BOX (preview), row, FALSE, FALSE, 0);
}

static void
pmt_patch_preview_init (PmtPatchPreview *preview)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (preview),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (preview), 3);
  preview->scale = 1.0;
}

GtkWidget *
pmt_patch_preview_new (PmtEngine *engine,
                       const PmtPatchSource *source,
                       const GeglRectangle *layer)
{
  PmtPatchPreview *preview = g_object_new (PMT_TYPE_PATCH_PREVIEW, NULL);

  preview->engine = pmt_engine_ref (engine);
  preview->source = *source;
  preview->layer = *layer;
  add_view (preview);
  add_status (preview);
  g_signal_connect (preview->view, "pan", G_CALLBACK (pan), preview);
  gtk_widget_show_all (GTK_WIDGET (preview));

  return GTK_WIDGET (preview);
}

void
pmt_patch_preview_set_request (PmtPatchPreview *preview,
                               const PmtRequest *request,
                               gdouble scale)
{
  g_return_if_fail (PMT_IS_PATCH_PREVIEW (preview));

  g_clear_pointer (&preview->request, pmt_request_free);
  preview->request = request ? pmt_request_copy (request) : NULL;
  preview->scale = request ? scale : preview->scale;
  place_first (preview);
  outdate (preview, 0);
}

void
pmt_patch_preview_stop (PmtPatchPreview *preview)
{
  g_return_if_fail (PMT_IS_PATCH_PREVIEW (preview));

  if (preview->timeout != 0)
    g_source_remove (preview->timeout);
  preview->timeout = 0;
  /* A finished run starts no other. */
  g_clear_pointer (&preview->request, pmt_request_free);
  if (preview->cancellable)
    g_cancellable_cancel (preview->cancellable);
  while (preview->cancellable)
    g_main_context_iteration (NULL, TRUE);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-row.c: the argument "faces" as boxes, check buttons and strengths. */
#include "config.h"

#include "face-row.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "face-view.h"

#define FACES "faces"
#define STRENGTH "face-strength"

/* The longest side of the picture, and the height of the list. */
#define VIEW_SIZE 240
/* Strengths are shown and kept in hundredths. */
#define STEP 0.05

/* What belongs to one face.  @own: its own strength, 0: the common one. */
typedef struct
{
  GtkWidget *check;
  GtkAdjustment *strength;
  gdouble own;
} Entry;

struct _PmtFaceRow
{
  GtkBox parent_instance;

  PmtEngine *engine;
  GimpProcedureConfig *config;
  PmtPatchSource source;
  GeglRectangle layer;

  GtkWidget *button;
  GtkWidget *spinner;
  GtkWidget *status;
  GtkWidget *view; /* nullable */
  GtkWidget *list;
  GtkWidget *found;

  GArray *entries;
  gboolean is_updating;
  GCancellable *cancellable; /* set while faces are looked for */
};

G_DEFINE_TYPE (PmtFaceRow, pmt_face_row, GTK_TYPE_BOX)

static guint found_signal;

static void
pmt_face_row_dispose (GObject *object)
{
  PmtFaceRow *row = PMT_FACE_ROW (object);

  if (row->config)
    g_signal_handlers_disconnect_by_data (row->config, row);
  g_clear_object (&row->config);
  g_clear_pointer (&row->engine, pmt_engine_unref);
  g_clear_pointer (&row->entries, g_array_unref);

  G_OBJECT_CLASS (pmt_face_row_parent_class)->dispose (object);
}

static void
pmt_face_row_class_init (PmtFaceRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pmt_face_row_dispose;

  found_signal = g_signal_new ("found", PMT_TYPE_FACE_ROW, G_SIGNAL_RUN_LAST, 0,
                               NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/* ----------------------------------------------------------- the argument -- */

static gboolean
is_on (const Entry *entry)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (entry->check));
}

/* "all", or numbers with the strengths that are their own. */
static gchar *
print_choice (PmtFaceRow *row)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_all = TRUE;

  for (guint i = 0; i < row->entries->len; i++)
    {
      const Entry *entry = &g_array_index (row->entries, Entry, i);
      gchar strength[G_ASCII_DTOSTR_BUF_SIZE];

      is_all = is_all && is_on (entry) && entry->own <= 0.0;
      if (!is_on (entry))
        continue;
      g_string_append_printf (text, "%s%u", text->len > 0 ? "," : "", i + 1);
      if (entry->own > 0.0)
        g_string_append_printf (
            text, ":%s",
            g_ascii_formatd (strength, sizeof strength, "%.2f", entry->own));
    }

  return g_strdup (is_all ? "all" : text->str);
}

static void
write_choice (PmtFaceRow *row)
{
  g_autofree gchar *text = print_choice (row);

  row->is_updating = TRUE;
  g_object_set (row->config, FACES, text, NULL);
  row->is_updating = FALSE;
}

/* What was typed, or set by the buttons of the dialog. */
static void
read_choice (PmtFaceRow *row)
{
  g_autofree gchar *which = NULL;
  gdouble common = 0.0;

  if (row->is_updating)
    return;
  g_object_get (row->config, FACES, &which, STRENGTH, &common, NULL);
  row->is_updating = TRUE;
  for (guint i = 0; i < row->entries->len; i++)
    {
      Entry *entry = &g_array_index (row->entries, Entry, i);
      const gboolean is_chosen =
          pmt_faces_get_choice (which ? which : "", i + 1, &entry->own);

      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (entry->check),
                                    is_chosen);
      gtk_adjustment_set_value (entry->strength,
                                entry->own > 0.0 ? entry->own : common);
      if (row->view)
        pmt_face_view_set_chosen (PMT_FACE_VIEW (row->view), i, is_chosen);
    }
  row->is_updating = FALSE;
}

static void
config_changed (GObject *config, GParamSpec *pspec, gpointer user_data)
{
  read_choice (user_data);
}

/* --------------------------------------------------------------- the list -- */

static guint
index_of (GtkWidget *widget)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (widget), "index"));
}

static void
check_toggled (GtkToggleButton *check, gpointer user_data)
{
  PmtFaceRow *row = user_data;

  if (row->is_updating)
    return;
  if (row->view)
    pmt_face_view_set_chosen (PMT_FACE_VIEW (row->view),
                              index_of (GTK_WIDGET (check)),
                              gtk_toggle_button_get_active (check));
  write_choice (row);
}

static void
strength_changed (GtkSpinButton *spin, gpointer user_data)
{
  PmtFaceRow *row = user_data;
  Entry *entry =
      &g_array_index (row->entries, Entry, index_of (GTK_WIDGET (spin)));
  gdouble common = 0.0;

  if (row->is_updating)
    return;
  g_object_get (row->config, STRENGTH, &common, NULL);
  entry->own = gtk_spin_button_get_value (spin);
  /* Back at the common one, it follows it again. */
  if (fabs (entry->own - common) < 0.005)
    entry->own = 0.0;
  write_choice (row);
}

static void
view_toggled (PmtFaceView *view, guint index, gpointer user_data)
{
  PmtFaceRow *row = user_data;
  GtkToggleButton *check =
      GTK_TOGGLE_BUTTON (g_array_index (row->entries, Entry, index).check);

  gtk_toggle_button_set_active (check, !gtk_toggle_button_get_active (check));
}

static void
add_entry (PmtFaceRow *row, guint index)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree gchar *label = g_strdup_printf (_ ("Face %u"), index + 1);
  g_autofree gchar *name =
      g_strdup_printf (_ ("Strength on face %u"), index + 1);
  GtkWidget *spin;
  Entry entry = { NULL };

  entry.check = gtk_check_button_new_with_label (label);
  entry.strength = gtk_adjustment_new (1.0, STEP, 1.0, STEP, 4 * STEP, 0.0);
  spin = gtk_spin_button_new (entry.strength, STEP, 2);
  gtk_widget_set_tooltip_text (
      spin, _ ("How strongly this face is changed. The same as “Strength on "
               "faces” until it is changed here."));
  atk_object_set_name (gtk_widget_get_accessible (spin), name);
  g_object_set_data (G_OBJECT (entry.check), "index", GUINT_TO_POINTER (index));
  g_object_set_data (G_OBJECT (spin), "index", GUINT_TO_POINTER (index));
  g_object_bind_property (entry.check, "active", spin, "sensitive",
                          G_BINDING_SYNC_CREATE);
  gtk_box_pack_start (GTK_BOX (line), entry.check, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (line), spin, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row->list), line, FALSE, FALSE, 0);
  g_array_append_val (row->entries, entry);
  g_signal_connect (entry.check, "toggled", G_CALLBACK (check_toggled), row);
  g_signal_connect (spin, "value-changed", G_CALLBACK (strength_changed), row);
}

static void
show_faces (PmtFaceRow *row, GArray *faces)
{
  g_autoptr (GList) old =
      gtk_container_get_children (GTK_CONTAINER (row->list));

  g_array_set_size (row->entries, 0);
  for (GList *at = old; at; at = at->next)
    gtk_widget_destroy (at->data);
  if (row->view)
    pmt_face_view_set_faces (PMT_FACE_VIEW (row->view), faces);
  row->is_updating = TRUE;
  for (guint i = 0; i < faces->len; i++)
    add_entry (row, i);
  row->is_updating = FALSE;
  read_choice (row);
  gtk_widget_show_all (row->list);
  gtk_widget_set_visible (row->found, faces->len > 0);
}

/* ----------------------------------------------------------------- finding -- */

static void
tell (PmtFaceRow *row, const gchar *text)
{
  gtk_label_set_text (GTK_LABEL (row->status), text);
  gtk_widget_set_visible (row->status, *text != '\0');
  gtk_widget_set_visible (row->spinner, row->cancellable != NULL);
  g_object_set (row->spinner, "active", row->cancellable != NULL, NULL);
  gtk_widget_set_sensitive (row->button, row->cancellable == NULL);
}

static void
find_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  PmtFaceRow *row = source;
  GError *error = NULL;
  GArray *faces =
      pmt_engine_list_faces (row->engine, data, cancellable, &error);

  if (faces)
    g_task_return_pointer (task, faces, (GDestroyNotify)g_array_unref);
  else
    g_task_return_error (task, error);
}

static void
take_faces (GObject *object, GAsyncResult *result, gpointer user_data)
{
  PmtFaceRow *row = PMT_FACE_ROW (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) faces = g_task_propagate_pointer (G_TASK (result), &error);

  g_clear_object (&row->cancellable);
  if (faces)
    {
      show_faces (row, faces);
      tell (row, faces->len > 0 ? _ ("Click a face to leave it out, or to take "
                                     "it again.")
                                : _ ("No face was found."));
    }
  else
    tell (row, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                   ? ""
                   : error->message);
  g_signal_emit (row, found_signal, 0);
}

void
pmt_face_row_find (PmtFaceRow *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = NULL;
  GeglBuffer *picture;

  g_return_if_fail (PMT_IS_FACE_ROW (row));

  if (row->cancellable)
    return;
  picture = row->source.read (&row->layer, row->source.user_data, &error);
  if (!picture)
    {
      tell (row, error->message);
      return;
    }
  row->cancellable = g_cancellable_new ();
  tell (row, _ ("Finding faces…"));
  task = g_task_new (row, row->cancellable, take_faces, NULL);
  g_task_set_task_data (task, picture, g_object_unref);
  g_task_run_in_thread (task, find_in_thread);
}

void
pmt_face_row_stop (PmtFaceRow *row)
{
  g_return_if_fail (PMT_IS_FACE_ROW (row));

  if (row->cancellable)
    g_cancellable_cancel (row->cancellable);
  while (row->cancellable)
    g_main_context_iteration (NULL, TRUE);
}

/* ----------------------------------------------------------------- widgets -- */

static void
pmt_face_row_init (PmtFaceRow *row)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (row),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (row), 6);
  row->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
}

static void
add_button (PmtFaceRow *row)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  row->button = gtk_button_new_with_mnemonic (_ ("_Find Faces"));
  row->spinner = gtk_spinner_new ();
  row->status = gtk_label_new (NULL);
  gtk_widget_set_no_show_all (row->spinner, TRUE);
  gtk_widget_set_no_show_all (row->status, TRUE);
  gtk_label_set_xalign (GTK_LABEL (row->status), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (row->status), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (row->status), 40);
  gtk_box_pack_start (GTK_BOX (line), row->button, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (line), row->spinner, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (line), row->status, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row), line, FALSE, FALSE, 0);
  g_signal_connect_swapped (row->button, "clicked",
                            G_CALLBACK (pmt_face_row_find), row);
}

static void
add_found (PmtFaceRow *row)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  g_autoptr (GdkPixbuf) picture =
      row->source.thumbnail (VIEW_SIZE, VIEW_SIZE, row->source.user_data);

  row->found = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  row->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  if (picture)
    {
      row->view = pmt_face_view_new (picture, &row->layer);
      atk_object_set_name (gtk_widget_get_accessible (row->view),
                           _ ("The layer, with a box around each face"));
      g_signal_connect (row->view, "toggle", G_CALLBACK (view_toggled), row);
      gtk_box_pack_start (GTK_BOX (row->found), row->view, FALSE, FALSE, 0);
    }
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (
      GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled),
                                              VIEW_SIZE);
  gtk_container_add (GTK_CONTAINER (scrolled), row->list);
  gtk_box_pack_start (GTK_BOX (row->found), scrolled, TRUE, TRUE, 0);
  gtk_widget_show_all (row->found);
  gtk_widget_set_no_show_all (row->found, TRUE);
  gtk_widget_hide (row->found);
  gtk_box_pack_start (GTK_BOX (row), row->found, FALSE, FALSE, 0);
}

gboolean
pmt_face_row_is_needed (GimpProcedureConfig *config)
{
  GObjectClass *klass = G_OBJECT_GET_CLASS (config);

  return g_object_class_find_property (klass, FACES)
         && g_object_class_find_property (klass, STRENGTH);
}

GtkWidget *
pmt_face_row_new (PmtEngine *engine,
                  GimpProcedureConfig *config,
                  const PmtPatchSource *source,
                  const GeglRectangle *layer)
{
  PmtFaceRow *row = g_object_new (PMT_TYPE_FACE_ROW, NULL);

  row->engine = pmt_engine_ref (engine);
  row->config = g_object_ref (config);
  row->source = *source;
  row->layer = *layer;
  add_button (row);
  add_found (row);
  g_signal_connect (config, "notify::" FACES, G_CALLBACK (config_changed), row);
  g_signal_connect (config, "notify::" STRENGTH, G_CALLBACK (config_changed),
                    row);

  return GTK_WIDGET (row);
}

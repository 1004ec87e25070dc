/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* jobs-dialog.c: a list, Fetch and Forget. */
#include "config.h"

#include "jobs-dialog.h"

#include <glib/gi18n-lib.h>

#include "confirm.h"
#include "model-list.h"

#define RESPONSE_FORGET 1
#define LIST_WIDTH 640
#define LIST_HEIGHT 180

enum
{
  COLUMN_ID,
  COLUMN_OPERATION,
  COLUMN_MODEL,
  COLUMN_SERVICE,
  COLUMN_DATE,
  COLUMN_STATE,
  COLUMN_FITS,
  N_COLUMNS
};

typedef struct
{
  PmtEngine *engine;
  gint width;
  gint height;
  GtkDialog *dialog;
  GtkListStore *store;
  GtkWidget *list;
  GtkWidget *note;
} Window;

/* -------------------------------------------------------------------- list */

static const gchar *
describe_state (PmtJobState state)
{
  switch (state)
    {
    case PMT_JOB_DONE:
      return _ ("Ready");
    case PMT_JOB_RUNNING:
      return _ ("Was running");
    case PMT_JOB_UNKNOWN:
      break;
    }

  return _ ("May not have arrived");
}

static void
append (Window *window, GPtrArray *services, const PmtJobInfo *job)
{
  const PmtModel *model = pmt_engine_find_model (window->engine, job->model);
  const PmtServiceInfo *service =
      pmt_model_list_find_service (services, job->service);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (job->created);
  g_autofree gchar *date = time ? g_date_time_format (time, "%x %X") : NULL;

  gtk_list_store_insert_with_values (
      window->store, NULL, -1, COLUMN_ID, job->id, COLUMN_OPERATION,
      pmt_operation_label (job->operation), COLUMN_MODEL,
      model ? pmt_model_get_name (model) : job->model, COLUMN_SERVICE,
      service ? service->label : job->service, COLUMN_DATE, date, COLUMN_STATE,
      describe_state (job->state), COLUMN_FITS,
      job->canvas.width == window->width
          && job->canvas.height == window->height,
      -1);
}

static void
fill_list (Window *window)
{
  g_autoptr (GPtrArray) jobs = pmt_engine_list_jobs (window->engine);
  g_autoptr (GPtrArray) services =
      pmt_engine_list_services (window->engine, NULL);
  GtkTreeIter iter;

  gtk_list_store_clear (window->store);
  for (guint i = 0; i < jobs->len; i++)
    append (window, services, g_ptr_array_index (jobs, i));
  if (gtk_tree_model_get_iter_first (GTK_TREE_MODEL (window->store), &iter))
    gtk_tree_selection_select_iter (
        gtk_tree_view_get_selection (GTK_TREE_VIEW (window->list)), &iter);
}

static gchar *
get_selected (Window *window, gboolean *fits)
{
  GtkTreeSelection *selection =
      gtk_tree_view_get_selection (GTK_TREE_VIEW (window->list));
  GtkTreeModel *model = NULL;
  GtkTreeIter iter;
  gchar *id = NULL;

  if (gtk_tree_selection_get_selected (selection, &model, &iter))
    gtk_tree_model_get (model, &iter, COLUMN_ID, &id, COLUMN_FITS, fits, -1);

  return id;
}

static void
update_buttons (Window *window)
{
  gboolean fits = FALSE;
  g_autofree gchar *id = get_selected (window, &fits);
  const gchar *note =
      _ ("Fetching sends nothing again and costs nothing more.");

  if (!id)
    note = _ ("There is no interrupted run to fetch.");
  else if (!fits)
    note = _ ("This run was started on an image of another size. Open that "
              "image, select its layer, and fetch the run there.");
  gtk_label_set_text (GTK_LABEL (window->note), note);
  gtk_dialog_set_response_sensitive (window->dialog, GTK_RESPONSE_OK,
                                     id && fits);
  gtk_dialog_set_response_sensitive (window->dialog, RESPONSE_FORGET,
                                     id != NULL);
}

static void
selection_changed (GtkTreeSelection *selection, gpointer user_data)
{
  update_buttons (user_data);
}

static void
row_activated (GtkTreeView *list,
               GtkTreePath *path,
               GtkTreeViewColumn *column,
               gpointer user_data)
{
  Window *window = user_data;
  gboolean fits = FALSE;
  g_autofree gchar *id = get_selected (window, &fits);

  if (id && fits)
    gtk_dialog_response (window->dialog, GTK_RESPONSE_OK);
}

/* ----------------------------------------------------------------- widgets */

static GtkWidget *
new_list (Window *window)
{
  static const struct
  {
    const gchar *title;
    gint column;
  } columns[] = {
    { N_ ("Operation"), COLUMN_OPERATION },   { N_ ("Model"), COLUMN_MODEL },
    { N_ ("Service"), COLUMN_SERVICE },       { N_ ("Started"), COLUMN_DATE },
    { NC_ ("label", "State"), COLUMN_STATE },
  };
  GtkWidget *list =
      gtk_tree_view_new_with_model (GTK_TREE_MODEL (window->store));

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkTreeViewColumn *column = gtk_tree_view_column_new_with_attributes (
          _ (columns[i].title), gtk_cell_renderer_text_new (), "text",
          columns[i].column, NULL);

      gtk_tree_view_column_set_resizable (column, TRUE);
      gtk_tree_view_append_column (GTK_TREE_VIEW (list), column);
    }
  gtk_tree_view_set_search_column (GTK_TREE_VIEW (list), COLUMN_OPERATION);
  atk_object_set_name (gtk_widget_get_accessible (list),
                       _ ("Interrupted runs"));
  g_signal_connect (gtk_tree_view_get_selection (GTK_TREE_VIEW (list)),
                    "changed", G_CALLBACK (selection_changed), window);
  g_signal_connect (list, "row-activated", G_CALLBACK (row_activated), window);

  return list;
}

static GtkWidget *
new_note (void)
{
  GtkWidget *note = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (note), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (note), 70);

  return note;
}

static void
fill_dialog (Window *window)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *field = gtk_scrolled_window_new (NULL, NULL);

  window->list = new_list (window);
  window->note = new_note ();
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (field),
                                       GTK_SHADOW_IN);
  gtk_widget_set_size_request (field, LIST_WIDTH, LIST_HEIGHT);
  gtk_container_add (GTK_CONTAINER (field), window->list);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (box), field, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), window->note, FALSE, FALSE, 0);
  gtk_container_add (
      GTK_CONTAINER (gtk_dialog_get_content_area (window->dialog)), box);
  gtk_widget_show_all (box);
}

static GtkWidget *
new_dialog (void)
{
  GtkWidget *dialog = gimp_dialog_new (
      _ ("Fetch Interrupted Run"), "pentimento-resume", NULL, 0,
      gimp_standard_help_func, "plug-in-pentimento-resume", _ ("F_orget"),
      RESPONSE_FORGET, _ ("_Close"), GTK_RESPONSE_CANCEL, _ ("_Fetch"),
      GTK_RESPONSE_OK, NULL);

  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  gimp_window_set_transient (GTK_WINDOW (dialog));

  return dialog;
}

static gboolean
confirm (Window *window)
{
  return pmt_confirm (
      GTK_WINDOW (window->dialog), _ ("Forget Run"),
      _ ("Forget this run? What the service made of it can't be fetched any "
         "more, and may have been paid for."),
      _ ("F_orget"));
}

static void
forget_selected (Window *window)
{
  gboolean fits = FALSE;
  g_autofree gchar *id = get_selected (window, &fits);
  g_autoptr (GError) error = NULL;

  if (!id || !confirm (window))
    return;
  pmt_engine_forget_job (window->engine, id, &error);
  fill_list (window);
  update_buttons (window);
  if (error)
    gtk_label_set_text (GTK_LABEL (window->note), error->message);
}

gchar *
pmt_jobs_dialog_run (PmtEngine *engine, gint width, gint height)
{
  Window window = { .engine = engine, .width = width, .height = height };
  gboolean fits = FALSE;
  gchar *id = NULL;
  gint response;

  window.dialog = GTK_DIALOG (new_dialog ());
  window.store = gtk_list_store_new (
      N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING,
      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
  fill_dialog (&window);
  fill_list (&window);
  update_buttons (&window);
  gtk_widget_grab_focus (window.list);
  do
    {
      response = gimp_dialog_run (GIMP_DIALOG (window.dialog));
      if (response == RESPONSE_FORGET)
        forget_selected (&window);
    }
  while (response == RESPONSE_FORGET);
  if (response == GTK_RESPONSE_OK)
    id = get_selected (&window, &fits);
  gtk_widget_destroy (GTK_WIDGET (window.dialog));
  g_object_unref (window.store);

  return id;
}

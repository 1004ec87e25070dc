/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-window.c: a list, details, and what can be done with a model. */
#include "config.h"

#include "models-window.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "confirm.h"
#include "models-choose.h"
#include "models-details.h"
#include "models-list.h"
#include "models-work.h"

#define WIDTH 900
#define HEIGHT 600

enum
{
  RESPONSE_FOLDERS = 1,
  RESPONSE_ADD,
  RESPONSE_REMOVE,
  RESPONSE_DOWNLOAD
};

typedef struct
{
  PmtEngine *engine;
  PmtModelsWork *work;
  GtkDialog *dialog;
  GtkWidget *search;
  PmtModelsList *list;
  GtkWidget *details;
  GtkWidget *note;
  gchar *problems;
} Window;

/* ----------------------------------------------------------------- content */

/* Why a file of the user's is no model, if the engine says so. */
static const gchar *
find_problem (const Window *window, const PmtStoreItem *item)
{
  g_autofree gchar *name = item->path ? g_path_get_basename (item->path) : NULL;
  GPtrArray *problems = pmt_engine_list_problems (window->engine);

  for (guint i = 0; name && !item->model && i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      if (g_strcmp0 (problem->name, name) == 0
          || g_strcmp0 (problem->name, item->path) == 0)
        return problem->message;
    }

  return NULL;
}

static gchar *
describe_work (Window *window, const gchar *path)
{
  g_autofree gchar *stage = NULL;
  g_autofree gchar *name = NULL;
  gdouble fraction;

  if (!pmt_models_work_get_progress (window->work, path, &stage, &fraction))
    return NULL;
  if (!*path)
    return g_strdup (_ ("Looking for models…"));
  name = g_filename_display_basename (path);
  if (fraction < 0.0)
    /* Translators: %s is a file's name. */
    return g_strdup_printf (_ ("Adding “%s”…"), name);

  return g_strdup_printf (_ ("Adding “%s”: %d %%"), name,
                          (gint)(fraction * 100.0));
}

static void
update_note (Window *window)
{
  const gchar *path = pmt_models_work_get_any (window->work);
  const gchar *error = pmt_models_work_get_error (window->work, "");
  g_autofree gchar *busy = path ? describe_work (window, path) : NULL;
  const gchar *text = busy ? busy : error ? error : window->problems;

  if (!text && !pmt_models_list_has_offers (window->list))
    text = _ ("The catalog of this installation offers no models to download. "
              "Add the files that you have.");
  gtk_label_set_text (GTK_LABEL (window->note), text ? text : "");
}

static void
set_button (Window *window,
            gint response,
            const gchar *label,
            gboolean is_sensitive)
{
  GtkWidget *button =
      gtk_dialog_get_widget_for_response (window->dialog, response);

  gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_dialog_set_response_sensitive (window->dialog, response, is_sensitive);
}

static gboolean
is_busy (Window *window, const PmtStoreItem *item)
{
  g_autofree gchar *stage = NULL;
  gdouble fraction;

  return item
         && pmt_models_work_get_progress (window->work, item->id, &stage,
                                          &fraction);
}

static void
update_buttons (Window *window)
{
  const PmtStoreItem *item = pmt_models_list_get_selected (window->list);
  const gboolean busy = is_busy (window, item);
  const gboolean is_partial = item && item->state == PMT_STORE_PARTIAL;
  const gboolean is_offer =
      is_partial || (item && item->state == PMT_STORE_AVAILABLE);

  set_button (window, RESPONSE_DOWNLOAD,
              busy && is_offer ? _ ("_Pause")
              : is_partial     ? _ ("_Resume")
                               : _ ("_Download"),
              is_offer);
  set_button (window, RESPONSE_REMOVE,
              is_partial ? _ ("Discar_d…") : _ ("_Remove…"),
              item && !busy && (is_partial || item->can_remove));
}

static void
update (Window *window)
{
  const PmtStoreItem *item = pmt_models_list_get_selected (window->list);
  const gchar *problem = NULL;

  if (item)
    {
      problem = pmt_models_work_get_error (window->work, item->id);
      if (!problem)
        problem = find_problem (window, item);
    }
  pmt_models_details_show (window->details, item, problem,
                           _ ("No model has all of these words."));
  update_buttons (window);
}

static void
load (Window *window, const gchar *selected)
{
  g_autoptr (GPtrArray) problems = NULL;
  GString *text = g_string_new (NULL);

  pmt_models_list_set_items (
      window->list, pmt_store_list (window->engine, &problems), selected);
  for (guint i = 0; problems && i < MIN (problems->len, 3); i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "",
                              problem->message);
    }
  g_free (window->problems);
  window->problems = g_string_free (text, text->len == 0);
  pmt_models_list_show_progress (window->list, window->work);
  update_note (window);
}

static void
work_changed (gboolean is_done, gpointer user_data)
{
  Window *window = user_data;

  if (is_done)
    {
      g_autofree gchar *added = pmt_models_work_take_added (window->work);

      load (window, added);
      return;
    }
  pmt_models_list_show_progress (window->list, window->work);
  update_buttons (window);
  update_note (window);
}

static void
list_changed (gboolean is_activated, gpointer user_data)
{
  Window *window = user_data;
  const PmtStoreItem *item = pmt_models_list_get_selected (window->list);

  if (!is_activated)
    update (window);
  else if (item
           && (item->state == PMT_STORE_AVAILABLE
               || item->state == PMT_STORE_PARTIAL))
    gtk_dialog_response (window->dialog, RESPONSE_DOWNLOAD);
}

/* ----------------------------------------------------------------- actions */

static void
download_or_pause (Window *window)
{
  const PmtStoreItem *item = pmt_models_list_get_selected (window->list);

  if (!item)
    return;
  if (is_busy (window, item))
    pmt_models_work_cancel (window->work, item->id);
  else
    pmt_models_work_start (window->work, PMT_MODELS_DOWNLOAD, item->id, NULL);
  work_changed (FALSE, window);
  update (window);
}

static void
remove_item (Window *window)
{
  const PmtStoreItem *item = pmt_models_list_get_selected (window->list);
  const gboolean is_partial = item && item->state == PMT_STORE_PARTIAL;
  g_autofree gchar *id = NULL;
  g_autofree gchar *size = NULL;
  g_autofree gchar *question = NULL;

  if (!item)
    return;
  id = g_strdup (item->id);
  size = g_format_size (is_partial ? item->bytes_here : item->bytes);
  question = g_strdup_printf (
      is_partial ? _ ("Delete what was downloaded of “%s” (%s)?")
                 : _ ("Delete “%s” (%s)? Its files can't be brought back, but "
                      "by another download or from a copy of yours."),
      !is_partial && item->path ? item->path : item->name, size);
  if (pmt_confirm (GTK_WINDOW (window->dialog),
                   is_partial ? _ ("Discard Download") : _ ("Remove Model"),
                   question, _ ("_Delete")))
    pmt_models_work_start (window->work,
                           is_partial ? PMT_MODELS_DISCARD : PMT_MODELS_REMOVE,
                           id, NULL);
}

static void
add_file (Window *window)
{
  g_autofree gchar *path = pmt_models_choose_file (GTK_WINDOW (window->dialog));

  if (path)
    pmt_models_work_start (window->work, PMT_MODELS_ADD, path, NULL);
}

static void
choose_folders (Window *window)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) folders = pmt_store_get_sources (window->engine, &error);
  g_auto (GStrv) chosen = NULL;

  if (!folders)
    {
      gtk_label_set_text (GTK_LABEL (window->note), error->message);
      return;
    }
  chosen = pmt_models_choose_folders (GTK_WINDOW (window->dialog),
                                      (const gchar *const *)folders);
  if (chosen)
    pmt_models_work_start (window->work, PMT_MODELS_FOLDERS, "",
                           (const gchar *const *)chosen);
}

static gboolean
can_close (Window *window)
{
  return pmt_models_work_count (window->work) == 0
         || pmt_confirm (GTK_WINDOW (window->dialog), _ ("Stop Downloads"),
                         _ ("Something is still being downloaded or added. "
                            "Close the window and stop it? What was "
                            "downloaded is kept, and can be resumed."),
                         _ ("_Stop"));
}

/* ----------------------------------------------------------------- widgets */

static void
search_changed (GtkSearchEntry *entry, gpointer user_data)
{
  Window *window = user_data;

  pmt_models_list_set_search (window->list,
                              gtk_entry_get_text (GTK_ENTRY (entry)));
}

static void
search_activated (GtkEntry *entry, gpointer user_data)
{
  Window *window = user_data;

  search_changed (GTK_SEARCH_ENTRY (entry), window);
  pmt_models_list_grab_focus (window->list);
}

static gboolean
key_pressed (GtkWidget *dialog, GdkEventKey *event, gpointer user_data)
{
  Window *window = user_data;
  const GdkModifierType all = gtk_accelerator_get_default_mod_mask ();

  if (event->keyval != GDK_KEY_f || (event->state & all) != GDK_CONTROL_MASK)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (window->search);

  return GDK_EVENT_STOP;
}

static GtkWidget *
new_panes (Window *window)
{
  GtkWidget *panes = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  window->search = gtk_search_entry_new ();
  gtk_entry_set_placeholder_text (
      GTK_ENTRY (window->search),
      _ ("Words of the name, the kind or the license"));
  atk_object_set_name (gtk_widget_get_accessible (window->search),
                       _ ("Search"));
  window->list = pmt_models_list_new (list_changed, window);
  window->details = pmt_models_details_new ();
  gtk_widget_set_margin_end (left, 6);
  gtk_box_pack_start (GTK_BOX (left), window->search, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (left), pmt_models_list_get_widget (window->list),
                      TRUE, TRUE, 0);
  gtk_paned_pack1 (GTK_PANED (panes), left, TRUE, FALSE);
  gtk_paned_pack2 (GTK_PANED (panes), window->details, FALSE, FALSE);
  g_signal_connect (window->search, "search-changed",
                    G_CALLBACK (search_changed), window);
  g_signal_connect (window->search, "activate", G_CALLBACK (search_activated),
                    window);

  return panes;
}

static GtkWidget *
new_dialog (GtkWindow *parent)
{
  GtkWidget *dialog = gimp_dialog_new (
      _ ("Models"), "pentimento-models", NULL, 0, gimp_standard_help_func,
      "plug-in-pentimento-models", _ ("_Folders of Other Programs…"),
      RESPONSE_FOLDERS, _ ("_Add File…"), RESPONSE_ADD, _ ("_Remove…"),
      RESPONSE_REMOVE, _ ("_Close"), GTK_RESPONSE_CLOSE, _ ("_Download"),
      RESPONSE_DOWNLOAD, NULL);

  gtk_window_set_default_size (GTK_WINDOW (dialog), WIDTH, HEIGHT);
  if (parent)
    gtk_window_set_transient_for (GTK_WINDOW (dialog), parent);
  else
    gimp_window_set_transient (GTK_WINDOW (dialog));

  return dialog;
}

static void
window_init (Window *window, GtkWindow *parent)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  window->dialog = GTK_DIALOG (new_dialog (parent));
  window->work = pmt_models_work_new (window->engine, work_changed, window);
  window->note = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (window->note), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (window->note), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (window->note), 90);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (box), new_panes (window), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), window->note, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (window->dialog)),
                      box, TRUE, TRUE, 0);
  g_signal_connect (window->dialog, "key-press-event", G_CALLBACK (key_pressed),
                    window);
  gtk_widget_show_all (box);
  load (window, NULL);
  pmt_models_list_grab_focus (window->list);
}

void
pmt_models_window_run (PmtEngine *engine, GtkWindow *parent)
{
  Window window = { .engine = engine };
  gboolean is_open = TRUE;

  window_init (&window, parent);
  while (is_open)
    {
      const gint response = gimp_dialog_run (GIMP_DIALOG (window.dialog));

      if (response == RESPONSE_FOLDERS)
        choose_folders (&window);
      else if (response == RESPONSE_ADD)
        add_file (&window);
      else if (response == RESPONSE_REMOVE)
        remove_item (&window);
      else if (response == RESPONSE_DOWNLOAD)
        download_or_pause (&window);
      else
        is_open = !can_close (&window);
    }
  pmt_models_work_free (window.work);
  gtk_widget_destroy (GTK_WIDGET (window.dialog));
  pmt_models_list_free (window.list);
  g_free (window.problems);
}

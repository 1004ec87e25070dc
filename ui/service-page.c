/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* service-page.c: address, key and test of one service. */
#include "config.h"

#include "service-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  PmtEngine *engine;
  gchar *id;
  gboolean is_found;
  GtkWidget *address;
  GtkWidget *key;
  GtkWidget *state;
  GtkWidget *answer;
  GtkWidget *test;
  GCancellable *cancellable;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_cancellable_cancel (page->cancellable);
  g_object_unref (page->cancellable);
  pmt_engine_unref (page->engine);
  g_free (page->id);
  g_free (page);
}

/* ------------------------------------------------------------------ state */

static const gchar *
describe_key (const Page *page, const PmtServiceInfo *info)
{
  if (info->is_local)
    return page->is_found ? _ ("A server of yours; it answers. No key needed.")
                          : _ ("A server of yours. No key needed.");
  if (info->has_key)
    return _ ("A key was found.");

  return _ ("There is no key.");
}

static void
show_state (Page *page)
{
  g_autoptr (GPtrArray) services =
      pmt_engine_list_services (page->engine, NULL);

  for (guint i = 0; i < services->len; i++)
    {
      const PmtServiceInfo *info = g_ptr_array_index (services, i);
      const gchar *address = info->base_url ? info->base_url : "";

      if (!g_str_equal (info->id, page->id))
        continue;
      gtk_entry_set_text (GTK_ENTRY (page->address), address);
      gtk_label_set_text (GTK_LABEL (page->state), describe_key (page, info));
      if (info->key_env && !info->is_local)
        gtk_entry_set_placeholder_text (GTK_ENTRY (page->key), info->key_env);
    }
}

static void
tell (Page *page, const gchar *text)
{
  gtk_label_set_text (GTK_LABEL (page->answer), text);
}

/* ---------------------------------------------------------------- actions */

static void
save_address (GtkWidget *widget, gpointer user_data)
{
  Page *page = user_data;
  const gchar *address = gtk_entry_get_text (GTK_ENTRY (page->address));
  g_autoptr (GError) error = NULL;

  if (pmt_engine_set_address (page->engine, page->id, address, &error))
    tell (page, _ ("The address was saved."));
  else
    tell (page, error->message);
  if (!error)
    show_state (page);
}

static void
put_key (Page *page, const gchar *key, const gchar *done)
{
  g_autoptr (GError) error = NULL;

  if (pmt_engine_set_key (page->engine, page->id, key, &error))
    tell (page, done);
  else
    tell (page, error->message);
  gtk_entry_set_text (GTK_ENTRY (page->key), "");
  show_state (page);
}

static void
save_key (GtkWidget *widget, gpointer user_data)
{
  Page *page = user_data;
  const gchar *key = gtk_entry_get_text (GTK_ENTRY (page->key));

  if (*key)
    put_key (page, key, _ ("The key was put into the keyring."));
  else
    tell (page, _ ("Enter a key first."));
}

static void
forget_key (GtkWidget *widget, gpointer user_data)
{
  put_key (user_data, NULL, _ ("The key was taken out of the keyring."));
}

typedef struct
{
  PmtEngine *engine;
  gchar *id;
  gdouble balance;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  pmt_engine_unref (question->engine);
  g_free (question->id);
  g_free (question);
}

static void
ask (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  GError *error = NULL;

  if (pmt_engine_test_service (question->engine, question->id,
                               &question->balance, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* After a cancellation the page may be gone. */
static void
take_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const Question *question = g_task_get_task_data (G_TASK (result));
  Page *page = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  gtk_widget_set_sensitive (page->test, TRUE);
  if (error)
    text = g_strdup (error->message);
  else if (question->balance >= 0.0)
    text = g_strdup_printf (_ ("It works. The balance is %.6g."),
                            question->balance);
  else
    text = g_strdup (_ ("It works."));
  tell (page, text);
}

static void
start_test (GtkWidget *widget, gpointer user_data)
{
  Page *page = user_data;
  Question *question = g_new0 (Question, 1);
  g_autoptr (GTask) task =
      g_task_new (NULL, page->cancellable, take_answer, page);

  question->engine = pmt_engine_ref (page->engine);
  question->id = g_strdup (page->id);
  question->balance = -1.0;
  g_task_set_task_data (task, question, question_free);
  g_task_set_check_cancellable (task, TRUE);
  gtk_widget_set_sensitive (page->test, FALSE);
  tell (page, _ ("Asking…"));
  g_task_run_in_thread (task, ask);
}

/* ---------------------------------------------------------------- widgets */

static GtkWidget *
add_entry (GtkGrid *grid, gint row, const gchar *label_text)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (label_text);
  GtkWidget *entry = gtk_entry_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), entry);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_entry_set_width_chars (GTK_ENTRY (entry), 34);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, entry, 1, row, 1, 1);

  return entry;
}

static GtkWidget *
add_text (GtkGrid *grid, gint row)
{
  GtkWidget *text = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (text), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 46);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_widget_set_can_focus (text, FALSE);
  gtk_grid_attach (grid, text, 1, row, 1, 1);

  return text;
}

static GtkWidget *
add_button (GtkBox *box,
            const gchar *label,
            void (*clicked) (GtkWidget *, gpointer),
            Page *page)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect (button, "clicked", G_CALLBACK (clicked), page);
  gtk_box_pack_start (box, button, FALSE, FALSE, 0);

  return button;
}

static void
fill_grid (Page *page, GtkGrid *grid)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  page->address = add_entry (grid, 0, _ ("_Address:"));
  page->key = add_entry (grid, 1, _ ("_Key:"));
  gtk_entry_set_visibility (GTK_ENTRY (page->key), FALSE);
  gtk_entry_set_input_purpose (GTK_ENTRY (page->key),
                               GTK_INPUT_PURPOSE_PASSWORD);
  g_signal_connect (page->address, "activate", G_CALLBACK (save_address), page);
  g_signal_connect (page->key, "activate", G_CALLBACK (save_key), page);
  page->state = add_text (grid, 2);
  add_button (GTK_BOX (buttons), _ ("Save A_ddress"), save_address, page);
  add_button (GTK_BOX (buttons), _ ("_Save Key"), save_key, page);
  add_button (GTK_BOX (buttons), _ ("_Forget Key"), forget_key, page);
  page->test = add_button (GTK_BOX (buttons), _ ("_Test"), start_test, page);
  gtk_grid_attach (grid, buttons, 1, 3, 1, 1);
  page->answer = add_text (grid, 4);
}

GtkWidget *
pmt_service_page_new (PmtEngine *engine,
                      const gchar *service,
                      gboolean is_found)
{
  Page *page = g_new0 (Page, 1);
  GtkWidget *grid = gtk_grid_new ();

  page->engine = pmt_engine_ref (engine);
  page->id = g_strdup (service);
  page->is_found = is_found;
  page->cancellable = g_cancellable_new ();
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  fill_grid (page, GTK_GRID (grid));
  show_state (page);
  g_object_set_data_full (G_OBJECT (grid), "page", page, page_free);
  gtk_widget_show_all (grid);

  return grid;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* settings-dialog.c: widgets for parameters, and what they lead to. */
#include "config.h"

#include "settings-dialog.h"

#include <glib/gi18n-lib.h>

#include "area-view.h"
#include "estimate-text.h"
#include "message-rows.h"
#include "model-defaults.h"
#include "model-list.h"
#include "model-row.h"
#include "param-rows.h"
#include "param-widgets.h"
#include "patch-preview.h"
#include "preset-row.h"
#include "prompt-row.h"
#include "row-problem.h"
#include "scroll-fit.h"
#include "server-row.h"
#include "service-questions.h"
#include "settings-parts.h"
#include "upscale-size.h"

/* Wait for the user to pause before the request is checked again. */
#define CHECK_DELAY_MS 120

typedef struct
{
  const PmtSettings *settings;
  GimpProcedureConfig *config;
  GtkDialog *dialog;
  GtkWidget *icon;
  GtkWidget *text;
  GtkWidget *preview;  /* nullable */
  GtkWidget *area;     /* nullable */
  GtkWidget *scrolled; /* nullable */
  GtkWidget *pane;     /* nullable */
  PmtServiceQuestions *questions;
  const PmtModel *model; /* nullable: whose defaults are shown */
  guint timeout;
} Window;

static void
set_status (Window *window, const gchar *icon, const gchar *text)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (window->icon), icon,
                                GTK_ICON_SIZE_BUTTON);
  gtk_label_set_text (GTK_LABEL (window->text), text);
}

static void
show_problems (Window *window, GPtrArray *problems)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, problem->message);
    }
  set_status (window, GIMP_ICON_DIALOG_WARNING, text->str);
}

/* The service that runs it, when that is worth asking: one that costs. */
static gdouble
find_balance (Window *window,
              const PmtRequest *request,
              const PmtServiceInfo *service)
{
  const PmtParams *params = pmt_request_peek_params (request);

  if (!service || service->is_local
      || pmt_params_get_bool (params, "mock", FALSE))
    return -1.0;

  return pmt_service_questions_get_balance (window->questions, service->id)
      ->balance;
}

/* What the request leads to, in words; NULL with @error when it can't run. */
static gchar *
foretell (Window *window,
          const PmtRequest *request,
          gdouble *scale,
          GError **error)
{
  const PmtSettings *settings = window->settings;
  const gboolean is_upscale = settings->operation == PMT_OPERATION_UPSCALE;
  g_autoptr (GPtrArray) services = NULL;
  const PmtServiceInfo *service = NULL;
  PmtUpscaleSize size = { .scale = 1.0 };
  PmtEstimate estimate;
  const gboolean is_known =
      pmt_engine_estimate (settings->engine, request, &estimate, error);

  if (window->area)
    pmt_area_view_show (PMT_AREA_VIEW (window->area), request,
                        is_known ? &estimate : NULL);
  if (!is_known
      || !settings->check (window->config, request, &estimate,
                           settings->user_data, error)
      || (is_upscale
          && !pmt_upscale_size (settings->engine, request, &size, error)))
    return NULL;

  *scale = size.scale;
  if (estimate.provider)
    {
      services = pmt_engine_list_services (settings->engine, NULL);
      service = pmt_model_list_find_service (services, estimate.provider);
    }

  return pmt_estimate_text_add_notes (
      settings->engine, request,
      pmt_estimate_text_new (request, &estimate, is_upscale ? &size : NULL,
                             service, find_balance (window, request, service)));
}

/* The preview runs by itself and often, which is for this computer only. */
static gboolean
can_preview (Window *window, const PmtRequest *request)
{
  const PmtModel *model =
      pmt_engine_choose_model (window->settings->engine, request);

  return model && !pmt_model_is_remote (model);
}

/* What the settings ask for, once they are those of the chosen model. */
static PmtRequest *
make_request (Window *window)
{
  const PmtSettings *settings = window->settings;
  PmtRequest *request =
      settings->make_request (window->config, settings->user_data);
  const PmtModel *model = pmt_engine_choose_model (settings->engine, request);

  if (!model || model == window->model)
    return request;

  pmt_model_defaults_apply (window->config, settings->operation, window->model,
                            model);
  window->model = model;
  pmt_request_free (request);

  return settings->make_request (window->config, settings->user_data);
}

/* With the reason, where the button can't be pressed. */
static void
allow_run (Window *window, gboolean can_run)
{
  GtkWidget *button =
      gtk_dialog_get_widget_for_response (window->dialog, GTK_RESPONSE_OK);

  gtk_dialog_set_response_sensitive (window->dialog, GTK_RESPONSE_OK, can_run);
  gtk_widget_set_tooltip_text (
      button, can_run ? NULL : gtk_label_get_text (GTK_LABEL (window->text)));
}

static void
check_request (Window *window)
{
  const PmtSettings *settings = window->settings;
  g_autoptr (PmtRequest) request = make_request (window);
  g_autoptr (GPtrArray) problems =
      pmt_engine_validate (settings->engine, request);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = NULL;
  gdouble scale = 1.0;

  pmt_param_rows_update (GIMP_PROCEDURE_DIALOG (window->dialog), settings,
                         request);
  pmt_prompt_rows_update (GIMP_PROCEDURE_DIALOG (window->dialog), settings,
                          request);
  pmt_server_rows_update (GIMP_PROCEDURE_DIALOG (window->dialog), settings,
                          request, window->questions);
  if (problems->len > 0)
    {
      show_problems (window, problems);
      if (window->area)
        pmt_area_view_show (PMT_AREA_VIEW (window->area), request, NULL);
    }
  else if (!(text = foretell (window, request, &scale, &error)))
    set_status (window, GIMP_ICON_DIALOG_WARNING, error->message);
  else
    set_status (window, GIMP_ICON_DIALOG_INFORMATION, text);

  allow_run (window, text != NULL);
  pmt_row_problems_update (GIMP_PROCEDURE_DIALOG (window->dialog), settings,
                           problems);
  if (window->pane
      && pmt_results_pane_is_running (PMT_RESULTS_PANE (window->pane)))
    gtk_dialog_set_response_sensitive (window->dialog, GTK_RESPONSE_OK, FALSE);
  if (window->scrolled)
    pmt_scroll_fit_update (GTK_SCROLLED_WINDOW (window->scrolled));
  if (window->preview)
    pmt_patch_preview_set_request (
        PMT_PATCH_PREVIEW (window->preview),
        text && can_preview (window, request) ? request : NULL, scale);
}

static gboolean
check_after_pause (gpointer user_data)
{
  Window *window = user_data;

  window->timeout = 0;
  check_request (window);

  return G_SOURCE_REMOVE;
}

static void
check_later (gpointer user_data)
{
  Window *window = user_data;

  if (window->timeout != 0)
    g_source_remove (window->timeout);
  window->timeout = g_timeout_add (CHECK_DELAY_MS, check_after_pause, window);
}

static void
setting_changed (GObject *config, GParamSpec *pspec, gpointer user_data)
{
  check_later (user_data);
}

/* @expander: nullable. */
static void
add_scrolled (Window *window, GtkWidget *expander)
{
  GimpProcedureDialog *dialog = GIMP_PROCEDURE_DIALOG (window->dialog);
  const PmtSettings *settings = window->settings;
  g_autoptr (PmtRequest) request =
      settings->make_request (window->config, settings->user_data);
  GtkWidget *scrolled = gimp_procedure_dialog_fill_scrolled_window (
      dialog, "scrolled", "settings");

  if (settings->area_source)
    window->area = pmt_area_view_new (settings->area_source);
  if (settings->results)
    window->pane =
        pmt_results_pane_new (settings->engine, window->dialog, window->config,
                              settings->results, check_later, window);
  pmt_settings_fill_scrolled (dialog, window->area, window->pane);
  gtk_widget_show_all (scrolled);
  window->scrolled = scrolled;
  /* The height is that of the rows which the model has. */
  pmt_param_rows_update (dialog, settings, request);
  pmt_scroll_fit (GTK_SCROLLED_WINDOW (scrolled),
                  expander ? GTK_EXPANDER (expander) : NULL);
}

/* Where the user starts to type: below the model, so that Return is OK. */
static void
focus_settings (GtkWidget *dialog, gpointer user_data)
{
  const PmtSettings *settings = user_data;
  const PmtParamSpec *spec;

  if (settings->specs->len == 0)
    return;

  spec = g_ptr_array_index (settings->specs, 0);
  gtk_widget_child_focus (
      gimp_procedure_dialog_get_widget (GIMP_PROCEDURE_DIALOG (dialog),
                                        spec->name, G_TYPE_NONE),
      GTK_DIR_TAB_FORWARD);
}

static void
make_widgets (Window *window)
{
  GimpProcedureDialog *dialog = GIMP_PROCEDURE_DIALOG (window->dialog);
  const PmtSettings *settings = window->settings;

  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);

      if (pmt_preset_row_is_for (spec))
        pmt_preset_row_make (dialog, window->config, settings);
      else
        pmt_param_widget_make (dialog, window->config, spec, settings->engine,
                               settings->operation);
    }
}

static void
fill_dialog (Window *window)
{
  GimpProcedureDialog *dialog = GIMP_PROCEDURE_DIALOG (window->dialog);
  const PmtSettings *settings = window->settings;
  const gboolean with_model =
      pmt_model_row_is_needed (settings->engine, settings->operation);
  g_autoptr (GList) basic =
      pmt_settings_list_names (settings, with_model, FALSE);
  g_autoptr (GList) advanced = pmt_settings_list_names (settings, FALSE, TRUE);
  g_autoptr (GList) parts = g_list_append (NULL, (gpointer) "basic-box");
  GtkWidget *expander = NULL;
  GtkWidget *box;
  GtkWidget *faces;

  if (with_model)
    pmt_model_row_make (dialog, window->config, settings->engine,
                        settings->operation);
  make_widgets (window);
  box = gimp_procedure_dialog_fill_box_list (dialog, "basic-box", basic);
  pmt_param_rows_add_references (dialog, window->config, GTK_BOX (box));
  faces = pmt_param_rows_add_faces (dialog, settings, window->config,
                                    GTK_BOX (box));
  if (faces)
    g_signal_connect_swapped (faces, "found", G_CALLBACK (check_later), window);
  if (advanced)
    {
      expander = pmt_settings_fill_advanced (dialog, advanced);
      parts = g_list_append (parts, (gpointer) "advanced");
    }
  gimp_procedure_dialog_fill_box_list (dialog, "settings", parts);
  if (settings->patch_source)
    window->preview =
        pmt_settings_add_preview (dialog, window->config, settings);
  else
    add_scrolled (window, expander);
}

gboolean
pmt_settings_dialog_run (GimpProcedure *procedure,
                         GimpProcedureConfig *config,
                         const PmtSettings *settings)
{
  GtkWidget *dialog = gimp_procedure_dialog_new (
      procedure, config, pmt_operation_label (settings->operation));
  Window window = {
    .settings = settings,
    .config = config,
    .dialog = GTK_DIALOG (dialog),
  };
  gulong handler;
  gboolean is_ok;

  window.questions =
      pmt_service_questions_new (settings->engine, check_later, &window);
  fill_dialog (&window);
  pmt_message_rows_add_warnings (window.dialog, settings->warnings);
  pmt_message_rows_add (window.dialog, &window.icon, &window.text);
  check_request (&window);
  pmt_param_rows_find_faces (GIMP_PROCEDURE_DIALOG (dialog), settings);

  g_signal_connect_after (dialog, "map", G_CALLBACK (focus_settings),
                          (gpointer)settings);
  handler = g_signal_connect (config, "notify", G_CALLBACK (setting_changed),
                              &window);
  is_ok = window.pane
              ? pmt_results_pane_run (PMT_RESULTS_PANE (window.pane))
              : gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog));

  g_signal_handler_disconnect (config, handler);
  pmt_service_questions_free (window.questions);
  if (window.timeout != 0)
    g_source_remove (window.timeout);
  if (window.preview)
    pmt_patch_preview_stop (PMT_PATCH_PREVIEW (window.preview));
  pmt_param_rows_stop (GIMP_PROCEDURE_DIALOG (dialog));
  gtk_widget_destroy (dialog);

  return is_ok;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-dialog.c: asks for the settings of a call. */
#include "config.h"

#include "operation-dialog.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "area-view.h"
#include "image-scale.h"
#include "layer-reader.h"
#include "remote-arguments.h"
#include "settings-dialog.h"

/* A prompt chooses among the models that are on this computer. */
static gboolean
chooses_model (PmtEngine *engine, PmtOperation operation)
{
  g_autoptr (GPtrArray) models =
      pmt_engine_list_models (engine, (gint)operation);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, (gint)operation);

  g_ptr_array_extend (models, templates, NULL, NULL);
  for (guint i = 0; i < models->len; i++)
    if (!pmt_model_is_remote (models->pdata[i])
        && pmt_model_takes_param (models->pdata[i], operation, "prompt"))
      return TRUE;
  return FALSE;
}

static gboolean
argument_applies (const gchar *name,
                  const PmtRequest *request,
                  gpointer user_data)
{
  const PmtCall *call = user_data;
  const PmtModel *model = pmt_engine_choose_model (call->engine, request);
  const PmtOperation operation = pmt_request_get_operation (request);

  if ((strcmp (name, "prompt") == 0 || strcmp (name, "preset") == 0)
      && !pmt_request_get_model (request)
      && chooses_model (call->engine, operation))
    return TRUE;
  if (strcmp (name, "preset") == 0)
    return model && pmt_model_takes_param (model, operation, "prompt");
  if (strcmp (name, pmt_image_scale_spec ()->name) == 0)
    return pmt_image_scale_applies (request);
  if (pmt_remote_arguments_has_name (name))
    return model && pmt_model_is_remote (model);

  return !model
         || (pmt_model_takes_param (model, operation, name)
             && pmt_model_param_applies (model, name,
                                         pmt_request_peek_params (request)));
}

static GeglBuffer *
read_patch (const GeglRectangle *rect, gpointer user_data, GError **error)
{
  return pmt_layer_reader_read (user_data, rect, error);
}

static GdkPixbuf *
make_thumbnail (gint width, gint height, gpointer user_data)
{
  return pmt_layer_reader_thumbnail (user_data, width, height);
}

/* Of the whole image: a picture that is generated lies over all of it. */
static GdkPixbuf *
make_image_thumbnail (gint width, gint height, gpointer user_data)
{
  const PmtCall *call = user_data;

  return gimp_image_get_thumbnail (call->image, width, height,
                                   GIMP_PIXBUF_KEEP_ALPHA);
}

static gboolean
has_preview (PmtOperation operation)
{
  return operation == PMT_OPERATION_UPSCALE
         || operation == PMT_OPERATION_ENHANCE;
}

static gboolean
has_faces (PmtOperation operation)
{
  return operation == PMT_OPERATION_FACE || has_preview (operation);
}

gboolean
pmt_operation_dialog_run (PmtCall *call,
                          GimpProcedure *procedure,
                          GimpProcedureConfig *config,
                          const PmtResultsSource *results,
                          GError **error)
{
  const PmtOperation operation = call->data->operation;
  const gboolean has_area = pmt_area_view_is_for (operation);
  g_autoptr (PmtLayerReader) reader =
      has_faces (operation) || (has_area && pmt_call_needs_layer (operation))
          ? pmt_layer_reader_new (call->layer)
          : NULL;
  g_autoptr (GPtrArray) warnings = pmt_call_list_warnings (call);
  const PmtPatchSource source = { read_patch, make_thumbnail, reader };
  const PmtPatchSource image = { NULL, make_image_thumbnail, call };
  const PmtSettings settings = {
    .engine = call->engine,
    .operation = operation,
    .specs = call->data->specs,
    .warnings = warnings,
    .make_request = pmt_call_make_request,
    .applies = argument_applies,
    .check = pmt_call_check_limits,
    .patch_source = has_preview (operation) ? &source : NULL,
    .face_source = has_faces (operation) ? &source : NULL,
    .area_source = has_area ? (reader ? &source : &image) : NULL,
    .finds_faces = operation == PMT_OPERATION_FACE,
    .results = results,
    .user_data = call,
  };

  /* gimp_ui_init() ends the process where there is no display. */
  if (!gtk_init_check (NULL, NULL))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("There is no display for a dialog. Call “%s” with "
                      "run-mode RUN-NONINTERACTIVE."),
                   gimp_procedure_get_name (procedure));
      return FALSE;
    }
  gimp_ui_init ("pentimento");

  return pmt_settings_dialog_run (procedure, config, &settings);
}

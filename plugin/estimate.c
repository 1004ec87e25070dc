/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* estimate.c: what a run would make and cost, without a run. */
#include "config.h"

#include "estimate.h"

#include <glib/gi18n-lib.h>

#include "forecast.h"
#include "procedure-parts.h"

/* GIMP has no dialog to remember arguments for. */
#define FLAGS (G_PARAM_READWRITE | GIMP_PARAM_DONT_SERIALIZE)

/* Return values, in their order. */
enum
{
  VALUE_TEXT = 1,
  VALUE_PROBLEMS,
  VALUE_COST,
  VALUE_UNIT,
  VALUE_SECONDS,
  VALUE_MEGABYTES,
  VALUE_COUNT,
  VALUE_WIDTH,
  VALUE_HEIGHT,
  VALUE_IMAGE_WIDTH,
  VALUE_IMAGE_HEIGHT,
  VALUE_MODEL,
  VALUE_SERVICE
};

/* ----------------------------------------------------------------- answer -- */

static void
set_estimate (GimpValueArray *values, const PmtForecast *forecast)
{
  const PmtEstimate *estimate = &forecast->estimate;
  const GeglRectangle bounds = pmt_forecast_get_bounds (forecast);
  const gboolean is_known = forecast->is_known;
  const gboolean is_layer =
      forecast->call.data->operation != PMT_OPERATION_SELECT_SUBJECT;

  GIMP_VALUES_SET_DOUBLE (values, VALUE_COST,
                          is_known ? MAX (estimate->credits, -1.0) : -1.0);
  GIMP_VALUES_SET_STRING (values, VALUE_UNIT,
                          estimate->unit ? estimate->unit : "");
  GIMP_VALUES_SET_DOUBLE (values, VALUE_SECONDS,
                          is_known ? MAX (estimate->seconds, -1.0) : -1.0);
  GIMP_VALUES_SET_DOUBLE (values, VALUE_MEGABYTES,
                          is_known ? (gdouble)estimate->bytes / 1e6 : -1.0);
  GIMP_VALUES_SET_INT (values, VALUE_COUNT,
                       is_layer ? (gint)estimate->n_items : 0);
  GIMP_VALUES_SET_INT (values, VALUE_WIDTH, bounds.width);
  GIMP_VALUES_SET_INT (values, VALUE_HEIGHT, bounds.height);
  GIMP_VALUES_SET_INT (values, VALUE_IMAGE_WIDTH, estimate->width);
  GIMP_VALUES_SET_INT (values, VALUE_IMAGE_HEIGHT, estimate->height);
  GIMP_VALUES_SET_STRING (values, VALUE_SERVICE,
                          estimate->provider ? estimate->provider : "");
}

static void
set_answer (GimpValueArray *values, const PmtForecast *forecast)
{
  g_autofree gchar *text = pmt_forecast_make_text (forecast);
  g_autofree const gchar **problems =
      g_new0 (const gchar *, forecast->problems->len + 1);
  const PmtModel *model =
      forecast->request
          ? pmt_engine_choose_model (forecast->call.engine, forecast->request)
          : NULL;

  for (guint i = 0; i < forecast->problems->len; i++)
    problems[i] = g_ptr_array_index (forecast->problems, i);
  GIMP_VALUES_SET_STRING (values, VALUE_TEXT, text);
  GIMP_VALUES_SET_STRV (values, VALUE_PROBLEMS, problems);
  GIMP_VALUES_SET_STRING (values, VALUE_MODEL,
                          model ? pmt_model_get_id (model) : "");
  set_estimate (values, forecast);
}

/* Windows or not: there is nothing to ask. */
static GimpValueArray *
estimate_run (GimpProcedure *procedure,
              GimpProcedureConfig *config,
              gpointer run_data)
{
  g_autoptr (GimpImage) image = NULL;
  g_autofree GimpDrawable **drawables = NULL;
  g_autofree gchar *operation = NULL;
  g_autofree gchar *settings = NULL;
  g_auto (PmtForecast) forecast = { NULL };
  GimpValueArray *values;
  GError *error = NULL;

  gegl_init (NULL, NULL);
  g_object_get (config, "image", &image, "drawables", &drawables, "operation",
                &operation, "settings", &settings, NULL);
  if (!pmt_forecast_init (&forecast, gimp_procedure_get_plug_in (procedure),
                          image, drawables, operation, settings, &error))
    return pmt_procedure_new_failure (procedure, error);

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  set_answer (values, &forecast);

  return values;
}

/* ------------------------------------------------------------ declaration -- */

/* No layer at all is allowed, which GIMP and GLib would call invalid. */
static void
declare_arguments (GimpProcedure *procedure)
{
  pmt_procedure_declare_run_mode (procedure,
                                  _ ("Of no effect: there is no dialog."),
                                  GIMP_RUN_NONINTERACTIVE);
  gimp_procedure_add_image_argument (procedure, "image", _ ("Image"),
                                     _ ("The picture that would be worked on."),
                                     TRUE, FLAGS);
  gimp_procedure_add_core_object_array_argument (
      procedure, "drawables", _ ("Drawables"),
      _ ("One layer; for “generate” none is needed."), GIMP_TYPE_DRAWABLE,
      FLAGS | G_PARAM_LAX_VALIDATION | GIMP_PARAM_NO_VALIDATE);
  gimp_procedure_add_string_argument (
      procedure, "operation", _ ("Operation"),
      _ ("What would be run: generate, reimagine, fill, edit, remove, expand, "
         "upscale, enhance, face or select-subject."),
      "", FLAGS);
  gimp_procedure_add_string_argument (
      procedure, "settings", _ ("Settings"),
      _ ("The arguments of the operation as a JSON object, such as "
         "{\"prompt\": \"a cat\", \"count\": 2}; those that are left out have "
         "their defaults. “references” is a list of the numbers of layers."),
      "", FLAGS);
}

static void
declare_texts (GimpProcedure *procedure)
{
  gimp_procedure_add_string_return_value (
      procedure, "text", _ ("Text"),
      _ ("What would be made, in sentences; or why it can't be run"), "",
      G_PARAM_READWRITE);
  gimp_procedure_add_string_array_return_value (
      procedure, "problems", _ ("Problems"),
      _ ("Why it can't be run, a sentence each; empty: it can"),
      G_PARAM_READWRITE);
}

static void
declare_double (GimpProcedure *procedure,
                const gchar *name,
                const gchar *label,
                const gchar *help)
{
  gimp_procedure_add_double_return_value (procedure, name, label, help, -1.0,
                                          G_MAXDOUBLE, -1.0, G_PARAM_READWRITE);
}

static void
declare_int (GimpProcedure *procedure,
             const gchar *name,
             const gchar *label,
             const gchar *help)
{
  gimp_procedure_add_int_return_value (procedure, name, label, help, 0,
                                       G_MAXINT, 0, G_PARAM_READWRITE);
}

/* In the order of the enumeration above. */
static void
declare_numbers (GimpProcedure *procedure)
{
  declare_double (procedure, "cost", _ ("Cost"),
                  _ ("In “unit”; 0: nothing; -1: not known"));
  gimp_procedure_add_string_return_value (
      procedure, "unit", _ ("Unit"),
      _ ("Of the cost: “credits”, a currency such as “USD”, or empty"), "",
      G_PARAM_READWRITE);
  declare_double (procedure, "seconds", _ ("Seconds"),
                  _ ("About how long it takes; -1: not known"));
  declare_double (procedure, "megabytes", _ ("Megabytes"),
                  _ ("Memory that it needs; -1: not known"));
  declare_int (procedure, "count", _ ("Count"),
               _ ("How many new layers there would be"));
  declare_int (procedure, "width", _ ("Width"),
               _ ("Pixels of the new layers together; 0: not known"));
  declare_int (procedure, "height", _ ("Height"),
               _ ("Pixels of the new layers together; 0: not known"));
  declare_int (procedure, "image-width", _ ("Width of the image"),
               _ ("Pixels after the run; 0: not known"));
  declare_int (procedure, "image-height", _ ("Height of the image"),
               _ ("Pixels after the run; 0: not known"));
}

GimpProcedure *
pmt_estimate_create (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure =
      gimp_procedure_new (plug_in, PMT_ESTIMATE_PROCEDURE,
                          GIMP_PDB_PROC_TYPE_PLUGIN, estimate_run, NULL, NULL);

  pmt_procedure_describe (
      procedure, NULL, _ ("Tell what an operation would make and cost"),
      _ ("Tells what another procedure of Pentimento would make of the same "
         "arguments: how many layers of which size, cost, time and memory, "
         "with which model and service, and what would stop it. Changes "
         "nothing and sends nothing. A wrong argument is an error, as it "
         "would be there."));
  declare_arguments (procedure);
  declare_texts (procedure);
  declare_numbers (procedure);
  gimp_procedure_add_string_return_value (
      procedure, "model", _ ("Model"),
      _ ("Identifier of the model that would do the work"), "",
      G_PARAM_READWRITE);
  gimp_procedure_add_string_return_value (
      procedure, "service", _ ("Service"),
      _ ("Identifier of the service that would run it; empty: this computer"),
      "", G_PARAM_READWRITE);

  return procedure;
}

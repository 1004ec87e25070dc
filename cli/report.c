/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "report.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* "cJSON *" has no autoptr of its own; its printed text is plain malloc. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

static void
print_json (const cJSON *json)
{
  gchar *text = cJSON_Print (json);

  g_print ("%s\n", text);
  cJSON_free (text);
}

/* GEGL's start takes 350 MB for a moment, more than many a run. */
void
report_reset_peak_memory (void)
{
  const gint file = open ("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

  if (file < 0)
    return;
  /* 5: the highest resident size starts anew; see proc(5).  Without it, the
   * start counts. */
  if (write (file, "5", 1) != 1)
    g_debug ("The peak of the memory can't be reset.");
  close (file);
}

static guint64
peak_memory (void)
{
  const gchar *key = "VmHWM:";
  g_autofree gchar *status = NULL;
  const gchar *found = NULL;
  struct rusage usage;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    found = strstr (status, key);
  if (found)
    return g_ascii_strtoull (found + strlen (key), NULL, 10) * 1024;
  if (getrusage (RUSAGE_SELF, &usage) != 0)
    return 0;
  return (guint64)usage.ru_maxrss * 1024;
}

static gdouble
to_seconds (gint64 microseconds)
{
  return microseconds / (gdouble)G_USEC_PER_SEC;
}

static void
add_timings (cJSON *json, const PmtResult *result, const RunTimes *times)
{
  g_autoptr (GVariant) timings = pmt_result_get_timings (result);
  cJSON *object = cJSON_AddObjectToObject (json, "timings");
  GVariantIter iter;
  const gchar *stage;
  gdouble seconds;

  g_variant_iter_init (&iter, timings);
  while (g_variant_iter_next (&iter, "{&sd}", &stage, &seconds))
    cJSON_AddNumberToObject (object, stage, seconds);
  cJSON_AddNumberToObject (object, "Loading", to_seconds (times->load));
  cJSON_AddNumberToObject (object, "Saving", to_seconds (times->save));
}

static void
add_items (cJSON *json, const PmtResult *result)
{
  cJSON *items = cJSON_AddArrayToObject (json, "items");

  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      const GeglRectangle *extent =
          gegl_buffer_get_extent (pmt_result_get_picture (result, i));
      const gint numbers[] = { extent->x, extent->y, extent->width,
                               extent->height };
      cJSON *item = cJSON_CreateObject ();

      cJSON_AddItemToArray (items, item);
      cJSON_AddStringToObject (item, "name", pmt_result_get_name (result, i));
      cJSON_AddNumberToObject (item, "seed", pmt_result_get_seed (result, i));
      cJSON_AddItemToObject (item, "extent", cJSON_CreateIntArray (numbers, 4));
      cJSON_AddItemToObject (item, "recipe",
                             cJSON_Parse (pmt_result_get_recipe (result, i)));
    }
}

static void
report_run_json (const PmtResult *result,
                 gchar **out,
                 gdouble credits,
                 const RunTimes *times)
{
  g_autoptr (cJSON) json = cJSON_CreateObject ();
  const gchar *const *notes = pmt_result_get_notes (result);
  GeglRectangle canvas;
  cJSON *array;

  pmt_result_get_canvas (result, &canvas);
  array = cJSON_AddArrayToObject (json, "out");
  for (; *out; out++)
    cJSON_AddItemToArray (array, cJSON_CreateString (*out));
  cJSON_AddNumberToObject (json, "width", canvas.width);
  cJSON_AddNumberToObject (json, "height", canvas.height);
  cJSON_AddNumberToObject (json, "seed", pmt_result_get_seed (result, 0));
  cJSON_AddNumberToObject (json, "credits", credits);
  cJSON_AddNumberToObject (json, "seconds", to_seconds (times->total));
  cJSON_AddNumberToObject (json, "peak_memory", (gdouble)peak_memory ());
  add_timings (json, result, times);
  add_items (json, result);
  array = cJSON_AddArrayToObject (json, "notes");
  for (; *notes; notes++)
    cJSON_AddItemToArray (array, cJSON_CreateString (*notes));
  print_json (json);
}

void
report_run (const PmtResult *result,
            gchar **out,
            gdouble credits,
            const RunTimes *times,
            gboolean is_json)
{
  const gchar *const *notes = pmt_result_get_notes (result);

  if (is_json)
    {
      report_run_json (result, out, credits, times);
      return;
    }

  for (; *notes; notes++)
    g_print ("%s\n", *notes);
  for (; *out; out++)
    g_print ("%s\n", *out);
}

void
report_estimate (const PmtEstimate *estimate, gboolean is_json)
{
  g_autoptr (cJSON) json = NULL;
  g_autofree gchar *bytes = NULL;
  const gint region[] = { estimate->region.x, estimate->region.y,
                          estimate->region.width, estimate->region.height };

  if (!is_json)
    {
      bytes = g_format_size (estimate->bytes);
      g_print (g_dngettext (GETTEXT_PACKAGE,
                            "%u picture on a canvas of %d x %d px, about %.1f "
                            "s, %s of memory, %g credits.\n",
                            "%u pictures on a canvas of %d x %d px, about %.1f "
                            "s, %s of memory, %g credits.\n",
                            estimate->n_items),
               estimate->n_items, estimate->width, estimate->height,
               estimate->seconds, bytes, estimate->credits);
      return;
    }

  json = cJSON_CreateObject ();
  cJSON_AddNumberToObject (json, "items", estimate->n_items);
  cJSON_AddNumberToObject (json, "width", estimate->width);
  cJSON_AddNumberToObject (json, "height", estimate->height);
  cJSON_AddNumberToObject (json, "seconds", estimate->seconds);
  cJSON_AddNumberToObject (json, "memory", (gdouble)estimate->bytes);
  cJSON_AddNumberToObject (json, "credits", estimate->credits);
  cJSON_AddItemToObject (json, "region", cJSON_CreateIntArray (region, 4));
  print_json (json);
}

/* ---------------------------------------------------------------- models -- */

static gchar *
range_text (const PmtParamSpec *spec)
{
  g_autofree gchar *choices = NULL;
  gchar min[G_ASCII_DTOSTR_BUF_SIZE];
  gchar max[G_ASCII_DTOSTR_BUF_SIZE];

  switch (spec->type)
    {
    case PMT_PARAM_BOOL:
      return g_strdup (_ ("true or false"));
    case PMT_PARAM_INT:
    case PMT_PARAM_NUMBER:
      /* With a point in every language, as --set wants them. */
      g_ascii_formatd (min, sizeof min, "%.10g", spec->min);
      g_ascii_formatd (max, sizeof max, "%.10g", spec->max);
      return g_strdup_printf ("%s..%s%s%s", min, max, spec->unit ? " " : "",
                              pmt_param_spec_get_unit (spec));
    case PMT_PARAM_CHOICE:
      choices = g_strjoinv (", ", spec->choices);
      return g_steal_pointer (&choices);
    case PMT_PARAM_STRING:
      return g_strdup_printf (_ ("text of up to %.0f characters"), spec->max);
    }
  return g_strdup ("");
}

static void
print_params (const PmtModel *model, PmtOperation operation)
{
  g_autoptr (GPtrArray) specs = pmt_model_list_params (model, operation);

  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (specs, i);
      g_autofree gchar *range = range_text (spec);
      g_autofree gchar *value = g_variant_print (spec->default_value, FALSE);

      g_print ("    %s = %s  (%s)\n        %s\n", spec->name, value, range,
               pmt_param_spec_get_help (spec));
    }
}

static void
print_model (const PmtModel *model)
{
  g_print ("%s: %s [%s]\n", pmt_model_get_id (model),
           pmt_model_get_name (model), pmt_model_get_license (model));
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    if (pmt_model_supports (model, i))
      {
        g_print ("  %s\n", pmt_operation_to_string (i));
        print_params (model, i);
      }
}

static cJSON *
model_json (const PmtModel *model)
{
  cJSON *json = cJSON_CreateObject ();
  cJSON *operations;

  cJSON_AddStringToObject (json, "id", pmt_model_get_id (model));
  cJSON_AddStringToObject (json, "name", pmt_model_get_name (model));
  cJSON_AddStringToObject (json, "family", pmt_model_get_family (model));
  cJSON_AddStringToObject (json, "backend", pmt_model_get_backend (model));
  cJSON_AddStringToObject (json, "license", pmt_model_get_license (model));
  operations = cJSON_AddObjectToObject (json, "operations");
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    if (pmt_model_supports (model, i))
      {
        g_autoptr (GPtrArray) specs = pmt_model_list_params (model, i);
        cJSON *names =
            cJSON_AddArrayToObject (operations, pmt_operation_to_string (i));

        for (guint k = 0; k < specs->len; k++)
          {
            const PmtParamSpec *spec = g_ptr_array_index (specs, k);

            cJSON_AddItemToArray (names, cJSON_CreateString (spec->name));
          }
      }
  return json;
}

void
report_models (GPtrArray *models, gboolean is_json)
{
  g_autoptr (cJSON) json = is_json ? cJSON_CreateArray () : NULL;

  for (guint i = 0; i < models->len; i++)
    if (is_json)
      cJSON_AddItemToArray (json, model_json (g_ptr_array_index (models, i)));
    else
      print_model (g_ptr_array_index (models, i));

  if (is_json)
    print_json (json);
}

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
add_notes (cJSON *json, const gchar *const *notes)
{
  cJSON *array = cJSON_AddArrayToObject (json, "notes");

  for (; *notes; notes++)
    cJSON_AddItemToArray (array, cJSON_CreateString (*notes));
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
  add_notes (json, notes);
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

/* Of models that work in steps. */
static void
add_work (cJSON *json, const PmtEstimate *estimate)
{
  const gint made[] = { estimate->made.x, estimate->made.y,
                        estimate->made.width, estimate->made.height };
  const gint work[] = { estimate->work_width, estimate->work_height };

  cJSON_AddItemToObject (json, "made", cJSON_CreateIntArray (made, 4));
  cJSON_AddItemToObject (json, "work", cJSON_CreateIntArray (work, 2));
  cJSON_AddNumberToObject (json, "steps", estimate->n_steps);
}

/* How long a service takes, nobody knows. */
static void
print_remote (const PmtEstimate *estimate)
{
  g_autofree gchar *bytes = g_format_size (estimate->bytes);

  g_print (g_dngettext (GETTEXT_PACKAGE,
                        "%u picture on a canvas of %d x %d px, %s of memory.\n",
                        "%u pictures on a canvas of %d x %d px, %s of "
                        "memory.\n",
                        estimate->n_items),
           estimate->n_items, estimate->width, estimate->height, bytes);
  if (estimate->credits < 0.0)
    g_print (_ ("What it costs at \"%s\" is not known.\n"), estimate->provider);
  else
    g_print (_ ("It costs %g %s at \"%s\".\n"), estimate->credits,
             estimate->unit ? estimate->unit : "", estimate->provider);
}

static void
print_estimate (const PmtEstimate *estimate)
{
  g_autofree gchar *bytes = g_format_size (estimate->bytes);

  g_print (g_dngettext (GETTEXT_PACKAGE,
                        "%u picture on a canvas of %d x %d px, about %.1f "
                        "s, %s of memory, %g credits.\n",
                        "%u pictures on a canvas of %d x %d px, about %.1f "
                        "s, %s of memory, %g credits.\n",
                        estimate->n_items),
           estimate->n_items, estimate->width, estimate->height,
           estimate->seconds, bytes, estimate->credits);
  if (estimate->n_steps > 0)
    g_print (_ ("The model works at %d x %d px in %u steps; the result "
                "has %d x %d px.\n"),
             estimate->work_width, estimate->work_height, estimate->n_steps,
             estimate->made.width, estimate->made.height);
}

void
report_estimate (const PmtEstimate *estimate,
                 const gchar *const *notes,
                 gboolean is_json)
{
  g_autoptr (cJSON) json = NULL;
  const gint region[] = { estimate->region.x, estimate->region.y,
                          estimate->region.width, estimate->region.height };

  if (!is_json)
    {
      if (estimate->provider)
        print_remote (estimate);
      else
        print_estimate (estimate);
      for (; *notes; notes++)
        g_print ("%s\n", *notes);
      return;
    }

  json = cJSON_CreateObject ();
  cJSON_AddNumberToObject (json, "items", estimate->n_items);
  cJSON_AddNumberToObject (json, "width", estimate->width);
  cJSON_AddNumberToObject (json, "height", estimate->height);
  cJSON_AddNumberToObject (json, "seconds", estimate->seconds);
  cJSON_AddNumberToObject (json, "memory", (gdouble)estimate->bytes);
  cJSON_AddNumberToObject (json, "credits", estimate->credits);
  if (estimate->provider)
    cJSON_AddStringToObject (json, "provider", estimate->provider);
  if (estimate->unit)
    cJSON_AddStringToObject (json, "unit", estimate->unit);
  cJSON_AddItemToObject (json, "region", cJSON_CreateIntArray (region, 4));
  if (estimate->n_steps > 0)
    add_work (json, estimate);
  add_notes (json, notes);
  print_json (json);
}

/* ---------------------------------------------------------------- models -- */

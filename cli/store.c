/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "store.h"

#include <glib/gi18n-lib.h>

#include "store-job.h"
#include "store-report.h"

#define OPTIONS                                                                \
  "--download, --discard, --add, --sources, --add-source, --remove-source"

gboolean
store_check (const Options *options, GError **error)
{
  const gboolean is_store = g_str_equal (options->verb, "store");
  const gint n = (options->download != NULL) + (options->discard != NULL)
                 + (options->add != NULL) + (options->add_source != NULL)
                 + (options->remove_source != NULL) + options->is_sources;

  if (!is_store && n > 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("%s belong to \"store\"."), OPTIONS);
  else if (is_store && n + (options->remove != NULL) > 1)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("Only one of %s can be done at a time."),
                 OPTIONS ", --remove");
  else
    return TRUE;
  return FALSE;
}

/* -------------------------------------------------------------- sources -- */

static gboolean
add_source (PmtEngine *engine, const gchar *folder, GError **error)
{
  g_auto (GStrv) sources = pmt_store_get_sources (engine, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  if (!sources)
    return FALSE;
  g_strv_builder_addv (builder, (const gchar **)sources);
  g_strv_builder_add (builder, folder);
  all = g_strv_builder_end (builder);
  return pmt_store_set_sources (engine, (const gchar *const *)all, error);
}

static gboolean
remove_source (PmtEngine *engine, const gchar *folder, GError **error)
{
  g_auto (GStrv) sources = pmt_store_get_sources (engine, error);
  g_autofree gchar *absolute = g_canonicalize_filename (folder, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) left = NULL;

  if (!sources)
    return FALSE;
  for (guint i = 0; sources[i]; i++)
    if (!g_str_equal (sources[i], absolute)
        && !g_str_equal (sources[i], folder))
      g_strv_builder_add (builder, sources[i]);
  left = g_strv_builder_end (builder);
  if (g_strv_length (left) == g_strv_length (sources))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” is none of the folders that \"pentimento store "
                      "--sources\" lists."),
                   folder);
      return FALSE;
    }
  return pmt_store_set_sources (engine, (const gchar *const *)left, error);
}

static gboolean
list_sources (PmtEngine *engine, const Options *options, GError **error)
{
  g_auto (GStrv) sources = pmt_store_get_sources (engine, error);

  if (!sources)
    return FALSE;
  store_report_sources ((const gchar *const *)sources, options->is_json);
  return TRUE;
}

/* ----------------------------------------------------------------- all -- */

static void
list_items (PmtEngine *engine, const Options *options)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GPtrArray) items = pmt_store_list (engine, &problems);

  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      g_printerr ("pentimento: %s\n", problem->message);
    }
  store_report (items, options->is_json);
}

gboolean
store_run (PmtEngine *engine, const Options *options, GError **error)
{
  if (options->download || options->add)
    return store_job_run (engine, options, error);
  if (options->discard)
    return pmt_store_discard (engine, options->discard, error);
  if (options->remove)
    return pmt_store_remove (engine, options->remove, error);
  if (options->add_source)
    return add_source (engine, options->add_source, error);
  if (options->remove_source)
    return remove_source (engine, options->remove_source, error);
  if (options->is_sources)
    return list_sources (engine, options, error);
  list_items (engine, options);
  return TRUE;
}

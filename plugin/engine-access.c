/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine-access.c: finds the data folder and makes the engine. */
#include "config.h"

#include "engine-access.h"

#include <glib/gi18n-lib.h>

#include "gimp-compat.h"

static gboolean
has_catalog (const gchar *dir)
{
  g_autofree gchar *catalog = g_build_filename (dir, "catalog", NULL);

  return g_file_test (catalog, G_FILE_TEST_IS_DIR);
}

/* From .../lib/gimp/3.0/plug-ins/pentimento up to the prefix. */
static gchar *
find_below_prefix (const gchar *exe_dir)
{
  g_autofree gchar *dir = g_strdup (exe_dir);

  for (gint i = 0; i < 8; i++)
    {
      g_autofree gchar *parent = g_path_get_dirname (dir);
      g_autofree gchar *data =
          g_build_filename (parent, "share", "pentimento", NULL);

      if (has_catalog (data))
        return g_steal_pointer (&data);
      g_free (dir);
      dir = g_steal_pointer (&parent);
    }

  return NULL;
}

gchar *
pmt_plugin_find_data_dir (const gchar *progname)
{
  const gchar *from_env = g_getenv ("PENTIMENTO_DATA");
  g_autofree gchar *exe_dir = NULL;
  g_autofree gchar *beside = NULL;
  gchar *found;

  if (from_env && *from_env)
    return g_strdup (from_env);

  exe_dir = g_path_get_dirname (progname);
  beside = g_build_filename (exe_dir, "data", NULL);
  if (has_catalog (beside))
    return g_steal_pointer (&beside);

  found = find_below_prefix (exe_dir);

  return found ? found : g_strdup (PMT_DATADIR);
}

gchar *
pmt_plugin_find_locale_dir (const gchar *progname)
{
  g_autofree gchar *data_dir = pmt_plugin_find_data_dir (progname);
  g_autofree gchar *beside = g_build_filename (data_dir, "locale", NULL);

  return g_strdup (g_file_test (beside, G_FILE_TEST_IS_DIR) ? beside
                                                            : PMT_LOCALEDIR);
}

/* Limits on spending that can't be read may have been any. */
static gchar *
load_options (PmtEngineOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (pmt_engine_options_load (options, &error))
    return NULL;

  options->max_run_cost = 0.0;
  options->max_day_cost = 0.0;

  return g_strdup_printf (_ ("%s Until this is right, nothing is run that "
                             "costs something."),
                          error->message);
}

PmtEngine *
pmt_plugin_engine_new (gboolean with_user, gchar **warning, GError **error)
{
  g_autofree gchar *data_dir = pmt_plugin_find_data_dir (gimp_get_progname ());
  g_autofree gchar *user_dir = with_user ? pmt_default_user_dir () : NULL;
  g_autofree gchar *problem = NULL;
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;

  if (!has_catalog (data_dir))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
                   _ ("The models' descriptions are missing: there is no "
                      "folder “%s/catalog”. Install Pentimento again, or set "
                      "PENTIMENTO_DATA to its data folder."),
                   data_dir);
      return NULL;
    }

  options.data_dir = data_dir;
  options.user_dir = user_dir;
  problem = load_options (&options);
  if (warning)
    *warning = g_steal_pointer (&problem);

  return pmt_engine_new (&options, error);
}

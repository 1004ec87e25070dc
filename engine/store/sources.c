/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* sources.c: folders of other programs, as the user chooses them. */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "catalog/model-sources.h"
#include "core/engine-private.h"
#include "store/store-private.h"

gchar **
pmt_store_get_sources (PmtEngine *engine, GError **error)
{
  g_return_val_if_fail (engine != NULL, NULL);
  if (engine->user_dir == NULL)
    return g_new0 (gchar *, 1);
  return pmt_model_sources_read (engine->user_dir, error);
}

/* The user's own folder is used anyway; its models would be there twice. */
static gboolean
is_own_folder (PmtEngine *engine, const gchar *folder)
{
  g_autofree gchar *models =
      g_build_filename (engine->user_dir, "models", NULL);
  const gchar *const own[] = { engine->user_dir, models };
  GStatBuf a;
  GStatBuf b;

  if (g_stat (folder, &a) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (g_stat (own[i], &b) == 0 && a.st_dev == b.st_dev
        && a.st_ino == b.st_ino)
      return TRUE;
  return FALSE;
}

/* A folder of before may be on a disk that is not there now. */
static gboolean
check_folder (PmtEngine *engine,
              const gchar *folder,
              gchar **known,
              GError **error)
{
  g_autofree gchar *shown = g_filename_display_name (folder);

  if (g_strv_contains ((const gchar *const *)known, folder))
    return TRUE;
  if (!g_utf8_validate (folder, -1, NULL))
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("The name of the folder “%s” is no text. Rename it."),
                 shown);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("“%s” is no folder. Choose the folder of ComfyUI, "
                    "AUTOMATIC1111 or Forge, or one with models in it."),
                 shown);
  else if (g_access (folder, R_OK | X_OK) != 0)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("The folder “%s” can't be read: %s."), shown,
                 g_strerror (errno));
  else if (is_own_folder (engine, folder))
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("“%s” is Pentimento's own folder, whose models are used "
                    "anyway. Choose another one."),
                 shown);
  else
    return TRUE;
  return FALSE;
}

gboolean
pmt_store_set_sources (PmtEngine *engine,
                       const gchar *const *folders,
                       GError **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) known = NULL;

  g_return_val_if_fail (engine != NULL && folders != NULL, FALSE);
  if (!pmt_store_require_folder (engine, error))
    return FALSE;
  known = pmt_model_sources_read (engine->user_dir, error);
  if (known == NULL)
    return FALSE;
  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autofree gchar *folder = g_canonicalize_filename (folders[i], NULL);

      if (!check_folder (engine, folder, known, error))
        return FALSE;
      if (!g_ptr_array_find_with_equal_func (kept, folder, g_str_equal, NULL))
        g_ptr_array_add (kept, g_steal_pointer (&folder));
    }
  if (kept->len > PMT_MODEL_SOURCES_MAX)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("There can be at most %d folders of other programs. "
                      "Take one off the list."),
                   PMT_MODEL_SOURCES_MAX);
      return FALSE;
    }
  g_ptr_array_add (kept, NULL);
  if (!pmt_model_sources_write (engine->user_dir,
                                (const gchar *const *)kept->pdata, error))
    return FALSE;
  pmt_engine_reload_models (engine);
  return TRUE;
}

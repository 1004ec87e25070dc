/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-store.c: presets of the user's: kept, taken away, from and to files. */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "catalog/model.h"
#include "catalog/param-spec.h"
#include "core/engine-private.h"
#include "core/prompt-hook.h"
#include "core/params.h"
#include "prompt/preset.h"

#define MAX_ID 60

/* A picture is described by the same words in all of these. */
#define PAINTING                                                               \
  (1u << PMT_OPERATION_GENERATE | 1u << PMT_OPERATION_REIMAGINE                \
   | 1u << PMT_OPERATION_FILL | 1u << PMT_OPERATION_EXPAND)

static gboolean
fail_exists (const gchar *name, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               _ ("There is a preset “%s” already. Choose another name, or "
                  "replace it."),
               name);
  return FALSE;
}

/* ------------------------------------------------------------- writing -- */

/* Where the preset @id is, or will be; engine->preset_mutex is held. */
static gchar *
choose_path (PmtEngine *engine, const gchar *id)
{
  g_autofree gchar *name = g_strconcat (id, ".json", NULL);

  for (guint i = 0; i < engine->user_presets->len; i++)
    {
      const PmtPreset *preset = engine->user_presets->pdata[i];

      if (g_str_equal (preset->id, id))
        return g_strdup (preset->path);
    }
  return g_build_filename (engine->user_dir, "presets", name, NULL);
}

static gboolean
write_text (const gchar *path, const gchar *text, GError **error)
{
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autoptr (GError) local = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      const gint code = errno;

      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The folder “%s” can't be made: %s"), folder,
                   g_strerror (code));
      return FALSE;
    }
  if (g_file_set_contents_full (path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT
                                    | G_FILE_SET_CONTENTS_DURABLE,
                                0600, &local))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The preset can't be written: %s"), local->message);
  return FALSE;
}

static void
replace_in_list (PmtEngine *engine, PmtPreset *preset)
{
  for (guint i = 0; i < engine->user_presets->len; i++)
    {
      PmtPreset *old = engine->user_presets->pdata[i];

      if (!g_str_equal (old->id, preset->id))
        continue;
      engine->user_presets->pdata[i] = preset;
      pmt_preset_unref (old);
      return;
    }
  g_ptr_array_add (engine->user_presets, preset);
}

/* Writes @preset among the user's, read back as it will be read again. */
static gboolean
keep (PmtEngine *engine,
      const PmtPreset *preset,
      gboolean may_replace,
      GError **error)
{
  g_autofree gchar *text = pmt_preset_print (preset);
  g_autoptr (PmtPreset) again =
      pmt_preset_parse (preset->name, text, strlen (text), error);
  g_autoptr (PmtPreset) known = pmt_engine_find_preset (engine, preset->id);
  g_autoptr (GMutexLocker) locker = NULL;

  if (again == NULL)
    return FALSE;
  if (engine->user_dir == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("There is no folder for presets of your own."));
      return FALSE;
    }
  locker = g_mutex_locker_new (&engine->preset_mutex);
  again->path = choose_path (engine, preset->id);
  /* A file that could not be read may be the work of somebody, too. */
  if (!may_replace
      && (known != NULL || g_file_test (again->path, G_FILE_TEST_EXISTS)))
    return fail_exists (
        known != NULL ? pmt_preset_get_name (known) : preset->id, error);
  if (!write_text (again->path, text, error))
    return FALSE;
  replace_in_list (engine, g_steal_pointer (&again));
  return TRUE;
}

/* -------------------------------------------------------------- saving -- */

/* "Warm Evening!" becomes "warm-evening". */
static gchar *
make_id (const gchar *name)
{
  GString *id = g_string_new (NULL);

  for (const gchar *at = name; *at != '\0' && id->len < MAX_ID; at++)
    if (g_ascii_isalnum (*at))
      g_string_append_c (id, g_ascii_tolower (*at));
    else if (id->len > 0 && id->str[id->len - 1] != '-')
      g_string_append_c (id, '-');
  while (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);
  /* Names in other scripts have no such letters. */
  if (id->len == 0)
    g_string_printf (id, "preset-%08x", g_str_hash (name));
  return g_string_free (id, FALSE);
}

/* The settings that differ from what @model does anyway. */
static void
take_settings (const PmtModel *model, const PmtParams *from, PmtParams *to)
{
  g_autofree const gchar **names = pmt_params_list (from);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const PmtParamSpec *spec = pmt_model_find_param (model, names[i]);
      GVariant *value = pmt_params_get_variant (from, names[i]);

      if (spec != NULL && pmt_preset_is_setting (names[i])
          && !(spec->default_value != NULL
               && pmt_param_values_equal (spec->default_value, value)))
        pmt_params_set_variant (to, names[i], value);
    }
}

static gchar *
dup_words (const PmtParams *params, const gchar *name)
{
  const gchar *words = pmt_params_get_string (params, name, "");

  return *words != '\0' ? g_strdup (words) : NULL;
}

/* What was @typed may hold parameters, which are settings. */
static PmtPreset *
new_from_request (PmtEngine *engine,
                  const PmtModel *model,
                  const PmtRequest *typed,
                  PmtRequest *request,
                  GError **error)
{
  g_autoptr (PmtPreset) preset = pmt_preset_new ();
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  const PmtOperation operation = pmt_request_get_operation (request);
  const PmtParams *params = pmt_request_peek_params (request);
  g_autofree const gchar **settings = NULL;

  pmt_prompt_prepare (model, request, problems, notes);
  pmt_problems_count_typed (engine, model, typed, request, problems);
  if (!pmt_problems_to_error (problems, error))
    return NULL;
  preset->operations =
      (1u << operation) & PAINTING ? PAINTING : 1u << operation;
  preset->prompt = dup_words (params, "prompt");
  preset->negative_prompt = dup_words (params, "negative-prompt");
  take_settings (model, params, preset->settings);
  settings = pmt_params_list (preset->settings);
  if (preset->prompt == NULL && preset->negative_prompt == NULL
      && settings[0] == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("There is nothing to keep. Write a prompt or change a "
                      "setting."));
      return NULL;
    }
  return g_steal_pointer (&preset);
}

/* With the words and settings of the preset that is chosen. */
static PmtRequest *
resolve (PmtEngine *engine,
         const PmtRequest *request,
         const PmtModel **model,
         GError **error)
{
  g_autoptr (PmtRequest) copy = pmt_request_copy (request);
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);

  *model = pmt_engine_check_model (engine, copy, problems);
  if (*model != NULL)
    pmt_preset_prepare (engine, *model, copy, problems, notes);
  if (!pmt_problems_to_error (problems, error))
    return NULL;
  return g_steal_pointer (&copy);
}

gboolean
pmt_engine_save_preset (PmtEngine *engine,
                        const gchar *name,
                        const gchar *category,
                        const PmtRequest *request,
                        gboolean may_replace,
                        gchar **id,
                        GError **error)
{
  g_autoptr (PmtRequest) copy = NULL;
  g_autoptr (PmtPreset) preset = NULL;
  const PmtModel *model;

  g_return_val_if_fail (engine != NULL && request != NULL, FALSE);
  g_return_val_if_fail (name != NULL && category != NULL, FALSE);
  copy = resolve (engine, request, &model, error);
  if (copy == NULL)
    return FALSE;
  preset = new_from_request (engine, model, request, copy, error);
  if (preset == NULL)
    return FALSE;
  preset->name = g_strstrip (g_utf8_make_valid (name, -1));
  preset->category = g_strstrip (g_utf8_make_valid (category, -1));
  preset->id = make_id (preset->name);
  if (*preset->name == '\0' || *preset->category == '\0')
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The preset needs a name and a category."));
      return FALSE;
    }
  if (!keep (engine, preset, may_replace, error))
    return FALSE;
  if (id != NULL)
    *id = g_strdup (preset->id);
  return TRUE;
}

/* ------------------------------------------------------------ removing -- */

static gboolean
fail_not_own (PmtEngine *engine, const gchar *id, GError **error)
{
  g_autoptr (PmtPreset) preset = pmt_engine_find_preset (engine, id);
  g_autofree gchar *unknown = NULL;

  if (preset != NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The preset “%s” comes with Pentimento and can't be "
                      "removed."),
                   id);
      return FALSE;
    }
  unknown = pmt_presets_tell_unknown (engine, id);
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT, unknown);
  return FALSE;
}

gboolean
pmt_engine_remove_preset (PmtEngine *engine, const gchar *id, GError **error)
{
  g_autoptr (PmtPreset) preset = NULL;
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (engine != NULL && id != NULL, FALSE);
  preset = pmt_engine_find_preset (engine, id);
  if (preset == NULL || preset->path == NULL)
    return fail_not_own (engine, id, error);
  if (g_unlink (preset->path) != 0 && errno != ENOENT)
    {
      const gint code = errno;

      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The preset “%s” can't be removed: %s"), id,
                   g_strerror (code));
      return FALSE;
    }
  locker = g_mutex_locker_new (&engine->preset_mutex);
  g_ptr_array_remove (engine->user_presets, preset);
  return TRUE;
}

/* --------------------------------------------------------------- files -- */

gboolean
pmt_engine_import_preset (PmtEngine *engine,
                          const gchar *path,
                          gboolean may_replace,
                          gchar **id,
                          GError **error)
{
  g_autoptr (PmtPreset) preset = NULL;

  g_return_val_if_fail (engine != NULL && path != NULL, FALSE);
  preset = pmt_preset_read (path, error);
  if (preset == NULL || !keep (engine, preset, may_replace, error))
    return FALSE;
  if (id != NULL)
    *id = g_strdup (preset->id);
  return TRUE;
}

/* No half file stays. */
static gboolean
write_new_file (const gchar *path, const gchar *text, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream =
      g_file_create (file, G_FILE_CREATE_NONE, NULL, error);

  if (stream == NULL)
    return FALSE;
  if (g_output_stream_write_all (G_OUTPUT_STREAM (stream), text, strlen (text),
                                 NULL, NULL, error)
      && g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error))
    return TRUE;
  g_file_delete (file, NULL, NULL);
  return FALSE;
}

gboolean
pmt_engine_export_preset (PmtEngine *engine,
                          const gchar *id,
                          const gchar *path,
                          gboolean may_replace,
                          GError **error)
{
  g_autoptr (PmtPreset) preset = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree gchar *text = NULL;
  g_autofree gchar *shown = NULL;

  g_return_val_if_fail (engine != NULL && id != NULL && path != NULL, FALSE);
  preset = pmt_engine_find_preset (engine, id);
  if (preset == NULL)
    return fail_not_own (engine, id, error);
  text = pmt_preset_print (preset);
  if (may_replace ? g_file_set_contents (path, text, -1, &local)
                  : write_new_file (path, text, &local))
    return TRUE;
  shown = g_filename_display_name (path);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_EXISTS))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 _ ("There is a file “%s” already. Choose another name."),
                 shown);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("The file “%s” can't be written: %s"), shown,
                 local->message);
  return FALSE;
}

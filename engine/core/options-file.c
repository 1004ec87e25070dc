/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* options-file.c: config.json, which programs share. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/history.h"
#include "core/json.h"

#define MAX_COST 1e9
#define MAX_HISTORY_MB 1e6
#define MAX_THREADS 1024
#define MAX_MEMORY_MB 1e6

static gboolean
fail_at (const gchar *path,
         const gchar *text,
         gsize length,
         const cJSON *root,
         const cJSON *node,
         const gchar *reason,
         GError **error)
{
  guint line = 1;
  guint column = 1;

  pmt_json_locate (text, length, root, node, &line, &column);
  /* Translators: "FILE, line 3, column 7: reason" */
  g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("%s, line %u, column %u: %s"), path, line, column, reason);
  return FALSE;
}

static gboolean
is_limit (const cJSON *node)
{
  return node == NULL || cJSON_IsNull (node)
         || (cJSON_IsNumber (node) && node->valuedouble >= 0.0
             && node->valuedouble <= MAX_COST);
}

static gdouble
get_limit (const cJSON *node, gdouble fallback)
{
  return cJSON_IsNumber (node) ? node->valuedouble : fallback;
}

static gboolean
read_limits (const gchar *path,
             const gchar *text,
             gsize length,
             const cJSON *root,
             PmtEngineOptions *options,
             GError **error)
{
  const gchar *reason =
      _ ("a limit on spending must be a number of 0 or more.");
  const cJSON *spending = cJSON_GetObjectItemCaseSensitive (root, "spending");
  const cJSON *run = cJSON_GetObjectItemCaseSensitive (spending, "run");
  const cJSON *day = cJSON_GetObjectItemCaseSensitive (spending, "day");

  if (spending != NULL && !cJSON_IsObject (spending))
    return fail_at (path, text, length, root, spending, reason, error);
  if (!is_limit (run))
    return fail_at (path, text, length, root, run, reason, error);
  if (!is_limit (day))
    return fail_at (path, text, length, root, day, reason, error);
  options->max_run_cost = get_limit (run, options->max_run_cost);
  options->max_day_cost = get_limit (day, options->max_day_cost);
  return TRUE;
}

static gboolean
read_history (const gchar *path,
              const gchar *text,
              gsize length,
              const cJSON *root,
              guint64 *bytes,
              guint64 *max_bytes,
              GError **error)
{
  const cJSON *is_kept = cJSON_GetObjectItemCaseSensitive (root, "history");
  const cJSON *limit =
      cJSON_GetObjectItemCaseSensitive (root, "history_limit_mb");

  if (is_kept != NULL && !cJSON_IsBool (is_kept))
    return fail_at (path, text, length, root, is_kept,
                    _ ("“history” must be true or false."), error);
  if (limit != NULL
      && (!cJSON_IsNumber (limit) || limit->valuedouble < 0.0
          || limit->valuedouble > MAX_HISTORY_MB))
    return fail_at (path, text, length, root, limit,
                    _ ("“history_limit_mb” must be a number from 0 to "
                       "1000000."),
                    error);
  *max_bytes = PMT_HISTORY_DEFAULT_BYTES;
  if (limit != NULL)
    *max_bytes = (guint64)(limit->valuedouble * 1e6);
  *bytes = cJSON_IsFalse (is_kept) ? 0 : *max_bytes;
  return TRUE;
}

/* A whole number from 0 to @most; 0 where there is none, -1: wrong. */
static gdouble
get_count (const cJSON *node, gdouble most)
{
  if (node == NULL)
    return 0.0;
  if (!cJSON_IsNumber (node) || !(node->valuedouble >= 0.0)
      || node->valuedouble > most
      || node->valuedouble != (gdouble)(gint64)node->valuedouble)
    return -1.0;
  return node->valuedouble;
}

static gboolean
read_compute (const gchar *path,
              const gchar *text,
              gsize length,
              const cJSON *root,
              PmtEngineOptions *options,
              GError **error)
{
  const cJSON *compute = cJSON_GetObjectItemCaseSensitive (root, "compute");
  const cJSON *threads = cJSON_GetObjectItemCaseSensitive (root, "threads");
  const cJSON *memory = cJSON_GetObjectItemCaseSensitive (root, "memory_mb");
  const gdouble n_threads = get_count (threads, MAX_THREADS);
  const gdouble mib = get_count (memory, MAX_MEMORY_MB);

  if (compute != NULL && !cJSON_IsString (compute))
    return fail_at (path, text, length, root, compute,
                    _ ("“compute” must be a text, such as \"auto\" or "
                       "\"cpu\"."),
                    error);
  if (n_threads < 0.0)
    return fail_at (path, text, length, root, threads,
                    _ ("“threads” must be a whole number from 0 to 1024."),
                    error);
  if (mib < 0.0)
    return fail_at (path, text, length, root, memory,
                    _ ("“memory_mb” must be a whole number from 0 to "
                       "1000000."),
                    error);
  if (options->compute == NULL && compute != NULL)
    options->compute = g_intern_string (compute->valuestring);
  if (options->threads == 0)
    options->threads = (gint)n_threads;
  if (options->memory == 0)
    options->memory = (guint64)mib << 20;
  return TRUE;
}

static gboolean
read_text (const gchar *path,
           const gchar *text,
           gsize length,
           PmtEngineOptions *options,
           GError **error)
{
  g_autoptr (cJSON) root =
      pmt_json_parse (path, text, length, PMT_ERROR_MANIFEST, error);
  PmtEngineOptions read = *options;
  guint64 bytes = 0;
  guint64 max_bytes = 0;

  if (root == NULL
      || !read_history (path, text, length, root, &bytes, &max_bytes, error)
      || !read_limits (path, text, length, root, &read, error)
      || !read_compute (path, text, length, root, &read, error))
    return FALSE;
  read.history_bytes = bytes;
  read.history_limit = max_bytes;
  *options = read;
  return TRUE;
}

gboolean
pmt_engine_options_load (PmtEngineOptions *options, GError **error)
{
  g_autofree gchar *path = NULL;
  g_autofree gchar *text = NULL;
  g_autoptr (GError) local = NULL;
  gsize length = 0;

  g_return_val_if_fail (options != NULL, FALSE);
  if (options->user_dir == NULL)
    return TRUE;
  path = g_build_filename (options->user_dir, "config.json", NULL);
  if (g_file_get_contents (path, &text, &length, &local))
    return read_text (path, text, length, options, error);
  if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT)
      || g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
    {
      options->history_bytes = PMT_HISTORY_DEFAULT_BYTES;
      options->history_limit = PMT_HISTORY_DEFAULT_BYTES;
      return TRUE;
    }
  g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("The file “%s” can't be read: %s"), path, local->message);
  return FALSE;
}

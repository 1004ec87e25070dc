/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* run-file.c: what was sent where, on disk, until its results are here. */
#include "config.h"

#include "remote/run-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/engine-private.h"
#include "core/recipe.h"

#define VERSION 1
#define MAX_CALLS 1024

static const gchar *const state_names[] = {
  "new", "sending", "running", "done", "failed", "cancelled",
};

static void
call_free (gpointer data)
{
  PmtRunCall *call = data;

  g_free (call->key);
  pmt_remote_job_free (call->job);
  g_free (call);
}

static PmtRunFile *
file_new (const gchar *user_dir)
{
  PmtRunFile *file = g_new0 (PmtRunFile, 1);

  file->calls = g_ptr_array_new_with_free_func (call_free);
  if (user_dir != NULL)
    file->folder = g_build_filename (user_dir, "history", "jobs", NULL);
  g_mutex_init (&file->mutex);
  return file;
}

/* The recipe of one item, with the count that was asked for. */
static gchar *
recipe_of (const PmtJob *job)
{
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  const PmtParams *params = pmt_request_peek_params (job->request);
  g_autofree gchar *one = pmt_recipe_new (job, job->seed, layer, NULL);
  g_autoptr (cJSON) root = cJSON_Parse (one);
  cJSON *list = cJSON_GetObjectItemCaseSensitive (root, "params");
  cJSON *count = cJSON_GetObjectItemCaseSensitive (list, "count");
  gchar *printed;
  gchar *text;

  if (count != NULL)
    cJSON_SetNumberValue (count,
                          (gdouble)pmt_params_get_int (params, "count", 1));
  printed = cJSON_PrintUnformatted (root);
  text = g_strdup (printed);
  cJSON_free (printed);
  return text;
}

PmtRunFile *
pmt_run_file_new (const gchar *user_dir,
                  const gchar *account,
                  const PmtJob *job)
{
  PmtRunFile *file = file_new (user_dir);

  file->id = g_uuid_string_random ();
  file->account = g_strdup (account);
  file->model = g_strdup (pmt_model_get_id (job->model));
  file->created = g_get_real_time () / G_USEC_PER_SEC;
  file->canvas = *pmt_request_get_canvas (job->request);
  file->layer = *pmt_request_get_layer (job->request);
  file->recipe = recipe_of (job);
  return file;
}

void
pmt_run_file_free (PmtRunFile *file)
{
  if (file == NULL)
    return;
  g_free (file->id);
  g_free (file->account);
  g_free (file->model);
  g_free (file->recipe);
  g_free (file->folder);
  g_ptr_array_unref (file->calls);
  g_mutex_clear (&file->mutex);
  g_free (file);
}

PmtRunCall *
pmt_run_file_add (PmtRunFile *file, guint piece, guint first, guint count)
{
  PmtRunCall *call = g_new0 (PmtRunCall, 1);

  call->piece = piece;
  call->first = first;
  call->count = count;
  call->key = g_uuid_string_random ();
  call->job = pmt_remote_job_new ();
  g_ptr_array_add (file->calls, call);
  return call;
}

static gchar *
path_of (const PmtRunFile *file, const gchar *suffix)
{
  g_autofree gchar *name = g_strconcat (file->id, suffix, NULL);

  return g_build_filename (file->folder, name, NULL);
}

/* ---------------------------------------------------------------- writing */

static void
add_text (cJSON *object, const gchar *key, const gchar *value)
{
  if (value != NULL)
    cJSON_AddStringToObject (object, key, value);
}

static cJSON *
call_to_json (const PmtRunCall *call)
{
  const PmtRemoteJob *job = call->job;
  cJSON *object = cJSON_CreateObject ();

  cJSON_AddNumberToObject (object, "piece", call->piece);
  cJSON_AddNumberToObject (object, "first", call->first);
  cJSON_AddNumberToObject (object, "count", call->count);
  add_text (object, "key", call->key);
  add_text (object, "state", state_names[job->state]);
  add_text (object, "job", job->id);
  add_text (object, "status_url", job->status_url);
  add_text (object, "result_url", job->result_url);
  add_text (object, "cancel_url", job->cancel_url);
  add_text (object, "request_id", job->request_id);
  cJSON_AddNumberToObject (object, "cost", job->cost);
  return object;
}

static cJSON *
rect_to_json (const GeglRectangle *rect)
{
  const gint box[] = { rect->x, rect->y, rect->width, rect->height };

  return cJSON_CreateIntArray (box, 4);
}

static gchar *
to_text (const PmtRunFile *file)
{
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  cJSON *calls;
  gchar *printed;
  gchar *text;

  cJSON_AddNumberToObject (root, "version", VERSION);
  add_text (root, "account", file->account);
  add_text (root, "model", file->model);
  add_text (root, "recipe", file->recipe);
  cJSON_AddNumberToObject (root, "created", (gdouble)file->created);
  cJSON_AddItemToObject (root, "canvas", rect_to_json (&file->canvas));
  cJSON_AddItemToObject (root, "layer", rect_to_json (&file->layer));
  cJSON_AddItemToObject (root, "mask", rect_to_json (&file->mask));
  calls = cJSON_AddArrayToObject (root, "calls");
  for (guint i = 0; i < file->calls->len; i++)
    cJSON_AddItemToArray (calls, call_to_json (file->calls->pdata[i]));
  printed = cJSON_PrintUnformatted (root);
  text = g_strdup (printed);
  cJSON_free (printed);
  return text;
}

static gboolean
fail_write (const gchar *path, const gchar *reason, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The file “%s”, which keeps track of what is sent, can't be "
                  "written: %s. Nothing was sent."),
               path, reason);
  return FALSE;
}

gboolean
pmt_run_file_save (PmtRunFile *file, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&file->mutex);
  g_autofree gchar *path = NULL;
  g_autofree gchar *text = NULL;
  g_autoptr (GError) local = NULL;

  if (file->folder == NULL)
    return TRUE;
  path = path_of (file, ".json");
  text = to_text (file);
  g_mkdir_with_parents (file->folder, 0700);
  if (g_file_set_contents_full (path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT
                                    | G_FILE_SET_CONTENTS_DURABLE,
                                0600, &local))
    return TRUE;
  return fail_write (path, local->message, error);
}

static GOutputStream *
open_packed (const gchar *path, GError **error)
{
  g_autoptr (GFile) target = g_file_new_for_path (path);
  g_autoptr (GZlibCompressor) packer =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 1);
  g_autoptr (GFileOutputStream) stream =
      g_file_replace (target, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error);

  return stream != NULL ? g_converter_output_stream_new (
                              G_OUTPUT_STREAM (stream), G_CONVERTER (packer))
                        : NULL;
}

gboolean
pmt_run_file_save_mask (PmtRunFile *file, GeglBuffer *mask, GError **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (mask);
  const Babl *format = babl_format ("Y u16");
  g_autofree gchar *path = NULL;
  g_autofree guint16 *row = NULL;
  g_autoptr (GOutputStream) stream = NULL;
  g_autoptr (GError) local = NULL;

  if (file->folder == NULL
      || !gegl_rectangle_intersect (&file->mask, extent, &file->layer))
    return TRUE;
  path = path_of (file, ".mask");
  g_mkdir_with_parents (file->folder, 0700);
  stream = open_packed (path, &local);
  row = g_new (guint16, file->mask.width);
  for (gint y = 0; stream != NULL && y < file->mask.height; y++)
    {
      const GeglRectangle line = { file->mask.x, file->mask.y + y,
                                   file->mask.width, 1 };

      gegl_buffer_get (mask, &line, 1.0, format, row, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      if (!g_output_stream_write_all (stream, row, (gsize)line.width * 2, NULL,
                                      NULL, &local))
        break;
    }
  if (local == NULL && stream != NULL
      && g_output_stream_close (stream, NULL, &local))
    return TRUE;
  return fail_write (path, local->message, error);
}

void
pmt_run_file_delete (PmtRunFile *file)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&file->mutex);
  g_autofree gchar *path = NULL;
  g_autofree gchar *mask = NULL;

  if (file->folder == NULL)
    return;
  path = path_of (file, ".json");
  mask = path_of (file, ".mask");
  g_unlink (path);
  g_unlink (mask);
}

/* ---------------------------------------------------------------- reading */

static gboolean
read_rect (const cJSON *root, const gchar *key, GeglRectangle *rect)
{
  const cJSON *array = cJSON_GetObjectItemCaseSensitive (root, key);
  gint values[4];

  for (gint i = 0; i < 4; i++)
    {
      const cJSON *node = cJSON_GetArrayItem (array, i);

      if (!cJSON_IsNumber (node) || ABS (node->valuedouble) > 1 << 24)
        return FALSE;
      values[i] = node->valueint;
    }
  if (values[2] < 0 || values[3] < 0)
    return FALSE;
  gegl_rectangle_set (rect, values[0], values[1], (guint)values[2],
                      (guint)values[3]);
  return TRUE;
}

static PmtRemoteState
read_state (const cJSON *object)
{
  const gchar *name = pmt_json_get_text (object, "state");

  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++)
    if (g_strcmp0 (name, state_names[i]) == 0)
      return (PmtRemoteState)i;
  /* What is not understood is not sent again. */
  return PMT_REMOTE_SENDING;
}

static guint
read_uint (const cJSON *object, const gchar *key)
{
  return (guint)CLAMP (pmt_json_get_number (object, key, 0.0), 0.0, 1e6);
}

static void
read_call (const cJSON *object, PmtRunFile *file)
{
  PmtRunCall *call = pmt_run_file_add (file, read_uint (object, "piece"),
                                       read_uint (object, "first"),
                                       MAX (read_uint (object, "count"), 1));
  PmtRemoteJob *job = call->job;
  const gchar *key = pmt_json_get_text (object, "key");

  if (key != NULL && g_uuid_string_is_valid (key))
    {
      g_free (call->key);
      call->key = g_strdup (key);
    }
  job->state = read_state (object);
  job->id = g_strdup (pmt_json_get_text (object, "job"));
  job->status_url = g_strdup (pmt_json_get_text (object, "status_url"));
  job->result_url = g_strdup (pmt_json_get_text (object, "result_url"));
  job->cancel_url = g_strdup (pmt_json_get_text (object, "cancel_url"));
  job->request_id = g_strdup (pmt_json_get_text (object, "request_id"));
  job->cost = pmt_json_get_number (object, "cost", -1.0);
}

static gboolean
read_root (PmtRunFile *file, const cJSON *root)
{
  const cJSON *calls = cJSON_GetObjectItemCaseSensitive (root, "calls");
  const cJSON *node;

  file->account = g_strdup (pmt_json_get_text (root, "account"));
  file->model = g_strdup (pmt_json_get_text (root, "model"));
  file->recipe = g_strdup (pmt_json_get_text (root, "recipe"));
  file->created = (gint64)pmt_json_get_number (root, "created", 0.0);
  if (pmt_json_get_number (root, "version", 0.0) != VERSION
      || file->account == NULL || file->model == NULL || file->recipe == NULL
      || !read_rect (root, "canvas", &file->canvas)
      || !read_rect (root, "layer", &file->layer)
      || !read_rect (root, "mask", &file->mask)
      || cJSON_GetArraySize (calls) > MAX_CALLS)
    return FALSE;
  cJSON_ArrayForEach (node, calls)
  {
    read_call (node, file);
  }
  return TRUE;
}

PmtRunFile *
pmt_run_file_load (const gchar *user_dir, const gchar *id, GError **error)
{
  g_autoptr (PmtRunFile) file = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *text = NULL;
  g_autoptr (cJSON) root = NULL;
  gsize length = 0;

  if (user_dir == NULL || !g_uuid_string_is_valid (id))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” is not the name of a run that was cut off."), id);
      return NULL;
    }
  file = file_new (user_dir);
  file->id = g_strdup (id);
  path = path_of (file, ".json");
  if (g_file_get_contents (path, &text, &length, NULL))
    root = pmt_json_parse (path, text, length, PMT_ERROR_FILE, NULL);
  if (root != NULL && read_root (file, root))
    return g_steal_pointer (&file);
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("There is no run “%s” to go on with, or its file “%s” is "
                  "damaged."),
               id, path);
  return NULL;
}

GeglBuffer *
pmt_run_file_load_mask (const PmtRunFile *file, GError **error)
{
  const Babl *format = babl_format ("Y u16");
  g_autofree gchar *path = NULL;
  g_autofree guint16 *row = NULL;
  g_autoptr (GFile) source = NULL;
  g_autoptr (GFileInputStream) packed = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GZlibDecompressor) unpacker = NULL;
  g_autoptr (GeglBuffer) mask = NULL;
  gsize n = 0;

  if (gegl_rectangle_is_empty (&file->mask))
    return NULL;
  path = path_of (file, ".mask");
  source = g_file_new_for_path (path);
  packed = g_file_read (source, NULL, error);
  if (packed == NULL)
    return NULL;
  unpacker = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  stream = g_converter_input_stream_new (G_INPUT_STREAM (packed),
                                         G_CONVERTER (unpacker));
  mask = gegl_buffer_new (&file->mask, format);
  row = g_new (guint16, file->mask.width);
  for (gint y = 0; y < file->mask.height; y++)
    {
      const GeglRectangle line = { file->mask.x, file->mask.y + y,
                                   file->mask.width, 1 };

      if (!g_input_stream_read_all (stream, row, (gsize)line.width * 2, &n,
                                    NULL, error))
        return NULL;
      gegl_buffer_set (mask, &line, 0, format, row, GEGL_AUTO_ROWSTRIDE);
    }
  return g_steal_pointer (&mask);
}

gboolean
pmt_run_file_is_open (const PmtRunFile *file)
{
  for (guint i = 0; i < file->calls->len; i++)
    {
      const PmtRunCall *call = file->calls->pdata[i];

      if (call->job->state <= PMT_REMOTE_DONE)
        return TRUE;
    }
  return FALSE;
}

static gint
compare_age (gconstpointer a, gconstpointer b)
{
  const PmtRunFile *first = *(PmtRunFile *const *)a;
  const PmtRunFile *second = *(PmtRunFile *const *)b;

  return (first->created < second->created)
         - (first->created > second->created);
}

GPtrArray *
pmt_run_file_list (const gchar *user_dir)
{
  GPtrArray *files =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_run_file_free);
  g_autofree gchar *folder = NULL;
  g_autoptr (GDir) dir = NULL;
  const gchar *name;

  if (user_dir == NULL)
    return files;
  folder = g_build_filename (user_dir, "history", "jobs", NULL);
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *id = NULL;
      PmtRunFile *file;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      id = g_strndup (name, strlen (name) - strlen (".json"));
      file = pmt_run_file_load (user_dir, id, NULL);
      if (file != NULL)
        g_ptr_array_add (files, file);
    }
  g_ptr_array_sort (files, compare_age);
  return files;
}

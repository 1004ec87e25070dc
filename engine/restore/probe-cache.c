/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* probe-cache.c: what probes found, from one start to the next. */
#include "config.h"

#include "restore/probe-cache.h"

#include <glib/gstdio.h>
#include <math.h>

#include "core/json.h"

/* Raised when probes find out more or other things. */
#define CACHE_VERSION 1

#define MAX_ENTRIES 1000
#define MAX_SIDE 4096
#define MAX_BYTES_PER_PIXEL (1 << 20)

/* One number of an entry, and what it may be. */
typedef struct
{
  const gchar *key;
  gsize offset;
  gint min;
  gint max;
} Field;

/* clang-format off */
static const Field fields[] = {
  { "scale", G_STRUCT_OFFSET (PmtNetInfo, scale), 1, PMT_NET_MAX_SCALE },
  { "channels", G_STRUCT_OFFSET (PmtNetInfo, channels), 1, 3 },
  { "nhwc", G_STRUCT_OFFSET (PmtNetInfo, is_nhwc), 0, 1 },
  { "result_nhwc", G_STRUCT_OFFSET (PmtNetInfo, is_result_nhwc), 0, 1 },
  { "range", G_STRUCT_OFFSET (PmtNetInfo, range), 1, 255 },
  { "type", G_STRUCT_OFFSET (PmtNetInfo, type), PMT_TENSOR_FLOAT32,
    PMT_TENSOR_UINT8 },
  { "result_type", G_STRUCT_OFFSET (PmtNetInfo, result_type),
    PMT_TENSOR_FLOAT32, PMT_TENSOR_UINT8 },
  { "fixed_width", G_STRUCT_OFFSET (PmtNetInfo, fixed_width), 0, MAX_SIDE },
  { "fixed_height", G_STRUCT_OFFSET (PmtNetInfo, fixed_height), 0, MAX_SIDE },
  { "multiple", G_STRUCT_OFFSET (PmtNetInfo, multiple), 1, 64 },
  { "overlap", G_STRUCT_OFFSET (PmtNetInfo, overlap), 0, 64 },
  { "blend", G_STRUCT_OFFSET (PmtNetInfo, blend), 1, 64 },
  { "settings", G_STRUCT_OFFSET (PmtNetInfo, n_settings), 0,
    PMT_NET_MAX_SETTINGS },
  { "bytes_per_pixel", G_STRUCT_OFFSET (PmtNetInfo, bytes_per_pixel), 1,
    MAX_BYTES_PER_PIXEL },
};
/* clang-format on */

G_STATIC_ASSERT (sizeof (gint) == sizeof (PmtTensorType));

void
pmt_probe_free (gpointer data)
{
  PmtProbe *probe = data;

  if (probe == NULL)
    return;
  g_free (probe->name);
  g_free (probe->reason);
  g_free (probe);
}

/* -------------------------------------------------------------- reading -- */

static gboolean
read_number (const cJSON *object,
             const gchar *key,
             gdouble min,
             gdouble max,
             gdouble *value)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, key);

  if (!cJSON_IsNumber (node) || !(node->valuedouble >= min)
      || !(node->valuedouble <= max))
    return FALSE;
  *value = node->valuedouble;
  return TRUE;
}

static gboolean
read_info (const cJSON *object, PmtNetInfo *info)
{
  gdouble number;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (!read_number (object, fields[i].key, fields[i].min, fields[i].max,
                        &number)
          || number != floor (number))
        return FALSE;
      G_STRUCT_MEMBER (gint, info, fields[i].offset) = (gint)number;
    }
  if (!read_number (object, "seconds_per_pixel", 0.0, 1.0, &number))
    return FALSE;
  info->seconds_per_pixel = number;
  return info->channels != 2 && (info->range == 1 || info->range == 255);
}

static PmtProbe *
read_probe (const cJSON *object)
{
  const gchar *name =
      cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (object, "name"));
  const gchar *reason = cJSON_GetStringValue (
      cJSON_GetObjectItemCaseSensitive (object, "reason"));
  PmtProbe *probe = g_new0 (PmtProbe, 1);
  gdouble size;
  gdouble mtime;

  /* What stands in a file of the user's folder is shown as it is there. */
  if (name == NULL || *name == '\0'
      || !read_number (object, "size", 0.0, PMT_JSON_MAX_INT, &size)
      || !read_number (object, "mtime", 0.0, PMT_JSON_MAX_INT, &mtime)
      || (reason == NULL && !read_info (object, &probe->info)))
    {
      g_free (probe);
      return NULL;
    }
  probe->name = g_uri_unescape_string (name, "/");
  probe->size = (gint64)size;
  probe->mtime = (gint64)mtime;
  probe->reason = g_strdup (reason);
  if (probe->name != NULL)
    return probe;
  pmt_probe_free (probe);
  return NULL;
}

GPtrArray *
pmt_probe_cache_read (const gchar *path)
{
  GPtrArray *probes = g_ptr_array_new_with_free_func (pmt_probe_free);
  g_autofree gchar *text = NULL;
  g_autoptr (cJSON) root = NULL;
  const cJSON *files;
  const cJSON *node;
  gdouble version;
  gsize length;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)
      || !g_file_get_contents (path, &text, &length, NULL))
    return probes;
  root = pmt_json_parse (path, text, length, PMT_ERROR_FILE, NULL);
  if (root == NULL
      || !read_number (root, "version", CACHE_VERSION, CACHE_VERSION, &version))
    return probes;
  files = cJSON_GetObjectItemCaseSensitive (root, "files");
  cJSON_ArrayForEach (node, files)
  {
    PmtProbe *probe = read_probe (node);

    if (probe != NULL)
      g_ptr_array_add (probes, probe);
    if (probes->len == MAX_ENTRIES)
      break;
  }
  return probes;
}

/* -------------------------------------------------------------- writing -- */

static void
add_number (cJSON *object, const gchar *key, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  cJSON_AddRawToObject (object, key, g_ascii_dtostr (text, sizeof text, value));
}

static cJSON *
probe_to_json (const PmtProbe *probe)
{
  cJSON *object = cJSON_CreateObject ();
  /* File names are bytes; escaped they are ASCII. */
  g_autofree gchar *name = g_uri_escape_string (probe->name, NULL, FALSE);

  cJSON_AddStringToObject (object, "name", name);
  add_number (object, "size", (gdouble)probe->size);
  add_number (object, "mtime", (gdouble)probe->mtime);
  if (probe->reason != NULL)
    {
      cJSON_AddStringToObject (object, "reason", probe->reason);
      return object;
    }
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    add_number (object, fields[i].key,
                G_STRUCT_MEMBER (gint, &probe->info, fields[i].offset));
  add_number (object, "seconds_per_pixel", probe->info.seconds_per_pixel);
  return object;
}

void
pmt_probe_cache_write (const gchar *path, GPtrArray *probes)
{
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  g_autoptr (GError) error = NULL;
  cJSON *files;
  gchar *text;

  add_number (root, "version", CACHE_VERSION);
  files = cJSON_AddArrayToObject (root, "files");
  for (guint i = 0; i < probes->len; i++)
    if (!((const PmtProbe *)probes->pdata[i])->is_passing)
      cJSON_AddItemToArray (files, probe_to_json (probes->pdata[i]));
  text = cJSON_Print (root);
  if (g_mkdir_with_parents (folder, 0700) != 0
      || !g_file_set_contents (path, text, -1, &error))
    g_debug ("%s is not written: %s", path,
             error != NULL ? error->message : folder);
  cJSON_free (text);
}

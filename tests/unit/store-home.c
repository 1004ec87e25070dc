/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store-home.c: a user's folder for tests of the store. */
#include "config.h"

#include "store-home.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/store-private.h"

void
store_home_set_up (StoreHome *home)
{
  g_autoptr (GError) error = NULL;
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;

  home->folder = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_assert_no_error (error);
  home->user_dir = g_build_filename (home->folder, "home", NULL);
  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = home->user_dir;
  options.threads = 2;
  home->engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
}

void
store_home_tear_down (StoreHome *home)
{
  g_autoptr (GError) error = NULL;

  pmt_engine_unref (home->engine);
  pmt_store_delete (home->folder, &error);
  g_assert_no_error (error);
  g_free (home->user_dir);
  g_free (home->folder);
}

gchar *
store_home_path (StoreHome *home, ...)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  const gchar *part;
  va_list args;

  g_ptr_array_add (parts, home->folder);
  va_start (args, home);
  while ((part = va_arg (args, const gchar *)) != NULL)
    g_ptr_array_add (parts, (gpointer)part);
  va_end (args);
  g_ptr_array_add (parts, NULL);
  return g_build_filenamev ((gchar **)parts->pdata);
}

void
store_home_write (StoreHome *home,
                  const gchar *name,
                  const gchar *bytes,
                  gssize length)
{
  g_autofree gchar *path = store_home_path (home, name, NULL);
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents (path, bytes, length, &error);
  g_assert_no_error (error);
}

gboolean
store_home_has (StoreHome *home, const gchar *name)
{
  g_autofree gchar *path = store_home_path (home, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS)
         || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

void
store_home_embedding (StoreHome *home, const gchar *name)
{
  static const gchar header[] =
      "{\"emb_params\":{\"dtype\":\"F32\",\"shape\":[1,4],"
      "\"data_offsets\":[0,16]}}";
  GByteArray *bytes = g_byte_array_new ();
  const guint64 length = GUINT64_TO_LE ((guint64)strlen (header));
  const gfloat values[4] = { 0.0f };

  g_byte_array_append (bytes, (const guint8 *)&length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *)header, strlen (header));
  g_byte_array_append (bytes, (const guint8 *)values, sizeof values);
  store_home_write (home, name, (const gchar *)bytes->data, bytes->len);
  g_byte_array_unref (bytes);
}

const PmtStoreItem *
store_home_find (GPtrArray *items, const gchar *id)
{
  for (guint i = 0; i < items->len; i++)
    if (g_str_equal (((const PmtStoreItem *)items->pdata[i])->id, id))
      return items->pdata[i];
  return NULL;
}

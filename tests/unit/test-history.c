/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-history.c: what was run is kept, within limits, or not at all. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#include "core/history.h"

typedef struct
{
  gchar *user_dir;
  gchar *folder;
  PmtEngineOptions options;
  PmtEngine *engine;
} Fixture;

static void
reopen (Fixture *fixture, guint64 bytes)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->engine, pmt_engine_unref);
  fixture->options.history_bytes = bytes;
  fixture->engine = pmt_engine_new (&fixture->options, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const PmtEngineOptions defaults = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  fixture->user_dir = g_dir_make_tmp ("pentimento-history-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->folder = pmt_history_folder (fixture->user_dir);
  fixture->options = defaults;
  fixture->options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  fixture->options.user_dir = fixture->user_dir;
  reopen (fixture, PMT_HISTORY_DEFAULT_BYTES);
}

static void
remove_tree (const gchar *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->engine, pmt_engine_unref);
  remove_tree (fixture->user_dir);
  g_free (fixture->folder);
  g_free (fixture->user_dir);
}

/* ------------------------------------------------------------- helpers -- */

static PmtRequest *
new_request (guint count)
{
  const GeglRectangle layer = { 0, 0, 400, 300 };
  const GeglRectangle hole = { 100, 100, 20, 20 };
  const gfloat one = 1.0f;
  const guint8 gray = 90;
  g_autoptr (GeglBuffer) source =
      gegl_buffer_new (&layer, babl_format ("Y' u8"));
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (&hole, babl_format ("Y float"));
  PmtRequest *request = pmt_request_new (PMT_OPERATION_REMOVE);

  gegl_buffer_set_color_from_pixel (source, NULL, &gray, NULL);
  gegl_buffer_set_color_from_pixel (mask, NULL, &one, NULL);
  pmt_request_set_source (request, source, &layer);
  pmt_request_set_mask (request, mask);
  pmt_params_set_int (pmt_request_params (request), "seed", 7);
  pmt_params_set_int (pmt_request_params (request), "count", count);
  return request;
}

static PmtResult *
run (Fixture *fixture, guint count)
{
  g_autoptr (PmtRequest) request = new_request (count);
  g_autoptr (GError) error = NULL;
  PmtResult *result =
      pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);
  return result;
}

static GPtrArray *
list (Fixture *fixture, guint n_problems)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *entries = pmt_engine_list_history (fixture->engine, problems);

  g_assert_cmpuint (problems->len, ==, n_problems);
  return entries;
}

static guint
count_files (const gchar *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static guint64
count_bytes (const gchar *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;
  guint64 sum = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);
      GStatBuf info;

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      sum += (guint64)info.st_size;
    }
  return sum;
}

static void
write_file (Fixture *fixture, const gchar *name, const gchar *text)
{
  g_autofree gchar *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (fixture->folder, 0700);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static gboolean
has_note (const PmtResult *result, const gchar *part)
{
  const gchar *const *notes = pmt_result_get_notes (result);

  for (; *notes != NULL; notes++)
    if (strstr (*notes, part) != NULL)
      return TRUE;
  return FALSE;
}

/* --------------------------------------------------------------- tests -- */

static void
test_written (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = run (fixture, 2);
  g_autoptr (GPtrArray) entries = list (fixture, 0);
  const PmtHistoryEntry *entry;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (entries->len, ==, 1);
  entry = entries->pdata[0];
  g_assert_cmpint (entry->operation, ==, PMT_OPERATION_REMOVE);
  g_assert_cmpstr (entry->model, ==, "patch-fill");
  g_assert_null (entry->prompt);
  g_assert_cmpfloat (entry->cost, <, 0.0);
  g_assert_cmpint (ABS (entry->created - g_get_real_time () / 1000000), <, 300);
  request = pmt_request_from_recipe (entry->recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpint (
      pmt_params_get_int (pmt_request_params (request), "count", 0), ==, 2);
  g_assert_cmpint (pmt_params_get_int (pmt_request_params (request), "seed", 0),
                   ==, 7);
  g_assert_cmpuint (count_files (fixture->folder), ==, 2);
}

static void
test_thumbnail (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = run (fixture, 1);
  g_autoptr (GPtrArray) entries = list (fixture, 0);
  const PmtHistoryEntry *entry = entries->pdata[0];
  const GeglRectangle *extent =
      gegl_buffer_get_extent (pmt_result_get_picture (result, 0));
  g_autofree gchar *bytes = NULL;
  gsize n = 0;
  guint32 size[2];

  if (!gegl_has_operation ("gegl:png-save"))
    {
      g_test_skip ("This GEGL has no saver of PNG files.");
      return;
    }
  g_assert_nonnull (entry->thumbnail);
  g_assert_true (g_file_get_contents (entry->thumbnail, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, 24);
  memcpy (size, bytes + 16, 8);
  g_assert_cmpuint (GUINT32_FROM_BE (size[0]), <=, PMT_HISTORY_THUMBNAIL);
  g_assert_cmpuint (GUINT32_FROM_BE (size[1]), <=, PMT_HISTORY_THUMBNAIL);
  g_assert_cmpuint (
      MAX (GUINT32_FROM_BE (size[0]), GUINT32_FROM_BE (size[1])), >=,
      MIN (MAX (extent->width, extent->height), PMT_HISTORY_THUMBNAIL) - 1);
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = NULL;

  reopen (fixture, 0);
  result = run (fixture, 1);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
}

static guint64
load_bytes (Fixture *fixture, const gchar *config, GError **error)
{
  g_autofree gchar *path =
      g_build_filename (fixture->user_dir, "config.json", NULL);
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;

  options.user_dir = fixture->user_dir;
  if (config != NULL)
    g_assert_true (g_file_set_contents (path, config, -1, NULL));
  pmt_engine_options_load (&options, error);
  return options.history_bytes;
}

static void
test_config (Fixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "{\"history\": \"no\"}",         "{\"history\": 0}",
    "{\"history_limit_mb\": -1}",    "{\"history_limit_mb\": 1e300}",
    "{\"history_limit_mb\": \"1\"}",
  };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (load_bytes (fixture, NULL, &error), ==,
                    PMT_HISTORY_DEFAULT_BYTES);
  g_assert_cmpuint (load_bytes (fixture, "{}", &error), ==,
                    PMT_HISTORY_DEFAULT_BYTES);
  g_assert_cmpuint (load_bytes (fixture, "{\"history\": false}", &error), ==,
                    0);
  g_assert_cmpuint (load_bytes (fixture, "{\"history_limit_mb\": 2}", &error),
                    ==, 2000000);
  g_assert_cmpuint (load_bytes (fixture,
                                "{\"history\": false, \"history_limit_mb\": 2}",
                                &error),
                    ==, 0);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_cmpuint (load_bytes (fixture, bad[i], &error), ==, 0);
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
      g_assert_nonnull (strstr (error->message, "history"));
      g_clear_error (&error);
    }
}

/* Room for about two: the oldest goes, and what is not ours stays. */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *oldest = NULL;

  for (gint i = 0; i < 4; i++)
    {
      g_autoptr (PmtResult) result = NULL;
      g_autoptr (GPtrArray) entries = NULL;

      if (i == 1)
        {
          reopen (fixture, count_bytes (fixture->folder) * 5 / 2);
          write_file (fixture, "notes.json", "of mine");
        }
      result = run (fixture, 1);
      entries = list (fixture, 0);
      g_assert_cmpuint (entries->len, ==, MIN (i + 1, 2));
      if (i == 0)
        oldest = g_strdup (((PmtHistoryEntry *)entries->pdata[0])->id);
    }
  g_assert_null (pmt_engine_get_history (fixture->engine, oldest, NULL));
  g_assert_cmpuint (count_files (fixture->folder), ==, 5);
}

static void
test_number (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  for (guint i = 0; i < PMT_HISTORY_MAX_ENTRIES + 5; i++)
    {
      g_autofree gchar *name =
          g_strdup_printf ("20200101-000000-%06u-0000.json", i);

      write_file (fixture, name, "");
    }
  result = run (fixture, 1);
  ids = pmt_history_list_ids (fixture->folder);
  g_assert_cmpuint (ids->len, ==, PMT_HISTORY_MAX_ENTRIES);
  g_assert_false (g_str_has_prefix (ids->pdata[0], "2020"));
  g_assert_cmpstr (ids->pdata[ids->len - 1], ==, "20200101-000000-000006-0000");
}

/* The folder can't be made, or not be written: the run is as good. */
static void
test_not_writable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = NULL;

  if (data == NULL)
    {
      g_assert_true (g_file_set_contents (fixture->folder, "", -1, NULL));
    }
  else
    {
      g_mkdir_with_parents (fixture->folder, 0700);
      g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
      if (g_access (fixture->folder, W_OK) == 0)
        {
          g_test_skip ("This user may write everywhere.");
          return;
        }
    }
  result = run (fixture, 1);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
  g_assert_true (has_note (result, "history"));
  g_chmod (fixture->folder, 0700);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

/* Of writes that were cut off; not of those that go on. */
static void
test_leftovers (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *old = NULL;
  g_autoptr (PmtResult) result = NULL;
  struct utimbuf times = { 1000, 1000 };

  write_file (fixture, ".entry-abcdef", "cut off");
  write_file (fixture, ".entry-new", "still being written");
  old = g_build_filename (fixture->folder, ".entry-abcdef", NULL);
  g_assert_cmpint (g_utime (old, &times), ==, 0);
  result = run (fixture, 1);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (fixture->folder), ==, 3);
}

#define RECIPE                                                                 \
  "{\\\"version\\\":1,\\\"operation\\\":\\\"remove\\\",\\\"model\\\":"         \
  "\\\"patch-fill\\\",\\\"params\\\":{}}"

static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  static const gchar *const texts[] = {
    "",
    "[]",
    "{",
    "{\"version\":2,\"created\":1,\"recipe\":\"" RECIPE "\"}",
    "{\"version\":1,\"created\":-1,\"recipe\":\"" RECIPE "\"}",
    "{\"version\":1,\"created\":1e300,\"recipe\":\"" RECIPE "\"}",
    "{\"version\":1,\"created\":1,\"cost\":\"1\",\"recipe\":\"" RECIPE "\"}",
    "{\"version\":1,\"created\":1,\"unit\":\"\\u001b[2J\",\"recipe\":\"" RECIPE
    "\"}",
    "{\"version\":1,\"created\":1}",
    "{\"version\":1,\"created\":1,\"recipe\":\"{}\"}",
  };
  static const gchar *const names[] = {
    "../20200101-000000-000000-0000",
    "20200101-000000-000000-000G",
    "",
    "jobs",
  };
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree gchar *link = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree gchar *name =
          g_strdup_printf ("20200101-000000-%06u-0000.json", i);

      write_file (fixture, name, texts[i]);
    }
  write_file (fixture, "20210101-000000-000000-0000.json",
              "{\"version\":1,\"created\":1,\"recipe\":\"" RECIPE "\"}");
  write_file (fixture, "other.json", "{");
  link = g_build_filename (fixture->folder, "20200101-000000-000099-0000.json",
                           NULL);
  g_assert_cmpint (symlink ("/dev/zero", link), ==, 0);
  entries = list (fixture, G_N_ELEMENTS (texts) + 1);
  g_assert_cmpuint (entries->len, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          pmt_engine_delete_history (fixture->engine, names[i], &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
    }
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) first = run (fixture, 1);
  g_autoptr (PmtResult) second = run (fixture, 1);
  g_autoptr (GPtrArray) entries = list (fixture, 0);
  const PmtHistoryEntry *newest;
  g_autofree gchar *jobs = g_build_filename (fixture->folder, "jobs", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (jobs, 0700);
  g_assert_cmpuint (entries->len, ==, 2);
  newest = entries->pdata[0];
  g_assert_cmpstr (newest->id, >, ((PmtHistoryEntry *)entries->pdata[1])->id);
  g_assert_true (
      pmt_engine_delete_history (fixture->engine, newest->id, &error));
  g_assert_false (
      pmt_engine_delete_history (fixture->engine, newest->id, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_clear_error (&error);
  g_assert_true (pmt_engine_clear_history (fixture->engine, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  g_assert_true (g_file_test (jobs, G_FILE_TEST_IS_DIR));
}

gint
main (gint argc, gchar **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
#define ADD(name, data, func)                                                  \
  g_test_add ("/history/" name, Fixture, data, set_up, func, tear_down)
  ADD ("written", NULL, test_written);
  ADD ("thumbnail", NULL, test_thumbnail);
  ADD ("private", NULL, test_private);
  ADD ("config", NULL, test_config);
  ADD ("limit", NULL, test_limit);
  ADD ("number", NULL, test_number);
  ADD ("no-folder", NULL, test_not_writable);
  ADD ("read-only", "read-only", test_not_writable);
  ADD ("leftovers", NULL, test_leftovers);
  ADD ("hostile", NULL, test_hostile);
  ADD ("delete", NULL, test_delete);
#undef ADD
  status = g_test_run ();
  gegl_exit ();
  return status;
}

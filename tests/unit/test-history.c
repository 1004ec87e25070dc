/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-history.c: what was run is kept, within limits, or not at all. */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utime.h>

#include "core/history-pixels.h"
#include "core/history.h"
#include "core/result-builder.h"

#define RECIPE                                                                 \
  "{\\\"version\\\":1,\\\"operation\\\":\\\"remove\\\",\\\"model\\\":"         \
  "\\\"patch-fill\\\",\\\"params\\\":{}}"

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
size_of (const gchar *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return (guint64)info.st_size;
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
  g_assert_cmpuint (count_files (fixture->folder), ==, 3);
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

/* Room for about two, results and all: the oldest lose theirs first, and what
 * is not ours stays.
 */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  const gboolean is_small = data != NULL;
  g_autofree gchar *oldest = NULL;
  g_autoptr (PmtHistoryEntry) entry = NULL;
  guint64 room = 0;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (PmtResult) result = run (fixture, 1);
      g_autoptr (GPtrArray) entries = list (fixture, 0);
      const PmtHistoryEntry *newest = entries->pdata[0];
      const guint wanted = is_small ? MIN (i + 1, 2) : i + 1;

      g_assert_cmpuint (entries->len, ==, wanted);
      if (i > 0)
        g_assert_cmpuint (pmt_engine_measure_history (fixture->engine), <=,
                          room);
      else
        {
          oldest = g_strdup (newest->id);
          write_file (fixture, "notes.json", "of mine");
          room = is_small ? 5
                                * (pmt_engine_measure_history (fixture->engine)
                                   - size_of (newest->result))
                                / 2
                          : 4 * pmt_engine_measure_history (fixture->engine);
          reopen (fixture, room);
        }
    }
  entry = pmt_engine_get_history (fixture->engine, oldest, NULL);
  g_assert_true ((entry == NULL) == is_small);
}

/* One result of a size that fits, and a limit that three of them break. */
static void
test_oldest_result (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = run (fixture, 1);
  g_autoptr (GPtrArray) entries = NULL;
  guint n_results = 0;

  reopen (fixture, pmt_engine_measure_history (fixture->engine)
                       * PMT_HISTORY_RESULT_PART);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (PmtResult) next = run (fixture, 1);

      g_assert_null (pmt_result_get_notes (next)[0]);
    }
  entries = list (fixture, 0);
  for (guint i = 0; i < entries->len; i++)
    {
      const PmtHistoryEntry *entry = entries->pdata[i];

      /* Once one lost its result, all older ones did. */
      if (entry->result != NULL)
        g_assert_cmpuint (n_results++, ==, i);
    }
  g_assert_cmpuint (n_results, >=, 2);
  g_assert_cmpuint (n_results, <, entries->len);
}

/* A result that is larger than its part leaves a thumbnail only. */
static void
test_large_result (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = run (fixture, 1);
  g_autoptr (PmtResult) second = NULL;
  g_autoptr (GPtrArray) entries = list (fixture, 0);
  const guint64 size = size_of (((PmtHistoryEntry *)entries->pdata[0])->result);
  g_autoptr (PmtResult) loaded = NULL;
  g_autoptr (GError) error = NULL;
  const PmtHistoryEntry *entry;
  GeglRectangle from;

  g_assert_true (pmt_engine_clear_history (fixture->engine, &error));
  reopen (fixture, size * PMT_HISTORY_RESULT_PART - 64);
  second = run (fixture, 1);
  g_assert_null (pmt_result_get_notes (second)[0]);
  g_clear_pointer (&entries, g_ptr_array_unref);
  entries = list (fixture, 0);
  g_assert_cmpuint (entries->len, ==, 1);
  entry = entries->pdata[0];
  g_assert_null (entry->result);
  g_assert_cmpuint (count_files (fixture->folder), ==,
                    entry->thumbnail != NULL ? 2 : 1);
  loaded = pmt_engine_load_history (fixture->engine, entry->id, &from, &error);
  g_assert_null (loaded);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
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

/* ------------------------------------------------------------- results -- */

/* Formats of layers: with alpha, deep, and with values outside 0 to 1. */
static const gchar *const formats[] = {
  "R'G'B' u8",  "R'G'B'A u16", "RGBA half", "R'G'B' float",
  "RGB double", "Y'A float",   "Y u32",
};

static GeglBuffer *
new_noise (const gchar *format, const Babl *space, const GeglRectangle *rect)
{
  const Babl *with_space = babl_format_with_space (format, space);
  GeglBuffer *buffer = gegl_buffer_new (rect, with_space);
  const gsize n_floats = (gsize)rect->width * (gsize)rect->height * 4;
  g_autofree gfloat *values = g_new (gfloat, n_floats);

  for (gsize i = 0; i < n_floats; i++)
    values[i] = (gfloat)g_test_rand_double_range (-0.5, 1.5);
  gegl_buffer_set (buffer, rect, 0,
                   babl_format_with_space ("R'G'B'A float", space), values,
                   GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

static GBytes *
bytes_of (GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const Babl *format = gegl_buffer_get_format (buffer);
  const gsize n = (gsize)extent->width * (gsize)extent->height
                  * (gsize)babl_format_get_bytes_per_pixel (format);
  gpointer bytes = g_malloc (n);

  gegl_buffer_get (buffer, NULL, 1.0, format, bytes, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return g_bytes_new_take (bytes, n);
}

static void
assert_same (GeglBuffer *a, GeglBuffer *b)
{
  g_autoptr (GBytes) a_bytes = bytes_of (a);
  g_autoptr (GBytes) b_bytes = bytes_of (b);

  g_assert_true (gegl_rectangle_equal (gegl_buffer_get_extent (a),
                                       gegl_buffer_get_extent (b)));
  g_assert_cmpstr (babl_format_get_encoding (gegl_buffer_get_format (a)), ==,
                   babl_format_get_encoding (gegl_buffer_get_format (b)));
  g_assert_true (g_bytes_equal (a_bytes, b_bytes));
}

/* A result with all @formats, each with a mask but the first. */
static PmtResult *
new_result (const Babl *space)
{
  const GeglRectangle canvas = { -10, 0, 90, 80 };
  const GeglRectangle rect = { -7, 5, 31, 17 };
  g_autofree gchar *recipe = g_strdup (
      "{\"version\":1,\"operation\":\"expand\",\"model\":"
      "\"patch-fill\",\"params\":{\"picture\":\"data:image/png,x\"}}");
  g_autoptr (PmtRequest) request = pmt_request_new (PMT_OPERATION_EXPAND);
  PmtJob job = { NULL };
  PmtResult *result;

  pmt_request_set_canvas (request, &canvas);
  job.request = request;
  result = pmt_result_new (&job);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    pmt_result_add_made (result, new_noise (formats[i], space, &rect),
                         i > 0 ? new_noise ("Y float", NULL, &rect) : NULL,
                         "Expand", recipe, 4294967295u - i);
  return result;
}

static PmtResult *
read_pixels (const gchar *bytes, gsize n, GeglRectangle *from, GError **error)
{
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (bytes, (gssize)n, NULL);

  return pmt_history_pixels_read (stream, n, "pixels", from, error);
}

static void
check_result (const PmtResult *made, const PmtResult *read)
{
  GeglRectangle canvas;
  GeglRectangle wanted;

  pmt_result_get_canvas (made, &wanted);
  pmt_result_get_canvas (read, &canvas);
  g_assert_true (gegl_rectangle_equal (&canvas, &wanted));
  g_assert_cmpuint (pmt_result_get_n_items (read), ==,
                    pmt_result_get_n_items (made));
  for (guint i = 0; i < pmt_result_get_n_items (made); i++)
    {
      assert_same (pmt_result_get_picture (made, i),
                   pmt_result_get_picture (read, i));
      if (pmt_result_get_mask (made, i) != NULL)
        assert_same (pmt_result_get_mask (made, i),
                     pmt_result_get_mask (read, i));
      else
        g_assert_null (pmt_result_get_mask (read, i));
      g_assert_cmpstr (pmt_result_get_name (read, i), ==, "Expand");
      g_assert_cmpuint (pmt_result_get_seed (read, i), ==, 4294967295u - i);
      g_assert_null (strstr (pmt_result_get_recipe (read, i), "data:"));
    }
}

/* Every bit of every format, also with a profile of its own. */
static void
test_pixels (Fixture *fixture, gconstpointer data)
{
  const Babl *space = data != NULL ? babl_space (data) : NULL;
  const GeglRectangle from = { 0, 0, 70, 80 };
  g_autofree gchar *path = g_build_filename (fixture->user_dir, "pixels", NULL);
  g_autoptr (PmtResult) made = new_result (space);
  g_autoptr (PmtResult) read = NULL;
  g_autofree gchar *bytes = NULL;
  GeglRectangle from_read;
  gsize n = 0;
  g_autoptr (GError) error = NULL;

  pmt_history_pixels_write (path, made, &from, 1 << 20, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  read = read_pixels (bytes, n, &from_read, &error);
  g_assert_no_error (error);
  g_assert_true (gegl_rectangle_equal (&from, &from_read));
  check_result (made, read);
}

/* Cut off anywhere, or with any byte changed, it is refused, for a checksum is
 * part of it; or nothing is lost: some bits of a packed file mean nothing.
 */
static void
test_pixels_damaged (Fixture *fixture, gconstpointer data)
{
  const GeglRectangle from = { 0, 0, 70, 80 };
  g_autofree gchar *path = g_build_filename (fixture->user_dir, "pixels", NULL);
  g_autoptr (PmtResult) made = new_result (NULL);
  g_autofree gchar *bytes = NULL;
  gsize n = 0;
  guint n_changed = 0;
  guint n_refused = 0;

  g_assert_true (pmt_history_pixels_write (path, made, &from, 1 << 20, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  for (gsize i = 0; i < n; i += 1 + n / 199)
    {
      g_autoptr (PmtResult) changed = NULL;
      g_autoptr (GError) error = NULL;
      GeglRectangle read = from;

      g_assert_null (read_pixels (bytes, i, &read, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
      g_clear_error (&error);
      /* The first ten bytes have some that mean nothing, such as a date. */
      if (i < 10)
        continue;
      bytes[i] = (gchar)(bytes[i] ^ 0x10);
      changed = read_pixels (bytes, n, &read, &error);
      if (changed != NULL)
        check_result (made, changed);
      else
        g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
      n_refused += changed == NULL ? 1 : 0;
      n_changed++;
      bytes[i] = (gchar)(bytes[i] ^ 0x10);
    }
  g_assert_cmpuint (n_refused, >, n_changed * 9 / 10);
}

static GBytes *
pack (const gchar *header)
{
  g_autoptr (GZlibCompressor) packer =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream =
      g_converter_output_stream_new (memory, G_CONVERTER (packer));
  const guint32 length = GUINT32_TO_LE ((guint32)strlen (header));

  g_assert_true (
      g_output_stream_write_all (stream, &length, 4, NULL, NULL, NULL));
  g_assert_true (g_output_stream_write_all (stream, header, strlen (header),
                                            NULL, NULL, NULL));
  g_assert_true (
      g_output_stream_write_all (stream, "ABC", 3, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (
      G_MEMORY_OUTPUT_STREAM (memory));
}

#define BOX "[0,0,1,1]"
#define ITEM(picture)                                                          \
  "{\"name\":\"a\",\"seed\":1,\"recipe\":\"" RECIPE "\",\"picture\":" picture  \
  "}"
#define HEADER(from, items)                                                    \
  "{\"version\":1,\"from\":" from ",\"canvas\":" BOX ",\"items\":[" items "]}"
#define PICTURE(box, format) "{\"box\":" box ",\"format\":\"" format "\"}"

static void
test_pixels_hostile (Fixture *fixture, gconstpointer data)
{
  static const gchar *const headers[] = {
    "{}",
    HEADER (BOX, ""),
    HEADER ("[0,0,0,1]", ITEM (PICTURE (BOX, "R'G'B' u8"))),
    HEADER ("[0,0,1]", ITEM (PICTURE (BOX, "R'G'B' u8"))),
    HEADER (BOX, ITEM (PICTURE ("[0,0,1048576,1048576]", "RGBA double"))),
    HEADER (BOX, ITEM (PICTURE ("[0,0,1e9,1]", "R'G'B' u8"))),
    HEADER (BOX, ITEM (PICTURE ("[0,0,1,1.5]", "R'G'B' u8"))),
    HEADER (BOX, ITEM (PICTURE ("[0,0,1,2]", "R'G'B' u8"))),
    HEADER (BOX, ITEM (PICTURE (BOX, "Y' u8"))),
    HEADER (BOX, ITEM (PICTURE (BOX, "CMYK u8"))),
    HEADER (BOX, ITEM (PICTURE (BOX, "R'G'B' u9"))),
    HEADER (BOX, ITEM (PICTURE (BOX, "%s%n"))),
    HEADER (BOX, ITEM ("{\"box\":" BOX ",\"format\":\"R'G'B' u8\","
                       "\"icc\":\"AAAA\"}")),
    HEADER (BOX, ITEM ("7")),
    HEADER (BOX, "null"),
  };
  const gchar *good = HEADER (BOX, ITEM (PICTURE (BOX, "R'G'B' u8")));
  g_autoptr (GBytes) packed = pack (good);
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GeglRectangle from;

  result = read_pixels (g_bytes_get_data (packed, NULL),
                        g_bytes_get_size (packed), &from, &error);
  g_assert_no_error (error);
  g_assert_nonnull (result);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GBytes) bad = pack (headers[i]);

      g_assert_null (read_pixels (g_bytes_get_data (bad, NULL),
                                  g_bytes_get_size (bad), &from, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
      g_clear_error (&error);
    }
}

/* Through the engine: what a run made comes back. */
static void
test_load (Fixture *fixture, gconstpointer data)
{
  const GeglRectangle wanted = { 0, 0, 400, 300 };
  g_autoptr (PmtResult) made = run (fixture, 1);
  g_autoptr (GPtrArray) entries = list (fixture, 0);
  const PmtHistoryEntry *entry = entries->pdata[0];
  g_autoptr (PmtResult) read = NULL;
  GeglRectangle from;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (entry->result);
  read = pmt_engine_load_history (fixture->engine, entry->id, &from, &error);
  g_assert_no_error (error);
  g_assert_true (gegl_rectangle_equal (&from, &wanted));
  assert_same (pmt_result_get_picture (made, 0),
               pmt_result_get_picture (read, 0));
  assert_same (pmt_result_get_mask (made, 0), pmt_result_get_mask (read, 0));
  g_assert_cmpstr (pmt_result_get_recipe (read, 0), ==,
                   pmt_result_get_recipe (made, 0));
  g_assert_cmpuint (pmt_engine_measure_history (fixture->engine), >=,
                    size_of (entry->result));
  g_assert_true (
      pmt_engine_delete_history (fixture->engine, entry->id, &error));
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
  g_assert_null (
      pmt_engine_load_history (fixture->engine, "../x", &from, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

/* A limit on the size of files fails as a full disk does, in write(); the
 * thumbnail fits, the pixels don't.
 */
static PmtResult *
run_on_full_disk (Fixture *fixture, const PmtRequest *request)
{
  g_autoptr (GError) error = NULL;
  struct rlimit before;
  struct rlimit limit;
  PmtResult *result;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 200 << 10;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  result = pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_no_error (error);
  return result;
}

/* The run is as good, its entry is kept, and nothing of its pixels. */
static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  const GeglRectangle layer = { 0, 0, 400, 300 };
  g_autoptr (PmtRequest) request = new_request (1);
  g_autoptr (GeglBuffer) noise = new_noise ("R'G'B' float", NULL, &layer);
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (PmtResult) second = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  const PmtHistoryEntry *entry;

  pmt_request_set_source (request, noise, &layer);
  result = run_on_full_disk (fixture, request);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
  g_assert_true (has_note (result, "without its pixels"));
  entries = list (fixture, 0);
  g_assert_cmpuint (entries->len, ==, 1);
  entry = entries->pdata[0];
  g_assert_null (entry->result);
  g_assert_cmpuint (count_files (fixture->folder), ==,
                    entry->thumbnail != NULL ? 2 : 1);
  /* With space there is nothing to say. */
  second = pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, NULL);
  g_assert_null (pmt_result_get_notes (second)[0]);
  assert_same (pmt_result_get_picture (result, 0),
               pmt_result_get_picture (second, 0));
}

/* Such as a preview. */
static void
test_unrecorded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = new_request (1);
  g_autoptr (PmtResult) result = NULL;

  pmt_request_set_unrecorded (request, TRUE);
  result = pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, NULL);
  g_assert_nonnull (result);
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
  g_assert_cmpuint (count_files (fixture->folder), ==, 4);
}

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
  ADD ("limit-of-entries", "small", test_limit);
  ADD ("oldest-result", NULL, test_oldest_result);
  ADD ("large-result", NULL, test_large_result);
  ADD ("load", NULL, test_load);
  ADD ("full-disk", NULL, test_full_disk);
  ADD ("unrecorded", NULL, test_unrecorded);
  ADD ("pixels", NULL, test_pixels);
  ADD ("pixels-profile", "ProPhoto", test_pixels);
  ADD ("pixels-damaged", NULL, test_pixels_damaged);
  ADD ("pixels-hostile", NULL, test_pixels_hostile);
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

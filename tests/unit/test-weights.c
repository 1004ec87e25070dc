/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-weights.c: .safetensors files, good and bad. */
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "onnx/weights.h"

static gchar *folder;

static gchar *
in_folder (const gchar *name)
{
  return g_build_filename (folder, name, NULL);
}

/* (transfer full): the path; zeros follow the header. */
static gchar *
write_file (const gchar *name, const gchar *header, gsize n_data)
{
  g_autofree gchar *path = in_folder (name);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  const guint64 length = GUINT64_TO_LE (strlen (header));
  g_autofree guint8 *data = g_malloc0 (n_data + 1);

  g_byte_array_append (file, (const guint8 *)&length, 8);
  g_byte_array_append (file, (const guint8 *)header, (guint)strlen (header));
  g_byte_array_append (file, data, (guint)n_data);
  g_assert_true (g_file_set_contents (path, (const gchar *)file->data,
                                      (gssize)file->len, NULL));
  return g_steal_pointer (&path);
}

/* One sentence or two that name the file, and the cause. */
static void
refuse (const gchar *path, gint code, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *base = g_path_get_basename (path);

  g_assert_null (pmt_weights_open (path, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, PMT_ERROR, code);
  g_assert_nonnull (strstr (error->message, base));
  g_assert_nonnull (strstr (error->message, text));
  g_assert_cmpuint (strlen (text), >, 0);
}

#define TENSOR(dtype, shape, from, to)                                         \
  "{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[" #from      \
  "," #to "]}"

static void
test_bad_headers (void)
{
  static const struct
  {
    const gchar *header;
    gsize n_data;
    const gchar *text;
  } bad[] = {
    { "{\"a\":" TENSOR ("F32", "[2]", 0, 8) "}", 4, "“a” lies behind the end" },
    { "{\"a\":" TENSOR ("F32", "[3]", 0, 8) "}", 8, "another size" },
    { "{\"a\":" TENSOR ("F31", "[2]", 0, 8) "}", 8, "unknown type" },
    { "{\"a\":" TENSOR ("F32", "[-2]", 0, 8) "}", 8, "can't be" },
    { "{\"a\":" TENSOR ("F32", "[1,1,1,1,1,1,1,1,2]", 0, 8) "}", 8,
      "can't be" },
    { "{\"a\":" TENSOR ("F32", "[9007199254740992,9007199254740992]", 0, 8) "}",
      8, "can't be" },
    { "{\"a\":" TENSOR ("F32", "[2]", 8, 0) "}", 8, "no valid place" },
    { "{\"a\":" TENSOR ("F32", "2", 0, 8) "}", 8, "no shape" },
    { "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "no type" },
    { "{\"a\":7}", 8, "not described" },
    { "{\"\":" TENSOR ("F32", "[2]", 0, 8) "}", 8, "no valid name" },
    { "{\"a\":" TENSOR ("F32", "[2]", 0, 8) ",\"b\":" TENSOR ("F32", "[2]", 4,
                                                              12) "}",
      12, "“a” and “b” overlap" },
    { "{\"a\":" TENSOR ("F32", "[1]", 0, 4) ",\"a\":" TENSOR ("F32", "[1]", 4,
                                                              8) "}",
      8, "“a” twice" },
    { "{\"\xff\":" TENSOR ("F32", "[2]", 0, 8) "}", 8, "header" },
    { "{\"__metadata__\":{\"a\":1}}", 0, "description" },
    { "{\"a\"", 0, "header" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *path =
          write_file ("bad.safetensors", bad[i].header, bad[i].n_data);

      refuse (path, PMT_ERROR_MODEL, bad[i].text);
    }
}

static void
test_deep (void)
{
  g_autoptr (GString) header = g_string_new ("{\"a\":");
  g_autofree gchar *path = NULL;

  for (gint i = 0; i < 5000; i++)
    g_string_append_c (header, '[');
  for (gint i = 0; i < 5000; i++)
    g_string_append_c (header, ']');
  g_string_append_c (header, '}');
  path = write_file ("deep.safetensors", header->str, 0);
  refuse (path, PMT_ERROR_MODEL, "header");
}

static void
refuse_bytes (const gchar *bytes, gsize n, gint code, const gchar *text)
{
  g_autofree gchar *path = in_folder ("bytes.safetensors");

  g_assert_true (g_file_set_contents (path, bytes, (gssize)n, NULL));
  refuse (path, code, text);
}

static void
test_bad_starts (void)
{
  refuse_bytes ("", 0, PMT_ERROR_MODEL, "not a .safetensors file");
  refuse_bytes ("\5\0\0", 3, PMT_ERROR_MODEL, "not a .safetensors file");
  refuse_bytes ("\377\377\377\377\377\377\377\377{}", 10, PMT_ERROR_MODEL,
                "not a .safetensors file");
  refuse_bytes ("\0\0\0\100\0\0\0\0{}", 10, PMT_ERROR_MODEL,
                "not a .safetensors file");
  refuse_bytes ("\200\2}q\0.........", 12, PMT_ERROR_UNSUPPORTED, "PyTorch");
  refuse_bytes ("PK\3\4............", 14, PMT_ERROR_UNSUPPORTED, "PyTorch");
}

static void
test_no_file (void)
{
  g_autofree gchar *missing = in_folder ("missing.safetensors");
  g_autofree gchar *pipe = in_folder ("pipe.safetensors");
  g_autofree gchar *loop = in_folder ("loop.safetensors");

  refuse (missing, PMT_ERROR_FILE, "can't be read");
  refuse (folder, PMT_ERROR_FILE, "not a file");
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  refuse (pipe, PMT_ERROR_FILE, "not a file");
  g_assert_cmpint (symlink ("loop.safetensors", loop), ==, 0);
  refuse (loop, PMT_ERROR_FILE, "can't be read");
}

/* Every value of 16 bits, vector instructions or not. */
static void
test_halfs (void)
{
  g_autoptr (GString) header = g_string_new (NULL);
  g_autofree gchar *path = NULL;
  g_autofree gchar *contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtWeights) weights = NULL;
  g_autofree gfloat *values = g_new (gfloat, 65536);
  const guint n = 65536;
  gsize size;

  g_string_append (header, "{\"bf\":" TENSOR ("BF16", "[65536]", 0, 131072));
  g_string_append (header,
                   ",\"h\":" TENSOR ("F16", "[65536]", 131072, 262144) "}");
  path = write_file ("halfs.safetensors", header->str, 4 * n);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  for (guint i = 0; i < 2 * n; i++)
    {
      const guint16 value = GUINT16_TO_LE ((guint16)i);

      memcpy (contents + size - 4 * n + 2 * i, &value, 2);
    }
  g_assert_true (g_file_set_contents (path, contents, (gssize)size, NULL));
  weights = pmt_weights_open (path, &error);
  g_assert_no_error (error);
  /* From 3 on, so that lanes and values don't begin together. */
  g_assert_true (pmt_weights_read (weights, pmt_weights_find (weights, "h"), 3,
                                   n - 3, values, &error));
  for (guint i = 3; i < n; i++)
    {
      const gfloat wanted = pmt_half_to_float ((guint16)i);

      if (isnan (wanted))
        g_assert_true (isnan (values[i - 3]));
      else
        g_assert_cmpmem (&wanted, 4, &values[i - 3], 4);
    }
  g_assert_true (pmt_weights_read (weights, pmt_weights_find (weights, "bf"), 0,
                                   n, values, &error));
  for (guint i = 0; i < n; i++)
    {
      const gfloat wanted = pmt_bfloat_to_float ((guint16)i);

      g_assert_cmpmem (&wanted, 4, &values[i], 4);
    }
}

/* Links are followed: the folder is that of the file itself. */
static void
test_link (void)
{
  g_autofree gchar *below = in_folder ("below");
  g_autofree gchar *link = in_folder ("below/link.safetensors");
  g_autofree gchar *real = realpath (folder, NULL);
  g_autofree gchar *path = write_file (
      "real.safetensors", "{\"a\":" TENSOR ("F32", "[2]", 0, 8) "}", 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtWeights) weights = NULL;

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  g_assert_cmpint (symlink ("../real.safetensors", link), ==, 0);
  weights = pmt_weights_open (link, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pmt_weights_get_folder (weights), ==, real);
  g_assert_cmpstr (pmt_weights_get (weights, 0)->file, ==, "real.safetensors");
  g_assert_cmpint (g_unlink (link), ==, 0);
  g_assert_cmpint (g_rmdir (below), ==, 0);
}

static void
test_changed (void)
{
  g_autofree gchar *path = write_file (
      "changed.safetensors", "{\"a\":" TENSOR ("F32", "[2]", 0, 8) "}", 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtWeights) weights = pmt_weights_open (path, &error);
  gfloat values[2];

  g_assert_no_error (error);
  g_assert_true (pmt_weights_check (weights, &error));
  g_assert_cmpint (truncate (path, 20), ==, 0);
  g_assert_false (pmt_weights_check (weights, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_clear_error (&error);
  g_assert_false (pmt_weights_read (weights, pmt_weights_get (weights, 0), 0, 2,
                                    values, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
}

static void
test_parts (void)
{
  g_autofree gchar *one = write_file (
      "one.safetensors", "{\"a\":" TENSOR ("F32", "[2]", 0, 8) "}", 8);
  g_autofree gchar *two = write_file (
      "two.safetensors", "{\"b\":" TENSOR ("I8", "[8]", 0, 8) "}", 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtWeights) weights = pmt_weights_open (one, &error);
  gfloat value;

  g_assert_no_error (error);
  g_assert_false (pmt_weights_add (weights, one, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_assert_nonnull (strstr (error->message, "“a”"));
  g_clear_error (&error);
  g_assert_true (pmt_weights_add (weights, two, &error));
  g_assert_cmpuint (pmt_weights_get_n (weights), ==, 2);
  g_assert_false (pmt_weights_read (weights, pmt_weights_find (weights, "b"), 0,
                                    1, &value, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "I8"));
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = in_folder (name);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("pentimento-weights-XXXXXX", NULL);
  g_assert_nonnull (folder);
  g_test_add_func ("/weights/bad-headers", test_bad_headers);
  g_test_add_func ("/weights/deep", test_deep);
  g_test_add_func ("/weights/bad-starts", test_bad_starts);
  g_test_add_func ("/weights/no-file", test_no_file);
  g_test_add_func ("/weights/halfs", test_halfs);
  g_test_add_func ("/weights/link", test_link);
  g_test_add_func ("/weights/changed", test_changed);
  g_test_add_func ("/weights/parts", test_parts);
  result = g_test_run ();
  remove_folder ();
  return result;
}

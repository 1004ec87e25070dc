/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* golden.c: reference numbers, and comparing with them. */
#include "golden.h"

#include <math.h>
#include <string.h>
#include <string.h>

#define MAX_JSON ((gsize)64 << 20)

static const gchar *
folder (void)
{
  const gchar *path = g_getenv ("PENTIMENTO_GOLDEN");

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR) ? path : NULL;
}

static void
skip (void)
{
  g_test_skip ("no golden data: PENTIMENTO_GOLDEN names no folder");
}

int
golden_main (int argc, char **argv, void (*add) (void))
{
  g_test_init (&argc, &argv, NULL);
  if (folder () != NULL)
    add ();
  else
    g_test_add_func ("/golden", skip);
  return g_test_run ();
}

static gchar *
path_of (const gchar *format, va_list arguments)
{
  g_autofree gchar *name = g_strdup_vprintf (format, arguments);

  return g_build_filename (folder (), name, NULL);
}

gchar *
golden_path (const gchar *format, ...)
{
  gchar *path;
  va_list arguments;

  va_start (arguments, format);
  path = path_of (format, arguments);
  va_end (arguments);
  return path;
}

gboolean
golden_exists (const gchar *format, ...)
{
  g_autofree gchar *path = NULL;
  va_list arguments;

  va_start (arguments, format);
  path = path_of (format, arguments);
  va_end (arguments);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

PmtWeights *
golden_open (const gchar *format, ...)
{
  g_autofree gchar *path = NULL;
  g_autoptr (GError) error = NULL;
  PmtWeights *weights;
  va_list arguments;

  va_start (arguments, format);
  path = path_of (format, arguments);
  va_end (arguments);
  weights = pmt_weights_open (path, &error);
  if (weights == NULL)
    g_error ("%s", error->message);
  return weights;
}

/* Python writes numbers that JSON does not have: they become 0, and spaces. */
static void
replace_infinite (gchar *text, const gchar *word)
{
  gchar *at = text;

  while ((at = strstr (at, word)) != NULL)
    {
      memset (at, ' ', strlen (word));
      *at = '0';
    }
}

cJSON *
golden_json (const gchar *format, ...)
{
  g_autofree gchar *path = NULL;
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  cJSON *root = NULL;
  va_list arguments;

  va_start (arguments, format);
  path = path_of (format, arguments);
  va_end (arguments);
  if (g_file_get_contents (path, &text, &length, &error))
    {
      replace_infinite (text, "-Infinity");
      replace_infinite (text, "Infinity");
      replace_infinite (text, "NaN");
      root = pmt_json_parse_large (path, text, length, MAX_JSON, PMT_ERROR_FILE,
                                   &error);
    }
  if (root == NULL)
    g_error ("%s", error->message);
  return root;
}

gboolean
golden_has (PmtWeights *weights, const gchar *format, ...)
{
  g_autofree gchar *name = NULL;
  va_list arguments;

  va_start (arguments, format);
  name = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return pmt_weights_find (weights, name) != NULL;
}

static const PmtWeight *
find (PmtWeights *weights, const gchar *format, va_list arguments)
{
  g_autofree gchar *name = g_strdup_vprintf (format, arguments);
  const PmtWeight *weight = pmt_weights_find (weights, name);

  if (weight == NULL)
    g_error ("%s has no tensor %s", pmt_weights_get_name (weights), name);
  return weight;
}

gfloat *
golden_floats (PmtWeights *weights, gsize *n, const gchar *format, ...)
{
  g_autoptr (GError) error = NULL;
  const PmtWeight *weight;
  gfloat *values;
  gsize count;
  va_list arguments;

  va_start (arguments, format);
  weight = find (weights, format, arguments);
  va_end (arguments);
  count = pmt_weight_count (weight);
  values = g_new (gfloat, count + 1);
  if (!pmt_weights_read (weights, weight, 0, count, values, &error))
    g_error ("%s", error->message);
  if (n != NULL)
    *n = count;
  return values;
}

gint64 *
golden_ints (PmtWeights *weights, gsize *n, const gchar *format, ...)
{
  g_autoptr (GError) error = NULL;
  const PmtWeight *weight;
  gint64 *values;
  va_list arguments;

  va_start (arguments, format);
  weight = find (weights, format, arguments);
  va_end (arguments);
  g_assert_cmpint (weight->type, ==, PMT_WEIGHT_INT64);
  values = g_malloc (weight->length + 1);
  if (!pmt_weights_read_bytes (weights, weight, 0, weight->length, values,
                               &error))
    g_error ("%s", error->message);
  if (n != NULL)
    *n = pmt_weight_count (weight);
  return values;
}

gint64
golden_dim (PmtWeights *weights, const gchar *name, gint i)
{
  const PmtWeight *weight = pmt_weights_find (weights, name);

  if (weight == NULL || i >= weight->rank)
    g_error ("%s has no tensor %s with %d sizes",
             pmt_weights_get_name (weights), name, i + 1);
  return weight->dims[i];
}

void
golden_add_checkpoints (const gchar *prefix, GTestDataFunc test)
{
  g_autofree gchar *path = golden_path ("checkpoints");
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *stem = g_strdup (name);
      g_autofree gchar *full = NULL;

      if (g_str_has_suffix (name, ".safetensors"))
        stem[strlen (stem) - strlen (".safetensors")] = '\0';
      else if (!golden_exists ("checkpoints/%s/model_index.json", name))
        continue;
      if (!golden_exists ("outputs/%s.safetensors", stem))
        continue;
      full = g_strdup_printf ("%s/%s", prefix, stem);
      g_test_add_data_func_full (full, g_strdup (name), test, g_free);
    }
}

gdouble
golden_difference (const gfloat *a, const gfloat *b, gsize n)
{
  gdouble most = 0;

  for (gsize i = 0; i < n; i++)
    {
      const gdouble difference = fabs ((gdouble)a[i] - (gdouble)b[i]);

      if (isnan (difference))
        return INFINITY;
      most = MAX (most, difference);
    }
  return most;
}

gdouble
golden_max (const gfloat *a, gsize n)
{
  gdouble most = 0;

  for (gsize i = 0; i < n; i++)
    most = MAX (most, fabs ((gdouble)a[i]));
  return most;
}

void
golden_compare (const gchar *what,
                const gfloat *made,
                const gfloat *wanted,
                gsize n,
                gdouble tolerance)
{
  const gdouble difference = golden_difference (made, wanted, n);

  g_test_message ("%s: %.3g (of %.3g; at most %.3g)", what, difference,
                  golden_max (wanted, n), tolerance);
  if (difference <= tolerance)
    return;
  g_test_message ("FAILED: %s", what);
  g_test_fail ();
}

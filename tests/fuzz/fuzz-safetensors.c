/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-safetensors.c: any bytes as a .safetensors file. */
#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "onnx/weights.h"

/* More values than that are not read from one tensor. */
#define MAX_READ 64

/* One file, written again and again; gone when the process ends. */
static gchar *path;

static void
remove_file (void)
{
  g_unlink (path);
  g_free (path);
}

static const gchar *
get_path (void)
{
  g_autoptr (GError) error = NULL;
  gint fd;

  if (path != NULL)
    return path;
  fd = g_file_open_tmp ("fuzz-XXXXXX.safetensors", &path, &error);
  g_assert_no_error (error);
  g_close (fd, NULL);
  atexit (remove_file);
  return path;
}

static void
ask_weight (PmtWeights *weights, const PmtWeight *weight, size_t size)
{
  const guint64 count = pmt_weight_count (weight);
  g_autoptr (GError) error = NULL;
  gfloat values[MAX_READ];
  gboolean is_read;

  g_assert_true (g_utf8_validate (weight->name, -1, NULL));
  g_assert_true (pmt_weights_find (weights, weight->name) == weight);
  g_assert_cmpint (weight->rank, <=, PMT_TENSOR_MAX_RANK);
  g_assert_cmpuint (weight->offset, >=, 8);
  g_assert_cmpuint (weight->offset + weight->length, <=, size);
  g_assert_true (pmt_weight_has_shape (weight, weight->rank, weight->dims));
  is_read = pmt_weights_read (weights, weight, 0, MIN (count, MAX_READ), values,
                              &error);
  g_assert_true (is_read == (weight->type != PMT_WEIGHT_OTHER));
  g_assert_true (is_read == (error == NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtWeights) weights = NULL;
  const PmtWeight *last = NULL;

  if (!g_file_set_contents_full (get_path (), (const gchar *)data, (gssize)size,
                                 G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    return 0;
  weights = pmt_weights_open (get_path (), &error);
  g_assert_true ((weights == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (weights == NULL)
    return 0;
  g_assert_cmpuint (pmt_weights_get_size (weights), ==, size);
  for (guint i = 0; i < pmt_weights_get_n (weights); i++)
    {
      const PmtWeight *weight = pmt_weights_get (weights, i);

      g_assert_true (last == NULL || strcmp (last->name, weight->name) < 0);
      ask_weight (weights, weight, size);
      last = weight;
    }
  return 0;
}

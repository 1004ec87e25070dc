/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-face.c: what a detector of anybody's gives, whatever its shapes and
 * numbers are. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "face/face-net-private.h"
#include "face/face.h"
#include "fuzz.h"

#define SIDE 64
#define MAX_OUTPUTS 12

/* The shapes of the kinds, or odd ones: bytes tell. */
static void
make_output (PmtTensor *output,
             guint i,
             guint8 shape,
             const uint8_t **data,
             size_t *size)
{
  static const gint64 widths[] = { 1, 4, 10, 5, 15, 16, 20, 3 };
  const gint64 cells = (SIDE >> (3 + i % 3)) * (SIDE >> (3 + i % 3));
  const gint64 n_columns = widths[shape & 7];
  const gint64 n_rows = shape & 8 ? cells * 2 : shape & 16 ? 7 : cells;
  const gsize bytes = (gsize)(n_rows * n_columns) * sizeof (gfloat);
  const gsize taken = MIN (bytes, *size);

  *output = (PmtTensor){ "t",
                         PMT_TENSOR_FLOAT32,
                         3,
                         { 1, shape & 32 ? n_columns : n_rows,
                           shape & 32 ? n_rows : n_columns } };
  output->data = g_malloc0 (bytes);
  memcpy (output->data, *data, taken);
  *data += taken;
  *size -= taken;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PmtTensor outputs[MAX_OUTPUTS] = { { NULL } };
  g_autoptr (GArray) faces = pmt_faces_new ();
  g_autoptr (GError) error = NULL;
  const PmtFaceNetKind kind =
      size > 0 ? (PmtFaceNetKind)(data[0] % 3) : PMT_FACE_NET_YUNET;
  const guint n = size > 1 ? 1 + data[1] % MAX_OUTPUTS : 1;
  guint8 shapes[MAX_OUTPUTS] = { 0 };

  if (size < 2 + MAX_OUTPUTS)
    return 0;
  memcpy (shapes, data + 2, MAX_OUTPUTS);
  data += 2 + MAX_OUTPUTS;
  size -= 2 + MAX_OUTPUTS;
  for (guint i = 0; i < n; i++)
    make_output (&outputs[i], i, shapes[i], &data, &size);
  if (pmt_face_decode (kind, "net", outputs, n, SIDE, SIDE, 0.3, faces, &error))
    pmt_faces_suppress (faces);
  else
    g_assert_nonnull (error);
  for (guint i = 0; i < faces->len; i++)
    g_assert_true (pmt_face_is_sane (&g_array_index (faces, PmtFace, i)));
  for (guint i = 0; i < n; i++)
    g_free (outputs[i].data);
  return 0;
}

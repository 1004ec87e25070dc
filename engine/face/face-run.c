/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-run.c: one picture through a network for faces. */
#include "config.h"

#include "face/face-net-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "image/image-private.h"
#include "onnx/tensor.h"

#define MAX_OUTPUTS 16

/**
 * Entry: how colors go into a network
 * @is_bgr: blue first
 * @factor, @shift: of 0..1
 */
typedef struct
{
  gboolean is_bgr;
  gfloat factor;
  gfloat shift;
} Entry;

static Entry
get_entry (PmtFaceNetKind kind)
{
  switch (kind)
    {
    case PMT_FACE_NET_YUNET:
      return (Entry){ TRUE, 255.0f, 0.0f };
    case PMT_FACE_NET_SCRFD:
      return (Entry){ FALSE, 255.0f / 128.0f, -127.5f / 128.0f };
    case PMT_FACE_NET_YOLO:
      return (Entry){ FALSE, 1.0f, 0.0f };
    case PMT_FACE_NET_RESTORER:
    default:
      return (Entry){ FALSE, 2.0f, -1.0f };
    }
}

static gfloat *
make_planes (const gfloat *rgb,
             gint width,
             gint height,
             const Entry *entry,
             GError **error)
{
  const gsize n = (gsize)width * height;
  gfloat *planes = pmt_image_alloc (width, height, 3 * sizeof (gfloat), error);

  for (gint c = 0; planes != NULL && c < 3; c++)
    {
      const gint from = entry->is_bgr ? 2 - c : c;

      for (gsize i = 0; i < n; i++)
        planes[c * n + i] =
            CLAMP (rgb[i * 3 + from], 0.0f, 1.0f) * entry->factor
            + entry->shift;
    }
  return planes;
}

typedef struct
{
  PmtTensor tensors[MAX_OUTPUTS];
  guint n;
} Outputs;

static void
outputs_clear (Outputs *outputs)
{
  for (guint i = 0; i < outputs->n; i++)
    pmt_tensor_clear (&outputs->tensors[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outputs, outputs_clear)

/* @planes: [3, height, width] */
static gboolean
run (PmtFaceNet *net,
     gfloat *planes,
     gint width,
     gint height,
     gdouble fidelity,
     Outputs *outputs,
     GCancellable *cancellable,
     GError **error)
{
  gfloat small = (gfloat)fidelity;
  PmtTensor inputs[2] = {
    { net->image->name, PMT_TENSOR_FLOAT32, 4, { 1, 3, height, width }, planes }
  };
  guint n_inputs = 1;

  if (net->fidelity != NULL)
    {
      PmtTensor *number = &inputs[n_inputs++];

      number->name = net->fidelity->name;
      number->type = net->fidelity->type;
      number->rank = net->fidelity->rank;
      for (gint i = 0; i < number->rank; i++)
        number->dims[i] = 1;
      number->data = number->type == PMT_TENSOR_FLOAT64 ? (gpointer)&fidelity
                                                        : (gpointer)&small;
    }
  for (guint i = 0; i < outputs->n; i++)
    outputs->tensors[i].name = pmt_session_get_output (net->session, i)->name;
  return pmt_session_run (net->session, inputs, n_inputs, outputs->tensors,
                          outputs->n, cancellable, error);
}

gboolean
pmt_face_net_find (PmtFaceNet *net,
                   const gfloat *rgb,
                   gint width,
                   gint height,
                   gdouble min_score,
                   GArray *faces,
                   GCancellable *cancellable,
                   GError **error)
{
  const Entry entry = get_entry (net->declared.kind);
  g_auto (Outputs)
      outputs = { .n = MIN (pmt_session_get_n_outputs (net->session),
                            MAX_OUTPUTS) };
  g_autofree gfloat *planes = make_planes (rgb, width, height, &entry, error);

  return planes != NULL
         && run (net, planes, width, height, 0.0, &outputs, cancellable, error)
         && pmt_face_decode (net->declared.kind, net->name, outputs.tensors,
                             outputs.n, width, height, min_score, faces, error);
}

static gboolean
check_restored (PmtFaceNet *net, const PmtTensor *result, GError **error)
{
  g_autofree gchar *shape = NULL;
  const gint side = net->declared.width;

  if (result->type == PMT_TENSOR_FLOAT32 && result->rank == 4
      && result->dims[0] == 1 && result->dims[1] == 3 && result->dims[2] == side
      && result->dims[3] == side)
    return TRUE;
  shape = pmt_tensor_shape_text (result->dims, result->rank);
  pmt_face_net_fail (net->name, error,
                     _ ("it gave %s values of the shape %s, where a face of "
                        "%d × %d pixels was expected."),
                     pmt_tensor_type_name (result->type), shape, side, side);
  return FALSE;
}

/* Networks that take 0..1 or give numbers that are none would ruin a face. */
static gboolean
check_values (PmtFaceNet *net, const gfloat *values, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]) || fabsf (values[i]) > 100.0f)
      {
        pmt_face_net_fail (net->name, error,
                           _ ("it gave values that are no colors, such as "
                              "%g. Use another one."),
                           values[i]);
        return FALSE;
      }
  return TRUE;
}

gboolean
pmt_face_net_restore (PmtFaceNet *net,
                      gfloat *rgb,
                      gdouble fidelity,
                      GCancellable *cancellable,
                      GError **error)
{
  const gint side = net->declared.width;
  const gsize n = (gsize)side * side;
  const Entry entry = get_entry (net->declared.kind);
  /* The face comes first; some give their features, too. */
  g_auto (Outputs) outputs = { .n = 1 };
  g_autofree gfloat *planes = make_planes (rgb, side, side, &entry, error);
  const gfloat *made;

  if (planes == NULL
      || !run (net, planes, side, side, fidelity, &outputs, cancellable, error)
      || !check_restored (net, &outputs.tensors[0], error)
      || !check_values (net, outputs.tensors[0].data, n * 3, error))
    return FALSE;
  made = outputs.tensors[0].data;
  for (gint c = 0; c < 3; c++)
    for (gsize i = 0; i < n; i++)
      rgb[i * 3 + c] = CLAMP ((made[c * n + i] + 1.0f) / 2.0f, 0.0f, 1.0f);
  return TRUE;
}

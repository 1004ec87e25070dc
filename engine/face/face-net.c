/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-net.c: what a network for faces is, and opening it. */
#include "config.h"

#include "face/face-net-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/file-id.h"
#include "onnx/scan.h"
#include "onnx/tensor.h"

/* Sides that faces are restored at. */
#define MIN_SIDE 64
#define MAX_SIDE 2048

/* Where the file declares no size. */
#define USUAL_SIDE 512

/* Sides that a detector may want. */
#define MIN_DETECTOR_SIDE 256
#define MAX_DETECTOR_SIDE 4096

void
pmt_face_net_fail (const gchar *name, GError **error, const gchar *format, ...)
{
  g_autofree gchar *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The network “%s” can't be used for faces: %s"), name,
               reason);
}

/* ------------------------------------------------------------- declared -- */

static gboolean
is_float (const PmtScanValue *value)
{
  return pmt_tensor_type_from_onnx (value->type) == PMT_TENSOR_FLOAT32;
}

/* [?, 3, ?, ?] */
static gboolean
is_image (const PmtScanValue *value)
{
  return is_float (value) && value->has_shape && value->rank == 4
         && (value->dims[0] == 1 || value->dims[0] == -1)
         && (value->dims[1] == 3 || value->dims[1] == -1);
}

/* A scalar, or one number in any number of dimensions. */
static gboolean
is_number (const PmtScanValue *value)
{
  const PmtTensorType type = pmt_tensor_type_from_onnx (value->type);

  if (!value->has_shape
      || (type != PMT_TENSOR_FLOAT32 && type != PMT_TENSOR_FLOAT64))
    return FALSE;
  for (gint i = 0; i < value->rank; i++)
    if (value->dims[i] != 1 && value->dims[i] != -1)
      return FALSE;
  return TRUE;
}

static gboolean
fits_side (gint64 dim, gint64 side)
{
  return dim == -1 || dim == side;
}

static gboolean
look_at_restorer (const PmtScan *scan,
                  const PmtScanValue *image,
                  PmtFaceDeclared *declared)
{
  const PmtScanValue *result = scan->outputs->pdata[0];
  const gint64 side = image->dims[2] > 0   ? image->dims[2]
                      : image->dims[3] > 0 ? image->dims[3]
                                           : USUAL_SIDE;

  if (!is_image (result) || side < MIN_SIDE || side > MAX_SIDE)
    return FALSE;
  for (gint i = 2; i < 4; i++)
    if (!fits_side (image->dims[i], side) || !fits_side (result->dims[i], side))
      return FALSE;
  for (guint i = 0; i < scan->inputs->len; i++)
    {
      const PmtScanValue *input = scan->inputs->pdata[i];

      if (input != image && (declared->has_fidelity || !is_number (input)))
        return FALSE;
      declared->has_fidelity |= input != image;
    }
  declared->kind = PMT_FACE_NET_RESTORER;
  declared->width = declared->height = (gint)side;
  return TRUE;
}

static gboolean
look_at_detector (const PmtScan *scan,
                  const PmtScanValue *image,
                  PmtFaceDeclared *declared)
{
  const gint64 width = image->dims[3];
  const gint64 height = image->dims[2];

  if (scan->inputs->len != 1 || MAX (width, height) > MAX_DETECTOR_SIDE
      || (width > 0) != (height > 0)
      || (width > 0
          && (width % 32 != 0 || height % 32 != 0
              || MIN (width, height) <= MIN_DETECTOR_SIDE)))
    return FALSE;
  switch (scan->outputs->len)
    {
    case 1:
      declared->kind = PMT_FACE_NET_YOLO;
      break;
    case 6:
    case 9:
      declared->kind = PMT_FACE_NET_SCRFD;
      break;
    case 12:
      declared->kind = PMT_FACE_NET_YUNET;
      break;
    default:
      return FALSE;
    }
  declared->width = (gint)MAX (width, 0);
  declared->height = (gint)MAX (height, 0);
  return TRUE;
}

static gboolean
look (const PmtScan *scan, PmtFaceDeclared *declared)
{
  const PmtScanValue *image = NULL;

  if (scan->inputs->len > 2 || scan->outputs->len == 0)
    return FALSE;
  for (guint i = 0; i < scan->inputs->len; i++)
    if (is_image (scan->inputs->pdata[i]))
      image = scan->inputs->pdata[i];
  return image != NULL
         && (look_at_restorer (scan, image, declared)
             || look_at_detector (scan, image, declared));
}

/* @scan: (transfer full) (nullable): without one, @error is set already. */
static gboolean
look_at_scan (PmtScan *scan,
              const gchar *name,
              PmtFaceDeclared *declared,
              GError **error)
{
  g_autoptr (PmtScan) owned = scan;
  PmtFaceDeclared made = { 0 };

  if (scan == NULL)
    return FALSE;
  if (!look (scan, &made))
    {
      pmt_face_net_fail (name, error,
                         _ ("it is neither a detector of the YuNet, SCRFD or "
                            "YOLO-face kind, nor does it restore aligned "
                            "faces (from 1 × 3 × 512 × 512 to the same)."));
      return FALSE;
    }
  *declared = made;
  return TRUE;
}

gboolean
pmt_face_net_look (const gchar *path, PmtFaceDeclared *declared, GError **error)
{
  g_autofree gchar *name = pmt_file_id_show (path);

  return look_at_scan (pmt_scan_read_file (path, name, error), name, declared,
                       error);
}

/* -------------------------------------------------------------- opening -- */

static PmtFaceNet *
face_net_new (PmtSession *session,
              const gchar *name,
              const PmtFaceDeclared *declared)
{
  PmtFaceNet *net = g_new0 (PmtFaceNet, 1);

  g_atomic_ref_count_init (&net->ref_count);
  net->session = session;
  net->name = g_strdup (name);
  net->declared = *declared;
  for (guint i = 0; i < pmt_session_get_n_inputs (session); i++)
    {
      const PmtTensorInfo *input = pmt_session_get_input (session, i);

      if (input->rank == 4 && net->image == NULL)
        net->image = input;
      else
        net->fidelity = input;
    }
  return net;
}

PmtFaceNet *
pmt_face_net_open (const gchar *path,
                   const PmtSessionOptions *options,
                   GError **error)
{
  g_autofree gchar *name = pmt_file_id_show (path);
  PmtFaceDeclared declared;
  PmtSession *session;

  if (!pmt_face_net_look (path, &declared, error))
    return NULL;
  session = pmt_session_open (path, options, error);
  return session != NULL ? face_net_new (session, name, &declared) : NULL;
}

PmtFaceNet *
pmt_face_net_open_bytes (GBytes *bytes,
                         const gchar *name,
                         const PmtSessionOptions *options,
                         GError **error)
{
  PmtFaceDeclared declared;
  PmtSession *session;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (!look_at_scan (pmt_scan_read (data, size, name, error), name, &declared,
                     error))
    return NULL;
  session = pmt_session_open_bytes (bytes, name, options, error);
  return session != NULL ? face_net_new (session, name, &declared) : NULL;
}

PmtFaceNet *
pmt_face_net_ref (PmtFaceNet *net)
{
  g_atomic_ref_count_inc (&net->ref_count);
  return net;
}

void
pmt_face_net_unref (PmtFaceNet *net)
{
  if (net == NULL || !g_atomic_ref_count_dec (&net->ref_count))
    return;
  pmt_session_unref (net->session);
  g_free (net->name);
  g_free (net);
}

const PmtFaceDeclared *
pmt_face_net_get_declared (const PmtFaceNet *net)
{
  return &net->declared;
}

const gchar *
pmt_face_net_get_name (const PmtFaceNet *net)
{
  return net->name;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* subject-net.c: networks that find what a picture is about. */
#include "config.h"

#include "subject/subject-net.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "catalog/file-id.h"
#include "image/image-private.h"
#include "onnx/scan.h"
#include "onnx/tensor.h"

#define MIN_SIDE 128
#define MAX_SIDE 2048

/* Where the file declares no size. */
#define USUAL_SIDE 1024

/* U2Nets see 320 pixels, the others 1024. */
#define MAX_U2NET_SIDE 512

/* Where nothing is surer than this, there is no subject. */
#define LEAST_SURE 0.25f

struct _PmtSubjectNet
{
  gatomicrefcount ref_count;
  PmtSession *session;
  gchar *name;
  PmtSubjectDeclared declared;
};

G_GNUC_PRINTF (3, 4)
static gboolean
fail (const gchar *name, GError **error, const gchar *format, ...)
{
  g_autofree gchar *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The network “%s” can't be used for subjects: %s"), name,
               reason);
  return FALSE;
}

/* ------------------------------------------------------------- declared -- */

static gboolean
has_word (const gchar *name, const gchar *word)
{
  g_autofree gchar *small = g_ascii_strdown (name, -1);

  return strstr (small, word) != NULL;
}

static PmtSubjectKind
guess_kind (const gchar *name, gint side, guint n_outputs)
{
  static const struct
  {
    const gchar *word;
    PmtSubjectKind kind;
  } words[] = { { "birefnet", PMT_SUBJECT_BIREFNET },
                { "isnet", PMT_SUBJECT_ISNET },
                { "rmbg", PMT_SUBJECT_ISNET },
                { "u2net", PMT_SUBJECT_U2NET },
                { "silueta", PMT_SUBJECT_U2NET } };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (has_word (name, words[i].word))
      return words[i].kind;
  if (side <= MAX_U2NET_SIDE)
    return PMT_SUBJECT_U2NET;
  return n_outputs > 1 ? PMT_SUBJECT_ISNET : PMT_SUBJECT_BIREFNET;
}

/* [1, @channels, side, side] */
static gboolean
is_square (const PmtScanValue *value, gint64 channels, gint64 side)
{
  if (pmt_tensor_type_from_onnx (value->type) != PMT_TENSOR_FLOAT32)
    return FALSE;
  if (!value->has_shape)
    return channels == 1;
  if (value->rank != 4 || (value->dims[1] != channels && value->dims[1] != -1))
    return FALSE;
  return (value->dims[0] == 1 || value->dims[0] == -1)
         && (value->dims[2] == side || value->dims[2] == -1)
         && (value->dims[3] == side || value->dims[3] == -1);
}

static gboolean
look (const PmtScan *scan, const gchar *name, PmtSubjectDeclared *declared)
{
  const PmtScanValue *image;
  gint64 side = USUAL_SIDE;

  if (scan->inputs->len != 1 || scan->outputs->len == 0)
    return FALSE;
  image = scan->inputs->pdata[0];
  if (image->has_shape && image->rank == 4
      && MAX (image->dims[2], image->dims[3]) > 0)
    side = MAX (image->dims[2], image->dims[3]);
  if (side < MIN_SIDE || side > MAX_SIDE || !image->has_shape
      || !is_square (image, 3, side)
      || !is_square (scan->outputs->pdata[0], 1, side))
    return FALSE;
  declared->side = (gint)side;
  declared->kind = guess_kind (name, (gint)side, scan->outputs->len);
  return TRUE;
}

/* @scan: (transfer full) (nullable): without one, @error is set already. */
static gboolean
look_at_scan (PmtScan *scan,
              const gchar *name,
              PmtSubjectDeclared *declared,
              GError **error)
{
  g_autoptr (PmtScan) owned = scan;

  if (scan == NULL)
    return FALSE;
  if (look (scan, name, declared))
    return TRUE;
  return fail (name, error,
               _ ("it does not make a mask of a square picture (from 1 × 3 × "
                  "320 × 320 or 1024 × 1024 to 1 × 1 and the same), as U2Net, "
                  "ISNet and BiRefNet do."));
}

gboolean
pmt_subject_net_look (const gchar *path,
                      PmtSubjectDeclared *declared,
                      GError **error)
{
  g_autofree gchar *name = pmt_file_id_show (path);

  return look_at_scan (pmt_scan_read_file (path, name, error), name, declared,
                       error);
}

/* -------------------------------------------------------------- opening -- */

static PmtSubjectNet *
subject_net_new (PmtSession *session,
                 const gchar *name,
                 const PmtSubjectDeclared *declared)
{
  PmtSubjectNet *net = g_new0 (PmtSubjectNet, 1);

  g_atomic_ref_count_init (&net->ref_count);
  net->session = session;
  net->name = g_strdup (name);
  net->declared = *declared;
  return net;
}

PmtSubjectNet *
pmt_subject_net_open (const gchar *path,
                      const PmtSessionOptions *options,
                      GError **error)
{
  g_autofree gchar *name = pmt_file_id_show (path);
  PmtSubjectDeclared declared;
  PmtSession *session;

  if (!pmt_subject_net_look (path, &declared, error))
    return NULL;
  session = pmt_session_open (path, options, error);
  return session != NULL ? subject_net_new (session, name, &declared) : NULL;
}

PmtSubjectNet *
pmt_subject_net_open_bytes (GBytes *bytes,
                            const gchar *name,
                            const PmtSessionOptions *options,
                            GError **error)
{
  PmtSubjectDeclared declared;
  PmtSession *session;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (!look_at_scan (pmt_scan_read (data, size, name, error), name, &declared,
                     error))
    return NULL;
  session = pmt_session_open_bytes (bytes, name, options, error);
  return session != NULL ? subject_net_new (session, name, &declared) : NULL;
}

PmtSubjectNet *
pmt_subject_net_ref (PmtSubjectNet *net)
{
  g_atomic_ref_count_inc (&net->ref_count);
  return net;
}

void
pmt_subject_net_unref (PmtSubjectNet *net)
{
  if (net == NULL || !g_atomic_ref_count_dec (&net->ref_count))
    return;
  pmt_session_unref (net->session);
  g_free (net->name);
  g_free (net);
}

const PmtSubjectDeclared *
pmt_subject_net_get_declared (const PmtSubjectNet *net)
{
  return &net->declared;
}

/* -------------------------------------------------------------- running -- */

static gfloat *
make_planes (const gfloat *rgb, gint side, PmtSubjectKind kind, GError **error)
{
  static const gfloat mean[] = { 0.485f, 0.456f, 0.406f };
  static const gfloat deviation[] = { 0.229f, 0.224f, 0.225f };
  const gsize n = (gsize)side * side;
  gfloat *planes = pmt_image_alloc (side, side, 3 * sizeof (gfloat), error);
  gfloat brightest = 1e-6f;

  for (gsize i = 0; planes != NULL && i < n * 3; i++)
    brightest = MAX (brightest, rgb[i]);
  if (kind == PMT_SUBJECT_BIREFNET)
    brightest = 1.0f;
  for (gint c = 0; planes != NULL && c < 3; c++)
    for (gsize i = 0; i < n; i++)
      {
        const gfloat value = rgb[i * 3 + c] / brightest;

        planes[c * n + i] = kind == PMT_SUBJECT_ISNET
                                ? value - 0.5f
                                : (value - mean[c]) / deviation[c];
      }
  return planes;
}

static gboolean
check_result (PmtSubjectNet *net, const PmtTensor *result, GError **error)
{
  const gint side = net->declared.side;
  g_autofree gchar *shape = NULL;

  if (result->type == PMT_TENSOR_FLOAT32 && result->rank == 4
      && result->dims[0] == 1 && result->dims[1] == 1 && result->dims[2] == side
      && result->dims[3] == side)
    return TRUE;
  shape = pmt_tensor_shape_text (result->dims, result->rank);
  return fail (net->name, error,
               _ ("it gave %s values of the shape %s, where a mask of %d × %d "
                  "pixels was expected."),
               pmt_tensor_type_name (result->type), shape, side, side);
}

/* To 0..1, where the surest is 1 and the least sure is 0. */
static gboolean
read_mask (PmtSubjectNet *net,
           const gfloat *values,
           gsize n,
           gfloat *mask,
           GError **error)
{
  gfloat low = G_MAXFLOAT;
  gfloat high = -G_MAXFLOAT;
  gboolean is_logits = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (values[i]))
        return fail (net->name, error,
                     _ ("it gave values that are no numbers. Use another "
                        "one."));
      is_logits |= values[i] < -0.01f || values[i] > 1.01f;
    }
  for (gsize i = 0; i < n; i++)
    {
      mask[i] = is_logits ? 1.0f / (1.0f + expf (-values[i])) : values[i];
      low = MIN (low, mask[i]);
      high = MAX (high, mask[i]);
    }
  for (gsize i = 0; i < n; i++)
    mask[i] = high < LEAST_SURE ? 0.0f
              : high - low < 0.1f
                  ? 1.0f
                  : CLAMP ((mask[i] - low) / (high - low), 0.0f, 1.0f);
  return TRUE;
}

gboolean
pmt_subject_net_run (PmtSubjectNet *net,
                     const gfloat *rgb,
                     gfloat *mask,
                     GCancellable *cancellable,
                     GError **error)
{
  const gint side = net->declared.side;
  g_autofree gfloat *planes =
      make_planes (rgb, side, net->declared.kind, error);
  PmtTensor input = { pmt_session_get_input (net->session, 0)->name,
                      PMT_TENSOR_FLOAT32,
                      4,
                      { 1, 3, side, side },
                      planes };
  PmtTensor output = { pmt_session_get_output (net->session, 0)->name };
  gboolean is_ok;

  if (planes == NULL
      || !pmt_session_run (net->session, &input, 1, &output, 1, cancellable,
                           error))
    return FALSE;
  is_ok = check_result (net, &output, error)
          && read_mask (net, output.data, (gsize)side * side, mask, error);
  pmt_tensor_clear (&output);
  return is_ok;
}

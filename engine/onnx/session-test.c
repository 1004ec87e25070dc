/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-test.c: does a provider give the results of the CPU? */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "onnx/session-private.h"
#include "onnx/tensor.h"
#include "onnx/weights.h"

/* A multiple of what networks ask for, and large enough for their insides. */
#define FREE_SIDE 64
#define FREE_CHANNELS 3
/* Providers compute with 16 bits or less where they may: some thousandths are
 * usual.  A wrong operator is off by much more. */
#define TOLERANCE 0.02
/* No more is spent on a test. */
#define MAX_BYTES (64 * 1024 * 1024)

static gint64
make_up_size (const PmtTensorInfo *info, gint axis)
{
  gboolean is_picture = info->rank == 4;
  gboolean is_channels_last = is_picture && info->dims[1] < 0
                              && info->dims[3] > 0 && info->dims[3] <= 4;

  if (info->dims[axis] > 0)
    return info->dims[axis];
  if (!is_picture || axis == 0)
    return 1;
  return axis == 1 && !is_channels_last ? FREE_CHANNELS : FREE_SIDE;
}

/* Values from 0 to 1 that every type has exactly. */
static void
fill_element (gpointer data, PmtTensorType type, gsize i)
{
  guint step = (guint)((i * 7 + i / 5) % 17);
  /* Sixteenths as half floats. */
  static const guint16 halves[] = { 0x0000, 0x2c00, 0x3000, 0x3200, 0x3400,
                                    0x3500, 0x3600, 0x3700, 0x3800, 0x3880,
                                    0x3900, 0x3980, 0x3a00, 0x3a80, 0x3b00,
                                    0x3b80, 0x3c00 };

  switch (type)
    {
    case PMT_TENSOR_FLOAT32:
      ((gfloat *)data)[i] = step / 16.0f;
      break;
    case PMT_TENSOR_FLOAT16:
      ((guint16 *)data)[i] = halves[step];
      break;
    case PMT_TENSOR_UINT8:
      ((guint8 *)data)[i] = (guint8)(step * 15);
      break;
    case PMT_TENSOR_INT64:
      ((gint64 *)data)[i] = 1;
      break;
    case PMT_TENSOR_INT32:
      ((gint32 *)data)[i] = 1;
      break;
    case PMT_TENSOR_FLOAT64:
      ((gdouble *)data)[i] = step / 16.0;
      break;
    case PMT_TENSOR_BFLOAT16:
    case PMT_TENSOR_OTHER:
      break;
    }
}

static void
free_sample (gpointer data)
{
  PmtTensor *tensor = data;

  g_free (tensor->data);
}

static gboolean
make_up_input (PmtSession *session,
               const PmtTensorInfo *info,
               PmtTensor *tensor,
               GError **error)
{
  gsize size = pmt_tensor_type_size (info->type);
  gsize bytes = 0;

  tensor->name = info->name;
  tensor->type = info->type;
  tensor->rank = info->rank;
  for (gint i = 0; i < info->rank; i++)
    tensor->dims[i] = make_up_size (info, i);
  if (size == 0 || !info->has_shape
      || !pmt_tensor_count (tensor->dims, tensor->rank, size, &bytes)
      || bytes > MAX_BYTES || (tensor->data = g_try_malloc (bytes)) == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("It can't be tested with the network “%s”, because "
                      "the shape of its input “%s” is not known."),
                   session->name, info->name);
      return FALSE;
    }
  for (gsize i = 0; i < bytes / size; i++)
    fill_element (tensor->data, tensor->type, i);
  return TRUE;
}

static GArray *
make_up_sample (PmtSession *session, GError **error)
{
  g_autoptr (GArray) sample = g_array_new (FALSE, TRUE, sizeof (PmtTensor));

  g_array_set_clear_func (sample, free_sample);
  g_array_set_size (sample, session->inputs->len);
  for (guint i = 0; i < session->inputs->len; i++)
    if (!make_up_input (session, session->inputs->pdata[i],
                        &g_array_index (sample, PmtTensor, i), error))
      return NULL;
  return g_steal_pointer (&sample);
}

static gdouble
get_element (const PmtTensor *tensor, gsize i)
{
  switch (tensor->type)
    {
    case PMT_TENSOR_FLOAT32:
      return ((const gfloat *)tensor->data)[i];
    case PMT_TENSOR_FLOAT16:
      return pmt_half_to_float (((const guint16 *)tensor->data)[i]);
    case PMT_TENSOR_UINT8:
      return ((const guint8 *)tensor->data)[i];
    case PMT_TENSOR_INT64:
      return (gdouble)((const gint64 *)tensor->data)[i];
    case PMT_TENSOR_INT32:
      return ((const gint32 *)tensor->data)[i];
    case PMT_TENSOR_FLOAT64:
      return ((const gdouble *)tensor->data)[i];
    case PMT_TENSOR_BFLOAT16:
    case PMT_TENSOR_OTHER:
      break;
    }
  return 0;
}

static gboolean
same_shape (const PmtTensor *a, const PmtTensor *b)
{
  gboolean is_same = a->type == b->type && a->rank == b->rank;

  for (gint i = 0; is_same && i < a->rank; i++)
    is_same = a->dims[i] == b->dims[i];
  return is_same;
}

/* The largest difference as a part of the range of @a; infinite when one is
 * finite and the other is not. */
static gdouble
measure_difference (const PmtTensor *a, const PmtTensor *b)
{
  gsize size = pmt_tensor_type_size (a->type);
  gsize bytes = 0;
  gdouble range = 1e-3;
  gdouble largest = 0;

  if (!same_shape (a, b))
    return INFINITY;
  if (!pmt_tensor_count (a->dims, a->rank, size, &bytes))
    return 0;
  for (gsize i = 0; i < bytes / MAX (size, 1); i++)
    {
      gdouble x = get_element (a, i);
      gdouble y = get_element (b, i);

      if (isfinite (x) != isfinite (y))
        return INFINITY;
      if (!isfinite (x))
        continue;
      range = MAX (range, fabs (x));
      largest = MAX (largest, fabs (x - y));
    }
  return largest / range;
}

static void
clear_output (gpointer data)
{
  pmt_tensor_clear (data);
}

static GArray *
run_all (PmtSession *session,
         PmtLoaded *loaded,
         const PmtTensor *sample,
         guint n_sample,
         GError **error)
{
  guint n = session->outputs->len;
  g_autoptr (GArray) outputs = g_array_new (FALSE, TRUE, sizeof (PmtTensor));

  g_array_set_clear_func (outputs, clear_output);
  g_array_set_size (outputs, n);
  for (guint i = 0; i < n; i++)
    g_array_index (outputs, PmtTensor, i).name =
        ((const PmtTensorInfo *)session->outputs->pdata[i])->name;
  if (!pmt_session_run_loaded (session, loaded, sample, n_sample,
                               (PmtTensor *)(gpointer)outputs->data, n, FALSE,
                               NULL, error))
    return NULL;
  return g_steal_pointer (&outputs);
}

static gboolean
compare (PmtSession *session,
         const GArray *expected,
         const GArray *actual,
         GError **error)
{
  gdouble difference = 0;

  for (guint i = 0; i < expected->len; i++)
    difference = MAX (
        difference, measure_difference (&g_array_index (expected, PmtTensor, i),
                                        &g_array_index (actual, PmtTensor, i)));
  g_debug ("%s: self-test: difference %g", session->name, difference);
  if (difference <= TOLERANCE)
    return TRUE;
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                       _ ("A test gave other results than the CPU does."));
  return FALSE;
}

gboolean
pmt_session_self_test (PmtSession *session,
                       PmtLoaded *cpu,
                       PmtLoaded *other,
                       const PmtTensor *sample,
                       guint n_sample,
                       GError **error)
{
  g_autoptr (GArray) made_up = NULL;
  g_autoptr (GArray) expected = NULL;
  g_autoptr (GArray) actual = NULL;

  if (sample == NULL)
    {
      made_up = make_up_sample (session, error);
      if (made_up == NULL)
        return FALSE;
      sample = (const PmtTensor *)(gpointer)made_up->data;
      n_sample = made_up->len;
    }
  if (!pmt_session_check_call (session, sample, n_sample, NULL, 0, error))
    return FALSE;
  expected = run_all (session, cpu, sample, n_sample, error);
  if (expected != NULL)
    actual = run_all (session, other, sample, n_sample, error);
  return actual != NULL && compare (session, expected, actual, error);
}

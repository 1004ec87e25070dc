/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * decode.c: boxes and landmarks out of what detectors give.  Shapes and values
 * may be anything: networks are the user's own files.
 */
#include "config.h"

#include "face/face-net-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "face/face.h"

/* More boxes of one picture than this are noise; the rest is not looked at. */
#define MAX_BOXES 20000

/* One stride of YuNet or SCRFD: rows for the cells, @anchors for each. */
typedef struct
{
  gint stride;
  gint columns;
  gint rows;
  gint anchors;
  const gfloat *scores[2];
  const gfloat *boxes;
  const gfloat *points;
} Head;

/* ---------------------------------------------------------------- heads -- */

/* Of [N, C] or [1, N, C]. */
static gboolean
get_table (const PmtTensor *tensor, gint64 *n_rows, gint64 *n_columns)
{
  if (tensor->type != PMT_TENSOR_FLOAT32 || tensor->data == NULL
      || (tensor->rank != 2 && tensor->rank != 3)
      || (tensor->rank == 3 && tensor->dims[0] != 1))
    return FALSE;
  *n_rows = tensor->dims[tensor->rank - 2];
  *n_columns = tensor->dims[tensor->rank - 1];
  return *n_rows > 0 && *n_columns > 0;
}

/* FALSE: there is no place for it. */
static gboolean
put_table (Head *head, const gfloat *data, gint64 n_columns)
{
  const gfloat **place = NULL;

  if (n_columns == 1)
    place = head->scores[0] == NULL ? &head->scores[0] : &head->scores[1];
  else if (n_columns == 4)
    place = &head->boxes;
  else if (n_columns == 10)
    place = &head->points;
  if (place == NULL || *place != NULL)
    return FALSE;
  *place = data;
  return TRUE;
}

static gboolean
find_heads (const PmtTensor *outputs,
            guint n_outputs,
            gint width,
            gint height,
            gint anchors,
            Head *heads)
{
  for (gint i = 0; i < PMT_FACE_N_STRIDES; i++)
    {
      const gint stride = 8 << i;

      heads[i] = (Head){ stride, width / stride, height / stride, anchors };
    }
  for (guint i = 0; i < n_outputs; i++)
    {
      gint64 n_rows;
      gint64 n_columns;
      gboolean is_placed = FALSE;

      if (!get_table (&outputs[i], &n_rows, &n_columns))
        return FALSE;
      for (gint k = 0; k < PMT_FACE_N_STRIDES && !is_placed; k++)
        if (n_rows == (gint64)heads[k].columns * heads[k].rows * anchors)
          is_placed = put_table (&heads[k], outputs[i].data, n_columns);
      if (!is_placed)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_complete (const Head *head, PmtFaceNetKind kind)
{
  if (head->scores[0] == NULL || head->boxes == NULL)
    return FALSE;
  if (kind == PMT_FACE_NET_YUNET)
    return head->scores[1] != NULL && head->points != NULL;
  return head->scores[1] == NULL;
}

static gdouble
score_of (const Head *head, PmtFaceNetKind kind, gsize i)
{
  if (kind == PMT_FACE_NET_YUNET)
    return sqrt (CLAMP (head->scores[0][i], 0.0f, 1.0f)
                 * CLAMP (head->scores[1][i], 0.0f, 1.0f));
  return CLAMP (head->scores[0][i], 0.0f, 1.0f);
}

static void
add_face (GArray *faces, PmtFace *face, gboolean has_landmarks)
{
  if (!has_landmarks)
    pmt_face_guess_landmarks (face);
  else
    face->has_landmarks = TRUE;
  if (pmt_face_is_sane (face))
    g_array_append_val (faces, *face);
}

static void
read_cell (const Head *head,
           PmtFaceNetKind kind,
           gsize i,
           gdouble score,
           GArray *faces)
{
  const gdouble s = head->stride;
  const gsize cell = i / head->anchors;
  const gdouble column = (gdouble)(cell % head->columns);
  const gdouble row = (gdouble)(cell / head->columns);
  const gfloat *box = head->boxes + i * 4;
  PmtFace face = { .score = score };

  if (kind == PMT_FACE_NET_YUNET)
    {
      face.width = exp (box[2]) * s;
      face.height = exp (box[3]) * s;
      face.x = (column + box[0]) * s - face.width / 2.0;
      face.y = (row + box[1]) * s - face.height / 2.0;
    }
  else
    {
      face.x = (column - box[0]) * s;
      face.y = (row - box[1]) * s;
      face.width = ((gdouble)box[0] + box[2]) * s;
      face.height = ((gdouble)box[1] + box[3]) * s;
    }
  for (gint k = 0; head->points != NULL && k < 5; k++)
    {
      face.landmarks[k][0] = (column + head->points[i * 10 + k * 2]) * s;
      face.landmarks[k][1] = (row + head->points[i * 10 + k * 2 + 1]) * s;
    }
  add_face (faces, &face, head->points != NULL);
}

static gboolean
decode_heads (PmtFaceNetKind kind,
              const gchar *name,
              const PmtTensor *outputs,
              guint n_outputs,
              gint width,
              gint height,
              gdouble min_score,
              GArray *faces,
              GError **error)
{
  Head heads[PMT_FACE_N_STRIDES];
  gboolean is_ok = FALSE;

  for (gint anchors = 1; anchors <= 2 && !is_ok; anchors++)
    is_ok = find_heads (outputs, n_outputs, width, height, anchors, heads);
  for (gint i = 0; i < PMT_FACE_N_STRIDES; i++)
    is_ok = is_ok && is_complete (&heads[i], kind);
  if (!is_ok)
    {
      pmt_face_net_fail (name, error,
                         _ ("its outputs are not scores, boxes and landmarks "
                            "for strides of 8, 16 and 32."));
      return FALSE;
    }
  for (gint i = 0; i < PMT_FACE_N_STRIDES; i++)
    {
      const gsize n =
          (gsize)heads[i].columns * heads[i].rows * heads[i].anchors;

      for (gsize k = 0; k < n && faces->len < MAX_BOXES; k++)
        {
          const gdouble score = score_of (&heads[i], kind, k);

          if (score >= min_score)
            read_cell (&heads[i], kind, k, score, faces);
        }
    }
  return TRUE;
}

/* ----------------------------------------------------------------- YOLO -- */

/*
 * Columns of a box: x, y, width, height; score; and with
 * 15: five landmarks; 16: the same and a score of the class;
 * 20: landmarks, each with how visible it is.
 */
static gboolean
is_box_size (gint64 n)
{
  return n == 5 || n == 15 || n == 16 || n == 20;
}

typedef struct
{
  const gfloat *data;
  gsize n_boxes;
  gint n_values;
  gboolean is_transposed;
} Boxes;

static gdouble
get_value (const Boxes *boxes, gsize box, gint value)
{
  return boxes->is_transposed ? boxes->data[(gsize)value * boxes->n_boxes + box]
                              : boxes->data[box * boxes->n_values + value];
}

static gboolean
find_boxes (const PmtTensor *output, Boxes *boxes)
{
  gint64 n_rows;
  gint64 n_columns;

  if (output->rank != 3 || !get_table (output, &n_rows, &n_columns)
      || (!is_box_size (n_rows) && !is_box_size (n_columns)))
    return FALSE;
  boxes->data = output->data;
  boxes->is_transposed =
      is_box_size (n_rows) && (!is_box_size (n_columns) || n_columns > n_rows);
  boxes->n_values = (gint)(boxes->is_transposed ? n_rows : n_columns);
  boxes->n_boxes = (gsize)(boxes->is_transposed ? n_columns : n_rows);
  return TRUE;
}

static void
read_box (const Boxes *boxes,
          gsize i,
          gdouble unit_x,
          gdouble unit_y,
          gdouble score,
          GArray *faces)
{
  const gint step = boxes->n_values == 20 ? 3 : 2;
  PmtFace face = { .score = score };

  face.width = get_value (boxes, i, 2) * unit_x;
  face.height = get_value (boxes, i, 3) * unit_y;
  face.x = get_value (boxes, i, 0) * unit_x - face.width / 2.0;
  face.y = get_value (boxes, i, 1) * unit_y - face.height / 2.0;
  for (gint k = 0; boxes->n_values > 5 && k < 5; k++)
    {
      face.landmarks[k][0] = get_value (boxes, i, 5 + k * step) * unit_x;
      face.landmarks[k][1] = get_value (boxes, i, 6 + k * step) * unit_y;
    }
  add_face (faces, &face, boxes->n_values > 5);
}

/* Some give shares of the sides, not pixels. */
static gboolean
is_relative (const Boxes *boxes)
{
  for (gsize i = 0; i < boxes->n_boxes; i++)
    if (get_value (boxes, i, 0) > 2.0 || get_value (boxes, i, 2) > 2.0)
      return FALSE;
  return TRUE;
}

static gboolean
decode_boxes (const gchar *name,
              const PmtTensor *outputs,
              guint n_outputs,
              gint width,
              gint height,
              gdouble min_score,
              GArray *faces,
              GError **error)
{
  Boxes boxes = { 0 };
  gboolean is_shares;

  if (n_outputs != 1 || !find_boxes (&outputs[0], &boxes))
    {
      pmt_face_net_fail (name, error,
                         _ ("its output is not a list of boxes with 5, 15, 16 "
                            "or 20 values each."));
      return FALSE;
    }
  is_shares = is_relative (&boxes);
  for (gsize i = 0; i < boxes.n_boxes && faces->len < MAX_BOXES; i++)
    {
      gdouble score = CLAMP (get_value (&boxes, i, 4), 0.0, 1.0);

      if (boxes.n_values == 16)
        score *= CLAMP (get_value (&boxes, i, 15), 0.0, 1.0);
      if (score >= min_score)
        read_box (&boxes, i, is_shares ? width : 1.0, is_shares ? height : 1.0,
                  score, faces);
    }
  return TRUE;
}

gboolean
pmt_face_decode (PmtFaceNetKind kind,
                 const gchar *name,
                 const PmtTensor *outputs,
                 guint n_outputs,
                 gint width,
                 gint height,
                 gdouble min_score,
                 GArray *faces,
                 GError **error)
{
  if (kind == PMT_FACE_NET_YOLO)
    return decode_boxes (name, outputs, n_outputs, width, height, min_score,
                         faces, error);
  return decode_heads (kind, name, outputs, n_outputs, width, height, min_score,
                       faces, error);
}

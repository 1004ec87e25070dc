/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-face-restore.c: faces cut out, restored and put back; made-up pictures
 * and networks. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "face-nets.h"
#include "face/apply.h"
#include "face/face-net-private.h"
#include "face/face.h"
#include "onnx/graph.h"

#define WIDTH 300
#define HEIGHT 260

/* -------------------------------------------------------------- pictures -- */

/* Soft waves, so that places can be told by values. */
static gfloat
value_at (gdouble x, gdouble y, gint c)
{
  return (gfloat)(0.5 + 0.2 * sin (x / 7.0 + c) + 0.2 * cos (y / 9.0 - c));
}

static GeglBuffer *
picture_new (const gchar *format, gdouble factor)
{
  const GeglRectangle extent = { 0, 0, (gint)(WIDTH * factor),
                                 (gint)(HEIGHT * factor) };
  GeglBuffer *picture = gegl_buffer_new (&extent, babl_format (format));
  GeglBufferIterator *iterator =
      gegl_buffer_iterator_new (picture, NULL, 0, babl_format ("R'G'B'A float"),
                                GEGL_ACCESS_WRITE, GEGL_ABYSS_NONE, 1);

  while (gegl_buffer_iterator_next (iterator))
    {
      const GeglRectangle *roi = &iterator->items[0].roi;
      gfloat *data = iterator->items[0].data;

      for (gint i = 0; i < iterator->length; i++)
        {
          const gdouble x = (roi->x + i % roi->width + 0.5) / factor;
          const gdouble y = (roi->y + i / roi->width + 0.5) / factor;

          for (gint c = 0; c < 3; c++)
            data[i * 4 + c] = value_at (x, y, c);
          data[i * 4 + 3] = 1.0f;
        }
    }
  return picture;
}

static gfloat *
read_rgb (GeglBuffer *picture)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);
  gfloat *rgb = g_new (gfloat, (gsize)extent->width * extent->height * 3);

  gegl_buffer_get (picture, extent, 1.0, babl_format ("R'G'B' float"), rgb,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return rgb;
}

/* A face as the template has it, turned, at a place and in a size: eyes are
 * @between pixels apart. */
static PmtFace
face_new (gdouble x, gdouble y, gdouble between, gdouble degrees)
{
  static const gdouble points[5][2] = { { -0.5, 0.0 },
                                        { 0.5, 0.0 },
                                        { 0.005, 0.588 },
                                        { -0.435, 1.043 },
                                        { 0.454, 1.041 } };
  const gdouble angle = degrees * G_PI / 180.0;
  PmtFace face = { x - between,   y - between, 2 * between,
                   2.5 * between, 0.9,         TRUE };

  for (gint i = 0; i < 5; i++)
    {
      face.landmarks[i][0] =
          x
          + between * (points[i][0] * cos (angle) - points[i][1] * sin (angle));
      face.landmarks[i][1] =
          y
          + between * (points[i][0] * sin (angle) + points[i][1] * cos (angle));
    }
  return face;
}

static gboolean
apply (const FaceNet *kind,
       GeglBuffer *picture,
       const PmtFace *face,
       gdouble strength,
       gdouble fidelity,
       GError **error)
{
  g_autoptr (PmtFaceNet) net = face_net_open (kind);
  g_autoptr (GeglBuffer) source = gegl_buffer_dup (picture);
  const PmtFaceTarget target = { picture, NULL, NULL };

  return pmt_face_apply (net, source, face, &target, strength, fidelity, NULL,
                         error);
}

static void
apply_well (const FaceNet *kind,
            GeglBuffer *picture,
            const PmtFace *face,
            gdouble strength,
            gdouble fidelity)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (apply (kind, picture, face, strength, fidelity, &error));
  g_assert_no_error (error);
}

/* -------------------------------------------------------------- geometry -- */

static void
test_fit (void)
{
  static const gdouble from[4][2] = {
    { 0, 0 }, { 10, 0 }, { 10, 20 }, { 3, 4 }
  };
  const PmtSimilarity truth = { 1.2 * cos (0.7), 1.2 * sin (0.7), 5.0, -3.0 };
  const PmtSimilarity back = pmt_similarity_invert (&truth);
  gdouble to[4][2];
  PmtSimilarity found;

  memcpy (to, from, sizeof to);
  for (gint i = 0; i < 4; i++)
    pmt_similarity_apply (&truth, to[i]);
  g_assert_true (
      pmt_similarity_fit (from, (const gdouble (*)[2])to, 4, &found));
  g_assert_cmpfloat_with_epsilon (found.a, truth.a, 1e-9);
  g_assert_cmpfloat_with_epsilon (found.b, truth.b, 1e-9);
  g_assert_cmpfloat_with_epsilon (found.tx, truth.tx, 1e-9);
  g_assert_cmpfloat_with_epsilon (found.ty, truth.ty, 1e-9);
  pmt_similarity_apply (&back, to[2]);
  g_assert_cmpfloat_with_epsilon (to[2][0], 10.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (to[2][1], 20.0, 1e-9);
  memset (to, 0, sizeof to);
  g_assert_false (
      pmt_similarity_fit ((const gdouble (*)[2])to, from, 4, &found));
}

/* What is cut out has the picture's values at the template's places. */
static void
test_cut (void)
{
  static const gdouble angles[] = { 0.0, 20.0, -45.0 };
  /* Enlarged six times, about as it is, made smaller. */
  static const struct
  {
    gdouble between;
    gdouble factor;
  } sizes[] = { { 21.0, 1.0 }, { 110.0, 1.0 }, { 90.0, 3.0 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint k = 0; k < G_N_ELEMENTS (angles); k++)
      {
        const gdouble factor = sizes[i].factor;
        g_autoptr (GeglBuffer) picture = picture_new ("R'G'B' float", factor);
        const PmtFace face = face_new (150.0 * factor, 110.0 * factor,
                                       sizes[i].between * factor, angles[k]);
        g_autoptr (PmtSmallImage) cut = NULL;
        g_autoptr (GError) error = NULL;
        PmtSimilarity map;
        PmtSimilarity back;

        g_assert_true (pmt_face_align (&face, 512, &map));
        back = pmt_similarity_invert (&map);
        cut = pmt_face_cut (picture, &map, NULL, 512, NULL, &error);
        g_assert_no_error (error);
        for (gint y = 150; y < 400; y += 7)
          for (gint x = 180; x < 330; x += 7)
            {
              gdouble at[2] = { x + 0.5, y + 0.5 };

              pmt_similarity_apply (&back, at);
              if (at[0] < 8 || at[1] < 8 || at[0] > WIDTH * factor - 8
                  || at[1] > HEIGHT * factor - 8)
                continue;
              for (gint c = 0; c < 3; c++)
                g_assert_cmpfloat_with_epsilon (
                    cut->rgb[(y * 512 + x) * 3 + c],
                    value_at (at[0] / factor, at[1] / factor, c), 0.006);
            }
      }
}

static void
test_landmarks_land (void)
{
  const PmtFace face = face_new (120.0, 90.0, 40.0, 31.0);
  gdouble eye[2] = { face.landmarks[1][0], face.landmarks[1][1] };
  PmtSimilarity map;

  g_assert_true (pmt_face_align (&face, 512, &map));
  pmt_similarity_apply (&map, eye);
  g_assert_cmpfloat_with_epsilon (eye[0], 319.4, 1.0);
  g_assert_cmpfloat_with_epsilon (eye[1], 240.6, 1.0);
}

static void
test_mask (void)
{
  g_assert_cmpfloat (pmt_face_mask (0.5, 0.53), ==, 1.0f);
  g_assert_cmpfloat (pmt_face_mask (0.0, 0.5), ==, 0.0f);
  g_assert_cmpfloat (pmt_face_mask (0.5, 0.999), ==, 0.0f);
  g_assert_cmpfloat (pmt_face_mask (0.5, 0.0), ==, 0.0f);
  /* The landmarks count fully. */
  g_assert_cmpfloat (pmt_face_mask (193.0 / 512, 240.0 / 512), >, 0.9f);
  g_assert_cmpfloat (pmt_face_mask (313.0 / 512, 371.0 / 512), >, 0.9f);
}

/* -------------------------------------------------------------- networks -- */

static void
check_unchanged (const gchar *format, const FaceNet *kind, const PmtFace *face)
{
  g_autoptr (GeglBuffer) before = picture_new (format, 1.0);
  g_autoptr (GeglBuffer) after = picture_new (format, 1.0);
  g_autofree gfloat *a = read_rgb (before);
  g_autofree gfloat *b = NULL;

  apply_well (kind, after, face, 1.0, 1.0);
  b = read_rgb (after);
  for (gsize i = 0; i < (gsize)WIDTH * HEIGHT * 3; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i], 1.0 / 255.0);
}

static void
test_identity (void)
{
  FaceNet kind = FACE_NET_INIT;
  const PmtFace faces[] = { face_new (150, 110, 24, 0),
                            face_new (150, 100, 63, -33),
                            face_new (290, 20, 50, 10),
                            face_new (-5, 130, 40, 0),
                            face_new (150, 110, 300, 45) };

  for (guint i = 0; i < G_N_ELEMENTS (faces); i++)
    {
      kind.side = i % 2 == 0 ? 512 : 256;
      check_unchanged ("R'G'B' u8", &kind, &faces[i]);
      check_unchanged ("R'G'B'A float", &kind, &faces[i]);
      check_unchanged ("Y' u16", &kind, &faces[i]);
    }
  kind.side = 0;
  check_unchanged ("R'G'B' u8", &kind, &faces[1]);
}

/* The shift of the network in the picture, by least squares: in the middle of
 * the face what was to the left is there now. */
static void
check_shift (gdouble between, gdouble degrees, gint shift)
{
  const gdouble angle = degrees * G_PI / 180.0;
  const gdouble scale = between / 125.9;
  const PmtFace face = face_new (150, 90, between, degrees);
  FaceNet kind = FACE_NET_INIT;
  g_autoptr (GeglBuffer) picture = picture_new ("R'G'B' float", 1.0);
  g_autofree gfloat *made = NULL;
  PmtSimilarity map;
  gdouble best = G_MAXDOUBLE;
  gdouble found = 0.0;

  kind.shift = shift;
  apply_well (&kind, picture, &face, 1.0, 1.0);
  made = read_rgb (picture);
  g_assert_true (pmt_face_align (&face, 512, &map));
  for (gdouble d = 0.0; d < 2.0 * shift * scale; d += 0.05)
    {
      gdouble sum = 0.0;
      gdouble n = 0.0;
      gdouble means[3] = { 0.0 };

      /* Differences of the color do not count: they are matched. */
      for (gint round = 0; round < 2; round++)
        for (gint y = 0; y < HEIGHT; y++)
          for (gint x = 0; x < WIDTH; x++)
            {
              gdouble at[2] = { x + 0.5, y + 0.5 };

              pmt_similarity_apply (&map, at);
              if (pmt_face_mask (at[0] / 512, at[1] / 512) < 1.0f)
                continue;
              n += round == 0;
              for (gint c = 0; c < 3; c++)
                {
                  const gdouble off = made[(y * WIDTH + x) * 3 + c]
                                      - value_at (x + 0.5 - d * cos (angle),
                                                  y + 0.5 - d * sin (angle), c);

                  if (round == 0)
                    means[c] += off;
                  else
                    sum += (off - means[c] / n) * (off - means[c] / n);
                }
            }
      if (sum < best)
        {
          best = sum;
          found = d;
        }
    }
  g_test_message ("shifted by %.2f, %.2f wanted", found, shift * scale);
  g_assert_cmpfloat_with_epsilon (found, shift * scale, 0.5);
}

static void
test_shift (void)
{
  check_shift (70.0, 0.0, 8);
  check_shift (70.0, 30.0, 8);
  check_shift (40.0, -45.0, 12);
}

/* A cast of the network's is no cast of the picture. */
static void
test_colors (void)
{
  FaceNet kind = FACE_NET_INIT;
  const PmtFace face = face_new (150, 100, 60, 12);

  kind.tint = 0.15f;
  check_unchanged ("R'G'B' u8", &kind, &face);
}

static gdouble
change_of (const FaceNet *kind, gdouble strength, gdouble fidelity)
{
  g_autoptr (GeglBuffer) picture = picture_new ("R'G'B' float", 1.0);
  g_autofree gfloat *before = read_rgb (picture);
  g_autofree gfloat *after = NULL;
  const PmtFace face = face_new (150, 100, 60, 12);
  gdouble sum = 0.0;

  apply_well (kind, picture, &face, strength, fidelity);
  after = read_rgb (picture);
  for (gsize i = 0; i < (gsize)WIDTH * HEIGHT * 3; i++)
    sum += fabsf (after[i] - before[i]);
  return sum;
}

static void
test_strength (void)
{
  FaceNet kind = FACE_NET_INIT;
  gdouble full;

  kind.is_sharpened = TRUE;
  full = change_of (&kind, 1.0, 1.0);
  g_assert_cmpfloat (full, >, 20.0);
  g_assert_cmpfloat_with_epsilon (change_of (&kind, 0.5, 1.0), 0.5 * full,
                                  0.01 * full);
  g_assert_cmpfloat (change_of (&kind, 0.0, 1.0), ==, 0.0);
}

static void
test_fidelity (void)
{
  static const PmtTensorType types[] = { PMT_TENSOR_FLOAT32,
                                         PMT_TENSOR_FLOAT64 };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      FaceNet kind = FACE_NET_INIT;
      gdouble full;

      kind.is_sharpened = TRUE;
      full = change_of (&kind, 1.0, 1.0);
      kind.fidelity = types[i];
      g_assert_cmpfloat_with_epsilon (change_of (&kind, 1.0, 0.0), full,
                                      0.001 * full);
      g_assert_cmpfloat_with_epsilon (change_of (&kind, 1.0, 0.75), 0.25 * full,
                                      0.01 * full);
      g_assert_cmpfloat (change_of (&kind, 1.0, 1.0), <, 0.01);
    }
}

/* Bits outside the face, transparent pixels, values that are no colors. */
static void
test_bits (void)
{
  FaceNet kind = FACE_NET_INIT;
  const PmtFace face = face_new (150, 100, 40, 0);
  const GeglRectangle reach = pmt_face_reach (&face, NULL);
  g_autoptr (GeglBuffer) picture = picture_new ("R'G'B'A float", 1.0);
  g_autoptr (GeglBuffer) before = NULL;
  const gfloat odd[] = { 3.0f, -0.5f, 0.25f, 1.0f };
  const gfloat hidden[] = { 0.1f, 0.9f, 0.7f, 0.0f };
  const gfloat none[] = { NAN, 0.5f, 0.5f, 1.0f };
  const Babl *format = babl_format ("R'G'B'A float");
  gsize n_changed = 0;

  gegl_buffer_set (picture, GEGL_RECTANGLE (150, 100, 1, 1), 0, format, odd, 0);
  gegl_buffer_set (picture, GEGL_RECTANGLE (151, 102, 1, 1), 0, format, hidden,
                   0);
  gegl_buffer_set (picture, GEGL_RECTANGLE (150, 104, 1, 1), 0, format, none,
                   0);
  before = gegl_buffer_dup (picture);
  kind.is_sharpened = TRUE;
  apply_well (&kind, picture, &face, 1.0, 1.0);
  for (gint y = 0; y < HEIGHT; y++)
    for (gint x = 0; x < WIDTH; x++)
      {
        const GeglRectangle pixel = { x, y, 1, 1 };
        gfloat a[4];
        gfloat b[4];

        gegl_buffer_get (before, &pixel, 1.0, format, a, 0, GEGL_ABYSS_NONE);
        gegl_buffer_get (picture, &pixel, 1.0, format, b, 0, GEGL_ABYSS_NONE);
        if (memcmp (a, b, sizeof a) == 0)
          continue;
        n_changed++;
        g_assert_true (gegl_rectangle_contains (&reach, &pixel));
        g_assert_cmpfloat (a[3], ==, b[3]);
        g_assert_cmpfloat (a[3], >, 0.0f);
        g_assert_true (isnan (a[0]) == isnan (b[0]));
        if (x == 150 && y == 100)
          g_assert_cmpfloat (b[0], >, 2.0f);
      }
  g_assert_cmpuint (n_changed, >, 1000);
}

/* Onto a picture of another size; two faces share their mask. */
static void
test_target (void)
{
  const PmtResize resize = { 3.0, 3.0, 0, 0, 0, 0 };
  FaceNet kind = FACE_NET_INIT;
  g_autoptr (PmtFaceNet) net = face_net_open (&kind);
  g_autoptr (GeglBuffer) source = picture_new ("R'G'B' u16", 1.0);
  g_autoptr (GeglBuffer) picture = picture_new ("R'G'B' u16", 3.0);
  g_autofree gfloat *before = read_rgb (picture);
  g_autofree gfloat *after = NULL;
  g_autoptr (GeglBuffer) mask = gegl_buffer_new (
      gegl_buffer_get_extent (picture), babl_format ("Y float"));
  const PmtFaceTarget target = { picture, &resize, mask };
  gfloat center = 0.0f;

  for (gint i = 0; i < 2; i++)
    {
      const PmtFace face = face_new (140 + 20 * i, 100, 40, 15);
      g_autoptr (GError) error = NULL;

      g_assert_true (
          pmt_face_apply (net, source, &face, &target, 1.0, 1.0, NULL, &error));
      g_assert_no_error (error);
    }
  after = read_rgb (picture);
  /* Cubic enlargement of the waves is nearly the larger waves. */
  for (gsize i = 0; i < (gsize)WIDTH * HEIGHT * 9 * 3; i++)
    g_assert_cmpfloat_with_epsilon (before[i], after[i], 0.01);
  gegl_buffer_get (mask, GEGL_RECTANGLE (450, 330, 1, 1), 1.0,
                   babl_format ("Y float"), &center, 0, GEGL_ABYSS_NONE);
  g_assert_cmpfloat (center, ==, 1.0f);
}

static void
test_bad_networks (void)
{
  FaceNet kind = FACE_NET_INIT;
  const PmtFace face = face_new (150, 100, 60, 0);
  g_autoptr (GeglBuffer) picture = picture_new ("R'G'B' u8", 1.0);
  g_autoptr (GError) error = NULL;

  kind.is_halved = TRUE;
  g_assert_false (apply (&kind, picture, &face, 1.0, 1.0, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_test_message ("%s", error->message);
  g_clear_error (&error);
  kind.is_halved = FALSE;
  kind.is_nan = TRUE;
  g_assert_false (apply (&kind, picture, &face, 1.0, 1.0, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_test_message ("%s", error->message);
}

static void
test_flat_face (void)
{
  FaceNet kind = FACE_NET_INIT;
  PmtFace face = face_new (150, 100, 60, 0);
  g_autoptr (GeglBuffer) picture = picture_new ("R'G'B' u8", 1.0);

  for (gint i = 0; i < 5; i++)
    face.landmarks[i][0] = face.landmarks[i][1] = 7.0;
  apply_well (&kind, picture, &face, 1.0, 1.0);
  g_assert_true (pmt_face_reach (&face, NULL).width == 0);
}

/* ----------------------------------------------------------- recognition -- */

static gboolean
look (GBytes *bytes, PmtFaceNetKind *kind)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtFaceNet) net =
      pmt_face_net_open_bytes (bytes, "net.onnx", &options, &error);

  if (net == NULL)
    {
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
      return FALSE;
    }
  *kind = pmt_face_net_get_declared (net)->kind;
  return TRUE;
}

static void
test_kinds (void)
{
  static const struct
  {
    guint n;
    gint rank;
    gboolean is_known;
    PmtFaceNetKind kind;
  } nets[] = { { 12, 3, TRUE, PMT_FACE_NET_YUNET },
               { 9, 3, TRUE, PMT_FACE_NET_SCRFD },
               { 6, 3, TRUE, PMT_FACE_NET_SCRFD },
               { 1, 3, TRUE, PMT_FACE_NET_YOLO },
               { 2, 3, FALSE },
               { 1, 4, TRUE, PMT_FACE_NET_RESTORER } };

  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      g_autoptr (GBytes) bytes = detector_bytes (nets[i].n, nets[i].rank);
      PmtFaceNetKind kind = PMT_FACE_NET_YUNET;

      g_assert_true (look (bytes, &kind) == nets[i].is_known);
      if (nets[i].is_known)
        g_assert_cmpint (kind, ==, nets[i].kind);
    }
}

/* Outputs of another shape than the number of them promises. */
static void
test_broken_detectors (void)
{
  static const guint counts[] = { 12, 9, 1 };
  g_autofree gfloat *rgb = g_new0 (gfloat, 64 * 64 * 3);

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
      g_autoptr (GBytes) bytes = detector_bytes (counts[i], 3);
      g_autoptr (GArray) faces = pmt_faces_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtFaceNet) net =
          pmt_face_net_open_bytes (bytes, "broken.onnx", &options, &error);

      g_assert_no_error (error);
      g_assert_false (
          pmt_face_net_find (net, rgb, 64, 64, 0.5, faces, NULL, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
      g_test_message ("%s", error->message);
    }
}

/* ---------------------------------------------------------------- heads -- */

static PmtTensor
table (gint64 rows, gint64 columns, gfloat *data)
{
  return (PmtTensor){ "t", PMT_TENSOR_FLOAT32, 3, { 1, rows, columns }, data };
}

static void
test_scrfd (void)
{
  gfloat *data[9];
  PmtTensor outputs[9];
  g_autoptr (GArray) faces = pmt_faces_new ();
  g_autoptr (GError) error = NULL;
  const PmtFace *face;
  gsize i;

  for (gint k = 0; k < 3; k++)
    {
      const gint64 rows = 2 * (64 >> (3 + k)) * (64 >> (3 + k));

      data[k] = g_new0 (gfloat, rows);
      data[3 + k] = g_new0 (gfloat, rows * 4);
      data[6 + k] = g_new0 (gfloat, rows * 10);
      outputs[k] = table (rows, 1, data[k]);
      outputs[3 + k] = table (rows, 4, data[3 + k]);
      outputs[6 + k] = table (rows, 10, data[6 + k]);
    }
  /* Stride 16, column 2, row 1, the second anchor. */
  i = (1 * 4 + 2) * 2 + 1;
  data[1][i] = 0.8f;
  for (gint k = 0; k < 4; k++)
    data[4][i * 4 + k] = 1.0f + 0.25f * k;
  for (gint k = 0; k < 5; k++)
    {
      data[7][i * 10 + 2 * k] = 0.1f * k;
      data[7][i * 10 + 2 * k + 1] = -0.1f * k;
    }
  data[0][3] = NAN;
  data[1][1] = 0.9f;
  data[4][1 * 4] = INFINITY;
  g_assert_true (pmt_face_decode (PMT_FACE_NET_SCRFD, "n", outputs, 9, 64, 64,
                                  0.5, faces, &error));
  g_assert_cmpuint (faces->len, ==, 1);
  face = &g_array_index (faces, PmtFace, 0);
  g_assert_cmpfloat_with_epsilon (face->x, 16.0, 1e-4);
  g_assert_cmpfloat_with_epsilon (face->y, -4.0, 1e-4);
  g_assert_cmpfloat_with_epsilon (face->width, 16.0 + 24.0, 1e-4);
  g_assert_cmpfloat_with_epsilon (face->height, 20.0 + 28.0, 1e-4);
  g_assert_cmpfloat_with_epsilon (face->landmarks[4][0], 38.4, 1e-4);
  g_assert_cmpfloat_with_epsilon (face->landmarks[4][1], 9.6, 1e-4);
  /* Without landmarks; and with one table too few. */
  g_array_set_size (faces, 0);
  g_assert_true (pmt_face_decode (PMT_FACE_NET_SCRFD, "n", outputs, 6, 64, 64,
                                  0.5, faces, &error));
  g_assert_cmpuint (faces->len, ==, 1);
  g_assert_false (g_array_index (faces, PmtFace, 0).has_landmarks);
  g_assert_false (pmt_face_decode (PMT_FACE_NET_SCRFD, "n", outputs, 5, 64, 64,
                                   0.5, faces, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  for (gint k = 0; k < 9; k++)
    g_free (data[k]);
}

static void
test_yolo (void)
{
  static const gint sizes[] = { 5, 15, 16, 20 };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (gint is_turned = 0; is_turned < 2; is_turned++)
      {
        const gint n = sizes[s];
        const gint n_boxes = 40;
        g_autofree gfloat *data = g_new0 (gfloat, n * n_boxes);
        g_autoptr (GArray) faces = pmt_faces_new ();
        g_autoptr (GError) error = NULL;
        const gfloat box[] = { 100, 120, 40, 50, 0.9f };
        PmtTensor output;
        const PmtFace *face;

        for (gint k = 0; k < n; k++)
          {
            const gint step = n == 20 ? 3 : 2;
            const gint at = is_turned ? k * n_boxes + 7 : 7 * n + k;

            data[at] = k < 5                ? box[k]
                       : n == 16 && k == 15 ? 1.0f
                       : n == 20 && k % step == 1
                           ? 0.5f
                           : 90.0f + 6.0f * (k - 5) / step;
          }
        output =
            is_turned ? table (n, n_boxes, data) : table (n_boxes, n, data);
        g_assert_true (pmt_face_decode (PMT_FACE_NET_YOLO, "n", &output, 1, 640,
                                        640, 0.5, faces, &error));
        g_assert_no_error (error);
        g_assert_cmpuint (faces->len, ==, 1);
        face = &g_array_index (faces, PmtFace, 0);
        g_assert_cmpfloat_with_epsilon (face->x, 80.0, 1e-4);
        g_assert_cmpfloat_with_epsilon (face->height, 50.0, 1e-4);
        g_assert_true (face->has_landmarks == (n > 5));
        if (n > 5)
          g_assert_cmpfloat_with_epsilon (face->landmarks[0][0], 90.0, 1e-4);
      }
}

/* ----------------------------------------------------------------- lists -- */

static void
test_suppress (void)
{
  const PmtFace boxes[] = {
    { 0, 0, 100, 100, 0.8 }, { 5, 5, 100, 100, 0.9 },  { 60, 0, 100, 100, 0.7 },
    { 20, 20, 30, 30, 0.6 }, { 300, 0, 20, 20, 0.99 },
  };
  g_autoptr (GArray) faces = pmt_faces_new ();

  g_array_append_vals (faces, boxes, G_N_ELEMENTS (boxes));
  pmt_faces_suppress (faces);
  g_assert_cmpuint (faces->len, ==, 3);
  g_assert_cmpfloat (g_array_index (faces, PmtFace, 0).x, ==, 5.0);
  g_assert_cmpfloat (g_array_index (faces, PmtFace, 1).x, ==, 60.0);
  g_assert_cmpfloat (g_array_index (faces, PmtFace, 2).x, ==, 300.0);
  for (gint i = 0; i < 1000; i++)
    {
      const PmtFace face = { 1000.0 + 50 * i, 0, 40, 40, 0.5 };

      g_array_append_val (faces, face);
    }
  pmt_faces_suppress (faces);
  g_assert_cmpuint (faces->len, ==, PMT_FACE_MAX);
}

static guint
count_selected (GArray *faces, const gchar *which, PmtError *code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) chosen = pmt_faces_select (faces, which, &error);

  if (chosen == NULL)
    {
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
      g_test_message ("%s", error->message);
      return G_MAXUINT;
    }
  return chosen->len;
}

static void
test_select (void)
{
  static const gchar *const wrong[] = {
    "",   ",",   "0",      "4",  "1,,2", "some",  "-1",   "1.5", "99999999999",
    "1:", "1:0", "1:1.01", ":1", "1:-1", "1:nan", "1:0x1"
  };
  g_autoptr (GArray) faces = pmt_faces_new ();
  g_autoptr (GArray) none = pmt_faces_new ();

  g_array_set_size (faces, 3);
  g_assert_cmpuint (count_selected (faces, "all", NULL), ==, 3);
  g_assert_cmpuint (count_selected (faces, "largest", NULL), ==, 1);
  g_assert_cmpuint (count_selected (faces, "1, 3", NULL), ==, 2);
  g_assert_cmpuint (count_selected (faces, "2,2", NULL), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_cmpuint (count_selected (faces, wrong[i], NULL), ==, G_MAXUINT);
  g_assert_cmpuint (count_selected (none, "all", NULL), ==, 0);
  g_assert_cmpuint (count_selected (none, "largest", NULL), ==, 0);
  g_assert_cmpuint (count_selected (none, "1", NULL), ==, 0);
}

static void
check_choice (const gchar *which,
              guint number,
              gboolean is_chosen,
              gdouble strength)
{
  gdouble got = -1.0;

  g_assert_true (pmt_faces_get_choice (which, number, &got) == is_chosen);
  g_assert_cmpfloat (got, ==, strength);
}

static void
test_own_strength (void)
{
  g_autoptr (GArray) faces = pmt_faces_new ();
  g_autoptr (GArray) chosen = NULL;

  g_array_set_size (faces, 3);
  chosen = pmt_faces_select (faces, "3:0.25, 1", NULL);
  g_assert_cmpuint (chosen->len, ==, 2);
  g_assert_cmpfloat (g_array_index (chosen, PmtFace, 0).strength, ==, 0.0);
  g_assert_cmpfloat (g_array_index (chosen, PmtFace, 1).strength, ==, 0.25);
  check_choice ("3:0.25, 1", 1, TRUE, 0.0);
  check_choice ("3:0.25, 1", 2, FALSE, 0.0);
  check_choice ("3:0.25, 1", 3, TRUE, 0.25);
  check_choice ("all", PMT_FACE_MAX, TRUE, 0.0);
  check_choice ("all", PMT_FACE_MAX + 1, FALSE, 0.0);
  check_choice ("all", 0, FALSE, 0.0);
  check_choice ("largest", 1, TRUE, 0.0);
  check_choice ("largest", 2, FALSE, 0.0);
  check_choice ("1,,2", 1, FALSE, 0.0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/face-restore/fit", test_fit);
  g_test_add_func ("/face-restore/cut", test_cut);
  g_test_add_func ("/face-restore/landmarks-land", test_landmarks_land);
  g_test_add_func ("/face-restore/mask", test_mask);
  g_test_add_func ("/face-restore/identity", test_identity);
  g_test_add_func ("/face-restore/shift", test_shift);
  g_test_add_func ("/face-restore/colors", test_colors);
  g_test_add_func ("/face-restore/strength", test_strength);
  g_test_add_func ("/face-restore/fidelity", test_fidelity);
  g_test_add_func ("/face-restore/bits", test_bits);
  g_test_add_func ("/face-restore/target", test_target);
  g_test_add_func ("/face-restore/bad-networks", test_bad_networks);
  g_test_add_func ("/face-restore/flat-face", test_flat_face);
  g_test_add_func ("/face-restore/own-strength", test_own_strength);
  g_test_add_func ("/face-restore/kinds", test_kinds);
  g_test_add_func ("/face-restore/broken-detectors", test_broken_detectors);
  g_test_add_func ("/face-restore/scrfd", test_scrfd);
  g_test_add_func ("/face-restore/yolo", test_yolo);
  g_test_add_func ("/face-restore/suppress", test_suppress);
  g_test_add_func ("/face-restore/select", test_select);
  status = g_test_run ();
  gegl_exit ();
  return status;
}

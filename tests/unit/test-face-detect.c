/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-face-detect.c: faces in photographs and in bad copies of them. */
#include "config.h"

#include <math.h>

#include "face-pictures.h"
#include "face/cascade.h"
#include "face/detect.h"

/* Of astronaut.png: the eyes, and how high the face is. */
static const gdouble eyes[2][2] = { { 204.0, 100.0 }, { 249.0, 103.0 } };

#define FACE_HEIGHT 118.0

static GArray *
find_with (PmtFaceNet *net, GeglBuffer *picture, gboolean has_angles)
{
  PmtFaceSeek seek = PMT_FACE_SEEK_INIT;
  g_autoptr (GError) error = NULL;
  GArray *faces;

  seek.has_angles = has_angles;
  faces =
      pmt_face_detect (net, &seek, picture, gegl_buffer_get_extent (picture),
                       NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < MIN (faces->len, 4); i++)
    {
      const PmtFace *face = &g_array_index (faces, PmtFace, i);

      g_test_message ("%.1f,%.1f %.1f x %.1f, score %.3f, eyes %.1f,%.1f "
                      "%.1f,%.1f",
                      face->x, face->y, face->width, face->height, face->score,
                      face->landmarks[0][0], face->landmarks[0][1],
                      face->landmarks[1][0], face->landmarks[1][1]);
    }
  return faces;
}

static GArray *
find (PmtFaceNet *net, GeglBuffer *picture)
{
  return find_with (net, picture, TRUE);
}

/* @scale: of the copy; @tolerance: of the distance between the eyes. */
static void
check_one (GArray *faces, gdouble scale, gdouble tolerance)
{
  const PmtFace *face;
  gdouble between;

  g_assert_cmpuint (faces->len, ==, 1);
  face = &g_array_index (faces, PmtFace, 0);
  g_assert_true (face->has_landmarks);
  g_assert_cmpfloat (face->height, >, 0.75 * FACE_HEIGHT * scale);
  g_assert_cmpfloat (face->height, <, 1.35 * FACE_HEIGHT * scale);
  between = hypot (eyes[1][0] - eyes[0][0], eyes[1][1] - eyes[0][1]) * scale;
  for (gint i = 0; i < 2; i++)
    g_assert_cmpfloat (hypot (face->landmarks[i][0] - eyes[i][0] * scale,
                              face->landmarks[i][1] - eyes[i][1] * scale),
                       <, tolerance * between);
}

/* ---------------------------------------------------------------- copies -- */

static void
test_sizes (void)
{
  /* 470 to 24 pixels high; 48 among them. */
  static const gdouble scales[] = { 4.0, 2.0, 1.0, 0.5, 0.41, 0.25, 0.205 };
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");

  if (net == NULL || photo == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      g_autoptr (GeglBuffer) copy = photo_scale (photo, scales[i]);
      g_autoptr (GArray) faces = find (net, copy);

      g_test_message ("scale %g", scales[i]);
      check_one (faces, scales[i], 0.12);
    }
}

static void
test_damage (void)
{
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");

  if (net == NULL || photo == NULL)
    return;
  for (gint i = 0; i < 2; i++)
    {
      const gdouble scale = i == 0 ? 1.0 : 0.41;
      g_autoptr (GeglBuffer) base = photo_scale (photo, scale);
      g_autoptr (GeglBuffer) blurred =
          photo_apply (base, "gegl:gaussian-blur", "std-dev-x", 3.5 * scale,
                       "std-dev-y", 3.5 * scale, NULL);
      g_autoptr (GeglBuffer) noisy = photo_apply (
          base, "gegl:noise-rgb", "red", 0.35, "green", 0.35, "blue", 0.35,
          "linear", FALSE, "correlated", FALSE, "seed", 7, NULL);
      g_autoptr (GeglBuffer) compressed = photo_jpeg (base, 10);
      GeglBuffer *const copies[] = { blurred, noisy, compressed };

      for (guint k = 0; k < G_N_ELEMENTS (copies); k++)
        {
          g_autoptr (GArray) faces = find (net, copies[k]);

          g_test_message ("scale %g, damage %u", scale, k);
          check_one (faces, scale, 0.2);
        }
    }
}

static void
test_angles (void)
{
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");
  g_autoptr (GeglBuffer) small =
      photo != NULL ? photo_scale (photo, 0.5) : NULL;

  if (net == NULL || small == NULL)
    return;
  for (gint angle = -45; angle <= 45; angle += 15)
    {
      g_autoptr (GeglBuffer) copy =
          photo_apply (small, "gegl:rotate", "degrees", (gdouble)angle, NULL);
      g_autoptr (GArray) faces = find (net, copy);
      const PmtFace *face;
      gdouble tilt;

      g_assert_cmpuint (faces->len, ==, 1);
      face = &g_array_index (faces, PmtFace, 0);
      tilt = atan2 (face->landmarks[1][1] - face->landmarks[0][1],
                    face->landmarks[1][0] - face->landmarks[0][0])
             * 180.0 / G_PI;
      g_test_message ("turned by %d: the eyes by %.1f", angle, tilt);
      /* The head leans by 4 degrees itself; GEGL turns to the left. */
      g_assert_cmpfloat (fabs (tilt - (4.0 - angle)), <, 6.0);
    }
}

static void
test_no_faces (void)
{
  static const gchar *const names[] = { "photos/coffee.png",
                                        "photos/rocket.jpg" };
  g_autoptr (PmtFaceNet) net = detector_open ();

  if (net == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GeglBuffer) photo = photo_load (names[i]);
      g_autoptr (GeglBuffer) half = NULL;
      g_autoptr (GeglBuffer) large = NULL;
      g_autoptr (GeglBuffer) compressed = NULL;

      if (photo == NULL)
        return;
      half = photo_scale (photo, 0.5);
      large = photo_scale (photo, 2.0);
      compressed = photo_jpeg (photo, 10);
      for (gint k = 0; k < 4; k++)
        {
          GeglBuffer *const copies[] = { photo, half, large, compressed };
          g_autoptr (GArray) faces = find (net, copies[k]);

          g_assert_cmpuint (faces->len, ==, 0);
        }
    }
}

/* ------------------------------------------------------------- positions -- */

static GeglBuffer *
cut (GeglBuffer *buffer, gint x, gint y, gint width, gint height)
{
  GeglBuffer *part = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height),
                                      gegl_buffer_get_format (buffer));

  gegl_buffer_copy (buffer, GEGL_RECTANGLE (x, y, width, height),
                    GEGL_ABYSS_NONE, part,
                    GEGL_RECTANGLE (0, 0, width, height));
  return part;
}

static void
test_borders (void)
{
  /* As high as the picture; without the forehead; without the chin. */
  static const GeglRectangle cuts[] = { { 170, 45, 120, 145 },
                                        { 100, 85, 300, 300 },
                                        { 100, 0, 250, 160 } };
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");

  if (net == NULL || photo == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    for (gint enlarge = 1; enlarge <= 4; enlarge += 3)
      {
        g_autoptr (GeglBuffer) part =
            cut (photo, cuts[i].x, cuts[i].y, cuts[i].width, cuts[i].height);
        g_autoptr (GeglBuffer) copy = photo_scale (part, enlarge);
        g_autoptr (GArray) faces = find (net, copy);

        g_test_message ("cut %u, enlarged %d times", i, enlarge);
        g_assert_cmpuint (faces->len, ==, 1);
      }
}

/* Two heads, one in front of the other. */
static void
test_overlap (void)
{
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");
  g_autoptr (GArray) faces = NULL;

  if (net == NULL || photo == NULL)
    return;
  gegl_buffer_copy (photo, GEGL_RECTANGLE (150, 20, 75, 170), GEGL_ABYSS_NONE,
                    photo, GEGL_RECTANGLE (80, 40, 75, 170));
  gegl_buffer_copy (photo, GEGL_RECTANGLE (225, 20, 80, 170), GEGL_ABYSS_NONE,
                    photo, GEGL_RECTANGLE (155, 40, 80, 170));
  faces = find (net, photo);
  /* Half of the rear face is hidden: it may count or not; the front one must,
   * and nothing else. */
  g_assert_cmpuint (faces->len, >=, 1);
  g_assert_cmpuint (faces->len, <=, 2);
}

static void
test_crowd (void)
{
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");
  g_autoptr (GeglBuffer) head = NULL;
  g_autoptr (GeglBuffer) small = NULL;
  g_autoptr (GeglBuffer) crowd = NULL;
  g_autoptr (GArray) faces = NULL;

  if (net == NULL || photo == NULL)
    return;
  head = cut (photo, 130, 10, 190, 190);
  small = photo_scale (head, 0.4);
  crowd = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 76 * 20, 76 * 10),
                           babl_format ("R'G'B' u8"));
  for (gint i = 0; i < 200; i++)
    gegl_buffer_copy (small, GEGL_RECTANGLE (0, 0, 76, 76), GEGL_ABYSS_NONE,
                      crowd,
                      GEGL_RECTANGLE (76 * (i % 20), 76 * (i / 20), 76, 76));
  faces = find (net, crowd);
  g_test_message ("%u of 200 faces", faces->len);
  g_assert_cmpuint (faces->len, ==, 200);
}

static void
test_tiny (void)
{
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");
  g_autoptr (GeglBuffer) copy = NULL;
  g_autoptr (GeglBuffer) pixel = NULL;
  g_autoptr (GArray) faces = NULL;
  g_autoptr (GArray) none = NULL;

  if (net == NULL || photo == NULL)
    return;
  copy = photo_scale (photo, 5.0 / FACE_HEIGHT);
  faces = find (net, copy);
  g_assert_cmpuint (faces->len, ==, 0);
  pixel = cut (photo, 220, 110, 1, 1);
  none = find (net, pixel);
  g_assert_cmpuint (none->len, ==, 0);
}

/* The same face whatever the pixels are. */
static void
test_formats (void)
{
  static const gchar *const formats[] = { "Y' u8",        "R'G'B'A u16",
                                          "RGBA float",   "R'G'B' double",
                                          "R~G~B~A half", "Y' float" };
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");

  if (net == NULL || photo == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      const GeglRectangle *extent = gegl_buffer_get_extent (photo);
      g_autoptr (GeglBuffer) copy =
          gegl_buffer_new (extent, babl_format (formats[i]));
      g_autoptr (GArray) faces = NULL;

      gegl_buffer_copy (photo, NULL, GEGL_ABYSS_NONE, copy, NULL);
      g_test_message ("%s", formats[i]);
      faces = find_with (net, copy, FALSE);
      check_one (faces, 1.0, 0.12);
    }
}

static void
test_refused (void)
{
  const PmtFaceSeek seek = PMT_FACE_SEEK_INIT;
  g_autoptr (PmtFaceNet) net = detector_open ();
  g_autoptr (GeglBuffer) cmyk =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, 64, 64), babl_format ("CMYK u8"));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GeglBuffer) rgb = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 64, 64),
                                                babl_format ("R'G'B' u8"));
  g_autoptr (GError) error = NULL;

  if (net == NULL)
    return;
  g_assert_null (pmt_face_detect (
      net, &seek, cmyk, gegl_buffer_get_extent (cmyk), NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (pmt_face_detect (net, &seek, rgb, gegl_buffer_get_extent (rgb),
                                  NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --------------------------------------------------------------- cascade -- */

static void
test_cascade (void)
{
  const gchar *module = g_getenv ("PENTIMENTO_TEST_CASCADE");
  g_autoptr (GeglBuffer) photo = photo_load ("photos/astronaut.png");
  g_autoptr (GeglBuffer) coffee = photo_load ("photos/coffee.png");
  g_autoptr (GArray) faces = NULL;
  g_autoptr (GArray) none = NULL;
  g_autoptr (GError) error = NULL;
  const PmtFace *face;

  if (photo == NULL || coffee == NULL)
    return;
  pmt_cascade_set_module (module);
  if (module == NULL)
    {
      g_assert_false (pmt_cascade_is_usable (&error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
      g_test_skip ("this build has no OpenCV");
      return;
    }
  faces =
      pmt_cascade_detect (photo, gegl_buffer_get_extent (photo), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (faces->len, ==, 1);
  face = &g_array_index (faces, PmtFace, 0);
  g_test_message ("%.1f,%.1f %.1f x %.1f, score %.3f, eyes %.1f,%.1f %.1f,%.1f",
                  face->x, face->y, face->width, face->height, face->score,
                  face->landmarks[0][0], face->landmarks[0][1],
                  face->landmarks[1][0], face->landmarks[1][1]);
  g_assert_false (face->has_landmarks);
  for (gint i = 0; i < 2; i++)
    g_assert_cmpfloat (hypot (face->landmarks[i][0] - eyes[i][0],
                              face->landmarks[i][1] - eyes[i][1]),
                       <, 12.0);
  none = pmt_cascade_detect (coffee, gegl_buffer_get_extent (coffee), NULL,
                             &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/face-detect/sizes", test_sizes);
  g_test_add_func ("/face-detect/damage", test_damage);
  g_test_add_func ("/face-detect/angles", test_angles);
  g_test_add_func ("/face-detect/no-faces", test_no_faces);
  g_test_add_func ("/face-detect/borders", test_borders);
  g_test_add_func ("/face-detect/overlap", test_overlap);
  g_test_add_func ("/face-detect/crowd", test_crowd);
  g_test_add_func ("/face-detect/tiny", test_tiny);
  g_test_add_func ("/face-detect/formats", test_formats);
  g_test_add_func ("/face-detect/refused", test_refused);
  g_test_add_func ("/face-detect/cascade", test_cascade);
  status = g_test_run ();
  gegl_exit ();
  return status;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-face-run.c: operation "face", and faces of enhance and upscale, as the
 * engine runs them. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "face-nets.h"
#include "face-pictures.h"

typedef struct
{
  gchar *home;
  gchar *faces;
  PmtEngine *engine;
  GeglBuffer *photo;
} Fixture;

static void
add_bytes (Fixture *fixture, const gchar *name, GBytes *bytes)
{
  g_autofree gchar *path = g_build_filename (fixture->faces, name, NULL);
  gsize size;
  const gchar *data = g_bytes_get_data (bytes, &size);

  g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
}

static void
add_net (Fixture *fixture, const gchar *name, const FaceNet *net)
{
  g_autoptr (GBytes) bytes = face_net_bytes (net);

  add_bytes (fixture, name, bytes);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *detector = shared_path ("models/yunet.onnx");
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  fixture->home = g_dir_make_tmp ("pentimento-test-XXXXXX", NULL);
  fixture->faces = g_build_filename (fixture->home, "models", "faces", NULL);
  g_assert_cmpint (g_mkdir_with_parents (fixture->faces, 0700), ==, 0);
  if (detector != NULL)
    {
      gchar *contents;
      gsize size;
      g_autoptr (GBytes) bytes = NULL;

      g_assert_true (g_file_get_contents (detector, &contents, &size, NULL));
      bytes = g_bytes_new_take (contents, size);
      add_bytes (fixture, "yunet.onnx", bytes);
      fixture->photo = photo_load ("photos/astronaut.png");
    }
  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = fixture->home;
  options.threads = 2;
  fixture->engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->faces, 0, NULL);
  g_autofree gchar *models = g_path_get_dirname (fixture->faces);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (fixture->faces, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->faces);
  g_rmdir (models);
  g_rmdir (fixture->home);
  pmt_engine_unref (fixture->engine);
  g_clear_object (&fixture->photo);
  g_free (fixture->home);
  g_free (fixture->faces);
}

static PmtRequest *
request_new (Fixture *fixture, PmtOperation operation)
{
  PmtRequest *request = pmt_request_new (operation);

  pmt_request_set_source (request, fixture->photo,
                          gegl_buffer_get_extent (fixture->photo));
  return request;
}

static PmtResult *
run (Fixture *fixture, const PmtRequest *request)
{
  g_autoptr (GError) error = NULL;
  PmtResult *result =
      pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return result;
}

static gchar *
run_badly (Fixture *fixture, const PmtRequest *request, PmtError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
      pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, (gint)code);
  g_test_message ("%s", error->message);
  return g_strdup (error->message);
}

static gboolean
has_note (const PmtResult *result, const gchar *part)
{
  const gchar *const *notes = pmt_result_get_notes (result);

  for (; *notes != NULL; notes++)
    if (strstr (*notes, part) != NULL)
      return TRUE;
  return FALSE;
}

/* Mean of the changes in a rectangle, in levels of 8 bits. */
static gdouble
change_in (GeglBuffer *before, GeglBuffer *after, const GeglRectangle *rect)
{
  const gsize n = (gsize)rect->width * rect->height * 3;
  g_autofree guint8 *a = g_malloc (n);
  g_autofree guint8 *b = g_malloc (n);
  gdouble sum = 0.0;

  gegl_buffer_get (before, rect, 1.0, babl_format ("R'G'B' u8"), a,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  gegl_buffer_get (after, rect, 1.0, babl_format ("R'G'B' u8"), b,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    sum += ABS (a[i] - b[i]);
  return sum / n;
}

static const GeglRectangle whole_face = { 180, 60, 95, 118 };
static const GeglRectangle elsewhere = { 0, 250, 512, 262 };

/* ------------------------------------------------------------- operation -- */

static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) faces = NULL;
  g_autoptr (GError) error = NULL;

  if (fixture->photo == NULL)
    return;
  faces = pmt_engine_list_faces (fixture->engine, fixture->photo, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (faces->len, ==, 1);
}

static void
test_shipped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GeglBuffer) made = NULL;
  g_autoptr (PmtRequest) again = NULL;
  g_autoptr (GError) error = NULL;

  if (fixture->photo == NULL)
    return;
  request = request_new (fixture, PMT_OPERATION_FACE);
  result = run (fixture, request);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
  g_assert_true (has_note (result, "1 face"));
  g_assert_true (has_note (result, "models/faces"));
  made = gegl_buffer_dup (fixture->photo);
  g_assert_true (pmt_result_composite (result, 0, made, &error));
  g_assert_cmpfloat (change_in (fixture->photo, made, &whole_face), >, 0.5);
  g_assert_cmpfloat (change_in (fixture->photo, made, &elsewhere), ==, 0.0);
  /* The recipe can be run again, whatever it says of faces. */
  again = pmt_request_from_recipe (pmt_result_get_recipe (result, 0), &error);
  g_assert_no_error (error);
  g_assert_cmpint (pmt_request_get_operation (again), ==, PMT_OPERATION_FACE);
  g_assert_nonnull (
      strstr (pmt_result_get_recipe (result, 0), "\"faces\":[{\"box\":[18"));
}

static void
test_restorer (Fixture *fixture, gconstpointer data)
{
  FaceNet kind = FACE_NET_INIT;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (PmtResult) other = NULL;
  g_autoptr (PmtResult) weak = NULL;
  g_autoptr (GeglBuffer) made = NULL;
  g_autofree gchar *message = NULL;
  g_autoptr (GError) error = NULL;
  PmtParams *params;

  if (fixture->photo == NULL)
    return;
  kind.is_sharpened = TRUE;
  kind.fidelity = PMT_TENSOR_FLOAT64;
  add_net (fixture, "codeformer.onnx", &kind);
  kind.fidelity = PMT_TENSOR_OTHER;
  add_net (fixture, "gfpgan.onnx", &kind);
  request = request_new (fixture, PMT_OPERATION_FACE);
  params = pmt_request_params (request);
  /* The first by name: as close as it can, it changes nothing. */
  result = run (fixture, request);
  g_assert_true (has_note (result, "codeformer.onnx"));
  g_assert_cmpfloat (change_in (fixture->photo,
                                pmt_result_get_picture (result, 0),
                                &whole_face),
                     <, 0.05);
  pmt_params_set_number (params, "face-creativity", 1.0);
  other = run (fixture, request);
  g_assert_cmpfloat (change_in (fixture->photo,
                                pmt_result_get_picture (other, 0), &whole_face),
                     >, 0.3);
  g_assert_nonnull (strstr (pmt_result_get_recipe (other, 0),
                            "\"model\":\"codeformer.onnx\""));
  pmt_params_set_string (params, "face-model", "gfpgan");
  message = run_badly (fixture, request, PMT_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (message, "face-creativity"));
  g_assert_nonnull (strstr (message, "gfpgan.onnx"));
  pmt_params_set_number (params, "face-creativity", 0.0);
  pmt_params_set_number (params, "face-strength", 0.0);
  weak = run (fixture, request);
  g_assert_cmpfloat (
      change_in (fixture->photo, pmt_result_get_picture (weak, 0), &whole_face),
      ==, 0.0);
}

/* A strength behind a number is as good as that of the request. */
static void
test_own_strength (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) own = NULL;
  g_autoptr (PmtResult) common = NULL;
  PmtParams *params;

  if (fixture->photo == NULL)
    return;
  request = request_new (fixture, PMT_OPERATION_FACE);
  params = pmt_request_params (request);
  pmt_params_set_number (params, "face-strength", 0.9);
  pmt_params_set_string (params, "faces", "1:0.25");
  own = run (fixture, request);
  pmt_params_set_number (params, "face-strength", 0.25);
  pmt_params_set_string (params, "faces", "1");
  common = run (fixture, request);
  g_assert_cmpfloat (change_in (pmt_result_get_picture (common, 0),
                                pmt_result_get_picture (own, 0), &whole_face),
                     ==, 0.0);
  g_assert_cmpfloat (
      change_in (fixture->photo, pmt_result_get_picture (own, 0), &whole_face),
      >, 0.1);
  g_assert_nonnull (
      strstr (pmt_result_get_recipe (own, 0), "\"strength\":0.25"));
}

static void
test_wrong (Fixture *fixture, gconstpointer data)
{
  static const gchar *const values[][2] = { { "faces", "2" },
                                            { "faces", "none" },
                                            { "face-model", "gone" } };

  if (fixture->photo == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (PmtRequest) request =
          request_new (fixture, PMT_OPERATION_FACE);
      g_autofree gchar *message = NULL;

      pmt_params_set_string (pmt_request_params (request), values[i][0],
                             values[i][1]);
      message = run_badly (fixture, request, PMT_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (message, values[i][0]));
    }
}

/* Seen in a mirror, it is a face all the same. */
static void
test_mirrored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  g_autoptr (GeglBuffer) mirrored = NULL;
  g_autoptr (GArray) faces = NULL;
  g_autoptr (GError) error = NULL;
  GeglNode *source, *reflect, *sink;
  const PmtFace *face;

  if (fixture->photo == NULL)
    return;
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", fixture->photo, NULL);
  reflect =
      gegl_node_new_child (graph, "operation", "gegl:scale-ratio", "x", -1.0,
                           "y", 1.0, "sampler", GEGL_SAMPLER_NEAREST, NULL);
  sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer",
                              &mirrored, NULL);
  gegl_node_link_many (source, reflect, sink, NULL);
  gegl_node_process (sink);
  faces = pmt_engine_list_faces (fixture->engine, mirrored, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (faces->len, ==, 1);
  face = &g_array_index (faces, PmtFace, 0);
  /* The eye on the left as it is seen. */
  g_assert_cmpfloat (face->landmarks[0][0], <, face->landmarks[1][0]);
  g_assert_cmpfloat_with_epsilon (face->x + face->width / 2,
                                  -(whole_face.x + whole_face.width / 2.0),
                                  10.0);
}

/* Four inks are refused with a sentence. */
static void
test_cmyk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GeglBuffer) inks =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, 64, 64), babl_format ("CMYK u8"));
  g_autoptr (PmtRequest) request = pmt_request_new (PMT_OPERATION_FACE);
  g_autofree gchar *message = NULL;

  if (fixture->photo == NULL)
    return;
  pmt_request_set_source (request, inks, gegl_buffer_get_extent (inks));
  message = run_badly (fixture, request, PMT_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (message, "CMYK"));
}

static void
test_no_face (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;

  if (fixture->photo == NULL)
    return;
  g_object_unref (fixture->photo);
  fixture->photo = photo_load ("photos/coffee.png");
  request = request_new (fixture, PMT_OPERATION_FACE);
  result = run (fixture, request);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 0);
  g_assert_true (has_note (result, "No face was found."));
}

/* A network that is not what it says is an error; the picture is untouched. */
static void
test_broken_restorer (Fixture *fixture, gconstpointer data)
{
  FaceNet kind = FACE_NET_INIT;
  g_autoptr (PmtRequest) request = NULL;
  g_autofree gchar *message = NULL;

  if (fixture->photo == NULL)
    return;
  kind.is_nan = TRUE;
  add_net (fixture, "a.onnx", &kind);
  request = request_new (fixture, PMT_OPERATION_FACE);
  message = run_badly (fixture, request, PMT_ERROR_MODEL);
  g_assert_nonnull (strstr (message, "a.onnx"));
}

static void
test_no_detector (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *path =
      g_build_filename (fixture->faces, "yunet.onnx", NULL);
  g_autoptr (PmtRequest) request = NULL;
  g_autofree gchar *message = NULL;

  if (fixture->photo == NULL)
    return;
  /* Where an installed build has OpenCV, faces are found all the same. */
  g_remove (path);
  request = request_new (fixture, PMT_OPERATION_FACE);
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (PmtResult) result =
        pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);

    if (result != NULL)
      {
        g_test_skip ("OpenCV is installed");
        return;
      }
    g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
    g_assert_nonnull (strstr (error->message, "models/faces"));
  }
}

/* ------------------------------------------------------ enhance, upscale -- */

static void
test_enhance (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;

  if (fixture->photo == NULL)
    return;
  request = request_new (fixture, PMT_OPERATION_ENHANCE);
  pmt_params_set_bool (pmt_request_params (request), "face-enhancement", TRUE);
  result = run (fixture, request);
  g_assert_cmpfloat (change_in (fixture->photo,
                                pmt_result_get_picture (result, 0),
                                &whole_face),
                     >, 0.5);
  g_assert_cmpfloat (change_in (fixture->photo,
                                pmt_result_get_picture (result, 0), &elsewhere),
                     ==, 0.0);
}

/* With the identity, the enlarged face is the enlarged source's. */
static void
test_upscale (Fixture *fixture, gconstpointer data)
{
  const gdouble factors[] = { 2.0, 1.5 };
  FaceNet kind = FACE_NET_INIT;

  if (fixture->photo == NULL)
    return;
  kind.is_sharpened = TRUE;
  add_net (fixture, "a.onnx", &kind);
  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      const gdouble f = factors[i];
      const GeglRectangle face = { (gint)(whole_face.x * f),
                                   (gint)(whole_face.y * f),
                                   (gint)(whole_face.width * f),
                                   (gint)(whole_face.height * f) };
      const GeglRectangle other = { 0, (gint)(elsewhere.y * f),
                                    (gint)(elsewhere.width * f),
                                    (gint)(elsewhere.height * f) };
      g_autoptr (PmtRequest) request =
          request_new (fixture, PMT_OPERATION_UPSCALE);
      PmtParams *params = pmt_request_params (request);
      g_autoptr (PmtResult) plain = NULL;
      g_autoptr (PmtResult) result = NULL;
      gdouble change;

      pmt_params_set_number (params, "factor", f);
      plain = run (fixture, request);
      pmt_params_set_bool (params, "face-enhancement", TRUE);
      result = run (fixture, request);
      change = change_in (pmt_result_get_picture (plain, 0),
                          pmt_result_get_picture (result, 0), &face);
      g_test_message ("factor %g: %.3f", f, change);
      g_assert_cmpfloat (change, >, 0.3);
      g_assert_cmpfloat (change, <, 8.0);
      g_assert_cmpfloat (change_in (pmt_result_get_picture (plain, 0),
                                    pmt_result_get_picture (result, 0), &other),
                         ==, 0.0);
    }
}

static void
test_estimate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  PmtEstimate estimate;

  if (fixture->photo == NULL)
    return;
  request = request_new (fixture, PMT_OPERATION_FACE);
  g_assert_true (
      pmt_engine_estimate (fixture->engine, request, &estimate, &error));
  g_assert_no_error (error);
  g_assert_cmpint (estimate.region.width, ==, 512);
  g_assert_cmpint (estimate.region.height, ==, 512);
  g_assert_cmpuint (estimate.bytes, >, 1000000);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const gchar *path;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/face-run/list", test_list },
    { "/face-run/shipped", test_shipped },
    { "/face-run/restorer", test_restorer },
    { "/face-run/own-strength", test_own_strength },
    { "/face-run/mirrored", test_mirrored },
    { "/face-run/cmyk", test_cmyk },
    { "/face-run/wrong", test_wrong },
    { "/face-run/no-face", test_no_face },
    { "/face-run/broken-restorer", test_broken_restorer },
    { "/face-run/no-detector", test_no_detector },
    { "/face-run/enhance", test_enhance },
    { "/face-run/upscale", test_upscale },
    { "/face-run/estimate", test_estimate },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].run,
                fixture_tear_down);
  status = g_test_run ();
  gegl_exit ();
  return status;
}

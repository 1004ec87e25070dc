/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * bench-face.c: faces of a portrait and of bad copies of it: whether they are
 * found, how long that takes, and what the network without download makes of
 * them.  bench-face [DETECTOR.onnx [PHOTO]]
 */
#include "config.h"

#include <math.h>
#include <stdio.h>

#include "../unit/face-pictures.h"
#include "face/apply.h"
#include "face/detect.h"
#include "memory.h"
#include "restore/net.h"
#include "restore/restore-faces.h"
#include "restore/restore-run.h"

#define REPEAT 5

static gdouble
now (void)
{
  return g_get_monotonic_time () / (gdouble)G_USEC_PER_SEC;
}

/* Of the pixels that belong to the face. */
static gdouble
psnr (GeglBuffer *truth, GeglBuffer *picture, const PmtFace *face)
{
  GeglRectangle rect = { (gint)face->x, (gint)face->y, (gint)face->width,
                         (gint)face->height };
  g_autofree gfloat *a = g_new (gfloat, (gsize)rect.width * rect.height * 3);
  g_autofree gfloat *b = g_new (gfloat, (gsize)rect.width * rect.height * 3);
  gdouble sum = 0.0;
  const gsize n = (gsize)rect.width * rect.height * 3;

  gegl_buffer_get (truth, &rect, 1.0, babl_format ("R'G'B' float"), a,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  gegl_buffer_get (picture, &rect, 1.0, babl_format ("R'G'B' float"), b,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return -10.0 * log10 (MAX (sum / n, 1e-10));
}

static GArray *
detect (PmtFaceNet *net, GeglBuffer *picture, gdouble *seconds)
{
  const PmtFaceSeek seek = PMT_FACE_SEEK_INIT;
  GArray *faces = NULL;

  *seconds = G_MAXDOUBLE;
  for (gint i = 0; i < REPEAT; i++)
    {
      const gdouble start = now ();

      g_clear_pointer (&faces, g_array_unref);
      faces =
          pmt_face_detect (net, &seek, picture,
                           gegl_buffer_get_extent (picture), NULL, NULL, NULL);
      g_assert_nonnull (faces);
      *seconds = MIN (*seconds, now () - start);
    }
  return faces;
}

static GeglBuffer *
restore (PmtEngine *engine, GeglBuffer *picture, gdouble *seconds)
{
  g_autoptr (PmtRequest) request = pmt_request_new (PMT_OPERATION_FACE);
  GeglBuffer *made = gegl_buffer_dup (picture);
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gdouble start;

  pmt_request_set_source (request, picture, gegl_buffer_get_extent (picture));
  start = now ();
  result = pmt_engine_run (engine, request, NULL, NULL, NULL, &error);
  *seconds = now () - start;
  if (result == NULL)
    g_error ("%s", error->message);
  if (pmt_result_get_n_items (result) > 0)
    pmt_result_composite (result, 0, made, NULL);
  return made;
}

static void
bench (PmtFaceNet *net,
       PmtEngine *engine,
       const gchar *name,
       GeglBuffer *truth,
       GeglBuffer *copy)
{
  gdouble find_seconds;
  gdouble work_seconds;
  g_autoptr (GArray) faces = NULL;
  g_autoptr (GeglBuffer) made = NULL;
  glong before;

  memory_reset_peak ();
  before = memory_now ();
  faces = detect (net, copy, &find_seconds);
  made = restore (engine, copy, &work_seconds);
  printf ("| %s | %d x %d | %u | %.0f | %.0f | %ld |", name,
          gegl_buffer_get_width (copy), gegl_buffer_get_height (copy),
          faces->len, 1000.0 * find_seconds, 1000.0 * work_seconds,
          memory_peak () - before);
  if (faces->len == 1 && truth != NULL)
    {
      const PmtFace *face = &g_array_index (faces, PmtFace, 0);

      printf (" %.0f | %.1f | %.1f |\n", face->height, psnr (truth, copy, face),
              psnr (truth, made, face));
    }
  else
    printf (" - | - | - |\n");
}

static void
bench_copies (PmtFaceNet *net, PmtEngine *engine, GeglBuffer *photo)
{
  static const gdouble scales[] = { 1.0, 0.5, 0.41, 0.25 };

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      const gdouble s = scales[i];
      g_autofree gchar *size = g_strdup_printf ("%g of the size", s);
      g_autoptr (GeglBuffer) base = photo_scale (photo, s);
      g_autoptr (GeglBuffer) blurred = photo_apply (
          base, "gegl:gaussian-blur", "std-dev-x", 1.2, "std-dev-y", 1.2, NULL);
      g_autoptr (GeglBuffer) noisy = photo_apply (
          base, "gegl:noise-rgb", "red", 0.15, "green", 0.15, "blue", 0.15,
          "linear", FALSE, "correlated", FALSE, "seed", 7, NULL);
      g_autoptr (GeglBuffer) compressed = photo_jpeg (base, 20);

      bench (net, engine, size, base, base);
      bench (net, engine, "- blurred, 1.2 px", base, blurred);
      bench (net, engine, "- noise", base, noisy);
      bench (net, engine, "- JPEG, quality 20", base, compressed);
    }
}

int
main (int argc, char **argv)
{
  g_autofree gchar *detector =
      argc > 1 ? g_strdup (argv[1]) : shared_path ("models/yunet.onnx");
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  PmtEngineOptions engine_options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (PmtFaceNet) net = NULL;
  g_autoptr (PmtEngine) engine = NULL;
  g_autoptr (GeglBuffer) photo = NULL;
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  if (detector == NULL)
    {
      g_printerr ("There is no detector: set PENTIMENTO_SHARED.\n");
      return 1;
    }
  options.threads = 2;
  engine_options.data_dir = g_getenv ("PENTIMENTO_DATA");
  engine_options.user_dir = g_getenv ("PENTIMENTO_HOME");
  engine_options.threads = 2;
  setvbuf (stdout, NULL, _IOLBF, 0);
  net = pmt_face_net_open (detector, &options, &error);
  engine = net != NULL ? pmt_engine_new (&engine_options, &error) : NULL;
  photo = photo_load ("photos/astronaut.png");
  if (engine == NULL || photo == NULL)
    {
      g_printerr ("%s\n",
                  error != NULL ? error->message : "There is no photo.");
      return 1;
    }
  printf ("| copy | pixels | faces | find, ms | face, ms | MB | height | "
          "before, dB | after, dB |\n|---|---|---|---|---|---|---|---|---|\n");
  bench_copies (net, engine, photo);
  {
    g_autoptr (GeglBuffer) large = photo_scale (photo, 9.6);

    bench (net, engine, "9.6 times the size", NULL, large);
  }
  return 0;
}

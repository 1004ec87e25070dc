/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-fill.c: the prompt-free fill. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "fill/fill.h"
#include "fill/multigrid.h"

/* --------------------------------------------------------------- scenes -- */

/* A picture under test: what is known, the hole, and what was there before. */
typedef struct
{
  gint width;
  gint height;
  PmtPixels *pixels;
  gfloat *truth;
  guint8 *hole;
} Scene;

typedef void (*Paint) (gint x, gint y, gfloat *rgb);
typedef gboolean (*IsHole) (const Scene *scene, gint x, gint y);

static void
scene_clear (Scene *scene)
{
  g_clear_pointer (&scene->pixels, pmt_pixels_free);
  g_clear_pointer (&scene->truth, g_free);
  g_clear_pointer (&scene->hole, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

static gsize
scene_count (const Scene *scene)
{
  return (gsize)scene->width * (gsize)scene->height;
}

/* What is hidden is set to a colour that no painter uses. */
static Scene
scene_new (gint width, gint height, Paint paint, IsHole is_hole)
{
  Scene scene = { width, height };
  gsize n = scene_count (&scene);

  scene.pixels = g_new0 (PmtPixels, 1);
  scene.pixels->rect = (GeglRectangle){ 0, 0, width, height };
  scene.pixels->rgb = g_new (gfloat, n * 3);
  scene.pixels->opaque = g_malloc (n);
  scene.pixels->is_all_opaque = TRUE;
  memset (scene.pixels->opaque, 255, n);
  scene.truth = g_new (gfloat, n * 3);
  scene.hole = g_malloc0 (n);
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        gsize i = (gsize)y * (gsize)width + (gsize)x;

        paint (x, y, scene.truth + i * 3);
        memcpy (scene.pixels->rgb + i * 3, scene.truth + i * 3, 12);
        scene.hole[i] = is_hole (&scene, x, y) ? 255 : 0;
        for (gsize c = 0; c < 3 && scene.hole[i]; c++)
          scene.pixels->rgb[i * 3 + c] = c == 1 ? -5.0f : 7.0f;
      }
  return scene;
}

static gboolean
fill_with (Scene *scene, guint32 seed, gint threads, GError **error)
{
  PmtFillOptions options = PMT_FILL_OPTIONS_INIT;

  options.seed = seed;
  options.threads = threads;
  return pmt_fill_run (scene->pixels, scene->hole, NULL, &options, NULL, NULL,
                       error);
}

static void
fill (Scene *scene)
{
  g_autoptr (GError) error = NULL;
  gboolean is_ok = fill_with (scene, 0, 2, &error);

  g_assert_no_error (error);
  g_assert_true (is_ok);
}

/* Outside the hole not one bit changes; inside, every value is a number. */
static void
assert_sane (const Scene *scene)
{
  for (gsize i = 0; i < scene_count (scene); i++)
    {
      const gfloat *rgb = scene->pixels->rgb + i * 3;

      if (!scene->hole[i])
        g_assert_cmpmem (rgb, 12, scene->truth + i * 3, 12);
      else
        g_assert_cmpint (scene->pixels->opaque[i], ==, 255);
      for (gint c = 0; c < 3; c++)
        g_assert_true (isfinite (rgb[c]));
    }
}

static gdouble
measure_psnr (const Scene *scene)
{
  gdouble sum = 0.0, n = 0.0;

  for (gsize i = 0; i < scene_count (scene) * 3; i++)
    if (scene->hole[i / 3])
      {
        gdouble d = scene->pixels->rgb[i] - scene->truth[i];

        sum += d * d;
        n += 1.0;
      }
  return -10.0 * log10 (sum / n + 1e-12);
}

/* --------------------------------------------------------------- painters -- */

static gfloat
random_at (gint x, gint y)
{
  guint32 h = (guint32)x * 7919u + (guint32)y * 104729u + 12345u;

  h = (h ^ h >> 16) * 0x45d9f3bu;
  h = (h ^ h >> 16) * 0x45d9f3bu;
  return (gfloat)((h ^ h >> 16) >> 8) / 16777216.0f;
}

static void
paint_gray (gint x, gint y, gfloat *rgb)
{
  rgb[0] = 0.25f;
  rgb[1] = 0.5f;
  rgb[2] = 0.75f;
}

static void
paint_periodic (gint x, gint y, gfloat *rgb)
{
  gboolean is_tile = (x % 16 < 9) == (y % 12 < 5);

  rgb[0] = is_tile ? 0.8f : 0.1f;
  rgb[1] = is_tile ? 0.5f + 0.02f * (gfloat)(x % 16) : 0.2f;
  rgb[2] = 0.3f;
}

static void
paint_edge (gint x, gint y, gfloat *rgb)
{
  gfloat t = CLAMP (0.4f * x + y - 100.0f, 0.0f, 1.0f);

  for (gint c = 0; c < 3; c++)
    rgb[c] = 0.2f + 0.6f * t;
}

static void
paint_horizon (gint x, gint y, gfloat *rgb)
{
  gfloat t = CLAMP (y - 70.5f, 0.0f, 1.0f);

  rgb[0] = 0.3f + 0.003f * y + t * (0.1f - 0.3f);
  rgb[1] = 0.5f + 0.002f * y + t * (0.15f - 0.5f);
  rgb[2] = 0.9f + t * (0.2f - 0.9f) + 0.02f * random_at (x, y);
}

static void
paint_stripe (gint x, gint y, gfloat *rgb)
{
  gfloat t = CLAMP (6.0f - fabsf (x - 80.0f), 0.0f, 1.0f);

  rgb[0] = 0.9f - 0.7f * t;
  rgb[1] = 0.85f - 0.7f * t;
  rgb[2] = 0.7f - 0.3f * t;
}

static void
paint_noise (gint x, gint y, gfloat *rgb)
{
  for (gint c = 0; c < 3; c++)
    rgb[c] = random_at (3 * x + c, y);
}

static void
paint_high_range (gint x, gint y, gfloat *rgb)
{
  rgb[0] = 4.0f + 2.0f * sinf (x * 0.4f);
  rgb[1] = 1e-3f * (1.0f + sinf (y * 0.4f));
  rgb[2] = -0.25f;
}

/* ------------------------------------------------------------------ holes -- */

static gboolean
in_middle (const Scene *scene, gint x, gint y)
{
  return ABS (2 * x - scene->width) < scene->width / 3
         && ABS (2 * y - scene->height) < scene->height / 3;
}

static gboolean
in_disk (const Scene *scene, gint x, gint y)
{
  gint dx = 2 * x - scene->width, dy = 2 * y - scene->height;
  gint r = MIN (scene->width, scene->height) * 2 / 5;

  return dx * dx + dy * dy < r * r;
}

static gboolean
on_border (const Scene *scene, gint x, gint y)
{
  gint m = MAX (MIN (scene->width, scene->height) / 5, 1);

  return x < m || y < m || x >= scene->width - m || y >= scene->height - m;
}

static gboolean
all_but_one (const Scene *scene, gint x, gint y)
{
  return x != scene->width / 2 || y != scene->height / 2;
}

static gboolean
all_but_corner (const Scene *scene, gint x, gint y)
{
  return x > 4 || y > 4;
}

static gboolean
everywhere (const Scene *scene, gint x, gint y)
{
  return TRUE;
}

static gboolean
nowhere (const Scene *scene, gint x, gint y)
{
  return FALSE;
}

static gboolean
checkered (const Scene *scene, gint x, gint y)
{
  return (x + y) & 1;
}

static gboolean
right_half (const Scene *scene, gint x, gint y)
{
  return x >= scene->width / 2;
}

/* ------------------------------------------------------------------ tests -- */

static void
test_constant (void)
{
  const IsHole holes[] = { in_middle, on_border, all_but_one, checkered };

  for (guint i = 0; i < G_N_ELEMENTS (holes); i++)
    {
      g_auto (Scene) scene = scene_new (97, 61, paint_gray, holes[i]);

      fill (&scene);
      for (gsize k = 0; k < scene_count (&scene) * 3; k++)
        g_assert_cmpfloat_with_epsilon (scene.pixels->rgb[k], scene.truth[k],
                                        1e-5);
    }
}

static void
test_periodic (void)
{
  g_auto (Scene) scene = scene_new (200, 180, paint_periodic, in_middle);

  fill (&scene);
  assert_sane (&scene);
  g_assert_cmpfloat (measure_psnr (&scene), >, 40.0);
}

/* Where a line crosses from dark to light, to a part of a pixel. */
static void
assert_edge (const Scene *scene)
{
  for (gint x = 0; x < scene->width; x++)
    {
      gdouble sum = 0.0, expected = 0.0;

      for (gint y = 0; y < scene->height; y++)
        {
          gsize i = ((gsize)y * (gsize)scene->width + (gsize)x) * 3;

          sum += scene->pixels->rgb[i];
          expected += scene->truth[i];
        }
      /* 0.6 is the height of the step. */
      g_assert_cmpfloat (fabs (sum - expected) / 0.6, <, 2.0);
    }
}

static void
test_edge (void)
{
  g_auto (Scene) scene = scene_new (160, 140, paint_edge, in_disk);

  fill (&scene);
  assert_sane (&scene);
  assert_edge (&scene);
  g_assert_cmpfloat (measure_psnr (&scene), >, 22.0);
}

static void
test_horizon (void)
{
  g_auto (Scene) scene = scene_new (200, 140, paint_horizon, in_disk);

  fill (&scene);
  assert_sane (&scene);
  g_assert_cmpfloat (measure_psnr (&scene), >, 28.0);
  /* Two rows above and below the line it is sky and sea everywhere. */
  for (gint x = 0; x < scene.width; x++)
    {
      g_assert_cmpfloat (scene.pixels->rgb[(68 * 200 + x) * 3 + 2], >, 0.7);
      g_assert_cmpfloat (scene.pixels->rgb[(74 * 200 + x) * 3 + 2], <, 0.4);
    }
}

static void
test_stripe (void)
{
  g_auto (Scene) scene = scene_new (160, 160, paint_stripe, in_middle);

  fill (&scene);
  assert_sane (&scene);
  g_assert_cmpfloat (measure_psnr (&scene), >, 25.0);
  for (gint y = 0; y < scene.height; y++)
    g_assert_cmpfloat (scene.pixels->rgb[(y * 160 + 80) * 3], <, 0.35);
}

static void
test_high_range (void)
{
  g_auto (Scene) scene = scene_new (90, 90, paint_high_range, in_middle);

  fill (&scene);
  assert_sane (&scene);
  for (gsize i = 0; i < scene_count (&scene); i++)
    {
      g_assert_cmpfloat (scene.pixels->rgb[i * 3], >=, 1.999);
      g_assert_cmpfloat (scene.pixels->rgb[i * 3], <=, 6.001);
      g_assert_cmpfloat (fabsf (scene.pixels->rgb[i * 3 + 1]), <, 0.0021);
      g_assert_cmpfloat_with_epsilon (scene.pixels->rgb[i * 3 + 2], -0.25,
                                      1e-4);
    }
}

/* Green may not be copied: once because it is not usable, once because it is
 * not opaque. */
static void
test_forbidden (void)
{
  for (gint mode = 0; mode < 2; mode++)
    {
      g_auto (Scene) scene = scene_new (120, 100, paint_gray, in_middle);
      g_autofree guint8 *usable = g_malloc (scene_count (&scene));
      gboolean is_ok;

      memset (usable, 255, scene_count (&scene));
      for (gsize i = 0; i < scene_count (&scene); i++)
        if (i % 120 < 45 && !scene.hole[i])
          {
            scene.truth[i * 3 + 1] = scene.pixels->rgb[i * 3 + 1] = 1.0f;
            usable[i] = 0;
            if (mode == 1)
              scene.pixels->opaque[i] = 0;
          }
      is_ok = pmt_fill_run (scene.pixels, scene.hole, mode == 0 ? usable : NULL,
                            NULL, NULL, NULL, NULL);
      g_assert_true (is_ok);
      assert_sane (&scene);
      for (gsize i = 0; i < scene_count (&scene); i++)
        if (scene.hole[i])
          g_assert_cmpfloat_with_epsilon (scene.pixels->rgb[i * 3 + 1], 0.5,
                                          1e-4);
      for (gsize i = 0; mode == 1 && i < scene_count (&scene); i++)
        g_assert_true (scene.hole[i] || usable[i]
                       || scene.pixels->opaque[i] == 0);
    }
}

static void
test_odd_sizes (void)
{
  const gint sizes[][2] = { { 1, 1 },   { 1, 9 },   { 9, 1 },   { 2, 2 },
                            { 3, 3 },   { 7, 7 },   { 1, 300 }, { 600, 2 },
                            { 17, 31 }, { 64, 64 }, { 101, 67 } };
  const IsHole holes[] = { in_middle,      on_border, all_but_one,
                           all_but_corner, checkered, right_half };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint h = 0; h < G_N_ELEMENTS (holes); h++)
      {
        g_auto (Scene) scene =
            scene_new (sizes[s][0], sizes[s][1], paint_noise, holes[h]);
        g_autofree gfloat *before =
            g_memdup2 (scene.pixels->rgb, scene_count (&scene) * 12);
        gsize n_known = 0;
        gboolean is_ok = fill_with (&scene, 0, 2, NULL);

        for (gsize i = 0; i < scene_count (&scene); i++)
          n_known += !scene.hole[i];
        g_assert_cmpint (is_ok, ==, n_known > 0);
        if (is_ok)
          assert_sane (&scene);
        else
          g_assert_cmpmem (before, scene_count (&scene) * 12, scene.pixels->rgb,
                           scene_count (&scene) * 12);
        for (gsize i = 0; is_ok && i < scene_count (&scene) * 3; i++)
          {
            g_assert_cmpfloat (scene.pixels->rgb[i], >=, 0.0f);
            g_assert_cmpfloat (scene.pixels->rgb[i], <=, 1.0f);
          }
      }
}

static void
test_single_source (void)
{
  g_auto (Scene) scene = scene_new (40, 30, paint_noise, all_but_one);
  const gfloat *only = scene.truth + ((gsize)15 * 40 + 20) * 3;

  fill (&scene);
  for (gsize i = 0; i < scene_count (&scene) * 3; i++)
    g_assert_cmpfloat_with_epsilon (scene.pixels->rgb[i], only[i % 3], 1e-5);
}

static void
test_nothing_to_copy (void)
{
  g_auto (Scene) scene = scene_new (20, 20, paint_noise, everywhere);
  g_autofree gfloat *before = g_memdup2 (scene.pixels->rgb, 20 * 20 * 12);
  g_autoptr (GError) error = NULL;

  g_assert_false (fill_with (&scene, 0, 1, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_INPUT);
  g_assert_cmpmem (before, 20 * 20 * 12, scene.pixels->rgb, 20 * 20 * 12);
}

static void
test_nothing_to_fill (void)
{
  g_auto (Scene) scene = scene_new (20, 20, paint_noise, nowhere);

  fill (&scene);
  assert_sane (&scene);
}

static void
test_threads (void)
{
  const gint threads[] = { 1, 2, 3, 5 };
  g_autofree gfloat *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_auto (Scene) scene = scene_new (131, 103, paint_noise, in_disk);
      gsize bytes = scene_count (&scene) * 12;

      g_assert_true (fill_with (&scene, 7, threads[i], NULL));
      if (first)
        g_assert_cmpmem (first, bytes, scene.pixels->rgb, bytes);
      else
        first = g_memdup2 (scene.pixels->rgb, bytes);
    }
}

static void
test_seed (void)
{
  g_auto (Scene) a = scene_new (120, 100, paint_noise, in_disk);
  g_auto (Scene) b = scene_new (120, 100, paint_noise, in_disk);
  g_auto (Scene) c = scene_new (120, 100, paint_noise, in_disk);
  gsize bytes = scene_count (&a) * 12;

  g_assert_true (fill_with (&a, 1, 2, NULL));
  g_assert_true (fill_with (&b, 1, 2, NULL));
  g_assert_true (fill_with (&c, 2, 2, NULL));
  g_assert_cmpmem (a.pixels->rgb, bytes, b.pixels->rgb, bytes);
  g_assert_cmpint (memcmp (a.pixels->rgb, c.pixels->rgb, bytes), !=, 0);
}

static void
test_patch_sizes (void)
{
  for (gint size = 3; size <= 15; size += 2)
    {
      g_auto (Scene) scene = scene_new (110, 100, paint_periodic, in_middle);
      PmtFillOptions options = PMT_FILL_OPTIONS_INIT;
      gboolean is_ok;

      options.patch_size = size;
      is_ok = pmt_fill_run (scene.pixels, scene.hole, NULL, &options, NULL,
                            NULL, NULL);
      g_assert_true (is_ok);
      assert_sane (&scene);
      g_assert_cmpfloat (measure_psnr (&scene), >, 18.0);
    }
}

/* A small proxy: most of the work is carrying the field to full size. */
static void
test_proxy (void)
{
  g_auto (Scene) scene = scene_new (300, 260, paint_edge, in_disk);
  PmtFillOptions options = PMT_FILL_OPTIONS_INIT;
  gboolean is_ok;

  options.proxy_pixels = 6000;
  is_ok =
      pmt_fill_run (scene.pixels, scene.hole, NULL, &options, NULL, NULL, NULL);
  g_assert_true (is_ok);
  assert_sane (&scene);
  assert_edge (&scene);
}

typedef struct
{
  GCancellable *cancellable;
  gint64 when;
} Canceller;

static gpointer
cancel_later (gpointer data)
{
  Canceller *canceller = data;

  g_usleep (60000);
  canceller->when = g_get_monotonic_time ();
  g_cancellable_cancel (canceller->cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  g_auto (Scene) scene = scene_new (2000, 1500, paint_noise, on_border);
  gsize bytes = scene_count (&scene) * 12;
  g_autofree gfloat *before = g_memdup2 (scene.pixels->rgb, bytes);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Canceller canceller = { cancellable };
  PmtFillOptions options = PMT_FILL_OPTIONS_INIT;
  GThread *thread = g_thread_new ("cancel", cancel_later, &canceller);
  gboolean is_ok;

  options.threads = 2;
  is_ok = pmt_fill_run (scene.pixels, scene.hole, NULL, &options, NULL,
                        cancellable, &error);
  g_thread_join (thread);
  g_assert_false (is_ok);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - canceller.when, <, G_USEC_PER_SEC);
  g_assert_cmpmem (before, bytes, scene.pixels->rgb, bytes);
}

typedef struct
{
  gdouble last;
  gint n;
  gint n_previews;
} Reports;

static void
on_progress (const gchar *stage,
             gdouble fraction,
             GeglBuffer *preview,
             gpointer data)
{
  Reports *reports = data;

  g_assert_cmpfloat (fraction, >=, reports->last);
  g_assert_cmpfloat (fraction, <=, 1.0);
  reports->last = fraction;
  reports->n++;
  reports->n_previews += preview != NULL;
}

static void
test_progress (void)
{
  g_auto (Scene) scene = scene_new (300, 240, paint_noise, in_middle);
  Reports reports = { 0 };
  g_autoptr (PmtProgress) progress = pmt_progress_new (on_progress, &reports);
  gboolean is_ok;

  is_ok =
      pmt_fill_run (scene.pixels, scene.hole, NULL, NULL, progress, NULL, NULL);
  g_assert_true (is_ok);
  g_assert_cmpint (reports.n, >, 3);
  g_assert_cmpint (reports.n_previews, >, 0);
  g_assert_cmpfloat (reports.last, >, 0.5);
}

static gpointer
fill_in_thread (gpointer data)
{
  g_assert_true (fill_with (data, 3, 2, NULL));
  return NULL;
}

static void
test_two_at_once (void)
{
  g_auto (Scene) a = scene_new (120, 90, paint_noise, in_disk);
  g_auto (Scene) b = scene_new (120, 90, paint_noise, in_disk);
  GThread *first = g_thread_new ("a", fill_in_thread, &a);
  GThread *second = g_thread_new ("b", fill_in_thread, &b);

  g_thread_join (first);
  g_thread_join (second);
  g_assert_cmpmem (a.pixels->rgb, scene_count (&a) * 12, b.pixels->rgb,
                   scene_count (&b) * 12);
}

/* A line of /proc/self/status, in KB; -1 where there is no such file. */
static glong
read_status (const gchar *key)
{
  g_autofree gchar *text = NULL;
  const gchar *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return -1;
  line = strstr (text, key);
  return line ? strtol (line + strlen (key), NULL, 10) : -1;
}

/* The peak of the process may not grow by more than is announced. */
static void
test_memory (void)
{
  g_auto (Scene) scene = scene_new (420, 300, paint_periodic, on_border);
  PmtFillOptions options = PMT_FILL_OPTIONS_INIT;
  FILE *reset = fopen ("/proc/self/clear_refs", "w");
  glong before, grown, announced;
  gboolean is_ok;

  options.threads = 2;
  options.iterations = 1;
  announced = (glong)(pmt_fill_memory (420, 300, &options) / 1024);
  g_assert_cmpint (announced, >, 17 * 126);
  g_assert_cmpint (announced, <, 130 * 126);
  if (reset == NULL)
    {
      g_test_skip ("there is no /proc to measure with");
      return;
    }
  /* 5 sets the peak back to what is used now. */
  fputs ("5", reset);
  fclose (reset);
  before = read_status ("VmRSS:");
  is_ok =
      pmt_fill_run (scene.pixels, scene.hole, NULL, &options, NULL, NULL, NULL);
  grown = read_status ("VmHWM:") - before;
  g_assert_true (is_ok);
  g_test_message ("peak grew by %ld KB, announced: %ld KB", grown, announced);
#if !defined(__SANITIZE_ADDRESS__)
  g_assert_cmpint (grown, >, announced / 4);
  g_assert_cmpint (grown, <=, announced);
#endif
}

/* ----------------------------------------------------------------- helpers -- */

static void
count_task (gint task, gpointer data)
{
  g_atomic_int_inc ((gint *)data + task);
}

static void
count_inner (gint task, gpointer data)
{
  pmt_parallel_run (3, 5, count_task, (gint *)data + (gsize)task * 5);
}

static void
test_parallel (void)
{
  for (gint threads = 1; threads <= 8; threads++)
    {
      gint counts[50] = { 0 };

      pmt_parallel_run (threads, 50, count_task, counts);
      for (gint i = 0; i < 50; i++)
        g_assert_cmpint (counts[i], ==, 1);
    }
  pmt_parallel_run (4, 0, count_task, NULL);

  /* Short calls, from within tasks too: nobody waits for a helper that never
   * came, and none comes too late. */
  for (gint call = 0; call < 500; call++)
    {
      gint counts[50] = { 0 };

      pmt_parallel_run (4, 10, count_inner, counts);
      for (gint i = 0; i < 50; i++)
        g_assert_cmpint (counts[i], ==, 1);
    }
}

/* A border that is off by 1 on the left and 0 on the right, nothing above and
 * below: the correction is the straight line between them. */
static void
test_multigrid (void)
{
  const gint width = 65, height = 9;
  g_autoptr (PmtMultigrid) grid = pmt_multigrid_new (width, height, 0.0f);

  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      pmt_multigrid_add (grid, x, y, x == 0 || x == width - 1);
  g_assert_true (pmt_multigrid_prepare (grid));
  pmt_multigrid_reset (grid);
  for (gint y = 0; y < height; y++)
    pmt_multigrid_set_pull (grid, 0, y, 1.0f);
  for (gint k = 0; k < 10; k++)
    pmt_multigrid_cycle (grid, 2, NULL);
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      g_assert_cmpfloat_with_epsilon (pmt_multigrid_get (grid, x, y),
                                      1.0 - (x + 1.0) / (width + 1.0), 0.01);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/fill/constant", test_constant);
  g_test_add_func ("/fill/periodic", test_periodic);
  g_test_add_func ("/fill/edge", test_edge);
  g_test_add_func ("/fill/horizon", test_horizon);
  g_test_add_func ("/fill/stripe", test_stripe);
  g_test_add_func ("/fill/high-range", test_high_range);
  g_test_add_func ("/fill/forbidden", test_forbidden);
  g_test_add_func ("/fill/odd-sizes", test_odd_sizes);
  g_test_add_func ("/fill/single-source", test_single_source);
  g_test_add_func ("/fill/nothing-to-copy", test_nothing_to_copy);
  g_test_add_func ("/fill/nothing-to-fill", test_nothing_to_fill);
  g_test_add_func ("/fill/threads", test_threads);
  g_test_add_func ("/fill/seed", test_seed);
  g_test_add_func ("/fill/patch-sizes", test_patch_sizes);
  g_test_add_func ("/fill/proxy", test_proxy);
  g_test_add_func ("/fill/cancel", test_cancel);
  g_test_add_func ("/fill/progress", test_progress);
  g_test_add_func ("/fill/two-at-once", test_two_at_once);
  g_test_add_func ("/fill/memory", test_memory);
  g_test_add_func ("/fill/parallel", test_parallel);
  g_test_add_func ("/fill/multigrid", test_multigrid);
  status = g_test_run ();
  gegl_exit ();
  return status;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * bench-fill.c: speed, memory and quality of the prompt-free fill.
 *
 *   bench-fill [--part=speed|quality|all] [--case=NAME] [--out=DIR]
 *              [--json=FILE] [--threads=N] [--repeat=N] [--no-gmic]
 *
 * With --out, results and before/after sheets are written as PNG files.
 */
#include <locale.h>
#include <stdio.h>
#include <time.h>

#include "bench.h"
#include "fill/fill.h"
#include "memory.h"

static gchar *option_part = NULL;
static gchar *option_case = NULL;
static gchar *option_out = NULL;
static gchar *option_json = NULL;
static gint option_threads = 2;
static gint option_repeat = 3;
static gint option_seed = 0;
static gboolean option_no_gmic = FALSE;

static const GOptionEntry entries[] = {
  { "part", 0, 0, G_OPTION_ARG_STRING, &option_part, "speed, quality or all",
    "PART" },
  { "case", 0, 0, G_OPTION_ARG_STRING, &option_case,
    "only quality cases whose name contains this", "NAME" },
  { "out", 0, 0, G_OPTION_ARG_FILENAME, &option_out,
    "write pictures into this folder", "DIR" },
  { "json", 0, 0, G_OPTION_ARG_FILENAME, &option_json,
    "write the numbers to this file", "FILE" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &option_threads, "of the fill", "N" },
  { "repeat", 0, 0, G_OPTION_ARG_INT, &option_repeat, "runs of each speed case",
    "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &option_seed, "of the fill", "N" },
  { "no-gmic", 0, 0, G_OPTION_ARG_NONE, &option_no_gmic,
    "do not compare with G'MIC", NULL },
  { NULL }
};

/* The programs in the comparison; the first is ours. */
static const gchar *const methods[] = { "pentimento", "inpaint_matchpatch",
                                        "inpaint_patchbased" };

#define N_METHODS G_N_ELEMENTS (methods)

static Picture *
run_fill (const Case *item, gdouble *seconds, GError **error)
{
  g_autoptr (Picture) picture = case_open_hole (item);
  gsize n = (gsize)picture->width * (gsize)picture->height;
  PmtPixels pixels = {
    { 0, 0, picture->width, picture->height }, picture->rgb, g_malloc (n), TRUE
  };
  g_autofree guint8 *opaque = pixels.opaque;
  PmtFillOptions options = PMT_FILL_OPTIONS_INIT;
  gint64 start;

  memset (opaque, 255, n);
  options.threads = option_threads;
  options.seed = (guint32)option_seed;
  start = g_get_monotonic_time ();
  if (!pmt_fill_run (&pixels, item->hole, NULL, &options, NULL, NULL, error))
    return NULL;
  *seconds = (gdouble)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  return g_steal_pointer (&picture);
}

/* ------------------------------------------------------------- quality -- */

typedef struct
{
  Score sum;
  gdouble seconds;
  gint n;
} Total;

static void
save_sheet (const Case *item, const Picture *result, const gchar *method)
{
  g_autofree gchar *name = g_strdup_printf ("%s-%s.png", item->name, method);
  g_autofree gchar *path = g_build_filename (option_out, name, NULL);
  g_autoptr (GError) error = NULL;

  if (!picture_save (result, path, &error))
    g_printerr ("%s\n", error->message);
}

static gboolean
measure (const Case *item, guint method, Total *total, GString *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Picture) result = NULL;
  g_autofree gchar *folder = NULL;
  gdouble seconds = 0.0;
  Score score;

  if (method == 0)
    result = run_fill (item, &seconds, &error);
  else
    {
      folder = g_dir_make_tmp ("pentimento-bench-XXXXXX", NULL);
      result = gmic_inpaint (item, methods[method], folder, &seconds, &error);
    }
  if (result == NULL)
    {
      g_printerr ("%s, %s: %s\n", item->name, methods[method], error->message);
      return FALSE;
    }
  if (option_out)
    save_sheet (item, result, methods[method]);
  score = score_measure (item, result);
  printf (" | %6.2f %6.3f %6.2f %6.2f", score.psnr, score.ssim, score.texture,
          seconds);
  g_string_append_printf (
      json,
      "%s\n    {\"case\": \"%s\", \"kind\": \"%s\", \"method\": \"%s\", "
      "\"psnr\": %.3f, \"ssim\": %.4f, \"texture\": %.4f, "
      "\"seconds\": %.3f}",
      json->len ? "," : "", item->name, item->kind, methods[method], score.psnr,
      score.ssim, score.texture, seconds);
  total->sum.psnr += score.psnr;
  total->sum.ssim += score.ssim;
  total->sum.texture += score.texture;
  total->seconds += seconds;
  total->n++;
  return TRUE;
}

static void
print_total (const gchar *name, const Total *totals)
{
  printf ("%-28s", name);
  for (guint m = 0; m < N_METHODS; m++)
    {
      gint n = MAX (totals[m].n, 1);

      if (totals[m].n > 0)
        printf (" | %6.2f %6.3f %6.2f %6.2f", totals[m].sum.psnr / n,
                totals[m].sum.ssim / n, totals[m].sum.texture / n,
                totals[m].seconds / n);
    }
  printf ("\n");
}

static void
add_total (Total *to, const Total *from)
{
  for (guint m = 0; m < N_METHODS; m++)
    {
      to[m].sum.psnr += from[m].sum.psnr;
      to[m].sum.ssim += from[m].sum.ssim;
      to[m].sum.texture += from[m].sum.texture;
      to[m].seconds += from[m].seconds;
      to[m].n += from[m].n;
    }
}

static gboolean
bench_quality (const gchar *photos, GString *json)
{
  static const gchar *const kinds[] = { "photo", "periodic", "stochastic",
                                        "structured" };
  g_autoptr (GPtrArray) cases = cases_new (photos);
  Total all[N_METHODS] = { 0 };
  guint n_methods = option_no_gmic ? 1 : N_METHODS;
  gboolean is_ok = TRUE;

  printf ("Quality in the hole: PSNR dB, SSIM, texture error %% (0 best), "
          "seconds\n%-28s",
          "case");
  for (guint m = 0; m < n_methods; m++)
    printf (" | %-27s", methods[m]);
  printf ("\n");
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autofree gchar *label = g_strdup_printf ("= %s", kinds[k]);
      Total totals[N_METHODS] = { 0 };

      for (guint i = 0; i < cases->len; i++)
        {
          const Case *item = g_ptr_array_index (cases, i);

          if (!g_str_equal (item->kind, kinds[k])
              || (option_case && !strstr (item->name, option_case)))
            continue;
          printf ("%-28s", item->name);
          for (guint m = 0; m < n_methods; m++)
            is_ok = measure (item, m, &totals[m], json) && is_ok;
          printf ("\n");
          if (option_out)
            {
              g_autoptr (Picture) open = case_open_hole (item);

              save_sheet (item, open, "hole");
              save_sheet (item, item->truth, "truth");
            }
        }
      if (totals[0].n > 1)
        print_total (label, totals);
      add_total (all, totals);
    }
  print_total ("= all", all);
  return is_ok;
}

/* --------------------------------------------------------------- speed -- */

typedef struct
{
  const gchar *name;
  gint width;
  gint height;
  gsize hole_pixels;
  gdouble limit_seconds;
  gint limit_megabytes;
} SpeedCase;

static const SpeedCase speed_cases[] = {
  { "0.4 MP, 12k hole", 774, 517, 12000, 0.6, 0 },
  { "12 MP, 236k hole", 4243, 2829, 236000, 5.0, 0 },
  { "24 MP, 2 % hole", 6000, 4000, 480000, 8.0, 600 },
};

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *)a, y = *(const gdouble *)b;

  return (x > y) - (x < y);
}

static gboolean
time_case (const SpeedCase *speed, const gchar *photos, GString *json)
{
  Case *item =
      case_new_large (photos, speed->width, speed->height, speed->hole_pixels);
  g_autofree gdouble *times = g_new0 (gdouble, (gsize)option_repeat);
  glong megabytes = 0;
  gdouble processor = G_MAXDOUBLE;
  gdouble median;
  gboolean is_ok;

  for (gint i = 0; i < option_repeat; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (Picture) result = NULL;
      glong before;
      clock_t start;

      memory_reset_peak ();
      before = memory_now ();
      start = clock ();
      result = run_fill (item, &times[i], &error);
      if (result == NULL)
        g_error ("%s", error->message);
      processor = MIN (processor, (gdouble)(clock () - start) / CLOCKS_PER_SEC);
      /* The copy of the picture that was worked on is not the fill's. */
      megabytes = MAX (megabytes, memory_peak () - before
                                      - (glong)(12.0 * speed->width
                                                * speed->height / 1048576.0));
    }
  qsort (times, (gsize)option_repeat, sizeof (gdouble), compare_doubles);
  median = times[option_repeat / 2];
  is_ok =
      median <= speed->limit_seconds
      && (speed->limit_megabytes == 0 || megabytes <= speed->limit_megabytes);
  printf ("%-20s %8.2f %8.2f %8.2f %8.1f %8ld   %s\n", speed->name, times[0],
          median, processor, speed->limit_seconds, megabytes,
          is_ok ? "ok" : "MISSED");
  g_string_append_printf (
      json,
      "%s\n    {\"case\": \"%s\", \"best\": %.3f, \"median\": %.3f, "
      "\"processor\": %.3f, \"limit\": %.1f, \"megabytes\": %ld}",
      json->len ? "," : "", speed->name, times[0], median, processor,
      speed->limit_seconds, megabytes);
  case_free (item);
  return is_ok;
}

static gboolean
bench_speed (const gchar *photos, GString *json)
{
  gboolean is_ok = TRUE;

  printf ("Speed with %d threads, %d runs\n%-20s %8s %8s %8s %8s %8s\n",
          option_threads, option_repeat, "case", "best s", "median s", "CPU s",
          "limit s", "MB");
  for (guint i = 0; i < G_N_ELEMENTS (speed_cases); i++)
    is_ok = time_case (&speed_cases[i], photos, json) && is_ok;
  return is_ok;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) speed = g_string_new (NULL);
  g_autoptr (GString) quality = g_string_new (NULL);
  const gchar *shared = g_getenv ("PENTIMENTO_SHARED");
  g_autofree gchar *photos =
      g_build_filename (shared ? shared : "../shared", "photos", NULL);
  gboolean is_ok = TRUE;

  setlocale (LC_NUMERIC, "C");
  setvbuf (stdout, NULL, _IONBF, 0);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  gegl_init (NULL, NULL);
  option_repeat = MAX (option_repeat, 1);
  if (option_out)
    g_mkdir_with_parents (option_out, 0755);
  if (g_strcmp0 (option_part, "quality") != 0)
    is_ok = bench_speed (photos, speed) && is_ok;
  if (g_strcmp0 (option_part, "speed") != 0)
    is_ok = bench_quality (photos, quality) && is_ok;
  if (option_json)
    {
      g_autofree gchar *json = g_strdup_printf (
          "{\n  \"speed\": [%s\n  ],\n  \"quality\": [%s\n  ]\n}\n", speed->str,
          quality->str);

      if (!g_file_set_contents (option_json, json, -1, &error))
        g_error ("%s", error->message);
    }
  gegl_exit ();
  return is_ok ? 0 : 1;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * bench-restore.c: speed and memory of the shipped networks.
 *
 *   bench-restore --nets=DIR [--json=FILE] [--threads=N] [--repeat=N]
 *                 [--memory=MB]
 *
 * Exits 1 when a limit is missed.
 */
#include <locale.h>
#include <stdio.h>

#include "bench.h"
#include "convolution.h"
#include "memory.h"
#include "restore/net.h"

static gchar *option_nets = NULL;
static gchar *option_json = NULL;
static gint option_threads = 2;
static gint option_repeat = 1;
static gint option_memory = 0;

static const GOptionEntry entries[] = {
  { "nets", 0, 0, G_OPTION_ARG_FILENAME, &option_nets, "folder of the networks",
    "DIR" },
  { "json", 0, 0, G_OPTION_ARG_FILENAME, &option_json,
    "write the numbers to this file", "FILE" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &option_threads, "of the networks",
    "N" },
  { "memory", 0, 0, G_OPTION_ARG_INT, &option_memory,
    "for tiles; 0: what the library chooses", "MB" },
  { "repeat", 0, 0, G_OPTION_ARG_INT, &option_repeat, "runs of each case",
    "N" },
  { NULL }
};

/**
 * SpeedCase:
 * @limit: seconds
 * @is_first: opening the network counts as well: what a user waits for who
 *   wants to see a first patch
 * @settings: the second input
 */
typedef struct
{
  const gchar *name;
  const gchar *file;
  gint width;
  gint height;
  gdouble limit;
  gboolean is_first;
  gfloat settings[4];
} SpeedCase;

static const SpeedCase cases[] = {
  { "restore-1x, first patch",
    "restore-1x.onnx",
    300,
    300,
    0.5,
    TRUE,
    { 0.3f, 0.3f, 0.3f } },
  { "restore-1x, 24 MP",
    "restore-1x.onnx",
    6000,
    4000,
    60.0,
    FALSE,
    { 0.3f, 0.3f, 0.3f } },
  { "upscale-2x, first patch",
    "upscale-2x.onnx",
    150,
    150,
    0.5,
    TRUE,
    { 0.0f, 1.0f } },
  { "upscale-2x, 12 MP",
    "upscale-2x.onnx",
    4243,
    2829,
    45.0,
    FALSE,
    { 0.0f, 1.0f } },
  { "upscale-3x, 3 MP",
    "upscale-3x.onnx",
    2121,
    1414,
    0.0,
    FALSE,
    { 0.0f, 1.0f } },
  { "upscale-4x, 3 MP",
    "upscale-4x.onnx",
    2121,
    1414,
    0.0,
    FALSE,
    { 0.0f, 1.0f } },
};

/* Limits of item 4: memory beyond the pictures in MB, share of the peak of
 * convolutions inside the network, share of everything else. */
#define MAX_MEGABYTES 1000
#define MIN_OF_PEAK 0.70
#define MAX_ELSE 0.10

typedef struct
{
  gdouble seconds;
  gdouble network;
  gdouble gflops;
  glong megabytes;
} Numbers;

/* R'G'B' of 16 bits, as an editor holds a photograph. */
static GeglBuffer *
make_source (const gchar *photos, gint width, gint height)
{
  Case *item = case_new_large (photos, width, height, 16);
  const GeglRectangle rect = { 0, 0, width, height };
  GeglBuffer *source = gegl_buffer_new (&rect, babl_format ("R'G'B' u16"));

  gegl_buffer_set (source, &rect, 0, babl_format ("R'G'B' float"),
                   item->truth->rgb, GEGL_AUTO_ROWSTRIDE);
  case_free (item);
  return source;
}

static PmtNet *
open_net (const SpeedCase *item, GError **error)
{
  g_autofree gchar *path = g_build_filename (option_nets, item->file, NULL);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;

  options.threads = option_threads;
  options.is_trusted = TRUE;
  return pmt_net_open (path, &options, error);
}

static gboolean
run_once (const SpeedCase *item,
          GeglBuffer *source,
          Numbers *numbers,
          GError **error)
{
  const GeglRectangle rect = { 0, 0, item->width, item->height };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (PmtNet) net = open_net (item, error);
  g_autoptr (GeglBuffer) target = NULL;
  PmtNetRun run = PMT_NET_RUN_INIT;
  PmtNetUse use = { 0 };
  glong before;
  gint scale;

  if (net == NULL)
    return FALSE;
  scale = pmt_net_get_info (net)->scale;
  target = gegl_buffer_new (
      GEGL_RECTANGLE (0, 0, rect.width * scale, rect.height * scale),
      gegl_buffer_get_format (source));
  run.settings = item->settings;
  run.use = &use;
  run.memory = (guint64)option_memory << 20;
  if (!item->is_first)
    start = g_get_monotonic_time ();
  memory_reset_peak ();
  before = memory_now ();
  if (!pmt_net_run (net, &run, source, &rect, target, NULL, NULL, error))
    return FALSE;

  numbers->seconds =
      (gdouble)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  numbers->network = use.seconds;
  numbers->gflops = (gdouble)use.pixels
                    * convolution_cost (pmt_net_get_session (net)) / use.seconds
                    / 1e9;
  /* GEGL keeps tiles of the result in memory: 6 bytes a pixel. */
  numbers->megabytes =
      memory_peak () - before
      - (glong)(6.0 * rect.width * rect.height * scale * scale / 1048576.0);
  return TRUE;
}

static gboolean
bench_case (const SpeedCase *item,
            const gchar *photos,
            gdouble peak,
            GString *json)
{
  g_autoptr (GeglBuffer) source =
      make_source (photos, item->width, item->height);
  Numbers best = { .seconds = G_MAXDOUBLE };
  gdouble of_peak, other;
  gboolean is_ok;

  for (gint i = 0; i < option_repeat; i++)
    {
      g_autoptr (GError) error = NULL;
      Numbers numbers;

      if (!run_once (item, source, &numbers, &error))
        {
          g_printerr ("%s: %s\n", item->name, error->message);
          return FALSE;
        }
      if (numbers.seconds < best.seconds)
        best = numbers;
    }
  of_peak = best.gflops / peak;
  other = 1.0 - best.network / best.seconds;
  is_ok = item->limit <= 0.0 || best.seconds <= item->limit;
  if (!item->is_first)
    is_ok = is_ok && best.megabytes <= MAX_MEGABYTES && of_peak >= MIN_OF_PEAK
            && other <= MAX_ELSE;
  printf ("%-24s %8.2f %8.1f %8.1f %7.0f%% %7.0f%% %8ld   %s\n", item->name,
          best.seconds, item->limit, best.gflops, 100.0 * of_peak,
          100.0 * other, best.megabytes, is_ok ? "ok" : "MISSED");
  g_string_append_printf (
      json,
      "%s\n    {\"case\": \"%s\", \"seconds\": %.3f, \"limit\": %.1f, "
      "\"gflops\": %.1f, \"of_peak\": %.3f, \"other\": %.3f, "
      "\"megabytes\": %ld}",
      json->len ? "," : "", item->name, best.seconds, item->limit, best.gflops,
      of_peak, other, best.megabytes);
  return is_ok;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) json = g_string_new (NULL);
  const gchar *shared = g_getenv ("PENTIMENTO_SHARED");
  g_autofree gchar *photos =
      g_build_filename (shared ? shared : "../shared", "photos", NULL);
  gboolean is_ok = TRUE;
  gdouble peak;

  setlocale (LC_NUMERIC, "C");
  setvbuf (stdout, NULL, _IONBF, 0);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (option_nets == NULL)
    {
      g_printerr ("--nets=DIR is missing\n");
      return 2;
    }
  gegl_init (NULL, NULL);
  peak = convolution_peak (option_threads, &error);
  if (peak < 0.0)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  printf ("Networks with %d threads; peak of convolutions %.1f GFLOP/s\n"
          "%-24s %8s %8s %8s %8s %8s %8s\n",
          option_threads, peak, "case", "s", "limit s", "GFLOP/s", "of peak",
          "else", "MB");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    is_ok = bench_case (&cases[i], photos, peak, json) && is_ok;
  if (option_json)
    {
      g_autofree gchar *text = g_strdup_printf (
          "{\n  \"peak\": %.1f,\n  \"networks\": [%s\n  ]\n}\n", peak,
          json->str);

      if (!g_file_set_contents (option_json, text, -1, &error))
        g_error ("%s", error->message);
    }
  gegl_exit ();
  return is_ok ? 0 : 1;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* bench-unet.c: seconds, share of the peak and memory of a checkpoint's UNet,
 * in both modes. */
#include <locale.h>
#include <math.h>
#include <time.h>

#include "diffusion/unet.h"
#include "memory.h"
#include "product.h"

typedef struct
{
  gint threads;
  gint repeat;
  gint height;
  gint width;
  gint batch;
  gdouble gflop;
  const gchar *mode;
  gboolean reuse;
} Settings;

static Settings settings = { 2, 3, 64, 64, 1, 0, "both", FALSE };

static const GOptionEntry entries[] = {
  { "threads", 0, 0, G_OPTION_ARG_INT, &settings.threads, "Threads", "N" },
  { "repeat", 0, 0, G_OPTION_ARG_INT, &settings.repeat, "Runs", "N" },
  { "height", 0, 0, G_OPTION_ARG_INT, &settings.height, "Latent rows", "N" },
  { "width", 0, 0, G_OPTION_ARG_INT, &settings.width, "Latent columns", "N" },
  { "batch", 0, 0, G_OPTION_ARG_INT, &settings.batch, "Latents", "N" },
  { "gflop", 0, 0, G_OPTION_ARG_DOUBLE, &settings.gflop,
    "Operations of a pass, for the share of the peak", "N" },
  { "mode", 0, 0, G_OPTION_ARG_STRING, &settings.mode, "low, fast or both",
    "MODE" },
  { "reuse", 0, 0, G_OPTION_ARG_NONE, &settings.reuse,
    "After the first run, the others without the deep blocks", NULL },
  { NULL },
};

static gfloat *
make_values (gsize n)
{
  gfloat *values = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    values[i] = ((gfloat)(i * 7919 % 2003) - 1001) / 600;
  return values;
}

static gdouble
since (gint64 start)
{
  return (gdouble)(g_get_monotonic_time () - start) / 1e6;
}

/* Seconds of the first run and of the best, and its processor time. */
typedef struct
{
  gdouble first;
  gdouble best;
  gdouble cpu;
} Times;

static gboolean
run (PmtUnet *unet, const PmtUnetShape *shape, Times *times, GError **error)
{
  const gsize pixels = (gsize)settings.height * (gsize)settings.width;
  const gsize n = (gsize)settings.batch;
  g_autofree gfloat *x = make_values (n * shape->in_channels * pixels);
  g_autofree gfloat *context = make_values (n * 77 * shape->context);
  g_autofree gfloat *vector = make_values (n * shape->vector + 1);
  g_autofree gfloat *out = g_new (gfloat, n * shape->out_channels * pixels);
  PmtUnetDeep deep = { NULL };
  const PmtUnetInput input = { .n = settings.batch,
                               .height = settings.height,
                               .width = settings.width,
                               .x = x,
                               .timestep = 500,
                               .context = context,
                               .tokens = 77,
                               .vector = vector,
                               .keeps_memory = TRUE,
                               .deep = &deep,
                               .reuses_deep = TRUE };

  times->best = times->cpu = HUGE_VAL;
  for (gint i = 0; i < settings.repeat; i++)
    {
      const gint64 start = g_get_monotonic_time ();
      const clock_t cpu = clock ();

      if (!pmt_unet_run (unet, &input, out, NULL, error))
        return FALSE;
      if (i == 0)
        times->first = since (start);
      times->best = MIN (times->best, since (start));
      times->cpu = MIN (times->cpu, (gdouble)(clock () - cpu) / CLOCKS_PER_SEC);
      if (!isfinite (out[0]))
        g_printerr ("bench-unet: the output is no number\n");
    }
  pmt_unet_deep_clear (&deep);
  return TRUE;
}

static gboolean
measure (PmtCheckpoint *checkpoint,
         PmtNetMode mode,
         gdouble peak,
         gdouble cpu_peak,
         GError **error)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtUnet) unet = NULL;
  const gdouble work = settings.gflop * settings.batch;
  const clock_t cpu = clock ();
  gint64 start;
  gdouble opened, opened_cpu;
  Times times = { 0 };
  glong open_peak;

  options.threads = settings.threads;
  options.mode = mode;
  options.has_reuse = settings.reuse;
  memory_reset_peak ();
  start = g_get_monotonic_time ();
  unet = pmt_unet_open (checkpoint, &options, error);
  if (unet == NULL)
    return FALSE;
  opened = since (start);
  opened_cpu = (gdouble)(clock () - cpu) / CLOCKS_PER_SEC;
  open_peak = memory_peak ();
  if (!run (unet, &checkpoint->unet_shape, &times, error))
    return FALSE;
  g_print ("| %s | %.2f | %.2f | %.2f | %.2f | %.2f | ",
           mode == PMT_NET_FAST ? "fast" : "low", opened, opened_cpu,
           times.first, times.best, times.cpu);
  g_print ("%.0f %% | %.0f %% | ", 100 * work / times.best / peak,
           100 * work / times.cpu / cpu_peak);
  g_print ("%ld | %ld | %.0f |\n", open_peak, memory_peak (),
           (gdouble)pmt_unet_estimate_memory (checkpoint, mode, settings.reuse,
                                              settings.height, settings.width)
               / 1e6);
  return TRUE;
}

static gboolean
measure_all (const gchar *path, GError **error)
{
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_open (path, error);
  gdouble peak, cpu_peak;

  if (checkpoint == NULL)
    return FALSE;
  peak = product_peak (settings.threads, &cpu_peak, error);
  if (peak < 0)
    return FALSE;
  g_print ("%s, %d x %d, %d at once; products at best %.1f GFLOP/s "
           "(%.1f for each CPU second)\n"
           "| mode | open s | CPU s | first s | best s | CPU s | of the peak "
           "| by CPU s | MB opening | MB | estimate |\n"
           "|---|---|---|---|---|---|---|---|---|---|---|\n",
           checkpoint->name, settings.height, settings.width, settings.batch,
           peak, cpu_peak);
  for (PmtNetMode mode = PMT_NET_LOW; mode <= PMT_NET_FAST; mode++)
    {
      const gchar *name = mode == PMT_NET_FAST ? "fast" : "low";

      if (!g_str_equal (settings.mode, "both")
          && !g_str_equal (settings.mode, name))
        continue;
      if (!measure (checkpoint, mode, peak, cpu_peak, error))
        return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("CHECKPOINT");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("bench-unet: %s\n",
                  error != NULL ? error->message : "name one checkpoint");
      return 2;
    }
  if (measure_all (argv[1], &error))
    return 0;
  g_printerr ("bench-unet: %s\n", error->message);
  return 1;
}

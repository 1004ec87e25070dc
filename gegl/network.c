/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* network.c: the one restoration network that all filters share. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "network.h"

#define NETWORK "restore-1x.onnx"
#define N_SETTINGS 3
#define MAX_SIDE 8

/* GIMP shows the messages of its own domains only. */
#define LOG_DOMAIN "GEGL"

/* A filter asks many times a second; a missing file is looked for again after
 * this time, so that installing it helps without a restart.
 */
#define RETRY_AFTER (10 * G_TIME_SPAN_SECOND)

static GMutex lock;
static PmtNet *network;
static GError *last_error;
static gint64 last_failure;
static GHashTable *told;
static gdouble pixels_per_second;

static gchar *
find_network (void)
{
  const gchar *from_env = g_getenv ("PENTIMENTO_DATA");
  const gchar *folder = from_env && *from_env ? from_env : PMT_DATADIR;

  return g_build_filename (folder, "nets", NETWORK, NULL);
}

static PmtNet *
open_network (GError **error)
{
  g_autofree gchar *path = find_network ();
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The network “%s” is missing. Install Pentimento again, "
                      "or set PENTIMENTO_DATA to its data folder."),
                   path);
      return NULL;
    }

  g_object_get (gegl_config (), "threads", &options.threads, NULL);
  options.is_trusted = TRUE;
  return pmt_net_open (path, &options, error);
}

PmtNet *
pmt_network_get (GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (!network
      && (!last_error || g_get_monotonic_time () - last_failure > RETRY_AFTER))
    {
      g_clear_error (&last_error);
      network = open_network (&last_error);
      last_failure = g_get_monotonic_time ();
    }
  if (!network)
    {
      g_propagate_error (error, g_error_copy (last_error));
      return NULL;
    }

  return pmt_net_ref (network);
}

gint
pmt_network_margin (PmtNet *net, gboolean has_alpha)
{
  const PmtNetInfo *info = pmt_net_get_info (net);
  const gint step = MAX (info->multiple, 1);
  const gint pixels =
      has_alpha ? pmt_net_info_margin (info) : info->overlap + info->blend;

  return (pixels + step - 1) / step * step;
}

/* Pixels that the network sees for a rectangle. */
static gdouble
pixels_of (PmtNet *net, gint width, gint height)
{
  const gint around = 2 * pmt_net_get_info (net)->overlap;

  return (gdouble)(width + around) * (height + around);
}

static void
note_speed (PmtNet *net, const GeglRectangle *rect, gint64 microseconds)
{
  const gdouble speed = pixels_of (net, rect->width, rect->height)
                        * G_TIME_SPAN_SECOND / MAX (microseconds, 1);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  pixels_per_second =
      pixels_per_second > 0.0 ? (pixels_per_second + speed) / 2 : speed;
}

gint
pmt_network_choose_side (PmtNet *net, gint unit, gdouble seconds)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  gint side = MAX_SIDE;

  while (side > 1
         && pixels_of (net, side * unit, side * unit)
                > pixels_per_second * seconds)
    side /= 2;

  return side;
}

gboolean
pmt_network_run (PmtNet *net,
                 gint setting,
                 gdouble strength,
                 const GeglRectangle *picture,
                 GeglBuffer *source,
                 const GeglRectangle *rect,
                 GeglBuffer *target,
                 GError **error)
{
  gfloat settings[N_SETTINGS] = { 0 };
  PmtNetRun run = PMT_NET_RUN_INIT;
  const gint64 start = g_get_monotonic_time ();

  if (pmt_net_get_info (net)->n_settings != N_SETTINGS)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The network %s does not have the settings of this "
                      "version of Pentimento. Install Pentimento again."),
                   NETWORK);
      return FALSE;
    }

  settings[setting] = (gfloat)strength;
  run.settings = settings;
  run.picture = *picture;
  if (!pmt_net_run (net, &run, source, rect, target, NULL, NULL, error))
    return FALSE;

  note_speed (net, rect, g_get_monotonic_time () - start);
  g_debug ("network run: setting %d at %g, %d×%d%+d%+d", setting, strength,
           rect->width, rect->height, rect->x, rect->y);
  return TRUE;
}

static gboolean
is_new (const gchar *message)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (!told)
    told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return g_hash_table_add (told, g_strdup (message));
}

void
pmt_network_report (const gchar *filter, const GError *error)
{
  /* Translators: the name of a filter; a full sentence that tells why. */
  g_autofree gchar *message = g_strdup_printf (
      _ ("“%s” left the picture as it is. %s"), filter, error->message);

  if (is_new (message))
    g_log (LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "%s", message);
}

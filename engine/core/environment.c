/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* environment.c: version, folders, memory of the machine. */
#include "config.h"

#include <string.h>
#ifdef G_OS_UNIX
#include <unistd.h>
#endif

#include "core/environment.h"

#define FALLBACK_BYTES (G_GUINT64_CONSTANT (2) << 30)

const gchar *
pmt_version (void)
{
  return PMT_VERSION;
}

void
pmt_environment_prepare (void)
{
  g_setenv ("BABL_LUT", "0", FALSE);
}

gchar *
pmt_default_user_dir (void)
{
  const gchar *home = g_getenv ("PENTIMENTO_HOME");

  if (home != NULL && home[0] != '\0')
    return g_strdup (home);
  return g_build_filename (g_get_user_data_dir (), "pentimento", NULL);
}

guint64
pmt_memory_parse_meminfo (const gchar *text)
{
  const gchar *key = "MemAvailable:";
  const gchar *found = strstr (text, key);
  guint64 kib;

  if (found == NULL)
    return 0;
  kib = g_ascii_strtoull (found + strlen (key), NULL, 10);
  return kib > G_MAXUINT64 / 1024 ? 0 : kib * 1024;
}

static guint64
free_pages (void)
{
#if defined(_SC_AVPHYS_PAGES) && defined(_SC_PAGESIZE)
  glong pages = sysconf (_SC_AVPHYS_PAGES);
  glong size = sysconf (_SC_PAGESIZE);

  if (pages > 0 && size > 0)
    return (guint64)pages * (guint64)size;
#endif
  return 0;
}

guint64
pmt_memory_available (void)
{
  g_autofree gchar *text = NULL;
  guint64 bytes = 0;

  if (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    bytes = pmt_memory_parse_meminfo (text);
  if (bytes == 0)
    bytes = free_pages ();
  return bytes > 0 ? bytes : FALLBACK_BYTES;
}

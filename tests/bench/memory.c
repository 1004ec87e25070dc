/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* memory.c: what this process needed, from /proc. */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static glong
read_status (const gchar *key)
{
  g_autofree gchar *text = NULL;
  const gchar *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  line = strstr (text, key);
  return line ? strtol (line + strlen (key), NULL, 10) / 1024 : 0;
}

void
memory_reset_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file == NULL)
    return;
  fputs ("5", file);
  fclose (file);
}

glong
memory_peak (void)
{
  return read_status ("VmHWM:");
}

glong
memory_now (void)
{
  return read_status ("VmRSS:");
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* gmic.c: the same hole filled by G'MIC, for comparison. */
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "bench.h"

Picture *
gmic_inpaint (const Case *item,
              const gchar *command,
              const gchar *folder,
              gdouble *seconds,
              GError **error)
{
  g_autofree gchar *in = g_build_filename (folder, "gmic-in.png", NULL);
  g_autofree gchar *mask = g_build_filename (folder, "gmic-mask.png", NULL);
  g_autofree gchar *out = g_build_filename (folder, "gmic-out.png", NULL);
  g_autofree gchar *call = NULL;
  const gchar *arguments = "[1]";
  g_autoptr (Picture) open = case_open_hole (item);
  g_autoptr (GSubprocess) process = NULL;
  gint64 start;

  /* The patch-based command is called "inpaint" up to version 3, and its
   * values here are those of the filter's dialog: patches of 7, lookup 16
   * times as wide, blending 1.2 times as wide. */
  if (g_str_equal (command, "inpaint_patchbased"))
    {
      command = "inpaint";
      arguments = "[1],7,112,0.1,1,8,0,0.05,10,1";
    }
  call = g_strconcat (command, "[0]", NULL);
  if (!picture_save (open, in, error)
      || !hole_save (item->hole, open->width, open->height, mask, error))
    return NULL;
  g_remove (out);
  start = g_get_monotonic_time ();
  process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
      error, "gmic", in, mask, call, arguments, "output[0]", out, NULL);
  if (process == NULL || !g_subprocess_wait_check (process, NULL, error))
    return NULL;
  *seconds = (gdouble)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  return picture_load (out, error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* driver.c: runs a fuzz target once on every file of the folders named on the
 * command line, as a test, without libFuzzer. */
#include "config.h"

#include <gio/gio.h>

#include "fuzz.h"

static guint
run_folder (const gchar *folder, guint number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const gchar *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);
      g_autofree gchar *text = NULL;
      g_autofree guint8 *exact = NULL;
      gsize size;

      g_file_get_contents (path, &text, &size, &error);
      g_assert_no_error (error);
      /* Without the 0 byte that GLib adds, so that a sanitizer sees reads
       * behind the end. */
      exact = g_memdup2 (text, size);
      LLVMFuzzerTestOneInput (exact, size);
      g_print ("ok %u %s\n", ++number, name);
    }
  return number;
}

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n = run_folder (argv[i], n);
  g_print ("1..%u\n", n);
  /* An empty corpus would be a test that can't fail. */
  return n > 0 ? 0 : 1;
}

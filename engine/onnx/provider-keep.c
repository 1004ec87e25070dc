/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * provider-keep.c: the libraries of providers stay loaded.  ONNX Runtime
 * unloads them when the process ends, and with them what they use: a thread of
 * OpenMP that still waits for work would then run code that is gone.
 */
#define _GNU_SOURCE
#include "config.h"

#include "onnx/provider-private.h"

#ifdef PMT_HAVE_DL_ITERATE_PHDR
#include <dlfcn.h>
#include <link.h>

#define LIBRARY_PREFIX "libonnxruntime_providers_"

static gint
add_library (struct dl_phdr_info *info, gsize size, gpointer data)
{
  GPtrArray *paths = data;
  g_autofree gchar *name = g_path_get_basename (info->dlpi_name);

  if (g_str_has_prefix (name, LIBRARY_PREFIX))
    g_ptr_array_add (paths, g_strdup (info->dlpi_name));
  return 0;
}

void
pmt_provider_keep_libraries (void)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  dl_iterate_phdr (add_library, paths);
  /* They are loaded already; the handle only says so and is not needed. */
  for (guint i = 0; i < paths->len; i++)
    if (dlopen (paths->pdata[i], RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE)
        == NULL)
      g_debug ("%s: %s", (gchar *)paths->pdata[i], dlerror ());
}

#else

void
pmt_provider_keep_libraries (void)
{
}

#endif

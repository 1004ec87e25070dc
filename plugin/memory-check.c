/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* memory-check.c: the copy of the layer and the engine's own memory. */
#include "config.h"

#include "memory-check.h"

#include <glib/gi18n-lib.h>

#include "core/environment.h"

static guint64
bytes_of_copy (GimpLayer *layer, const PmtEstimate *estimate)
{
  const Babl *format = gimp_drawable_get_format (GIMP_DRAWABLE (layer));

  return (guint64)babl_format_get_bytes_per_pixel (format)
         * (guint64)estimate->region.width * (guint64)estimate->region.height;
}

gboolean
pmt_memory_check (GimpLayer *layer,
                  const PmtRequest *request,
                  const PmtEstimate *estimate,
                  GError **error)
{
  const guint64 copy = layer ? bytes_of_copy (layer, estimate) : 0;
  const guint64 available = pmt_memory_available ();
  g_autofree gchar *needed = NULL;
  g_autofree gchar *allowed = NULL;

  /* The engine takes half of what is left at most. */
  if (copy <= available && estimate->bytes <= (available - copy) / 2)
    return TRUE;

  needed = g_format_size (copy + estimate->bytes);
  allowed = g_format_size (available / 2);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("“%s” needs %s of memory here, and %s may be used. Close "
                  "other programs, select a smaller area, or scale the "
                  "picture down."),
               pmt_operation_label (pmt_request_get_operation (request)),
               needed, allowed);

  return FALSE;
}

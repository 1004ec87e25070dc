/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine-faces.c: the faces of a picture, for programs. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/engine-private.h"
#include "core/environment.h"
#include "restore/restore-backend.h"

GArray *
pmt_engine_list_faces (PmtEngine *engine,
                       GeglBuffer *picture,
                       GCancellable *cancellable,
                       GError **error)
{
  PmtBackend *backend;

  g_return_val_if_fail (engine != NULL && picture != NULL, NULL);
  backend = pmt_engine_find_backend (engine, "restore");
  if (backend == NULL)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                           _ ("This engine can't find faces."));
      return NULL;
    }
  return pmt_face_store_detect (
      pmt_restore_backend_get_faces (backend), picture,
      gegl_buffer_get_extent (picture), engine->threads,
      engine->memory > 0 ? engine->memory : pmt_memory_available () / 2, NULL,
      cancellable, error);
}

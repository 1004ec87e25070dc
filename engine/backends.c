/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* backends.c: the list of backends that this build has. */
#include "config.h"

#include "core/backend.h"
#include "diffusion/diffusion-backend.h"
#include "fill/fill-backend.h"
#include "remote/remote-backend.h"
#include "restore/restore-backend.h"

GPtrArray *
pmt_backends_new_builtin (const PmtEngineOptions *options)
{
  GPtrArray *backends = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (backends, pmt_fill_backend_new ());
  g_ptr_array_add (backends, pmt_restore_backend_new (options));
  g_ptr_array_add (backends, pmt_diffusion_backend_new (options));
  g_ptr_array_add (backends, pmt_remote_backend_new (options));
  return backends;
}

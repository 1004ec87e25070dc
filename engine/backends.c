/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* backends.c: the backends that this build has, and what computes for them. */
#include "config.h"

#include "core/backend.h"
#include "diffusion/diffusion-backend.h"
#include "fill/fill-backend.h"
#include "onnx/provider.h"
#include "remote/remote-backend.h"
#include "restore/restore-backend.h"

GPtrArray *
pmt_backends_new_builtin (const PmtEngineOptions *options)
{
  GPtrArray *backends = g_ptr_array_new_with_free_func (g_object_unref);

  pmt_provider_set_default (options->compute != NULL ? options->compute
                                                     : "auto");

  g_ptr_array_add (backends, pmt_fill_backend_new ());
  g_ptr_array_add (backends, pmt_restore_backend_new (options));
  g_ptr_array_add (backends, pmt_diffusion_backend_new (options));
  g_ptr_array_add (backends, pmt_remote_backend_new (options));
  return backends;
}

gchar **
pmt_compute_list (void)
{
  gchar **names = pmt_provider_list (NULL);

  return names != NULL ? names : g_new0 (gchar *, 1);
}

const gchar *
pmt_compute_label (const gchar *name)
{
  g_return_val_if_fail (name != NULL, NULL);
  return pmt_provider_label (name);
}

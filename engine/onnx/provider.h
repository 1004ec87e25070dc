/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider.h: what can run a network besides the CPU. */
#pragma once

#include <gio/gio.h>

#include "onnx/session.h"

G_BEGIN_DECLS

/**
 * pmt_provider_list:
 * @error: PMT_ERROR_UNSUPPORTED: there is no ONNX Runtime
 *
 * The names that PmtSessionOptions.provider can have with the ONNX Runtime of
 * this system: "cpu", then others of "cuda", "migraphx", "directml", "coreml",
 * "openvino", "webgpu", "dnnl" and "xnnpack", then those added by
 * pmt_provider_add_library().  That a provider is listed does not mean that
 * its device is there: opening a session finds out.
 *
 * Returns: (transfer full) (nullable): names, %NULL-terminated.
 */
gchar **pmt_provider_list (GError **error);

/**
 * pmt_provider_label:
 * @name: "cuda", ...
 *
 * Returns: (transfer none): as people know it: "CUDA"; @name itself when it
 *   is not known.
 */
const gchar *pmt_provider_label (const gchar *name);

/**
 * pmt_provider_set_default:
 * @name: (nullable): "cpu", "auto" or a provider's name; %NULL: "cpu"
 *
 * What a session uses from now on whose options name no provider, in the whole
 * process.  Thread: any.
 */
void pmt_provider_set_default (const gchar *name);

/** pmt_provider_get_default: (transfer none): "cpu" unless set. */
const gchar *pmt_provider_get_default (void);

/**
 * pmt_provider_add_library:
 * @name: what the provider shall be called: lower case, not one of the above
 * @path: the library, as its maker ships it
 * @error: PMT_ERROR_UNSUPPORTED: ONNX Runtime is older than 1.22, which is the
 *   first one that takes such libraries; PMT_ERROR_FILE: it can't be loaded;
 *   PMT_ERROR_ARGUMENT: there is one of that name
 *
 * Adds a plug-in provider to the process.  The library runs with all rights
 * of the program: only for one that the user has chosen.  Thread: any.
 */
gboolean
pmt_provider_add_library (const gchar *name, const gchar *path, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-plugin.h: providers in libraries of their own. */
#pragma once

#include "onnx/provider-private.h"

G_BEGIN_DECLS

/** pmt_provider_plugin_add: see pmt_provider_add_library(). */
gboolean pmt_provider_plugin_add (const PmtRuntime *runtime,
                                  const gchar *name,
                                  const gchar *path,
                                  GError **error);

/** pmt_provider_plugin_list: adds their names to @names. */
void pmt_provider_plugin_list (GStrvBuilder *names);

/** pmt_provider_plugin_find: adds that of @name, or all (%NULL), to @found. */
void pmt_provider_plugin_find (GPtrArray *found, const gchar *name);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-private.h: providers as sessions use them. */
#pragma once

#include "onnx/provider.h"
#include "onnx/runtime.h"

G_BEGIN_DECLS

typedef struct _PmtProvider PmtProvider;

/** PmtProviderAppend: adds the provider to the options of a session. */
typedef OrtStatus *(*PmtProviderAppend) (const PmtProvider *provider,
                                         const PmtRuntime *runtime,
                                         OrtSessionOptions *options);

/**
 * PmtProvider:
 * @name: "cuda", ...; static
 * @label: as people know it
 * @id: what ONNX Runtime lists it as; for a plug-in, that of its devices
 * @key: what SessionOptionsAppendExecutionProvider() calls it; %NULL where
 *   @append needs none
 * @is_automatic: "auto" tries it
 */
struct _PmtProvider
{
  const gchar *name;
  const gchar *label;
  const gchar *id;
  const gchar *key;
  gboolean is_automatic;
  PmtProviderAppend append;
};

/**
 * pmt_provider_candidates:
 * @name: of a provider, or "auto"
 * @reason: (out) (transfer full): why there is none for a name that was asked
 *   for; untouched for "auto"
 *
 * Returns: (transfer container): of PmtProvider: those to try, the best first.
 */
GPtrArray *pmt_provider_candidates (const PmtRuntime *runtime,
                                    const gchar *name,
                                    gchar **reason);

/**
 * pmt_provider_keep_libraries: (provider-keep.c) those that were loaded by now
 * are never unloaded; nothing where libraries can't be listed.
 */
void pmt_provider_keep_libraries (void);

G_END_DECLS

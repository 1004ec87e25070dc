/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* providers.c: the providers of this build. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider *const *
pmt_providers_list (void)
{
  /* Services first; of local servers, in the order in which they are looked
   * for. */
  static const PmtProvider *const providers[] = {
    &pmt_provider_jobs,    &pmt_provider_fal,
    &pmt_provider_openai,  &pmt_provider_gemini,
    &pmt_provider_bfl,     &pmt_provider_stability,
    &pmt_provider_topaz,   &pmt_provider_replicate,
    &pmt_provider_legnext, &pmt_provider_sdapi,
    &pmt_provider_comfyui, &pmt_provider_sdserver,
    &pmt_provider_localai, NULL
  };

  return providers;
}

const PmtProvider *
pmt_providers_find (const gchar *type)
{
  const PmtProvider *const *providers = pmt_providers_list ();

  for (guint i = 0; providers[i] != NULL; i++)
    if (g_strcmp0 (providers[i]->type, type) == 0)
      return providers[i];
  return NULL;
}

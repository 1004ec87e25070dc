/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-replicate.c: Replicate. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_replicate = {
  .type = "replicate",
  .label = "Replicate",
};

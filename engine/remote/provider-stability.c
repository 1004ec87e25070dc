/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-stability.c: Stability AI. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_stability = {
  .type = "stability",
  .label = "Stability AI",
};

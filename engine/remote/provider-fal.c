/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-fal.c: fal.ai. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_fal = {
  .type = "fal",
  .label = "fal.ai",
};

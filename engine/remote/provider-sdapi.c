/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-sdapi.c: Stable Diffusion web UI. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_sdapi = {
  .type = "sdapi",
  .label = "Stable Diffusion web UI",
};

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-sdserver.c: sd-server. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_sdserver = {
  .type = "sdserver",
  .label = "sd-server",
};

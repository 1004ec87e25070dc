/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-topaz.c: Topaz Labs. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_topaz = {
  .type = "topaz",
  .label = "Topaz Labs",
};

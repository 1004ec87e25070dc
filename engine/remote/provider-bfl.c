/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-bfl.c: Black Forest Labs. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_bfl = {
  .type = "bfl",
  .label = "Black Forest Labs",
};

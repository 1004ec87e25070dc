/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-legnext.c: Legnext. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_legnext = {
  .type = "legnext",
  .label = "Legnext",
};

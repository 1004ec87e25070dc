/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-openai.c: OpenAI. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_openai = {
  .type = "openai",
  .label = "OpenAI",
};

/* Imitates it on a port of its own. */
const PmtProvider pmt_provider_localai = {
  .type = "localai",
  .label = "LocalAI",
};

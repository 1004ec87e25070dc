/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-gemini.c: Google Gemini. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_gemini = {
  .type = "gemini",
  .label = "Google Gemini",
};

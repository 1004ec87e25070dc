/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-jobs.c: Jobs API. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_jobs = {
  .type = "jobs",
  .label = "Jobs API",
};

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-sdapi.c: AUTOMATIC1111's Stable Diffusion web UI, and Forge and
 * SD.Next, which answer like it. */
#include "config.h"

#include "remote/lists.h"
#include "remote/sdapi.h"

static gchar **
list (PmtRemoteCall *call, const gchar *param, GError **error)
{
  return pmt_lists_get (call, param, pmt_sdapi_ask, error);
}

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  g_autoptr (cJSON) json = pmt_remote_call_json (
      call, "GET", "/sdapi/v1/samplers", NULL, NULL, error);

  return json != NULL;
}

const PmtProvider pmt_provider_sdapi = {
  .type = "sdapi",
  .label = "Stable Diffusion web UI",
  .flags = PMT_PROVIDER_LOCAL | PMT_PROVIDER_BLOCKING | PMT_PROVIDER_BASIC,
  .base_url = "http://127.0.0.1:7860",
  .auth_header = "Authorization",
  .auth_prefix = "Basic ",
  .port = 7860,
  .probe_path = "/sdapi/v1/samplers",
  .mask_kind = PMT_MASK_WHITE,
  .max_jobs = 1,
  .classify = pmt_sdapi_classify,
  .submit = pmt_sdapi_submit,
  .cancel = pmt_sdapi_cancel,
  .check = check,
  .list = list,
};

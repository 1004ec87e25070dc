/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fal-answer.h: errors and outputs as fal.ai has them; other services pass
 * them on. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * pmt_fal_classify:
 * @json: (nullable): body of an answer, or "error" of a job: {"detail": text},
 *   {"detail": [{loc, msg, type, ctx}]}, {"detail": text, "error_type": ...}
 * @fault: class, detail, parameter and limit, where they are told
 *
 * Source: https://docs.fal.ai/model-apis/errors
 *
 * Returns: whether @json had this form.
 */
gboolean pmt_fal_classify (const cJSON *json, PmtFault *fault);

/**
 * pmt_fal_class_of:
 * @type: (nullable): "content_policy_violation", "runner_server_error", ...
 *
 * Returns: PMT_FAULT_NONE for one that is not known.
 */
PmtFaultClass pmt_fal_class_of (const gchar *type);

/**
 * pmt_fal_find_images:
 *
 * Returns: (transfer container) (element-type utf8): URLs of "images" or
 *   "image" of @output, which may be objects or plain texts, in their order;
 *   an entry without one is an empty text.
 */
GPtrArray *pmt_fal_find_images (const cJSON *output);

/**
 * pmt_fal_take_output:
 * @output: {"images": [{"url"}]} or {"image": {"url"}}, "seed",
 *   "has_nsfw_concepts", "description"
 *
 * Downloads the pictures, in their order; those that the service's filter
 * flags are counted and not added.  A seed is that of the first picture; what the
 * others were made of is not told.
 * Errors: class SERVER when there is no picture at all, CONTENT when all were
 * kept back, and those of the download.
 */
gboolean pmt_fal_take_output (PmtRemoteCall *call,
                              const cJSON *output,
                              PmtRemoteReply *reply,
                              GError **error);

/**
 * pmt_fal_add_urls:
 * @urls: (element-type utf8): of pictures
 *
 * Downloads them.  Errors: class SERVER when there are none or an address
 * refuses, and those of the download.
 */
gboolean pmt_fal_add_urls (PmtRemoteCall *call,
                           const GPtrArray *urls,
                           PmtRemoteReply *reply,
                           GError **error);

G_END_DECLS

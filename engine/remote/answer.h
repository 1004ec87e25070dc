/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* answer.h: what several providers do with what they are answered. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * pmt_answer_has_word:
 * @text: (nullable)
 * @words: %NULL-terminated, in lower case
 *
 * Returns: whether one of @words stands in @text, whatever the case.
 */
gboolean pmt_answer_has_word (const gchar *text, const gchar *const *words);

/** pmt_answer_get_list: (transfer none) (nullable): %NULL unless a list. */
const cJSON *pmt_answer_get_list (const cJSON *json, const gchar *path);

/**
 * pmt_answer_keep_id:
 * @json: answer of a submit
 * @member: where the service's identity of the job stands
 *
 * Puts a text or a whole number into @job.id, makes the state RUNNING and
 * writes it down.  Without one it is not known whether the job runs: class
 * SERVER, and not to be sent again.
 */
gboolean pmt_answer_keep_id (PmtRemoteCall *call,
                             const cJSON *json,
                             const gchar *member,
                             PmtRemoteJob *job,
                             GError **error);

/**
 * pmt_answer_job_path:
 * @path: such as "/v1/job/%s"; %s is the identity
 *
 * Returns: (transfer full): with the identity of @job escaped, so that it
 *   can't leave the path.
 */
gchar *pmt_answer_job_path (const gchar *path, const PmtRemoteJob *job);

/**
 * pmt_answer_add_base64:
 * @text: (nullable): base64, or a data: URI
 *
 * Returns: %FALSE where that is none; nothing is added then.
 */
gboolean
pmt_answer_add_base64 (PmtRemoteReply *reply, const gchar *text, gint64 seed);

/** pmt_answer_add_url: downloads a picture. */
gboolean pmt_answer_add_url (PmtRemoteCall *call,
                             PmtRemoteReply *reply,
                             const gchar *url,
                             gint64 seed,
                             GError **error);

/**
 * pmt_answer_read_param:
 * @text: (nullable): such as "width: must be at most 2048"
 *
 * The word before the colon becomes the parameter that is meant, unless that
 * is known.
 */
void pmt_answer_read_param (const gchar *text, PmtFault *fault);

/** pmt_answer_fail_empty: class SERVER: nothing came back. */
gboolean pmt_answer_fail_empty (PmtRemoteCall *call, GError **error);

/**
 * pmt_answer_fail_job: the service says that the job has failed.
 *
 * Sets the state FAILED, so that it isn't asked again.
 */
gboolean pmt_answer_fail_job (PmtRemoteCall *call,
                              PmtRemoteJob *job,
                              PmtFaultClass kind,
                              const gchar *detail,
                              GError **error);

/** pmt_answer_set_text: replaces *@target with a copy, if @text is one. */
void pmt_answer_set_text (gchar **target, const gchar *text);

/**
 * pmt_form_add_picture: of a form
 * @name: of the part
 * @bytes: (nullable): PNG or JPEG; the file's name and type follow from it
 */
void pmt_form_add_picture (GPtrArray *form, const gchar *name, GBytes *bytes);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-check.c: what is wrong with a request, before anything is sent. */
#include "config.h"

#include "remote/remote-check.h"

#include <glib/gi18n-lib.h>

static gboolean
needs_prompt (const PmtModel *model, PmtOperation operation)
{
  if (pmt_model_find_param (model, "prompt") == NULL)
    return FALSE;
  return operation == PMT_OPERATION_GENERATE || operation == PMT_OPERATION_EDIT
         || pmt_model_get_limit (model, "min_prompt_length", 0) > 0;
}

static void
check_prompt (const PmtModel *model,
              const PmtRequest *request,
              GPtrArray *problems)
{
  const PmtOperation operation = pmt_request_get_operation (request);
  const PmtParams *params = pmt_request_peek_params (request);
  const gchar *prompt = pmt_params_get_string (params, "prompt", "");
  const gdouble least = pmt_model_get_limit (model, "min_prompt_length", 1);

  if (!needs_prompt (model, operation))
    return;
  if (*prompt == '\0')
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "prompt",
                      _ ("“%s” needs a prompt. Write into “prompt” what the "
                         "picture should show, or what should change."),
                      pmt_operation_label (operation));
  else if ((gdouble)g_utf8_strlen (prompt, -1) < least)
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "prompt",
                      _ ("The prompt is too short: the model “%s” needs at "
                         "least %.0f characters."),
                      model->id, least);
}

static void
check_total (const PmtModel *model,
             const PmtRequest *request,
             GPtrArray *problems)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const gdouble most = pmt_model_get_limit (model, "total_images", 0);
  const gboolean is_new =
      pmt_request_get_operation (request) == PMT_OPERATION_GENERATE;
  const gint64 sent =
      (gint64)pmt_request_get_n_references (request) + (is_new ? 0 : 1);
  const gint64 made = pmt_params_get_int (params, "count", 1)
                      * pmt_params_get_int (params, "max-images", 1);

  if (most > 0 && (gdouble)(sent + made) > most)
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "count",
                      _ ("%d pictures would be sent and %d made; the model "
                         "“%s” allows %.0f together. Ask for fewer."),
                      (gint)sent, (gint)made, model->id, most);
}

void
pmt_remote_check_request (const PmtModel *model,
                          const PmtRequest *request,
                          GPtrArray *problems)
{
  check_prompt (model, request, problems);
  check_total (model, request, problems);
}

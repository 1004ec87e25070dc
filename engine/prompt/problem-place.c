/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* problem-place.c: places in problems, counted in what was typed. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/model.h"
#include "core/backend.h"
#include "core/engine-private.h"
#include "core/prompt-hook.h"
#include "prompt/prompt-text.h"

/* The same fault as in @message, found in @typed alone.
 * Returns: (transfer full) (nullable)
 */
static gchar *
find_in_typed (const PmtModel *model,
               const PmtRequest *request,
               const gchar *typed,
               gboolean is_negative,
               const gchar *message)
{
  g_autoptr (GPtrArray) marks =
      pmt_prompt_list_marks (typed, -1, is_negative, model, request);

  for (guint i = 0; i < marks->len; i++)
    {
      const PmtPromptMark *mark = marks->pdata[i];

      if (mark->kind == PMT_PROMPT_MARK_ERROR
          && pmt_prompt_is_same_fault (mark->message, message))
        return g_strdup (mark->message);
    }
  return NULL;
}

/* The words are those of the preset, or became wrong between its words. */
static gchar *
tell_preset (PmtEngine *engine, const PmtRequest *request, const gchar *message)
{
  const gchar *id = pmt_request_get_used_preset (request);
  g_autoptr (PmtPreset) preset =
      id != NULL ? pmt_engine_find_preset (engine, id) : NULL;

  if (preset == NULL)
    return NULL;
  /* Translators: %1$s is "The prompt can't be read at character 9: ...". */
  return g_strdup_printf (_ ("%1$s The characters are counted with the words "
                             "that the preset “%2$s” adds."),
                          message, pmt_preset_get_name (preset));
}

void
pmt_problems_count_typed (PmtEngine *engine,
                          const PmtModel *model,
                          const PmtRequest *typed,
                          const PmtRequest *prepared,
                          GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      PmtProblem *problem = problems->pdata[i];
      const gboolean is_negative =
          g_strcmp0 (problem->name, "negative-prompt") == 0;
      const gchar *words;
      const gchar *used;
      gchar *message;

      if (!is_negative && g_strcmp0 (problem->name, "prompt") != 0)
        continue;
      words = pmt_params_get_string (pmt_request_peek_params (typed),
                                     problem->name, "");
      used = pmt_params_get_string (pmt_request_peek_params (prepared),
                                    problem->name, "");
      if (g_str_equal (words, used)
          || !pmt_prompt_tells_place (problem->message))
        continue;
      message =
          find_in_typed (model, prepared, words, is_negative, problem->message);
      if (message == NULL)
        message = tell_preset (engine, prepared, problem->message);
      if (message == NULL)
        continue;
      g_free (problem->message);
      problem->message = message;
    }
}

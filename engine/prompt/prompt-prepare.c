/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-prepare.c: from the prompt that was typed to the one that is used. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/model.h"
#include "catalog/param-spec.h"
#include "core/backend.h"
#include "core/prompt-hook.h"
#include "prompt/enhancer.h"
#include "prompt/flag-params.h"
#include "prompt/prompt-style.h"

#define OFF "off"
#define AUTOMATIC "auto"
#define USUAL_STYLIZE 100

static gboolean
has_param (const PmtModel *model, const PmtRequest *request, const gchar *name)
{
  const PmtParamSpec *spec = pmt_model_find_param (model, name);

  return spec != NULL
         && pmt_param_is_for (spec, pmt_request_get_operation (request));
}

/* The checkpoint that will be used, by what its names say. */
static PmtEnhancer
guess_family (const PmtModel *model, const PmtParams *params)
{
  const gchar *checkpoint = pmt_params_get_string (params, "checkpoint", "");
  g_autofree gchar *name =
      g_strjoin (" ", checkpoint, model->id, model->name, NULL);

  return pmt_enhancer_guess (name);
}

/* Puts @words into the parameter @name, if there are any. */
static void
add_words (PmtParams *params,
           PmtEnhancer enhancer,
           const gchar *name,
           const gchar *words)
{
  const gchar *before = pmt_params_get_string (params, name, "");
  g_autofree gchar *text = pmt_enhancer_add (enhancer, before, words);

  pmt_params_set_string (params, name, text);
}

/* As many, and as strong, as "stylize" asks for where the model has it in
 * this sense. */
static gchar *
get_words (const PmtModel *model,
           const PmtRequest *request,
           PmtEnhancer enhancer,
           const gchar **negative)
{
  const gchar *words = pmt_enhancer_get_words (enhancer, negative);

  if (!g_str_equal (model->backend, "diffusion"))
    return g_strdup (words);
  return pmt_enhancer_stylize (
      words, (gint)pmt_params_get_int (pmt_request_peek_params (request),
                                       "stylize", USUAL_STYLIZE));
}

static void
note_words (const gchar *words, const gchar *negative, GPtrArray *notes)
{
  gchar *note;

  if (*words == '\0' && *negative == '\0')
    return;
  if (*negative == '\0')
    note = g_strdup_printf (_ ("The prompt enhancer adds “%s”."), words);
  else if (*words == '\0')
    note = g_strdup_printf (_ ("The prompt enhancer adds “%s” to the negative "
                               "prompt."),
                            negative);
  else
    note = g_strdup_printf (_ ("The prompt enhancer adds “%s”, and “%s” "
                               "to the negative prompt."),
                            words, negative);
  g_ptr_array_add (notes, note);
}

static void
enhance (const PmtModel *model, PmtRequest *request, GPtrArray *notes)
{
  PmtParams *params = pmt_request_params (request);
  const gchar *chosen = pmt_params_get_string (params, "enhancer", OFF);
  const gchar *prompt = pmt_params_get_string (params, "prompt", "");
  g_autofree gchar *words = NULL;
  const gchar *negative;
  PmtEnhancer enhancer;

  if (!has_param (model, request, "enhancer") || g_str_equal (chosen, OFF))
    return;
  if (g_str_equal (chosen, AUTOMATIC))
    enhancer = guess_family (model, params);
  else if (!pmt_enhancer_from_string (chosen, &enhancer))
    return; /* the check of parameters tells */
  /* The recipe has the words, and nothing is to be added to them again. */
  pmt_params_set_string (params, "enhancer", OFF);
  if (pmt_enhancer_is_expert (prompt))
    {
      g_ptr_array_add (notes, g_strdup (_ ("The prompt enhancer added nothing: "
                                           "the prompt has words for quality "
                                           "or weights already.")));
      return;
    }
  words = get_words (model, request, enhancer, &negative);
  if (*words != '\0')
    add_words (params, enhancer, "prompt", words);
  if (*negative != '\0' && has_param (model, request, "negative-prompt"))
    add_words (params, enhancer, "negative-prompt", negative);
  else
    negative = "";
  note_words (words, negative, notes);
}

static void
check_style (const PmtModel *model, PmtRequest *request, GPtrArray *notes)
{
  const PmtParams *params = pmt_request_peek_params (request);

  /* An instruction is neither, whatever the model. */
  if (model->prompt_style == NULL
      || pmt_request_get_operation (request) == PMT_OPERATION_EDIT)
    return;
  pmt_prompt_style_check (pmt_params_get_string (params, "prompt", ""),
                          model->prompt_style, notes);
}

/* What would end the run later on. */
static void
check_words (const PmtModel *model,
             const PmtRequest *request,
             const gchar *name,
             GPtrArray *problems)
{
  const gchar *text =
      pmt_params_get_string (pmt_request_peek_params (request), name, "");
  g_autoptr (GPtrArray) marks = NULL;

  if (!g_str_equal (model->backend, "diffusion"))
    return;
  marks = pmt_prompt_list_marks (text, -1, !g_str_equal (name, "prompt"), model,
                                 request);
  for (guint i = 0; i < marks->len; i++)
    {
      const PmtPromptMark *mark = marks->pdata[i];

      if (mark->kind == PMT_PROMPT_MARK_ERROR)
        pmt_problems_add (problems, PMT_ERROR_ARGUMENT, name, "%s",
                          mark->message);
    }
}

void
pmt_prompt_prepare (const PmtModel *model,
                    PmtRequest *request,
                    GPtrArray *problems,
                    GPtrArray *notes)
{
  const PmtParams *params = pmt_request_peek_params (request);

  if (!has_param (model, request, "prompt"))
    return;
  pmt_flags_apply (model, request, problems, notes);
  /* An empty prompt means what it means without any words. */
  if (*pmt_params_get_string (params, "prompt", "") == '\0')
    return;
  /* With flags that can't be read there is a problem already. */
  if (!pmt_flags_are_in (pmt_params_get_string (params, "prompt", "")))
    check_words (model, request, "prompt", problems);
  check_words (model, request, "negative-prompt", problems);
  check_style (model, request, notes);
  enhance (model, request, notes);
}

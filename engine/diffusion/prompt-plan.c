/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-plan.c: what a prompt asks for in each step. */
#include "config.h"

#include "diffusion/prompt-plan.h"

#include <glib/gi18n-lib.h>

#include "prompt/multi.h"
#include "prompt/schedule.h"

/* What all texts of a prompt are encoded with. */
typedef struct
{
  PmtTextStack *stack;
  PmtConvention convention;
  gint clip_skip;
  guint evaluations;
  GCancellable *cancellable;
  PmtPromptPlan *plan;
} Reading;

static void
line_clear (gpointer data)
{
  g_clear_pointer (&((PmtPromptLine *)data)->stages, g_array_unref);
}

/* A schedule may come back to a text, as [a|b] does. */
static gboolean
add_stage (const Reading *reading,
           GArray *stages,
           guint last,
           const gchar *text,
           GError **error)
{
  GHashTable *texts = reading->plan->texts;
  PmtPromptStage stage = { last, g_hash_table_lookup (texts, text) };

  if (stage.conditioning == NULL)
    {
      PmtConditioning *made = pmt_conditioning_new (
          reading->stack, text, reading->convention, reading->clip_skip,
          reading->cancellable, error);

      if (made == NULL)
        return FALSE;
      g_hash_table_insert (texts, g_strdup (text), made);
      stage.conditioning = made;
    }
  g_array_append_val (stages, stage);
  return TRUE;
}

static gboolean
add_stages (const Reading *reading,
            GArray *stages,
            const gchar *text,
            GError **error)
{
  const guint steps = MIN (reading->evaluations, PMT_PROMPT_MAX_STEPS);
  g_autoptr (GPtrArray) schedule = NULL;

  if (reading->convention != PMT_CONVENTION_A1111)
    return add_stage (reading, stages, G_MAXUINT, text, error);
  schedule = pmt_prompt_schedule_new (text, steps, 0, error);
  if (schedule == NULL)
    return FALSE;
  for (guint i = 0; i < schedule->len; i++)
    {
      const PmtPromptStep *step = schedule->pdata[i];

      if (!add_stage (reading, stages, step->last, step->text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_line (const Reading *reading,
          const gchar *text,
          gdouble weight,
          GError **error)
{
  PmtPromptLine line = { weight, NULL };

  line.stages = g_array_new (FALSE, FALSE, sizeof (PmtPromptStage));
  g_array_append_val (reading->plan->lines, line);
  return add_stages (reading, line.stages, text, error);
}

/* Parts share the guidance: twice all weights mean the same. */
static gboolean
add_multi (const Reading *reading, const gchar *prompt, GError **error)
{
  g_autoptr (GPtrArray) parts = pmt_prompt_split_multi (prompt, error);
  gdouble sum = 0.0;

  if (parts == NULL)
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    sum += ((const PmtPromptPart *)parts->pdata[i])->weight;
  if (sum <= 0.0)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The weights behind “::” add up to %g; they must add up "
                      "to more than 0."),
                   sum);
      return FALSE;
    }
  for (guint i = 0; i < parts->len; i++)
    {
      const PmtPromptPart *part = parts->pdata[i];

      if (!add_line (reading, part->text, part->weight / sum, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_and (const Reading *reading, const gchar *prompt, GError **error)
{
  g_autoptr (GPtrArray) parts = pmt_prompt_split_and (prompt, error);

  for (guint i = 0; parts != NULL && i < parts->len; i++)
    {
      const PmtPromptPart *part = parts->pdata[i];

      if (!add_line (reading, part->text, part->weight, error))
        return FALSE;
    }
  return parts != NULL;
}

static gboolean
add_lines (const Reading *reading,
           const gchar *prompt,
           gboolean is_negative,
           GError **error)
{
  if (!is_negative && pmt_prompt_has_multi (prompt))
    return add_multi (reading, prompt, error);
  if (!is_negative && reading->convention == PMT_CONVENTION_A1111)
    return add_and (reading, prompt, error);
  return add_line (reading, prompt, 1.0, error);
}

PmtPromptPlan *
pmt_prompt_plan_new (PmtTextStack *stack,
                     const gchar *prompt,
                     gboolean is_negative,
                     PmtConvention convention,
                     gint clip_skip,
                     guint evaluations,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (PmtPromptPlan) plan = g_new0 (PmtPromptPlan, 1);
  const Reading reading = { stack,       convention,  clip_skip,
                            evaluations, cancellable, plan };

  plan->lines = g_array_new (FALSE, FALSE, sizeof (PmtPromptLine));
  g_array_set_clear_func (plan->lines, line_clear);
  plan->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)pmt_conditioning_free);
  if (!add_lines (&reading, prompt, is_negative, error))
    return NULL;
  return g_steal_pointer (&plan);
}

void
pmt_prompt_plan_free (PmtPromptPlan *plan)
{
  if (plan == NULL)
    return;
  g_array_unref (plan->lines);
  g_hash_table_unref (plan->texts);
  g_free (plan);
}

guint
pmt_prompt_plan_get_n (const PmtPromptPlan *plan)
{
  return plan->lines->len;
}

gdouble
pmt_prompt_plan_get_weight (const PmtPromptPlan *plan, guint line)
{
  return g_array_index (plan->lines, PmtPromptLine, line).weight;
}

/* AUTOMATIC1111 counts evaluations from 0 and compares them with the last
 * step, counted from 1: a change comes one evaluation later than it says. */
const PmtConditioning *
pmt_prompt_plan_get (const PmtPromptPlan *plan, guint line, guint evaluation)
{
  const GArray *stages =
      g_array_index (plan->lines, PmtPromptLine, line).stages;
  guint i = 0;

  while (i + 1 < stages->len
         && evaluation > g_array_index (stages, PmtPromptStage, i).last)
    i++;
  return g_array_index (stages, PmtPromptStage, i).conditioning;
}

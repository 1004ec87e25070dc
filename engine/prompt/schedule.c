/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* schedule.c: prompts that change from step to step. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "prompt/prompt-text.h"
#include "prompt/schedule-private.h"

typedef struct
{
  const GArray *nodes;
  guint steps;
  gdouble step_offset;     /* what a number of steps counts from */
  gdouble fraction_offset; /* what a fraction counts from */
} Schedule;

void
pmt_prompt_step_free (PmtPromptStep *step)
{
  if (step == NULL)
    return;
  g_free (step->text);
  g_free (step);
}

static GPtrArray *
new_steps (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_prompt_step_free);
}

static void
add_step (GPtrArray *entries, guint last, gchar *text)
{
  PmtPromptStep *step = g_new (PmtPromptStep, 1);

  step->last = last;
  step->text = text;
  g_ptr_array_add (entries, step);
}

/* The last step of "before"; below 1 when it has none. */
static gdouble
last_step (const Schedule *schedule, const PmtPromptNode *node)
{
  const gdouble step =
      node->is_fraction
          ? (node->number - schedule->fraction_offset) * schedule->steps
          : node->number - schedule->step_offset;

  return MIN (trunc (step), schedule->steps);
}

/* Steps with which something ends. */
static gboolean
collect_ends (const Schedule *schedule,
              const gchar *text,
              gboolean *is_end,
              GError **error)
{
  is_end[schedule->steps] = TRUE;
  for (guint i = 0; i < schedule->nodes->len; i++)
    {
      const PmtPromptNode *node =
          &g_array_index (schedule->nodes, PmtPromptNode, i);

      if (node->kind == PMT_PROMPT_NODE_ALTERNATE)
        for (guint step = 1; step <= schedule->steps; step++)
          is_end[step] = TRUE;
      if (node->kind != PMT_PROMPT_NODE_CHANGE)
        continue;
      if (!isfinite (node->number * schedule->steps))
        return pmt_prompt_fail (text, node->start,
                                _ ("the number of the step is too large"),
                                error);
      if (last_step (schedule, node) >= 1)
        is_end[(guint)last_step (schedule, node)] = TRUE;
    }
  return TRUE;
}

static guint
count_children (const Schedule *schedule, guint first)
{
  guint n = 0;

  for (; first != PMT_PROMPT_NODE_NONE; n++)
    first = g_array_index (schedule->nodes, PmtPromptNode, first).next;
  return n;
}

/* The children of @node that count at @step: *@n of them, from the one that
 * is returned. */
static guint
choose_children (const Schedule *schedule,
                 const PmtPromptNode *node,
                 guint step,
                 guint *n)
{
  guint child = node->first;
  guint skip = 0;

  *n = 1;
  if (node->kind == PMT_PROMPT_NODE_SEQUENCE)
    *n = G_MAXUINT;
  else if (node->kind == PMT_PROMPT_NODE_ALTERNATE)
    skip = (step - 1) % count_children (schedule, child);
  else if (step > last_step (schedule, node))
    skip = node->has_before ? 1 : 0;
  else if (!node->has_before)
    *n = 0;
  while (skip-- > 0)
    child = g_array_index (schedule->nodes, PmtPromptNode, child).next;
  return child;
}

static void
print_node (const Schedule *schedule, guint index, guint step, GString *out)
{
  const PmtPromptNode *node =
      &g_array_index (schedule->nodes, PmtPromptNode, index);
  guint child;
  guint n;

  if (node->kind == PMT_PROMPT_NODE_TEXT)
    {
      g_string_append_len (out, node->start, node->end - node->start);
      return;
    }
  child = choose_children (schedule, node, step, &n);
  for (; n > 0 && child != PMT_PROMPT_NODE_NONE; n--)
    {
      print_node (schedule, child, step, out);
      child = g_array_index (schedule->nodes, PmtPromptNode, child).next;
    }
}

static GPtrArray *
make_steps (const Schedule *schedule,
            guint root,
            const gchar *text,
            GError **error)
{
  g_autoptr (GPtrArray) entries = new_steps ();
  g_autofree gboolean *is_end = g_new0 (gboolean, schedule->steps + 1);

  if (!collect_ends (schedule, text, is_end, error))
    return NULL;
  for (guint step = 1; step <= schedule->steps; step++)
    if (is_end[step])
      {
        GString *out = g_string_new (NULL);

        print_node (schedule, root, step, out);
        add_step (entries, step, g_string_free (out, FALSE));
      }
  return g_steal_pointer (&entries);
}

GPtrArray *
pmt_prompt_schedule_new (const gchar *text,
                         guint steps,
                         guint hires_steps,
                         GError **error)
{
  Schedule schedule = { NULL, hires_steps > 0 ? hires_steps : steps, 0, 0 };
  g_autoptr (GArray) nodes = NULL;
  GPtrArray *entries;
  PmtPromptTree tree;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (steps >= 1 && steps <= PMT_PROMPT_MAX_STEPS, NULL);
  g_return_val_if_fail (hires_steps <= PMT_PROMPT_MAX_STEPS, NULL);
  if (!pmt_prompt_check (text, error)
      || !pmt_prompt_schedule_parse (text, &tree, error))
    return NULL;
  nodes = tree.nodes;
  schedule.nodes = nodes;
  if (hires_steps > 0)
    {
      schedule.step_offset = steps;
      schedule.fraction_offset = 1;
    }
  if (tree.root != PMT_PROMPT_NODE_NONE)
    return make_steps (&schedule, tree.root, text, error);
  entries = new_steps ();
  add_step (entries, schedule.steps, g_strdup (text));
  return entries;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* problem.c: reasons why a request can't run. */
#include "config.h"

#include "core/backend.h"
#include "core/engine-private.h"

void
pmt_problem_free (PmtProblem *problem)
{
  if (problem == NULL)
    return;
  g_free (problem->name);
  g_free (problem->message);
  g_free (problem);
}

GPtrArray *
pmt_problems_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_problem_free);
}

void
pmt_problems_add (GPtrArray *problems,
                  PmtError code,
                  const gchar *name,
                  const gchar *format,
                  ...)
{
  PmtProblem *problem = g_new0 (PmtProblem, 1);
  va_list args;

  va_start (args, format);
  problem->message = g_strdup_vprintf (format, args);
  va_end (args);
  problem->name = g_strdup (name);
  problem->code = code;
  g_ptr_array_add (problems, problem);
}

gboolean
pmt_problems_to_error (GPtrArray *problems, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const PmtProblem *first;

  if (problems->len == 0)
    return TRUE;
  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = problems->pdata[i];

      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, problem->message);
    }
  first = problems->pdata[0];
  g_set_error_literal (error, PMT_ERROR, first->code, text->str);
  return FALSE;
}

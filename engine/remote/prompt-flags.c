/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-flags.c: parameters that are sent inside the prompt: "--ar 16:9". */
#include "config.h"

#include "remote/prompt-flags.h"

#include "prompt/flags.h"

/* One line: a line break would not end the value, but hide what it is. */
static gchar *
print_value (const cJSON *node)
{
  if (cJSON_IsTrue (node))
    return g_strdup ("");
  if (cJSON_IsRaw (node))
    return g_strdup (node->valuestring);
  if (cJSON_IsString (node) && *node->valuestring != '\0')
    return g_strstrip (
        g_strdelimit (g_strdup (node->valuestring), "\r\n\t", ' '));
  return NULL;
}

/* Whether what was typed leaves room for @id. */
static gboolean
is_free (const PmtFlagged *typed, gint id)
{
  for (gint other = 0; other < PMT_N_FLAGS; other++)
    if (pmt_flagged_find (typed, other) != NULL
        && (other == id || pmt_flags_exclude (other, id)))
      return FALSE;
  return TRUE;
}

gchar *
pmt_prompt_flags_join (const gchar *prompt, const cJSON *body, GError **error)
{
  g_autoptr (GString) text = g_string_new (prompt);
  g_autoptr (PmtFlagged) typed = pmt_flags_parse (prompt, error);
  g_autoptr (PmtFlagged) all = NULL;
  const cJSON *node;

  if (typed == NULL)
    return NULL;
  cJSON_ArrayForEach (node, body)
  {
    g_autofree gchar *value = print_value (node);

    if (node->string != NULL && g_str_has_prefix (node->string, "--")
        && value != NULL && is_free (typed, pmt_flag_id_of (node->string + 2)))
      g_string_append_printf (text, " %s %s", node->string, value);
  }
  all = pmt_flags_parse (text->str, error);
  return all != NULL ? pmt_flags_print (all) : NULL;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights.c: prompts with emphasis: parts, reading, writing. */
#include "config.h"

#include <string.h>

#include "prompt/prompt-text.h"
#include "prompt/weights-private.h"

PmtPromptPart *
pmt_prompt_part_new (const gchar *text, gdouble weight)
{
  PmtPromptPart *part = g_new0 (PmtPromptPart, 1);

  part->text = g_strdup (text);
  part->weight = weight;
  return part;
}

void
pmt_prompt_part_free (PmtPromptPart *part)
{
  if (part == NULL)
    return;
  g_free (part->text);
  g_free (part);
}

GPtrArray *
pmt_prompt_parse_weights (const gchar *text,
                          PmtPromptSyntax syntax,
                          GError **error)
{
  GPtrArray *parts;

  g_return_val_if_fail (text != NULL, NULL);
  if (!pmt_prompt_check (text, error))
    return NULL;
  switch (syntax)
    {
    case PMT_PROMPT_COMFYUI:
      return pmt_prompt_parse_comfyui (text, error);
    case PMT_PROMPT_A1111:
      return pmt_prompt_parse_a1111 (text, error);
    case PMT_PROMPT_PLAIN:
      break;
    }
  parts = g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_prompt_part_free);
  g_ptr_array_add (parts, pmt_prompt_part_new (text, 1));
  return parts;
}

/* In A1111 "BREAK" in a text can only be told from the word by a backslash
 * that stands for nothing. */
static void
escape_a1111 (GString *out, const gchar *text)
{
  for (const gchar *p = text; *p != '\0'; p++)
    {
      if (strchr ("()[]\\", *p) != NULL)
        g_string_append_c (out, '\\');
      if (g_str_has_prefix (p, "BREAK"))
        {
          g_string_append (out, "BR\\EAK");
          p += strlen ("BREAK") - 1;
        }
      else
        g_string_append_c (out, *p);
    }
}

static void
escape_to (GString *out, const gchar *text, PmtPromptSyntax syntax)
{
  if (syntax == PMT_PROMPT_PLAIN)
    g_string_append (out, text);
  else if (syntax == PMT_PROMPT_A1111)
    escape_a1111 (out, text);
  else
    for (const gchar *p = text; *p != '\0'; p++)
      {
        if (*p == '(' || *p == ')')
          g_string_append_c (out, '\\');
        g_string_append_c (out, *p);
      }
}

gchar *
pmt_prompt_escape (const gchar *text, PmtPromptSyntax syntax)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);
  escape_to (out, text, syntax);
  return g_string_free (out, FALSE);
}

/* A1111 knows no exponents, hence plain decimals; as few as it takes. */
static void
print_weight (GString *out, gdouble weight)
{
  gchar format[16];
  gchar number[G_ASCII_DTOSTR_BUF_SIZE + 400];

  for (gint digits = 1; digits <= 340; digits++)
    {
      g_snprintf (format, sizeof format, "%%.%df", digits);
      g_ascii_formatd (number, sizeof number, format, weight);
      if (g_ascii_strtod (number, NULL) == weight)
        break;
    }
  g_string_append (out, number);
}

gchar *
pmt_prompt_print_weights (GPtrArray *parts, PmtPromptSyntax syntax)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (parts != NULL, NULL);
  for (guint i = 0; i < parts->len; i++)
    {
      const PmtPromptPart *part = parts->pdata[i];
      const gboolean in_brackets =
          part->weight != 1 && syntax != PMT_PROMPT_PLAIN;

      if (part->is_break && syntax == PMT_PROMPT_A1111)
        {
          g_string_append (out, " BREAK ");
          continue;
        }
      if (in_brackets)
        g_string_append_c (out, '(');
      escape_to (out, part->text, syntax);
      if (in_brackets)
        {
          g_string_append_c (out, ':');
          print_weight (out, part->weight);
          g_string_append_c (out, ')');
        }
    }
  return g_string_free (out, FALSE);
}

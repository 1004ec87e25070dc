/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* split-and.c: several prompts at once, with weights. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "prompt/prompt-text.h"
#include "prompt/schedule.h"

static const gchar *
find_and (const gchar *text, const gchar *p, const gchar *end)
{
  for (; p < end; p = g_utf8_next_char (p))
    if (*p == 'A' && pmt_prompt_is_word_at (text, end, p, "AND"))
      return p;
  return end;
}

static gboolean
add_part (GPtrArray *parts,
          const gchar *text,
          const gchar *start,
          const gchar *end,
          GError **error)
{
  const gchar *trimmed = pmt_prompt_trim_space (start, end);
  const gchar *colon = g_strrstr_len (start, trimmed - start, ":");
  g_autofree gchar *part = NULL;
  gdouble weight = 1;

  if (colon != NULL
      && pmt_prompt_scan_decimal (pmt_prompt_skip_space (colon + 1, trimmed),
                                  trimmed, &weight)
             == trimmed)
    trimmed = pmt_prompt_trim_space (start, colon);
  else
    weight = 1;
  if (!isfinite (weight))
    return pmt_prompt_fail (text, colon, _ ("the weight is too large"), error);
  part = g_strndup (start, trimmed - start);
  g_ptr_array_add (parts, pmt_prompt_part_new (part, weight));
  return TRUE;
}

GPtrArray *
pmt_prompt_split_and (const gchar *text, GError **error)
{
  g_autoptr (GPtrArray) parts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_prompt_part_free);
  const gchar *start = text;
  const gchar *end;
  const gchar *stop;

  g_return_val_if_fail (text != NULL, NULL);
  if (!pmt_prompt_check (text, error))
    return NULL;
  end = text + strlen (text);
  for (;;)
    {
      stop = find_and (text, start, end);
      if (!add_part (parts, text, start, stop, error))
        return NULL;
      if (stop == end)
        return g_steal_pointer (&parts);
      start = stop + strlen ("AND");
    }
}

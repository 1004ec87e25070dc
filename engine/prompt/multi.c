/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* multi.c: several concepts in a prompt. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "prompt/multi.h"
#include "prompt/prompt-text.h"

/* [bytes]: for a bracket that opens a pair how far away the end of it is;
 * 0 elsewhere. */
static gsize *
find_pairs (const gchar *text, gsize length)
{
  gsize *distance = g_new0 (gsize, length + 1);
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\\' && i + 1 < length)
        i++;
      else if (text[i] == '(' || text[i] == '[')
        g_array_append_val (open, i);
      else if ((text[i] == ')' || text[i] == ']') && open->len > 0)
        {
          const gsize start = g_array_index (open, gsize, open->len - 1);

          if ((text[start] == '(') == (text[i] == ')'))
            distance[start] = i - start;
          g_array_set_size (open, open->len - 1);
        }
    }
  return distance;
}

/* The first "::" from @p on that cuts, or @end. */
static const gchar *
find_cut (const gchar *text,
          const gchar *p,
          const gchar *end,
          const gsize *pairs)
{
  for (; p < end; p++)
    {
      p += pairs[p - text];
      if (*p == '\\' && p + 1 < end)
        p++;
      else if (p[0] == ':' && p[1] == ':')
        return p;
    }
  return end;
}

/* Behind the weight at @p; @p itself when there is none. */
static const gchar *
scan_weight (const gchar *p, const gchar *end, gdouble *weight)
{
  gdouble number;
  const gchar *stop = pmt_prompt_scan_decimal (p, end, &number);

  if (stop == NULL)
    return p;
  if (stop < end && *stop != ',' && strncmp (stop, "::", 2) != 0
      && !pmt_prompt_is_space (g_utf8_get_char (stop)))
    return p;
  *weight = number;
  return stop < end && *stop == ',' ? stop + 1 : stop;
}

/* The part from @start to the cut at @cut; returns where the next one starts,
 * or %NULL with @error. */
static const gchar *
add_part (GPtrArray *parts,
          const gchar *text,
          const gchar *start,
          const gchar *cut,
          const gchar *end,
          GError **error)
{
  const gchar *next = cut;
  const gchar *stop;
  g_autofree gchar *part = NULL;
  gdouble weight = 1;

  if (cut < end)
    next = scan_weight (cut + 2, end, &weight);
  start = pmt_prompt_skip_space (start, cut);
  stop = pmt_prompt_trim_space (start, cut);
  if (stop == start && cut < end)
    {
      pmt_prompt_fail (text, cut, _ ("there is nothing before “::”"), error);
      return NULL;
    }
  if (!isfinite (weight))
    {
      pmt_prompt_fail (text, cut, _ ("the weight is too large"), error);
      return NULL;
    }
  part = g_strndup (start, stop - start);
  if (stop > start || parts->len == 0)
    g_ptr_array_add (parts, pmt_prompt_part_new (part, weight));
  return next;
}

GPtrArray *
pmt_prompt_split_multi (const gchar *text, GError **error)
{
  g_autoptr (GPtrArray) parts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_prompt_part_free);
  g_autofree gsize *pairs = NULL;
  const gchar *start = text;
  const gchar *end;

  g_return_val_if_fail (text != NULL, NULL);
  if (!pmt_prompt_check (text, error))
    return NULL;
  end = text + strlen (text);
  pairs = find_pairs (text, end - text);
  for (;;)
    {
      const gchar *cut = find_cut (text, start, end, pairs);

      start = add_part (parts, text, start, cut, end, error);
      if (start == NULL)
        return NULL;
      if (cut == end)
        return g_steal_pointer (&parts);
    }
}

gboolean
pmt_prompt_has_multi (const gchar *text)
{
  g_autofree gsize *pairs = NULL;
  const gchar *end;

  g_return_val_if_fail (text != NULL, FALSE);
  end = text + strlen (text);
  pairs = find_pairs (text, end - text);
  return find_cut (text, text, end, pairs) < end;
}

GArray *
pmt_prompt_list_cuts (const gchar *text)
{
  GArray *cuts = g_array_new (FALSE, FALSE, sizeof (PmtPromptCut));
  g_autofree gsize *pairs = NULL;
  const gchar *end;
  const gchar *p = text;

  g_return_val_if_fail (text != NULL, cuts);
  end = text + strlen (text);
  pairs = find_pairs (text, end - text);
  while ((p = find_cut (text, p, end, pairs)) < end)
    {
      PmtPromptCut cut = { p - text, 0 };
      gdouble weight;

      p = scan_weight (p + 2, end, &weight);
      cut.end = p - text;
      g_array_append_val (cuts, cut);
    }
  return cuts;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights-comfyui.c: emphasis as ComfyUI reads it. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "prompt/prompt-text.h"
#include "prompt/weights-private.h"

#define BRACKET 1.1

typedef struct
{
  const gchar *text;
  GPtrArray *parts;
  GError **error;
} Reader;

static gboolean read_range (Reader *reader,
                            const gchar *start,
                            const gchar *end,
                            gdouble weight,
                            guint depth);

/* A backslash and a bracket at @p. */
static gboolean
is_escape (const gchar *p, const gchar *end)
{
  return *p == '\\' && p + 1 < end && (p[1] == '(' || p[1] == ')');
}

static gchar *
unescape (const gchar *start, const gchar *end)
{
  GString *text = g_string_new (NULL);

  for (const gchar *p = start; p < end; p++)
    {
      if (is_escape (p, end))
        p++;
      g_string_append_c (text, *p);
    }
  return g_string_free (text, FALSE);
}

/* Whether @start to @end, at least a character, is in brackets of its own. */
static gboolean
is_bracketed (const gchar *start, const gchar *end)
{
  return end - start >= 2 && *start == '(' && end[-1] == ')' && end[-2] != '\\';
}

/* The inside of a pair of brackets: its own weight replaces all others. */
static gboolean
read_brackets (Reader *reader,
               const gchar *start,
               const gchar *end,
               gdouble weight,
               guint depth)
{
  const gchar *colon = g_strrstr_len (start, end - start, ":");
  gdouble own;

  if (depth > PMT_PROMPT_MAX_DEPTH)
    return pmt_prompt_fail (reader->text, start,
                            _ ("the brackets are nested too deeply"),
                            reader->error);
  weight *= BRACKET;
  if (colon != NULL && colon > start
      && pmt_prompt_parse_float (colon + 1, end, &own))
    {
      weight = own;
      end = colon;
    }
  if (!isfinite (weight))
    return pmt_prompt_fail (reader->text, start,
                            _ ("the weight is no finite number"),
                            reader->error);
  return read_range (reader, start, end, weight, depth);
}

static gboolean
read_item (Reader *reader,
           const gchar *start,
           const gchar *end,
           gdouble weight,
           guint depth)
{
  PmtPromptPart *part;

  if (start == end)
    return TRUE;
  if (is_bracketed (start, end))
    return read_brackets (reader, start + 1, end - 1, weight, depth + 1);
  part = g_new0 (PmtPromptPart, 1);
  part->text = unescape (start, end);
  part->weight = weight;
  g_ptr_array_add (reader->parts, part);
  return TRUE;
}

/* Cuts before each outermost opening bracket and behind the closing one.  A
 * closing bracket too many makes the level negative, so that one opening
 * bracket behind it has no effect: so it is in ComfyUI. */
static gboolean
read_range (Reader *reader,
            const gchar *start,
            const gchar *end,
            gdouble weight,
            guint depth)
{
  const gchar *item = start;
  gint level = 0;

  for (const gchar *p = start; p < end; p++)
    {
      if (is_escape (p, end))
        p++;
      else if (*p == '(')
        {
          if (level == 0)
            {
              if (!read_item (reader, item, p, weight, depth))
                return FALSE;
              item = p;
            }
          level++;
        }
      else if (*p == ')' && --level == 0)
        {
          if (!read_item (reader, item, p + 1, weight, depth))
            return FALSE;
          item = p + 1;
        }
    }
  return read_item (reader, item, end, weight, depth);
}

GPtrArray *
pmt_prompt_parse_comfyui (const gchar *text, GError **error)
{
  g_autoptr (GPtrArray) parts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_prompt_part_free);
  Reader reader = { text, parts, error };

  if (!read_range (&reader, text, text + strlen (text), 1, 0))
    return NULL;
  return g_steal_pointer (&parts);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-weight.c: "text" to "(text:1.1)" and back. */
#include "prompt-weight.h"

#include <math.h>
#include <string.h>

#define MIN_WEIGHT 0.0
#define MAX_WEIGHT 3.0

/* A weight has no more characters than this. */
#define MAX_DIGITS 16

/**
 * Group: words with a weight
 * @start, @end: the words, without brackets and weight
 * @outer_start, @outer_end: with them; the same when @weight is 1
 */
typedef struct
{
  glong start;
  glong end;
  glong outer_start;
  glong outer_end;
  gdouble weight;
} Group;

static gboolean
is_escaped (const gunichar *text, glong i)
{
  gint n = 0;

  while (i > n && text[i - n - 1] == '\\')
    n++;

  return n % 2 == 1;
}

static gboolean
is_bracket (const gunichar *text, glong i, gunichar bracket)
{
  return text[i] == bracket && !is_escaped (text, i);
}

static gboolean
is_balanced (const gunichar *text, glong start, glong end)
{
  gint depth = 0;

  for (glong i = start; i < end && depth >= 0; i++)
    {
      depth += is_bracket (text, i, '(');
      depth -= is_bracket (text, i, ')');
    }

  return depth == 0;
}

/* Reads ":1.1)" at @i; the position behind it, or -1. */
static glong
read_weight (const gunichar *text, glong i, glong n, gdouble *weight)
{
  gchar digits[MAX_DIGITS + 1] = "";
  gchar *rest = NULL;
  gint length = 0;

  if (i >= n || text[i] != ':')
    return -1;
  for (i++; i < n && length < MAX_DIGITS
            && strchr ("0123456789.", (gint)text[i]) && text[i] < 128;
       i++)
    digits[length++] = (gchar)text[i];
  if (length == 0 || i >= n || text[i] != ')')
    return -1;
  *weight = g_ascii_strtod (digits, &rest);

  return *rest == '\0' && isfinite (*weight) ? i + 1 : -1;
}

/* Whether the words of @group stand in brackets with a weight. */
static void
find_brackets (const gunichar *text, glong n, Group *group)
{
  gdouble weight;
  glong behind;

  if (group->start == 0 || !is_bracket (text, group->start - 1, '('))
    return;
  behind = read_weight (text, group->end, n, &weight);
  if (behind < 0)
    return;

  group->outer_start = group->start - 1;
  group->outer_end = behind;
  group->weight = weight;
}

static Group
new_group (glong start, glong end)
{
  return (Group){ start, end, start, end, 1.0 };
}

/* The colon before the weight of "(text:1.1)", or -1. */
static glong
find_colon (const gunichar *text, glong start, glong end)
{
  for (glong i = end - 1; i > start; i--)
    {
      gdouble weight;

      if (text[i] == ':')
        return read_weight (text, i, end, &weight) == end ? i : -1;
    }

  return -1;
}

/* The innermost "(text:1.1)" around @cursor. */
static gboolean
find_group_around (const gunichar *text, glong n, glong cursor, Group *group)
{
  glong start = cursor - 1;
  glong end = cursor;
  glong colon;
  gint depth = 0;

  for (; start >= 0; start--)
    {
      depth += is_bracket (text, start, ')');
      if (is_bracket (text, start, '(') && depth-- == 0)
        break;
    }
  for (depth = 0; end < n; end++)
    {
      depth += is_bracket (text, end, '(');
      if (is_bracket (text, end, ')') && depth-- == 0)
        break;
    }
  if (start < 0 || end >= n)
    return FALSE;
  colon = find_colon (text, start, end + 1);
  if (colon < 0)
    return FALSE;

  *group = new_group (start + 1, colon);
  find_brackets (text, n, group);

  return TRUE;
}

static gboolean
is_word (gunichar c)
{
  return !g_unichar_isspace (c) && (c >= 128 || !strchr (",()[]:|", (gint)c));
}

static Group
find_word (const gunichar *text, glong n, glong cursor)
{
  glong start = cursor;
  glong end = cursor;

  while (start > 0 && is_word (text[start - 1]))
    start--;
  while (end < n && is_word (text[end]))
    end++;

  return new_group (start, end);
}

/* What is selected, without spaces and brackets around it. */
static Group
find_selected (const gunichar *text, glong start, glong end)
{
  glong colon;

  while (start < end && g_unichar_isspace (text[start]))
    start++;
  while (end > start && g_unichar_isspace (text[end - 1]))
    end--;
  if (end - start > 1 && is_bracket (text, start, '(')
      && is_bracket (text, end - 1, ')'))
    {
      colon = find_colon (text, start, end);
      if (colon > 0 && is_balanced (text, start + 1, colon))
        return new_group (start + 1, colon);
    }

  return new_group (start, end);
}

static gchar *
write_group (const gunichar *text, glong n, Group *group, gdouble weight)
{
  GString *out = g_string_new (NULL);
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];
  const gboolean is_plain = weight == 1.0;
  const glong length = group->end - group->start;

  g_ascii_formatd (number, sizeof number, "%.6g", weight);
  for (glong i = 0; i < group->outer_start; i++)
    g_string_append_unichar (out, text[i]);
  if (!is_plain)
    g_string_append_c (out, '(');
  for (glong i = group->start; i < group->end; i++)
    g_string_append_unichar (out, text[i]);
  if (!is_plain)
    g_string_append_printf (out, ":%s)", number);
  for (glong i = group->outer_end; i < n; i++)
    g_string_append_unichar (out, text[i]);

  group->start = group->outer_start + (is_plain ? 0 : 1);
  group->end = group->start + length;

  return g_string_free (out, FALSE);
}

gchar *
pmt_prompt_weight_change (const gchar *text,
                          gint *start,
                          gint *end,
                          gdouble delta)
{
  glong n = 0;
  g_autofree gunichar *all = g_utf8_to_ucs4_fast (text, -1, &n);
  Group group;
  gdouble weight;
  gchar *changed;

  if (*start < 0 || *end > n || *start > *end)
    return NULL;
  if (*start < *end)
    group = find_selected (all, *start, *end);
  else if (!find_group_around (all, n, *start, &group))
    group = find_word (all, n, *start);
  if (group.start == group.end || !is_balanced (all, group.start, group.end))
    return NULL;

  find_brackets (all, n, &group);
  weight = CLAMP (round ((group.weight + delta) * 100.0) / 100.0, MIN_WEIGHT,
                  MAX_WEIGHT);
  changed = write_group (all, n, &group, weight);
  *start = (gint)group.start;
  *end = (gint)group.end;

  return changed;
}

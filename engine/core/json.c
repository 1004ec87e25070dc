/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* json.c: reading JSON that may be hostile, and saying where it is wrong. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/json.h"

typedef struct
{
  const gchar *label;
  const gchar *text;
  gsize length;
  gsize max_bytes;
  PmtError code;
  GError **error;
} Input;

static void
position (const gchar *text, gsize offset, guint *line, guint *column)
{
  *line = 1;
  *column = 1;
  for (gsize i = 0; i < offset; i++)
    {
      if (text[i] == '\n')
        {
          ++*line;
          *column = 1;
        }
      else if ((text[i] & 0xc0) != 0x80)
        ++*column;
    }
}

static gboolean
fail_at (const Input *input, gsize offset, const gchar *reason)
{
  guint line;
  guint column;

  position (input->text, MIN (offset, input->length), &line, &column);
  /* Translators: "FILE, line 3, column 7: reason" */
  g_set_error (input->error, PMT_ERROR, input->code,
               _ ("%s, line %u, column %u: %s"), input->label, line, column,
               reason);
  return FALSE;
}

/* Offset of @c from @i on; @end without it. */
static gsize
find_byte (const gchar *text, gsize i, gsize end, gchar c)
{
  const gchar *found = i < end ? memchr (text + i, c, end - i) : NULL;

  return found != NULL ? (gsize)(found - text) : end;
}

/* Offset behind the string that opens at @i.  Strings may be pictures. */
static gsize
skip_string (const gchar *text, gsize length, gsize i)
{
  gsize quote = find_byte (text, ++i, length, '"');

  while ((i = find_byte (text, i, quote, '\\')) < quote)
    {
      i += 2;
      if (i > quote)
        quote = find_byte (text, i, length, '"');
    }
  return MIN (quote + 1, length);
}

static gboolean
has_escaped_nul (const gchar *text, gsize start, gsize end)
{
  gsize i = start;

  while ((i = find_byte (text, i, end, '\\')) + 5 < end)
    {
      if (memcmp (text + i, "\\u0000", 6) == 0)
        return TRUE;
      i += 2;
    }
  return FALSE;
}

/* What cJSON does not check, or checks too generously for a file from
 * somewhere. */
static gboolean
check_text (const Input *input)
{
  const gchar *text = input->text;
  const gchar *bad;
  gint depth = 0;
  gsize end;

  g_autofree gchar *limit = NULL;
  g_autofree gchar *reason = NULL;

  if (input->length > input->max_bytes)
    {
      limit = g_format_size_full (input->max_bytes, G_FORMAT_SIZE_IEC_UNITS);
      /* Translators: %s is a size such as "1.0 MiB" */
      reason = g_strdup_printf (_ ("The text is larger than %s."), limit);
      return fail_at (input, 0, reason);
    }
  if (!g_utf8_validate_len (text, input->length, &bad))
    return fail_at (input, bad - text, _ ("The text is not valid UTF-8."));
  for (gsize i = 0; i < input->length; i = end)
    {
      end = i + 1;
      if (text[i] == '{' || text[i] == '[')
        depth++;
      else if (text[i] == '}' || text[i] == ']')
        depth--;
      else if (text[i] == '"')
        end = skip_string (text, input->length, i);
      if (depth > PMT_JSON_MAX_DEPTH)
        return fail_at (input, i, _ ("The nesting is too deep."));
      if (text[i] == '"' && has_escaped_nul (text, i, end))
        return fail_at (input, i, _ ("A text holds a zero character."));
    }
  return TRUE;
}

static const cJSON *
find_infinite (const cJSON *node)
{
  const cJSON *child;
  const cJSON *found = NULL;

  if (cJSON_IsNumber (node) && !isfinite (node->valuedouble))
    return node;
  cJSON_ArrayForEach (child, node)
  {
    found = find_infinite (child);
    if (found != NULL)
      break;
  }
  return found;
}

/* Number of the value in the order of the text: parents before children. */
static gboolean
count_until (const cJSON *tree, const cJSON *node, gsize *count)
{
  const cJSON *child;

  if (tree == node)
    return TRUE;
  ++*count;
  cJSON_ArrayForEach (child, tree)
  {
    if (count_until (child, node, count))
      return TRUE;
  }
  return FALSE;
}

static gsize
skip_space (const gchar *text, gsize length, gsize i)
{
  while (i < length && (guchar)text[i] <= ' ')
    i++;
  return i;
}

static gboolean
is_key (const gchar *text, gsize length, gsize end)
{
  end = skip_space (text, length, end);
  return end < length && text[end] == ':';
}

/* Offset of value number @index of a text that is known to be JSON. */
static gsize
value_offset (const gchar *text, gsize length, gsize index)
{
  gsize seen = 0;
  gsize end;

  for (gsize i = 0; i < length; i = end)
    {
      gboolean is_value = TRUE;

      end = i + 1;
      if (text[i] == '"')
        {
          end = skip_string (text, length, i);
          is_value = !is_key (text, length, end);
        }
      else if (g_ascii_isalnum (text[i]) || text[i] == '-')
        {
          while (end < length
                 && (g_ascii_isalnum (text[end]) || strchr ("+-.", text[end])))
            end++;
        }
      else if (text[i] != '{' && text[i] != '[')
        is_value = FALSE;
      if (is_value && seen++ == index)
        return i;
    }
  return length;
}

void
pmt_json_locate (const gchar *text,
                 gsize length,
                 const cJSON *root,
                 const cJSON *node,
                 guint *line,
                 guint *column)
{
  gsize index = 0;

  count_until (root, node, &index);
  position (text, value_offset (text, length, index), line, column);
}

cJSON *
pmt_json_parse (const gchar *label,
                const gchar *text,
                gsize length,
                PmtError code,
                GError **error)
{
  return pmt_json_parse_large (label, text, length, PMT_JSON_MAX_BYTES, code,
                               error);
}

cJSON *
pmt_json_parse_large (const gchar *label,
                      const gchar *text,
                      gsize length,
                      gsize max_bytes,
                      PmtError code,
                      GError **error)
{
  Input input = { label, text, length, max_bytes, code, error };
  g_autoptr (cJSON) root = NULL;
  const cJSON *infinite;
  const gchar *end = NULL;
  gsize index;

  if (!check_text (&input))
    return NULL;
  root = cJSON_ParseWithLengthOpts (text, length, &end, FALSE);
  if (root == NULL)
    {
      fail_at (&input, end != NULL ? (gsize)(end - text) : 0,
               _ ("This is not valid JSON."));
      return NULL;
    }
  index = skip_space (text, length, end - text);
  if (index < length)
    {
      fail_at (&input, index, _ ("Something follows the end."));
      return NULL;
    }
  infinite = find_infinite (root);
  if (infinite != NULL)
    {
      index = 0;
      count_until (root, infinite, &index);
      fail_at (&input, value_offset (text, length, index),
               _ ("The number is too large."));
      return NULL;
    }
  return g_steal_pointer (&root);
}

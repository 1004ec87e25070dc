/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights-a1111.c: emphasis as AUTOMATIC1111's webui reads it. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "prompt/prompt-text.h"
#include "prompt/weights-private.h"

#define ROUND 1.1
#define SQUARE (1 / 1.1)

/* Each bracket multiplies all pieces behind it, one after the other, since
 * the order of the multiplications shows in the last digits. */
#define MAX_OPEN 1024

/* A piece of the text that keeps its weight. */
typedef struct
{
  const gchar *start;
  const gchar *end;
  gdouble weight;
} Piece;

typedef struct
{
  const gchar *text;
  const gchar *end;
  GArray *pieces;
  GArray *round; /* guint: first piece inside each open bracket */
  GArray *square;
} Reader;

static void
add_piece (Reader *reader, const gchar *start, const gchar *end, gdouble weight)
{
  const Piece piece = { start, end, weight };

  g_array_append_val (reader->pieces, piece);
}

static void
multiply_from (Reader *reader, guint first, gdouble factor)
{
  for (guint i = first; i < reader->pieces->len; i++)
    g_array_index (reader->pieces, Piece, i).weight *= factor;
}

static const gchar *
open_bracket (Reader *reader, GArray *stack, const gchar *p, GError **error)
{
  if (reader->round->len + reader->square->len == MAX_OPEN)
    {
      pmt_prompt_fail (reader->text, p,
                       _ ("the brackets are nested too deeply"), error);
      return NULL;
    }
  g_array_append_val (stack, reader->pieces->len);
  return p + 1;
}

static void
close_bracket (Reader *reader, GArray *stack, gdouble factor)
{
  const guint first = g_array_index (stack, guint, stack->len - 1);

  g_array_set_size (stack, stack->len - 1);
  multiply_from (reader, first, factor);
}

/* The text from @start to @end, without brackets, cut at each BREAK. */
static void
add_text (Reader *reader, const gchar *start, const gchar *end)
{
  const gchar *p = start;
  const gchar *from = start;

  while (p < end)
    {
      if (*p != 'B' || !pmt_prompt_is_word_at (start, end, p, "BREAK"))
        {
          p = g_utf8_next_char (p);
          continue;
        }
      add_piece (reader, from, pmt_prompt_trim_space (from, p), 1);
      add_piece (reader, p, p + strlen ("BREAK"), -1);
      p = pmt_prompt_skip_space (p + strlen ("BREAK"), end);
      from = p;
    }
  add_piece (reader, from, end, 1);
}

/* Behind ":1.2)", or %NULL when there is no such thing at @p.  As much of the
 * text as looks like a number is taken as one, so @is_number may be wrong. */
static const gchar *
scan_weight (const Reader *reader,
             const gchar *p,
             gdouble *weight,
             gboolean *is_number)
{
  const gchar *start = pmt_prompt_skip_space (p + 1, reader->end);
  const gchar *end = start;
  const gchar *digits;

  if (end < reader->end && (*end == '+' || *end == '-'))
    end++;
  digits = end;
  while (end < reader->end
         && (*end == '.' || g_unichar_isdigit (g_utf8_get_char (end))))
    end = g_utf8_next_char (end);
  p = pmt_prompt_skip_space (end, reader->end);
  if (end == digits || p == reader->end || *p != ')')
    return NULL;
  *is_number =
      pmt_prompt_scan_decimal (start, end, weight) == end && isfinite (*weight);
  return p + 1;
}

/* The colon at @p, and a weight behind it. */
static const gchar *
read_colon (Reader *reader, const gchar *p, GError **error)
{
  gdouble weight;
  gboolean is_number;
  const gchar *next = scan_weight (reader, p, &weight, &is_number);

  if (next == NULL)
    next = p + 1;
  else if (reader->round->len > 0)
    {
      if (!is_number)
        {
          pmt_prompt_fail (reader->text, p,
                           _ ("what follows the colon is no number"), error);
          return NULL;
        }
      close_bracket (reader, reader->round, weight);
      return next;
    }
  add_piece (reader, p, next, 1);
  return next;
}

static const gchar *
read_escape (Reader *reader, const gchar *p)
{
  const gchar *next = p + 1;

  if (next < reader->end && strchr ("()[]\\", *next) != NULL)
    next++;
  add_piece (reader, p + 1, next, 1);
  return next;
}

/* Reads what starts at @p; returns what follows, or %NULL with @error. */
static const gchar *
read_next (Reader *reader, const gchar *p, GError **error)
{
  gsize length;

  switch (*p)
    {
    case '\\':
      return read_escape (reader, p);
    case '(':
      return open_bracket (reader, reader->round, p, error);
    case '[':
      return open_bracket (reader, reader->square, p, error);
    case ':':
      return read_colon (reader, p, error);
    case ')':
      if (reader->round->len > 0)
        close_bracket (reader, reader->round, ROUND);
      else
        add_piece (reader, p, p + 1, 1);
      return p + 1;
    case ']':
      if (reader->square->len > 0)
        close_bracket (reader, reader->square, SQUARE);
      else
        add_piece (reader, p, p + 1, 1);
      return p + 1;
    default:
      length = strcspn (p, "\\()[]:");
      add_text (reader, p, p + length);
      return p + length;
    }
}

/* Brackets that were never closed reach to the end. */
static void
close_all (Reader *reader)
{
  for (guint i = 0; i < reader->round->len; i++)
    multiply_from (reader, g_array_index (reader->round, guint, i), ROUND);
  for (guint i = 0; i < reader->square->len; i++)
    multiply_from (reader, g_array_index (reader->square, guint, i), SQUARE);
}

/* Neighbors of equal weight become one part. */
static GPtrArray *
merge_pieces (const Reader *reader, GError **error)
{
  g_autoptr (GPtrArray) parts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_prompt_part_free);
  const GArray *pieces = reader->pieces;
  guint i = 0;

  while (i < pieces->len)
    {
      const Piece *first = &g_array_index (pieces, Piece, i);
      g_autoptr (GString) text = g_string_new (NULL);
      PmtPromptPart *part;

      if (!isfinite (first->weight))
        {
          pmt_prompt_fail (reader->text, first->start,
                           _ ("the weight is too large"), error);
          return NULL;
        }
      for (; i < pieces->len; i++)
        {
          const Piece *piece = &g_array_index (pieces, Piece, i);

          if (piece->weight != first->weight)
            break;
          g_string_append_len (text, piece->start, piece->end - piece->start);
        }
      part = pmt_prompt_part_new (text->str, first->weight);
      part->is_break = part->weight == -1 && g_str_equal (text->str, "BREAK");
      g_ptr_array_add (parts, part);
    }
  return g_steal_pointer (&parts);
}

GPtrArray *
pmt_prompt_parse_a1111 (const gchar *text, GError **error)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_autoptr (GArray) round = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) square = g_array_new (FALSE, FALSE, sizeof (guint));
  Reader reader = { text, text + strlen (text), pieces, round, square };
  const gchar *p = text;

  while (p < reader.end)
    {
      p = read_next (&reader, p, error);
      if (p == NULL)
        return NULL;
    }
  close_all (&reader);
  if (pieces->len == 0)
    add_piece (&reader, text, text, 1);
  return merge_pieces (&reader, error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* schedule-parse.c: "[a:b:0.5]" and "[a|b]" as a tree.
 *
 * The grammar of AUTOMATIC1111's webui, in which a bracket or a colon at the
 * top that belongs to nothing is text:
 *   top:       (prompt | "[" | "]" | "(" | ")" | ":")*
 *   prompt:    (plain | emphasis | change | alternate)*
 *   emphasis:  "(" prompt ")" | "(" prompt ":" prompt ")" | "[" prompt "]"
 *   change:    "[" (prompt ":")? prompt ":" number "]"
 *   alternate: "[" prompt ("|" prompt)+ "]"
 *   plain:     anything but \ [ ] ( ) : |, or a backslash and a character
 */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "prompt/prompt-text.h"
#include "prompt/schedule-private.h"

typedef struct
{
  const gchar *text;
  const gchar *end;
  GArray *nodes;
  const gchar **closing; /* [bytes]: where the bracket at a byte closes */
  guint depth;
  gboolean is_too_deep;
} Parser;

static guint parse_element (Parser *parser, const gchar **p);

static guint
add_node (Parser *parser,
          PmtPromptNodeKind kind,
          const gchar *start,
          const gchar *end)
{
  const PmtPromptNode node = {
    .kind = kind,
    .start = start,
    .end = end,
    .first = PMT_PROMPT_NODE_NONE,
    .next = PMT_PROMPT_NODE_NONE,
  };

  g_array_append_val (parser->nodes, node);
  return parser->nodes->len - 1;
}

static PmtPromptNode *
get_node (Parser *parser, guint node)
{
  return &g_array_index (parser->nodes, PmtPromptNode, node);
}

/* @last is the child that was added before, or PMT_PROMPT_NODE_NONE. */
static void
add_child (Parser *parser, guint parent, guint *last, guint child)
{
  if (*last == PMT_PROMPT_NODE_NONE)
    get_node (parser, parent)->first = child;
  else
    get_node (parser, *last)->next = child;
  *last = child;
}

/* Behind the plain text at @p; @p itself when there is none. */
static const gchar *
skip_plain (const Parser *parser, const gchar *p)
{
  while (p < parser->end && strchr ("[]():|", *p) == NULL)
    {
      if (*p == '\\')
        {
          if (p + 1 == parser->end || p[1] == '\n')
            break;
          p++;
        }
      p = g_utf8_next_char (p);
    }
  return p;
}

/* A prompt that ends before the first of ")", "]", ":", "|". */
static guint
parse_prompt (Parser *parser, const gchar **p)
{
  const guint prompt = add_node (parser, PMT_PROMPT_NODE_SEQUENCE, *p, *p);
  guint last = PMT_PROMPT_NODE_NONE;

  while (*p < parser->end && strchr (")]:|", **p) == NULL)
    {
      const gchar *start = *p;
      guint child;

      if (*start == '(' || *start == '[')
        child = parse_element (parser, p);
      else
        {
          *p = skip_plain (parser, start);
          child = *p == start
                      ? PMT_PROMPT_NODE_NONE
                      : add_node (parser, PMT_PROMPT_NODE_TEXT, start, *p);
        }
      if (child == PMT_PROMPT_NODE_NONE)
        return PMT_PROMPT_NODE_NONE;
      add_child (parser, prompt, &last, child);
    }
  return prompt;
}

static const gchar *
skip_digits (const gchar *p)
{
  while (g_ascii_isdigit (*p))
    p++;
  return p;
}

/* Behind the number at @p, or %NULL. */
static const gchar *
scan_number (const gchar *p, gboolean *is_fraction)
{
  const gchar *digits;
  const gchar *exponent;

  if (*p == '+' || *p == '-')
    p++;
  digits = p;
  p = skip_digits (p);
  *is_fraction = *p == '.';
  if (*is_fraction)
    p = skip_digits (p + 1);
  if (p - digits == (*is_fraction ? 1 : 0))
    return NULL;
  if (*p != 'e' && *p != 'E')
    return p;
  exponent = p[1] == '+' || p[1] == '-' ? p + 2 : p + 1;
  return g_ascii_isdigit (*exponent) ? skip_digits (exponent) : NULL;
}

/* A number and the closing bracket at *@p. */
static gboolean
parse_when (Parser *parser, const gchar **p, PmtPromptNode *change)
{
  const gchar *start = pmt_prompt_skip_space (*p, parser->end);
  const gchar *stop = scan_number (start, &change->is_fraction);

  if (stop == NULL)
    return FALSE;
  stop = pmt_prompt_skip_space (stop, parser->end);
  if (*stop != ']')
    return FALSE;
  change->number = g_ascii_strtod (start, NULL);
  *p = stop + 1;
  return TRUE;
}

/* What follows "[prompt:". */
static guint
parse_change (Parser *parser, const gchar **p, const gchar *start, guint prompt)
{
  PmtPromptNode when = { .kind = PMT_PROMPT_NODE_CHANGE };
  const guint change = add_node (parser, PMT_PROMPT_NODE_CHANGE, start, start);
  guint last = PMT_PROMPT_NODE_NONE;

  add_child (parser, change, &last, prompt);
  if (!parse_when (parser, p, &when))
    {
      const guint after = parse_prompt (parser, p);

      if (after == PMT_PROMPT_NODE_NONE || **p != ':')
        return PMT_PROMPT_NODE_NONE;
      ++*p;
      if (!parse_when (parser, p, &when))
        return PMT_PROMPT_NODE_NONE;
      add_child (parser, change, &last, after);
      when.has_before = TRUE;
    }
  get_node (parser, change)->number = when.number;
  get_node (parser, change)->is_fraction = when.is_fraction;
  get_node (parser, change)->has_before = when.has_before;
  return change;
}

/* What follows "[prompt", from the first "|". */
static guint
parse_alternate (Parser *parser,
                 const gchar **p,
                 const gchar *start,
                 guint prompt)
{
  const guint alternate =
      add_node (parser, PMT_PROMPT_NODE_ALTERNATE, start, start);
  guint last = PMT_PROMPT_NODE_NONE;

  add_child (parser, alternate, &last, prompt);
  while (**p == '|')
    {
      ++*p;
      prompt = parse_prompt (parser, p);
      if (prompt == PMT_PROMPT_NODE_NONE)
        return PMT_PROMPT_NODE_NONE;
      add_child (parser, alternate, &last, prompt);
    }
  if (**p != ']')
    return PMT_PROMPT_NODE_NONE;
  ++*p;
  return alternate;
}

/* What is in round brackets stays as it is, but for changes inside. */
static guint
parse_emphasis (Parser *parser,
                const gchar **p,
                const gchar *start,
                guint prompt)
{
  const guint emphasis = add_node (parser, PMT_PROMPT_NODE_SEQUENCE, start, *p);
  guint last = PMT_PROMPT_NODE_NONE;

  add_child (parser, emphasis, &last,
             add_node (parser, PMT_PROMPT_NODE_TEXT, start, start + 1));
  add_child (parser, emphasis, &last, prompt);
  if (*start == '(' && **p == ':')
    {
      add_child (parser, emphasis, &last,
                 add_node (parser, PMT_PROMPT_NODE_TEXT, *p, *p + 1));
      ++*p;
      prompt = parse_prompt (parser, p);
      if (prompt == PMT_PROMPT_NODE_NONE)
        return PMT_PROMPT_NODE_NONE;
      add_child (parser, emphasis, &last, prompt);
    }
  if (**p != (*start == '(' ? ')' : ']'))
    return PMT_PROMPT_NODE_NONE;
  add_child (parser, emphasis, &last,
             add_node (parser, PMT_PROMPT_NODE_TEXT, *p, *p + 1));
  ++*p;
  return emphasis;
}

static guint
parse_inside (Parser *parser, const gchar **p)
{
  const gchar *start = *p;
  guint prompt;

  ++*p;
  prompt = parse_prompt (parser, p);
  if (prompt == PMT_PROMPT_NODE_NONE)
    return PMT_PROMPT_NODE_NONE;
  if (*start == '[' && **p == '|')
    return parse_alternate (parser, p, start, prompt);
  if (*start == '[' && **p == ':')
    {
      ++*p;
      return parse_change (parser, p, start, prompt);
    }
  return parse_emphasis (parser, p, start, prompt);
}

/* What the bracket at *@p opens; PMT_PROMPT_NODE_NONE, with *@p as it was, when
 * that is nothing of the grammar. */
static guint
parse_element (Parser *parser, const gchar **p)
{
  const gchar *start = *p;
  const guint n_nodes = parser->nodes->len;
  guint node = PMT_PROMPT_NODE_NONE;

  if (parser->closing[start - parser->text] == NULL)
    return PMT_PROMPT_NODE_NONE;
  if (parser->depth == PMT_PROMPT_MAX_DEPTH)
    {
      parser->is_too_deep = TRUE;
      return PMT_PROMPT_NODE_NONE;
    }
  parser->depth++;
  node = parse_inside (parser, p);
  parser->depth--;
  if (node == PMT_PROMPT_NODE_NONE)
    {
      g_array_set_size (parser->nodes, n_nodes);
      *p = start;
    }
  return node;
}

/* Pairs of brackets, so that none is followed in vain: one that closes
 * nothing, or another kind, is in no pair, and neither is any around it. */
static void
find_pairs (Parser *parser)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();

  for (const gchar *p = parser->text; p < parser->end; p++)
    {
      const gchar *last = open->len > 0 ? open->pdata[open->len - 1] : NULL;

      if (*p == '\\' && p + 1 < parser->end)
        p++;
      else if (*p == '(' || *p == '[')
        g_ptr_array_add (open, (gpointer)p);
      else if (*p != ')' && *p != ']')
        continue;
      else if (last != NULL && *last == (*p == ')' ? '(' : '['))
        {
          parser->closing[last - parser->text] = p;
          g_ptr_array_set_size (open, open->len - 1);
        }
      else
        g_ptr_array_set_size (open, 0);
    }
}

static guint
parse_top (Parser *parser)
{
  const guint top =
      add_node (parser, PMT_PROMPT_NODE_SEQUENCE, parser->text, parser->end);
  const gchar *p = parser->text;
  guint last = PMT_PROMPT_NODE_NONE;

  while (p < parser->end)
    {
      const gchar *start = p;
      guint child = PMT_PROMPT_NODE_NONE;

      if (*p == '(' || *p == '[')
        child = parse_element (parser, &p);
      else
        p = skip_plain (parser, p);
      if (p == start && strchr ("[]():", *p) == NULL)
        return PMT_PROMPT_NODE_NONE;
      if (p == start)
        p++;
      if (child == PMT_PROMPT_NODE_NONE)
        child = add_node (parser, PMT_PROMPT_NODE_TEXT, start, p);
      add_child (parser, top, &last, child);
    }
  return top;
}

gboolean
pmt_prompt_schedule_parse (const gchar *text,
                           PmtPromptTree *tree,
                           GError **error)
{
  const gsize length = strlen (text);
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (PmtPromptNode));
  g_autofree const gchar **closing = g_new0 (const gchar *, length + 1);
  Parser parser = { text, text + length, nodes, closing, 0, FALSE };
  guint root;

  find_pairs (&parser);
  root = parse_top (&parser);
  if (parser.is_too_deep)
    return pmt_prompt_fail (text, text,
                            _ ("the brackets are nested too deeply"), error);
  tree->nodes = g_steal_pointer (&nodes);
  tree->root = root;
  return TRUE;
}

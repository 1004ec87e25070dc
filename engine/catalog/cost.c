/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cost.c: the small formula that says what a run costs. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "catalog/cost.h"

#define MAX_DEPTH 32

struct _PmtCost
{
  gchar *formula;
};

/* Recursive descent that computes as it reads.  After the first failure,
 * reason is set and every function returns at once. */
typedef struct
{
  const gchar *start;
  const gchar *at;
  PmtCostLookup lookup;
  gpointer user_data;
  gint depth;
  gchar *reason;
} Parser;

PmtCost *
pmt_cost_new (const gchar *formula)
{
  PmtCost *cost = g_new0 (PmtCost, 1);

  cost->formula = g_strdup (formula);
  return cost;
}

void
pmt_cost_free (PmtCost *cost)
{
  if (cost == NULL)
    return;
  g_free (cost->formula);
  g_free (cost);
}

void
pmt_cost_value_set_variant (PmtCostValue *value, GVariant *variant)
{
  value->text = NULL;
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_BOOLEAN))
    value->number = g_variant_get_boolean (variant) ? 1.0 : 0.0;
  else if (g_variant_is_of_type (variant, G_VARIANT_TYPE_INT64))
    value->number = (gdouble)g_variant_get_int64 (variant);
  else if (g_variant_is_of_type (variant, G_VARIANT_TYPE_DOUBLE))
    value->number = g_variant_get_double (variant);
  else
    value->text = g_variant_get_string (variant, &value->text_length);
}

static PmtCostValue
number (gdouble value)
{
  return (PmtCostValue){ NULL, 0, value };
}

static PmtCostValue
fail (Parser *parser, const gchar *what)
{
  if (parser->reason == NULL)
    parser->reason = g_strdup_printf (
        /* Translators: a character position, then a sentence. */
        _ ("at character %d: %s"), (gint)(parser->at - parser->start) + 1,
        what);
  return number (0.0);
}

static gboolean
accept (Parser *parser, const gchar *token)
{
  gsize length = strlen (token);

  while (*parser->at == ' ')
    parser->at++;
  if (strncmp (parser->at, token, length) != 0)
    return FALSE;
  parser->at += length;
  return TRUE;
}

static gboolean
expect (Parser *parser, const gchar *token)
{
  g_autofree gchar *what = NULL;

  if (accept (parser, token))
    return TRUE;
  what = g_strdup_printf (_ ("“%s” is missing."), token);
  fail (parser, what);
  return FALSE;
}

static gdouble
need_number (Parser *parser, PmtCostValue value)
{
  if (value.text != NULL)
    fail (parser, _ ("A text can only be compared with == or !=."));
  return value.number;
}

static PmtCostValue parse_choice (Parser *parser);

static PmtCostValue
parse_text (Parser *parser)
{
  const gchar *end = strchr (parser->at, '\'');
  PmtCostValue value = { parser->at, 0, 0.0 };

  if (end == NULL)
    return fail (parser, _ ("A text has no end."));
  value.text_length = end - parser->at;
  parser->at = end + 1;
  return value;
}

static PmtCostValue
parse_function (Parser *parser, const gchar *name)
{
  gboolean is_pair = g_str_equal (name, "max") || g_str_equal (name, "min");
  gdouble first = need_number (parser, parse_choice (parser));
  gdouble second = 0.0;

  if (is_pair)
    {
      expect (parser, ",");
      second = need_number (parser, parse_choice (parser));
    }
  expect (parser, ")");
  if (g_str_equal (name, "ceil"))
    return number (ceil (first));
  if (g_str_equal (name, "floor"))
    return number (floor (first));
  if (g_str_equal (name, "max"))
    return number (MAX (first, second));
  if (g_str_equal (name, "min"))
    return number (MIN (first, second));
  return fail (parser, _ ("Only ceil, floor, max and min are functions."));
}

static PmtCostValue
parse_name (Parser *parser)
{
  const gchar *start = parser->at;
  g_autofree gchar *name = NULL;
  g_autofree gchar *what = NULL;
  PmtCostValue value = { 0 };

  while (g_ascii_isalnum (*parser->at) || *parser->at == '_')
    parser->at++;
  name = g_strndup (start, parser->at - start);
  if (accept (parser, "("))
    return parse_function (parser, name);
  if (parser->lookup (name, &value, parser->user_data))
    return value;
  parser->at = start;
  what = g_strdup_printf (_ ("“%s” is not known."), name);
  return fail (parser, what);
}

static PmtCostValue
parse_factor (Parser *parser)
{
  PmtCostValue value;
  gchar *end;

  if (parser->reason != NULL)
    return number (0.0);
  if (++parser->depth > MAX_DEPTH)
    return fail (parser, _ ("The nesting is too deep."));
  if (accept (parser, "("))
    {
      value = parse_choice (parser);
      expect (parser, ")");
    }
  else if (accept (parser, "-"))
    value = number (-need_number (parser, parse_factor (parser)));
  else if (accept (parser, "'"))
    value = parse_text (parser);
  else if (g_ascii_isdigit (*parser->at))
    {
      value = number (g_ascii_strtod (parser->at, &end));
      parser->at = end;
    }
  else if (g_ascii_isalpha (*parser->at))
    value = parse_name (parser);
  else
    value = fail (parser, _ ("A number, a name or “(” is missing."));
  parser->depth--;
  return value;
}

static PmtCostValue
parse_product (Parser *parser)
{
  PmtCostValue value = parse_factor (parser);

  while (parser->reason == NULL)
    {
      if (accept (parser, "*"))
        value = number (need_number (parser, value)
                        * need_number (parser, parse_factor (parser)));
      else if (accept (parser, "/"))
        value = number (need_number (parser, value)
                        / need_number (parser, parse_factor (parser)));
      else
        break;
    }
  return value;
}

static PmtCostValue
parse_sum (Parser *parser)
{
  PmtCostValue value = parse_product (parser);

  while (parser->reason == NULL)
    {
      if (accept (parser, "+"))
        value = number (need_number (parser, value)
                        + need_number (parser, parse_product (parser)));
      else if (accept (parser, "-"))
        value = number (need_number (parser, value)
                        - need_number (parser, parse_product (parser)));
      else
        break;
    }
  return value;
}

static gboolean
is_equal (Parser *parser, PmtCostValue a, PmtCostValue b)
{
  if (a.text == NULL && b.text == NULL)
    return a.number == b.number;
  if (a.text != NULL && b.text != NULL)
    return a.text_length == b.text_length
           && memcmp (a.text, b.text, a.text_length) == 0;
  fail (parser, _ ("A text is compared with a number."));
  return FALSE;
}

static PmtCostValue
parse_comparison (Parser *parser)
{
  /* The longer ones first: "<" would take the beginning of "<=". */
  static const gchar *const signs[] = { "<=", ">=", "==", "!=", "<", ">" };
  PmtCostValue a = parse_sum (parser);
  PmtCostValue b;
  guint i = 0;

  while (i < G_N_ELEMENTS (signs) && !accept (parser, signs[i]))
    i++;
  if (i == G_N_ELEMENTS (signs) || parser->reason != NULL)
    return a;
  b = parse_sum (parser);
  if (i == 2 || i == 3)
    return number (is_equal (parser, a, b) == (i == 2) ? 1.0 : 0.0);
  need_number (parser, a);
  need_number (parser, b);
  if (i == 0)
    return number (a.number <= b.number);
  if (i == 1)
    return number (a.number >= b.number);
  return number (i == 4 ? a.number < b.number : a.number > b.number);
}

static PmtCostValue
parse_choice (Parser *parser)
{
  PmtCostValue condition;
  PmtCostValue yes;
  PmtCostValue no;

  if (parser->reason != NULL)
    return number (0.0);
  if (++parser->depth > MAX_DEPTH)
    return fail (parser, _ ("The nesting is too deep."));
  condition = parse_comparison (parser);
  if (parser->reason == NULL && accept (parser, "?"))
    {
      yes = parse_choice (parser);
      expect (parser, ":");
      no = parse_choice (parser);
      condition = need_number (parser, condition) != 0.0 ? yes : no;
    }
  parser->depth--;
  return condition;
}

gboolean
pmt_cost_evaluate (const PmtCost *cost,
                   PmtCostLookup lookup,
                   gpointer user_data,
                   gdouble *value,
                   gchar **reason)
{
  Parser parser = { cost->formula, cost->formula, lookup, user_data, 0, NULL };
  gdouble total = need_number (&parser, parse_choice (&parser));

  if (parser.reason == NULL)
    {
      accept (&parser, "");
      if (*parser.at != '\0')
        fail (&parser, _ ("This can't be read."));
      else if (!isfinite (total) || total < 0.0)
        fail (&parser, _ ("The result is negative or no finite number."));
    }
  if (parser.reason != NULL)
    {
      *reason = parser.reason;
      return FALSE;
    }
  *value = total;
  return TRUE;
}

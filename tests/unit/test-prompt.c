/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-prompt.c: what must hold for any prompt. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "prompt/multi.h"
#include "prompt/schedule.h"
#include "prompt/weights.h"

#define N_RANDOM 2000

static const PmtPromptSyntax syntaxes[] = {
  PMT_PROMPT_COMFYUI,
  PMT_PROMPT_A1111,
  PMT_PROMPT_PLAIN,
};

/* ------------------------------------------------------------- helpers -- */

/* A text of up to @n_max of these; @n_max > 0. */
static gchar *
random_text (GRand *rand, const gchar *const *pieces, guint n_max)
{
  GString *text = g_string_new (NULL);
  guint n_pieces = 0;

  while (pieces[n_pieces] != NULL)
    n_pieces++;
  for (gint n = g_rand_int_range (rand, 1, (gint)n_max + 1); n > 0; n--)
    g_string_append (text, pieces[g_rand_int_range (rand, 0, (gint)n_pieces)]);
  return g_string_free (text, FALSE);
}

static GPtrArray *
parse (const gchar *text, PmtPromptSyntax syntax)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *parts = pmt_prompt_parse_weights (text, syntax, &error);

  g_assert_no_error (error);
  return parts;
}

static GPtrArray *
new_parts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_prompt_part_free);
}

/* "text*weight text*weight", for short expectations. */
static gchar *
describe (const GPtrArray *parts)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    {
      const PmtPromptPart *part = parts->pdata[i];

      g_string_append_printf (out, "%s{%s}%g", i > 0 ? " " : "", part->text,
                              part->weight);
    }
  return g_string_free (out, FALSE);
}

static gchar *
repeat (const gchar *piece, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, piece);
  return g_string_free (text, FALSE);
}

/* ------------------------------------------------------------- weights -- */

static void
test_escape (void)
{
  static const gchar *const pieces[] = {
    "a", "(",  ")",  "[", "]",     ":",     "1.2", " ",
    "é", "日", "\n", ",", "BREAK", ":1.2)", "|",   NULL,
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autofree gchar *text = random_text (rand, pieces, 12);

      for (guint k = 0; k < G_N_ELEMENTS (syntaxes); k++)
        {
          g_autofree gchar *escaped = pmt_prompt_escape (text, syntaxes[k]);
          g_autoptr (GPtrArray) parts = parse (escaped, syntaxes[k]);
          const PmtPromptPart *part = parts->pdata[0];

          g_test_message ("“%s” as “%s”", text, escaped);
          g_assert_cmpuint (parts->len, ==, 1);
          g_assert_cmpstr (part->text, ==, text);
          g_assert_cmpfloat (part->weight, ==, 1);
          g_assert_false (part->is_break);
        }
    }
}

static void
test_escape_backslash (void)
{
  g_autofree gchar *escaped = pmt_prompt_escape ("\\(\\\\", PMT_PROMPT_A1111);
  g_autoptr (GPtrArray) parts = parse (escaped, PMT_PROMPT_A1111);

  g_assert_cmpuint (parts->len, ==, 1);
  g_assert_cmpstr (((PmtPromptPart *)parts->pdata[0])->text, ==, "\\(\\\\");
}

/* Parts with unlike neighbors, as A1111's parser would make them. */
static GPtrArray *
random_parts (GRand *rand)
{
  static const gchar *const pieces[] = {
    "a", "(", ")", "[", "]", ":", "1.2", " ", "é", "BREAK", ",", NULL,
  };
  GPtrArray *parts = new_parts ();
  gdouble last = 0;

  for (gint n = g_rand_int_range (rand, 1, 6); n > 0; n--)
    {
      g_autofree gchar *text = random_text (rand, pieces, 6);
      gdouble weight = g_rand_double_range (rand, -2, 2);

      if (g_rand_boolean (rand))
        weight = g_rand_int_range (rand, -3, 30) / 10.0;
      if (weight == last || weight == -1)
        weight += 0.125;
      last = weight;
      g_ptr_array_add (parts, pmt_prompt_part_new (text, weight));
    }
  return parts;
}

static void
compare_parts (const GPtrArray *a, const GPtrArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    {
      const PmtPromptPart *one = a->pdata[i];
      const PmtPromptPart *two = b->pdata[i];

      g_assert_cmpstr (one->text, ==, two->text);
      g_assert_cmpfloat (one->weight, ==, two->weight);
      g_assert_true (one->is_break == two->is_break);
    }
}

/* BREAK leaves empty parts beside brackets, which can't be printed. */
static GPtrArray *
without_empty (const GPtrArray *parts)
{
  GPtrArray *kept = new_parts ();

  for (guint i = 0; i < parts->len; i++)
    {
      const PmtPromptPart *part = parts->pdata[i];
      PmtPromptPart *copy;

      if (*part->text == '\0')
        continue;
      copy = pmt_prompt_part_new (part->text, part->weight);
      copy->is_break = part->is_break;
      g_ptr_array_add (kept, copy);
    }
  return kept;
}

static void
test_print (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < N_RANDOM; i++)
    {
      const PmtPromptSyntax syntax =
          i % 2 == 0 ? PMT_PROMPT_A1111 : PMT_PROMPT_COMFYUI;
      g_autoptr (GPtrArray) parts = random_parts (rand);
      g_autofree gchar *text = pmt_prompt_print_weights (parts, syntax);
      g_autoptr (GPtrArray) again = parse (text, syntax);

      g_test_message ("“%s”", text);
      compare_parts (parts, again);
    }
}

static void
test_print_break (void)
{
  g_autoptr (GPtrArray) parts =
      parse ("red (hair:1.5) BREAK blue", PMT_PROMPT_A1111);
  g_autofree gchar *text = pmt_prompt_print_weights (parts, PMT_PROMPT_A1111);
  g_autoptr (GPtrArray) again = parse (text, PMT_PROMPT_A1111);
  g_autoptr (GPtrArray) kept = without_empty (parts);
  g_autoptr (GPtrArray) kept_again = without_empty (again);

  compare_parts (kept, kept_again);
}

static void
test_plain (void)
{
  g_autoptr (GPtrArray) parts = parse ("(a:1.2) [b] BREAK", PMT_PROMPT_PLAIN);
  g_autofree gchar *text = describe (parts);

  g_assert_cmpstr (text, ==, "{(a:1.2) [b] BREAK}1");
}

static void
test_weights (void)
{
  static const struct
  {
    PmtPromptSyntax syntax;
    const gchar *text;
    const gchar *parts;
  } cases[] = {
    { PMT_PROMPT_COMFYUI, "(a:1e1)", "{a}10" },
    { PMT_PROMPT_COMFYUI, "(a:1_0)", "{a}10" },
    { PMT_PROMPT_COMFYUI, "(a:_1)", "{a:_1}1.1" },
    { PMT_PROMPT_COMFYUI, "(a:1e)", "{a:1e}1.1" },
    { PMT_PROMPT_COMFYUI, "(a:٣)", "{a}3" },
    { PMT_PROMPT_COMFYUI, "a) (b)", "{a) (b)}1" },
    { PMT_PROMPT_COMFYUI, "a)((b)", "{a)(}1 {b}1.1" },
    { PMT_PROMPT_COMFYUI, "((a)", "{(a}1.1" },
    { PMT_PROMPT_A1111, "(a:٣)", "{a}3" },
    { PMT_PROMPT_A1111, "(a:1e1)", "{a:1e1}1.1" },
    { PMT_PROMPT_A1111, "(a:1.3\t)", "{a}1.3" },
    { PMT_PROMPT_A1111, "a BREAK BREAK b",
      "{a}1 {BREAK}-1 {}1 {BREAK}-1 {b}1" },
    { PMT_PROMPT_A1111,
      "a\xc2\xa0"
      "BREAK\xe3\x80\x80"
      "b",
      "{a}1 {BREAK}-1 {b}1" },
    { PMT_PROMPT_A1111, "éBREAK b", "{éBREAK b}1" },
    { PMT_PROMPT_A1111, "_BREAK b", "{_BREAK b}1" },
    { PMT_PROMPT_A1111, "-BREAK- b", "{-}1 {BREAK}-1 {- b}1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) parts = parse (cases[i].text, cases[i].syntax);
      g_autofree gchar *text = describe (parts);

      g_test_message ("“%s”", cases[i].text);
      g_assert_cmpstr (text, ==, cases[i].parts);
    }
}

/* -------------------------------------------------------------- limits -- */

static void
expect_error (GPtrArray *result, GError *error, const gchar *words)
{
  g_assert_null (result);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_error_free (error);
}

static void
expect_weights_error (const gchar *text,
                      PmtPromptSyntax syntax,
                      const gchar *words)
{
  GError *error = NULL;
  GPtrArray *parts = pmt_prompt_parse_weights (text, syntax, &error);

  expect_error (parts, error, words);
}

static void
test_errors (void)
{
  g_autofree gchar *digits = repeat ("9", 400);
  g_autofree gchar *huge = g_strdup_printf ("é (a:%s)", digits);
  g_autofree gchar *powers = repeat ("(", 400);
  g_autofree gchar *closing = repeat (":9999)", 400);
  g_autofree gchar *product = g_strconcat (powers, "a", closing, NULL);

  expect_weights_error ("é (a:1.2.3)", PMT_PROMPT_A1111, "character 5");
  expect_weights_error ("(a:..)", PMT_PROMPT_A1111, "character 3");
  expect_weights_error (huge, PMT_PROMPT_A1111, "character 5");
  expect_weights_error (product, PMT_PROMPT_A1111, "too large");
  expect_weights_error (huge, PMT_PROMPT_COMFYUI, "character 4");
  expect_weights_error ("(a:inf)", PMT_PROMPT_COMFYUI, "character 2");
  expect_weights_error ("(a: NaN )", PMT_PROMPT_COMFYUI, "character 2");
}

static void
test_text_limits (void)
{
  g_autofree gchar *longest = repeat ("a", PMT_PROMPT_MAX_BYTES);
  g_autofree gchar *longer = g_strconcat (longest, "a", NULL);

  for (guint k = 0; k < G_N_ELEMENTS (syntaxes); k++)
    {
      g_autoptr (GPtrArray) parts = parse (longest, syntaxes[k]);

      g_assert_cmpuint (parts->len, ==, 1);
      expect_weights_error (longer, syntaxes[k], "65537 bytes");
      expect_weights_error ("abc\xff", syntaxes[k], "character 4");
    }
}

/* As many brackets as fit, which must not take longer than a user waits. */
static void
test_brackets (void)
{
  static const gchar *const openings[] = { "(", "[",   "(a", "[a",
                                           ")", "(a:", "([" };
  const gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      const guint n = PMT_PROMPT_MAX_BYTES / strlen (openings[i]);
      g_autofree gchar *text = repeat (openings[i], n);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) comfyui =
          pmt_prompt_parse_weights (text, PMT_PROMPT_COMFYUI, &error);
      g_autoptr (GPtrArray) a1111 = NULL;
      g_autoptr (GPtrArray) steps = NULL;

      g_assert_no_error (error);
      a1111 = pmt_prompt_parse_weights (text, PMT_PROMPT_A1111, NULL);
      steps = pmt_prompt_schedule_new (text, 20, 0, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (steps->len, ==, 1);
      g_assert_cmpstr (((PmtPromptStep *)steps->pdata[0])->text, ==, text);
    }
  g_test_message ("%.2f s", (gdouble)(g_get_monotonic_time () - start) / 1e6);
}

static void
test_depth (void)
{
  g_autofree gchar *open = repeat ("(", 300);
  g_autofree gchar *close = repeat (")", 300);
  g_autofree gchar *text = g_strconcat (open, "a", close, NULL);
  g_autoptr (GPtrArray) parts = parse (text, PMT_PROMPT_A1111);
  GError *error = NULL;
  GPtrArray *steps;

  g_assert_cmpuint (parts->len, ==, 1);
  expect_weights_error (text, PMT_PROMPT_COMFYUI, "nested too deeply");
  steps = pmt_prompt_schedule_new (text, 20, 0, &error);
  expect_error (steps, error, "nested too deeply");
}

/* ----------------------------------------------------------- schedules -- */

static void
test_schedule (void)
{
  static const struct
  {
    const gchar *text;
    guint hires_steps;
    const gchar *steps;
  } cases[] = {
    { "", 0, "10" },
    { "a | b [c:d:5]", 0, "10a | b [c:d:5]" },
    { "a \\| b [c:d:5]", 0, "5a \\| b c 10a \\| b d" },
    { "a\\", 0, "10a\\" },
    { "[a:b:1e1]", 0, "10a" },
    { "[a:b: +5 ]", 0, "5a 10b" },
    { "[a:b:0.05]", 0, "10b" },
    { "[:5]", 0, "5 10" },
    { "[a:b:5]", 20, "20b" },
    { "[a:b:15]", 20, "5a 20b" },
    { "[a:b:1.5]", 20, "10a 20b" },
    { "[(a:1:2):b:5]", 0, "10[(a:1:2):b:5]" },
    { "[[a:b:2]:c:5]", 0, "2a 5b 10c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) steps = pmt_prompt_schedule_new (
          cases[i].text, 10, cases[i].hires_steps, &error);
      g_autoptr (GString) out = g_string_new (NULL);

      g_assert_no_error (error);
      for (guint k = 0; k < steps->len; k++)
        {
          const PmtPromptStep *step = steps->pdata[k];

          g_string_append_printf (out, "%s%u%s", k > 0 ? " " : "", step->last,
                                  step->text);
        }
      g_assert_cmpstr (out->str, ==, cases[i].steps);
    }
}

static void
test_schedule_errors (void)
{
  GError *error = NULL;
  GPtrArray *result = pmt_prompt_schedule_new ("é [a:b:1e999]", 10, 0, &error);

  expect_error (result, error, "character 3");
  error = NULL;
  result = pmt_prompt_split_and ("a AND \xff", &error);
  expect_error (result, error, "character 7");
}

/* The last entry ends with the pass, the others come before, in order. */
static void
test_schedule_random (void)
{
  static const gchar *const pieces[] = {
    "[",  "]",     "(",   ")",     ":",     "|",     "a",       " ",
    "\\", "[a:b:", ":5]", ":0.5]", "[a|b]", "[a:2]", "(c:1.1)", NULL,
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autofree gchar *text = random_text (rand, pieces, 12);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) steps =
          pmt_prompt_schedule_new (text, 10, i % 2 == 0 ? 0 : 7, &error);
      guint last = 0;

      g_assert_no_error (error);
      g_assert_cmpuint (steps->len, >, 0);
      for (guint k = 0; k < steps->len; k++)
        {
          const PmtPromptStep *step = steps->pdata[k];

          g_assert_cmpuint (step->last, >, last);
          last = step->last;
        }
      g_assert_cmpuint (last, ==, i % 2 == 0 ? 10 : 7);
    }
}

/* ------------------------------------------------------- multi-prompts -- */

static void
test_multi (void)
{
  static const gchar *const cases[][2] = {
    { "hot dog:: animal", "{hot dog}1 {animal}1" },
    { "Hot:: dog:: animal", "{Hot}1 {dog}1 {animal}1" },
    { "Beach::2 mountain forest", "{Beach}2 {mountain forest}1" },
    { "a::2 b::-0.5", "{a}2 {b}-0.5" },
    { "a::2, b::.5", "{a}2 {b}0.5" },
    { "a", "{a}1" },
    { "", "{}1" },
    { "a::", "{a}1" },
    { "a::2cats", "{a}1 {2cats}1" },
    { "a:: 2 cats", "{a}1 {2 cats}1" },
    { "[cat::0.5] a::2 b", "{[cat::0.5] a}2 {b}1" },
    { "[cat a::2 b", "{[cat a}2 {b}1" },
    { "a\\:: b::3", "{a\\:: b}3" },
    { "https://x:8 a::2", "{https://x:8 a}2" },
    { "a::1::2 b", NULL },
    { ":: a", NULL },
    { "a:: :: b", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GError *error = NULL;
      g_autoptr (GPtrArray) parts =
          pmt_prompt_split_multi (cases[i][0], &error);
      g_autofree gchar *text = NULL;

      g_test_message ("“%s”", cases[i][0]);
      if (cases[i][1] == NULL)
        {
          expect_error (parts, error, "nothing before");
          continue;
        }
      g_assert_no_error (error);
      text = describe (parts);
      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

static void
test_has_multi (void)
{
  g_assert_true (pmt_prompt_has_multi ("a::"));
  g_assert_true (pmt_prompt_has_multi ("a::2 b"));
  g_assert_false (pmt_prompt_has_multi ("a: b"));
  g_assert_false (pmt_prompt_has_multi ("[a::0.5]"));
  g_assert_false (pmt_prompt_has_multi ("a\\::b"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prompt/weights", test_weights);
  g_test_add_func ("/prompt/plain", test_plain);
  g_test_add_func ("/prompt/escape", test_escape);
  g_test_add_func ("/prompt/escape-backslash", test_escape_backslash);
  g_test_add_func ("/prompt/print", test_print);
  g_test_add_func ("/prompt/print-break", test_print_break);
  g_test_add_func ("/prompt/errors", test_errors);
  g_test_add_func ("/prompt/text-limits", test_text_limits);
  g_test_add_func ("/prompt/brackets", test_brackets);
  g_test_add_func ("/prompt/depth", test_depth);
  g_test_add_func ("/prompt/schedule", test_schedule);
  g_test_add_func ("/prompt/schedule-errors", test_schedule_errors);
  g_test_add_func ("/prompt/schedule-random", test_schedule_random);
  g_test_add_func ("/prompt/multi", test_multi);
  g_test_add_func ("/prompt/has-multi", test_has_multi);
  return g_test_run ();
}

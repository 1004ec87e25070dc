/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-prompt-weight.c: Ctrl+Up and Ctrl+Down in the prompt of a dialog. */
#include <glib.h>
#include <string.h>

#include "ui/prompt-weight.h"

/* Changes what stands between two "|" (one: the cursor). */
static gchar *
change (const gchar *marked, gdouble delta)
{
  g_auto (GStrv) parts = g_strsplit (marked, "|", -1);
  const gboolean is_cursor = g_strv_length (parts) == 2;
  g_autofree gchar *text = g_strjoinv ("", parts);
  gint start = (gint)g_utf8_strlen (parts[0], -1);
  gint end = is_cursor ? start : start + (gint)g_utf8_strlen (parts[1], -1);
  g_autofree gchar *changed =
      pmt_prompt_weight_change (text, &start, &end, delta);
  const gchar *from;
  const gchar *to;

  if (!changed)
    return NULL;
  from = g_utf8_offset_to_pointer (changed, start);
  to = g_utf8_offset_to_pointer (changed, end);

  return g_strdup_printf ("%.*s|%.*s|%s", (gint)(from - changed), changed,
                          (gint)(to - from), from, to);
}

static void
check (const gchar *marked, gdouble delta, const gchar *wanted)
{
  g_autofree gchar *changed = change (marked, delta);

  g_assert_cmpstr (changed, ==, wanted);
}

static void
test_selection (void)
{
  check ("a |red jacket| here", 0.1, "a (|red jacket|:1.1) here");
  check ("a |red jacket| here", -0.1, "a (|red jacket|:0.9) here");
  check ("a (|red jacket|:1.1) here", 0.1, "a (|red jacket|:1.2) here");
  check ("a |(red jacket:1.25)| here", 0.1, "a (|red jacket|:1.35) here");
  check ("a (|red jacket|:1.1) here", -0.1, "a |red jacket| here");
  check ("a (|red jacket|:0.9) here", 0.1, "a |red jacket| here");
  check ("a| red jacket |here", 0.1, "a (|red jacket|:1.1) here");
}

static void
test_cursor (void)
{
  check ("a re|d jacket", 0.1, "a (|red|:1.1) jacket");
  check ("a (red jac|ket:1.2), b", 0.1, "a (|red jacket|:1.3), b");
  check ("a (red (dark:1.1) jac|ket:1.2)", 0.1,
         "a (|red (dark:1.1) jacket|:1.3)");
  check ("(red (da|rk:1.1) jacket:1.2)", 0.1, "(red (|dark|:1.2) jacket:1.2)");
  check ("|red, blue", 0.1, "(|red|:1.1), blue");
  check ("red, blue|", 0.1, "red, (|blue|:1.1)");
}

static void
test_limits (void)
{
  check ("(|a|:2.95)", 0.1, "(|a|:3)");
  check ("(|a|:3)", 0.1, "(|a|:3)");
  check ("(|a|:0.05)", -0.1, "(|a|:0)");
  check ("(|a|:0)", -0.1, "(|a|:0)");
}

static void
test_nothing (void)
{
  check ("|", 0.1, NULL);
  check ("a , | b", 0.1, NULL);
  check ("a |  | b", 0.1, NULL);
  check ("a |(red| jacket)", 0.1, NULL);
  check ("(a |red) (jacket|)", 0.1, NULL);
}

static void
test_special (void)
{
  check ("ein |schöner Hügel|\nmit Bäumen", 0.1,
         "ein (|schöner Hügel|:1.1)\nmit Bäumen");
  check ("日本|の|山", 0.1, "日本(|の|:1.1)山");
  check ("a \\(|b|:1.1\\)", 0.1, "a \\((|b|:1.1):1.1\\)");
  check ("|smile :)|", 0.1, NULL);
  check ("|(a) and (b)|", 0.1, "(|(a) and (b)|:1.1)");
  check ("|(a:1.2) and (b:1.2)|", 0.1, "(|(a:1.2) and (b:1.2)|:1.1)");
  check ("(|a|:1.1.1)", 0.1, "((|a|:1.1):1.1.1)");
  check ("(|a|:99999999999999999999)", 0.1, "((|a|:1.1):99999999999999999999)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prompt-weight/selection", test_selection);
  g_test_add_func ("/prompt-weight/cursor", test_cursor);
  g_test_add_func ("/prompt-weight/limits", test_limits);
  g_test_add_func ("/prompt-weight/nothing", test_nothing);
  g_test_add_func ("/prompt-weight/special", test_special);

  return g_test_run ();
}

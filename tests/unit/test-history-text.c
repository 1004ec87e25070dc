/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-history-text.c: what the history's window shows and finds. */
#include "config.h"

#include "ui/history-text.h"

static gboolean
finds (const gchar *search)
{
  const PmtHistoryEntry entry = {
    .operation = PMT_OPERATION_GENERATE,
    .model = (gchar *)"dreamy-v2",
    .prompt = (gchar *)"A Übergroße red boat,\nat night",
  };
  g_autofree gchar *index = pmt_history_text_index (&entry, "Dreamy Two");
  g_auto (GStrv) words = pmt_history_text_split (search);

  return pmt_history_text_matches (index, (const gchar *const *)words);
}

static void
test_search (void)
{
  static const gchar *const good[] = {
    "",      "boat",       "boat red",      "RED  night ",
    "two",   "dreamy-v2",  "generate boat", "übergroße",
    "großE", "ÜBERGROSSE", " \t",           "dre two nig",
  };
  static const gchar *const bad[] = { "boats", "remove", "boat blue",
                                      "red-boat", "%" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (finds (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (finds (bad[i]));
}

static void
test_line (void)
{
  g_autofree gchar *many = g_strnfill (5000, 'x');
  g_autofree gchar *plain = pmt_history_text_line ("a\nb\tc é");
  g_autofree gchar *cut = pmt_history_text_line (many);

  g_assert_cmpstr (plain, ==, "a b c é");
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, 201);
}

static void
check_cost (gdouble cost, const gchar *unit, const gchar *wanted)
{
  const PmtHistoryEntry entry = { .cost = cost, .unit = (gchar *)unit };
  g_autofree gchar *text = pmt_history_text_cost (&entry);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_cost (void)
{
  check_cost (-1.0, NULL, "");
  check_cost (0.0, "USD", "0 USD");
  check_cost (0.025, "USD", "0.025 USD");
  check_cost (3.0, NULL, "3");
}

static void
check_value (GVariant *value, const gchar *wanted)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autofree gchar *text = pmt_history_text_value (NULL, owned);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_value (void)
{
  check_value (g_variant_new_string ("same"), "same");
  check_value (g_variant_new_boolean (TRUE), "Yes");
  check_value (g_variant_new_int64 (4294967295), "4294967295");
  check_value (g_variant_new_double (0.25), "0.25");
}

static void
test_problems (void)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new ();
  g_autofree gchar *one = NULL;
  g_autofree gchar *three = NULL;

  g_assert_null (pmt_history_text_problems (problems));
  g_ptr_array_add (problems, (gpointer) "One is broken.");
  one = pmt_history_text_problems (problems);
  g_assert_cmpstr (one, ==, "One is broken.");
  g_ptr_array_add (problems, (gpointer) "Two is broken.");
  g_ptr_array_add (problems, (gpointer) "Three is broken.");
  three = pmt_history_text_problems (problems);
  g_assert_nonnull (strstr (three, "One is broken. 2 more entries"));
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history-text/search", test_search);
  g_test_add_func ("/history-text/line", test_line);
  g_test_add_func ("/history-text/cost", test_cost);
  g_test_add_func ("/history-text/value", test_value);
  g_test_add_func ("/history-text/problems", test_problems);
  return g_test_run ();
}

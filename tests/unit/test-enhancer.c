/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-enhancer.c: words for quality; tags and sentences. */
#include <glib.h>
#include <string.h>

#include "prompt/enhancer.h"
#include "prompt/prompt-style.h"

static void
check (PmtEnhancer enhancer, const gchar *prompt, const gchar *wanted)
{
  g_autofree gchar *text = pmt_enhancer_add (enhancer, prompt, "one, two");

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_add (void)
{
  check (PMT_ENHANCER_GENERAL, "a bench", "a bench, one, two");
  check (PMT_ENHANCER_GENERAL, "a bench, ", "a bench, one, two");
  check (PMT_ENHANCER_ILLUSTRIOUS, "", "one, two");
  check (PMT_ENHANCER_PONY, "a bench", "one, two, a bench");
  check (PMT_ENHANCER_NATURAL, "A bench", "A bench. one, two");
  check (PMT_ENHANCER_NATURAL, "A bench!", "A bench! one, two");
}

static void
check_stylize (gint stylize, const gchar *wanted)
{
  g_autofree gchar *words = pmt_enhancer_stylize ("a, b, c, d", stylize);

  g_assert_cmpstr (words, ==, wanted);
}

static void
test_stylize (void)
{
  check_stylize (100, "a, b, c, d");
  check_stylize (0, "");
  check_stylize (10, "");
  check_stylize (50, "a, b");
  check_stylize (99, "a, b, c, d");
  check_stylize (550, "(a, b, c, d:1.20)");
  check_stylize (1000, "(a, b, c, d:1.40)");
}

static void
test_expert (void)
{
  g_assert_false (pmt_enhancer_is_expert ("a bench by the sea (at dusk)"));
  g_assert_true (pmt_enhancer_is_expert ("a bench, Masterpiece"));
  g_assert_true (pmt_enhancer_is_expert ("score_9, a bench"));
  g_assert_true (pmt_enhancer_is_expert ("a (bench:1.2)"));
  g_assert_true (pmt_enhancer_is_expert ("a ((bench))"));
  g_assert_true (pmt_enhancer_is_expert ("a bench:: sea::2"));
  g_assert_true (pmt_enhancer_is_expert ("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,"
                                         "s,t,u,v,w"));
}

static void
test_family (void)
{
  const gchar *negative;
  PmtEnhancer enhancer = PMT_ENHANCER_GENERAL;

  g_assert_cmpint (pmt_enhancer_guess ("ponyDiffusionV6XL.safetensors"), ==,
                   PMT_ENHANCER_PONY);
  g_assert_cmpint (pmt_enhancer_guess ("Illustrious-XL-v1.0"), ==,
                   PMT_ENHANCER_ILLUSTRIOUS);
  g_assert_cmpint (pmt_enhancer_guess ("dreamshaper_8"), ==,
                   PMT_ENHANCER_GENERAL);
  g_assert_true (pmt_enhancer_from_string ("natural", &enhancer));
  g_assert_cmpint (enhancer, ==, PMT_ENHANCER_NATURAL);
  g_assert_false (pmt_enhancer_from_string ("none", &enhancer));
  for (guint i = 0; i < PMT_N_ENHANCERS; i++)
    {
      const gchar *words = pmt_enhancer_get_words ((PmtEnhancer)i, &negative);

      /* Once added, nothing is added again. */
      g_assert_true (pmt_enhancer_is_expert (words));
      g_assert_nonnull (negative);
    }
}

static void
test_style (void)
{
  g_assert_cmpint (pmt_prompt_style_of ("bench, sea, dusk, red sky"), ==,
                   PMT_STYLE_TAGS);
  g_assert_cmpint (
      pmt_prompt_style_of ("long_hair, wooden_bench, old stone house by a lake "
                           "in the mountains, dusk"),
      ==, PMT_STYLE_TAGS);
  g_assert_cmpint (
      pmt_prompt_style_of ("A wooden bench stands by the sea while the sun "
                           "goes down behind the hills."),
      ==, PMT_STYLE_NATURAL);
  g_assert_cmpint (pmt_prompt_style_of ("a wooden bench"), ==,
                   PMT_STYLE_UNCLEAR);
  g_assert_cmpint (pmt_prompt_style_of (""), ==, PMT_STYLE_UNCLEAR);
  g_assert_cmpint (pmt_prompt_style_of ("\xff, a, b, c"), ==,
                   PMT_STYLE_UNCLEAR);
}

static guint
count_notes (const gchar *prompt, const gchar *wanted)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);

  pmt_prompt_style_check (prompt, wanted, notes);
  return notes->len;
}

static void
test_notes (void)
{
  g_autofree gchar *many = g_strnfill (1500, 'a');

  g_assert_cmpuint (count_notes ("bench, sea, dusk, sky", "tags"), ==, 0);
  g_assert_cmpuint (count_notes ("bench, sea, dusk, sky", "natural"), ==, 1);
  g_assert_cmpuint (count_notes (many, "tags"), ==, 1);
  g_assert_cmpuint (count_notes (many, "natural"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/enhancer/add", test_add);
  g_test_add_func ("/enhancer/stylize", test_stylize);
  g_test_add_func ("/enhancer/expert", test_expert);
  g_test_add_func ("/enhancer/family", test_family);
  g_test_add_func ("/enhancer/style", test_style);
  g_test_add_func ("/enhancer/notes", test_notes);
  return g_test_run ();
}

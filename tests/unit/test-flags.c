/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-flags.c: parameters typed behind a prompt. */
#include <glib.h>
#include <string.h>

#include "prompt/flags.h"

/* @text, read and written down again. */
static void
check (const gchar *text, const gchar *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtFlagged) flagged = pmt_flags_parse (text, &error);
  g_autoptr (PmtFlagged) again = NULL;
  g_autofree gchar *printed = NULL;
  g_autofree gchar *twice = NULL;

  g_assert_no_error (error);
  printed = pmt_flags_print (flagged);
  g_assert_cmpstr (printed, ==, wanted);
  again = pmt_flags_parse (printed, &error);
  g_assert_no_error (error);
  twice = pmt_flags_print (again);
  g_assert_cmpstr (twice, ==, wanted);
  g_assert_cmpstr (again->prompt, ==, flagged->prompt);
}

static void
fail (const gchar *text, glong at, const gchar *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtFlagged) flagged = pmt_flags_parse (text, &error);
  g_autofree gchar *position = g_strdup_printf ("character %ld:", at);

  g_assert_null (flagged);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, position));
  g_assert_nonnull (strstr (error->message, part));
  g_assert_true (pmt_flags_are_in (text));
}

/* Each row of the reference, in its long and its short form. */
static void
test_forms (void)
{
  check ("A cute kitten --ar 16:9 --stylize 100",
         "A cute kitten --ar 16:9 --stylize 100");
  check ("a --aspect 3:2", "a --ar 3:2");
  check ("a --q 2", "a --quality 2");
  check ("a --quality .5", "a --quality 0.5");
  check ("a --c 0 --w 3000 --s 1000",
         "a --stylize 1000 --chaos 0 --weird 3000");
  check ("a --chaos 100 --weird 250", "a --chaos 100 --weird 250");
  check ("a --seed 4294967295 --stop 10", "a --seed 4294967295 --stop 10");
  check ("a --raw --tile --draft --v 7", "a --v 7 --raw --tile --draft");
  check ("a --version 6 --turbo", "a --turbo --v 6");
  check ("a --niji", "a --niji 6");
  check ("a --niji 5 --exp", "a --niji 5 --exp");
  check ("a --fast --iw 1.5", "a --fast --iw 1.5");
  check ("Beautiful garden --no weeds, dead plants,  brown leaves --s 5",
         "Beautiful garden --stylize 5 --no weeds, dead plants, brown leaves");
  check ("a --cref https://a.example/1.png --sref https://b.example/2.png "
         "https://b.example/3.png",
         "a --cref https://a.example/1.png --sref https://b.example/2.png "
         "https://b.example/3.png");
  check ("a duck --oref http://image.png", "a duck --oref http://image.png");
}

static void
test_writing (void)
{
  /* Right behind a short name; upper case; a long dash; commas. */
  check ("a --V7 --S250", "a --stylize 250 --v 7");
  check ("a \xe2\x80\x94"
         "ar 4:3",
         "a --ar 4:3");
  check ("a --ar 4:3, --s 3", "a --ar 4:3 --stylize 3");
  check ("\ta  b\n--ar\n4:3\n", "a  b --ar 4:3");
  check ("--ar 1:1", "--ar 1:1");
  check ("a --ar 1920:1080", "a --ar 16:9");
  check ("a --ar 85:110", "a --ar 17:22");
  /* No flags. */
  check ("long--haired, 5 -- 6 --", "long--haired, 5 -- 6 --");
  check ("here \xe2\x80\x94there", "here \xe2\x80\x94there");
  check ("", "");
  g_assert_false (pmt_flags_are_in ("long--haired, 5 -- 6 --"));
  g_assert_false (pmt_flags_are_in ("a \xff --ar"));
}

static void
test_ranges (void)
{
  fail ("a --c 101", 3, "“--c” takes a whole number from 0 to 100, not “101”");
  fail ("a --chaos 1.5", 3, "a whole number from 0 to 100");
  fail ("a --s -1", 3, "0 to 1000");
  fail ("a --weird 3001", 3, "0 to 3000");
  fail ("a --seed 4294967296", 3, "0 to 4294967295");
  fail ("a --stop 9", 3, "10 to 100");
  fail ("a --iw 3.1", 3, "a number from 0 to 3, not “3.1”");
  fail ("a --q 4", 3, "“--q” takes 0.25, 0.5, 1 or 2, not “4”");
  fail ("a --v 8", 3, "1, 2, 3, 4, 5, 6 or 7");
  fail ("a --niji 4", 3, "5 or 6");
  fail ("a --ar 1.39:1", 3, "“139:100” instead of “1.39:1”");
  fail ("a --ar 16x9", 3, "such as 16:9, not “16x9”");
  fail ("a --ar 0:1", 3, "from 1 to 65535");
  fail ("a --ar 99999:1", 3, "from 1 to 65535");
  fail ("a --ar 99999999999999999999:1", 3, "from 1 to 65535");
  fail ("a --seed nan", 3, "0 to 4294967295");
  fail ("a --oref ftp://x/y.png", 3, "addresses of pictures");
  fail ("a --cref https://user:pw@x.example/y.png", 3, "addresses");
  fail ("a --oref https://x.example/1 https://x.example/2", 3,
        "the address of 1 picture, not of 2");
}

static void
test_wrong (void)
{
  fail ("a --foo", 3, "there is no parameter “--foo”");
  fail ("\xc3\xa4\xc3\xb6 --foo", 4, "--foo");
  fail ("a --ar", 3, "“--ar” lacks its value");
  fail ("a --ar 1:1 --aspect 2:1", 12, "“--aspect” is given twice");
  fail ("a --tile on a wall", 3, "“--tile” takes no value");
  fail ("a --ar 1:1 of a cat", 3, "words stand behind “--ar 1:1”");
  fail ("a --repeat 4", 3, "set the number of candidates");
  fail ("a --bs 4", 3, "is not supported");
  fail ("a --batchsize 4", 3, "is not supported");
  fail ("a --personalize", 3, "is not supported");
  fail ("a --stealth", 3, "is not supported");
  fail ("a --public", 3, "is not supported");
  fail ("a --video", 3, "is not supported");
  fail ("a --relax", 3, "“--relax” is not supported");
  fail ("a --motion 2", 3, "“--motion” is for videos");
  fail ("a --motion 5", 3, "1 to 4");
  fail ("a --tile2", 3, "“--tile2”");
}

static void
test_conflicts (void)
{
  fail ("a --fast --turbo", 10, "“--fast” and “--turbo” exclude each other");
  fail ("a --v 6 --niji", 9, "exclude");
  fail ("a --oref http://x.example/y --draft", 29, "exclude");
  fail ("a --fast --oref http://x.example/y", 10, "exclude");
  fail ("a --q 2 --v 3", 3, "“--quality 2” needs version 4 or later");
  fail ("a --turbo --v 4", 3, "“--turbo” needs version 5");
  fail ("a --v 6 --draft", 9, "“--draft” needs version 7");
  fail ("a --v 6 --oref http://x.example/y", 9, "needs version 7");
  check ("a --q 1 --v 3", "a --quality 1 --v 3");
}

static void
test_paint (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtFlagged) object =
      pmt_flags_parse ("a --oref http://x.example/y", &error);
  g_autoptr (PmtFlagged) style = pmt_flags_parse ("a --s 5", &error);

  g_assert_no_error (error);
  g_assert_true (pmt_flags_check_paint (style, &error));
  g_assert_false (pmt_flags_check_paint (object, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

static void
test_bad_bytes (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *huge = g_strnfill (2000000, 'a');

  g_assert_null (pmt_flags_parse ("a --ar \xff", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (pmt_flags_parse (huge, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flags/forms", test_forms);
  g_test_add_func ("/flags/writing", test_writing);
  g_test_add_func ("/flags/ranges", test_ranges);
  g_test_add_func ("/flags/wrong", test_wrong);
  g_test_add_func ("/flags/conflicts", test_conflicts);
  g_test_add_func ("/flags/paint", test_paint);
  g_test_add_func ("/flags/bad-bytes", test_bad_bytes);
  return g_test_run ();
}

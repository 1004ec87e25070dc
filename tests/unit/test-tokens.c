/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-tokens.c: the tokenizer, on a vocabulary of a few merges. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tiny-vocab.h"

#define N_RANDOM 2000
#define WORD_END "</w>"

static GArray *
encode (const PmtTokenizer *tokenizer, const gchar *text)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  pmt_tokenizer_encode (tokenizer, text, ids);
  return ids;
}

/* "th e</w>": the tokens as the vocabulary spells them. */
static gchar *
spell (const PmtTokenizer *tokenizer, const gint64 *ids, guint n)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? " " : "",
                            pmt_tokenizer_get_token (tokenizer, ids[i]));
  return g_string_free (out, FALSE);
}

static gchar *
encode_and_spell (const PmtTokenizer *tokenizer, const gchar *text)
{
  g_autoptr (GArray) ids = encode (tokenizer, text);

  return spell (tokenizer, (const gint64 *)(gpointer)ids->data, ids->len);
}

static gchar *
random_text (GRand *rand, const gchar *const *pieces, gint n_max)
{
  GString *text = g_string_new (NULL);
  gint n_pieces = 0;

  while (pieces[n_pieces] != NULL)
    n_pieces++;
  for (gint n = g_rand_int_range (rand, 1, n_max + 1); n > 0; n--)
    g_string_append (text, pieces[g_rand_int_range (rand, 0, n_pieces)]);
  return g_string_free (text, FALSE);
}

/* ----------------------------------------------------------- tokenizer -- */

static void
test_words (void)
{
  static const gchar *const cases[][2] = {
    { "", "" },
    { "the cat", "the</w> cat</w>" },
    { "The\t\n CAT ", "the</w> cat</w>" },
    { "cats", "ca t s</w>" },
    { "the1cat", "the</w> 1</w> cat</w>" },
    { "it's dog'll 'the", "i t</w> 's</w> dog</w> 'll</w> 't</w> he</w>" },
    { "cat--dog", "cat</w> --</w> dog</w>" },
    { "12", "1</w> 2</w>" },
    { "a<|endoftext|>b", "a</w> <|endoftext|> b</w>" },
    { "!<|STARTOFTEXT|>!", "!</w> <|startoftext|> !</w>" },
    { "<|endoftext", "<|</w> endoftext</w>" },
    { "\xc3\x89", "Ã ©</w>" },
    { "e\xcc\x81", "Ã ©</w>" },
    { "\xe2\x85\xab", "â ħ »</w>" },
  };
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *made = encode_and_spell (tokenizer, cases[i][0]);
      g_autofree gchar *bare = NULL;
      g_auto (GStrv) wanted = g_strsplit (cases[i][1], " ", -1);
      g_auto (GStrv) spelled = g_strsplit (made, " ", -1);
      g_autofree gchar *wanted_text = g_strjoinv ("", wanted);

      bare = g_strjoinv ("", spelled);
      g_test_message ("“%s”: %s", cases[i][0], made);
      /* How a word is cut is test_second_opinion's matter. */
      g_assert_cmpstr (bare, ==, wanted_text);
    }
}

/* Byte pairs the slow way: each time the best pair of the word, everywhere in
 * it, on texts and not on numbers. */
static GPtrArray *
split_slowly (const gchar *word)
{
  GPtrArray *symbols = g_ptr_array_new_with_free_func (g_free);
  const gchar *const *pairs = tiny_vocab_merges ();

  for (const gchar *p = word; *p != '\0'; p++)
    g_ptr_array_add (
        symbols, g_strdup_printf ("%c%s", *p, p[1] == '\0' ? WORD_END : ""));
  for (guint rank = 0; pairs[rank] != NULL;)
    {
      g_auto (GStrv) halves = g_strsplit (pairs[rank], " ", 2);
      gboolean has_merged = FALSE;

      for (guint i = 0; i + 1 < symbols->len; i++)
        if (g_str_equal (symbols->pdata[i], halves[0])
            && g_str_equal (symbols->pdata[i + 1], halves[1]))
          {
            g_free (symbols->pdata[i]);
            symbols->pdata[i] = g_strconcat (halves[0], halves[1], NULL);
            g_ptr_array_remove_index (symbols, i + 1);
            has_merged = TRUE;
          }
      rank = has_merged ? 0 : rank + 1;
    }
  return symbols;
}

static void
test_second_opinion (void)
{
  static const gchar *const pieces[] = {
    "a",   "aa", "aaa", "c", "t", "cat", "d", "o", "g", "h", "e",
    "the", "i",  "n",   "w", "l", "b",   "r", "k", "s", "x", NULL,
  };
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);

  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autofree gchar *word = random_text (rand, pieces, 12);
      g_autoptr (GArray) ids = encode (tokenizer, word);
      g_autoptr (GPtrArray) symbols = split_slowly (word);

      g_test_message ("%s", word);
      g_assert_cmpuint (ids->len, ==, symbols->len);
      for (guint k = 0; k < symbols->len; k++)
        g_assert_cmpstr (
            pmt_tokenizer_get_token (tokenizer, g_array_index (ids, gint64, k)),
            ==, symbols->pdata[k]);
    }
}

static const gchar *const odd_pieces[] = {
  "the", "cat",  " ",    "1",        "é",        "e\xcc\x81", "日",
  "'s",  "\xff", "\xc3", "\xc2\xa0", "😀",       "<|",        "<|endoftext|>",
  "-",   "İ",    "Ⅻ",    "\n",       "\xe2\x80", NULL,
};

/* Spans follow each other, leave out spaces only, and the tokens of a span
 * are its bytes. */
static void
test_spans (void)
{
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autofree gchar *text = random_text (rand, odd_pieces, 12);
      g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autoptr (GArray) spans =
          g_array_new (FALSE, FALSE, sizeof (PmtTokenSpan));
      g_autofree gchar *normal =
          pmt_tokenizer_encode_spans (tokenizer, text, -1, ids, spans);
      guint end = 0;

      g_assert_true (g_utf8_validate (normal, -1, NULL));
      g_assert_cmpuint (ids->len, ==, spans->len);
      for (guint k = 0; k <= spans->len; k++)
        {
          const guint start = k < spans->len
                                  ? g_array_index (spans, PmtTokenSpan, k).start
                                  : (guint)strlen (normal);

          g_assert_cmpuint (start, >=, end);
          for (; end < start; end++)
            g_assert_cmpint (normal[end], ==, ' ');
          if (k == spans->len)
            break;
          end = g_array_index (spans, PmtTokenSpan, k).end;
          g_assert_cmpuint (end, >, start);
          g_assert_nonnull (pmt_tokenizer_get_token (
              tokenizer, g_array_index (ids, gint64, k)));
        }
    }
}

/* Normalizing twice changes nothing; so do upper case and more spaces. */
static void
test_same (void)
{
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);

  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autofree gchar *text = random_text (rand, odd_pieces, 12);
      g_autofree gchar *valid = g_utf8_make_valid (text, -1);
      g_autofree gchar *upper = g_ascii_strup (valid, -1);
      g_autofree gchar *spaced = g_strdup_printf (" \t%s\xe3\x80\x80", upper);
      g_autofree gchar *one = encode_and_spell (tokenizer, text);
      g_autofree gchar *two = encode_and_spell (tokenizer, valid);
      g_autofree gchar *three = encode_and_spell (tokenizer, spaced);

      g_assert_cmpstr (one, ==, two);
      g_assert_cmpstr (one, ==, three);
    }
}

static void
test_zero (void)
{
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree gchar *normal =
      pmt_tokenizer_encode_spans (tokenizer, "the\0cat", 7, ids, NULL);
  g_autofree gchar *made = NULL;

  made = spell (tokenizer, (const gint64 *)(gpointer)ids->data, ids->len);
  g_assert_cmpstr (made, ==, "the</w> Ā</w> cat</w>");
}

static void
test_queries (void)
{
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  const guint n = pmt_tokenizer_get_size (tokenizer);

  g_assert_cmpint (pmt_tokenizer_get_bos (tokenizer), ==, n - 2);
  g_assert_cmpint (pmt_tokenizer_get_eos (tokenizer), ==, n - 1);
  g_assert_cmpint (pmt_tokenizer_find (tokenizer, "cat</w>"), ==, 512 + 3);
  g_assert_cmpint (pmt_tokenizer_find (tokenizer, "cat"), ==, -1);
  g_assert_null (pmt_tokenizer_get_token (tokenizer, -1));
  g_assert_null (pmt_tokenizer_get_token (tokenizer, n));
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (
        pmt_tokenizer_find (tokenizer, pmt_tokenizer_get_token (tokenizer, i)),
        ==, i);
}

static gpointer
encode_often (gpointer data)
{
  const PmtTokenizer *tokenizer = data;
  g_autoptr (GArray) first = encode (tokenizer, "the brown owl and the cats");

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GArray) ids = encode (tokenizer, "the brown owl and the cats");

      if (ids->len != first->len
          || memcmp (ids->data, first->data, ids->len * sizeof (gint64)) != 0)
        return GINT_TO_POINTER (1);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("encode", encode_often, tokenizer);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_null (g_thread_join (threads[i]));
}

/* --------------------------------------------------------------- files -- */

static void
expect_refused (const GString *vocab, const GString *merges, const gchar *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTokenizer) tokenizer =
      pmt_tokenizer_parse ("vocab.json", vocab->str, vocab->len, "merges.txt",
                           merges->str, merges->len, &error);

  g_assert_null (tokenizer);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

/* @what in the vocabulary replaced by @with. */
static void
expect_vocab_refused (const gchar *what, const gchar *with, const gchar *words)
{
  g_autoptr (GString) vocab = g_string_new (NULL);
  g_autoptr (GString) merges = g_string_new (NULL);

  tiny_vocab_print (vocab, merges);
  g_assert_cmpuint (g_string_replace (vocab, what, with, 1), ==, 1);
  expect_refused (vocab, merges, words);
}

static void
expect_merges_refused (const gchar *lines, const gchar *words)
{
  g_autoptr (GString) vocab = g_string_new (NULL);
  g_autoptr (GString) merges = g_string_new (NULL);

  tiny_vocab_print (vocab, merges);
  g_string_assign (merges, lines);
  expect_refused (vocab, merges, words);
}

static void
test_hostile (void)
{
  expect_vocab_refused ("\"th\": 512", "\"th\": 513", "same number");
  expect_vocab_refused ("\"th\": 512", "\"th\": -1", "whole number");
  expect_vocab_refused ("\"th\": 512", "\"th\": 512.5", "whole number");
  expect_vocab_refused ("\"th\": 512", "\"th\": 1e9", "whole number");
  expect_vocab_refused ("\"th\": 512", "\"th\": null", "whole number");
  expect_vocab_refused ("\"th\": 512", "\"a\": 512", "twice");
  expect_vocab_refused ("\"th\": 512", "\"th\\u0000\": 512", "zero");
  expect_vocab_refused ("\"th\": 512", "\"th\": [[[512]]]", "whole number");
  expect_vocab_refused ("\"th\": 512", "\"th\": 512,", "JSON");
  expect_vocab_refused ("<|endoftext|>", "<|end|>", "<|endoftext|>");
  expect_vocab_refused ("\"A</w>\"", "\"AA</w>\"", "“A</w>” is missing");
  expect_vocab_refused ("\"th\"", "\"ht\"", "lacks “th”");
  expect_vocab_refused ("{", "[{", "JSON");
  expect_merges_refused ("", "no pairs");
  expect_merges_refused ("#version: 0.2\n\n", "no pairs");
  expect_merges_refused ("#version: 0.2\nt h\nth\n", "line 3");
  expect_merges_refused ("t h e\n", "line 1");
  expect_merges_refused ("t h\nt  h\n", "line 2");
  expect_merges_refused ("t h\n t\n", "line 2");
  expect_merges_refused ("t h\nt h\n", "line 2");
  expect_merges_refused ("t q\n", "lacks “tq”");
  expect_merges_refused ("t h\n\xff a\n", "UTF-8");
}

static void
test_not_a_table (void)
{
  g_autoptr (GString) vocab = g_string_new ("[1, 2]");
  g_autoptr (GString) merges = g_string_new ("t h\n");

  expect_refused (vocab, merges, "not a table");
  g_string_assign (vocab, "");
  expect_refused (vocab, merges, "JSON");
  g_string_assign (vocab, "{}");
  expect_refused (vocab, merges, "missing");
  g_string_set_size (vocab, 5 << 20);
  memset (vocab->str, ' ', vocab->len);
  expect_refused (vocab, merges, "vocab.json");
  tiny_vocab_print (g_string_truncate (vocab, 0), merges);
  g_string_set_size (merges, 5 << 20);
  expect_refused (vocab, merges, "larger than 4 MiB");
}

/* Line ends of other systems. */
static void
test_line_ends (void)
{
  g_autoptr (GString) vocab = g_string_new (NULL);
  g_autoptr (GString) merges = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTokenizer) tokenizer = NULL;
  g_autofree gchar *made = NULL;

  tiny_vocab_print (vocab, merges);
  g_string_replace (merges, "\n", "\r\n", 0);
  tokenizer = pmt_tokenizer_parse ("v", vocab->str, vocab->len, "m",
                                   merges->str, merges->len, &error);
  g_assert_no_error (error);
  made = encode_and_spell (tokenizer, "the cat");
  g_assert_cmpstr (made, ==, "the</w> cat</w>");
}

static void
expect_not_opened (const gchar *folder, const gchar *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTokenizer) tokenizer =
      pmt_tokenizer_open_folder (folder, &error);

  g_assert_null (tokenizer);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *folder = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_autofree gchar *vocab_path = g_build_filename (folder, "vocab.json", NULL);
  g_autofree gchar *merges_path = g_build_filename (folder, "merges.txt", NULL);
  g_autoptr (GString) vocab = g_string_new (NULL);
  g_autoptr (GString) merges = g_string_new (NULL);
  g_autoptr (PmtTokenizer) tokenizer = NULL;

  g_assert_no_error (error);
  tiny_vocab_print (vocab, merges);
  expect_not_opened (folder, "vocab.json");
  g_file_set_contents (vocab_path, vocab->str, (gssize)vocab->len, &error);
  g_assert_no_error (error);
  expect_not_opened (folder, "merges.txt");
  g_assert_cmpint (g_mkdir (merges_path, 0700), ==, 0);
  expect_not_opened (folder, "not a file");
  g_assert_cmpint (g_rmdir (merges_path), ==, 0);
  g_file_set_contents (merges_path, merges->str, (gssize)merges->len, &error);
  g_assert_no_error (error);
  tokenizer = pmt_tokenizer_open_folder (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (vocab_path), ==, 0);
  g_assert_cmpint (g_unlink (merges_path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tokens/words", test_words);
  g_test_add_func ("/tokens/second-opinion", test_second_opinion);
  g_test_add_func ("/tokens/spans", test_spans);
  g_test_add_func ("/tokens/same", test_same);
  g_test_add_func ("/tokens/zero", test_zero);
  g_test_add_func ("/tokens/queries", test_queries);
  g_test_add_func ("/tokens/threads", test_threads);
  g_test_add_func ("/tokens/hostile", test_hostile);
  g_test_add_func ("/tokens/not-a-table", test_not_a_table);
  g_test_add_func ("/tokens/line-ends", test_line_ends);
  g_test_add_func ("/tokens/folder", test_folder);
  return g_test_run ();
}

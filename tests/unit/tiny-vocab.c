/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-vocab.c: a vocabulary of a few merges, made in memory. */
#include "config.h"

#include <string.h>

#include "tiny-vocab.h"

static const gchar *const pairs[] = {
  "t h", "a n",      "c a",      "ca t</w>", "d o",      "do g</w>", "th e</w>",
  "i n", "an d</w>", "in g</w>", "a a",      "aa aa",    "o w",      "ow l</w>",
  "b r", "e a",      "br ea",    "k s</w>",  "aa a</w>", "th ea",    NULL,
};

const gchar *const *
tiny_vocab_merges (void)
{
  return pairs;
}

/* CLIP orders the bytes by how they are written: those that print first. */
static guint
list_characters (gunichar *characters)
{
  guint n = 0;

  for (gunichar c = '!'; c <= 0xff; c++)
    if (c <= '~' || (c >= 0xa1 && c != 0xad))
      characters[n++] = c;
  for (gunichar c = 0x100; n < 256; c++)
    characters[n++] = c;
  return n;
}

static void
add_entry (GString *vocab, const gchar *token, const gchar *end, guint *id)
{
  g_string_append_printf (vocab, "%s\"%s%s%s\": %u", *id == 0 ? "{" : ", ",
                          strchr ("\"\\", *token) != NULL ? "\\" : "", token,
                          end, *id);
  ++*id;
}

void
tiny_vocab_print (GString *vocab, GString *merges)
{
  gunichar characters[256];
  const guint n = list_characters (characters);
  guint id = 0;

  for (guint i = 0; i < 2 * n; i++)
    {
      gchar token[8] = "";

      g_unichar_to_utf8 (characters[i % n], token);
      add_entry (vocab, token, i < n ? "" : "</w>", &id);
    }
  g_string_append (merges, "#version: 0.2\n");
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      g_auto (GStrv) halves = g_strsplit (pairs[i], " ", 2);

      add_entry (vocab, halves[0], halves[1], &id);
      g_string_append_printf (merges, "%s\n", pairs[i]);
    }
  add_entry (vocab, "<|startoftext|>", "", &id);
  add_entry (vocab, "<|endoftext|>", "", &id);
  g_string_append_c (vocab, '}');
}

PmtTokenizer *
tiny_vocab_open (void)
{
  g_autoptr (GString) vocab = g_string_new (NULL);
  g_autoptr (GString) merges = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  PmtTokenizer *tokenizer;

  tiny_vocab_print (vocab, merges);
  tokenizer = pmt_tokenizer_parse ("vocab", vocab->str, vocab->len, "merges",
                                   merges->str, merges->len, &error);
  g_assert_no_error (error);
  return tokenizer;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-token-chunks.c: prompts in chunks, on a vocabulary of a few merges. */
#include "config.h"

#include <string.h>

#include "diffusion/chunks.h"
#include "tiny-vocab.h"

#define N_RANDOM 2000

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

/* Names and their numbers of vectors. */
static guint
look_up (const gchar *name, gpointer data)
{
  static const struct
  {
    const gchar *name;
    guint n;
  } known[] = {
    { "cat", 2 },  { "cat-dog", 3 }, { "owl1", 1 },
    { "big", 75 }, { "huge", 76 },   { "ab", 9 },
  };
  guint *n_asked = data;

  if (n_asked != NULL)
    ++*n_asked;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (name, known[i].name) == 0)
      return known[i].n;
  return 0;
}

static PmtChunks *
make_chunks (const PmtTokenizer *tokenizer,
             const gchar *text,
             PmtPromptSyntax syntax)
{
  g_autoptr (GError) error = NULL;
  PmtChunks *chunks =
      pmt_chunks_new (tokenizer, text, syntax,
                      pmt_tokenizer_get_eos (tokenizer), look_up, NULL, &error);

  g_assert_no_error (error);
  return chunks;
}

/* "the</w> -1 -2 | cat</w>": the used tokens of all chunks. */
static gchar *
describe_chunks (const PmtTokenizer *tokenizer, const PmtChunks *chunks)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < chunks->chunks->len; i++)
    {
      const PmtChunk *chunk = &g_array_index (chunks->chunks, PmtChunk, i);

      if (i > 0)
        g_string_append (out, " |");
      for (guint k = 1; k <= chunk->n_used; k++)
        {
          g_string_append (out, out->len > 0 ? " " : "");
          if (chunk->ids[k] < 0)
            g_string_append_printf (out, "%d", (int)chunk->ids[k]);
          else
            g_string_append (
                out, pmt_tokenizer_get_token (tokenizer, chunk->ids[k]));
        }
    }
  return g_string_free (out, FALSE);
}

static void
test_embeddings (void)
{
  static const struct
  {
    PmtPromptSyntax syntax;
    const gchar *text;
    const gchar *tokens;
    const gchar *missing;
  } cases[] = {
    { PMT_PROMPT_A1111, "the Cat", "the</w> -1 -2", "" },
    { PMT_PROMPT_A1111, "cat, cat", "-1 -2 ,</w> -1 -2", "" },
    { PMT_PROMPT_A1111, "cats", "ca t s</w>", "" },
    { PMT_PROMPT_A1111, "cat-dog cat", "-1 -2 -3 -4 -5", "" },
    { PMT_PROMPT_A1111, "owl1 (cat:1.5)", "-1 -2 -3", "" },
    { PMT_PROMPT_A1111, "embedding:cat", "e m b e d d ing</w> :</w> -1 -2",
      "" },
    { PMT_PROMPT_PLAIN, "the cat (dog)", "the</w> -1 -2 (</w> dog</w> )</w>",
      "" },
    { PMT_PROMPT_COMFYUI, "cat", "cat</w>", "" },
    { PMT_PROMPT_COMFYUI, "the embedding:cat dog", "the</w> -1 -2 dog</w>",
      "" },
    { PMT_PROMPT_COMFYUI, "embedding:CAT, dog", "-1 -2 ,</w> dog</w>", "" },
    { PMT_PROMPT_COMFYUI, "embedding:dog cat", "cat</w>", "dog" },
    { PMT_PROMPT_COMFYUI, "embedding:dog, cat", ",</w> cat</w>", "dog" },
    { PMT_PROMPT_COMFYUI, "embedding:,éx y", "x</w> y</w>", "éx" },
    { PMT_PROMPT_COMFYUI, "x\nembedding:cat\nthe", "x</w> -1 -2 the</w>", "" },
    { PMT_PROMPT_COMFYUI, "(embedding:cat:1.5)", "-1 -2", "" },
    { PMT_PROMPT_COMFYUI, "embedding:cat embedding:owl1 embedding:cat",
      "-1 -2 -3 -1 -2", "" },
  };
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtChunks) chunks =
          make_chunks (tokenizer, cases[i].text, cases[i].syntax);
      g_autofree gchar *tokens = describe_chunks (tokenizer, chunks);

      g_test_message ("“%s”", cases[i].text);
      g_assert_cmpstr (tokens, ==, cases[i].tokens);
      g_assert_cmpuint (chunks->missing->len, ==,
                        *cases[i].missing != '\0' ? 1 : 0);
      if (chunks->missing->len > 0)
        g_assert_cmpstr (chunks->missing->pdata[0], ==, cases[i].missing);
      g_assert_cmpuint (chunks->embeddings->len, ==,
                        chunks->embedding_sizes->len);
    }
}

/* An end that is spelled out ends the prompt only where the padding is
 * another id. */
static void
test_spelled_end (void)
{
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  const gint64 eos = pmt_tokenizer_get_eos (tokenizer);
  const gint64 cat = pmt_tokenizer_find (tokenizer, "cat</w>");
  const gint64 wanted[][2] = { { eos, cat }, { 0, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtChunks) chunks = pmt_chunks_new (
          tokenizer, "the <|endoftext|> cat owl1", PMT_PROMPT_A1111,
          wanted[i][0], look_up, NULL, &error);
      const gint64 *ids = g_array_index (chunks->chunks, PmtChunk, 0).ids;

      g_assert_no_error (error);
      g_assert_cmpint (ids[2], ==, eos);
      g_assert_cmpint (ids[3], ==, -1);
      g_assert_cmpint (ids[5], ==, -3);
      g_assert_cmpint (ids[6], ==, wanted[i][0]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtChunks) chunks =
          pmt_chunks_new (tokenizer, "the <|endoftext|> cat", PMT_PROMPT_A1111,
                          wanted[i][0], NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (g_array_index (chunks->chunks, PmtChunk, 0).ids[3], ==,
                       wanted[i][1]);
    }
}

static void
test_embedding_weights (void)
{
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  g_autoptr (PmtChunks) chunks =
      make_chunks (tokenizer, "the (cat:1.5)", PMT_PROMPT_A1111);
  const PmtChunk *chunk = &g_array_index (chunks->chunks, PmtChunk, 0);

  g_assert_true (chunks->has_weights);
  g_assert_cmpfloat (chunk->weights[1], ==, 1);
  g_assert_cmpfloat (chunk->weights[2], ==, 1.5f);
  g_assert_cmpfloat (chunk->weights[3], ==, 1.5f);
  g_assert_cmpfloat (chunk->weights[4], ==, 1);
}

static void
test_embedding_sizes (void)
{
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  g_autoptr (PmtChunks) full =
      make_chunks (tokenizer, "the big cat", PMT_PROMPT_A1111);
  g_autoptr (PmtChunks) spread =
      make_chunks (tokenizer, "embedding:huge", PMT_PROMPT_COMFYUI);
  g_autoptr (PmtChunks) cut =
      make_chunks (tokenizer, "the big cat", PMT_PROMPT_PLAIN);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (full->chunks->len, ==, 3);
  g_assert_cmpuint (g_array_index (full->chunks, PmtChunk, 1).n_used, ==, 75);
  g_assert_cmpuint (spread->chunks->len, ==, 2);
  g_assert_cmpuint (g_array_index (spread->chunks, PmtChunk, 1).n_used, ==, 1);
  g_assert_cmpuint (cut->chunks->len, ==, 1);
  g_assert_cmpuint (cut->n_dropped, ==, 3);
  g_assert_null (pmt_chunks_new (tokenizer, "huge", PMT_PROMPT_A1111, 0,
                                 look_up, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "76 vectors"));
}

static void
test_chunk_errors (void)
{
  static const struct
  {
    PmtPromptSyntax syntax;
    const gchar *text;
  } cases[] = {
    { PMT_PROMPT_COMFYUI, "embedding:" },
    { PMT_PROMPT_COMFYUI, "the embedding: \n" },
    { PMT_PROMPT_COMFYUI, "\xff" },
    { PMT_PROMPT_A1111, "(a:1.2.3)" },
  };
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pmt_chunks_new (tokenizer, cases[i].text, cases[i].syntax,
                                     0, look_up, NULL, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
    }
}

static void
check_chunk (const PmtTokenizer *tokenizer,
             const PmtChunk *chunk,
             gint64 n_vectors)
{
  const gint64 n = pmt_tokenizer_get_size (tokenizer);

  g_assert_cmpint (chunk->ids[0], ==, pmt_tokenizer_get_bos (tokenizer));
  g_assert_cmpuint (chunk->n_used, <=, PMT_CHUNK_LENGTH - 2);
  for (guint i = 0; i < PMT_CHUNK_LENGTH; i++)
    {
      g_assert_cmpint (chunk->ids[i], >=, -n_vectors);
      g_assert_cmpint (chunk->ids[i], <, n);
      if (i == 0 || i > chunk->n_used)
        g_assert_cmpfloat (chunk->weights[i], ==, 1);
    }
}

/* Any prompt, also with chunks that end in the middle of everything. */
static void
test_random (void)
{
  static const gchar *const pieces[] = {
    "the ",
    "cat ",
    "cats",
    ", ",
    "(",
    ")",
    ":1.3)",
    "[",
    "]",
    "BREAK",
    " ",
    "owl",
    "1",
    "-",
    "big",
    "ab",
    "\\",
    "日",
    "AND",
    "x y z w v u t s ",
    "embedding:ab",
    " embedding:",
    "dog dog dog dog dog dog dog dog dog dog dog dog ",
    NULL,
  };
  g_autoptr (PmtTokenizer) tokenizer = tiny_vocab_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint n_made = 0;

  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autofree gchar *text = random_text (rand, pieces, 40);
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtChunks) chunks = pmt_chunks_new (
          tokenizer, text, (PmtPromptSyntax)(i % 3), 0, look_up, NULL, &error);
      gint64 n_vectors = 0;

      if (chunks == NULL)
        {
          g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
          continue;
        }
      for (guint k = 0; k < chunks->embedding_sizes->len; k++)
        n_vectors += g_array_index (chunks->embedding_sizes, guint, k);
      g_assert_cmpuint (chunks->chunks->len, >, 0);
      for (guint k = 0; k < chunks->chunks->len; k++)
        check_chunk (tokenizer, &g_array_index (chunks->chunks, PmtChunk, k),
                     n_vectors);
      n_made++;
    }
  g_assert_cmpuint (n_made, >, N_RANDOM / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-chunks/embeddings", test_embeddings);
  g_test_add_func ("/token-chunks/spelled-end", test_spelled_end);
  g_test_add_func ("/token-chunks/embedding-weights", test_embedding_weights);
  g_test_add_func ("/token-chunks/embedding-sizes", test_embedding_sizes);
  g_test_add_func ("/token-chunks/errors", test_chunk_errors);
  g_test_add_func ("/token-chunks/random", test_random);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-embeddings.c: textual inversions. */
#include "config.h"

#include <string.h>

#include "diffusion/embeddings.h"
#include "golden.h"

static PmtEmbeddings *
open_embeddings (void)
{
  g_autofree gchar *folder = golden_path ("checkpoints/embeddings");
  g_autoptr (GError) error = NULL;
  PmtEmbeddings *embeddings = pmt_embeddings_open (folder, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pmt_embeddings_get_n (embeddings), >, 0);
  return embeddings;
}

/* The vectors as they come out for a prompt that is a name and nothing else,
 * against the tensor. */
static void
compare_vectors (const PmtTokenizer *tokenizer,
                 const PmtEmbeddings *embeddings,
                 const PmtEmbedding *embedding,
                 guint which)
{
  PmtEmbeddingTarget target = {
    embeddings,
    embedding->n_texts == 2 ? PMT_FAMILY_SDXL : PMT_FAMILY_SD1,
    which,
    embedding->widths[which],
  };
  g_autoptr (GError) error = NULL;
  g_autofree gchar *file = g_path_get_basename (embedding->path);
  g_autoptr (PmtWeights) weights =
      golden_open ("checkpoints/embeddings/%s", file);
  g_autofree gchar *prompt = g_strconcat ("embedding:", file, NULL);
  g_autoptr (PmtChunks) chunks =
      pmt_chunks_new (tokenizer, prompt, PMT_PROMPT_COMFYUI, 0,
                      pmt_embeddings_look_up, &target, &error);
  g_autofree gfloat *wanted = NULL;
  g_autofree gfloat *made = NULL;
  gsize n_wanted;
  guint n;

  g_assert_no_error (error);
  made = pmt_embeddings_read (&target, chunks, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, embedding->n_vectors[which]);
  wanted = golden_floats (weights, &n_wanted, "%s", embedding->tensors[which]);
  g_assert_cmpuint (n_wanted, ==, n * embedding->widths[which]);
  g_assert_cmpmem (made, n_wanted * sizeof (gfloat), wanted,
                   n_wanted * sizeof (gfloat));
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (g_array_index (chunks->chunks, PmtChunk, 0).ids[1 + i], ==,
                     -1 - (gint64)i);
}

static void
test_files (void)
{
  g_autofree gchar *folder = golden_path ("checkpoints/sd15_dir/tokenizer");
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTokenizer) tokenizer =
      pmt_tokenizer_open_folder (folder, &error);
  g_autoptr (PmtEmbeddings) embeddings = open_embeddings ();
  guint n_read = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < pmt_embeddings_get_n (embeddings); i++)
    {
      const PmtEmbedding *embedding = pmt_embeddings_get (embeddings, i);

      g_test_message ("%s (%s): %u text encoders", embedding->name,
                      embedding->token, embedding->n_texts);
      if (!g_str_has_suffix (embedding->path, ".safetensors"))
        {
          /* A pickle could run anything. */
          g_assert_error (embedding->error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
          continue;
        }
      g_assert_no_error (embedding->error);
      for (guint which = 0; which < embedding->n_texts; which++)
        compare_vectors (tokenizer, embeddings, embedding, which);
      n_read++;
    }
  g_assert_cmpuint (n_read, >, 0);
}

/* The prompt of the reference, which names an embedding by its token. */
static void
test_prompt (void)
{
  g_autofree gchar *folder = golden_path ("checkpoints/sd15_dir/tokenizer");
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTokenizer) tokenizer =
      pmt_tokenizer_open_folder (folder, &error);
  g_autoptr (PmtEmbeddings) embeddings = open_embeddings ();
  g_autoptr (cJSON) root = golden_json ("outputs/sd15_tiny.json");
  g_autoptr (PmtWeights) outputs =
      golden_open ("outputs/sd15_tiny.safetensors");
  const cJSON *entry =
      cJSON_GetObjectItemCaseSensitive (root, "textual_inversion");
  PmtEmbeddingTarget target = { embeddings, PMT_FAMILY_SD1, 0, 0 };
  g_autofree gint64 *wanted = golden_ints (outputs, NULL, "ti.ids");
  g_autoptr (PmtChunks) chunks = NULL;
  g_autofree gfloat *vectors = NULL;
  guint n;

  g_assert_no_error (error);
  chunks = pmt_chunks_new (
      tokenizer,
      cJSON_GetObjectItemCaseSensitive (entry, "prompt")->valuestring,
      PMT_PROMPT_A1111, pmt_tokenizer_get_eos (tokenizer),
      pmt_embeddings_look_up, &target, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (chunks->embeddings->len, ==, 1);
  target.width =
      pmt_embeddings_find (embeddings, chunks->embeddings->pdata[0])->widths[0];
  for (guint i = 0; i < PMT_CHUNK_LENGTH; i++)
    g_assert_cmpint (
        MAX (g_array_index (chunks->chunks, PmtChunk, 0).ids[i], 0), ==,
        wanted[i]);
  vectors = pmt_embeddings_read (&target, chunks, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (
      n, ==, cJSON_GetObjectItemCaseSensitive (entry, "vectors")->valueint);
}

static void
add (void)
{
  g_test_add_func ("/golden/embeddings/files", test_files);
  g_test_add_func ("/golden/embeddings/prompt", test_prompt);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}

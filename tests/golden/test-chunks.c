/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-chunks.c: prompts in chunks of 77 tokens. */
#include "config.h"

#include <string.h>

#include "diffusion/chunks.h"
#include "golden.h"

static PmtTokenizer *
open_folder (const gchar *name)
{
  g_autofree gchar *folder = golden_path ("%s", name);
  g_autoptr (GError) error = NULL;
  PmtTokenizer *tokenizer = pmt_tokenizer_open_folder (folder, &error);

  g_assert_no_error (error);
  return tokenizer;
}

static const cJSON *
get_list (const cJSON *item, const gchar *name)
{
  const cJSON *list = cJSON_GetObjectItemCaseSensitive (item, name);

  g_assert_true (cJSON_IsArray (list));
  g_assert_cmpint (cJSON_GetArraySize (list), >, 0);
  return list;
}

static PmtChunks *
make_chunks (const PmtTokenizer *tokenizer,
             const cJSON *item,
             PmtPromptSyntax syntax,
             gint64 pad_id)
{
  const gchar *text =
      cJSON_GetObjectItemCaseSensitive (item, "text")->valuestring;
  g_autoptr (GError) error = NULL;
  PmtChunks *chunks =
      pmt_chunks_new (tokenizer, text, syntax, pad_id, NULL, NULL, &error);

  g_test_message ("“%s”", text);
  g_assert_no_error (error);
  g_assert_cmpuint (chunks->embeddings->len, ==, 0);
  g_assert_cmpuint (chunks->n_dropped, ==, 0);
  return chunks;
}

/* @pad_id: what the ids behind the first end are instead; -1: as they are. */
static void
compare_ids (const PmtTokenizer *tokenizer,
             const PmtChunks *chunks,
             guint number,
             const cJSON *wanted,
             gint64 pad_id)
{
  const PmtChunk *chunk = &g_array_index (chunks->chunks, PmtChunk, number);
  gboolean has_ended = FALSE;
  const cJSON *id;
  guint i = 0;

  g_assert_cmpint (cJSON_GetArraySize (wanted), ==, PMT_CHUNK_LENGTH);
  cJSON_ArrayForEach (id, wanted)
  {
    const gint64 padded =
        has_ended && pad_id >= 0 ? pad_id : (gint64)id->valuedouble;

    g_assert_cmpint (chunk->ids[i], ==, padded);
    has_ended |= id->valuedouble == pmt_tokenizer_get_eos (tokenizer);
    i++;
  }
}

/* The weights of the file are doubles, those of a chunk floats: no difference
 * but the rounding. */
static gboolean
compare_weights (const PmtChunks *chunks, guint number, const cJSON *wanted)
{
  const PmtChunk *chunk = &g_array_index (chunks->chunks, PmtChunk, number);
  gboolean has_weights = FALSE;
  const cJSON *weight;
  guint i = 0;

  g_assert_cmpint (cJSON_GetArraySize (wanted), ==, PMT_CHUNK_LENGTH);
  cJSON_ArrayForEach (weight, wanted)
  {
    g_assert_cmpfloat (chunk->weights[i], ==, (gfloat)weight->valuedouble);
    has_weights |= weight->valuedouble != 1;
    i++;
  }
  return has_weights;
}

/* Tokens between the start and the padding, as far as the data tells: an end
 * may have been spelled out. */
static void
check_used (const PmtTokenizer *tokenizer, const PmtChunks *chunks)
{
  for (guint i = 0; i < chunks->chunks->len; i++)
    {
      const PmtChunk *chunk = &g_array_index (chunks->chunks, PmtChunk, i);

      g_assert_cmpuint (chunk->n_used, <=, PMT_CHUNK_LENGTH - 2);
      g_assert_cmpint (chunk->ids[1 + chunk->n_used], ==,
                       pmt_tokenizer_get_eos (tokenizer));
    }
}

static void
compare_a1111 (const PmtTokenizer *tokenizer,
               const cJSON *item,
               gint64 pad_id,
               gint64 wanted_pad)
{
  g_autoptr (PmtChunks) chunks =
      make_chunks (tokenizer, item, PMT_PROMPT_A1111, pad_id);
  const cJSON *list = get_list (item, "chunks");
  gboolean has_weights = FALSE;

  g_assert_cmpint (chunks->chunks->len, ==, cJSON_GetArraySize (list));
  g_assert_cmpint (
      chunks->n_tokens, ==,
      cJSON_GetObjectItemCaseSensitive (item, "token_count")->valueint);
  for (guint i = 0; i < chunks->chunks->len; i++)
    {
      const cJSON *chunk = cJSON_GetArrayItem (list, (int)i);

      compare_ids (tokenizer, chunks, i, get_list (chunk, "tokens"),
                   wanted_pad);
      has_weights |=
          compare_weights (chunks, i, get_list (chunk, "multipliers"));
    }
  g_assert_true (chunks->has_weights == has_weights);
  if (wanted_pad < 0)
    check_used (tokenizer, chunks);
}

static void
test_a1111 (void)
{
  g_autoptr (PmtTokenizer) tokenizer = open_folder ("tokenizer");
  g_autoptr (cJSON) root = golden_json ("prompt_weights/a1111_chunks.json");
  const cJSON *item;

  cJSON_ArrayForEach (item, get_list (root, "items"))
  {
    compare_a1111 (tokenizer, item, pmt_tokenizer_get_eos (tokenizer), -1);
    compare_a1111 (tokenizer, item, 0, 0);
  }
}

static void
test_comfyui (void)
{
  g_autoptr (PmtTokenizer) tokenizer = open_folder ("tokenizer");
  g_autoptr (cJSON) root = golden_json ("prompt_weights/comfyui.json");
  const cJSON *item;

  cJSON_ArrayForEach (item, get_list (root, "chunks"))
  {
    g_autoptr (PmtChunks) first = make_chunks (
        tokenizer, item, PMT_PROMPT_COMFYUI, pmt_tokenizer_get_eos (tokenizer));
    g_autoptr (PmtChunks) second =
        make_chunks (tokenizer, item, PMT_PROMPT_COMFYUI, 0);
    const cJSON *list = get_list (item, "clip_l");
    const cJSON *list_g = get_list (item, "clip_g_tokens");
    gboolean has_weights = FALSE;

    g_assert_cmpint (first->chunks->len, ==, cJSON_GetArraySize (list));
    g_assert_cmpint (second->chunks->len, ==, cJSON_GetArraySize (list_g));
    for (guint i = 0; i < first->chunks->len; i++)
      {
        const cJSON *chunk = cJSON_GetArrayItem (list, (int)i);

        compare_ids (tokenizer, first, i, get_list (chunk, "tokens"), -1);
        compare_ids (tokenizer, second, i, cJSON_GetArrayItem (list_g, (int)i),
                     -1);
        has_weights |= compare_weights (first, i, get_list (chunk, "weights"));
        compare_weights (second, i, get_list (chunk, "weights"));
      }
    g_assert_true (first->has_weights == has_weights);
    check_used (tokenizer, first);
    check_used (tokenizer, second);
  }
}

/* The prompts of a checkpoint in the syntax without weights. */
static void
test_plain (void)
{
  g_autoptr (PmtTokenizer) tokenizer =
      open_folder ("checkpoints/sd15_dir/tokenizer");
  g_autoptr (cJSON) root = golden_json ("outputs/sd15_tiny.json");
  g_autoptr (PmtWeights) outputs =
      golden_open ("outputs/sd15_tiny.safetensors");
  const cJSON *prompt;
  guint n = 0;

  cJSON_ArrayForEach (prompt, get_list (root, "prompts"))
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (PmtChunks) chunks =
        pmt_chunks_new (tokenizer, prompt->valuestring, PMT_PROMPT_PLAIN,
                        pmt_tokenizer_get_eos (tokenizer), NULL, NULL, &error);
    g_autofree gint64 *wanted = NULL;
    gsize n_wanted;

    wanted = golden_ints (outputs, &n_wanted, "text_encoder.p%u.ids", n++);
    g_assert_no_error (error);
    g_assert_cmpuint (n_wanted, ==, PMT_CHUNK_LENGTH);
    g_assert_cmpuint (chunks->chunks->len, ==, 1);
    g_assert_cmpmem (wanted, n_wanted * sizeof (gint64),
                     g_array_index (chunks->chunks, PmtChunk, 0).ids,
                     PMT_CHUNK_LENGTH * sizeof (gint64));
  }
}

typedef struct
{
  const gchar *name;
  guint n_vectors;
} Embedding;

static guint
look_up (const gchar *name, gpointer data)
{
  const Embedding *embedding = data;

  return g_ascii_strcasecmp (name, embedding->name) == 0 ? embedding->n_vectors
                                                         : 0;
}

/* Whether the prompt becomes @wanted, in which vectors have the id 0, when
 * @word is the name of an embedding. */
static gboolean
is_name (const PmtTokenizer *tokenizer,
         const gchar *prompt,
         const gchar *word,
         guint n_vectors,
         const gint64 *wanted)
{
  Embedding embedding = { word, n_vectors };
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtChunks) chunks = pmt_chunks_new (
      tokenizer, prompt, PMT_PROMPT_A1111, pmt_tokenizer_get_eos (tokenizer),
      look_up, &embedding, &error);
  const PmtChunk *chunk = &g_array_index (chunks->chunks, PmtChunk, 0);
  guint k = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < PMT_CHUNK_LENGTH; i++)
    {
      if (chunk->ids[i] < 0 && chunk->ids[i] != -1 - (gint64)k++)
        return FALSE;
      if (MAX (chunk->ids[i], 0) != wanted[i])
        return FALSE;
    }
  g_assert_cmpuint (chunks->embeddings->len, ==, 1);
  g_assert_cmpuint (k, ==, n_vectors);
  return TRUE;
}

/* The data does not say which word of the prompt is the name. */
static void
test_embedding (void)
{
  g_autoptr (PmtTokenizer) tokenizer =
      open_folder ("checkpoints/sd15_dir/tokenizer");
  g_autoptr (cJSON) root = golden_json ("outputs/sd15_tiny.json");
  g_autoptr (PmtWeights) outputs =
      golden_open ("outputs/sd15_tiny.safetensors");
  const cJSON *entry =
      cJSON_GetObjectItemCaseSensitive (root, "textual_inversion");
  const gchar *prompt =
      cJSON_GetObjectItemCaseSensitive (entry, "prompt")->valuestring;
  const guint n_vectors =
      (guint)cJSON_GetObjectItemCaseSensitive (entry, "vectors")->valueint;
  g_autofree gint64 *wanted = golden_ints (outputs, NULL, "ti.ids");
  g_auto (GStrv) words = g_strsplit_set (prompt, " ,.", -1);
  guint n = 0;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0'
        && is_name (tokenizer, prompt, words[i], n_vectors, wanted))
      {
        g_test_message ("“%s” of “%s”", words[i], prompt);
        n++;
      }
  g_assert_cmpuint (n, ==, 1);
}

static void
add (void)
{
  g_test_add_func ("/golden/chunks/a1111", test_a1111);
  g_test_add_func ("/golden/chunks/comfyui", test_comfyui);
  g_test_add_func ("/golden/chunks/plain", test_plain);
  g_test_add_func ("/golden/chunks/embedding", test_embedding);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}

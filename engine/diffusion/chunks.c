/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* chunks.c: a prompt as chunks of 77 tokens. */
#include "config.h"

#include "diffusion/chunk-builder.h"

void
pmt_chunks_free (PmtChunks *chunks)
{
  if (chunks == NULL)
    return;
  g_array_unref (chunks->chunks);
  g_ptr_array_unref (chunks->embeddings);
  g_array_unref (chunks->embedding_sizes);
  g_ptr_array_unref (chunks->missing);
  g_free (chunks);
}

static PmtChunks *
new_chunks (void)
{
  PmtChunks *chunks = g_new0 (PmtChunks, 1);

  chunks->chunks = g_array_new (FALSE, FALSE, sizeof (PmtChunk));
  chunks->embeddings = g_ptr_array_new_with_free_func (g_free);
  chunks->embedding_sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  chunks->missing = g_ptr_array_new_with_free_func (g_free);
  return chunks;
}

static void
add_plain (PmtChunkBuilder *builder, gint64 id)
{
  builder->chunks->n_tokens++;
  if (builder->items->len < PMT_CHUNK_ROOM)
    pmt_chunk_builder_add (builder, id, 1);
  else
    builder->chunks->n_dropped++;
}

/* One chunk; what does not fit is left out, as in diffusers. */
static void
fill_plain (PmtChunkBuilder *builder, const gchar *text)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (PmtTokenSpan));
  g_autofree gchar *normal =
      pmt_tokenizer_encode_spans (builder->tokenizer, text, -1, ids, spans);
  guint at = 0;

  while (at < ids->len)
    {
      g_autofree gchar *name = NULL;
      PmtEmbeddingUse use;
      gint64 first;

      if (!pmt_chunk_builder_find (builder, normal, ids, spans, at, &use))
        {
          add_plain (builder, g_array_index (ids, gint64, at++));
          continue;
        }
      name = use.name;
      first = pmt_chunk_builder_use (builder, name, use.n_vectors);
      for (guint i = 0; i < use.n_vectors; i++)
        add_plain (builder, first - i);
      at += use.n_tokens;
    }
  pmt_chunk_builder_finish (builder);
}

static gboolean
fill (PmtChunkBuilder *builder,
      const gchar *text,
      PmtPromptSyntax syntax,
      GError **error)
{
  g_autoptr (GPtrArray) parts = pmt_prompt_parse_weights (text, syntax, error);

  if (parts == NULL)
    return FALSE;
  switch (syntax)
    {
    case PMT_PROMPT_COMFYUI:
      return pmt_chunk_builder_fill_comfyui (builder, parts, error);
    case PMT_PROMPT_A1111:
      return pmt_chunk_builder_fill_a1111 (builder, parts, error);
    case PMT_PROMPT_PLAIN:
      break;
    }
  fill_plain (builder, text);
  return TRUE;
}

PmtChunks *
pmt_chunks_new (const PmtTokenizer *tokenizer,
                const gchar *text,
                PmtPromptSyntax syntax,
                gint64 pad_id,
                PmtEmbeddingLookup lookup,
                gpointer data,
                GError **error)
{
  g_autoptr (PmtChunks) chunks = new_chunks ();
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (PmtChunkItem));
  g_autoptr (GHashTable) first_vectors =
      g_hash_table_new (g_str_hash, g_str_equal);
  PmtChunkBuilder builder = { tokenizer, pad_id, lookup,        data,
                              chunks,    items,  first_vectors, 0 };

  g_return_val_if_fail (tokenizer != NULL && text != NULL, NULL);
  if (!fill (&builder, text, syntax, error))
    return NULL;
  return g_steal_pointer (&chunks);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* chunk-builder.c: a prompt on its way into chunks. */
#include "config.h"

#include "diffusion/chunk-builder.h"

/* Longest name that is looked for in a prompt. */
#define MAX_NAME_TOKENS 32

void
pmt_chunk_builder_add (PmtChunkBuilder *builder, gint64 id, gdouble weight)
{
  const PmtChunkItem item = { id, (gfloat)weight };

  g_array_append_val (builder->items, item);
  if (item.weight != 1)
    builder->chunks->has_weights = TRUE;
}

void
pmt_chunk_builder_finish (PmtChunkBuilder *builder)
{
  PmtChunk chunk = { .n_used = builder->items->len };
  guint n = 0;

  g_assert (builder->items->len <= PMT_CHUNK_ROOM);
  for (guint i = 0; i < PMT_CHUNK_LENGTH; i++)
    chunk.weights[i] = 1;
  chunk.ids[n++] = pmt_tokenizer_get_bos (builder->tokenizer);
  for (guint i = 0; i < builder->items->len; i++, n++)
    {
      const PmtChunkItem *item =
          &g_array_index (builder->items, PmtChunkItem, i);

      chunk.ids[n] = item->id;
      chunk.weights[n] = item->weight;
    }
  chunk.ids[n++] = pmt_tokenizer_get_eos (builder->tokenizer);
  while (n < PMT_CHUNK_LENGTH)
    chunk.ids[n++] = builder->pad_id;
  g_array_append_val (builder->chunks->chunks, chunk);
  g_array_set_size (builder->items, 0);
}

gint64
pmt_chunk_builder_use (PmtChunkBuilder *builder,
                       const gchar *name,
                       guint n_vectors)
{
  PmtChunks *chunks = builder->chunks;
  guint first =
      GPOINTER_TO_UINT (g_hash_table_lookup (builder->first_vectors, name));

  if (first == 0)
    {
      gchar *copy = g_strdup (name);

      first = builder->n_vectors + 1;
      builder->n_vectors += n_vectors;
      g_ptr_array_add (chunks->embeddings, copy);
      g_array_append_val (chunks->embedding_sizes, n_vectors);
      g_hash_table_insert (builder->first_vectors, copy,
                           GUINT_TO_POINTER (first));
    }
  return -(gint64)first;
}

/* Whether the @n tokens from @at on are what @name alone becomes, and not,
 * say, the beginning of a longer word. */
static gboolean
is_whole (const PmtChunkBuilder *builder,
          const gchar *name,
          const GArray *ids,
          guint at,
          guint n)
{
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (gint64));

  pmt_tokenizer_encode (builder->tokenizer, name, own);
  if (own->len != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (g_array_index (own, gint64, i) != g_array_index (ids, gint64, at + i))
      return FALSE;
  return TRUE;
}

gboolean
pmt_chunk_builder_find (const PmtChunkBuilder *builder,
                        const gchar *text,
                        const GArray *ids,
                        const GArray *spans,
                        guint at,
                        PmtEmbeddingUse *use)
{
  const guint start = g_array_index (spans, PmtTokenSpan, at).start;
  const guint n_max = MIN (ids->len - at, MAX_NAME_TOKENS);

  if (builder->lookup == NULL)
    return FALSE;
  for (guint n = n_max; n > 0; n--)
    {
      const guint end = g_array_index (spans, PmtTokenSpan, at + n - 1).end;
      g_autofree gchar *name = g_strndup (text + start, end - start);

      /* A token may be a part of a character. */
      if (!g_utf8_validate (name, -1, NULL))
        continue;
      use->n_vectors = builder->lookup (name, builder->data);
      if (use->n_vectors == 0 || !is_whole (builder, name, ids, at, n))
        continue;
      use->name = g_steal_pointer (&name);
      use->n_tokens = n;
      return TRUE;
    }
  return FALSE;
}

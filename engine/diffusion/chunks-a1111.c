/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* chunks-a1111.c: chunks as AUTOMATIC1111's webui makes them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/chunk-builder.h"

/* What follows a comma moves to the next chunk when the comma is among that
 * many last tokens of a chunk that is full. */
#define BACKTRACK 20

typedef struct
{
  PmtChunkBuilder *builder;
  gint64 comma;
  gint last_comma; /* number of the item in the chunk, or -1 */
} Filler;

static void
finish (Filler *filler, gboolean is_last)
{
  PmtChunks *chunks = filler->builder->chunks;

  chunks->n_tokens += is_last ? filler->builder->items->len : PMT_CHUNK_ROOM;
  pmt_chunk_builder_finish (filler->builder);
  filler->last_comma = -1;
}

static void
move_behind_comma (Filler *filler)
{
  GArray *items = filler->builder->items;
  const guint start = (guint)filler->last_comma + 1;
  g_autoptr (GArray) moved = g_array_new (FALSE, FALSE, sizeof (PmtChunkItem));

  g_array_append_vals (moved, &g_array_index (items, PmtChunkItem, start),
                       items->len - start);
  g_array_set_size (items, start);
  finish (filler, FALSE);
  g_array_append_vals (items, moved->data, moved->len);
}

/* Before the token @id: a new chunk when this one is full. */
static void
make_room (Filler *filler, gint64 id)
{
  const GArray *items = filler->builder->items;

  if (id == filler->comma)
    filler->last_comma = (gint)items->len;
  else if (items->len == PMT_CHUNK_ROOM && filler->last_comma >= 0
           && (gint)items->len - filler->last_comma <= BACKTRACK)
    move_behind_comma (filler);
  if (items->len == PMT_CHUNK_ROOM)
    finish (filler, FALSE);
}

static gboolean
add_embedding (Filler *filler,
               const PmtEmbeddingUse *use,
               gdouble weight,
               GError **error)
{
  gint64 id;

  if (use->n_vectors > PMT_CHUNK_ROOM)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The embedding “%s” has %u vectors, but at most %d fit "
                      "into a prompt at once."),
                   use->name, use->n_vectors, PMT_CHUNK_ROOM);
      return FALSE;
    }
  if (filler->builder->items->len + use->n_vectors > PMT_CHUNK_ROOM)
    finish (filler, FALSE);
  id = pmt_chunk_builder_use (filler->builder, use->name, use->n_vectors);
  for (guint i = 0; i < use->n_vectors; i++)
    pmt_chunk_builder_add (filler->builder, id - i, weight);
  return TRUE;
}

static gboolean
add_part (Filler *filler, const PmtPromptPart *part, GError **error)
{
  PmtChunkBuilder *builder = filler->builder;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (PmtTokenSpan));
  g_autofree gchar *text = pmt_tokenizer_encode_spans (
      builder->tokenizer, part->text, -1, ids, spans);
  guint at = 0;

  while (at < ids->len)
    {
      const gint64 id = g_array_index (ids, gint64, at);
      g_autofree gchar *name = NULL;
      PmtEmbeddingUse use;

      make_room (filler, id);
      if (!pmt_chunk_builder_find (builder, text, ids, spans, at, &use))
        {
          pmt_chunk_builder_add (builder, id, part->weight);
          at++;
          continue;
        }
      name = use.name;
      if (!add_embedding (filler, &use, part->weight, error))
        return FALSE;
      at += use.n_tokens;
    }
  return TRUE;
}

/* Encoders that pad with another id never see anything but it behind the
 * first <|endoftext|>, which may be one that the prompt spells out. */
static void
pad_behind_end (PmtChunkBuilder *builder)
{
  const gint64 eos = pmt_tokenizer_get_eos (builder->tokenizer);
  GArray *chunks = builder->chunks->chunks;

  for (guint i = 0; builder->pad_id != eos && i < chunks->len; i++)
    {
      gint64 *ids = g_array_index (chunks, PmtChunk, i).ids;
      guint n = 0;

      while (ids[n] != eos)
        n++;
      for (n++; n < PMT_CHUNK_LENGTH; n++)
        if (ids[n] >= 0)
          ids[n] = builder->pad_id;
    }
}

gboolean
pmt_chunk_builder_fill_a1111 (PmtChunkBuilder *builder,
                              const GPtrArray *parts,
                              GError **error)
{
  Filler filler = { builder, pmt_tokenizer_find (builder->tokenizer, ",</w>"),
                    -1 };

  for (guint i = 0; i < parts->len; i++)
    {
      const PmtPromptPart *part = parts->pdata[i];

      if (part->is_break)
        finish (&filler, FALSE);
      else if (!add_part (&filler, part, error))
        return FALSE;
    }
  if (builder->items->len > 0 || builder->chunks->chunks->len == 0)
    finish (&filler, TRUE);
  pad_behind_end (builder);
  return TRUE;
}

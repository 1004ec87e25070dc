/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* byte-pair.c: merges the symbols of a word, the best pair first. */
#include "config.h"

#include "diffusion/tokenizer-private.h"

#define NONE G_MAXUINT32

/* A symbol of the word, named by its first byte; the ones that were merged
 * into the one before have the id NONE. */
typedef struct
{
  guint32 id;
  guint32 previous;
  guint32 next;
} Symbol;

/* A pair that could be merged: unless one of the two has changed since. */
typedef struct
{
  guint32 rank;
  guint32 left; /* number of the symbol */
  const PmtMerge *merge;
} Candidate;

struct _PmtBytePair
{
  const PmtTokenizer *tokenizer;
  GArray *symbols; /* Symbol */
  GArray *heap;    /* Candidate: each is not worse than its children */
};

PmtBytePair *
pmt_byte_pair_new (const PmtTokenizer *tokenizer)
{
  PmtBytePair *pair = g_new (PmtBytePair, 1);

  pair->tokenizer = tokenizer;
  pair->symbols = g_array_new (FALSE, FALSE, sizeof (Symbol));
  pair->heap = g_array_new (FALSE, FALSE, sizeof (Candidate));
  return pair;
}

void
pmt_byte_pair_free (PmtBytePair *pair)
{
  if (pair == NULL)
    return;
  g_array_unref (pair->symbols);
  g_array_unref (pair->heap);
  g_free (pair);
}

static gboolean
is_better (const Candidate *a, const Candidate *b)
{
  return a->rank < b->rank || (a->rank == b->rank && a->left < b->left);
}

static void
push (GArray *heap, Candidate candidate)
{
  Candidate *items;
  guint i = heap->len;

  g_array_append_val (heap, candidate);
  items = (Candidate *)(gpointer)heap->data;
  while (i > 0 && is_better (&candidate, &items[(i - 1) / 2]))
    {
      items[i] = items[(i - 1) / 2];
      i = (i - 1) / 2;
    }
  items[i] = candidate;
}

static Candidate
pop (GArray *heap)
{
  Candidate *items = (Candidate *)(gpointer)heap->data;
  const Candidate top = items[0];
  const Candidate last = items[heap->len - 1];
  const guint n = heap->len - 1;
  guint i = 0;

  g_array_set_size (heap, n);
  while (2 * i + 1 < n)
    {
      guint child = 2 * i + 1;

      if (child + 1 < n && is_better (&items[child + 1], &items[child]))
        child++;
      if (!is_better (&items[child], &last))
        break;
      items[i] = items[child];
      i = child;
    }
  if (n > 0)
    items[i] = last;
  return top;
}

static void
consider (PmtBytePair *pair, guint32 left)
{
  const Symbol *symbols = (const Symbol *)(gpointer)pair->symbols->data;
  Candidate candidate = { .left = left };

  if (left == NONE || symbols[left].next == NONE)
    return;
  candidate.merge = pmt_tokenizer_find_merge (pair->tokenizer, symbols[left].id,
                                              symbols[symbols[left].next].id);
  if (candidate.merge == NULL)
    return;
  candidate.rank = candidate.merge->rank;
  push (pair->heap, candidate);
}

static void
merge (PmtBytePair *pair, const Candidate *candidate)
{
  Symbol *symbols = (Symbol *)(gpointer)pair->symbols->data;
  Symbol *left = &symbols[candidate->left];
  const guint32 right = left->next;

  if (left->id != candidate->merge->left || right == NONE
      || symbols[right].id != candidate->merge->right)
    return;
  left->id = candidate->merge->id;
  left->next = symbols[right].next;
  symbols[right].id = NONE;
  if (left->next != NONE)
    symbols[left->next].previous = candidate->left;
  consider (pair, left->previous);
  consider (pair, candidate->left);
}

static void
set_bytes (PmtBytePair *pair, const guchar *bytes, guint n)
{
  const PmtTokenizer *tokenizer = pair->tokenizer;

  g_array_set_size (pair->symbols, n);
  for (guint i = 0; i < n; i++)
    {
      const gboolean is_last = i + 1 == n;

      g_array_index (pair->symbols, Symbol, i) = (Symbol){
        .id = is_last ? tokenizer->last_bytes[bytes[i]]
                      : tokenizer->bytes[bytes[i]],
        .previous = i == 0 ? NONE : i - 1,
        .next = is_last ? NONE : i + 1,
      };
    }
}

void
pmt_byte_pair_encode (PmtBytePair *pair,
                      const gchar *text,
                      guint start,
                      guint end,
                      GArray *ids,
                      GArray *spans)
{
  const Symbol *symbols;
  guint32 next;

  set_bytes (pair, (const guchar *)text + start, end - start);
  g_array_set_size (pair->heap, 0);
  for (guint i = 0; i < end - start; i++)
    consider (pair, i);
  while (pair->heap->len > 0)
    {
      const Candidate candidate = pop (pair->heap);

      merge (pair, &candidate);
    }
  symbols = (const Symbol *)(gpointer)pair->symbols->data;
  for (guint32 i = 0; i != NONE; i = next)
    {
      const gint64 id = symbols[i].id;

      next = symbols[i].next;
      g_array_append_val (ids, id);
      if (spans != NULL)
        {
          const PmtTokenSpan span = { start + i,
                                      next == NONE ? end : start + next };

          g_array_append_val (spans, span);
        }
    }
}

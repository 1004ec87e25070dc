/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* conditioning.c: from a prompt to what a UNet takes. */
#include "config.h"

#include "diffusion/conditioning.h"

#include <glib/gi18n-lib.h>

#include <string.h>

#include "diffusion/emphasis.h"
#include "diffusion/text-stack.h"
#include "diffusion/unet.h"

#define TOKENS PMT_TEXT_TOKENS

G_STATIC_ASSERT (PMT_TEXT_TOKENS == PMT_CHUNK_LENGTH);

/* One text encoder's part of the work. */
typedef struct
{
  PmtTextStack *stack;
  const PmtConditioningOptions *options;
  const PmtEmbeddings *embeddings;
  GCancellable *cancellable;
  gint which;
  PmtTextEncoder *encoder;
  const PmtTokenizer *tokenizer;
  gint skip;
  gboolean has_norm;
} Reading;

/* What it read. */
typedef struct
{
  gfloat *states; /* [n_chunks * 77, width] */
  gint n_chunks;
  gint width;
  gfloat *pooled; /* NULL unless there is a projection */
} Reader;

static void
reader_clear (Reader *reader)
{
  g_free (reader->states);
  g_free (reader->pooled);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static PmtPromptSyntax
get_syntax (PmtConvention convention)
{
  switch (convention)
    {
    case PMT_CONVENTION_A1111:
      return PMT_PROMPT_A1111;
    case PMT_CONVENTION_DIFFUSERS:
      return PMT_PROMPT_PLAIN;
    case PMT_CONVENTION_COMFYUI:
      break;
    }
  return PMT_PROMPT_COMFYUI;
}

static gboolean
begin (Reading *reading, GError **error)
{
  const PmtCheckpoint *checkpoint =
      pmt_text_stack_get_checkpoint (reading->stack);
  const gint skip = reading->options->clip_skip;
  const gboolean is_fixed = reading->options->convention == PMT_CONVENTION_A1111
                            && checkpoint->family != PMT_FAMILY_SD1;

  reading->skip = skip > 0 && !is_fixed ? skip : checkpoint->clip_skip;
  reading->has_norm = checkpoint->family != PMT_FAMILY_SDXL;
  reading->tokenizer =
      pmt_text_stack_get_tokenizer (reading->stack, reading->which, error);
  if (reading->tokenizer == NULL)
    return FALSE;
  reading->encoder =
      pmt_text_stack_get_encoder (reading->stack, reading->which, error);
  return reading->encoder != NULL;
}

/* Where the state of the whole prompt is taken: at the first end token. */
static guint
find_end (const Reading *reading, const gint64 *ids)
{
  const gint64 end = pmt_tokenizer_get_eos (reading->tokenizer);

  for (guint i = 0; i < TOKENS; i++)
    if (ids[i] == end)
      return i;
  return TOKENS - 1;
}

/* Rows of the embedding table; vectors of textual inversions in the places of
 * ids below 0. */
static gboolean
make_rows (const Reading *reading,
           const gint64 *ids,
           const gfloat *vectors,
           gfloat *rows,
           GError **error)
{
  const gsize width =
      (gsize)pmt_text_encoder_get_shape (reading->encoder)->width;
  gint64 known[TOKENS];

  for (guint i = 0; i < TOKENS; i++)
    known[i] = MAX (ids[i], 0);
  if (!pmt_text_encoder_embed (reading->encoder, known, TOKENS, rows, error))
    return FALSE;
  for (guint i = 0; i < TOKENS; i++)
    if (ids[i] < 0)
      memcpy (rows + i * width, vectors + (gsize)(-1 - ids[i]) * width,
              width * sizeof (gfloat));
  return TRUE;
}

static gboolean
encode (const Reading *reading,
        const gint64 *ids,
        const gfloat *vectors,
        gfloat *states,
        gfloat *pooled,
        GError **error)
{
  const gsize width =
      (gsize)pmt_text_encoder_get_shape (reading->encoder)->width;
  const guint end = find_end (reading, ids);
  g_autofree gfloat *rows = NULL;
  gboolean has_vectors = FALSE;

  for (guint i = 0; i < TOKENS; i++)
    has_vectors = has_vectors || ids[i] < 0;
  if (!has_vectors)
    return pmt_text_encoder_run_ids (reading->encoder, ids, reading->skip,
                                     reading->has_norm, states, end, NULL,
                                     pooled, reading->cancellable, error);
  rows = g_new (gfloat, TOKENS * width);
  return make_rows (reading, ids, vectors, rows, error)
         && pmt_text_encoder_run (reading->encoder, rows, reading->skip,
                                  reading->has_norm, states, end, NULL, pooled,
                                  reading->cancellable, error);
}

static PmtChunks *
split (const Reading *reading,
       const gchar *prompt,
       PmtEmbeddingTarget *target,
       GError **error)
{
  const PmtTextShape *shape = pmt_text_encoder_get_shape (reading->encoder);
  const gint64 pad =
      shape->pad_id != 0 ? pmt_tokenizer_get_eos (reading->tokenizer) : 0;
  g_autoptr (PmtChunks) chunks = NULL;

  chunks = pmt_chunks_new (
      reading->tokenizer, prompt, get_syntax (reading->options->convention),
      pad, target->embeddings != NULL ? pmt_embeddings_look_up : NULL, target,
      error);
  if (chunks == NULL || chunks->missing->len == 0)
    return g_steal_pointer (&chunks);
  /* ComfyUI leaves it out; a misspelled name would go unnoticed. */
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The prompt names the textual inversion “%s”, and there is "
                  "none of this name in the folder models/embeddings. Correct "
                  "the name, or put the file there."),
               (const gchar *)chunks->missing->pdata[0]);
  return NULL;
}

/* ComfyUI measures weights from the states of an empty prompt. */
static gboolean
weigh_from_empty (const Reading *reading,
                  PmtEmbeddingTarget *target,
                  const PmtChunks *chunks,
                  Reader *out,
                  GError **error)
{
  const gsize n = (gsize)out->width * TOKENS;
  g_autoptr (PmtChunks) empty = split (reading, "", target, error);
  g_autofree gfloat *states = g_new (gfloat, n);

  if (empty == NULL
      || !encode (reading, g_array_index (empty->chunks, PmtChunk, 0).ids, NULL,
                  states, NULL, error))
    return FALSE;
  for (gint i = 0; i < out->n_chunks; i++)
    pmt_emphasis_from_empty (
        out->states + (gsize)i * n, states,
        g_array_index (chunks->chunks, PmtChunk, i).weights, TOKENS,
        out->width);
  return TRUE;
}

static gboolean
weigh (const Reading *reading,
       PmtEmbeddingTarget *target,
       const PmtChunks *chunks,
       Reader *out,
       GError **error)
{
  if (!chunks->has_weights)
    return TRUE;
  if (reading->options->convention == PMT_CONVENTION_COMFYUI)
    return weigh_from_empty (reading, target, chunks, out, error);
  for (gint i = 0; i < out->n_chunks; i++)
    pmt_emphasis_multiply (out->states + (gsize)i * (gsize)out->width * TOKENS,
                           g_array_index (chunks->chunks, PmtChunk, i).weights,
                           TOKENS, out->width,
                           reading->options->emphasis == PMT_EMPHASIS_ORIGINAL);
  return TRUE;
}

static gboolean
read_chunks (const Reading *reading,
             const gchar *prompt,
             Reader *out,
             GError **error)
{
  const PmtTextShape *shape = pmt_text_encoder_get_shape (reading->encoder);
  const gsize width = (gsize)shape->width;
  PmtEmbeddingTarget target = {
    reading->embeddings, pmt_text_stack_get_checkpoint (reading->stack)->family,
    (guint)reading->which, shape->width
  };
  g_autoptr (PmtChunks) chunks = split (reading, prompt, &target, error);
  g_autofree gfloat *vectors = NULL;
  guint n_vectors;

  if (chunks == NULL)
    return FALSE;
  if (chunks->embeddings->len > 0)
    {
      vectors = pmt_embeddings_read (&target, chunks, &n_vectors, error);
      if (vectors == NULL)
        return FALSE;
    }
  out->n_chunks = (gint)chunks->chunks->len;
  out->width = shape->width;
  out->states = g_new (gfloat, (gsize)out->n_chunks * TOKENS * width);
  if (shape->projection > 0)
    out->pooled = g_new (gfloat, shape->projection);
  /* The whole prompt's state is that of its first chunk. */
  for (gint i = 0; i < out->n_chunks; i++)
    if (!encode (reading, g_array_index (chunks->chunks, PmtChunk, i).ids,
                 vectors, out->states + (gsize)i * TOKENS * width,
                 i == 0 && reading->which == 1 ? out->pooled : NULL, error))
      return FALSE;
  return weigh (reading, &target, chunks, out, error);
}

/* States of the encoders side by side; cut to the shorter one. */
static PmtConditioning *
join (Reader *readers, gint n)
{
  PmtConditioning *made = g_new0 (PmtConditioning, 1);
  gint n_chunks = readers[0].n_chunks;
  gint at = 0;

  for (gint i = 0; i < n; i++)
    {
      n_chunks = MIN (n_chunks, readers[i].n_chunks);
      made->width += readers[i].width;
    }
  made->tokens = n_chunks * TOKENS;
  made->context = g_new (gfloat, (gsize)made->tokens * (gsize)made->width);
  for (gint i = 0; i < n; at += readers[i].width, i++)
    for (gint t = 0; t < made->tokens; t++)
      memcpy (made->context + (gsize)t * (gsize)made->width + at,
              readers[i].states + (gsize)t * (gsize)readers[i].width,
              (gsize)readers[i].width * sizeof (gfloat));
  return made;
}

PmtConditioning *
pmt_conditioning_new_full (PmtTextStack *stack,
                           const gchar *prompt,
                           const PmtConditioningOptions *options,
                           GCancellable *cancellable,
                           GError **error)
{
  const PmtCheckpoint *checkpoint = pmt_text_stack_get_checkpoint (stack);
  g_autoptr (PmtEmbeddings) embeddings = NULL;
  g_auto (Reader) first = { 0 };
  g_auto (Reader) second = { 0 };
  Reader *readers[] = { &first, &second };
  PmtConditioning *made;

  if (!pmt_text_stack_open_embeddings (stack, &embeddings, error))
    return NULL;
  for (gint i = 0; i < checkpoint->n_texts; i++)
    {
      Reading reading = { stack, options, embeddings, cancellable, i };

      if (!begin (&reading, error)
          || !read_chunks (&reading, prompt, readers[i], error))
        return NULL;
    }
  made = join ((Reader[]){ first, second }, checkpoint->n_texts);
  if (checkpoint->n_texts == 2)
    {
      made->pooled = g_steal_pointer (&second.pooled);
      made->pooled_width = checkpoint->text_shapes[1].projection;
    }
  return made;
}

PmtConditioning *
pmt_conditioning_new (PmtTextStack *stack,
                      const gchar *prompt,
                      PmtConvention convention,
                      gint clip_skip,
                      GCancellable *cancellable,
                      GError **error)
{
  const PmtConditioningOptions options = { convention, clip_skip,
                                           PMT_EMPHASIS_ORIGINAL };

  return pmt_conditioning_new_full (stack, prompt, &options, cancellable,
                                    error);
}

void
pmt_conditioning_free (PmtConditioning *conditioning)
{
  if (conditioning == NULL)
    return;
  g_free (conditioning->context);
  g_free (conditioning->pooled);
  g_free (conditioning);
}

void
pmt_conditioning_vector (const PmtConditioning *conditioning,
                         gdouble height,
                         gdouble width,
                         gdouble top,
                         gdouble left,
                         gdouble target_height,
                         gdouble target_width,
                         gint time_id_width,
                         gfloat *out)
{
  const gfloat sizes[] = { (gfloat)height,        (gfloat)width,
                           (gfloat)top,           (gfloat)left,
                           (gfloat)target_height, (gfloat)target_width };
  const PmtUnetShape shape = { .vector = conditioning->pooled_width
                                         + 6 * time_id_width,
                               .time_id_width = time_id_width };

  g_return_if_fail (conditioning->pooled != NULL && time_id_width % 2 == 0);
  pmt_unet_fill_vector (&shape, conditioning->pooled, sizes, out);
}

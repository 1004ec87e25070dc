/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* embedding-file.c: one textual inversion. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "diffusion/embeddings-private.h"

/* Real ones have up to 75 vectors of up to 1280 values. */
#define MAX_VECTORS 1024
#define MAX_WIDTH 16384

static const gchar *const sdxl_tensors[] = { "clip_l", "clip_g" };

void
pmt_embedding_free (PmtEmbedding *embedding)
{
  if (embedding == NULL)
    return;
  g_free (embedding->name);
  g_free (embedding->token);
  g_free (embedding->path);
  g_free (embedding->tensors[0]);
  g_free (embedding->tensors[1]);
  g_clear_error (&embedding->error);
  g_free (embedding);
}

static gboolean
has_numbers (const PmtWeight *weight)
{
  return weight->type == PMT_WEIGHT_FLOAT32
         || weight->type == PMT_WEIGHT_FLOAT16
         || weight->type == PMT_WEIGHT_BFLOAT16
         || weight->type == PMT_WEIGHT_FLOAT64;
}

/* [width] or [n, width]. */
static gboolean
add_tensor (PmtEmbedding *embedding, const PmtWeight *weight, GError **error)
{
  const guint i = embedding->n_texts;
  const gint64 n = weight->rank == 2 ? weight->dims[0] : 1;
  const gint64 width = weight->rank > 0 ? weight->dims[weight->rank - 1] : 0;

  if (weight->rank < 1 || weight->rank > 2 || n < 1 || n > MAX_VECTORS
      || width < 1 || width > MAX_WIDTH || !has_numbers (weight))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("“%s” is not a usable embedding: its tensor “%s” is not "
                      "a list of vectors."),
                   embedding->name, weight->name);
      return FALSE;
    }
  embedding->tensors[i] = g_strdup (weight->name);
  embedding->n_vectors[i] = (guint)n;
  embedding->widths[i] = width;
  embedding->n_texts++;
  return TRUE;
}

static gboolean
add_sdxl_tensors (PmtEmbedding *embedding, PmtWeights *weights, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (sdxl_tensors); i++)
    {
      const PmtWeight *weight = pmt_weights_find (weights, sdxl_tensors[i]);

      if (weight == NULL)
        {
          g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                       _ ("“%s” is not a usable embedding: it lacks the "
                          "vectors “%s” for one of the text encoders of "
                          "SDXL."),
                       embedding->name, sdxl_tensors[i]);
          return FALSE;
        }
      if (!add_tensor (embedding, weight, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_tensors (PmtEmbedding *embedding, PmtWeights *weights, GError **error)
{
  const PmtWeight *weight = pmt_weights_find (weights, "emb_params");
  const gchar *token = pmt_weights_get_metadata (weights, "name");

  if (pmt_weights_find (weights, sdxl_tensors[0]) != NULL
      || pmt_weights_find (weights, sdxl_tensors[1]) != NULL)
    return add_sdxl_tensors (embedding, weights, error);
  if (weight == NULL && pmt_weights_get_n (weights) == 1)
    {
      weight = pmt_weights_get (weights, 0);
      token = weight->name;
    }
  if (weight == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("“%s” is not an embedding: it has %u tensors, and none "
                      "is named “emb_params”."),
                   embedding->name, pmt_weights_get_n (weights));
      return FALSE;
    }
  embedding->token = g_strdup (token);
  return add_tensor (embedding, weight, error);
}

PmtEmbedding *
pmt_embedding_new (const gchar *path, const gchar *name)
{
  PmtEmbedding *embedding = g_new0 (PmtEmbedding, 1);
  g_autoptr (PmtWeights) weights = NULL;

  embedding->path = g_strdup (path);
  embedding->name = g_strdup (name);
  weights = pmt_weights_open (path, &embedding->error);
  if (weights != NULL && !find_tensors (embedding, weights, &embedding->error))
    embedding->n_texts = 0;
  return embedding;
}

static gboolean
read_tensor (const PmtEmbedding *embedding,
             PmtWeights *weights,
             guint which,
             gfloat *values,
             GError **error)
{
  const gsize n = embedding->n_vectors[which] * (gsize)embedding->widths[which];
  const PmtWeight *weight =
      pmt_weights_find (weights, embedding->tensors[which]);

  if (weight == NULL || pmt_weight_count (weight) != n || !has_numbers (weight))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The embedding “%s” was changed while Pentimento used "
                      "it. Try again."),
                   embedding->name);
      return FALSE;
    }
  return pmt_weights_read (weights, weight, 0, n, values, error);
}

gboolean
pmt_embedding_read (const PmtEmbedding *embedding,
                    guint which,
                    gfloat *values,
                    GError **error)
{
  const gsize n = embedding->n_vectors[which] * (gsize)embedding->widths[which];
  g_autoptr (PmtWeights) weights = pmt_weights_open (embedding->path, error);

  if (weights == NULL
      || !read_tensor (embedding, weights, which, values, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                     _ ("The embedding “%s” is damaged: it holds values that "
                        "are no numbers."),
                     embedding->name);
        return FALSE;
      }
  return TRUE;
}

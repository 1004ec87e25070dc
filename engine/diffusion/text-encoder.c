/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-encoder.c: the CLIP networks that read a prompt. */
#include "config.h"

#include "diffusion/text-encoder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/text-private.h"

#define TOKENS PMT_TEXT_TOKENS

PmtTextEncoder *
pmt_text_encoder_open (PmtCheckpoint *checkpoint,
                       gint which,
                       const PmtNetOptions *options,
                       GError **error)
{
  const PmtPart *part = &checkpoint->texts[which];
  g_autoptr (PmtTextEncoder) encoder = NULL;

  if (part->weights == NULL && part->onnx == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The checkpoint “%s” has no text encoder, so it can't "
                      "read a prompt. Choose a complete checkpoint."),
                   checkpoint->name);
      return NULL;
    }
  encoder = g_new0 (PmtTextEncoder, 1);
  g_atomic_ref_count_init (&encoder->ref_count);
  encoder->checkpoint = pmt_checkpoint_ref (checkpoint);
  encoder->part = part;
  encoder->shape = checkpoint->text_shapes[which];
  encoder->session = part->onnx != NULL
                         ? pmt_text_open_onnx (encoder, options, error)
                         : pmt_text_open_graph (encoder, which, options, error);
  return encoder->session != NULL ? g_steal_pointer (&encoder) : NULL;
}

PmtTextEncoder *
pmt_text_encoder_ref (PmtTextEncoder *encoder)
{
  g_atomic_ref_count_inc (&encoder->ref_count);
  return encoder;
}

void
pmt_text_encoder_unref (PmtTextEncoder *encoder)
{
  if (encoder == NULL || !g_atomic_ref_count_dec (&encoder->ref_count))
    return;
  g_clear_pointer (&encoder->session, pmt_session_unref);
  pmt_checkpoint_unref (encoder->checkpoint);
  g_free (encoder);
}

const PmtTextShape *
pmt_text_encoder_get_shape (PmtTextEncoder *encoder)
{
  return &encoder->shape;
}

gboolean
pmt_text_encoder_has_rows (PmtTextEncoder *encoder)
{
  return encoder->part->onnx == NULL;
}

static gboolean
fail_id (PmtTextEncoder *encoder, gint64 id, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The tokenizer gave the token %lld, but the text encoder of "
                  "“%s” knows only %d. Use the tokenizer that belongs to the "
                  "checkpoint."),
               (long long)id, encoder->checkpoint->name,
               encoder->shape.vocabulary);
  return FALSE;
}

static gboolean
check_ids (PmtTextEncoder *encoder, const gint64 *ids, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (ids[i] < 0 || ids[i] >= encoder->shape.vocabulary)
      return fail_id (encoder, ids[i], error);
  return TRUE;
}

gboolean
pmt_text_encoder_embed (PmtTextEncoder *encoder,
                        const gint64 *ids,
                        guint n,
                        gfloat *rows,
                        GError **error)
{
  const PmtPart *part = encoder->part;
  const gsize width = (gsize)encoder->shape.width;
  const PmtWeight *table =
      pmt_part_find (part, "%stoken_embedding.weight",
                     part->layout == PMT_LAYOUT_OPENCLIP ? "" : "embeddings.");

  if (part->onnx != NULL || table == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("The text encoder of “%s” is an ONNX file, which takes "
                      "no textual inversion embeddings. Leave their names "
                      "out of the prompt, or use the checkpoint as "
                      ".safetensors."),
                   encoder->checkpoint->name);
      return FALSE;
    }
  if (!check_ids (encoder, ids, n, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!pmt_weights_read (part->weights, table, (guint64)ids[i] * width, width,
                           rows + i * width, error))
      return FALSE;
  return TRUE;
}

/* One wanted output; at most one row of it when @row is not below 0. */
typedef struct
{
  const gchar *name;
  gint row;
  gint width;
  gfloat *values;
} Wanted;

static gboolean
copy_output (PmtTextEncoder *encoder,
             const PmtTensor *output,
             const Wanted *wanted,
             GError **error)
{
  const gsize width = (gsize)wanted->width;
  const gint64 last = output->rank > 0 ? output->dims[output->rank - 1] : 0;
  gint64 count = 1;
  const gfloat *values = output->data;
  const gboolean is_pooled = wanted->row >= 0 && output->rank == 2;

  for (gint i = 0; i < output->rank; i++)
    count *= output->dims[i];
  if (output->type != PMT_TENSOR_FLOAT32 || last != wanted->width
      || count != last * (is_pooled ? 1 : TOKENS))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The text encoder of “%s” gave a result of another size "
                      "than expected. Download the model again."),
                   encoder->checkpoint->name);
      return FALSE;
    }
  if (wanted->row < 0)
    memcpy (wanted->values, values, TOKENS * width * sizeof (gfloat));
  else
    memcpy (wanted->values,
            values + (is_pooled ? 0 : (gsize)wanted->row * width),
            width * sizeof (gfloat));
  return TRUE;
}

static gboolean
run (PmtTextEncoder *encoder,
     const PmtTensor *input,
     const Wanted *wanted,
     guint n,
     GCancellable *cancellable,
     GError **error)
{
  PmtTensor outputs[3] = { 0 };
  gboolean is_done;

  for (guint i = 0; i < n; i++)
    outputs[i].name = wanted[i].name;
  if (!pmt_session_run (encoder->session, input, 1, outputs, n, cancellable,
                        error))
    return FALSE;
  is_done = TRUE;
  for (guint i = 0; i < n; i++)
    {
      is_done =
          is_done && copy_output (encoder, &outputs[i], &wanted[i], error);
      pmt_tensor_clear (&outputs[i]);
    }
  return is_done;
}

static gboolean
check_run (PmtTextEncoder *encoder, gint skip, guint end, GError **error)
{
  g_return_val_if_fail (end < TOKENS, FALSE);
  if (skip >= 1 && skip <= encoder->shape.layers)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The clip skip is %d, but the text encoder of “%s” has %d "
                  "layers. Choose a number from 1 to %d."),
               skip, encoder->checkpoint->name, encoder->shape.layers,
               encoder->shape.layers);
  return FALSE;
}

static gboolean
run_rows (PmtTextEncoder *encoder,
          const gfloat *rows,
          const PmtTextWanted *want,
          GCancellable *cancellable,
          GError **error)
{
  const PmtTensor input = { .name = "rows",
                            .type = PMT_TENSOR_FLOAT32,
                            .rank = 3,
                            .dims = { 1, TOKENS, encoder->shape.width },
                            .data = (gpointer)rows };
  g_autofree gchar *hidden = pmt_text_output_name (
      encoder->shape.layers + 1 - want->skip, want->has_final_norm);
  g_autofree gchar *last = pmt_text_output_name (encoder->shape.layers, TRUE);
  Wanted wanted[3];
  guint n = 0;

  wanted[n++] = (Wanted){ hidden, -1, encoder->shape.width, want->hidden };
  if (want->pooled != NULL && !g_str_equal (last, hidden))
    wanted[n++] =
        (Wanted){ last, (gint)want->end, encoder->shape.width, want->pooled };
  if (want->projected != NULL)
    wanted[n++] = (Wanted){ "projected", (gint)want->end,
                            encoder->shape.projection, want->projected };
  if (!run (encoder, &input, wanted, n, cancellable, error))
    return FALSE;
  if (want->pooled != NULL && g_str_equal (last, hidden))
    memcpy (want->pooled,
            want->hidden + (gsize)want->end * (gsize)encoder->shape.width,
            (gsize)encoder->shape.width * sizeof (gfloat));
  return TRUE;
}

static gboolean
fail_projection (PmtTextEncoder *encoder, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The text encoder of “%s” has no projection, which this kind "
                  "of model needs. Download the model again."),
               encoder->checkpoint->name);
  return FALSE;
}

gboolean
pmt_text_encoder_run (PmtTextEncoder *encoder,
                      const gfloat *rows,
                      gint skip,
                      gboolean has_final_norm,
                      gfloat *hidden,
                      guint end,
                      gfloat *pooled,
                      gfloat *projected,
                      GCancellable *cancellable,
                      GError **error)
{
  const PmtTextWanted want = { skip, has_final_norm, hidden,
                               end,  pooled,         projected };

  g_return_val_if_fail (encoder->part->onnx == NULL, FALSE);
  if (!check_run (encoder, skip, end, error))
    return FALSE;
  if (projected != NULL && encoder->shape.projection == 0)
    return fail_projection (encoder, error);
  return run_rows (encoder, rows, &want, cancellable, error);
}

static gboolean
run_onnx (PmtTextEncoder *encoder,
          const gint64 *ids,
          const PmtTextWanted *want,
          GCancellable *cancellable,
          GError **error)
{
  const gint width = encoder->shape.width;
  g_autofree gchar *hidden = NULL;
  PmtTensor input = { .rank = 2, .dims = { 1, TOKENS } };
  gint32 narrow[TOKENS];
  Wanted wanted[2];
  guint n = 0;

  hidden = pmt_text_find_onnx_hidden (encoder, want, error);
  if (hidden == NULL)
    return FALSE;
  wanted[n++] = (Wanted){ hidden, -1, width, want->hidden };
  if (want->projected != NULL)
    wanted[n++] = (Wanted){ "text_embeds", (gint)want->end,
                            encoder->shape.projection, want->projected };
  else if (want->pooled != NULL)
    wanted[n++] =
        (Wanted){ "pooler_output", (gint)want->end, width, want->pooled };
  input.name = pmt_session_get_input (encoder->session, 0)->name;
  input.type = pmt_session_get_input (encoder->session, 0)->type;
  for (gint i = 0; i < TOKENS; i++)
    narrow[i] = (gint32)ids[i];
  input.data =
      input.type == PMT_TENSOR_INT32 ? (gpointer)narrow : (gpointer)ids;
  return run (encoder, &input, wanted, n, cancellable, error);
}

gboolean
pmt_text_encoder_run_ids (PmtTextEncoder *encoder,
                          const gint64 *ids,
                          gint skip,
                          gboolean has_final_norm,
                          gfloat *hidden,
                          guint end,
                          gfloat *pooled,
                          gfloat *projected,
                          GCancellable *cancellable,
                          GError **error)
{
  const PmtTextWanted want = { skip, has_final_norm, hidden,
                               end,  pooled,         projected };
  g_autofree gfloat *rows = NULL;

  if (encoder->part->onnx != NULL)
    return check_run (encoder, skip, end, error)
           && check_ids (encoder, ids, TOKENS, error)
           && run_onnx (encoder, ids, &want, cancellable, error);
  rows = g_new (gfloat, TOKENS * (gsize)encoder->shape.width);
  return pmt_text_encoder_embed (encoder, ids, TOKENS, rows, error)
         && pmt_text_encoder_run (encoder, rows, skip, has_final_norm, hidden,
                                  end, pooled, projected, cancellable, error);
}

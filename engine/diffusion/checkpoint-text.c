/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint-text.c: the shape of a text encoder, read off its tensors. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/checkpoint-private.h"

#define HEAD_WIDTH 64

gchar *
pmt_text_projection_name (const PmtPart *part)
{
  g_autofree gchar *start = g_strdup (part->prefix);

  if (part->layout == PMT_LAYOUT_OPENCLIP)
    return g_strconcat (start, "text_projection", NULL);
  if (g_str_has_suffix (start, "text_model."))
    start[strlen (start) - strlen ("text_model.")] = '\0';
  return g_strconcat (start, "text_projection.weight", NULL);
}

static void
read_projection (PmtPartReader *reader, PmtTextShape *shape)
{
  g_autofree gchar *name = pmt_text_projection_name (reader->part);
  const PmtWeight *weight = pmt_weights_find (reader->part->weights, name);
  const gint out = reader->part->layout == PMT_LAYOUT_OPENCLIP ? 1 : 0;

  if (weight == NULL)
    return;
  if (weight->rank == 2 && weight->dims[1 - out] == shape->width
      && weight->dims[out] > 0 && weight->dims[out] <= PMT_MAX_WIDTH)
    shape->projection = (gint)weight->dims[out];
  else
    pmt_part_reader_reject (reader, weight);
}

static gint
count_layers (const PmtPart *part)
{
  const gboolean is_openclip = part->layout == PMT_LAYOUT_OPENCLIP;
  gint n = 0;

  while (n <= PMT_MAX_DEPTH
         && pmt_part_find (part,
                           is_openclip ? "transformer.resblocks.%d.ln_1.weight"
                                       : "encoder.layers.%d.layer_norm1.weight",
                           n)
                != NULL)
    n++;
  return n;
}

gboolean
pmt_checkpoint_read_text (PmtCheckpoint *checkpoint, gint which, GError **error)
{
  const PmtPart *part = &checkpoint->texts[which];
  const gboolean is_openclip = part->layout == PMT_LAYOUT_OPENCLIP;
  const gboolean is_clip_l = checkpoint->family != PMT_FAMILY_SD2 && which == 0;
  PmtTextShape *shape = &checkpoint->text_shapes[which];
  const PmtWeight *table;
  PmtPartReader reader;

  *shape = (PmtTextShape){ .is_quick_gelu = is_clip_l };
  pmt_part_reader_begin (&reader, part);
  table =
      pmt_part_reader_need (&reader, 2, "%s",
                            is_openclip ? "token_embedding.weight"
                                        : "embeddings.token_embedding.weight");
  shape->vocabulary = table != NULL ? (gint)table->dims[0] : 0;
  shape->width = table != NULL ? (gint)table->dims[1] : 0;
  shape->positions = pmt_part_reader_need_dim (
      &reader, 2, 0, "%s",
      is_openclip ? "positional_embedding"
                  : "embeddings.position_embedding.weight");
  shape->layers = count_layers (part);
  shape->mlp = pmt_part_reader_need_dim (
      &reader, 2, 0, "%s",
      is_openclip ? "transformer.resblocks.0.mlp.c_fc.weight"
                  : "encoder.layers.0.mlp.fc1.weight");
  shape->heads = MAX (1, shape->width / HEAD_WIDTH);
  shape->pad_id = is_clip_l ? shape->vocabulary - 1 : 0;
  read_projection (&reader, shape);
  return pmt_part_reader_end (&reader, error);
}

gboolean
pmt_checkpoint_configure_text (PmtCheckpoint *checkpoint,
                               gint which,
                               const PmtConfig *config,
                               GError **error)
{
  PmtTextShape *shape = &checkpoint->text_shapes[which];
  const gchar *activation = pmt_config_string (config, "hidden_act");

  if (!pmt_config_int (config, "num_attention_heads", 1, PMT_MAX_WIDTH,
                       &shape->heads, error))
    return FALSE;
  if (activation == NULL)
    return TRUE;
  shape->is_quick_gelu = g_str_equal (activation, "quick_gelu");
  if (shape->is_quick_gelu || g_str_equal (activation, "gelu"))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” asks for an activation function of the text encoder "
                  "that is not supported; those of CLIP are quick_gelu and "
                  "gelu."),
               config->label);
  return FALSE;
}

gboolean
pmt_checkpoint_describe_text (PmtCheckpoint *checkpoint,
                              gint which,
                              const PmtConfig *config,
                              GError **error)
{
  const gboolean is_clip_l = checkpoint->family != PMT_FAMILY_SD2 && which == 0;
  PmtTextShape *shape = &checkpoint->text_shapes[which];

  *shape = (PmtTextShape){ .width = 768,
                           .layers = 12,
                           .heads = 12,
                           .mlp = 3072,
                           .vocabulary = 49408,
                           .positions = PMT_TEXT_POSITIONS,
                           .is_quick_gelu = is_clip_l };
  if (!pmt_config_int (config, "hidden_size", 1, PMT_MAX_WIDTH, &shape->width,
                       error)
      || !pmt_config_int (config, "num_hidden_layers", 1, PMT_MAX_DEPTH,
                          &shape->layers, error)
      || !pmt_config_int (config, "intermediate_size", 1, PMT_MAX_WIDTH,
                          &shape->mlp, error)
      || !pmt_config_int (config, "vocab_size", 1, G_MAXINT, &shape->vocabulary,
                          error)
      || !pmt_config_int (config, "max_position_embeddings", 1, PMT_MAX_WIDTH,
                          &shape->positions, error))
    return FALSE;
  if (which == 1
      && !pmt_config_int (config, "projection_dim", 1, PMT_MAX_WIDTH,
                          &shape->projection, error))
    return FALSE;
  shape->pad_id = is_clip_l ? shape->vocabulary - 1 : 0;
  return pmt_checkpoint_configure_text (checkpoint, which, config, error);
}

gboolean
pmt_checkpoint_check_text (PmtCheckpoint *checkpoint,
                           gint which,
                           GError **error)
{
  const PmtTextShape *shape = &checkpoint->text_shapes[which];

  if (shape->width >= 1 && shape->width <= PMT_MAX_WIDTH && shape->layers >= 1
      && shape->layers <= PMT_MAX_DEPTH && shape->heads >= 1
      && shape->width % shape->heads == 0 && shape->mlp >= 1
      && shape->mlp <= PMT_MAX_WIDTH && shape->vocabulary > 512 + 2
      && shape->vocabulary <= 1 << 20 && shape->positions == PMT_TEXT_POSITIONS)
    return TRUE;
  return pmt_checkpoint_fail (checkpoint, PMT_ERROR_MODEL,
                              _ ("The text encoder of “%s” has sizes that do "
                                 "not fit those of CLIP. The model is "
                                 "damaged, or of a kind that is not "
                                 "supported."),
                              error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet-names.c: the modules of a UNet by their two names. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "diffusion/unet-private.h"

/* Diffusers' name, and that of single files. */
typedef struct
{
  const gchar *from;
  const gchar *to;
} Pair;

static const Pair outer[] = {
  { "conv_in", "input_blocks.0.0" },
  { "time_embedding.linear_1", "time_embed.0" },
  { "time_embedding.linear_2", "time_embed.2" },
  { "add_embedding.linear_1", "label_emb.0.0" },
  { "add_embedding.linear_2", "label_emb.0.2" },
  { "conv_norm_out", "out.0" },
  { "conv_out", "out.2" },
};

static const Pair inner[] = {
  { "norm1", "in_layers.0" },          { "conv1", "in_layers.2" },
  { "time_emb_proj", "emb_layers.1" }, { "norm2", "out_layers.0" },
  { "conv2", "out_layers.3" },         { "conv_shortcut", "skip_connection" },
};

/* @name begins with @from and ends there or goes on with a dot: what follows,
 * else NULL. */
static const gchar *
after (const gchar *name, const gchar *from)
{
  const gsize length = strlen (from);

  return strncmp (name, from, length) == 0
                 && (name[length] == '.' || name[length] == '\0')
             ? name + length
             : NULL;
}

static gchar *
translate (const Pair *pairs, guint n, const gchar *prefix, const gchar *name)
{
  for (guint i = 0; i < n; i++)
    {
      const gchar *rest = after (name, pairs[i].from);

      if (rest != NULL)
        return g_strconcat (prefix, pairs[i].to, rest, NULL);
    }
  return NULL;
}

static gchar *
resnet (const gchar *block, const gchar *rest)
{
  g_autofree gchar *prefix = g_strconcat (block, ".", NULL);

  return rest[0] == '.'
             ? translate (inner, G_N_ELEMENTS (inner), prefix, rest + 1)
             : g_strdup (block);
}

/* Parts of a block: "resnets.1" and the rest. */
typedef struct
{
  gint block;
  gchar kind[16];
  gint index;
  const gchar *rest;
} Parts;

static gboolean
parse (const gchar *name, const gchar *side, Parts *parts)
{
  gint length = -1;
  g_autofree gchar *format = g_strconcat (side, ".%3d.%15[a-z].%3d%n", NULL);

  if (sscanf (name, format, &parts->block, parts->kind, &parts->index, &length)
          != 3
      || length < 0 || parts->block < 0 || parts->index < 0
      || (name[length] != '.' && name[length] != '\0'))
    return FALSE;
  parts->rest = name + length;
  return TRUE;
}

static gchar *
down_name (const PmtUnetShape *shape, const Parts *parts)
{
  const gint first = 1 + parts->block * (shape->res_blocks + 1);
  g_autofree gchar *block = NULL;
  const gchar *rest;

  if (parts->block >= shape->n_levels)
    return NULL;
  if (g_str_equal (parts->kind, "downsamplers"))
    {
      rest = after (parts->rest, ".conv");
      return rest == NULL ? NULL
                          : g_strdup_printf ("input_blocks.%d.0.op%s",
                                             first + shape->res_blocks, rest);
    }
  if (parts->index >= shape->res_blocks)
    return NULL;
  if (g_str_equal (parts->kind, "attentions"))
    return g_strdup_printf ("input_blocks.%d.1%s", first + parts->index,
                            parts->rest);
  block = g_strdup_printf ("input_blocks.%d.0", first + parts->index);
  return g_str_equal (parts->kind, "resnets") ? resnet (block, parts->rest)
                                              : NULL;
}

static gchar *
up_name (const PmtUnetShape *shape, const Parts *parts)
{
  const gint first = parts->block * (shape->res_blocks + 1);
  const gint level = shape->n_levels - 1 - parts->block;
  g_autofree gchar *block = NULL;
  const gchar *rest;

  if (level < 0 || parts->index > shape->res_blocks)
    return NULL;
  if (g_str_equal (parts->kind, "upsamplers"))
    {
      rest = after (parts->rest, ".conv");
      return rest == NULL
                 ? NULL
                 : g_strdup_printf ("output_blocks.%d.%d.conv%s",
                                    first + shape->res_blocks,
                                    shape->depth_up[level] > 0 ? 2 : 1, rest);
    }
  if (g_str_equal (parts->kind, "attentions"))
    return g_strdup_printf ("output_blocks.%d.1%s", first + parts->index,
                            parts->rest);
  block = g_strdup_printf ("output_blocks.%d.0", first + parts->index);
  return g_str_equal (parts->kind, "resnets") ? resnet (block, parts->rest)
                                              : NULL;
}

static gchar *
middle_name (const PmtUnetShape *shape, const gchar *name)
{
  const gchar *rest;

  rest = after (name, "mid_block.attentions.0");
  if (rest != NULL)
    return g_strconcat ("middle_block.1", rest, NULL);
  rest = after (name, "mid_block.resnets.0");
  if (rest != NULL)
    return resnet ("middle_block.0", rest);
  rest = after (name, "mid_block.resnets.1");
  if (rest != NULL)
    return resnet (
        shape->depth_middle > 0 ? "middle_block.2" : "middle_block.1", rest);
  return NULL;
}

gchar *
pmt_unet_name_to_ldm (const PmtUnetShape *shape, const gchar *name)
{
  Parts parts;

  if (parse (name, "down_blocks", &parts))
    return down_name (shape, &parts);
  if (parse (name, "up_blocks", &parts))
    return up_name (shape, &parts);
  if (g_str_has_prefix (name, "mid_block."))
    return middle_name (shape, name);
  return translate (outer, G_N_ELEMENTS (outer), "", name);
}

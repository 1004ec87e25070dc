/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-vae.c: the small autoencoder for previews, TAESD.
 * Source: madebyollin/taesd, taesd.py; Diffusers' AutoencoderTiny, whose
 * scale of values is used. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/folder-files.h"
#include "diffusion/vae-private.h"

#define MAX_MODULES 64
#define MAX_WIDTH 4096

/* What a module of the chain is, told by its tensors. */
typedef enum
{
  MODULE_NONE,  /* without tensors: an activation, or doubling the size */
  MODULE_BLOCK, /* three convolutions and a way around them */
  MODULE_CONV,  /* with bias: at the ends */
  MODULE_RESIZE /* without bias: where the size changes */
} Module;

typedef struct
{
  Module kind;
  gint in;
  gint out;
} ModuleInfo;

/* Of one module, or MODULE_NONE. */
static ModuleInfo
look_at (const PmtPart *part, gint i)
{
  const PmtWeight *block = pmt_part_find (part, "%d.conv.0.weight", i);
  const PmtWeight *conv = pmt_part_find (part, "%d.weight", i);
  const PmtWeight *weight = block != NULL ? block : conv;
  ModuleInfo info = { MODULE_NONE, 0, 0 };

  if (weight == NULL || weight->rank != 4 || weight->dims[0] < 1
      || weight->dims[0] > MAX_WIDTH || weight->dims[1] < 1
      || weight->dims[1] > MAX_WIDTH)
    return info;
  info.kind = block != NULL                                ? MODULE_BLOCK
              : pmt_part_find (part, "%d.bias", i) != NULL ? MODULE_CONV
                                                           : MODULE_RESIZE;
  info.out = (gint)weight->dims[0];
  info.in = (gint)weight->dims[1];
  return info;
}

static gint
count_modules (const PmtPart *part)
{
  gint n = 0;

  for (gint i = 0; i < MAX_MODULES; i++)
    if (look_at (part, i).kind != MODULE_NONE)
      n = i + 1;
  return n;
}

static gboolean
place (PmtPart *part, PmtWeights *weights, const gchar *side)
{
  const gchar *const prefixes[] = { ".layers.", "." };
  gint n = 0;

  part->weights = pmt_weights_ref (weights);
  for (guint i = 0; n == 0 && i < G_N_ELEMENTS (prefixes); i++)
    {
      g_free (part->prefix);
      part->prefix = g_strconcat (side, prefixes[i], NULL);
      n = count_modules (part);
    }
  if (n == 0)
    pmt_part_clear (part);
  return n > 0;
}

/* The author's files have a half each, without a prefix. */
static gboolean
place_bare (PmtPart *part, PmtWeights *weights)
{
  part->weights = pmt_weights_ref (weights);
  part->prefix = g_strdup ("");
  if (count_modules (part) > 0)
    return TRUE;
  pmt_part_clear (part);
  return FALSE;
}

/* (transfer full) (nullable): the other half's file beside @path. */
static gchar *
find_encoder (const gchar *path)
{
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autofree gchar *base = g_path_get_basename (path);
  gchar *at = g_strrstr (base, "decoder");

  if (at == NULL)
    return NULL;
  memcpy (at, "encoder", strlen ("encoder"));
  return pmt_folder_find (folder, base);
}

static gboolean
place_halves (const gchar *path,
              PmtWeights *weights,
              PmtTinyParts *parts,
              GError **error)
{
  g_autofree gchar *other = NULL;
  g_autoptr (PmtWeights) encoder = NULL;

  place (&parts->encoder, weights, "encoder");
  if (place (&parts->decoder, weights, "decoder")
      || !place_bare (&parts->decoder, weights))
    return TRUE;
  parts->is_bare = TRUE;
  other = find_encoder (path);
  if (other == NULL)
    return TRUE;
  encoder = pmt_weights_open (other, error);
  if (encoder == NULL)
    return FALSE;
  place_bare (&parts->encoder, encoder);
  return TRUE;
}

/* The first and the last convolution of the decoder tell what it takes, each
 * doubling a level. */
static gboolean
read_shape (const PmtPart *decoder, PmtVaeShape *shape)
{
  const gint n = count_modules (decoder);
  ModuleInfo first = { MODULE_NONE, 0, 0 };

  *shape = (PmtVaeShape){ .n_levels = 1, .scaling = 1 };
  for (gint i = 0; i < n; i++)
    {
      const ModuleInfo info = look_at (decoder, i);

      if (first.kind == MODULE_NONE)
        first = info;
      if (info.kind == MODULE_RESIZE)
        shape->n_levels++;
    }
  shape->latent_channels = first.in;
  shape->channels[0] = first.out;
  return first.kind == MODULE_CONV && first.in <= 64
         && shape->n_levels <= PMT_MAX_LEVELS
         && look_at (decoder, n - 1).kind == MODULE_CONV
         && look_at (decoder, n - 1).out == 3;
}

gboolean
pmt_tiny_find (const gchar *path,
               PmtTinyParts *parts,
               PmtVaeShape *shape,
               GError **error)
{
  g_autoptr (PmtWeights) weights = g_file_test (path, G_FILE_TEST_IS_DIR)
                                       ? pmt_folder_open_weights (path, error)
                                       : pmt_weights_open (path, error);

  if (weights == NULL || !place_halves (path, weights, parts, error))
    return FALSE;
  if (parts->decoder.weights != NULL && read_shape (&parts->decoder, shape))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” is not a tiny autoencoder (TAESD). Choose "
                  "taesd_decoder.safetensors or a folder with Diffusers' "
                  "AutoencoderTiny."),
               pmt_weights_get_name (weights));
  return FALSE;
}

typedef struct
{
  PmtBuilder *builder;
  const PmtPart *part;
  gboolean is_decoder;
} Net;

static const gchar *
add_relu (const Net *net, const gchar *x)
{
  return pmt_builder_node (net->builder, "Relu", PMT_NAMES (x), NULL);
}

static const gchar *
scalar (const Net *net, gfloat value)
{
  const gint64 n = 1;

  return pmt_builder_floats (net->builder, 1, &n, &value);
}

static const gchar *
add_block (const Net *net, const gchar *x, gint i, const ModuleInfo *info)
{
  PmtBuilder *builder = net->builder;
  const gchar *skip = pmt_builder_format (builder, "%d.skip", i);
  const PmtConv around = { skip, NULL, info->in,       info->out,
                           1,    1,    { 0, 0, 0, 0 }, TRUE };
  const gchar *y = x;

  for (gint c = 0; c < 3; c++)
    {
      y = pmt_layer_conv3 (builder, y,
                           pmt_builder_format (builder, "%d.conv.%d", i, 2 * c),
                           NULL, c == 0 ? info->in : info->out, info->out);
      if (c < 2)
        y = add_relu (net, y);
    }
  if (info->in != info->out)
    x = pmt_layer_conv (builder, x, &around);
  return add_relu (net, pmt_layer_add (builder, x, y));
}

static const gchar *
add_conv (const Net *net, const gchar *x, gint i, const ModuleInfo *info)
{
  const gboolean is_resize = info->kind == MODULE_RESIZE;
  const PmtConv conv = { pmt_builder_format (net->builder, "%d", i),
                         NULL,
                         info->in,
                         info->out,
                         3,
                         is_resize && !net->is_decoder ? 2 : 1,
                         { 1, 1, 1, 1 },
                         is_resize };

  if (is_resize && net->is_decoder)
    x = pmt_layer_upsample (net->builder, x);
  return pmt_layer_conv (net->builder, x, &conv);
}

static const gchar *
add_chain (const Net *net, const gchar *x)
{
  const gint n = count_modules (net->part);
  gboolean is_first = TRUE;

  for (gint i = 0; i < n; i++)
    {
      const ModuleInfo info = look_at (net->part, i);

      if (info.kind == MODULE_BLOCK)
        x = add_block (net, x, i, &info);
      else if (info.kind != MODULE_NONE)
        x = add_conv (net, x, i, &info);
      if (info.kind == MODULE_CONV && is_first && net->is_decoder)
        x = add_relu (net, x);
      is_first = is_first && info.kind == MODULE_NONE;
    }
  return x;
}

/* Latents are limited softly; pictures are 0 to 1 inside. */
static const gchar *
add_network (const Net *net, const gchar *x)
{
  PmtBuilder *builder = net->builder;
  const gchar *three = scalar (net, 3);
  const gchar *half = scalar (net, 0.5f);

  if (!net->is_decoder)
    {
      x = pmt_layer_multiply (builder, x, half);
      return add_chain (net, pmt_layer_add (builder, x, half));
    }
  x = pmt_builder_node (builder, "Div", PMT_NAMES (x, three), NULL);
  x = pmt_builder_node (builder, "Tanh", PMT_NAMES (x), NULL);
  x = add_chain (net, pmt_layer_multiply (builder, x, three));
  x = pmt_layer_multiply (builder, x, scalar (net, 2));
  return pmt_layer_add (builder, x, scalar (net, -1));
}

gboolean
pmt_tiny_open_half (PmtVae *vae,
                    PmtVaeSide side,
                    PmtVaeHalf *half,
                    GError **error)
{
  const gboolean is_decoder = side == PMT_VAE_DECODER;
  const PmtPart *part = is_decoder ? &vae->tiny.decoder : &vae->tiny.encoder;
  const gint latent = vae->shape.latent_channels;
  const gint64 in_dims[] = { 1, is_decoder ? latent : 3, -1, -1 };
  const gint64 out_dims[] = { 1, is_decoder ? 3 : latent, -1, -1 };
  g_autoptr (PmtBuilder) builder = NULL;
  Net net = { NULL, part, is_decoder };
  const gchar *x;

  if (part->weights == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The tiny autoencoder “%s” has no encoder. Put "
                      "taesd_encoder.safetensors beside it."),
                   vae->name);
      return FALSE;
    }
  builder = pmt_builder_new (PMT_NET_VAE, part, &vae->options, FALSE);
  net.builder = builder;
  x = pmt_builder_input (builder, "x", 4, in_dims, NULL);
  pmt_builder_output (builder, add_network (&net, x), "y", 4, out_dims, NULL);
  half->input = "x";
  half->output = "y";
  half->bytes_per_pixel = (guint64)vae->shape.channels[0] * sizeof (gfloat) * 6;
  half->fixed_bytes = pmt_builder_get_memory (builder);
  half->session = pmt_builder_open (builder, error);
  return half->session != NULL;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-tensors.c: .safetensors files, and a UNet in one, made on the spot. */
#include "tiny-tensors.h"

#include <math.h>
#include <string.h>

#include "diffusion/unet-private.h"

static void
tensor_free (gpointer data)
{
  TinyTensor *tensor = data;

  g_free (tensor->name);
  g_free (tensor->values);
  g_free (tensor);
}

TinyTensors *
tiny_tensors_new (void)
{
  return g_ptr_array_new_with_free_func (tensor_free);
}

TinyTensor *
tiny_tensors_add (TinyTensors *tensors,
                  const gchar *name,
                  guint seed,
                  gint rank,
                  const gint64 *dims)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  TinyTensor *tensor = g_new0 (TinyTensor, 1);
  gdouble spread;

  tensor->name = g_strdup (name);
  tensor->rank = rank;
  tensor->n = 1;
  for (gint i = 0; i < rank; i++)
    {
      tensor->dims[i] = dims[i];
      tensor->n *= (gsize)dims[i];
    }
  spread = rank > 1 ? sqrt ((gdouble)dims[0] / (gdouble)tensor->n) : 0.3;
  tensor->values = g_new (gfloat, tensor->n);
  for (gsize i = 0; i < tensor->n; i++)
    tensor->values[i] =
        (gfloat)(g_rand_double_range (rand, -1.5, 1.5) * spread);
  g_ptr_array_add (tensors, tensor);
  return tensor;
}

TinyTensor *
tiny_tensors_find (TinyTensors *tensors, const gchar *name)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      TinyTensor *tensor = tensors->pdata[i];

      if (g_str_equal (tensor->name, name))
        return tensor;
    }
  g_error ("no tensor %s", name);
}

/* Eight binary digits, none of them below 2^-12. */
void
tiny_tensors_round (TinyTensors *tensors)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      const TinyTensor *tensor = tensors->pdata[i];

      for (gsize k = 0; k < tensor->n; k++)
        {
          gint exponent;
          const gdouble part = frexp (tensor->values[k], &exponent);
          const gint digits = MIN (7, 12 + exponent);

          tensor->values[k] = digits < 1
                                  ? 0
                                  : (gfloat)ldexp (rint (ldexp (part, digits)),
                                                   exponent - digits);
        }
    }
}

static guint16
narrow (gfloat value, gboolean is_half)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  if (!is_half)
    return (guint16)(bits >> 16);
  if ((bits & 0x7fffffff) == 0)
    return 0;
  return (guint16)((bits >> 16 & 0x8000)
                   | (((bits & 0x7fffffff) - 0x38000000) >> 13));
}

static void
append_values (GByteArray *out, const TinyTensor *tensor, const gchar *dtype)
{
  for (gsize i = 0; i < tensor->n; i++)
    {
      guint16 part = narrow (tensor->values[i], g_str_equal (dtype, "F16"));

      if (g_str_equal (dtype, "F32"))
        g_byte_array_append (out, (const guint8 *)&tensor->values[i], 4);
      else
        g_byte_array_append (out, (const guint8 *)&part, 2);
    }
}

void
tiny_tensors_write (const TinyTensors *tensors,
                    const gchar *dtype,
                    const gchar *path)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  guint64 length;

  for (guint i = 0; i < tensors->len; i++)
    {
      const TinyTensor *tensor = tensors->pdata[i];
      const guint start = data->len;

      append_values (data, tensor, dtype);
      g_string_append_printf (header, "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[",
                              i > 0 ? "," : "", tensor->name, dtype);
      for (gint k = 0; k < tensor->rank; k++)
        g_string_append_printf (header, "%s%d", k > 0 ? "," : "",
                                (gint)tensor->dims[k]);
      g_string_append_printf (header, "],\"data_offsets\":[%u,%u]}", start,
                              data->len);
    }
  g_string_append_c (header, '}');
  length = GUINT64_TO_LE (header->len);
  g_byte_array_append (file, (const guint8 *)&length, 8);
  g_byte_array_append (file, (const guint8 *)header->str, (guint)header->len);
  g_byte_array_append (file, data->data, data->len);
  g_file_set_contents (path, (const gchar *)file->data, (gssize)file->len,
                       &error);
  g_assert_no_error (error);
}

PmtUnetShape
tiny_unet_shape (void)
{
  const PmtUnetShape shape = {
    .in_channels = 4,
    .out_channels = 4,
    .n_levels = 2,
    .channels = { 16, 48 },
    .res_blocks = 1,
    .depth_down = { 0, 1 },
    .depth_up = { 0, 1 },
    .depth_middle = 1,
    .heads = { 2, 4 },
    .context = 24,
    .groups = 8,
  };

  return shape;
}

typedef struct
{
  TinyTensors *tensors;
  PmtUnetShape shape;
  PmtLayout layout;
} Maker;

static TinyTensor *
put (Maker *maker, const gchar *name, gint rank, const gint64 *dims)
{
  g_autofree gchar *ldm = maker->layout == PMT_LAYOUT_LDM
                              ? pmt_unet_name_to_ldm (&maker->shape, name)
                              : g_strdup (name);

  g_assert_nonnull (ldm);
  return tiny_tensors_add (maker->tensors, ldm, g_str_hash (name), rank, dims);
}

/* @k: 0: linear, else a convolution of k x k. */
static void
put_layer (Maker *maker,
           const gchar *name,
           gint64 out,
           gint64 in,
           gint64 k,
           gboolean has_bias)
{
  g_autofree gchar *weight = g_strconcat (name, ".weight", NULL);
  g_autofree gchar *bias = g_strconcat (name, ".bias", NULL);
  const gint64 dims[] = { out, in, k, k };

  put (maker, weight, k > 0 ? 4 : 2, dims);
  if (has_bias)
    put (maker, bias, 1, dims);
}

static void
put_norm (Maker *maker, const gchar *prefix, const gchar *name, gint64 width)
{
  g_autofree gchar *weight = g_strconcat (prefix, name, ".weight", NULL);
  g_autofree gchar *bias = g_strconcat (prefix, name, ".bias", NULL);
  TinyTensor *tensor = put (maker, weight, 1, &width);

  for (gsize i = 0; i < tensor->n; i++)
    tensor->values[i] += 1;
  put (maker, bias, 1, &width);
}

static void
put_part (Maker *maker,
          const gchar *prefix,
          const gchar *name,
          gint64 out,
          gint64 in,
          gint64 k,
          gboolean has_bias)
{
  g_autofree gchar *full = g_strconcat (prefix, name, NULL);

  put_layer (maker, full, out, in, k, has_bias);
}

static void
put_resnet (Maker *maker, const gchar *prefix, gint64 in, gint64 out)
{
  put_norm (maker, prefix, ".norm1", in);
  put_part (maker, prefix, ".conv1", out, in, 3, TRUE);
  put_part (maker, prefix, ".time_emb_proj", out, 64, 0, TRUE);
  put_norm (maker, prefix, ".norm2", out);
  put_part (maker, prefix, ".conv2", out, out, 3, TRUE);
  if (in != out)
    put_part (maker, prefix, ".conv_shortcut", out, in, 1, TRUE);
}

static void
put_transformer (Maker *maker, const gchar *prefix, gint64 c)
{
  static const gchar *const attentions[] = { "attn1", "attn2" };
  g_autofree gchar *block =
      g_strconcat (prefix, ".transformer_blocks.0.", NULL);

  put_norm (maker, prefix, ".norm", c);
  put_part (maker, prefix, ".proj_in", c, c, 1, TRUE);
  for (gint i = 0; i < 2; i++)
    {
      const gint64 context = i == 0 ? c : maker->shape.context;
      g_autofree gchar *attention = g_strconcat (block, attentions[i], NULL);

      put_part (maker, attention, ".to_q", c, c, 0, FALSE);
      put_part (maker, attention, ".to_k", c, context, 0, FALSE);
      put_part (maker, attention, ".to_v", c, context, 0, FALSE);
      put_part (maker, attention, ".to_out.0", c, c, 0, TRUE);
    }
  put_norm (maker, block, "norm1", c);
  put_norm (maker, block, "norm2", c);
  put_norm (maker, block, "norm3", c);
  put_part (maker, block, "ff.net.0.proj", 8 * c, c, 0, TRUE);
  put_part (maker, block, "ff.net.2", c, 4 * c, 0, TRUE);
  put_part (maker, prefix, ".proj_out", c, c, 1, TRUE);
}

TinyTensors *
tiny_unet_new (PmtLayout layout)
{
  Maker maker = { tiny_tensors_new (), tiny_unet_shape (), layout };

  put_layer (&maker, "conv_in", 16, 4, 3, TRUE);
  put_layer (&maker, "time_embedding.linear_1", 64, 16, 0, TRUE);
  put_layer (&maker, "time_embedding.linear_2", 64, 64, 0, TRUE);
  put_resnet (&maker, "down_blocks.0.resnets.0", 16, 16);
  put_layer (&maker, "down_blocks.0.downsamplers.0.conv", 16, 16, 3, TRUE);
  put_resnet (&maker, "down_blocks.1.resnets.0", 16, 48);
  put_transformer (&maker, "down_blocks.1.attentions.0", 48);
  put_resnet (&maker, "mid_block.resnets.0", 48, 48);
  put_transformer (&maker, "mid_block.attentions.0", 48);
  put_resnet (&maker, "mid_block.resnets.1", 48, 48);
  put_resnet (&maker, "up_blocks.0.resnets.0", 48 + 48, 48);
  put_transformer (&maker, "up_blocks.0.attentions.0", 48);
  put_resnet (&maker, "up_blocks.0.resnets.1", 48 + 16, 48);
  put_transformer (&maker, "up_blocks.0.attentions.1", 48);
  put_layer (&maker, "up_blocks.0.upsamplers.0.conv", 48, 48, 3, TRUE);
  put_resnet (&maker, "up_blocks.1.resnets.0", 48 + 16, 16);
  put_resnet (&maker, "up_blocks.1.resnets.1", 16 + 16, 16);
  put_norm (&maker, "", "conv_norm_out", 16);
  put_layer (&maker, "conv_out", 4, 16, 3, TRUE);
  tiny_tensors_round (maker.tensors);
  return maker.tensors;
}

PmtCheckpoint *
tiny_unet_open (const gchar *path, PmtLayout layout)
{
  PmtCheckpoint *checkpoint = g_new0 (PmtCheckpoint, 1);
  g_autoptr (GError) error = NULL;

  g_atomic_ref_count_init (&checkpoint->ref_count);
  checkpoint->name = g_strdup ("tiny");
  checkpoint->path = g_strdup (path);
  checkpoint->unet_shape = tiny_unet_shape ();
  checkpoint->unet.layout = layout;
  checkpoint->unet.prefix = g_strdup ("");
  checkpoint->unet.weights = pmt_weights_open (path, &error);
  g_assert_no_error (error);
  return checkpoint;
}

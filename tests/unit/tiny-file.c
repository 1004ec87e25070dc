/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-file.c: .safetensors files made in memory. */
#include "config.h"

#include "tiny-file.h"

#include <cjson/cJSON.h>
#include <string.h>

#define PREFIX "model.diffusion_model."

typedef struct
{
  gchar *dtype;
  gint dims[8];
  gint rank;
  GByteArray *bytes;
} Tensor;

struct _TinyFile
{
  GTree *tensors; /* in the order of their names */
  GTree *metadata;
};

static void
tensor_free (gpointer data)
{
  Tensor *tensor = data;

  g_free (tensor->dtype);
  g_byte_array_unref (tensor->bytes);
  g_free (tensor);
}

static gint
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (a, b);
}

TinyFile *
tiny_file_new (void)
{
  TinyFile *file = g_new0 (TinyFile, 1);

  file->tensors = g_tree_new_full (compare, NULL, g_free, tensor_free);
  file->metadata = g_tree_new_full (compare, NULL, g_free, g_free);
  return file;
}

void
tiny_file_free (TinyFile *file)
{
  g_tree_unref (file->tensors);
  g_tree_unref (file->metadata);
  g_free (file);
}

static gsize
element_size (const gchar *dtype)
{
  return g_str_has_suffix (dtype, "64")   ? 8
         : g_str_has_suffix (dtype, "32") ? 4
         : g_str_has_suffix (dtype, "16") ? 2
                                          : 1;
}

static Tensor *
add (TinyFile *file, const gchar *dtype, const gchar *name, const gint *dims)
{
  Tensor *tensor = g_new0 (Tensor, 1);
  gsize count = 1;

  tensor->dtype = g_strdup (dtype);
  for (; dims[tensor->rank] != 0; tensor->rank++)
    {
      tensor->dims[tensor->rank] = dims[tensor->rank];
      count *= (gsize)dims[tensor->rank];
    }
  tensor->bytes = g_byte_array_new ();
  g_byte_array_set_size (tensor->bytes, (guint)(count * element_size (dtype)));
  memset (tensor->bytes->data, 0, tensor->bytes->len);
  g_tree_replace (file->tensors, g_strdup (name), tensor);
  return tensor;
}

void
tiny_file_add (TinyFile *file,
               const gchar *dtype,
               const gchar *name,
               const gint *dims)
{
  add (file, dtype, name, dims);
}

void
tiny_file_add_floats (TinyFile *file,
                      const gchar *name,
                      const gint *dims,
                      gfloat spread)
{
  Tensor *tensor = add (file, "F32", name, dims);
  gfloat *values = (gfloat *)(gpointer)tensor->bytes->data;
  const gsize n = tensor->bytes->len / sizeof (gfloat);

  for (gsize i = 0; i < n; i++)
    values[i] = spread * ((gfloat)((i * 7919 + 13) % 1009) / 504.0f - 1);
}

void
tiny_file_remove (TinyFile *file, const gchar *name)
{
  g_assert_true (g_tree_remove (file->tensors, name));
}

void
tiny_file_set_metadata (TinyFile *file, const gchar *key, const gchar *value)
{
  g_tree_replace (file->metadata, g_strdup (key), g_strdup (value));
}

typedef struct
{
  cJSON *header;
  GByteArray *data;
} Writer;

static gboolean
write_tensor (gpointer name, gpointer value, gpointer data)
{
  Writer *writer = data;
  const Tensor *tensor = value;
  cJSON *entry = cJSON_AddObjectToObject (writer->header, name);
  const gint offsets[] = { (gint)writer->data->len,
                           (gint)(writer->data->len + tensor->bytes->len) };

  cJSON_AddStringToObject (entry, "dtype", tensor->dtype);
  cJSON_AddItemToObject (entry, "shape",
                         cJSON_CreateIntArray (tensor->dims, tensor->rank));
  cJSON_AddItemToObject (entry, "data_offsets",
                         cJSON_CreateIntArray (offsets, 2));
  g_byte_array_append (writer->data, tensor->bytes->data, tensor->bytes->len);
  return FALSE;
}

static gboolean
write_metadata (gpointer key, gpointer value, gpointer data)
{
  cJSON_AddStringToObject (data, key, value);
  return FALSE;
}

void
tiny_file_write (TinyFile *file, const gchar *path)
{
  Writer writer = { cJSON_CreateObject (), g_byte_array_new () };
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  gchar *text;
  guint64 length;

  g_tree_foreach (file->metadata, write_metadata,
                  cJSON_AddObjectToObject (writer.header, "__metadata__"));
  g_tree_foreach (file->tensors, write_tensor, &writer);
  text = cJSON_PrintUnformatted (writer.header);
  length = GUINT64_TO_LE ((guint64)strlen (text));
  g_byte_array_append (all, (const guint8 *)&length, 8);
  g_byte_array_append (all, (const guint8 *)text, (guint)strlen (text));
  g_byte_array_append (all, writer.data->data, writer.data->len);
  g_file_set_contents (path, (const gchar *)all->data, all->len, &error);
  g_assert_no_error (error);
  cJSON_free (text);
  cJSON_Delete (writer.header);
  g_byte_array_unref (writer.data);
}

static void
add_block (TinyFile *file, const gchar *side, gint i, const TinyUnet *unet)
{
  g_autofree gchar *conv =
      g_strdup_printf (PREFIX "%s.%d.0.in_layers.2.weight", side, i);
  g_autofree gchar *projection =
      g_strdup_printf (PREFIX "%s.%d.1.proj_in.weight", side, i);
  g_autofree gchar *norm = g_strdup_printf (
      PREFIX "%s.%d.1.transformer_blocks.0.norm1.weight", side, i);
  g_autofree gchar *bias = g_strdup_printf (
      PREFIX "%s.%d.1.transformer_blocks.0.norm1.bias", side, i);
  g_autofree gchar *key = g_strdup_printf (
      PREFIX "%s.%d.1.transformer_blocks.0.attn2.to_k.weight", side, i);

  tiny_file_add (file, "F16", conv, TINY_DIMS (64, 64, 3, 3));
  tiny_file_add (file, "F16", projection,
                 unet->has_linear ? TINY_DIMS (64, 64)
                                  : TINY_DIMS (64, 64, 1, 1));
  tiny_file_add (file, "F16", norm, TINY_DIMS (64));
  tiny_file_add (file, "F32", bias, TINY_DIMS (64));
  tiny_file_add (file, "F16", key, TINY_DIMS (64, 48));
}

void
tiny_file_add_unet (TinyFile *file, const TinyUnet *unet)
{
  for (gint i = 1; i <= 11; i++)
    if (i % 3 != 0)
      add_block (file, "input_blocks", i, unet);
  for (gint i = 0; i < 12; i++)
    add_block (file, "output_blocks", i, unet);
  tiny_file_add (file, "F16", PREFIX "input_blocks.0.0.weight",
                 TINY_DIMS (64, unet->in_channels, 3, 3));
  tiny_file_add (file, "F16", PREFIX "out.2.weight", TINY_DIMS (4, 64, 3, 3));
  tiny_file_add (file, "F16", PREFIX "time_embed.0.weight",
                 TINY_DIMS (256, 64));
  if (unet->vector > 0)
    tiny_file_add (file, "F16", PREFIX "label_emb.0.0.weight",
                   TINY_DIMS (256, unet->vector));
}

static void
add_conv (
    TinyFile *file, const gchar *name, gint in, gint out, gboolean has_bias)
{
  g_autofree gchar *weight = g_strconcat (name, ".weight", NULL);
  g_autofree gchar *bias = g_strconcat (name, ".bias", NULL);

  tiny_file_add_floats (file, weight, TINY_DIMS (out, in, 3, 3), 0.25f);
  if (has_bias)
    tiny_file_add_floats (file, bias, TINY_DIMS (out), 0.1f);
}

void
tiny_file_add_tiny_vae (TinyFile *file)
{
  add_conv (file, "encoder.layers.0", 3, 8, TRUE);
  add_conv (file, "encoder.layers.2", 8, 8, FALSE);
  add_conv (file, "encoder.layers.4", 8, 4, TRUE);
  add_conv (file, "decoder.layers.0", 4, 8, TRUE);
  add_conv (file, "decoder.layers.4", 8, 8, FALSE);
  add_conv (file, "decoder.layers.6", 8, 3, TRUE);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-weights.c: the tensors of a network: which stay in the file, and which
 * are widened. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/net-private.h"
#include "onnx/tensor.h"

/* Elements of a tensor that is copied into the network: a bias, not a matrix.
 * Widening those in each run would take longer than the copy. */
#define MAX_INLINE 16384

/* What is used of one tensor. */
typedef struct
{
  PmtWeights *weights;
  const PmtWeight *weight; /* belongs to weights */
  guint64 first;           /* element */
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  pmt_weights_unref (source->weights);
  g_free (source);
}

static gboolean
fill (gpointer values, gsize bytes, gconstpointer data, GError **error)
{
  const Source *source = data;

  return pmt_weights_read (source->weights, source->weight, source->first,
                           bytes / sizeof (gfloat), values, error);
}

static const PmtWeight *
find (PmtBuilder *builder, const gchar *name)
{
  return pmt_weights_find_format (builder->part->weights, "%s%s",
                                  builder->part->prefix, name);
}

gboolean
pmt_builder_has (PmtBuilder *builder, const gchar *name)
{
  return find (builder, name) != NULL;
}

static gint64
count_use (const PmtTensorUse *use)
{
  gint64 count = 1;

  for (gint i = 0; i < use->rank; i++)
    count *= use->dims[i];
  return count;
}

/* Sizes of 1 at the end don't count. */
static gboolean
fits (const PmtWeight *weight, const PmtTensorUse *use)
{
  for (gint i = 0; i < MAX (weight->rank, use->rank); i++)
    {
      const gint64 there = i < weight->rank ? weight->dims[i] : 1;
      gint64 wanted = i < use->rank ? use->dims[i] : 1;

      if (i == 0 && use->rows != 0)
        wanted = use->rows;
      if (there != wanted)
        return FALSE;
    }
  return TRUE;
}

/* Only what can be used is let past: the rest of this file need not look. */
static gboolean
check (PmtBuilder *builder, const PmtWeight *weight, const PmtTensorUse *use)
{
  g_autofree gchar *there = NULL;
  g_autofree gchar *wanted = NULL;
  gint64 dims[G_N_ELEMENTS (use->dims)];
  gchar *problem;

  if (weight != NULL && fits (weight, use) && weight->type != PMT_WEIGHT_OTHER)
    return TRUE;
  if (weight == NULL)
    problem = g_strdup_printf (_ ("“%s%s” is missing"), builder->part->prefix,
                               use->name);
  else if (weight->type == PMT_WEIGHT_OTHER)
    problem =
        g_strdup_printf (_ ("“%s” has the type %s, which Pentimento can't use"),
                         weight->name, weight->dtype);
  else
    {
      for (gint i = 0; i < use->rank; i++)
        dims[i] = i == 0 && use->rows != 0 ? use->rows : use->dims[i];
      there = pmt_tensor_shape_text (weight->dims, weight->rank);
      wanted = pmt_tensor_shape_text (dims, use->rank);
      problem = g_strdup_printf (_ ("“%s” has the shape %s instead of %s"),
                                 weight->name, there, wanted);
    }
  g_ptr_array_add (builder->problems, problem);
  return FALSE;
}

static void
add_inline (PmtBuilder *builder,
            const gchar *name,
            const PmtTensorUse *use,
            const PmtWeight *weight,
            guint64 first)
{
  const gsize count = (gsize)count_use (use);
  g_autofree gfloat *values = g_new (gfloat, count);

  if (builder->failure != NULL)
    return;
  if (pmt_weights_read (builder->part->weights, weight, first, count, values,
                        &builder->failure))
    pmt_graph_add_tensor (builder->graph, name, PMT_TENSOR_FLOAT32, use->rank,
                          use->dims, values);
  builder->owned_bytes += 2 * count * sizeof (gfloat);
}

/* Declared as if it lay in the file: ONNX Runtime asks for the values that
 * were made instead. */
static void
add_widened (PmtBuilder *builder,
             const gchar *name,
             const PmtTensorUse *use,
             const PmtWeight *weight,
             guint64 first,
             PmtInitializerUse reader)
{
  const guint64 bytes = (guint64)count_use (use) * sizeof (gfloat);
  PmtInitializer *made = g_new0 (PmtInitializer, 1);
  Source *source = g_new0 (Source, 1);

  source->weights = pmt_weights_ref (builder->part->weights);
  source->weight = weight;
  source->first = first;
  made->name = g_strdup (name);
  made->type = PMT_TENSOR_FLOAT32;
  made->rank = use->rank;
  memcpy (made->dims, use->dims, sizeof use->dims);
  made->use = reader;
  made->fill = fill;
  made->data = source;
  made->destroy = source_free;
  g_ptr_array_add (builder->initializers, made);
  pmt_graph_add_external (builder->graph, name, PMT_TENSOR_FLOAT32, use->rank,
                          use->dims, weight->file, weight->offset, bytes);
  builder->owned_bytes += bytes;
}

static void
add_mapped (PmtBuilder *builder,
            const gchar *name,
            PmtTensorType type,
            const PmtTensorUse *use,
            const PmtWeight *weight,
            guint64 first)
{
  const guint64 size = pmt_tensor_type_size (type);
  const guint64 bytes = (guint64)count_use (use) * size;

  pmt_graph_add_external (builder->graph, name, type, use->rank, use->dims,
                          weight->file, weight->offset + first * size, bytes);
  builder->mapped_bytes += bytes;
}

static void
add_half (PmtBuilder *builder,
          const gchar *name,
          const PmtTensorUse *use,
          const PmtWeight *weight,
          guint64 first)
{
  const gchar *half = pmt_builder_format (builder, "%s half", name);
  PmtNode *node;

  add_mapped (builder, half,
              weight->type == PMT_WEIGHT_FLOAT16 ? PMT_TENSOR_FLOAT16
                                                 : PMT_TENSOR_BFLOAT16,
              use, weight, first);
  node = pmt_graph_add_node (builder->graph, "Cast", PMT_NAMES (half),
                             PMT_NAMES (name));
  pmt_node_set_int (node, "to", pmt_tensor_type_to_onnx (PMT_TENSOR_FLOAT32));
}

static void
add_values (PmtBuilder *builder,
            const gchar *name,
            const PmtTensorUse *use,
            const PmtWeight *weight,
            PmtInitializerUse reader)
{
  const gint64 count = count_use (use);
  const guint64 first = (guint64)(use->first_row * (count / use->dims[0]));
  const gboolean is_half =
      weight->type == PMT_WEIGHT_FLOAT16 || weight->type == PMT_WEIGHT_BFLOAT16;

  if (count <= MAX_INLINE)
    add_inline (builder, name, use, weight, first);
  else if (weight->type == PMT_WEIGHT_FLOAT32)
    add_mapped (builder, name, PMT_TENSOR_FLOAT32, use, weight, first);
  else if (is_half && (!builder->is_fast || builder->kind == PMT_NET_VAE))
    add_half (builder, name, use, weight, first);
  else
    add_widened (builder, name, use, weight, first, reader);
}

/* Read by something of another kind as well. */
static void
widen_use (PmtBuilder *builder, const gchar *name, PmtInitializerUse reader)
{
  for (guint i = 0; i < builder->initializers->len; i++)
    {
      PmtInitializer *made = builder->initializers->pdata[i];

      if (g_str_equal (made->name, name) && made->use != reader)
        made->use = PMT_USE_ANY;
    }
}

const gchar *
pmt_builder_tensor_for (PmtBuilder *builder,
                        const PmtTensorUse *use,
                        PmtInitializerUse reader)
{
  const PmtWeight *weight = find (builder, use->name);
  g_autoptr (GString) key = g_string_new (use->name);
  const gchar *name;

  g_return_val_if_fail (
      use->dims[0] > 0
          && use->first_row + use->dims[0]
                 <= (use->rows != 0 ? use->rows : use->dims[0]),
      "");
  g_string_append_printf (key, " %" G_GINT64_FORMAT, use->first_row);
  for (gint i = 0; i < use->rank; i++)
    g_string_append_printf (key, " %" G_GINT64_FORMAT, use->dims[i]);
  name = g_string_chunk_insert_const (builder->texts, key->str);
  if (!g_hash_table_add (builder->made, (gpointer)name))
    widen_use (builder, name, reader);
  else if (check (builder, weight, use))
    add_values (builder, name, use, weight, reader);
  return name;
}

const gchar *
pmt_builder_tensor (PmtBuilder *builder, const PmtTensorUse *use)
{
  return pmt_builder_tensor_for (builder, use, PMT_USE_ANY);
}

const gchar *
pmt_builder_vector (PmtBuilder *builder,
                    const gchar *name,
                    gint64 n,
                    gint n_trailing)
{
  PmtTensorUse use = { name, NULL, 1 + n_trailing, { n, 1, 1, 1 } };

  return pmt_builder_tensor (builder, &use);
}

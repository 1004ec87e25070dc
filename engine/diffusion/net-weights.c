/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-weights.c: the tensors of a network: which stay in the file, and which
 * are widened. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/lora-private.h"
#include "diffusion/net-private.h"
#include "onnx/tensor.h"

/* Elements of a bias, and of a matrix, that is copied into the network.
 * Widening those in each run would take longer than the copy. */
#define MAX_VECTOR 65536
#define MAX_MATRIX 1024

/* A LoRA's change of it. */
typedef struct
{
  PmtLora *lora;
  const PmtLoraModule *change; /* belongs to lora */
  gfloat strength;
  gint64 first_row; /* of the change */
} Change;

/* What is used of one tensor. */
typedef struct
{
  PmtWeights *weights;
  const PmtWeight *weight; /* belongs to weights */
  guint64 first;           /* element */
  gint64 rows;
  gint64 columns;
  GArray *changes; /* of Change */
} Source;

static void
change_clear (gpointer data)
{
  pmt_lora_unref (((Change *)data)->lora);
}

static void
source_free (gpointer data)
{
  Source *source = data;

  pmt_weights_unref (source->weights);
  g_array_unref (source->changes);
  g_free (source);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, source_free)

static gboolean
fill (gpointer values,
      gsize offset,
      gsize bytes,
      gconstpointer data,
      GError **error)
{
  const Source *source = data;

  g_return_val_if_fail (offset == 0 || source->changes->len == 0, FALSE);
  if (!pmt_weights_read (source->weights, source->weight,
                         source->first + offset / sizeof (gfloat),
                         bytes / sizeof (gfloat), values, error))
    return FALSE;
  for (guint i = 0; i < source->changes->len; i++)
    {
      const Change *change = &g_array_index (source->changes, Change, i);

      if (!pmt_lora_add (change->lora, change->change, change->strength,
                         change->first_row, source->rows, source->columns,
                         values, error))
        return FALSE;
    }
  return TRUE;
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
add_change (PmtBuilder *builder,
            Source *source,
            const PmtTensorUse *use,
            const PmtLoraUse *lora,
            const gchar *alias)
{
  const PmtLoraModule *found =
      pmt_lora_find (lora->lora, builder->kind, use->module, alias);
  Change change = { lora->lora, found };

  if (found == NULL)
    return;
  if (!pmt_lora_fits (found, use, &change.first_row))
    {
      g_ptr_array_add (builder->problems,
                       g_strdup_printf (_ ("the LoRA “%s” has other sizes for "
                                           "“%s”"),
                                        pmt_lora_get_name (lora->lora),
                                        use->name));
      builder->n_misfits++;
      return;
    }
  change.strength =
      builder->kind == PMT_NET_UNET ? lora->strength : lora->text_strength;
  pmt_lora_ref (change.lora);
  g_array_append_val (source->changes, change);
  g_hash_table_add (builder->changes, (gpointer)found);
}

static Source *
source_new (PmtBuilder *builder,
            const PmtTensorUse *use,
            const PmtWeight *weight)
{
  Source *source = g_new0 (Source, 1);
  g_autofree gchar *alias = NULL;

  source->weights = pmt_weights_ref (builder->part->weights);
  source->weight = weight;
  source->rows = use->dims[0];
  source->columns = count_use (use) / use->dims[0];
  source->first = (guint64)(use->first_row * source->columns);
  source->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  g_array_set_clear_func (source->changes, change_clear);
  if (use->module == NULL)
    return source;
  if (builder->alias != NULL)
    alias = builder->alias (use->module, builder->alias_data);
  for (guint i = 0; i < builder->options->n_loras; i++)
    add_change (builder, source, use, &builder->options->loras[i], alias);
  return source;
}

static void
add_inline (PmtBuilder *builder,
            const gchar *name,
            const PmtTensorUse *use,
            const Source *source)
{
  const gsize bytes = (gsize)count_use (use) * sizeof (gfloat);
  g_autofree gfloat *values = g_malloc (bytes);

  builder->inline_bytes += 2 * bytes;
  if (builder->failure != NULL || builder->is_dry)
    return;
  if (fill (values, 0, bytes, source, &builder->failure))
    pmt_graph_add_tensor (builder->graph, name, PMT_TENSOR_FLOAT32, use->rank,
                          use->dims, values);
}

static PmtInitializer *
add_initializer (PmtBuilder *builder,
                 const PmtTensorUse *use,
                 Source *source,
                 PmtInitializerUse reader)
{
  PmtInitializer *made = g_new0 (PmtInitializer, 1);

  made->type = PMT_TENSOR_FLOAT32;
  made->rank = use->rank;
  memcpy (made->dims, use->dims, sizeof use->dims);
  made->use = reader;
  made->fill = fill;
  made->data = source;
  made->destroy = source_free;
  g_ptr_array_add (builder->initializers, made);
  return made;
}

/* Declared as if it lay in the file: ONNX Runtime asks for the values that
 * were made instead. */
static void
add_widened (PmtBuilder *builder,
             const gchar *name,
             const PmtTensorUse *use,
             Source *source,
             PmtInitializerUse reader)
{
  const guint64 bytes = (guint64)count_use (use) * sizeof (gfloat);
  PmtInitializer *made = add_initializer (builder, use, source, reader);

  made->name = g_strdup (name);
  pmt_graph_add_external (builder->graph, name, PMT_TENSOR_FLOAT32, use->rank,
                          use->dims, source->weight->file, 0, bytes);
  if (reader == PMT_USE_PRODUCT)
    builder->product_bytes += bytes;
  else
    builder->made_bytes += bytes;
}

static void
add_mapped (PmtBuilder *builder,
            const gchar *name,
            PmtTensorType type,
            const PmtTensorUse *use,
            const PmtWeight *weight,
            guint64 first,
            PmtInitializerUse reader)
{
  const guint64 size = pmt_tensor_type_size (type);
  const guint64 bytes = (guint64)count_use (use) * size;

  pmt_graph_add_external (builder->graph, name, type, use->rank, use->dims,
                          weight->file, weight->offset + first * size, bytes);
  if (reader == PMT_USE_PRODUCT)
    builder->mapped_product_bytes += bytes;
  else
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

  builder->largest_widened = MAX (builder->largest_widened,
                                  (guint64)count_use (use) * sizeof (gfloat));
  add_mapped (builder, half,
              weight->type == PMT_WEIGHT_FLOAT16 ? PMT_TENSOR_FLOAT16
                                                 : PMT_TENSOR_BFLOAT16,
              use, weight, first, PMT_USE_ANY);
  node = pmt_graph_add_node (builder->graph, "Cast", PMT_NAMES (half),
                             PMT_NAMES (name));
  pmt_node_set_int (node, "to", pmt_tensor_type_to_onnx (PMT_TENSOR_FLOAT32));
}

/* In each run, without being mapped. */
static void
add_made (PmtBuilder *builder,
          const gchar *name,
          const PmtTensorUse *use,
          Source *source)
{
  PmtNode *node = pmt_graph_add_node (builder->graph, PMT_MADE_TYPE,
                                      PMT_NAMES (NULL), PMT_NAMES (name));

  pmt_node_set_domain (node, PMT_MADE_DOMAIN);
  pmt_node_set_int (node, PMT_MADE_INDEX, builder->initializers->len);
  add_initializer (builder, use, source, PMT_USE_EACH_RUN);
  builder->largest_widened = MAX (builder->largest_widened,
                                  (guint64)count_use (use) * sizeof (gfloat));
}

static void
add_values (PmtBuilder *builder,
            const gchar *name,
            const PmtTensorUse *use,
            const PmtWeight *weight,
            PmtInitializerUse reader)
{
  g_autoptr (Source) source = source_new (builder, use, weight);
  const gboolean is_half =
      weight->type == PMT_WEIGHT_FLOAT16 || weight->type == PMT_WEIGHT_BFLOAT16;
  const gboolean is_changed = source->changes->len > 0;

  if (count_use (use) <= (source->columns == 1 ? MAX_VECTOR : MAX_MATRIX))
    add_inline (builder, name, use, source);
  else if (weight->type == PMT_WEIGHT_FLOAT32 && !is_changed)
    add_mapped (builder, name, PMT_TENSOR_FLOAT32, use, weight, source->first,
                reader);
  else if (is_half && !is_changed && builder->kind == PMT_NET_VAE)
    add_half (builder, name, use, weight, source->first);
  else if (is_half && !is_changed && !builder->is_fast)
    add_made (builder, name, use, g_steal_pointer (&source));
  else
    add_widened (builder, name, use, g_steal_pointer (&source), reader);
}

/* Read by something of another kind as well. */
static void
widen_use (PmtBuilder *builder, const gchar *name, PmtInitializerUse reader)
{
  for (guint i = 0; i < builder->initializers->len; i++)
    {
      PmtInitializer *made = builder->initializers->pdata[i];

      if (g_strcmp0 (made->name, name) == 0 && made->use != reader)
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

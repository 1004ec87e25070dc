/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-builder.c: puts a network together whose weights stay in the user's
 * file. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/net-private.h"
#include "onnx/tensor.h"

/* Of the standard operators: Pad that wraps around came with 19. */
#define OPSET 19

PmtBuilder *
pmt_builder_new (PmtNetKind kind,
                 const PmtPart *part,
                 const PmtNetOptions *options,
                 gboolean is_fast)
{
  static const gchar *const names[] = { "UNet", "text encoder",
                                        "text encoder 2", "VAE" };
  PmtBuilder *builder = g_new0 (PmtBuilder, 1);

  builder->kind = kind;
  builder->part = part;
  builder->options = options;
  builder->is_fast = is_fast;
  builder->texts = g_string_chunk_new (4096);
  builder->made = g_hash_table_new (g_str_hash, g_str_equal);
  builder->changes = g_hash_table_new (NULL, NULL);
  builder->problems = g_ptr_array_new_with_free_func (g_free);
  builder->initializers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_initializer_free);
  builder->graph = pmt_graph_new (names[kind], OPSET);
  pmt_graph_add_opset (builder->graph, "com.microsoft", 1);
  pmt_graph_add_opset (builder->graph, PMT_MADE_DOMAIN, 1);
  return builder;
}

void
pmt_builder_free (PmtBuilder *builder)
{
  if (builder == NULL)
    return;
  g_string_chunk_free (builder->texts);
  g_hash_table_unref (builder->made);
  g_hash_table_unref (builder->changes);
  g_ptr_array_unref (builder->problems);
  g_ptr_array_unref (builder->initializers);
  g_clear_error (&builder->failure);
  pmt_graph_free (builder->graph);
  g_free (builder);
}

void
pmt_builder_set_alias (PmtBuilder *builder,
                       PmtModuleAlias alias,
                       gconstpointer data)
{
  builder->alias = alias;
  builder->alias_data = data;
}

guint
pmt_builder_count_changes (PmtBuilder *builder)
{
  return g_hash_table_size (builder->changes);
}

guint
pmt_builder_count_misfits (PmtBuilder *builder)
{
  return builder->n_misfits;
}

PmtGraph *
pmt_builder_get_graph (PmtBuilder *builder)
{
  return builder->graph;
}

const gchar *
pmt_builder_format (PmtBuilder *builder, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return g_string_chunk_insert_const (builder->texts, text);
}

const gchar *
pmt_builder_input (PmtBuilder *builder,
                   const gchar *name,
                   gint rank,
                   const gint64 *dims,
                   const gchar *const *params)
{
  pmt_graph_add_input (builder->graph, name, PMT_TENSOR_FLOAT32, rank, dims,
                       params);
  return g_string_chunk_insert_const (builder->texts, name);
}

void
pmt_builder_output (PmtBuilder *builder,
                    const gchar *value,
                    const gchar *name,
                    gint rank,
                    const gint64 *dims,
                    const gchar *const *params)
{
  pmt_graph_add_node (builder->graph, "Identity", PMT_NAMES (value),
                      PMT_NAMES (name));
  pmt_graph_add_output (builder->graph, name, PMT_TENSOR_FLOAT32, rank, dims,
                        params);
}

static const gchar *
next_name (PmtBuilder *builder)
{
  return pmt_builder_format (builder, "v%u", builder->n_values++);
}

const gchar *
pmt_builder_floats (PmtBuilder *builder,
                    gint rank,
                    const gint64 *dims,
                    const gfloat *values)
{
  const gchar *name = next_name (builder);

  pmt_graph_add_tensor (builder->graph, name, PMT_TENSOR_FLOAT32, rank, dims,
                        values);
  return name;
}

const gchar *
pmt_builder_ints (PmtBuilder *builder, gint n, const gint64 *values)
{
  g_autoptr (GString) key = g_string_new ("ints");
  const gint64 dims[] = { n };
  const gchar *name;

  for (gint i = 0; i < n; i++)
    g_string_append_printf (key, " %" G_GINT64_FORMAT, values[i]);
  name = g_hash_table_lookup (builder->made, key->str);
  if (name != NULL)
    return name;
  name = g_string_chunk_insert_const (builder->texts, key->str);
  g_hash_table_add (builder->made, (gpointer)name);
  pmt_graph_add_tensor (builder->graph, name, PMT_TENSOR_INT64, 1, dims,
                        values);
  return name;
}

const gchar *
pmt_builder_node (PmtBuilder *builder,
                  const gchar *type,
                  const gchar *const *inputs,
                  PmtNode **node)
{
  const gchar *name = next_name (builder);
  PmtNode *made =
      pmt_graph_add_node (builder->graph, type, inputs, PMT_NAMES (name));

  if (node != NULL)
    *node = made;
  return name;
}

const gchar *
pmt_builder_contrib (PmtBuilder *builder,
                     const gchar *type,
                     const gchar *const *inputs,
                     PmtNode **node)
{
  PmtNode *made;
  const gchar *name = pmt_builder_node (builder, type, inputs, &made);

  pmt_node_set_domain (made, "com.microsoft");
  if (node != NULL)
    *node = made;
  return name;
}

guint64
pmt_builder_get_memory (PmtBuilder *builder)
{
  const guint64 always =
      builder->mapped_bytes + builder->inline_bytes + builder->packed_bytes;

  /* Products are packed and let go before the others are filled. */
  if (builder->is_fast && pmt_session_frees_packed ())
    return always + MAX (builder->product_bytes, builder->made_bytes);
  return always + builder->mapped_product_bytes + builder->product_bytes
         + builder->made_bytes;
}

static gboolean
check_problems (PmtBuilder *builder, GError **error)
{
  const guint n = builder->problems->len;
  const guint shown = MIN (n, 3);
  g_autoptr (GString) list = g_string_new (NULL);

  if (builder->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&builder->failure));
      return FALSE;
    }
  if (n == 0)
    return TRUE;
  for (guint i = 0; i < shown; i++)
    {
      if (i > 0)
        g_string_append (list, "; ");
      g_string_append (list, builder->problems->pdata[i]);
    }
  if (n > shown)
    g_string_append_printf (
        list, ngettext ("; and %u more", "; and %u more", n - shown),
        n - shown);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The model file “%s” does not hold the network that its "
                  "other tensors promise: %s. Download it again, or use "
                  "another model."),
               pmt_weights_get_name (builder->part->weights), list->str);
  return FALSE;
}

static gboolean
check_memory (PmtBuilder *builder, GError **error)
{
  const guint64 limit = builder->options->memory;
  const guint64 need = pmt_builder_get_memory (builder);
  g_autofree gchar *need_text = g_format_size (need);
  g_autofree gchar *limit_text = g_format_size (limit);

  if (limit == 0 || need <= limit)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("The model “%s” needs about %s of memory, and %s may be "
                  "used. Close other programs or choose a smaller model."),
               pmt_weights_get_name (builder->part->weights), need_text,
               limit_text);
  return FALSE;
}

/* Networks of convolutions gain from a changed layout of them, which needs
 * their weights widened at the opening.  The others open at once, and half
 * floats stay in the file. */
static PmtSessionOptions
make_options (PmtBuilder *builder)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;

  options.threads = builder->options->threads;
  options.provider = builder->options->provider;
  options.is_trusted = TRUE;
  options.folder = pmt_weights_get_folder (builder->part->weights);
  options.initializers = builder->initializers;
  if (builder->kind == PMT_NET_VAE)
    return options;
  options.optimization = PMT_OPTIMIZE_EXTENDED;
  options.disabled = "ConstantFolding";
  options.has_no_packing = !builder->is_fast;
  options.keeps_memory = builder->kind == PMT_NET_UNET;
  return options;
}

PmtSession *
pmt_builder_open (PmtBuilder *builder, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  const PmtSessionOptions options = make_options (builder);

  if (!check_problems (builder, error) || !check_memory (builder, error)
      || !pmt_weights_check (builder->part->weights, error))
    return NULL;
  bytes = pmt_graph_to_bytes (builder->graph, error);
  if (bytes == NULL)
    return NULL;
  return pmt_session_open_bytes (
      bytes, pmt_weights_get_name (builder->part->weights), &options, error);
}

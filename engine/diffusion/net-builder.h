/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-builder.h: puts a network together whose weights stay in the user's
 * file. */
#pragma once

#include "diffusion/net-options.h"
#include "onnx/graph.h"

G_BEGIN_DECLS

/** PmtNetKind: which network of a checkpoint; it decides how ONNX Runtime
 * treats it and which part of a LoRA belongs to it. */
typedef enum
{
  PMT_NET_UNET,
  PMT_NET_TEXT_1,
  PMT_NET_TEXT_2,
  PMT_NET_VAE
} PmtNetKind;

/**
 * PmtBuilder: a network that is being put together.  Belongs to one thread.
 *
 * Values are known by their names; those that functions return belong to the
 * builder.  All of them are float32 unless said otherwise.  A tensor that is
 * missing does not stop the building: a name is returned all the same, and
 * pmt_builder_open() reports all such tensors at once.
 */
typedef struct _PmtBuilder PmtBuilder;

/**
 * pmt_builder_new:
 * @part: with weights; not owned, stays until the builder is freed
 * @options: not owned, stays until the builder is freed
 * @is_fast: half floats are widened once, when the network is opened, and
 *   weights of matrix products are packed; otherwise they are widened in each
 *   run
 */
PmtBuilder *pmt_builder_new (PmtNetKind kind,
                             const PmtPart *part,
                             const PmtNetOptions *options,
                             gboolean is_fast);
void pmt_builder_free (PmtBuilder *builder);

/** PmtModuleAlias: (transfer full) (nullable): the other name that LoRAs may
 * have for @module. */
typedef gchar *(*PmtModuleAlias) (const gchar *module, gconstpointer data);

/** pmt_builder_set_alias: before the first tensor; @data stays until the
 * builder is freed. */
void pmt_builder_set_alias (PmtBuilder *builder,
                            PmtModuleAlias alias,
                            gconstpointer data);

/** pmt_builder_count_changes: modules of LoRAs that are used so far;
 * pmt_builder_count_misfits: those for which a LoRA has other sizes, which
 * pmt_builder_open() reports. */
guint pmt_builder_count_changes (PmtBuilder *builder);
guint pmt_builder_count_misfits (PmtBuilder *builder);

/** pmt_builder_get_graph: (transfer none): for what has no function here. */
PmtGraph *pmt_builder_get_graph (PmtBuilder *builder);

/** pmt_builder_format: (transfer none): a printf-like text that lives as long
 * as the builder, for names of tensors. */
const gchar *pmt_builder_format (PmtBuilder *builder, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

/** pmt_builder_has: whether the part has a tensor of this name (without the
 * part's prefix). */
gboolean pmt_builder_has (PmtBuilder *builder, const gchar *name);

/** pmt_builder_input: an input; as pmt_graph_add_input().  Returns @name. */
const gchar *pmt_builder_input (PmtBuilder *builder,
                                const gchar *name,
                                gint rank,
                                const gint64 *dims,
                                const gchar *const *params);

/** pmt_builder_output: gives @value out as @name. */
void pmt_builder_output (PmtBuilder *builder,
                         const gchar *value,
                         const gchar *name,
                         gint rank,
                         const gint64 *dims,
                         const gchar *const *params);

/**
 * PmtTensorUse: a tensor of the file, and what is used of it.
 * @name: without the part's prefix, such as "conv_in.weight"
 * @module: (nullable): for LoRAs: the module as Diffusers or Transformers
 *   name it, without ".weight"; %NULL: LoRAs don't reach it
 * @rank, @dims: of what is used.  The file may have further sizes of 1 at the
 *   end or lack them: a 1x1 convolution and a linear layer are the same
 * @rows: 0: the tensor is as @dims say; otherwise its first size in the file,
 *   of which @dims[0] are used from number @first_row on
 */
typedef struct
{
  const gchar *name;
  const gchar *module;
  gint rank;
  gint64 dims[4];
  gint64 rows;
  gint64 first_row;
} PmtTensorUse;

/** pmt_builder_tensor: the values as float32. */
const gchar *pmt_builder_tensor (PmtBuilder *builder, const PmtTensorUse *use);

/** pmt_builder_vector: a tensor [@n], such as a bias; as [@n, 1, 1] for
 * @n_trailing 2, and so on. */
const gchar *pmt_builder_vector (PmtBuilder *builder,
                                 const gchar *name,
                                 gint64 n,
                                 gint n_trailing);

/** pmt_builder_floats: values of our own; copied. */
const gchar *pmt_builder_floats (PmtBuilder *builder,
                                 gint rank,
                                 const gint64 *dims,
                                 const gfloat *values);

/** pmt_builder_ints: [@n] int64, for shapes and positions; copied. */
const gchar *
pmt_builder_ints (PmtBuilder *builder, gint n, const gint64 *values);

/** pmt_builder_node: an operator with one output.  @node: (out) (optional)
 * (transfer none): for its attributes. */
const gchar *pmt_builder_node (PmtBuilder *builder,
                               const gchar *type,
                               const gchar *const *inputs,
                               PmtNode **node);

/** pmt_builder_contrib: the same of the domain com.microsoft. */
const gchar *pmt_builder_contrib (PmtBuilder *builder,
                                  const gchar *type,
                                  const gchar *const *inputs,
                                  PmtNode **node);

/**
 * pmt_builder_get_memory:
 *
 * Returns: bytes that the opened network takes at most without what runs
 *   take: mapped parts of files, copies, packed copies.
 */
guint64 pmt_builder_get_memory (PmtBuilder *builder);

/**
 * pmt_builder_open:
 * @error: PMT_ERROR_MODEL: tensors that are missing, have other sizes or
 *   types that can't be used: the first few are named, with both sizes;
 *   PMT_ERROR_MEMORY: more than options' memory is needed; PMT_ERROR_FILE
 *
 * The session keeps what it needs of the part's weights.
 */
PmtSession *pmt_builder_open (PmtBuilder *builder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtBuilder, pmt_builder_free)

G_END_DECLS

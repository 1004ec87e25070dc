/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-private.h: what the files of the builder share. */
#pragma once

#include "diffusion/net-builder.h"

G_BEGIN_DECLS

struct _PmtBuilder
{
  PmtNetKind kind;
  const PmtPart *part;
  const PmtNetOptions *options;
  gboolean is_fast;
  PmtGraph *graph;
  GStringChunk *texts;
  GHashTable *made; /* names of values that are used again */
  guint n_values;
  GPtrArray *problems;     /* texts on tensors that don't fit */
  GPtrArray *initializers; /* of PmtInitializer */
  GError *failure;         /* the first one */
  PmtModuleAlias alias;
  gconstpointer alias_data;
  GHashTable *changes; /* set of PmtLoraModule that are used */
  guint n_misfits;
  gboolean is_dry; /* only counts; values are not read */
  guint64 mapped_bytes;
  guint64 mapped_product_bytes; /* of matrix products */
  guint64 inline_bytes;         /* in the network, and ONNX Runtime's copy */
  guint64 product_bytes;        /* made, of matrix products */
  guint64 made_bytes;           /* made, others */
  guint64 packed_bytes;         /* copies that kernels read */
  guint64 largest_widened;      /* widened in each run */
};

/** pmt_builder_tensor_for: pmt_builder_tensor() of which @reader is known. */
const gchar *pmt_builder_tensor_for (PmtBuilder *builder,
                                     const PmtTensorUse *use,
                                     PmtInitializerUse reader);

G_END_DECLS

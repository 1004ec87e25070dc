/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* graph.h: makes ONNX networks in memory. */
#pragma once

#include <gio/gio.h>

#include "onnx/session.h"

G_BEGIN_DECLS

/** PMT_NAMES: a list of names; "" for an optional input that is left out. */
#define PMT_NAMES(...) ((const gchar *const[]){ __VA_ARGS__, NULL })

/** PmtGraph: a network that is being put together.  Belongs to one thread. */
typedef struct _PmtGraph PmtGraph;

/** PmtNode: an operator of a graph; belongs to the graph. */
typedef struct _PmtNode PmtNode;

/**
 * pmt_graph_new:
 * @name: of the graph
 * @opset: version of the standard operators, such as 17
 */
PmtGraph *pmt_graph_new (const gchar *name, gint64 opset);
void pmt_graph_free (PmtGraph *graph);

/** pmt_graph_add_opset: a further domain, such as "com.microsoft", 1. */
void pmt_graph_add_opset (PmtGraph *graph, const gchar *domain, gint64 version);

/** pmt_graph_add_metadata: a property that pmt_session_get_metadata() reads. */
void
pmt_graph_add_metadata (PmtGraph *graph, const gchar *key, const gchar *value);

/**
 * pmt_graph_add_input:
 * @dims: [@rank]: -1 for a free size
 * @params: (nullable): [@rank] names of the free sizes; %NULL entries for
 *   those without one.  Sizes of the same name are equal
 *
 * Inputs keep the order in which they are added.
 */
void pmt_graph_add_input (PmtGraph *graph,
                          const gchar *name,
                          PmtTensorType type,
                          gint rank,
                          const gint64 *dims,
                          const gchar *const *params);

/** pmt_graph_add_output: as pmt_graph_add_input(). */
void pmt_graph_add_output (PmtGraph *graph,
                           const gchar *name,
                           PmtTensorType type,
                           gint rank,
                           const gint64 *dims,
                           const gchar *const *params);

/**
 * pmt_graph_add_tensor:
 * @dims: [@rank]
 * @data: row-major, as many bytes as @type and @dims say; copied
 *
 * A constant that is stored in the network.
 */
void pmt_graph_add_tensor (PmtGraph *graph,
                           const gchar *name,
                           PmtTensorType type,
                           gint rank,
                           const gint64 *dims,
                           gconstpointer data);

/**
 * pmt_graph_add_external:
 * @dims: [@rank]
 * @location: the file, relative to the folder that the session is told
 * @offset: where the values begin in it, in bytes
 * @length: how many bytes they are
 *
 * A constant that stays in another file, row-major and little-endian.
 */
void pmt_graph_add_external (PmtGraph *graph,
                             const gchar *name,
                             PmtTensorType type,
                             gint rank,
                             const gint64 *dims,
                             const gchar *location,
                             guint64 offset,
                             guint64 length);

/**
 * pmt_graph_add_node:
 * @type: such as "Conv"
 * @inputs: %NULL-terminated; PMT_NAMES()
 * @outputs: %NULL-terminated
 *
 * Operators are added after those whose outputs they read.
 *
 * Returns: (transfer none): for attributes; valid as long as @graph.
 */
PmtNode *pmt_graph_add_node (PmtGraph *graph,
                             const gchar *type,
                             const gchar *const *inputs,
                             const gchar *const *outputs);

/** pmt_node_set_domain: of an operator that is not a standard one. */
void pmt_node_set_domain (PmtNode *node, const gchar *domain);

/* Attributes; each is set once. */
void pmt_node_set_int (PmtNode *node, const gchar *name, gint64 value);
void pmt_node_set_ints (PmtNode *node,
                        const gchar *name,
                        const gint64 *values,
                        guint n_values);
void pmt_node_set_float (PmtNode *node, const gchar *name, gfloat value);
void pmt_node_set_floats (PmtNode *node,
                          const gchar *name,
                          const gfloat *values,
                          guint n_values);
void pmt_node_set_string (PmtNode *node, const gchar *name, const gchar *value);

/** pmt_node_set_tensor: @data as in pmt_graph_add_tensor(). */
void pmt_node_set_tensor (PmtNode *node,
                          const gchar *name,
                          PmtTensorType type,
                          gint rank,
                          const gint64 *dims,
                          gconstpointer data);

/**
 * pmt_graph_to_bytes:
 * @error: PMT_ERROR_MEMORY: above the 2 GiB that an ONNX file may have; big
 *   constants are better left in their own file
 *
 * May be called more than once.
 *
 * Returns: (transfer full) (nullable): an ONNX file.
 */
GBytes *pmt_graph_to_bytes (PmtGraph *graph, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtGraph, pmt_graph_free)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* graph.c: makes ONNX networks in memory. */
#include "config.h"

#include "onnx/graph.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "onnx/tensor.h"
#include "onnx/wire.h"

/* The IR version of ONNX 1.14; every library that is supported reads it. */
#define IR_VERSION 9
#define MAX_FILE G_MAXINT32

/* Numbers of fields. */
enum
{
  MODEL_IR_VERSION = 1,
  MODEL_PRODUCER = 2,
  MODEL_GRAPH = 7,
  MODEL_OPSET = 8,
  MODEL_METADATA = 14,
  OPSET_DOMAIN = 1,
  OPSET_VERSION = 2,
  ENTRY_KEY = 1,
  ENTRY_VALUE = 2,
  GRAPH_NODE = 1,
  GRAPH_NAME = 2,
  GRAPH_INITIALIZER = 5,
  GRAPH_INPUT = 11,
  GRAPH_OUTPUT = 12,
  NODE_INPUT = 1,
  NODE_OUTPUT = 2,
  NODE_TYPE = 4,
  NODE_ATTRIBUTE = 5,
  NODE_DOMAIN = 7,
  ATTRIBUTE_NAME = 1,
  ATTRIBUTE_FLOAT = 2,
  ATTRIBUTE_INT = 3,
  ATTRIBUTE_STRING = 4,
  ATTRIBUTE_TENSOR = 5,
  ATTRIBUTE_FLOATS = 7,
  ATTRIBUTE_INTS = 8,
  ATTRIBUTE_TYPE = 20,
  TENSOR_DIMS = 1,
  TENSOR_DATA_TYPE = 2,
  TENSOR_NAME = 8,
  TENSOR_RAW_DATA = 9,
  TENSOR_EXTERNAL_DATA = 13,
  TENSOR_DATA_LOCATION = 14,
  VALUE_NAME = 1,
  VALUE_TYPE = 2,
  TYPE_TENSOR = 1,
  TYPE_ELEMENT = 1,
  TYPE_SHAPE = 2,
  SHAPE_DIM = 1,
  DIM_VALUE = 1,
  DIM_PARAM = 2
};

/* AttributeProto.AttributeType. */
enum
{
  KIND_FLOAT = 1,
  KIND_INT = 2,
  KIND_STRING = 3,
  KIND_TENSOR = 4,
  KIND_FLOATS = 6,
  KIND_INTS = 7
};

#define LOCATION_EXTERNAL 1

struct _PmtNode
{
  GByteArray *proto;
};

/* What is added is written at once; only the parts whose size is known last
 * are put together in the end. */
struct _PmtGraph
{
  gchar *name;
  GByteArray *opsets;
  GByteArray *metadata;
  GByteArray *values; /* inputs, outputs */
  GPtrArray *tensors; /* of GByteArray; apart: they may be large */
  GPtrArray *nodes;   /* of PmtNode */
  gboolean is_too_large;
};

static void
free_node (gpointer data)
{
  PmtNode *node = data;

  g_byte_array_unref (node->proto);
  g_free (node);
}

PmtGraph *
pmt_graph_new (const gchar *name, gint64 opset)
{
  PmtGraph *graph = g_new0 (PmtGraph, 1);

  graph->name = g_strdup (name);
  graph->opsets = g_byte_array_new ();
  graph->metadata = g_byte_array_new ();
  graph->values = g_byte_array_new ();
  graph->tensors =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
  graph->nodes = g_ptr_array_new_with_free_func (free_node);
  pmt_graph_add_opset (graph, "", opset);
  return graph;
}

void
pmt_graph_free (PmtGraph *graph)
{
  if (graph == NULL)
    return;
  g_free (graph->name);
  g_byte_array_unref (graph->opsets);
  g_byte_array_unref (graph->metadata);
  g_byte_array_unref (graph->values);
  g_ptr_array_unref (graph->tensors);
  g_ptr_array_unref (graph->nodes);
  g_free (graph);
}

void
pmt_graph_add_opset (PmtGraph *graph, const gchar *domain, gint64 version)
{
  g_autoptr (GByteArray) opset = g_byte_array_new ();

  pmt_wire_put_text (opset, OPSET_DOMAIN, domain);
  pmt_wire_put_varint (opset, OPSET_VERSION, (guint64)version);
  pmt_wire_put_message (graph->opsets, MODEL_OPSET, opset);
}

static void
put_entry (GByteArray *out,
           guint32 number,
           const gchar *key,
           const gchar *value)
{
  g_autoptr (GByteArray) entry = g_byte_array_new ();

  pmt_wire_put_text (entry, ENTRY_KEY, key);
  pmt_wire_put_text (entry, ENTRY_VALUE, value);
  pmt_wire_put_message (out, number, entry);
}

void
pmt_graph_add_metadata (PmtGraph *graph, const gchar *key, const gchar *value)
{
  put_entry (graph->metadata, MODEL_METADATA, key, value);
}

static GByteArray *
make_shape (gint rank, const gint64 *dims, const gchar *const *params)
{
  g_autoptr (GByteArray) shape = g_byte_array_new ();

  for (gint i = 0; i < rank; i++)
    {
      g_autoptr (GByteArray) dim = g_byte_array_new ();

      if (dims[i] >= 0)
        pmt_wire_put_varint (dim, DIM_VALUE, (guint64)dims[i]);
      else if (params != NULL && params[i] != NULL)
        pmt_wire_put_text (dim, DIM_PARAM, params[i]);
      pmt_wire_put_message (shape, SHAPE_DIM, dim);
    }
  return g_steal_pointer (&shape);
}

static void
add_value (PmtGraph *graph,
           guint32 number,
           const gchar *name,
           PmtTensorType type,
           gint rank,
           const gint64 *dims,
           const gchar *const *params)
{
  g_autoptr (GByteArray) shape = make_shape (rank, dims, params);
  g_autoptr (GByteArray) tensor = g_byte_array_new ();
  g_autoptr (GByteArray) type_proto = g_byte_array_new ();
  g_autoptr (GByteArray) value = g_byte_array_new ();

  pmt_wire_put_varint (tensor, TYPE_ELEMENT,
                       (guint64)pmt_tensor_type_to_onnx (type));
  pmt_wire_put_message (tensor, TYPE_SHAPE, shape);
  pmt_wire_put_message (type_proto, TYPE_TENSOR, tensor);
  pmt_wire_put_text (value, VALUE_NAME, name);
  pmt_wire_put_message (value, VALUE_TYPE, type_proto);
  pmt_wire_put_message (graph->values, number, value);
}

void
pmt_graph_add_input (PmtGraph *graph,
                     const gchar *name,
                     PmtTensorType type,
                     gint rank,
                     const gint64 *dims,
                     const gchar *const *params)
{
  add_value (graph, GRAPH_INPUT, name, type, rank, dims, params);
}

void
pmt_graph_add_output (PmtGraph *graph,
                      const gchar *name,
                      PmtTensorType type,
                      gint rank,
                      const gint64 *dims,
                      const gchar *const *params)
{
  add_value (graph, GRAPH_OUTPUT, name, type, rank, dims, params);
}

static GByteArray *
make_tensor_head (const gchar *name,
                  PmtTensorType type,
                  gint rank,
                  const gint64 *dims)
{
  GByteArray *tensor = g_byte_array_new ();

  for (gint i = 0; i < rank; i++)
    pmt_wire_put_varint (tensor, TENSOR_DIMS, (guint64)dims[i]);
  pmt_wire_put_varint (tensor, TENSOR_DATA_TYPE,
                       (guint64)pmt_tensor_type_to_onnx (type));
  pmt_wire_put_text (tensor, TENSOR_NAME, name);
  return tensor;
}

static GByteArray *
make_tensor (const gchar *name,
             PmtTensorType type,
             gint rank,
             const gint64 *dims,
             gconstpointer data)
{
  GByteArray *tensor = make_tensor_head (name, type, rank, dims);
  gsize bytes = 0;

  /* A tensor without elements has no data. */
  if (!pmt_tensor_count (dims, rank, pmt_tensor_type_size (type), &bytes))
    bytes = 0;
  pmt_wire_put_bytes (tensor, TENSOR_RAW_DATA, data, bytes);
  return tensor;
}

void
pmt_graph_add_tensor (PmtGraph *graph,
                      const gchar *name,
                      PmtTensorType type,
                      gint rank,
                      const gint64 *dims,
                      gconstpointer data)
{
  gsize bytes = 0;

  /* Told by pmt_graph_to_bytes(); a GByteArray could not hold it. */
  if (pmt_tensor_count (dims, rank, pmt_tensor_type_size (type), &bytes)
      && bytes > MAX_FILE)
    graph->is_too_large = TRUE;
  else
    g_ptr_array_add (graph->tensors,
                     make_tensor (name, type, rank, dims, data));
}

void
pmt_graph_add_external (PmtGraph *graph,
                        const gchar *name,
                        PmtTensorType type,
                        gint rank,
                        const gint64 *dims,
                        const gchar *location,
                        guint64 offset,
                        guint64 length)
{
  GByteArray *tensor = make_tensor_head (name, type, rank, dims);
  g_autofree gchar *offset_text =
      g_strdup_printf ("%" G_GUINT64_FORMAT, offset);
  g_autofree gchar *length_text =
      g_strdup_printf ("%" G_GUINT64_FORMAT, length);

  put_entry (tensor, TENSOR_EXTERNAL_DATA, "location", location);
  put_entry (tensor, TENSOR_EXTERNAL_DATA, "offset", offset_text);
  put_entry (tensor, TENSOR_EXTERNAL_DATA, "length", length_text);
  pmt_wire_put_varint (tensor, TENSOR_DATA_LOCATION, LOCATION_EXTERNAL);
  g_ptr_array_add (graph->tensors, tensor);
}

PmtNode *
pmt_graph_add_node (PmtGraph *graph,
                    const gchar *type,
                    const gchar *const *inputs,
                    const gchar *const *outputs)
{
  PmtNode *node = g_new0 (PmtNode, 1);

  node->proto = g_byte_array_new ();
  for (guint i = 0; inputs[i] != NULL; i++)
    pmt_wire_put_text (node->proto, NODE_INPUT, inputs[i]);
  for (guint i = 0; outputs[i] != NULL; i++)
    pmt_wire_put_text (node->proto, NODE_OUTPUT, outputs[i]);
  pmt_wire_put_text (node->proto, NODE_TYPE, type);
  g_ptr_array_add (graph->nodes, node);
  return node;
}

void
pmt_node_set_domain (PmtNode *node, const gchar *domain)
{
  pmt_wire_put_text (node->proto, NODE_DOMAIN, domain);
}

static GByteArray *
make_attribute (const gchar *name, guint64 kind)
{
  GByteArray *attribute = g_byte_array_new ();

  pmt_wire_put_text (attribute, ATTRIBUTE_NAME, name);
  pmt_wire_put_varint (attribute, ATTRIBUTE_TYPE, kind);
  return attribute;
}

void
pmt_node_set_int (PmtNode *node, const gchar *name, gint64 value)
{
  g_autoptr (GByteArray) attribute = make_attribute (name, KIND_INT);

  pmt_wire_put_varint (attribute, ATTRIBUTE_INT, (guint64)value);
  pmt_wire_put_message (node->proto, NODE_ATTRIBUTE, attribute);
}

void
pmt_node_set_ints (PmtNode *node,
                   const gchar *name,
                   const gint64 *values,
                   guint n_values)
{
  g_autoptr (GByteArray) attribute = make_attribute (name, KIND_INTS);

  for (guint i = 0; i < n_values; i++)
    pmt_wire_put_varint (attribute, ATTRIBUTE_INTS, (guint64)values[i]);
  pmt_wire_put_message (node->proto, NODE_ATTRIBUTE, attribute);
}

void
pmt_node_set_float (PmtNode *node, const gchar *name, gfloat value)
{
  g_autoptr (GByteArray) attribute = make_attribute (name, KIND_FLOAT);

  pmt_wire_put_float (attribute, ATTRIBUTE_FLOAT, value);
  pmt_wire_put_message (node->proto, NODE_ATTRIBUTE, attribute);
}

void
pmt_node_set_floats (PmtNode *node,
                     const gchar *name,
                     const gfloat *values,
                     guint n_values)
{
  g_autoptr (GByteArray) attribute = make_attribute (name, KIND_FLOATS);

  for (guint i = 0; i < n_values; i++)
    pmt_wire_put_float (attribute, ATTRIBUTE_FLOATS, values[i]);
  pmt_wire_put_message (node->proto, NODE_ATTRIBUTE, attribute);
}

void
pmt_node_set_string (PmtNode *node, const gchar *name, const gchar *value)
{
  g_autoptr (GByteArray) attribute = make_attribute (name, KIND_STRING);

  pmt_wire_put_text (attribute, ATTRIBUTE_STRING, value);
  pmt_wire_put_message (node->proto, NODE_ATTRIBUTE, attribute);
}

void
pmt_node_set_tensor (PmtNode *node,
                     const gchar *name,
                     PmtTensorType type,
                     gint rank,
                     const gint64 *dims,
                     gconstpointer data)
{
  g_autoptr (GByteArray) attribute = make_attribute (name, KIND_TENSOR);
  g_autoptr (GByteArray) tensor = make_tensor ("", type, rank, dims, data);

  pmt_wire_put_message (attribute, ATTRIBUTE_TENSOR, tensor);
  pmt_wire_put_message (node->proto, NODE_ATTRIBUTE, attribute);
}

/* Tags and lengths included: an upper bound is enough. */
static guint64
count_bytes (const PmtGraph *graph)
{
  const guint64 overhead = 16;
  guint64 total = strlen (graph->name) + graph->opsets->len
                  + graph->metadata->len + graph->values->len + 8 * overhead;

  for (guint i = 0; i < graph->tensors->len; i++)
    total += ((GByteArray *)graph->tensors->pdata[i])->len + overhead;
  for (guint i = 0; i < graph->nodes->len; i++)
    total += ((PmtNode *)graph->nodes->pdata[i])->proto->len + overhead;
  return total;
}

static GByteArray *
make_graph (const PmtGraph *graph)
{
  GByteArray *out = g_byte_array_sized_new ((guint)count_bytes (graph));

  for (guint i = 0; i < graph->nodes->len; i++)
    pmt_wire_put_message (out, GRAPH_NODE,
                          ((PmtNode *)graph->nodes->pdata[i])->proto);
  pmt_wire_put_text (out, GRAPH_NAME, graph->name);
  for (guint i = 0; i < graph->tensors->len; i++)
    pmt_wire_put_message (out, GRAPH_INITIALIZER, graph->tensors->pdata[i]);
  g_byte_array_append (out, graph->values->data, graph->values->len);
  return out;
}

GBytes *
pmt_graph_to_bytes (PmtGraph *graph, GError **error)
{
  g_autoptr (GByteArray) inner = NULL;
  GByteArray *model;

  if (graph->is_too_large || count_bytes (graph) > MAX_FILE)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                   _ ("The network “%s” is larger than the 2 GiB that a "
                      "network file may have."),
                   graph->name);
      return NULL;
    }
  inner = make_graph (graph);
  model = g_byte_array_sized_new (inner->len + graph->opsets->len
                                  + graph->metadata->len + 64);
  pmt_wire_put_varint (model, MODEL_IR_VERSION, IR_VERSION);
  pmt_wire_put_text (model, MODEL_PRODUCER, "Pentimento");
  pmt_wire_put_message (model, MODEL_GRAPH, inner);
  g_byte_array_append (model, graph->opsets->data, graph->opsets->len);
  g_byte_array_append (model, graph->metadata->data, graph->metadata->len);
  return g_byte_array_free_to_bytes (model);
}

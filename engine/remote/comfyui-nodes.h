/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-nodes.h: for the files that make graphs. */
#pragma once

#include "remote/comfyui-graph.h"

G_BEGIN_DECLS

/* Numbers of the nodes. */
enum
{
  PMT_COMFY_CHECKPOINT = 1,
  PMT_COMFY_CLIP_SKIP = 2,
  PMT_COMFY_POSITIVE = 3,
  PMT_COMFY_NEGATIVE = 4,
  PMT_COMFY_VAE = 5,
  PMT_COMFY_IMAGE = 6,
  PMT_COMFY_MASK = 7,
  PMT_COMFY_LATENT = 8,
  PMT_COMFY_MASKED = 9,
  PMT_COMFY_LORA = 10,
  PMT_COMFY_UPSCALE_MODEL = 40,
  PMT_COMFY_UPSCALE = 41,
  PMT_COMFY_SCALE = 42,
  PMT_COMFY_SAMPLE = 100,
  PMT_COMFY_DECODE = 200
};

/** PmtComfyOutput: one output of a node. */
typedef struct
{
  gint node;
  gint slot;
} PmtComfyOutput;

/** PmtComfyGraph: what is being made; the outputs are those of the last node
 * of a kind.  @checkpoint: (owned). */
typedef struct
{
  PmtRemoteCall *call;
  const PmtComfyInfo *info;
  const PmtRemoteTask *task;
  const PmtServerSettings *settings;
  cJSON *nodes;
  gchar *checkpoint;
  PmtComfyOutput model;
  PmtComfyOutput clip;
  PmtComfyOutput vae;
  PmtComfyOutput positive;
  PmtComfyOutput negative;
  PmtComfyOutput latent;
} PmtComfyGraph;

/** pmt_comfy_graph_add: (transfer none): the inputs of a new node. */
cJSON *
pmt_comfy_graph_add (PmtComfyGraph *graph, gint number, const gchar *name);

/** pmt_comfy_graph_link: sets an input to the output of another node. */
void
pmt_comfy_graph_link (cJSON *inputs, const gchar *name, PmtComfyOutput output);

/** pmt_comfy_graph_save: saves the picture of number @i. */
void
pmt_comfy_graph_save (PmtComfyGraph *graph, gint i, PmtComfyOutput picture);

/**
 * pmt_comfy_graph_find_file:
 * @name, @input: the node that reads it
 * @param: our name, for the message
 * @wanted: the first that the server has for an empty one
 *
 * Returns: (transfer full) (nullable): what the server calls @wanted.
 */
gchar *pmt_comfy_graph_find_file (PmtComfyGraph *graph,
                                  const gchar *name,
                                  const gchar *input,
                                  const gchar *param,
                                  const gchar *wanted,
                                  GError **error);

/** pmt_comfy_graph_fill_upscale: (comfyui-upscale.c) adds all its nodes. */
gboolean pmt_comfy_graph_fill_upscale (PmtComfyGraph *graph, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet-graph.c: the UNet as a whole. */
#include "config.h"

#include "diffusion/unet-private.h"

/* Ways around the deeper levels; each is a value and its channels. */
#define MAX_SKIPS 64

typedef struct
{
  PmtUnetBuild *build;
  const gchar *h;
  gint64 channels; /* of h */
  guint n;
  const gchar *skips[MAX_SKIPS];
  gint64 skip_channels[MAX_SKIPS];
} Path;

static void
push (Path *path)
{
  g_return_if_fail (path->n < MAX_SKIPS);
  path->skips[path->n] = path->h;
  path->skip_channels[path->n] = path->channels;
  path->n++;
}

static const gchar *
embed (PmtUnetBuild *build,
       const gchar *x,
       const gchar *module,
       gint64 in,
       gint64 out)
{
  PmtBuilder *builder = build->builder;
  const gchar *first = pmt_builder_format (builder, "%s.linear_1", module);
  const gchar *second = pmt_builder_format (builder, "%s.linear_2", module);

  x = pmt_layer_linear_named (builder, x, pmt_unet_tensor_name (build, first),
                              first, in, out, TRUE);
  x = pmt_layer_silu (builder, x);
  return pmt_layer_linear_named (
      builder, x, pmt_unet_tensor_name (build, second), second, out, out, TRUE);
}

/* SiLU stands before each use of the embedding: once is enough. */
static const gchar *
embed_time (PmtUnetBuild *build, const gchar *time, const gchar *vector)
{
  const gint64 width = pmt_unet_width (build->shape);
  const gchar *e =
      embed (build, time, "time_embedding", build->shape->channels[0], width);

  if (vector != NULL)
    e = pmt_layer_add (
        build->builder, e,
        embed (build, vector, "add_embedding", build->shape->vector, width));
  return pmt_layer_silu (build->builder, e);
}

static void
resnet (Path *path, const gchar *module, gint64 in, gint64 out)
{
  path->h = pmt_unet_resnet (path->build, path->h, module, in, out);
  path->channels = out;
}

static void
attend (Path *path, const gchar *module, gint depth, gint heads)
{
  if (depth > 0)
    path->h = pmt_unet_transformer (path->build, path->h, module,
                                    path->channels, depth, heads);
}

static void
go_down (Path *path)
{
  PmtBuilder *builder = path->build->builder;
  const PmtUnetShape *shape = path->build->shape;

  path->h = pmt_unet_conv (path->build, path->h, "conv_in", shape->in_channels,
                           shape->channels[0], 1);
  path->channels = shape->channels[0];
  push (path);
  for (gint level = 0; level < shape->n_levels; level++)
    {
      const gchar *block =
          pmt_builder_format (builder, "down_blocks.%d", level);

      for (gint i = 0; i < shape->res_blocks; i++)
        {
          resnet (path, pmt_builder_format (builder, "%s.resnets.%d", block, i),
                  path->channels, shape->channels[level]);
          attend (path,
                  pmt_builder_format (builder, "%s.attentions.%d", block, i),
                  shape->depth_down[level], shape->heads[level]);
          push (path);
        }
      if (level == shape->n_levels - 1)
        return;
      path->h = pmt_unet_conv (
          path->build, path->h,
          pmt_builder_format (builder, "%s.downsamplers.0.conv", block),
          path->channels, path->channels, 2);
      push (path);
    }
}

static void
cross_middle (Path *path)
{
  const PmtUnetShape *shape = path->build->shape;
  const gint64 channels = path->channels;

  resnet (path, "mid_block.resnets.0", channels, channels);
  attend (path, "mid_block.attentions.0", shape->depth_middle,
          shape->heads[shape->n_levels - 1]);
  resnet (path, "mid_block.resnets.1", channels, channels);
}

static void
join_skip (Path *path)
{
  path->n--;
  path->h = pmt_layer_concat (path->build->builder,
                              PMT_NAMES (path->h, path->skips[path->n]), 1);
  path->channels += path->skip_channels[path->n];
}

/* To the size of the next way around: twice the size, or one less where an
 * odd one was halved. */
static void
enlarge (Path *path, const gchar *block)
{
  PmtBuilder *builder = path->build->builder;

  path->h = pmt_layer_resize_like (builder, path->h, path->skips[path->n - 1]);
  path->h = pmt_unet_conv (
      path->build, path->h,
      pmt_builder_format (builder, "%s.upsamplers.0.conv", block),
      path->channels, path->channels, 1);
}

static void
go_up (Path *path)
{
  PmtBuilder *builder = path->build->builder;
  const PmtUnetShape *shape = path->build->shape;

  for (gint up = 0; up < shape->n_levels; up++)
    {
      const gint level = shape->n_levels - 1 - up;
      const gchar *block = pmt_builder_format (builder, "up_blocks.%d", up);

      for (gint i = 0; i <= shape->res_blocks; i++)
        {
          join_skip (path);
          resnet (path, pmt_builder_format (builder, "%s.resnets.%d", block, i),
                  path->channels, shape->channels[level]);
          attend (path,
                  pmt_builder_format (builder, "%s.attentions.%d", block, i),
                  shape->depth_up[level], shape->heads[level]);
        }
      if (level > 0)
        enlarge (path, block);
    }
}

static void
finish (Path *path)
{
  PmtBuilder *builder = path->build->builder;
  const PmtUnetShape *shape = path->build->shape;
  const gint64 dims[] = { -1, shape->out_channels, -1, -1 };

  path->h = pmt_layer_group_norm (
      builder, path->h, pmt_unet_tensor_name (path->build, "conv_norm_out"),
      path->channels, shape->groups, 1e-5f, TRUE);
  path->h = pmt_unet_conv (path->build, path->h, "conv_out", path->channels,
                           shape->out_channels, 1);
  pmt_builder_output (builder, path->h, "out", 4, dims,
                      PMT_NAMES ("N", NULL, "H", "W"));
}

void
pmt_unet_build (PmtBuilder *builder,
                const PmtUnetShape *shape,
                PmtLayout layout)
{
  const gint64 x_dims[] = { -1, shape->in_channels, -1, -1 };
  const gint64 time_dims[] = { 1, shape->channels[0] };
  const gint64 context_dims[] = { -1, -1, shape->context };
  const gint64 vector_dims[] = { -1, shape->vector };
  PmtUnetBuild build = { builder, shape, layout };
  Path path = { &build };
  const gchar *const x_params[] = { "N", NULL, "H", "W" };
  const gchar *const context_params[] = { "N", "S", NULL };
  const gchar *const vector_params[] = { "N", NULL };
  const gchar *vector = NULL;

  path.h = pmt_builder_input (builder, "x", 4, x_dims, x_params);
  build.time = pmt_builder_input (builder, "time", 2, time_dims, NULL);
  build.context =
      pmt_builder_input (builder, "context", 3, context_dims, context_params);
  if (shape->vector > 0)
    vector =
        pmt_builder_input (builder, "vector", 2, vector_dims, vector_params);
  build.time = embed_time (&build, build.time, vector);
  go_down (&path);
  cross_middle (&path);
  go_up (&path);
  finish (&path);
}

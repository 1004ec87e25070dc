/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet-graph.c: the UNet as a whole. */
#include "config.h"

#include "diffusion/unet-private.h"

/* Ways around the deeper levels; each is a value and its channels. */
#define MAX_SKIPS 64

/* Ways that are made anew where deep features are kept: with two, one residual
 * block on the way down and the last two on the way up (DeepCache's branch 0:
 * Ma et al. 2023, section 3.3). */
#define SHALLOW_SKIPS 2

typedef struct
{
  PmtUnetBuild *build;
  const gchar *h;
  gint64 channels; /* of h */
  guint n;
  const gchar *skips[MAX_SKIPS];
  gint64 skip_channels[MAX_SKIPS];
  guint limit; /* of n, on the way down */
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

      for (gint i = 0; i < shape->res_blocks && path->n < path->limit; i++)
        {
          resnet (path, pmt_builder_format (builder, "%s.resnets.%d", block, i),
                  path->channels, shape->channels[level]);
          attend (path,
                  pmt_builder_format (builder, "%s.attentions.%d", block, i),
                  shape->depth_down[level], shape->heads[level]);
          push (path);
        }
      if (level == shape->n_levels - 1 || path->n == path->limit)
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

/* The blocks @first to @last - 1 of a level. */
static void
rise (Path *path, gint up, gint first, gint last)
{
  PmtBuilder *builder = path->build->builder;
  const PmtUnetShape *shape = path->build->shape;
  const gint level = shape->n_levels - 1 - up;
  const gchar *block = pmt_builder_format (builder, "up_blocks.%d", up);

  for (gint i = first; i < last; i++)
    {
      join_skip (path);
      resnet (path, pmt_builder_format (builder, "%s.resnets.%d", block, i),
              path->channels, shape->channels[level]);
      attend (path, pmt_builder_format (builder, "%s.attentions.%d", block, i),
              shape->depth_up[level], shape->heads[level]);
    }
}

/* The number of the last level's block that the shallow part begins with. */
static gint
first_shallow (const PmtUnetShape *shape)
{
  return MAX (shape->res_blocks + 1 - SHALLOW_SKIPS, 0);
}

/* Up to where the shallow part begins. */
static void
go_up_deep (Path *path)
{
  PmtBuilder *builder = path->build->builder;
  const PmtUnetShape *shape = path->build->shape;

  for (gint up = 0; up < shape->n_levels - 1; up++)
    {
      rise (path, up, 0, shape->res_blocks + 1);
      enlarge (path, pmt_builder_format (builder, "up_blocks.%d", up));
    }
  rise (path, shape->n_levels - 1, 0, first_shallow (shape));
}

static void
go_up_shallow (Path *path)
{
  const PmtUnetShape *shape = path->build->shape;

  rise (path, shape->n_levels - 1, first_shallow (shape),
        shape->res_blocks + 1);
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

static gchar *
alias (const gchar *module, gconstpointer shape)
{
  return pmt_unet_name_to_ldm (shape, module);
}

static void
add_inputs (Path *path)
{
  PmtUnetBuild *build = path->build;
  PmtBuilder *builder = build->builder;
  const PmtUnetShape *shape = build->shape;
  const gint64 x_dims[] = { -1, shape->in_channels, -1, -1 };
  const gint64 time_dims[] = { 1, shape->channels[0] };
  const gint64 context_dims[] = { -1, -1, shape->context };
  const gint64 vector_dims[] = { -1, shape->vector };
  const gchar *const x_params[] = { "N", NULL, "H", "W" };
  const gchar *const context_params[] = { "N", "S", NULL };
  const gchar *const vector_params[] = { "N", NULL };
  const gchar *vector = NULL;

  path->h = pmt_builder_input (builder, "x", 4, x_dims, x_params);
  build->time = pmt_builder_input (builder, "time", 2, time_dims, NULL);
  build->context =
      pmt_builder_input (builder, "context", 3, context_dims, context_params);
  if (shape->vector > 0)
    vector =
        pmt_builder_input (builder, "vector", 2, vector_dims, vector_params);
  build->time = embed_time (build, build->time, vector);
}

/* The deep part, or what was kept of it. */
static void
add_deep (Path *path, PmtUnetExtent extent)
{
  PmtBuilder *builder = path->build->builder;
  const PmtUnetShape *shape = path->build->shape;
  const gint64 dims[] = { -1, pmt_unet_deep_channels (shape), -1, -1 };
  const gchar *const params[] = { "N", NULL, "H", "W" };

  if (extent == PMT_UNET_SHALLOW)
    {
      path->h = pmt_builder_input (builder, "deep", 4, dims, params);
      path->channels = dims[1];
      return;
    }
  cross_middle (path);
  go_up_deep (path);
  g_assert (path->channels == dims[1]);
  if (extent == PMT_UNET_WITH_DEEP)
    pmt_builder_output (builder, path->h, "deep", 4, dims, params);
}

gint64
pmt_unet_deep_channels (const PmtUnetShape *shape)
{
  return shape->channels[first_shallow (shape) == 0 && shape->n_levels > 1];
}

void
pmt_unet_build_extent (PmtBuilder *builder,
                       const PmtUnetShape *shape,
                       PmtLayout layout,
                       PmtUnetExtent extent)
{
  PmtUnetBuild build = { builder, shape, layout };
  Path path = { &build };

  path.limit = extent == PMT_UNET_SHALLOW ? SHALLOW_SKIPS : MAX_SKIPS;
  pmt_builder_set_alias (builder, alias, shape);
  add_inputs (&path);
  go_down (&path);
  add_deep (&path, extent);
  go_up_shallow (&path);
  finish (&path);
}

void
pmt_unet_build (PmtBuilder *builder,
                const PmtUnetShape *shape,
                PmtLayout layout)
{
  pmt_unet_build_extent (builder, shape, layout, PMT_UNET_WHOLE);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet-private.h: what the files of the UNet share. */
#pragma once

#include "diffusion/net-layers.h"
#include "diffusion/unet.h"

G_BEGIN_DECLS

/**
 * pmt_unet_name_to_ldm:
 * @name: a module or tensor as Diffusers names it, such as
 *   "down_blocks.0.resnets.1.conv1.weight"
 *
 * Returns: (transfer full) (nullable): as single files name it, such as
 *   "input_blocks.2.0.in_layers.2.weight"; %NULL: no part of the UNet.
 */
gchar *pmt_unet_name_to_ldm (const PmtUnetShape *shape, const gchar *name);

/**
 * PmtUnetBuild: a UNet that is being built.
 * @time: [1 or N, E]: SiLU of the embedded timestep
 * @context: [N, S, context]
 */
typedef struct
{
  PmtBuilder *builder;
  const PmtUnetShape *shape;
  PmtLayout layout;
  const gchar *time;
  const gchar *context;
} PmtUnetBuild;

/** pmt_unet_tensor_name: (transfer none): the printf-like name of Diffusers
 * as the file has it. */
const gchar *pmt_unet_tensor_name (PmtUnetBuild *build, const gchar *module);

/** pmt_unet_width: of the embedded timestep. */
gint64 pmt_unet_width (const PmtUnetShape *shape);

/** pmt_unet_resnet: @module: such as "mid_block.resnets.0"; [N, in, H, W] to
 * [N, out, H, W]. */
const gchar *pmt_unet_resnet (PmtUnetBuild *build,
                              const gchar *x,
                              const gchar *module,
                              gint64 in,
                              gint64 out);

/** pmt_unet_transformer: @module: such as "mid_block.attentions.0", with
 * @depth blocks; [N, @channels, H, W]. */
const gchar *pmt_unet_transformer (PmtUnetBuild *build,
                                   const gchar *x,
                                   const gchar *module,
                                   gint64 channels,
                                   gint depth,
                                   gint heads);

/** pmt_unet_conv: @module, 3x3. */
const gchar *pmt_unet_conv (PmtUnetBuild *build,
                            const gchar *x,
                            const gchar *module,
                            gint64 in,
                            gint64 out,
                            gint64 stride);

/** pmt_unet_build: inputs "x", "time", "context" and, where the shape has
 * one, "vector"; output "out". */
void pmt_unet_build (PmtBuilder *builder,
                     const PmtUnetShape *shape,
                     PmtLayout layout);

/** PmtUnetExtent: how much of it is built. */
typedef enum
{
  PMT_UNET_WHOLE,
  PMT_UNET_WITH_DEEP, /* and what its deep blocks give, as output "deep" */
  PMT_UNET_SHALLOW    /* takes that as input "deep" in their place */
} PmtUnetExtent;

void pmt_unet_build_extent (PmtBuilder *builder,
                            const PmtUnetShape *shape,
                            PmtLayout layout,
                            PmtUnetExtent extent);

/** pmt_unet_deep_channels: "deep" is [N, channels, H, W]. */
gint64 pmt_unet_deep_channels (const PmtUnetShape *shape);

/** pmt_unet_need: pmt_unet_estimate_memory() with LoRAs; @height and @width in
 * latent pixels. */
guint64 pmt_unet_need (const PmtCheckpoint *checkpoint,
                       const PmtNetOptions *options,
                       gboolean is_fast,
                       gint height,
                       gint width);

/** pmt_unet_open_onnx: the .onnx file of @checkpoint; PMT_ERROR_UNSUPPORTED
 * for other inputs than Optimum's. */
PmtSession *pmt_unet_open_onnx (const PmtCheckpoint *checkpoint,
                                const PmtNetOptions *options,
                                GError **error);

/** pmt_unet_run_onnx: pmt_unet_run() of such a session; timesteps are rounded
 * where the network takes whole ones. */
gboolean pmt_unet_run_onnx (PmtSession *session,
                            const PmtCheckpoint *checkpoint,
                            const PmtUnetInput *input,
                            gfloat *out,
                            GCancellable *cancellable,
                            GError **error);

/** pmt_unet_sinusoids: [cos, sin] of @t times @width / 2 frequencies from 1
 * down to 1 / 10000; @values: (out caller-allocates): [@width]. */
void pmt_unet_sinusoids (gdouble t, gint width, gfloat *values);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-onnx.h: folders of ONNX networks as Optimum exports them, made on the
 * spot: the same parts, inputs and outputs, and what comes out is simple
 * enough to be computed here. */
#pragma once

#include "onnx/graph.h"

G_BEGIN_DECLS

#define TINY_ONNX_LATENT 4
#define TINY_ONNX_FACTOR 8
#define TINY_ONNX_LAYERS 2
#define TINY_ONNX_TOKENS 77
#define TINY_ONNX_WIDTH 16      /* of each text encoder */
#define TINY_ONNX_PROJECTION 24 /* of the second one */
#define TINY_ONNX_TIME_WIDTH 32 /* of SDXL's sizes */
#define TINY_ONNX_SCALING 0.25

/**
 * TinyOnnx:
 * @is_xl: SDXL
 * @is_half: as exported with float16
 * @is_drawn: the VAE's encoder gives a latent, not its moments
 * @is_reversed: the UNet's inputs come in the reverse order
 * @in_channels: of the UNet
 * @ids: what token ids are
 * @time: what the timestep is
 * @time_rank: 0 or 1
 * @is_v2: SD 2.x with velocities; neither this nor @is_xl: SD 1.x
 * @has_guidance: the UNet's config.json says that it takes the guidance
 */
typedef struct
{
  gboolean is_xl;
  gboolean is_half;
  gboolean is_drawn;
  gboolean is_reversed;
  gint in_channels;
  PmtTensorType ids;
  PmtTensorType time;
  gint time_rank;
  gboolean is_v2;
  gboolean has_guidance;
} TinyOnnx;

#define TINY_ONNX_INIT                                                         \
  { FALSE, FALSE, FALSE, FALSE, 4, PMT_TENSOR_INT64, PMT_TENSOR_INT64, 0 }

/** tiny_onnx_write: makes @folder with all parts. */
void tiny_onnx_write (const TinyOnnx *tiny, const gchar *folder);

/** tiny_onnx_save: writes @graph to @folder/@part/model.onnx. */
void tiny_onnx_save (PmtGraph *graph, const gchar *folder, const gchar *part);

/* What the networks give, in single precision. */

/**
 * tiny_onnx_text:
 * @which: of SDXL's two
 * @ids: [77]
 * @states: (out caller-allocates): [LAYERS + 2, 77, WIDTH]: before the first
 *   layer, after each one, and the last one after the norm
 * @pooled: (out caller-allocates): [WIDTH]: of the last one
 * @projected: (out caller-allocates): [PROJECTION]
 */
void tiny_onnx_text (gint which,
                     const gint64 *ids,
                     gfloat *states,
                     gfloat *pooled,
                     gfloat *projected);

/** tiny_onnx_decode: @latent: [4, @height, @width]; @image: (out
 * caller-allocates): [3, 8 @height, 8 @width]. */
void
tiny_onnx_decode (const gfloat *latent, gint height, gint width, gfloat *image);

/** tiny_onnx_encode: @image: [3, 8 @height, 8 @width]; @moments: (out
 * caller-allocates): [8, @height, @width]. */
void tiny_onnx_encode (const gfloat *image,
                       gint height,
                       gint width,
                       gfloat *moments);

/**
 * tiny_onnx_denoise:
 * @x: [in_channels, @height, @width]
 * @context: [@tokens, width of all encoders]
 * @pooled: (nullable): [PROJECTION]
 * @sizes: (nullable): [6]
 * @out: (out caller-allocates): [4, @height, @width]
 */
void tiny_onnx_denoise (const TinyOnnx *tiny,
                        const gfloat *x,
                        gint height,
                        gint width,
                        gfloat time,
                        const gfloat *context,
                        gint tokens,
                        const gfloat *pooled,
                        const gfloat *sizes,
                        gfloat *out);

G_END_DECLS

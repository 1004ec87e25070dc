/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-tensors.h: .safetensors files, and a UNet in one, made on the spot. */
#pragma once

#include "diffusion/checkpoint.h"

G_BEGIN_DECLS

/** TinyTensor: @values: [dims] */
typedef struct
{
  gchar *name;
  gint rank;
  gint64 dims[4];
  gfloat *values;
  gsize n;
} TinyTensor;

/** TinyTensors: (element-type TinyTensor); freed as a GPtrArray. */
typedef GPtrArray TinyTensors;

TinyTensors *tiny_tensors_new (void);

/** tiny_tensors_add: values depend on @seed only, about -1..1 over the root of
 * what a row sums up. */
TinyTensor *tiny_tensors_add (TinyTensors *tensors,
                              const gchar *name,
                              guint seed,
                              gint rank,
                              const gint64 *dims);

/** tiny_tensors_find: ends the test when there is none. */
TinyTensor *tiny_tensors_find (TinyTensors *tensors, const gchar *name);

/** tiny_tensors_write: @dtype: "F32", "F16" or "BF16"; values must be exact
 * in it: see tiny_tensors_round(). */
void tiny_tensors_write (const TinyTensors *tensors,
                         const gchar *dtype,
                         const gchar *path);

/** tiny_tensors_round: to values that every type holds exactly. */
void tiny_tensors_round (TinyTensors *tensors);

/** tiny_unet_shape: two levels, one of them with attention. */
PmtUnetShape tiny_unet_shape (void);

/** tiny_unet_new: all tensors of tiny_unet_shape(), of the same values in each
 * layout. */
TinyTensors *tiny_unet_new (PmtLayout layout);

/** tiny_unet_open: a checkpoint that has a UNet only, from a file with such
 * tensors. */
PmtCheckpoint *tiny_unet_open (const gchar *path, PmtLayout layout);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet-memory.c: what a UNet needs, before it is opened. */
#include "config.h"

#include <glib/gstdio.h>

#include "diffusion/net-private.h"
#include "diffusion/unet-private.h"

/* Program, library, and the network as ONNX Runtime describes it. */
#define BASE ((guint64)96 << 20)

/* Values of a pass at full size for each channel there: the ways around the
 * deeper levels, joined with what comes up, their norms, feed forward layers;
 * measured (tests/bench/bench-unet.c) and rounded up. */
#define VALUES_PER_CHANNEL 48

/* The same for the shallow part beside it, and for the features that are
 * kept. */
#define REUSE_PER_CHANNEL 32

/* Widened weights that are held at once, of the largest size: the arena keeps
 * blocks of several sizes; measured and rounded up. */
#define WIDENED_AT_ONCE 8

/* An .onnx file may keep its weights in others of its folder. */
static guint64
folder_size (const gchar *file)
{
  g_autofree gchar *folder = g_path_get_dirname (file);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;
  guint64 size = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);
      GStatBuf status;

      if (g_stat (path, &status) == 0 && S_ISREG (status.st_mode))
        size += (guint64)status.st_size;
    }
  return size;
}

/* A network whose values are not read. */
static PmtBuilder *
build_dry (const PmtCheckpoint *checkpoint,
           const PmtNetOptions *options,
           gboolean is_fast,
           PmtUnetExtent extent)
{
  PmtBuilder *builder =
      pmt_builder_new (PMT_NET_UNET, &checkpoint->unet, options, is_fast);

  builder->is_dry = TRUE;
  pmt_unet_build_extent (builder, &checkpoint->unet_shape,
                         checkpoint->unet.layout, extent);
  return builder;
}

static guint64
count_weights (const PmtCheckpoint *checkpoint,
               const PmtNetOptions *options,
               gboolean is_fast)
{
  g_autoptr (PmtBuilder) builder = NULL;
  g_autoptr (PmtBuilder) shallow = NULL;

  if (checkpoint->unet.weights == NULL)
    return 3 * folder_size (checkpoint->unet.onnx);
  builder = build_dry (checkpoint, options, is_fast, PMT_UNET_WHOLE);
  if (options->has_reuse)
    shallow = build_dry (checkpoint, options, is_fast, PMT_UNET_SHALLOW);
  return pmt_builder_get_memory (builder)
         + (shallow != NULL ? pmt_builder_get_memory (shallow) : 0)
         + WIDENED_AT_ONCE * builder->largest_widened;
}

guint64
pmt_unet_need (const PmtCheckpoint *checkpoint,
               const PmtNetOptions *options,
               gboolean is_fast,
               gint height,
               gint width)
{
  const guint64 per_channel =
      VALUES_PER_CHANNEL + (options->has_reuse ? REUSE_PER_CHANNEL : 0);
  const guint64 values = (guint64)height * (guint64)width
                         * (guint64)checkpoint->unet_shape.channels[0]
                         * per_channel;

  return BASE + count_weights (checkpoint, options, is_fast)
         + values * sizeof (gfloat);
}

guint64
pmt_unet_estimate_memory (const PmtCheckpoint *checkpoint,
                          PmtNetMode mode,
                          gboolean has_reuse,
                          gint height,
                          gint width)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;

  options.has_reuse = has_reuse;
  return pmt_unet_need (checkpoint, &options, mode != PMT_NET_LOW, height,
                        width);
}

guint64
pmt_unet_estimate_mapped (const PmtCheckpoint *checkpoint, PmtNetMode mode)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtBuilder) builder = NULL;

  if (checkpoint->unet.weights == NULL)
    return 0;
  builder =
      build_dry (checkpoint, &options, mode != PMT_NET_LOW, PMT_UNET_WHOLE);
  return builder->mapped_bytes + builder->mapped_product_bytes;
}

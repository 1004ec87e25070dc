/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-options.h: how the networks of a checkpoint are opened. */
#pragma once

#include "diffusion/lora.h"

G_BEGIN_DECLS

/** PmtNetMode: memory against speed. */
typedef enum
{
  PMT_NET_AUTO, /* fast where the free memory allows it */
  PMT_NET_LOW,  /* weights stay in the file and are widened as they are used */
  PMT_NET_FAST  /* weights are widened and packed once */
} PmtNetMode;

/**
 * PmtNetOptions:
 * @threads: at least 1
 * @memory: bytes that may be used; 0: any
 * @provider: (nullable): as in PmtSessionOptions
 * @is_seamless: convolutions wrap around at the edges
 * @loras: [@n_loras] merged into the weights
 * @has_reuse: of a UNet: the features of its deep blocks can be taken from an
 *   earlier run
 * @cache: (nullable): a folder for what speeds up the next opening
 */
typedef struct
{
  gint threads;
  guint64 memory;
  PmtNetMode mode;
  const gchar *provider;
  gboolean is_seamless;
  const PmtLoraUse *loras;
  guint n_loras;
  gboolean has_reuse;
  const gchar *cache;
} PmtNetOptions;

#define PMT_NET_OPTIONS_INIT                                                   \
  { 1, 0, PMT_NET_AUTO, NULL, FALSE, NULL, 0, FALSE, NULL }

G_END_DECLS

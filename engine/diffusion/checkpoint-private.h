/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint-private.h: what the files of the recognition share. */
#pragma once

#include "diffusion/config-file.h"
#include "diffusion/part.h"

G_BEGIN_DECLS

/* Far above any model; keeps sums and products of sizes within a gint. */
#define PMT_MAX_WIDTH 16384
#define PMT_MAX_DEPTH 64
#define PMT_TEXT_POSITIONS 77 /* of every CLIP */

/** pmt_checkpoint_new: (transfer full): with what most checkpoints have. */
PmtCheckpoint *pmt_checkpoint_new (const gchar *path);

/** pmt_checkpoint_open_file, pmt_checkpoint_open_folder: the two kinds of
 * what pmt_checkpoint_open() takes. */
PmtCheckpoint *pmt_checkpoint_open_file (const gchar *path, GError **error);
PmtCheckpoint *pmt_checkpoint_open_folder (const gchar *path, GError **error);

/** pmt_checkpoint_open_vae_file: an autoencoder that is one file. */
PmtCheckpoint *pmt_checkpoint_open_vae_file (const gchar *path, GError **error);

/** pmt_checkpoint_place_vae: finds the autoencoder among @weights, whichever
 * way it is named.  Returns: whether there is one. */
gboolean pmt_checkpoint_place_vae (PmtCheckpoint *checkpoint,
                                   PmtWeights *weights);

/** pmt_checkpoint_fail: an error about the checkpoint as a whole; @format has
 * one %s, for its file name.  Returns: %FALSE. */
gboolean pmt_checkpoint_fail (const PmtCheckpoint *checkpoint,
                              PmtError code,
                              const gchar *format,
                              GError **error);

/**
 * pmt_checkpoint_read_unet:
 *
 * Reads unet_shape, kind and family off the tensors of @checkpoint->unet;
 * heads as the family has them.
 */
gboolean pmt_checkpoint_read_unet (PmtCheckpoint *checkpoint, GError **error);

/** pmt_checkpoint_configure_unet: what a config.json of Diffusers says beside
 * the tensors. */
gboolean pmt_checkpoint_configure_unet (PmtCheckpoint *checkpoint,
                                        const PmtConfig *config,
                                        GError **error);

/** pmt_checkpoint_describe_unet: the whole shape from a config.json, for
 * networks that are .onnx files. */
gboolean pmt_checkpoint_describe_unet (PmtCheckpoint *checkpoint,
                                       const PmtConfig *config,
                                       GError **error);

/** pmt_checkpoint_check_unet: whether the sizes fit together. */
gboolean pmt_checkpoint_check_unet (PmtCheckpoint *checkpoint, GError **error);

/* The same for the autoencoder. */
gboolean pmt_checkpoint_read_vae (PmtCheckpoint *checkpoint, GError **error);
gboolean pmt_checkpoint_configure_vae (PmtCheckpoint *checkpoint,
                                       const PmtConfig *config,
                                       GError **error);
gboolean pmt_checkpoint_describe_vae (PmtCheckpoint *checkpoint,
                                      const PmtConfig *config,
                                      GError **error);
gboolean pmt_checkpoint_check_vae (PmtCheckpoint *checkpoint, GError **error);

/* The same for text encoder @which; needs the family. */
gboolean pmt_checkpoint_read_text (PmtCheckpoint *checkpoint,
                                   gint which,
                                   GError **error);
gboolean pmt_checkpoint_configure_text (PmtCheckpoint *checkpoint,
                                        gint which,
                                        const PmtConfig *config,
                                        GError **error);
gboolean pmt_checkpoint_describe_text (PmtCheckpoint *checkpoint,
                                       gint which,
                                       const PmtConfig *config,
                                       GError **error);
gboolean pmt_checkpoint_check_text (PmtCheckpoint *checkpoint,
                                    gint which,
                                    GError **error);

/** pmt_checkpoint_check_all: whether the networks fit each other. */
gboolean pmt_checkpoint_check_all (PmtCheckpoint *checkpoint, GError **error);

/** pmt_checkpoint_configure_training: keys of a scheduler_config.json; a
 * sidecar file has the same. */
gboolean pmt_checkpoint_configure_training (PmtCheckpoint *checkpoint,
                                            const PmtConfig *config,
                                            GError **error);

/** pmt_checkpoint_guess_training: what the tensors and the metadata of a
 * single file tell about its training. */
gboolean pmt_checkpoint_guess_training (PmtCheckpoint *checkpoint,
                                        GError **error);

/** pmt_checkpoint_read_yaml: the line on the parameterization in the .yaml
 * file @path, if there is one. */
gboolean pmt_checkpoint_read_yaml (PmtCheckpoint *checkpoint,
                                   const gchar *path,
                                   GError **error);

/** pmt_foreign_label: (transfer none) (nullable): what kind of other model
 * the tensors' names belong to; %NULL: none that is known. */
const gchar *pmt_foreign_label (PmtWeights *weights);

/** pmt_foreign_check: PMT_ERROR_UNSUPPORTED, with that kind. */
gboolean pmt_foreign_check (PmtWeights *weights, GError **error);

/** pmt_foreign_fail: the same for a file that was not recognized at all. */
void pmt_foreign_fail (PmtWeights *weights, GError **error);

G_END_DECLS

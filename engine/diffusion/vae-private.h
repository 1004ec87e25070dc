/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-private.h: what the files of the autoencoder share. */
#pragma once

#include "diffusion/net-layers.h"
#include "diffusion/part.h"
#include "diffusion/vae.h"

G_BEGIN_DECLS

/* Names of inputs: mean and mean square of a group norm's values. */
#define PMT_VAE_MEAN "mean.%d"
#define PMT_VAE_SQUARE "square.%d"

/* Rows and columns, [2], int64, in latent pixels of a tile: where the part
 * begins and ends that no other tile counts. */
#define PMT_VAE_FIRST "first"
#define PMT_VAE_LAST "last"

/** PmtVaeSide: the two halves. */
typedef enum
{
  PMT_VAE_DECODER,
  PMT_VAE_ENCODER
} PmtVaeSide;

/**
 * PmtVaeHalf: one half, once it is opened.
 * @head: (nullable): a network that comes before @session: the part of a
 *   decoder that works at low resolution, where all of a picture fits into the
 *   memory, so that only the rest of it needs tiles
 * @tiles: (nullable): @session again, opened when tiles of a picture are
 *   decoded: its @n_norms group norms take what they divide by from outside,
 *   so that it can be that of all tiles (inputs PMT_VAE_MEAN and
 *   PMT_VAE_SQUARE of each, [1, groups, 1]; input "share": 0 for a tile's own,
 *   1 for these; output "found", [@n_norms, 2, groups]: its own)
 * @head_channels, @head_scale: of what it gives; the scale is to the latent
 * @head_bytes: of a latent pixel; what a run of @head takes at its peak
 * @is_drawn: an encoder that gives latents, not their moments
 * @bytes_per_pixel: of the picture; what a run of @session takes at its peak
 * @fixed_bytes: what both take without a run
 */
typedef struct
{
  PmtSession *head;
  PmtSession *tiles;
  gint n_norms;
  gint head_channels;
  gint head_scale;
  guint64 head_bytes;
  PmtSession *session;
  const gchar *input;
  const gchar *output;
  gboolean is_drawn;
  guint64 bytes_per_pixel;
  guint64 fixed_bytes;
} PmtVaeHalf;

/**
 * PmtTinyParts: where the two halves of a tiny autoencoder are.
 * @encoder: may lack weights
 * @is_bare: names without a stem, as the author's files have them
 */
typedef struct
{
  PmtPart encoder;
  PmtPart decoder;
  gboolean is_bare;
} PmtTinyParts;

struct _PmtVae
{
  gatomicrefcount ref_count;
  PmtCheckpoint *checkpoint; /* NULL for a tiny one */
  PmtTinyParts tiny;
  gchar *name;
  PmtVaeShape shape;
  PmtNetOptions options; /* without LoRAs; provider is owned */
  GMutex mutex;          /* of halves */
  PmtVaeHalf halves[2];
};

/** pmt_vae_open_half: writes the network and opens it. */
gboolean pmt_vae_open_half (PmtVae *vae,
                            PmtVaeSide side,
                            PmtVaeHalf *half,
                            GError **error);

/** pmt_vae_open_tiles: opens @tiles of the decoder if it is not open yet.
 * Thread: any. */
gboolean pmt_vae_open_tiles (PmtVae *vae, GError **error);

/** pmt_vae_open_onnx: the same from an .onnx file. */
gboolean pmt_vae_open_onnx (PmtVae *vae,
                            PmtVaeSide side,
                            PmtVaeHalf *half,
                            GError **error);

/** pmt_vae_count_bytes: what a run takes for each pixel of the picture. */
guint64 pmt_vae_count_bytes (const PmtVaeShape *shape, PmtVaeSide side);

/** pmt_tiny_find: reads where the halves of a tiny autoencoder are, and its
 * shape. */
gboolean pmt_tiny_find (const gchar *path,
                        PmtTinyParts *parts,
                        PmtVaeShape *shape,
                        GError **error);

/** pmt_tiny_open_half: the same as pmt_vae_open_half() for a tiny one. */
gboolean pmt_tiny_open_half (PmtVae *vae,
                             PmtVaeSide side,
                             PmtVaeHalf *half,
                             GError **error);

/**
 * PmtVaeJob: one run over a picture.
 * @height, @width: in latent pixels
 * @in: [@in_channels, @height * @in_scale, @width * @in_scale]
 * @out: [@out_channels, @height * @out_scale, @width * @out_scale]
 * @overlap: of tiles, in latent pixels
 * @needs_head: whether the half's head has to be run on @in first
 * @is_shared: tiles are decoded with the half's @tiles
 */
typedef struct
{
  PmtVae *vae;
  const PmtVaeHalf *half;
  gint height;
  gint width;
  const gfloat *in;
  gint in_channels;
  gint in_scale;
  gfloat *out;
  gint out_channels;
  gint out_scale;
  gint overlap;
  gboolean needs_head;
  gboolean is_shared;
  PmtVaeProgress progress;
  gpointer data;
  GCancellable *cancellable;
} PmtVaeJob;

/** pmt_vae_run_head: the half's head on @data, [in_channels, @height, @width]
 * of latent pixels times in_scale; @output: for pmt_vae_clear_output(). */
gboolean pmt_vae_run_head (const PmtVaeJob *job,
                           const gfloat *data,
                           gint height,
                           gint width,
                           PmtTensor *output,
                           GError **error);

/** pmt_vae_run_network: the whole half on it. */
gboolean pmt_vae_run_network (const PmtVaeJob *job,
                              const gfloat *data,
                              gint height,
                              gint width,
                              PmtTensor *output,
                              GError **error);

/** pmt_vae_clear_output: of what they gave, widened where it was in halfs. */
void pmt_vae_clear_output (PmtTensor *output);

/** pmt_vae_run: does @job, in tiles if the memory asks for that; tries once
 * more with smaller tiles when the memory runs out.  Sets @overlap and
 * @needs_head of its own copy. */
gboolean pmt_vae_run (const PmtVaeJob *job, GError **error);

G_END_DECLS

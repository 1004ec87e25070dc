/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-file.h: .safetensors files made in memory. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** TinyFile: tensors by name. */
typedef struct _TinyFile TinyFile;

TinyFile *tiny_file_new (void);
void tiny_file_free (TinyFile *file);

/** tiny_file_add: float32 zeros, or of @dtype; a tensor of the same name is
 * replaced.  @dims: up to the first 0. */
void tiny_file_add (TinyFile *file,
                    const gchar *dtype,
                    const gchar *name,
                    const gint *dims);

/** tiny_file_add_floats: values that grow from -@spread to @spread, in an
 * order that looks like noise. */
void tiny_file_add_floats (TinyFile *file,
                           const gchar *name,
                           const gint *dims,
                           gfloat spread);

void tiny_file_remove (TinyFile *file, const gchar *name);
void
tiny_file_set_metadata (TinyFile *file, const gchar *key, const gchar *value);
void tiny_file_write (TinyFile *file, const gchar *path);

#define TINY_DIMS(...) ((const gint[]){ __VA_ARGS__, 0 })

/**
 * TinyUnet: what tiny_file_add_unet() makes.
 * @has_linear: as in SD 2.x and SDXL
 * @vector: 0: none
 */
typedef struct
{
  gint in_channels;
  gboolean has_linear;
  gint vector;
} TinyUnet;

/** tiny_file_add_unet: those tensors of a UNet in LDM's names that tell what
 * it is; four levels of 64 channels, text states of 48. */
void tiny_file_add_unet (TinyFile *file, const TinyUnet *unet);

/** tiny_file_add_tiny_vae: a whole small autoencoder of TAESD's kind in
 * Diffusers' names, with weights; factor 2, and a result depends on latents
 * up to 2 pixels away. */
void tiny_file_add_tiny_vae (TinyFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TinyFile, tiny_file_free)

G_END_DECLS

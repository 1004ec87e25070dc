/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-files.h: pictures for tests, made by hand. */
#pragma once

#include "remote/picture-private.h"

G_BEGIN_DECLS

/** PngOptions: what a PNG is to be; see PmtPngHeader. */
typedef struct
{
  gint width;
  gint height;
  guint depth;
  guint type;
  gboolean is_interlaced;
  GBytes *profile;
  const gchar *extra_type;
  const guint8 *extra;
  gsize n_extra;
  GBytes *pixels;
} PngOptions;

/** png_sample: the value of a component in the pictures of png_make(). */
guint png_sample (const PngOptions *options, gint x, gint y, guint channel);

/** png_make: @pixels: unpacked rows instead of the usual ones. */
GBytes *png_make (const PngOptions *options);

/** png_chunk: appends a chunk with its checksum. */
void png_chunk (GByteArray *file,
                const gchar *type,
                const guint8 *data,
                gsize length);

/** webp_solid: lossless, one color without a bit per pixel. */
GBytes *webp_solid (gint width, gint height, const guint8 *rgba);

/** webp_wrap: the picture of a simple WebP with a profile before it. */
GBytes *webp_wrap (GBytes *simple, gint width, gint height, GBytes *profile);

/** gegl_save: what GEGL makes of @buffer, with "name", value, ..., NULL. */
GBytes *gegl_save (GeglBuffer *buffer, const gchar *saver, ...);

/** gradient_buffer: a soft picture in any format. */
GeglBuffer *gradient_buffer (gint width, gint height, const Babl *format);

/** wide_space: a space with the primaries of Display P3. */
const Babl *wide_space (void);

/** space_profile: the profile of @space. */
GBytes *space_profile (const Babl *space);

/** bytes_prefix: the first @n bytes in a block of their own. */
GBytes *bytes_prefix (GBytes *bytes, gsize n);

G_END_DECLS

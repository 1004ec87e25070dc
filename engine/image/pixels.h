/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pixels.h: between GeglBuffers and the arrays that algorithms work on. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtPixels: a crop, ready to be worked on.
 * @rect: where it lies on the canvas
 * @rgb: [H, W, 3] float32, R'G'B' in the source's own primaries, with the
 *   curve of @space, values outside 0..1 kept; gray sources have three equal
 *   components; NaN and infinities are replaced by 0 and marked in @opaque
 * @opaque: [H, W] bytes: 255 where the source lies inside its extent, has
 *   alpha >= 0.5 and finite values; else 0
 * @is_all_opaque: no 0 in @opaque
 * @space: (nullable): babl space whose tone curve leads @rgb to linear
 *   light: the source's for R'G'B' formats, sRGB's for linear and R~G~B~
 *   ones, whose numbers get that curve; %NULL: sRGB
 */
typedef struct
{
  GeglRectangle rect;
  gfloat *rgb;
  guint8 *opaque;
  gboolean is_all_opaque;
  const Babl *space;
} PmtPixels;

void pmt_pixels_free (PmtPixels *pixels);

/** pmt_pixels_is_gray: whether @format has one component besides alpha. */
gboolean pmt_pixels_is_gray (const Babl *format);

/** pmt_pixels_check_format: PMT_ERROR_UNSUPPORTED for indexed and CMYK. */
gboolean pmt_pixels_check_format (const Babl *format, GError **error);

/**
 * pmt_pixels_plain_format:
 *
 * Returns: the same numbers without their space: what is converted between
 *   plain formats keeps the curve of R'G'B' formats, exactly, and linear ones
 *   get sRGB's (README.md, "Curves").
 */
const Babl *pmt_pixels_plain_format (const Babl *format);

/** pmt_pixels_copy: Returns: (transfer full).  Errors: PMT_ERROR_MEMORY. */
PmtPixels *pmt_pixels_copy (const PmtPixels *pixels, GError **error);

/** pmt_image_memory_error: sets PMT_ERROR_MEMORY, naming width and height. */
void pmt_image_memory_error (gint width, gint height, GError **error);

/**
 * pmt_pixels_read:
 * @buffer: any format but indexed
 * @rect: part to read; outside the buffer's extent: 0, not opaque
 * @error: PMT_ERROR_MEMORY, PMT_ERROR_UNSUPPORTED (indexed, CMYK)
 */
PmtPixels *
pmt_pixels_read (GeglBuffer *buffer, const GeglRectangle *rect, GError **error);

/**
 * pmt_pixels_extend_opaque:
 *
 * Replaces the colour below not opaque pixels by that of the nearest opaque
 * one (DESIGN.md section 6), so that no halo appears after resampling.
 */
void pmt_pixels_extend_opaque (PmtPixels *pixels);

/**
 * pmt_pixels_new_picture:
 * @pixels: worked on
 * @changed: (nullable): [H, W] bytes; where 0, the bits of @source are kept;
 *   %NULL: every pixel was changed
 * @source: the source buffer
 * @error: PMT_ERROR_MEMORY
 *
 * Makes the picture of a result: extent @pixels->rect, the source's model,
 * precision and space; changed pixels from @pixels with alpha 1, the others
 * copied from @source bit for bit (transparent outside its extent).  An alpha
 * channel is added when @source has none and @pixels->rect leaves its extent.
 */
GeglBuffer *pmt_pixels_new_picture (const PmtPixels *pixels,
                                    const guint8 *changed,
                                    GeglBuffer *source,
                                    GError **error);

/**
 * pmt_pixels_write:
 * @pixels: worked on
 * @picture: in the format of a source; what lies outside of @pixels->rect stays
 * @error: PMT_ERROR_MEMORY
 *
 * Puts all of @pixels into @picture, with alpha 1.
 */
gboolean
pmt_pixels_write (const PmtPixels *pixels, GeglBuffer *picture, GError **error);

/**
 * pmt_match_reach:
 *
 * Returns: how far around what was changed pmt_match_colors() looks, in
 *   pixels.
 */
gint pmt_match_reach (gdouble radius);

/** pmt_match_radius: of the low-pass that suits a crop, in pixels. */
gdouble pmt_match_radius (const GeglRectangle *crop);

/**
 * pmt_match_colors:
 * @pixels: worked on, in place
 * @original: same rectangle, before the work
 * @changed: [H, W] bytes: 255 where @pixels was made
 * @radius: pixels of the low-pass
 * @limit: steps at the border from this on, in R'G'B' units, are edges of the
 *   picture and left alone; steps up to 0.4 of it are fully taken for a cast.
 *   0.3 for pictures made from noise, less where seams were removed before
 *
 * Shifts the low frequencies of the changed region so that they continue
 * those of the surroundings (DESIGN.md section 5): in linear light, with the
 * pixels outside @changed as the reference.
 */
gboolean pmt_match_colors (PmtPixels *pixels,
                           const PmtPixels *original,
                           const guint8 *changed,
                           gdouble radius,
                           gdouble limit,
                           GError **error);

/** PmtMatchPlan: what pmt_match_colors() needs before anything is made. */
typedef struct _PmtMatchPlan PmtMatchPlan;

/**
 * pmt_match_plan_new:
 * @original: as in pmt_match_colors(); not needed any more afterwards
 * @changed: (transfer full): [H, W] bytes; g_free()
 * @error: PMT_ERROR_MEMORY
 *
 * The first half of pmt_match_colors(), for one that has time for it while
 * the picture is made.
 */
PmtMatchPlan *pmt_match_plan_new (const PmtPixels *original,
                                  guint8 *changed,
                                  gdouble radius,
                                  gdouble limit,
                                  GError **error);

void pmt_match_plan_free (PmtMatchPlan *plan);

/** pmt_match_plan_get_rect: of what was planned for. */
const GeglRectangle *pmt_match_plan_get_rect (const PmtMatchPlan *plan);

/**
 * pmt_match_plan_apply:
 * @pixels: worked on, in place; has all of the rectangle that was planned for
 * @error: PMT_ERROR_MEMORY
 *
 * The second half.  Thread: one plan may be applied by several at a time.
 */
gboolean pmt_match_plan_apply (const PmtMatchPlan *plan,
                               PmtPixels *pixels,
                               GError **error);

/**
 * pmt_composite:
 * @target: (inout): any format
 * @picture: any format
 * @mask: (nullable): "Y float"
 *
 * Puts @picture over @target through @mask in linear light; pixels where the
 * mask is 0 keep their bits, pixels where it is 1 and the picture is opaque
 * get the picture's bits when the formats agree.
 */
gboolean pmt_composite (GeglBuffer *target,
                        GeglBuffer *picture,
                        GeglBuffer *mask,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtPixels, pmt_pixels_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtMatchPlan, pmt_match_plan_free)

G_END_DECLS

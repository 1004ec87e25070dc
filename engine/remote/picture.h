/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture.h: pictures as services take them and give them. */
#pragma once

#include <cjson/cJSON.h>

#include "pentimento.h"

G_BEGIN_DECLS

/** PmtPictureKind: what the first bytes of a file say. */
typedef enum
{
  PMT_PICTURE_UNKNOWN,
  PMT_PICTURE_PNG,
  PMT_PICTURE_JPEG,
  PMT_PICTURE_WEBP
} PmtPictureKind;

/** pmt_picture_kind_type: Returns: (transfer none): "image/png", ... */
const gchar *pmt_picture_kind_type (PmtPictureKind kind);

/**
 * PmtPictureHead:
 * @bits: of a sample, 8 or 16
 * @has_alpha: may have transparency
 * @is_gray: one color component
 */
typedef struct
{
  PmtPictureKind kind;
  gint width;
  gint height;
  gint bits;
  gboolean has_alpha;
  gboolean is_gray;
} PmtPictureHead;

/**
 * pmt_picture_read_head:
 * @bytes: anything
 *
 * Reads the header with every access checked.  Thread: any.
 *
 * Returns: %FALSE for what is not a PNG (W3C PNG 3rd edition), baseline or
 *   progressive JPEG (ITU T.81) or WebP (RFC 9649) with a size.
 */
gboolean pmt_picture_read_head (GBytes *bytes, PmtPictureHead *head);

/** Most pixels that are decoded: 16384 x 16384. */
#define PMT_PICTURE_MAX_PIXELS ((gint64)16384 * 16384)

/**
 * pmt_picture_decode:
 * @bytes: of a service: anything
 * @max_pixels: refused before decoding when it has more
 * @label: of the service, for messages
 * @error: PMT_ERROR_SERVER: no picture, another kind of file, damaged, too
 *   large, CMYK, animated; PMT_ERROR_FILE: no room for a temporary file
 *
 * Decoded by what the bytes are, not by what their name says.  The profile of
 * the file is kept as the buffer's space; without one it is sRGB.  A damaged
 * or truncated file fails; it is never shown half (damage inside the
 * entropy-coded data of JPEG and WebP alone is not noticed).  The orientation
 * of Exif is not applied.
 * Thread: any.
 *
 * Returns: (transfer full): extent 0, 0, width, height.
 */
GeglBuffer *pmt_picture_decode (GBytes *bytes,
                                gint64 max_pixels,
                                const gchar *label,
                                GError **error);

/**
 * PmtPictureFormat: how a picture is written
 * @kind: PNG or JPEG
 * @quality: of JPEG, 1-100; without subsampling of chroma from 90 on
 * @bits: of PNG, 8 or 16
 * @keep_alpha: PNG with an alpha channel where the source has one; otherwise
 *   it is flattened onto what lies below (the colors as they are)
 */
typedef struct
{
  PmtPictureKind kind;
  gint quality;
  gint bits;
  gboolean keep_alpha;
} PmtPictureFormat;

#define PMT_PICTURE_FORMAT_INIT { PMT_PICTURE_PNG, 95, 8, FALSE }

/**
 * pmt_picture_encode:
 * @buffer: any format but indexed
 * @rect: part of it
 * @error: PMT_ERROR_FILE, PMT_ERROR_MEMORY
 *
 * Colors are converted to sRGB; gray becomes R'G'B'.  No metadata, no profile,
 * no time: the same pixels give the same bytes.
 *
 * Returns: (transfer full)
 */
GBytes *pmt_picture_encode (GeglBuffer *buffer,
                            const GeglRectangle *rect,
                            const PmtPictureFormat *format,
                            GError **error);

/** PmtMaskKind: how a service wants to be told what to change. */
typedef enum
{
  PMT_MASK_WHITE, /* white: change; RGB of three equal components */
  PMT_MASK_BLACK, /* black: change */
  PMT_MASK_ALPHA  /* RGBA: (255,255,255,0) change, (0,0,0,255) keep */
} PmtMaskKind;

/**
 * pmt_mask_encode:
 * @mask: "Y float", coverage; 0 outside its extent
 * @rect: part of it
 * @is_hard: 0 or 1 (from 0.5 on) for services that know no soft masks
 *
 * Returns: (transfer full): a PNG of 8 bits.
 */
GBytes *pmt_mask_encode (GeglBuffer *mask,
                         const GeglRectangle *rect,
                         PmtMaskKind kind,
                         gboolean is_hard,
                         GError **error);

/**
 * pmt_picture_to_json:
 * @prefix: in front of the base64, such as "data:image/png;base64,"; nothing
 *   that JSON escapes
 *
 * Returns: (transfer full): a string of JSON, as a raw node: what has nothing to
 *   be escaped is not looked through and copied several times.
 */
cJSON *pmt_picture_to_json (GBytes *bytes, const gchar *prefix);

/** pmt_picture_to_data_uri: "data:image/png;base64,..." */
gchar *pmt_picture_to_data_uri (GBytes *bytes);

/**
 * pmt_picture_from_base64:
 * @text: base64, or a data: URI with it
 * @max_bytes: of what comes out
 *
 * Returns: (transfer full) (nullable): %NULL for anything else.
 */
GBytes *pmt_picture_from_base64 (const gchar *text, gsize max_bytes);

G_END_DECLS

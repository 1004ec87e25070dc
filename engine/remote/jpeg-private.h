/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* jpeg-private.h: what the files of JPEG share. */
#pragma once

#include "remote/picture-private.h"

G_BEGIN_DECLS

/** PmtJpegComponent: (T.81, B.2.2) @has_scan: its means came */
typedef struct
{
  guint id;
  guint h;
  guint v;
  guint quant;
  gboolean has_scan;
} PmtJpegComponent;

/**
 * PmtJpeg: a file on its way; what came already
 * @frame: marker of the frame, 0 before it
 * @has_huffman: of means (0) and of the others (1)
 * @interval: units between two restarts; 0: none
 * @clean: what a loader gets
 */
typedef struct
{
  guint frame;
  guint width;
  guint height;
  guint n_components;
  PmtJpegComponent components[4];
  guint max_h;
  guint max_v;
  gboolean has_quant[4];
  gboolean has_huffman[2][4];
  guint interval;
  guint n_scans;
  GByteArray *clean;
} PmtJpeg;

/** pmt_jpeg_take_quant: the data of a DQT segment. */
gboolean pmt_jpeg_take_quant (PmtJpeg *jpeg, PmtCursor data);

/** pmt_jpeg_take_huffman: the data of a DHT segment. */
gboolean pmt_jpeg_take_huffman (PmtJpeg *jpeg, PmtCursor data);

/** pmt_jpeg_take_frame: the data of a segment SOF0, SOF1 or SOF2. */
gboolean pmt_jpeg_take_frame (PmtJpeg *jpeg, guint marker, PmtCursor data);

/**
 * pmt_jpeg_take_scan:
 * @data: of a SOS segment
 * @cursor: (inout): what follows it; up to the next marker
 *
 * Returns: %FALSE for a scan that lacks something or that is not due.
 */
gboolean pmt_jpeg_take_scan (PmtJpeg *jpeg, PmtCursor data, PmtCursor *cursor);

G_END_DECLS

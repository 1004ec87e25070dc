/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* jpeg-private.h: what the files of JPEG share. */
#pragma once

#include "remote/picture-private.h"

G_BEGIN_DECLS

/**
 * PmtJpegComponent: (T.81, B.2.2)
 * @has_scan: its means came
 * @nonzero: (nullable): of a progressive frame: for each block a bit for each
 *   coefficient that is not 0 so far
 */
typedef struct
{
  guint id;
  guint h;
  guint v;
  guint quant;
  gboolean has_scan;
  guint64 *nonzero;
} PmtJpegComponent;

/**
 * PmtJpegCodes: a table of Huffman codes (T.81, annex C)
 * @counts: codes of each length, from 1
 * @fast: for the next eight bits: length << 8 | symbol; 0: longer ones
 */
typedef struct
{
  guint8 counts[17];
  guint8 symbols[256];
  guint16 fast[256];
} PmtJpegCodes;

/** PmtJpegScan: the head of a scan (T.81, B.2.3) */
typedef struct
{
  guint n;
  PmtJpegComponent *components[4];
  guint dc[4];
  guint ac[4];
  guint from;
  guint to;
  guint high;
  guint low;
} PmtJpegScan;

/**
 * PmtJpeg: a file on its way; what came already
 * @frame: marker of the frame, 0 before it
 * @has_huffman: of means (0) and of the others (1)
 * @interval: units between two restarts; 0: none
 * @is_checked: scans are read bit by bit
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
  PmtJpegCodes codes[2][4];
  guint interval;
  guint n_scans;
  gboolean is_checked;
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

/** pmt_jpeg_scan_size: (jpeg-scan.c) minimum coded units of a scan, in a row and
 * in a column (T.81, A.2). */
void pmt_jpeg_scan_size (const PmtJpeg *jpeg,
                         const PmtJpegScan *scan,
                         guint *columns,
                         guint *rows);

/** pmt_jpeg_codes_init: (jpeg-entropy.c) @counts: of lengths 1 to 16. */
void pmt_jpeg_codes_init (PmtJpegCodes *codes,
                          const guint8 *counts,
                          const guint8 *symbols,
                          guint n);

/**
 * pmt_jpeg_check_scan: (jpeg-entropy.c)
 * @coded: entropy-coded data, with restart markers
 *
 * Decoders make gray of what is missing, and go on; so all of it is read once,
 * without making a picture.  Source: T.81, annexes F and G.
 *
 * Returns: whether each block is there, with codes that the tables have.
 */
gboolean
pmt_jpeg_check_scan (PmtJpeg *jpeg, const PmtJpegScan *scan, PmtCursor coded);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-net.h: networks that find faces, and those that restore them. */
#pragma once

#include "onnx/session.h"

G_BEGIN_DECLS

/** Strides of the heads of a detector. */
#define PMT_FACE_N_STRIDES 3

/**
 * PmtFaceNetKind: told by what the file declares
 * @PMT_FACE_NET_YUNET: 12 outputs: twice a score (their product counts), box
 *   and landmarks for strides 8, 16 and 32; takes B'G'R' 0..255
 * @PMT_FACE_NET_SCRFD: 9 outputs, or 6 without landmarks; takes R'G'B' in
 *   -1..1
 * @PMT_FACE_NET_YOLO: one output of rank 3 with boxes in its rows or columns;
 *   takes R'G'B' 0..1
 * @PMT_FACE_NET_RESTORER: from an aligned face, [1, 3, S, S], to the same;
 *   R'G'B' in -1..1; and perhaps a second input with one number, the fidelity
 */
typedef enum
{
  PMT_FACE_NET_YUNET,
  PMT_FACE_NET_SCRFD,
  PMT_FACE_NET_YOLO,
  PMT_FACE_NET_RESTORER
} PmtFaceNetKind;

/**
 * PmtFaceDeclared: what the file says
 * @kind: of the network
 * @width, @height: of the pictures that it takes; 0: multiples of 32
 * @has_fidelity: it has the second input
 */
typedef struct
{
  PmtFaceNetKind kind;
  gint width;
  gint height;
  gboolean has_fidelity;
} PmtFaceDeclared;

/** PmtFaceNet: an open network.  Thread: any; reentrant. */
typedef struct _PmtFaceNet PmtFaceNet;

/**
 * pmt_face_net_look:
 * @path: an .onnx file
 * @declared: (out): what it is
 * @error: PMT_ERROR_FILE, PMT_ERROR_MODEL: damaged, or no network for faces,
 *   with the reason
 *
 * Reads what inputs and outputs are declared, without opening the network.
 */
gboolean pmt_face_net_look (const gchar *path,
                            PmtFaceDeclared *declared,
                            GError **error);

/**
 * pmt_face_net_open:
 * @error: as pmt_face_net_look() and pmt_session_open()
 */
PmtFaceNet *pmt_face_net_open (const gchar *path,
                               const PmtSessionOptions *options,
                               GError **error);

/** pmt_face_net_open_bytes: of a file in memory; @name for messages. */
PmtFaceNet *pmt_face_net_open_bytes (GBytes *bytes,
                                     const gchar *name,
                                     const PmtSessionOptions *options,
                                     GError **error);
PmtFaceNet *pmt_face_net_ref (PmtFaceNet *net);
void pmt_face_net_unref (PmtFaceNet *net);

const PmtFaceDeclared *pmt_face_net_get_declared (const PmtFaceNet *net);

/** pmt_face_net_get_name: Returns: (transfer none): of its file. */
const gchar *pmt_face_net_get_name (const PmtFaceNet *net);

/**
 * pmt_face_net_find:
 * @rgb: [height, width, 3] R'G'B' 0..1; sides fit what @net declares
 * @min_score: 0..1
 * @faces: (inout) (element-type PmtFace): what is found is added, in pixels
 *   of @rgb; boxes of one face may be many
 * @error: PMT_ERROR_MODEL: outputs are not what the kind of @net promises;
 *   PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * Sources: the post-processing of OpenCV's FaceDetectorYN (Apache-2.0) and of
 * SCRFD and YOLOv5-face as published with them.
 */
gboolean pmt_face_net_find (PmtFaceNet *net,
                            const gfloat *rgb,
                            gint width,
                            gint height,
                            gdouble min_score,
                            GArray *faces,
                            GCancellable *cancellable,
                            GError **error);

/**
 * pmt_face_net_restore:
 * @rgb: (inout): [side, side, 3] R'G'B' 0..1, an aligned face
 * @fidelity: 0..1: 1: as close to the input as the network can; no effect
 *   without the second input
 * @error: as pmt_face_net_find()
 */
gboolean pmt_face_net_restore (PmtFaceNet *net,
                               gfloat *rgb,
                               gdouble fidelity,
                               GCancellable *cancellable,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtFaceNet, pmt_face_net_unref)

G_END_DECLS

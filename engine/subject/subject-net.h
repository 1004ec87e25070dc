/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* subject-net.h: networks that find what a picture is about. */
#pragma once

#include "onnx/session.h"

G_BEGIN_DECLS

/**
 * PmtSubjectKind: how colors go in
 * @PMT_SUBJECT_U2NET: over the brightest value, then mean and deviation of
 *   ImageNet
 * @PMT_SUBJECT_ISNET: less 0.5
 * @PMT_SUBJECT_BIREFNET: mean and deviation of ImageNet
 */
typedef enum
{
  PMT_SUBJECT_U2NET,
  PMT_SUBJECT_ISNET,
  PMT_SUBJECT_BIREFNET
} PmtSubjectKind;

/**
 * PmtSubjectDeclared:
 * @side: of the square that it sees
 */
typedef struct
{
  PmtSubjectKind kind;
  gint side;
} PmtSubjectDeclared;

/** PmtSubjectNet: an open network.  Thread: any; reentrant. */
typedef struct _PmtSubjectNet PmtSubjectNet;

/**
 * pmt_subject_net_look:
 * @path: an .onnx file
 * @error: PMT_ERROR_FILE, PMT_ERROR_MODEL with the reason
 *
 * By size and number of outputs: up to 512 pixels it is a U2Net; above, an
 * ISNet where there are several outputs, and a BiRefNet where there is one.
 * "u2net", "silueta", "isnet", "rmbg" and "birefnet" in the file's name go
 * before.
 */
gboolean pmt_subject_net_look (const gchar *path,
                               PmtSubjectDeclared *declared,
                               GError **error);
PmtSubjectNet *pmt_subject_net_open (const gchar *path,
                                     const PmtSessionOptions *options,
                                     GError **error);

/** pmt_subject_net_open_bytes: @name: as that of a file. */
PmtSubjectNet *pmt_subject_net_open_bytes (GBytes *bytes,
                                           const gchar *name,
                                           const PmtSessionOptions *options,
                                           GError **error);
PmtSubjectNet *pmt_subject_net_ref (PmtSubjectNet *net);
void pmt_subject_net_unref (PmtSubjectNet *net);
const PmtSubjectDeclared *
pmt_subject_net_get_declared (const PmtSubjectNet *net);

/**
 * pmt_subject_net_run:
 * @rgb: [side, side, 3] R'G'B' 0..1
 * @mask: (out caller-allocates): [side, side] 0..1, all 0 where the network
 *   sees no subject
 * @error: PMT_ERROR_MODEL: its output is no mask; PMT_ERROR_MEMORY,
 *   G_IO_ERROR_CANCELLED
 *
 * The first output counts.  What leaves 0..1 are logits.
 */
gboolean pmt_subject_net_run (PmtSubjectNet *net,
                              const gfloat *rgb,
                              gfloat *mask,
                              GCancellable *cancellable,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtSubjectNet, pmt_subject_net_unref)

G_END_DECLS

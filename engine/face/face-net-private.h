/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-net-private.h: what the files of a network for faces share. */
#pragma once

#include "face/face-net.h"

G_BEGIN_DECLS

/**
 * PmtFaceNet:
 * @name: of the file, for messages
 * @image, @fidelity: (transfer none): inputs of @session; @fidelity may be
 *   %NULL
 */
struct _PmtFaceNet
{
  gatomicrefcount ref_count;
  PmtSession *session;
  gchar *name;
  PmtFaceDeclared declared;
  const PmtTensorInfo *image;
  const PmtTensorInfo *fidelity;
};

/** pmt_face_net_fail: "The network NAME can't be used for faces: REASON". */
void
pmt_face_net_fail (const gchar *name, GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

/**
 * pmt_face_decode: (decode.c)
 * @outputs: [@n_outputs] float32 of a run of a detector
 * @width, @height: of what it saw
 *
 * As pmt_face_net_find(), from outputs of any shape and with any values.
 */
gboolean pmt_face_decode (PmtFaceNetKind kind,
                          const gchar *name,
                          const PmtTensor *outputs,
                          guint n_outputs,
                          gint width,
                          gint height,
                          gdouble min_score,
                          GArray *faces,
                          GError **error);

G_END_DECLS

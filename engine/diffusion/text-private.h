/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-private.h: what the files of the text encoder share. */
#pragma once

#include "diffusion/part.h"
#include "diffusion/text-encoder.h"

G_BEGIN_DECLS

struct _PmtTextEncoder
{
  gatomicrefcount ref_count;
  PmtCheckpoint *checkpoint;
  const PmtPart *part; /* of checkpoint */
  PmtTextShape shape;
  PmtSession *session;
};

/** PmtTextWanted: arguments of pmt_text_encoder_run(). */
typedef struct
{
  gint skip;
  gboolean has_final_norm;
  gfloat *hidden;
  guint end;
  gfloat *pooled;
  gfloat *projected;
} PmtTextWanted;

/**
 * pmt_text_open_graph: writes the network and opens it.
 *
 * Input "rows" [1, 77, width]; outputs: the state after each layer, with and
 * without the final norm (pmt_text_output_name()), and "projected".  All of
 * them are computed whatever is asked for, which costs little.
 */
PmtSession *pmt_text_open_graph (PmtTextEncoder *encoder,
                                 gint which,
                                 const PmtNetOptions *options,
                                 GError **error);

/** pmt_text_output_name: (transfer full): of the state after @layer, counted
 * from 1. */
gchar *pmt_text_output_name (gint layer, gboolean has_final_norm);

/** pmt_text_open_onnx: opens the .onnx file and checks what it takes. */
PmtSession *pmt_text_open_onnx (PmtTextEncoder *encoder,
                                const PmtNetOptions *options,
                                GError **error);

/** pmt_text_find_onnx_hidden: (transfer full): which output of an .onnx file
 * has the wanted state; PMT_ERROR_UNSUPPORTED: none, or the pooled one that is
 * wanted as well is not there. */
gchar *pmt_text_find_onnx_hidden (PmtTextEncoder *encoder,
                                  const PmtTextWanted *want,
                                  GError **error);

G_END_DECLS

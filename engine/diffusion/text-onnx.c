/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-onnx.c: text encoders that are .onnx files, as Optimum exports them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/onnx-part.h"
#include "diffusion/text-private.h"

static gboolean
check_input (PmtSession *session, const gchar *path, GError **error)
{
  g_autofree gchar *label = g_filename_display_name (path);
  const PmtTensorInfo *info = pmt_onnx_find_input (session, "input_ids");

  if (pmt_session_get_n_inputs (session) == 1 && info != NULL
      && (!info->has_shape || info->rank == 2)
      && (info->type == PMT_TENSOR_INT64 || info->type == PMT_TENSOR_INT32)
      && pmt_onnx_can_be (info, 0, 1)
      && pmt_onnx_can_be (info, 1, PMT_TEXT_TOKENS))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The ONNX text encoder “%s” takes other inputs than the ids "
                  "of %d tokens. Export the model again with Optimum."),
               label, PMT_TEXT_TOKENS);
  return FALSE;
}

PmtSession *
pmt_text_open_onnx (PmtTextEncoder *encoder,
                    const PmtNetOptions *options,
                    GError **error)
{
  const gchar *path = encoder->part->onnx;
  g_autoptr (PmtSession) session =
      pmt_onnx_open (path, options, options->memory, PMT_OPTIMIZE_ALL, error);

  return session != NULL && check_input (session, path, error)
             ? g_steal_pointer (&session)
             : NULL;
}

/* "hidden_states.0" is what goes into the first layer. */
gchar *
pmt_text_find_onnx_hidden (PmtTextEncoder *encoder,
                           const PmtTextWanted *want,
                           GError **error)
{
  g_autofree gchar *name =
      want->has_final_norm
          ? g_strdup ("last_hidden_state")
          : g_strdup_printf ("hidden_states.%d",
                             encoder->shape.layers + 1 - want->skip);
  const gchar *pooled = want->projected != NULL ? "text_embeds"
                        : want->pooled != NULL  ? "pooler_output"
                                                : NULL;

  if ((want->skip == 1 || !want->has_final_norm)
      && pmt_onnx_find_output (encoder->session, name) != NULL
      && (pooled == NULL
          || pmt_onnx_find_output (encoder->session, pooled) != NULL))
    return g_steal_pointer (&name);
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The ONNX text encoder of “%s” does not give the state that "
                  "a clip skip of %d needs. Choose another clip skip, or use "
                  "the checkpoint as .safetensors."),
               encoder->checkpoint->name, want->skip);
  return NULL;
}

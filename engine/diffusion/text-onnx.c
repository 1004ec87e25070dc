/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-onnx.c: text encoders that are .onnx files, as Optimum exports them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/text-private.h"

static gboolean
has_output (PmtSession *session, const gchar *name)
{
  for (guint i = 0; i < pmt_session_get_n_outputs (session); i++)
    if (g_str_equal (pmt_session_get_output (session, i)->name, name))
      return TRUE;
  return FALSE;
}

static gboolean
check_input (PmtSession *session, const gchar *path, GError **error)
{
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autofree gchar *base = g_path_get_basename (folder);
  g_autofree gchar *label = g_filename_display_name (base);
  const PmtTensorInfo *info = pmt_session_get_input (session, 0);

  if (pmt_session_get_n_inputs (session) == 1 && info->rank == 2
      && (info->type == PMT_TENSOR_INT64 || info->type == PMT_TENSOR_INT32))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The ONNX text encoder “%s” takes other inputs than the ids "
                  "of tokens. Export the model again with Optimum."),
               label);
  return FALSE;
}

PmtSession *
pmt_text_open_onnx (PmtTextEncoder *encoder,
                    const PmtNetOptions *options,
                    GError **error)
{
  PmtSessionOptions session_options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (PmtSession) session = NULL;

  session_options.threads = options->threads;
  session_options.memory = options->memory;
  session_options.provider = options->provider;
  session = pmt_session_open (encoder->part->onnx, &session_options, error);
  if (session == NULL || !check_input (session, encoder->part->onnx, error))
    return NULL;
  return g_steal_pointer (&session);
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
      && has_output (encoder->session, name)
      && (pooled == NULL || has_output (encoder->session, pooled)))
    return g_steal_pointer (&name);
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The ONNX text encoder of “%s” does not give the state that "
                  "a clip skip of %d needs. Choose another clip skip, or use "
                  "the checkpoint as .safetensors."),
               encoder->checkpoint->name, want->skip);
  return NULL;
}

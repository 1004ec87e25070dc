/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* stub.c: sessions in a build without ONNX Runtime: each is refused. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "onnx/provider.h"
#include "onnx/session.h"

void
pmt_tensor_clear (PmtTensor *tensor)
{
}

static void
refuse (GError **error)
{
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                       _ ("This build of Pentimento can't run networks: it "
                          "was made without ONNX Runtime."));
}

void
pmt_provider_set_default (const gchar *name)
{
}

gchar **
pmt_provider_list (GError **error)
{
  refuse (error);
  return NULL;
}

const gchar *
pmt_provider_label (const gchar *name)
{
  return name;
}

gboolean
pmt_session_frees_packed (void)
{
  return FALSE;
}

PmtSession *
pmt_session_open (const gchar *path,
                  const PmtSessionOptions *options,
                  GError **error)
{
  refuse (error);
  return NULL;
}

PmtSession *
pmt_session_open_bytes (GBytes *model,
                        const gchar *name,
                        const PmtSessionOptions *options,
                        GError **error)
{
  refuse (error);
  return NULL;
}

/* No session exists: what follows is never called. */

PmtSession *
pmt_session_ref (PmtSession *session)
{
  return session;
}

void
pmt_session_unref (PmtSession *session)
{
}

guint
pmt_session_get_n_inputs (PmtSession *session)
{
  return 0;
}

guint
pmt_session_get_n_outputs (PmtSession *session)
{
  return 0;
}

const PmtTensorInfo *
pmt_session_get_input (PmtSession *session, guint i)
{
  return NULL;
}

const PmtTensorInfo *
pmt_session_get_output (PmtSession *session, guint i)
{
  return NULL;
}

const gchar *
pmt_session_get_metadata (PmtSession *session, const gchar *key)
{
  return NULL;
}

const gchar *
pmt_session_get_provider (PmtSession *session)
{
  return "cpu";
}

const gchar *
pmt_session_get_fallback (PmtSession *session)
{
  return NULL;
}

gboolean
pmt_session_run (PmtSession *session,
                 const PmtTensor *inputs,
                 guint n_inputs,
                 PmtTensor *outputs,
                 guint n_outputs,
                 GCancellable *cancellable,
                 GError **error)
{
  refuse (error);
  return FALSE;
}

gboolean
pmt_session_run_keeping (PmtSession *session,
                         const PmtTensor *inputs,
                         guint n_inputs,
                         PmtTensor *outputs,
                         guint n_outputs,
                         GCancellable *cancellable,
                         GError **error)
{
  refuse (error);
  return FALSE;
}

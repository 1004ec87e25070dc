/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* status.c: what ONNX Runtime says as a GError. */
#include "config.h"

#include "onnx/status.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "pentimento.h"

#define MAX_TEXT 300

/* The library has no code of its own for memory: only these texts. */
static gboolean
tells_of_memory (const gchar *text)
{
  static const gchar *const signs[] = {
    "bad_alloc",
    "Failed to allocate memory",
    "Available memory of",
    "out of memory",
    "OutOfMemory",
    "cudaMalloc",
    "bad array new",
    "vector::_M_default_append",
    "Integer overflow",
    "cudaErrorMemory",
    "BFCArena",
  };

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strstr (text, signs[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Behind the place in the library's sources and the function that the message
 * may have: "...: /build/.../file.cc:12 void f(int) It is broken". */
static const gchar *
skip_source (const gchar *text)
{
  const gchar *source = strstr (text, ".cc:");
  const gchar *end;

  if (source == NULL)
    source = strstr (text, ".h:");
  if (source == NULL)
    return text;
  for (end = strchr (source, ')'); end != NULL; end = strchr (end + 1, ')'))
    if (end[1] == ' ' && g_ascii_isupper (end[2]))
      return end + 2;
  end = strchr (source, ' ');
  return end != NULL ? end + 1 : text;
}

/* The first line, cut at MAX_TEXT bytes, without a stop. */
static gchar *
shorten (const gchar *text)
{
  g_autofree gchar *line = g_strndup (text, strcspn (text, "\r\n"));
  gchar *reason = g_strstrip (g_strdup (skip_source (line)));

  if (strlen (reason) > MAX_TEXT)
    *g_utf8_find_prev_char (reason, reason + MAX_TEXT) = '\0';
  while (g_str_has_suffix (reason, "."))
    reason[strlen (reason) - 1] = '\0';
  return reason;
}

void
pmt_status_set_error (OrtErrorCode code,
                      const gchar *text,
                      const gchar *name,
                      GError **error)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  g_autofree gchar *reason = shorten (valid);

  g_debug ("ONNX Runtime, %s: code %d: %s", name, (gint)code, valid);
  if (strstr (text, "terminate flag") != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                         _ ("The work was canceled."));
  else if (tells_of_memory (text))
    g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                 _ ("The network “%s” needs more memory than there is. "
                    "Close other programs or choose a smaller size."),
                 name);
  else if (code == ORT_NOT_IMPLEMENTED)
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("The network “%s” uses what this version of ONNX "
                    "Runtime can't do: %s."),
                 name, reason);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                 _ ("ONNX Runtime refused the network “%s”: %s."), name,
                 reason);
}

gboolean
pmt_status_check (const OrtApi *api,
                  OrtStatus *status,
                  const gchar *name,
                  GError **error)
{
  if (status == NULL)
    return TRUE;
  pmt_status_set_error (api->GetErrorCode (status),
                        api->GetErrorMessage (status), name, error);
  api->ReleaseStatus (status);
  return FALSE;
}

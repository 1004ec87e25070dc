/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-private.h: what the files of a session share. */
#pragma once

#include "onnx/runtime.h"
#include "onnx/session.h"

G_BEGIN_DECLS

/* A session of ONNX Runtime, shared by the runs that use it: when one of them
 * changes over to the CPU, the others may still be at work. */
typedef struct
{
  gatomicrefcount ref_count;
  OrtSession *ort;
  const gchar *provider; /* static */
} PmtLoaded;

PmtLoaded *pmt_loaded_ref (PmtLoaded *loaded);
void pmt_loaded_unref (PmtLoaded *loaded);

struct _PmtSession
{
  gatomicrefcount ref_count;
  const PmtRuntime *runtime;
  gchar *name;
  GBytes *model; /* kept for the retry on the CPU; mapped from the file */
  gint threads;
  GPtrArray *inputs;  /* of PmtTensorInfo */
  GPtrArray *outputs; /* of PmtTensorInfo */
  GHashTable *metadata;
  GMutex mutex; /* for what follows */
  PmtLoaded *loaded;
  gchar *fallback; /* set once */
};

/**
 * pmt_session_load:
 * @session: name, model and threads are set
 * @error: as pmt_session_open()
 *
 * Makes a session of ONNX Runtime on the CPU.
 */
PmtLoaded *pmt_session_load (PmtSession *session, GError **error);

/** pmt_session_read_infos: fills inputs, outputs and metadata from @loaded. */
gboolean
pmt_session_read_infos (PmtSession *session, PmtLoaded *loaded, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtLoaded, pmt_loaded_unref)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-private.h: what the files of a session share. */
#pragma once

#include "onnx/provider-private.h"
#include "onnx/runtime.h"
#include "onnx/scan.h"
#include "onnx/session.h"

G_BEGIN_DECLS

/** PmtValues: constants that were made for a session. */
typedef struct _PmtValues PmtValues;

/** PmtMade: constants that are made in each run. */
typedef struct _PmtMade PmtMade;

/* A session of ONNX Runtime, shared by the runs that use it: when one of them
 * changes over to the CPU, the others may still be at work. */
typedef struct
{
  gatomicrefcount ref_count;
  OrtSession *ort;
  PmtValues *values;           /* that ORT reads */
  PmtMade *made;               /* may be NULL */
  const PmtProvider *provider; /* NULL: the CPU */
} PmtLoaded;

PmtLoaded *pmt_loaded_ref (PmtLoaded *loaded);
void pmt_loaded_unref (PmtLoaded *loaded);

/** pmt_loaded_name: (transfer none): "cpu", ... */
const gchar *pmt_loaded_name (const PmtLoaded *loaded);

struct _PmtSession
{
  gatomicrefcount ref_count;
  const PmtRuntime *runtime;
  gchar *name;
  GBytes *model; /* kept for the retry on the CPU; mapped from the file */
  gchar *folder; /* of data outside the file; may be NULL */
  gint threads;
  PmtOptimization optimization;
  gchar *disabled; /* optimizers; may be NULL */
  gboolean has_no_packing;
  gboolean keeps_memory;
  GPtrArray *initializers; /* of PmtInitializer; may be NULL */
  PmtScan *scan;
  GPtrArray *inputs;  /* of PmtTensorInfo */
  GPtrArray *outputs; /* of PmtTensorInfo */
  GMutex mutex;       /* for what follows */
  PmtLoaded *loaded;
  gchar *fallback; /* set once */
};

/**
 * pmt_session_open_with:
 * @candidates: (element-type PmtProvider): those to try before the CPU
 * @reason: (nullable): why there are none, for pmt_session_get_fallback()
 *
 * pmt_session_open_bytes() with the providers already chosen; options' own
 * provider is not looked at.
 */
PmtSession *pmt_session_open_with (GBytes *model,
                                   const gchar *name,
                                   const PmtSessionOptions *options,
                                   const GPtrArray *candidates,
                                   const gchar *reason,
                                   GError **error);

/**
 * pmt_session_load:
 * @session: what comes from the options is set
 * @provider: (nullable): %NULL: the CPU
 * @error: as pmt_session_open()
 *
 * Makes a session of ONNX Runtime.
 */
PmtLoaded *pmt_session_load (PmtSession *session,
                             const PmtProvider *provider,
                             GError **error);

/** pmt_session_read_infos: fills inputs and outputs from @loaded. */
gboolean
pmt_session_read_infos (PmtSession *session, PmtLoaded *loaded, GError **error);

/** pmt_session_check_call: names, types and shapes are the network's. */
gboolean pmt_session_check_call (PmtSession *session,
                                 const PmtTensor *inputs,
                                 guint n_inputs,
                                 const PmtTensor *outputs,
                                 guint n_outputs,
                                 GError **error);

/** pmt_session_run_loaded: pmt_session_run() on @loaded, or
 * pmt_session_run_keeping(), without checks and retry. */
gboolean pmt_session_run_loaded (PmtSession *session,
                                 PmtLoaded *loaded,
                                 const PmtTensor *inputs,
                                 guint n_inputs,
                                 PmtTensor *outputs,
                                 guint n_outputs,
                                 gboolean keeps,
                                 GCancellable *cancellable,
                                 GError **error);

/**
 * pmt_session_self_test:
 * @cpu: the network on the CPU
 * @other: the network on another provider
 * @sample: (nullable): [@n_sample] inputs; %NULL: made from what the network
 *   says about its inputs, [1, 3, 64, 64] where sizes are free
 * @error: why @other can't be used: a run fails, or an output differs from
 *   the CPU's by more than 2 % of its range
 */
gboolean pmt_session_self_test (PmtSession *session,
                                PmtLoaded *cpu,
                                PmtLoaded *other,
                                const PmtTensor *sample,
                                guint n_sample,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtLoaded, pmt_loaded_unref)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* runtime.h: ONNX Runtime, loaded when it is first needed. */
#pragma once

#include <glib.h>

#include "onnx/onnxruntime.h"

G_BEGIN_DECLS

/* What is used here is in every version since this one. */
#define PMT_RUNTIME_MIN_API 17

/**
 * PmtRuntime: the library and its one environment.
 * @api: its functions; those newer than @api_version are not there
 * @env: the environment of the process; never released
 * @api_version: the API that was asked for: that of the headers, or that of
 *   the library where it is older
 * @version: such as "1.21.0"
 * @memory_info: the CPU's memory, for tensors
 */
typedef struct
{
  const OrtApi *api;
  OrtEnv *env;
  guint api_version;
  gchar *version;
  OrtMemoryInfo *memory_info;
} PmtRuntime;

/**
 * pmt_runtime_get:
 * @error: PMT_ERROR_UNSUPPORTED: not installed, too old, or it can't start
 *
 * Loads the library on the first call, which takes some 20 ms, and keeps it.
 * A failure is kept as well.  What the library logs goes to g_debug().
 * Thread: any; reentrant.
 *
 * Returns: (transfer none) (nullable): the runtime of the process.
 */
const PmtRuntime *pmt_runtime_get (GError **error);

/**
 * pmt_runtime_minor: Returns: the API version that belongs to a library of
 * version @text ("1.21.0": 21), 0 when that can't be told.
 */
guint pmt_runtime_minor (const gchar *text);

/* Release functions for what ONNX Runtime gives out. */
void pmt_ort_free_session (OrtSession *session);
void pmt_ort_free_session_options (OrtSessionOptions *options);
void pmt_ort_free_run_options (OrtRunOptions *options);
void pmt_ort_free_value (OrtValue *value);
void pmt_ort_free_type_info (OrtTypeInfo *info);
void pmt_ort_free_tensor_info (OrtTensorTypeAndShapeInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrtSession, pmt_ort_free_session)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrtSessionOptions, pmt_ort_free_session_options)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrtRunOptions, pmt_ort_free_run_options)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrtValue, pmt_ort_free_value)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrtTypeInfo, pmt_ort_free_type_info)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrtTensorTypeAndShapeInfo,
                               pmt_ort_free_tensor_info)

G_END_DECLS

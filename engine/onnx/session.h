/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session.h: an ONNX network that is loaded and ready to run. */
#pragma once

#include <gio/gio.h>

#include "pentimento.h"

G_BEGIN_DECLS

#define PMT_TENSOR_MAX_RANK 8

/** PmtTensorType: element types that pass through this interface. */
typedef enum
{
  PMT_TENSOR_OTHER,
  PMT_TENSOR_FLOAT32,
  PMT_TENSOR_FLOAT16,
  PMT_TENSOR_UINT8,
  PMT_TENSOR_INT64,
  PMT_TENSOR_BFLOAT16,
  PMT_TENSOR_INT32,
  PMT_TENSOR_FLOAT64
} PmtTensorType;

/**
 * PmtTensorInfo: an input or output as the network declares it.
 * @dims: -1 where the size is free; of use when @has_shape
 */
typedef struct
{
  gchar *name;
  PmtTensorType type;
  gboolean has_shape;
  gint rank;
  gint64 dims[PMT_TENSOR_MAX_RANK];
} PmtTensorInfo;

/**
 * PmtTensor: values for an input, or of an output.
 * @name: (transfer none): input's or output's name
 * @data: [dims...] row-major; for outputs (transfer full): freed by
 *   pmt_tensor_clear()
 */
typedef struct
{
  const gchar *name;
  PmtTensorType type;
  gint rank;
  gint64 dims[PMT_TENSOR_MAX_RANK];
  gpointer data;
  gpointer owner; /* private: OrtValue of an output */
} PmtTensor;

void pmt_tensor_clear (PmtTensor *tensor);

/** PmtOptimization: how far ONNX Runtime rewrites a network. */
typedef enum
{
  PMT_OPTIMIZE_ALL,      /* the layout of convolutions too: best for networks
                            that are made of them */
  PMT_OPTIMIZE_EXTENDED, /* joins operators */
  PMT_OPTIMIZE_BASIC,    /* removes what is not needed */
  PMT_OPTIMIZE_NONE
} PmtOptimization;

/**
 * PmtInitializerFill: makes the values of a constant.
 * @values: (out caller-allocates): [@bytes]
 * @offset: of the first byte that is made: 0, and @bytes all of them, but for
 *   PMT_USE_EACH_RUN
 * @data: of the initializer; not changed: several threads may be in here
 */
typedef gboolean (*PmtInitializerFill) (gpointer values,
                                        gsize offset,
                                        gsize bytes,
                                        gconstpointer data,
                                        GError **error);

/** PmtInitializerUse: what reads a constant; where all that do are of one
 * kind, less memory is needed. */
typedef enum
{
  PMT_USE_ANY,
  PMT_USE_PRODUCT, /* FusedMatMul with transB: freed once it is packed */
  PMT_USE_CONV,    /* Conv: filled after those are freed */
  PMT_USE_EACH_RUN /* PMT_MADE_TYPE: made where it stands, gone afterwards */
} PmtInitializerUse;

/* The operator that gives the constant of PMT_USE_EACH_RUN whose number in the
 * list is its attribute; float32, on the CPU. */
#define PMT_MADE_DOMAIN "pentimento"
#define PMT_MADE_TYPE "Made"
#define PMT_MADE_INDEX "index"

/**
 * PmtInitializer: a constant whose values are made when the network is
 * opened.
 * @name: (transfer full): a constant of the network, best an external one,
 *   since its own values are never read then; %NULL for PMT_USE_EACH_RUN
 * @fill: may be called again, when a network changes over to the CPU; called
 *   from several threads
 * @data: (transfer full): for @fill; freed with @destroy
 */
typedef struct
{
  gchar *name;
  PmtTensorType type;
  gint rank;
  gint64 dims[PMT_TENSOR_MAX_RANK];
  PmtInitializerUse use;
  PmtInitializerFill fill;
  gpointer data;
  GDestroyNotify destroy;
} PmtInitializer;

void pmt_initializer_free (PmtInitializer *initializer);

/**
 * PmtSessionOptions:
 * @threads: at least 1
 * @memory: bytes that the session may take when opened (weights, prepacked
 *   copies); 0: any.  Estimated from the file before it is opened
 * @provider: (nullable): "cpu": the CPU; "auto": the best that passes its
 *   self-test; else a provider's name; %NULL: as
 *   pmt_provider_set_default() says (provider.h)
 * @is_trusted: shipped with Pentimento; a file of the user's is checked and
 *   may not refer to other files
 * @folder: (nullable): where data outside the file lies, for trusted ones;
 *   %NULL: for a file its own folder
 * @allows_data_files: a file of the user's may keep weights in other files of
 *   its own folder
 * @sample: (nullable): [@n_sample] inputs for the self-test of a provider;
 *   %NULL: inputs are made up from their declared shapes
 * @optimization: of the network
 * @disabled: (nullable): names of ONNX Runtime's optimizers that are left
 *   out, separated by ";"
 * @has_no_packing: weights are used as they lie in the file, which saves a
 *   copy of those of matrix products and takes time in each run
 * @keeps_memory: for pmt_session_run_keeping()
 * @initializers: (nullable) (element-type PmtInitializer): made when opening;
 *   the session keeps a reference.  Only with optimizers that don't look at
 *   their values
 */
typedef struct
{
  gint threads;
  guint64 memory;
  const gchar *provider;
  gboolean is_trusted;
  const gchar *folder;
  const PmtTensor *sample;
  guint n_sample;
  PmtOptimization optimization;
  const gchar *disabled;
  gboolean has_no_packing;
  GPtrArray *initializers;
  gboolean allows_data_files;
  gboolean keeps_memory;
} PmtSessionOptions;

#define PMT_SESSION_OPTIONS_INIT { 1, 0, NULL, FALSE }

/** PmtSession: immutable; runs may overlap in several threads. */
typedef struct _PmtSession PmtSession;

/**
 * pmt_session_open:
 * @path: an .onnx file
 * @error: PMT_ERROR_MODEL (damaged, unsupported operator, refers to other
 *   files), PMT_ERROR_MEMORY, PMT_ERROR_FILE, PMT_ERROR_UNSUPPORTED (no ONNX
 *   Runtime on this system); the message names the file
 */
PmtSession *pmt_session_open (const gchar *path,
                              const PmtSessionOptions *options,
                              GError **error);

/**
 * pmt_session_open_bytes:
 * @model: an ONNX file in memory; kept
 * @name: stands in messages
 *
 * As pmt_session_open().
 */
PmtSession *pmt_session_open_bytes (GBytes *model,
                                    const gchar *name,
                                    const PmtSessionOptions *options,
                                    GError **error);

/**
 * pmt_session_frees_packed:
 *
 * Returns: whether initializers for PMT_USE_PRODUCT and those for
 *   PMT_USE_CONV are not in memory at the same time, on the CPU.  Found out
 *   once, by a small network.
 */
gboolean pmt_session_frees_packed (void);

PmtSession *pmt_session_ref (PmtSession *session);
void pmt_session_unref (PmtSession *session);

guint pmt_session_get_n_inputs (PmtSession *session);
guint pmt_session_get_n_outputs (PmtSession *session);
const PmtTensorInfo *pmt_session_get_input (PmtSession *session, guint i);
const PmtTensorInfo *pmt_session_get_output (PmtSession *session, guint i);

/** pmt_session_get_metadata: Returns: (transfer none) (nullable): the value
 * of @key in the file's metadata_props. */
const gchar *pmt_session_get_metadata (PmtSession *session, const gchar *key);

/** pmt_session_get_provider: (transfer none): what it runs on: "cpu", ... */
const gchar *pmt_session_get_provider (PmtSession *session);

/**
 * pmt_session_get_fallback:
 *
 * Returns: (transfer none) (nullable): one sentence on why the provider asked
 *   for is not used; may be set by a run as well.
 */
const gchar *pmt_session_get_fallback (PmtSession *session);

/**
 * pmt_session_run:
 * @inputs: every input of the network, any order; data not owned, not kept
 * @outputs: (inout): @name set by the caller; the rest is filled in; clear
 *   each with pmt_tensor_clear()
 * @cancellable: (nullable): stops the run within about 0.1 s
 * @error: PMT_ERROR_MODEL, PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * A failure on another provider than the CPU is retried once on the CPU, and
 * pmt_session_get_fallback() then says so.  Arena memory is given back after
 * the run.  Thread: any; reentrant.
 */
gboolean pmt_session_run (PmtSession *session,
                          const PmtTensor *inputs,
                          guint n_inputs,
                          PmtTensor *outputs,
                          guint n_outputs,
                          GCancellable *cancellable,
                          GError **error);

/**
 * pmt_session_run_keeping:
 *
 * pmt_session_run() of a session that was opened with keeps_memory, after
 * which the memory of its values stays for the next run: the system takes as
 * long to hand out a gigabyte anew as some networks do to compute with it.
 * The next pmt_session_run(), or the end of the session, gives it back.
 */
gboolean pmt_session_run_keeping (PmtSession *session,
                                  const PmtTensor *inputs,
                                  guint n_inputs,
                                  PmtTensor *outputs,
                                  guint n_outputs,
                                  GCancellable *cancellable,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtSession, pmt_session_unref)

G_END_DECLS

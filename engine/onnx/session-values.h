/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* session-values.h: constants that are made while a session is opened. */
#pragma once

#include "onnx/session-private.h"

G_BEGIN_DECLS

/**
 * PmtProbe: what ONNX Runtime does on the CPU of this machine.
 * @packs_products: a weight of FusedMatMul is read while a session is made,
 *   and never again
 * @reads_convs_late: a weight of Conv is not read before the first run
 */
typedef struct
{
  gboolean packs_products;
  gboolean reads_convs_late;
} PmtProbe;

/** pmt_probe_get: (transfer none): found out once, in a few ms; nothing is
 * so where that fails. */
const PmtProbe *pmt_probe_get (void);

/**
 * pmt_values_new:
 * @session: its initializers and threads are set
 * @is_cpu: made for the CPU
 * @error: PMT_ERROR_MEMORY; that of a fill
 *
 * Allocates the values, and fills those that are read while the session of
 * ONNX Runtime is made.
 */
PmtValues *
pmt_values_new (PmtSession *session, gboolean is_cpu, GError **error);

/** pmt_values_give: to a session that will be made with @options. */
gboolean
pmt_values_give (PmtValues *values, OrtSessionOptions *options, GError **error);

/** pmt_values_finish: to be called when it is made: frees what is packed,
 * and fills the rest. */
gboolean pmt_values_finish (PmtValues *values, GError **error);

/** pmt_values_get: (transfer none): the memory of initializer @i. */
gpointer pmt_values_get (PmtValues *values, guint i);

void pmt_values_free (PmtValues *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtValues, pmt_values_free)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-run.h: a plan carried out. */
#pragma once

#include "image/scale-plan.h"
#include "restore/net-store.h"
#include "restore/restore-faces.h"
#include "restore/restore-subject.h"

G_BEGIN_DECLS

/**
 * PmtRestoreNets: the networks that a request needs
 * @restore: (nullable): at the same size
 * @enlarge: (nullable): to @scale of the plan
 * @restore_settings, @enlarge_settings: (nullable): for their second inputs
 */
typedef struct
{
  PmtNet *restore;
  PmtNet *enlarge;
  gfloat *restore_settings;
  gfloat *enlarge_settings;
} PmtRestoreNets;

gboolean pmt_restore_nets_init (PmtRestoreNets *nets,
                                PmtNetStore *store,
                                const PmtScalePlan *plan,
                                const PmtJob *job,
                                GError **error);
void pmt_restore_nets_clear (PmtRestoreNets *nets);

/** pmt_restore_estimate: @estimate: (inout): filled in. */
void pmt_restore_estimate (const PmtScalePlan *plan,
                           const PmtRestoreNets *nets,
                           const PmtJob *job,
                           PmtEstimate *estimate);

/** pmt_restore_run: one item per piece; as PmtBackendInterface's run. */
PmtResult *pmt_restore_run (const PmtScalePlan *plan,
                            const PmtRestoreNets *nets,
                            const PmtRestoreFaces *faces,
                            const PmtRestoreSubject *subject,
                            const PmtJob *job,
                            PmtProgress *progress,
                            GCancellable *cancellable,
                            GError **error);

/**
 * pmt_restore_fine_format:
 *
 * Returns: @format, or 16 bits instead of its 8: for what is between two
 *   steps.
 */
const Babl *pmt_restore_fine_format (const Babl *format);

/**
 * pmt_restore_settings_new:
 * @profile: (nullable): the one that is 1; %NULL: values are from @params
 *
 * Returns: (transfer full) (nullable): for the second input of @net; %NULL
 *   where it has none, or does not say what its values mean.
 */
gfloat *pmt_restore_settings_new (PmtNet *net,
                                  const PmtParams *params,
                                  const gchar *profile);

/** pmt_restore_reach: @rect of the layer and what a run on it reads. */
GeglRectangle pmt_restore_reach (PmtNet *net,
                                 const GeglRectangle *rect,
                                 const GeglRectangle *layer);

/** pmt_restore_tile_memory: bytes for the tiles of a network. */
guint64 pmt_restore_tile_memory (PmtNet *net, const PmtJob *job);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtRestoreNets, pmt_restore_nets_clear)

G_END_DECLS

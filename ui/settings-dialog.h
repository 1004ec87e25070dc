/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* settings-dialog.h: the dialog of an operation, made from its parameters. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtSettingsRequestFunc:
 *
 * Returns: (transfer full): the request that @config asks for; the source's
 *   pixels need not be set.
 */
typedef PmtRequest *(*PmtSettingsRequestFunc) (GimpProcedureConfig *config,
                                               gpointer user_data);

/**
 * PmtSettings: what the dialog is made of
 * @specs: (element-type PmtParamSpec): one widget each
 * @warnings: (element-type PmtProblem) (nullable): shown, such as manifests
 *   that could not be read
 */
typedef struct
{
  PmtEngine *engine;
  PmtOperation operation;
  GPtrArray *specs;
  GPtrArray *warnings;
  PmtSettingsRequestFunc make_request;
  gpointer user_data;
} PmtSettings;

/**
 * pmt_settings_dialog_run:
 * @config: edited in place
 *
 * Shows the dialog until the user decides.  As long as the request has
 * problems they are shown and OK is not available.
 *
 * Returns: %TRUE to go on, %FALSE when the user cancelled.
 */
gboolean pmt_settings_dialog_run (GimpProcedure *procedure,
                                  GimpProcedureConfig *config,
                                  const PmtSettings *settings);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* settings-dialog.h: the dialog of an operation, made from its parameters. */
#pragma once

#include <libgimp/gimpui.h>

#include "patch-preview.h"
#include "pentimento.h"
#include "results-pane.h"

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
 * PmtSettingsAppliesFunc:
 * @name: of one of the specs
 *
 * Returns: whether the parameter has an effect in @request, which has the
 *   present model and values.
 */
typedef gboolean (*PmtSettingsAppliesFunc) (const gchar *name,
                                            const PmtRequest *request,
                                            gpointer user_data);

/**
 * PmtSettingsCheckFunc:
 * @request: valid for the engine
 * @error: why it can't run all the same
 */
typedef gboolean (*PmtSettingsCheckFunc) (GimpProcedureConfig *config,
                                          const PmtRequest *request,
                                          const PmtEstimate *estimate,
                                          gpointer user_data,
                                          GError **error);

/**
 * PmtSettings: what the dialog is made of
 * @specs: (element-type PmtParamSpec): one widget each
 * @warnings: (element-type utf8) (nullable): shown, such as manifests
 *   that could not be read
 * @applies: the widgets of other parameters are insensitive
 * @patch_source: (nullable): what the preview shows; %NULL: no preview
 * @face_source: (nullable): where faces are looked for, in operations that
 *   have them
 * @area_source: (nullable): a small picture to draw on what a run works on;
 *   %NULL: nothing is drawn
 * @finds_faces: they are looked for when the dialog opens
 * @results: (nullable): runs the settings, as often as the user likes, while
 *   the dialog stays open; %NULL: who called it does
 */
typedef struct
{
  PmtEngine *engine;
  PmtOperation operation;
  GPtrArray *specs;
  GPtrArray *warnings;
  PmtSettingsRequestFunc make_request;
  PmtSettingsAppliesFunc applies;
  PmtSettingsCheckFunc check;
  const PmtPatchSource *patch_source;
  const PmtPatchSource *face_source;
  const PmtPatchSource *area_source;
  gboolean finds_faces;
  const PmtResultsSource *results;
  gpointer user_data;
} PmtSettings;

/**
 * pmt_settings_dialog_run:
 * @config: edited in place
 *
 * Shows the dialog until the user decides.  As long as the request has
 * problems they are shown and OK is not available.  For an upscale it says the
 * size before and after.
 *
 * Returns: %TRUE to go on, %FALSE when the user cancelled, or with results was
 *   done.
 */
gboolean pmt_settings_dialog_run (GimpProcedure *procedure,
                                  GimpProcedureConfig *config,
                                  const PmtSettings *settings);

G_END_DECLS

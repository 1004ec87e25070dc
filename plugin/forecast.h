/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* forecast.h: what a call of an operation's procedure would come to. */
#pragma once

#include "operation-call.h"

G_BEGIN_DECLS

/**
 * PmtForecast: one call that is not run
 * @procedure: of the operation; owns the data of @call
 * @settings: its arguments
 * @request: (nullable): what would be run
 * @is_known: whether @estimate is
 * @problems: (element-type utf8): why it can't be run, a sentence each
 */
typedef struct
{
  GimpProcedure *procedure;
  GimpProcedureConfig *settings;
  PmtCall call;
  PmtRequest *request;
  gboolean is_known;
  PmtEstimate estimate;
  GPtrArray *problems;
} PmtForecast;

/**
 * pmt_forecast_init:
 * @forecast: zeroed; to be cleared whatever comes out
 * @image: (nullable) (transfer none): to stay as long as @forecast
 * @drawables: (nullable): %NULL-terminated
 * @operation: (nullable): its name
 * @settings: (nullable): as pmt_estimate_settings_read() takes them
 * @error: PMT_ERROR_ARGUMENT: what would be a calling error of the procedure,
 *   too.  What else would stop the run is in the problems.
 *
 * Nothing is sent, written or changed.  Thread: main.
 */
gboolean pmt_forecast_init (PmtForecast *forecast,
                            GimpPlugIn *plug_in,
                            GimpImage *image,
                            GimpDrawable **drawables,
                            const gchar *operation,
                            const gchar *settings,
                            GError **error);
void pmt_forecast_clear (PmtForecast *forecast);

/**
 * pmt_forecast_make_text:
 *
 * Returns: (transfer full): as the dialog says it: what would be made, or why
 *   it can't be.
 */
gchar *pmt_forecast_make_text (const PmtForecast *forecast);

/**
 * pmt_forecast_get_bounds:
 *
 * Returns: of all new layers together; empty when not known.
 */
GeglRectangle pmt_forecast_get_bounds (const PmtForecast *forecast);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtForecast, pmt_forecast_clear)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-call.h: what procedures are declared from and work with. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"
#include "references.h"

G_BEGIN_DECLS

/**
 * PmtOperationData: what a procedure was declared from
 * @engine: (nullable): with the shipped manifests; owns @specs' elements
 * @specs: (element-type PmtParamSpec): the declared arguments
 */
typedef struct
{
  PmtOperation operation;
  PmtEngine *engine;
  GPtrArray *specs;
} PmtOperationData;

PmtOperationData *pmt_operation_data_new (PmtOperation operation);
void pmt_operation_data_free (gpointer data);

/**
 * PmtCall: what one call works with
 * @engine: with the user's models
 * @base: inputs, without settings and source pixels
 * @layer: (nullable): what is worked on; where no layer is needed, the one
 *   above which the result goes, if any
 * @warning: (nullable): what is wrong with the settings
 * @references: other pictures
 * @references_error: (nullable): why they can't be used
 * @is_strict: a script gave the arguments: all must apply
 * @is_resumed: the selection is that of a run that was cut off
 * @above: (nullable): above which the results go; %NULL: above @layer
 * @shift_x, @shift_y: added to coordinates of the request they are those of the
 *   image: a recipe is run again where its layer was then
 * @area: (nullable): results that answer to another part of the selection are
 *   left out
 */
typedef struct
{
  const PmtOperationData *data;
  PmtEngine *engine;
  PmtRequest *base;
  GimpImage *image;
  GimpLayer *layer;
  gchar *warning;
  PmtReferences *references;
  GError *references_error;
  gboolean is_strict;
  gboolean is_resumed;
  GimpLayer *above;
  gint shift_x;
  gint shift_y;
  const GeglRectangle *area;
} PmtCall;

/** pmt_call_needs_layer: whether @operation reads a layer. */
gboolean pmt_call_needs_layer (PmtOperation operation);

/**
 * pmt_call_prepare:
 * @call: with data, image and is_strict; gets the rest
 * @drawables: %NULL-terminated, as a procedure gets them
 */
gboolean
pmt_call_prepare (PmtCall *call, GimpDrawable **drawables, GError **error);
void pmt_call_clear (PmtCall *call);

/**
 * pmt_call_set_inputs:
 * @call: with image, layer and shift
 * @request: gets @canvas, @mask and the bounds of the layer; where no layer is
 *   needed, a stand-in that tells the depth of the pixels
 * @canvas: in the request's coordinates
 * @mask: (nullable): likewise
 */
void pmt_call_set_inputs (const PmtCall *call,
                          PmtRequest *request,
                          const GeglRectangle *canvas,
                          GeglBuffer *mask);

/**
 * pmt_call_refresh:
 * @call: prepared
 * @error: PMT_ERROR_INPUT: the picture or the layer is gone, or the selection
 *   is outside the layer
 *
 * Reads canvas, place of the layer and selection anew.  Where nothing is
 * selected, the selection of a recipe stays.
 */
gboolean pmt_call_refresh (PmtCall *call, GError **error);

/**
 * pmt_call_list_warnings:
 *
 * Returns: (transfer full) (element-type utf8): what is wrong with the user's
 *   settings and files.
 */
GPtrArray *pmt_call_list_warnings (const PmtCall *call);

/**
 * pmt_call_make_request: (PmtSettingsRequestFunc)
 * @user_data: PmtCall
 *
 * Returns: (transfer full): what @config asks for; without source pixels.
 *   References that can't be read are told by pmt_call_check_limits().
 */
PmtRequest *pmt_call_make_request (GimpProcedureConfig *config,
                                   gpointer user_data);

/**
 * pmt_call_get_resolution_mode:
 * @config: (nullable): %NULL: the usual one, where there is a choice
 *
 * Returns: (transfer full) (nullable): value of "resolution-mode"; %NULL where
 *   the operation does not scale the image.
 */
gchar *pmt_call_get_resolution_mode (const PmtCall *call,
                                     GimpProcedureConfig *config,
                                     const PmtRequest *request);

/**
 * pmt_call_check_limits: (PmtSettingsCheckFunc)
 * @user_data: PmtCall
 * @error: as pmt_image_scale_check(), pmt_memory_check() and
 *   pmt_references_read()
 */
gboolean pmt_call_check_limits (GimpProcedureConfig *config,
                                const PmtRequest *request,
                                const PmtEstimate *estimate,
                                gpointer user_data,
                                GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtCall, pmt_call_clear)

G_END_DECLS

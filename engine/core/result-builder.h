/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result-builder.h: how backends make a PmtResult. */
#pragma once

#include "core/backend.h"
#include "pentimento.h"

G_BEGIN_DECLS

/** pmt_result_new: canvas of the result = canvas of the job's request. */
PmtResult *pmt_result_new (const PmtJob *job);

/**
 * pmt_result_add:
 * @picture: (transfer full)
 * @mask: (transfer full) (nullable)
 * @seed: the seed of this item
 * @area: rectangle of the selection that this item answers to
 *
 * Name and recipe are made from the job: name "<operation label>" plus
 * " 2", " 3", ... for further items.
 */
void pmt_result_add (PmtResult *result,
                     const PmtJob *job,
                     GeglBuffer *picture,
                     GeglBuffer *mask,
                     guint32 seed,
                     const GeglRectangle *area);

/**
 * PmtResultOrigin: what a service tells of an item; kept in its recipe
 * @provider: (nullable): which one it was
 * @request_id: (nullable): to quote when asking the service for help
 * @cost: in @unit; negative: not told
 * @faces: (nullable): of a model of this computer: a JSON list of the faces
 *   that were worked on
 */
typedef struct
{
  const gchar *provider;
  const gchar *request_id;
  gdouble cost;
  const gchar *unit;
  const gchar *faces;
} PmtResultOrigin;

/** pmt_result_add_remote: as pmt_result_add(), with @origin in the recipe. */
void pmt_result_add_remote (PmtResult *result,
                            const PmtJob *job,
                            GeglBuffer *picture,
                            GeglBuffer *mask,
                            guint32 seed,
                            const GeglRectangle *area,
                            const PmtResultOrigin *origin);

/**
 * pmt_result_add_made: an item of a run of then
 * @picture: (transfer full)
 * @mask: (transfer full) (nullable)
 */
void pmt_result_add_made (PmtResult *result,
                          GeglBuffer *picture,
                          GeglBuffer *mask,
                          const gchar *name,
                          const gchar *recipe,
                          guint32 seed);

/** pmt_result_set_canvas: before the first item, which may be handed out as
 * soon as it is there. */
void pmt_result_set_canvas (PmtResult *result, const GeglRectangle *canvas);

/** pmt_result_note: one sentence for the user; printf-like, translated. */
void pmt_result_note (PmtResult *result, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

/** pmt_result_take_timings: @timings: (transfer floating): "a{sd}". */
void pmt_result_take_timings (PmtResult *result, GVariant *timings);

G_END_DECLS

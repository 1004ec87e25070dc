/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* source-record.h: what a result was made from, kept on its layer. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/* Name of the parasite with the selection: rows of coverage, packed. */
#define PMT_SELECTION_PARASITE "pentimento-selection"

/**
 * PmtSourceRecord: what a run worked on, in the coordinates that it had then
 * @canvas: of the image
 * @has_layer: a layer was read; what follows up to @pixels is set
 * @tattoo, @name, @layer: of that layer, and its bounds
 * @region: the part of it that was read
 * @pixels: fingerprint of that part, 16 hexadecimal digits
 * @selection: bounds of what was selected; empty: nothing was
 * @depth: bits of each value of the selection: 8, or 32 (floats)
 * @n_references: further pictures that the run got; they are not kept
 */
typedef struct
{
  GeglRectangle canvas;
  gboolean has_layer;
  guint tattoo;
  gchar *name;
  GeglRectangle layer;
  GeglRectangle region;
  gchar *pixels;
  GeglRectangle selection;
  gint depth;
  guint n_references;
} PmtSourceRecord;

/**
 * pmt_source_record_new:
 * @layer: (nullable): that was read
 * @request: as it was run, with source pixels
 */
PmtSourceRecord *pmt_source_record_new (GimpLayer *layer,
                                        const PmtRequest *request);
void pmt_source_record_free (PmtSourceRecord *record);

/** pmt_source_record_to_json: Returns: (transfer full) */
gchar *pmt_source_record_to_json (const PmtSourceRecord *record);

/**
 * pmt_source_record_from_recipe:
 * @recipe: of a layer; it has passed pmt_request_from_recipe()
 * @error: PMT_ERROR_INPUT: it has none, or a damaged one
 *
 * Every rectangle has sane bounds, and lies inside the one it must lie in.
 */
PmtSourceRecord *pmt_source_record_from_recipe (const gchar *recipe,
                                                GError **error);

/** pmt_source_fingerprint: Returns: (transfer full): of all of @buffer. */
gchar *pmt_source_fingerprint (GeglBuffer *buffer);

/**
 * pmt_source_record_attach_selection:
 * @mask: (nullable): of the request
 *
 * Returns: %FALSE when GIMP refused.
 */
gboolean pmt_source_record_attach_selection (const PmtSourceRecord *record,
                                             GimpLayer *layer,
                                             GeglBuffer *mask);

/**
 * pmt_source_record_read_selection:
 * @layer: with the result
 * @mask: (out) (transfer full) (nullable): in the coordinates of @record;
 *   %NULL where nothing was selected
 * @error: PMT_ERROR_INPUT: it is missing or damaged
 *
 * Takes the memory that the bounds of the selection say: compare @record with
 * what is in the image first.
 */
gboolean pmt_source_record_read_selection (const PmtSourceRecord *record,
                                           GimpLayer *layer,
                                           GeglBuffer **mask,
                                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtSourceRecord, pmt_source_record_free)

G_END_DECLS

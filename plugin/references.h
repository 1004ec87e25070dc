/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* references.h: layers that a model gets to see beside the prompt. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_references_declare:
 * @engine: (nullable): %NULL: no argument
 *
 * The argument "references", where a model of @operation may get further
 * pictures.
 */
void pmt_references_declare (GimpProcedure *procedure,
                             PmtEngine *engine,
                             PmtOperation operation);

/** PmtReferences: copies of layers, as they looked when first read. */
typedef struct _PmtReferences PmtReferences;

PmtReferences *pmt_references_new (void);
void pmt_references_free (PmtReferences *references);

/**
 * pmt_references_read:
 * @references: gets copies of the layers in @config, in their
 *   order; one that it has already is not read again, and may be gone
 * @config: with or without "references"
 * @error: PMT_ERROR_ARGUMENT: too many, or no layer; PMT_ERROR_INPUT: one
 *   can't be read.  It has none then
 *
 * Thread: main.
 */
gboolean pmt_references_read (PmtReferences *references,
                              GimpProcedureConfig *config,
                              GError **error);

/** pmt_references_add: puts the copies into @request. */
void pmt_references_add (const PmtReferences *references, PmtRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtReferences, pmt_references_free)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* results-source.h: where candidates come from, and where they go. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtResultsBeginFunc:
 * @batch: (out) (transfer full): what the candidates of this run share
 * @error: why it can't run: a sentence for the user
 *
 * Returns: (transfer full): what @config asks for, with the pixels of now.
 */
typedef PmtRequest *(*PmtResultsBeginFunc) (GimpProcedureConfig *config,
                                            gpointer *batch,
                                            gpointer user_data,
                                            GError **error);

/**
 * PmtResultsInsertFunc:
 * @candidates: (element-type PmtCandidate): not empty
 *
 * Puts them into the image, in one undo step.
 */
typedef gboolean (*PmtResultsInsertFunc) (GPtrArray *candidates,
                                          gpointer user_data,
                                          GError **error);

/**
 * PmtResultsSource: what a window with candidates calls
 * @unref_batch: lets go of a reference on a batch
 */
typedef struct _PmtResultsSource PmtResultsSource;

struct _PmtResultsSource
{
  PmtResultsBeginFunc begin;
  PmtResultsInsertFunc insert;
  GDestroyNotify unref_batch;
  gpointer user_data;
};

G_END_DECLS

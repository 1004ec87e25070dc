/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* arguments.h: between the parameters of models and procedure arguments. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_arguments_collect:
 *
 * Returns: (transfer container) (element-type PmtParamSpec): the parameters
 *   of every model and template of @operation, each name once, those of the
 *   default model first, of services last, advanced ones after the others.  Valid as long as @engine.
 */
GPtrArray *pmt_arguments_collect (PmtEngine *engine, PmtOperation operation);

/**
 * pmt_arguments_declare:
 * @specs: (element-type PmtParamSpec)
 * @engine: (nullable): when @specs is empty
 *
 * Adds an argument "model" and one per spec to @procedure; the text of one
 * that only some models take names these.  What is allowed
 * depends on the model, so that the range is told in the argument's text and
 * checked by the engine: GIMP's own check would name the argument by number
 * only (Script-Fu), or put the default in its place (other languages, and
 * every language for choices, which become text arguments).
 * Integers that do not fit a gint (seeds) become double arguments.
 */
void pmt_arguments_declare (GimpProcedure *procedure,
                            GPtrArray *specs,
                            PmtEngine *engine,
                            PmtOperation operation);

/**
 * pmt_arguments_read:
 * @config: arguments of a call
 * @specs: (element-type PmtParamSpec): what was declared
 * @is_strict: whether every value was given by the caller: not what is left
 *   from an earlier call or hidden in a dialog
 * @request: gets model and parameters
 *
 * A parameter that the chosen model does not know is left out while it has
 * its default; another value is passed on when @is_strict, for the engine to
 * object to.  A prompt chooses the model when none is named.  Else everything that has no effect is left out.
 * When @is_strict, a value that is the argument's default, while the model has
 * another, is left out, too: nobody gave it.  A dialog shows the model's own.
 * The argument of image-scale.h, which no engine knows, is not read.
 */
void pmt_arguments_read (GimpProcedureConfig *config,
                         GPtrArray *specs,
                         PmtEngine *engine,
                         gboolean is_strict,
                         PmtRequest *request);

G_END_DECLS

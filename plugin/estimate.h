/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* estimate.h: what a run would make and cost, for scripts. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

#define PMT_ESTIMATE_PROCEDURE "plug-in-pentimento-estimate"

/**
 * pmt_estimate_create:
 *
 * The procedure tells what an operation's procedure would make of the same
 * arguments, what that costs and takes, and why it can't.  It is in no menu,
 * changes nothing and sends nothing.
 *
 * Returns: (transfer full)
 */
GimpProcedure *pmt_estimate_create (GimpPlugIn *plug_in);

G_END_DECLS

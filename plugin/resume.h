/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* resume.h: fetches what a run made whose connection was lost. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

#define PMT_RESUME_PROCEDURE "plug-in-pentimento-resume"

/**
 * pmt_resume_create:
 *
 * The procedure goes on with a run that was sent to a service, and inserts
 * what comes back as the operation would have.  Nothing is sent again, and
 * nothing is paid for again.
 *
 * Returns: (transfer full)
 */
GimpProcedure *pmt_resume_create (GimpPlugIn *plug_in);

G_END_DECLS

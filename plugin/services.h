/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* services.h: Filters > Pentimento > Settings. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

#define PMT_SERVICES_PROCEDURE "plug-in-pentimento-settings"

/**
 * pmt_services_create:
 *
 * The procedure shows services, their keys and addresses, and the limits on
 * spending, in a dialog; it takes no settings as arguments, keys least of all.
 *
 * Returns: (transfer full)
 */
GimpProcedure *pmt_services_create (GimpPlugIn *plug_in);

G_END_DECLS

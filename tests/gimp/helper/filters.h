/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* filters.h: GEGL operations and GIMP's filters, for the tests. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/**
 * test_filter_apply:
 *
 * Runs a GEGL operation on the whole of @drawable at once, in this process,
 * with its property "strength".
 */
void test_filter_apply (GimpDrawable *drawable,
                        const gchar *operation,
                        gdouble strength);

/** test_filter_strength: of the filter in GIMP; negative: it has none. */
gdouble test_filter_strength (GimpDrawableFilter *filter);

/** test_filter_set_strength: as a user who edits the filter. */
void test_filter_set_strength (GimpDrawableFilter *filter, gdouble strength);

/** test_filter_difference: largest of any component, 0..1; same size. */
gdouble test_filter_difference (GimpDrawable *drawable1,
                                GimpDrawable *drawable2);

/** test_filter_host_has_mapped: a file whose name has @part, in GIMP itself. */
gboolean test_filter_host_has_mapped (const gchar *part);

G_END_DECLS

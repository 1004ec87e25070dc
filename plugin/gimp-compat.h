/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* gimp-compat.h: the differences between the GIMP versions we build with. */
#pragma once

#include <libgimp/gimp.h>

/* GIMP_CHECK_VERSION() has been in libgimpbase since 2.x; 3.0 is the least
 * version, because image procedures took one drawable before.
 */
#if !GIMP_CHECK_VERSION(3, 0, 0)
#error "Pentimento needs GIMP 3.0 or newer."
#endif

/* GIMP 3.2 adds layers that are drawn from something else: vector layers and
 * link layers.  Their pixels are read like those of any layer; only new
 * layers are made, so nothing of theirs gets rasterized.
 */
#if GIMP_CHECK_VERSION(3, 1, 4)
#define PMT_GIMP_HAS_VECTOR_LAYERS 1
#else
#define PMT_GIMP_HAS_VECTOR_LAYERS 0
#endif

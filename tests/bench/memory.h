/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* memory.h: what this process needed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** memory_reset_peak: the peak counts from now on. */
void memory_reset_peak (void);

/** memory_peak, memory_now: resident, in MB; 0 where the system won't say. */
glong memory_peak (void);
glong memory_now (void);

G_END_DECLS

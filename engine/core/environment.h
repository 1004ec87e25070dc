/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* environment.h: what the machine has. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_memory_available:
 *
 * Returns: bytes of memory that new work may take without swapping, as the
 *   system tells it; 2 GiB where it does not.
 */
guint64 pmt_memory_available (void);

/** pmt_memory_parse_meminfo: "MemAvailable" of /proc/meminfo; 0 if absent. */
guint64 pmt_memory_parse_meminfo (const gchar *text);

G_END_DECLS

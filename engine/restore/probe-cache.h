/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* probe-cache.h: what probes found, from one start to the next. */
#pragma once

#include "restore/net.h"

G_BEGIN_DECLS

/**
 * PmtProbe: what is known of a file
 * @size, @mtime: bytes, microseconds; another file when they differ
 * @reason: (nullable): why it can't be used; else @info holds
 * @is_passing: @reason lies in the system, not in the file: not written
 */
typedef struct
{
  gchar *name;
  gint64 size;
  gint64 mtime;
  gchar *reason;
  gboolean is_passing;
  PmtNetInfo info;
} PmtProbe;

void pmt_probe_free (gpointer probe);

/**
 * pmt_probe_cache_read:
 * @path: a file that may be absent, damaged or hostile
 *
 * Returns: (transfer full) (element-type PmtProbe): those that are sane.
 */
GPtrArray *pmt_probe_cache_read (const gchar *path);

/** pmt_probe_cache_write: a failure costs time at the next start only. */
void pmt_probe_cache_write (const gchar *path, GPtrArray *probes);

G_END_DECLS

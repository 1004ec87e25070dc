/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* event-stream.h: server-sent events, as they arrive. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** PmtEventFunc: @data: of one event, its lines joined; not parsed. */
typedef void (*PmtEventFunc) (const gchar *data, gpointer user_data);

/** PmtEventStream: takes pieces that end anywhere; one thread at a time. */
typedef struct _PmtEventStream PmtEventStream;

PmtEventStream *pmt_event_stream_new (PmtEventFunc func, gpointer user_data);
void pmt_event_stream_free (PmtEventStream *stream);

/**
 * pmt_event_stream_feed:
 * @bytes: anything; what is no event is passed over
 *
 * Calls the function for every event that @bytes completes.
 * Source: WHATWG HTML, 9.2.6 (fields other than "data" are not needed).
 */
void pmt_event_stream_feed (PmtEventStream *stream,
                            const gchar *bytes,
                            gsize length);

/** pmt_event_stream_end: an event without an empty line behind it counts. */
void pmt_event_stream_end (PmtEventStream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtEventStream, pmt_event_stream_free)

G_END_DECLS

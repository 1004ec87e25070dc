/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-server.h: a small HTTP server on loopback that does as it is told. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** RemoteServer: answers in threads of its own. */
typedef struct _RemoteServer RemoteServer;

/** RemoteEnd: what comes behind the bytes of a reply. */
typedef enum
{
  REMOTE_KEEP,  /* the next request of the connection */
  REMOTE_CLOSE, /* the end of the connection */
  REMOTE_STALL, /* nothing, and the connection stays open */
  REMOTE_DRIP   /* the reply itself comes byte by byte, 50 a second */
} RemoteEnd;

/**
 * RemoteRequest: one that came
 * @headers: as they were sent
 * @connection: the number of its connection, from 1
 */
typedef struct
{
  gchar *method;
  gchar *target;
  gchar **headers;
  GBytes *body;
  guint connection;
} RemoteRequest;

RemoteServer *remote_server_new (void);
void remote_server_free (RemoteServer *server);

/** remote_server_url: (transfer full) */
gchar *remote_server_url (RemoteServer *server, const gchar *path);

/** remote_server_reply: what requests to @path get, without its query: the
 * first reply first, the last one for all that follow.  @bytes: a whole
 * answer, head and body. */
void remote_server_reply (RemoteServer *server,
                          const gchar *path,
                          GBytes *bytes,
                          RemoteEnd end);

/** remote_server_reply_text: with "Content-Length" and @extra, lines that end
 * in CR and LF. */
void remote_server_reply_text (RemoteServer *server,
                               const gchar *path,
                               const gchar *status,
                               const gchar *extra,
                               const gchar *body);

/** remote_server_frames: what clients that ask for a WebSocket get. */
void remote_server_frames (RemoteServer *server, GBytes *frames, RemoteEnd end);

/** remote_server_block: requests are not read beyond their heads. */
void remote_server_block (RemoteServer *server);

guint remote_server_count (RemoteServer *server);

/** remote_server_get: (transfer none): number @i of those that came. */
const RemoteRequest *remote_server_get (RemoteServer *server, guint i);

/** remote_server_pong: (transfer full) (nullable): what the last frame of a
 * WebSocket client held, when it was a pong. */
gchar *remote_server_pong (RemoteServer *server);

/** remote_request_header: (transfer none) (nullable) */
const gchar *remote_request_header (const RemoteRequest *request,
                                    const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RemoteServer, remote_server_free)

G_END_DECLS

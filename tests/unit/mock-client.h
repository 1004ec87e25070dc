/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* mock-client.h: starts tests/mock/mock-server and talks to it. */
#pragma once

#include "core/json.h"

G_BEGIN_DECLS

/** MockServer: a server that runs; it ends with this process. */
typedef struct _MockServer MockServer;

/**
 * mock_server_start:
 * @arguments: (nullable): %NULL-terminated, such as "--tls", or
 *   "--set", "jobs.mode=async"
 *
 * Returns: (transfer full): or %NULL where there is no Python 3: skip the test
 *   then, visibly.  Anything else that goes wrong ends the test.
 */
MockServer *mock_server_start (const gchar *const *arguments);
void mock_server_stop (MockServer *server);

/**
 * mock_server_get_url:
 * @name: "mock" (every service below its prefix), "other" (where results are),
 *   "control", with --tls "tls", "tls-other", "tls-wrong", or a service that
 *   --listen names
 *
 * Returns: (transfer none): without a slash at its end.
 */
const gchar *mock_server_get_url (MockServer *server, const gchar *name);

/** mock_server_get_ca: (transfer none) (nullable): with --tls. */
const gchar *mock_server_get_ca (MockServer *server);

/**
 * mock_server_get:
 * @name: "requests?service=fal", "leaks", "charges?service=fal", "errors", ...
 *
 * Returns: (transfer full): what /__mock/@name answers.
 */
cJSON *mock_server_get (MockServer *server, const gchar *name);

/** mock_server_get_size: how many entries the list @name has. */
guint mock_server_get_size (MockServer *server, const gchar *name);

/**
 * mock_server_post:
 * @name: "script", "config", "reset", ...
 * @format: of JSON text, as printf()
 */
void mock_server_post (MockServer *server,
                       const gchar *name,
                       const gchar *format,
                       ...) G_GNUC_PRINTF (3, 4);

/**
 * mock_server_script:
 * @fault: JSON: "\"nsfw\"", or "{\"error_class\": \"credits\"}"
 *
 * The next request of @service that the fault is for meets it.
 */
void mock_server_script (MockServer *server,
                         const gchar *service,
                         const gchar *fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockServer, mock_server_stop)

G_END_DECLS

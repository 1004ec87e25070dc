/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* services.h: verbs about services: services, key, test, choices, jobs. */
#pragma once

#include "options.h"
#include "pentimento.h"

G_BEGIN_DECLS

/** services_is_verb: whether @verb is one of those here. */
gboolean services_is_verb (const gchar *verb);

/**
 * services_run:
 * @options: with a verb of services_is_verb()
 *
 * "services" lists them, "key ID" reads a key from standard input, "test ID"
 * asks a service something harmless, "choices NAME --provider ID" lists what a
 * server offers for a setting, "jobs" lists runs that were cut off, "forget
 * JOB" drops one.
 */
gboolean
services_run (PmtEngine *engine, const Options *options, GError **error);

G_END_DECLS

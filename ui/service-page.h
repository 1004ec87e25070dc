/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* service-page.h: address, key and test of one service. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_service_page_new:
 * @service: its identifier
 * @is_found: whether a server on this computer answers
 *
 * What is typed into the key entry goes to pmt_engine_set_key() only; the
 * entry is emptied then, and is never filled.  A test runs in a thread, and
 * is cancelled when the page goes.
 */
GtkWidget *pmt_service_page_new (PmtEngine *engine,
                                 const gchar *service,
                                 gboolean is_found);

G_END_DECLS

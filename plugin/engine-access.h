/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine-access.h: the engine as this plug-in uses it. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_plugin_find_data_dir:
 * @progname: path of the executable, as gimp_get_progname() gives it
 *
 * Where the shipped manifests are ("catalog/" below it): $PENTIMENTO_DATA
 * when set; else "data" beside the executable; else "share/pentimento" below
 * one of the folders above the executable (an installation that was moved);
 * else the folder given at build time.
 *
 * Returns: (transfer full): a folder; it need not exist.
 */
gchar *pmt_plugin_find_data_dir (const gchar *progname);

/**
 * pmt_plugin_find_locale_dir:
 * @progname: path of the executable, as gimp_get_progname() gives it
 *
 * Where the translations are, as the engine finds them: "locale" in the data
 * folder, else where they were installed.
 *
 * Returns: (transfer full): a folder; it need not exist.
 */
gchar *pmt_plugin_find_locale_dir (const gchar *progname);

/**
 * pmt_plugin_engine_new:
 * @with_user: load the user's manifests and settings too
 * @warning: (out) (optional) (transfer full): what is wrong with the settings
 *   (config.json), else %NULL; nothing may be spent then
 * @error: PMT_ERROR_MANIFEST, naming the folder
 *
 * The arguments of procedures are declared without the user's manifests: GIMP
 * remembers the arguments, and they must not change behind its back.
 */
PmtEngine *
pmt_plugin_engine_new (gboolean with_user, gchar **warning, GError **error);

G_END_DECLS

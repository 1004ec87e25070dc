/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* options.h: the command line, parsed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Options: what stands after the verb.  Strings are %NULL when not given.
 * @operation: of "presets --export" the file
 * @filter: operation whose presets are listed
 * @import, @export, @remove: of presets: a file, an id, an id; @remove of the
 *   store, too
 * @download, @discard, @add, @add_source, @remove_source: of the store: ids, a
 *   file, folders
 * @memory: MiB, 0 = automatic
 * @compute: (nullable): what runs networks
 */
typedef struct
{
  gchar *verb;
  gchar *operation;
  gchar *in;
  gchar *mask;
  gchar **refs;
  gchar *out;
  gchar *model;
  gchar **sets;
  gchar *provider;
  gchar *search;
  gchar *show;
  gchar *erase;
  gboolean is_clear;
  gchar *filter;
  gchar *import;
  gchar *export;
  gchar *remove;
  gchar *download;
  gchar *discard;
  gchar *add;
  gchar *add_source;
  gchar *remove_source;
  gboolean is_sources;
  gboolean is_replacing;
  gboolean is_json;
  gboolean is_quiet;
  gint threads;
  gint memory;
  gchar *compute;
} Options;

/**
 * options_parse:
 * @error: G_OPTION_ERROR; the caller exits with 2
 *
 * Returns: (transfer full): %NULL with @error set for wrong usage.
 */
Options *options_parse (gint argc, gchar **argv, GError **error);
void options_free (Options *options);

/** options_usage: Returns: (transfer none): a short translated help. */
const gchar *options_usage (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)

G_END_DECLS

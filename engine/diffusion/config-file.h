/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* config-file.h: config.json and its relatives; they may be hostile. */
#pragma once

#include "core/json.h"

G_BEGIN_DECLS

/**
 * PmtConfig: an object of a configuration file.
 * @json: (nullable): %NULL: nothing is configured
 * @label: the file, for messages
 */
typedef struct
{
  const cJSON *json;
  const gchar *label;
} PmtConfig;

/**
 * pmt_config_load:
 * @path: a JSON file
 * @root: (out): (transfer full) (nullable): %NULL when there is no such file
 * @error: PMT_ERROR_MODEL with file, line and column; PMT_ERROR_FILE
 *
 * At most 16 MiB are read.
 */
gboolean pmt_config_load (const gchar *path, cJSON **root, GError **error);

/** pmt_config_parse: the same for @text; @label stands in messages. */
cJSON *pmt_config_parse (const gchar *label,
                         const gchar *text,
                         gsize length,
                         GError **error);

/** pmt_config_has: whether @key is there and not null. */
gboolean pmt_config_has (const PmtConfig *config, const gchar *key);

/** pmt_config_child: the object @key, or one without anything. */
PmtConfig pmt_config_child (const PmtConfig *config, const gchar *key);

/** pmt_config_string: (transfer none) (nullable). */
const gchar *pmt_config_string (const PmtConfig *config, const gchar *key);

/* What is not there, or null, leaves @value as it is.  Of the wrong type or
 * out of range: PMT_ERROR_MODEL, which names file, key and range. */
gboolean pmt_config_int (const PmtConfig *config,
                         const gchar *key,
                         gint min,
                         gint max,
                         gint *value,
                         GError **error);
gboolean pmt_config_number (const PmtConfig *config,
                            const gchar *key,
                            gdouble min,
                            gdouble max,
                            gdouble *value,
                            GError **error);
gboolean pmt_config_bool (const PmtConfig *config,
                          const gchar *key,
                          gboolean *value,
                          GError **error);

/**
 * pmt_config_ints:
 * @values: (inout): [@n]: a list of @n numbers is copied, a single number
 *   fills all
 */
gboolean pmt_config_ints (const PmtConfig *config,
                          const gchar *key,
                          gint min,
                          gint max,
                          gint n,
                          gint *values,
                          GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* manifest-reader.h: typed access to JSON; every fault has its line. */
#pragma once

#include "core/json.h"

G_BEGIN_DECLS

/**
 * PmtManifestReader:
 * @file: name for messages
 * @text: @length bytes, what @root was parsed from
 * @error: (nullable): set once, by the first fault
 */
typedef struct
{
  const gchar *file;
  const gchar *text;
  gsize length;
  const cJSON *root;
  GError **error;
} PmtManifestReader;

typedef enum
{
  PMT_READ_OPTIONAL = 0,
  PMT_READ_REQUIRED = 1 << 0,
  PMT_READ_MAY_BE_EMPTY = 1 << 1,
  PMT_READ_SEVERAL_LINES = 1 << 2
} PmtReadFlags;

/* Patterns, shared with data/catalog/schema.json. */
#define PMT_PATTERN_ID "^[a-z0-9][a-z0-9._-]{0,63}\\z"
#define PMT_PATTERN_PARAM "^[a-z][a-z0-9-]{0,63}\\z"
#define PMT_PATTERN_URL "^https?://[!-~]+\\z"
#define PMT_PATTERN_SHA256 "^[0-9a-f]{64}\\z"
#define PMT_PATTERN_PATH                                                       \
  "^[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*\\z"

/**
 * pmt_reader_fail:
 * @node: (nullable): where; %NULL: the root
 *
 * Returns: %FALSE, with "FILE, line N, column M: reason" set.
 */
gboolean pmt_reader_fail (PmtManifestReader *reader,
                          const cJSON *node,
                          const gchar *format,
                          ...) G_GNUC_PRINTF (3, 4);

/**
 * pmt_reader_check_keys:
 * @keys: (nullable): %NULL-terminated; %NULL: any
 *
 * Checks that @object is an object without unknown or repeated keys and with
 * at most 200 members.
 */
gboolean pmt_reader_check_keys (PmtManifestReader *reader,
                                const cJSON *object,
                                const gchar *const *keys);

/** Items of @object; absent optional ones leave the out-parameter alone. */
gboolean pmt_reader_get_string (PmtManifestReader *reader,
                                const cJSON *object,
                                const gchar *key,
                                PmtReadFlags flags,
                                const gchar *pattern,
                                gsize max_length,
                                gchar **value);
gboolean pmt_reader_get_number (PmtManifestReader *reader,
                                const cJSON *object,
                                const gchar *key,
                                PmtReadFlags flags,
                                gdouble min,
                                gdouble max,
                                gdouble *value);
gboolean pmt_reader_get_bool (PmtManifestReader *reader,
                              const cJSON *object,
                              const gchar *key,
                              gboolean *value);

/**
 * pmt_reader_get_operations:
 * @operations: (out): bits 1 << PmtOperation
 */
gboolean pmt_reader_get_operations (PmtManifestReader *reader,
                                    const cJSON *object,
                                    const gchar *key,
                                    PmtReadFlags flags,
                                    guint *operations);

/** pmt_reader_check_string: length in characters, pattern, no controls. */
gboolean pmt_reader_check_string (PmtManifestReader *reader,
                                  const cJSON *node,
                                  const gchar *what,
                                  PmtReadFlags flags,
                                  const gchar *pattern,
                                  gsize max_length);

/** pmt_reader_check_array: an array of at most @max items. */
gboolean pmt_reader_check_array (PmtManifestReader *reader,
                                 const cJSON *node,
                                 const gchar *what,
                                 guint min,
                                 guint max);

G_END_DECLS

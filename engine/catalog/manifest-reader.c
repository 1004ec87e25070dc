/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* manifest-reader.c: typed access to JSON; every fault has its line. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "catalog/manifest-reader.h"

#define MAX_MEMBERS 200

gboolean
pmt_reader_fail (PmtManifestReader *reader,
                 const cJSON *node,
                 const gchar *format,
                 ...)
{
  g_autofree gchar *reason = NULL;
  va_list args;
  guint line;
  guint column;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  pmt_json_locate (reader->text, reader->length, reader->root,
                   node != NULL ? node : reader->root, &line, &column);
  /* Translators: "FILE, line 3, column 7: reason" */
  g_set_error (reader->error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("%s, line %u, column %u: %s"), reader->file, line, column,
               reason);
  return FALSE;
}

static gboolean
is_one_of (const gchar *key, const gchar *const *keys)
{
  return keys == NULL || g_strv_contains (keys, key);
}

gboolean
pmt_reader_check_keys (PmtManifestReader *reader,
                       const cJSON *object,
                       const gchar *const *keys)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const cJSON *node;

  if (!cJSON_IsObject (object))
    return pmt_reader_fail (reader, object,
                            _ ("An object in braces belongs here."));
  cJSON_ArrayForEach (node, object)
  {
    g_autofree gchar *shown = g_utf8_substring (
        node->string, 0, MIN (g_utf8_strlen (node->string, -1), 40));

    if (!is_one_of (node->string, keys))
      return pmt_reader_fail (reader, node, _ ("“%s” is not known here."),
                              shown);
    if (!g_hash_table_add (seen, node->string))
      return pmt_reader_fail (reader, node, _ ("“%s” is there twice."), shown);
    if (g_hash_table_size (seen) > MAX_MEMBERS)
      return pmt_reader_fail (
          reader, node, _ ("There are more than %d members."), MAX_MEMBERS);
  }
  return TRUE;
}

/* Sets *@node; %FALSE when it is required and missing. */
static gboolean
get_item (PmtManifestReader *reader,
          const cJSON *object,
          const gchar *key,
          PmtReadFlags flags,
          const cJSON **node)
{
  *node = cJSON_GetObjectItemCaseSensitive (object, key);
  if (*node != NULL || !(flags & PMT_READ_REQUIRED))
    return TRUE;
  return pmt_reader_fail (reader, object, _ ("“%s” is missing."), key);
}

static gboolean
has_control (const gchar *text, gboolean may_break)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_iscntrl (g_utf8_get_char (text))
        && !(may_break && *text == '\n'))
      return TRUE;
  return FALSE;
}

gboolean
pmt_reader_check_string (PmtManifestReader *reader,
                         const cJSON *node,
                         const gchar *what,
                         PmtReadFlags flags,
                         const gchar *pattern,
                         gsize max_length)
{
  const gchar *text = cJSON_GetStringValue (node);

  if (text == NULL)
    return pmt_reader_fail (reader, node, _ ("“%s” must be a text."), what);
  if (text[0] == '\0' && !(flags & PMT_READ_MAY_BE_EMPTY))
    return pmt_reader_fail (reader, node, _ ("“%s” must not be empty."), what);
  /* cJSON makes UTF-8 of escapes; half surrogates it refuses. */
  if (!g_utf8_validate (text, -1, NULL)
      || has_control (text, flags & PMT_READ_SEVERAL_LINES))
    return pmt_reader_fail (
        reader, node, _ ("“%s” holds characters that are not text."), what);
  if ((gsize)g_utf8_strlen (text, -1) > max_length)
    return pmt_reader_fail (reader, node,
                            _ ("“%s” is longer than %u characters."), what,
                            (guint)max_length);
  if (pattern != NULL && text[0] != '\0'
      && !g_regex_match_simple (pattern, text, 0, 0))
    return pmt_reader_fail (reader, node,
                            _ ("“%s” is “%s”, which is not of the form that "
                               "is needed."),
                            what, text);
  return TRUE;
}

gboolean
pmt_reader_get_string (PmtManifestReader *reader,
                       const cJSON *object,
                       const gchar *key,
                       PmtReadFlags flags,
                       const gchar *pattern,
                       gsize max_length,
                       gchar **value)
{
  const cJSON *node;

  if (!get_item (reader, object, key, flags, &node))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!pmt_reader_check_string (reader, node, key, flags, pattern, max_length))
    return FALSE;
  g_free (*value);
  *value = g_strdup (node->valuestring);
  return TRUE;
}

gboolean
pmt_reader_get_number (PmtManifestReader *reader,
                       const cJSON *object,
                       const gchar *key,
                       PmtReadFlags flags,
                       gdouble min,
                       gdouble max,
                       gdouble *value)
{
  const cJSON *node;

  if (!get_item (reader, object, key, flags, &node))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!cJSON_IsNumber (node))
    return pmt_reader_fail (reader, node, _ ("“%s” must be a number."), key);
  if (!(node->valuedouble >= min && node->valuedouble <= max))
    return pmt_reader_fail (reader, node,
                            _ ("“%s” is %g; it must be from %g to %g."), key,
                            node->valuedouble, min, max);
  *value = node->valuedouble;
  return TRUE;
}

gboolean
pmt_reader_get_bool (PmtManifestReader *reader,
                     const cJSON *object,
                     const gchar *key,
                     gboolean *value)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, key);

  if (node == NULL)
    return TRUE;
  if (!cJSON_IsBool (node))
    return pmt_reader_fail (reader, node, _ ("“%s” must be true or false."),
                            key);
  *value = cJSON_IsTrue (node);
  return TRUE;
}

gboolean
pmt_reader_check_array (PmtManifestReader *reader,
                        const cJSON *node,
                        const gchar *what,
                        guint min,
                        guint max)
{
  guint n;

  if (!cJSON_IsArray (node))
    return pmt_reader_fail (reader, node, _ ("“%s” must be a list."), what);
  n = cJSON_GetArraySize (node);
  if (n < min || n > max)
    return pmt_reader_fail (reader, node,
                            _ ("“%s” has %u items; it must have from %u to "
                               "%u."),
                            what, n, min, max);
  return TRUE;
}

gboolean
pmt_reader_get_operations (PmtManifestReader *reader,
                           const cJSON *object,
                           const gchar *key,
                           PmtReadFlags flags,
                           guint *operations)
{
  const cJSON *array;
  const cJSON *node;
  guint found = 0;

  if (!get_item (reader, object, key, flags, &array))
    return FALSE;
  if (array == NULL)
    return TRUE;
  if (!pmt_reader_check_array (reader, array, key, 1, PMT_N_OPERATIONS))
    return FALSE;
  cJSON_ArrayForEach (node, array)
  {
    const gchar *name = cJSON_GetStringValue (node);
    PmtOperation operation;

    if (name == NULL || !pmt_operation_from_string (name, &operation))
      return pmt_reader_fail (reader, node,
                              _ ("This is not the name of an operation."));
    if (found & (1u << operation))
      return pmt_reader_fail (reader, node, _ ("“%s” is there twice."), name);
    found |= 1u << operation;
  }
  *operations = found;
  return TRUE;
}

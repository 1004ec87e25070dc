/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* params.c: named, typed values in the order of insertion. */
#include "config.h"

#include "core/params.h"

typedef struct
{
  gchar *name;
  GVariant *value;
} Entry;

/* A handful of entries: a linear search beats a hash table and keeps the
 * order. */
struct _PmtParams
{
  GArray *entries;
};

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_variant_unref (entry->value);
}

PmtParams *
pmt_params_new (void)
{
  PmtParams *params = g_new0 (PmtParams, 1);

  params->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (params->entries, entry_clear);
  return params;
}

PmtParams *
pmt_params_copy (const PmtParams *params)
{
  PmtParams *copy = pmt_params_new ();

  g_return_val_if_fail (params != NULL, copy);
  for (guint i = 0; i < params->entries->len; i++)
    {
      const Entry *entry = &g_array_index (params->entries, Entry, i);

      pmt_params_set_variant (copy, entry->name, entry->value);
    }
  return copy;
}

void
pmt_params_free (PmtParams *params)
{
  if (params == NULL)
    return;
  g_array_unref (params->entries);
  g_free (params);
}

static Entry *
find (const PmtParams *params, const gchar *name, guint *index)
{
  for (guint i = 0; i < params->entries->len; i++)
    {
      Entry *entry = &g_array_index (params->entries, Entry, i);

      if (g_strcmp0 (entry->name, name) != 0)
        continue;
      if (index != NULL)
        *index = i;
      return entry;
    }
  return NULL;
}

gboolean
pmt_params_has (const PmtParams *params, const gchar *name)
{
  g_return_val_if_fail (params != NULL && name != NULL, FALSE);
  return find (params, name, NULL) != NULL;
}

void
pmt_params_unset (PmtParams *params, const gchar *name)
{
  guint i;

  g_return_if_fail (params != NULL && name != NULL);
  if (find (params, name, &i) != NULL)
    g_array_remove_index (params->entries, i);
}

void
pmt_params_set_variant (PmtParams *params, const gchar *name, GVariant *value)
{
  Entry *old;
  Entry entry;

  g_return_if_fail (params != NULL && name != NULL && value != NULL);

  g_variant_ref_sink (value);
  old = find (params, name, NULL);
  if (old != NULL)
    {
      g_variant_unref (old->value);
      old->value = value;
      return;
    }
  entry.name = g_strdup (name);
  entry.value = value;
  g_array_append_val (params->entries, entry);
}

void
pmt_params_set_bool (PmtParams *params, const gchar *name, gboolean value)
{
  pmt_params_set_variant (params, name, g_variant_new_boolean (value));
}

void
pmt_params_set_int (PmtParams *params, const gchar *name, gint64 value)
{
  pmt_params_set_variant (params, name, g_variant_new_int64 (value));
}

void
pmt_params_set_number (PmtParams *params, const gchar *name, gdouble value)
{
  pmt_params_set_variant (params, name, g_variant_new_double (value));
}

void
pmt_params_set_string (PmtParams *params, const gchar *name, const gchar *value)
{
  g_return_if_fail (params != NULL && name != NULL);

  if (value == NULL)
    {
      pmt_params_unset (params, name);
      return;
    }
  /* A variant holds valid UTF-8 only. */
  pmt_params_set_variant (
      params, name, g_variant_new_take_string (g_utf8_make_valid (value, -1)));
}

GVariant *
pmt_params_get_variant (const PmtParams *params, const gchar *name)
{
  const Entry *entry;

  g_return_val_if_fail (params != NULL && name != NULL, NULL);
  entry = find (params, name, NULL);
  return entry != NULL ? entry->value : NULL;
}

static GVariant *
get_of_type (const PmtParams *params,
             const gchar *name,
             const GVariantType *type)
{
  GVariant *value = pmt_params_get_variant (params, name);

  return value != NULL && g_variant_is_of_type (value, type) ? value : NULL;
}

gboolean
pmt_params_get_bool (const PmtParams *params,
                     const gchar *name,
                     gboolean fallback)
{
  GVariant *value = get_of_type (params, name, G_VARIANT_TYPE_BOOLEAN);

  return value != NULL ? g_variant_get_boolean (value) : fallback;
}

gint64
pmt_params_get_int (const PmtParams *params, const gchar *name, gint64 fallback)
{
  GVariant *value = get_of_type (params, name, G_VARIANT_TYPE_INT64);

  return value != NULL ? g_variant_get_int64 (value) : fallback;
}

gdouble
pmt_params_get_number (const PmtParams *params,
                       const gchar *name,
                       gdouble fallback)
{
  GVariant *value = get_of_type (params, name, G_VARIANT_TYPE_DOUBLE);

  if (value != NULL)
    return g_variant_get_double (value);
  value = get_of_type (params, name, G_VARIANT_TYPE_INT64);
  return value != NULL ? (gdouble)g_variant_get_int64 (value) : fallback;
}

const gchar *
pmt_params_get_string (const PmtParams *params,
                       const gchar *name,
                       const gchar *fallback)
{
  GVariant *value = get_of_type (params, name, G_VARIANT_TYPE_STRING);

  return value != NULL ? g_variant_get_string (value, NULL) : fallback;
}

const gchar **
pmt_params_list (const PmtParams *params)
{
  const gchar **names;

  g_return_val_if_fail (params != NULL, NULL);
  names = g_new0 (const gchar *, params->entries->len + 1);
  for (guint i = 0; i < params->entries->len; i++)
    names[i] = g_array_index (params->entries, Entry, i).name;
  return names;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* spending-file.c: limits, the history and what computes, in config.json. */
#include "config.h"

#include "spending-file.h"

#include "core/shared-config.h"

static void
put_limit (cJSON *spending, const gchar *key, gdouble limit)
{
  cJSON_DeleteItemFromObjectCaseSensitive (spending, key);
  if (limit >= 0.0)
    cJSON_AddNumberToObject (spending, key, limit);
}

static void
put_limits (cJSON *root, gdouble run, gdouble day)
{
  cJSON *spending = cJSON_GetObjectItemCaseSensitive (root, "spending");

  if (!cJSON_IsObject (spending))
    {
      cJSON_DeleteItemFromObjectCaseSensitive (root, "spending");
      spending = cJSON_AddObjectToObject (root, "spending");
    }
  put_limit (spending, "run", run);
  put_limit (spending, "day", day);
}

gboolean
pmt_spending_file_save (const gchar *user_dir,
                        gdouble run,
                        gdouble day,
                        GError **error)
{
  g_autoptr (cJSON) root = pmt_shared_config_read (user_dir, error);

  if (!root)
    return FALSE;
  put_limits (root, run, day);

  return pmt_shared_config_write (user_dir, root, error);
}

static gboolean
save_value (const gchar *user_dir,
            const gchar *key,
            cJSON *value,
            GError **error)
{
  g_autoptr (cJSON) owned = value;
  g_autoptr (cJSON) root = pmt_shared_config_read (user_dir, error);

  if (!root)
    return FALSE;
  cJSON_DeleteItemFromObjectCaseSensitive (root, key);
  cJSON_AddItemToObject (root, key, g_steal_pointer (&owned));

  return pmt_shared_config_write (user_dir, root, error);
}

gboolean
pmt_spending_file_save_history (const gchar *user_dir,
                                gboolean is_kept,
                                GError **error)
{
  return save_value (user_dir, "history", cJSON_CreateBool (is_kept), error);
}

gboolean
pmt_spending_file_save_history_limit (const gchar *user_dir,
                                      gdouble megabytes,
                                      GError **error)
{
  return save_value (user_dir, "history_limit_mb",
                     cJSON_CreateNumber (megabytes), error);
}

/* What is automatic is not written. */
static void
put_count (cJSON *root, const gchar *key, gint value)
{
  cJSON_DeleteItemFromObjectCaseSensitive (root, key);
  if (value > 0)
    cJSON_AddNumberToObject (root, key, value);
}

gboolean
pmt_spending_file_save_compute (const gchar *user_dir,
                                const gchar *compute,
                                gint threads,
                                gint memory,
                                GError **error)
{
  g_autoptr (cJSON) root = pmt_shared_config_read (user_dir, error);

  if (!root)
    return FALSE;
  cJSON_DeleteItemFromObjectCaseSensitive (root, "compute");
  if (!g_str_equal (compute, "auto"))
    cJSON_AddStringToObject (root, "compute", compute);
  put_count (root, "threads", threads);
  put_count (root, "memory_mb", memory);

  return pmt_shared_config_write (user_dir, root, error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* spending.c: what was spent today, and whether more may be. */
#include "config.h"

#include "remote/spending.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/json.h"

#define KEPT_DAYS 31

/* In the unit of credits, money included. */
#define ROUNDING 1e-9

static gchar *
today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_format (now, "%Y-%m-%d");
}

static gchar *
file_name (const gchar *user_dir)
{
  return g_build_filename (user_dir, "history", "spending.json", NULL);
}

/* {"2026-01-31": {"fal": 12.5}}; empty where there is none.  What can't be
 * read is no reason to begin at 0. */
static cJSON *
read_file (const gchar *path, GError **error)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GError) local = NULL;
  gsize length = 0;
  cJSON *root = NULL;

  if (g_file_get_contents (path, &text, &length, &local))
    {
      root = pmt_json_parse (path, text, length, PMT_ERROR_FILE, &local);
      if (cJSON_IsObject (root))
        return root;
      cJSON_Delete (root);
    }
  else if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return cJSON_CreateObject ();
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("What was spent today can't be read from %s (%s). Repair "
                  "that file, or delete it."),
               path, local != NULL ? local->message : _ ("it is no object"));
  return NULL;
}

static gdouble
get_sum (const cJSON *root, const gchar *day, const gchar *account)
{
  const cJSON *of_day = cJSON_GetObjectItemCaseSensitive (root, day);
  const cJSON *sum = cJSON_GetObjectItemCaseSensitive (of_day, account);

  return cJSON_IsNumber (sum) && isfinite (sum->valuedouble)
             ? MAX (sum->valuedouble, 0.0)
             : 0.0;
}

gboolean
pmt_spending_get_today (const gchar *user_dir,
                        const gchar *account,
                        gdouble *sum,
                        GError **error)
{
  g_autofree gchar *path = NULL;
  g_autofree gchar *day = today ();
  g_autoptr (cJSON) root = NULL;

  if (user_dir == NULL)
    {
      *sum = 0.0;
      return TRUE;
    }
  path = file_name (user_dir);
  root = read_file (path, error);
  if (root == NULL)
    return FALSE;
  *sum = get_sum (root, day, account);
  return TRUE;
}

static void
forget_old (cJSON *root)
{
  while (cJSON_GetArraySize (root) > KEPT_DAYS)
    cJSON_Delete (cJSON_DetachItemFromArray (root, 0));
}

static gboolean
write_file (const gchar *path, const cJSON *root, GError **error)
{
  g_autoptr (GError) local = NULL;
  gchar *text = cJSON_PrintUnformatted (root);
  const gboolean is_ok = g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local);

  cJSON_free (text);
  if (!is_ok)
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("What is spent can't be written to %s (%s). Make room "
                    "there, and make that folder writable."),
                 path, local->message);
  return is_ok;
}

static gboolean
add_locked (const gchar *path,
            const gchar *account,
            gdouble amount,
            GError **error)
{
  g_autoptr (cJSON) root = read_file (path, error);
  g_autofree gchar *day = today ();
  cJSON *of_day;
  gdouble sum;

  if (root == NULL)
    return FALSE;
  of_day = cJSON_GetObjectItemCaseSensitive (root, day);
  sum = get_sum (root, day, account) + amount;
  if (!cJSON_IsObject (of_day))
    {
      cJSON_DeleteItemFromObjectCaseSensitive (root, day);
      of_day = cJSON_AddObjectToObject (root, day);
    }
  cJSON_DeleteItemFromObjectCaseSensitive (of_day, account);
  cJSON_AddNumberToObject (of_day, account, sum);
  forget_old (root);
  return write_file (path, root, error);
}

static gboolean
add (const gchar *user_dir,
     const gchar *account,
     gdouble amount,
     GError **error)
{
  g_autofree gchar *path = file_name (user_dir);
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autofree gchar *lock = g_strconcat (path, ".lock", NULL);
  gboolean is_ok;
  gint fd;

  g_mkdir_with_parents (folder, 0700);
  fd = open (lock, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    flock (fd, LOCK_EX);
  is_ok = add_locked (path, account, amount, error);
  if (fd >= 0)
    close (fd);
  return is_ok;
}

gboolean
pmt_spending_add (const gchar *user_dir,
                  const gchar *account,
                  gdouble amount,
                  GError **error)
{
  if (user_dir == NULL || !(amount > 0.0))
    return TRUE;
  return add (user_dir, account, amount, error);
}

static gboolean
check_one (gdouble limit,
           gdouble before,
           gdouble cost,
           const gchar *label,
           const gchar *unit,
           const gchar *which,
           GError **error)
{
  if (limit < 0.0)
    return TRUE;
  if (cost < 0.0)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_CREDITS,
                   _ ("What this costs at “%s” is not known, and %s is %g %s. "
                      "Take the limit away to run it all the same."),
                   label, which, limit, unit);
      return FALSE;
    }
  if (before + cost <= limit + ROUNDING)
    return TRUE;
  if (before > 0.0)
    g_set_error (error, PMT_ERROR, PMT_ERROR_CREDITS,
                 _ ("This would cost %g %s at “%s”; %g were spent today, and "
                    "%s is %g. Raise the limit in the settings, or run it "
                    "tomorrow."),
                 cost, unit, label, before, which, limit);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_CREDITS,
                 _ ("This would cost %g %s at “%s”, and %s is %g. Raise the "
                    "limit, or ask for fewer or smaller pictures."),
                 cost, unit, label, which, limit);
  return FALSE;
}

static gboolean
check_day (const PmtSpendingLimits *limits,
           const gchar *user_dir,
           const gchar *account,
           const gchar *label,
           const gchar *unit,
           gdouble cost,
           GError **error)
{
  gdouble before = 0.0;

  return limits->day < 0.0
         || (pmt_spending_get_today (user_dir, account, &before, error)
             && check_one (limits->day, before, cost, label, unit,
                           _ ("your limit for a day"), error));
}

gboolean
pmt_spending_check (const PmtSpendingLimits *limits,
                    const gchar *user_dir,
                    const gchar *account,
                    const gchar *label,
                    const gchar *unit,
                    gdouble cost,
                    GError **error)
{
  return check_one (limits->asked, 0.0, cost, label, unit,
                    _ ("the limit “max-cost”"), error)
         && check_one (limits->run, 0.0, cost, label, unit,
                       _ ("your limit for a run"), error)
         && check_day (limits, user_dir, account, label, unit, cost, error);
}

gboolean
pmt_spending_check_file (const PmtSpendingLimits *limits,
                         const gchar *user_dir,
                         const gchar *account,
                         gdouble cost,
                         GError **error)
{
  return limits->day < 0.0 || user_dir == NULL || !(cost > 0.0)
         || add (user_dir, account, 0.0, error);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "services.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

#define MAX_KEY 4096

static void
print_json (const cJSON *json)
{
  gchar *text = cJSON_Print (json);

  g_print ("%s\n", text);
  cJSON_free (text);
}

/* --------------------------------------------------------------- services */

static const gchar *
state_text (const PmtServiceInfo *info, gboolean is_found)
{
  if (info->is_local)
    return is_found ? _ ("running") : _ ("not running");
  if (!info->base_url)
    return _ ("no address");
  return info->has_key ? _ ("ready") : _ ("no key");
}

static cJSON *
service_to_json (const PmtServiceInfo *info, gboolean is_found)
{
  cJSON *object = cJSON_CreateObject ();

  cJSON_AddStringToObject (object, "id", info->id);
  cJSON_AddStringToObject (object, "type", info->type);
  cJSON_AddStringToObject (object, "name", info->label);
  if (info->base_url)
    cJSON_AddStringToObject (object, "base_url", info->base_url);
  if (info->key_env)
    cJSON_AddStringToObject (object, "key_env", info->key_env);
  cJSON_AddBoolToObject (object, "local", info->is_local);
  cJSON_AddBoolToObject (object, "configured", info->is_configured);
  cJSON_AddBoolToObject (object, "has_key", info->has_key);
  if (info->is_local)
    cJSON_AddBoolToObject (object, "running", is_found);
  return object;
}

static gboolean
list_services (PmtEngine *engine, const Options *options)
{
  g_autoptr (GPtrArray) services = pmt_engine_list_services (engine, NULL);
  g_auto (GStrv) found = pmt_engine_find_servers (engine, NULL);
  g_autoptr (cJSON) list = cJSON_CreateArray ();

  for (guint i = 0; i < services->len; i++)
    {
      const PmtServiceInfo *info = g_ptr_array_index (services, i);
      const gboolean is_found =
          g_strv_contains ((const gchar *const *)found, info->id);

      if (options->is_json)
        cJSON_AddItemToArray (list, service_to_json (info, is_found));
      else
        g_print ("%-12s %-24s %-12s %s\n", info->id, info->label,
                 state_text (info, is_found),
                 info->base_url ? info->base_url : "-");
    }
  if (options->is_json)
    print_json (list);
  return TRUE;
}

/* ------------------------------------------------------------------- keys */

/* From standard input: what stands in arguments is seen by everybody on the
 * machine, and stays in the history of the shell.
 */
static gboolean
read_key (PmtEngine *engine, const Options *options, GError **error)
{
  gchar key[MAX_KEY] = "";
  gboolean is_ok;

  if (isatty (STDIN_FILENO))
    g_printerr ("%s", _ ("Key (it is shown while you type; an empty line "
                         "forgets the old one): "));
  if (!fgets (key, sizeof key, stdin))
    key[0] = '\0';
  g_strstrip (key);
  is_ok = pmt_engine_set_key (engine, options->operation,
                              *key != '\0' ? key : NULL, error);
  explicit_bzero (key, sizeof key);
  if (is_ok)
    g_print ("%s\n", _ ("The keyring has been changed."));
  return is_ok;
}

static gboolean
test_service (PmtEngine *engine, const Options *options, GError **error)
{
  gdouble balance = -1.0;

  if (!pmt_engine_test_service (engine, options->operation, &balance, NULL,
                                error))
    return FALSE;
  if (balance >= 0.0)
    g_print (_ ("It works; the balance is %g.\n"), balance);
  else
    g_print ("%s\n", _ ("It works."));
  return TRUE;
}

static gboolean
list_choices (PmtEngine *engine, const Options *options, GError **error)
{
  g_auto (GStrv) choices = NULL;

  if (!options->provider)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                           _ ("--provider ID is missing; it names the server "
                              "that is asked."));
      return FALSE;
    }
  choices = pmt_engine_list_choices (engine, options->provider,
                                     options->operation, NULL, error);
  for (guint i = 0; choices && choices[i]; i++)
    g_print ("%s\n", choices[i]);
  return choices != NULL;
}

/* ---------------------------------------------------------- cut off runs */

static gboolean
list_jobs (PmtEngine *engine, const Options *options)
{
  g_autoptr (GPtrArray) jobs = pmt_engine_list_jobs (engine);

  for (guint i = 0; i < jobs->len; i++)
    {
      const PmtJobInfo *info = g_ptr_array_index (jobs, i);
      g_autoptr (GDateTime) time =
          g_date_time_new_from_unix_local (info->created);
      g_autofree gchar *date = g_date_time_format (time, "%F %T");

      g_print ("%s  %s  %s  %s  %s\n", info->id, date, info->service,
               info->model, pmt_operation_to_string (info->operation));
    }
  return TRUE;
}

gboolean
services_is_verb (const gchar *verb)
{
  static const gchar *const verbs[] = { "services", "key",    "test", "choices",
                                        "jobs",     "forget", NULL };

  return g_strv_contains (verbs, verb);
}

gboolean
services_run (PmtEngine *engine, const Options *options, GError **error)
{
  if (g_str_equal (options->verb, "services"))
    return list_services (engine, options);
  if (g_str_equal (options->verb, "jobs"))
    return list_jobs (engine, options);
  if (g_str_equal (options->verb, "key"))
    return read_key (engine, options, error);
  if (g_str_equal (options->verb, "test"))
    return test_service (engine, options, error);
  if (g_str_equal (options->verb, "forget"))
    return pmt_engine_forget_job (engine, options->operation, error);
  return list_choices (engine, options, error);
}

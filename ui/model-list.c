/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-list.c: models and the services that run them, the usable first. */
#include "config.h"

#include "model-list.h"

#include <glib/gi18n-lib.h>

#include "estimate-text.h"
#include "model-family.h"

const gchar *
pmt_model_group_label (PmtModelGroup group)
{
  switch (group)
    {
    case PMT_MODEL_GROUP_LOCAL:
      return _ ("On This Computer");
    case PMT_MODEL_GROUP_SERVICES:
      return _ ("Services and Servers");
    case PMT_MODEL_GROUP_NOT_READY:
    default:
      return _ ("Not Set Up Yet");
    }
}

static void
choice_free (gpointer data)
{
  PmtModelChoice *choice = data;

  g_free (choice->label);
  g_free (choice->details);
  g_free (choice);
}

/* A server elsewhere was entered by the user; one of this computer must
 * answer.
 */
static gboolean
is_usable (const PmtServiceInfo *info, const gchar *const *servers)
{
  if (!info->base_url || !info->has_key)
    return FALSE;

  return !info->is_local || info->is_configured
         || g_strv_contains (servers, info->id);
}

/* The service that would be chosen, else the first. */
static const PmtServiceInfo *
choose_service (GPtrArray *services, const gchar *const *servers)
{
  for (guint i = 0; i < services->len; i++)
    if (is_usable (g_ptr_array_index (services, i), servers))
      return g_ptr_array_index (services, i);

  return services->len > 0 ? g_ptr_array_index (services, 0) : NULL;
}

/* --------------------------------------------------------------- details */

static void
append (GString *text, const gchar *part)
{
  if (part == NULL || *part == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

static const gchar *
describe_license (const PmtModel *model)
{
  const gchar *license = pmt_model_get_license (model);

  if (g_str_equal (license, "LicenseRef-proprietary"))
    /* Translators: a license. */
    return _ ("proprietary");
  if (!g_str_equal (license, "-"))
    return license;

  return pmt_model_is_remote (model) ? NULL : _ ("license not known");
}

/* For a picture of usual size. */
static gchar *
describe_cost (const PmtServiceInfo *service)
{
  if (service->usual_cost < 0.0)
    return g_strdup (_ ("price not known"));
  if (service->usual_cost == 0.0)
    return g_strdup (_ ("free"));

  return pmt_estimate_text_amount (service->usual_cost, service->usual_unit);
}

static gchar *
describe (const PmtModel *model, const PmtServiceInfo *service)
{
  GString *text = g_string_new (NULL);
  g_autofree gchar *cost = service ? describe_cost (service) : NULL;

  append (text, pmt_model_family_label (pmt_model_get_family (model)));
  append (text, describe_license (model));
  append (text, cost);

  return g_string_free (text, FALSE);
}

/* --------------------------------------------------------------- choices */

static PmtModelChoice *
choice_new (PmtEngine *engine,
            const PmtModel *model,
            const gchar *const *servers)
{
  PmtModelChoice *choice = g_new0 (PmtModelChoice, 1);
  const gchar *name = pmt_model_get_name (model);
  g_autoptr (GPtrArray) services = NULL;
  const PmtServiceInfo *service = NULL;

  choice->model = model;
  if (pmt_model_is_remote (model))
    {
      services = pmt_engine_list_services (engine, model);
      service = choose_service (services, servers);
      choice->group = service && is_usable (service, servers)
                          ? PMT_MODEL_GROUP_SERVICES
                          : PMT_MODEL_GROUP_NOT_READY;
    }
  if (!service || strstr (name, service->label))
    choice->label = g_strdup (name);
  else
    /* Translators: a model and the service that runs it. */
    choice->label = g_strdup_printf (_ ("%s (%s)"), name, service->label);
  choice->details = describe (model, service);

  return choice;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const PmtModelChoice *first = *(PmtModelChoice *const *)a;
  const PmtModelChoice *second = *(PmtModelChoice *const *)b;

  return (gint)first->group - (gint)second->group;
}

GPtrArray *
pmt_model_list_new (PmtEngine *engine, PmtOperation operation)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, operation);
  g_auto (GStrv) servers = pmt_engine_find_servers (engine, NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func (choice_free);

  for (guint i = 0; i < models->len; i++)
    g_ptr_array_add (list, choice_new (engine, g_ptr_array_index (models, i),
                                       (const gchar *const *)servers));
  /* GLib sorts pointer arrays stably. */
  g_ptr_array_sort (list, compare);

  return list;
}

const PmtServiceInfo *
pmt_model_list_find_service (GPtrArray *services, const gchar *id)
{
  for (guint i = 0; i < services->len; i++)
    {
      const PmtServiceInfo *info = g_ptr_array_index (services, i);

      if (g_str_equal (info->id, id))
        return info;
    }

  return NULL;
}

gchar *
pmt_model_list_find_server (PmtEngine *engine,
                            const PmtModel *model,
                            const PmtRequest *request)
{
  const gchar *id = pmt_request_get_provider (request);
  g_autoptr (GPtrArray) services = NULL;
  const PmtServiceInfo *info;

  if (!pmt_model_is_remote (model))
    return NULL;
  services = pmt_engine_list_services (engine, model);
  if (id)
    info = pmt_model_list_find_service (services, id);
  else
    info = services->len > 0 ? g_ptr_array_index (services, 0) : NULL;

  return info && info->is_local && info->base_url ? g_strdup (info->id) : NULL;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* service.c: how a remote model is called, as its manifest says it. */
#include "config.h"

#include "catalog/service.h"

#include <glib/gi18n-lib.h>

#define MAX_SERVICES 20
#define MAX_TEXT 200
#define MAX_IMAGES 10
#define MIN_UNIT_VALUE 1e-6
#define MAX_UNIT_VALUE 1e6

void
pmt_model_service_free (gpointer data)
{
  PmtModelService *service = data;

  if (service == NULL)
    return;
  g_free (service->type);
  g_free (service->model);
  cJSON_Delete (service->json);
  g_free (service);
}

static const cJSON *
get (const cJSON *object, const gchar *key)
{
  return cJSON_GetObjectItemCaseSensitive (object, key);
}

/* An object whose members are texts. */
static gboolean
check_texts (PmtManifestReader *reader, const cJSON *entry, const gchar *key)
{
  const cJSON *object = get (entry, key);
  const cJSON *node;

  if (object == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, object, NULL))
    return FALSE;
  cJSON_ArrayForEach (node, object)
  {
    if (!pmt_reader_check_string (reader, node, key, PMT_READ_MAY_BE_EMPTY,
                                  NULL, MAX_TEXT))
      return FALSE;
  }
  return TRUE;
}

/* "values": for parameters, what the service calls a value of ours. */
static gboolean
check_objects (PmtManifestReader *reader, const cJSON *entry, const gchar *key)
{
  const cJSON *object = get (entry, key);
  const cJSON *node;

  if (object == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, object, NULL))
    return FALSE;
  cJSON_ArrayForEach (node, object)
  {
    if (!pmt_reader_check_keys (reader, node, NULL))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_models (PmtManifestReader *reader, const cJSON *entry)
{
  const cJSON *object = get (entry, "models");
  const cJSON *node;
  PmtOperation operation;

  if (!check_texts (reader, entry, "models"))
    return FALSE;
  cJSON_ArrayForEach (node, object)
  {
    if (!pmt_operation_from_string (node->string, &operation))
      return pmt_reader_fail (reader, node, _ ("“%s” is not an operation."),
                              node->string);
  }
  return TRUE;
}

static gboolean
check_choice (PmtManifestReader *reader,
              const cJSON *object,
              const gchar *key,
              const gchar *const *choices)
{
  g_autofree gchar *value = NULL;

  if (!pmt_reader_get_string (reader, object, key, PMT_READ_OPTIONAL, NULL,
                              MAX_TEXT, &value))
    return FALSE;
  if (value == NULL || g_strv_contains (choices, value))
    return TRUE;
  return pmt_reader_fail (reader, get (object, key), _ ("“%s” can't be “%s”."),
                          key, value);
}

static gboolean
check_send (PmtManifestReader *reader, const cJSON *entry)
{
  static const gchar *const keys[] = { "format",     "quality",    "bits",
                                       "alpha",      "min_side",   "max_side",
                                       "min_pixels", "max_pixels", "multiple",
                                       "max_aspect", NULL };
  static const gchar *const numbers[] = { "min_side",   "max_side",
                                          "min_pixels", "max_pixels",
                                          "multiple",   "max_aspect" };
  static const gchar *const formats[] = { "png", "jpeg", NULL };
  const cJSON *send = get (entry, "send");
  gdouble ignored = 0.0;
  gboolean alpha;

  if (send == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, send, keys)
      || !check_choice (reader, send, "format", formats)
      || !pmt_reader_get_number (reader, send, "quality", PMT_READ_OPTIONAL, 1,
                                 100, &ignored)
      || !pmt_reader_get_number (reader, send, "bits", PMT_READ_OPTIONAL, 8, 16,
                                 &ignored)
      || !pmt_reader_get_bool (reader, send, "alpha", &alpha))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!pmt_reader_get_number (reader, send, numbers[i], PMT_READ_OPTIONAL, 1,
                                PMT_JSON_MAX_INT, &ignored))
      return FALSE;
  return TRUE;
}

static gboolean
check_size (PmtManifestReader *reader, const cJSON *entry)
{
  static const gchar *const keys[] = { "form",       "member",    "width",
                                       "height",     "separator", "choices",
                                       "min_side",   "max_side",  "min_pixels",
                                       "max_pixels", "multiple",  NULL };
  static const gchar *const forms[] = { "object", "text",   "sides",
                                        "aspect", "choice", NULL };
  static const gchar *const numbers[] = { "min_side", "max_side", "min_pixels",
                                          "max_pixels", "multiple" };
  const cJSON *size = get (entry, "size");
  gdouble ignored = 0.0;

  if (size == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, size, keys)
      || !check_choice (reader, size, "form", forms))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!pmt_reader_get_number (reader, size, numbers[i], PMT_READ_OPTIONAL, 1,
                                PMT_JSON_MAX_INT, &ignored))
      return FALSE;
  return get (size, "choices") == NULL
         || pmt_reader_check_array (reader, get (size, "choices"), "choices", 1,
                                    100);
}

static gboolean
check_entry (PmtManifestReader *reader, const cJSON *entry)
{
  static const gchar *const keys[] = {
    "model", "models", "operations", "fixed",      "mapping",    "values",
    "omit",  "image",  "mask",       "references", "expand",     "size",
    "send",  "images", "path",       "unit",       "unit_value", NULL
  };
  static const gchar *const names[] = { "image", "mask", "references", "path",
                                        "unit" };
  gdouble images = 1.0;
  gdouble unit_value = 1.0;
  guint operations = 0;

  if (!pmt_reader_check_keys (reader, entry, keys)
      || !check_models (reader, entry)
      || !check_texts (reader, entry, "mapping")
      || !check_texts (reader, entry, "expand")
      || !check_objects (reader, entry, "values") || !check_send (reader, entry)
      || !check_size (reader, entry)
      || !pmt_reader_get_number (reader, entry, "images", PMT_READ_OPTIONAL, 1,
                                 MAX_IMAGES, &images)
      || !pmt_reader_get_number (reader, entry, "unit_value", PMT_READ_OPTIONAL,
                                 MIN_UNIT_VALUE, MAX_UNIT_VALUE, &unit_value)
      || !pmt_reader_get_operations (reader, entry, "operations",
                                     PMT_READ_OPTIONAL, &operations))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *ignored = NULL;

      if (!pmt_reader_get_string (reader, entry, names[i], PMT_READ_OPTIONAL,
                                  NULL, MAX_TEXT, &ignored))
        return FALSE;
    }
  if (get (entry, "fixed") != NULL && !cJSON_IsObject (get (entry, "fixed")))
    return pmt_reader_fail (reader, get (entry, "fixed"),
                            _ ("“%s” must be an object."), "fixed");
  if (get (entry, "omit") != NULL && !cJSON_IsObject (get (entry, "omit")))
    return pmt_reader_fail (reader, get (entry, "omit"),
                            _ ("“%s” must be an object."), "omit");
  return TRUE;
}

static gboolean
read_entry (PmtManifestReader *reader,
            const cJSON *entry,
            guint model_operations,
            GPtrArray *services)
{
  PmtModelService *service = g_new0 (PmtModelService, 1);
  guint operations = 0;

  g_ptr_array_add (services, service);
  service->type = g_strdup (entry->string);
  service->model = g_strdup ("");
  if (!pmt_reader_check_keys (reader, entry, NULL)
      || !pmt_reader_get_string (reader, entry, "model", PMT_READ_MAY_BE_EMPTY,
                                 NULL, MAX_TEXT, &service->model)
      || !check_entry (reader, entry))
    return FALSE;
  if (!pmt_reader_get_operations (reader, entry, "operations",
                                  PMT_READ_OPTIONAL, &operations))
    return FALSE;
  if ((operations & ~model_operations) != 0)
    return pmt_reader_fail (reader, get (entry, "operations"),
                            _ ("“%s” names an operation that is not in "
                               "“operations” of the model."),
                            "operations");
  service->json = cJSON_Duplicate (entry, TRUE);
  return TRUE;
}

gboolean
pmt_model_services_read (PmtManifestReader *reader,
                         guint operations,
                         GPtrArray *services)
{
  const cJSON *object = get (reader->root, "services");
  const cJSON *node;

  if (object == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, object, NULL))
    return FALSE;
  if (cJSON_GetArraySize (object) < 1
      || cJSON_GetArraySize (object) > MAX_SERVICES)
    return pmt_reader_fail (reader, object,
                            _ ("“services” must have 1 to %d members."),
                            MAX_SERVICES);
  cJSON_ArrayForEach (node, object)
  {
    if (!read_entry (reader, node, operations, services))
      return FALSE;
  }
  return TRUE;
}

const gchar *
pmt_model_service_get_model (const PmtModelService *service,
                             PmtOperation operation)
{
  const cJSON *models = get (service->json, "models");
  const gchar *name =
      cJSON_GetStringValue (get (models, pmt_operation_to_string (operation)));

  return name != NULL ? name : service->model;
}

gboolean
pmt_model_service_supports (const PmtModelService *service,
                            PmtOperation operation)
{
  const cJSON *list = get (service->json, "operations");
  const cJSON *node;

  if (list == NULL)
    return TRUE;
  cJSON_ArrayForEach (node, list)
  {
    if (g_strcmp0 (node->valuestring, pmt_operation_to_string (operation)) == 0)
      return TRUE;
  }
  return FALSE;
}

const gchar *
pmt_model_service_get_text (const PmtModelService *service, const gchar *name)
{
  return cJSON_GetStringValue (get (service->json, name));
}

gdouble
pmt_model_service_get_send (const PmtModelService *service,
                            const gchar *name,
                            gdouble fallback)
{
  const cJSON *node = get (get (service->json, "send"), name);

  return cJSON_IsNumber (node) ? node->valuedouble : fallback;
}

const gchar *
pmt_model_service_get_format (const PmtModelService *service)
{
  const gchar *format =
      cJSON_GetStringValue (get (get (service->json, "send"), "format"));

  return format != NULL ? format : "png";
}

guint
pmt_model_service_get_images (const PmtModelService *service)
{
  const cJSON *node = get (service->json, "images");

  return cJSON_IsNumber (node) ? (guint)node->valuedouble : 1;
}

gdouble
pmt_model_service_get_unit_value (const PmtModelService *service)
{
  const cJSON *node = get (service->json, "unit_value");

  return cJSON_IsNumber (node) ? node->valuedouble : 1.0;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-info.c: which nodes a ComfyUI server has (/object_info). */
#include "config.h"

#include "remote/comfyui-info.h"

#include <glib/gi18n-lib.h>

#include "remote/lists.h"
#include "remote/server-names.h"

struct _PmtComfyInfo
{
  GHashTable *classes; /* names to cJSON */
};

PmtComfyInfo *
pmt_comfy_info_new (void)
{
  PmtComfyInfo *info = g_new0 (PmtComfyInfo, 1);

  info->classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)cJSON_Delete);
  return info;
}

void
pmt_comfy_info_free (PmtComfyInfo *info)
{
  if (info == NULL)
    return;
  g_hash_table_unref (info->classes);
  g_free (info);
}

void
pmt_comfy_info_add (PmtComfyInfo *info, const cJSON *json)
{
  const cJSON *node;

  if (!cJSON_IsObject (json))
    return;
  cJSON_ArrayForEach (node, json)
  {
    if (cJSON_IsObject (node))
      g_hash_table_replace (info->classes, g_strdup (node->string),
                            cJSON_Duplicate (node, TRUE));
  }
}

gboolean
pmt_comfy_info_load (PmtComfyInfo *info,
                     PmtRemoteCall *call,
                     const gchar *const *classes,
                     GError **error)
{
  for (guint i = 0; classes[i] != NULL; i++)
    {
      g_autofree gchar *path = g_strconcat ("/object_info/", classes[i], NULL);
      g_autoptr (cJSON) json = NULL;

      if (pmt_comfy_info_has (info, classes[i]))
        continue;
      json = pmt_remote_call_json (call, "GET", path, NULL, NULL, error);
      if (json == NULL)
        return FALSE;
      pmt_comfy_info_add (info, json);
    }
  return TRUE;
}

gboolean
pmt_comfy_info_has (const PmtComfyInfo *info, const gchar *name)
{
  return g_hash_table_contains (info->classes, name);
}

/* [type or list, { options }] */
static const cJSON *
find_input (const PmtComfyInfo *info, const gchar *name, const gchar *input)
{
  static const gchar *const groups[] = { "required", "optional" };
  const cJSON *inputs =
      pmt_json_get (g_hash_table_lookup (info->classes, name), "input");

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      const cJSON *spec = cJSON_GetObjectItemCaseSensitive (
          pmt_json_get (inputs, groups[i]), input);

      if (cJSON_IsArray (spec))
        return spec;
    }
  return NULL;
}

gboolean
pmt_comfy_info_has_input (const PmtComfyInfo *info,
                          const gchar *name,
                          const gchar *input)
{
  return find_input (info, name, input) != NULL;
}

gchar **
pmt_comfy_info_get_choices (const PmtComfyInfo *info,
                            const gchar *name,
                            const gchar *input)
{
  const cJSON *spec = find_input (info, name, input);
  const cJSON *list = pmt_json_get (spec, "0");
  g_autoptr (GStrvBuilder) builder = NULL;

  if (spec == NULL || pmt_json_get_bool (spec, "1.image_upload"))
    return NULL;
  if (cJSON_IsString (list))
    list = pmt_json_get (spec, "1.options");
  if (!cJSON_IsArray (list))
    return NULL;
  builder = g_strv_builder_new ();
  pmt_lists_add_names (builder, list, NULL);
  return g_strv_builder_end (builder);
}

/* --------------------------------------------------------------- checking */

static gboolean
check_node (const PmtComfyInfo *info,
            PmtRemoteCall *call,
            const cJSON *node,
            GError **error)
{
  const gchar *name = pmt_json_get_text (node, "class_type");
  const cJSON *input;
  g_autofree gchar *detail = NULL;

  if (name == NULL || !pmt_comfy_info_has (info, name))
    {
      detail = g_strdup_printf (_ ("the server has no node “%s”, which this "
                                   "needs; update ComfyUI"),
                                name);
      return pmt_server_names_refuse_with (call, NULL, detail, error);
    }
  cJSON_ArrayForEach (input, pmt_json_get (node, "inputs"))
  {
    const gchar *value = cJSON_GetStringValue (input);
    g_auto (GStrv) choices =
        value != NULL ? pmt_comfy_info_get_choices (info, name, input->string)
                      : NULL;

    if (choices != NULL
        && !g_strv_contains ((const gchar *const *)choices, value))
      return pmt_server_names_refuse (call, input->string, value,
                                      (const gchar *const *)choices, error);
  }
  return TRUE;
}

gboolean
pmt_comfy_info_check (const PmtComfyInfo *info,
                      PmtRemoteCall *call,
                      const cJSON *graph,
                      GError **error)
{
  const cJSON *node;

  cJSON_ArrayForEach (node, graph)
  {
    if (!check_node (info, call, node, error))
      return FALSE;
  }
  return TRUE;
}

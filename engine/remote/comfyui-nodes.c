/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-nodes.c: nodes, links and the files that they read. */
#include "config.h"

#include "remote/comfyui-nodes.h"

#include <glib/gi18n-lib.h>

#include "remote/server-names.h"

/* ------------------------------------------------------------------- nodes */

cJSON *
pmt_comfy_graph_add (PmtComfyGraph *graph, gint number, const gchar *name)
{
  g_autofree gchar *id = g_strdup_printf ("%d", number);
  cJSON *node = cJSON_AddObjectToObject (graph->nodes, id);

  cJSON_AddStringToObject (node, "class_type", name);
  return cJSON_AddObjectToObject (node, "inputs");
}

void
pmt_comfy_graph_link (cJSON *inputs, const gchar *name, PmtComfyOutput output)
{
  g_autofree gchar *id = g_strdup_printf ("%d", output.node);
  cJSON *value = cJSON_AddArrayToObject (inputs, name);

  cJSON_AddItemToArray (value, cJSON_CreateString (id));
  cJSON_AddItemToArray (value, cJSON_CreateNumber (output.slot));
}

void
pmt_comfy_graph_save (PmtComfyGraph *graph, gint i, PmtComfyOutput picture)
{
  cJSON *inputs = pmt_comfy_graph_add (graph, PMT_COMFY_SAVE + i, "SaveImage");

  pmt_comfy_graph_link (inputs, "images", picture);
  cJSON_AddStringToObject (inputs, "filename_prefix", "pentimento");
}

/* ------------------------------------------------------------------- names */

gchar *
pmt_comfy_graph_find_file (PmtComfyGraph *graph,
                           const gchar *name,
                           const gchar *input,
                           const gchar *param,
                           const gchar *wanted,
                           GError **error)
{
  g_auto (GStrv) choices =
      pmt_comfy_info_get_choices (graph->info, name, input);
  const gchar *const *offered = (const gchar *const *)choices;
  const gchar *found = NULL;
  g_autofree gchar *detail = NULL;

  if (choices != NULL && *wanted != '\0')
    found = pmt_server_names_match_file (wanted, offered);
  else if (choices != NULL)
    found = choices[0];
  if (found != NULL)
    return g_strdup (found);
  if (*wanted != '\0')
    {
      pmt_server_names_refuse (graph->call, param, wanted, offered, error);
      return NULL;
    }
  detail =
      g_strdup_printf (_ ("the server has no file for the node “%s”"), name);
  pmt_server_names_refuse_with (graph->call, param, detail, error);
  return NULL;
}

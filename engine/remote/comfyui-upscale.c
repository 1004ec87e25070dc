/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-upscale.c: graphs that enlarge a picture. */
#include "config.h"

#include <math.h>

#include "remote/comfyui-nodes.h"

/* --------------------------------------------------------------- upscaling */

/* "4x-UltraSharp.pth", "RealESRGAN_x2plus.pth": 4, 2; 0: not told. */
static gint
scale_of_name (const gchar *name)
{
  for (; *name != '\0'; name++)
    {
      if (g_ascii_isdigit (name[0]) && g_ascii_tolower (name[1]) == 'x')
        return g_ascii_digit_value (name[0]);
      if (g_ascii_tolower (name[0]) == 'x' && g_ascii_isdigit (name[1]))
        return g_ascii_digit_value (name[1]);
    }
  return 0;
}

static void
add_scale (PmtComfyGraph *graph, gint width, gint height)
{
  cJSON *inputs = pmt_comfy_graph_add (graph, PMT_COMFY_SCALE, "ImageScale");

  pmt_comfy_graph_link (inputs, "image",
                        (PmtComfyOutput){ PMT_COMFY_UPSCALE, 0 });
  cJSON_AddStringToObject (inputs, "upscale_method", "lanczos");
  cJSON_AddNumberToObject (inputs, "width", width);
  cJSON_AddNumberToObject (inputs, "height", height);
  cJSON_AddStringToObject (inputs, "crop", "disabled");
}

gboolean
pmt_comfy_graph_fill_upscale (PmtComfyGraph *graph, GError **error)
{
  const PmtRemoteTask *task = graph->task;
  const PmtPictureHead *head = &task->image_head;
  const gdouble scale = task->operation == PMT_OPERATION_ENHANCE ? 1.0
                        : task->scale > 0.0                      ? task->scale
                                                                 : 2.0;
  const gint width =
      task->width > 0 ? task->width : (gint)round (head->width * scale);
  const gint height =
      task->height > 0 ? task->height : (gint)round (head->height * scale);
  const gchar *wanted = pmt_params_get_string (task->params, "upscaler", "");
  g_autofree gchar *name = NULL;
  gint factor;
  cJSON *inputs;

  if (*wanted == '\0' && task->model_name != NULL)
    wanted = task->model_name;
  name = pmt_comfy_graph_find_file (graph, "UpscaleModelLoader", "model_name",
                                    "upscaler", wanted, error);
  if (name == NULL)
    return FALSE;
  cJSON_AddStringToObject (
      pmt_comfy_graph_add (graph, PMT_COMFY_IMAGE, "LoadImage"), "image", "");
  cJSON_AddStringToObject (pmt_comfy_graph_add (graph, PMT_COMFY_UPSCALE_MODEL,
                                                "UpscaleModelLoader"),
                           "model_name", name);
  inputs =
      pmt_comfy_graph_add (graph, PMT_COMFY_UPSCALE, "ImageUpscaleWithModel");
  pmt_comfy_graph_link (inputs, "upscale_model",
                        (PmtComfyOutput){ PMT_COMFY_UPSCALE_MODEL, 0 });
  pmt_comfy_graph_link (inputs, "image",
                        (PmtComfyOutput){ PMT_COMFY_IMAGE, 0 });
  factor = scale_of_name (name);
  if (factor * head->width != width || factor * head->height != height)
    add_scale (graph, width, height);
  pmt_comfy_graph_save (
      graph, 0,
      (PmtComfyOutput){ cJSON_HasObjectItem (graph->nodes, "42")
                            ? PMT_COMFY_SCALE
                            : PMT_COMFY_UPSCALE,
                        0 });
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-graph.c: graphs of nodes, as ComfyUI runs them. */
#include "config.h"

#include "remote/comfyui-nodes.h"

#include <string.h>

#include "remote/server-names.h"

static const gchar *const diffusion_classes[] = { "CheckpointLoaderSimple",
                                                  "CLIPSetLastLayer",
                                                  "CLIPTextEncode",
                                                  "EmptyLatentImage",
                                                  "InpaintModelConditioning",
                                                  "KSampler",
                                                  "LoadImage",
                                                  "LoadImageMask",
                                                  "LoraLoader",
                                                  "SaveImage",
                                                  "SetLatentNoiseMask",
                                                  "VAEDecode",
                                                  "VAEEncode",
                                                  "VAEEncodeForInpaint",
                                                  "VAELoader",
                                                  NULL };
static const gchar *const upscale_classes[] = {
  "ImageScale", "ImageUpscaleWithModel", "LoadImage",
  "SaveImage",  "UpscaleModelLoader",    NULL
};

static gboolean
is_upscale (PmtOperation operation)
{
  return operation == PMT_OPERATION_UPSCALE
         || operation == PMT_OPERATION_ENHANCE;
}

const gchar *const *
pmt_comfy_graph_classes (PmtOperation operation)
{
  return is_upscale (operation) ? upscale_classes : diffusion_classes;
}

static void
replace_text (cJSON *graph, gint number, const gchar *value)
{
  g_autofree gchar *id = g_strdup_printf ("%d", number);
  cJSON *inputs = cJSON_GetObjectItemCaseSensitive (
      cJSON_GetObjectItemCaseSensitive (graph, id), "inputs");

  if (inputs != NULL)
    cJSON_ReplaceItemInObjectCaseSensitive (inputs, "image",
                                            cJSON_CreateString (value));
}

void
pmt_comfy_graph_set_image (cJSON *graph, const gchar *name)
{
  replace_text (graph, PMT_COMFY_IMAGE, name);
}

void
pmt_comfy_graph_set_mask (cJSON *graph, const gchar *name)
{
  replace_text (graph, PMT_COMFY_MASK, name);
}

/* @usual: (nullable): for "auto"; else the first that the server has. */
static gchar *
find_choice (PmtComfyGraph *graph,
             const gchar *input,
             const gchar *param,
             const gchar *wanted,
             const gchar *usual,
             GError **error)
{
  g_auto (GStrv) choices =
      pmt_comfy_info_get_choices (graph->info, "KSampler", input);
  const gchar *const *offered = (const gchar *const *)choices;
  const gboolean is_auto = g_str_equal (wanted, "auto");
  const gchar *name = is_auto ? usual : wanted;
  const gchar *found =
      name != NULL ? pmt_server_names_match (name, offered) : NULL;

  if (found == NULL && is_auto && choices != NULL)
    found = choices[0];
  if (found != NULL)
    return g_strdup (found);
  pmt_server_names_refuse (graph->call, param, wanted, offered, error);
  return NULL;
}

/* --------------------------------------------------------------- the model */

static gboolean
add_loras (PmtComfyGraph *graph, GError **error)
{
  const GArray *loras = graph->settings->loras;

  for (guint i = 0; i < loras->len; i++)
    {
      const PmtServerLora *lora = &g_array_index (loras, PmtServerLora, i);
      g_autofree gchar *name = pmt_comfy_graph_find_file (
          graph, "LoraLoader", "lora_name", "lora", lora->name, error);
      cJSON *inputs;

      if (name == NULL)
        return FALSE;
      inputs =
          pmt_comfy_graph_add (graph, PMT_COMFY_LORA + (gint)i, "LoraLoader");
      pmt_comfy_graph_link (inputs, "model", graph->model);
      pmt_comfy_graph_link (inputs, "clip", graph->clip);
      cJSON_AddStringToObject (inputs, "lora_name", name);
      cJSON_AddNumberToObject (inputs, "strength_model", lora->strength);
      cJSON_AddNumberToObject (inputs, "strength_clip", lora->strength);
      graph->model = (PmtComfyOutput){ PMT_COMFY_LORA + (gint)i, 0 };
      graph->clip = (PmtComfyOutput){ PMT_COMFY_LORA + (gint)i, 1 };
    }
  return TRUE;
}

static gboolean
add_vae (PmtComfyGraph *graph, GError **error)
{
  const gchar *vae = pmt_params_get_string (graph->task->params, "vae", "");
  g_autofree gchar *name = NULL;

  if (*vae == '\0')
    return TRUE;
  name = pmt_comfy_graph_find_file (graph, "VAELoader", "vae_name", "vae", vae,
                                    error);
  if (name == NULL)
    return FALSE;
  cJSON_AddStringToObject (
      pmt_comfy_graph_add (graph, PMT_COMFY_VAE, "VAELoader"), "vae_name",
      name);
  graph->vae = (PmtComfyOutput){ PMT_COMFY_VAE, 0 };
  return TRUE;
}

static gboolean
add_model (PmtComfyGraph *graph, GError **error)
{
  cJSON *inputs;

  graph->checkpoint = pmt_comfy_graph_find_file (
      graph, "CheckpointLoaderSimple", "ckpt_name", "checkpoint",
      graph->settings->checkpoint, error);
  if (graph->checkpoint == NULL)
    return FALSE;
  inputs = pmt_comfy_graph_add (graph, PMT_COMFY_CHECKPOINT,
                                "CheckpointLoaderSimple");
  cJSON_AddStringToObject (inputs, "ckpt_name", graph->checkpoint);
  graph->model = (PmtComfyOutput){ PMT_COMFY_CHECKPOINT, 0 };
  graph->clip = (PmtComfyOutput){ PMT_COMFY_CHECKPOINT, 1 };
  graph->vae = (PmtComfyOutput){ PMT_COMFY_CHECKPOINT, 2 };
  if (!add_loras (graph, error) || !add_vae (graph, error))
    return FALSE;
  if (graph->settings->clip_skip <= 0)
    return TRUE;
  inputs = pmt_comfy_graph_add (graph, PMT_COMFY_CLIP_SKIP, "CLIPSetLastLayer");
  pmt_comfy_graph_link (inputs, "clip", graph->clip);
  cJSON_AddNumberToObject (inputs, "stop_at_clip_layer",
                           -graph->settings->clip_skip);
  graph->clip = (PmtComfyOutput){ PMT_COMFY_CLIP_SKIP, 0 };
  return TRUE;
}

static void
add_prompt (PmtComfyGraph *graph, gint number, const gchar *text)
{
  cJSON *inputs = pmt_comfy_graph_add (graph, number, "CLIPTextEncode");

  pmt_comfy_graph_link (inputs, "clip", graph->clip);
  cJSON_AddStringToObject (inputs, "text", text);
}

/* --------------------------------------------------------------- the latent */

/* Checkpoints for inpainting see the mask; others only keep what is outside
 * of it.  Those don't need the old picture when nothing of it is to stay. */
static const gchar *
choose_mask_node (const PmtComfyGraph *graph)
{
  g_autofree gchar *name = g_utf8_casefold (graph->checkpoint, -1);

  if (strstr (name, "inpaint") != NULL
      && pmt_comfy_info_has (graph->info, "InpaintModelConditioning"))
    return "InpaintModelConditioning";
  if (graph->settings->strength < 1.0
      && pmt_comfy_info_has (graph->info, "SetLatentNoiseMask"))
    return "SetLatentNoiseMask";
  if (pmt_comfy_info_has (graph->info, "VAEEncodeForInpaint"))
    return "VAEEncodeForInpaint";
  return "SetLatentNoiseMask";
}

static void
add_inpaint_conditioning (PmtComfyGraph *graph)
{
  cJSON *inputs =
      pmt_comfy_graph_add (graph, PMT_COMFY_MASKED, "InpaintModelConditioning");

  pmt_comfy_graph_link (inputs, "positive", graph->positive);
  pmt_comfy_graph_link (inputs, "negative", graph->negative);
  pmt_comfy_graph_link (inputs, "vae", graph->vae);
  pmt_comfy_graph_link (inputs, "pixels",
                        (PmtComfyOutput){ PMT_COMFY_IMAGE, 0 });
  pmt_comfy_graph_link (inputs, "mask", (PmtComfyOutput){ PMT_COMFY_MASK, 0 });
  /* Older versions always set it. */
  if (pmt_comfy_info_has_input (graph->info, "InpaintModelConditioning",
                                "noise_mask"))
    cJSON_AddTrueToObject (inputs, "noise_mask");
  graph->positive = (PmtComfyOutput){ PMT_COMFY_MASKED, 0 };
  graph->negative = (PmtComfyOutput){ PMT_COMFY_MASKED, 1 };
  graph->latent = (PmtComfyOutput){ PMT_COMFY_MASKED, 2 };
}

static void
add_picture_latent (PmtComfyGraph *graph)
{
  cJSON *inputs = pmt_comfy_graph_add (graph, PMT_COMFY_LATENT, "VAEEncode");

  pmt_comfy_graph_link (inputs, "pixels",
                        (PmtComfyOutput){ PMT_COMFY_IMAGE, 0 });
  pmt_comfy_graph_link (inputs, "vae", graph->vae);
  graph->latent = (PmtComfyOutput){ PMT_COMFY_LATENT, 0 };
}

static void
add_masked_latent (PmtComfyGraph *graph)
{
  const gchar *name = choose_mask_node (graph);
  cJSON *inputs = pmt_comfy_graph_add (graph, PMT_COMFY_MASK, "LoadImageMask");

  cJSON_AddStringToObject (inputs, "image", "");
  cJSON_AddStringToObject (inputs, "channel", "red");
  if (g_str_equal (name, "InpaintModelConditioning"))
    {
      add_inpaint_conditioning (graph);
      return;
    }
  if (g_str_equal (name, "SetLatentNoiseMask"))
    {
      add_picture_latent (graph);
      inputs = pmt_comfy_graph_add (graph, PMT_COMFY_MASKED, name);
      pmt_comfy_graph_link (inputs, "samples", graph->latent);
    }
  else
    {
      inputs = pmt_comfy_graph_add (graph, PMT_COMFY_MASKED, name);
      pmt_comfy_graph_link (inputs, "pixels",
                            (PmtComfyOutput){ PMT_COMFY_IMAGE, 0 });
      pmt_comfy_graph_link (inputs, "vae", graph->vae);
      cJSON_AddNumberToObject (inputs, "grow_mask_by", 6);
    }
  pmt_comfy_graph_link (inputs, "mask", (PmtComfyOutput){ PMT_COMFY_MASK, 0 });
  graph->latent = (PmtComfyOutput){ PMT_COMFY_MASKED, 0 };
}

static void
add_latent (PmtComfyGraph *graph)
{
  cJSON *inputs;

  if (graph->task->image == NULL)
    {
      inputs =
          pmt_comfy_graph_add (graph, PMT_COMFY_LATENT, "EmptyLatentImage");
      cJSON_AddNumberToObject (inputs, "width", graph->settings->width);
      cJSON_AddNumberToObject (inputs, "height", graph->settings->height);
      cJSON_AddNumberToObject (inputs, "batch_size", 1);
      graph->latent = (PmtComfyOutput){ PMT_COMFY_LATENT, 0 };
      return;
    }
  cJSON_AddStringToObject (
      pmt_comfy_graph_add (graph, PMT_COMFY_IMAGE, "LoadImage"), "image", "");
  if (graph->task->mask != NULL)
    add_masked_latent (graph);
  else
    add_picture_latent (graph);
}

/* ---------------------------------------------------------------- sampling */

static void
add_branch (PmtComfyGraph *graph,
            guint i,
            const gchar *sampler,
            const gchar *schedule)
{
  const gint number = (gint)i;
  cJSON *inputs =
      pmt_comfy_graph_add (graph, PMT_COMFY_SAMPLE + number, "KSampler");

  pmt_comfy_graph_link (inputs, "model", graph->model);
  cJSON_AddNumberToObject (inputs, "seed", (guint32)(graph->task->seed + i));
  cJSON_AddNumberToObject (inputs, "steps", graph->settings->steps);
  cJSON_AddNumberToObject (inputs, "cfg", graph->settings->cfg);
  cJSON_AddStringToObject (inputs, "sampler_name", sampler);
  cJSON_AddStringToObject (inputs, "scheduler", schedule);
  pmt_comfy_graph_link (inputs, "positive", graph->positive);
  pmt_comfy_graph_link (inputs, "negative", graph->negative);
  pmt_comfy_graph_link (inputs, "latent_image", graph->latent);
  cJSON_AddNumberToObject (
      inputs, "denoise",
      graph->task->image != NULL ? graph->settings->strength : 1.0);
  inputs = pmt_comfy_graph_add (graph, PMT_COMFY_DECODE + number, "VAEDecode");
  pmt_comfy_graph_link (inputs, "samples",
                        (PmtComfyOutput){ PMT_COMFY_SAMPLE + number, 0 });
  pmt_comfy_graph_link (inputs, "vae", graph->vae);
  pmt_comfy_graph_save (graph, number,
                        (PmtComfyOutput){ PMT_COMFY_DECODE + number, 0 });
}

static gboolean
fill_diffusion (PmtComfyGraph *graph, GError **error)
{
  const PmtServerSettings *settings = graph->settings;
  const guint n =
      MIN (graph->task->n_images, PMT_COMFY_DECODE - PMT_COMFY_SAMPLE);
  g_autofree gchar *sampler =
      find_choice (graph, "sampler_name", "sampler", settings->sampler,
                   settings->usual_sampler, error);
  g_autofree gchar *schedule =
      sampler != NULL ? find_choice (graph, "scheduler", "schedule",
                                     settings->schedule, "normal", error)
                      : NULL;

  if (schedule == NULL || !add_model (graph, error))
    return FALSE;
  add_prompt (graph, PMT_COMFY_POSITIVE, settings->prompt);
  add_prompt (graph, PMT_COMFY_NEGATIVE, settings->negative);
  graph->positive = (PmtComfyOutput){ PMT_COMFY_POSITIVE, 0 };
  graph->negative = (PmtComfyOutput){ PMT_COMFY_NEGATIVE, 0 };
  add_latent (graph);
  for (guint i = 0; i < n; i++)
    add_branch (graph, i, sampler, schedule);
  return TRUE;
}

/* ------------------------------------------------------------------ public */

cJSON *
pmt_comfy_graph_new (PmtRemoteCall *call,
                     const PmtComfyInfo *info,
                     const PmtRemoteTask *task,
                     const PmtServerSettings *settings,
                     GError **error)
{
  g_autoptr (cJSON) nodes = cJSON_CreateObject ();
  PmtComfyGraph graph = { .call = call,
                          .info = info,
                          .task = task,
                          .settings = settings,
                          .nodes = nodes };
  const gboolean is_ok = is_upscale (task->operation)
                             ? pmt_comfy_graph_fill_upscale (&graph, error)
                             : fill_diffusion (&graph, error);

  g_free (graph.checkpoint);
  if (!is_ok || !pmt_comfy_info_check (info, call, nodes, error))
    return NULL;
  return g_steal_pointer (&nodes);
}

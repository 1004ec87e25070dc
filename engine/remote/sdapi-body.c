/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* sdapi-body.c: what is sent to txt2img, img2img and extra-single-image. */
#include "config.h"

#include "remote/sdapi.h"

#include <math.h>

#include "remote/server-names.h"
#include "remote/server-settings.h"

/* Pixels that are made at once; more go one after the other. */
#define MAX_BATCH_PIXELS ((gint64)2048 * 1024)
#define MAX_BATCH 8

typedef enum
{
  FILL_WITH_COLORS = 0, /* of what surrounds the mask, blurred */
  FILL_WITH_ORIGINAL = 1
} SdapiFill;

/* Replaces @name where the manifest has set it. */
static void
set (cJSON *body, const gchar *name, cJSON *value)
{
  cJSON_DeleteItemFromObjectCaseSensitive (body, name);
  cJSON_AddItemToObject (body, name, value);
}

static void
set_number (cJSON *body, const gchar *name, gdouble value)
{
  set (body, name, cJSON_CreateNumber (value));
}

static void
set_bool (cJSON *body, const gchar *name, gboolean value)
{
  set (body, name, cJSON_CreateBool (value));
}

/* -------------------------------------------------------------- the prompt */

/* These servers take LoRAs from the prompt. */
static gboolean
add_prompt (PmtRemoteCall *call,
            const PmtServerSettings *settings,
            cJSON *body,
            GError **error)
{
  GString *prompt = g_string_new (settings->prompt);
  gboolean is_ok = TRUE;

  for (guint i = 0; is_ok && i < settings->loras->len; i++)
    {
      const PmtServerLora *lora =
          &g_array_index (settings->loras, PmtServerLora, i);
      g_autofree gchar *name =
          pmt_server_names_find (call, "lora", lora->name, error);
      gchar strength[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (strength, sizeof strength, "%.6g", lora->strength);
      is_ok = name != NULL;
      if (is_ok)
        g_string_append_printf (prompt, " <lora:%s:%s>", name, strength);
    }
  set (body, "prompt", cJSON_CreateString (prompt->str));
  set (body, "negative_prompt", cJSON_CreateString (settings->negative));
  g_string_free (prompt, TRUE);
  return is_ok;
}

/* Checkpoint, VAE and clip skip are settings of the server; they are its own
 * again afterwards. */
static gboolean
add_overrides (PmtRemoteCall *call,
               const PmtRemoteTask *task,
               const PmtServerSettings *settings,
               cJSON *body,
               GError **error)
{
  const gchar *vae = pmt_params_get_string (task->params, "vae", "");
  cJSON *overrides = cJSON_CreateObject ();
  g_autofree gchar *name = NULL;

  set (body, "override_settings", overrides);
  set_bool (body, "override_settings_restore_afterwards", TRUE);
  if (*settings->checkpoint != '\0')
    {
      name = pmt_server_names_find (call, "checkpoint", settings->checkpoint,
                                    error);
      if (name == NULL)
        return FALSE;
      set (overrides, "sd_model_checkpoint", cJSON_CreateString (name));
    }
  if (settings->clip_skip > 0)
    set_number (overrides, "CLIP_stop_at_last_layers", settings->clip_skip);
  if (*vae == '\0')
    return TRUE;
  g_free (name);
  name = pmt_server_names_find (call, "vae", vae, error);
  if (name != NULL)
    set (overrides, "sd_vae", cJSON_CreateString (name));
  return name != NULL;
}

static gboolean
add_sampling (PmtRemoteCall *call,
              const PmtServerSettings *settings,
              cJSON *body,
              GError **error)
{
  g_autofree gchar *sampler = NULL;
  g_autofree gchar *schedule = NULL;

  if (!pmt_server_settings_find_sampler (settings, call, &sampler, error)
      || !pmt_server_settings_find_schedule (settings, call, &schedule, error))
    return FALSE;
  if (sampler != NULL)
    set (body, "sampler_name", cJSON_CreateString (sampler));
  if (schedule != NULL)
    set (body, "scheduler", cJSON_CreateString (schedule));
  set_number (body, "steps", settings->steps);
  set_number (body, "cfg_scale", settings->cfg);
  return TRUE;
}

/* ---------------------------------------------------------------- pictures */

static void
add_count (const PmtRemoteTask *task,
           const PmtServerSettings *settings,
           cJSON *body)
{
  const gint64 pixels = MAX ((gint64)settings->width * settings->height, 1);
  guint batch = (guint)CLAMP (MAX_BATCH_PIXELS / pixels, 1,
                              MIN (task->n_images, MAX_BATCH));

  while (task->n_images % batch != 0)
    batch--;
  set_number (body, "batch_size", batch);
  set_number (body, "n_iter", task->n_images / batch);
}

static void
add_seed (const PmtRemoteTask *task, cJSON *body)
{
  const gdouble variation =
      pmt_params_get_number (task->params, "variation", 0.0);

  set_number (body, "seed", task->seed);
  if (variation <= 0.0)
    return;
  set_number (body, "subseed",
              (gdouble)pmt_params_get_int (task->params, "variation-seed", 0));
  set_number (body, "subseed_strength", variation);
}

/* The crop is cut and the mask feathered already; white is what changes. */
static void
add_pictures (const PmtRemoteTask *task,
              const PmtServerSettings *settings,
              cJSON *body)
{
  cJSON *images = cJSON_CreateArray ();

  cJSON_AddItemToArray (images, pmt_picture_to_json (task->image, ""));
  set (body, "init_images", images);
  set_number (body, "resize_mode", 0);
  set_number (body, "denoising_strength", settings->strength);
  set_bool (body, "include_init_images", FALSE);
  if (task->mask == NULL)
    return;
  set (body, "mask", pmt_picture_to_json (task->mask, ""));
  /* sd-server has one way to fill only. */
  if (!g_str_equal (task->service->type, "sdapi"))
    return;
  set_number (body, "mask_blur", 0);
  set_number (body, "inpainting_fill",
              task->operation == PMT_OPERATION_EXPAND ? FILL_WITH_COLORS
                                                      : FILL_WITH_ORIGINAL);
  set_bool (body, "inpaint_full_res", FALSE);
  set_number (body, "inpaint_full_res_padding", 0);
  set_number (body, "inpainting_mask_invert", 0);
}

static gboolean
fill_body (PmtRemoteCall *call,
           const PmtRemoteTask *task,
           const PmtServerSettings *settings,
           cJSON *body,
           GError **error)
{
  if (!add_overrides (call, task, settings, body, error)
      || !add_prompt (call, settings, body, error)
      || !add_sampling (call, settings, body, error))
    return FALSE;
  set_number (body, "width", settings->width);
  set_number (body, "height", settings->height);
  if (pmt_params_get_bool (task->params, "tile", FALSE))
    set_bool (body, "tiling", TRUE);
  add_seed (task, body);
  add_count (task, settings, body);
  if (task->image != NULL)
    add_pictures (task, settings, body);
  set_bool (body, "send_images", TRUE);
  set_bool (body, "save_images", FALSE);
  return TRUE;
}

/* ------------------------------------------------------------------ extras */

/* What enlarges well where nothing was chosen. */
static const gchar *
usual_upscaler (const gchar *const *offered)
{
  static const gchar *const usual[] = { "R-ESRGAN 4x+", "RealESRGAN_x4plus",
                                        "ESRGAN_4x",    "SwinIR_4x",
                                        "SwinIR 4x",    "Lanczos" };

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      const gchar *found = pmt_server_names_match (usual[i], offered);

      if (found != NULL)
        return found;
    }
  return "None";
}

static gboolean
add_upscaler (PmtRemoteCall *call,
              const PmtRemoteTask *task,
              cJSON *body,
              GError **error)
{
  const gchar *wanted = pmt_params_get_string (task->params, "upscaler", "");
  g_auto (GStrv) offered = NULL;
  g_autofree gchar *name = NULL;

  if (*wanted == '\0' && task->model_name != NULL)
    wanted = task->model_name;
  if (*wanted != '\0')
    name = pmt_server_names_find (call, "upscaler", wanted, error);
  else if (task->operation == PMT_OPERATION_ENHANCE)
    name = g_strdup ("None");
  else
    {
      offered = call->account->provider->list (call, "upscaler", error);
      if (offered != NULL)
        name = g_strdup (usual_upscaler ((const gchar *const *)offered));
    }
  if (name == NULL)
    return FALSE;
  set (body, "upscaler_1", cJSON_CreateString (name));
  return TRUE;
}

static void
add_target (const PmtRemoteTask *task, cJSON *body)
{
  const gdouble scale =
      task->operation == PMT_OPERATION_ENHANCE ? 1.0 : task->scale;

  if (task->width > 0 && task->height > 0
      && task->operation == PMT_OPERATION_UPSCALE)
    {
      set_number (body, "resize_mode", 1);
      set_number (body, "upscaling_resize_w", task->width);
      set_number (body, "upscaling_resize_h", task->height);
      set_bool (body, "upscaling_crop", TRUE);
      return;
    }
  set_number (body, "resize_mode", 0);
  set_number (body, "upscaling_resize", scale > 0.0 ? scale : 2.0);
}

static gboolean
fill_extras (PmtRemoteCall *call,
             const PmtRemoteTask *task,
             cJSON *body,
             GError **error)
{
  const gchar *faces =
      pmt_params_get_string (task->params, "face-restorer", "off");
  const gdouble strength =
      pmt_params_get_number (task->params, "face-strength", 1.0);

  if (task->image == NULL)
    return pmt_remote_call_fail (call, PMT_FAULT_PARAMETER, NULL, error);
  if (!add_upscaler (call, task, body, error))
    return FALSE;
  add_target (task, body);
  set_number (body, "gfpgan_visibility",
              g_str_equal (faces, "gfpgan") ? strength : 0.0);
  set_number (body, "codeformer_visibility",
              g_str_equal (faces, "codeformer") ? strength : 0.0);
  set (body, "image", pmt_picture_to_json (task->image, ""));
  return TRUE;
}

/* ------------------------------------------------------------------ public */

static gboolean
is_extra (const PmtRemoteTask *task)
{
  return task->operation == PMT_OPERATION_UPSCALE
         || task->operation == PMT_OPERATION_ENHANCE;
}

const gchar *
pmt_sdapi_path (const PmtRemoteTask *task)
{
  if (is_extra (task))
    return "/sdapi/v1/extra-single-image";
  return task->image != NULL ? "/sdapi/v1/img2img" : "/sdapi/v1/txt2img";
}

cJSON *
pmt_sdapi_body_new (PmtRemoteCall *call,
                    const PmtRemoteTask *task,
                    const gchar *task_id,
                    GError **error)
{
  g_autoptr (cJSON) body = cJSON_CreateObject ();
  g_auto (PmtServerSettings) settings = PMT_SERVER_SETTINGS_INIT;

  /* What a manifest of the user's has besides. */
  pmt_body_add_params (task, body);
  if (is_extra (task))
    return fill_extras (call, task, body, error) ? g_steal_pointer (&body)
                                                 : NULL;
  if (!pmt_server_settings_init (&settings, call, task, error)
      || !fill_body (call, task, &settings, body, error))
    return NULL;
  set (body, "force_task_id", cJSON_CreateString (task_id));
  return g_steal_pointer (&body);
}

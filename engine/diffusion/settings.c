/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* settings.c: from the parameters of a request to what a run is done with. */
#include "config.h"

#include "diffusion/settings.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "catalog/model.h"

#define MAX_LORAS 20
#define MAX_LORA_STRENGTH 10.0
#define DRAFT_STEPS 8

/* Evaluations of the UNet. */
#define SHORT_RUN 12

/* Usual guidance; InstructPix2Pix and the others alike. */
#define USUAL_CFG 7.0
#define USUAL_IMAGE_CFG 1.5
#define USUAL_STRENGTH 0.6

/* Step presets of distilled checkpoints, by how they were distilled. */
static const struct
{
  const gchar *preset;
  guint steps[4];
} few_steps[] = {
  { "medium", { 0, 2, 4, 4 } },
  { "high", { 0, 4, 6, 8 } },
  { "very-high", { 0, 6, 8, 8 } },
  { "extremely-high", { 0, 8, 12, 12 } },
};

static guint
preset_steps (const PmtModel *model,
              const PmtCheckpoint *checkpoint,
              const gchar *preset)
{
  for (guint i = 0; i < G_N_ELEMENTS (few_steps); i++)
    if (checkpoint->few_steps != PMT_FEW_STEPS_NONE
        && g_str_equal (few_steps[i].preset, preset))
      return few_steps[i].steps[checkpoint->few_steps];
  for (guint i = 0; i < model->steps->len; i++)
    {
      const PmtModelSteps *steps =
          &g_array_index (model->steps, PmtModelSteps, i);

      if (g_str_equal (steps->name, preset))
        return (guint)steps->steps;
    }
  return 30;
}

static void
set_steps (PmtSettings *settings,
           const PmtModel *model,
           const PmtParams *params,
           const PmtCheckpoint *checkpoint)
{
  const gchar *preset = pmt_params_get_string (params, "steps-preset", "high");
  const gint64 steps = pmt_params_get_int (params, "steps", 0);

  settings->is_draft = pmt_params_get_bool (params, "draft", FALSE);
  settings->steps =
      steps > 0 ? (guint)steps : preset_steps (model, checkpoint, preset);
  if (settings->is_draft)
    settings->steps = MIN (settings->steps, DRAFT_STEPS);
}

static PmtSampler
usual_sampler (const PmtModel *model,
               const PmtParams *params,
               const PmtCheckpoint *checkpoint)
{
  const gboolean is_high = g_str_equal (
      pmt_params_get_string (params, "sampler-quality", "normal"), "high");
  const gchar *name = is_high ? model->high_sampler : model->sampler;
  PmtSampler sampler = PMT_SAMPLER_EULER_A;

  if (checkpoint->few_steps == PMT_FEW_STEPS_LCM)
    return PMT_SAMPLER_LCM;
  if (checkpoint->few_steps == PMT_FEW_STEPS_LIGHTNING)
    return PMT_SAMPLER_EULER;
  if (checkpoint->few_steps == PMT_FEW_STEPS_NONE && name != NULL)
    pmt_sampler_from_string (name, &sampler);
  return sampler;
}

static PmtSchedule
usual_schedule (const PmtModel *model,
                PmtSampler sampler,
                const PmtCheckpoint *checkpoint)
{
  PmtSchedule schedule;

  if (model->schedule != NULL
      && pmt_schedule_from_string (model->schedule, &schedule))
    return schedule;
  if (checkpoint->few_steps != PMT_FEW_STEPS_NONE || sampler == PMT_SAMPLER_LCM)
    return PMT_SCHEDULE_SGM_UNIFORM;
  if (sampler == PMT_SAMPLER_DDIM)
    return PMT_SCHEDULE_DDIM_UNIFORM;
  if (sampler == PMT_SAMPLER_UNIPC)
    return PMT_SCHEDULE_NORMAL;
  return PMT_SCHEDULE_KARRAS;
}

static void
set_sampling (PmtSettings *settings,
              const PmtModel *model,
              const PmtParams *params,
              const PmtCheckpoint *checkpoint)
{
  const gchar *sampler = pmt_params_get_string (params, "sampler", "auto");
  const gchar *schedule = pmt_params_get_string (params, "schedule", "auto");
  const gdouble cfg = pmt_params_get_number (params, "cfg", -1.0);

  if (!pmt_sampler_from_string (sampler, &settings->sampler))
    settings->sampler = usual_sampler (model, params, checkpoint);
  if (!pmt_schedule_from_string (schedule, &settings->schedule))
    settings->schedule = usual_schedule (model, settings->sampler, checkpoint);
  settings->cfg = cfg;
  if (cfg < 0.0 && model->cfg > 0.0)
    settings->cfg = model->cfg;
  else if (cfg < 0.0)
    settings->cfg =
        checkpoint->few_steps != PMT_FEW_STEPS_NONE ? 1.0 : USUAL_CFG;
  settings->image_cfg = pmt_params_get_number (params, "image-cfg", -1.0);
  if (settings->image_cfg < 0.0)
    settings->image_cfg =
        model->image_cfg > 0.0 ? model->image_cfg : USUAL_IMAGE_CFG;
}

static void
set_seed (PmtSettings *settings, const PmtParams *params)
{
  const gchar *noise = pmt_params_get_string (params, "noise", "cpu");
  const gchar *like =
      pmt_params_get_string (params, "compatibility", "comfyui");

  settings->seed = (guint32)MAX (pmt_params_get_int (params, "seed", 0), 0);
  settings->variation = pmt_params_get_number (params, "variation", 0.0);
  settings->variation_seed =
      (guint32)pmt_params_get_int (params, "variation-seed", 0);
  settings->noise = g_str_equal (noise, "gpu") ? PMT_NOISE_NV : PMT_NOISE_CPU;
  if (!pmt_convention_from_string (like, &settings->convention))
    settings->convention = PMT_CONVENTION_COMFYUI;
  settings->count = (guint)pmt_params_get_int (params, "count", 1);
}

static void
set_strength (PmtSettings *settings, const PmtParams *params)
{
  settings->strength = pmt_params_get_number (params, "strength", -1.0);
  if (settings->operation == PMT_OPERATION_GENERATE
      || settings->operation == PMT_OPERATION_EDIT)
    settings->strength = 1.0;
  else if (settings->strength < 0.0)
    settings->strength =
        settings->operation == PMT_OPERATION_REIMAGINE ? USUAL_STRENGTH : 1.0;
  settings->stop =
      CLAMP (pmt_params_get_number (params, "stop", 100.0) / 100.0, 0.01, 1.0);
}

static void
set_style (PmtSettings *settings, const PmtParams *params)
{
  settings->style.stylize =
      (gint)pmt_params_get_int (params, "stylize", PMT_STYLIZE_USUAL);
  settings->style.chaos = (gint)pmt_params_get_int (params, "chaos", 0);
  settings->style.weird = (gint)pmt_params_get_int (params, "weird", 0);
}

static void
lora_name_clear (gpointer data)
{
  g_free (((PmtLoraName *)data)->name);
}

static gboolean
fail_lora (const gchar *entry, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“%s” in “lora” can't be read. Write names with strengths "
                  "from -%.0f to %.0f, such as film-look:0.8, and commas "
                  "between them."),
               entry, MAX_LORA_STRENGTH, MAX_LORA_STRENGTH);
  return FALSE;
}

/* NAME or NAME:STRENGTH; names may have colons, as drives of Windows do. */
static gboolean
add_lora (PmtSettings *settings, gchar *entry, GError **error)
{
  gchar *colon = strrchr (entry, ':');
  gchar *end = NULL;
  PmtLoraName lora = { NULL, 1.0 };

  if (colon != NULL)
    lora.strength = g_ascii_strtod (colon + 1, &end);
  if (colon != NULL && (end == colon + 1 || *end != '\0'))
    return fail_lora (entry, error);
  if (!isfinite (lora.strength) || fabs (lora.strength) > MAX_LORA_STRENGTH
      || entry == colon || settings->loras->len == MAX_LORAS)
    return fail_lora (entry, error);
  lora.name =
      colon != NULL ? g_strndup (entry, colon - entry) : g_strdup (entry);
  g_strchomp (lora.name);
  g_array_append_val (settings->loras, lora);
  return TRUE;
}

static gboolean
set_loras (PmtSettings *settings, const gchar *text, GError **error)
{
  g_auto (GStrv) entries = g_strsplit (text, ",", -1);

  settings->loras = g_array_new (FALSE, FALSE, sizeof (PmtLoraName));
  g_array_set_clear_func (settings->loras, lora_name_clear);
  for (guint i = 0; entries[i] != NULL; i++)
    {
      gchar *entry = g_strstrip (entries[i]);

      if (*entry != '\0' && !add_lora (settings, entry, error))
        return FALSE;
    }
  return TRUE;
}

/* Ma et al. 2023 (DeepCache) go up to each fifth in fifty steps; ours are
 * fewer, so that noise levels lie further apart. */
static guint
get_reuse (const PmtParams *params)
{
  const gchar *reuse = pmt_params_get_string (params, "reuse", "off");

  if (g_str_equal (reuse, "balanced"))
    return 2;
  return g_str_equal (reuse, "fast") ? 3 : 1;
}

/* Packing the weights of SD 1.5 takes as long as a pass and saves a fifth of
 * each: a short run is over sooner without.  The number of candidates does not
 * count, since the modes round differently and a candidate made again alone
 * should have the same pixels. */
static PmtNetMode
get_mode (const PmtSettings *settings, const PmtParams *params)
{
  const gchar *memory = pmt_params_get_string (params, "memory", "auto");
  const guint calls =
      (settings->cfg == 1.0 ? 1 : 2)
      * pmt_sampler_calls (settings->sampler, settings->convention,
                           settings->steps + 1, TRUE)
      / settings->reuse;

  if (g_str_equal (memory, "low"))
    return PMT_NET_LOW;
  if (g_str_equal (memory, "fast"))
    return PMT_NET_FAST;
  return calls < SHORT_RUN ? PMT_NET_LOW : PMT_NET_AUTO;
}

gboolean
pmt_settings_init (PmtSettings *settings,
                   const PmtModel *model,
                   const PmtRequest *request,
                   const PmtCheckpoint *checkpoint,
                   GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const gint64 side = pmt_params_get_int (params, "model-size", 0);
  const gchar *vae = pmt_params_get_string (params, "vae", "");

  settings->operation = pmt_request_get_operation (request);
  settings->prompt = pmt_params_get_string (params, "prompt", "");
  settings->negative = pmt_params_get_string (params, "negative-prompt", "");
  settings->clip_skip = (gint)pmt_params_get_int (params, "clip-skip", 0);
  settings->is_seamless = pmt_params_get_bool (params, "tile", FALSE);
  settings->native = side > 0 ? (gint)side : checkpoint->native;
  settings->vae = *vae != '\0' ? vae : NULL;
  set_steps (settings, model, params, checkpoint);
  set_sampling (settings, model, params, checkpoint);
  set_seed (settings, params);
  set_strength (settings, params);
  set_style (settings, params);
  settings->reuse = get_reuse (params);
  settings->mode = get_mode (settings, params);
  settings->is_frugal =
      g_str_equal (pmt_params_get_string (params, "memory", "auto"), "low");
  return set_loras (settings, pmt_params_get_string (params, "lora", ""),
                    error);
}

void
pmt_settings_resolve (const PmtSettings *settings, PmtParams *params)
{
  pmt_params_set_string (params, "sampler",
                         pmt_sampler_to_string (settings->sampler));
  pmt_params_set_string (params, "schedule",
                         pmt_schedule_to_string (settings->schedule));
  pmt_params_unset (params, "sampler-quality");
  pmt_params_set_number (params, "cfg", settings->cfg);
  if (settings->operation == PMT_OPERATION_EDIT)
    pmt_params_set_number (params, "image-cfg", settings->image_cfg);
  if (pmt_params_has (params, "strength"))
    pmt_params_set_number (params, "strength", settings->strength);
  pmt_params_set_int (params, "model-size", settings->native);
  /* A draft has one pass, which no other setting says. */
  if (settings->is_draft)
    return;
  pmt_params_set_int (params, "steps", settings->steps);
  pmt_params_unset (params, "steps-preset");
  pmt_params_unset (params, "draft");
}

void
pmt_settings_clear (PmtSettings *settings)
{
  g_clear_pointer (&settings->loras, g_array_unref);
}

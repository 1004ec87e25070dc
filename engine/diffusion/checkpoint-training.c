/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint-training.c: what a checkpoint was trained to predict. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "diffusion/checkpoint-private.h"

#define MAX_YAML 65536

/* ComfyUI's rule for SD 2.x: those that predict velocity have a wider spread
 * in this tensor.  Source: ComfyUI, comfy/supported_models.py. */
#define V_SPREAD 0.09

static gboolean
set_prediction (PmtCheckpoint *checkpoint, const gchar *name)
{
  if (g_str_equal (name, "epsilon") || g_str_equal (name, "eps"))
    checkpoint->training.prediction = PMT_PREDICTION_EPSILON;
  else if (g_str_equal (name, "v_prediction") || g_str_equal (name, "v"))
    checkpoint->training.prediction = PMT_PREDICTION_V;
  else
    return FALSE;
  return TRUE;
}

static gboolean
fail_value (const PmtConfig *config, const gchar *key, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” asks for a kind of “%s” that is not supported."),
               config->label, key);
  return FALSE;
}

static gboolean
configure_names (PmtCheckpoint *checkpoint,
                 const PmtConfig *config,
                 GError **error)
{
  const gchar *prediction = pmt_config_string (config, "prediction_type");
  const gchar *schedule = pmt_config_string (config, "beta_schedule");
  const gchar *class_name = pmt_config_string (config, "_class_name");

  if (prediction != NULL && !set_prediction (checkpoint, prediction))
    return fail_value (config, "prediction_type", error);
  if (schedule != NULL)
    checkpoint->training.is_scaled_linear =
        g_str_equal (schedule, "scaled_linear");
  if (schedule != NULL && !checkpoint->training.is_scaled_linear
      && !g_str_equal (schedule, "linear"))
    return fail_value (config, "beta_schedule", error);
  if (pmt_config_has (config, "trained_betas"))
    return fail_value (config, "trained_betas", error);
  if (g_strcmp0 (class_name, "LCMScheduler") == 0)
    checkpoint->few_steps = PMT_FEW_STEPS_LCM;
  if (class_name != NULL && strstr (class_name, "FlowMatch") != NULL)
    return fail_value (config, "_class_name", error);
  return TRUE;
}

static gboolean
set_few_steps (PmtCheckpoint *checkpoint, const gchar *name)
{
  static const gchar *const names[] = { "none", "turbo", "lcm", "lightning" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      {
        checkpoint->few_steps = (PmtFewSteps)i;
        return TRUE;
      }
  return FALSE;
}

gboolean
pmt_checkpoint_configure_training (PmtCheckpoint *checkpoint,
                                   const PmtConfig *config,
                                   GError **error)
{
  PmtTraining *training = &checkpoint->training;
  const gchar *few_steps = pmt_config_string (config, "few_steps");

  if (!configure_names (checkpoint, config, error)
      || !pmt_config_int (config, "num_train_timesteps", 1, 100000,
                          &training->timesteps, error)
      || !pmt_config_number (config, "beta_start", 1e-8, 0.999,
                             &training->beta_start, error)
      || !pmt_config_number (config, "beta_end", 1e-8, 0.999,
                             &training->beta_end, error)
      || !pmt_config_bool (config, "rescale_betas_zero_snr",
                           &training->is_zero_snr, error))
    return FALSE;
  if (few_steps != NULL && !set_few_steps (checkpoint, few_steps))
    return fail_value (config, "few_steps", error);
  return TRUE;
}

/* As a word of its own: "Turbocharged" is something else. */
static gboolean
has_word (const gchar *text, const gchar *word)
{
  g_autofree gchar *low = g_ascii_strdown (text, -1);
  const gsize length = strlen (word);

  for (const gchar *at = strstr (low, word); at != NULL;
       at = strstr (at + 1, word))
    if ((at == low || !g_ascii_isalpha (at[-1]))
        && !g_ascii_isalpha (at[length]))
      return TRUE;
  return FALSE;
}

/* Source: Stability-AI/ModelSpec, the keys modelspec.*. */
static void
read_metadata (PmtCheckpoint *checkpoint)
{
  static const gchar *const keys[] = { "modelspec.title",
                                       "modelspec.description",
                                       "modelspec.tags",
                                       "modelspec.usage_hint" };
  static const gchar *const words[] = { "turbo", "lcm", "lightning" };
  PmtWeights *weights = checkpoint->unet.weights;
  const gchar *prediction =
      pmt_weights_get_metadata (weights, "modelspec.prediction_type");

  if (prediction != NULL)
    set_prediction (checkpoint, prediction);
  for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
    {
      const gchar *text = pmt_weights_get_metadata (weights, keys[k]);

      for (guint w = 0; text != NULL && w < G_N_ELEMENTS (words); w++)
        if (checkpoint->few_steps == PMT_FEW_STEPS_NONE
            && has_word (text, words[w]))
          set_few_steps (checkpoint, words[w]);
    }
}

static gboolean
measure_spread (PmtCheckpoint *checkpoint, gdouble *spread, GError **error)
{
  const PmtUnetShape *shape = &checkpoint->unet_shape;
  const gboolean is_ldm = checkpoint->unet.layout == PMT_LAYOUT_LDM;
  const PmtWeight *weight = pmt_part_find (
      &checkpoint->unet,
      is_ldm ? "output_blocks.%d.1.transformer_blocks.0.norm1.bias"
             : "up_blocks.%d.attentions.2.transformer_blocks.0.norm1.bias",
      is_ldm ? shape->n_levels * (shape->res_blocks + 1) - 1
             : shape->n_levels - 1);
  g_autofree gfloat *values = NULL;
  gdouble sum = 0;
  gdouble squares = 0;
  gsize n;

  *spread = 0;
  if (weight == NULL || weight->rank != 1
      || weight->dims[0] != shape->channels[0])
    return TRUE;
  n = (gsize)weight->dims[0];
  values = g_new (gfloat, n);
  if (!pmt_weights_read (checkpoint->unet.weights, weight, 0, n, values, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      sum += (gdouble)values[i];
      squares += (gdouble)values[i] * (gdouble)values[i];
    }
  *spread = sqrt (MAX (0, squares / (gdouble)n - sum * sum / (gdouble)(n * n)));
  return TRUE;
}

gboolean
pmt_checkpoint_guess_training (PmtCheckpoint *checkpoint, GError **error)
{
  PmtTraining *training = &checkpoint->training;
  PmtWeights *weights = checkpoint->unet.weights;
  gdouble spread = 0;

  /* Inpainting models of SD 2.x predict the noise. */
  if (checkpoint->family == PMT_FAMILY_SD2 && checkpoint->kind == PMT_UNET_PLAIN
      && !measure_spread (checkpoint, &spread, error))
    return FALSE;
  /* SDXL models say it by the names of empty tensors. */
  if (spread > V_SPREAD || pmt_weights_find (weights, "v_pred") != NULL)
    training->prediction = PMT_PREDICTION_V;
  if (pmt_weights_find (weights, "ztsnr") != NULL)
    training->is_zero_snr = TRUE;
  read_metadata (checkpoint);
  return TRUE;
}

/* (transfer full) (nullable): the value behind @key, without quotes. */
static gchar *
find_yaml_value (const gchar *text, const gchar *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) halves = g_strsplit (lines[i], ":", 2);
      gchar *comment;

      if (halves[0] == NULL || halves[1] == NULL
          || !g_str_equal (g_strstrip (halves[0]), key))
        continue;
      comment = strchr (halves[1], '#');
      if (comment != NULL)
        *comment = '\0';
      g_strdelimit (halves[1], "\"'", ' ');
      return g_strdup (g_strstrip (halves[1]));
    }
  return NULL;
}

gboolean
pmt_checkpoint_read_yaml (PmtCheckpoint *checkpoint,
                          const gchar *path,
                          GError **error)
{
  g_autofree gchar *text = g_malloc0 (MAX_YAML + 1);
  g_autofree gchar *value = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  stream = g_file_read (file, NULL, error);
  if (stream == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_YAML,
                                   NULL, NULL, error))
    return FALSE;
  value = find_yaml_value (text, "parameterization");
  if (value != NULL)
    set_prediction (checkpoint, value);
  return TRUE;
}

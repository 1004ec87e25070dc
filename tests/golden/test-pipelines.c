/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-pipelines.c: whole runs, from prompt and noise to the picture. */
#include "golden.h"

#include <math.h>
#include <string.h>

#include "diffusion/conditioning.h"
#include "diffusion/lora.h"
#include "diffusion/pass.h"
#include "diffusion/text-encoder.h"
#include "diffusion/vae.h"

/* Share of bytes of a picture that may be off by one; see the README of the
 * golden data: float against double differs in up to 0.07 %. */
#define MAX_OFF_BY_ONE 0.003

/* Fractional ones: a table in double against one in float. */
#define MAX_TIMESTEP 1e-3

static const struct
{
  const gchar *name;
  PmtSampler sampler;
} samplers[] = {
  { "euler", PMT_SAMPLER_EULER },
  { "euler_ancestral", PMT_SAMPLER_EULER_A },
  { "heun", PMT_SAMPLER_HEUN },
  { "dpm_2", PMT_SAMPLER_DPM_2 },
  { "dpm_2_ancestral", PMT_SAMPLER_DPM_2_A },
  { "dpmpp_2s_ancestral", PMT_SAMPLER_DPMPP_2S_A },
  { "dpmpp_2m", PMT_SAMPLER_DPMPP_2M },
  { "dpmpp_sde", PMT_SAMPLER_DPMPP_SDE },
  { "dpmpp_2m_sde", PMT_SAMPLER_DPMPP_2M_SDE },
  { "dpmpp_3m_sde", PMT_SAMPLER_DPMPP_3M_SDE },
  { "lcm", PMT_SAMPLER_LCM },
};

/* What the pipelines of a checkpoint share. */
typedef struct
{
  gchar *name;
  PmtCheckpoint *checkpoint;
  PmtWeights *outputs;
  cJSON *index;
} Set;

/* One pipeline. */
typedef struct
{
  const Set *set;
  const cJSON *entry;
  const gchar *tag;
  const gchar *sampler;
  PmtLoraUse lora;
  PmtUnet *unet;
  gfloat *context[2];
  gfloat *vector[2];
  gint height;
  gint width;
  gfloat *noise; /* of the sampler, in the order of its draws */
  gsize n_noise;
  gsize drawn;
  gdouble *timesteps;
  gsize n_timesteps;
  gsize asked;
  gdouble worst_timestep;
} Pipeline;

static gdouble
get_number (const cJSON *entry, const gchar *key, gdouble fallback)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (entry, key);

  return cJSON_IsNumber (node) ? node->valuedouble : fallback;
}

static const gchar *
get_text (const cJSON *entry, const gchar *key)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (entry, key);

  return cJSON_IsString (node) ? node->valuestring : "";
}

/* --------------------------------------------------------------- prompts -- */

/* The number of a prompt in the list; the negative one is the last. */
static guint
prompt_number (const Set *set, const gchar *prompt)
{
  const cJSON *list = cJSON_GetObjectItemCaseSensitive (set->index, "prompts");
  const cJSON *node;
  guint i = 0;

  cJSON_ArrayForEach (node, list)
  {
    if (strcmp (node->valuestring, prompt) == 0)
      return i;
    i++;
  }
  g_assert_cmpstr (get_text (set->index, "negative"), ==, prompt);
  return i;
}

static PmtNetOptions
net_options (Pipeline *pipeline)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;

  if (pipeline->lora.lora != NULL)
    {
      options.loras = &pipeline->lora;
      options.n_loras = 1;
    }
  return options;
}

/* Encoder @which: its states go to [77, stride] from column @column on. */
static void
encode (Pipeline *pipeline,
        gint which,
        guint prompt,
        gint column,
        gint stride,
        gfloat *context,
        gfloat *projected)
{
  const PmtCheckpoint *checkpoint = pipeline->set->checkpoint;
  const PmtNetOptions options = net_options (pipeline);
  const gboolean is_skipping = strstr (pipeline->tag, "clipskip2") != NULL;
  const gint skip = is_skipping ? 2 : checkpoint->clip_skip;
  const gint width = checkpoint->text_shapes[which].width;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTextEncoder) encoder = pmt_text_encoder_open (
      pipeline->set->checkpoint, which, &options, &error);
  g_autofree gint64 *ids =
      golden_ints (pipeline->set->outputs, NULL, "text_encoder%s.p%u.ids",
                   which == 1 ? "_2" : "", prompt);
  g_autofree gfloat *rows = g_new (gfloat, 77 * width);
  g_autofree gfloat *hidden = g_new (gfloat, 77 * width);
  g_autofree gfloat *pooled = g_new (gfloat, width);
  guint end = 0;

  g_assert_no_error (error);
  while (ids[end] != checkpoint->text_shapes[which].vocabulary - 1)
    end++;
  pmt_text_encoder_embed (encoder, ids, 77, rows, &error);
  g_assert_no_error (error);
  pmt_text_encoder_run (encoder, rows, skip,
                        checkpoint->family != PMT_FAMILY_SDXL, hidden, end,
                        pooled, projected, NULL, &error);
  g_assert_no_error (error);
  for (gint i = 0; i < 77; i++)
    memcpy (context + (gsize)i * stride + column, hidden + (gsize)i * width,
            width * sizeof (gfloat));
}

/* "time_ids=[200,300,8,16,128,192]" of a note, or the size of the picture. */
static void
read_time_ids (const Pipeline *pipeline, gint *ids)
{
  const gchar *at = strstr (get_text (pipeline->entry, "note"), "time_ids=[");

  if (at != NULL)
    at += strlen ("time_ids=[");
  for (gint i = 0; i < 6; i++)
    {
      const gint side = 8 * (i % 2 == 0 ? pipeline->height : pipeline->width);

      ids[i] = at != NULL           ? (gint)strtol (at, (char **)&at, 10)
               : (i == 2 || i == 3) ? 0
                                    : side;
      if (at != NULL)
        at++;
    }
}

static void
make_guide (Pipeline *pipeline, guint i, const gchar *prompt)
{
  const PmtCheckpoint *checkpoint = pipeline->set->checkpoint;
  const gint width = checkpoint->unet_shape.context;
  const guint number = prompt_number (pipeline->set, prompt);
  g_autofree gfloat *projected = NULL;
  gint ids[6];

  pipeline->context[i] = g_new (gfloat, 77 * width);
  if (checkpoint->n_texts == 2)
    projected = g_new (gfloat, checkpoint->text_shapes[1].projection);
  encode (pipeline, 0, number, 0, width, pipeline->context[i], NULL);
  if (checkpoint->n_texts < 2)
    return;
  encode (pipeline, 1, number, checkpoint->text_shapes[0].width, width,
          pipeline->context[i], projected);
  read_time_ids (pipeline, ids);
  {
    const PmtConditioning conditioning = {
      .pooled = projected,
      .pooled_width = checkpoint->text_shapes[1].projection,
    };

    pipeline->vector[i] = g_new (gfloat, checkpoint->unet_shape.vector);
    pmt_conditioning_vector (
        &conditioning, ids[0], ids[1], ids[2], ids[3], ids[4], ids[5],
        checkpoint->unet_shape.time_id_width, pipeline->vector[i]);
  }
}

/* -------------------------------------------------------------- callbacks -- */

static void
draw (gdouble sigma, gdouble sigma_next, gfloat *noise, gpointer data)
{
  Pipeline *pipeline = data;
  const gsize n = (gsize)4 * pipeline->height * pipeline->width;

  g_assert_cmpuint (pipeline->drawn + n, <=, pipeline->n_noise);
  memcpy (noise, pipeline->noise + pipeline->drawn, n * sizeof (gfloat));
  pipeline->drawn += n;
}

static void
on_timestep (gdouble timestep, gpointer data)
{
  Pipeline *pipeline = data;

  g_assert_cmpuint (pipeline->asked, <, pipeline->n_timesteps);
  pipeline->worst_timestep =
      MAX (pipeline->worst_timestep,
           fabs (timestep - pipeline->timesteps[pipeline->asked]));
  pipeline->asked++;
}

/* ----------------------------------------------------------------- picture -- */

static void
check_picture (Pipeline *pipeline, const gfloat *latent)
{
  const Set *set = pipeline->set;
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autofree gchar *name = g_strdup_printf ("%s.image_u8", pipeline->tag);
  const PmtWeight *weight = pmt_weights_find (set->outputs, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtVae) vae = pmt_vae_open (set->checkpoint, &options, &error);
  const gint height = pipeline->height * 8;
  const gint width = pipeline->width * 8;
  const gsize plane = (gsize)height * width;
  const gsize n = (gsize)4 * pipeline->height * pipeline->width;
  g_autofree gfloat *scaled = g_memdup2 (latent, n * sizeof (gfloat));
  g_autofree gfloat *image = g_new (gfloat, 3 * plane);
  g_autofree guint8 *wanted = NULL;
  gsize off = 0;

  g_assert_no_error (error);
  g_assert_nonnull (weight);
  g_assert_cmpuint (weight->length, ==, 3 * plane);
  wanted = g_malloc (weight->length);
  pmt_weights_read_bytes (set->outputs, weight, 0, weight->length, wanted,
                          &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    scaled[i] /= (gfloat)pmt_vae_get_scaling (vae);
  pmt_vae_decode (vae, scaled, pipeline->height, pipeline->width, image, NULL,
                  NULL, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 3 * plane; i++)
    {
      const gfloat value = image[(i % 3) * plane + i / 3] * 0.5f + 0.5f;
      const gint made = (gint)lrintf (CLAMP (value, 0.0f, 1.0f) * 255.0f);
      const gint difference = ABS (made - wanted[i]);

      g_assert_cmpint (difference, <=, 1);
      off += difference;
    }
  g_test_message ("%s/%s: %.4f %% of the bytes off by one", set->name,
                  pipeline->tag, 100.0 * (gdouble)off / (gdouble)(3 * plane));
  g_assert_cmpfloat ((gdouble)off, <=, MAX_OFF_BY_ONE * (gdouble)(3 * plane));
}

/* -------------------------------------------------------------------- run -- */

static gfloat *
to_doubles (PmtWeights *outputs,
            const gchar *tag,
            const gchar *what,
            gdouble **doubles,
            gsize *n)
{
  gfloat *values = golden_floats (outputs, n, "%s.%s", tag, what);

  *doubles = g_new (gdouble, *n);
  for (gsize i = 0; i < *n; i++)
    (*doubles)[i] = values[i];
  return values;
}

/* Noise from the start that is stored: what was added to @init. */
static gfloat *
find_noise (const PmtPass *pass, const gfloat *start, gsize n)
{
  gfloat *noise = g_new0 (gfloat, n);
  g_autofree gfloat *offset = g_new (gfloat, n);
  g_autofree gfloat *unit = g_new (gfloat, n);
  PmtPass probe = *pass;

  probe.noise = noise;
  pmt_pass_begin (&probe, pass->sigmas[0], offset);
  for (gsize i = 0; i < n; i++)
    noise[i] = 1.0f;
  pmt_pass_begin (&probe, pass->sigmas[0], unit);
  for (gsize i = 0; i < n; i++)
    noise[i] = (start[i] - offset[i]) / (unit[i] - offset[i]);
  return noise;
}

static gboolean
after_step (guint step,
            guint n_steps,
            const gfloat *denoised,
            gpointer data,
            GError **error)
{
  return TRUE;
}

static PmtSampler
find_sampler (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (samplers); i++)
    if (strcmp (samplers[i].name, name) == 0)
      return samplers[i].sampler;
  g_error ("the sampler %s is not in the table of this test", name);
}

static void
run_pass (Pipeline *pipeline)
{
  const Set *set = pipeline->set;
  const gchar *tag = pipeline->tag;
  const PmtTraining *training = &set->checkpoint->training;
  const gboolean is_comfyui =
      strstr (get_text (pipeline->entry, "timesteps"), "ComfyUI") != NULL;
  const gboolean is_blended =
      g_str_has_prefix (tag, "inpaint4") || strstr (tag, "blend") != NULL;
  const gboolean is_partial = cJSON_HasObjectItem (pipeline->entry, "strength");
  const gsize n = (gsize)4 * pipeline->height * pipeline->width;
  PmtDiscreteConfig config = PMT_DISCRETE_CONFIG_INIT;
  PmtDenoiser denoiser = { .unet = pipeline->unet };
  PmtPass pass = PMT_PASS_INIT;
  g_autoptr (PmtDiscrete) discrete = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gfloat *init = NULL;
  g_autofree gfloat *mask = NULL;
  g_autofree gfloat *concat = NULL;
  g_autofree gdouble *sigmas = NULL;
  g_autofree gfloat *start =
      golden_floats (set->outputs, NULL, "%s.x_init", tag);
  g_autofree gfloat *noise = NULL;
  g_autofree gfloat *final =
      golden_floats (set->outputs, NULL, "%s.x_final", tag);
  g_autofree gfloat *latent = g_new (gfloat, n);
  g_autofree gchar *what = g_strdup_printf ("%s/%s", set->name, tag);
  gsize n_sigmas;

  config.schedule =
      training->is_scaled_linear ? PMT_BETA_SCALED_LINEAR : PMT_BETA_LINEAR;
  config.beta_start = training->beta_start;
  config.beta_end = training->beta_end;
  config.n_timesteps = (guint)training->timesteps;
  discrete = pmt_discrete_new (&config, &error);
  g_assert_no_error (error);
  g_free (to_doubles (set->outputs, tag, "sigmas", &sigmas, &n_sigmas));

  if (is_partial || is_blended)
    init = golden_floats (set->outputs, NULL, "init.latent");
  if (set->checkpoint->kind != PMT_UNET_PLAIN)
    concat = golden_floats (set->outputs, NULL, "concat");
  /* The first of the further channels of nine is the mask. */
  if (is_blended)
    mask = concat != NULL ? g_memdup2 (concat, n / 4 * sizeof (gfloat))
                          : golden_floats (set->outputs, NULL, "mask.latent");

  denoiser.checkpoint = set->checkpoint;
  denoiser.discrete = discrete;
  denoiser.convention =
      is_comfyui ? PMT_CONVENTION_COMFYUI : PMT_CONVENTION_A1111;
  denoiser.channels = 4;
  denoiser.height = pipeline->height;
  denoiser.width = pipeline->width;
  denoiser.prompt = (PmtGuide){ pipeline->context[0], 77, pipeline->vector[0] };
  denoiser.negative =
      (PmtGuide){ pipeline->context[1], 77, pipeline->vector[1] };
  denoiser.prompt_weight = 1.0;
  denoiser.cfg = get_number (pipeline->entry, "cfg", 1.0);
  denoiser.image_cfg = get_number (pipeline->entry, "image_cfg", 1.0);
  denoiser.concat = concat;
  denoiser.mask = mask;
  denoiser.init = init;
  denoiser.on_timestep = on_timestep;
  denoiser.timestep_data = pipeline;

  pass.denoiser = &denoiser;
  pass.sampler = find_sampler (pipeline->sampler);
  pass.sigmas = sigmas;
  pass.n_sigmas = n_sigmas;
  pass.strength = get_number (pipeline->entry, "strength", 1.0);
  pass.draw = draw;
  pass.draw_data = pipeline;
  pass.step = after_step;
  noise = find_noise (&pass, start, n);
  pass.noise = noise;
  if (is_comfyui && mask != NULL)
    denoiser.noise = noise;
  pmt_denoiser_init (&denoiser, &error);
  g_assert_no_error (error);
  pmt_pass_run (&pass, latent, &error);
  g_assert_no_error (error);
  pmt_denoiser_clear (&denoiser);

  golden_compare (what, latent, final, n, 2e-3 + 1e-4 * golden_max (start, n));
  g_assert_cmpuint (pipeline->drawn, ==, pipeline->n_noise);
  g_assert_cmpuint (pipeline->asked, ==, pipeline->n_timesteps);
  g_assert_cmpfloat (pipeline->worst_timestep, <=,
                     is_comfyui ? 0.0 : MAX_TIMESTEP);
  check_picture (pipeline, latent);
}

static void
pipeline_clear (Pipeline *pipeline)
{
  for (guint i = 0; i < 2; i++)
    {
      g_free (pipeline->context[i]);
      g_free (pipeline->vector[i]);
    }
  g_free (pipeline->noise);
  g_free (pipeline->timesteps);
  pmt_unet_unref (pipeline->unet);
  pmt_lora_unref (pipeline->lora.lora);
}

static void
test_pipeline (const Set *set, const cJSON *entry)
{
  Pipeline pipeline = { .set = set, .entry = entry };
  const gchar *lora = get_text (entry, "lora");
  g_autofree gchar *start = NULL;
  g_autoptr (GError) error = NULL;
  PmtNetOptions options;

  pipeline.tag = get_text (entry, "tag");
  pipeline.sampler = get_text (entry, "sampler");
  start = g_strdup_printf ("%s.x_init", pipeline.tag);
  pipeline.height = (gint)golden_dim (set->outputs, start, 2);
  pipeline.width = (gint)golden_dim (set->outputs, start, 3);
  if (*lora != '\0')
    {
      g_autofree gchar *path = golden_path ("checkpoints/lora/%s", lora);

      pipeline.lora.lora = pmt_lora_open (path, &error);
      g_assert_no_error (error);
      pipeline.lora.strength = (gfloat)get_number (entry, "lora_scale", 1.0);
      pipeline.lora.text_strength = pipeline.lora.strength;
    }
  options = net_options (&pipeline);
  pipeline.unet = pmt_unet_open (set->checkpoint, &options, &error);
  g_assert_no_error (error);
  if (golden_has (set->outputs, "%s.noise", pipeline.tag))
    pipeline.noise = golden_floats (set->outputs, &pipeline.n_noise, "%s.noise",
                                    pipeline.tag);
  g_free (to_doubles (set->outputs, pipeline.tag, "timesteps",
                      &pipeline.timesteps, &pipeline.n_timesteps));
  make_guide (&pipeline, 0, get_text (entry, "prompt"));
  make_guide (&pipeline, 1, get_text (entry, "negative"));
  run_pass (&pipeline);
  pipeline_clear (&pipeline);
}

static void
set_free (gpointer data)
{
  Set *set = data;

  pmt_checkpoint_unref (set->checkpoint);
  pmt_weights_unref (set->outputs);
  cJSON_Delete (set->index);
  g_free (set->name);
  g_free (set);
}

static void
test_set (gconstpointer data)
{
  Set *set = g_new0 (Set, 1);
  g_autofree gchar *path = NULL;
  g_autoptr (GError) error = NULL;
  const cJSON *list;
  const cJSON *entry;
  guint n = 0;

  set->name = g_strdup (data);
  set->index = golden_json ("outputs/%s.json", set->name);
  set->outputs = golden_open ("outputs/%s.safetensors", set->name);
  path = golden_path ("checkpoints/%s", set->name);
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_free (path);
      path = golden_path ("checkpoints/%s.safetensors", set->name);
    }
  set->checkpoint = pmt_checkpoint_open (path, &error);
  g_assert_no_error (error);
  list = cJSON_GetObjectItemCaseSensitive (set->index, "pipelines");
  cJSON_ArrayForEach (entry, list)
  {
    test_pipeline (set, entry);
    n++;
  }
  g_assert_cmpuint (n, >, 0);
  set_free (set);
}

/* Every index in outputs/ that has pipelines. */
static void
add (void)
{
  g_autofree gchar *folder = golden_path ("outputs");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *name = NULL;
      g_autofree gchar *label = NULL;
      cJSON *index;

      if (!g_str_has_suffix (file, ".json"))
        continue;
      name = g_strndup (file, strlen (file) - strlen (".json"));
      label = g_strdup_printf ("/golden/pipelines/%s", name);
      index = golden_json ("outputs/%s", file);
      if (cJSON_HasObjectItem (index, "pipelines"))
        g_test_add_data_func_full (label, g_steal_pointer (&name), test_set,
                                   g_free);
      cJSON_Delete (index);
    }
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}

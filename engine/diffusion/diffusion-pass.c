/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-pass.c: one pass over a piece: picture in, picture out. */
#include "config.h"

#include "diffusion/diffusion-pass.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/preview.h"
#include "diffusion/seed-noise.h"
#include "diffusion/work-image.h"
#include "image/image-private.h"

/* Shares of the time, roughly. */
#define ENCODE_SHARE 0.08
#define DECODE_SHARE 0.12

/* Decoding at once: 1.36 GB for 512 x 512 (SD 1.5). */
#define VAE_BYTES_PER_PIXEL 5200.0

typedef struct
{
  PmtRun *run;
  const PmtPassInput *input;
  gint channels;
  gint height;
  gint width;
  gfloat *init;
  gfloat *mask;
  gfloat *concat;
  gfloat *noise;
  gfloat *latent;
  PmtSeedNoise *seed_noise;
  GHashTable *vectors; /* PmtConditioning -> SDXL's vector */
  GArray *others;      /* of PmtGuide */
  GArray *weights;     /* of gdouble */
} Work;

static void
work_clear (Work *work)
{
  g_free (work->init);
  g_free (work->mask);
  g_free (work->concat);
  g_free (work->noise);
  g_free (work->latent);
  g_clear_pointer (&work->vectors, g_hash_table_unref);
  g_clear_pointer (&work->others, g_array_unref);
  g_clear_pointer (&work->weights, g_array_unref);
  g_clear_pointer (&work->seed_noise, pmt_seed_noise_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gsize
latent_size (const Work *work)
{
  return (gsize)work->channels * work->height * work->width;
}

static gfloat *
new_latent (const Work *work, gint channels, GError **error)
{
  return pmt_image_alloc (work->width, work->height,
                          (gsize)channels * sizeof (gfloat), error);
}

/* ---------------------------------------------------------------- encode -- */

static void
report_vae (gdouble fraction, gpointer data)
{
  pmt_progress_report (((PmtRun *)data)->progress, fraction);
}

static gboolean
encode (Work *work, const gfloat *image, gfloat *mean, GError **error)
{
  PmtRun *run = work->run;

  return pmt_vae_encode (run->vae, image, work->input->size.height,
                         work->input->size.width, mean, NULL, report_vae, run,
                         run->cancellable, error);
}

static gboolean
encode_init (Work *work, GError **error)
{
  const gfloat scaling = (gfloat)pmt_vae_get_scaling (work->run->vae);
  const gsize n = latent_size (work);

  work->init = new_latent (work, work->channels, error);
  if (work->init == NULL
      || !encode (work, work->input->image, work->init, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    work->init[i] *= scaling;
  return TRUE;
}

/* Nine channels: the mask, and the picture without what is to be made anew;
 * such checkpoints were trained with hard masks. */
static gboolean
encode_masked (Work *work, GError **error)
{
  const PmtWorkSize *size = &work->input->size;
  const gsize n = (gsize)size->width * size->height;
  const gsize plane = (gsize)work->width * work->height;
  const gfloat scaling = (gfloat)pmt_vae_get_scaling (work->run->vae);
  g_autofree gfloat *image =
      pmt_image_alloc (size->width, size->height, 3 * sizeof (gfloat), error);

  if (image == NULL)
    return FALSE;
  for (gint c = 0; c < 3; c++)
    for (gsize i = 0; i < n; i++)
      image[c * n + i] =
          work->input->mask[i] > 0.5f ? 0.0f : work->input->image[c * n + i];
  work->concat = new_latent (work, work->channels + 1, error);
  if (work->concat == NULL
      || !encode (work, image, work->concat + plane, error))
    return FALSE;
  for (gsize i = 0; i < plane; i++)
    work->concat[i] = work->mask[i] >= 0.5f ? 1.0f : 0.0f;
  for (gsize i = plane; i < plane * (work->channels + 1); i++)
    work->concat[i] *= scaling;
  return TRUE;
}

static gboolean
encode_edited (Work *work, GError **error)
{
  work->concat = new_latent (work, work->channels, error);
  return work->concat != NULL
         && encode (work, work->input->image, work->concat, error);
}

static gboolean
prepare_picture (Work *work, GError **error)
{
  const PmtPassInput *input = work->input;
  const PmtUnetKind kind = work->run->checkpoint->kind;

  if (input->mask != NULL)
    work->mask =
        pmt_work_mask_pool (input->mask, input->size.width, input->size.height,
                            pmt_vae_get_factor (work->run->vae));
  if (kind == PMT_UNET_EDIT && !encode_edited (work, error))
    return FALSE;
  if (kind == PMT_UNET_INPAINT && !encode_masked (work, error))
    return FALSE;
  /* From noise alone, the old picture is of no use. */
  return (input->strength >= 1.0 && input->mask == NULL)
         || encode_init (work, error);
}

/* ---------------------------------------------------------------- sample -- */

static gboolean
after_step (guint step,
            guint n_steps,
            const gfloat *denoised,
            gpointer data,
            GError **error)
{
  Work *work = data;
  PmtRun *run = work->run;
  const PmtPreview preview = {
    run->checkpoint, run->tiny,   work->channels,
    work->height,    work->width, work->input->crop,
  };

  if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;
  pmt_preview_report (&preview, denoised, (step + 1.0) / n_steps, run->progress,
                      run->cancellable, &run->last_preview);
  if (step + 1 < n_steps)
    pmt_progress_step (run->progress, step + 2, n_steps);
  return TRUE;
}

/* SDXL is told the size that it works at, as ComfyUI does. */
static const gfloat *
get_vector (Work *work, const PmtConditioning *conditioning)
{
  const PmtUnetShape *shape = &work->run->checkpoint->unet_shape;
  const PmtWorkSize *size = &work->input->size;
  gfloat *vector;

  if (shape->vector == 0)
    return NULL;
  vector = g_hash_table_lookup (work->vectors, conditioning);
  if (vector != NULL)
    return vector;
  vector = g_new0 (gfloat, (gsize)shape->vector);
  pmt_conditioning_vector (conditioning, size->height, size->width, 0, 0,
                           size->height, size->width, shape->time_id_width,
                           vector);
  g_hash_table_insert (work->vectors, (gpointer)conditioning, vector);
  return vector;
}

static PmtGuide
get_guide (Work *work, const PmtPromptPlan *plan, guint line, guint number)
{
  const PmtConditioning *conditioning =
      pmt_prompt_plan_get (plan, line, number);
  const PmtGuide guide = { conditioning->context, conditioning->tokens,
                           get_vector (work, conditioning) };

  return guide;
}

/* A PmtGuideFunc: what the prompts ask for now. */
static void
set_guides (PmtDenoiser *denoiser, guint number, gpointer data)
{
  Work *work = data;
  const PmtPromptPlan *prompt = work->run->prompt;
  const guint n = pmt_prompt_plan_get_n (prompt);

  denoiser->prompt = get_guide (work, prompt, 0, number);
  denoiser->prompt_weight = pmt_prompt_plan_get_weight (prompt, 0);
  denoiser->negative = get_guide (work, work->run->negative, 0, number);
  g_array_set_size (work->others, 0);
  g_array_set_size (work->weights, 0);
  for (guint i = 1; i < n; i++)
    {
      const PmtGuide guide = get_guide (work, prompt, i, number);
      const gdouble weight = pmt_prompt_plan_get_weight (prompt, i);

      g_array_append_val (work->others, guide);
      g_array_append_val (work->weights, weight);
    }
  denoiser->others = (const PmtGuide *)(gpointer)work->others->data;
  denoiser->other_weights = (const gdouble *)(gpointer)work->weights->data;
  denoiser->n_others = n - 1;
}

static void
prepare_noise (Work *work, const PmtPass *pass)
{
  const PmtSettings *settings = work->run->settings;
  const PmtSeedNoiseOptions options = {
    .convention = settings->convention,
    .kind = settings->noise,
    .seed = work->input->seed,
    .variation_seed = settings->variation_seed,
    .variation = settings->variation,
    .channels = work->channels,
    .height = work->height,
    .width = work->width,
  };
  gsize n_sigmas;
  g_autofree gdouble *sigmas = pmt_pass_sigmas (pass, &n_sigmas);

  if (sigmas != NULL)
    pmt_progress_step (work->run->progress, 1, (guint)n_sigmas - 1);
  work->seed_noise = pmt_seed_noise_new (&options, work->noise);
  pmt_style_disturb (&settings->style, work->input->seed, work->channels,
                     work->height, work->width, work->noise);
  if (sigmas != NULL && pmt_sampler_wants_brownian (pass->sampler))
    pmt_seed_noise_set_path (work->seed_noise, sigmas, n_sigmas);
}

static gboolean
run_sampler (Work *work, PmtDenoiser *denoiser, GError **error)
{
  PmtRun *run = work->run;
  const PmtSettings *settings = run->settings;
  PmtPass pass = PMT_PASS_INIT;
  gboolean is_ok;

  pass.denoiser = denoiser;
  pass.sampler = settings->sampler;
  pass.schedule = settings->schedule;
  pass.steps = settings->steps;
  pass.strength = work->input->strength;
  pass.stop = settings->stop;
  pass.noise = work->noise;
  pass.draw = pmt_seed_noise_draw;
  pass.step = after_step;
  pass.step_data = work;
  prepare_noise (work, &pass);
  pass.draw_data = work->seed_noise;
  if (!pmt_denoiser_init (denoiser, error))
    return FALSE;
  is_ok = pmt_pass_run (&pass, work->latent, error);
  pmt_denoiser_clear (denoiser);
  return is_ok;
}

/* Known when the network is open, or when a run of it failed elsewhere. */
static void
keep_fallback (PmtRun *run, PmtUnet *unet)
{
  const gchar *reason = pmt_unet_get_fallback (unet);

  if (run->fallback == NULL)
    run->fallback = g_strdup (reason);
}

static gboolean
sample (Work *work, GError **error)
{
  PmtRun *run = work->run;
  const PmtSettings *settings = run->settings;
  g_autoptr (PmtUnet) unet = pmt_store_get_unet (run->store, run->checkpoint,
                                                 settings, run->job, error);
  PmtDenoiser denoiser = {
    .unet = unet,
    .checkpoint = run->checkpoint,
    .discrete = run->discrete,
    .convention = settings->convention,
    .channels = work->channels,
    .height = work->height,
    .width = work->width,
    .cfg =
        pmt_style_guidance (&settings->style, settings->cfg, work->input->seed),
    .image_cfg = settings->image_cfg,
    .reuse = settings->reuse,
    .concat = work->concat,
    .mask = work->mask,
    .init = work->init,
    .guide = set_guides,
    .guide_data = work,
    .cancellable = run->cancellable,
  };

  if (unet == NULL)
    return FALSE;
  run->has_no_reuse = settings->reuse > 1 && !pmt_unet_has_reuse (unet);
  work->noise = new_latent (work, work->channels, error);
  if (work->noise == NULL)
    return FALSE;
  work->latent = new_latent (work, work->channels, error);
  if (work->latent == NULL)
    return FALSE;
  work->vectors = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  work->others = g_array_new (FALSE, FALSE, sizeof (PmtGuide));
  work->weights = g_array_new (FALSE, FALSE, sizeof (gdouble));
  if (settings->convention == PMT_CONVENTION_COMFYUI && work->init != NULL)
    denoiser.noise = work->noise;
  if (!run_sampler (work, &denoiser, error))
    return FALSE;
  keep_fallback (run, unet);
  return TRUE;
}

/* ---------------------------------------------------------------- decode -- */

static gfloat *
decode (Work *work, GError **error)
{
  PmtRun *run = work->run;
  const PmtWorkSize *size = &work->input->size;
  const gfloat scaling = (gfloat)pmt_vae_get_scaling (run->vae);
  const gsize n = latent_size (work);
  g_autofree gfloat *image =
      pmt_image_alloc (size->width, size->height, 3 * sizeof (gfloat), error);

  if (image == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    work->latent[i] /= scaling;
  if (!pmt_vae_decode (run->vae, work->latent, work->height, work->width, image,
                       report_vae, run, run->cancellable, error))
    return NULL;
  return g_steal_pointer (&image);
}

gboolean
pmt_diffusion_has_room (const PmtRun *run,
                        const PmtWorkSize *size,
                        gdouble times)
{
  const PmtNetMode mode =
      run->settings->mode == PMT_NET_LOW ? PMT_NET_LOW : PMT_NET_FAST;
  const gdouble vae = VAE_BYTES_PER_PIXEL * size->width * size->height;
  const gdouble unet = (gdouble)pmt_unet_estimate_memory (
      run->checkpoint, mode, run->settings->reuse > 1, size->height / 8,
      size->width / 8);

  return !run->settings->is_frugal
         && (unet + vae) * times <= (gdouble)run->job->memory;
}

/* Where both would be more than may be used, the UNet is not there while the
 * VAE works.  After the last pass it is kept for another run only where there
 * is plenty of memory: opening it again takes as long as two passes. */
static void
make_room (const PmtRun *run, const PmtWorkSize *size)
{
  const gdouble times = run->n_passes_left == 0 ? PMT_PLENTY : 1.0;

  if (!pmt_diffusion_has_room (run, size, times))
    pmt_store_drop_unets (run->store);
}

gfloat *
pmt_diffusion_pass (PmtRun *run, const PmtPassInput *input, GError **error)
{
  const gint factor = pmt_vae_get_factor (run->vae);
  g_auto (Work) work = {
    .run = run,
    .input = input,
    .channels = pmt_vae_get_channels (run->vae),
    .height = input->size.height / factor,
    .width = input->size.width / factor,
  };
  gfloat *image = NULL;
  gboolean is_ok;

  if (input->image != NULL)
    {
      pmt_progress_begin (run->progress, N_ ("Reading the picture"),
                          ENCODE_SHARE);
      is_ok = prepare_picture (&work, error);
      pmt_progress_end (run->progress);
      if (!is_ok)
        return NULL;
    }
  pmt_progress_begin (run->progress, N_ ("Taking off noise"),
                      1.0 - DECODE_SHARE
                          - (input->image != NULL ? ENCODE_SHARE : 0.0));
  is_ok = sample (&work, error);
  pmt_progress_end (run->progress);
  if (!is_ok)
    return NULL;
  run->n_passes_left -= MIN (run->n_passes_left, 1);
  make_room (run, &input->size);
  pmt_progress_begin (run->progress, N_ ("Making the picture"), 1.0);
  image = decode (&work, error);
  pmt_progress_end (run->progress);
  return image;
}

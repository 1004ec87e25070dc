/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-run.c: a plan carried out: each piece, each candidate. */
#include "config.h"

#include "diffusion/diffusion-run.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/result-builder.h"
#include "diffusion/diffusion-layers.h"
#include "diffusion/work-image.h"
#include "image/image-private.h"
#include "image/pixels.h"

/* Everything about a piece that its candidates share. */
typedef struct
{
  PmtRun *run;
  const PmtPiece *piece;
  PmtPixels *original; /* NULL: nothing is read */
  GeglBuffer *denoise; /* the denoise mask; NULL: everything is new */
} Work;

static void
work_clear (Work *work)
{
  g_clear_pointer (&work->original, pmt_pixels_free);
  g_clear_object (&work->denoise);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
work_init (Work *work, PmtRun *run, const PmtPiece *piece, GError **error)
{
  GeglBuffer *source = pmt_request_get_source (run->job->request);

  work->run = run;
  work->piece = piece;
  if (run->settings->operation == PMT_OPERATION_GENERATE)
    return TRUE;
  work->original = pmt_pixels_read (source, &piece->crop, error);
  if (work->original == NULL)
    return FALSE;
  pmt_pixels_extend_opaque (work->original);
  if (piece->area == NULL)
    return TRUE;
  work->denoise = pmt_mask_denoise (piece->area);
  if (work->denoise == NULL)
    pmt_image_memory_error (piece->crop.width, piece->crop.height, error);
  return work->denoise != NULL;
}

/* ----------------------------------------------------------------- passes -- */

static gfloat *
run_pass (Work *work,
          const PmtWorkSize *size,
          const gfloat *image,
          gdouble strength,
          guint32 seed,
          GError **error)
{
  PmtRun *run = work->run;
  g_autofree gfloat *mask = NULL;
  PmtPassInput input = {
    .size = *size,
    .crop = work->piece->crop,
    .image = image,
    .strength = strength,
    .seed = seed,
  };

  if (work->denoise != NULL)
    {
      mask = pmt_work_mask_new (work->denoise, &work->piece->crop, size->width,
                                size->height, run->cancellable, error);
      if (mask == NULL)
        return NULL;
      input.mask = mask;
    }
  return pmt_diffusion_pass (run, &input, error);
}

static gfloat *
read_picture (const Work *work, const PmtWorkSize *size, GError **error)
{
  return pmt_work_image_new (work->original, size->width, size->height,
                             work->run->cancellable, error);
}

static gfloat *
first_pass (Work *work, guint32 seed, GError **error)
{
  const PmtWorkSize *size = &work->piece->first;
  g_autofree gfloat *image = NULL;

  if (work->original != NULL)
    {
      image = read_picture (work, size, error);
      if (image == NULL)
        return NULL;
    }
  return run_pass (work, size, image, work->run->settings->strength, seed,
                   error);
}

/* What was not to be changed keeps the detail of the picture. */
static gboolean
keep_detail (const Work *work, gfloat *image, GError **error)
{
  const PmtWorkSize *size = &work->piece->second;
  const gsize n = (gsize)size->width * size->height;
  g_autofree gfloat *mask = NULL;
  g_autofree gfloat *old = NULL;

  if (work->denoise == NULL)
    return TRUE;
  old = read_picture (work, size, error);
  if (old == NULL)
    return FALSE;
  mask = pmt_work_mask_new (work->denoise, &work->piece->crop, size->width,
                            size->height, work->run->cancellable, error);
  if (mask == NULL)
    return FALSE;
  for (gint c = 0; c < 3; c++)
    for (gsize i = 0; i < n; i++)
      {
        gfloat *at = image + c * n + i;

        *at = *at * mask[i] + old[c * n + i] * (1.0f - mask[i]);
      }
  return TRUE;
}

static gfloat *
second_pass (Work *work, const gfloat *first, guint32 seed, GError **error)
{
  const PmtPiece *piece = work->piece;
  const gdouble strength =
      MIN (work->run->settings->strength, PMT_REFINE_STRENGTH);
  g_autofree gfloat *image = pmt_work_image_resize (
      first, piece->first.width, piece->first.height, piece->second.width,
      piece->second.height, work->run->cancellable, error);

  if (image == NULL || !keep_detail (work, image, error))
    return NULL;
  return run_pass (work, &piece->second, image, strength, seed, error);
}

static PmtPixels *
new_pixels (const Work *work, GError **error)
{
  const GeglRectangle *crop = &work->piece->crop;
  g_autoptr (PmtPixels) made = NULL;

  if (work->original != NULL)
    return pmt_pixels_copy (work->original, error);
  made = g_new0 (PmtPixels, 1);
  made->rect = *crop;
  made->rgb =
      pmt_image_alloc (crop->width, crop->height, 3 * sizeof (gfloat), error);
  return made->rgb != NULL ? g_steal_pointer (&made) : NULL;
}

/* A candidate as pixels of the crop. */
static PmtPixels *
make_pixels (Work *work, guint32 seed, GError **error)
{
  const PmtPiece *piece = work->piece;
  PmtProgress *progress = work->run->progress;
  const gboolean has_second = piece->second.width > 0;
  const PmtWorkSize *size = has_second ? &piece->second : &piece->first;
  g_autofree gfloat *image = NULL;
  g_autoptr (PmtPixels) made = NULL;

  /* Not the picture that the VAE makes of it. */
  if (work->original != NULL && work->run->settings->strength == 0.0)
    return pmt_pixels_copy (work->original, error);
  pmt_progress_begin (progress, NULL, has_second ? 0.3 : 1.0);
  image = first_pass (work, seed, error);
  pmt_progress_end (progress);
  if (image != NULL && has_second)
    {
      g_autofree gfloat *first = g_steal_pointer (&image);

      pmt_progress_begin (progress, NULL, 0.7);
      image = second_pass (work, first, seed, error);
      pmt_progress_end (progress);
    }
  if (image == NULL)
    return NULL;
  made = new_pixels (work, error);
  if (made == NULL
      || !pmt_work_image_write (image, size->width, size->height, made,
                                work->run->cancellable, error))
    return NULL;
  return g_steal_pointer (&made);
}

/* ------------------------------------------------------------- candidates -- */

static gboolean
run_candidate (Work *work, guint i, PmtResult *result, GError **error)
{
  const guint32 seed = work->run->job->seed + i;
  g_autoptr (PmtPixels) made = make_pixels (work, seed, error);

  return made != NULL
         && pmt_diffusion_layer_add (work->run, work->piece, work->original,
                                     made, seed, result, error);
}

static gboolean
run_piece (PmtRun *run,
           const PmtPiece *piece,
           PmtResult *result,
           GError **error)
{
  const guint n = run->settings->count;
  gboolean is_ok = TRUE;
  g_auto (Work) work = { 0 };

  if (!work_init (&work, run, piece, error))
    return FALSE;
  for (guint i = 0; i < n && is_ok; i++)
    {
      pmt_progress_begin (run->progress, NULL, 1.0 / n);
      is_ok = run_candidate (&work, i, result, error);
      pmt_progress_end (run->progress);
    }
  return is_ok;
}

/* ------------------------------------------------------------------ whole -- */

static void
run_clear (PmtRun *run)
{
  g_clear_pointer (&run->discrete, pmt_discrete_free);
  g_clear_pointer (&run->prompt, pmt_prompt_plan_free);
  g_clear_pointer (&run->negative, pmt_prompt_plan_free);
  g_clear_pointer (&run->vae, pmt_vae_unref);
  g_clear_pointer (&run->tiny, pmt_vae_unref);
  g_clear_error (&run->tiny_error);
  g_clear_pointer (&run->fallback, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtRun, run_clear)

static PmtDiscrete *
new_discrete (const PmtTraining *training, GError **error)
{
  PmtDiscreteConfig config = PMT_DISCRETE_CONFIG_INIT;

  config.schedule =
      training->is_scaled_linear ? PMT_BETA_SCALED_LINEAR : PMT_BETA_LINEAR;
  config.beta_start = training->beta_start;
  config.beta_end = training->beta_end;
  config.n_timesteps = (guint)training->timesteps;
  config.is_zero_snr = training->is_zero_snr;
  return pmt_discrete_new (&config, error);
}

static gboolean
read_prompts (PmtRun *run, GError **error)
{
  const PmtSettings *settings = run->settings;
  g_autoptr (PmtTextStack) text = pmt_store_get_text (
      run->store, run->checkpoint, settings, run->job, error);
  const guint evaluations = pmt_sampler_calls (
      settings->sampler, settings->convention, settings->steps + 1, TRUE);

  if (text == NULL)
    return FALSE;
  run->prompt = pmt_prompt_plan_new (text, settings->prompt, FALSE,
                                     settings->convention, settings->clip_skip,
                                     evaluations, run->cancellable, error);
  if (run->prompt == NULL)
    return FALSE;
  run->negative = pmt_prompt_plan_new (
      text, settings->negative, TRUE, settings->convention, settings->clip_skip,
      evaluations, run->cancellable, error);
  return run->negative != NULL;
}

/* Half a second to open again, and half a gigabyte that the rest of the run has
 * a use for. */
static void
drop_texts (const PmtRun *run)
{
  const PmtPiece *piece = run->plan->pieces->pdata[0];
  const PmtWorkSize *size =
      piece->second.width > 0 ? &piece->second : &piece->first;

  if (!pmt_diffusion_has_room (run, size, PMT_PLENTY))
    pmt_store_drop_texts (run->store);
}

static gboolean
prepare (PmtRun *run, GError **error)
{
  gboolean is_ok;

  run->discrete = new_discrete (&run->checkpoint->training, error);
  if (run->discrete == NULL)
    return FALSE;
  run->vae = pmt_store_get_vae (run->store, run->checkpoint, run->settings,
                                run->job, error);
  if (run->vae == NULL)
    return FALSE;
  run->tiny = pmt_store_find_tiny_vae (run->store, run->checkpoint, run->job,
                                       &run->tiny_error);
  pmt_progress_begin (run->progress, N_ ("Reading the prompt"), 0.02);
  is_ok = read_prompts (run, error);
  pmt_progress_end (run->progress);
  drop_texts (run);
  return is_ok;
}

/* Multiples of 8 are not every shape that can be asked for. */
static void
note_shape (const PmtRun *run, PmtResult *result)
{
  const PmtParams *params = pmt_request_peek_params (run->job->request);
  const gchar *aspect = pmt_params_get_string (params, "aspect", "");
  const PmtPiece *piece = run->plan->pieces->pdata[0];

  if (*aspect == '\0')
    return;
  if (run->settings->operation == PMT_OPERATION_EXPAND)
    pmt_result_note (result, _ ("Asked for %s; made %d × %d pixels."), aspect,
                     run->plan->canvas.width, run->plan->canvas.height);
  if (run->settings->operation == PMT_OPERATION_GENERATE)
    pmt_result_note (result, _ ("Asked for %s; made %d × %d pixels."), aspect,
                     piece->crop.width, piece->crop.height);
}

static void
add_notes (const PmtRun *run, PmtResult *result)
{
  const PmtSettings *settings = run->settings;

  note_shape (run, result);
  if (run->fallback != NULL)
    pmt_result_note (result, "%s", run->fallback);
  if (run->tiny_error != NULL)
    pmt_result_note (result, _ ("The previews were coarse: %s"),
                     run->tiny_error->message);
  if (run->has_no_reuse)
    pmt_result_note (result, _ ("“Reuse” had no effect: the model is an ONNX "
                                "file."));
  if (settings->cfg == 1.0 && *settings->negative != '\0'
      && run->checkpoint->kind != PMT_UNET_EDIT)
    pmt_result_note (result, _ ("The negative prompt had no effect, since the "
                                "guidance is 1."));
  if (settings->cfg == 1.0
      && (settings->style.chaos > 0
          || settings->style.stylize != PMT_STYLIZE_USUAL))
    pmt_result_note (result, _ ("“Stylize” and “Chaos” change the guidance, "
                                "and had no effect on it, since it is 1."));
  for (guint i = 0; i < run->plan->pieces->len; i++)
    {
      const PmtPiece *piece = run->plan->pieces->pdata[i];
      const PmtWorkSize *size =
          piece->second.width > 0 ? &piece->second : &piece->first;

      if (size->width >= piece->crop.width)
        continue;
      pmt_result_note (result,
                       _ ("The model worked at %d × %d pixels, and the result "
                          "was enlarged to %d × %d."),
                       size->width, size->height, piece->crop.width,
                       piece->crop.height);
      return;
    }
}

PmtResult *
pmt_diffusion_run (PmtStore *store,
                   PmtCheckpoint *checkpoint,
                   const PmtSettings *settings,
                   const PmtPlan *plan,
                   const PmtJob *job,
                   PmtProgress *progress,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (PmtResult) result = pmt_result_new (job);
  g_auto (PmtRun) run = {
    .store = store,
    .checkpoint = checkpoint,
    .settings = settings,
    .plan = plan,
    .job = job,
    .progress = progress,
    .cancellable = cancellable,
  };
  gboolean is_ok = TRUE;

  pmt_result_set_canvas (result, &plan->canvas);
  for (guint i = 0; i < plan->pieces->len; i++)
    run.n_passes_left +=
        settings->count
        * (((const PmtPiece *)plan->pieces->pdata[i])->second.width > 0 ? 2
                                                                        : 1);
  if (!prepare (&run, error))
    return NULL;
  for (guint i = 0; i < plan->pieces->len && is_ok; i++)
    {
      pmt_progress_begin (progress, NULL, 0.98 / plan->pieces->len);
      is_ok = run_piece (&run, plan->pieces->pdata[i], result, error);
      pmt_progress_end (progress);
    }
  if (!is_ok)
    return NULL;
  add_notes (&run, result);
  return g_steal_pointer (&result);
}

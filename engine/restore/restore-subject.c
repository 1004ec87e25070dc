/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-subject.c: work on the subject of a picture, or on what is around
 * it. */
#include "config.h"

#include "restore/restore-subject.h"

#include <glib/gi18n-lib.h>

#include "core/result-builder.h"
#include "image/mask.h"
#include "subject/subject.h"

/* A network of the kind at 1024 x 1024, with what it takes at work. */
#define RUN_MEMORY ((guint64)1500 << 20)
#define CUT_MEMORY ((guint64)80 << 20)
#define RUN_SECONDS 6.0
#define CUT_SECONDS 1.5
#define SECONDS_PER_PIXEL 1.5e-7

gboolean
pmt_subject_wish_init (PmtSubjectWish *wish,
                       PmtSubjectStore *store,
                       const PmtRequest *request,
                       GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const gboolean is_selecting =
      pmt_request_get_operation (request) == PMT_OPERATION_SELECT_SUBJECT;
  const gchar *part = pmt_params_get_string (
      params, "subject", is_selecting ? "Foreground" : "All");
  const gchar *name = pmt_params_get_string (params, "subject-model", "");

  wish->is_on = is_selecting || !g_str_equal (part, "All");
  wish->is_background = g_str_equal (part, "Background");
  if (!wish->is_on)
    return TRUE;
  if (!g_str_equal (name, PMT_SUBJECT_NONE)
      && !pmt_subject_store_find (store, name, &wish->path, error))
    return FALSE;
  if (wish->path != NULL || pmt_request_get_mask (request) != NULL)
    return TRUE;
  /* A cut out layer tells by itself. */
  if (pmt_request_get_source (request) == NULL
      || babl_format_has_alpha (
          gegl_buffer_get_format (pmt_request_get_source (request))))
    return TRUE;
  pmt_subject_store_fail (store, error);
  return FALSE;
}

void
pmt_subject_wish_clear (PmtSubjectWish *wish)
{
  g_clear_pointer (&wish->path, g_free);
}

static GeglBuffer *
find_subject (const PmtRestoreSubject *subject,
              const PmtJob *job,
              GCancellable *cancellable,
              GError **error)
{
  GeglBuffer *source = pmt_request_get_source (job->request);
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  g_autoptr (PmtSubjectNet) net = NULL;

  if (subject->wish->path == NULL)
    return pmt_subject_cut (source, layer, pmt_request_get_mask (job->request),
                            cancellable, error);
  net = pmt_subject_store_open (subject->store, subject->wish->path,
                                job->threads, job->memory, error);
  return net != NULL ? pmt_subject_find (net, source, layer, cancellable, error)
                     : NULL;
}

GeglBuffer *
pmt_restore_subject_mask (const PmtRestoreSubject *subject,
                          const PmtJob *job,
                          GCancellable *cancellable,
                          GError **error)
{
  GeglBuffer *mask = find_subject (subject, job, cancellable, error);

  if (mask != NULL && subject->wish->is_background)
    pmt_subject_invert (mask);
  return mask;
}

gboolean
pmt_restore_subject_limit (GeglBuffer *subject,
                           const PmtResize *resize,
                           const GeglRectangle *extent,
                           GeglBuffer **mask,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (GeglBuffer) placed =
      gegl_buffer_new (extent, babl_format ("Y float"));

  if (!pmt_resize (resize, subject, placed, GEGL_SAMPLER_LINEAR, cancellable,
                   error))
    return FALSE;
  if (*mask != NULL)
    pmt_mask_multiply (*mask, placed);
  else
    *mask = g_steal_pointer (&placed);
  return TRUE;
}

void
pmt_restore_subject_estimate (const PmtSubjectWish *wish,
                              const PmtJob *job,
                              PmtEstimate *estimate)
{
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  const guint64 pixels = (guint64)layer->width * layer->height;
  const gboolean has_net = wish->path != NULL;

  gegl_rectangle_bounding_box (&estimate->region, &estimate->region, layer);
  estimate->bytes +=
      pixels * 2 * sizeof (gfloat) + (has_net ? RUN_MEMORY : CUT_MEMORY);
  estimate->seconds +=
      pixels * SECONDS_PER_PIXEL
      + (has_net ? RUN_SECONDS / MAX (job->threads, 1) : CUT_SECONDS);
}

PmtResult *
pmt_restore_subject_run (const PmtRestoreSubject *subject,
                         const PmtJob *job,
                         PmtProgress *progress,
                         GCancellable *cancellable,
                         GError **error)
{
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  GeglBuffer *source = pmt_request_get_source (job->request);
  g_autoptr (PmtResult) result = pmt_result_new (job);
  g_autoptr (GeglBuffer) mask = NULL;

  pmt_progress_begin (progress, N_ ("Finding the subject"), 1.0);
  mask = pmt_restore_subject_mask (subject, job, cancellable, error);
  pmt_progress_end (progress);
  if (mask == NULL)
    return NULL;
  if (pmt_subject_is_empty (mask))
    {
      pmt_result_note (result, _ ("No subject was found."));
      return g_steal_pointer (&result);
    }
  pmt_result_add (result, job, gegl_buffer_dup (source),
                  g_steal_pointer (&mask), job->seed, layer);
  return g_steal_pointer (&result);
}

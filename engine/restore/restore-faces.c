/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-faces.c: faces of a request: which, how, and doing it. */
#include "config.h"

#include "restore/restore-faces.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>

#include "catalog/file-id.h"
#include "catalog/model.h"
#include "core/result-builder.h"
#include "image/mask.h"
#include "restore/restore-run.h"

/* What the shipped network is told of a face; measured on bad copies of a
 * portrait (docs/benchmarks.md). */
#define SHIPPED_NET "restore-1x.onnx"
#define FACE_DENOISE 0.1
#define FACE_SHARPEN 0.3
#define FACE_FIX_COMPRESSION 0.2

/* Of a network that generates faces, at 512 x 512 on one core. */
#define SECONDS_PER_FACE 4.0
#define SECONDS_PER_SHIPPED_FACE 0.3

/* ----------------------------------------------------------------- wish -- */

static gboolean
check_creativity (const PmtFaceWish *wish,
                  gboolean has_fidelity,
                  GError **error)
{
  if (wish->creativity <= 0.0 || has_fidelity)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“face-creativity” has no effect with “%s”: only networks "
                  "with an input for the fidelity, such as CodeFormer, have "
                  "it. Set it to 0, or choose another “face-model”."),
               wish->name);
  return FALSE;
}

static gboolean
choose_restorer (PmtFaceWish *wish,
                 PmtFaceStore *store,
                 const gchar *name,
                 GError **error)
{
  PmtFaceDeclared declared = { 0 };

  if (!g_str_equal (name, PMT_FACE_SHIPPED)
      && !pmt_face_store_find_restorer (store, name, &wish->path, &declared,
                                        error))
    return FALSE;
  wish->name = wish->path != NULL ? pmt_file_id_show (wish->path)
                                  : g_strdup (PMT_FACE_SHIPPED);
  return check_creativity (wish, declared.has_fidelity, error);
}

gboolean
pmt_face_wish_init (PmtFaceWish *wish,
                    PmtFaceStore *store,
                    const PmtRequest *request,
                    GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  const PmtOperation operation = pmt_request_get_operation (request);

  wish->is_on = operation == PMT_OPERATION_FACE
                || pmt_params_get_bool (params, "face-enhancement", FALSE);
  if (!wish->is_on)
    return TRUE;
  wish->which = g_strdup (pmt_params_get_string (params, "faces", "all"));
  wish->strength = pmt_params_get_number (params, "face-strength", 0.8);
  wish->creativity = pmt_params_get_number (params, "face-creativity", 0.0);
  return pmt_faces_check_selection (wish->which, error)
         && choose_restorer (wish, store,
                             pmt_params_get_string (params, "face-model", ""),
                             error)
         && pmt_face_store_can_detect (store, error);
}

void
pmt_face_wish_clear (PmtFaceWish *wish)
{
  g_clear_pointer (&wish->which, g_free);
  g_clear_pointer (&wish->path, g_free);
  g_clear_pointer (&wish->name, g_free);
}

/* ----------------------------------------------------------------- faces -- */

static gboolean
is_selected (const PmtFace *face, GeglBuffer *mask)
{
  const GeglRectangle reach = pmt_face_reach (face, NULL);
  GeglRectangle bounds;

  return mask == NULL
         || (!gegl_rectangle_is_empty (&reach)
             && pmt_mask_bounds (mask, &reach, &bounds));
}

static void
keep_selected (GArray *faces, GeglBuffer *mask)
{
  for (guint i = faces->len; i > 0; i--)
    if (!is_selected (&g_array_index (faces, PmtFace, i - 1), mask))
      g_array_remove_index (faces, i - 1);
}

GArray *
pmt_restore_faces_find (const PmtRestoreFaces *faces,
                        const PmtJob *job,
                        PmtProgress *progress,
                        GCancellable *cancellable,
                        GError **error)
{
  const PmtFaceWish *wish = faces->wish;
  GeglBuffer *mask = pmt_request_get_mask (job->request);
  g_autoptr (GArray) all = pmt_face_store_detect (
      faces->store, pmt_request_get_source (job->request),
      pmt_request_get_layer (job->request), job->threads, job->memory, progress,
      cancellable, error);
  GArray *chosen;

  if (all == NULL)
    return NULL;
  /* Numbers are those of the whole layer; the largest one is selected. */
  if (g_str_equal (wish->which, "largest"))
    keep_selected (all, mask);
  chosen = pmt_faces_select (all, wish->which, error);
  if (chosen != NULL)
    keep_selected (chosen, mask);
  return chosen;
}

/* --------------------------------------------------------------- shipped -- */

static gfloat *
face_settings (PmtNet *net)
{
  g_autoptr (PmtParams) params = pmt_params_new ();

  pmt_params_set_number (params, "denoise", FACE_DENOISE);
  pmt_params_set_number (params, "sharpen", FACE_SHARPEN);
  pmt_params_set_number (params, "fix-compression", FACE_FIX_COMPRESSION);
  return pmt_restore_settings_new (net, params, NULL);
}

static gboolean
apply_shipped (PmtNet *net,
               const gfloat *settings,
               const PmtJob *job,
               const PmtFace *face,
               const PmtFaceTarget *target,
               gdouble strength,
               GCancellable *cancellable,
               GError **error)
{
  GeglBuffer *picture = target->picture;
  PmtNetRun run = PMT_NET_RUN_INIT;
  GeglRectangle rect = pmt_face_reach (face, target->resize);
  g_autoptr (GeglBuffer) made = NULL;

  if (!gegl_rectangle_intersect (&rect, &rect,
                                 gegl_buffer_get_extent (picture)))
    return TRUE;
  made = gegl_buffer_new (
      &rect, pmt_restore_fine_format (gegl_buffer_get_format (picture)));
  run.settings = settings;
  run.memory = pmt_restore_tile_memory (net, job);
  return pmt_net_run (net, &run, picture, &rect, made, NULL, cancellable, error)
         && pmt_face_put (made, &rect, face, target, strength, cancellable,
                          error);
}

/* ----------------------------------------------------------------- apply -- */

static gdouble
strength_of (const PmtFaceWish *wish, const PmtFace *face)
{
  return face->strength > 0.0 ? face->strength : wish->strength;
}

typedef struct
{
  PmtFaceNet *restorer;
  PmtNet *shipped;
  gfloat *settings;
} Nets;

static void
nets_clear (Nets *nets)
{
  g_clear_pointer (&nets->restorer, pmt_face_net_unref);
  g_clear_pointer (&nets->shipped, pmt_net_unref);
  g_clear_pointer (&nets->settings, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Nets, nets_clear)

static gboolean
nets_init (Nets *nets,
           const PmtRestoreFaces *faces,
           const PmtJob *job,
           GError **error)
{
  if (faces->wish->path != NULL)
    {
      nets->restorer = pmt_face_store_open (faces->store, faces->wish->path,
                                            job->threads, job->memory, error);
      return nets->restorer != NULL;
    }
  nets->shipped = pmt_net_store_open (faces->nets, SHIPPED_NET, job->threads,
                                      job->memory, error);
  if (nets->shipped == NULL)
    return FALSE;
  nets->settings = face_settings (nets->shipped);
  return TRUE;
}

gboolean
pmt_restore_faces_apply (const PmtRestoreFaces *faces,
                         const PmtJob *job,
                         GArray *chosen,
                         const PmtFaceTarget *target,
                         PmtProgress *progress,
                         GCancellable *cancellable,
                         GError **error)
{
  const PmtFaceWish *wish = faces->wish;
  g_auto (Nets) nets = { 0 };
  gboolean is_ok = TRUE;

  if (chosen->len == 0)
    return TRUE;
  if (!nets_init (&nets, faces, job, error))
    return FALSE;
  for (guint i = 0; i < chosen->len && is_ok; i++)
    {
      const PmtFace *face = &g_array_index (chosen, PmtFace, i);

      is_ok =
          nets.restorer != NULL
              ? pmt_face_apply (nets.restorer,
                                pmt_request_get_source (job->request), face,
                                target, strength_of (wish, face),
                                1.0 - wish->creativity, cancellable, error)
              : apply_shipped (nets.shipped, nets.settings, job, face, target,
                               strength_of (wish, face), cancellable, error);
      pmt_progress_report (progress, (i + 1.0) / chosen->len);
    }
  return is_ok;
}

/* -------------------------------------------------------- what was done -- */

gchar *
pmt_restore_faces_describe (const PmtFaceWish *wish, GArray *faces)
{
  GString *text = g_string_new ("[");
  g_autofree gchar *name = pmt_file_id_quote (wish->name);

  for (guint i = 0; i < faces->len; i++)
    {
      const PmtFace *face = &g_array_index (faces, PmtFace, i);
      gchar strength[G_ASCII_DTOSTR_BUF_SIZE];
      gchar creativity[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_dtostr (strength, sizeof strength, strength_of (wish, face));
      g_ascii_dtostr (creativity, sizeof creativity, wish->creativity);
      g_string_append_printf (
          text,
          "%s{\"box\":[%d,%d,%d,%d],\"model\":%s,\"strength\":%s,"
          "\"creativity\":%s}",
          i > 0 ? "," : "", (gint)face->x, (gint)face->y, (gint)face->width,
          (gint)face->height, name, strength, creativity);
    }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

void
pmt_restore_faces_note (const PmtFaceWish *wish,
                        GArray *faces,
                        PmtResult *result)
{
  if (faces->len == 0)
    {
      pmt_result_note (result, _ ("No face was found."));
      return;
    }
  pmt_result_note (result,
                   g_dngettext (GETTEXT_PACKAGE, "%u face was worked on.",
                                "%u faces were worked on.", faces->len),
                   faces->len);
  if (wish->path != NULL)
    pmt_result_note (result,
                     _ ("“%s” makes up detail, which may change who a face "
                        "looks like. Compare with the original."),
                     wish->name);
  else
    pmt_result_note (result,
                     _ ("Without a network for faces in “models/faces” of "
                        "Pentimento's folder, they are denoised and sharpened "
                        "only."));
}

void
pmt_restore_faces_estimate (const PmtFaceWish *wish,
                            const PmtJob *job,
                            PmtEstimate *estimate)
{
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  const gdouble seconds =
      wish->path != NULL ? SECONDS_PER_FACE : SECONDS_PER_SHIPPED_FACE;

  gegl_rectangle_bounding_box (&estimate->region, &estimate->region, layer);
  /* How many faces there are, nobody knows yet. */
  estimate->seconds +=
      (pmt_face_detect_seconds (layer) + seconds) / MAX (job->threads, 1);
  estimate->bytes +=
      pmt_face_store_memory (wish->path != NULL ? wish->path : "");
}

/* ------------------------------------------------------------- operation -- */

/* Of everything that may change, inside the layer. */
static GeglRectangle
get_bounds (GArray *faces, const GeglRectangle *layer)
{
  GeglRectangle bounds = { 0, 0, 0, 0 };

  for (guint i = 0; i < faces->len; i++)
    {
      const GeglRectangle reach =
          pmt_face_reach (&g_array_index (faces, PmtFace, i), NULL);

      gegl_rectangle_bounding_box (&bounds, &bounds, &reach);
    }
  gegl_rectangle_intersect (&bounds, &bounds, layer);
  return bounds;
}

static void
add_item (PmtResult *result,
          const PmtFaceWish *wish,
          const PmtJob *job,
          GArray *faces,
          GeglBuffer *picture,
          GeglBuffer *mask)
{
  g_autofree gchar *text = pmt_restore_faces_describe (wish, faces);
  const PmtResultOrigin origin = { NULL, NULL, -1.0, NULL, text };
  const GeglRectangle area = *gegl_buffer_get_extent (picture);

  pmt_result_add_remote (result, job, picture, mask, job->seed, &area, &origin);
}

PmtResult *
pmt_restore_faces_run (const PmtRestoreFaces *faces,
                       const PmtJob *job,
                       PmtProgress *progress,
                       GCancellable *cancellable,
                       GError **error)
{
  const PmtFaceWish *wish = faces->wish;
  GeglBuffer *source = pmt_request_get_source (job->request);
  GeglBuffer *selection = pmt_request_get_mask (job->request);
  g_autoptr (PmtResult) result = pmt_result_new (job);
  g_autoptr (GArray) chosen = NULL;
  g_autoptr (GeglBuffer) picture = NULL;
  g_autoptr (GeglBuffer) mask = NULL;
  GeglRectangle bounds;
  PmtFaceTarget target = { NULL };
  gboolean is_ok;

  pmt_progress_begin (progress, N_ ("Finding faces"), 0.3);
  chosen = pmt_restore_faces_find (faces, job, progress, cancellable, error);
  pmt_progress_end (progress);
  if (chosen == NULL)
    return NULL;
  bounds = get_bounds (chosen, pmt_request_get_layer (job->request));
  pmt_restore_faces_note (wish, chosen, result);
  if (gegl_rectangle_is_empty (&bounds))
    return g_steal_pointer (&result);
  picture = gegl_buffer_new (&bounds, gegl_buffer_get_format (source));
  gegl_buffer_copy (source, &bounds, GEGL_ABYSS_NONE, picture, &bounds);
  mask = gegl_buffer_new (&bounds, babl_format ("Y float"));
  target.picture = picture;
  target.mask = mask;
  pmt_progress_begin (progress, N_ ("Restoring faces"), 0.7);
  is_ok = pmt_restore_faces_apply (faces, job, chosen, &target, progress,
                                   cancellable, error);
  pmt_progress_end (progress);
  if (!is_ok)
    return NULL;
  if (selection != NULL)
    pmt_mask_multiply (mask, selection);
  add_item (result, wish, job, chosen, g_steal_pointer (&picture),
            g_steal_pointer (&mask));
  return g_steal_pointer (&result);
}

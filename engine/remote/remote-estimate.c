/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-estimate.c: cost and memory of a run. */
#include "config.h"

#include "remote/remote-estimate.h"

/* Pixels as floats, in the layer's format, encoded and as base64; and what
 * comes back. */
#define BYTES_PER_SENT 24.0
#define BYTES_PER_PIXEL 40.0

static gboolean
add_call (const PmtRemotePiece *piece,
          const PmtJob *job,
          guint count,
          gdouble *cost,
          GError **error)
{
  g_autoptr (PmtParams) params =
      pmt_params_copy (pmt_request_peek_params (job->request));
  gdouble credits = 0.0;
  gint width;
  gint height;

  if (pmt_params_has (params, "count"))
    pmt_params_set_int (params, "count", count);
  pmt_remote_piece_work_size (piece, params, &width, &height);
  if (!pmt_model_get_cost (job->model, params, width, height,
                           pmt_request_get_n_references (job->request),
                           &credits, error))
    return FALSE;
  *cost += credits;
  return TRUE;
}

const gchar *
pmt_remote_unit (const PmtModelService *service, const PmtAccount *account)
{
  const gchar *unit = pmt_model_service_get_text (service, "unit");

  return unit != NULL ? unit : account->provider->unit;
}

gdouble
pmt_remote_usual_cost (const PmtModel *model,
                       const PmtModelService *service,
                       const PmtAccount *account)
{
  gdouble credits = 0.0;

  if ((account->provider->flags & PMT_PROVIDER_LOCAL) != 0)
    return 0.0;
  if (model->cost == NULL
      || !pmt_model_get_cost (model, NULL, 1000, 1000, 0, &credits, NULL))
    return -1.0;
  return credits * pmt_model_service_get_unit_value (service);
}

gboolean
pmt_remote_cost (const PmtRemotePlan *plan,
                 const PmtJob *job,
                 const PmtModelService *service,
                 const PmtAccount *account,
                 gdouble *cost,
                 GError **error)
{
  const PmtParams *params = pmt_request_peek_params (job->request);
  gdouble sum = 0.0;

  *cost = 0.0;
  if ((account->provider->flags & PMT_PROVIDER_LOCAL) != 0
      || pmt_params_get_bool (params, "mock", FALSE))
    return TRUE;
  *cost = -1.0;
  if (job->model->cost == NULL)
    return TRUE;
  for (guint piece = 0; piece < plan->pieces->len; piece++)
    for (guint i = 0; i < plan->n_candidates; i += plan->per_call)
      if (!add_call (pmt_remote_plan_get_piece (plan, piece), job,
                     MIN (plan->per_call, plan->n_candidates - i), &sum, error))
        return FALSE;
  *cost = sum * pmt_model_service_get_unit_value (service);
  return TRUE;
}

static guint64
estimate_bytes (const PmtRemotePlan *plan)
{
  gdouble bytes = 0.0;

  for (guint i = 0; i < plan->pieces->len; i++)
    {
      const PmtRemotePiece *piece = pmt_remote_plan_get_piece (plan, i);
      const gdouble sent = (gdouble)piece->send_width * piece->send_height;
      const gdouble crop = (gdouble)piece->crop.width * piece->crop.height;
      const gdouble target =
          (gdouble)piece->target.width * piece->target.height;

      bytes += sent * BYTES_PER_SENT + crop * BYTES_PER_PIXEL
               + target * BYTES_PER_PIXEL;
    }
  return (guint64)bytes;
}

gboolean
pmt_remote_estimate (const PmtRemotePlan *plan,
                     const PmtModelService *service,
                     const PmtAccount *account,
                     const PmtJob *job,
                     PmtEstimate *estimate,
                     GError **error)
{
  GeglRectangle made = { 0, 0, 0, 0 };
  gint width = 0;
  gint height = 0;

  if (!pmt_remote_cost (plan, job, service, account, &estimate->credits, error))
    return FALSE;
  for (guint i = 0; i < plan->pieces->len; i++)
    {
      const PmtRemotePiece *piece = pmt_remote_plan_get_piece (plan, i);

      gegl_rectangle_bounding_box (&made, &made, &piece->target);
      if (piece->area != NULL)
        pmt_area_tell (piece->area, estimate);
      width = MAX (width, piece->want_width);
      height = MAX (height, piece->want_height);
    }
  estimate->unit = pmt_remote_unit (service, account);
  estimate->provider = account->id;
  estimate->seconds = -1.0;
  estimate->bytes = estimate_bytes (plan);
  estimate->n_items = plan->n_candidates * plan->pieces->len;
  estimate->width = plan->canvas.width;
  estimate->height = plan->canvas.height;
  estimate->canvas = plan->canvas;
  estimate->work_width = width;
  estimate->work_height = height;
  if (!plan->is_natural)
    estimate->made = made;
  pmt_remote_plan_region (plan, job->request, &estimate->region);
  return TRUE;
}

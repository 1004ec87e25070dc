/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* request.c: one piece of work. */
#include "config.h"

#include "core/engine-private.h"

struct _PmtRequest
{
  PmtOperation operation;
  gchar *model;
  gchar *provider;
  gchar *resume;
  gchar *used_preset;
  gboolean is_unrecorded;
  gboolean has_canvas;
  GeglRectangle canvas;
  GeglRectangle layer;
  GeglBuffer *source;
  GeglBuffer *mask;
  GPtrArray *references;
  PmtParams *params;
};

PmtRequest *
pmt_request_new (PmtOperation operation)
{
  PmtRequest *request;

  g_return_val_if_fail ((guint)operation < PMT_N_OPERATIONS, NULL);
  request = g_new0 (PmtRequest, 1);
  request->operation = operation;
  request->references = g_ptr_array_new_with_free_func (g_object_unref);
  request->params = pmt_params_new ();
  return request;
}

PmtRequest *
pmt_request_copy (const PmtRequest *request)
{
  PmtRequest *copy;

  g_return_val_if_fail (request != NULL, NULL);
  copy = g_new0 (PmtRequest, 1);
  *copy = *request;
  copy->model = g_strdup (request->model);
  copy->provider = g_strdup (request->provider);
  copy->resume = g_strdup (request->resume);
  copy->used_preset = g_strdup (request->used_preset);
  copy->source = request->source ? g_object_ref (request->source) : NULL;
  copy->mask = request->mask ? g_object_ref (request->mask) : NULL;
  copy->references = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < request->references->len; i++)
    pmt_request_add_reference (copy, request->references->pdata[i]);
  copy->params = pmt_params_copy (request->params);
  return copy;
}

void
pmt_request_free (PmtRequest *request)
{
  if (request == NULL)
    return;
  g_free (request->model);
  g_free (request->provider);
  g_free (request->resume);
  g_free (request->used_preset);
  g_clear_object (&request->source);
  g_clear_object (&request->mask);
  g_ptr_array_unref (request->references);
  pmt_params_free (request->params);
  g_free (request);
}

PmtOperation
pmt_request_get_operation (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, PMT_OPERATION_GENERATE);
  return request->operation;
}

void
pmt_request_set_model (PmtRequest *request, const gchar *id)
{
  gchar *copy;

  g_return_if_fail (request != NULL);
  copy = g_strdup (id);
  g_free (request->model);
  request->model = copy;
}

const gchar *
pmt_request_get_model (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return request->model;
}

void
pmt_request_set_unrecorded (PmtRequest *request, gboolean is_unrecorded)
{
  g_return_if_fail (request != NULL);
  request->is_unrecorded = is_unrecorded;
}

gboolean
pmt_request_get_unrecorded (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, FALSE);
  return request->is_unrecorded;
}

void
pmt_request_set_canvas (PmtRequest *request, const GeglRectangle *canvas)
{
  g_return_if_fail (request != NULL && canvas != NULL);
  request->canvas = *canvas;
  request->has_canvas = TRUE;
}

const GeglRectangle *
pmt_request_get_canvas (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return request->has_canvas ? &request->canvas : &request->layer;
}

void
pmt_request_set_source (PmtRequest *request,
                        GeglBuffer *buffer,
                        const GeglRectangle *layer)
{
  g_return_if_fail (request != NULL && layer != NULL);
  g_set_object (&request->source, buffer);
  request->layer = *layer;
}

GeglBuffer *
pmt_request_get_source (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return request->source;
}

const GeglRectangle *
pmt_request_get_layer (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return &request->layer;
}

void
pmt_request_set_mask (PmtRequest *request, GeglBuffer *mask)
{
  g_return_if_fail (request != NULL);
  g_set_object (&request->mask, mask);
}

GeglBuffer *
pmt_request_get_mask (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return request->mask;
}

void
pmt_request_add_reference (PmtRequest *request, GeglBuffer *picture)
{
  g_return_if_fail (request != NULL && picture != NULL);
  g_ptr_array_add (request->references, g_object_ref (picture));
}

guint
pmt_request_get_n_references (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, 0);
  return request->references->len;
}

GeglBuffer *
pmt_request_get_reference (const PmtRequest *request, guint i)
{
  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (i < request->references->len, NULL);
  return request->references->pdata[i];
}

PmtParams *
pmt_request_params (PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return request->params;
}

const PmtParams *
pmt_request_peek_params (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return request->params;
}

void
pmt_request_set_provider (PmtRequest *request, const gchar *id)
{
  g_return_if_fail (request != NULL);
  g_free (request->provider);
  request->provider = g_strdup (id);
}

const gchar *
pmt_request_get_provider (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return request->provider;
}

void
pmt_request_set_resume (PmtRequest *request, const gchar *job)
{
  g_return_if_fail (request != NULL);
  g_free (request->resume);
  request->resume = g_strdup (job);
}

const gchar *
pmt_request_get_resume (const PmtRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  return request->resume;
}

void
pmt_request_set_used_preset (PmtRequest *request, const gchar *id)
{
  gchar *copy = g_strdup (id);

  g_free (request->used_preset);
  request->used_preset = copy;
}

const gchar *
pmt_request_get_used_preset (const PmtRequest *request)
{
  return request->used_preset;
}

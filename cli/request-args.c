/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "request-args.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "picture-file.h"

static gboolean
set_bool (PmtParams *params, const gchar *name, const gchar *text)
{
  gboolean is_true = g_str_equal (text, "true") || g_str_equal (text, "1");

  if (!is_true && !g_str_equal (text, "false") && !g_str_equal (text, "0"))
    return FALSE;
  pmt_params_set_bool (params, name, is_true);
  return TRUE;
}

static gboolean
set_int (PmtParams *params, const gchar *name, const gchar *text)
{
  gint64 value;

  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value,
                                 NULL))
    return FALSE;
  pmt_params_set_int (params, name, value);
  return TRUE;
}

static gboolean
set_number (PmtParams *params, const gchar *name, const gchar *text)
{
  gchar *end = NULL;
  gdouble value = g_ascii_strtod (text, &end);

  if (end == text || *end || !isfinite (value))
    return FALSE;
  pmt_params_set_number (params, name, value);
  return TRUE;
}

static gboolean
set_param (PmtParams *params,
           const PmtParamSpec *spec,
           const gchar *name,
           const gchar *text,
           GError **error)
{
  gboolean is_ok = TRUE;

  if (spec && spec->type == PMT_PARAM_BOOL)
    is_ok = set_bool (params, name, text);
  else if (spec && spec->type == PMT_PARAM_INT)
    is_ok = set_int (params, name, text);
  else if (spec && spec->type == PMT_PARAM_NUMBER)
    is_ok = set_number (params, name, text);
  else
    pmt_params_set_string (params, name, text);

  if (!is_ok)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 spec->type == PMT_PARAM_BOOL
                     ? _ ("%s is \"%s\", and it must be true or false.")
                 : spec->type == PMT_PARAM_INT
                     ? _ ("%s is \"%s\", and it must be a whole number.")
                     : _ ("%s is \"%s\", and it must be a number."),
                 name, text);
  return is_ok;
}

/* A setting's value, the last one where there are several. */
static const gchar *
find_set (gchar **sets, const gchar *name)
{
  const gsize length = strlen (name);
  const gchar *value = NULL;

  for (; sets && *sets; sets++)
    if (strncmp (*sets, name, length) == 0 && (*sets)[length] == '=')
      value = *sets + length + 1;
  return value;
}

/* A prompt or a preset may choose the model, which tells the types of the settings. */
static const PmtModel *
choose_model (PmtEngine *engine, PmtRequest *request, gchar **sets)
{
  const gchar *prompt = find_set (sets, "prompt");
  const gchar *preset = find_set (sets, "preset");

  if (prompt)
    pmt_params_set_string (pmt_request_params (request), "prompt", prompt);
  if (preset)
    pmt_params_set_string (pmt_request_params (request), "preset", preset);
  return pmt_engine_choose_model (engine, request);
}

static gboolean
set_params (PmtRequest *request,
            const PmtModel *model,
            gchar **sets,
            GError **error)
{
  for (; sets && *sets; sets++)
    {
      const gchar *equals = strchr (*sets, '=');
      g_autofree gchar *name = g_strndup (*sets, equals - *sets);
      const PmtParamSpec *spec =
          model ? pmt_model_find_param (model, name) : NULL;

      if (!set_param (pmt_request_params (request), spec, name, equals + 1,
                      error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load_references (PmtRequest *request, const Options *options, GError **error)
{
  for (gchar **ref = options->refs; ref && *ref; ref++)
    {
      g_autoptr (GeglBuffer) picture = picture_file_load (*ref, error);

      if (!picture)
        return FALSE;
      pmt_request_add_reference (request, picture);
    }
  return TRUE;
}

static gboolean
load_pictures (PmtRequest *request, const Options *options, GError **error)
{
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (GeglBuffer) mask = NULL;
  const GeglRectangle *extent;

  if (!options->in)
    return load_references (request, options, error);
  source = picture_file_load (options->in, error);
  if (!source)
    return FALSE;

  extent = gegl_buffer_get_extent (source);
  pmt_request_set_canvas (request, extent);
  pmt_request_set_source (request, source, extent);

  if (options->mask)
    {
      mask = picture_file_load_mask (options->mask, extent->width,
                                     extent->height, error);
      if (!mask)
        return FALSE;
      pmt_request_set_mask (request, mask);
    }

  return load_references (request, options, error);
}

/* What was asked for then, on the picture as it was. */
static PmtRequest *
request_to_resume (PmtEngine *engine, const Options *options, GError **error)
{
  g_autoptr (PmtRequest) request =
      pmt_engine_resume_job (engine, options->operation, error);

  if (!request || !load_pictures (request, options, error))
    return NULL;
  return g_steal_pointer (&request);
}

PmtRequest *
request_from_options (PmtEngine *engine, const Options *options, GError **error)
{
  g_autoptr (PmtRequest) request = NULL;
  PmtOperation operation;

  if (g_str_equal (options->verb, "resume"))
    return request_to_resume (engine, options, error);
  if (!pmt_operation_from_string (options->operation, &operation))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("\"%s\" is not an operation; use generate, reimagine, "
                      "fill, edit, remove, expand, enhance, upscale, face or "
                      "select-subject."),
                   options->operation);
      return NULL;
    }
  request = pmt_request_new (operation);
  pmt_request_set_model (request, options->model);
  pmt_request_set_provider (request, options->provider);
  if (!set_params (request, choose_model (engine, request, options->sets),
                   options->sets, error)
      || !load_pictures (request, options, error))
    return NULL;
  return g_steal_pointer (&request);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* estimate-text.c: number, size, memory and time in sentences. */
#include "config.h"

#include "estimate-text.h"

#include <glib/gi18n-lib.h>

/* Less is no question on any machine. */
#define MEMORY_TOLD ((guint64)256 << 20)

static void
append_sentence (GString *text, const gchar *format, ...)
{
  va_list args;

  if (text->len > 0)
    g_string_append_c (text, ' ');
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
}

static void
append_size (GString *text,
             const PmtUpscaleSize *size,
             const PmtEstimate *estimate,
             const GeglRectangle *canvas)
{
  if (size)
    append_sentence (text,
                     size->is_image
                         /* Translators: width x height before and after. */
                         ? _ ("The image: %d × %d → %d × %d px.")
                         : _ ("The new layer: %d × %d → %d × %d px."),
                     size->from_width, size->from_height, size->to_width,
                     size->to_height);
  else if (estimate->width != canvas->width
           || estimate->height != canvas->height)
    append_sentence (text, _ ("The canvas will be %d × %d pixels."),
                     estimate->width, estimate->height);
}

/* How a model that works in steps goes about it. */
static void
append_work (GString *text,
             const PmtRequest *request,
             const PmtEstimate *estimate)
{
  const GeglRectangle *made = &estimate->made;
  g_autofree gchar *memory = g_format_size (estimate->bytes);

  if (estimate->n_steps == 0)
    return;

  if (pmt_request_get_operation (request) == PMT_OPERATION_GENERATE)
    append_sentence (text, _ ("It will be %d × %d pixels."), made->width,
                     made->height);
  append_sentence (text,
                   g_dngettext (GETTEXT_PACKAGE,
                                "The model works at %d × %d pixels in %u step.",
                                "The model works at %d × %d pixels in %u "
                                "steps.",
                                estimate->n_steps),
                   estimate->work_width, estimate->work_height,
                   estimate->n_steps);
  if (estimate->bytes >= MEMORY_TOLD)
    /* Translators: %s is a size such as "2.1 GB". */
    append_sentence (text, _ ("Needs %s of memory."), memory);
}

static void
append_time (GString *text, gdouble seconds)
{
  const gint whole = (gint)MIN (seconds + 0.5, 1e6);
  const gint minutes = (whole + 30) / 60;

  if (seconds < 1.0)
    return;

  if (whole < 90)
    append_sentence (text,
                     g_dngettext (GETTEXT_PACKAGE, "Takes about %d second.",
                                  "Takes about %d seconds.", whole),
                     whole);
  else
    append_sentence (text,
                     g_dngettext (GETTEXT_PACKAGE, "Takes about %d minute.",
                                  "Takes about %d minutes.", minutes),
                     minutes);
}

gchar *
pmt_estimate_text_amount (gdouble value, const gchar *unit)
{
  g_autofree gchar *number = g_strdup_printf ("%.6g", value);

  if (g_strcmp0 (unit, "credits") == 0)
    /* Translators: %s is a number. */
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s credit",
                                         "%s credits", value == 1.0 ? 1 : 2),
                            number);

  return unit && *unit ? g_strdup_printf ("%s %s", number, unit)
                       : g_steal_pointer (&number);
}

/* Nothing for what runs on this computer. */
static void
append_cost (GString *text,
             const PmtRequest *request,
             const PmtEstimate *estimate,
             const PmtServiceInfo *service)
{
  const PmtParams *params = pmt_request_peek_params (request);
  g_autofree gchar *amount =
      pmt_estimate_text_amount (estimate->credits, estimate->unit);

  if (!service)
    return;

  if (pmt_params_get_bool (params, "mock", FALSE))
    append_sentence (text, _ ("Costs nothing at %s: a trial run."),
                     service->label);
  else if (estimate->credits < 0.0)
    append_sentence (text, _ ("What it costs at %s is not known."),
                     service->label);
  else if (estimate->credits == 0.0)
    append_sentence (text, _ ("Costs nothing at %s."), service->label);
  else
    /* Translators: an amount such as "5 credits", and a service. */
    append_sentence (text, _ ("Costs %s at %s."), amount, service->label);
}

/* @balance: negative: not known. */
static void
append_balance (GString *text,
                const PmtEstimate *estimate,
                const PmtServiceInfo *service,
                gdouble balance)
{
  const gboolean is_same =
      service && g_strcmp0 (service->unit, estimate->unit) == 0;
  g_autofree gchar *amount = NULL;

  if (!service || balance < 0.0)
    return;

  amount = pmt_estimate_text_amount (balance, service->unit);
  if (is_same && balance < estimate->credits)
    /* Translators: an amount such as "5 credits". */
    append_sentence (text, _ ("The balance there is %s, which is too little."),
                     amount);
  else
    append_sentence (text, _ ("The balance there is %s."), amount);
}

gchar *
pmt_estimate_text_new (const PmtRequest *request,
                       const PmtEstimate *estimate,
                       const PmtUpscaleSize *size,
                       const PmtServiceInfo *service,
                       gdouble balance)
{
  const GeglRectangle *canvas = pmt_request_get_canvas (request);
  GString *text = g_string_new (NULL);

  if (estimate->n_items > 1
      && pmt_request_get_operation (request) <= PMT_OPERATION_EDIT)
    append_sentence (text,
                     g_dngettext (GETTEXT_PACKAGE, "Makes %u candidate.",
                                  "Makes %u candidates.", estimate->n_items),
                     estimate->n_items);
  else if (estimate->n_items > 1)
    append_sentence (text,
                     g_dngettext (GETTEXT_PACKAGE, "Makes %u new layer.",
                                  "Makes %u new layers in a group.",
                                  estimate->n_items),
                     estimate->n_items);
  else if (pmt_request_get_operation (request) == PMT_OPERATION_SELECT_SUBJECT)
    append_sentence (text, "%s", _ ("Changes the selection."));
  else
    append_sentence (text, "%s", _ ("Makes a new layer."));
  append_size (text, size, estimate, canvas);
  append_work (text, request, estimate);
  append_time (text, estimate->seconds);
  append_cost (text, request, estimate, service);
  append_balance (text, estimate, service, balance);

  return g_string_free (text, FALSE);
}

/* The model of an operation that works by a prompt, where nobody chose one. */
static gchar *
name_model (PmtEngine *engine, const PmtRequest *request)
{
  const PmtModel *model;

  if (pmt_request_get_operation (request) > PMT_OPERATION_EDIT
      || pmt_request_get_model (request) != NULL)
    return NULL;
  model = pmt_engine_choose_model (engine, request);
  /* Translators: %s is the name of a model. */
  return model ? g_strdup_printf (_ ("Uses “%s”."), pmt_model_get_name (model))
               : NULL;
}

gchar *
pmt_estimate_text_add_notes (PmtEngine *engine,
                             const PmtRequest *request,
                             gchar *text)
{
  g_auto (GStrv) notes = pmt_engine_list_notes (engine, request);
  g_autofree gchar *joined = g_strjoinv ("\n", notes);
  g_autofree gchar *old = text;
  g_autofree gchar *model = name_model (engine, request);

  return g_strconcat (joined, *notes ? "\n" : "", old, model ? " " : "", model,
                      NULL);
}

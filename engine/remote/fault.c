/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fault.c: classes of failures, and the sentence that each one becomes. */
#include "config.h"

#include "remote/fault.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>

void
pmt_fault_clear (PmtFault *fault)
{
  g_clear_pointer (&fault->detail, g_free);
  g_clear_pointer (&fault->param, g_free);
  g_clear_pointer (&fault->limit, g_free);
  *fault = (PmtFault)PMT_FAULT_INIT;
}

void
pmt_fault_copy (PmtFault *target, const PmtFault *source)
{
  if (target == source)
    return;
  pmt_fault_clear (target);
  *target = *source;
  target->detail = g_strdup (source->detail);
  target->param = g_strdup (source->param);
  target->limit = g_strdup (source->limit);
}

void
pmt_fault_take (PmtFault *fault, PmtFaultClass kind, const gchar *detail)
{
  gchar *copy;

  if (kind == PMT_FAULT_NONE
      || (fault->kind != PMT_FAULT_NONE && fault->kind < kind))
    return;
  fault->kind = kind;
  if (detail == NULL)
    return;
  copy = g_strdup (detail);
  g_free (fault->detail);
  fault->detail = copy;
}

PmtFaultClass
pmt_fault_from_status (guint status)
{
  if (status >= 200 && status < 300)
    return PMT_FAULT_NONE;
  switch (status)
    {
    case 400:
    case 404:
    case 405:
    case 409:
    case 410:
    case 422:
      return PMT_FAULT_PARAMETER;
    case 401:
    case 403:
      return PMT_FAULT_KEY;
    case 402:
      return PMT_FAULT_CREDITS;
    case 408:
    case 504:
      return PMT_FAULT_TIMEOUT;
    case 413:
      return PMT_FAULT_TOO_LARGE;
    case 429:
      return PMT_FAULT_RATE_LIMIT;
    case 451:
      return PMT_FAULT_CONTENT;
    default:
      return PMT_FAULT_SERVER;
    }
}

static PmtError
error_code (PmtFaultClass kind)
{
  switch (kind)
    {
    case PMT_FAULT_NETWORK:
      return PMT_ERROR_NETWORK;
    case PMT_FAULT_TIMEOUT:
      return PMT_ERROR_TIMEOUT;
    case PMT_FAULT_CREDITS:
      return PMT_ERROR_CREDITS;
    case PMT_FAULT_CONTENT:
      return PMT_ERROR_CONTENT;
    case PMT_FAULT_RATE_LIMIT:
      return PMT_ERROR_RATE_LIMIT;
    case PMT_FAULT_TOO_LARGE:
      return PMT_ERROR_TOO_LARGE;
    case PMT_FAULT_KEY:
      return PMT_ERROR_KEY;
    case PMT_FAULT_PARAMETER:
      return PMT_ERROR_ARGUMENT;
    default:
      return PMT_ERROR_SERVER;
    }
}

static gchar *
describe_rate_limit (gdouble retry_after, const gchar *label)
{
  gulong seconds;

  if (!(retry_after > 0.0))
    return g_strdup_printf (_ ("“%s” takes no more requests at the moment."),
                            label);
  seconds = (gulong)ceil (MIN (retry_after, 86400.0));
  return g_strdup_printf (ngettext ("“%s” asks to wait %lu second.",
                                    "“%s” asks to wait %lu seconds.", seconds),
                          label, seconds);
}

/* What happened, where the class has something to fill in. */
static gchar *
describe_cause (const PmtFault *fault, const gchar *label, const gchar *secret)
{
  g_autofree gchar *param = pmt_fault_clean_detail (fault->param, secret);
  g_autofree gchar *limit = pmt_fault_clean_detail (fault->limit, secret);

  switch (fault->kind)
    {
    case PMT_FAULT_RATE_LIMIT:
      return describe_rate_limit (fault->retry_after, label);
    case PMT_FAULT_TOO_LARGE:
      if (limit != NULL)
        return g_strdup_printf (_ ("This is too large for “%s”: the limit is "
                                   "%s."),
                                label, limit);
      return g_strdup_printf (_ ("This is too large for “%s”."), label);
    case PMT_FAULT_PARAMETER:
      if (param != NULL)
        return g_strdup_printf (_ ("“%s” does not take this value of “%s”."),
                                label, param);
      return g_strdup_printf (_ ("“%s” does not take these settings."), label);
    case PMT_FAULT_NETWORK:
      return g_strdup_printf (_ ("The connection to “%s” failed."), label);
    case PMT_FAULT_TIMEOUT:
      return g_strdup_printf (_ ("“%s” did not answer in time."), label);
    case PMT_FAULT_CREDITS:
      return g_strdup_printf (_ ("“%s” has no credits left for this."), label);
    case PMT_FAULT_CONTENT:
      return g_strdup_printf (_ ("The content filter of “%s” refused this."),
                              label);
    case PMT_FAULT_KEY:
      return g_strdup_printf (
          _ ("The key for “%s” is missing or was not accepted."), label);
    default:
      return g_strdup_printf (_ ("“%s” could not do this."), label);
    }
}

/* What to do. */
static const gchar *
get_advice (const PmtFault *fault)
{
  if (fault->is_outcome_unknown)
    return _ ("The request may have been carried out, and was not sent again. "
              "Look into your account there before you run it again.");
  switch (fault->kind)
    {
    case PMT_FAULT_NETWORK:
      return _ ("Check the network and the address, then run again.");
    case PMT_FAULT_TIMEOUT:
      return _ ("Run again later.");
    case PMT_FAULT_CREDITS:
      return _ ("Add credits to your account there, then run again.");
    case PMT_FAULT_CONTENT:
      return _ ("Change the prompt or the selection, then run again.");
    case PMT_FAULT_RATE_LIMIT:
      return fault->retry_after > 0.0 ? _ ("Run again after that.")
                                      : _ ("Wait a minute, then run again.");
    case PMT_FAULT_TOO_LARGE:
      return _ ("Choose a smaller size or a smaller selection, then run "
                "again.");
    case PMT_FAULT_KEY:
      return _ ("Check the key in the settings, then run again.");
    case PMT_FAULT_PARAMETER:
      return _ ("Change the settings, then run again.");
    default:
      return _ ("Run again later, or choose another model.");
    }
}

gboolean
pmt_fault_set_error (const PmtFault *fault,
                     const gchar *label,
                     const gchar *secret,
                     GError **error)
{
  g_autofree gchar *cause = NULL;
  g_autofree gchar *detail = NULL;
  g_autofree gchar *sentence = NULL;

  if (fault->kind == PMT_FAULT_CANCELLED)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           _ ("The work was canceled."));
      return FALSE;
    }
  cause = describe_cause (fault, label, secret);
  detail = pmt_fault_clean_detail (fault->detail, secret);
  sentence = g_strdup_printf ("%s %s", cause, get_advice (fault));
  if (detail == NULL)
    g_set_error_literal (error, PMT_ERROR, error_code (fault->kind), sentence);
  else if (fault->kind == PMT_FAULT_NETWORK)
    /* Translators: a sentence, and a reason such as "connection refused". */
    g_set_error (error, PMT_ERROR, error_code (fault->kind),
                 _ ("%s (The reason: %s.)"), sentence, detail);
  else
    /* Translators: a sentence, and a text of a service as it came. */
    g_set_error (error, PMT_ERROR, error_code (fault->kind),
                 _ ("%s (It says: %s.)"), sentence, detail);
  return FALSE;
}

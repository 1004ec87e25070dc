/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fault.c: what went wrong between us and a service, in classes. */
#include "config.h"

#include "remote/fault.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_DETAIL 300

/* A word longer than this is no word: base64, a token. */
#define MAX_WORD 60

void
pmt_fault_clear (PmtFault *fault)
{
  const PmtFault none = PMT_FAULT_INIT;

  g_free (fault->detail);
  g_free (fault->param);
  g_free (fault->limit);
  *fault = none;
}

void
pmt_fault_copy (PmtFault *target, const PmtFault *source)
{
  pmt_fault_clear (target);
  *target = *source;
  target->detail = g_strdup (source->detail);
  target->param = g_strdup (source->param);
  target->limit = g_strdup (source->limit);
}

void
pmt_fault_take (PmtFault *fault, PmtFaultClass kind, const gchar *detail)
{
  if (fault->kind == PMT_FAULT_NONE
      || (kind != PMT_FAULT_NONE && kind < fault->kind))
    fault->kind = kind;
  if (detail == NULL)
    return;
  g_free (fault->detail);
  fault->detail = g_strdup (detail);
}

PmtFaultClass
pmt_fault_from_status (guint status)
{
  if (status >= 200 && status < 300)
    return PMT_FAULT_NONE;
  switch (status)
    {
    case 402:
      return PMT_FAULT_CREDITS;
    case 401:
    case 403:
    case 407:
      return PMT_FAULT_KEY;
    case 408:
    case 504:
      return PMT_FAULT_TIMEOUT;
    case 413:
      return PMT_FAULT_TOO_LARGE;
    case 429:
      return PMT_FAULT_RATE_LIMIT;
    case 499:
      return PMT_FAULT_CANCELLED;
    default:
      return status >= 400 && status < 500 ? PMT_FAULT_PARAMETER
                                           : PMT_FAULT_SERVER;
    }
}

/* ----------------------------------------------------------------- detail */

static void
cut_out (GString *text, const gchar *secret)
{
  if (secret != NULL && *secret != '\0')
    g_string_replace (text, secret, "…", 0);
}

/* As it is, as a URL has it, and as base64 with and without its padding. */
static void
cut_out_all (GString *text, const gchar *secret)
{
  g_autofree gchar *escaped = NULL;
  g_autofree gchar *base64 = NULL;

  if (secret == NULL || *secret == '\0')
    return;
  cut_out (text, secret);
  escaped = g_uri_escape_string (secret, NULL, FALSE);
  cut_out (text, escaped);
  base64 = g_base64_encode ((const guchar *)secret, strlen (secret));
  g_strdelimit (base64, "=", '\0');
  if (strlen (base64) > 8)
    cut_out (text, base64);
}

/* Markup is left out: services answer with whole pages when they are down. */
static void
strip_tags (GString *text)
{
  gsize out = 0;
  gboolean is_tag = FALSE;

  for (gsize i = 0; i < text->len; i++)
    {
      const gchar c = text->str[i];

      if (c == '<' && (g_ascii_isalpha (text->str[i + 1])
                       || strchr ("/!?", text->str[i + 1]) != NULL))
        is_tag = TRUE;
      if (!is_tag)
        text->str[out++] = c;
      if (c == '>' && is_tag)
        {
          is_tag = FALSE;
          text->str[out++] = ' ';
        }
    }
  g_string_truncate (text, out);
}

static void
append_word (GString *line, const gchar *word)
{
  if (*word == '\0')
    return;
  if (line->len > 0)
    g_string_append_c (line, ' ');
  if (g_utf8_strlen (word, -1) > MAX_WORD)
    g_string_append (line, "…");
  else
    g_string_append (line, word);
}

/* One line, without controls. */
static GString *
join_words (const gchar *text)
{
  g_auto (GStrv) words = NULL;
  g_autofree gchar *spaced = g_strdup (text);
  GString *line = g_string_new (NULL);

  for (gchar *at = spaced; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = ' ';
  words = g_strsplit (spaced, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    append_word (line, words[i]);
  return line;
}

static void
shorten (GString *line)
{
  if (g_utf8_strlen (line->str, -1) <= MAX_DETAIL)
    return;
  g_string_truncate (
      line, g_utf8_offset_to_pointer (line->str, MAX_DETAIL - 1) - line->str);
  g_string_append (line, "…");
}

gchar *
pmt_fault_clean_detail (const gchar *detail, const gchar *secret)
{
  g_autofree gchar *head = NULL;
  g_autofree gchar *valid = NULL;
  g_autoptr (GString) text = NULL;
  g_autoptr (GString) line = NULL;

  if (detail == NULL)
    return NULL;
  head = g_strndup (detail, 64 * 1024);
  valid = g_utf8_make_valid (head, -1);
  text = g_string_new (valid);
  cut_out_all (text, secret);
  strip_tags (text);
  line = join_words (text->str);
  shorten (line);
  while (line->len > 0 && strchr (". ", line->str[line->len - 1]) != NULL)
    g_string_truncate (line, line->len - 1);
  return line->len > 0 ? g_string_free (g_steal_pointer (&line), FALSE) : NULL;
}

/* --------------------------------------------------------------- sentence */

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
rate_limit_text (const PmtFault *fault, const gchar *label)
{
  const guint seconds = (guint)CLAMP (ceil (fault->retry_after), 1.0, 86400.0);

  if (fault->retry_after < 0.0)
    return g_strdup_printf (_ ("“%s” asks to wait, since it got too many "
                               "requests. Try again in a minute."),
                            label);
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "“%s” asks to wait for %u second, since it got too many "
                   "requests. Try again then.",
                   "“%s” asks to wait for %u seconds, since it got too many "
                   "requests. Try again then.",
                   seconds),
      label, seconds);
}

static gchar *
unknown_text (const gchar *label)
{
  return g_strdup_printf (
      _ ("The connection to “%s” broke after the work was sent, so it may have "
         "been done and charged; it was not sent again. Look into your account "
         "there before you run it again."),
      label);
}

static gchar *
parameter_text (const PmtFault *fault, const gchar *label)
{
  if (fault->param != NULL && fault->limit != NULL)
    return g_strdup_printf (_ ("“%s” does not accept the value of “%s”; "
                               "allowed is %s. Change it."),
                            label, fault->param, fault->limit);
  if (fault->param != NULL)
    return g_strdup_printf (
        _ ("“%s” does not accept the value of “%s”. Change it."), label,
        fault->param);
  return g_strdup_printf (_ ("“%s” does not accept the request. Check the "
                             "settings and the model."),
                          label);
}

static gchar *
too_large_text (const PmtFault *fault, const gchar *label)
{
  if (fault->limit != NULL)
    return g_strdup_printf (_ ("The picture is too large for “%s”, which takes "
                               "at most %s. Select a smaller area, or scale "
                               "the picture down."),
                            label, fault->limit);
  return g_strdup_printf (_ ("The picture is too large for “%s”. Select a "
                             "smaller area, or scale the picture down."),
                          label);
}

static gchar *
sentence (const PmtFault *fault, const gchar *label)
{
  if (fault->is_outcome_unknown
      && (fault->kind == PMT_FAULT_NETWORK || fault->kind == PMT_FAULT_TIMEOUT
          || fault->kind == PMT_FAULT_SERVER))
    return unknown_text (label);
  switch (fault->kind)
    {
    case PMT_FAULT_NETWORK:
      return g_strdup_printf (_ ("“%s” can't be reached. Check the network and "
                                 "the address, then run it again."),
                              label);
    case PMT_FAULT_TIMEOUT:
      return g_strdup_printf (
          _ ("“%s” did not answer in time. Try again later."), label);
    case PMT_FAULT_CREDITS:
      return g_strdup_printf (_ ("Your account at “%s” has not enough credits "
                                 "for this. Add some there, then run it "
                                 "again."),
                              label);
    case PMT_FAULT_CONTENT:
      return g_strdup_printf (_ ("The content filter of “%s” refused this. "
                                 "Change the prompt or the picture."),
                              label);
    case PMT_FAULT_RATE_LIMIT:
      return rate_limit_text (fault, label);
    case PMT_FAULT_TOO_LARGE:
      return too_large_text (fault, label);
    case PMT_FAULT_KEY:
      return g_strdup_printf (_ ("“%s” does not accept the key. Enter it again "
                                 "in Filters > Pentimento > Settings."),
                              label);
    case PMT_FAULT_PARAMETER:
      return parameter_text (fault, label);
    default:
      return g_strdup_printf (_ ("“%s” failed. Try again later, or choose "
                                 "another model."),
                              label);
    }
}

gboolean
pmt_fault_set_error (const PmtFault *fault,
                     const gchar *label,
                     const gchar *secret,
                     GError **error)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *detail = NULL;

  if (fault->kind == PMT_FAULT_CANCELLED)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           _ ("The run was cancelled."));
      return FALSE;
    }
  text = sentence (fault, label);
  detail = pmt_fault_clean_detail (fault->detail, secret);
  if (detail == NULL)
    g_set_error_literal (error, PMT_ERROR, error_code (fault->kind), text);
  else
    /* Translators: a sentence, and the reason in the words of a service. */
    g_set_error (error, PMT_ERROR, error_code (fault->kind), _ ("%s (%s.)"),
                 text, detail);
  return FALSE;
}

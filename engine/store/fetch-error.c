/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fetch-error.c: what a download that failed says. */
#include "config.h"

#include "store/fetch-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

gboolean
pmt_fetch_set_size_error (const gchar *host,
                          const PmtModelFile *file,
                          guint64 bytes,
                          const gchar *homepage,
                          GError **error)
{
  g_autofree gchar *name = g_path_get_basename (file->name);
  g_autofree gchar *wanted =
      g_strdup_printf ("%" G_GUINT64_FORMAT, file->bytes);
  g_autofree gchar *there = g_strdup_printf ("%" G_GUINT64_FORMAT, bytes);

  if (bytes > 0)
    g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                 _ ("“%s” from %s has %s bytes, and should have %s: it is "
                    "another file now. Look whether there is a newer version "
                    "of Pentimento."),
                 name, host, there, wanted);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                 _ ("“%s” from %s does not have the %s bytes that it should "
                    "have: it is another file now. Look whether there is a "
                    "newer version of Pentimento."),
                 name, host, wanted);
  return FALSE;
}

gboolean
pmt_fetch_set_cut_error (const gchar *host, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_NETWORK,
               _ ("%s sends less than it says again and again. Try again "
                  "later; what was downloaded is kept."),
               host);
  return FALSE;
}

static gboolean
set_account_error (const gchar *host,
                   guint status,
                   const gchar *homepage,
                   GError **error)
{
  if (homepage != NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
                 _ ("%s does not let everybody download this file (%u): it "
                    "needs an account. Download it by hand from %s and add "
                    "the file."),
                 host, status, homepage);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
                 _ ("%s does not let everybody download this file (%u): it "
                    "needs an account. Download it by hand and add the file."),
                 host, status);
  return FALSE;
}

static gboolean
set_gone_error (const gchar *host,
                guint status,
                const gchar *homepage,
                GError **error)
{
  if (homepage != NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_SERVER,
                 _ ("%s does not have the file any more (%u). Look for it at "
                    "%s and add it, or look whether there is a newer version "
                    "of Pentimento."),
                 host, status, homepage);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_SERVER,
                 _ ("%s does not have the file any more (%u). Look whether "
                    "there is a newer version of Pentimento."),
                 host, status);
  return FALSE;
}

static gboolean
set_wait_error (const gchar *host, gdouble retry_after, GError **error)
{
  if (retry_after > 0.0)
    g_set_error (error, PMT_ERROR, PMT_ERROR_RATE_LIMIT,
                 _ ("%s gets too many requests and asks to wait for %.0f "
                    "seconds. Download again then; what was downloaded is "
                    "kept."),
                 host, ceil (retry_after));
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_RATE_LIMIT,
                 _ ("%s gets too many requests. Download again later; what "
                    "was downloaded is kept."),
                 host);
  return FALSE;
}

gboolean
pmt_fetch_set_status_error (const gchar *host,
                            guint status,
                            gdouble retry_after,
                            const gchar *homepage,
                            GError **error)
{
  switch (status)
    {
    case 401:
    case 403:
    case 407:
      return set_account_error (host, status, homepage, error);
    case 404:
    case 410:
      return set_gone_error (host, status, homepage, error);
    case 429:
      return set_wait_error (host, retry_after, error);
    default:
      g_set_error (error, PMT_ERROR, PMT_ERROR_SERVER,
                   _ ("%s can't send the file now (%u). Try again later; what "
                      "was downloaded is kept."),
                   host, status);
      return FALSE;
    }
}

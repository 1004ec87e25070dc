/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net.c: opening a picture-to-picture network. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "restore/net-private.h"

void
pmt_net_fail (PmtNet *net, GError **error, const gchar *format, ...)
{
  g_autofree gchar *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  /* Translators: the second text is one sentence or two with the reason. */
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The network “%s” can't be used: %s"), net->name, reason);
}

static PmtNet *
net_alloc (PmtSession *session, const gchar *name)
{
  PmtNet *net = g_new0 (PmtNet, 1);

  g_atomic_ref_count_init (&net->ref_count);
  net->session = pmt_session_ref (session);
  net->name = g_strdup (name);
  return net;
}

PmtNet *
pmt_net_new (PmtSession *session,
             const gchar *name,
             gboolean is_trusted,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (PmtNet) net = net_alloc (session, name);

  if (!pmt_net_read_declared (net, error))
    return NULL;
  if (is_trusted ? !pmt_net_read_metadata (net, error)
                 : !pmt_net_probe (net, cancellable, error))
    return NULL;
  return g_steal_pointer (&net);
}

PmtNet *
pmt_net_open (const gchar *path,
              const PmtSessionOptions *options,
              GError **error)
{
  g_autofree gchar *name = g_filename_display_basename (path);
  g_autoptr (PmtSession) session = pmt_session_open (path, options, error);

  if (session == NULL)
    return NULL;
  return pmt_net_new (session, name, options->is_trusted, NULL, error);
}

/* A file that was changed behind the cache's back must not be run with the
 * wrong sizes. */
static gboolean
agrees (const PmtNetInfo *declared, const PmtNetInfo *known)
{
  const gboolean is_declared = declared->channels > 0;

  return (!is_declared
          || (declared->channels == known->channels
              && declared->is_nhwc == known->is_nhwc))
         && declared->type == known->type
         && declared->result_type == known->result_type
         && declared->n_settings == known->n_settings
         && declared->fixed_width == known->fixed_width
         && declared->fixed_height == known->fixed_height;
}

PmtNet *
pmt_net_open_known (const gchar *path,
                    const PmtSessionOptions *options,
                    const PmtNetInfo *info,
                    GError **error)
{
  g_autofree gchar *name = g_filename_display_basename (path);
  g_autoptr (PmtSession) session = pmt_session_open (path, options, error);
  g_autoptr (PmtNet) net = NULL;

  if (session == NULL)
    return NULL;
  net = net_alloc (session, name);
  if (!pmt_net_read_declared (net, error))
    return NULL;
  if (!agrees (&net->info, info))
    {
      pmt_net_fail (net, error,
                    _ ("The file has changed. Start the program again."));
      return NULL;
    }
  net->info = *info;
  return g_steal_pointer (&net);
}

PmtNet *
pmt_net_ref (PmtNet *net)
{
  g_return_val_if_fail (net != NULL, NULL);
  g_atomic_ref_count_inc (&net->ref_count);
  return net;
}

void
pmt_net_unref (PmtNet *net)
{
  if (net == NULL || !g_atomic_ref_count_dec (&net->ref_count))
    return;
  g_clear_pointer (&net->session, pmt_session_unref);
  g_free (net->name);
  g_free (net);
}

const PmtNetInfo *
pmt_net_get_info (PmtNet *net)
{
  g_return_val_if_fail (net != NULL, NULL);
  return &net->info;
}

PmtSession *
pmt_net_get_session (PmtNet *net)
{
  g_return_val_if_fail (net != NULL, NULL);
  return net->session;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* discover.c: servers that run on this computer. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "remote/discover.h"

#define MAX_BYTES 65536

static const gchar *const hosts[] = { "127.0.0.1", "::1" };

/* Search: all probes; everything happens in its context, in one thread. */
typedef struct
{
  GMainContext *context;
  GCancellable *cancellable;
  guint n_pending;
} Search;

/* Probe: one candidate on one address */
typedef struct
{
  Search *search;
  GSocketConnection *connection;
  gchar *request;
  gchar *answer;
  gsize length;
  gboolean is_found;
} Probe;

void
pmt_discovered_free (PmtDiscovered *found)
{
  g_free (found->type);
  g_free (found->base_url);
  g_free (found);
}

static void
probe_free (Probe *probe)
{
  g_clear_object (&probe->connection);
  g_free (probe->request);
  g_free (probe->answer);
  g_free (probe);
}

/* ------------------------------------------------------------------ steps -- */

static void
probe_end (Probe *probe)
{
  probe->search->n_pending--;
  g_main_context_wakeup (probe->search->context);
}

/* Bytes of the answer once complete; 0 when only its end tells. */
static gsize
wanted_length (const Probe *probe)
{
  static const gchar name[] = "\r\ncontent-length:";
  const gchar *end =
      g_strstr_len (probe->answer, (gssize)probe->length, "\r\n\r\n");
  g_autofree gchar *head = NULL;
  const gchar *line;
  guint64 length;

  if (!end)
    return 0;
  head = g_ascii_strdown (probe->answer, end - probe->answer);
  line = strstr (head, name);
  if (!line)
    return 0;
  length = g_ascii_strtoull (line + sizeof name - 1, NULL, 10);
  return (gsize)(end + 4 - probe->answer) + (gsize)MIN (length, G_MAXINT);
}

static void read_more (Probe *probe);

static void
on_read (GObject *stream, GAsyncResult *result, gpointer data)
{
  Probe *probe = data;
  const gssize n =
      g_input_stream_read_finish (G_INPUT_STREAM (stream), result, NULL);
  gsize wanted;

  if (n > 0)
    {
      probe->length += (gsize)n;
      wanted = wanted_length (probe);
      if (probe->length < MAX_BYTES && (!wanted || probe->length < wanted))
        {
          read_more (probe);
          return;
        }
    }
  if (n >= 0)
    probe->is_found = pmt_discover_is_json_answer (probe->answer, probe->length,
                                                   probe->length < MAX_BYTES);
  probe_end (probe);
}

static void
read_more (Probe *probe)
{
  GInputStream *in =
      g_io_stream_get_input_stream (G_IO_STREAM (probe->connection));

  g_input_stream_read_async (in, probe->answer + probe->length,
                             MAX_BYTES - probe->length, G_PRIORITY_DEFAULT,
                             probe->search->cancellable, on_read, probe);
}

static void
on_written (GObject *stream, GAsyncResult *result, gpointer data)
{
  Probe *probe = data;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream), result, NULL,
                                        NULL))
    read_more (probe);
  else
    probe_end (probe);
}

static void
on_connected (GObject *client, GAsyncResult *result, gpointer data)
{
  Probe *probe = data;
  GOutputStream *out;

  probe->connection =
      g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, NULL);
  if (!probe->connection)
    {
      probe_end (probe);
      return;
    }
  out = g_io_stream_get_output_stream (G_IO_STREAM (probe->connection));
  g_output_stream_write_all_async (
      out, probe->request, strlen (probe->request), G_PRIORITY_DEFAULT,
      probe->search->cancellable, on_written, probe);
}

static Probe *
probe_start (Search *search,
             GSocketClient *client,
             const PmtDiscoverCandidate *candidate,
             const gchar *host)
{
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string (host, candidate->port);
  const gboolean is_v6 = strchr (host, ':') != NULL;
  Probe *probe = g_new0 (Probe, 1);

  probe->search = search;
  probe->answer = g_malloc (MAX_BYTES);
  probe->request = g_strdup_printf (
      "GET %s HTTP/1.1\r\nHost: %s%s%s:%u\r\nAccept: application/json\r\n"
      "Connection: close\r\n\r\n",
      candidate->path, is_v6 ? "[" : "", host, is_v6 ? "]" : "",
      candidate->port);
  search->n_pending++;
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address),
                                 search->cancellable, on_connected, probe);
  return probe;
}

/* ----------------------------------------------------------------- search -- */

static gboolean
on_time (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  (void)cancellable;
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

/* Until every probe has ended; those that are cancelled do so at once. */
static void
wait_for_probes (Search *search, GCancellable *cancellable)
{
  g_autoptr (GSource) timer = g_timeout_source_new (PMT_DISCOVER_MS);
  g_autoptr (GSource) stop = NULL;

  g_source_set_callback (timer, on_time, search->cancellable, NULL);
  g_source_attach (timer, search->context);
  if (cancellable)
    {
      stop = g_cancellable_source_new (cancellable);
      g_source_set_callback (stop, G_SOURCE_FUNC (on_cancelled),
                             search->cancellable, NULL);
      g_source_attach (stop, search->context);
    }
  while (search->n_pending > 0)
    g_main_context_iteration (search->context, TRUE);
  g_source_destroy (timer);
  if (stop)
    g_source_destroy (stop);
}

static void
add_found (GPtrArray *all, const gchar *type, const gchar *host, guint16 port)
{
  const gboolean is_v6 = strchr (host, ':') != NULL;
  PmtDiscovered *found = g_new0 (PmtDiscovered, 1);

  found->type = g_strdup (type);
  found->base_url = g_strdup_printf ("http://%s%s%s:%u", is_v6 ? "[" : "", host,
                                     is_v6 ? "]" : "", port);
  g_ptr_array_add (all, found);
}

/* Probes: of each candidate one per host. */
static void
collect (const PmtDiscoverCandidate *candidates,
         guint n,
         GPtrArray *probes,
         GPtrArray *all)
{
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < G_N_ELEMENTS (hosts); k++)
      {
        const Probe *probe =
            g_ptr_array_index (probes, i * G_N_ELEMENTS (hosts) + k);

        if (!probe->is_found)
          continue;
        add_found (all, candidates[i].type, hosts[k], candidates[i].port);
        break;
      }
}

GPtrArray *
pmt_discover (const PmtDiscoverCandidate *candidates,
              guint n,
              GCancellable *cancellable)
{
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_discovered_free);
  g_autoptr (GPtrArray) probes =
      g_ptr_array_new_with_free_func ((GDestroyNotify)probe_free);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  Search search = { context, stop, 0 };

  g_socket_client_set_enable_proxy (client, FALSE);
  g_main_context_push_thread_default (context);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < G_N_ELEMENTS (hosts); k++)
      g_ptr_array_add (probes,
                       probe_start (&search, client, &candidates[i], hosts[k]));
  wait_for_probes (&search, cancellable);
  collect (candidates, n, probes, all);
  g_ptr_array_set_size (probes, 0);
  /* What closing connections left to do. */
  while (g_main_context_iteration (context, FALSE))
    continue;
  g_main_context_pop_thread_default (context);
  return g_steal_pointer (&all);
}

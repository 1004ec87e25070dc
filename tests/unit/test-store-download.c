/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-store-download.c: downloads from a server on loopback with faults. */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/engine-private.h"
#include "remote-server.h"
#include "store-home.h"
#include "store/lock.h"
#include "store/store-private.h"

#define SIZE 300000
#define HALF 120000
#define PLACE "home/models/lora/test.safetensors"
#define OTHER "home/models/lora/other.safetensors"

typedef struct
{
  StoreHome home;
  RemoteServer *server;
  gchar *bytes;
  gchar *sha256;
  PmtFetchOptions options;
  GString *stages;
} Fixture;

/* ------------------------------------------------------------- fixture -- */

static gchar *
describe_file (Fixture *fixture, const gchar *name)
{
  g_autofree gchar *path = g_strconcat ("/", name, NULL);
  g_autofree gchar *url = remote_server_url (fixture->server, path);

  return g_strdup_printf ("{\"name\":\"lora/%s.safetensors\",\"url\":\"%s\","
                          "\"bytes\":%d,\"sha256\":\"%s\",\"role\":\"lora\"}",
                          name, url, SIZE, fixture->sha256);
}

static void
write_offer (Fixture *fixture, gboolean has_two)
{
  g_autofree gchar *first = describe_file (fixture, "test");
  g_autofree gchar *second = describe_file (fixture, "other");
  g_autofree gchar *text = g_strdup_printf (
      "{\"id\":\"test\",\"name\":\"A test\",\"kind\":\"lora\","
      "\"license\":\"MIT\",\"homepage\":\"https://example.org/home\","
      "\"files\":[%s%s%s]}",
      first, has_two ? "," : "", has_two ? second : "");

  store_home_write (&fixture->home, "home/downloads/test.json", text, -1);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const PmtFetchOptions options = { 20, 1, 3, 2, 0 };

  store_home_set_up (&fixture->home);
  fixture->server = remote_server_new ();
  fixture->bytes = g_malloc (SIZE);
  for (gint i = 0; i < SIZE; i++)
    fixture->bytes[i] = (gchar)((guint)i * 2654435761u >> 13);
  fixture->sha256 = g_compute_checksum_for_data (
      G_CHECKSUM_SHA256, (const guchar *)fixture->bytes, SIZE);
  fixture->options = options;
  fixture->stages = g_string_new ("");
  write_offer (fixture, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remote_server_free (fixture->server);
  store_home_tear_down (&fixture->home);
  g_free (fixture->bytes);
  g_free (fixture->sha256);
  g_string_free (fixture->stages, TRUE);
}

/* An answer: @head without its end, and bytes of the file. */
static void
reply_at (Fixture *fixture,
          const gchar *path,
          const gchar *head,
          gsize from,
          gsize to,
          RemoteEnd end)
{
  GByteArray *answer = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  g_byte_array_append (answer, (const guint8 *)head, strlen (head));
  g_byte_array_append (answer, (const guint8 *)"\r\n", 2);
  g_byte_array_append (answer, (const guint8 *)fixture->bytes + from,
                       to - from);
  bytes = g_byte_array_free_to_bytes (answer);
  remote_server_reply (fixture->server, path, bytes, end);
}

static void
reply (Fixture *fixture, const gchar *head, gsize from, gsize to, RemoteEnd end)
{
  reply_at (fixture, "/test", head, from, to, end);
}

#define WHOLE "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\nETag: \"one\"\r\n"
#define REST                                                                   \
  "HTTP/1.1 206 Partial Content\r\nContent-Length: 180000\r\n"                 \
  "Content-Range: bytes 120000-299999/300000\r\nETag: \"one\"\r\n"

static void
reply_status (Fixture *fixture, const gchar *status, const gchar *extra)
{
  remote_server_reply_text (fixture->server, "/test", status, extra, "no");
}

static void
on_progress (const gchar *stage,
             guint64 done,
             guint64 total,
             gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (done, <=, total);
  if (!g_str_has_suffix (fixture->stages->str, stage))
    g_string_append_printf (fixture->stages, "|%s", stage);
}

static gboolean
download (Fixture *fixture, GError **error)
{
  return pmt_store_download_with (fixture->home.engine, "test",
                                  &fixture->options, on_progress, fixture, NULL,
                                  error);
}

static void
assert_good (Fixture *fixture, const gchar *name)
{
  g_autofree gchar *path = store_home_path (&fixture->home, name, NULL);
  g_autofree gchar *text = NULL;
  g_autofree gchar *part = g_strconcat (name, ".part", NULL);
  g_autofree gchar *note = g_strconcat (name, ".part.json", NULL);
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (text, length, fixture->bytes, SIZE);
  g_assert_false (store_home_has (&fixture->home, part));
  g_assert_false (store_home_has (&fixture->home, note));
}

static void
download_good (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  download (fixture, &error);
  g_assert_no_error (error);
  assert_good (fixture, PLACE);
}

static void
download_bad (Fixture *fixture, gint code, const gchar *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (download (fixture, &error));
  g_assert_error (error, PMT_ERROR, code);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_false (store_home_has (&fixture->home, PLACE));
}

static void
assert_state (Fixture *fixture, PmtStoreState state, guint64 here)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GPtrArray) items =
      pmt_store_list (fixture->home.engine, &problems);
  const PmtStoreItem *item = store_home_find (items, "test");

  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_nonnull (item);
  g_assert_cmpint (item->state, ==, state);
  g_assert_cmpuint (item->bytes_here, ==, here);
  g_assert_cmpuint (item->bytes % SIZE, ==, 0);
  g_assert_cmpstr (item->origin, ==, "127.0.0.1");
  g_assert_null (store_home_find (items, "lora/test.safetensors"));
}

static const gchar *
header_of (Fixture *fixture, guint i, const gchar *name)
{
  return remote_request_header (remote_server_get (fixture->server, i), name);
}

/* --------------------------------------------------------------- whole -- */

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  assert_state (fixture, PMT_STORE_AVAILABLE, 0);
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 1);
  g_assert_null (header_of (fixture, 0, "Range"));
  g_assert_null (header_of (fixture, 0, "Accept-Encoding"));
  g_assert_nonnull (strstr (fixture->stages->str, "Downloading"));
  assert_state (fixture, PMT_STORE_INSTALLED, SIZE);
  /* It is there: nothing is asked for again. */
  download_good (fixture);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 1);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (pmt_store_download (fixture->home.engine, "../test", NULL,
                                      NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

/* -------------------------------------------------------------- resume -- */

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  reply (fixture, WHOLE, 0, HALF, REMOTE_CLOSE);
  reply (fixture, REST, HALF, SIZE, REMOTE_KEEP);
  download_good (fixture);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 2);
  g_assert_cmpstr (header_of (fixture, 1, "Range"), ==, "bytes=120000-");
  g_assert_cmpstr (header_of (fixture, 1, "If-Range"), ==, "\"one\"");
}

/* Stops with HALF of the file. */
static void
begin (Fixture *fixture)
{
  fixture->options.max_tries = 1;
  reply (fixture, WHOLE, 0, HALF, REMOTE_CLOSE);
  download_bad (fixture, PMT_ERROR_NETWORK, "127.0.0.1");
  assert_state (fixture, PMT_STORE_PARTIAL, HALF);
}

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  reply (fixture, REST, HALF, SIZE, REMOTE_KEEP);
  download_good (fixture);
  g_assert_cmpstr (header_of (fixture, 1, "Range"), ==, "bytes=120000-");
  g_assert_nonnull (strstr (fixture->stages->str, "Checking what is there"));
}

static void
test_no_ranges (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
  g_assert_nonnull (strstr (fixture->stages->str, "from the beginning"));
}

static void
test_wrong_range (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  reply (fixture,
         "HTTP/1.1 206 Partial Content\r\nContent-Length: 200000\r\n"
         "Content-Range: bytes 100000-299999/300000\r\n",
         100000, SIZE, REMOTE_CLOSE);
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
  g_assert_null (header_of (fixture, 2, "Range"));
}

static void
test_not_satisfiable (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  reply_status (fixture, "416 Range Not Satisfiable", "");
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
}

/* What is there is of another file now: nothing is added to it. */
static void
test_other_part (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  store_home_write (&fixture->home, PLACE ".part.json",
                    "{\"url\": \"x\", \"sha256\": 5}", -1);
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
  g_assert_null (header_of (fixture, 1, "Range"));
}

static void
test_damaged_part (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *changed = g_memdup2 (fixture->bytes, HALF);

  begin (fixture);
  changed[5] ^= 1;
  store_home_write (&fixture->home, PLACE ".part", changed, HALF);
  reply (fixture, REST, HALF, SIZE, REMOTE_KEEP);
  download_bad (fixture, PMT_ERROR_MODEL, "checksum");
  assert_state (fixture, PMT_STORE_AVAILABLE, 0);
}

static void
test_discard (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  begin (fixture);
  g_assert_true (pmt_store_discard (fixture->home.engine, "test", &error));
  g_assert_no_error (error);
  assert_state (fixture, PMT_STORE_AVAILABLE, 0);
  g_assert_false (store_home_has (&fixture->home, PLACE ".part"));
  g_assert_false (store_home_has (&fixture->home, PLACE ".part.json"));
  g_assert_false (pmt_store_discard (fixture->home.engine, "test", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

/* --------------------------------------------------------- wrong files -- */

static void
test_corrupt (Fixture *fixture, gconstpointer data)
{
  fixture->bytes[SIZE / 2] ^= 1;
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_bad (fixture, PMT_ERROR_MODEL, "“test.safetensors” from 127.0.0.1");
  assert_state (fixture, PMT_STORE_AVAILABLE, 0);
}

static void
test_wrong_length (Fixture *fixture, gconstpointer data)
{
  reply (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 299999\r\n", 0, SIZE - 1,
         REMOTE_KEEP);
  download_bad (fixture, PMT_ERROR_MODEL, "299999");
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 1);
}

static void
test_too_short (Fixture *fixture, gconstpointer data)
{
  reply (fixture, "HTTP/1.1 200 OK\r\nConnection: close\r\n", 0, HALF,
         REMOTE_CLOSE);
  download_bad (fixture, PMT_ERROR_MODEL, "120000");
}

static void
test_too_long (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *more = g_malloc0 (2 * SIZE);

  memcpy (more, fixture->bytes, SIZE);
  g_free (fixture->bytes);
  fixture->bytes = g_steal_pointer (&more);
  reply (fixture, "HTTP/1.1 200 OK\r\nConnection: close\r\n", 0, SIZE + 1,
         REMOTE_CLOSE);
  download_bad (fixture, PMT_ERROR_MODEL, "300000");
}

/* -------------------------------------------------------------- status -- */

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *status;
    gint code;
    const gchar *says;
  } cases[] = {
    { "401 Unauthorized", PMT_ERROR_KEY, "https://example.org/home" },
    { "403 Forbidden", PMT_ERROR_KEY, "by hand" },
    { "404 Not Found", PMT_ERROR_SERVER, "any more" },
    { "410 Gone", PMT_ERROR_SERVER, "any more" },
    { "400 Bad Request", PMT_ERROR_SERVER, "400" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      reply_status (fixture, cases[i].status, "");
      download_bad (fixture, cases[i].code, cases[i].says);
      g_assert_cmpuint (remote_server_count (fixture->server), ==, i + 1);
    }
}

static void
test_failing_server (Fixture *fixture, gconstpointer data)
{
  reply_status (fixture, "500 Internal Server Error", "");
  reply_status (fixture, "503 Service Unavailable", "Retry-After: 0\r\n");
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 3);
}

static void
test_failed_server (Fixture *fixture, gconstpointer data)
{
  reply_status (fixture, "500 Internal Server Error", "");
  download_bad (fixture, PMT_ERROR_SERVER, "500");
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 3);
}

static void
test_rate_limit (Fixture *fixture, gconstpointer data)
{
  gint64 start;

  reply_status (fixture, "429 Too Many Requests", "Retry-After: 3600\r\n");
  download_bad (fixture, PMT_ERROR_RATE_LIMIT, "3600");
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 1);
  reply_status (fixture, "429 Too Many Requests", "Retry-After: 1\r\n");
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  start = g_get_monotonic_time ();
  download_good (fixture);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, G_USEC_PER_SEC);
}

static void
test_redirects (Fixture *fixture, gconstpointer data)
{
  reply_status (fixture, "302 Found", "Location: http://example.org/x\r\n");
  fixture->options.max_tries = 1;
  download_bad (fixture, PMT_ERROR_NETWORK, "not safe");
  reply_status (fixture, "302 Found", "Location: /elsewhere\r\n");
  reply_at (fixture, "/elsewhere", WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
}

/* -------------------------------------------------- silence and cancel -- */

static void
test_stall (Fixture *fixture, gconstpointer data)
{
  fixture->options.idle_s = 1;
  fixture->options.max_tries = 1;
  reply (fixture, WHOLE, 0, HALF, REMOTE_STALL);
  download_bad (fixture, PMT_ERROR_TIMEOUT, "127.0.0.1");
  assert_state (fixture, PMT_STORE_PARTIAL, HALF);
}

typedef struct
{
  GCancellable *cancellable;
  gint64 when;
} Cancel;

/* As soon as bytes are there. */
static void
cancel_at_progress (const gchar *stage,
                    guint64 done,
                    guint64 total,
                    gpointer user_data)
{
  Cancel *cancel = user_data;

  if (done == 0 || cancel->when != 0)
    return;
  cancel->when = g_get_monotonic_time ();
  g_cancellable_cancel (cancel->cancellable);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Cancel cancel = { cancellable, 0 };

  reply (fixture, WHOLE, 0, HALF, REMOTE_STALL);
  g_assert_false (pmt_store_download_with (
      fixture->home.engine, "test", &fixture->options, cancel_at_progress,
      &cancel, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (cancel.when, !=, 0);
  g_assert_cmpint (g_get_monotonic_time () - cancel.when, <,
                   5 * G_USEC_PER_SEC);
  g_assert_true (store_home_has (&fixture->home, PLACE ".part"));
}

/* ---------------------------------------------------------------- disk -- */

static void
test_no_space (Fixture *fixture, gconstpointer data)
{
  fixture->options.margin = G_MAXUINT64 / 4;
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_bad (fixture, PMT_ERROR_FILE, "no space");
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 0);
}

/* A limit on the size of files fails as a full disk does: in write(). */
static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  struct rlimit before;
  struct rlimit limit;
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = HALF;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  reply (fixture, WHOLE, 0, SIZE, REMOTE_CLOSE);
  g_assert_false (download (fixture, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "The disk is full"));
  assert_state (fixture, PMT_STORE_PARTIAL, HALF);
  reply (fixture, REST, HALF, SIZE, REMOTE_KEEP);
  download_good (fixture);
}

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtStoreLock) lock =
      pmt_store_lock_take (fixture->home.user_dir, "test", &error);

  g_assert_no_error (error);
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  g_assert_false (download (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (pmt_store_discard (fixture->home.engine, "test", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 0);
  g_clear_pointer (&lock, pmt_store_lock_release);
  download_good (fixture);
}

/* -------------------------------------------------------- several files -- */

static void
test_several (Fixture *fixture, gconstpointer data)
{
  write_offer (fixture, TRUE);
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  remote_server_reply_text (fixture->server, "/other", "404 Not Found", "", "");
  download_bad (fixture, PMT_ERROR_SERVER, "404");
  assert_state (fixture, PMT_STORE_PARTIAL, SIZE);
  reply_at (fixture, "/other", WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
  assert_good (fixture, OTHER);
  assert_state (fixture, PMT_STORE_INSTALLED, 2 * SIZE);
  /* Two for the second file, and one for the first. */
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 3);
}

/* --------------------------------------------------------------- paths -- */

static void
test_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_home_write (&fixture->home, PLACE, "mine", -1);
  g_assert_false (download (fixture, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 0);
}

static void
link_to (Fixture *fixture, const gchar *target, const gchar *name)
{
  g_autofree gchar *path = store_home_path (&fixture->home, name, NULL);
  g_autofree gchar *folder = g_path_get_dirname (path);

  g_mkdir_with_parents (folder, 0755);
  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
test_link_out (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *outside = store_home_path (&fixture->home, "outside", NULL);

  g_mkdir (outside, 0755);
  link_to (fixture, outside, "home/models/lora");
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_bad (fixture, PMT_ERROR_ARGUMENT, "leads out");
  g_assert_cmpint (g_rmdir (outside), ==, 0);
}

static void
test_link_part (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *outside = store_home_path (&fixture->home, "mine", NULL);

  store_home_write (&fixture->home, "mine", "precious", -1);
  link_to (fixture, outside, PLACE ".part");
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_bad (fixture, PMT_ERROR_FILE, "test.safetensors.part");
  g_assert_true (store_home_has (&fixture->home, "mine"));
}

/* "models" may be a link to a larger disk: the user's own wish. */
static void
test_link_models (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *outside = store_home_path (&fixture->home, "large", NULL);

  g_mkdir (outside, 0755);
  link_to (fixture, outside, "home/models");
  reply (fixture, WHOLE, 0, SIZE, REMOTE_KEEP);
  download_good (fixture);
  g_assert_true (
      store_home_has (&fixture->home, "large/lora/test.safetensors"));
}

static void
test_ranges (void)
{
  static const gchar *const bad[] = { "",
                                      "bytes",
                                      "bytes 5-4/10",
                                      "bytes 5-9/9",
                                      "bytes */9",
                                      "bytes 1-2/3x",
                                      "bytes 1-2",
                                      "items 1-2/3",
                                      "bytes -2/3",
                                      "bytes 1-99999999999999999999/*" };
  guint64 first = 7;
  guint64 total = 7;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (pmt_fetch_parse_range (bad[i], &first, &total));
  g_assert_false (pmt_fetch_parse_range (NULL, &first, &total));
  g_assert_cmpuint (first, ==, 7);
  g_assert_true (pmt_fetch_parse_range ("bytes 5-9/10", &first, &total));
  g_assert_cmpuint (first, ==, 5);
  g_assert_cmpuint (total, ==, 10);
  g_assert_true (pmt_fetch_parse_range ("Bytes 5-9/*", &first, &total));
  g_assert_cmpuint (total, ==, 0);
}

#define ADD(name, function)                                                    \
  g_test_add ("/store-download/" name, Fixture, NULL, set_up, function,        \
              tear_down)

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-download/ranges", test_ranges);
  ADD ("whole", test_whole);
  ADD ("unknown", test_unknown);
  ADD ("drop", test_drop);
  ADD ("resume", test_resume);
  ADD ("no-ranges", test_no_ranges);
  ADD ("wrong-range", test_wrong_range);
  ADD ("not-satisfiable", test_not_satisfiable);
  ADD ("other-part", test_other_part);
  ADD ("damaged-part", test_damaged_part);
  ADD ("discard", test_discard);
  ADD ("corrupt", test_corrupt);
  ADD ("wrong-length", test_wrong_length);
  ADD ("too-short", test_too_short);
  ADD ("too-long", test_too_long);
  ADD ("refused", test_refused);
  ADD ("failing-server", test_failing_server);
  ADD ("failed-server", test_failed_server);
  ADD ("rate-limit", test_rate_limit);
  ADD ("redirects", test_redirects);
  ADD ("stall", test_stall);
  ADD ("cancel", test_cancel);
  ADD ("no-space", test_no_space);
  ADD ("full-disk", test_full_disk);
  ADD ("lock", test_lock);
  ADD ("several", test_several);
  ADD ("taken", test_taken);
  ADD ("link-out", test_link_out);
  ADD ("link-part", test_link_part);
  ADD ("link-models", test_link_models);
  return g_test_run ();
}

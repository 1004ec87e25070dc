/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-origin.c: addresses, and what failures say. */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "remote/fault.h"
#include "remote/origin.h"

#define SECRET "sk-Secret/1234+x"

static void
test_origins (void)
{
  static const gchar *const pairs[][2] = {
    { "https://Example.COM/a?b#c", "https://example.com:443" },
    { "HTTPS://example.com:443", "https://example.com:443" },
    { "https://example.com:8443/", "https://example.com:8443" },
    { "https://example.com:/", "https://example.com:443" },
    { "http://127.0.0.1:7860", "http://127.0.0.1:7860" },
    { "ws://localhost:8188/ws", "http://localhost:8188" },
    { "wss://example.com/ws", "https://example.com:443" },
    { "http://[::1]:80/", "http://[::1]:80" },
    { "http://[0:0:0:0:0:0:0:1]/", "http://[::1]:80" },
    { "https://[2001:DB8::1]/", "https://[2001:db8::1]:443" },
    { "https://example.com./", "https://example.com.:443" },
    { "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example:443" },
    { "https://example.com/a@b", "https://example.com:443" },
    { "ftp://example.com", NULL },
    { "file:///etc/passwd", NULL },
    { "https:example.com", NULL },
    { "https:///path", NULL },
    { "https://", NULL },
    { "example.com", NULL },
    { "", NULL },
    { "https://user@example.com/", NULL },
    { "https://user:word@example.com/", NULL },
    { "https://@example.com/", NULL },
    { "https://good.com\\@evil.com/", NULL },
    { "https://good.com\\.evil.com/", NULL },
    { "https://good.com%2eevil.com/", NULL },
    { "https://good.com%00.evil.com/", NULL },
    { "https://b\xc3\xbc"
      "cher.example/",
      NULL },
    { "https://\xe2\x93\x9bocalhost/", NULL },
    { "https://exa mple.com/", NULL },
    { " https://example.com/", NULL },
    { "https://example.com/\r\nX: y", NULL },
    { "https://example.com:0/", NULL },
    { "https://example.com:65536/", NULL },
    { "https://example.com:80:80/", NULL },
    { "https://.example.com/", NULL },
    { "https://a..example.com/", NULL },
    { "https://[::1", NULL },
    { "https://[fe80::1%25eth0]/", NULL },
    { "https://[example]/", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree gchar *origin = pmt_origin_of_url (pairs[i][0]);

      g_test_message ("%s", pairs[i][0]);
      g_assert_cmpstr (origin, ==, pairs[i][1]);
    }
}

static void
test_same (void)
{
  g_assert_true (pmt_origin_is_same ("https://a.b/x", "HTTPS://A.B:443/y"));
  g_assert_true (
      pmt_origin_is_same ("ws://localhost:1/x", "http://localhost:1"));
  g_assert_false (pmt_origin_is_same ("https://a.b", "http://a.b"));
  g_assert_false (pmt_origin_is_same ("https://a.b", "https://a.b:444"));
  g_assert_false (pmt_origin_is_same ("https://a.b", "https://a.b."));
  g_assert_false (pmt_origin_is_same ("https://a.b", "https://a.b.c"));
  g_assert_false (pmt_origin_is_same ("none", "none"));
}

static void
test_loopback (void)
{
  static const gchar *const yes[] = {
    "http://localhost", "http://LocalHost:1", "http://127.0.0.1",
    "http://127.9.8.7", "http://[::1]:8",     "http://a.localhost/",
  };
  static const gchar *const no[] = {
    "http://localhost.evil.com",
    "http://127.0.0.1.evil.com",
    "http://notlocalhost",
    "http://localhost.",
    "http://128.0.0.1",
    "http://0.0.0.0",
    "http://[::]",
    "http://[::ffff:127.0.0.1]",
    "http://localhost@evil.com",
    "http://evil.com/localhost",
    "http://evil.com#.localhost",
    "http://.localhost",
    "http://2130706433",
  };

  for (guint i = 0; i < G_N_ELEMENTS (yes); i++)
    {
      g_test_message ("%s", yes[i]);
      g_assert_true (pmt_origin_is_loopback (yes[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (no); i++)
    {
      g_test_message ("%s", no[i]);
      g_assert_false (pmt_origin_is_loopback (no[i]));
    }
}

static void
test_check (void)
{
  static const gchar *const refused[] = {
    "http://example.com",  "ws://localhost",       "https://u:geheim@a.b/",
    "gopher://localhost/", "http://192.168.1.4:1", "https://a.b\n/",
  };

  g_assert_true (pmt_origin_check ("https://example.com/x", "X", NULL));
  g_assert_true (pmt_origin_check ("http://localhost:8188", "X", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (pmt_origin_check (refused[i], "The Name", &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, "“The Name”"));
      g_assert_null (strstr (error->message, "geheim"));
    }
}

static void
test_resolve (void)
{
  static const gchar *const base = "https://a.b:8/c/d?e#f";
  static const gchar *const pairs[][2] = {
    { "g", "https://a.b:8/c/g" },
    { "/g", "https://a.b:8/g" },
    { "../../../g", "https://a.b:8/g" },
    { "?y", "https://a.b:8/c/d?y" },
    { "//h/i", "https://h/i" },
    { "http://h:1/i?j=%2F%41+", "http://h:1/i?j=%2F%41+" },
    { "/p%2Fq%7e?x=%26", "https://a.b:8/p%2Fq~?x=%26" },
    { "//good@evil/", NULL },
    { "//good\\@evil/", NULL },
    { "data:image/png;base64,AA", NULL },
    { "javascript:alert(1)", NULL },
    { "https:\\\\evil", NULL },
    { "/a\r\nb", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree gchar *url = pmt_origin_resolve (base, pairs[i][0]);

      g_test_message ("%s", pairs[i][0]);
      g_assert_cmpstr (url, ==, pairs[i][1]);
    }
  g_assert_null (pmt_origin_resolve ("c/d", "g"));
}

static void
test_join (void)
{
  static const gchar *const parts[][3] = {
    { "https://a/b", "/c?d", "https://a/b/c?d" },
    { "https://a/b/", "c", "https://a/b/c" },
    { "https://a", "//c", "https://a/c" },
    { "https://a/", "", "https://a" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree gchar *url = pmt_origin_join (parts[i][0], parts[i][1]);

      g_assert_cmpstr (url, ==, parts[i][2]);
    }
}

static void
test_precedence (void)
{
  static const guint useless[] = { 400, 404, 405, 409, 410, 422 };
  g_auto (PmtFault) fault = PMT_FAULT_INIT;
  g_auto (PmtFault) copy = PMT_FAULT_INIT;

  pmt_fault_take (&fault, pmt_fault_from_status (400), "first");
  g_assert_cmpint (fault.kind, ==, PMT_FAULT_PARAMETER);
  pmt_fault_take (&fault, PMT_FAULT_CONTENT, "flagged");
  pmt_fault_take (&fault, PMT_FAULT_RATE_LIMIT, "slow down");
  pmt_fault_take (&fault, PMT_FAULT_NONE, "nothing");
  g_assert_cmpint (fault.kind, ==, PMT_FAULT_CONTENT);
  g_assert_cmpstr (fault.detail, ==, "flagged");
  pmt_fault_take (&fault, PMT_FAULT_CREDITS, NULL);
  g_assert_cmpint (fault.kind, ==, PMT_FAULT_CREDITS);
  pmt_fault_take (&fault, PMT_FAULT_CREDITS, fault.detail);
  fault.retry_after = 3.0;
  pmt_fault_copy (&copy, &fault);
  pmt_fault_copy (&copy, &copy);
  g_assert_cmpstr (copy.detail, ==, "flagged");
  g_assert_cmpfloat (copy.retry_after, ==, 3.0);
  pmt_fault_clear (&copy);
  g_assert_cmpfloat (copy.retry_after, <, 0.0);
  for (guint i = 0; i < G_N_ELEMENTS (useless); i++)
    g_assert_cmpint (pmt_fault_from_status (useless[i]), ==,
                     PMT_FAULT_PARAMETER);
  for (guint status = 0; status < 700; status++)
    g_assert_true ((pmt_fault_from_status (status) == PMT_FAULT_NONE)
                   == (status / 100 == 2));
}

static void
test_sentences (void)
{
  static const struct
  {
    PmtFault fault;
    gint code;
    const gchar *part;
  } cases[] = {
    { { PMT_FAULT_NETWORK, "refused", NULL, NULL, -1 },
      PMT_ERROR_NETWORK,
      "(The reason: refused.)" },
    { { PMT_FAULT_TIMEOUT, NULL, NULL, NULL, -1 },
      PMT_ERROR_TIMEOUT,
      "in time" },
    { { PMT_FAULT_CREDITS, "You are broke.", NULL, NULL, -1 },
      PMT_ERROR_CREDITS,
      "(It says: You are broke.)" },
    { { PMT_FAULT_CONTENT, NULL, NULL, NULL, -1 },
      PMT_ERROR_CONTENT,
      "content filter" },
    { { PMT_FAULT_RATE_LIMIT, NULL, NULL, NULL, 2.2 },
      PMT_ERROR_RATE_LIMIT,
      "3 seconds" },
    { { PMT_FAULT_RATE_LIMIT, NULL, NULL, NULL, 1 },
      PMT_ERROR_RATE_LIMIT,
      "1 second." },
    { { PMT_FAULT_RATE_LIMIT, NULL, NULL, NULL, -1 },
      PMT_ERROR_RATE_LIMIT,
      "Wait a minute" },
    { { PMT_FAULT_TOO_LARGE, NULL, NULL, "4096 × 4096 pixels", -1 },
      PMT_ERROR_TOO_LARGE,
      "4096 × 4096 pixels" },
    { { PMT_FAULT_KEY, NULL, NULL, NULL, -1 }, PMT_ERROR_KEY, "settings" },
    { { PMT_FAULT_PARAMETER, NULL, "steps", NULL, -1 },
      PMT_ERROR_ARGUMENT,
      "“steps”" },
    { { PMT_FAULT_PARAMETER, NULL, NULL, NULL, -1 },
      PMT_ERROR_ARGUMENT,
      "these settings" },
    { { PMT_FAULT_SERVER, NULL, NULL, NULL, -1 }, PMT_ERROR_SERVER, "later" },
    { { PMT_FAULT_NETWORK, NULL, NULL, NULL, -1, TRUE },
      PMT_ERROR_NETWORK,
      "may have been carried out, and was not sent again" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          pmt_fault_set_error (&cases[i].fault, "fal.ai", SECRET, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, PMT_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, "“fal.ai”"));
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

static void
test_cancelled (void)
{
  PmtFault fault = { PMT_FAULT_CANCELLED, NULL, NULL, NULL, -1 };
  g_autoptr (GError) error = NULL;

  g_assert_false (pmt_fault_set_error (&fault, "fal.ai", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_details (void)
{
  static const gchar *const pairs[][2] = {
    { "It is broken.", "It is broken" },
    { "  a\r\n\tb  c... ", "a b c" },
    { "<html><head><title>502 Bad Gateway</title><style>p{x}</style></head>"
      "<body><h1>Sorry</h1><script>let a = '<b>';</script><!-- > --></body>",
      "502 Bad Gateway Sorry" },
    { "width < 4096 and height > 3", "width < 4096 and height > 3" },
    { "&lt;b&gt;bold&lt;/b&gt; &amp; &quot;q&quot;", "bold & \"q\"" },
    { "open <a href='", "open" },
    { "bad \xff\xfe bytes", "bad �� bytes" },
    { "zero\xe2\x80\x8bwidth \xe2\x80\xae turned", "zero width turned" },
    { "see data:image/png;base64,"
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
      "\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD",
      "see data:image/png;base64, …" },
    { "id 123e4567-e89b-12d3-a456-426614174000",
      "id 123e4567-e89b-12d3-a456-426614174000" },
    { "", NULL },
    { " ... ", NULL },
    { "<p></p>", NULL },
    { "{}", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree gchar *text = pmt_fault_clean_detail (pairs[i][0], NULL);

      g_assert_cmpstr (text, ==, pairs[i][1]);
    }
}

static void
test_long_detail (void)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autofree gchar *text = NULL;

  while (detail->len < 20000)
    g_string_append (detail, "ä ");
  text = pmt_fault_clean_detail (detail->str, NULL);
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, 300);
  g_assert_cmpint (g_utf8_strlen (text, -1), >=, 295);
  g_assert_true (g_str_has_suffix (text, "…"));
}

static void
check_hidden (const gchar *detail)
{
  g_autofree gchar *text = pmt_fault_clean_detail (detail, SECRET);

  g_test_message ("%s", text);
  g_assert_nonnull (text);
  g_assert_null (strstr (text, "Secret"));
  g_assert_null (strstr (text, "1234"));
  /* Of the base64 of "Secret". */
  g_assert_null (strstr (text, "U2VjcmV0"));
  g_assert_null (strstr (text, "NlY3Jld"));
  g_assert_null (strstr (text, "TZWNyZX"));
}

static void
test_secrets (void)
{
  g_autoptr (GString) early = g_string_new (NULL);

  check_hidden ("the key " SECRET " is wrong");
  check_hidden ("the key sk-SECRET/1234+X is wrong");
  check_hidden ("?key=sk-Secret%2F1234%2Bx&b");
  check_hidden ("?key=sk-Secret%2f1234%2bx&b");
  check_hidden ("escaped sk-Secret&#47;1234+x sk-Secret/1234+x");
  for (guint shift = 0; shift < 4; shift++)
    {
      g_autofree gchar *plain =
          g_strconcat ("abc" + 3 - MIN (shift, 3), SECRET, ":", NULL);
      g_autofree gchar *coded =
          g_base64_encode ((const guchar *)plain, strlen (plain));
      g_autofree gchar *detail = g_strconcat ("Basic ", coded, NULL);

      check_hidden (detail);
      g_strdelimit (detail, "+", '-');
      g_strdelimit (detail, "/", '_');
      check_hidden (detail);
    }
  /* Across the place where the text is cut. */
  while (early->len < 290)
    g_string_append (early, "a ");
  g_string_append (early, SECRET);
  check_hidden (early->str);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/origin/of-url", test_origins);
  g_test_add_func ("/origin/same", test_same);
  g_test_add_func ("/origin/loopback", test_loopback);
  g_test_add_func ("/origin/check", test_check);
  g_test_add_func ("/origin/resolve", test_resolve);
  g_test_add_func ("/origin/join", test_join);
  g_test_add_func ("/fault/precedence", test_precedence);
  g_test_add_func ("/fault/sentences", test_sentences);
  g_test_add_func ("/fault/cancelled", test_cancelled);
  g_test_add_func ("/fault/details", test_details);
  g_test_add_func ("/fault/long", test_long_detail);
  g_test_add_func ("/fault/secrets", test_secrets);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-onnx-stub.c: a build without ONNX Runtime says so. */
#include "config.h"

#include <locale.h>

#include "onnx/session.h"

static void
test_refused (void)
{
  const PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (GBytes) model = g_bytes_new_static ("", 0);
  g_autoptr (GError) of_file = NULL;
  g_autoptr (GError) of_bytes = NULL;

  g_assert_null (pmt_session_open ("a.onnx", &options, &of_file));
  g_assert_error (of_file, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
  g_assert_cmpstr (of_file->message, ==,
                   "This build of Pentimento can't run networks: it was made "
                   "without ONNX Runtime.");
  g_assert_null (pmt_session_open_bytes (model, "a", &options, &of_bytes));
  g_assert_error (of_bytes, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/onnx-stub/refused", test_refused);
  return g_test_run ();
}

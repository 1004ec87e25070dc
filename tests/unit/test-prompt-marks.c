/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-prompt-marks.c: what an editor colors in a prompt. */
#include <glib.h>
#include <string.h>

#include "pentimento.h"

static PmtEngine *engine;

/* "weight 2+1 'text'" for each mark. */
static gchar *
print_marks (const gchar *text, GPtrArray *marks)
{
  static const gchar *const kinds[] = {
    "weight", "word", "part", "flag", "nothing", "unknown", "loose", "error"
  };
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < marks->len; i++)
    {
      const PmtPromptMark *mark = g_ptr_array_index (marks, i);

      g_string_append_printf (all, "%s%s %" G_GSIZE_FORMAT " %.*s",
                              i > 0 ? "|" : "", kinds[mark->kind], mark->start,
                              (gint)mark->length, text + mark->start);
    }

  return g_string_free (all, FALSE);
}

static void
check_request (const gchar *text,
               gboolean is_negative,
               const PmtModel *model,
               const PmtRequest *request,
               const gchar *wanted)
{
  g_autoptr (GPtrArray) marks =
      pmt_prompt_list_marks (text, -1, is_negative, model, request);
  g_autofree gchar *printed = print_marks (text, marks);

  g_assert_cmpstr (printed, ==, wanted);
}

static void
check (const gchar *text, const gchar *wanted)
{
  check_request (text, FALSE, NULL, NULL, wanted);
}

static PmtRequest *
new_request (const gchar *model)
{
  const GeglRectangle canvas = { 0, 0, 600, 400 };
  PmtRequest *request = pmt_request_new (PMT_OPERATION_GENERATE);

  pmt_request_set_model (request, model);
  pmt_request_set_canvas (request, &canvas);
  pmt_request_set_source (request, NULL, &canvas);

  return request;
}

/* As a checkpoint that is to give AUTOMATIC1111's results. */
static void
check_a1111 (const gchar *text, gboolean is_negative, const gchar *wanted)
{
  g_autoptr (PmtRequest) request = new_request (NULL);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, PMT_OPERATION_GENERATE);

  g_assert_cmpuint (templates->len, >=, 1);
  pmt_params_set_string (pmt_request_params (request), "compatibility",
                         "a1111");
  check_request (text, is_negative, templates->pdata[0], request, wanted);
}

static void
test_weights (void)
{
  check ("", "");
  check ("a red cat", "");
  check ("a (red) cat", "weight 2 (|weight 6 )");
  check ("a (red:1.2) cat", "weight 2 (|weight 6 :1.2)");
  check ("(a:(b:1.2):.5)",
         "weight 0 (|weight 3 (|weight 5 :1.2)|weight 10 :.5)");
  check ("(a: b)", "weight 0 (|weight 5 )");
  check ("(ä:1.2)", "weight 0 (|weight 3 :1.2)");
  check ("\\(a\\) [b] BREAK", "");
  check ("a (b", "loose 2 (");
  check ("a) b", "loose 1 )");
}

static void
test_a1111 (void)
{
  check_a1111 ("[a] BREAK b", FALSE, "weight 0 [|weight 2 ]|word 4 BREAK");
  check_a1111 ("[a:b:0.5]", FALSE, "weight 0 [|weight 4 :0.5]");
  check_a1111 ("a AND b", FALSE, "word 2 AND");
  check_a1111 ("a AND b", TRUE, "");
  check_a1111 ("SAND BREAKS", FALSE, "");
  check_a1111 ("\\[a\\] (b:1e3)", FALSE, "weight 6 (|weight 12 )");
  check_a1111 ("(a:1.2.3)", FALSE, "weight 0 (|error 2 :1.2.3)|weight 8 )");
}

static void
test_parts (void)
{
  check ("hot:: dog::-0.5", "part 3 ::|part 9 ::-0.5");
  check ("(a::2) b", "weight 0 (|weight 3 :2)");
  check (":: a", "part 0 ::|error 0 ::");
  check_request ("hot:: dog", TRUE, NULL, NULL, "");
}

static void
test_flags (void)
{
  check ("a --ar 16:9 --seed 7", "flag 2 --ar 16:9|flag 12 --seed 7");
  check ("ö --no (x), y", "flag 3 --no (x), y");
  check ("a --foo", "unknown 2 --foo|error 2 --foo");
  check ("a --repeat 4 --tile",
         "unknown 2 --repeat 4|error 2 --repeat 4|flag 13 --tile");
  check ("a --c 101", "unknown 2 --c 101|error 2 --c 101");
  check ("a --ar 1:1 --ar 2:1",
         "flag 2 --ar 1:1|flag 11 --ar 2:1|error 11 --ar 2:1");
  check_request ("a --ar 1:1", TRUE, NULL, NULL, "");
}

static void
test_models (void)
{
  g_autoptr (PmtRequest) request = new_request (NULL);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, PMT_OPERATION_GENERATE);
  g_autoptr (GPtrArray) marks = NULL;
  const PmtPromptMark *mark;

  /* A checkpoint has an aspect and no version. */
  marks = pmt_prompt_list_marks ("a --ar 16:9 --v 7", -1, FALSE,
                                 templates->pdata[0], request);
  g_assert_cmpuint (marks->len, ==, 2);
  mark = marks->pdata[0];
  g_assert_cmpint (mark->kind, ==, PMT_PROMPT_MARK_FLAG);
  g_assert_null (mark->message);
  mark = marks->pdata[1];
  g_assert_cmpint (mark->kind, ==, PMT_PROMPT_MARK_NO_EFFECT);
  g_assert_nonnull (strstr (mark->message, "“--v 7”"));
}

static void
check_unreadable (const gchar *text, gsize start, gsize length)
{
  g_autoptr (GPtrArray) marks =
      pmt_prompt_list_marks (text, -1, FALSE, NULL, NULL);
  const PmtPromptMark *mark;

  g_assert_cmpuint (marks->len, ==, 1);
  mark = marks->pdata[0];
  g_assert_cmpint (mark->kind, ==, PMT_PROMPT_MARK_ERROR);
  g_assert_cmpuint (mark->start, ==, start);
  g_assert_cmpuint (mark->length, ==, length);
  g_assert_true (g_utf8_validate (mark->message, -1, NULL));
}

static void
test_hostile (void)
{
  g_autofree gchar *ascii = g_strnfill (100000, 'a');
  g_autoptr (GString) wide = g_string_new ("b");
  g_autofree gchar *open = g_strnfill (60000, '(');
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GPtrArray) part =
      pmt_prompt_list_marks ("(a) (b)", 3, FALSE, NULL, NULL);

  check_unreadable ("(a) \xff (b)", 4, 1);
  check_unreadable (ascii, 65536, 100000 - 65536);
  for (guint i = 0; i < 100000; i++)
    g_string_append (wide, "é");
  /* The limit is inside a character. */
  check_unreadable (wide->str, 65535, 200001 - 65535);
  g_assert_cmpuint (part->len, ==, 2);

  marks = pmt_prompt_list_marks (open, -1, FALSE, NULL, NULL);
  g_assert_cmpuint (marks->len, ==, 4096);
}

/* The longest prompt that is read, full of marks, while somebody types. */
static void
test_fast (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) marks = NULL;
  gint64 start;

  while (text->len < 60000)
    g_string_append (text, "(a:1.2), [b], c:: ");
  for (guint i = 0; i < 500; i++)
    g_string_append (text, " --ar 1:1");
  start = g_get_monotonic_time ();
  marks = pmt_prompt_list_marks (text->str, -1, FALSE, NULL, NULL);
  /* 5 ms usually; a sanitizer on a busy machine is slower. */
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (marks->len, ==, 4096);
}

int
main (int argc, char *argv[])
{
  const PmtEngineOptions options = {
    .data_dir = g_getenv ("PENTIMENTO_TEST_DATA"),
    .max_run_cost = -1.0,
    .max_day_cost = -1.0,
  };
  gint status;

  g_test_init (&argc, &argv, NULL);
  engine = pmt_engine_new (&options, NULL);
  g_assert_nonnull (engine);
  g_test_add_func ("/prompt-marks/weights", test_weights);
  g_test_add_func ("/prompt-marks/a1111", test_a1111);
  g_test_add_func ("/prompt-marks/parts", test_parts);
  g_test_add_func ("/prompt-marks/flags", test_flags);
  g_test_add_func ("/prompt-marks/models", test_models);
  g_test_add_func ("/prompt-marks/hostile", test_hostile);
  g_test_add_func ("/prompt-marks/fast", test_fast);
  status = g_test_run ();
  pmt_engine_unref (engine);

  return status;
}

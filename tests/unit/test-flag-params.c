/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-flag-params.c: what the flags of a prompt mean to the shipped models. */
#include <glib.h>
#include <string.h>

#include "core/engine-private.h"

static PmtEngine *engine;

/* A request that has been through the checks, with its notes. */
typedef struct
{
  PmtRequest *request;
  GPtrArray *problems;
  GPtrArray *notes;
} Ready;

static void
ready_clear (Ready *ready)
{
  pmt_request_free (ready->request);
  g_ptr_array_unref (ready->problems);
  g_ptr_array_unref (ready->notes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ready, ready_clear)

static void
prepare (Ready *ready,
         PmtOperation operation,
         const gchar *id,
         const gchar *prompt,
         const gchar *negative)
{
  g_autoptr (PmtRequest) request = pmt_request_new (operation);
  const GeglRectangle canvas = { 0, 0, 600, 400 };
  const PmtModel *model;

  pmt_request_set_model (request, id);
  pmt_request_set_canvas (request, &canvas);
  pmt_request_set_source (request, NULL, &canvas);
  pmt_params_set_string (pmt_request_params (request), "prompt", prompt);
  if (negative != NULL)
    pmt_params_set_string (pmt_request_params (request), "negative-prompt",
                           negative);
  ready->problems = pmt_problems_new ();
  ready->notes = g_ptr_array_new_with_free_func (g_free);
  ready->request = pmt_engine_prepare (engine, request, ready->problems,
                                       ready->notes, &model);
  g_assert_nonnull (model);
}

static const gchar *
get_string (const Ready *ready, const gchar *name)
{
  return pmt_params_get_string (pmt_request_peek_params (ready->request), name,
                                NULL);
}

static gint64
get_int (const Ready *ready, const gchar *name)
{
  return pmt_params_get_int (pmt_request_peek_params (ready->request), name,
                             -99);
}

static gboolean
has_text (GPtrArray *texts, const gchar *part)
{
  for (guint i = 0; i < texts->len; i++)
    if (strstr (texts->pdata[i], part) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
has_problem (const Ready *ready, const gchar *name, const gchar *part)
{
  for (guint i = 0; i < ready->problems->len; i++)
    {
      const PmtProblem *problem = ready->problems->pdata[i];

      if (g_strcmp0 (problem->name, name) == 0
          && strstr (problem->message, part) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* The service that knows them: parameters of ours, the rest is passed on. */
static void
test_service (void)
{
  g_auto (Ready) ready = { 0 };

  prepare (&ready, PMT_OPERATION_GENERATE, "legnext",
           "A duck --no weeds --ar 1920:1080 --s 250 --q 2 --raw --exp --v 7 "
           "--iw 2 --sref https://x.example/y.png --seed 7",
           "fog");
  g_assert_cmpuint (ready.notes->len, ==, 0);
  g_assert_cmpstr (get_string (&ready, "prompt"), ==,
                   "A duck --exp --iw 2 --sref https://x.example/y.png");
  g_assert_cmpstr (get_string (&ready, "negative-prompt"), ==, "fog, weeds");
  g_assert_cmpstr (get_string (&ready, "aspect"), ==, "16:9");
  g_assert_cmpstr (get_string (&ready, "quality"), ==, "2");
  g_assert_cmpstr (get_string (&ready, "version"), ==, "7");
  g_assert_cmpint (get_int (&ready, "stylize"), ==, 250);
  g_assert_cmpint (get_int (&ready, "seed"), ==, 7);
  g_assert_true (pmt_params_get_bool (pmt_request_peek_params (ready.request),
                                      "raw", FALSE));
}

/* Others: what means the same is set, the rest is told before the run. */
static void
test_named_size (void)
{
  g_auto (Ready) ready = { 0 };

  prepare (&ready, PMT_OPERATION_GENERATE, "flux_schnell",
           "A duck --ar 16:9 --q 0.5 --weird 250 --no fog", NULL);
  g_assert_cmpstr (get_string (&ready, "prompt"), ==, "A duck");
  g_assert_cmpstr (get_string (&ready, "image-size"), ==, "landscape_16_9");
  g_assert_cmpint (get_int (&ready, "steps"), ==, 2);
  g_assert_cmpuint (ready.notes->len, ==, 2);
  g_assert_true (has_text (ready.notes, "“--weird 250”"));
  g_assert_true (has_text (ready.notes, "“--no fog”"));
}

static void
test_choices (void)
{
  g_auto (Ready) ready = { 0 };
  g_auto (Ready) word = { 0 };

  prepare (&ready, PMT_OPERATION_GENERATE, "nano_banana", "A duck --ar 7:5",
           NULL);
  g_assert_true (has_problem (&ready, "aspect", "7:5"));
  prepare (&word, PMT_OPERATION_GENERATE, "gpt-image", "A duck --q 0.5", NULL);
  g_assert_cmpstr (get_string (&word, "quality"), ==, "medium");
  g_assert_cmpuint (word.notes->len, ==, 0);
}

static void
test_refused (void)
{
  g_auto (Ready) ready = { 0 };
  g_auto (Ready) paint = { 0 };
  g_auto (Ready) none = { 0 };

  prepare (&ready, PMT_OPERATION_GENERATE, "legnext", "A duck --chaos 101",
           NULL);
  g_assert_true (has_problem (&ready, "prompt", "from 0 to 100"));
  prepare (&paint, PMT_OPERATION_EXPAND, "legnext",
           "A duck --oref https://x.example/y.png", NULL);
  g_assert_true (has_problem (&paint, "prompt", "painted anew"));
  prepare (&none, PMT_OPERATION_GENERATE, "legnext", "long--haired 5 -- 6",
           NULL);
  g_assert_cmpstr (get_string (&none, "prompt"), ==, "long--haired 5 -- 6");
}

/* What is typed wins over what is set, and says so. */
static void
test_wins (void)
{
  g_autoptr (PmtRequest) request = pmt_request_new (PMT_OPERATION_GENERATE);
  g_auto (GStrv) notes = NULL;

  pmt_request_set_model (request, "legnext");
  pmt_params_set_string (pmt_request_params (request), "prompt",
                         "A duck --s 250");
  pmt_params_set_int (pmt_request_params (request), "stylize", 400);
  notes = pmt_engine_list_notes (engine, request);
  g_assert_cmpuint (g_strv_length (notes), ==, 1);
  g_assert_nonnull (strstr (notes[0], "“--stylize 250” in the prompt"));
  /* The request of the caller stays as it is. */
  g_assert_cmpint (
      pmt_params_get_int (pmt_request_params (request), "stylize", 0), ==, 400);
}

/* Words are added once, shown, and in the recipe as they were used. */
static void
test_enhancer (void)
{
  g_autoptr (PmtRequest) request = pmt_request_new (PMT_OPERATION_GENERATE);
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PmtRequest) ready = NULL;
  const PmtParams *params;
  const PmtModel *model;

  pmt_request_set_model (request, "sdapi");
  pmt_params_set_string (pmt_request_params (request), "prompt",
                         "a bench --no fog");
  pmt_params_set_string (pmt_request_params (request), "enhancer", "auto");
  pmt_params_set_string (pmt_request_params (request), "checkpoint",
                         "ponyDiffusion.safetensors");
  ready = pmt_engine_prepare (engine, request, problems, notes, &model);
  params = pmt_request_peek_params (ready);
  g_assert_cmpstr (pmt_params_get_string (params, "prompt", ""), ==,
                   "score_9, score_8_up, score_7_up, a bench");
  g_assert_cmpstr (pmt_params_get_string (params, "negative-prompt", ""), ==,
                   "score_4, score_5, score_6, fog");
  g_assert_cmpstr (pmt_params_get_string (params, "enhancer", ""), ==, "off");
  g_assert_true (has_text (notes, "score_7_up"));
}

int
main (int argc, char **argv)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  gint status;

  g_test_init (&argc, &argv, NULL);
  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/flag-params/service", test_service);
  g_test_add_func ("/flag-params/named-size", test_named_size);
  g_test_add_func ("/flag-params/choices", test_choices);
  g_test_add_func ("/flag-params/refused", test_refused);
  g_test_add_func ("/flag-params/wins", test_wins);
  g_test_add_func ("/flag-params/enhancer", test_enhancer);
  status = g_test_run ();
  pmt_engine_unref (engine);
  return status;
}

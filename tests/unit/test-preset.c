/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-preset.c: presets: files, placeholders, what wins, the user's own. */
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/backend.h"
#include "core/engine-private.h"
#include "core/prompt-hook.h"
#include "core/recipe.h"
#include "prompt/preset.h"
#include "prompt/template.h"

#define HEAD "\"id\":\"x\",\"name\":\"X\",\"category\":\"C\","
#define FOR "\"operations\":[\"generate\"],"

/* What is said of a weight that no number can hold. */
#define WEIGHT(place)                                                          \
  "The prompt can't be read at character " #place                              \
  ": the weight is no finite number."

static gchar *user_dir;
static PmtEngine *engine;

static PmtEngine *
new_engine (void)
{
  g_autoptr (GError) error = NULL;
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  PmtEngine *made;

  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = user_dir;
  made = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
  return made;
}

/* ------------------------------------------------------------ templates -- */

static gchar *
fill (const gchar *text, const gchar *typed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = pmt_template_parse (text, &error);
  g_autoptr (GHashTable) values =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const gchar *missing = NULL;
  gchar *rest;
  gchar *filled;

  g_assert_no_error (error);
  rest = pmt_template_take_values (parts, typed, values, &error);
  if (rest == NULL)
    return g_strdup_printf ("! %s", error->message);
  g_hash_table_insert (values, g_strdup ("prompt"), rest);
  filled = pmt_template_fill (parts, values, &missing);
  g_assert_true ((filled == NULL) == (missing != NULL));
  return filled != NULL ? filled : g_strdup_printf ("? %s", missing);
}

static void
test_templates (void)
{
  static const gchar *const cases[][3] = {
    { "photo of <prompt>, soft", "a cat", "photo of a cat, soft" },
    { "photo of <prompt>, soft", "", "? prompt" },
    { "photo of <prompt|a dog>, soft", "", "photo of a dog, soft" },
    { "photo, <prompt|>, soft", "", "photo, soft" },
    { "photo <prompt|> here", "", "photo here" },
    { "<prompt|>, soft", "", "soft" },
    { "soft, <prompt|>", "", "soft" },
    { "soft light", "a cat", "a cat, soft light" },
    { "soft light", "", "soft light" },
    { "<prompt> in <season|autumn>", "a hill", "a hill in autumn" },
    { "<prompt> in <season|autumn>", "a <season|late winter> hill",
      "a hill in late winter" },
    { "<prompt> in <season>", "a hill", "? season" },
    { "<prompt> in <season>", "a hill <season|spring>", "a hill in spring" },
    /* What is put in is not looked at again. */
    { "<prompt>, <mood|calm>", "a <prompt|b>", "a <prompt|b>, calm" },
    { "<prompt>, <lora:film:0.8> a < b", "x", "x, <lora:film:0.8> a < b" },
    { "ä <prompt> ü", "日本", "ä 日本 ü" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *filled = fill (cases[i][0], cases[i][1]);

      g_assert_cmpstr (filled, ==, cases[i][2]);
    }
}

static void
test_unknown_placeholder (void)
{
  g_autofree gchar *filled = fill ("<prompt> in <season|x>", "a <sesaon|y> b");

  g_assert_true (g_str_has_prefix (filled, "!"));
  g_assert_nonnull (strstr (filled, "sesaon"));
  g_assert_nonnull (strstr (filled, "season"));
}

static void
test_bad_templates (void)
{
  static const gchar *const texts[] = {
    "<Prompt>",     "<prompt", "<prompt|a<b>",
    "<prompt|a|b>", "<a_b>",   "<abcdefghijklmnopqrstuvwxyzabcdefg>",
  };
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_null (pmt_template_parse (texts[i], &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
      g_clear_error (&error);
    }
  for (guint i = 0; i < 33; i++)
    g_string_append (many, "<a|>");
  g_assert_null (pmt_template_parse (many->str, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

/* ---------------------------------------------------------------- files -- */

static void
check_refused (const gchar *text, const gchar *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pmt_preset_parse ("my.json", text, strlen (text), &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
  if (strstr (error->message, part) == NULL
      || !g_str_has_prefix (error->message, "my.json, line "))
    g_error ("“%s” lacks “%s”", error->message, part);
}

static void
test_bad_files (void)
{
  g_autofree gchar *large = g_strnfill (PMT_PRESET_MAX_BYTES + 1, ' ');
  g_autofree gchar *deep = g_strnfill (40, '[');
  g_autofree gchar *words = g_strnfill (PMT_PRESET_MAX_PROMPT + 1, 'a');
  g_autofree gchar *prompt =
      g_strdup_printf ("{" HEAD FOR "\"prompt\":\"%s\"}", words);
  g_autoptr (GString) many =
      g_string_new ("{" HEAD FOR "\"prompt\":\"a\",\"settings\":{\"a0\":1");

  for (guint i = 1; i < 65; i++)
    g_string_append_printf (many, ",\"a%u\":1", i);
  g_string_append (many, "}}");
  check_refused ("", "JSON");
  check_refused ("{", "JSON");
  check_refused ("[]", "braces");
  check_refused (large, "64");
  check_refused (deep, "deep");
  check_refused (prompt, "4000");
  check_refused (many->str, "64");
  check_refused ("{}", "id");
  check_refused ("{\"id\":\"../x\"}", "../x");
  check_refused ("{\"id\":\"a/b\"}", "a/b");
  check_refused ("{\"id\":\".x\"}", ".x");
  check_refused ("{" HEAD "\"prompt\":\"a\"}", "operations");
  check_refused ("{" HEAD "\"operations\":[\"undress\"],\"prompt\":\"a\"}",
                 "operation");
  check_refused ("{" HEAD FOR "\"help\":\"\"}", "settings");
  check_refused ("{" HEAD FOR "\"promt\":\"a\"}", "promt");
  check_refused ("{" HEAD FOR "\"prompt\":7}", "prompt");
  check_refused ("{" HEAD FOR "\"prompt\":\"a\\u0007\"}", "prompt");
  check_refused ("{" HEAD FOR "\"prompt\":\"<Prompt>\"}", "<Prompt>");
  check_refused ("{" HEAD FOR "\"prompt\":\"a --ar 16:9\"}", "--ar");
  check_refused ("{" HEAD FOR "\"settings\":[]}", "braces");
  check_refused ("{" HEAD FOR "\"settings\":{\"max-cost\":9}}", "max-cost");
  check_refused ("{" HEAD FOR "\"settings\":{\"prompt\":\"a\"}}", "prompt");
  check_refused ("{" HEAD FOR "\"settings\":{\"cfg\":{}}}", "cfg");
  check_refused ("{" HEAD FOR "\"settings\":{\"../x\":1}}", "settings");
  check_refused ("{" HEAD FOR "\"settings\":{\"cfg\":1,\"cfg\":2}}", "twice");
  check_refused ("{" HEAD FOR "\"prompt\":\"\xff\"}", "UTF-8");
}

static void
test_round_trip (void)
{
  const gchar *text =
      "{\"id\":\"x\",\"name\":\"X é\",\"category\":\"C\",\"help\":\"H.\","
      "\"operations\":[\"generate\",\"fill\"],\"prompt\":\"<prompt>\\nb\","
      "\"negative-prompt\":\"n\",\"settings\":{\"cfg\":6.5,\"steps\":30,"
      "\"tile\":true,\"sampler\":\"euler\"}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtPreset) preset =
      pmt_preset_parse ("a", text, strlen (text), &error);
  g_autofree gchar *printed = NULL;
  g_autofree gchar *twice = NULL;
  g_autoptr (PmtPreset) again = NULL;

  g_assert_no_error (error);
  printed = pmt_preset_print (preset);
  again = pmt_preset_parse ("b", printed, strlen (printed), &error);
  g_assert_no_error (error);
  twice = pmt_preset_print (again);
  g_assert_cmpstr (printed, ==, twice);
  g_assert_cmpstr (again->prompt, ==, "<prompt>\nb");
  g_assert_cmpfloat (pmt_params_get_number (again->settings, "cfg", 0), ==,
                     6.5);
  g_assert_cmpint (pmt_params_get_int (again->settings, "steps", 0), ==, 30);
  g_assert_true (pmt_preset_supports (again, PMT_OPERATION_FILL));
  g_assert_false (pmt_preset_supports (again, PMT_OPERATION_EDIT));
}

static void
test_shipped (void)
{
  g_autoptr (GPtrArray) all = pmt_engine_list_presets (engine, NULL, -1);

  g_assert_cmpuint (pmt_engine_list_problems (engine)->len, ==, 0);
  g_assert_cmpuint (all->len, >=, 20);
  for (guint i = 0; i < all->len; i++)
    {
      g_autofree gchar *filled = NULL;
      const PmtPreset *preset = all->pdata[i];

      g_assert_false (pmt_preset_is_user (preset));
      filled = fill (preset->prompt, "a tree");
      g_assert_nonnull (strstr (filled, "a tree"));
      g_assert_null (strchr (filled, '<'));
    }
}

static void
test_search (void)
{
  g_autoptr (GPtrArray) found =
      pmt_engine_list_presets (engine, "PAPER  water", PMT_OPERATION_FILL);
  g_autoptr (GPtrArray) none =
      pmt_engine_list_presets (engine, "water elephant", -1);
  g_autoptr (GPtrArray) edit =
      pmt_engine_list_presets (engine, "", PMT_OPERATION_EDIT);

  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (pmt_preset_get_id (found->pdata[0]), ==, "watercolor");
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (edit->len, ==, 1);
}

/* ------------------------------------------------------------- requests -- */

typedef struct
{
  PmtRequest *request;
  GPtrArray *problems;
  GPtrArray *notes;
  const PmtModel *model;
} Ready;

static void
ready_clear (Ready *ready)
{
  pmt_request_free (ready->request);
  g_ptr_array_unref (ready->problems);
  g_ptr_array_unref (ready->notes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ready, ready_clear)

static PmtRequest *
new_request (PmtOperation operation,
             const gchar *model,
             const gchar *prompt,
             const gchar *preset)
{
  PmtRequest *request = pmt_request_new (operation);
  const GeglRectangle canvas = { 0, 0, 600, 400 };

  pmt_request_set_model (request, model);
  pmt_request_set_canvas (request, &canvas);
  pmt_request_set_source (request, NULL, &canvas);
  pmt_params_set_string (pmt_request_params (request), "prompt", prompt);
  pmt_params_set_string (pmt_request_params (request), "preset", preset);
  return request;
}

static void
prepare (Ready *ready, const PmtRequest *request)
{
  ready->problems = pmt_problems_new ();
  ready->notes = g_ptr_array_new_with_free_func (g_free);
  ready->request = pmt_engine_prepare (engine, request, ready->problems,
                                       ready->notes, &ready->model);
}

static const gchar *
get_string (const Ready *ready, const gchar *name)
{
  return pmt_params_get_string (pmt_request_peek_params (ready->request), name,
                                NULL);
}

static gboolean
has_note (const Ready *ready, const gchar *part)
{
  for (guint i = 0; i < ready->notes->len; i++)
    if (strstr (ready->notes->pdata[i], part) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
has_problem (const Ready *ready, const gchar *part)
{
  for (guint i = 0; i < ready->problems->len; i++)
    {
      const PmtProblem *problem = ready->problems->pdata[i];

      if (strstr (problem->message, part) != NULL)
        return g_str_equal (problem->name, "preset");
    }
  return FALSE;
}

/* The services of these models have no key here, and that is all. */
static void
check_only_key (const Ready *ready)
{
  for (guint i = 0; i < ready->problems->len; i++)
    {
      const PmtProblem *problem = ready->problems->pdata[i];

      if (problem->code != PMT_ERROR_KEY)
        g_error ("%s", problem->message);
    }
}

static void
write_user (const gchar *name, const gchar *text)
{
  g_autofree gchar *folder = g_build_filename (user_dir, "presets", NULL);
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_user (const gchar *name)
{
  g_autofree gchar *path = g_build_filename (user_dir, "presets", name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
reopen (void)
{
  pmt_engine_unref (engine);
  engine = new_engine ();
}

/* Settings of the user, then of the preset; flags over all, and behind. */
static void
test_precedence (void)
{
  g_auto (Ready) ready = { 0 };
  g_autoptr (PmtRequest) request = NULL;

  write_user ("x.json",
              "{" HEAD FOR "\"prompt\":\"<prompt>, soft\",\"negative-prompt\":"
              "\"fog\",\"settings\":{\"stylize\":250,\"chaos\":30,\"weird\":7,"
              "\"sampler\":\"euler\",\"version\":\"99\"}}");
  reopen ();
  request = new_request (PMT_OPERATION_GENERATE, "legnext",
                         "a duck --c 40 --no rain", "x");
  pmt_params_set_int (pmt_request_params (request), "stylize", 100);
  pmt_params_set_string (pmt_request_params (request), "negative-prompt",
                         "snow");
  prepare (&ready, request);
  check_only_key (&ready);
  g_assert_cmpstr (get_string (&ready, "prompt"), ==, "a duck, soft");
  g_assert_cmpstr (get_string (&ready, "negative-prompt"), ==,
                   "snow, fog, rain");
  g_assert_cmpint (
      pmt_params_get_int (pmt_request_params (ready.request), "stylize", 0), ==,
      100);
  g_assert_cmpint (
      pmt_params_get_int (pmt_request_params (ready.request), "chaos", 0), ==,
      40);
  g_assert_cmpint (
      pmt_params_get_int (pmt_request_params (ready.request), "weird", 0), ==,
      7);
  /* What the model can't do is a note. */
  g_assert_true (has_note (&ready, "sampler"));
  g_assert_true (has_note (&ready, "99"));
  g_assert_null (get_string (&ready, "preset"));
  g_assert_cmpstr (pmt_request_get_used_preset (ready.request), ==, "x");
  remove_user ("x.json");
  reopen ();
}

/* The recipe has the final prompt; what it is made from again is the same. */
static void
test_recipe (void)
{
  g_autoptr (PmtRequest) request = new_request (
      PMT_OPERATION_GENERATE, "flux_schnell", "a duck", "film-look");
  g_auto (Ready) ready = { 0 };
  g_auto (Ready) again = { 0 };
  g_autoptr (PmtRequest) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *recipe = NULL;
  const GeglRectangle area = { 0, 0, 1, 1 };

  prepare (&ready, request);
  check_only_key (&ready);
  recipe = pmt_recipe_new (
      &(PmtJob){ .request = ready.request, .model = ready.model }, 7, &area,
      NULL);
  g_assert_nonnull (strstr (recipe, "\"preset\":\"film-look\""));
  g_assert_nonnull (strstr (recipe, "a duck, photograph on 35 mm"));
  read = pmt_request_from_recipe (recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pmt_request_get_used_preset (read), ==, "film-look");
  prepare (&again, read);
  g_assert_cmpstr (get_string (&again, "prompt"), ==,
                   get_string (&ready, "prompt"));
}

static void
test_refused (void)
{
  static const struct
  {
    PmtOperation operation;
    const gchar *prompt;
    const gchar *preset;
    const gchar *part;
  } cases[] = {
    { PMT_OPERATION_GENERATE, "a", "film-lok", "“film-look”" },
    { PMT_OPERATION_GENERATE, "a", "zzzz", "“zzzz”" },
    { PMT_OPERATION_GENERATE, "", "film-look", "prompt" },
    { PMT_OPERATION_GENERATE, "a", "edit-season", "“Edit" },
    { PMT_OPERATION_GENERATE, "a <place|b>", "film-look", "place" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtRequest) request = new_request (
          cases[i].operation, "flux_schnell", cases[i].prompt, cases[i].preset);
      g_auto (Ready) ready = { 0 };

      prepare (&ready, request);
      if (!has_problem (&ready, cases[i].part))
        g_error ("no problem with “%s”", cases[i].part);
    }
}

static void
test_apply (void)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "flux_schnell", "", NULL);
  g_autoptr (PmtPreset) preset = pmt_engine_find_preset (engine, "film-look");
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;

  g_assert_false (pmt_preset_apply (preset, engine, request, &notes, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_null (notes);
  g_clear_error (&error);
  pmt_params_set_string (pmt_request_params (request), "prompt", "a duck");
  g_assert_true (pmt_preset_apply (preset, engine, request, &notes, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (
      pmt_params_get_string (pmt_request_params (request), "prompt", ""),
      "a duck, photograph"));
  /* This model has no negative prompt. */
  g_assert_cmpuint (g_strv_length (notes), ==, 1);
}

/* --------------------------------------------------------------- places -- */

/* Checks the only problem with the parameter @name of a checkpoint. */
static void
check_place (PmtRequest *request, const gchar *name, const gchar *message)
{
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, PMT_OPERATION_GENERATE);
  g_autoptr (PmtRequest) prepared = pmt_request_copy (request);
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  const PmtModel *model = templates->pdata[0];
  const PmtProblem *problem;

  pmt_preset_prepare (engine, model, prepared, problems, notes);
  pmt_prompt_prepare (model, prepared, problems, notes);
  pmt_problems_count_typed (engine, model, request, prepared, problems);
  g_assert_cmpuint (problems->len, ==, 1);
  problem = problems->pdata[0];
  g_assert_cmpstr (problem->name, ==, name);
  g_assert_cmpstr (problem->message, ==, message);
  pmt_request_free (request);
}

/* A place is where the user typed, whatever stands before it in the end. */
static void
test_places (void)
{
  PmtRequest *request;

  write_user ("x.json", "{" HEAD FOR "\"prompt\":\"photo of <prompt>\","
                        "\"negative-prompt\":\"fog\"}");
  write_user ("y.json", "{\"id\":\"y\",\"name\":\"Y\",\"category\":\"C\"," FOR
                        "\"prompt\":\"(soft:inf), <prompt>\"}");
  reopen ();
  check_place (new_request (PMT_OPERATION_GENERATE, NULL, "cat (b:inf)", "x"),
               "prompt", WEIGHT (6));
  check_place (
      new_request (PMT_OPERATION_GENERATE, NULL, "  cat (b:inf) --ar 1:1", ""),
      "prompt", WEIGHT (8));
  check_place (new_request (PMT_OPERATION_GENERATE, NULL, "cat <n|m>", "y"),
               "preset",
               "The preset “Y” can't be used: The preset has no placeholder "
               "“n”. Leave it out of the prompt.");
  check_place (new_request (PMT_OPERATION_GENERATE, NULL, "cat", "y"), "prompt",
               WEIGHT (2) " The characters are counted with the words that the "
                          "preset “Y” adds.");
  request = new_request (PMT_OPERATION_GENERATE, NULL, "cat --no rain", "x");
  pmt_params_set_string (pmt_request_params (request), "negative-prompt",
                         "dark (b:inf)");
  check_place (request, "negative-prompt", WEIGHT (7));
  remove_user ("x.json");
  remove_user ("y.json");
  reopen ();
}

/* ------------------------------------------------------- the user's own -- */

static void
test_broken_file (void)
{
  g_autoptr (GPtrArray) all = NULL;
  const PmtProblem *problem;

  write_user ("bad.json", "{\"id\":\"a/b\"}");
  write_user ("good.json", "{" HEAD FOR "\"prompt\":\"a\"}");
  write_user ("same.json", "{" HEAD FOR "\"prompt\":\"b\"}");
  write_user ("film.json", "{\"id\":\"film-look\",\"name\":\"Mine\","
                           "\"category\":\"C\"," FOR "\"prompt\":\"b\"}");
  reopen ();
  g_assert_cmpuint (pmt_engine_list_problems (engine)->len, ==, 2);
  problem = pmt_engine_list_problems (engine)->pdata[0];
  g_assert_nonnull (strstr (problem->message, "bad.json, line 1, column 7"));
  all = pmt_engine_list_presets (engine, "mine", -1);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpstr (pmt_preset_get_id (all->pdata[0]), ==, "film-look");
  g_assert_true (pmt_preset_is_user (all->pdata[0]));
  remove_user ("bad.json");
  remove_user ("good.json");
  remove_user ("same.json");
  remove_user ("film.json");
  reopen ();
}

static void
test_import_export (void)
{
  g_autofree gchar *path = g_build_filename (user_dir, "out.json", NULL);
  g_autofree gchar *id = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtPreset) own = NULL;
  g_autoptr (PmtPreset) shipped = NULL;

  g_assert_true (
      pmt_engine_export_preset (engine, "film-look", path, FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (
      pmt_engine_export_preset (engine, "film-look", path, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  /* A shipped one is not covered up in silence, either. */
  g_assert_false (pmt_engine_import_preset (engine, path, FALSE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (pmt_engine_import_preset (engine, path, TRUE, &id, &error));
  g_assert_cmpstr (id, ==, "film-look");
  reopen ();
  own = pmt_engine_find_preset (engine, "film-look");
  g_assert_true (pmt_preset_is_user (own));
  g_assert_true (pmt_engine_remove_preset (engine, "film-look", &error));
  shipped = pmt_engine_find_preset (engine, "film-look");
  g_assert_false (pmt_preset_is_user (shipped));
  g_assert_cmpstr (pmt_preset_get_prompt (own), ==,
                   pmt_preset_get_prompt (shipped));
  g_assert_false (pmt_engine_remove_preset (engine, "film-look", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_unlink (path);
}

static void
test_save (void)
{
  g_autoptr (PmtRequest) request = new_request (
      PMT_OPERATION_GENERATE, "legnext", "<prompt> at dusk --s 250", NULL);
  g_autofree gchar *id = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtPreset) preset = NULL;

  g_assert_true (pmt_engine_save_preset (engine, "Warm Evening!", "Mine",
                                         request, FALSE, &id, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "warm-evening");
  g_assert_false (pmt_engine_save_preset (engine, "warm evening", "Mine",
                                          request, FALSE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  reopen ();
  preset = pmt_engine_find_preset (engine, id);
  g_assert_cmpstr (pmt_preset_get_prompt (preset), ==, "<prompt> at dusk");
  g_assert_cmpint (
      pmt_params_get_int (pmt_preset_get_settings (preset), "stylize", 0), ==,
      250);
  g_assert_true (pmt_preset_supports (preset, PMT_OPERATION_FILL));
  g_assert_true (pmt_engine_remove_preset (engine, id, &error));
  pmt_params_set_string (pmt_request_params (request), "prompt", "");
  g_assert_false (pmt_engine_save_preset (engine, "Nothing", "Mine", request,
                                          FALSE, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

static gboolean
save (const gchar *name,
      gboolean may_replace,
      const gchar *words,
      GError **error)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, "flux_schnell", words, NULL);

  return pmt_engine_save_preset (engine, name, "Mine", request, may_replace,
                                 NULL, error);
}

/* In the list and in the file. */
static void
assert_words (const gchar *id, const gchar *words)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PmtPreset) preset = pmt_engine_find_preset (engine, id);

      g_assert_cmpstr (preset != NULL ? preset->prompt : NULL, ==, words);
      reopen ();
    }
}

static guint
count_user (void)
{
  g_autofree gchar *folder = g_build_filename (user_dir, "presets", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* What is asked before one is replaced names the one that is lost. */
static void
test_replace (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (save ("Warm Evening", FALSE, "a", &error));
  g_assert_false (save ("warm  evening!", FALSE, "b", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, "“Warm Evening”"));
  g_clear_error (&error);
  assert_words ("warm-evening", "a");
  g_assert_true (save ("warm  evening!", TRUE, "b", &error));
  assert_words ("warm-evening", "b");
  g_assert_true (pmt_engine_remove_preset (engine, "warm-evening", &error));
  assert_words ("warm-evening", NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (count_user (), ==, 0);
}

/* A limit on the size of files fails as a full disk does: in write(). */
static void
test_full_disk (void)
{
  g_autoptr (GError) error = NULL;
  struct rlimit before;
  struct rlimit limit;
  gboolean is_saved;

  g_assert_true (save ("Full", FALSE, "a", &error));
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 10;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  is_saved = save ("Full", TRUE, "b", &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_false (is_saved);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_clear_error (&error);
  g_assert_cmpuint (count_user (), ==, 1);
  assert_words ("full", "a");
  g_assert_true (pmt_engine_remove_preset (engine, "full", &error));
}

/* For root a folder is never read-only. */
static void
give_away (const gchar *folder)
{
  const uid_t nobody = 65534;

  if (geteuid () != 0)
    return;
  g_assert_cmpint (chown (user_dir, nobody, (gid_t)-1), ==, 0);
  g_assert_cmpint (chown (folder, nobody, (gid_t)-1), ==, 0);
  g_assert_cmpint (seteuid (nobody), ==, 0);
}

static void
test_read_only (void)
{
  g_autofree gchar *folder = g_build_filename (user_dir, "presets", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) remove_error = NULL;
  const uid_t before = geteuid ();
  gboolean is_saved;
  gboolean is_removed;

  g_assert_true (save ("Kept", FALSE, "a", &error));
  g_assert_cmpint (g_chmod (folder, 0500), ==, 0);
  give_away (folder);
  is_saved = save ("Kept", TRUE, "b", &error);
  is_removed = pmt_engine_remove_preset (engine, "kept", &remove_error);
  g_assert_cmpint (seteuid (before), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0700), ==, 0);
  g_assert_false (is_saved);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_clear_error (&error);
  g_assert_false (is_removed);
  g_assert_error (remove_error, PMT_ERROR, PMT_ERROR_FILE);
  g_assert_nonnull (strstr (remove_error->message, "“kept” can't be removed"));
  assert_words ("kept", "a");
  g_assert_true (pmt_engine_remove_preset (engine, "kept", &error));
}

/* It is not known what it was, and not replaced without a question. */
static void
test_damaged (void)
{
  g_autofree gchar *path = g_build_filename (user_dir, "bad.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "{\n\"id\": 7}", -1, NULL));
  g_assert_false (pmt_engine_import_preset (engine, path, TRUE, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, "line 2"));
  g_clear_error (&error);
  g_assert_cmpuint (count_user (), ==, 0);
  write_user ("torn.json", "{\"id\":\"to");
  reopen ();
  g_assert_false (save ("Torn", FALSE, "a", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (save ("Torn", TRUE, "a", &error));
  assert_words ("torn", "a");
  g_assert_cmpuint (pmt_engine_list_problems (engine)->len, ==, 0);
  g_assert_true (pmt_engine_remove_preset (engine, "torn", &error));
  g_unlink (path);
}

/* Over a file that is there only where that was asked. */
static void
test_export_replaces (void)
{
  g_autofree gchar *path = g_build_filename (user_dir, "out.json", NULL);
  g_autofree gchar *nowhere = g_build_filename (user_dir, "no", "out", NULL);
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  g_assert_false (
      pmt_engine_export_preset (engine, "film-look", path, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
  g_assert_true (
      pmt_engine_export_preset (engine, "film-look", path, TRUE, &error));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"film-look\""));
  for (gint may_replace = FALSE; may_replace <= TRUE; may_replace++)
    {
      g_assert_false (pmt_engine_export_preset (engine, "film-look", nowhere,
                                                may_replace, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
      g_clear_error (&error);
    }
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_autofree gchar *presets = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  user_dir = g_dir_make_tmp ("pentimento-preset-XXXXXX", NULL);
  engine = new_engine ();
  g_test_add_func ("/preset/templates", test_templates);
  g_test_add_func ("/preset/unknown-placeholder", test_unknown_placeholder);
  g_test_add_func ("/preset/bad-templates", test_bad_templates);
  g_test_add_func ("/preset/bad-files", test_bad_files);
  g_test_add_func ("/preset/round-trip", test_round_trip);
  g_test_add_func ("/preset/shipped", test_shipped);
  g_test_add_func ("/preset/search", test_search);
  g_test_add_func ("/preset/precedence", test_precedence);
  g_test_add_func ("/preset/recipe", test_recipe);
  g_test_add_func ("/preset/refused", test_refused);
  g_test_add_func ("/preset/apply", test_apply);
  g_test_add_func ("/preset/places", test_places);
  g_test_add_func ("/preset/broken-file", test_broken_file);
  g_test_add_func ("/preset/import-export", test_import_export);
  g_test_add_func ("/preset/save", test_save);
  g_test_add_func ("/preset/replace", test_replace);
  g_test_add_func ("/preset/full-disk", test_full_disk);
  g_test_add_func ("/preset/read-only", test_read_only);
  g_test_add_func ("/preset/damaged", test_damaged);
  g_test_add_func ("/preset/export-replaces", test_export_replaces);
  status = g_test_run ();
  pmt_engine_unref (engine);
  presets = g_build_filename (user_dir, "presets", NULL);
  g_rmdir (presets);
  g_rmdir (user_dir);
  g_free (user_dir);
  return status;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-prompt-weights.c: what prompts mean in other programs. */
#include "config.h"

#include <math.h>

#include "golden.h"
#include "prompt/schedule.h"
#include "prompt/weights.h"

#define TOLERANCE 1e-9

static const cJSON *
get_list (const cJSON *root, const gchar *name)
{
  const cJSON *list = cJSON_GetObjectItemCaseSensitive (root, name);

  g_assert_true (cJSON_IsArray (list));
  g_assert_cmpint (cJSON_GetArraySize (list), >, 0);
  return list;
}

static const gchar *
get_text (const cJSON *entry)
{
  const gchar *text =
      cJSON_GetObjectItemCaseSensitive (entry, "text")->valuestring;

  g_test_message ("“%s”", text);
  return text;
}

/* @wanted: [[text, weight], ...] */
static void
compare_parts (const GPtrArray *parts, const cJSON *wanted)
{
  const cJSON *pair;
  guint i = 0;

  g_assert_nonnull (parts);
  g_assert_true (cJSON_IsArray (wanted));
  g_assert_cmpint (parts->len, ==, cJSON_GetArraySize (wanted));
  cJSON_ArrayForEach (pair, wanted)
  {
    const PmtPromptPart *part = parts->pdata[i++];
    const gdouble weight = cJSON_GetArrayItem (pair, 1)->valuedouble;

    g_assert_cmpstr (part->text, ==, cJSON_GetArrayItem (pair, 0)->valuestring);
    g_assert_cmpfloat (fabs (part->weight - weight), <=, TOLERANCE);
  }
}

/* An entry with "error" instead of @key raises an exception in the reference,
 * which is an error here. */
static void
compare_weights (const cJSON *entry, PmtPromptSyntax syntax, const gchar *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts =
      pmt_prompt_parse_weights (get_text (entry), syntax, &error);

  if (cJSON_GetObjectItemCaseSensitive (entry, "error") != NULL)
    {
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
      return;
    }
  g_assert_no_error (error);
  compare_parts (parts, cJSON_GetObjectItemCaseSensitive (entry, key));
  for (guint i = 0; i < parts->len; i++)
    {
      const PmtPromptPart *part = parts->pdata[i];

      g_assert_true (part->is_break
                     == (syntax == PMT_PROMPT_A1111 && part->weight == -1
                         && g_str_equal (part->text, "BREAK")));
    }
}

static void
test_a1111 (void)
{
  g_autoptr (cJSON) root = golden_json ("prompt_weights/a1111_prompt.json");
  const cJSON *entry;

  cJSON_ArrayForEach (entry, get_list (root, "attention"))
      compare_weights (entry, PMT_PROMPT_A1111, "parsed");
}

static void
test_comfyui (void)
{
  g_autoptr (cJSON) root = golden_json ("prompt_weights/comfyui.json");
  const cJSON *entry;

  cJSON_ArrayForEach (entry, get_list (root, "segments"))
      compare_weights (entry, PMT_PROMPT_COMFYUI, "segments");
}

static guint
get_steps (const cJSON *entry, const gchar *name)
{
  const cJSON *steps = cJSON_GetObjectItemCaseSensitive (entry, name);

  return cJSON_IsNumber (steps) ? (guint)steps->valueint : 0;
}

static void
test_schedules (void)
{
  g_autoptr (cJSON) root = golden_json ("prompt_weights/a1111_prompt.json");
  const cJSON *entry;

  cJSON_ArrayForEach (entry, get_list (root, "schedules"))
  {
    const cJSON *wanted = cJSON_GetObjectItemCaseSensitive (entry, "schedule");
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) steps =
        pmt_prompt_schedule_new (get_text (entry), get_steps (entry, "steps"),
                                 get_steps (entry, "hires_steps"), &error);

    if (cJSON_GetObjectItemCaseSensitive (entry, "error") != NULL)
      {
        g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
        continue;
      }
    g_assert_no_error (error);
    g_assert_cmpint (steps->len, ==, cJSON_GetArraySize (wanted));
    for (guint i = 0; i < steps->len; i++)
      {
        const PmtPromptStep *step = steps->pdata[i];
        const cJSON *pair = cJSON_GetArrayItem (wanted, (int)i);

        g_assert_cmpint (step->last, ==,
                         cJSON_GetArrayItem (pair, 0)->valueint);
        g_assert_cmpstr (step->text, ==,
                         cJSON_GetArrayItem (pair, 1)->valuestring);
      }
  }
}

static void
test_and (void)
{
  g_autoptr (cJSON) root = golden_json ("prompt_weights/a1111_prompt.json");
  const cJSON *entry;

  cJSON_ArrayForEach (entry, get_list (root, "composable_and"))
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) parts =
        pmt_prompt_split_and (get_text (entry), &error);

    g_assert_no_error (error);
    compare_parts (parts, cJSON_GetObjectItemCaseSensitive (entry, "parts"));
  }
}

static void
add (void)
{
  g_test_add_func ("/golden/prompt-weights/a1111", test_a1111);
  g_test_add_func ("/golden/prompt-weights/comfyui", test_comfyui);
  g_test_add_func ("/golden/prompt-weights/schedules", test_schedules);
  g_test_add_func ("/golden/prompt-weights/and", test_and);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}

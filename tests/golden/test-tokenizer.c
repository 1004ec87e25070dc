/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-tokenizer.c: ids of CLIP's tokenizer. */
#include "config.h"

#include <string.h>

#include "diffusion/tokenizer.h"
#include "golden.h"

#define LENGTH 77

/* The prompts hold 0 characters, which JSON can write but a C string can't
 * hold: they are read as this one, which no prompt has. */
#define ZERO "\\ue000"
#define ZERO_UTF8 "\xee\x80\x80"

static gchar *
replace_zeros (gchar *text)
{
  for (gchar *p = text; *p != '\0'; p++)
    if (*p == '\\')
      {
        if (g_str_has_prefix (p, "\\u0000"))
          memcpy (p, ZERO, strlen (ZERO));
        p++;
      }
  return text;
}

static cJSON *
read_prompts (void)
{
  g_autofree gchar *path = golden_path ("tokenizer/prompts.json");
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  cJSON *root;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (text, ZERO_UTF8));
  g_assert_null (strstr (text, ZERO));
  root = pmt_json_parse_large (path, replace_zeros (text), length, 64 << 20,
                               PMT_ERROR_FILE, &error);
  g_assert_no_error (error);
  return root;
}

/* The text with its 0 characters; @length counts them. */
static gchar *
get_text (const cJSON *item, gsize *length)
{
  const gchar *text =
      cJSON_GetObjectItemCaseSensitive (item, "text")->valuestring;
  GString *out = g_string_new (NULL);

  for (const gchar *p = text; *p != '\0'; p++)
    if (g_str_has_prefix (p, ZERO_UTF8))
      {
        g_string_append_c (out, '\0');
        p += strlen (ZERO_UTF8) - 1;
      }
    else
      g_string_append_c (out, *p);
  *length = out->len;
  return g_string_free (out, FALSE);
}

static void
compare_ids (const cJSON *item, const gchar *key, const GArray *ids)
{
  const cJSON *wanted = cJSON_GetObjectItemCaseSensitive (item, key);
  const cJSON *id;
  guint i = 0;

  g_test_message ("%s of “%s”", key,
                  cJSON_GetObjectItemCaseSensitive (item, "text")->valuestring);
  g_assert_nonnull (wanted);
  g_assert_cmpint (cJSON_GetArraySize (wanted), ==, ids->len);
  cJSON_ArrayForEach (id, wanted)
  {
    g_assert_cmpint (g_array_index (ids, gint64, i), ==,
                     (gint64)id->valuedouble);
    i++;
  }
}

static void
compare_padded (const PmtTokenizer *tokenizer,
                const cJSON *item,
                const gchar *key,
                const GArray *ids,
                gint64 pad)
{
  g_autoptr (GArray) padded = g_array_new (FALSE, FALSE, sizeof (gint64));
  const gint64 bos = pmt_tokenizer_get_bos (tokenizer);
  const gint64 eos = pmt_tokenizer_get_eos (tokenizer);

  g_array_append_val (padded, bos);
  g_array_append_vals (padded, ids->data, MIN (ids->len, LENGTH - 2));
  g_array_append_val (padded, eos);
  while (padded->len < LENGTH)
    g_array_append_val (padded, pad);
  compare_ids (item, key, padded);
}

static PmtTokenizer *
open_folder (const gchar *name)
{
  g_autofree gchar *folder = golden_path ("%s", name);
  g_autoptr (GError) error = NULL;
  PmtTokenizer *tokenizer = pmt_tokenizer_open_folder (folder, &error);

  g_assert_no_error (error);
  return tokenizer;
}

static void
test_prompts (void)
{
  g_autoptr (PmtTokenizer) tokenizer = open_folder ("tokenizer");
  g_autoptr (cJSON) root = read_prompts ();
  const cJSON *item;
  guint n = 0;

  g_assert_cmpint (pmt_tokenizer_get_bos (tokenizer), ==,
                   cJSON_GetObjectItemCaseSensitive (root, "bos")->valueint);
  g_assert_cmpint (pmt_tokenizer_get_eos (tokenizer), ==,
                   cJSON_GetObjectItemCaseSensitive (root, "eos")->valueint);
  g_assert_cmpint (
      pmt_tokenizer_get_size (tokenizer), ==,
      cJSON_GetObjectItemCaseSensitive (root, "vocab_size")->valueint);
  cJSON_ArrayForEach (item, cJSON_GetObjectItemCaseSensitive (root, "prompts"))
  {
    g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
    gsize length;
    g_autofree gchar *text = get_text (item, &length);

    g_free (pmt_tokenizer_encode_spans (tokenizer, text, length, ids, NULL));
    compare_ids (item, "ids", ids);
    compare_padded (tokenizer, item, "clip_l_77", ids,
                    pmt_tokenizer_get_eos (tokenizer));
    compare_padded (tokenizer, item, "openclip_pad0_77", ids, 0);
    n++;
  }
  g_assert_cmpuint (n, >, 0);
  g_test_message ("%u prompts", n);
}

/* The prompts of a checkpoint, by the small vocabulary in @folder. */
static void
compare_checkpoint (const gchar *name, const gchar *folder)
{
  g_autoptr (PmtTokenizer) tokenizer = open_folder (folder);
  g_autoptr (cJSON) root = golden_json ("outputs/%s.json", name);
  g_autoptr (PmtWeights) outputs = golden_open ("outputs/%s.safetensors", name);
  const cJSON *prompt;
  guint n = 0;

  g_assert_cmpint (
      pmt_tokenizer_get_size (tokenizer), ==,
      cJSON_GetObjectItemCaseSensitive (root, "vocab_size")->valueint);
  cJSON_ArrayForEach (prompt,
                      cJSON_GetObjectItemCaseSensitive (root, "prompts"))
  {
    g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autofree gint64 *wanted = NULL;
    gsize n_wanted;

    wanted = golden_ints (outputs, &n_wanted, "text_encoder.p%u.ids", n);
    g_assert_cmpuint (n_wanted, ==, LENGTH);
    pmt_tokenizer_encode (tokenizer, prompt->valuestring, ids);
    g_test_message ("%s: “%s”", name, prompt->valuestring);
    g_assert_cmpint (wanted[0], ==, pmt_tokenizer_get_bos (tokenizer));
    for (guint i = 0; i < LENGTH - 2; i++)
      g_assert_cmpint (wanted[1 + i], ==,
                       i < ids->len ? g_array_index (ids, gint64, i)
                                    : pmt_tokenizer_get_eos (tokenizer));
    n++;
  }
  g_assert_cmpuint (n, >, 0);
}

static void
test_small_vocabulary (void)
{
  compare_checkpoint ("sd15_tiny", "checkpoints/sd15_dir/tokenizer");
  compare_checkpoint ("sdxl_tiny", "checkpoints/sdxl_dir/tokenizer");
}

/* Not a limit of speed, which differs between machines, but of the order: a
 * prompt of 10,000 characters takes milliseconds. */
static void
test_speed (void)
{
  g_autoptr (PmtTokenizer) tokenizer = open_folder ("tokenizer");
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GString) word = g_string_new (NULL);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 start;

  while (words->len < 10000)
    g_string_append (words, "a painting of hyperrealistic owls, 8k, ");
  while (word->len < 10000)
    g_string_append (word, "supercalifragilistic");
  start = g_get_monotonic_time ();
  pmt_tokenizer_encode (tokenizer, words->str, ids);
  g_test_message ("10,000 characters in words: %.2f ms",
                  (gdouble)(g_get_monotonic_time () - start) / 1e3);
  start = g_get_monotonic_time ();
  pmt_tokenizer_encode (tokenizer, word->str, ids);
  g_test_message ("10,000 characters in one word: %.2f ms",
                  (gdouble)(g_get_monotonic_time () - start) / 1e3);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
}

static void
add (void)
{
  g_test_add_func ("/golden/tokenizer/prompts", test_prompts);
  g_test_add_func ("/golden/tokenizer/small-vocabulary", test_small_vocabulary);
  g_test_add_func ("/golden/tokenizer/speed", test_speed);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}

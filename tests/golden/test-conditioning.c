/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-conditioning.c: what UNets are given for a prompt. */
#include <string.h>
#include <unistd.h>

#include "diffusion/conditioning.h"
#include "diffusion/unet.h"
#include "golden.h"

#define TOLERANCE 1e-4

/* (transfer full): a user's folder with the whole vocabulary and with the
 * golden embedding files; @word: (nullable): a further name for @file. */
static gchar *
make_user_dir (const gchar *word, const gchar *file)
{
  g_autoptr (GError) error = NULL;
  gchar *home = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_autofree gchar *parent =
      g_build_filename (home, "models", "tokenizers", NULL);
  g_autofree gchar *folder =
      g_build_filename (home, "models", "embeddings", NULL);
  g_autofree gchar *clip = g_build_filename (parent, "clip-l", NULL);
  g_autofree gchar *tokenizer = golden_path ("tokenizer");

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (tokenizer, clip), ==, 0);
  if (word != NULL)
    {
      g_autofree gchar *name = g_strconcat (word, ".safetensors", NULL);
      g_autofree gchar *link = g_build_filename (folder, name, NULL);
      g_autofree gchar *target = golden_path ("checkpoints/%s", file);

      g_assert_cmpint (symlink (target, link), ==, 0);
    }
  return home;
}

static void
remove_dir (const gchar *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *child = g_build_filename (path, name, NULL);

      if (!g_file_test (child, G_FILE_TEST_IS_SYMLINK)
          && g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_dir (child);
      else
        unlink (child);
    }
  rmdir (path);
}

/* A checkpoint with its outputs and their description. */
typedef struct
{
  PmtCheckpoint *checkpoint;
  PmtTextStack *stack;
  PmtWeights *wanted;
  cJSON *index;
  gchar *home;
} Case;

static void
case_begin (Case *work, const gchar *name, const gchar *word, const gchar *file)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autofree gchar *path = golden_path ("checkpoints/%s", name);
  g_autoptr (GError) error = NULL;

  work->home = make_user_dir (word, file);
  work->checkpoint = pmt_checkpoint_open (path, &error);
  g_assert_no_error (error);
  work->stack =
      pmt_text_stack_new (work->checkpoint, &options, work->home, &error);
  g_assert_no_error (error);
  work->wanted = golden_open ("outputs/%s.safetensors", work->checkpoint->name);
  work->index = golden_json ("outputs/%s.json", work->checkpoint->name);
}

static void
case_end (Case *work)
{
  remove_dir (work->home);
  g_free (work->home);
  cJSON_Delete (work->index);
  pmt_weights_unref (work->wanted);
  pmt_text_stack_unref (work->stack);
  pmt_checkpoint_unref (work->checkpoint);
}

static PmtConditioning *
read_prompt (Case *work,
             const gchar *prompt,
             PmtConvention convention,
             gint skip,
             PmtEmphasis emphasis)
{
  const PmtConditioningOptions options = { convention, skip, emphasis };
  g_autoptr (GError) error = NULL;
  PmtConditioning *made =
      pmt_conditioning_new_full (work->stack, prompt, &options, NULL, &error);

  g_assert_no_error (error);
  return made;
}

static void
compare (Case *work, const gchar *key, const gfloat *made, gsize n)
{
  g_autofree gchar *what =
      g_strdup_printf ("%s %s", work->checkpoint->name, key);
  gsize n_wanted;
  g_autofree gfloat *wanted =
      golden_floats (work->wanted, &n_wanted, "%s", key);

  g_assert_cmpuint (n_wanted, ==, n);
  golden_compare (what, made, wanted, n, TOLERANCE);
}

static void
compare_context (Case *work, const gchar *key, const PmtConditioning *made)
{
  compare (work, key, made->context, (gsize)made->tokens * (gsize)made->width);
}

static const gchar *
prompt_number (Case *work, gint i)
{
  return cJSON_GetStringValue (cJSON_GetArrayItem (
      cJSON_GetObjectItemCaseSensitive (work->index, "prompts"), i));
}

/* The UNet's own text is that of the first prompt. */
static void
test_context (gconstpointer data)
{
  Case work;
  g_autoptr (PmtConditioning) made = NULL;

  case_begin (&work, data, NULL, NULL);
  for (gint i = 0; i < PMT_N_CONVENTIONS; i++)
    {
      g_clear_pointer (&made, pmt_conditioning_free);
      made = read_prompt (&work, prompt_number (&work, 0), (PmtConvention)i, 0,
                          PMT_EMPHASIS_ORIGINAL);
      compare_context (&work, "unet.context", made);
      if (made->pooled != NULL)
        compare (&work, "unet.pooled", made->pooled, (gsize)made->pooled_width);
    }
  case_end (&work);
}

/* What holds for the family: the same states as the encoders' own tests. */
static void
test_clip_skip (gconstpointer data)
{
  Case work;
  g_autoptr (PmtConditioning) last = NULL;
  g_autoptr (PmtConditioning) before = NULL;

  case_begin (&work, data, NULL, NULL);
  if (work.checkpoint->family != PMT_FAMILY_SDXL)
    {
      last = read_prompt (&work, prompt_number (&work, 1),
                          PMT_CONVENTION_DIFFUSERS, 1, PMT_EMPHASIS_ORIGINAL);
      before = read_prompt (&work, prompt_number (&work, 1),
                            PMT_CONVENTION_DIFFUSERS, 2, PMT_EMPHASIS_ORIGINAL);
      compare_context (&work, "text_encoder.p1.last", last);
      compare_context (&work, "text_encoder.p1.penult_norm", before);
    }
  else
    g_test_skip ("SDXL: see the context");
  case_end (&work);
}

static void
test_weights (gconstpointer data)
{
  Case work;
  const cJSON *prompts;
  const cJSON *prompt;
  gint i = 0;

  case_begin (&work, data, NULL, NULL);
  prompts = cJSON_GetObjectItemCaseSensitive (
      cJSON_GetObjectItemCaseSensitive (work.index, "weighted_prompts"),
      "prompts");
  cJSON_ArrayForEach (prompt, prompts)
  {
    const gchar *text = cJSON_GetStringValue (prompt);
    g_autoptr (PmtConditioning) original = read_prompt (
        &work, text, PMT_CONVENTION_A1111, 0, PMT_EMPHASIS_ORIGINAL);
    g_autoptr (PmtConditioning) no_norm = read_prompt (
        &work, text, PMT_CONVENTION_A1111, 0, PMT_EMPHASIS_NO_NORM);
    g_autoptr (PmtConditioning) comfyui = read_prompt (
        &work, text, PMT_CONVENTION_COMFYUI, 0, PMT_EMPHASIS_ORIGINAL);
    g_autofree gchar *keys[] = { g_strdup_printf ("weights%d.a1111_original",
                                                  i),
                                 g_strdup_printf ("weights%d.a1111_no_norm", i),
                                 g_strdup_printf ("weights%d.comfyui", i) };

    compare_context (&work, keys[0], original);
    compare_context (&work, keys[1], no_norm);
    compare_context (&work, keys[2], comfyui);
    g_free (keys[1]);
    g_free (keys[2]);
    i++;
  }
  case_end (&work);
}

/* The word is the last part of the prompt's text before the comma; the file
 * stands in the description. */
static void
test_inversion (gconstpointer data)
{
  g_autofree gchar *stem = g_strdup (data);
  g_autoptr (cJSON) index = NULL;
  g_autoptr (PmtConditioning) made = NULL;
  g_auto (GStrv) file = NULL;
  const cJSON *about;
  const gchar *prompt;
  Case work;

  *strrchr (stem, '.') = '\0';
  index = golden_json ("outputs/%s.json", stem);
  about = cJSON_GetObjectItemCaseSensitive (index, "textual_inversion");
  prompt =
      cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (about, "prompt"));
  file = g_strsplit (
      cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (about, "file")),
      " ", 2);
  case_begin (&work, data, "tinyemb", file[0]);
  g_assert_nonnull (strstr (prompt, "tinyemb"));
  made = read_prompt (&work, prompt, PMT_CONVENTION_A1111, 0,
                      PMT_EMPHASIS_ORIGINAL);
  compare_context (&work, "ti.last", made);
  case_end (&work);
}

/* SDXL's additional vector, by what the UNet makes of it. */
static void
check_sizes (Case *work, const gchar *size)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  const PmtUnetShape *shape = &work->checkpoint->unet_shape;
  g_autofree gchar *key = g_strdup_printf ("unet.%s.x", size);
  g_autofree gchar *result = g_strdup_printf ("unet.%s.t500", size);
  g_autofree gfloat *x = golden_floats (work->wanted, NULL, "%s", key);
  g_autofree gfloat *ids =
      golden_floats (work->wanted, NULL, "unet.%s.time_ids", size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtUnet) unet = pmt_unet_open (work->checkpoint, &options, &error);
  g_autoptr (PmtConditioning) made =
      read_prompt (work, prompt_number (work, 0), PMT_CONVENTION_COMFYUI, 0,
                   PMT_EMPHASIS_ORIGINAL);
  g_autofree gfloat *vector = g_new (gfloat, shape->vector);
  const gint height = (gint)golden_dim (work->wanted, key, 2);
  const gint width = (gint)golden_dim (work->wanted, key, 3);
  const gsize n = (gsize)(shape->out_channels * height * width);
  g_autofree gfloat *out = g_new (gfloat, n);
  const PmtUnetInput input = { .n = 1,
                               .height = height,
                               .width = width,
                               .x = x,
                               .timestep = 500,
                               .context = made->context,
                               .tokens = made->tokens,
                               .vector = vector };

  g_assert_no_error (error);
  pmt_conditioning_vector (made, (gdouble)ids[0], (gdouble)ids[1],
                           (gdouble)ids[2], (gdouble)ids[3], (gdouble)ids[4],
                           (gdouble)ids[5], shape->time_id_width, vector);
  pmt_unet_run (unet, &input, out, NULL, &error);
  g_assert_no_error (error);
  compare (work, result, out, n);
}

static void
test_sizes (gconstpointer data)
{
  Case work;

  case_begin (&work, data, NULL, NULL);
  if (work.checkpoint->family == PMT_FAMILY_SDXL)
    {
      check_sizes (&work, "sq");
      check_sizes (&work, "ns");
    }
  else
    g_test_skip ("only SDXL is told sizes");
  case_end (&work);
}

static void
test_no_tokenizer (gconstpointer data)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autofree gchar *path = golden_path ("checkpoints/%s", (const gchar *)data);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_open (path, &error);
  g_autoptr (PmtTextStack) stack =
      pmt_text_stack_new (checkpoint, &options, "/nowhere", &error);

  g_assert_no_error (error);
  if (checkpoint->tokenizers[0] != NULL)
    {
      g_test_skip ("this checkpoint has its own");
      return;
    }
  g_assert_null (pmt_conditioning_new (stack, "a cat", PMT_CONVENTION_COMFYUI,
                                       0, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_assert_nonnull (strstr (error->message, "/nowhere/models/tokenizers"));
}

/* Those of the checkpoints that have such data. */
static void
test_if_described (gconstpointer data, const gchar *key, GTestDataFunc test)
{
  g_autofree gchar *stem = g_strdup (data);
  g_autoptr (cJSON) index = NULL;

  if (g_str_has_suffix (stem, ".safetensors"))
    *strrchr (stem, '.') = '\0';
  index = golden_json ("outputs/%s.json", stem);
  if (cJSON_GetObjectItemCaseSensitive (index, key) != NULL)
    test (data);
  else
    g_test_skip ("there are no such numbers for this checkpoint");
}

static void
test_checkpoint_weights (gconstpointer data)
{
  test_if_described (data, "weighted_prompts", test_weights);
}

static void
test_checkpoint_inversion (gconstpointer data)
{
  test_if_described (data, "textual_inversion", test_inversion);
}

static void
add (void)
{
  golden_add_checkpoints ("/golden/conditioning/context", test_context);
  golden_add_checkpoints ("/golden/conditioning/clip-skip", test_clip_skip);
  golden_add_checkpoints ("/golden/conditioning/weights",
                          test_checkpoint_weights);
  golden_add_checkpoints ("/golden/conditioning/inversion",
                          test_checkpoint_inversion);
  golden_add_checkpoints ("/golden/conditioning/sizes", test_sizes);
  golden_add_checkpoints ("/golden/conditioning/no-tokenizer",
                          test_no_tokenizer);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}

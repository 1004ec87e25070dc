/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-embeddings.c: a folder of textual inversions, good ones and others. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "diffusion/embeddings.h"
#include "tiny-vocab.h"

#define WIDTH 768

typedef struct
{
  gchar *folder;
  GPtrArray *made; /* paths, folders before what is in them */
  PmtTokenizer *tokenizer;
  PmtEmbeddings *embeddings;
} Fixture;

static gchar *
make_path (Fixture *fixture, const gchar *name)
{
  gchar *path = g_build_filename (fixture->folder, name, NULL);

  g_ptr_array_add (fixture->made, g_strdup (path));
  return path;
}

static void
write_bytes (Fixture *fixture, const gchar *name, const GString *bytes)
{
  g_autofree gchar *path = make_path (fixture, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, bytes->str, (gssize)bytes->len, &error);
  g_assert_no_error (error);
}

/* A .safetensors file of float tensors: @shapes "a:3,768 b:768"; their values
 * count up from @first. */
static void
write_tensors (Fixture *fixture,
               const gchar *name,
               const gchar *shapes,
               const gchar *metadata,
               gfloat first)
{
  g_auto (GStrv) tensors = g_strsplit (shapes, " ", -1);
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GString) file = g_string_new (NULL);
  gsize n_values = 0;
  guint64 length;

  if (metadata != NULL)
    g_string_append_printf (header, "\"__metadata__\": {\"name\": \"%s\"}, ",
                            metadata);
  for (guint i = 0; tensors[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (tensors[i], ":", 2);
      g_auto (GStrv) sizes = g_strsplit (parts[1], ",", -1);
      gsize n = 1;

      for (guint k = 0; sizes[k] != NULL; k++)
        n *= g_ascii_strtoull (sizes[k], NULL, 10);
      g_string_append_printf (header,
                              "%s\"%s\": {\"dtype\": \"F32\", \"shape\": [%s], "
                              "\"data_offsets\": [%" G_GSIZE_FORMAT
                              ", %" G_GSIZE_FORMAT "]}",
                              i > 0 ? ", " : "", parts[0], parts[1],
                              4 * n_values, 4 * (n_values + n));
      n_values += n;
    }
  g_string_append_c (header, '}');
  length = GUINT64_TO_LE (header->len);
  g_string_append_len (file, (const gchar *)&length, sizeof length);
  g_string_append_len (file, header->str, (gssize)header->len);
  for (gsize i = 0; i < n_values; i++)
    {
      const gfloat value = first + (gfloat)i;

      g_string_append_len (file, (const gchar *)&value, sizeof value);
    }
  write_bytes (fixture, name, file);
}

static void
write_files (Fixture *fixture)
{
  g_autoptr (GString) pickle = g_string_new_len ("PK\003\004 and more", 13);
  g_autoptr (GString) rubbish = g_string_new ("rubbish, but long enough");
  g_autofree gchar *below = make_path (fixture, "below");

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  write_tensors (fixture, "owl.safetensors", "emb_params:3,768", NULL, 1);
  write_tensors (fixture, "Brown-Dog.safetensors", "<dog>:768", NULL, 10);
  write_tensors (fixture, "named.safetensors", "emb_params:2,768", "the cat",
                 20);
  write_tensors (fixture, "xl.safetensors", "clip_l:2,768 clip_g:2,1280", NULL,
                 30);
  write_tensors (fixture, "half-xl.safetensors", "clip_g:2,1280", NULL, 30);
  write_tensors (fixture, "wide.safetensors", "emb_params:2,1024", NULL, 30);
  write_tensors (fixture, "odd.safetensors", "emb_params:2,96", NULL, 30);
  write_tensors (fixture, "deep.safetensors", "emb_params:2,3,768", NULL, 30);
  write_tensors (fixture, "two.safetensors", "a:768 b:768", NULL, 30);
  write_tensors (fixture, "nan.safetensors", "emb_params:1,768", NULL, NAN);
  write_tensors (fixture, "below/deeper.safetensors", "emb_params:1,768", NULL,
                 40);
  write_tensors (fixture, "below/owl.safetensors", "emb_params:1,768", NULL,
                 50);
  write_bytes (fixture, "pickle.pt", pickle);
  write_bytes (fixture, "owl.pt", pickle);
  write_bytes (fixture, "rubbish.safetensors", rubbish);
  write_bytes (fixture, "readme.txt", rubbish);
  write_bytes (fixture, ".hidden.pt", pickle);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->made = g_ptr_array_new_with_free_func (g_free);
  fixture->tokenizer = tiny_vocab_open ();
  write_files (fixture);
  fixture->embeddings = pmt_embeddings_open (fixture->folder, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pmt_embeddings_free (fixture->embeddings);
  pmt_tokenizer_free (fixture->tokenizer);
  for (guint i = fixture->made->len; i > 0; i--)
    g_remove (fixture->made->pdata[i - 1]);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_ptr_array_unref (fixture->made);
  g_free (fixture->folder);
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  static const gchar *const cases[][2] = {
    { "owl", "owl.safetensors" },
    { "OWL", "owl.safetensors" },
    { "owl.safetensors", "owl.safetensors" },
    { "owl.pt", "owl.pt" },
    { "below/owl", "owl.safetensors" },
    { "deeper", "deeper.safetensors" },
    { "below/deeper.safetensors", "deeper.safetensors" },
    { "brown-dog", "Brown-Dog.safetensors" },
    { "<Dog>", "Brown-Dog.safetensors" },
    { "THE CAT", "named.safetensors" },
    { "pickle", "pickle.pt" },
    { "readme", NULL },
    { ".hidden", NULL },
    { "", NULL },
    { "../owl", NULL },
  };

  g_assert_cmpuint (pmt_embeddings_get_n (fixture->embeddings), ==, 15);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PmtEmbedding *embedding =
          pmt_embeddings_find (fixture->embeddings, cases[i][0]);
      g_autofree gchar *file =
          embedding != NULL ? g_path_get_basename (embedding->path) : NULL;

      g_test_message ("%s", cases[i][0]);
      g_assert_cmpstr (file, ==, cases[i][1]);
    }
  /* A file outside folders goes before one of the same name inside. */
  g_assert_cmpuint (
      pmt_embeddings_find (fixture->embeddings, "owl")->n_vectors[0], ==, 3);
  g_assert_cmpuint (
      pmt_embeddings_find (fixture->embeddings, "below/owl")->n_vectors[0], ==,
      1);
}

static gfloat *
read_vectors (Fixture *fixture,
              const gchar *prompt,
              PmtFamily family,
              guint which,
              guint *n,
              GError **error)
{
  PmtEmbeddingTarget target = { fixture->embeddings, family, which,
                                which == 0 ? WIDTH : 1280 };
  g_autoptr (GError) local = NULL;
  g_autoptr (PmtChunks) chunks =
      pmt_chunks_new (fixture->tokenizer, prompt, PMT_PROMPT_COMFYUI, 0,
                      pmt_embeddings_look_up, &target, &local);

  g_assert_no_error (local);
  return pmt_embeddings_read (&target, chunks, n, error);
}

static void
test_vectors (Fixture *fixture, gconstpointer data)
{
  static const gfloat firsts[] = { 10, 1,         1 + WIDTH, 1 + 2 * WIDTH,
                                   20, 20 + WIDTH };
  g_autoptr (GError) error = NULL;
  guint n;
  g_autofree gfloat *vectors = read_vectors (
      fixture,
      "embedding:brown-dog and embedding:owl embedding:named embedding:owl",
      PMT_FAMILY_SD1, 0, &n, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (firsts));
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < WIDTH; k++)
      g_assert_cmpfloat (vectors[i * WIDTH + k], ==, firsts[i] + (gfloat)k);
}

static void
test_sdxl (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n;
  g_autofree gfloat *first =
      read_vectors (fixture, "embedding:xl", PMT_FAMILY_SDXL, 0, &n, &error);
  g_autofree gfloat *second = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (first[0], ==, 30);
  second =
      read_vectors (fixture, "embedding:xl", PMT_FAMILY_SDXL, 1, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (second[0], ==, 30 + 2 * 768);
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n = 1;
  g_autofree gfloat *vectors =
      read_vectors (fixture, "the cat", PMT_FAMILY_SD1, 0, &n, &error);

  g_assert_no_error (error);
  g_assert_nonnull (vectors);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *prompt;
    PmtFamily family;
    PmtError code;
    const gchar *words;
  } cases[] = {
    { "embedding:pickle", PMT_FAMILY_SD1, PMT_ERROR_UNSUPPORTED,
      "Convert it to .safetensors" },
    { "embedding:rubbish", PMT_FAMILY_SD1, PMT_ERROR_MODEL, "rubbish" },
    { "embedding:xl", PMT_FAMILY_SD1, PMT_ERROR_UNSUPPORTED,
      "“xl” was made for SDXL, but the checkpoint is Stable Diffusion 1.x" },
    { "embedding:wide", PMT_FAMILY_SD1, PMT_ERROR_UNSUPPORTED,
      "“wide” was made for Stable Diffusion 2.x" },
    { "embedding:owl", PMT_FAMILY_SDXL, PMT_ERROR_UNSUPPORTED,
      "“owl” was made for Stable Diffusion 1.x, but the checkpoint is SDXL" },
    { "embedding:odd", PMT_FAMILY_SD1, PMT_ERROR_UNSUPPORTED,
      "have 96 values, and the text encoder takes 768" },
    { "embedding:odd", PMT_FAMILY_SDXL, PMT_ERROR_UNSUPPORTED, "SDXL has two" },
    { "embedding:half-xl", PMT_FAMILY_SDXL, PMT_ERROR_MODEL, "“clip_l”" },
    { "embedding:deep", PMT_FAMILY_SD1, PMT_ERROR_MODEL, "list of vectors" },
    { "embedding:two", PMT_FAMILY_SD1, PMT_ERROR_MODEL, "2 tensors" },
    { "embedding:nan", PMT_FAMILY_SD1, PMT_ERROR_MODEL, "no numbers" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint n;
      g_autofree gfloat *vectors = read_vectors (
          fixture, cases[i].prompt, cases[i].family, 0, &n, &error);

      g_test_message ("%s", cases[i].prompt);
      g_assert_null (vectors);
      g_assert_error (error, PMT_ERROR, (gint)cases[i].code);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

/* The file becomes another one between listing and reading. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n;
  g_autofree gfloat *vectors = NULL;

  write_tensors (fixture, "owl.safetensors", "emb_params:2,768", NULL, 1);
  vectors =
      read_vectors (fixture, "embedding:owl", PMT_FAMILY_SD1, 0, &n, &error);
  g_assert_null (vectors);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
}

static void
test_no_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *folder = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_autofree gchar *missing = g_build_filename (folder, "missing", NULL);
  g_autofree gchar *file = g_build_filename (folder, "file", NULL);
  g_autoptr (PmtEmbeddings) none = pmt_embeddings_open (missing, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pmt_embeddings_get_n (none), ==, 0);
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_null (pmt_embeddings_open (file, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
add (const gchar *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/embeddings/names", test_names);
  add ("/embeddings/vectors", test_vectors);
  add ("/embeddings/sdxl", test_sdxl);
  add ("/embeddings/none", test_none);
  add ("/embeddings/refused", test_refused);
  add ("/embeddings/changed", test_changed);
  g_test_add_func ("/embeddings/no-folder", test_no_folder);
  return g_test_run ();
}

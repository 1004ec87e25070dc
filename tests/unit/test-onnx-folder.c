/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-onnx-folder.c: checkpoints that are folders of ONNX networks. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "diffusion/text-encoder.h"
#include "diffusion/unet.h"
#include "diffusion/vae.h"
#include "pentimento.h"
#include "tiny-onnx.h"

#define WIDTH TINY_ONNX_WIDTH
#define PLANE (TINY_ONNX_TOKENS * WIDTH)

/* Exports differ in these. */
static const TinyOnnx kinds[] = {
  TINY_ONNX_INIT,
  { FALSE, FALSE, TRUE, TRUE, 4, PMT_TENSOR_INT32, PMT_TENSOR_FLOAT32, 1 },
  { FALSE, TRUE, FALSE, FALSE, 4, PMT_TENSOR_INT64, PMT_TENSOR_INT64, 1 },
  { TRUE, FALSE, FALSE, FALSE, 4, PMT_TENSOR_INT64, PMT_TENSOR_INT64, 1 },
  { TRUE, TRUE, FALSE, TRUE, 4, PMT_TENSOR_INT32, PMT_TENSOR_FLOAT16, 0 },
  { FALSE, FALSE, FALSE, FALSE, 4, PMT_TENSOR_INT64, PMT_TENSOR_INT64, 1,
    TRUE },
};

/* A home of a user's; @folder is a checkpoint in it. */
typedef struct
{
  gchar *home;
  gchar *folder;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  place->home = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_assert_no_error (error);
  place->folder =
      g_build_filename (place->home, "models", "checkpoints", "mine", NULL);
}

static void
remove_tree (const gchar *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Place *place, gconstpointer data)
{
  remove_tree (place->home);
  g_free (place->folder);
  g_free (place->home);
}

/* Whatever lay there before is gone. */
static void
write_kind (Place *place, const TinyOnnx *kind)
{
  remove_tree (place->folder);
  tiny_onnx_write (kind, place->folder);
}

static PmtCheckpoint *
open_kind (Place *place, const TinyOnnx *kind)
{
  g_autoptr (GError) error = NULL;
  PmtCheckpoint *checkpoint;

  write_kind (place, kind);
  checkpoint = pmt_checkpoint_open (place->folder, &error);
  g_assert_no_error (error);
  return checkpoint;
}

/* (transfer full) */
static gfloat *
make_input (gsize n, guint seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  gfloat *values = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (gfloat)g_rand_double_range (random, -1, 1);
  return values;
}

/* Half floats have 11 bits. */
static void
assert_near (const gfloat *values,
             const gfloat *expected,
             gsize n,
             gboolean is_half)
{
  for (gsize i = 0; i < n; i++)
    {
      const gdouble most = (is_half ? 4e-3 : 1e-5) * (1 + fabsf (expected[i]));

      g_assert_true (isfinite (values[i]));
      g_assert_cmpfloat_with_epsilon (values[i], expected[i], most);
    }
}

/* ------------------------------------------------------------------ parts -- */

static void
test_open (Place *place, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (PmtCheckpoint) checkpoint = open_kind (place, &kinds[i]);
      const PmtFamily family = kinds[i].is_xl   ? PMT_FAMILY_SDXL
                               : kinds[i].is_v2 ? PMT_FAMILY_SD2
                                                : PMT_FAMILY_SD1;
      const PmtTextShape *text = &checkpoint->text_shapes[0];

      g_assert_cmpint (checkpoint->family, ==, family);
      g_assert_cmpint (checkpoint->training.prediction, ==,
                       kinds[i].is_v2 ? PMT_PREDICTION_V
                                      : PMT_PREDICTION_EPSILON);
      g_assert_cmpint (checkpoint->clip_skip, ==, kinds[i].is_xl ? 2 : 1);
      g_assert_cmpint (checkpoint->kind, ==, PMT_UNET_PLAIN);
      g_assert_cmpint (checkpoint->n_texts, ==, kinds[i].is_xl ? 2 : 1);
      g_assert_cmpfloat (checkpoint->vae_shape.scaling, ==, TINY_ONNX_SCALING);
      g_assert_cmpint (text->layers, ==, TINY_ONNX_LAYERS);
      g_assert_cmpint (text->pad_id, ==,
                       kinds[i].is_v2 ? 0 : text->vocabulary - 1);
      g_assert_nonnull (checkpoint->tokenizers[0]);
      g_assert_null (checkpoint->unet.weights);
    }
}

/* Another checkpoint's autoencoder is such a folder, too. */
static void
test_open_vae (Place *place, gconstpointer data)
{
  g_autoptr (PmtCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;

  write_kind (place, &kinds[3]);
  checkpoint = pmt_checkpoint_open_vae (place->folder, &error);
  g_assert_no_error (error);
  g_assert_nonnull (checkpoint->vae.onnx);
  g_assert_cmpfloat (checkpoint->vae_shape.scaling, ==, TINY_ONNX_SCALING);
}

static void
count_tiles (gdouble fraction, gpointer data)
{
  ++*(guint *)data;
}

/* Both ways. */
static void
check_vae (
    PmtVae *vae, const TinyOnnx *kind, gint height, gint width, guint *n_tiles)
{
  const gsize n = (gsize)(height * width);
  const gsize n_latent = 4 * n;
  const gsize n_image = 3 * 64 * n;
  g_autofree gfloat *latent = make_input (n_latent, 1);
  g_autofree gfloat *image = g_new (gfloat, n_image);
  g_autofree gfloat *expected = g_new (gfloat, n_image);
  g_autofree gfloat *mean = g_new (gfloat, n_latent);
  g_autofree gfloat *logvar = g_new (gfloat, n_latent);
  g_autofree gfloat *moments = g_new (gfloat, 2 * n_latent);
  g_autoptr (GError) error = NULL;

  pmt_vae_decode (vae, latent, height, width, image, count_tiles, n_tiles, NULL,
                  &error);
  g_assert_no_error (error);
  tiny_onnx_decode (latent, height, width, expected);
  assert_near (image, expected, n_image, kind->is_half);
  pmt_vae_encode (vae, image, 8 * height, 8 * width, mean, logvar, NULL, NULL,
                  NULL, &error);
  g_assert_no_error (error);
  tiny_onnx_encode (image, height, width, moments);
  assert_near (mean, moments, n_latent, kind->is_half);
  for (gsize i = 0; kind->is_drawn && i < n_latent; i++)
    moments[n_latent + i] = -30;
  assert_near (logvar, moments + n_latent, n_latent, kind->is_half);
}

static void
test_vae (Place *place, gconstpointer data)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (PmtCheckpoint) checkpoint = open_kind (place, &kinds[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtVae) vae = pmt_vae_open (checkpoint, &options, &error);
      guint n_tiles = 0;

      g_assert_no_error (error);
      g_assert_cmpint (pmt_vae_get_factor (vae), ==, TINY_ONNX_FACTOR);
      g_assert_cmpint (pmt_vae_get_channels (vae), ==, TINY_ONNX_LATENT);
      g_assert_cmpfloat (pmt_vae_get_scaling (vae), ==, TINY_ONNX_SCALING);
      check_vae (vae, &kinds[i], 8, 8, &n_tiles);
      check_vae (vae, &kinds[i], 7, 5, &n_tiles);
      check_vae (vae, &kinds[i], 1, 1, &n_tiles);
      g_assert_cmpuint (n_tiles, ==, 3);
    }
}

/* In tiles: what lies at an edge of one is another's. */
static void
test_vae_tiles (Place *place, gconstpointer data)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PmtCheckpoint) checkpoint = open_kind (place, &kinds[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtVae) vae = NULL;
      guint n_tiles = 0;

      options.memory = 100 << 20;
      vae = pmt_vae_open (checkpoint, &options, &error);
      g_assert_no_error (error);
      check_vae (vae, &kinds[i], 41, 67, &n_tiles);
      g_assert_cmpuint (n_tiles, >, 3);
    }
}

/* "a cat" in the tiny vocabulary, or so: begin, words, end, padding. */
static void
fill_ids (const PmtCheckpoint *checkpoint, gint which, gint64 *ids)
{
  const PmtTextShape *shape = &checkpoint->text_shapes[which];

  for (gint i = 0; i < TINY_ONNX_TOKENS; i++)
    ids[i] = shape->pad_id;
  ids[0] = shape->vocabulary - 2;
  ids[1] = 65;
  ids[2] = 515;
  ids[3] = shape->vocabulary - 1;
}

static void
check_text (PmtCheckpoint *checkpoint, const TinyOnnx *kind, gint which)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  const gint skip = kind->is_xl ? 2 : 1;
  const gsize state = kind->is_xl ? 1 : TINY_ONNX_LAYERS + 1;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTextEncoder) encoder =
      pmt_text_encoder_open (checkpoint, which, &options, &error);
  g_autofree gfloat *states = g_new (gfloat, (TINY_ONNX_LAYERS + 2) * PLANE);
  g_autofree gfloat *hidden = g_new (gfloat, PLANE);
  gfloat pooled[WIDTH];
  gfloat projected[TINY_ONNX_PROJECTION];
  gfloat expected_pooled[WIDTH];
  gfloat expected[TINY_ONNX_PROJECTION];
  gint64 ids[TINY_ONNX_TOKENS];

  g_assert_no_error (error);
  g_assert_false (pmt_text_encoder_has_rows (encoder));
  fill_ids (checkpoint, which, ids);
  pmt_text_encoder_run_ids (encoder, ids, skip, !kind->is_xl, hidden, 3,
                            which == 0 ? pooled : NULL,
                            which == 1 ? projected : NULL, NULL, &error);
  g_assert_no_error (error);
  tiny_onnx_text (which, ids, states, expected_pooled, expected);
  assert_near (hidden, states + state * PLANE, PLANE, kind->is_half);
  if (which == 0)
    assert_near (pooled, expected_pooled, WIDTH, kind->is_half);
  else
    assert_near (projected, expected, TINY_ONNX_PROJECTION, kind->is_half);
}

static void
test_text (Place *place, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (PmtCheckpoint) checkpoint = open_kind (place, &kinds[i]);

      for (gint which = 0; which < checkpoint->n_texts; which++)
        check_text (checkpoint, &kinds[i], which);
    }
}

/* What was not exported can't be had; foreign ids are refused. */
static void
test_text_refused (Place *place, gconstpointer data)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) checkpoint = open_kind (place, &kinds[0]);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTextEncoder) encoder =
      pmt_text_encoder_open (checkpoint, 0, &options, &error);
  g_autofree gfloat *hidden = g_new (gfloat, PLANE);
  gint64 ids[TINY_ONNX_TOKENS];

  g_assert_no_error (error);
  fill_ids (checkpoint, 0, ids);
  g_assert_false (pmt_text_encoder_run_ids (encoder, ids, 2, TRUE, hidden, 3,
                                            NULL, NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_false (
      pmt_text_encoder_embed (encoder, ids, TINY_ONNX_TOKENS, hidden, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  ids[5] = checkpoint->text_shapes[0].vocabulary;
  g_assert_false (pmt_text_encoder_run_ids (encoder, ids, 1, TRUE, hidden, 3,
                                            NULL, NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
}

static void
check_unet (PmtUnet *unet,
            const PmtCheckpoint *checkpoint,
            const TinyOnnx *kind,
            gint height,
            gint width)
{
  const PmtUnetShape *shape = &checkpoint->unet_shape;
  const gint tokens = 2 * TINY_ONNX_TOKENS;
  const gsize n = (gsize)(height * width);
  const gfloat sizes[] = { 1024, 768, 0, 16, 1000, 8 };
  g_autofree gfloat *x = make_input ((gsize)shape->in_channels * n, 2);
  g_autofree gfloat *context = make_input ((gsize)(tokens * shape->context), 3);
  g_autofree gfloat *pooled = make_input (TINY_ONNX_PROJECTION, 4);
  g_autofree gfloat *vector = g_new (gfloat, shape->vector + 1);
  g_autofree gfloat *out = g_new (gfloat, 4 * n);
  g_autofree gfloat *expected = g_new (gfloat, 4 * n);
  const PmtUnetInput input = { .n = 1,
                               .height = height,
                               .width = width,
                               .x = x,
                               .timestep = 601,
                               .context = context,
                               .tokens = tokens,
                               .vector = kind->is_xl ? vector : NULL };
  g_autoptr (GError) error = NULL;

  if (kind->is_xl)
    pmt_unet_fill_vector (shape, pooled, sizes, vector);
  pmt_unet_run (unet, &input, out, NULL, &error);
  g_assert_no_error (error);
  tiny_onnx_denoise (kind, x, height, width, 601, context, tokens,
                     kind->is_xl ? pooled : NULL, kind->is_xl ? sizes : NULL,
                     expected);
  assert_near (out, expected, 4 * n, kind->is_half);
}

static void
test_unet (Place *place, gconstpointer data)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (PmtCheckpoint) checkpoint = open_kind (place, &kinds[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtUnet) unet = pmt_unet_open (checkpoint, &options, &error);

      g_assert_no_error (error);
      check_unet (unet, checkpoint, &kinds[i], 8, 8);
      check_unet (unet, checkpoint, &kinds[i], 7, 5);
    }
}

/* ------------------------------------------------------------- operations -- */

static PmtEngine *
new_engine (Place *place)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  PmtEngine *engine;

  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = place->home;
  options.threads = 1;
  engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
  return engine;
}

static void
add_pictures (PmtRequest *request, gboolean has_mask, gint width, gint height)
{
  const GeglRectangle layer = { 0, 0, width, height };
  const GeglRectangle selected = { width / 4, height / 4, width / 2,
                                   height / 2 };
  g_autoptr (GeglBuffer) source =
      gegl_buffer_new (&layer, babl_format ("R'G'B' u8"));
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (&layer, babl_format ("Y float"));
  GeglColor *white = gegl_color_new ("white");
  GeglColor *red = gegl_color_new ("rgb(0.8, 0.3, 0.2)");

  gegl_buffer_set_color (source, &layer, red);
  gegl_buffer_set_color (mask, &selected, white);
  pmt_request_set_source (request, source, &layer);
  if (has_mask)
    pmt_request_set_mask (request, mask);
  g_object_unref (white);
  g_object_unref (red);
}

static PmtRequest *
new_request (PmtOperation operation, gint width, gint height)
{
  const GeglRectangle canvas = { 0, 0, width, height };
  PmtRequest *request = pmt_request_new (operation);
  PmtParams *params = pmt_request_params (request);

  pmt_request_set_model (request, "checkpoint-mine");
  pmt_request_set_canvas (request, &canvas);
  if (operation != PMT_OPERATION_GENERATE)
    add_pictures (request, operation == PMT_OPERATION_FILL, width, height);
  pmt_params_set_string (params, "prompt", "a cat");
  pmt_params_set_string (params, "negative-prompt", "dog");
  pmt_params_set_int (params, "steps", 3);
  pmt_params_set_int (params, "seed", 12);
  pmt_params_set_int (params, "model-size", 64);
  return request;
}

/* (transfer full): the bytes of the only picture, of the canvas' size. */
static GBytes *
run (PmtEngine *engine, PmtRequest *request, gint width, gint height)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtResult) result =
      pmt_engine_run (engine, request, NULL, NULL, NULL, &error);
  GeglBuffer *picture;
  const gsize size = (gsize)(width * height) * 3 * sizeof (gfloat);
  gpointer bytes = g_malloc (size);

  g_assert_no_error (error);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
  picture = pmt_result_get_picture (result, 0);
  g_assert_cmpint (gegl_buffer_get_width (picture), ==, width);
  g_assert_cmpint (gegl_buffer_get_height (picture), ==, height);
  gegl_buffer_get (picture, gegl_buffer_get_extent (picture), 1.0,
                   babl_format ("R'G'B' float"), bytes, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return g_bytes_new_take (bytes, size);
}

/* The same twice; another prompt or seed gives another picture. */
static void
check_operation (PmtEngine *engine, PmtOperation operation)
{
  g_autoptr (PmtRequest) request = new_request (operation, 64, 64);
  PmtParams *params = pmt_request_params (request);
  g_autoptr (GBytes) first = run (engine, request, 64, 64);
  g_autoptr (GBytes) again = run (engine, request, 64, 64);
  g_autoptr (GBytes) prompt = NULL;
  g_autoptr (GBytes) seed = NULL;

  g_assert_true (g_bytes_equal (first, again));
  pmt_params_set_string (params, "prompt", "the dog, and (a bread:1.3) cat");
  prompt = run (engine, request, 64, 64);
  g_assert_false (g_bytes_equal (first, prompt));
  pmt_params_set_int (params, "seed", 13);
  seed = run (engine, request, 64, 64);
  g_assert_false (g_bytes_equal (prompt, seed));
}

static void
test_operations (Place *place, gconstpointer data)
{
  static const PmtOperation operations[] = { PMT_OPERATION_GENERATE,
                                             PMT_OPERATION_REIMAGINE,
                                             PMT_OPERATION_FILL };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (PmtEngine) engine = NULL;

      write_kind (place, &kinds[i]);
      engine = new_engine (place);
      g_assert_cmpuint (pmt_engine_list_problems (engine)->len, ==, 0);
      for (guint j = 0; j < G_N_ELEMENTS (operations); j++)
        check_operation (engine, operations[j]);
    }
}

/* Sides that are no multiple of anything, and latents of odd sizes. */
static void
test_sizes (Place *place, gconstpointer data)
{
  g_autoptr (PmtEngine) engine = NULL;

  write_kind (place, &kinds[0]);
  engine = new_engine (place);
  for (guint i = 0; i < 2; i++)
    {
      const gint width = i == 0 ? 56 : 51;
      const gint height = i == 0 ? 72 : 83;
      g_autoptr (PmtRequest) generate =
          new_request (PMT_OPERATION_GENERATE, width, height);
      g_autoptr (PmtRequest) reimagine =
          new_request (PMT_OPERATION_REIMAGINE, width, height);
      g_autoptr (GBytes) made = run (engine, generate, width, height);
      g_autoptr (GBytes) changed = run (engine, reimagine, width, height);

      g_assert_false (g_bytes_equal (made, changed));
    }
}

/* UNets that take more than a latent. */
static void
test_kinds (Place *place, gconstpointer data)
{
  static const struct
  {
    gint channels;
    PmtUnetKind kind;
    PmtOperation operation;
  } cases[] = {
    { 9, PMT_UNET_INPAINT, PMT_OPERATION_FILL },
    { 8, PMT_UNET_EDIT, PMT_OPERATION_EDIT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TinyOnnx kind = TINY_ONNX_INIT;
      g_autoptr (PmtCheckpoint) checkpoint = NULL;
      g_autoptr (PmtEngine) engine = NULL;

      kind.in_channels = cases[i].channels;
      checkpoint = open_kind (place, &kind);
      g_assert_cmpint (checkpoint->kind, ==, cases[i].kind);
      engine = new_engine (place);
      check_operation (engine, cases[i].operation);
    }
}

static void
on_progress (const gchar *stage,
             gdouble fraction,
             GeglBuffer *preview,
             gpointer data)
{
  if (strstr (stage, "of 100") != NULL)
    g_cancellable_cancel (data);
}

static void
test_cancel (Place *place, gconstpointer data)
{
  g_autoptr (PmtRequest) request = new_request (PMT_OPERATION_GENERATE, 64, 64);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) early = g_cancellable_new ();
  g_autoptr (PmtEngine) engine = NULL;
  g_autoptr (GError) error = NULL;

  write_kind (place, &kinds[0]);
  engine = new_engine (place);
  pmt_params_set_int (pmt_request_params (request), "steps", 100);
  g_assert_null (pmt_engine_run (engine, request, on_progress, cancellable,
                                 cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_cancellable_cancel (early);
  g_assert_null (pmt_engine_run (engine, request, NULL, NULL, early, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ----------------------------------------------------------- wrong folders -- */

static void
assert_message (const GError *error, const gchar *text)
{
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (error->domain == PMT_ERROR);
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” is not in: %s", text, error->message);
}

/* Told when the folder is opened. */
static void
test_missing (Place *place, gconstpointer data)
{
  static const gchar *const names[] = {
    "unet/model.onnx",           "unet/config.json",
    "text_encoder/model.onnx",   "text_encoder/config.json",
    "text_encoder_2/model.onnx", "text_encoder_2/config.json",
    "vae_decoder/model.onnx",    "vae_decoder/config.json",
    "model_index.json",
  };
  g_autofree gchar *aside = g_build_filename (place->home, "aside", NULL);

  write_kind (place, &kinds[3]);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *path = g_build_filename (place->folder, names[i], NULL);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (g_rename (path, aside), ==, 0);
      g_assert_null (pmt_checkpoint_open (place->folder, &error));
      assert_message (error, names[i]);
      g_assert_cmpint (g_rename (aside, path), ==, 0);
    }
}

/* Tensors are preferred over a network, and a VAE is never one file. */
static void
test_both (Place *place, gconstpointer data)
{
  static const gchar *const names[] = { "unet/model.safetensors",
                                        "vae/model.safetensors" };
  g_autofree gchar *vae = g_build_filename (place->folder, "vae", NULL);
  g_autofree gchar *wrong = g_build_filename (vae, "model.onnx", NULL);

  write_kind (place, &kinds[0]);
  g_assert_cmpint (g_mkdir (vae, 0700), ==, 0);
  g_assert_true (g_file_set_contents (wrong, "", 0, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *path = g_build_filename (place->folder, names[i], NULL);
      g_autoptr (PmtCheckpoint) checkpoint =
          pmt_checkpoint_open (place->folder, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (checkpoint);
      g_assert_true (g_file_set_contents (path, "not one", -1, NULL));
      g_assert_null (pmt_checkpoint_open (place->folder, &error));
      assert_message (error, "model.safetensors");
      g_assert_cmpint (g_remove (path), ==, 0);
    }
}

static void
test_guidance (Place *place, gconstpointer data)
{
  TinyOnnx kind = TINY_ONNX_INIT;
  g_autoptr (GError) error = NULL;

  kind.has_guidance = TRUE;
  write_kind (place, &kind);
  g_assert_null (pmt_checkpoint_open (place->folder, &error));
  assert_message (error, "consistency model");
}

/* Told when a network is needed: @text stands in the message. */
static void
expect_failure (Place *place, const gchar *text)
{
  g_autoptr (PmtEngine) engine = new_engine (place);
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_REIMAGINE, 64, 64);
  g_autoptr (GError) error = NULL;

  g_assert_null (pmt_engine_run (engine, request, NULL, NULL, NULL, &error));
  assert_message (error, text);
}

static const gchar *const parts[] = { "unet/model.onnx",
                                      "text_encoder/model.onnx",
                                      "vae_decoder/model.onnx",
                                      "vae_encoder/model.onnx" };

static void
test_missing_encoder (Place *place, gconstpointer data)
{
  g_autofree gchar *path =
      g_build_filename (place->folder, "vae_encoder", "model.onnx", NULL);

  write_kind (place, &kinds[0]);
  g_assert_cmpint (g_remove (path), ==, 0);
  expect_failure (place, "vae_encoder/model.onnx");
}

/* (transfer full) */
static GBytes *
read_part (Place *place, const gchar *name)
{
  g_autofree gchar *path = g_build_filename (place->folder, name, NULL);
  gchar *bytes = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  return g_bytes_new_take (bytes, size);
}

static void
replace_part (Place *place, const gchar *name, GBytes *bytes)
{
  g_autofree gchar *path = g_build_filename (place->folder, name, NULL);
  gsize size;
  const gchar *data = g_bytes_get_data (bytes, &size);

  g_remove (path);
  g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
}

static void
test_damaged (Place *place, gconstpointer data)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("<html>404</html>", 16);

  write_kind (place, &kinds[0]);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GBytes) whole = read_part (place, parts[i]);
      g_autoptr (GBytes) half =
          g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 2);

      replace_part (place, parts[i], half);
      expect_failure (place, parts[i]);
      replace_part (place, parts[i], text);
      expect_failure (place, parts[i]);
      replace_part (place, parts[i], whole);
    }
}

/* One part's network in the place of another's. */
static void
test_interface (Place *place, gconstpointer data)
{
  write_kind (place, &kinds[0]);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GBytes) whole = read_part (place, parts[i]);
      g_autoptr (GBytes) other =
          read_part (place, parts[(i + 1) % G_N_ELEMENTS (parts)]);

      replace_part (place, parts[i], other);
      expect_failure (place, parts[i]);
      replace_part (place, parts[i], whole);
    }
}

/* A UNet of SD 1.x in a folder of SDXL's, and one of other channels. */
static void
test_other_unet (Place *place, gconstpointer data)
{
  g_autofree gchar *other = g_build_filename (place->home, "other", NULL);
  g_autofree gchar *from = g_build_filename (other, "unet", "model.onnx", NULL);
  g_autofree gchar *to =
      g_build_filename (place->folder, "unet", "model.onnx", NULL);
  TinyOnnx kind = TINY_ONNX_INIT;

  tiny_onnx_write (&kind, other);
  kind.in_channels = 9;
  write_kind (place, &kinds[3]);
  g_assert_cmpint (g_rename (from, to), ==, 0);
  expect_failure (place, "encoder_hidden_states");
  tiny_onnx_write (&kind, other);
  write_kind (place, &kinds[0]);
  g_assert_cmpint (g_rename (from, to), ==, 0);
  expect_failure (place, "“sample”");
}

/* A decoder whose kernel lies in another file. */
static void
write_external (Place *place, const gchar *location)
{
  const gint64 latent[] = { -1, 4, -1, -1 };
  const gint64 image[] = { -1, 3, -1, -1 };
  const gint64 kernel[] = { 4, 3, 8, 8 };
  const gint64 strides[] = { 8, 8 };
  g_autoptr (PmtGraph) graph = pmt_graph_new ("decoder", 17);
  PmtNode *conv;

  pmt_graph_add_input (graph, "latent_sample", PMT_TENSOR_FLOAT32, 4, latent,
                       NULL);
  pmt_graph_add_output (graph, "sample", PMT_TENSOR_FLOAT32, 4, image, NULL);
  pmt_graph_add_external (graph, "kernel", PMT_TENSOR_FLOAT32, 4, kernel,
                          location, 0, 4 * 3 * 64 * sizeof (gfloat));
  conv = pmt_graph_add_node (graph, "ConvTranspose",
                             PMT_NAMES ("latent_sample", "kernel"),
                             PMT_NAMES ("sample"));
  pmt_node_set_ints (conv, "strides", strides, 2);
  tiny_onnx_save (graph, place->folder, "vae_decoder");
}

/* @n of its 768 values. */
static void
write_weights (Place *place, const gchar *name, guint seed, gsize n)
{
  g_autofree gchar *path =
      g_build_filename (place->folder, "vae_decoder", name, NULL);
  g_autofree gfloat *values = make_input (n, seed);

  g_assert_true (g_file_set_contents (path, (const gchar *)values,
                                      (gssize)(n * sizeof (gfloat)), NULL));
}

/* Beside the network, as large exports have it, and elsewhere. */
static void
test_external (Place *place, gconstpointer data)
{
  g_autoptr (PmtEngine) engine = NULL;

  write_kind (place, &kinds[0]);
  write_external (place, "model.onnx_data");
  expect_failure (place, "model.onnx_data");
  write_weights (place, "model.onnx_data", 9, 700);
  expect_failure (place, "vae_decoder/model.onnx");
  write_weights (place, "model.onnx_data", 9, 768);
  engine = new_engine (place);
  check_operation (engine, PMT_OPERATION_GENERATE);
  write_external (place, "../weights.bin");
  write_weights (place, "../weights.bin", 9, 768);
  expect_failure (place, "vae_decoder/model.onnx");
  write_external (place, "/etc/passwd");
  expect_failure (place, "vae_decoder/model.onnx");
}

/* A network that was replaced is opened anew. */
static void
test_replaced (Place *place, gconstpointer data)
{
  g_autoptr (PmtRequest) request = new_request (PMT_OPERATION_GENERATE, 64, 64);
  g_autoptr (PmtEngine) engine = NULL;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  write_kind (place, &kinds[0]);
  engine = new_engine (place);
  before = run (engine, request, 64, 64);
  write_external (place, "model.onnx_data");
  write_weights (place, "model.onnx_data", 9, 768);
  after = run (engine, request, 64, 64);
  g_assert_false (g_bytes_equal (before, after));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const gchar *path;
    void (*function) (Place *place, gconstpointer data);
  } tests[] = {
    { "/onnx-folder/open", test_open },
    { "/onnx-folder/open-vae", test_open_vae },
    { "/onnx-folder/vae", test_vae },
    { "/onnx-folder/vae-tiles", test_vae_tiles },
    { "/onnx-folder/text", test_text },
    { "/onnx-folder/text-refused", test_text_refused },
    { "/onnx-folder/unet", test_unet },
    { "/onnx-folder/operations", test_operations },
    { "/onnx-folder/sizes", test_sizes },
    { "/onnx-folder/kinds", test_kinds },
    { "/onnx-folder/cancel", test_cancel },
    { "/onnx-folder/missing", test_missing },
    { "/onnx-folder/both", test_both },
    { "/onnx-folder/guidance", test_guidance },
    { "/onnx-folder/missing-encoder", test_missing_encoder },
    { "/onnx-folder/damaged", test_damaged },
    { "/onnx-folder/interface", test_interface },
    { "/onnx-folder/other-unet", test_other_unet },
    { "/onnx-folder/external", test_external },
    { "/onnx-folder/replaced", test_replaced },
  };

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Place, NULL, set_up, tests[i].function,
                tear_down);
  return g_test_run ();
}

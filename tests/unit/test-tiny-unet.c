/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-tiny-unet.c: a UNet of a few channels: what holds for every one. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "diffusion/unet-private.h"
#include "tiny-tensors.h"

#define LDM PMT_LAYOUT_LDM
#define DIFFUSERS PMT_LAYOUT_DIFFUSERS
#define SIDE 12
#define TOKENS 5

static gchar *folder;

static gchar *
in_folder (const gchar *name)
{
  return g_build_filename (folder, name, NULL);
}

static PmtCheckpoint *
write_and_open (const TinyTensors *tensors, PmtLayout layout, const gchar *type)
{
  static guint n = 0;
  g_autofree gchar *name = g_strdup_printf ("unet%u.safetensors", n++);
  g_autofree gchar *path = in_folder (name);

  tiny_tensors_write (tensors, type, path);
  return tiny_unet_open (path, layout);
}

static PmtCheckpoint *
make_checkpoint (PmtLayout layout, const gchar *type)
{
  g_autoptr (GPtrArray) tensors = tiny_unet_new (layout);

  return write_and_open (tensors, layout, type);
}

static PmtUnet *
open_unet (PmtCheckpoint *checkpoint, const PmtNetOptions *options)
{
  g_autoptr (GError) error = NULL;
  PmtUnet *unet = pmt_unet_open (checkpoint, options, &error);

  g_assert_no_error (error);
  return unet;
}

static gfloat *
make_values (gsize n)
{
  gfloat *values = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (gfloat)sin ((gdouble)i * 1.37) * 1.5f;
  return values;
}

/* [n, 4, height, width] of @x; (transfer full). */
static gfloat *
run_on (PmtUnet *unet, const gfloat *x, gint n, gint height, gint width)
{
  const PmtUnetShape shape = tiny_unet_shape ();
  const gsize per_image = (gsize)(TOKENS * shape.context);
  g_autofree gfloat *context = make_values ((gsize)n * per_image);
  gfloat *out = g_new (gfloat, 4 * n * height * width);
  const PmtUnetInput input = {
    n, height, width, x, 250, context, TOKENS, NULL
  };
  g_autoptr (GError) error = NULL;

  for (gint i = 1; i < n; i++)
    memcpy (context + (gsize)i * per_image, context,
            per_image * sizeof *context);
  pmt_unet_run (unet, &input, out, NULL, &error);
  g_assert_no_error (error);
  for (gint i = 0; i < 4 * n * height * width; i++)
    g_assert_true (isfinite (out[i]));
  return out;
}

static gfloat *
run_with (PmtCheckpoint *checkpoint, const PmtNetOptions *options)
{
  g_autoptr (PmtUnet) unet = open_unet (checkpoint, options);
  g_autofree gfloat *x = make_values (4 * SIDE * SIDE);

  return run_on (unet, x, 1, SIDE, SIDE);
}

static gdouble
difference (const gfloat *a, const gfloat *b, gsize n)
{
  gdouble most = 0;

  for (gsize i = 0; i < n; i++)
    most = MAX (most, fabs ((gdouble)a[i] - (gdouble)b[i]));
  return most;
}

#define assert_same(a, b)                                                      \
  g_assert_cmpfloat (difference ((a), (b), 4 * SIDE * SIDE), <=, 2e-5)
#define assert_other(a, b)                                                     \
  g_assert_cmpfloat (difference ((a), (b), 4 * SIDE * SIDE), >, 1e-3)

/* Layouts, types and modes are ways to the same numbers. */
static void
test_same (void)
{
  static const gchar *const types[] = { "F32", "F16", "BF16" };
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) first = make_checkpoint (LDM, "F32");
  g_autofree gfloat *wanted = NULL;

  options.mode = PMT_NET_LOW;
  wanted = run_with (first, &options);
  for (guint i = 0; i < 3; i++)
    for (PmtNetMode mode = PMT_NET_LOW; mode <= PMT_NET_FAST; mode++)
      for (gint layout = 0; layout < 2; layout++)
        {
          g_autoptr (PmtCheckpoint) checkpoint =
              make_checkpoint (layout == 0 ? LDM : DIFFUSERS, types[i]);
          g_autofree gfloat *made = NULL;

          options.mode = mode;
          made = run_with (checkpoint, &options);
          assert_same (made, wanted);
        }
}

static GError *
open_fails (PmtCheckpoint *checkpoint, const PmtNetOptions *options)
{
  g_autoptr (GError) error = NULL;
  PmtUnet *unet = pmt_unet_open (checkpoint, options, &error);

  g_assert_null (unet);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  return g_steal_pointer (&error);
}

#define assert_says(error, text)                                               \
  g_assert_nonnull (strstr ((error)->message, (text)))

static void
test_missing (void)
{
  static const gchar *const gone[] = {
    "conv_in.bias",
    "mid_block.resnets.0.conv1.weight",
    "up_blocks.0.attentions.1.proj_out.weight",
    "conv_out.weight",
  };
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GPtrArray) tensors = tiny_unet_new (DIFFUSERS);
  g_autoptr (PmtCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
    g_ptr_array_remove (tensors, tiny_tensors_find (tensors, gone[i]));
  checkpoint = write_and_open (tensors, DIFFUSERS, "F32");
  error = open_fails (checkpoint, &options);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  for (guint i = 0; i < 3; i++)
    assert_says (error, gone[i]);
  assert_says (error, "1 more");
}

static void
test_wrong_shape (void)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GPtrArray) tensors = tiny_unet_new (DIFFUSERS);
  TinyTensor *tensor =
      tiny_tensors_find (tensors, "down_blocks.1.resnets.0.conv1.weight");
  g_autoptr (PmtCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;

  tensor->dims[0] = 16;
  tensor->dims[1] = 48;
  checkpoint = write_and_open (tensors, DIFFUSERS, "F32");
  error = open_fails (checkpoint, &options);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  assert_says (error, "[16, 48, 3, 3]");
  assert_says (error, "[48, 16, 3, 3]");
}

static void
test_memory (void)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F16");
  g_autoptr (PmtUnet) unet = NULL;
  g_autoptr (GError) error = NULL;
  const guint64 low =
      pmt_unet_estimate_memory (checkpoint, PMT_NET_LOW, FALSE, 64, 64);
  const guint64 fast =
      pmt_unet_estimate_memory (checkpoint, PMT_NET_FAST, FALSE, 64, 64);

  options.memory = 1000;
  error = open_fails (checkpoint, &options);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MEMORY);
  g_assert_cmpuint (low, >, 0);
  options.memory = fast;
  unet = open_unet (checkpoint, &options);
  g_assert_true (pmt_unet_is_fast (unet));
  g_clear_pointer (&unet, pmt_unet_unref);
  options.memory = fast - 1;
  unet = open_unet (checkpoint, &options);
  g_assert_false (pmt_unet_is_fast (unet));
}

/* [4, SIDE, SIDE] moved by @dy and @dx, around the edges. */
static gfloat *
roll (const gfloat *x, gint dy, gint dx)
{
  gfloat *moved = g_new (gfloat, 4 * SIDE * SIDE);

  for (gint c = 0; c < 4; c++)
    for (gint i = 0; i < SIDE; i++)
      for (gint j = 0; j < SIDE; j++)
        moved[(c * SIDE + (i + dy) % SIDE) * SIDE + (j + dx) % SIDE] =
            x[(c * SIDE + i) * SIDE + j];
  return moved;
}

/* A network whose edges meet does not know where they are. */
static void
test_seamless (void)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F32");
  g_autofree gfloat *x = make_values (4 * SIDE * SIDE);
  g_autofree gfloat *moved = roll (x, 4, 6);

  for (gint seamless = 0; seamless < 2; seamless++)
    {
      g_autoptr (PmtUnet) unet = NULL;
      g_autofree gfloat *made = NULL;
      g_autofree gfloat *of_moved = NULL;
      g_autofree gfloat *wanted = NULL;

      options.is_seamless = seamless == 1;
      unet = open_unet (checkpoint, &options);
      made = run_on (unet, x, 1, SIDE, SIDE);
      of_moved = run_on (unet, moved, 1, SIDE, SIDE);
      wanted = roll (made, 4, 6);
      if (options.is_seamless)
        assert_same (of_moved, wanted);
      else
        assert_other (of_moved, wanted);
    }
}

static void
test_sizes (void)
{
  static const gint sizes[][2] = { { 1, 1 }, { 1, 7 }, { 7, 9 }, { 13, 2 } };
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F32");
  g_autoptr (PmtUnet) unet = open_unet (checkpoint, &options);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree gfloat *x =
          make_values ((gsize)(4 * sizes[i][0] * sizes[i][1]));
      g_autofree gfloat *out = run_on (unet, x, 1, sizes[i][0], sizes[i][1]);

      g_assert_nonnull (out);
    }
}

static void
test_batch (void)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  const gsize n = 4 * SIDE * SIDE;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F32");
  g_autoptr (PmtUnet) unet = open_unet (checkpoint, &options);
  g_autofree gfloat *x = make_values (2 * n);
  g_autofree gfloat *both = run_on (unet, x, 2, SIDE, SIDE);
  g_autofree gfloat *first = run_on (unet, x, 1, SIDE, SIDE);
  g_autofree gfloat *second = run_on (unet, x + n, 1, SIDE, SIDE);

  assert_same (both, first);
  assert_same (both + n, second);
  assert_other (first, second);
}

/* The same bits each time with as many threads; with more or fewer, ONNX
 * Runtime adds in another order. */
static void
test_threads (void)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F16");
  g_autofree gfloat *one = run_with (checkpoint, &options);

  for (gint threads = 1; threads <= 4; threads++)
    {
      g_autofree gfloat *first = NULL;
      g_autofree gfloat *again = NULL;

      options.threads = threads;
      first = run_with (checkpoint, &options);
      again = run_with (checkpoint, &options);
      g_assert_cmpmem (first, 4 * SIDE * SIDE * sizeof *first, again,
                       4 * SIDE * SIDE * sizeof *again);
      assert_same (one, first);
    }
}

static void
test_cancel (void)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F32");
  g_autoptr (PmtUnet) unet = open_unet (checkpoint, &options);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree gfloat *x = make_values (4 * SIDE * SIDE);
  g_autofree gfloat *context = make_values (TOKENS * 24);
  gfloat out[4 * SIDE * SIDE];
  const PmtUnetInput input = { 1, SIDE, SIDE, x, 250, context, TOKENS, NULL };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (pmt_unet_run (unet, &input, out, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_changed_file (void)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F32");
  g_autoptr (PmtUnet) unet = open_unet (checkpoint, &options);
  g_autofree gfloat *x = make_values (4 * SIDE * SIDE);
  g_autofree gfloat *context = make_values (TOKENS * 24);
  gfloat out[4 * SIDE * SIDE];
  const PmtUnetInput input = { 1, SIDE, SIDE, x, 250, context, TOKENS, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (checkpoint->path), ==, 0);
  g_assert_false (pmt_unet_run (unet, &input, out, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
}

/* out = sample * timestep. */
static gchar *
write_onnx (const gchar *name, PmtTensorType time_type, gint time_rank)
{
  g_autofree gchar *path = in_folder (name);
  g_autoptr (PmtGraph) graph = pmt_graph_new ("unet", 17);
  const gint64 x[] = { -1, 4, -1, -1 };
  const gint64 context[] = { -1, -1, 24 };
  const gint64 one[] = { 1 };
  g_autoptr (GBytes) bytes = NULL;
  PmtNode *node;

  pmt_graph_add_input (graph, "encoder_hidden_states", PMT_TENSOR_FLOAT32, 3,
                       context, NULL);
  pmt_graph_add_input (graph, "timestep", time_type, time_rank, one, NULL);
  pmt_graph_add_input (graph, "sample", PMT_TENSOR_FLOAT32, 4, x, NULL);
  node = pmt_graph_add_node (graph, "Cast", PMT_NAMES ("timestep"),
                             PMT_NAMES ("t"));
  pmt_node_set_int (node, "to", 1);
  pmt_graph_add_node (graph, "Mul", PMT_NAMES ("sample", "t"),
                      PMT_NAMES ("out_sample"));
  pmt_graph_add_output (graph, "out_sample", PMT_TENSOR_FLOAT32, 4, x, NULL);
  bytes = pmt_graph_to_bytes (graph, NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize)g_bytes_get_size (bytes), NULL));
  return g_steal_pointer (&path);
}

static void
check_onnx (const gchar *name, PmtTensorType type, gint rank)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F32");
  g_autofree gfloat *x = make_values (4 * SIDE * SIDE);
  g_autofree gfloat *made = NULL;
  g_autoptr (PmtUnet) unet = NULL;

  g_clear_pointer (&checkpoint->unet.weights, pmt_weights_unref);
  checkpoint->unet.onnx = write_onnx (name, type, rank);
  unet = open_unet (checkpoint, &options);
  made = run_on (unet, x, 1, SIDE, SIDE);
  for (gint i = 0; i < 4 * SIDE * SIDE; i++)
    g_assert_cmpfloat_with_epsilon (made[i], x[i] * 250, 1e-3);
}

static void
test_onnx (void)
{
  check_onnx ("a.onnx", PMT_TENSOR_INT64, 0);
  check_onnx ("b.onnx", PMT_TENSOR_INT64, 1);
  check_onnx ("c.onnx", PMT_TENSOR_FLOAT32, 1);
}

static void
test_names (void)
{
  const PmtUnetShape shape = tiny_unet_shape ();
  static const gchar *const pairs[][2] = {
    { "conv_in.weight", "input_blocks.0.0.weight" },
    { "down_blocks.0.downsamplers.0.conv.bias", "input_blocks.2.0.op.bias" },
    { "down_blocks.1.resnets.0.conv_shortcut",
      "input_blocks.3.0.skip_connection" },
    { "up_blocks.0.upsamplers.0.conv.weight", "output_blocks.1.2.conv.weight" },
    { "up_blocks.1.resnets.1.time_emb_proj.bias",
      "output_blocks.3.0.emb_layers.1.bias" },
    { "mid_block.resnets.1.norm2.weight",
      "middle_block.2.out_layers.0.weight" },
    { "mid_block.resnets.2.norm2.weight", NULL },
    { "down_blocks.2.resnets.0.conv1", NULL },
    { "up_blocks.-1.resnets.0.conv1", NULL },
    { "up_blocks.0.resnets.9.conv1", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree gchar *made = pmt_unet_name_to_ldm (&shape, pairs[i][0]);

      g_assert_cmpstr (made, ==, pairs[i][1]);
    }
}

/* Names of one module in the files of several programs. */
static const struct
{
  const gchar *down;
  const gchar *up;
  const gchar *alpha;
} styles[] = {
  { "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_out_0"
    ".lora_down.weight",
    "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_out_0"
    ".lora_up.weight",
    "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_out_0"
    ".alpha" },
  { "lora_unet_middle_block_1_transformer_blocks_0_attn1_to_out_0"
    ".lora_down.weight",
    "lora_unet_middle_block_1_transformer_blocks_0_attn1_to_out_0"
    ".lora_up.weight",
    "lora_unet_middle_block_1_transformer_blocks_0_attn1_to_out_0.alpha" },
  { "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0"
    ".lora_A.weight",
    "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0"
    ".lora_B.weight",
    NULL },
  { "mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_out_lora"
    ".down.weight",
    "mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_out_lora"
    ".up.weight",
    NULL },
};

/* The change is also made by hand, in the weights themselves. */
static void
test_lora (void)
{
  const gint64 down_dims[] = { 4, 48 };
  const gint64 up_dims[] = { 48, 4 };
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autofree gchar *path = in_folder ("lora.safetensors");
  g_autoptr (PmtCheckpoint) plain = make_checkpoint (LDM, "F16");

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      const gfloat scale = styles[i].alpha != NULL ? 0.5f : 1;
      g_autoptr (GPtrArray) tensors = tiny_tensors_new ();
      g_autoptr (GPtrArray) changed = tiny_unet_new (LDM);
      TinyTensor *down =
          tiny_tensors_add (tensors, styles[i].down, 1, 2, down_dims);
      TinyTensor *up = tiny_tensors_add (tensors, styles[i].up, 2, 2, up_dims);
      TinyTensor *weight = tiny_tensors_find (
          changed, "middle_block.1.transformer_blocks.0.attn1.to_out.0.weight");
      g_autoptr (PmtCheckpoint) by_hand = NULL;
      g_autoptr (PmtLora) lora = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree gfloat *wanted = NULL;
      g_autofree gfloat *made = NULL;
      g_autofree gfloat *without = NULL;
      PmtLoraUse use = { NULL, 0.75f, 0 };

      tiny_tensors_round (tensors);
      if (styles[i].alpha != NULL)
        tiny_tensors_add (tensors, styles[i].alpha, 3, 0, NULL)->values[0] = 2;
      tiny_tensors_write (tensors, "BF16", path);
      for (gint row = 0; row < 48; row++)
        for (gint column = 0; column < 48; column++)
          for (gint k = 0; k < 4; k++)
            weight->values[row * 48 + column] +=
                0.75f * scale * up->values[row * 4 + k]
                * down->values[k * 48 + column];
      by_hand = write_and_open (changed, LDM, "F32");
      lora = pmt_lora_open (path, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (pmt_lora_get_name (lora), ==, "lora");
      g_assert_true (pmt_lora_check (lora, plain, &error));
      wanted = run_with (by_hand, &options);
      without = run_with (plain, &options);
      use.lora = lora;
      options.loras = &use;
      options.n_loras = 1;
      made = run_with (plain, &options);
      options.n_loras = 0;
      assert_same (made, wanted);
      assert_other (made, without);
    }
}

static void
refuse_lora (const TinyTensors *tensors, gint code, const gchar *text)
{
  g_autofree gchar *path = in_folder ("bad.safetensors");
  g_autoptr (GError) error = NULL;

  tiny_tensors_write (tensors, "F32", path);
  g_assert_null (pmt_lora_open (path, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, PMT_ERROR, code);
  assert_says (error, text);
}

static void
test_bad_loras (void)
{
  static const struct
  {
    const gchar *name;
    gint code;
    const gchar *text;
  } bad[] = {
    { "lora_unet_conv_in.hada_w1_a", PMT_ERROR_UNSUPPORTED, "LoHa" },
    { "lora_unet_conv_in.lokr_w1", PMT_ERROR_UNSUPPORTED, "LoKr" },
    { "lora_unet_conv_in.dora_scale", PMT_ERROR_UNSUPPORTED, "DoRA" },
    { "lora_unet_conv_in.on_input", PMT_ERROR_UNSUPPORTED, "IA3" },
    { "lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight",
      PMT_ERROR_UNSUPPORTED, "Flux" },
    { "lora_unet_conv_in.lora_up.weight", PMT_ERROR_MODEL, "conv_in" },
    { "conv_in.weight", PMT_ERROR_UNSUPPORTED, "not a LoRA" },
  };
  const gint64 dims[] = { 4, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GPtrArray) tensors = tiny_tensors_new ();

      tiny_tensors_add (tensors, bad[i].name, 1, 2, dims);
      refuse_lora (tensors, bad[i].code, bad[i].text);
    }
}

/* Another width than the checkpoint's. */
static void
test_other_family (void)
{
  const gint64 down_dims[] = { 4, 50 };
  const gint64 up_dims[] = { 48, 4 };
  g_autofree gchar *path = in_folder ("other.safetensors");
  g_autoptr (GPtrArray) tensors = tiny_tensors_new ();
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (LDM, "F16");
  g_autoptr (PmtLora) lora = NULL;
  g_autoptr (GError) error = NULL;

  tiny_tensors_add (tensors, styles[0].down, 1, 2, down_dims);
  tiny_tensors_add (tensors, styles[0].up, 2, 2, up_dims);
  tiny_tensors_write (tensors, "F32", path);
  lora = pmt_lora_open (path, &error);
  g_assert_no_error (error);
  g_assert_false (pmt_lora_check (lora, checkpoint, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  assert_says (error, "other");
  assert_says (error, "tiny");
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = in_folder (name);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("pentimento-unet-XXXXXX", NULL);
  g_assert_nonnull (folder);
  g_test_add_func ("/unet/names", test_names);
  g_test_add_func ("/unet/same", test_same);
  g_test_add_func ("/unet/missing", test_missing);
  g_test_add_func ("/unet/wrong-shape", test_wrong_shape);
  g_test_add_func ("/unet/memory", test_memory);
  g_test_add_func ("/unet/seamless", test_seamless);
  g_test_add_func ("/unet/sizes", test_sizes);
  g_test_add_func ("/unet/batch", test_batch);
  g_test_add_func ("/unet/threads", test_threads);
  g_test_add_func ("/unet/cancel", test_cancel);
  g_test_add_func ("/unet/changed-file", test_changed_file);
  g_test_add_func ("/unet/onnx", test_onnx);
  g_test_add_func ("/lora/names", test_lora);
  g_test_add_func ("/lora/bad", test_bad_loras);
  g_test_add_func ("/lora/other-family", test_other_family);
  result = g_test_run ();
  remove_folder ();
  return result;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-onnx.c: folders of ONNX networks as Optimum exports them. */
#include "config.h"

#include "tiny-onnx.h"

#include <string.h>

#include "tiny-vocab.h"

#define FLOAT PMT_TENSOR_FLOAT32
#define TOKENS TINY_ONNX_TOKENS
#define WIDTH TINY_ONNX_WIDTH
#define LATENT TINY_ONNX_LATENT
#define FACTOR TINY_ONNX_FACTOR
#define PROJECTION TINY_ONNX_PROJECTION

/* Bytes, bytes at the end of a word, begin and end: tiny-vocab.c adds its
 * merges. */
#define N_FIXED 514
#define TIME_SCALE 1e-3f
#define NORM_SCALE 2.0f

/* Constants of the networks; each has numbers of its own. */
typedef enum
{
  TABLE,
  POSITIONS,
  PROJECT,
  DECODE,
  ENCODE,
  CONV,
  CONTEXT,
  POOLED,
  SIZES
} Constant;

/* ----------------------------------------------------------------- values -- */

/* (transfer full): from -@scale to @scale, in an order like noise. */
static gfloat *
make_values (guint constant, gsize n, gfloat scale)
{
  gfloat *values = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    {
      const gsize k = (i + 1) * 7919 + (constant + 1) * 104729 + i * i * 31;

      values[i] = scale * ((gfloat)(k % 201) - 100) / 100;
    }
  return values;
}

static gsize
count_vocabulary (void)
{
  return N_FIXED + g_strv_length ((gchar **)tiny_vocab_merges ());
}

static gint
context_width (const TinyOnnx *tiny)
{
  return tiny->is_xl ? 2 * WIDTH : WIDTH;
}

/* out: [@n_out, @height, @width], 3x3, zeros behind the edges. */
static void
convolve (Constant constant,
          const gfloat *in,
          gint n_in,
          gint n_out,
          gint height,
          gint width,
          gfloat *out)
{
  g_autofree gfloat *kernel =
      make_values (constant, (gsize)(n_out * n_in * 9), 0.1f);

  for (gint i = 0; i < n_out * height * width; i++)
    {
      const gint x = i % width;
      const gint y = i / width % height;
      gdouble sum = 0;

      for (gint k = 0; k < n_in * 9; k++)
        {
          const gint u = x + k % 3 - 1;
          const gint v = y + k / 3 % 3 - 1;

          if (u >= 0 && u < width && v >= 0 && v < height)
            sum += (gdouble)in[(k / 9 * height + v) * width + u]
                   * kernel[i / width / height * n_in * 9 + k];
        }
      out[i] = (gfloat)sum;
    }
}

void
tiny_onnx_text (gint which,
                const gint64 *ids,
                gfloat *states,
                gfloat *pooled,
                gfloat *projected)
{
  const gsize n = TOKENS * WIDTH;
  const guint shift = (guint)which * 10;
  g_autofree gfloat *table =
      make_values (TABLE + shift, count_vocabulary () * WIDTH, 1);
  g_autofree gfloat *positions = make_values (POSITIONS + shift, n, 0.5f);
  g_autofree gfloat *project = make_values (PROJECT, WIDTH * PROJECTION, 0.2f);
  gint end = 0;

  for (gsize i = 0; i < n; i++)
    states[i] = table[(gsize)ids[i / WIDTH] * WIDTH + i % WIDTH] + positions[i];
  for (gint layer = 1; layer <= TINY_ONNX_LAYERS; layer++)
    for (gsize i = 0; i < n; i++)
      {
        const gfloat *before = states + (gsize)(layer - 1) * n;
        gdouble mean = 0;

        for (gsize t = 0; t < TOKENS; t++)
          mean += before[t * WIDTH + i % WIDTH] / (gdouble)TOKENS;
        states[(gsize)layer * n + i] = before[i] + (gfloat)mean;
      }
  for (gsize i = 0; i < n; i++)
    states[(TINY_ONNX_LAYERS + 1) * n + i] =
        NORM_SCALE * states[TINY_ONNX_LAYERS * n + i];
  for (gint t = 1; t < TOKENS; t++)
    if (ids[t] > ids[end])
      end = t;
  memcpy (pooled, states + (TINY_ONNX_LAYERS + 1) * n + end * WIDTH,
          WIDTH * sizeof *pooled);
  memset (projected, 0, PROJECTION * sizeof *projected);
  for (gint i = 0; i < WIDTH * PROJECTION; i++)
    projected[i % PROJECTION] += pooled[i / PROJECTION] * project[i];
}

void
tiny_onnx_decode (const gfloat *latent, gint height, gint width, gfloat *image)
{
  const gint row = width * FACTOR;
  g_autofree gfloat *small = g_new (gfloat, 3 * height * width);

  convolve (DECODE, latent, LATENT, 3, height, width, small);
  for (gint i = 0; i < 3 * height * FACTOR * row; i++)
    image[i] = small[i / row / FACTOR * width + i % row / FACTOR];
}

void
tiny_onnx_encode (const gfloat *image, gint height, gint width, gfloat *moments)
{
  const gint row = width * FACTOR;
  g_autofree gfloat *small = g_new0 (gfloat, 3 * height * width);

  for (gint i = 0; i < 3 * height * FACTOR * row; i++)
    small[i / row / FACTOR * width + i % row / FACTOR] +=
        image[i] / (FACTOR * FACTOR);
  convolve (ENCODE, small, 3, 2 * LATENT, height, width, moments);
}

/* out += @vector [@n] times a matrix [@n, 4]. */
static void
add_product (
    Constant constant, const gfloat *vector, gint n, gfloat scale, gdouble *out)
{
  g_autofree gfloat *matrix = make_values (constant, (gsize)n * LATENT, scale);

  for (gint i = 0; i < n * LATENT; i++)
    out[i % LATENT] += (gdouble)vector[i / LATENT] * matrix[i];
}

void
tiny_onnx_denoise (const TinyOnnx *tiny,
                   const gfloat *x,
                   gint height,
                   gint width,
                   gfloat time,
                   const gfloat *context,
                   gint tokens,
                   const gfloat *pooled,
                   const gfloat *sizes,
                   gfloat *out)
{
  const gint n = context_width (tiny);
  g_autofree gfloat *mean = g_new0 (gfloat, n);
  gdouble shift[LATENT] = { 0 };

  for (gint i = 0; i < tokens * n; i++)
    mean[i % n] += context[i] / (gfloat)tokens;
  add_product (CONTEXT, mean, n, 0.2f, shift);
  if (pooled != NULL)
    add_product (POOLED, pooled, PROJECTION, 0.05f, shift);
  if (sizes != NULL)
    add_product (SIZES, sizes, 6, 1e-3f, shift);
  convolve (CONV, x, tiny->in_channels, LATENT, height, width, out);
  for (gint i = 0; i < LATENT * height * width; i++)
    out[i] += (gfloat)shift[i / height / width] + time * TIME_SCALE;
}

/* ----------------------------------------------------------------- graphs -- */

static PmtTensorType
float_type (const TinyOnnx *tiny)
{
  return tiny->is_half ? PMT_TENSOR_FLOAT16 : FLOAT;
}

static void
add_values (PmtGraph *graph,
            const gchar *name,
            guint constant,
            gint rank,
            const gint64 *dims,
            gfloat scale)
{
  gsize n = 1;
  g_autofree gfloat *values = NULL;

  for (gint i = 0; i < rank; i++)
    n *= (gsize)dims[i];
  values = make_values (constant, n, scale);
  pmt_graph_add_tensor (graph, name, FLOAT, rank, dims, values);
}

static void
add_scalar (PmtGraph *graph, const gchar *name, gfloat value)
{
  pmt_graph_add_tensor (graph, name, FLOAT, 0, NULL, &value);
}

/* ONNX has the numbers 1, 10, ... for the types. */
static void
add_cast (PmtGraph *graph,
          const gchar *from,
          const gchar *to,
          PmtTensorType type)
{
  PmtNode *cast =
      pmt_graph_add_node (graph, "Cast", PMT_NAMES (from), PMT_NAMES (to));

  pmt_node_set_int (cast, "to",
                    type == PMT_TENSOR_FLOAT16 ? 10
                    : type == PMT_TENSOR_INT64 ? 7
                                               : 1);
}

/* An input, and the same in single precision as "NAME_32". */
static void
add_input (PmtGraph *graph,
           const gchar *name,
           PmtTensorType type,
           gint rank,
           const gint64 *dims)
{
  static const gchar *const params[] = { "batch_size", "a", "height", "width" };
  static const gchar *const texts[] = { "batch_size", "sequence_length", "c" };
  g_autofree gchar *wide = g_strconcat (name, "_32", NULL);

  pmt_graph_add_input (graph, name, type, rank, dims,
                       rank == 4 ? params : texts);
  add_cast (graph, name, wide, FLOAT);
}

/* @from in the type that the network gives. */
static void
add_output (PmtGraph *graph,
            const gchar *from,
            const gchar *name,
            gboolean is_half,
            gint rank,
            const gint64 *dims)
{
  static const gchar *const params[] = { "batch_size", "a", "h", "w" };
  const PmtTensorType type = is_half ? PMT_TENSOR_FLOAT16 : FLOAT;

  add_cast (graph, from, name, type);
  pmt_graph_add_output (graph, name, type, rank, dims, params);
}

/* @type: of @from and @to */
static void
add_conv (PmtGraph *graph,
          PmtTensorType type,
          Constant constant,
          const gchar *from,
          gint n_in,
          gint n_out,
          const gchar *to)
{
  const gint64 dims[] = { n_out, n_in, 3, 3 };
  const gint64 pads[] = { 1, 1, 1, 1 };
  PmtNode *conv;

  add_values (graph, "kernel_32", constant, 4, dims, 0.1f);
  add_cast (graph, "kernel_32", "kernel", type);
  conv = pmt_graph_add_node (graph, "Conv", PMT_NAMES (from, "kernel"),
                             PMT_NAMES (to));
  pmt_node_set_ints (conv, "pads", pads, 4);
}

void
tiny_onnx_save (PmtGraph *graph, const gchar *folder, const gchar *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pmt_graph_to_bytes (graph, &error);
  g_autofree gchar *parent = g_build_filename (folder, part, NULL);
  g_autofree gchar *path = g_build_filename (parent, "model.onnx", NULL);

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                       (gssize)g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
}

/* State @layer from the one before. */
static void
add_layer (PmtGraph *graph, gint layer)
{
  const gint64 axis = 1;
  g_autofree gchar *before = g_strdup_printf ("state.%d", layer - 1);
  g_autofree gchar *mean = g_strdup_printf ("mean.%d", layer);
  g_autofree gchar *after = g_strdup_printf ("state.%d", layer);
  PmtNode *reduce = pmt_graph_add_node (graph, "ReduceMean", PMT_NAMES (before),
                                        PMT_NAMES (mean));

  pmt_node_set_ints (reduce, "axes", &axis, 1);
  pmt_graph_add_node (graph, "Add", PMT_NAMES (before, mean),
                      PMT_NAMES (after));
}

/* The state at the token of the highest id, which ends the prompt. */
static void
add_pooled (PmtGraph *graph, const TinyOnnx *tiny, gint which)
{
  const gint64 one[] = { 1 };
  const gint64 matrix[] = { WIDTH, PROJECTION };
  const gint64 pooled[] = { -1, WIDTH };
  const gint64 embeds[] = { -1, PROJECTION };
  PmtNode *node;

  pmt_graph_add_tensor (graph, "one", PMT_TENSOR_INT64, 1, one, one);
  node = pmt_graph_add_node (graph, "ArgMax", PMT_NAMES ("input_ids_32"),
                             PMT_NAMES ("end"));
  pmt_node_set_int (node, "axis", 1);
  pmt_node_set_int (node, "keepdims", 0);
  node = pmt_graph_add_node (graph, "Gather", PMT_NAMES ("last", "end"),
                             PMT_NAMES ("rows"));
  pmt_node_set_int (node, "axis", 1);
  pmt_graph_add_node (graph, "Squeeze", PMT_NAMES ("rows", "one"),
                      PMT_NAMES ("pooled"));
  if (which == 0)
    {
      add_output (graph, "pooled", "pooler_output", tiny->is_half, 2, pooled);
      return;
    }
  add_values (graph, "project", PROJECT, 2, matrix, 0.2f);
  pmt_graph_add_node (graph, "MatMul", PMT_NAMES ("pooled", "project"),
                      PMT_NAMES ("projected"));
  add_output (graph, "projected", "text_embeds", tiny->is_half, 2, embeds);
}

static void
write_text (const TinyOnnx *tiny, gint which, const gchar *folder)
{
  const guint shift = (guint)which * 10;
  const gint64 ids[] = { -1, -1 };
  const gint64 table[] = { (gint64)count_vocabulary (), WIDTH };
  const gint64 positions[] = { 1, TOKENS, WIDTH };
  const gint64 states[] = { -1, -1, WIDTH };
  g_autoptr (PmtGraph) graph = pmt_graph_new ("text", 17);

  add_input (graph, "input_ids", tiny->ids, 2, ids);
  add_values (graph, "table", TABLE + shift, 2, table, 1);
  add_values (graph, "positions", POSITIONS + shift, 3, positions, 0.5f);
  add_scalar (graph, "norm", NORM_SCALE);
  pmt_graph_add_node (graph, "Gather", PMT_NAMES ("table", "input_ids"),
                      PMT_NAMES ("embedded"));
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("embedded", "positions"),
                      PMT_NAMES ("state.0"));
  for (gint layer = 1; layer <= TINY_ONNX_LAYERS; layer++)
    add_layer (graph, layer);
  pmt_graph_add_node (graph, "Mul", PMT_NAMES ("state.2", "norm"),
                      PMT_NAMES ("last"));
  add_output (graph, "last", "last_hidden_state", tiny->is_half, 3, states);
  add_pooled (graph, tiny, which);
  for (gint layer = 0; tiny->is_xl && layer <= TINY_ONNX_LAYERS; layer++)
    {
      g_autofree gchar *from = g_strdup_printf ("state.%d", layer);
      g_autofree gchar *to = g_strdup_printf ("hidden_states.%d", layer);

      add_output (graph, from, to, tiny->is_half, 3, states);
    }
  tiny_onnx_save (graph, folder,
                  which == 0 ? "text_encoder" : "text_encoder_2");
}

static void
write_decoder (const TinyOnnx *tiny, const gchar *folder)
{
  const gint64 latent[] = { -1, LATENT, -1, -1 };
  const gint64 image[] = { -1, 3, -1, -1 };
  const gint64 four[] = { 4 };
  const gfloat scales[] = { 1, 1, FACTOR, FACTOR };
  g_autoptr (PmtGraph) graph = pmt_graph_new ("decoder", 17);
  PmtNode *resize;

  add_input (graph, "latent_sample", float_type (tiny), 4, latent);
  add_conv (graph, float_type (tiny), DECODE, "latent_sample", LATENT, 3,
            "conv");
  add_cast (graph, "conv", "small", FLOAT);
  pmt_graph_add_tensor (graph, "scales", FLOAT, 1, four, scales);
  resize = pmt_graph_add_node (
      graph, "Resize", PMT_NAMES ("small", "", "scales"), PMT_NAMES ("large"));
  pmt_node_set_string (resize, "mode", "nearest");
  pmt_node_set_string (resize, "nearest_mode", "floor");
  pmt_node_set_string (resize, "coordinate_transformation_mode", "asymmetric");
  add_output (graph, "large", "sample", tiny->is_half, 4, image);
  tiny_onnx_save (graph, folder, "vae_decoder");
}

static void
write_encoder (const TinyOnnx *tiny, const gchar *folder)
{
  const gint64 image[] = { -1, 3, -1, -1 };
  const gint64 latent[] = { -1, LATENT, -1, -1 };
  const gint64 moments[] = { -1, 2 * LATENT, -1, -1 };
  const gint64 block[] = { FACTOR, FACTOR };
  const gint64 split[] = { LATENT, LATENT };
  const gint64 two[] = { 2 };
  g_autoptr (PmtGraph) graph = pmt_graph_new ("encoder", 17);
  PmtNode *node;

  add_input (graph, "sample", float_type (tiny), 4, image);
  node = pmt_graph_add_node (graph, "AveragePool", PMT_NAMES ("sample_32"),
                             PMT_NAMES ("small"));
  pmt_node_set_ints (node, "kernel_shape", block, 2);
  pmt_node_set_ints (node, "strides", block, 2);
  add_conv (graph, FLOAT, ENCODE, "small", 3, 2 * LATENT, "moments");
  if (!tiny->is_drawn)
    add_output (graph, "moments", "latent_parameters", tiny->is_half, 4,
                moments);
  else
    {
      pmt_graph_add_tensor (graph, "split", PMT_TENSOR_INT64, 1, two, split);
      node = pmt_graph_add_node (graph, "Split", PMT_NAMES ("moments", "split"),
                                 PMT_NAMES ("mean", "logvar"));
      pmt_node_set_int (node, "axis", 1);
      add_output (graph, "mean", "latent_sample", tiny->is_half, 4, latent);
    }
  tiny_onnx_save (graph, folder, "vae_encoder");
}

/* Joins @product, a vector times a matrix, to "shift". */
static void
add_shift (PmtGraph *graph,
           const gchar *from,
           Constant constant,
           gint n,
           gfloat scale,
           const gchar *before,
           const gchar *after)
{
  const gint64 dims[] = { n, LATENT };
  g_autofree gchar *matrix = g_strconcat (after, ".matrix", NULL);
  g_autofree gchar *product = g_strconcat (after, ".product", NULL);

  add_values (graph, matrix, constant, 2, dims, scale);
  pmt_graph_add_node (graph, "MatMul", PMT_NAMES (from, matrix),
                      PMT_NAMES (before != NULL ? product : after));
  if (before != NULL)
    pmt_graph_add_node (graph, "Add", PMT_NAMES (before, product),
                        PMT_NAMES (after));
}

static void
add_unet_inputs (PmtGraph *graph, const TinyOnnx *tiny)
{
  const PmtTensorType type = float_type (tiny);
  const struct
  {
    const gchar *name;
    PmtTensorType type;
    gint rank;
    gint64 dims[4];
  } inputs[] = {
    { "sample", type, 4, { -1, tiny->in_channels, -1, -1 } },
    { "timestep", tiny->time, tiny->time_rank, { -1 } },
    { "encoder_hidden_states", type, 3, { -1, -1, context_width (tiny) } },
    { "text_embeds", type, 2, { -1, PROJECTION } },
    { "time_ids", type, 2, { -1, 6 } },
  };
  const guint n = tiny->is_xl ? 5 : 3;

  for (guint i = 0; i < n; i++)
    {
      const guint k = tiny->is_reversed ? n - 1 - i : i;

      add_input (graph, inputs[k].name, inputs[k].type, inputs[k].rank,
                 inputs[k].dims);
    }
}

static void
write_unet (const TinyOnnx *tiny, const gchar *folder)
{
  const gint64 out[] = { -1, LATENT, -1, -1 };
  const gint64 axis = 1;
  const gint64 last[] = { 2, 3 };
  const gint64 two[] = { 2 };
  g_autoptr (PmtGraph) graph = pmt_graph_new ("unet", 17);
  PmtNode *reduce;

  add_unet_inputs (graph, tiny);
  add_conv (graph, FLOAT, CONV, "sample_32", tiny->in_channels, LATENT,
            "convolved");
  reduce = pmt_graph_add_node (graph, "ReduceMean",
                               PMT_NAMES ("encoder_hidden_states_32"),
                               PMT_NAMES ("mean"));
  pmt_node_set_ints (reduce, "axes", &axis, 1);
  pmt_node_set_int (reduce, "keepdims", 0);
  add_shift (graph, "mean", CONTEXT, context_width (tiny), 0.2f, NULL,
             "shift.0");
  if (tiny->is_xl)
    {
      add_shift (graph, "text_embeds_32", POOLED, PROJECTION, 0.05f, "shift.0",
                 "shift.1");
      add_shift (graph, "time_ids_32", SIZES, 6, 1e-3f, "shift.1", "shift.2");
    }
  pmt_graph_add_tensor (graph, "last", PMT_TENSOR_INT64, 1, two, last);
  pmt_graph_add_node (graph, "Unsqueeze",
                      PMT_NAMES (tiny->is_xl ? "shift.2" : "shift.0", "last"),
                      PMT_NAMES ("shift"));
  add_scalar (graph, "time_scale", TIME_SCALE);
  pmt_graph_add_node (graph, "Mul", PMT_NAMES ("timestep_32", "time_scale"),
                      PMT_NAMES ("time"));
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("convolved", "shift"),
                      PMT_NAMES ("shifted"));
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("shifted", "time"),
                      PMT_NAMES ("timed"));
  add_output (graph, "timed", "out_sample", tiny->is_half, 4, out);
  tiny_onnx_save (graph, folder, "unet");
}

/* ------------------------------------------------------------------ files -- */

static void G_GNUC_PRINTF (3, 4) write_file (const gchar *folder,
                                             const gchar *name,
                                             const gchar *format,
                                             ...)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  g_autofree gchar *parent = g_path_get_dirname (path);
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
write_tokenizer (const gchar *folder, const gchar *part, const gchar *pad)
{
  g_autofree gchar *place = g_build_filename (folder, part, NULL);
  g_autoptr (GString) vocab = g_string_new (NULL);
  g_autoptr (GString) merges = g_string_new (NULL);

  tiny_vocab_print (vocab, merges);
  write_file (place, "vocab.json", "%s", vocab->str);
  write_file (place, "merges.txt", "%s", merges->str);
  write_file (place, "special_tokens_map.json", "{\"pad_token\": \"%s\"}", pad);
}

/* With the keys that are null in the files that people have. */
static void
write_configs (const TinyOnnx *tiny, const gchar *folder)
{
  const gint vector = PROJECTION + 6 * TINY_ONNX_TIME_WIDTH;
  g_autofree gchar *widths =
      tiny->is_xl
          ? g_strdup_printf ("\"addition_embed_type\": \"text_time\", "
                             "\"addition_time_embed_dim\": %d, "
                             "\"projection_class_embeddings_input_dim\": %d",
                             TINY_ONNX_TIME_WIDTH, vector)
          : g_strdup ("\"addition_embed_type\": null, "
                      "\"addition_time_embed_dim\": null, "
                      "\"projection_class_embeddings_input_dim\": "
                      "null");

  write_file (folder, "unet/config.json",
              "{\"_class_name\": \"UNet2DConditionModel\", "
              "\"in_channels\": %d, \"out_channels\": 4, "
              "\"block_out_channels\": [32, 64], \"layers_per_block\": 2, "
              "\"attention_head_dim\": 8, \"num_attention_heads\": null, "
              "\"norm_num_groups\": 32, \"time_cond_proj_dim\": %s, "
              "\"transformer_layers_per_block\": 1, "
              "\"cross_attention_dim\": %d, \"use_linear_projection\": %s, "
              "\"down_block_types\": [\"CrossAttnDownBlock2D\", "
              "\"DownBlock2D\"], %s}",
              tiny->in_channels, tiny->has_guidance ? "256" : "null",
              context_width (tiny),
              tiny->is_xl || tiny->is_v2 ? "true" : "false", widths);
  for (gint i = 0; i < 2; i++)
    write_file (folder,
                i == 0 ? "vae_decoder/config.json" : "vae_encoder/config.json",
                "{\"_class_name\": \"AutoencoderKL\", "
                "\"scaling_factor\": %g, \"latent_channels\": 4, "
                "\"block_out_channels\": [32, 64, 64, 64], "
                "\"latents_mean\": null, \"latents_std\": null, "
                "\"shift_factor\": null, \"norm_num_groups\": 32}",
                TINY_ONNX_SCALING);
  write_file (folder, "scheduler/scheduler_config.json",
              "{\"_class_name\": \"PNDMScheduler\", "
              "\"beta_schedule\": \"scaled_linear\", "
              "\"beta_start\": 0.00085, \"beta_end\": 0.012, "
              "\"num_train_timesteps\": 1000, "
              "\"prediction_type\": \"%s\"}",
              tiny->is_v2 ? "v_prediction" : "epsilon");
}

void
tiny_onnx_write (const TinyOnnx *tiny, const gchar *folder)
{
  static const gchar *const texts[] = { "text_encoder/config.json",
                                        "text_encoder_2/config.json" };

  write_file (folder, "model_index.json",
              "{\"_class_name\": \"ORT%sPipeline\"}",
              tiny->is_xl ? "StableDiffusionXL" : "StableDiffusion");
  write_configs (tiny, folder);
  write_unet (tiny, folder);
  write_decoder (tiny, folder);
  write_encoder (tiny, folder);
  for (gint i = 0; i < (tiny->is_xl ? 2 : 1); i++)
    {
      write_text (tiny, i, folder);
      write_file (folder, texts[i],
                  "{\"hidden_size\": %d, \"num_hidden_layers\": %d, "
                  "\"num_attention_heads\": 2, \"intermediate_size\": 32, "
                  "\"vocab_size\": %u, \"max_position_embeddings\": 77, "
                  "\"projection_dim\": %d, \"hidden_act\": \"%s\"}",
                  WIDTH, TINY_ONNX_LAYERS, (guint)count_vocabulary (),
                  PROJECTION, i == 0 && !tiny->is_v2 ? "quick_gelu" : "gelu");
    }
  write_tokenizer (folder, "tokenizer", tiny->is_v2 ? "!" : "<|endoftext|>");
  if (tiny->is_xl)
    write_tokenizer (folder, "tokenizer_2", "!");
}

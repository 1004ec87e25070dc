/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-graph.c: graphs for ComfyUI, its events, names of servers. */
#include "config.h"

#include <string.h>

#include "remote/comfyui-events.h"
#include "remote/comfyui-graph.h"
#include "remote/server-names.h"

static const gchar info_text[] =
    "{\"CheckpointLoaderSimple\": {\"input\": {\"required\": {\"ckpt_name\": "
    "[[\"a.safetensors\", \"b-inpainting.safetensors\"]]}}},"
    "\"CLIPTextEncode\": {}, \"CLIPSetLastLayer\": {}, \"LoadImage\": {},"
    "\"LoadImageMask\": {}, \"VAEEncode\": {}, \"VAEDecode\": {},"
    "\"SaveImage\": {}, \"SetLatentNoiseMask\": {}, \"EmptyLatentImage\": {},"
    "\"VAEEncodeForInpaint\": {}, \"InpaintModelConditioning\": {},"
    "\"LoraLoader\": {\"input\": {\"required\": {\"lora_name\": [\"COMBO\", "
    "{\"options\": [\"film.safetensors\"]}]}}},"
    "\"KSampler\": {\"input\": {\"required\": {\"sampler_name\": [[\"euler\", "
    "\"euler_ancestral\"]], \"scheduler\": [[\"normal\", \"karras\"]]}}}}";

/* Returns: (transfer full) (nullable): the graph of a request. */
static cJSON *
graph_new (PmtOperation operation,
           const gchar *checkpoint,
           gdouble strength,
           guint n,
           GError **error)
{
  static const PmtProvider provider = { .type = "comfyui" };
  PmtAccount account = { .id = (gchar *)"x",
                         .label = (gchar *)"ComfyUI",
                         .provider = &provider };
  PmtRemoteCall call = { .account = &account, .fault = PMT_FAULT_INIT };
  g_autoptr (PmtModel) model = pmt_model_new ();
  g_autoptr (PmtParams) params = pmt_params_new ();
  g_autoptr (PmtComfyInfo) info = pmt_comfy_info_new ();
  g_autoptr (cJSON) json = cJSON_Parse (info_text);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_auto (PmtServerSettings) settings = PMT_SERVER_SETTINGS_INIT;
  PmtRemoteTask task = { .model = model,
                         .model_name = "",
                         .operation = operation,
                         .params = params,
                         .seed = 7,
                         .n_images = n,
                         .width = 64,
                         .height = 64 };
  cJSON *graph;

  pmt_comfy_info_add (info, json);
  pmt_params_set_string (params, "checkpoint", checkpoint);
  pmt_params_set_number (params, "strength", strength);
  pmt_params_set_string (params, "lora", "film:0.5");
  pmt_params_set_int (params, "clip-skip", 2);
  if (operation != PMT_OPERATION_GENERATE)
    task.image = bytes;
  if (operation == PMT_OPERATION_FILL)
    task.mask = bytes;
  g_assert_true (pmt_server_settings_init (&settings, &call, &task, error));
  graph = pmt_comfy_graph_new (&call, info, &task, &settings, error);
  pmt_fault_clear (&call.fault);
  return graph;
}

static guint
count (const cJSON *graph, const gchar *name)
{
  const cJSON *node;
  guint n = 0;

  cJSON_ArrayForEach (node, graph)
  {
    if (g_strcmp0 (pmt_json_get_text (node, "class_type"), name) == 0)
      n++;
  }
  return n;
}

static void
test_generate (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) graph =
      graph_new (PMT_OPERATION_GENERATE, "A", 1.0, 3, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (count (graph, "KSampler"), ==, 3);
  g_assert_cmpuint (count (graph, "SaveImage"), ==, 3);
  g_assert_cmpuint (count (graph, "CheckpointLoaderSimple"), ==, 1);
  g_assert_cmpuint (count (graph, "LoraLoader"), ==, 1);
  g_assert_cmpuint (count (graph, "CLIPSetLastLayer"), ==, 1);
  g_assert_cmpuint (count (graph, "EmptyLatentImage"), ==, 1);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree gchar *place = g_strdup_printf ("%u.inputs.seed", 100 + i);

      g_assert_cmpfloat (pmt_json_get_number (graph, place, -1.0), ==, 7.0 + i);
    }
}

static void
test_masks (void)
{
  static const struct
  {
    const gchar *checkpoint;
    gdouble strength;
    const gchar *node;
  } cases[] = {
    { "b-inpainting", 0.7, "InpaintModelConditioning" },
    { "a", 0.7, "SetLatentNoiseMask" },
    { "a", 1.0, "VAEEncodeForInpaint" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (cJSON) graph =
          graph_new (PMT_OPERATION_FILL, cases[i].checkpoint, cases[i].strength,
                     1, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (count (graph, cases[i].node), ==, 1);
      pmt_comfy_graph_set_image (graph, "p/i.png");
      pmt_comfy_graph_set_mask (graph, "p/m.png");
      g_assert_cmpstr (pmt_json_get_text (graph, "6.inputs.image"), ==,
                       "p/i.png");
      g_assert_cmpstr (pmt_json_get_text (graph, "7.inputs.image"), ==,
                       "p/m.png");
    }
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) graph =
      graph_new (PMT_OPERATION_GENERATE, "gone", 1.0, 1, &error);

  g_assert_null (graph);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "gone"));
}

static void
test_names (void)
{
  static const gchar *const samplers[] = { "DPM++ 2S a", "euler_ancestral",
                                           "dpm++2m", "DDIM", NULL };
  static const gchar *const files[] = { "x/SD_1.safetensors [abc]", "sd_2.ckpt",
                                        NULL };

  g_assert_cmpstr (pmt_server_names_match ("dpmpp-2s-a", samplers), ==,
                   "DPM++ 2S a");
  g_assert_cmpstr (pmt_server_names_match ("euler-a", samplers), ==,
                   "euler_ancestral");
  g_assert_cmpstr (pmt_server_names_match ("dpmpp-2m", samplers), ==,
                   "dpm++2m");
  g_assert_null (pmt_server_names_match ("euler", samplers));
  g_assert_cmpstr (pmt_server_names_match_file ("sd_1", files), ==, files[0]);
  g_assert_cmpstr (pmt_server_names_match_file ("SD_2.ckpt", files), ==,
                   files[1]);
  g_assert_null (pmt_server_names_match_file ("sd", files));
}

static gboolean
take (PmtComfyEvents *events, const gchar *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return pmt_comfy_events_take (events, bytes, FALSE);
}

static void
test_events (void)
{
  static const guint8 metadata[] = { 0, 0, 0, 4, 255, 255, 255, 255, 1 };
  g_auto (PmtComfyEvents) events = PMT_COMFY_EVENTS_INIT;
  g_autoptr (GBytes) huge = g_bytes_new_static (metadata, sizeof metadata);

  events.prompt_id = "p";
  events.n_pictures = 2;
  g_assert_false (take (&events, "no JSON"));
  g_assert_false (take (&events, "{\"type\": 1}"));
  g_assert_false (pmt_comfy_events_take (&events, huge, TRUE));
  g_assert_true (take (&events, "{\"type\":\"progress\",\"data\":{\"value\":1,"
                                "\"max\":2,\"node\":\"100\"}}"));
  g_assert_cmpfloat (events.fraction, ==, 0.25);
  g_assert_true (take (&events, "{\"type\":\"progress\",\"data\":{\"value\":1,"
                                "\"max\":2,\"node\":\"101\"}}"));
  g_assert_cmpfloat (events.fraction, ==, 0.75);
  take (&events, "{\"type\":\"execution_success\",\"data\":{\"prompt_id\":"
                 "\"q\"}}");
  g_assert_false (events.is_over);
  take (&events, "{\"type\":\"execution_success\",\"data\":{\"prompt_id\":"
                 "\"p\"}}");
  g_assert_true (events.is_over);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remote-graph/generate", test_generate);
  g_test_add_func ("/remote-graph/masks", test_masks);
  g_test_add_func ("/remote-graph/missing", test_missing);
  g_test_add_func ("/remote-graph/names", test_names);
  g_test_add_func ("/remote-graph/events", test_events);
  return g_test_run ();
}

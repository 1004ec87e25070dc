/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider.c: which providers there are, and how each is switched on. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "onnx/provider-plugin.h"
#include "onnx/provider-private.h"
#include "onnx/status.h"

/* Providers that take their settings as pairs of texts; without any, each
 * uses its first device. */
static OrtStatus *
append_by_key (const PmtProvider *provider,
               const PmtRuntime *runtime,
               OrtSessionOptions *options)
{
  return runtime->api->SessionOptionsAppendExecutionProvider (
      options, provider->key, NULL, NULL, 0);
}

/* Its memory is planned by itself, and it refuses otherwise. */
static OrtStatus *
append_directml (const PmtProvider *provider,
                 const PmtRuntime *runtime,
                 OrtSessionOptions *options)
{
  OrtStatus *status = runtime->api->DisableMemPattern (options);

  if (status == NULL)
    status = append_by_key (provider, runtime, options);
  return status;
}

static OrtStatus *
append_cuda (const PmtProvider *provider,
             const PmtRuntime *runtime,
             OrtSessionOptions *options)
{
  const OrtApi *api = runtime->api;
  OrtCUDAProviderOptionsV2 *cuda = NULL;
  OrtStatus *status = api->CreateCUDAProviderOptions (&cuda);

  if (status == NULL)
    status = api->SessionOptionsAppendExecutionProvider_CUDA_V2 (options, cuda);
  if (cuda != NULL)
    api->ReleaseCUDAProviderOptions (cuda);
  return status;
}

static OrtStatus *
append_dnnl (const PmtProvider *provider,
             const PmtRuntime *runtime,
             OrtSessionOptions *options)
{
  const OrtApi *api = runtime->api;
  OrtDnnlProviderOptions *dnnl = NULL;
  OrtStatus *status = api->CreateDnnlProviderOptions (&dnnl);

  if (status == NULL)
    status = api->SessionOptionsAppendExecutionProvider_Dnnl (options, dnnl);
  if (dnnl != NULL)
    api->ReleaseDnnlProviderOptions (dnnl);
  return status;
}

static OrtStatus *
append_migraphx (const PmtProvider *provider,
                 const PmtRuntime *runtime,
                 OrtSessionOptions *options)
{
  /* Newer libraries read fields that the structure gained: zeros. */
  union
  {
    OrtMIGraphXProviderOptions fields;
    guint8 bytes[256];
  } migraphx;

  memset (&migraphx, 0, sizeof migraphx);
#if ORT_API_VERSION >= 23
  migraphx.fields.migraphx_mem_limit = SIZE_MAX;
#endif
  return runtime->api->SessionOptionsAppendExecutionProvider_MIGraphX (
      options, &migraphx.fields);
}

/* In the order in which "auto" tries them.  The last two run on the CPU as
 * well and are not faster than ONNX Runtime itself: only by name. */
static const PmtProvider providers[] = {
  { "cuda", "CUDA", "CUDAExecutionProvider", NULL, TRUE, append_cuda },
  { "migraphx", "MIGraphX", "MIGraphXExecutionProvider", NULL, TRUE,
    append_migraphx },
  { "directml", "DirectML", "DmlExecutionProvider", "DML", TRUE,
    append_directml },
  { "coreml", "Core ML", "CoreMLExecutionProvider", "CoreML", TRUE,
    append_by_key },
  { "openvino", "OpenVINO", "OpenVINOExecutionProvider", "OpenVINO", TRUE,
    append_by_key },
  { "webgpu", "WebGPU", "WebGpuExecutionProvider", "WebGPU", TRUE,
    append_by_key },
  { "dnnl", "oneDNN", "DnnlExecutionProvider", NULL, FALSE, append_dnnl },
  { "xnnpack", "XNNPACK", "XnnpackExecutionProvider", "XNNPACK", FALSE,
    append_by_key },
};

/* An interned text. */
static gpointer default_name;

void
pmt_provider_set_default (const gchar *name)
{
  g_atomic_pointer_set (
      &default_name, (gpointer)g_intern_string (name != NULL ? name : "cpu"));
}

const gchar *
pmt_provider_get_default (void)
{
  const gchar *name = g_atomic_pointer_get (&default_name);

  return name != NULL ? name : "cpu";
}

/* The ids that the library was built with. */
static GHashTable *
list_ids (const PmtRuntime *runtime)
{
  const OrtApi *api = runtime->api;
  GHashTable *ids =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gchar **names = NULL;
  int n = 0;

  if (!pmt_status_check (api, api->GetAvailableProviders (&names, &n),
                         "providers", NULL))
    return ids;
  for (int i = 0; i < n; i++)
    g_hash_table_add (ids, g_strdup (names[i]));
  pmt_status_check (api, api->ReleaseAvailableProviders (names, n), "providers",
                    NULL);
  return ids;
}

gchar **
pmt_provider_list (GError **error)
{
  const PmtRuntime *runtime = pmt_runtime_get (error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GHashTable) ids = NULL;

  if (runtime == NULL)
    return NULL;
  ids = list_ids (runtime);
  g_strv_builder_add (names, "cpu");
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    if (g_hash_table_contains (ids, providers[i].id))
      g_strv_builder_add (names, providers[i].name);
  pmt_provider_plugin_list (names);
  return g_strv_builder_end (names);
}

static const PmtProvider *
find_named (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    if (g_str_equal (providers[i].name, name))
      return &providers[i];
  return NULL;
}

const gchar *
pmt_provider_label (const gchar *name)
{
  const PmtProvider *provider = find_named (name);

  if (g_str_equal (name, "cpu"))
    return _ ("CPU");
  return provider != NULL ? provider->label : name;
}

static gchar *
explain_absence (const PmtRuntime *runtime, const gchar *name)
{
  const PmtProvider *provider = find_named (name);

  if (provider == NULL)
    return g_strdup_printf (
        _ ("There is no provider “%s” for networks; the CPU is used."), name);
  return g_strdup_printf (
      _ ("The ONNX Runtime %s on this system was built without %s; the CPU "
         "is used."),
      runtime->version, provider->label);
}

GPtrArray *
pmt_provider_candidates (const PmtRuntime *runtime,
                         const gchar *name,
                         gchar **reason)
{
  GPtrArray *found = g_ptr_array_new ();
  g_autoptr (GHashTable) ids = list_ids (runtime);
  gboolean is_auto = g_str_equal (name, "auto");

  pmt_provider_plugin_find (found, is_auto ? NULL : name);
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    if (g_hash_table_contains (ids, providers[i].id)
        && (is_auto ? providers[i].is_automatic
                    : g_str_equal (providers[i].name, name)))
      g_ptr_array_add (found, (gpointer)&providers[i]);
  if (found->len == 0 && !is_auto)
    *reason = explain_absence (runtime, name);
  return found;
}

gboolean
pmt_provider_add_library (const gchar *name, const gchar *path, GError **error)
{
  const PmtRuntime *runtime = pmt_runtime_get (error);

  if (runtime == NULL)
    return FALSE;
  if (find_named (name) == NULL && !g_str_equal (name, "cpu")
      && !g_str_equal (name, "auto"))
    return pmt_provider_plugin_add (runtime, name, path, error);
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("A provider library can't have the name “%s”, which ONNX "
                  "Runtime has itself."),
               name);
  return FALSE;
}

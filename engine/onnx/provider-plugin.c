/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-plugin.c: providers in libraries of their own, which ONNX Runtime
 * takes since 1.22. */
#include "config.h"

#include "onnx/provider-plugin.h"

#include <glib/gi18n-lib.h>

#include "onnx/status.h"

/* As the library itself, its providers are there once in a process. */
static GMutex mutex;
static GPtrArray *plugins; /* of PmtProvider; never freed */

static const PmtProvider *
find (const gchar *name)
{
  for (guint i = 0; plugins != NULL && i < plugins->len; i++)
    {
      const PmtProvider *provider = plugins->pdata[i];

      if (g_str_equal (provider->name, name))
        return provider;
    }
  return NULL;
}

void
pmt_provider_plugin_list (GStrvBuilder *names)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  for (guint i = 0; plugins != NULL && i < plugins->len; i++)
    g_strv_builder_add (names, ((PmtProvider *)plugins->pdata[i])->name);
}

void
pmt_provider_plugin_find (GPtrArray *found, const gchar *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  for (guint i = 0; plugins != NULL && i < plugins->len; i++)
    {
      PmtProvider *provider = plugins->pdata[i];

      if (name == NULL || g_str_equal (provider->name, name))
        g_ptr_array_add (found, provider);
    }
}

#if ORT_API_VERSION >= 22

#define FIRST_API 22

/* The first device of the provider: that is the order in which the library
 * offers them. */
static OrtStatus *
append_device (const PmtProvider *provider,
               const PmtRuntime *runtime,
               OrtSessionOptions *options)
{
  const OrtApi *api = runtime->api;
  const OrtEpDevice *const *devices;
  size_t n = 0;
  OrtStatus *status = api->GetEpDevices (runtime->env, &devices, &n);

  for (gsize i = 0; status == NULL && i < n; i++)
    if (g_strcmp0 (api->EpDevice_EpName (devices[i]), provider->id) == 0)
      return api->SessionOptionsAppendExecutionProvider_V2 (
          options, runtime->env, &devices[i], 1, NULL, NULL, 0);
  if (status == NULL)
    status = api->CreateStatus (ORT_EP_FAIL, "the provider has no device");
  return status;
}

/* The name of the last device: those of a new library come last. */
static const gchar *
find_new_device (const PmtRuntime *runtime, gsize n_before)
{
  const OrtEpDevice *const *devices;
  size_t n = 0;

  if (!pmt_status_check (
          runtime->api, runtime->api->GetEpDevices (runtime->env, &devices, &n),
          "providers", NULL)
      || n <= n_before)
    return NULL;
  return runtime->api->EpDevice_EpName (devices[n - 1]);
}

static gsize
count_devices (const PmtRuntime *runtime)
{
  const OrtEpDevice *const *devices;
  size_t n = 0;

  pmt_status_check (runtime->api,
                    runtime->api->GetEpDevices (runtime->env, &devices, &n),
                    "providers", NULL);
  return n;
}

static gboolean
register_library (const PmtRuntime *runtime,
                  const gchar *name,
                  const gchar *path)
{
#ifdef G_OS_WIN32
  g_autofree gunichar2 *native = g_utf8_to_utf16 (path, -1, NULL, NULL, NULL);

  if (native == NULL)
    return FALSE;
#else
  const gchar *native = path;
#endif
  return pmt_status_check (runtime->api,
                           runtime->api->RegisterExecutionProviderLibrary (
                               runtime->env, name, (const ORTCHAR_T *)native),
                           name, NULL);
}

static gboolean
add (const PmtRuntime *runtime,
     const gchar *name,
     const gchar *path,
     GError **error)
{
  gsize n_before = count_devices (runtime);
  const gchar *id;
  PmtProvider *provider;

  if (!register_library (runtime, name, path))
    {
      g_autofree gchar *shown = g_filename_display_name (path);

      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The provider library “%s” can't be loaded by ONNX "
                      "Runtime %s."),
                   shown, runtime->version);
      return FALSE;
    }
  id = find_new_device (runtime, n_before);
  if (id == NULL)
    {
      pmt_status_check (
          runtime->api,
          runtime->api->UnregisterExecutionProviderLibrary (runtime->env, name),
          name, NULL);
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("The provider “%s” finds no device on this system."),
                   name);
      return FALSE;
    }
  provider = g_new0 (PmtProvider, 1);
  provider->name = g_strdup (name);
  provider->label = provider->name;
  provider->id = g_strdup (id);
  provider->is_automatic = TRUE;
  provider->append = append_device;
  if (plugins == NULL)
    plugins = g_ptr_array_new ();
  g_ptr_array_add (plugins, provider);
  return TRUE;
}

#else

#define FIRST_API G_MAXUINT

static gboolean
add (const PmtRuntime *runtime,
     const gchar *name,
     const gchar *path,
     GError **error)
{
  g_assert_not_reached ();
}

#endif

gboolean
pmt_provider_plugin_add (const PmtRuntime *runtime,
                         const gchar *name,
                         const gchar *path,
                         GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (runtime->api_version < FIRST_API)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("Provider libraries need ONNX Runtime 1.22 or later, "
                      "and a Pentimento built for it; this system has %s."),
                   runtime->version);
      return FALSE;
    }
  if (find (name) == NULL)
    return add (runtime, name, path, error);
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("There is a provider library with the name “%s” already."),
               name);
  return FALSE;
}

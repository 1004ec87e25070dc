/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* runtime.c: ONNX Runtime, loaded when it is first needed. */
#include "config.h"

#include "onnx/runtime.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>

#include "onnx/graph.h"
#include "onnx/onnxruntime-name.h"
#include "onnx/quiet.h"
#include "onnx/status.h"
#include "pentimento.h"

typedef const OrtApiBase *(*GetApiBaseFunc) (void);

/* For the release functions, which are called while the first session is
 * made too. */
static const OrtApi *loaded_api;

/* Debian's library is named with its minor version: one of these is there
 * after an update, too. */
#define OLDEST_NAMED_MINOR 17
#define NEWEST_NAMED_MINOR 49

static GModule *
open_named (const gchar *name)
{
  GModule *module =
      g_module_open (name, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  if (module != NULL)
    g_debug ("ONNX Runtime: loaded %s", name);
  return module;
}

static GModule *
open_module (void)
{
  static const gchar *const names[] = {
#ifdef PMT_ONNXRUNTIME_SONAME
    PMT_ONNXRUNTIME_SONAME,
#endif
#ifdef PMT_ONNXRUNTIME_PATH
    PMT_ONNXRUNTIME_PATH,
#endif
#if defined G_OS_WIN32
    "onnxruntime.dll",
#elif defined __APPLE__
    "libonnxruntime.1.dylib",
    "libonnxruntime.dylib",
#else
    "libonnxruntime.so.1",
    "libonnxruntime.so",
#endif
  };
  GModule *module = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names) && module == NULL; i++)
    module = open_named (names[i]);
  for (guint i = NEWEST_NAMED_MINOR; i >= OLDEST_NAMED_MINOR && module == NULL;
       i--)
    {
      g_autofree gchar *name = g_strdup_printf ("libonnxruntime.so.1.%u", i);

      module = open_named (name);
    }
  return module;
}

guint
pmt_runtime_minor (const gchar *text)
{
  guint64 minor = 0;
  g_auto (GStrv) parts = g_strsplit (text, ".", 3);

  if (g_strv_length (parts) < 2 || g_strcmp0 (parts[0], "1") != 0
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXINT16, &minor,
                                      NULL))
    return 0;
  return (guint)minor;
}

/* A version that the library lacks makes it print: it is asked only for one
 * that it has. */
static gboolean
find_api (PmtRuntime *runtime, const OrtApiBase *base, GError **error)
{
  guint minor;

  runtime->version = g_strdup (base->GetVersionString ());
  minor = pmt_runtime_minor (runtime->version);
  if (minor >= PMT_RUNTIME_MIN_API)
    {
      runtime->api_version = MIN (minor, ORT_API_VERSION);
      runtime->api = base->GetApi (runtime->api_version);
    }
  if (runtime->api != NULL)
    {
      g_atomic_pointer_set (&loaded_api, runtime->api);
      return TRUE;
    }
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("ONNX Runtime %s is installed, but version 1.%d or a later "
                  "1.x is needed to run networks. Update it."),
               runtime->version, PMT_RUNTIME_MIN_API);
  return FALSE;
}

static void ORT_API_CALL
log_to_debug (void *data,
              OrtLoggingLevel severity,
              const char *category,
              const char *id,
              const char *place,
              const char *message)
{
  g_debug ("ONNX Runtime: %s: %s", place, message);
}

/* y = x, an input and an output of one number. */
static GBytes *
make_tiny_network (void)
{
  g_autoptr (PmtGraph) graph = pmt_graph_new ("start", 13);
  const gint64 one = 1;

  pmt_graph_add_input (graph, "x", PMT_TENSOR_FLOAT32, 1, &one, NULL);
  pmt_graph_add_output (graph, "y", PMT_TENSOR_FLOAT32, 1, &one, NULL);
  pmt_graph_add_node (graph, "Identity", PMT_NAMES ("x"), PMT_NAMES ("y"));
  return pmt_graph_to_bytes (graph, NULL);
}

typedef struct
{
  PmtRuntime *runtime;
  GError *error;
} Start;

/* Debian's library and the libonnx that it links both register the standard
 * operators.  The second one to do so, on the first look at an operator while
 * a session is made, prints a "Schema error" for each of them.  It happens
 * once in a process: so it is brought about here, and kept from the user. */
static void
register_operators (const PmtRuntime *runtime)
{
  const OrtApi *api = runtime->api;
  g_autoptr (OrtSessionOptions) options = NULL;
  g_autoptr (OrtSession) session = NULL;
  g_autoptr (GBytes) tiny = make_tiny_network ();
  g_autoptr (GError) error = NULL;

  if (!pmt_status_check (api, api->CreateSessionOptions (&options), "start",
                         &error)
      || !pmt_status_check (api, api->SetIntraOpNumThreads (options, 1),
                            "start", &error)
      || !pmt_status_check (api,
                            api->CreateSessionFromArray (
                                runtime->env, g_bytes_get_data (tiny, NULL),
                                g_bytes_get_size (tiny), options, &session),
                            "start", &error))
    g_debug ("ONNX Runtime: the first session failed: %s", error->message);
}

static gboolean
create_environment (PmtRuntime *runtime, GError **error)
{
  const OrtApi *api = runtime->api;

  return pmt_status_check (api,
                           api->CreateEnvWithCustomLogger (
                               log_to_debug, NULL, ORT_LOGGING_LEVEL_WARNING,
                               "pentimento", &runtime->env),
                           "start", error)
         && pmt_status_check (api,
                              api->CreateCpuMemoryInfo (OrtArenaAllocator,
                                                        OrtMemTypeDefault,
                                                        &runtime->memory_info),
                              "start", error);
}

static gboolean
start (PmtRuntime *runtime, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (!create_environment (runtime, &local))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("ONNX Runtime %s can't start: %s"), runtime->version,
                   local->message);
      return FALSE;
    }
  /* Where that is done at all; a build for Windows may send reports. */
  pmt_status_check (runtime->api,
                    runtime->api->DisableTelemetryEvents (runtime->env),
                    "start", NULL);
  register_operators (runtime);
  return TRUE;
}

/* Opens the library and finds its functions. */
static gboolean
find_library (PmtRuntime *runtime, GError **error)
{
  GModule *module = open_module ();
  gpointer symbol = NULL;

  if (module == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("Networks need ONNX Runtime, which was not found on "
                      "this system (%s). Install it (package libonnxruntime "
                      "or onnxruntime)."),
                   g_module_error ());
      return FALSE;
    }
  if (!g_module_symbol (module, "OrtGetApiBase", &symbol))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("The library “%s” is not ONNX Runtime. Install ONNX "
                      "Runtime again."),
                   g_module_name (module));
      g_module_close (module);
      return FALSE;
    }
  g_module_make_resident (module);
  return find_api (runtime, ((GetApiBaseFunc)symbol) (), error);
}

static void
load_quietly (gpointer data)
{
  Start *s = data;

  if (find_library (s->runtime, &s->error))
    start (s->runtime, &s->error);
}

static PmtRuntime *
load (GError **error)
{
  /* The second one comes from its parts that look at the processor, where the
   * system does not show it. */
  static const gchar *const dropped[] = { "Schema error: ",
                                          "Error in cpuinfo: ", NULL };
  PmtRuntime *runtime = g_new0 (PmtRuntime, 1);
  Start s = { runtime, NULL };
  guint n_dropped = pmt_quiet_run (dropped, load_quietly, &s);

  g_debug ("ONNX Runtime %s, API %u, %u lines dropped",
           runtime->version != NULL ? runtime->version : "missing",
           runtime->api_version, n_dropped);
  if (s.error == NULL)
    return runtime;
  g_propagate_error (error, s.error);
  g_free (runtime->version);
  g_free (runtime);
  return NULL;
}

const PmtRuntime *
pmt_runtime_get (GError **error)
{
  static GMutex mutex;
  static PmtRuntime *runtime;
  static GError *failure;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (runtime == NULL && failure == NULL)
    runtime = load (&failure);
  if (runtime == NULL && error != NULL)
    *error = g_error_copy (failure);
  return runtime;
}

static const OrtApi *
get_api (void)
{
  return g_atomic_pointer_get (&loaded_api);
}

void
pmt_ort_free_session (OrtSession *session)
{
  get_api ()->ReleaseSession (session);
}

void
pmt_ort_free_session_options (OrtSessionOptions *options)
{
  get_api ()->ReleaseSessionOptions (options);
}

void
pmt_ort_free_run_options (OrtRunOptions *options)
{
  get_api ()->ReleaseRunOptions (options);
}

void
pmt_ort_free_value (OrtValue *value)
{
  get_api ()->ReleaseValue (value);
}

void
pmt_ort_free_type_info (OrtTypeInfo *info)
{
  get_api ()->ReleaseTypeInfo (info);
}

void
pmt_ort_free_tensor_info (OrtTensorTypeAndShapeInfo *info)
{
  get_api ()->ReleaseTensorTypeAndShapeInfo (info);
}

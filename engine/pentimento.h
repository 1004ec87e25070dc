/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * pentimento.h: the public interface of libpentimento, the image engine
 * that any editor can embed.  This is the only installed header.
 *
 * Conventions that hold everywhere
 * --------------------------------
 * Coordinates  Canvas pixels, y down.  The buffers of a request and of a
 *              result lie where their extent says (gegl_buffer_get_extent());
 *              an extent may start at negative coordinates.
 * Pixels       Any babl format.  Results have the format (model, precision,
 *              space) of the source unless a function says otherwise.
 * Masks        Any one-component babl format, read as "Y float" linear
 *              coverage: 0 outside, 1 fully selected, soft values allowed.
 *              Outside a mask's extent the coverage is 0.
 * Errors       Domain PMT_ERROR, or G_IO_ERROR with G_IO_ERROR_CANCELLED for
 *              a cancelled run.  A message is one or two sentences for the
 *              user.  Out-parameters are untouched on failure.
 * Threads      A PmtEngine may be used from any thread, several at once.
 *              A PmtRequest, PmtParams or PmtResult belongs to one thread at
 *              a time.  Callbacks say which thread calls them.
 * Ownership    "(transfer full)" is freed by the caller, "(transfer none)"
 *              stays with the callee and lives as long as the object asked.
 */
#pragma once

#include <gegl.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* ------------------------------------------------------------- errors -- */

#define PMT_ERROR (pmt_error_quark ())

/**
 * PmtError:
 * @PMT_ERROR_ARGUMENT: a parameter is missing, of the wrong type, out of
 *   range, or does not apply to the model
 * @PMT_ERROR_INPUT: the picture, layer or selection can't be used as it is
 *   (nothing selected, nothing to copy from, too small)
 * @PMT_ERROR_UNSUPPORTED: the model or this build can't do what was asked
 * @PMT_ERROR_MODEL: a model is unknown, not installed, or damaged
 * @PMT_ERROR_MANIFEST: a manifest can't be read
 * @PMT_ERROR_MEMORY: the work does not fit into memory
 * @PMT_ERROR_FILE: a file can't be read or written
 * @PMT_ERROR_INTERNAL: an invariant was broken: a bug in Pentimento
 * @PMT_ERROR_NETWORK: a service can't be reached, or the connection broke
 * @PMT_ERROR_TIMEOUT: a service did not answer or finish in time
 * @PMT_ERROR_CREDITS: the account has no credits left, or a limit on spending
 *   would be exceeded
 * @PMT_ERROR_CONTENT: the service's content filter refused the work
 * @PMT_ERROR_RATE_LIMIT: the service asks to wait
 * @PMT_ERROR_TOO_LARGE: the service takes no picture of this size
 * @PMT_ERROR_KEY: the service's key is missing or not accepted
 * @PMT_ERROR_SERVER: the service failed, or answered nonsense
 */
typedef enum
{
  PMT_ERROR_ARGUMENT,
  PMT_ERROR_INPUT,
  PMT_ERROR_UNSUPPORTED,
  PMT_ERROR_MODEL,
  PMT_ERROR_MANIFEST,
  PMT_ERROR_MEMORY,
  PMT_ERROR_FILE,
  PMT_ERROR_INTERNAL,
  PMT_ERROR_NETWORK,
  PMT_ERROR_TIMEOUT,
  PMT_ERROR_CREDITS,
  PMT_ERROR_CONTENT,
  PMT_ERROR_RATE_LIMIT,
  PMT_ERROR_TOO_LARGE,
  PMT_ERROR_KEY,
  PMT_ERROR_SERVER
} PmtError;

GQuark pmt_error_quark (void);

/**
 * pmt_version:
 *
 * Returns: (transfer none): the version of the library, such as "0.1.0".
 */
const gchar *pmt_version (void);

/* --------------------------------------------------------- operations -- */

/**
 * PmtOperation:
 *
 * What is asked for.  The names (pmt_operation_to_string()) are those of the
 * command line and of manifests: "generate", "reimagine", "fill", "remove",
 * "expand", "edit", "upscale", "enhance", "face", "select-subject".  What the
 * last one makes is the mask of its only item.
 */
typedef enum
{
  PMT_OPERATION_GENERATE,
  PMT_OPERATION_REIMAGINE,
  PMT_OPERATION_FILL,
  PMT_OPERATION_REMOVE,
  PMT_OPERATION_EXPAND,
  PMT_OPERATION_EDIT,
  PMT_OPERATION_UPSCALE,
  PMT_OPERATION_ENHANCE,
  PMT_OPERATION_FACE,
  PMT_OPERATION_SELECT_SUBJECT
} PmtOperation;

#define PMT_N_OPERATIONS 10

/** pmt_operation_to_string: Returns: (transfer none): the name. */
const gchar *pmt_operation_to_string (PmtOperation operation);

/** pmt_operation_label: Returns: (transfer none): translated menu name. */
const gchar *pmt_operation_label (PmtOperation operation);

/**
 * pmt_operation_from_string:
 * @name: an operation's name
 * @operation: (out): the operation
 *
 * Returns: %FALSE, with @operation untouched, for an unknown name.
 */
gboolean pmt_operation_from_string (const gchar *name, PmtOperation *operation);

/* --------------------------------------------------------- parameters -- */

/**
 * PmtParams:
 *
 * A set of named, typed values: boolean, integer, number or string.  Names
 * are the kebab-case names of the procedures ("prompt", "feather", ...).
 * Keeps the order of insertion.
 */
typedef struct _PmtParams PmtParams;

PmtParams *pmt_params_new (void);
PmtParams *pmt_params_copy (const PmtParams *params);
void pmt_params_free (PmtParams *params);

gboolean pmt_params_has (const PmtParams *params, const gchar *name);
void pmt_params_unset (PmtParams *params, const gchar *name);

/** Setters replace a value of the same name, whatever its type. */
void pmt_params_set_bool (PmtParams *params, const gchar *name, gboolean value);
void pmt_params_set_int (PmtParams *params, const gchar *name, gint64 value);
void
pmt_params_set_number (PmtParams *params, const gchar *name, gdouble value);
void pmt_params_set_string (PmtParams *params,
                            const gchar *name,
                            const gchar *value);

/**
 * Getters return @fallback when the name is not set or holds another type.
 * An integer reads as a number too.  pmt_params_get_string() returns
 * (transfer none) memory, valid until the value changes.
 */
gboolean pmt_params_get_bool (const PmtParams *params,
                              const gchar *name,
                              gboolean fallback);
gint64 pmt_params_get_int (const PmtParams *params,
                           const gchar *name,
                           gint64 fallback);
gdouble pmt_params_get_number (const PmtParams *params,
                               const gchar *name,
                               gdouble fallback);
const gchar *pmt_params_get_string (const PmtParams *params,
                                    const gchar *name,
                                    const gchar *fallback);

/**
 * pmt_params_list:
 *
 * Returns: (transfer container): %NULL-terminated names in order; free with
 *   g_free().
 */
const gchar **pmt_params_list (const PmtParams *params);

/**
 * pmt_params_get_variant:
 *
 * Returns: (transfer none) (nullable): the value as "b", "x", "d" or "s".
 */
GVariant *pmt_params_get_variant (const PmtParams *params, const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtParams, pmt_params_free)

/* ------------------------------------------- models (from manifests) -- */

/** PmtParamType: the type of a parameter of a model. */
typedef enum
{
  PMT_PARAM_BOOL,
  PMT_PARAM_INT,
  PMT_PARAM_NUMBER,
  PMT_PARAM_STRING,
  PMT_PARAM_CHOICE
} PmtParamType;

/**
 * PmtParamSpec: one parameter of a model, as its manifest declares it.
 * @name: kebab-case
 * @label: short, for dialogs; pmt_param_spec_get_label() translates it
 * @help: one or two sentences; pmt_param_spec_get_help() translates it
 * @unit: (nullable): "px", "%", ...; pmt_param_spec_get_unit() translates it
 * @default_value: "b", "x", "d" or "s"
 * @min, @max: inclusive range of INT and NUMBER; for STRING the longest
 *   length in characters is @max
 * @recommended_min, @recommended_max: equal when none is given
 * @auto_value: value that means "choose by itself", if @has_auto
 * @choices: (nullable): %NULL-terminated, CHOICE only
 * @choice_labels: (nullable): what dialogs show for each of @choices;
 *   pmt_param_spec_get_choice_label() translates it
 * @advanced: shown in the advanced mode of a dialog only
 */
typedef struct
{
  gchar *name;
  gchar *label;
  gchar *help;
  gchar *unit;
  PmtParamType type;
  GVariant *default_value;
  gdouble min;
  gdouble max;
  gdouble recommended_min;
  gdouble recommended_max;
  gboolean has_auto;
  gdouble auto_value;
  gchar **choices;
  gchar **choice_labels;
  gboolean advanced;
} PmtParamSpec;

/**
 * Texts for dialogs, in the user's language where Pentimento or a translation
 * has them.  Returns: (transfer none): never %NULL; help and unit may be "".
 */
const gchar *pmt_param_spec_get_label (const PmtParamSpec *spec);
const gchar *pmt_param_spec_get_help (const PmtParamSpec *spec);
const gchar *pmt_param_spec_get_unit (const PmtParamSpec *spec);

/** pmt_param_spec_get_choice_label: @i: position in @choices. */
const gchar *pmt_param_spec_get_choice_label (const PmtParamSpec *spec,
                                              guint i);

/**
 * PmtModel:
 *
 * One model, local or remote, as its manifest describes it.  Owned by the
 * engine that loaded it.  Immutable, any thread.
 */
typedef struct _PmtModel PmtModel;

const gchar *pmt_model_get_id (const PmtModel *model);

/** pmt_model_get_name: Returns: (transfer none): translated, for people. */
const gchar *pmt_model_get_name (const PmtModel *model);

/**
 * pmt_model_get_path:
 *
 * Returns: (transfer none) (nullable): the user's own file or folder that this
 *   model is, or the folder of a checkpoint that comes with Pentimento; %NULL
 *   for others.
 */
const gchar *pmt_model_get_path (const PmtModel *model);
const gchar *pmt_model_get_family (const PmtModel *model);
const gchar *pmt_model_get_backend (const PmtModel *model);
const gchar *pmt_model_get_license (const PmtModel *model);
const gchar *pmt_model_get_homepage (const PmtModel *model);
gboolean pmt_model_supports (const PmtModel *model, PmtOperation operation);

/** pmt_model_is_remote: whether running it sends pictures to a service. */
gboolean pmt_model_is_remote (const PmtModel *model);

/**
 * pmt_model_list_params:
 * @operation: parameters that apply to this operation only
 *
 * Returns: (transfer container) (element-type PmtParamSpec): in the order of
 *   the manifest.
 */
GPtrArray *pmt_model_list_params (const PmtModel *model,
                                  PmtOperation operation);

/** pmt_model_find_param: Returns: (transfer none) (nullable). */
const PmtParamSpec *pmt_model_find_param (const PmtModel *model,
                                          const gchar *name);

/**
 * pmt_model_takes_param:
 *
 * Returns: whether the model has a parameter @name for @operation.
 */
gboolean pmt_model_takes_param (const PmtModel *model,
                                PmtOperation operation,
                                const gchar *name);

/**
 * pmt_model_param_applies:
 * @name: a parameter's name
 * @params: (nullable): values chosen so far; defaults stand in for others
 *
 * Lets a dialog gray out what has no effect under the other values (the
 * "applies_if" of the manifest).
 *
 * Returns: %FALSE also for a parameter that the model does not have.
 */
gboolean pmt_model_param_applies (const PmtModel *model,
                                  const gchar *name,
                                  const PmtParams *params);

/** pmt_model_get_limit: a number below "limits", or @fallback. */
gdouble pmt_model_get_limit (const PmtModel *model,
                             const gchar *name,
                             gdouble fallback);

/* ------------------------------------------------------------ request -- */

/**
 * PmtRequest:
 *
 * One piece of work: an operation, the pixels it works on, and its
 * parameters.  The request holds references on the buffers; it never writes
 * into them.  Buffers must be plain memory buffers when the run happens in
 * another thread (an editor copies what it reads through a tile backend of
 * its own; pmt_engine_get_region() tells how much).
 */
typedef struct _PmtRequest PmtRequest;

PmtRequest *pmt_request_new (PmtOperation operation);
PmtRequest *pmt_request_copy (const PmtRequest *request);
void pmt_request_free (PmtRequest *request);

PmtOperation pmt_request_get_operation (const PmtRequest *request);

/**
 * pmt_request_set_model:
 * @id: (nullable): of a model; or a file or folder, as in
 *   pmt_engine_find_model(); %NULL: the operation's default, or the first
 *   model that takes the prompt that is given
 */
void pmt_request_set_model (PmtRequest *request, const gchar *id);
const gchar *pmt_request_get_model (const PmtRequest *request);

/**
 * pmt_request_set_provider:
 * @id: (nullable): which service runs a remote model: an "id" of
 *   providers.json, or the name of a known service ("fal", "comfyui", ...);
 *   %NULL: the first that can and has a key
 */
void pmt_request_set_provider (PmtRequest *request, const gchar *id);
const gchar *pmt_request_get_provider (const PmtRequest *request);

/**
 * pmt_request_set_resume:
 * @job: (nullable): id of a run that was cut off (pmt_engine_list_jobs()): its
 *   results are fetched, and nothing that was sent is sent again
 */
void pmt_request_set_resume (PmtRequest *request, const gchar *job);
const gchar *pmt_request_get_resume (const PmtRequest *request);

/**
 * pmt_request_set_unrecorded:
 * @is_unrecorded: the history gets no entry of the run, such as of a preview
 */
void pmt_request_set_unrecorded (PmtRequest *request, gboolean is_unrecorded);
gboolean pmt_request_get_unrecorded (const PmtRequest *request);

/** pmt_request_set_canvas: bounds of the whole image; usually 0,0,w,h. */
void pmt_request_set_canvas (PmtRequest *request, const GeglRectangle *canvas);
const GeglRectangle *pmt_request_get_canvas (const PmtRequest *request);

/**
 * pmt_request_set_source:
 * @buffer: (nullable) (transfer none): the layer's pixels
 * @layer: bounds of the whole layer in canvas coordinates
 *
 * @buffer's extent is @layer or the part of it that pmt_engine_get_region()
 * asked for.  A layer mask of the editor should be multiplied into the alpha
 * of @buffer: pixels below half alpha are never copied from.
 * Without a canvas set, the canvas is @layer.
 */
void pmt_request_set_source (PmtRequest *request,
                             GeglBuffer *buffer,
                             const GeglRectangle *layer);
GeglBuffer *pmt_request_get_source (const PmtRequest *request);
const GeglRectangle *pmt_request_get_layer (const PmtRequest *request);

/** pmt_request_set_mask: (nullable) the selection; %NULL: none. */
void pmt_request_set_mask (PmtRequest *request, GeglBuffer *mask);
GeglBuffer *pmt_request_get_mask (const PmtRequest *request);

/** pmt_request_add_reference: a further picture, up to 14. */
void pmt_request_add_reference (PmtRequest *request, GeglBuffer *picture);
guint pmt_request_get_n_references (const PmtRequest *request);
GeglBuffer *pmt_request_get_reference (const PmtRequest *request, guint i);

/** pmt_request_params: Returns: (transfer none): to read and to change. */
PmtParams *pmt_request_params (PmtRequest *request);
const PmtParams *pmt_request_peek_params (const PmtRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtRequest, pmt_request_free)

/* ----------------------------------------------------------- problems -- */

/**
 * PmtProblem: one reason why a request can't run.
 * @name: (nullable): the parameter or input ("mask", "source", "model")
 * @message: one sentence with name, value and what is allowed
 */
typedef struct
{
  gchar *name;
  gchar *message;
  PmtError code;
} PmtProblem;

void pmt_problem_free (PmtProblem *problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtProblem, pmt_problem_free)

/* ------------------------------------------------------------- result -- */

/**
 * PmtResult:
 *
 * What a run made: one or more items, each a picture with offset, mask and
 * recipe, to be inserted as a new layer.
 */
typedef struct _PmtResult PmtResult;

void pmt_result_free (PmtResult *result);

guint pmt_result_get_n_items (const PmtResult *result);

/**
 * pmt_result_get_picture:
 *
 * Returns: (transfer none): pixels in the source's format, alpha added where
 *   the source has none and the picture needs it; its extent is where the
 *   layer goes on the canvas.
 */
GeglBuffer *pmt_result_get_picture (const PmtResult *result, guint i);

/**
 * pmt_result_get_mask:
 *
 * Returns: (transfer none) (nullable): composite mask, "Y float", extent as
 *   the picture's; 0 where the original shows through.
 */
GeglBuffer *pmt_result_get_mask (const PmtResult *result, guint i);

/** pmt_result_get_name: layer name, translated.  (transfer none) */
const gchar *pmt_result_get_name (const PmtResult *result, guint i);

/**
 * pmt_result_get_recipe:
 *
 * Returns: (transfer none): JSON of everything needed to run the same again:
 *   "version", "operation", "model", "engine", "seed", "params", "area".
 *   Never a key.
 */
const gchar *pmt_result_get_recipe (const PmtResult *result, guint i);

/** pmt_result_get_seed: the seed used, 0-4294967295. */
guint32 pmt_result_get_seed (const PmtResult *result, guint i);

/**
 * pmt_result_get_canvas:
 * @canvas: (out): bounds that the canvas should have to show the result;
 *   differs from the request's canvas after "expand" with scope "canvas"
 */
void pmt_result_get_canvas (const PmtResult *result, GeglRectangle *canvas);

/**
 * pmt_result_get_notes:
 *
 * Returns: (transfer none): %NULL-terminated sentences the user should see,
 *   such as what was asked for and what was made; empty when there are none.
 */
const gchar *const *pmt_result_get_notes (const PmtResult *result);

/**
 * pmt_result_get_timings:
 *
 * Returns: (transfer full): "a{sd}", seconds per stage, by the stages' English
 *   names, whatever the language.
 */
GVariant *pmt_result_get_timings (const PmtResult *result);

/**
 * pmt_result_composite:
 * @target: (inout): buffer to composite onto, in canvas coordinates
 *
 * Puts item @i over @target through its mask, in linear light.  Pixels where
 * the mask is 0 keep their bits.  For editors without layers, scripts, tests.
 * Errors: PMT_ERROR_ARGUMENT for an index out of range.
 */
gboolean pmt_result_composite (const PmtResult *result,
                               guint i,
                               GeglBuffer *target,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtResult, pmt_result_free)

/* ----------------------------------------------------------- progress -- */

/**
 * PmtProgressFunc:
 * @stage: translated, such as "Matching patches"
 * @fraction: 0..1 of the whole run, never falling
 * @preview: (nullable): low-resolution picture of the state; (transfer none),
 *   valid during the call; its extent is in canvas coordinates
 *
 * Called from the thread of the run (pmt_engine_run()) or from the caller's
 * main context (pmt_engine_run_async()), at most about 20 times a second.
 */
typedef void (*PmtProgressFunc) (const gchar *stage,
                                 gdouble fraction,
                                 GeglBuffer *preview,
                                 gpointer user_data);

/* ----------------------------------------------------------- estimate -- */

/**
 * PmtWorkArea: a part of the selection that is worked on by itself
 * @bounds: of what is selected, or of the new pixels of an expansion
 * @crop: what the model sees
 * @feather, @grow: pixels: the work reaches @grow beyond the selection, with a
 *   soft edge as wide as @feather
 * @blend: over how many pixels around the selection the result shows
 */
typedef struct
{
  GeglRectangle bounds;
  GeglRectangle crop;
  gdouble feather;
  gdouble grow;
  gdouble blend;
} PmtWorkArea;

/* As many as a selection is divided into. */
#define PMT_MAX_WORK_AREAS 64

/**
 * PmtEstimate:
 * @credits: cost in @unit; 0 for local models, negative when not known
 * @unit: (nullable): "credits", "USD", ...
 * @provider: (nullable) (transfer none): id of the service that would run it;
 *   as long as the engine lives
 * @seconds: rough time on this machine; negative when unknown
 * @bytes: memory needed beyond the request's buffers
 * @n_items: how many pictures will come back
 * @width, @height: canvas size after the run
 * @region: part of the layer that is read
 * @made: bounds of what will be made, canvas coordinates; empty when unknown
 * @work_width, @work_height: the largest size in pixels that the model works
 *   at; 0: that of @made
 * @n_steps: steps of the model for one picture; 0: it has none
 * @canvas: bounds of the canvas after the run, in coordinates of the present
 *   one: an expansion to the left begins below 0
 * @areas, @n_areas: what is worked on, where a part of the layer is
 */
typedef struct
{
  gdouble credits;
  gdouble seconds;
  guint64 bytes;
  guint n_items;
  gint width;
  gint height;
  GeglRectangle region;
  GeglRectangle made;
  gint work_width;
  gint work_height;
  guint n_steps;
  const gchar *unit;
  const gchar *provider;
  GeglRectangle canvas;
  guint n_areas;
  PmtWorkArea areas[PMT_MAX_WORK_AREAS];
} PmtEstimate;

/* ------------------------------------------------------------- engine -- */

/**
 * PmtKeyFunc:
 * @account: id of providers.json
 * @origin: scheme, host and port that the key is for
 *
 * Returns: (transfer full) (nullable)
 */
typedef gchar *(*PmtKeyFunc) (const gchar *account,
                              const gchar *origin,
                              gpointer user_data);

/**
 * PmtEngineOptions:
 * @data_dir: (nullable): folder with "catalog/" of the shipped manifests,
 *   "nets/" of the networks and,
 *   unless they are where the library was installed, "locale/" of the
 *   translations; %NULL: where the library was installed
 * @user_dir: (nullable): the user's folder with "catalog/", "models/" (the
 *   networks in "models/upscalers/" and the checkpoints in
 *   "models/checkpoints/" become models), "cache/" (written), ...;
 *   %NULL: none.  pmt_default_user_dir() gives the usual one
 * @threads: 0: as many as the machine has
 * @memory: bytes the engine may use beyond a request's buffers; 0: half of
 *   the memory that is free when a run starts
 * @max_run_cost, @max_day_cost: most that a run, and all runs of a day with
 *   one service, may cost, in its unit; negative: no limit.  See
 *   pmt_engine_options_load()
 * @find_key: (nullable): where keys of services are; %NULL: the environment
 *   variable that providers.json names, then the keyring of the desktop
 * @history_bytes: most that the history of runs in "history/" of @user_dir may
 *   take; 0: none is written
 * @history_limit: what "config.json" says that it may take, also where
 *   @history_bytes is 0 because none is wanted; for dialogs: engines don't read
 *   it
 * @compute: (nullable): what runs networks: "cpu", another name of
 *   pmt_compute_list(), or "auto" and %NULL: the best that gives the CPU's
 *   results.  Of the whole process: that of the newest engine
 *
 * The engine reads no configuration and no environment by itself, but for the
 * services in "providers.json" of @user_dir and their keys, and the folders in
 * "config.json" whose models it uses, see pmt_store_get_sources().
 */
typedef struct
{
  const gchar *data_dir;
  const gchar *user_dir;
  gint threads;
  guint64 memory;
  gdouble max_run_cost;
  gdouble max_day_cost;
  PmtKeyFunc find_key;
  gpointer find_key_data;
  guint64 history_bytes;
  guint64 history_limit;
  const gchar *compute;
} PmtEngineOptions;

#define PMT_ENGINE_OPTIONS_INIT                                                \
  { NULL, NULL, 0, 0, -1.0, -1.0, NULL, NULL, 0, 0, NULL }

/**
 * pmt_compute_list:
 *
 * Returns: (transfer full): %NULL-terminated: "cpu" and what else ONNX Runtime
 *   was built for on this system; empty where there is none.
 */
gchar **pmt_compute_list (void);

/** pmt_compute_label: (transfer none): as people know it: "CUDA". */
const gchar *pmt_compute_label (const gchar *name);

/**
 * pmt_environment_prepare:
 *
 * Keeps babl from tables for 8-bit colors: in every process it takes a second
 * and 256 MiB to find out whether they would be faster, and whether they are
 * used, and with it the last bit of a color, would depend on how busy the
 * machine is.  BABL_LUT in the environment goes before.  For programs, at the
 * very start, while they have one thread.
 */
void pmt_environment_prepare (void);

/**
 * pmt_default_user_dir:
 *
 * Returns: (transfer full): $PENTIMENTO_HOME when set, else "pentimento"
 *   below the XDG data folder.
 */
gchar *pmt_default_user_dir (void);

/**
 * pmt_engine_options_load:
 * @options: (inout): with @user_dir; gets what "config.json" there says:
 *   {"spending": {"run": N, "day": N}, "history": BOOL, "history_limit_mb": N,
 *   "compute": NAME, "threads": N, "memory_mb": N}.
 *   Where it says nothing, a history of 500 MB is kept.  @compute, @threads and
 *   @memory that are set already stay; @compute becomes interned
 * @error: PMT_ERROR_MANIFEST, with file, line and reason: nothing was changed
 *
 * For programs that share their settings with others.  No file is no error.
 */
gboolean pmt_engine_options_load (PmtEngineOptions *options, GError **error);

/** PmtEngine: models and backends.  Reference counted, thread-safe. */
typedef struct _PmtEngine PmtEngine;

/**
 * pmt_engine_new:
 * @options: (nullable): %NULL for the defaults
 * @error: PMT_ERROR_MANIFEST when no shipped manifest can be found
 *
 * Loads the manifests and binds the text domain "pentimento" of the process;
 * texts are UTF-8.  Calls gegl_init() if nobody has.
 * Broken manifests do not fail: see pmt_engine_list_problems().
 */
PmtEngine *pmt_engine_new (const PmtEngineOptions *options, GError **error);
PmtEngine *pmt_engine_ref (PmtEngine *engine);
void pmt_engine_unref (PmtEngine *engine);

/**
 * pmt_engine_list_problems:
 *
 * Returns: (transfer none) (element-type PmtProblem): manifests and networks
 *   of the user's that were left out: @name is the file, the message has the
 *   reason.  Another list after pmt_engine_reload_models().
 */
GPtrArray *pmt_engine_list_problems (PmtEngine *engine);

/**
 * pmt_engine_list_models:
 *
 * Returns: (transfer container) (element-type PmtModel): models that support
 *   @operation, the default one first; -1 for all models.
 */
GPtrArray *pmt_engine_list_models (PmtEngine *engine, gint operation);

/**
 * pmt_engine_list_templates:
 * @operation: -1: all
 *
 * Checkpoints of the user's become models by a template: it has their
 * parameters, and can't be run itself.  Lets an editor declare parameters
 * before the user has any checkpoint.
 *
 * Returns: (transfer container) (element-type PmtModel)
 */
GPtrArray *pmt_engine_list_templates (PmtEngine *engine, gint operation);

/**
 * pmt_engine_find_model:
 * @id: of a model; or a file: an .onnx network that enlarges or restores, a
 *   .safetensors checkpoint, a folder of Diffusers; it is opened and kept
 *
 * Returns: (transfer none) (nullable): as long as the engine lives.
 */
const PmtModel *pmt_engine_find_model (PmtEngine *engine, const gchar *id);

/**
 * pmt_engine_choose_model:
 *
 * Returns: (transfer none) (nullable): the model that would run @request: the
 *   one it names; or the operation's default; or, where a prompt is given, the
 *   first that takes one.  %NULL when there is none.
 */
const PmtModel *pmt_engine_choose_model (PmtEngine *engine,
                                         const PmtRequest *request);

/**
 * PmtFace: a face in a picture
 * @x, @y, @width, @height: its box, in pixels of the picture; may reach beyond
 *   the picture
 * @score: 0..1: how sure the detector is
 * @has_landmarks: @landmarks were seen; otherwise they are where those of an
 *   upright face are in the box
 * @landmarks: x and y of the eye on the left and the one on the right (as
 *   seen), the tip of the nose, the left and the right corner of the mouth
 * @strength: of its own, above 0 to 1; 0: that of the request
 */
typedef struct
{
  gdouble x;
  gdouble y;
  gdouble width;
  gdouble height;
  gdouble score;
  gboolean has_landmarks;
  gdouble landmarks[5][2];
  gdouble strength;
} PmtFace;

/**
 * pmt_engine_list_faces:
 * @picture: any format but indexed and CMYK
 * @error: PMT_ERROR_MODEL: no network that finds faces is installed, or it
 *   can't be used; PMT_ERROR_UNSUPPORTED; PMT_ERROR_MEMORY;
 *   G_IO_ERROR_CANCELLED
 *
 * What operation "face" finds in @picture, the largest first: number 1 of its
 * parameter "faces" is the first.  Blocks: about 0.4 s per megapixel.
 *
 * Returns: (transfer full) (element-type PmtFace): may be empty.
 */
GArray *pmt_engine_list_faces (PmtEngine *engine,
                               GeglBuffer *picture,
                               GCancellable *cancellable,
                               GError **error);

/**
 * pmt_faces_get_choice:
 * @which: a value of the parameter "faces"
 * @number: of a face; 1 is the largest
 * @strength: (out): its own, above 0 to 1; 0 when it has none
 *
 * Thread: any.
 *
 * Returns: whether the face is chosen; %FALSE for a @which that can't be read.
 */
gboolean
pmt_faces_get_choice (const gchar *which, guint number, gdouble *strength);

/**
 * pmt_engine_validate:
 *
 * Checks everything that can be checked without running: model, parameters
 * (type, range, applicability), inputs.  The source buffer itself need not
 * be set yet, only its layer rectangle.
 *
 * Returns: (transfer container) (element-type PmtProblem): every problem at
 *   once; empty when the request can run.
 */
GPtrArray *pmt_engine_validate (PmtEngine *engine, const PmtRequest *request);

/**
 * pmt_engine_list_notes:
 *
 * What the user should know before a run: parameters typed in the prompt that
 * the model can't honor, or that win over a setting.  The result has the same
 * notes.
 *
 * Returns: (transfer full): %NULL-terminated sentences; free with g_strfreev().
 */
gchar **pmt_engine_list_notes (PmtEngine *engine, const PmtRequest *request);

/**
 * pmt_engine_get_region:
 * @region: (out): part of the layer that a run will read, canvas coordinates
 *
 * Lets an editor copy no more than is needed.  Needs canvas, layer, mask and
 * parameters, not the source buffer.
 * Errors: as pmt_engine_run() before any pixel is touched.
 */
gboolean pmt_engine_get_region (PmtEngine *engine,
                                const PmtRequest *request,
                                GeglRectangle *region,
                                GError **error);

/** pmt_engine_estimate: as pmt_engine_get_region(), with cost and memory. */
gboolean pmt_engine_estimate (PmtEngine *engine,
                              const PmtRequest *request,
                              PmtEstimate *estimate,
                              GError **error);

/**
 * pmt_engine_check_spending:
 * @estimate: of @request
 * @error: PMT_ERROR_CREDITS: it would cost more than "max-cost", or the limits
 *   of the settings, allow; PMT_ERROR_FILE: what was spent today can't be read
 *
 * What pmt_engine_run() would refuse over its cost.  Sends and writes nothing.
 */
gboolean pmt_engine_check_spending (PmtEngine *engine,
                                    const PmtRequest *request,
                                    const PmtEstimate *estimate,
                                    GError **error);

/**
 * pmt_engine_run:
 * @progress: (nullable): called from this thread or a worker of it
 * @cancellable: (nullable): takes effect within a second
 *
 * Validates (all problems joined in one error), then runs.  Blocks.
 * Same request with the same seed: the same pixels.  Another thread count
 * makes a difference to checkpoints only, which round otherwise then: by one
 * level of 8 bits here and there.
 *
 * Returns: (transfer full): the result, or %NULL with @error set.
 */
PmtResult *pmt_engine_run (PmtEngine *engine,
                           const PmtRequest *request,
                           PmtProgressFunc progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GError **error);

/**
 * pmt_engine_run_async:
 * @request: (transfer none): copied; its buffers must not change meanwhile
 *
 * As pmt_engine_run() in a worker thread; @progress and @callback are called
 * in the thread-default main context of the caller.
 */
void pmt_engine_run_async (PmtEngine *engine,
                           const PmtRequest *request,
                           PmtProgressFunc progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/**
 * PmtItemFunc:
 * @item: (transfer full): a result of one item, which shares its buffers with
 *   the result of the run: don't write into them
 *
 * Called in the main context of who started the run, before its callback.
 */
typedef void (*PmtItemFunc) (PmtResult *item, gpointer user_data);

/**
 * pmt_engine_run_items_async:
 * @item: gets every candidate when it is ready, in the order of the result;
 *   also those of a run that is cancelled or fails later
 * @user_data: for all three functions
 *
 * As pmt_engine_run_async(); finish with pmt_engine_run_finish().
 */
void pmt_engine_run_items_async (PmtEngine *engine,
                                 const PmtRequest *request,
                                 PmtProgressFunc progress,
                                 PmtItemFunc item,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

PmtResult *pmt_engine_run_finish (GAsyncResult *result, GError **error);

/* ----------------------------------------------------------- services -- */

/**
 * PmtServiceInfo: a service or server that runs remote models
 * @id: of providers.json, or of a service that is known anyway
 * @type: of its protocol
 * @label: for people
 * @base_url: (nullable): %NULL: must be entered
 * @key_env: (nullable): environment variable with its key
 * @unit: of its costs
 * @is_local: a server of the user's, which costs nothing
 * @is_configured: stands in providers.json
 * @has_key: a key was found, or none is needed
 * @usual_cost: of a picture of a megapixel, made by the model that was asked
 *   about with the settings it comes with; 0: nothing; negative: not known
 * @usual_unit: of @usual_cost
 */
typedef struct
{
  gchar *id;
  gchar *type;
  gchar *label;
  gchar *base_url;
  gchar *key_env;
  gchar *unit;
  gboolean is_local;
  gboolean is_configured;
  gboolean has_key;
  gdouble usual_cost;
  gchar *usual_unit;
} PmtServiceInfo;

/**
 * pmt_engine_list_services:
 * @model: (nullable): those that run it, the one that would be chosen first
 *
 * Reads keys: may ask the keyring.
 * Returns: (transfer full) (element-type PmtServiceInfo)
 */
GPtrArray *pmt_engine_list_services (PmtEngine *engine, const PmtModel *model);

/**
 * pmt_engine_find_servers:
 *
 * Looks for local servers on loopback, within 0.3 seconds.
 * Returns: (transfer container): %NULL-terminated ids of services that answer.
 */
gchar **pmt_engine_find_servers (PmtEngine *engine, GCancellable *cancellable);

/**
 * pmt_engine_set_key:
 * @key: (nullable): %NULL forgets it
 * @error: PMT_ERROR_KEY, PMT_ERROR_UNSUPPORTED: no keyring
 *
 * Puts the key of a service into the keyring of the desktop, for the origin of
 * its present address only.  The engine keeps no copy.
 */
gboolean pmt_engine_set_key (PmtEngine *engine,
                             const gchar *service,
                             const gchar *key,
                             GError **error);

/**
 * pmt_engine_set_address:
 * @base_url: of the service from now on; kept in providers.json
 *
 * Errors: PMT_ERROR_ARGUMENT, PMT_ERROR_FILE, PMT_ERROR_MANIFEST.
 */
gboolean pmt_engine_set_address (PmtEngine *engine,
                                 const gchar *service,
                                 const gchar *base_url,
                                 GError **error);

/**
 * pmt_engine_test_service:
 * @balance: (out) (optional): in its unit; negative: not told
 *
 * Asks the service something harmless.  Blocks.
 * Errors: as a run's.
 */
gboolean pmt_engine_test_service (PmtEngine *engine,
                                  const gchar *service,
                                  gdouble *balance,
                                  GCancellable *cancellable,
                                  GError **error);

/**
 * pmt_engine_list_choices:
 * @param: such as "checkpoint" or "sampler"
 *
 * What a server offers for a parameter; asked once a day.  Blocks.
 * Returns: (transfer full): %NULL-terminated; or %NULL.
 */
gchar **pmt_engine_list_choices (PmtEngine *engine,
                                 const gchar *service,
                                 const gchar *param,
                                 GCancellable *cancellable,
                                 GError **error);

/**
 * PmtJobState: what was known of a run when its connection was lost
 * @PMT_JOB_UNKNOWN: it may not have reached the service
 * @PMT_JOB_RUNNING: the service was at work
 * @PMT_JOB_DONE: the results were there, and not all of them fetched
 */
typedef enum
{
  PMT_JOB_UNKNOWN,
  PMT_JOB_RUNNING,
  PMT_JOB_DONE
} PmtJobState;

/**
 * PmtJobInfo: a run whose connection was lost before its results came
 * @created: seconds since 1970
 * @canvas: of the image that it was started on
 * @state: of the part that got furthest
 */
typedef struct
{
  gchar *id;
  gchar *service;
  gchar *model;
  PmtOperation operation;
  gint64 created;
  GeglRectangle canvas;
  PmtJobState state;
} PmtJobInfo;

/** pmt_engine_list_jobs: (transfer full) (element-type PmtJobInfo): newest
 * first. */
GPtrArray *pmt_engine_list_jobs (PmtEngine *engine);

/**
 * pmt_engine_resume_job:
 *
 * Returns: (transfer full): a request that fetches what the run made; canvas
 *   and source are the caller's to set, as they were.  Its mask is there.
 * Errors: PMT_ERROR_ARGUMENT, PMT_ERROR_FILE.
 */
PmtRequest *
pmt_engine_resume_job (PmtEngine *engine, const gchar *job, GError **error);

/** pmt_engine_forget_job: what it made is not fetched any more. */
gboolean
pmt_engine_forget_job (PmtEngine *engine, const gchar *job, GError **error);

/* ------------------------------------------------------------ history -- */

/**
 * PmtHistoryEntry: a run that succeeded
 * @id: sorts by time
 * @created: seconds since 1970
 * @prompt: (nullable)
 * @cost: in @unit; negative: not told, or a model of this computer
 * @unit: (nullable)
 * @recipe: JSON as from pmt_result_get_recipe(), of its first result, with the
 *   number of results that was asked for
 * @thumbnail: (nullable): PNG file, at most 192 pixels a side
 * @result: (nullable): file that pmt_engine_load_history() reads; %NULL where
 *   what was made took more than a quarter of the limit, or made room for newer
 *   entries
 */
typedef struct
{
  gchar *id;
  gint64 created;
  PmtOperation operation;
  gchar *model;
  gchar *prompt;
  gdouble cost;
  gchar *unit;
  gchar *recipe;
  gchar *thumbnail;
  gchar *result;
} PmtHistoryEntry;

void pmt_history_entry_free (PmtHistoryEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtHistoryEntry, pmt_history_entry_free)

/**
 * pmt_engine_list_history:
 * @problems: (nullable) (element-type utf8): gets a sentence for each entry
 *   that is broken and left out
 *
 * Returns: (transfer full) (element-type PmtHistoryEntry): newest first.
 */
GPtrArray *pmt_engine_list_history (PmtEngine *engine, GPtrArray *problems);

/** pmt_engine_get_history: Errors: PMT_ERROR_ARGUMENT, PMT_ERROR_FILE. */
PmtHistoryEntry *
pmt_engine_get_history (PmtEngine *engine, const gchar *id, GError **error);

/**
 * pmt_engine_load_history:
 * @from: (out): bounds of the image that it was made in
 * @error: PMT_ERROR_ARGUMENT; PMT_ERROR_FILE: the entry has no result, or a
 *   damaged one; PMT_ERROR_MEMORY
 *
 * Returns: (transfer full): what was made, bit for bit as it was.
 */
PmtResult *pmt_engine_load_history (PmtEngine *engine,
                                    const gchar *id,
                                    GeglRectangle *from,
                                    GError **error);

/** pmt_engine_measure_history: bytes that all entries take. */
guint64 pmt_engine_measure_history (PmtEngine *engine);

/** pmt_engine_delete_history: Errors: PMT_ERROR_ARGUMENT, PMT_ERROR_FILE. */
gboolean
pmt_engine_delete_history (PmtEngine *engine, const gchar *id, GError **error);

/**
 * pmt_engine_clear_history:
 * @error: PMT_ERROR_FILE: some entries are still there
 *
 * Runs whose connection was lost (pmt_engine_list_jobs()) are kept.
 */
gboolean pmt_engine_clear_history (PmtEngine *engine, GError **error);
/* ------------------------------------------------------------ presets -- */

/**
 * PmtPreset:
 *
 * Words and settings under a name: a template that the prompt goes into, words
 * that are added to the negative prompt, and values of parameters.  A request
 * uses one by its parameter "preset", an id.  Immutable, reference counted, any
 * thread.  The file format is in data/presets/README.md.
 */
typedef struct _PmtPreset PmtPreset;

PmtPreset *pmt_preset_ref (PmtPreset *preset);
void pmt_preset_unref (PmtPreset *preset);

const gchar *pmt_preset_get_id (const PmtPreset *preset);

/** Texts for people, translated where they come with Pentimento.  Returns:
 * (transfer none): never %NULL; help may be "". */
const gchar *pmt_preset_get_name (const PmtPreset *preset);
const gchar *pmt_preset_get_category (const PmtPreset *preset);
const gchar *pmt_preset_get_help (const PmtPreset *preset);

/** pmt_preset_get_prompt: Returns: (transfer none) (nullable): the template. */
const gchar *pmt_preset_get_prompt (const PmtPreset *preset);
const gchar *pmt_preset_get_negative_prompt (const PmtPreset *preset);

/** pmt_preset_get_settings: Returns: (transfer none): as the file has them. */
const PmtParams *pmt_preset_get_settings (const PmtPreset *preset);

gboolean pmt_preset_supports (const PmtPreset *preset, PmtOperation operation);

/** pmt_preset_is_user: %FALSE for those that come with Pentimento. */
gboolean pmt_preset_is_user (const PmtPreset *preset);

/**
 * pmt_engine_list_presets:
 * @search: (nullable): words that must all be in id, name, category, help or
 *   prompt; upper and lower case are the same
 * @operation: -1: all
 *
 * Returns: (transfer full) (element-type PmtPreset): by category, then by name.
 */
GPtrArray *pmt_engine_list_presets (PmtEngine *engine,
                                    const gchar *search,
                                    gint operation);

/** pmt_engine_find_preset: Returns: (transfer full) (nullable): the user's own
 * before a shipped one of the same id. */
PmtPreset *pmt_engine_find_preset (PmtEngine *engine, const gchar *id);

/**
 * pmt_preset_apply:
 * @request: its parameters are changed; untouched on failure
 * @notes: (out) (optional): %NULL-terminated sentences: what the preset set,
 *   and what the model can't do; free with g_strfreev()
 * @error: PMT_ERROR_ARGUMENT: it is for other operations, or lacks a value for
 *   a placeholder; or there is no model
 *
 * What a run does with the parameter "preset": the prompt becomes the template
 * with the prompt in it, and the settings that @request does not have are set.
 */
gboolean pmt_preset_apply (const PmtPreset *preset,
                           PmtEngine *engine,
                           PmtRequest *request,
                           gchar ***notes,
                           GError **error);

/**
 * pmt_engine_save_preset:
 * @name, @category: for people; the id is made from @name
 * @request: with prompt and settings; those with the model's default are left
 *   out, and the preset that it names is part of them
 * @may_replace: a preset of the same id is replaced (a shipped one stays behind
 *   the user's)
 * @id: (out) (optional) (transfer full)
 * @error: G_IO_ERROR_EXISTS: there is one; PMT_ERROR_ARGUMENT,
 *   PMT_ERROR_MANIFEST, PMT_ERROR_UNSUPPORTED (no model, no folder),
 *   PMT_ERROR_FILE
 */
gboolean pmt_engine_save_preset (PmtEngine *engine,
                                 const gchar *name,
                                 const gchar *category,
                                 const PmtRequest *request,
                                 gboolean may_replace,
                                 gchar **id,
                                 GError **error);

/** pmt_engine_remove_preset: one of the user's own; a shipped one of the same
 * id is there again.  Errors: PMT_ERROR_ARGUMENT, PMT_ERROR_FILE. */
gboolean
pmt_engine_remove_preset (PmtEngine *engine, const gchar *id, GError **error);

/**
 * pmt_engine_import_preset:
 * @path: a file; checked, then copied into the user's folder
 * @may_replace, @id: as in pmt_engine_save_preset()
 * @error: G_IO_ERROR_EXISTS; PMT_ERROR_MANIFEST with file, line and reason;
 *   PMT_ERROR_FILE; PMT_ERROR_UNSUPPORTED
 */
gboolean pmt_engine_import_preset (PmtEngine *engine,
                                   const gchar *path,
                                   gboolean may_replace,
                                   gchar **id,
                                   GError **error);

/**
 * pmt_engine_export_preset:
 * @path: where the file goes
 * @may_replace: a file that is there is replaced; else it is an error
 * @error: G_IO_ERROR_EXISTS, PMT_ERROR_ARGUMENT (no such preset),
 *   PMT_ERROR_FILE
 */
gboolean pmt_engine_export_preset (PmtEngine *engine,
                                   const gchar *id,
                                   const gchar *path,
                                   gboolean may_replace,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtPreset, pmt_preset_unref)

/* --------------------------------------------------------- model store -- */

/**
 * PmtStoreState:
 * @PMT_STORE_SHIPPED: comes with Pentimento
 * @PMT_STORE_INSTALLED: in "models/" of the user's folder
 * @PMT_STORE_EXTERNAL: in a folder of another program; only read
 * @PMT_STORE_PARTIAL: a download that was begun; pmt_store_download() goes on
 * @PMT_STORE_AVAILABLE: can be downloaded
 */
typedef enum
{
  PMT_STORE_SHIPPED,
  PMT_STORE_INSTALLED,
  PMT_STORE_EXTERNAL,
  PMT_STORE_PARTIAL,
  PMT_STORE_AVAILABLE
} PmtStoreState;

/**
 * PmtStoreItem: something in the store; texts are never %NULL unless it is said
 * @id: what the functions below take.  That of the offer; or "shipped/NAME"; or
 *   the path below "models/", such as "lora/paper.safetensors"; or the absolute
 *   path of an external one
 * @name: for people
 * @family: "sd1", "sdxl", "yunet", ...; "" when not known
 * @kind: a folder below "models/": "checkpoints", "upscalers", "lora", "vae",
 *   "embeddings", "faces", "subject", "tokenizers".  pmt_store_kind_label() is
 *   for people
 * @license: SPDX, or "LicenseRef-..."; "" when not known (the user's own files)
 * @license_url: (nullable): its text
 * @homepage: (nullable)
 * @about: (nullable): one sentence, translated where it comes with Pentimento
 * @path: (nullable): of the file or folder (the first file of several); %NULL
 *   for what is not here
 * @origin: (nullable): name of the host that it is downloaded from
 * @url: (nullable): of the first file
 * @sha256: (nullable): of the first file, 64 digits
 * @source: (nullable): the folder of pmt_store_get_sources() that it is in
 * @model: (nullable): id of the engine's model that it is; %NULL for what is no
 *   model by itself (a LoRA, a detector, a network that several models share),
 *   and for what can't be run: then
 *   pmt_engine_list_problems() has the reason under the file's name
 * @n_files: how many files it has
 * @bytes: of all its files; 0 when not known
 * @bytes_here: of a download that was begun; @bytes of what is here
 * @can_remove: pmt_store_remove() takes it
 */
typedef struct
{
  gchar *id;
  gchar *name;
  gchar *family;
  gchar *kind;
  gchar *license;
  gchar *license_url;
  gchar *homepage;
  gchar *about;
  gchar *path;
  gchar *origin;
  gchar *url;
  gchar *sha256;
  gchar *source;
  gchar *model;
  guint n_files;
  guint64 bytes;
  guint64 bytes_here;
  PmtStoreState state;
  gboolean can_remove;
} PmtStoreItem;

void pmt_store_item_free (PmtStoreItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtStoreItem, pmt_store_item_free)

/** pmt_store_kind_label: Returns: (transfer none): translated, such as "Face
 * network"; @kind itself when it is not known. */
const gchar *pmt_store_kind_label (const gchar *kind);

/**
 * PmtStoreProgressFunc:
 * @stage: translated, such as "Downloading" or "Checking"; also tells when a
 *   download had to start anew
 * @done, @total: bytes of @stage; @done may fall when a download starts anew
 *
 * Called in the thread of the caller, at most some 20 times a second.
 */
typedef void (*PmtStoreProgressFunc) (const gchar *stage,
                                      guint64 done,
                                      guint64 total,
                                      gpointer user_data);

/**
 * pmt_store_list:
 * @problems: (out) (optional) (transfer full) (element-type PmtProblem): offers
 *   and folders that can't be read, links that lead nowhere
 *
 * Looks at the folders; opens no network.  Thread: any.
 *
 * Returns: (transfer full) (element-type PmtStoreItem): by kind, then by name.
 */
GPtrArray *pmt_store_list (PmtEngine *engine, GPtrArray **problems);

/**
 * pmt_store_download:
 * @id: of an offer (available or partial)
 * @progress: (nullable) (scope call)
 * @error: G_IO_ERROR_CANCELLED: what was downloaded is kept;
 *   PMT_ERROR_ARGUMENT: there is no such offer, or another file is in its
 *   place; PMT_ERROR_FILE: no space, or the folder can't be written to;
 *   PMT_ERROR_KEY: the host wants an account; PMT_ERROR_NETWORK,
 *   PMT_ERROR_TIMEOUT, PMT_ERROR_RATE_LIMIT, PMT_ERROR_SERVER: what was
 *   downloaded is kept; PMT_ERROR_MODEL: the file is not the one of the
 *   offer, and was deleted; G_IO_ERROR_BUSY: another process or thread is
 *   downloading it; PMT_ERROR_UNSUPPORTED: the engine has no user's folder
 *
 * Blocks until all its files are there, checked and in their place.  Cancelling
 * takes effect within a second.  Then does pmt_engine_reload_models().
 * Thread: any; several downloads at once are fine.
 */
gboolean pmt_store_download (PmtEngine *engine,
                             const gchar *id,
                             PmtStoreProgressFunc progress,
                             gpointer progress_data,
                             GCancellable *cancellable,
                             GError **error);

/**
 * pmt_store_discard:
 * @id: of a partial download
 * @error: PMT_ERROR_ARGUMENT: there is none; G_IO_ERROR_BUSY: it is running;
 *   PMT_ERROR_FILE
 *
 * Deletes what was downloaded so far.
 */
gboolean pmt_store_discard (PmtEngine *engine, const gchar *id, GError **error);

/**
 * pmt_store_add:
 * @path: a file, or a folder of Diffusers
 * @progress: (nullable) (scope call)
 * @error: PMT_ERROR_UNSUPPORTED: a pickle, or nothing that Pentimento could
 *   use; PMT_ERROR_ARGUMENT: the name is taken, or can't be one;
 *   PMT_ERROR_MODEL: it is damaged; PMT_ERROR_FILE; G_IO_ERROR_CANCELLED
 *
 * Copies a file of the user's into the folder below "models/" for what it is,
 * which is found out by looking into it.  Then does pmt_engine_reload_models().
 * Blocks.  Thread: any.
 *
 * Returns: (transfer full): the id of the new item.
 */
gchar *pmt_store_add (PmtEngine *engine,
                      const gchar *path,
                      PmtStoreProgressFunc progress,
                      gpointer progress_data,
                      GCancellable *cancellable,
                      GError **error);

/**
 * pmt_store_remove:
 * @id: of an item with can_remove
 * @error: PMT_ERROR_ARGUMENT: there is none, or it is not in "models/" of the
 *   user's folder; PMT_ERROR_FILE: what could not be deleted
 *
 * Deletes its files, and no others.  Runs that use it go on to their end.  Then
 * does pmt_engine_reload_models().  Thread: any.
 */
gboolean pmt_store_remove (PmtEngine *engine, const gchar *id, GError **error);

/**
 * pmt_store_get_sources:
 * @error: PMT_ERROR_MANIFEST: "config.json" can't be read
 *
 * Returns: (transfer full): %NULL-terminated absolute paths of folders of other
 *   programs whose models are used: "model_folders" of "config.json" in the
 *   user's folder; or %NULL.
 */
gchar **pmt_store_get_sources (PmtEngine *engine, GError **error);

/**
 * pmt_store_set_sources:
 * @folders: %NULL-terminated; a main folder of ComfyUI, AUTOMATIC1111 or Forge,
 *   its "models/", or a folder of files; made absolute, each kept once
 * @error: PMT_ERROR_ARGUMENT: one that was not in the list is no folder, or can't
 *   be read, or is the user's folder itself; PMT_ERROR_MANIFEST: "config.json"
 *   can't be read (it stays as it is); PMT_ERROR_FILE
 *
 * Other members of "config.json" are kept.  Then does
 * pmt_engine_reload_models().  Thread: any.
 */
gboolean pmt_store_set_sources (PmtEngine *engine,
                                const gchar *const *folders,
                                GError **error);

/**
 * pmt_engine_reload_models:
 *
 * Looks for models again, after files were added or taken away.  Lists from
 * before, and models in them, stay valid as long as the engine lives, and runs
 * that use them go on; by its id the new one is found.  May take seconds where
 * there are new networks.  Thread: any.
 */
void pmt_engine_reload_models (PmtEngine *engine);

/* ------------------------------------------------------------- prompts -- */

/**
 * PmtPromptMarkKind: what characters of a prompt mean
 * @PMT_PROMPT_MARK_WEIGHT: a bracket, or the number before one: words count
 *   more or less
 * @PMT_PROMPT_MARK_WORD: BREAK or AND
 * @PMT_PROMPT_MARK_PART: "::", with the weight behind it
 * @PMT_PROMPT_MARK_FLAG: a parameter with its value, such as "--ar 16:9"
 * @PMT_PROMPT_MARK_NO_EFFECT: a parameter that the model can't honor
 * @PMT_PROMPT_MARK_UNKNOWN: a parameter that there is not, or with a value that
 *   it can't have
 * @PMT_PROMPT_MARK_LOOSE: a bracket without the other one of its pair
 * @PMT_PROMPT_MARK_ERROR: where the prompt can't be read; may cover others
 */
typedef enum
{
  PMT_PROMPT_MARK_WEIGHT,
  PMT_PROMPT_MARK_WORD,
  PMT_PROMPT_MARK_PART,
  PMT_PROMPT_MARK_FLAG,
  PMT_PROMPT_MARK_NO_EFFECT,
  PMT_PROMPT_MARK_UNKNOWN,
  PMT_PROMPT_MARK_LOOSE,
  PMT_PROMPT_MARK_ERROR
} PmtPromptMarkKind;

/**
 * PmtPromptMark:
 * @start, @length: in bytes of the text; whole characters
 * @message: (nullable): one sentence; never %NULL for an error
 */
typedef struct
{
  PmtPromptMarkKind kind;
  gsize start;
  gsize length;
  gchar *message;
} PmtPromptMark;

void pmt_prompt_mark_free (PmtPromptMark *mark);

/**
 * pmt_prompt_list_marks:
 * @text: need not be UTF-8
 * @length: in bytes; -1: up to the end of the string
 * @is_negative: it is a negative prompt, which has no parameters and parts
 * @model: (nullable): what it is for; %NULL: a checkpoint
 * @request: (nullable): with the operation and the settings of @model
 *
 * What an editor colors and underlines while a prompt is typed.  A text that
 * is too long has one mark, an error where the limit is; of very many marks
 * the first 4096 are there.
 * Thread: any.  Time: some milliseconds for 64 KiB.
 *
 * Returns: (transfer full) (element-type PmtPromptMark): by @start; the
 *   errors, at most one of the words and one of the parameters, behind others
 *   of the same @start.
 */
GPtrArray *pmt_prompt_list_marks (const gchar *text,
                                  gssize length,
                                  gboolean is_negative,
                                  const PmtModel *model,
                                  const PmtRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtPromptMark, pmt_prompt_mark_free)

/* ------------------------------------------------------------- recipes -- */

/**
 * pmt_request_from_recipe:
 * @recipe: JSON as from pmt_result_get_recipe()
 * @error: PMT_ERROR_ARGUMENT for damaged or foreign text
 *
 * Returns: (transfer full): a request with operation, model and parameters
 *   (the seed that was used among them); pixels are the caller's to set.
 */
PmtRequest *pmt_request_from_recipe (const gchar *recipe, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtEngine, pmt_engine_unref)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * provider.h: what speaks the protocol of a kind of service.
 *
 * A provider is a table of functions without state.  It knows neither files
 * nor GIMP nor how long to wait: remote-run.c asks it for one step at a time,
 * keeps what it learned (PmtRemoteJob) on disk, waits, retries and cancels.
 * Source of every protocol: docs/services.md.
 */
#pragma once

#include "catalog/model.h"
#include "core/json.h"
#include "remote/account.h"
#include "remote/http.h"
#include "remote/picture.h"

G_BEGIN_DECLS

/**
 * PmtRemoteTask: one call of a model, everything decided
 * @service: how the model is called there (the manifest's "services")
 * @model_name: the service's name of the model for @operation
 * @params: completed; see pmt_body_add_params()
 * @seed: of the first picture
 * @n_images: pictures wanted of this call, at least 1
 * @width, @height: pixels wanted; 0: the service decides
 * @scale: times the size of @image (upscale)
 * @image, @image_head: (nullable): encoded, sRGB
 * @mask: (nullable): PNG of the size of @image, in the polarity of the service
 * @references: (element-type GBytes): encoded as @image is
 * @left, @top, @right, @bottom: (expand) pixels to add to @image.  Where the
 *   service pads by itself, @image is the old picture alone; see
 *   PMT_PROVIDER_PADS.  Otherwise @image has the new size already and @mask
 *   covers what is new
 * @is_mock: costs nothing, where the service has that
 * @idempotency_key: a UUID, the same for each try
 */
typedef struct
{
  const PmtModel *model;
  const PmtModelService *service;
  const gchar *model_name;
  PmtOperation operation;
  const PmtParams *params;
  guint32 seed;
  guint n_images;
  gint width;
  gint height;
  gdouble scale;
  GBytes *image;
  PmtPictureHead image_head;
  GBytes *mask;
  GPtrArray *references;
  gint left;
  gint top;
  gint right;
  gint bottom;
  gboolean is_mock;
  const gchar *idempotency_key;
} PmtRemoteTask;

typedef enum
{
  PMT_REMOTE_NEW,     /* nothing was sent */
  PMT_REMOTE_SENDING, /* may have reached the service */
  PMT_REMOTE_RUNNING, /* the service has given it an identity */
  PMT_REMOTE_DONE,    /* results can be fetched, or are there */
  PMT_REMOTE_FAILED,
  PMT_REMOTE_CANCELLED
} PmtRemoteState;

/**
 * PmtRemoteJob: what is known of a call; kept on disk
 * @id: (nullable): the service's identity of it
 * @status_url, @result_url, @cancel_url: (nullable): as the service gave them;
 *   asked only after pmt_remote_call_check_url()
 * @request_id: (nullable): to quote when asking the service for help
 * @cost: in the account's units; negative: not told
 * @fraction: 0..1; negative: not known
 * @queue_position: negative: not known
 * @poll_after: seconds that the service asks to wait before the next poll;
 *   negative: it doesn't
 */
typedef struct
{
  PmtRemoteState state;
  gchar *id;
  gchar *status_url;
  gchar *result_url;
  gchar *cancel_url;
  gchar *request_id;
  gdouble cost;
  gdouble fraction;
  gint queue_position;
  gdouble poll_after;
} PmtRemoteJob;

PmtRemoteJob *pmt_remote_job_new (void);
void pmt_remote_job_free (PmtRemoteJob *job);

/**
 * PmtRemotePicture: one that came back
 * @bytes: encoded; not checked yet
 * @seed: negative: not told
 */
typedef struct
{
  GBytes *bytes;
  gint64 seed;
} PmtRemotePicture;

/**
 * PmtRemoteReply: what a call brought
 * @pictures: (element-type PmtRemotePicture)
 * @n_refused: pictures that the service's content filter kept back
 * @note: (nullable): what the service says besides, such as a description
 */
typedef struct
{
  GPtrArray *pictures;
  guint n_refused;
  gchar *note;
} PmtRemoteReply;

PmtRemoteReply *pmt_remote_reply_new (void);
void pmt_remote_reply_free (PmtRemoteReply *reply);

/** pmt_remote_reply_add: @bytes: (transfer full). */
void pmt_remote_reply_add (PmtRemoteReply *reply, GBytes *bytes, gint64 seed);

/** PMT_REMOTE_SENT: fraction of a call when all was sent. */
#define PMT_REMOTE_SENT 0.1

/**
 * PmtRemoteProgressFunc:
 * @fraction: of the call; up to PMT_REMOTE_SENT while the request is sent;
 *   negative: not known
 * @preview: (nullable): an encoded picture
 */
typedef void (*PmtRemoteProgressFunc) (gdouble fraction,
                                       GBytes *preview,
                                       gpointer user_data);

/**
 * PmtRemoteCall: the line to a service; used by one thread at a time
 * @key: (nullable): the account's key
 * @fault: class of the last failure
 * @save: called by pmt_remote_call_keep(): writes the job's identity down
 * @progress: (nullable): may be called from any thread
 */
typedef struct
{
  PmtHttp *http;
  const PmtAccount *account;
  const gchar *key;
  GCancellable *cancellable;
  PmtFault fault;
  gboolean (*save) (PmtRemoteJob *job, gpointer user_data, GError **error);
  gpointer save_data;
  PmtRemoteProgressFunc progress;
  gpointer progress_data;
  const gchar *cache_dir;
} PmtRemoteCall;

typedef enum
{
  PMT_PROVIDER_LOCAL = 1 << 0,      /* a server of the user's; no key needed */
  PMT_PROVIDER_BLOCKING = 1 << 1,   /* @submit returns with the results */
  PMT_PROVIDER_IDEMPOTENT = 1 << 2, /* a submit may be sent again */
  PMT_PROVIDER_PADS = 1 << 3,       /* expands a picture by numbers of pixels */
  PMT_PROVIDER_BASIC = 1 << 4       /* the key is "user:password" (RFC 7617) */
} PmtProviderFlags;

/**
 * PmtProvider: all functions block, in any thread, several calls at once
 * @type: of providers.json
 * @label: for people; a name, not translated
 * @base_url: (nullable): usual address; %NULL: the account must have one
 * @auth_header, @auth_prefix: usual way to send the key; %NULL: none
 * @key_env: (nullable): usual environment variable with the key
 * @hosts: (nullable): %NULL-terminated; as in PmtAccount
 * @port: of a local server, on loopback; 0: none
 * @probe_path: (nullable): what a local server answers with JSON when asked
 * @unit: of costs: "credits", "USD"
 * @mask_kind: what @mask of a task looks like
 * @is_mask_hard: soft masks are not understood
 * @poll_s: seconds between two polls at first
 * @max_jobs: calls that run at once; local servers work one after the other
 * @classify: turns an answer that is no success into a fault; @json is %NULL
 *   where the body is no JSON.  The class of the status alone has been put into
 *   @fault before
 * @submit: sends the task.  Sets @job's identity and calls
 *   pmt_remote_call_keep() before anything else; state RUNNING, or DONE with
 *   @reply filled or to be fetched
 * @poll: (nullable): one look; sets state, fraction, poll_after
 * @fetch: (nullable): fills @reply of a job that is DONE
 * @cancel: (nullable): best effort, within a second or two
 * @check: (nullable): asks something harmless that needs the key
 * @balance: (nullable): in @unit
 * @list: (nullable): what the server offers for a parameter, by our name
 *   ("checkpoint", "sampler", "schedule", "upscaler", "lora", "model");
 *   %NULL with @error, or %NULL-terminated
 */
struct _PmtProvider
{
  const gchar *type;
  const gchar *label;
  guint flags;
  const gchar *base_url;
  const gchar *auth_header;
  const gchar *auth_prefix;
  const gchar *key_env;
  const gchar *const *hosts;
  guint port;
  const gchar *probe_path;
  const gchar *unit;
  PmtMaskKind mask_kind;
  gboolean is_mask_hard;
  gdouble poll_s;
  guint max_jobs;

  void (*classify) (guint status,
                    const PmtHttpAnswer *answer,
                    const cJSON *json,
                    PmtFault *fault);
  gboolean (*submit) (PmtRemoteCall *call,
                      const PmtRemoteTask *task,
                      PmtRemoteJob *job,
                      PmtRemoteReply *reply,
                      GError **error);
  gboolean (*poll) (PmtRemoteCall *call,
                    const PmtRemoteTask *task,
                    PmtRemoteJob *job,
                    GError **error);
  gboolean (*fetch) (PmtRemoteCall *call,
                     const PmtRemoteTask *task,
                     PmtRemoteJob *job,
                     PmtRemoteReply *reply,
                     GError **error);
  void (*cancel) (PmtRemoteCall *call, PmtRemoteJob *job);
  gboolean (*check) (PmtRemoteCall *call, GError **error);
  gboolean (*balance) (PmtRemoteCall *call, gdouble *amount, GError **error);
  gchar **(*list) (PmtRemoteCall *call, const gchar *param, GError **error);
};

/** pmt_providers_list: (providers.c) Returns: (transfer none): %NULL-ended. */
const PmtProvider *const *pmt_providers_list (void);

/** pmt_providers_find: Returns: (transfer none) (nullable): of that type. */
const PmtProvider *pmt_providers_find (const gchar *type);

/* ---------------------------------------------- for providers (call.c) -- */

/**
 * pmt_remote_call_send:
 * @method: "GET", ...
 * @url: absolute, or a path below the account's base URL
 * @headers: (nullable): %NULL-terminated "Name: value" without secrets
 * @body, @content_type: (nullable)
 * @form: (nullable) (element-type PmtFormPart)
 * @error: the sentence of call->fault
 *
 * Sends with the key where pmt_account_may_have_key() says so.  A status other
 * than 2xx is a failure, classified by the provider.  GETs are tried again
 * after a failure of the network.
 *
 * Returns: (transfer full) (nullable)
 */
PmtHttpAnswer *pmt_remote_call_send (PmtRemoteCall *call,
                                     const gchar *method,
                                     const gchar *url,
                                     const gchar *const *headers,
                                     GBytes *body,
                                     const gchar *content_type,
                                     GPtrArray *form,
                                     GError **error);

/**
 * pmt_remote_call_stream:
 * @chunk: (nullable): called with the bytes of a success as they arrive
 *
 * As pmt_remote_call_send() with POST, for answers that are told bit by bit.
 *
 * Returns: (transfer full) (nullable): with all bytes that were seen.
 */
PmtHttpAnswer *pmt_remote_call_stream (PmtRemoteCall *call,
                                       const gchar *url,
                                       const gchar *const *headers,
                                       GBytes *body,
                                       const gchar *content_type,
                                       GPtrArray *form,
                                       PmtHttpChunkFunc chunk,
                                       gpointer chunk_data,
                                       GError **error);

/**
 * pmt_remote_call_json:
 * @body: (nullable): sent as JSON
 *
 * As pmt_remote_call_send(); an answer that is no JSON object or array is a
 * failure of class SERVER.  An empty body of a success gives an empty object.
 *
 * Returns: (transfer full) (nullable): the answer's JSON.
 */
cJSON *pmt_remote_call_json (PmtRemoteCall *call,
                             const gchar *method,
                             const gchar *url,
                             const gchar *const *headers,
                             const cJSON *body,
                             GError **error);

/** pmt_remote_call_parse: (transfer full) (nullable): @answer's JSON. */
cJSON *pmt_remote_call_parse (PmtRemoteCall *call,
                              const PmtHttpAnswer *answer,
                              GError **error);

/**
 * pmt_remote_call_download:
 * @url: an absolute http(s) URL, or a data: URI with base64
 *
 * A picture of a result.  The key goes along only where it may.  Tried again
 * after failures of the network.
 *
 * Returns: (transfer full) (nullable): not checked to be a picture.
 */
GBytes *pmt_remote_call_download (PmtRemoteCall *call,
                                  const gchar *url,
                                  GError **error);

/**
 * pmt_remote_call_check_url:
 * @url: that the service gave for polling, results or cancelling
 *
 * Returns: %FALSE with class SERVER unless it is on the account's own origin or
 *   one of its hosts.
 */
gboolean pmt_remote_call_check_url (PmtRemoteCall *call,
                                    const gchar *url,
                                    GError **error);

/**
 * pmt_remote_call_get_secrets:
 *
 * For connections that pmt_remote_call_send() doesn't make, and only to where
 * pmt_account_may_have_key() says so.
 *
 * Returns: (transfer full): headers with the key, and those of the account.
 */
gchar **pmt_remote_call_get_secrets (const PmtRemoteCall *call);

/** pmt_remote_call_keep: writes down what @job has now (identity first). */
gboolean
pmt_remote_call_keep (PmtRemoteCall *call, PmtRemoteJob *job, GError **error);

/**
 * pmt_remote_call_fail:
 * @detail: (nullable): of the service, printed as it is
 *
 * Sets call->fault and @error.  Returns: %FALSE
 */
gboolean pmt_remote_call_fail (PmtRemoteCall *call,
                               PmtFaultClass kind,
                               const gchar *detail,
                               GError **error);

/** pmt_remote_call_fail_fault: with call->fault as it was filled in. */
gboolean pmt_remote_call_fail_fault (PmtRemoteCall *call, GError **error);

/** pmt_remote_call_report: @fraction negative: not known. */
void
pmt_remote_call_report (PmtRemoteCall *call, gdouble fraction, GBytes *preview);

/* ----------------------------------------- bodies from manifests (body.c) -- */

/**
 * pmt_body_new:
 *
 * Returns: (transfer full): an object with what the manifest says for the
 *   service: "fixed" members, every parameter under the service's name
 *   ("mapping" of the service entry, else of the manifest; parameters without
 *   a mapping are left out), "seed" under its name if mapped, the count as
 *   @task->n_images, the size as "size" says, picture, mask and references as
 *   data: URIs under "image", "mask" and "references" (name with "[]": a list).
 *   Values that the manifest calls "omit" for a parameter are left out.
 */
cJSON *pmt_body_new (const PmtRemoteTask *task);

/** pmt_body_add_params: only the parameters of pmt_body_new(). */
void pmt_body_add_params (const PmtRemoteTask *task, cJSON *body);

/** pmt_body_add_size: only the size, in the form that the manifest says. */
void pmt_body_add_size (const PmtRemoteTask *task, cJSON *body);

/**
 * pmt_body_to_form:
 * @body: with plain values only
 *
 * Adds each member as a text part of a multipart form.
 */
void pmt_body_to_form (const cJSON *body, GPtrArray *form);

/* JSON that may be anything: no type, no surprise. */

/** pmt_json_get: @path "a.b.0.c"; Returns: (transfer none) (nullable). */
const cJSON *pmt_json_get (const cJSON *json, const gchar *path);

/** pmt_json_get_text: (transfer none) (nullable): %NULL unless a string. */
const gchar *pmt_json_get_text (const cJSON *json, const gchar *path);

/** pmt_json_get_number: @fallback unless a finite number. */
gdouble
pmt_json_get_number (const cJSON *json, const gchar *path, gdouble fallback);

/** pmt_json_get_bool: %FALSE unless true. */
gboolean pmt_json_get_bool (const cJSON *json, const gchar *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtRemoteJob, pmt_remote_job_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtRemoteReply, pmt_remote_reply_free)

/* The providers of this build (a file each). */
extern const PmtProvider pmt_provider_bfl;
extern const PmtProvider pmt_provider_comfyui;
extern const PmtProvider pmt_provider_fal;
extern const PmtProvider pmt_provider_gemini;
extern const PmtProvider pmt_provider_jobs;
extern const PmtProvider pmt_provider_legnext;
extern const PmtProvider pmt_provider_localai;
extern const PmtProvider pmt_provider_openai;
extern const PmtProvider pmt_provider_replicate;
extern const PmtProvider pmt_provider_sdapi;
extern const PmtProvider pmt_provider_sdserver;
extern const PmtProvider pmt_provider_stability;
extern const PmtProvider pmt_provider_topaz;

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* download.c: all the files of an offer, or none. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "core/engine-private.h"
#include "store/lock.h"
#include "store/place.h"
#include "store/store-private.h"

#define CONNECT_S 15

/* A download at work: @paths are where its files go, @partials are %NULL for
 * those that are there already. */
typedef struct
{
  const PmtOffer *offer;
  const PmtFetchOptions *options;
  GPtrArray *paths;
  GPtrArray *partials;
  PmtStoreReport report;
  GCancellable *cancellable;
} Download;

gboolean
pmt_store_require_folder (PmtEngine *engine, GError **error)
{
  if (engine->user_dir != NULL)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("There is no folder for models: this program runs "
                  "Pentimento without one."));
  return FALSE;
}

static gint64
size_of (const gchar *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 && S_ISREG (status.st_mode)
             ? (gint64)status.st_size
             : -1;
}

void
pmt_offer_look (const PmtOffer *offer,
                const gchar *user_dir,
                PmtOfferState *state)
{
  *state = (PmtOfferState){ 0, FALSE, 0 };
  for (guint i = 0; i < offer->files->len; i++)
    {
      const PmtModelFile *file = pmt_offer_get_file (offer, i);
      g_autofree gchar *path = pmt_place_path (user_dir, file->name);
      const gint64 begun = pmt_partial_look (path);

      if (size_of (path) == (gint64)file->bytes)
        {
          state->n_there++;
          state->bytes += file->bytes;
        }
      else if (begun >= 0)
        {
          state->is_begun = TRUE;
          state->bytes += MIN ((guint64)begun, file->bytes);
        }
    }
}

/* ------------------------------------------------------------- prepare -- */

/* Nothing of the user's is written over. */
static gboolean
check_taken (const gchar *path, const PmtModelFile *file, GError **error)
{
  g_autofree gchar *shown = g_filename_display_name (path);

  if (!pmt_place_exists (path) || size_of (path) == (gint64)file->bytes)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("There is another file “%s” already. Rename or remove it, "
                  "and download again."),
               shown);
  return FALSE;
}

static gboolean
open_file (Download *download,
           const gchar *user_dir,
           const PmtModelFile *file,
           GError **error)
{
  gchar *path = pmt_place_prepare (user_dir, file->name, error);
  PmtPartial *partial = NULL;

  if (path == NULL)
    return FALSE;
  g_ptr_array_add (download->paths, path);
  if (!check_taken (path, file, error))
    return FALSE;
  if (!pmt_place_exists (path))
    {
      partial = pmt_partial_open (path, file, &download->report,
                                  download->cancellable, error);
      if (partial == NULL)
        return FALSE;
    }
  g_ptr_array_add (download->partials, partial);
  download->report.base += file->bytes;
  return TRUE;
}

static gboolean
check_space (Download *download, GError **error)
{
  guint64 left = 0;

  for (guint i = 0; i < download->partials->len; i++)
    if (download->partials->pdata[i] != NULL)
      left += pmt_offer_get_file (download->offer, i)->bytes
              - pmt_partial_get_done (download->partials->pdata[i]);
  return left == 0
         || pmt_place_check_space (download->paths->pdata[0], left,
                                   download->options->margin, error);
}

static gboolean
prepare (Download *download, const gchar *user_dir, GError **error)
{
  for (guint i = 0; i < download->offer->files->len; i++)
    if (!open_file (download, user_dir, pmt_offer_get_file (download->offer, i),
                    error))
      return FALSE;
  download->report.base = 0;
  return check_space (download, error);
}

/* --------------------------------------------------------------- files -- */

static gboolean
fetch_file (Download *download, PmtHttp *http, guint i, GError **error)
{
  const PmtModelFile *file = pmt_offer_get_file (download->offer, i);
  PmtPartial *partial = download->partials->pdata[i];
  g_autofree gchar *host = pmt_fetch_host (file->url);

  if (partial != NULL)
    {
      if (!pmt_fetch_file (http, download->offer->homepage, partial,
                           download->options, &download->report,
                           download->cancellable, error))
        return FALSE;
      pmt_store_report (&download->report, _ ("Checking"), file->bytes);
      if (!pmt_partial_verify (partial, host, error))
        return FALSE;
    }
  download->report.base += file->bytes;
  return TRUE;
}

/* What is in its place already goes back, so that no part of a model is seen as
 * a whole. */
static gboolean
publish_all (Download *download, GError **error)
{
  for (guint i = 0; i < download->partials->len; i++)
    if (download->partials->pdata[i] != NULL
        && !pmt_partial_publish (download->partials->pdata[i], error))
      {
        while (i-- > 0)
          if (download->partials->pdata[i] != NULL)
            pmt_partial_withdraw (download->partials->pdata[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
fetch_all (Download *download, const gchar *user_dir, GError **error)
{
  PmtHttpOptions options = PMT_HTTP_OPTIONS_INIT;
  g_autoptr (PmtHttp) http = NULL;

  if (!prepare (download, user_dir, error))
    return FALSE;
  options.connect_s = CONNECT_S;
  http = pmt_http_new (&options);
  for (guint i = 0; i < download->offer->files->len; i++)
    if (!fetch_file (download, http, i, error))
      return FALSE;
  return publish_all (download, error);
}

static void
close_partial (gpointer data)
{
  pmt_partial_free (data);
}

static gboolean
download_offer (PmtEngine *engine,
                Download *download,
                const PmtOffer *offer,
                GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) partials =
      g_ptr_array_new_with_free_func (close_partial);

  download->offer = offer;
  download->paths = paths;
  download->partials = partials;
  download->report.total = pmt_offer_get_bytes (offer);
  return fetch_all (download, engine->user_dir, error);
}

/* -------------------------------------------------------------- public -- */

static PmtOffer *
find_offer (GPtrArray *offers, const gchar *id, GError **error)
{
  PmtOffer *offer = pmt_offers_find (offers, id);

  if (offer == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("There is no download “%s”. Choose one of those that are "
                    "listed."),
                 id);
  return offer;
}

gboolean
pmt_store_download_with (PmtEngine *engine,
                         const gchar *id,
                         const PmtFetchOptions *options,
                         PmtStoreProgressFunc progress,
                         gpointer progress_data,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GPtrArray) offers = NULL;
  g_autoptr (PmtStoreLock) lock = NULL;
  Download download = { .options = options,
                        .cancellable = cancellable,
                        .report = { .func = progress, .data = progress_data } };
  const PmtOffer *offer;

  if (!pmt_store_require_folder (engine, error))
    return FALSE;
  offers = pmt_offers_load (engine->data_dir, engine->user_dir, NULL);
  offer = find_offer (offers, id, error);
  if (offer == NULL)
    return FALSE;
  lock = pmt_store_lock_take (engine->user_dir, id, error);
  if (lock == NULL || !download_offer (engine, &download, offer, error))
    return FALSE;
  g_clear_pointer (&lock, pmt_store_lock_release);
  pmt_engine_reload_models (engine);
  return TRUE;
}

gboolean
pmt_store_download (PmtEngine *engine,
                    const gchar *id,
                    PmtStoreProgressFunc progress,
                    gpointer progress_data,
                    GCancellable *cancellable,
                    GError **error)
{
  const PmtFetchOptions options = PMT_FETCH_OPTIONS_INIT;

  g_return_val_if_fail (engine != NULL && id != NULL, FALSE);
  return pmt_store_download_with (engine, id, &options, progress, progress_data,
                                  cancellable, error);
}

gboolean
pmt_store_discard (PmtEngine *engine, const gchar *id, GError **error)
{
  g_autoptr (GPtrArray) offers = NULL;
  g_autoptr (PmtStoreLock) lock = NULL;
  const PmtOffer *offer;
  PmtOfferState state;
  gboolean is_ok = TRUE;

  g_return_val_if_fail (engine != NULL && id != NULL, FALSE);
  if (!pmt_store_require_folder (engine, error))
    return FALSE;
  offers = pmt_offers_load (engine->data_dir, engine->user_dir, NULL);
  offer = find_offer (offers, id, error);
  if (offer == NULL)
    return FALSE;
  lock = pmt_store_lock_take (engine->user_dir, id, error);
  if (lock == NULL)
    return FALSE;
  pmt_offer_look (offer, engine->user_dir, &state);
  if (!state.is_begun)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("Nothing of the download “%s” is there."), id);
      return FALSE;
    }
  for (guint i = 0; i < offer->files->len && is_ok; i++)
    {
      g_autofree gchar *path = pmt_place_path (
          engine->user_dir, pmt_offer_get_file (offer, i)->name);

      if (pmt_place_is_inside (engine->user_dir, path))
        is_ok = pmt_partial_delete (path, error);
    }
  return is_ok;
}

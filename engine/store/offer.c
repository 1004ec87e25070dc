/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* offer.c: what can be downloaded, read from JSON. */
#include "config.h"

#include "store/offer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/json-folder.h"
#include "core/backend.h"
#include "core/engine-private.h"
#include "remote/origin.h"
#include "store/place.h"

#define MAX_NAME 100
#define MAX_ABOUT 300
#define MAX_BYTES ((guint64)1 << 40)

/* As in data/downloads/schema.json. */
#define PATTERN_LICENSE                                                        \
  "^[A-Za-z0-9][A-Za-z0-9.+-]*( (AND|OR|WITH) "                                \
  "[A-Za-z0-9][A-Za-z0-9.+-]*)*\\z"

void
pmt_offer_free (PmtOffer *offer)
{
  if (offer == NULL)
    return;
  g_free (offer->id);
  g_free (offer->name);
  g_free (offer->family);
  g_free (offer->kind);
  g_free (offer->license);
  g_free (offer->license_url);
  g_free (offer->homepage);
  g_free (offer->about);
  g_array_unref (offer->files);
  g_free (offer);
}

static gboolean
read_head (PmtManifestReader *reader, PmtOffer *offer)
{
  const cJSON *root = reader->root;
  const guint max_url = PMT_MODEL_FILE_MAX_URL;
  g_autofree gchar *schema = NULL;

  return pmt_reader_get_string (reader, root, "$schema", PMT_READ_OPTIONAL,
                                NULL, max_url, &schema)
         && pmt_reader_get_string (reader, root, "id", PMT_READ_REQUIRED,
                                   PMT_PATTERN_ID, 64, &offer->id)
         && pmt_reader_get_string (reader, root, "name", PMT_READ_REQUIRED,
                                   NULL, MAX_NAME, &offer->name)
         && pmt_reader_get_string (reader, root, "family", PMT_READ_OPTIONAL,
                                   PMT_PATTERN_ID, 64, &offer->family)
         && pmt_reader_get_string (reader, root, "kind", PMT_READ_REQUIRED,
                                   PMT_PATTERN_ID, 64, &offer->kind)
         && pmt_reader_get_string (reader, root, "license", PMT_READ_REQUIRED,
                                   PATTERN_LICENSE, MAX_NAME, &offer->license)
         && pmt_reader_get_string (reader, root, "license_url",
                                   PMT_READ_OPTIONAL, PMT_PATTERN_URL, max_url,
                                   &offer->license_url)
         && pmt_reader_get_string (reader, root, "homepage", PMT_READ_OPTIONAL,
                                   PMT_PATTERN_URL, max_url, &offer->homepage)
         && pmt_reader_get_string (reader, root, "about", PMT_READ_OPTIONAL,
                                   NULL, MAX_ABOUT, &offer->about);
}

static gboolean
check_kind (PmtManifestReader *reader, const PmtOffer *offer)
{
  if (pmt_place_is_kind (offer->kind))
    return TRUE;
  return pmt_reader_fail (
      reader, cJSON_GetObjectItemCaseSensitive (reader->root, "kind"),
      _ ("“%s” is no kind of model that can be installed."), offer->kind);
}

static gboolean
check_file (PmtManifestReader *reader,
            const PmtOffer *offer,
            guint i,
            const cJSON *node)
{
  const PmtModelFile *file = pmt_offer_get_file (offer, i);
  const gsize length = strlen (offer->kind);

  if (!pmt_place_is_name (file->name)
      || strncmp (file->name, offer->kind, length) != 0
      || file->name[length] != '/')
    return pmt_reader_fail (reader, node,
                            _ ("“%s” can't be the name of a file in the folder "
                               "“models/%s”."),
                            file->name, offer->kind);
  if (!pmt_origin_check (file->url, offer->name, NULL))
    return pmt_reader_fail (reader, node,
                            _ ("“%s” is no address to download from: it must "
                               "begin with https://."),
                            file->url);
  if (file->bytes > MAX_BYTES)
    return pmt_reader_fail (reader, node, _ ("The file is too large."));
  for (guint j = 0; j < i; j++)
    if (g_str_equal (pmt_offer_get_file (offer, j)->name, file->name))
      return pmt_reader_fail (reader, node, _ ("“%s” is there twice."),
                              file->name);
  return TRUE;
}

static gboolean
check_files (PmtManifestReader *reader, const PmtOffer *offer)
{
  const cJSON *array = cJSON_GetObjectItemCaseSensitive (reader->root, "files");
  const cJSON *node = array != NULL ? array->child : NULL;

  if (offer->files->len == 0)
    return pmt_reader_fail (reader, array, _ ("“%s” is missing."), "files");
  for (guint i = 0; i < offer->files->len; i++, node = node->next)
    if (!check_file (reader, offer, i, node))
      return FALSE;
  return TRUE;
}

static gboolean
read_all (PmtManifestReader *reader, PmtOffer *offer)
{
  static const gchar *const keys[] = { "$schema",     "id",       "name",
                                       "family",      "kind",     "license",
                                       "license_url", "homepage", "about",
                                       "files",       NULL };

  return pmt_reader_check_keys (reader, reader->root, keys)
         && read_head (reader, offer) && check_kind (reader, offer)
         && pmt_model_files_read (reader, offer->files)
         && check_files (reader, offer);
}

PmtOffer *
pmt_offer_parse (const gchar *file,
                 const gchar *text,
                 gsize length,
                 GError **error)
{
  g_autoptr (cJSON) root = NULL;
  g_autoptr (PmtOffer) offer = NULL;
  PmtManifestReader reader = { file, text, length, NULL, error };

  root = pmt_json_parse (file, text, length, PMT_ERROR_MANIFEST, error);
  if (root == NULL)
    return NULL;
  reader.root = root;
  offer = g_new0 (PmtOffer, 1);
  offer->family = g_strdup ("");
  offer->files = g_array_new (FALSE, TRUE, sizeof (PmtModelFile));
  g_array_set_clear_func (offer->files, pmt_model_file_clear);
  if (!read_all (&reader, offer))
    return NULL;
  return g_steal_pointer (&offer);
}

/* ------------------------------------------------------------- folders -- */

static PmtOffer *
read_path (const gchar *path, GError **error)
{
  gsize length = 0;
  g_autofree gchar *text = pmt_json_folder_read (path, &length, error);

  return text != NULL ? pmt_offer_parse (path, text, length, error) : NULL;
}

static void
load_file (const gchar *path,
           gboolean is_shipped,
           GPtrArray *offers,
           GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtOffer) offer = read_path (path, &error);

  if (offer == NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path, "%s",
                        error->message);
      return;
    }
  if (pmt_offers_find (offers, offer->id) != NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path,
                        _ ("%s: there is a download “%s” already. Choose "
                           "another id."),
                        path, offer->id);
      return;
    }
  offer->is_shipped = is_shipped;
  g_ptr_array_add (offers, g_steal_pointer (&offer));
}

static void
load_folder (const gchar *parent,
             gboolean is_shipped,
             GPtrArray *offers,
             GPtrArray *problems)
{
  g_autofree gchar *folder = g_build_filename (parent, "downloads", NULL);
  g_autoptr (GPtrArray) names = pmt_json_folder_list (folder, problems);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree gchar *path = g_build_filename (folder, names->pdata[i], NULL);

      load_file (path, is_shipped, offers, problems);
    }
}

GPtrArray *
pmt_offers_load (const gchar *data_dir,
                 const gchar *user_dir,
                 GPtrArray *problems)
{
  g_autoptr (GPtrArray) unheard = pmt_problems_new ();
  GPtrArray *offers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_offer_free);

  if (problems == NULL)
    problems = unheard;
  load_folder (data_dir, TRUE, offers, problems);
  if (user_dir != NULL)
    load_folder (user_dir, FALSE, offers, problems);
  return offers;
}

PmtOffer *
pmt_offers_find (GPtrArray *offers, const gchar *id)
{
  for (guint i = 0; i < offers->len; i++)
    if (g_str_equal (((const PmtOffer *)offers->pdata[i])->id, id))
      return offers->pdata[i];
  return NULL;
}

gchar *
pmt_offer_get_host (const PmtOffer *offer)
{
  g_autoptr (GUri) uri =
      g_uri_parse (pmt_offer_get_file (offer, 0)->url, G_URI_FLAGS_NONE, NULL);

  return g_strdup (
      uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : "");
}

guint64
pmt_offer_get_bytes (const PmtOffer *offer)
{
  guint64 bytes = 0;

  for (guint i = 0; i < offer->files->len; i++)
    bytes += pmt_offer_get_file (offer, i)->bytes;
  return bytes;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* list.c: what is in the store. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/file-id.h"
#include "catalog/model-folder.h"
#include "catalog/model.h"
#include "core/backend.h"
#include "core/engine-private.h"
#include "store/listing.h"
#include "store/place.h"

static const gchar *
text_or_empty (const gchar *text)
{
  return text != NULL ? text : "";
}

/* Those of users' own offers are shown as they are. */
static gchar *
translate (const PmtOffer *offer, const gchar *context, const gchar *text)
{
  if (!offer->is_shipped || text == NULL)
    return g_strdup (text);
  return g_strdup (context != NULL
                       ? g_dpgettext2 (GETTEXT_PACKAGE, context, text)
                       : g_dgettext (GETTEXT_PACKAGE, text));
}

static GHashTable *
index_models (PmtEngine *engine)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, -1);
  GHashTable *index =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < models->len; i++)
    {
      const gchar *path = pmt_model_get_path (models->pdata[i]);

      if (path != NULL)
        g_hash_table_insert (index, g_canonicalize_filename (path, NULL),
                             models->pdata[i]);
    }
  return index;
}

static void
set_model (const PmtStoreListing *list, PmtStoreItem *item)
{
  g_autofree gchar *path = g_canonicalize_filename (item->path, NULL);
  const PmtModel *model = g_hash_table_lookup (list->models, path);

  if (model == NULL)
    return;
  item->model = g_strdup (pmt_model_get_id (model));
  if (*item->family == '\0')
    {
      g_free (item->family);
      item->family = g_strdup (text_or_empty (pmt_model_get_family (model)));
    }
}

/* A file or folder that is here. */
PmtStoreItem *
pmt_store_list_file (PmtStoreListing *list,
                     const gchar *id,
                     const gchar *kind,
                     const gchar *path,
                     PmtStoreState state)
{
  PmtStoreItem *item = g_new0 (PmtStoreItem, 1);
  gchar *name = pmt_file_id_show (path);
  gchar *dot = strrchr (name, '.');

  if (dot != NULL && dot != name && pmt_place_has_suffix (name))
    *dot = '\0';
  item->id = g_strdup (id);
  item->name = name;
  item->family = g_strdup ("");
  item->kind = g_strdup (kind);
  item->license = g_strdup ("");
  item->path = g_strdup (path);
  item->bytes = item->bytes_here = pmt_store_measure (path);
  item->n_files = 1;
  item->state = state;
  set_model (list, item);
  g_ptr_array_add (list->items, item);
  return item;
}

/* ------------------------------------------------------------- shipped -- */

/* One of those that run it. */
static const PmtModel *
find_shipped (GPtrArray *models, const gchar *name)
{
  for (guint i = 0; i < models->len; i++)
    {
      const PmtModel *model = models->pdata[i];

      for (guint j = 0; j < model->nets->len; j++)
        if (g_str_equal (g_array_index (model->nets, PmtModelNet, j).name,
                         name))
          return model;
    }
  return NULL;
}

static void
describe_shipped (PmtStoreItem *item, const PmtModel *model)
{
  g_free (item->license);
  g_free (item->family);
  item->license = g_strdup (pmt_model_get_license (model));
  item->family = g_strdup (text_or_empty (pmt_model_get_family (model)));
}

static void
add_shipped_nets (PmtStoreListing *list, GPtrArray *models)
{
  g_autofree gchar *folder =
      g_build_filename (list->engine->data_dir, "nets", NULL);
  g_autoptr (GPtrArray) paths = pmt_model_folder_list (folder);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree gchar *name = g_path_get_basename (paths->pdata[i]);
      g_autofree gchar *id = g_strconcat ("shipped/", name, NULL);
      const PmtModel *model = find_shipped (models, name);
      PmtStoreItem *item = pmt_store_list_file (
          list, id, "upscalers", paths->pdata[i], PMT_STORE_SHIPPED);

      if (model != NULL)
        describe_shipped (item, model);
    }
}

/* Checkpoints; their folders lie side by side. */
static void
add_shipped_bundles (PmtStoreListing *list, GPtrArray *models)
{
  g_autofree gchar *folder =
      g_build_filename (list->engine->data_dir, "models", NULL);

  for (guint i = 0; i < models->len; i++)
    {
      const PmtModel *model = models->pdata[i];
      const gchar *path = pmt_model_get_path (model);
      g_autofree gchar *parent = path ? g_path_get_dirname (path) : NULL;
      g_autofree gchar *id = NULL;
      PmtStoreItem *item;

      if (g_strcmp0 (parent, folder) != 0)
        continue;
      id = g_strconcat ("shipped/", pmt_model_get_id (model), NULL);
      item = pmt_store_list_file (list, id, "checkpoints", path,
                                  PMT_STORE_SHIPPED);
      g_free (item->name);
      item->name = g_strdup (pmt_model_get_name (model));
      describe_shipped (item, model);
    }
}

static void
add_shipped (PmtStoreListing *list)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (list->engine, -1);

  add_shipped_nets (list, models);
  add_shipped_bundles (list, models);
}

/* -------------------------------------------------------------- offers -- */

static void
set_state (const PmtStoreListing *list,
           const PmtOffer *offer,
           PmtStoreItem *item)
{
  PmtOfferState state = { 0, FALSE, 0 };
  g_autofree gchar *path = NULL;

  item->state = PMT_STORE_AVAILABLE;
  if (list->engine->user_dir == NULL)
    return;
  pmt_offer_look (offer, list->engine->user_dir, &state);
  item->bytes_here = state.bytes;
  if (state.n_there == offer->files->len)
    item->state = PMT_STORE_INSTALLED;
  else if (state.is_begun || state.n_there > 0)
    item->state = PMT_STORE_PARTIAL;
  path = pmt_place_path (list->engine->user_dir,
                         pmt_offer_get_file (offer, 0)->name);
  item->can_remove =
      state.n_there > 0 && pmt_place_is_inside (list->engine->user_dir, path);
  if (item->state != PMT_STORE_INSTALLED)
    return;
  item->path = g_steal_pointer (&path);
  set_model (list, item);
}

static void
add_offer (PmtStoreListing *list, const PmtOffer *offer)
{
  const PmtModelFile *file = pmt_offer_get_file (offer, 0);
  PmtStoreItem *item = g_new0 (PmtStoreItem, 1);

  item->id = g_strdup (offer->id);
  item->name = translate (offer, "model", offer->name);
  item->family = g_strdup (offer->family);
  item->kind = g_strdup (offer->kind);
  item->license = g_strdup (offer->license);
  item->license_url = g_strdup (offer->license_url);
  item->homepage = g_strdup (offer->homepage);
  item->about = translate (offer, NULL, offer->about);
  item->origin = pmt_offer_get_host (offer);
  item->url = g_strdup (file->url);
  item->sha256 = g_strdup (file->sha256);
  item->n_files = offer->files->len;
  item->bytes = pmt_offer_get_bytes (offer);
  set_state (list, offer, item);
  g_ptr_array_add (list->items, item);
}

/* ----------------------------------------------------------- installed -- */

static gboolean
is_there (const PmtStoreListing *list, const PmtModelFile *file)
{
  g_autofree gchar *path = pmt_place_path (list->engine->user_dir, file->name);

  return pmt_store_measure (path) == file->bytes;
}

/* Whether @name, below "models/", is a file of an offer or a folder of one. */
static gboolean
is_offered (const PmtStoreListing *list, const gchar *name)
{
  const gsize length = strlen (name);

  for (guint i = 0; i < list->offers->len; i++)
    {
      const PmtOffer *offer = list->offers->pdata[i];

      for (guint j = 0; j < offer->files->len; j++)
        {
          const PmtModelFile *file = pmt_offer_get_file (offer, j);

          if (strncmp (file->name, name, length) == 0
              && (file->name[length] == '/' || file->name[length] == '\0')
              && is_there (list, file))
            return TRUE;
        }
    }
  return FALSE;
}

PmtModelWalkFlags
pmt_store_what_to_walk (const gchar *kind)
{
  static const gchar *const nets[] = { "faces", "subject", "upscalers", NULL };

  return g_strv_contains (nets, kind) ? PMT_MODEL_WALK_NETS
                                      : PMT_MODEL_WALK_WEIGHTS;
}

static void
add_own (PmtStoreListing *list, const gchar *kind, const gchar *path)
{
  g_autofree gchar *models =
      g_build_filename (list->engine->user_dir, "models", NULL);
  const gchar *name = path + strlen (models) + 1;
  PmtStoreItem *item;

  if (is_offered (list, name))
    return;
  item = pmt_store_list_file (list, name, kind, path, PMT_STORE_INSTALLED);
  item->can_remove = pmt_place_is_inside (list->engine->user_dir, path);
}

/* Folders with the files of a vocabulary. */
static void
add_vocabularies (PmtStoreListing *list, const gchar *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);
      g_autofree gchar *vocabulary =
          g_build_filename (path, "vocab.json", NULL);

      if (name[0] != '.' && g_file_test (vocabulary, G_FILE_TEST_IS_REGULAR))
        add_own (list, "tokenizers", path);
    }
}

static void
add_installed (PmtStoreListing *list)
{
  const gchar *const *kinds = pmt_place_kinds ();

  for (guint k = 0; kinds[k] != NULL; k++)
    {
      g_autofree gchar *folder =
          g_build_filename (list->engine->user_dir, "models", kinds[k], NULL);
      g_autoptr (GPtrArray) paths = pmt_model_walk (
          folder, pmt_store_what_to_walk (kinds[k]), list->problems);

      if (g_str_equal (kinds[k], "tokenizers"))
        {
          add_vocabularies (list, folder);
          continue;
        }
      for (guint i = 0; i < paths->len; i++)
        add_own (list, kinds[k], paths->pdata[i]);
    }
}

/* -------------------------------------------------------------- public -- */

static gint
compare_items (gconstpointer a, gconstpointer b)
{
  const PmtStoreItem *left = *(PmtStoreItem *const *)a;
  const PmtStoreItem *right = *(PmtStoreItem *const *)b;
  const gint order = strcmp (left->kind, right->kind);

  if (order != 0)
    return order;
  if (left->state != right->state)
    return (gint)left->state - (gint)right->state;
  return g_utf8_collate (left->name, right->name);
}

GPtrArray *
pmt_store_list (PmtEngine *engine, GPtrArray **problems)
{
  g_autoptr (GPtrArray) found = pmt_problems_new ();
  g_autoptr (GPtrArray) offers = NULL;
  g_autoptr (GHashTable) models = NULL;
  PmtStoreListing list = { .engine = engine, .problems = found };

  g_return_val_if_fail (engine != NULL, NULL);
  list.offers = offers =
      pmt_offers_load (engine->data_dir, engine->user_dir, found);
  list.models = models = index_models (engine);
  list.items =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_store_item_free);
  add_shipped (&list);
  for (guint i = 0; i < offers->len; i++)
    add_offer (&list, offers->pdata[i]);
  if (engine->user_dir != NULL)
    {
      add_installed (&list);
      pmt_store_list_sources (&list);
    }
  g_ptr_array_sort (list.items, compare_items);
  if (problems != NULL)
    *problems = g_steal_pointer (&found);
  return list.items;
}

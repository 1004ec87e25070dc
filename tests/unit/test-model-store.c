/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-model-store.c: offers, what is listed, adding, removing, other programs. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/shared-config.h"
#include "diffusion/embeddings.h"
#include "diffusion/user-checkpoints.h"
#include "store-home.h"
#include "store/store-private.h"
#include "tiny-file.h"

static void
set_up (StoreHome *home, gconstpointer data)
{
  store_home_set_up (home);
}

static void
tear_down (StoreHome *home, gconstpointer data)
{
  store_home_tear_down (home);
}

/* -------------------------------------------------------------- offers -- */

#define SHA "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
#define HEAD                                                                   \
  "{\"id\":\"a\",\"name\":\"A\",\"kind\":\"lora\",\"license\":\"MIT\","
#define FILE_OF(name, url)                                                     \
  "{\"name\":\"" name "\",\"url\":\"" url "\",\"bytes\":5,\"sha256\":\"" SHA   \
  "\",\"role\":\"lora\"}"
#define OFFER(name, url) HEAD "\"files\":[" FILE_OF (name, url) "]}"
#define URL "https://example.org/a"

static void
test_bad_offers (void)
{
  static const gchar *const bad[] = {
    "",
    "[]",
    HEAD "\"files\":[]}",
    HEAD "\"x\":1,\"files\":[" FILE_OF ("lora/a.safetensors", URL) "]}",
    OFFER ("../a.safetensors", URL),
    OFFER ("lora/../../a.safetensors", URL),
    OFFER ("lora/.a.safetensors", URL),
    OFFER ("/lora/a.safetensors", URL),
    OFFER ("lora//a.safetensors", URL),
    OFFER ("lora/a/b/c/d/e.safetensors", URL),
    OFFER ("lora", URL),
    OFFER ("vae/a.safetensors", URL),
    OFFER ("loras/a.safetensors", URL),
    OFFER ("lora/a.pth", URL),
    OFFER ("lora/a.sh", URL),
    OFFER ("lora/a.safetensors.part", URL),
    OFFER ("lora/a\\\\b.safetensors", URL),
    OFFER ("lora/a.safetensors", "http://example.org/a"),
    OFFER ("lora/a.safetensors", "ftp://example.org/a"),
    OFFER ("lora/a.safetensors", "file:///etc/passwd"),
    OFFER ("lora/a.safetensors", "https://me:secret@example.org/a"),
    HEAD "\"files\":[" FILE_OF ("lora/a.safetensors", URL) "," FILE_OF (
        "lora/a.safetensors", URL) "]}",
    "{\"id\":\"a/b\",\"name\":\"A\",\"kind\":\"lora\",\"license\":\"MIT\","
    "\"files\":[" FILE_OF ("lora/a.safetensors", URL) "]}",
    "{\"id\":\"a\",\"name\":\"A\",\"kind\":\"nets\",\"license\":\"MIT\","
    "\"files\":[" FILE_OF ("nets/a.safetensors", URL) "]}",
    "{\"id\":\"a\",\"name\":\"A\",\"kind\":\"lora\",\"license\":\"free!\","
    "\"files\":[" FILE_OF ("lora/a.safetensors", URL) "]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtOffer) offer =
          pmt_offer_parse ("x.json", bad[i], strlen (bad[i]), &error);

      if (offer != NULL)
        g_error ("was accepted: %s", bad[i]);
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
      g_assert_true (g_str_has_prefix (error->message, "x.json"));
    }
}

static void
test_good_offer (void)
{
  static const gchar text[] =
      HEAD "\"files\":[" FILE_OF ("lora/a/b.safetensors", URL) "," FILE_OF (
          "lora/a.json", "http://127.0.0.1:80/x") "]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtOffer) offer =
      pmt_offer_parse ("x.json", text, strlen (text), &error);
  g_autofree gchar *host = NULL;

  g_assert_no_error (error);
  host = pmt_offer_get_host (offer);
  g_assert_cmpstr (host, ==, "example.org");
  g_assert_cmpuint (pmt_offer_get_bytes (offer), ==, 10);
}

/* Whatever comes with Pentimento. */
static void
test_shipped_offers (void)
{
  g_autoptr (GPtrArray) problems =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_problem_free);
  g_autoptr (GPtrArray) offers =
      pmt_offers_load (g_getenv ("PENTIMENTO_TEST_DATA"), NULL, problems);

  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_nonnull (pmt_offers_find (offers, "yunet"));
  for (guint i = 0; i < offers->len; i++)
    {
      const PmtOffer *offer = offers->pdata[i];

      g_assert_nonnull (offer->about);
      g_assert_nonnull (offer->homepage);
      g_assert_true (
          g_str_has_prefix (pmt_offer_get_file (offer, 0)->url, "https://"));
    }
}

static void
test_user_offers (StoreHome *home, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GPtrArray) items = NULL;

  store_home_write (home, "home/downloads/good.json",
                    OFFER ("lora/a.safetensors", URL), -1);
  store_home_write (home, "home/downloads/twice.json",
                    OFFER ("lora/b.safetensors", URL), -1);
  store_home_write (home, "home/downloads/bad.json", "{", -1);
  items = pmt_store_list (home->engine, &problems);
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_cmpint (store_home_find (items, "a")->state, ==,
                   PMT_STORE_AVAILABLE);
  g_assert_cmpint (store_home_find (items, "yunet")->state, ==,
                   PMT_STORE_AVAILABLE);
}

/* ---------------------------------------------------------------- list -- */

static void
test_shipped (StoreHome *home, gconstpointer data)
{
  g_autoptr (GPtrArray) items = pmt_store_list (home->engine, NULL);
  const PmtStoreItem *item = store_home_find (items, "shipped/restore-1x.onnx");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (item);
  g_assert_cmpint (item->state, ==, PMT_STORE_SHIPPED);
  g_assert_null (item->model);
  g_assert_cmpstr (item->license, ==, "LGPL-3.0-or-later");
  g_assert_cmpuint (item->bytes, >, 10000);
  g_assert_false (item->can_remove);
  g_assert_false (pmt_store_remove (home->engine, item->id, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

static void
write_checkpoint (StoreHome *home, const gchar *name)
{
  const TinyUnet unet = { 4, FALSE, 0 };
  g_autoptr (TinyFile) file = tiny_file_new ();
  g_autofree gchar *path = store_home_path (home, name, NULL);

  store_home_write (home, name, "", 0);
  tiny_file_add_unet (file, &unet);
  tiny_file_write (file, path);
}

static gchar *
add (StoreHome *home, const gchar *name, GError **error)
{
  g_autofree gchar *path = store_home_path (home, name, NULL);

  return pmt_store_add (home->engine, path, NULL, NULL, NULL, error);
}

static void
test_add (StoreHome *home, gconstpointer data)
{
  g_autofree gchar *id = NULL;
  g_autofree gchar *again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = NULL;
  const PmtStoreItem *item;

  store_home_embedding (home, "My Style.SafeTensors");
  id = add (home, "My Style.SafeTensors", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "embeddings/My Style.safetensors");
  g_assert_true (
      store_home_has (home, "home/models/embeddings/My Style.safetensors"));
  g_assert_false (store_home_has (home, "home/models/embeddings/.adding"));
  items = pmt_store_list (home->engine, NULL);
  item = store_home_find (items, id);
  g_assert_nonnull (item);
  g_assert_cmpint (item->state, ==, PMT_STORE_INSTALLED);
  g_assert_cmpstr (item->name, ==, "My Style");
  g_assert_cmpstr (item->kind, ==, "embeddings");
  g_assert_true (item->can_remove);
  again = add (home, "My Style.SafeTensors", &error);
  g_assert_null (again);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

static void
test_add_tiny_vae (StoreHome *home, gconstpointer data)
{
  g_autoptr (TinyFile) file = tiny_file_new ();
  g_autofree gchar *path = store_home_path (home, "taesd.safetensors", NULL);
  g_autofree gchar *id = NULL;
  g_autoptr (GError) error = NULL;

  tiny_file_add_tiny_vae (file);
  tiny_file_write (file, path);
  id = add (home, "taesd.safetensors", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "vae/taesd.safetensors");
}

static void
test_add_bad (StoreHome *home, gconstpointer data)
{
  static const struct
  {
    const gchar *name;
    gint code;
    const gchar *says;
  } cases[] = {
    { "model.ckpt", PMT_ERROR_UNSUPPORTED, "PyTorch" },
    { "4x.pth", PMT_ERROR_UNSUPPORTED, ".onnx" },
    { "style.PT", PMT_ERROR_UNSUPPORTED, "PyTorch" },
    { "notes.txt", PMT_ERROR_UNSUPPORTED, "nothing that Pentimento" },
    { "broken.safetensors", PMT_ERROR_MODEL, "broken.safetensors" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree gchar *id = NULL;

      store_home_write (home, cases[i].name, "no model at all", -1);
      id = add (home, cases[i].name, &error);
      g_assert_null (id);
      g_assert_error (error, PMT_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
  g_assert_false (store_home_has (home, "home/models"));
}

static void
test_add_hidden (StoreHome *home, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *id = NULL;

  store_home_embedding (home, ".style.safetensors");
  id = add (home, ".style.safetensors", &error);
  g_assert_null (id);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

static void
test_add_cancelled (StoreHome *home, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = store_home_path (home, "a.safetensors", NULL);

  store_home_embedding (home, "a.safetensors");
  g_cancellable_cancel (cancellable);
  g_assert_null (
      pmt_store_add (home->engine, path, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (
      store_home_has (home, "home/models/embeddings/a.safetensors"));
  g_assert_false (store_home_has (home, "home/models/embeddings/.adding"));
}

/* -------------------------------------------------------------- remove -- */

static void
test_remove (StoreHome *home, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_home_embedding (home, "home/models/lora/a.safetensors");
  store_home_embedding (home, "home/models/lora/sub/b.safetensors");
  g_assert_true (
      pmt_store_remove (home->engine, "lora/sub/b.safetensors", &error));
  g_assert_no_error (error);
  g_assert_false (store_home_has (home, "home/models/lora/sub/b.safetensors"));
  g_assert_true (store_home_has (home, "home/models/lora/a.safetensors"));
  g_assert_false (
      pmt_store_remove (home->engine, "lora/../../config.json", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

static void
make_link (StoreHome *home, const gchar *target, const gchar *name)
{
  g_autofree gchar *to = store_home_path (home, target, NULL);
  g_autofree gchar *path = store_home_path (home, name, NULL);
  g_autofree gchar *folder = g_path_get_dirname (path);

  g_mkdir_with_parents (folder, 0755);
  g_assert_cmpint (symlink (to, path), ==, 0);
}

static void
test_remove_links (StoreHome *home, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_home_embedding (home, "large/a.safetensors");
  make_link (home, "large/a.safetensors", "home/models/lora/a.safetensors");
  make_link (home, "large", "home/models/lora/far");
  g_assert_true (pmt_store_remove (home->engine, "lora/a.safetensors", &error));
  g_assert_no_error (error);
  g_assert_false (store_home_has (home, "home/models/lora/a.safetensors"));
  g_assert_false (
      pmt_store_remove (home->engine, "lora/far/a.safetensors", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_true (store_home_has (home, "large/a.safetensors"));
}

static void
test_remove_folder (StoreHome *home, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_home_write (home, "home/models/checkpoints/my/model_index.json", "{}",
                    -1);
  store_home_write (home, "home/models/checkpoints/my/unet/config.json", "{}",
                    -1);
  store_home_write (home, "keep.txt", "precious", -1);
  make_link (home, "keep.txt", "home/models/checkpoints/my/link.txt");
  g_assert_true (pmt_store_remove (home->engine, "checkpoints/my", &error));
  g_assert_no_error (error);
  g_assert_false (store_home_has (home, "home/models/checkpoints/my"));
  g_assert_true (store_home_has (home, "keep.txt"));
}

/* --------------------------------------------------------------- other -- */

static void
set_source (StoreHome *home, const gchar *name)
{
  g_autofree gchar *folder = store_home_path (home, name, NULL);
  const gchar *const folders[] = { folder, folder, NULL };
  g_autoptr (GError) error = NULL;

  pmt_store_set_sources (home->engine, folders, &error);
  g_assert_no_error (error);
}

static const PmtStoreItem *
find_at (StoreHome *home, GPtrArray *items, const gchar *name)
{
  g_autofree gchar *path = store_home_path (home, name, NULL);

  return store_home_find (items, path);
}

static gboolean
has_problem (GPtrArray *problems, const gchar *says)
{
  for (guint i = 0; i < problems->len; i++)
    if (strstr (((const PmtProblem *)problems->pdata[i])->message, says))
      return TRUE;
  return FALSE;
}

static void
test_comfyui (StoreHome *home, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  const PmtStoreItem *item;

  write_checkpoint (home, "comfy/models/checkpoints/sub/tiny.safetensors");
  store_home_write (home, "comfy/models/checkpoints/old.ckpt", "x", -1);
  store_home_write (home, "comfy/models/checkpoints/bad.safetensors", "x", -1);
  store_home_embedding (home, "comfy/models/loras/l.safetensors");
  store_home_embedding (home, "comfy/models/embeddings/e.safetensors");
  make_link (home, "nowhere", "comfy/models/loras/broken.safetensors");
  make_link (home, "comfy/models/loras/circle", "comfy/models/loras/circle");
  make_link (home, "comfy/models", "comfy/models/checkpoints/again");
  set_source (home, "comfy");
  items = pmt_store_list (home->engine, &problems);
  item = find_at (home, items, "comfy/models/checkpoints/sub/tiny.safetensors");
  g_assert_nonnull (item);
  g_assert_cmpint (item->state, ==, PMT_STORE_EXTERNAL);
  g_assert_cmpstr (item->family, ==, "sd1");
  g_assert_nonnull (pmt_engine_find_model (home->engine, item->model));
  g_assert_true (g_str_has_suffix (item->source, "comfy"));
  g_assert_false (item->can_remove);
  g_assert_false (pmt_store_remove (home->engine, item->id, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  item = find_at (home, items, "comfy/models/loras/l.safetensors");
  g_assert_cmpstr (item->kind, ==, "lora");
  item = find_at (home, items, "comfy/models/embeddings/e.safetensors");
  g_assert_cmpstr (item->kind, ==, "embeddings");
  g_assert_true (has_problem (problems, "leads nowhere"));
  g_assert_true (has_problem (problems, "in a circle"));
  g_assert_true (has_problem (problems, "1 file of PyTorch"));
  g_assert_true (has_problem (problems, "bad.safetensors"));
}

/* What came after models were looked for is judged, too; what was bad then is
 * looked at again when they are looked for again.
 */
static void
test_late_files (StoreHome *home, gconstpointer data)
{
  const gchar *bad = "comfy/models/checkpoints/bad.safetensors";
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;
  g_autoptr (GPtrArray) items = NULL;

  store_home_write (home, bad, "x", -1);
  set_source (home, "comfy");
  store_home_write (home, "comfy/models/checkpoints/late.safetensors", "x", -1);
  g_ptr_array_unref (pmt_store_list (home->engine, &first));
  g_assert_cmpuint (first->len, ==, 2);
  g_assert_true (has_problem (first, "bad.safetensors"));
  g_assert_true (has_problem (first, "late.safetensors"));
  write_checkpoint (home, bad);
  pmt_engine_reload_models (home->engine);
  items = pmt_store_list (home->engine, &second);
  g_assert_cmpuint (second->len, ==, 1);
  g_assert_true (has_problem (second, "late.safetensors"));
  g_assert_nonnull (find_at (home, items, bad)->model);
}

static void
test_a1111 (StoreHome *home, gconstpointer data)
{
  g_autoptr (GPtrArray) items = NULL;

  write_checkpoint (home, "webui/models/Stable-diffusion/tiny.safetensors");
  store_home_embedding (home, "webui/models/Lora/l.safetensors");
  store_home_embedding (home, "webui/embeddings/e.safetensors");
  store_home_embedding (home, "webui/outputs/not-a-model.safetensors");
  set_source (home, "webui");
  items = pmt_store_list (home->engine, NULL);
  g_assert_nonnull (
      find_at (home, items, "webui/models/Stable-diffusion/tiny.safetensors")
          ->model);
  g_assert_nonnull (find_at (home, items, "webui/models/Lora/l.safetensors"));
  g_assert_nonnull (find_at (home, items, "webui/embeddings/e.safetensors"));
  g_assert_null (
      find_at (home, items, "webui/outputs/not-a-model.safetensors"));
}

/* As a prompt or a setting names it. */
static void
test_by_name (StoreHome *home, gconstpointer data)
{
  g_autofree gchar *wanted =
      store_home_path (home, "comfy/models/loras/l.safetensors", NULL);
  g_autofree gchar *folder =
      store_home_path (home, "comfy/models/embeddings", NULL);
  g_autofree gchar *none = store_home_path (home, "none", NULL);
  g_autofree gchar *path = NULL;
  g_autoptr (PmtEmbeddings) embeddings = NULL;
  g_autoptr (GError) error = NULL;

  store_home_embedding (home, "comfy/models/loras/l.safetensors");
  store_home_embedding (home, "comfy/models/embeddings/e.safetensors");
  set_source (home, "comfy");
  path = pmt_user_checkpoints_find_file (home->user_dir, "lora", "l", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, wanted);
  g_assert_null (pmt_user_checkpoints_find_file (home->user_dir, "lora",
                                                 "../loras/l", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_clear_error (&error);
  embeddings = pmt_embeddings_open (none, &error);
  g_assert_no_error (error);
  g_assert_true (pmt_embeddings_add (embeddings, folder, &error));
  g_assert_no_error (error);
  g_assert_nonnull (pmt_embeddings_find (embeddings, "e"));
}

static void
test_plain (StoreHome *home, gconstpointer data)
{
  g_autoptr (GPtrArray) items = NULL;

  write_checkpoint (home, "files/tiny.safetensors");
  store_home_embedding (home, "files/e.safetensors");
  set_source (home, "files");
  items = pmt_store_list (home->engine, NULL);
  g_assert_cmpstr (find_at (home, items, "files/tiny.safetensors")->kind, ==,
                   "checkpoints");
  g_assert_cmpstr (find_at (home, items, "files/e.safetensors")->kind, ==,
                   "embeddings");
}

static void
test_config (StoreHome *home, gconstpointer data)
{
  g_autofree gchar *gone = store_home_path (home, "gone", NULL);
  g_autofree gchar *folder = store_home_path (home, "files", NULL);
  const gchar *const bad[][2] = { { gone, NULL }, { home->user_dir, NULL } };
  g_auto (GStrv) sources = NULL;
  g_autoptr (cJSON) root = NULL;
  g_autoptr (GError) error = NULL;

  store_home_write (home, "home/config.json",
                    "{\"history\": false, \"mine\": [1]}", -1);
  store_home_embedding (home, "files/e.safetensors");
  set_source (home, "files");
  sources = pmt_store_get_sources (home->engine, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (sources), ==, 1);
  g_assert_cmpstr (sources[0], ==, folder);
  root = pmt_shared_config_read (home->user_dir, &error);
  g_assert_no_error (error);
  g_assert_true (
      cJSON_IsFalse (cJSON_GetObjectItemCaseSensitive (root, "history")));
  g_assert_true (
      cJSON_IsArray (cJSON_GetObjectItemCaseSensitive (root, "mine")));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (pmt_store_set_sources (home->engine, bad[i], &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
      g_clear_error (&error);
    }
}

/* A disk that is not there now stays in the list, with a word about it. */
static void
test_gone (StoreHome *home, gconstpointer data)
{
  g_autofree gchar *folder = store_home_path (home, "files", NULL);
  const gchar *const folders[] = { folder, NULL };
  g_autoptr (GError) error = NULL;

  g_mkdir (folder, 0755);
  set_source (home, "files");
  g_rmdir (folder);
  g_assert_true (pmt_store_set_sources (home->engine, folders, &error));
  g_assert_no_error (error);
  g_assert_true (
      has_problem (pmt_engine_list_problems (home->engine), "is not there"));
}

static void
test_bad_config (StoreHome *home, gconstpointer data)
{
  static const gchar *const bad[] = { "{", "[]", "{\"model_folders\": 5}",
                                      "{\"model_folders\": [\"relative\"]}",
                                      "{\"model_folders\": [5]}" };
  const gchar *const none[] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree gchar *path =
          g_build_filename (home->user_dir, "config.json", NULL);
      g_autofree gchar *text = NULL;

      store_home_write (home, "home/config.json", bad[i], -1);
      g_assert_null (pmt_store_get_sources (home->engine, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
      g_clear_error (&error);
      g_assert_false (pmt_store_set_sources (home->engine, none, &error));
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, bad[i]);
    }
}

/* -------------------------------------------------------------- reload -- */

/* What was given out before stays good. */
static void
test_reload (StoreHome *home, gconstpointer data)
{
  g_autoptr (GPtrArray) before = pmt_engine_list_models (home->engine, -1);
  GPtrArray *problems = pmt_engine_list_problems (home->engine);
  const PmtModel *restore = pmt_engine_find_model (home->engine, "restore");
  g_autoptr (GPtrArray) after = NULL;
  g_autofree gchar *id = NULL;
  g_autoptr (GError) error = NULL;

  write_checkpoint (home, "tiny.safetensors");
  id = add (home, "tiny.safetensors", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "checkpoints/tiny.safetensors");
  after = pmt_engine_list_models (home->engine, -1);
  g_assert_cmpuint (after->len, ==, before->len + 1);
  g_assert_nonnull (pmt_engine_find_model (home->engine, "checkpoint-tiny"));
  g_assert_cmpstr (pmt_model_get_id (restore), ==, "restore");
  g_assert_cmpstr (pmt_model_get_id (before->pdata[before->len - 1]), !=, "");
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_true (pmt_store_remove (home->engine, id, &error));
  g_assert_no_error (error);
  g_assert_null (pmt_engine_find_model (home->engine, "checkpoint-tiny"));
}

static gpointer
list_often (gpointer data)
{
  PmtEngine *engine = data;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, -1);

      g_assert_cmpstr (pmt_model_get_id (models->pdata[0]), !=, "");
      g_assert_nonnull (pmt_engine_find_model (engine, "restore"));
    }
  return NULL;
}

static void
test_threads (StoreHome *home, gconstpointer data)
{
  GThread *thread = g_thread_new ("list", list_often, home->engine);

  for (guint i = 0; i < 10; i++)
    pmt_engine_reload_models (home->engine);
  g_thread_join (thread);
}

#define ADD(name, function)                                                    \
  g_test_add ("/store/" name, StoreHome, NULL, set_up, function, tear_down)

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/offers/bad", test_bad_offers);
  g_test_add_func ("/store/offers/good", test_good_offer);
  g_test_add_func ("/store/offers/shipped", test_shipped_offers);
  ADD ("offers/user", test_user_offers);
  ADD ("shipped", test_shipped);
  ADD ("add/embedding", test_add);
  ADD ("add/tiny-vae", test_add_tiny_vae);
  ADD ("add/bad", test_add_bad);
  ADD ("add/hidden", test_add_hidden);
  ADD ("add/cancelled", test_add_cancelled);
  ADD ("remove/file", test_remove);
  ADD ("remove/links", test_remove_links);
  ADD ("remove/folder", test_remove_folder);
  ADD ("sources/comfyui", test_comfyui);
  ADD ("sources/late-files", test_late_files);
  ADD ("sources/a1111", test_a1111);
  ADD ("sources/by-name", test_by_name);
  ADD ("sources/plain", test_plain);
  ADD ("sources/config", test_config);
  ADD ("sources/gone", test_gone);
  ADD ("sources/bad-config", test_bad_config);
  ADD ("reload/models", test_reload);
  ADD ("reload/threads", test_threads);
  return g_test_run ();
}

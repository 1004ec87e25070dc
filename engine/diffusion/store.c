/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store.c: checkpoints and networks that are open, kept for the next run. */
#include "config.h"

#include "diffusion/store.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/environment.h"
#include "diffusion/part.h"
#include "diffusion/user-checkpoints.h"

/* Of all kinds together: two checkpoints with their networks. */
#define MAX_ENTRIES 10

/* Free memory below which nothing is kept for later. */
#define LEAST_FREE ((guint64)512 << 20)

/* What latents of the families are multiplied by. */
#define SD_SCALING 0.18215
#define SDXL_SCALING 0.13025

/* To be asked for by itself: G_MESSAGES_DEBUG=Pentimento. */
#define LOG_DOMAIN "Pentimento"

/* What a key begins with. */
#define CHECKPOINT "checkpoint"
#define UNET "unet"
#define TEXT "text"
#define VAE "vae"
#define TINY "tiny"

typedef struct
{
  gchar *key;
  gpointer object;
  GDestroyNotify unref;
  gint64 used;
} Entry;

struct _PmtStore
{
  GMutex mutex;
  gchar *user_dir;
  GPtrArray *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  entry->unref (entry->object);
  g_free (entry->key);
  g_free (entry);
}

PmtStore *
pmt_store_new (const gchar *user_dir)
{
  PmtStore *store = g_new0 (PmtStore, 1);

  g_mutex_init (&store->mutex);
  store->user_dir = g_strdup (user_dir);
  store->entries = g_ptr_array_new_with_free_func (entry_free);
  return store;
}

void
pmt_store_free (PmtStore *store)
{
  if (store == NULL)
    return;
  g_ptr_array_unref (store->entries);
  g_mutex_clear (&store->mutex);
  g_free (store->user_dir);
  g_free (store);
}

/* ---------------------------------------------------------------- entries -- */

static gpointer
find (PmtStore *store, const gchar *key)
{
  for (guint i = 0; i < store->entries->len; i++)
    {
      Entry *entry = store->entries->pdata[i];

      if (!g_str_equal (entry->key, key))
        continue;
      entry->used = g_get_monotonic_time ();
      return entry->object;
    }
  return NULL;
}

static void
drop_oldest (PmtStore *store)
{
  guint oldest = 0;

  for (guint i = 1; i < store->entries->len; i++)
    if (((Entry *)store->entries->pdata[i])->used
        < ((Entry *)store->entries->pdata[oldest])->used)
      oldest = i;
  g_ptr_array_remove_index (store->entries, oldest);
}

/* Gives memory back before something large is opened. */
static void
make_room (PmtStore *store, guint64 bytes)
{
  while (store->entries->len > 0
         && pmt_memory_available () < bytes + LEAST_FREE)
    drop_oldest (store);
}

static void
keep (PmtStore *store, const gchar *key, gpointer object, GDestroyNotify unref)
{
  Entry *entry = g_new0 (Entry, 1);

  if (store->entries->len >= MAX_ENTRIES)
    drop_oldest (store);
  entry->key = g_strdup (key);
  entry->object = object;
  entry->unref = unref;
  entry->used = g_get_monotonic_time ();
  g_ptr_array_add (store->entries, entry);
  g_log (LOG_DOMAIN, G_LOG_LEVEL_DEBUG, "opened: %.*s",
         (int)strcspn (key, "\n"), key);
}

static void
drop_kind (PmtStore *store, const gchar *kind)
{
  for (guint i = store->entries->len; i > 0; i--)
    {
      const Entry *entry = store->entries->pdata[i - 1];

      if (kind == NULL || g_str_has_prefix (entry->key, kind))
        g_ptr_array_remove_index (store->entries, i - 1);
    }
}

void
pmt_store_drop_unets (PmtStore *store)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);

  drop_kind (store, UNET);
}

void
pmt_store_drop_texts (PmtStore *store)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);

  drop_kind (store, TEXT);
}

/* ------------------------------------------------------------ checkpoints -- */

static gboolean
is_unchanged (const PmtCheckpoint *checkpoint)
{
  const PmtPart *parts[] = { &checkpoint->unet, &checkpoint->vae,
                             &checkpoint->texts[0], &checkpoint->texts[1] };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!pmt_part_is_unchanged (parts[i]))
      return FALSE;
  return TRUE;
}

PmtCheckpoint *
pmt_store_get_checkpoint (PmtStore *store, const gchar *path, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  g_autofree gchar *key = g_strconcat (CHECKPOINT, "\n", path, NULL);
  PmtCheckpoint *checkpoint = find (store, key);

  if (checkpoint != NULL && is_unchanged (checkpoint))
    return pmt_checkpoint_ref (checkpoint);
  if (checkpoint != NULL)
    drop_kind (store, NULL);
  checkpoint = pmt_checkpoint_open (path, error);
  if (checkpoint == NULL)
    return NULL;
  keep (store, key, pmt_checkpoint_ref (checkpoint),
        (GDestroyNotify)pmt_checkpoint_unref);
  return checkpoint;
}

/* ------------------------------------------------------------------ LoRAs -- */

static void
use_clear (gpointer data)
{
  pmt_lora_unref (((PmtLoraUse *)data)->lora);
}

/* (element-type PmtLoraUse) */
static GArray *
open_loras (PmtStore *store,
            const PmtCheckpoint *checkpoint,
            const PmtSettings *settings,
            GError **error)
{
  g_autoptr (GArray) uses = g_array_new (FALSE, FALSE, sizeof (PmtLoraUse));

  g_array_set_clear_func (uses, use_clear);
  for (guint i = 0; i < settings->loras->len; i++)
    {
      const PmtLoraName *named =
          &g_array_index (settings->loras, PmtLoraName, i);
      g_autofree gchar *path = pmt_user_checkpoints_find_file (
          store->user_dir, "lora", named->name, error);
      PmtLoraUse use = { NULL, (gfloat)named->strength,
                         (gfloat)named->strength };

      if (path == NULL)
        return NULL;
      use.lora = pmt_lora_open (path, error);
      if (use.lora == NULL)
        return NULL;
      g_array_append_val (uses, use);
      if (!pmt_lora_check (use.lora, checkpoint, error))
        return NULL;
    }
  return g_steal_pointer (&uses);
}

/* A file that is exchanged meanwhile is another one. */
static void
append_file (GString *key, const gchar *path)
{
  GStatBuf status;

  g_string_append_printf (key, "\n%s", path);
  if (g_stat (path, &status) == 0)
    g_string_append_printf (key, " %lld %lld", (long long)status.st_size,
                            (long long)status.st_mtime);
}

static gchar *
make_key (PmtStore *store,
          const gchar *kind,
          const gchar *path,
          const PmtSettings *settings,
          const PmtJob *job)
{
  GString *key = g_string_new (kind);

  g_string_append_printf (key, "\n%s\n%d %d %d %d", path, settings->mode,
                          settings->is_seamless, job->threads,
                          settings->reuse > 1);
  for (guint i = 0; i < settings->loras->len; i++)
    {
      const PmtLoraName *lora =
          &g_array_index (settings->loras, PmtLoraName, i);

      g_autofree gchar *file = pmt_user_checkpoints_find_file (
          store->user_dir, "lora", lora->name, NULL);

      append_file (key, file != NULL ? file : lora->name);
      g_string_append_printf (key, " %.9g", lora->strength);
    }
  return g_string_free (key, FALSE);
}

static PmtNetOptions
net_options (const PmtSettings *settings,
             const PmtJob *job,
             const GArray *loras)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;

  options.threads = job->threads;
  options.memory = job->memory;
  options.mode = settings->mode;
  options.is_seamless = settings->is_seamless;
  options.has_reuse = settings->reuse > 1;
  if (loras != NULL)
    {
      options.loras = (const PmtLoraUse *)(gpointer)loras->data;
      options.n_loras = loras->len;
    }
  return options;
}

/* --------------------------------------------------------------- networks -- */

PmtUnet *
pmt_store_get_unet (PmtStore *store,
                    PmtCheckpoint *checkpoint,
                    const PmtSettings *settings,
                    const PmtJob *job,
                    GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  g_autofree gchar *key =
      make_key (store, UNET, checkpoint->path, settings, job);
  PmtUnet *unet = find (store, key);
  g_autoptr (GArray) loras = NULL;
  PmtNetOptions options;

  if (unet != NULL)
    return pmt_unet_ref (unet);
  loras = open_loras (store, checkpoint, settings, error);
  if (loras == NULL)
    return NULL;
  options = net_options (settings, job, loras);
  if (options.memory > 0)
    options.memory += pmt_unet_estimate_mapped (checkpoint, settings->mode);
  make_room (store, pmt_unet_estimate_memory (checkpoint, settings->mode,
                                              settings->reuse > 1, 64, 64));
  unet = pmt_unet_open (checkpoint, &options, error);
  if (unet == NULL)
    return NULL;
  keep (store, key, pmt_unet_ref (unet), (GDestroyNotify)pmt_unet_unref);
  return unet;
}

PmtTextStack *
pmt_store_get_text (PmtStore *store,
                    PmtCheckpoint *checkpoint,
                    const PmtSettings *settings,
                    const PmtJob *job,
                    GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  g_autofree gchar *key =
      make_key (store, TEXT, checkpoint->path, settings, job);
  PmtTextStack *text = find (store, key);
  g_autoptr (GArray) loras = NULL;
  PmtNetOptions options;

  if (text != NULL)
    return pmt_text_stack_ref (text);
  loras = open_loras (store, checkpoint, settings, error);
  if (loras == NULL)
    return NULL;
  options = net_options (settings, job, loras);
  text = pmt_text_stack_new (checkpoint, &options, store->user_dir, error);
  if (text == NULL)
    return NULL;
  keep (store, key, pmt_text_stack_ref (text),
        (GDestroyNotify)pmt_text_stack_unref);
  return text;
}

static PmtVae *
open_vae (PmtStore *store,
          PmtCheckpoint *checkpoint,
          const gchar *path,
          const PmtNetOptions *options,
          GError **error)
{
  g_autoptr (PmtCheckpoint) other = NULL;

  if (path != NULL)
    {
      other = pmt_checkpoint_open_vae (path, error);
      if (other == NULL)
        return NULL;
      /* A file does not tell; the UNet was trained with one of the two. */
      if (checkpoint->family == PMT_FAMILY_SDXL
          && other->vae_shape.scaling == SD_SCALING)
        other->vae_shape.scaling = SDXL_SCALING;
      return pmt_vae_open (other, options, error);
    }
  if (checkpoint->vae.weights != NULL || checkpoint->vae.onnx != NULL)
    return pmt_vae_open (checkpoint, options, error);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The checkpoint “%s” has no VAE. Put one that fits it into "
                  "the folder “%s/models/vae” and name it with “vae”."),
               checkpoint->name,
               store->user_dir != NULL ? store->user_dir : "");
  return NULL;
}

PmtVae *
pmt_store_get_vae (PmtStore *store,
                   PmtCheckpoint *checkpoint,
                   const PmtSettings *settings,
                   const PmtJob *job,
                   GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  const PmtNetOptions options = net_options (settings, job, NULL);
  g_autofree gchar *path = NULL;
  g_autofree gchar *key = NULL;
  GString *text;
  PmtVae *vae;

  if (settings->vae != NULL)
    {
      path = pmt_user_checkpoints_find_file (store->user_dir, "vae",
                                             settings->vae, error);
      if (path == NULL)
        return NULL;
    }
  text = g_string_new (VAE);
  append_file (text, path != NULL ? path : checkpoint->path);
  g_string_append_printf (text, "\n%d %d", settings->is_seamless, job->threads);
  key = g_string_free (text, FALSE);
  vae = find (store, key);
  if (vae != NULL)
    return pmt_vae_ref (vae);
  vae = open_vae (store, checkpoint, path, &options, error);
  if (vae == NULL)
    return NULL;
  keep (store, key, pmt_vae_ref (vae), (GDestroyNotify)pmt_vae_unref);
  return vae;
}

static gchar *
find_tiny_path (PmtStore *store, const PmtCheckpoint *checkpoint)
{
  const gchar *base =
      checkpoint->family == PMT_FAMILY_SDXL ? "taesdxl" : "taesd";
  static const gchar *const endings[] = { "", "_decoder.safetensors",
                                          ".safetensors" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree gchar *name = g_strconcat (base, endings[i], NULL);
      g_autofree gchar *path =
          g_build_filename (store->user_dir, "models", "vae", name, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

PmtVae *
pmt_store_find_tiny_vae (PmtStore *store,
                         const PmtCheckpoint *checkpoint,
                         const PmtJob *job,
                         GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  g_autofree gchar *path = NULL;
  g_autofree gchar *key = NULL;
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  PmtVae *vae;

  if (store->user_dir == NULL)
    return NULL;
  path = find_tiny_path (store, checkpoint);
  if (path == NULL)
    return NULL;
  key = g_strconcat (TINY, "\n", path, NULL);
  vae = find (store, key);
  if (vae != NULL)
    return pmt_vae_ref (vae);
  options.threads = job->threads;
  vae = pmt_vae_open_tiny (path, &options, error);
  if (vae == NULL)
    return NULL;
  keep (store, key, pmt_vae_ref (vae), (GDestroyNotify)pmt_vae_unref);
  return vae;
}

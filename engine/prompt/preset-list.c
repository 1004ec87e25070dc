/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-list.c: the presets that there are. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/json-folder.h"
#include "core/engine-private.h"
#include "core/prompt-hook.h"
#include "prompt/preset.h"

/* Ids that a message proposes, and how many changed characters are similar. */
#define MAX_SIMILAR 3
#define MAX_DISTANCE 3

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_preset_unref);
}

/* Returns: (transfer none) (nullable). */
static PmtPreset *
find_in (const GPtrArray *presets, const gchar *id)
{
  for (guint i = 0; i < presets->len; i++)
    {
      PmtPreset *preset = presets->pdata[i];

      if (g_str_equal (preset->id, id))
        return preset;
    }
  return NULL;
}

static void
load_file (gchar *path, gboolean is_user, GPtrArray *list, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtPreset) preset = pmt_preset_read (path, &error);

  if (preset == NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path,
                        _ ("%s Correct the file or take it away."),
                        error->message);
      return;
    }
  if (find_in (list, preset->id) != NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path,
                        _ ("%s: there is a preset “%s” already. Choose "
                           "another id."),
                        path, preset->id);
      return;
    }
  if (is_user)
    preset->path = g_strdup (path);
  g_ptr_array_add (list, g_steal_pointer (&preset));
}

static GPtrArray *
load_folder (const gchar *folder, gboolean is_user, GPtrArray *problems)
{
  g_autoptr (GPtrArray) names = pmt_json_folder_list (folder, problems);
  GPtrArray *list = new_list ();

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree gchar *path = g_build_filename (folder, names->pdata[i], NULL);

      load_file (path, is_user, list, problems);
    }
  return list;
}

void
pmt_presets_load (PmtEngine *engine, const gchar *data_dir)
{
  g_autofree gchar *shipped = g_build_filename (data_dir, "presets", NULL);
  g_autofree gchar *own =
      engine->user_dir != NULL
          ? g_build_filename (engine->user_dir, "presets", NULL)
          : NULL;

  g_mutex_init (&engine->preset_mutex);
  engine->presets = load_folder (shipped, FALSE, engine->preset_problems);
  engine->user_presets = own != NULL
                             ? load_folder (own, TRUE, engine->preset_problems)
                             : new_list ();
}

void
pmt_presets_clear (PmtEngine *engine)
{
  g_ptr_array_unref (engine->presets);
  g_ptr_array_unref (engine->user_presets);
  g_mutex_clear (&engine->preset_mutex);
}

PmtPreset *
pmt_engine_find_preset (PmtEngine *engine, const gchar *id)
{
  g_autoptr (GMutexLocker) locker = NULL;
  PmtPreset *preset;

  g_return_val_if_fail (engine != NULL && id != NULL, NULL);
  locker = g_mutex_locker_new (&engine->preset_mutex);
  preset = find_in (engine->user_presets, id);
  if (preset == NULL)
    preset = find_in (engine->presets, id);
  return preset != NULL ? pmt_preset_ref (preset) : NULL;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const PmtPreset *one = *(PmtPreset *const *)a;
  const PmtPreset *other = *(PmtPreset *const *)b;
  gint order = g_utf8_collate (pmt_preset_get_category (one),
                               pmt_preset_get_category (other));

  if (order == 0)
    order =
        g_utf8_collate (pmt_preset_get_name (one), pmt_preset_get_name (other));
  return order != 0 ? order : strcmp (one->id, other->id);
}

GPtrArray *
pmt_engine_list_presets (PmtEngine *engine, const gchar *search, gint operation)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GPtrArray) all = NULL;
  GPtrArray *list;

  g_return_val_if_fail (engine != NULL, NULL);
  locker = g_mutex_locker_new (&engine->preset_mutex);
  all = g_ptr_array_copy (engine->user_presets, NULL, NULL);
  g_ptr_array_set_free_func (all, NULL);
  for (guint i = 0; i < engine->presets->len; i++)
    {
      PmtPreset *preset = engine->presets->pdata[i];

      if (find_in (engine->user_presets, preset->id) == NULL)
        g_ptr_array_add (all, preset);
    }
  list = new_list ();
  for (guint i = 0; i < all->len; i++)
    {
      PmtPreset *preset = all->pdata[i];

      if ((operation < 0 || pmt_preset_supports (preset, operation))
          && (search == NULL || pmt_preset_matches (preset, search)))
        g_ptr_array_add (list, pmt_preset_ref (preset));
    }
  g_ptr_array_sort (list, compare);
  return list;
}

/* ------------------------------------------------------------- unknown -- */

/* How many characters must change; both are short. */
static guint
distance (const gchar *a, const gchar *b)
{
  guint row[65];
  const gsize n = MIN (strlen (b), G_N_ELEMENTS (row) - 1);

  for (guint j = 0; j <= n; j++)
    row[j] = j;
  for (guint i = 1; a[i - 1] != '\0' && i <= 64; i++)
    {
      guint corner = row[0];

      row[0] = i;
      for (guint j = 1; j <= n; j++)
        {
          const guint above = row[j];
          const guint change = corner + (a[i - 1] != b[j - 1]);

          row[j] = MIN (MIN (above, row[j - 1]) + 1, change);
          corner = above;
        }
    }
  return row[n];
}

static gboolean
is_similar (const gchar *id, const gchar *typed)
{
  return distance (id, typed) <= MIN (MAX_DISTANCE, strlen (typed) / 2)
         || (strlen (typed) >= 3
             && (strstr (id, typed) != NULL || strstr (typed, id) != NULL));
}

gchar *
pmt_presets_tell_unknown (PmtEngine *engine, const gchar *id)
{
  g_autoptr (GPtrArray) presets = pmt_engine_list_presets (engine, NULL, -1);
  g_autofree gchar *typed = g_ascii_strdown (id, 64);
  g_autofree gchar *shown =
      g_utf8_substring (id, 0, MIN (g_utf8_strlen (id, -1), 64));
  g_autoptr (GString) similar = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < presets->len && n < MAX_SIMILAR; i++)
    {
      const PmtPreset *preset = presets->pdata[i];

      if (!is_similar (preset->id, typed))
        continue;
      g_string_append_printf (similar, "%s“%s”", n > 0 ? ", " : "", preset->id);
      n++;
    }
  if (n > 0)
    /* Translators: the second %s is a list of names. */
    return g_strdup_printf (_ ("There is no preset “%s”. Similar ones are %s."),
                            shown, similar->str);
  return g_strdup_printf (
      _ ("There is no preset “%s”. Choose one of those that "
         "are listed."),
      shown);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset.c: words and settings under a name. */
#include "config.h"

#include "prompt/preset.h"

#include <glib/gi18n-lib.h>
#include <string.h>

PmtPreset *
pmt_preset_new (void)
{
  PmtPreset *preset = g_new0 (PmtPreset, 1);

  g_atomic_ref_count_init (&preset->ref_count);
  preset->settings = pmt_params_new ();
  return preset;
}

PmtPreset *
pmt_preset_ref (PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);
  g_atomic_ref_count_inc (&preset->ref_count);
  return preset;
}

void
pmt_preset_unref (PmtPreset *preset)
{
  if (preset == NULL || !g_atomic_ref_count_dec (&preset->ref_count))
    return;
  g_free (preset->id);
  g_free (preset->name);
  g_free (preset->category);
  g_free (preset->help);
  g_free (preset->prompt);
  g_clear_pointer (&preset->parts, g_ptr_array_unref);
  g_free (preset->negative_prompt);
  pmt_params_free (preset->settings);
  g_free (preset->path);
  g_free (preset);
}

gboolean
pmt_preset_is_setting (const gchar *name)
{
  static const gchar *const others[] = { "prompt", "negative-prompt", "preset",
                                         "model",  "max-cost",        NULL };

  return !g_strv_contains (others, name);
}

const gchar *
pmt_preset_get_id (const PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);
  return preset->id;
}

/* gettext answers "" with the header of the translation.  What users write is
 * shown as it is; their categories stand beside ours.
 */
static const gchar *
translate (const gchar *context, const gchar *text)
{
  return text != NULL && *text != '\0'
             ? g_dpgettext2 (GETTEXT_PACKAGE, context, text)
             : "";
}

const gchar *
pmt_preset_get_name (const PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);
  return preset->path == NULL ? translate ("preset", preset->name)
                              : preset->name;
}

const gchar *
pmt_preset_get_category (const PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);
  return translate ("preset category", preset->category);
}

const gchar *
pmt_preset_get_help (const PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);
  if (preset->help == NULL || *preset->help == '\0')
    return "";
  return preset->path == NULL ? g_dgettext (GETTEXT_PACKAGE, preset->help)
                              : preset->help;
}

const gchar *
pmt_preset_get_prompt (const PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);
  return preset->prompt;
}

const gchar *
pmt_preset_get_negative_prompt (const PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);
  return preset->negative_prompt;
}

const PmtParams *
pmt_preset_get_settings (const PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);
  return preset->settings;
}

gboolean
pmt_preset_supports (const PmtPreset *preset, PmtOperation operation)
{
  g_return_val_if_fail (preset != NULL, FALSE);
  return (preset->operations & (1u << operation)) != 0;
}

gboolean
pmt_preset_is_user (const PmtPreset *preset)
{
  g_return_val_if_fail (preset != NULL, FALSE);
  return preset->path != NULL;
}

/* -------------------------------------------------------------- search -- */

static gchar *
join_texts (const PmtPreset *preset)
{
  /* In the user's language and as written: ids and scripts are English. */
  g_autofree gchar *joined =
      g_strjoin ("\n", preset->id, preset->name, pmt_preset_get_name (preset),
                 preset->category, pmt_preset_get_category (preset),
                 pmt_preset_get_help (preset),
                 preset->prompt != NULL ? preset->prompt : "", NULL);
  g_autofree gchar *normal =
      g_utf8_normalize (joined, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal, -1);
}

gboolean
pmt_preset_matches (const PmtPreset *preset, const gchar *search)
{
  g_autofree gchar *valid = g_utf8_make_valid (search, -1);
  g_autofree gchar *normal =
      g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree gchar *folded = g_utf8_casefold (normal, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\n", -1);
  g_autofree gchar *texts = join_texts (preset);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (texts, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

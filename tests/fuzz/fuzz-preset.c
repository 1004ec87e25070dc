/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-preset.c: any bytes as a preset; what is read is written the same, and
 * its template takes any prompt. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "prompt/preset.h"
#include "prompt/template.h"

static void
fill (const PmtPreset *preset, const gchar *typed)
{
  g_autoptr (GHashTable) values =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *rest =
      pmt_template_take_values (preset->parts, typed, values, &error);
  g_autofree gchar *filled = NULL;
  const gchar *missing = NULL;

  g_assert_true ((rest == NULL) == (error != NULL));
  if (rest == NULL)
    return;
  g_hash_table_insert (values, g_strdup (PMT_TEMPLATE_PROMPT),
                       g_steal_pointer (&rest));
  filled = pmt_template_fill (preset->parts, values, &missing);
  g_assert_true ((filled == NULL) == (missing != NULL));
  if (filled != NULL)
    g_assert_true (g_utf8_validate (filled, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtPreset) preset =
      pmt_preset_parse ("fuzz", (const gchar *)data, size, &error);
  g_autoptr (PmtPreset) again = NULL;
  g_autofree gchar *printed = NULL;
  g_autofree gchar *twice = NULL;

  g_assert_true ((preset == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (preset == NULL)
    return 0;
  g_assert_null (strchr (preset->id, '/'));
  printed = pmt_preset_print (preset);
  /* Written with more space, it may be larger than what is read. */
  again = pmt_preset_parse ("again", printed, strlen (printed), NULL);
  if (again == NULL)
    {
      g_assert_cmpuint (strlen (printed), >, PMT_PRESET_MAX_BYTES);
      return 0;
    }
  twice = pmt_preset_print (again);
  g_assert_cmpstr (printed, ==, twice);
  pmt_preset_matches (preset, preset->name);
  if (preset->parts == NULL)
    return 0;
  fill (preset, "");
  fill (preset, "a cat");
  fill (preset, preset->prompt);
  return 0;
}

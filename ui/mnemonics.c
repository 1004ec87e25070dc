/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* mnemonics.c: which letter of which label. */
#include "mnemonics.h"

#include <string.h>

#define N_LETTERS 26

typedef struct
{
  GPtrArray *labels;
  const gchar *taken;
  gint owner[N_LETTERS]; /* index of a label, or -1 */
} Matching;

/* Finds a letter for label @i; its present owner moves on if it can. */
static gboolean
find_letter (Matching *matching, gint i, gboolean *is_seen)
{
  const gchar *label = g_ptr_array_index (matching->labels, i);

  for (const gchar *p = label; *p; p++)
    {
      const gchar c = g_ascii_tolower (*p);
      const gint letter = c - 'a';

      if (!g_ascii_isalpha (c) || strchr (matching->taken, c)
          || is_seen[letter])
        continue;
      is_seen[letter] = TRUE;
      if (matching->owner[letter] < 0
          || find_letter (matching, matching->owner[letter], is_seen))
        {
          matching->owner[letter] = i;
          return TRUE;
        }
    }

  return FALSE;
}

static void
underline (gchar **label, gchar letter)
{
  const gchar *p = *label;
  gchar *text;

  while (g_ascii_tolower (*p) != letter)
    p++;
  text = g_strdup_printf ("%.*s_%s", (gint)(p - *label), *label, p);
  g_free (*label);
  *label = text;
}

void
pmt_mnemonics_add (GPtrArray *labels, const gchar *taken)
{
  Matching matching = { labels, taken, { 0 } };

  for (gint letter = 0; letter < N_LETTERS; letter++)
    matching.owner[letter] = -1;
  for (guint i = 0; i < labels->len; i++)
    {
      gboolean is_seen[N_LETTERS] = { FALSE };

      find_letter (&matching, i, is_seen);
    }

  for (gint letter = 0; letter < N_LETTERS; letter++)
    if (matching.owner[letter] >= 0)
      underline ((gchar **)&g_ptr_array_index (labels, matching.owner[letter]),
                 (gchar)('a' + letter));
}

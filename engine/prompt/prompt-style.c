/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-style.c: tags or sentences. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "prompt/prompt-style.h"
#include "prompt/prompt-text.h"

#define TAG_LIMIT 1000
#define NATURAL_LIMIT 2000

/* What is counted in a prompt. */
typedef struct
{
  guint words;
  guint joined; /* words with an underscore inside */
  guint commas;
} Count;

static Count
count_words (const gchar *prompt)
{
  Count count = { 0 };
  gboolean is_inside = FALSE;

  for (const gchar *p = prompt; *p != '\0'; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);

      /* Commas of Chinese and Japanese too. */
      count.commas += c == ',' || c == 0x3001 || c == 0xff0c;
      count.joined += c == '_' && is_inside && g_ascii_isalnum (p[1]);
      if (g_unichar_isalnum (c) && !is_inside)
        count.words++;
      is_inside = g_unichar_isalnum (c) || c == '_' || c == '-' || c == '\'';
    }
  return count;
}

PmtPromptStyle
pmt_prompt_style_of (const gchar *prompt)
{
  Count count;

  g_return_val_if_fail (prompt != NULL, PMT_STYLE_UNCLEAR);
  if (!g_utf8_validate (prompt, -1, NULL))
    return PMT_STYLE_UNCLEAR;
  count = count_words (prompt);
  if (count.commas >= 3
      && (count.joined > 0 || count.words <= 3 * (count.commas + 1)))
    return PMT_STYLE_TAGS;
  if (count.words >= 12 && count.joined == 0
      && count.commas * 10 <= count.words)
    return PMT_STYLE_NATURAL;
  return PMT_STYLE_UNCLEAR;
}

void
pmt_prompt_style_check (const gchar *prompt,
                        const gchar *wanted,
                        GPtrArray *notes)
{
  const gboolean is_tags = g_strcmp0 (wanted, "tags") == 0;
  const glong limit = is_tags ? TAG_LIMIT : NATURAL_LIMIT;
  PmtPromptStyle style;
  glong length;

  g_return_if_fail (prompt != NULL && wanted != NULL && notes != NULL);
  if (!g_utf8_validate (prompt, -1, NULL))
    return;
  style = pmt_prompt_style_of (prompt);
  length = g_utf8_strlen (prompt, -1);
  if (is_tags && style == PMT_STYLE_NATURAL)
    g_ptr_array_add (notes,
                     g_strdup (_ ("The prompt is a sentence; this model "
                                  "follows short terms with commas between "
                                  "them better.")));
  if (!is_tags && style == PMT_STYLE_TAGS)
    g_ptr_array_add (notes,
                     g_strdup (_ ("The prompt is a list of terms; this model "
                                  "follows whole sentences better.")));
  if (length > limit)
    g_ptr_array_add (notes,
                     g_strdup_printf (_ ("The prompt has %ld characters; of "
                                         "more than %ld, this model follows "
                                         "little."),
                                      length, limit));
}

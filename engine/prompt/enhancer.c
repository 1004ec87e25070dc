/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* enhancer.c: words for quality.  Which ones a family knows is said in the
 * cards of its models: Illustrious XL and NoobAI name theirs, Pony Diffusion V6
 * was trained with scores; Stable Diffusion knows what the captions of
 * photographs have. */
#include "config.h"

#include "prompt/enhancer.h"

#include <string.h>

/* More tags than this aren't typed by somebody who wants help. */
#define MAX_TAGS 20

/* "stylize": all words as they are; and the highest, with its weight. */
#define USUAL_STYLIZE 100
#define MOST_STYLIZE 1000
#define MOST_WEIGHT 0.4

static const struct
{
  const gchar *name;
  const gchar *prompt;
  const gchar *negative;
} families[PMT_N_ENHANCERS] = {
  { "general", "best quality, highly detailed, sharp focus",
    "worst quality, low quality, blurry, jpeg artifacts" },
  { "illustrious", "masterpiece, best quality, very aesthetic, absurdres",
    "worst quality, bad quality, lowres, jpeg artifacts, signature" },
  { "pony", "score_9, score_8_up, score_7_up", "score_4, score_5, score_6" },
  { "natural",
    "The picture is sharp and rich in detail, with natural light and a "
    "balanced composition.",
    "" },
};

/* Of any family. */
static const gchar *const quality[] = {
  "best quality",
  "good quality",
  "high quality",
  "highly detailed",
  "sharp focus",
  "masterpiece",
  "absurdres",
  "very aesthetic",
  "intricate detail",
  "rich in detail",
  "photorealistic",
  "score_",
  "8k",
  "4k",
};

gboolean
pmt_enhancer_from_string (const gchar *name, PmtEnhancer *enhancer)
{
  g_return_val_if_fail (name != NULL && enhancer != NULL, FALSE);
  for (guint i = 0; i < PMT_N_ENHANCERS; i++)
    if (g_str_equal (families[i].name, name))
      {
        *enhancer = (PmtEnhancer)i;
        return TRUE;
      }
  return FALSE;
}

PmtEnhancer
pmt_enhancer_guess (const gchar *name)
{
  g_autofree gchar *lower = NULL;

  g_return_val_if_fail (name != NULL, PMT_ENHANCER_GENERAL);
  lower = g_ascii_strdown (name, -1);
  if (strstr (lower, "pony") != NULL)
    return PMT_ENHANCER_PONY;
  if (strstr (lower, "illustrious") != NULL || strstr (lower, "noobai") != NULL)
    return PMT_ENHANCER_ILLUSTRIOUS;
  return PMT_ENHANCER_GENERAL;
}

const gchar *
pmt_enhancer_get_words (PmtEnhancer enhancer, const gchar **negative)
{
  g_return_val_if_fail ((guint)enhancer < PMT_N_ENHANCERS && negative != NULL,
                        "");
  *negative = families[enhancer].negative;
  return families[enhancer].prompt;
}

static guint
count_char (const gchar *text, gchar c)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == c;
  return n;
}

gboolean
pmt_enhancer_is_expert (const gchar *prompt)
{
  g_autofree gchar *lower = NULL;

  g_return_val_if_fail (prompt != NULL, FALSE);
  lower = g_ascii_strdown (prompt, -1);
  for (guint i = 0; i < G_N_ELEMENTS (quality); i++)
    if (strstr (lower, quality[i]) != NULL)
      return TRUE;
  return g_regex_match_simple ("\\(.*:[0-9.]+\\)|\\(\\(|\\[\\[|::|\\bBREAK\\b",
                               prompt, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT)
         || count_char (prompt, ',') > MAX_TAGS;
}

gchar *
pmt_enhancer_add (PmtEnhancer enhancer, const gchar *prompt, const gchar *words)
{
  g_autofree gchar *text = NULL;

  g_return_val_if_fail (prompt != NULL && words != NULL, NULL);
  text = g_strstrip (g_strdup (prompt));
  if (*text == '\0' || *words == '\0')
    return g_strdup (*text == '\0' ? words : text);
  switch (enhancer)
    {
    case PMT_ENHANCER_PONY:
      return g_strdup_printf ("%s, %s", words, text);
    case PMT_ENHANCER_NATURAL:
      return g_strdup_printf (
          "%s%s %s", text, strchr (".!?", text[strlen (text) - 1]) ? "" : ".",
          words);
    case PMT_ENHANCER_GENERAL:
    case PMT_ENHANCER_ILLUSTRIOUS:
    default:
      return g_strdup_printf ("%s%s %s", text,
                              g_str_has_suffix (text, ",") ? "" : ",", words);
    }
}

gchar *
pmt_enhancer_stylize (const gchar *words, gint stylize)
{
  g_auto (GStrv) tags = NULL;
  guint n;
  guint n_kept;
  gchar weight[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (words != NULL, NULL);
  if (stylize == USUAL_STYLIZE)
    return g_strdup (words);
  if (stylize > USUAL_STYLIZE)
    return g_strdup_printf (
        "(%s:%s)", words,
        g_ascii_formatd (weight, sizeof weight, "%.2f",
                         1.0
                             + MOST_WEIGHT * (stylize - USUAL_STYLIZE)
                                   / (MOST_STYLIZE - USUAL_STYLIZE)));
  tags = g_strsplit (words, ", ", -1);
  n = g_strv_length (tags);
  n_kept = (n * (guint)MAX (stylize, 0) + USUAL_STYLIZE / 2) / USUAL_STYLIZE;
  for (guint i = n_kept; i < n; i++)
    g_clear_pointer (&tags[i], g_free);
  return g_strjoinv (", ", tags);
}

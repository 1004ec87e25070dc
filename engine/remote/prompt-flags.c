/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-flags.c: parameters that stand inside the prompt: "--ar 16:9". */
#include "config.h"

#include "remote/prompt-flags.h"

#include <stdio.h>
#include <string.h>

/* Programs that write texts make one dash of two. */
#define LONG_DASH "\xe2\x80\x94"

/* Names of one flag.  The anime model has versions of its own. */
static const gchar *const same[][4] = {
  { "ar", "aspect", NULL },         { "c", "chaos", NULL },
  { "q", "quality", NULL },         { "s", "stylize", NULL },
  { "v", "version", "niji", NULL }, { "w", "weird", NULL },
  { "raw", "style", NULL },         { "fast", "turbo", "relax", NULL },
};

/* A number of its first name, or -1. */
static gint
find_group (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    if (g_strv_contains (same[i], name))
      return (gint)i;
  return -1;
}

static gboolean
is_same (const gchar *name, const gchar *other)
{
  const gint group = find_group (name);

  return g_ascii_strcasecmp (name, other) == 0
         || (group >= 0 && group == find_group (other));
}

gboolean
pmt_prompt_flags_has (const gchar *prompt, const gchar *flag)
{
  g_auto (GStrv) words = g_strsplit_set (prompt, " \t\r\n,", -1);
  const gchar *name = flag + strspn (flag, "-");

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree gchar *word = g_ascii_strdown (words[i], -1);
      const gchar *typed = NULL;

      if (g_str_has_prefix (word, "--"))
        typed = word + 2;
      else if (g_str_has_prefix (word, LONG_DASH))
        typed = word + strlen (LONG_DASH);
      if (typed != NULL && is_same (typed, name))
        return TRUE;
    }
  return FALSE;
}

static gint
find_divisor (gint a, gint b)
{
  while (b != 0)
    {
      const gint rest = a % b;

      a = b;
      b = rest;
    }
  return MAX (a, 1);
}

/* "1920:1080" is "16:9". */
static gchar *
reduce_ratio (const gchar *text)
{
  gint width = 0;
  gint height = 0;
  gint divisor;

  if (sscanf (text, "%9d:%9d", &width, &height) != 2 || width <= 0
      || height <= 0)
    return g_strdup (text);
  divisor = find_divisor (width, height);
  return g_strdup_printf ("%d:%d", width / divisor, height / divisor);
}

/* One line: a line break would not end the value, but hide what it is. */
static gchar *
print_value (const cJSON *node)
{
  gchar *text;

  if (cJSON_IsString (node))
    {
      text = g_str_has_suffix (node->string, "--ar")
                 ? reduce_ratio (node->valuestring)
                 : g_strdup (node->valuestring);
      return g_strstrip (g_strdelimit (text, "\r\n\t", ' '));
    }
  if (cJSON_IsRaw (node))
    return g_strdup (node->valuestring);
  return NULL;
}

gchar *
pmt_prompt_flags_join (const gchar *prompt, const cJSON *body)
{
  g_autoptr (GString) text = g_string_new (prompt);
  const cJSON *node;

  cJSON_ArrayForEach (node, body)
  {
    g_autofree gchar *value = print_value (node);

    if (node->string == NULL || !g_str_has_prefix (node->string, "--")
        || pmt_prompt_flags_has (prompt, node->string))
      continue;
    if (cJSON_IsTrue (node))
      g_string_append_printf (text, " %s", node->string);
    else if (value != NULL && *value != '\0')
      g_string_append_printf (text, " %s %s", node->string, value);
  }
  return g_strstrip (g_string_free (g_steal_pointer (&text), FALSE));
}

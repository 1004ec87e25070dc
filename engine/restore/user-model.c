/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * user-model.c: a model for a network that has no manifest.  The manifest is
 * written here and read like any other, so that what holds for manifests
 * holds for these.
 */
#include "config.h"

#include "restore/user-model.h"

#include <string.h>

#include "catalog/manifest.h"
#include "core/json.h"

#define MAX_SHOWN 80
#define MAX_SLUG 50

/* As in data/catalog/upscale-standard.json, so that it is translated. */
#define SIZE_PARAMS                                                            \
  "{\"name\":\"factor\",\"type\":\"number\",\"default\":%d,\"min\":1,"         \
  "\"max\":%d,\"unit\":\"×\",\"label\":\"Factor\",\"help\":\"How many times "  \
  "as wide and as high the result is.\","                                      \
  "\"applies_if\":{\"width\":0,\"height\":0}},"                                \
  "{\"name\":\"width\",\"type\":\"int\",\"default\":0,\"min\":0,"              \
  "\"max\":524288,\"auto\":0,\"unit\":\"px\",\"label\":\"Width\",\"help\":"    \
  "\"The width to make. 0 follows from the height or the factor.\"},"          \
  "{\"name\":\"height\",\"type\":\"int\",\"default\":0,\"min\":0,"             \
  "\"max\":524288,\"auto\":0,\"unit\":\"px\",\"label\":\"Height\",\"help\":"   \
  "\"The height to make. 0 follows from the width or the factor.\"},"          \
  "{\"name\":\"crop-to-fill\",\"type\":\"bool\",\"default\":false,"            \
  "\"label\":\"Crop to fill\",\"help\":\"Crops the result to exactly the "     \
  "width and height. Otherwise it fits inside them and keeps its shape.\","    \
  "\"applies_if\":{\"width\":{\"not\":0},\"height\":{\"not\":0}}},"            \
  "{\"name\":\"target\",\"type\":\"choice\",\"default\":\"image\","            \
  "\"choices\":[\"image\",\"layer\"],\"choice_labels\":[\"Scale the image\","  \
  "\"New layer at the new size\"],\"label\":\"Result\",\"help\":\"Whether "    \
  "the whole image gets the new size, or only the new layer.\"},"

#define STRENGTH_PARAM                                                         \
  "{\"name\":\"strength\",\"type\":\"number\",\"default\":1,\"min\":0,"        \
  "\"max\":1,\"label\":\"Strength\",\"help\":\"How much of the change is "     \
  "applied.\"},"

#define EDGE_PARAMS                                                            \
  "{\"name\":\"grow\",\"type\":\"number\",\"default\":-1,\"min\":-1,"          \
  "\"max\":500,\"auto\":-1,\"unit\":\"px\",\"label\":\"Grow\",\"help\":\"How " \
  "far the new part reaches beyond the selection. -1 follows from the size "   \
  "of the selection.\",\"advanced\":true},"                                    \
  "{\"name\":\"feather\",\"type\":\"number\",\"default\":-1,\"min\":-1,"       \
  "\"max\":1000,\"auto\":-1,\"unit\":\"px\",\"label\":\"Feather\",\"help\":"   \
  "\"How soft the edge of the new part is. -1 follows from the size of the "   \
  "selection; 0 also turns growing and blending off.\",\"advanced\":true},"    \
  "{\"name\":\"blend\",\"type\":\"number\",\"default\":-1,\"min\":-1,"         \
  "\"max\":500,\"auto\":-1,\"unit\":\"px\",\"label\":\"Blend\",\"help\":"      \
  "\"Over how many pixels the new part fades into the old picture. -1 "        \
  "chooses by itself.\",\"advanced\":true}"

#define MANIFEST                                                               \
  "{\"id\":\"upscaler\",\"name\":%s,\"backend\":\"restore\","                  \
  "\"operations\":[\"%s\"],\"license\":\"-\",\"limits\":{\"max_side\":524288," \
  "\"references\":0},\"parameters\":[%s" EDGE_PARAMS "]}"

void
pmt_user_model_clean (gchar *text)
{
  for (gchar *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      const gunichar c = g_utf8_get_char (at);

      if (!g_unichar_iscntrl (c))
        continue;
      /* One of two bytes, where it is no ASCII, is as long as two of one. */
      memset (at, '?', g_utf8_next_char (at) - at);
    }
}

gchar *
pmt_user_model_show (const gchar *path)
{
  g_autofree gchar *name = g_filename_display_basename (path);
  g_autofree gchar *start = NULL;

  pmt_user_model_clean (name);
  if (g_utf8_strlen (name, -1) <= MAX_SHOWN)
    return g_steal_pointer (&name);
  start = g_utf8_substring (name, 0, MAX_SHOWN);
  return g_strconcat (start, "…", NULL);
}

gchar *
pmt_user_model_slug (const gchar *path)
{
  g_autofree gchar *name = g_path_get_basename (path);
  GString *slug = g_string_new ("upscaler-");
  const gsize start = slug->len;

  if (strlen (name) > 5)
    name[strlen (name) - 5] = '\0';
  for (const gchar *at = name; *at != '\0' && slug->len < start + MAX_SLUG;
       at++)
    if (g_ascii_isalnum (*at) || *at == '.' || *at == '_')
      g_string_append_c (slug, g_ascii_tolower (*at));
    else if (slug->str[slug->len - 1] != '-')
      g_string_append_c (slug, '-');
  while (slug->len > start && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == start)
    g_string_append (slug, "network");
  return g_string_free (slug, FALSE);
}

static gchar *
quote (const gchar *text)
{
  g_autoptr (cJSON) node = cJSON_CreateString (text);
  gchar *printed = cJSON_PrintUnformatted (node);
  gchar *quoted = g_strdup (printed);

  cJSON_free (printed);
  return quoted;
}

PmtModel *
pmt_user_model_new (const gchar *id, const gchar *path, const PmtNetInfo *info)
{
  const gboolean is_enlarging = info->scale > 1;
  g_autofree gchar *shown = pmt_user_model_show (path);
  g_autofree gchar *name = g_strdup_printf ("%s (%dx)", shown, info->scale);
  g_autofree gchar *quoted = quote (name);
  g_autofree gchar *params =
      is_enlarging ? g_strdup_printf (SIZE_PARAMS, info->scale, info->scale)
                   : g_strdup (STRENGTH_PARAM);
  g_autofree gchar *text = g_strdup_printf (
      MANIFEST, quoted, is_enlarging ? "upscale" : "enhance", params);
  g_autoptr (GError) error = NULL;
  const PmtModelNet net = { info->scale, g_strdup (path) };
  PmtModel *model = pmt_manifest_parse (shown, text, strlen (text), &error);

  if (model == NULL)
    g_error ("The manifest of a user's network is wrong: %s", error->message);
  g_free (model->id);
  model->id = g_strdup (id);
  g_array_append_val (model->nets, net);
  return model;
}

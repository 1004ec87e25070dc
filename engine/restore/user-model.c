/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * user-model.c: a model for a network that has no manifest.  The manifest is
 * written here and read like any other, so that what holds for manifests
 * holds for these.
 */
#include "config.h"

#include "restore/user-model.h"

#include <string.h>

#include "catalog/file-id.h"
#include "catalog/manifest.h"

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

/* As in data/catalog/restore.json. */
#define FACE_IF ",\"applies_if\":{\"face-enhancement\":true}"
#define FACE_PARAMS                                                            \
  "{\"name\":\"face-enhancement\",\"type\":\"bool\",\"default\":false,"        \
  "\"label\":\"Enhance faces\",\"help\":\"Finds faces and works on each of "   \
  "them by itself, with a network for faces where one is installed.\"},"       \
  "{\"name\":\"face-strength\",\"type\":\"number\",\"default\":0.8,"           \
  "\"min\":0,\"max\":1,\"label\":\"Strength on faces\",\"help\":\"How "        \
  "strongly faces are changed.\"" FACE_IF "},"                                 \
  "{\"name\":\"faces\",\"type\":\"string\",\"default\":\"all\","               \
  "\"max\":1000,\"label\":\"Which faces\",\"help\":\"“all”, “largest”, or "    \
  "numbers such as “1,3”: 1 is the largest face.\"" FACE_IF "},"               \
  "{\"name\":\"face-model\",\"type\":\"string\",\"default\":\"\","             \
  "\"max\":255,\"label\":\"Network for faces\",\"help\":\"The file in "        \
  "“models/faces” of Pentimento's folder that restores faces; the first one "  \
  "there if empty. “shipped” denoises and sharpens with the network that "     \
  "comes with Pentimento. Others make up detail, which may change who a face " \
  "looks like.\",\"advanced\":true" FACE_IF "},"                               \
  "{\"name\":\"face-creativity\",\"type\":\"number\",\"default\":0,"           \
  "\"min\":0,\"max\":1,\"label\":\"Creativity on faces\",\"help\":\"How much " \
  "of faces may be made up. Only networks with an input for the fidelity, "    \
  "such as CodeFormer, have it.\",\"advanced\":true" FACE_IF "},"

#define SUBJECT_PARAM                                                          \
  "{\"name\":\"subject\",\"type\":\"choice\",\"default\":\"All\","             \
  "\"choices\":[\"All\",\"Foreground\",\"Background\"],\"choice_labels\":["    \
  "\"Everything\",\"Foreground\",\"Background\"],\"label\":\"Work on\","       \
  "\"help\":\"Which part of the picture is changed. The subject is found by "  \
  "a network in “models/subject” of Pentimento's folder, or, with a "          \
  "selection around it, without one.\",\"advanced\":true},"

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
  "\"references\":0},\"parameters\":[%s" FACE_PARAMS SUBJECT_PARAM EDGE_PARAMS \
  "]}"

PmtModel *
pmt_user_model_new (const gchar *id, const gchar *path, const PmtNetInfo *info)
{
  const gboolean is_enlarging = info->scale > 1;
  g_autofree gchar *shown = pmt_file_id_show (path);
  g_autofree gchar *name = g_strdup_printf ("%s (%dx)", shown, info->scale);
  g_autofree gchar *quoted = pmt_file_id_quote (name);
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

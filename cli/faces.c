/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "faces.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>

#include "picture-file.h"

static cJSON *
face_to_json (const PmtFace *face)
{
  const gdouble box[] = { face->x, face->y, face->width, face->height };
  cJSON *json = cJSON_CreateObject ();
  cJSON *landmarks;

  cJSON_AddItemToObject (json, "box", cJSON_CreateDoubleArray (box, 4));
  cJSON_AddNumberToObject (json, "score", face->score);
  if (!face->has_landmarks)
    return json;
  landmarks = cJSON_AddArrayToObject (json, "landmarks");
  for (gint i = 0; i < 5; i++)
    cJSON_AddItemToArray (landmarks,
                          cJSON_CreateDoubleArray (face->landmarks[i], 2));
  return json;
}

static void
print_json (GArray *faces)
{
  cJSON *list = cJSON_CreateArray ();
  gchar *text;

  for (guint i = 0; i < faces->len; i++)
    cJSON_AddItemToArray (list,
                          face_to_json (&g_array_index (faces, PmtFace, i)));
  text = cJSON_Print (list);
  g_print ("%s\n", text);
  cJSON_free (text);
  cJSON_Delete (list);
}

static void
print_text (GArray *faces)
{
  if (faces->len == 0)
    g_print ("%s\n", _ ("No face was found."));
  for (guint i = 0; i < faces->len; i++)
    {
      const PmtFace *face = &g_array_index (faces, PmtFace, i);

      g_print (_ ("Face %u: %.0f x %.0f px at %.0f, %.0f (%.0f %%)\n"), i + 1,
               face->width, face->height, face->x, face->y,
               100.0 * face->score);
    }
}

gboolean
faces_run (PmtEngine *engine, const Options *options, GError **error)
{
  g_autoptr (GeglBuffer) picture = picture_file_load (options->in, error);
  g_autoptr (GArray) faces = NULL;

  if (!picture)
    return FALSE;
  faces = pmt_engine_list_faces (engine, picture, NULL, error);
  if (!faces)
    return FALSE;
  if (options->is_json)
    print_json (faces);
  else
    print_text (faces);
  return TRUE;
}

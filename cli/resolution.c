/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "resolution.h"

#include <gegl-metadatahash.h>
#include <gegl-metadatastore.h>
#include <gio/gio.h>
#include <string.h>

#define KEY "pentimento-resolution"

/* From the beginning of a JPEG to the end of its density. */
#define JFIF_BYTES 18

typedef struct
{
  GeglResolutionUnit unit;
  gdouble x;
  gdouble y;
} Resolution;

GObject *
resolution_prepare (GeglNode *node, const gchar *operation)
{
  GeglMetadataStore *store;

  if (!gegl_operation_find_property (operation, "metadata"))
    return NULL;
  store = gegl_metadata_hash_new ();
  gegl_node_set (node, "metadata", store, NULL);
  return G_OBJECT (store);
}

static void
put_down (GeglBuffer *buffer, const Resolution *resolution)
{
  if (resolution->x > 0.0 && resolution->y > 0.0)
    g_object_set_data_full (G_OBJECT (buffer), KEY,
                            g_memdup2 (resolution, sizeof *resolution), g_free);
}

/* JFIF 1.02, the segment that comes first: unit, then two numbers. */
static void
read_jfif (GeglBuffer *buffer, const gchar *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  guint8 head[JFIF_BYTES] = { 0 };
  Resolution resolution = { GEGL_RESOLUTION_UNIT_NONE, 0.0, 0.0 };
  gsize n_read;

  if (!stream
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head,
                                   &n_read, NULL, NULL)
      || memcmp (head, "\377\330\377\340", 4) != 0
      || memcmp (head + 6, "JFIF", 5) != 0)
    return;
  if (head[13] == 1)
    resolution.unit = GEGL_RESOLUTION_UNIT_DPI;
  else if (head[13] == 2)
    resolution.unit = GEGL_RESOLUTION_UNIT_DPM;
  else
    return;
  resolution.x = (head[14] << 8 | head[15]) * (head[13] == 2 ? 100.0 : 1.0);
  resolution.y = (head[16] << 8 | head[17]) * (head[13] == 2 ? 100.0 : 1.0);
  put_down (buffer, &resolution);
}

void
resolution_take (GeglBuffer *buffer, GObject *store, const gchar *path)
{
  Resolution resolution = { GEGL_RESOLUTION_UNIT_NONE, 0.0, 0.0 };

  if (!store)
    {
      read_jfif (buffer, path);
      return;
    }
  g_object_get (store, "resolution-unit", &resolution.unit, "resolution-x",
                &resolution.x, "resolution-y", &resolution.y, NULL);
  if (resolution.unit != GEGL_RESOLUTION_UNIT_NONE)
    put_down (buffer, &resolution);
}

void
resolution_give (GeglBuffer *buffer, GObject *store)
{
  const Resolution *resolution = g_object_get_data (G_OBJECT (buffer), KEY);

  if (resolution && store)
    g_object_set (store, "resolution-unit", resolution->unit, "resolution-x",
                  resolution->x, "resolution-y", resolution->y, NULL);
}

void
resolution_copy (GeglBuffer *from, GeglBuffer *to)
{
  const Resolution *resolution = g_object_get_data (G_OBJECT (from), KEY);

  if (resolution)
    put_down (to, resolution);
}

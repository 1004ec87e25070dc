/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remove-object IN OUT X Y WIDTH HEIGHT: removes what is in a rectangle. */
#include <pentimento.h>
#include <stdlib.h>

static GeglBuffer *
load (const char *path)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglBuffer *buffer = NULL;
  GeglNode *file =
      gegl_node_new_child (graph, "operation", "gegl:load", "path", path, NULL);
  GeglNode *sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink",
                                        "buffer", &buffer, NULL);

  gegl_node_link (file, sink);
  gegl_node_process (sink);
  return buffer;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 7)
    return 2;
  gegl_init (NULL, NULL);

  /* The picture, and a mask that is white in the rectangle. */
  g_autoptr (GeglBuffer) picture = load (argv[1]);
  GeglRectangle rect = { atoi (argv[3]), atoi (argv[4]), atoi (argv[5]),
                         atoi (argv[6]) };
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (&rect, babl_format ("Y float"));
  gegl_buffer_set_color (mask, NULL, gegl_color_new ("white"));

  /* The request: an operation, its inputs, and only the settings that differ
   * from the defaults. */
  g_autoptr (PmtRequest) request = pmt_request_new (PMT_OPERATION_REMOVE);
  pmt_request_set_source (request, picture, gegl_buffer_get_extent (picture));
  pmt_request_set_mask (request, mask);
  pmt_params_set_int (pmt_request_params (request), "seed", 1);

  /* The run: one new picture with an offset and a mask. */
  g_autoptr (PmtEngine) engine = pmt_engine_new (NULL, &error);
  g_autoptr (PmtResult) result = NULL;
  if (engine)
    result = pmt_engine_run (engine, request, NULL, NULL, NULL, &error);
  if (!result || !pmt_result_composite (result, 0, picture, &error))
    return g_printerr ("%s\n", error->message), 1;

  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", picture, NULL);
  GeglNode *file = gegl_node_new_child (graph, "operation", "gegl:save", "path",
                                        argv[2], NULL);
  gegl_node_link (source, file);
  gegl_node_process (file);
  return 0;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* references.c: the argument "references", and copies of what is in it. */
#include "config.h"

#include "references.h"

#include <glib/gi18n-lib.h>

#include "layer-reader.h"
#include "pixel-bridge.h"

#define MAX_REFERENCES 14

/* One layer, by its number in GIMP. */
typedef struct
{
  gint id;
  GeglBuffer *picture;
} Reference;

struct _PmtReferences
{
  GPtrArray *list; /* element-type Reference */
};

static void
reference_free (gpointer data)
{
  Reference *reference = data;

  g_object_unref (reference->picture);
  g_free (reference);
}

PmtReferences *
pmt_references_new (void)
{
  PmtReferences *references = g_new0 (PmtReferences, 1);

  references->list = g_ptr_array_new_with_free_func (reference_free);

  return references;
}

void
pmt_references_free (PmtReferences *references)
{
  if (!references)
    return;

  g_ptr_array_unref (references->list);
  g_free (references);
}

static gboolean
is_taken (PmtEngine *engine, PmtOperation operation)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, operation);

  for (guint i = 0; i < models->len; i++)
    if (pmt_model_get_limit (g_ptr_array_index (models, i), "references", 0.0)
        >= 1.0)
      return TRUE;

  return FALSE;
}

void
pmt_references_declare (GimpProcedure *procedure,
                        PmtEngine *engine,
                        PmtOperation operation)
{
  if (!engine || !is_taken (engine, operation))
    return;

  /* Layers of a picture that may be gone next time.  None at all is allowed,
   * which GIMP and GLib would call invalid.
   */
  gimp_procedure_add_core_object_array_argument (
      procedure, "references", _ ("Reference pictures"),
      _ ("Up to 14 layers, of any picture, that the model gets to see beside "
         "the prompt; only for models that take some. Not remembered."),
      GIMP_TYPE_DRAWABLE,
      G_PARAM_READWRITE | G_PARAM_LAX_VALIDATION | GIMP_PARAM_NO_VALIDATE
          | GIMP_PARAM_DONT_SERIALIZE);
}

static GeglBuffer *
read_layer (GimpDrawable *drawable, GError **error)
{
  g_autoptr (PmtLayerReader) reader = NULL;
  GeglRectangle rect;

  if (!GIMP_IS_LAYER (drawable) || gimp_item_is_group (GIMP_ITEM (drawable)))
    {
      g_autofree gchar *name = gimp_item_get_name (GIMP_ITEM (drawable));

      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” in “references” is no layer with a picture of its "
                      "own. Give layers that are no groups, masks or "
                      "channels."),
                   name);
      return NULL;
    }

  pmt_bridge_layer_rect (GIMP_LAYER (drawable), &rect);
  reader = pmt_layer_reader_new (GIMP_LAYER (drawable));

  return pmt_layer_reader_read (reader, &rect, error);
}

static GeglBuffer *
find_picture (const PmtReferences *references, gint id)
{
  for (guint i = 0; i < references->list->len; i++)
    {
      const Reference *reference = g_ptr_array_index (references->list, i);

      if (reference->id == id)
        return g_object_ref (reference->picture);
    }

  return NULL;
}

/* Adds to @list a layer that @references may have already. */
static gboolean
add_one (const PmtReferences *references,
         GPtrArray *list,
         GimpDrawable *drawable,
         GError **error)
{
  const gint id = gimp_item_get_id (GIMP_ITEM (drawable));
  GeglBuffer *picture = find_picture (references, id);
  Reference *reference;

  if (!picture)
    picture = read_layer (drawable, error);
  if (!picture)
    return FALSE;
  reference = g_new (Reference, 1);
  reference->id = id;
  reference->picture = picture;
  g_ptr_array_add (list, reference);

  return TRUE;
}

static GPtrArray *
read_all (const PmtReferences *references,
          GimpProcedureConfig *config,
          GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (reference_free);
  g_autofree GObject **layers = NULL;
  gint n;

  g_object_get (config, "references", &layers, NULL);
  n = layers ? (gint)gimp_core_object_array_get_length (layers) : 0;
  if (n > MAX_REFERENCES)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The argument “references” holds %d layers; %d are "
                      "allowed."),
                   n, MAX_REFERENCES);
      return NULL;
    }
  for (gint i = 0; i < n; i++)
    if (!add_one (references, list, GIMP_DRAWABLE (layers[i]), error))
      return NULL;

  return g_steal_pointer (&list);
}

gboolean
pmt_references_read (PmtReferences *references,
                     GimpProcedureConfig *config,
                     GError **error)
{
  GPtrArray *list;

  if (!g_object_class_find_property (G_OBJECT_GET_CLASS (config), "references"))
    return TRUE;

  list = read_all (references, config, error);
  if (!list)
    {
      g_ptr_array_set_size (references->list, 0);
      return FALSE;
    }
  g_ptr_array_unref (references->list);
  references->list = list;

  return TRUE;
}

void
pmt_references_add (const PmtReferences *references, PmtRequest *request)
{
  for (guint i = 0; i < references->list->len; i++)
    {
      const Reference *reference = g_ptr_array_index (references->list, i);

      pmt_request_add_reference (request, reference->picture);
    }
}

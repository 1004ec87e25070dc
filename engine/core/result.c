/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result.c: what a run made. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/recipe.h"
#include "core/result-builder.h"
#include "image/pixels.h"

typedef struct
{
  GeglBuffer *picture;
  GeglBuffer *mask;
  gchar *name;
  gchar *recipe;
  guint32 seed;
} Item;

struct _PmtResult
{
  GPtrArray *items;
  gchar **notes;
  guint n_notes;
  GVariant *timings;
  GeglRectangle canvas;
};

static void
item_free (gpointer data)
{
  Item *item = data;

  g_clear_object (&item->picture);
  g_clear_object (&item->mask);
  g_free (item->name);
  g_free (item->recipe);
  g_free (item);
}

PmtResult *
pmt_result_new (const PmtJob *job)
{
  PmtResult *result;

  g_return_val_if_fail (job != NULL && job->request != NULL, NULL);
  result = g_new0 (PmtResult, 1);
  result->items = g_ptr_array_new_with_free_func (item_free);
  result->notes = g_new0 (gchar *, 1);
  result->canvas = *pmt_request_get_canvas (job->request);
  return result;
}

void
pmt_result_free (PmtResult *result)
{
  if (result == NULL)
    return;
  g_ptr_array_unref (result->items);
  g_strfreev (result->notes);
  g_clear_pointer (&result->timings, g_variant_unref);
  g_free (result);
}

void
pmt_result_add (PmtResult *result,
                const PmtJob *job,
                GeglBuffer *picture,
                GeglBuffer *mask,
                guint32 seed,
                const GeglRectangle *area)
{
  pmt_result_add_remote (result, job, picture, mask, seed, area, NULL);
}

/* A result of its own, which shares the buffers. */
static PmtResult *
new_single (const PmtResult *result, const Item *item)
{
  PmtResult *single = g_new0 (PmtResult, 1);
  Item *copy = g_new0 (Item, 1);

  copy->picture = g_object_ref (item->picture);
  copy->mask = item->mask != NULL ? g_object_ref (item->mask) : NULL;
  copy->name = g_strdup (item->name);
  copy->recipe = g_strdup (item->recipe);
  copy->seed = item->seed;
  single->items = g_ptr_array_new_with_free_func (item_free);
  g_ptr_array_add (single->items, copy);
  single->notes = g_new0 (gchar *, 1);
  single->canvas = result->canvas;
  return single;
}

void
pmt_result_add_remote (PmtResult *result,
                       const PmtJob *job,
                       GeglBuffer *picture,
                       GeglBuffer *mask,
                       guint32 seed,
                       const GeglRectangle *area,
                       const PmtResultOrigin *origin)
{
  PmtOperation operation = pmt_request_get_operation (job->request);
  const gchar *label = pmt_operation_label (operation);
  Item *item;

  g_return_if_fail (result != NULL && picture != NULL && area != NULL);
  item = g_new0 (Item, 1);
  item->picture = picture;
  item->mask = mask;
  item->seed = seed;
  item->name = result->items->len == 0
                   ? g_strdup (label)
                   : g_strdup_printf ("%s %u", label, result->items->len + 1);
  item->recipe = pmt_recipe_new (job, seed, area, origin);
  g_ptr_array_add (result->items, item);
  if (job->item != NULL)
    job->item (new_single (result, item), job->item_data);
}

void
pmt_result_add_made (PmtResult *result,
                     GeglBuffer *picture,
                     GeglBuffer *mask,
                     const gchar *name,
                     const gchar *recipe,
                     guint32 seed)
{
  Item *item;

  g_return_if_fail (result != NULL && picture != NULL);
  item = g_new0 (Item, 1);
  item->picture = picture;
  item->mask = mask;
  item->seed = seed;
  item->name = g_strdup (name);
  item->recipe = g_strdup (recipe);
  g_ptr_array_add (result->items, item);
}

void
pmt_result_set_canvas (PmtResult *result, const GeglRectangle *canvas)
{
  g_return_if_fail (result != NULL && canvas != NULL);
  result->canvas = *canvas;
}

void
pmt_result_note (PmtResult *result, const gchar *format, ...)
{
  va_list args;

  g_return_if_fail (result != NULL && format != NULL);
  result->notes = g_renew (gchar *, result->notes, result->n_notes + 2);
  va_start (args, format);
  result->notes[result->n_notes++] = g_strdup_vprintf (format, args);
  va_end (args);
  result->notes[result->n_notes] = NULL;
}

void
pmt_result_take_timings (PmtResult *result, GVariant *timings)
{
  g_return_if_fail (result != NULL && timings != NULL);
  g_variant_ref_sink (timings);
  g_clear_pointer (&result->timings, g_variant_unref);
  result->timings = timings;
}

guint
pmt_result_get_n_items (const PmtResult *result)
{
  g_return_val_if_fail (result != NULL, 0);
  return result->items->len;
}

static const Item *
get_item (const PmtResult *result, guint i)
{
  g_return_val_if_fail (result != NULL && i < result->items->len, NULL);
  return result->items->pdata[i];
}

GeglBuffer *
pmt_result_get_picture (const PmtResult *result, guint i)
{
  const Item *item = get_item (result, i);

  return item != NULL ? item->picture : NULL;
}

GeglBuffer *
pmt_result_get_mask (const PmtResult *result, guint i)
{
  const Item *item = get_item (result, i);

  return item != NULL ? item->mask : NULL;
}

const gchar *
pmt_result_get_name (const PmtResult *result, guint i)
{
  const Item *item = get_item (result, i);

  return item != NULL ? item->name : NULL;
}

const gchar *
pmt_result_get_recipe (const PmtResult *result, guint i)
{
  const Item *item = get_item (result, i);

  return item != NULL ? item->recipe : NULL;
}

guint32
pmt_result_get_seed (const PmtResult *result, guint i)
{
  const Item *item = get_item (result, i);

  return item != NULL ? item->seed : 0;
}

void
pmt_result_get_canvas (const PmtResult *result, GeglRectangle *canvas)
{
  g_return_if_fail (result != NULL && canvas != NULL);
  *canvas = result->canvas;
}

const gchar *const *
pmt_result_get_notes (const PmtResult *result)
{
  g_return_val_if_fail (result != NULL, NULL);
  return (const gchar *const *)result->notes;
}

GVariant *
pmt_result_get_timings (const PmtResult *result)
{
  g_return_val_if_fail (result != NULL, NULL);
  if (result->timings != NULL)
    return g_variant_ref (result->timings);
  return g_variant_ref_sink (
      g_variant_new_array (G_VARIANT_TYPE ("{sd}"), NULL, 0));
}

gboolean
pmt_result_composite (const PmtResult *result,
                      guint i,
                      GeglBuffer *target,
                      GError **error)
{
  const Item *item;

  g_return_val_if_fail (result != NULL && target != NULL, FALSE);
  if (i >= result->items->len)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The result has %u pictures, so there is no number %u "
                      "(the first is 0)."),
                   result->items->len, i);
      return FALSE;
    }
  item = result->items->pdata[i];
  return pmt_composite (target, item->picture, item->mask, error);
}

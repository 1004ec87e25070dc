/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* filter.c: the GEGL operations that run the restoration network. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "cells.h"
#include "filter.h"
#include "network.h"

/* GIMP runs filters in its main loop: while the network runs, nothing else
 * happens.  A piece takes no longer than this, where the host does not ask for
 * a larger one itself.
 */
#define SECONDS_PER_PIECE 1.0

typedef struct
{
  GeglOperationFilterClass parent_class;
  const PmtFilterKind *kind;
} PmtFilterClass;

/* @lock is recursive: reading the input may change what lies before it.
 * @is_planned: the last request looked what it needs, for @planned strength,
 * @side and @margin
 */
typedef struct
{
  GeglOperationFilter parent_instance;
  gdouble strength;
  GRecMutex lock;
  PmtCells *cells;
  gboolean has_failed;
  gboolean is_planned;
  gdouble planned;
  gint side;
  gint margin;
} PmtFilter;

enum
{
  PROP_0,
  PROP_STRENGTH
};

static GObjectClass *parent_class;

static const PmtFilterKind *
get_kind (PmtFilter *self)
{
  return ((PmtFilterClass *)G_OBJECT_GET_CLASS (self))->kind;
}

/* ------------------------------------------------------------ formats -- */

/* The input's own model and curve, so that nothing is converted twice; as
 * floats, which hold values outside 0..1 and more than 16 bits.
 */
static const Babl *
result_format (const Babl *input)
{
  const Babl *space = input ? babl_format_get_space (input) : NULL;
  const gchar *encoding = input ? babl_format_get_encoding (input) : "";
  const gchar *type = strrchr (encoding, ' ');
  g_autofree gchar *model = g_strndup (encoding, type ? type - encoding : 0);
  const gboolean is_fine =
      g_strcmp0 (type, " u32") == 0 || g_strcmp0 (type, " double") == 0;
  g_autofree gchar *wanted =
      g_strdup_printf ("%s %s", model, is_fine ? "double" : "float");

  if (!input || babl_format_is_palette (input) || !babl_format_exists (wanted))
    return babl_format_with_space ("R'G'B'A float", space);
  return babl_format_with_space (wanted, space);
}

static void
prepare (GeglOperation *operation)
{
  const Babl *input = gegl_operation_get_source_format (operation, "input");

  if (input)
    gegl_operation_set_format (operation, "input", input);
  gegl_operation_set_format (operation, "output", result_format (input));
}

/* --------------------------------------------------------------- plan -- */

static GeglRectangle
grow (const GeglRectangle *rect, gint margin)
{
  GeglRectangle grown = *rect;

  if (gegl_rectangle_is_infinite_plane (rect) || gegl_rectangle_is_empty (rect))
    return grown;
  grown.x -= margin;
  grown.y -= margin;
  grown.width += 2 * margin;
  grown.height += 2 * margin;
  return grown;
}

static gboolean
has_alpha (GeglOperation *operation)
{
  const Babl *format = gegl_operation_get_source_format (operation, "input");

  return !format || babl_format_has_alpha (format);
}

static GeglRectangle
get_extent (GeglOperation *operation)
{
  const GeglRectangle *box =
      gegl_operation_source_get_bounding_box (operation, "input");

  return box ? *box : *GEGL_RECTANGLE (0, 0, 0, 0);
}

/* Looks what @roi needs.  The first cell after a change is computed alone, so
 * that something is seen soon; the next ones in squares, which cost less per
 * pixel.  Called with the lock held.
 */
static GArray *
plan (PmtFilter *self, PmtNet *net, const GeglRectangle *roi)
{
  GeglOperation *operation = GEGL_OPERATION (self);
  PmtCellsKey key = {
    .extent = get_extent (operation),
    .format = gegl_operation_get_format (operation, "output"),
    .strength = self->strength,
    .source = gegl_operation_get_source_node (operation, "input"),
  };

  if (pmt_cells_set_key (self->cells, &key))
    self->has_failed = FALSE;
  self->is_planned = TRUE;
  self->planned = key.strength;
  self->margin = pmt_network_margin (net, has_alpha (operation));
  self->side =
      pmt_cells_is_empty (self->cells)
          ? 1
          : pmt_network_choose_side (net, PMT_CELL_SIDE, SECONDS_PER_PIECE);

  return pmt_cells_list_missing (self->cells, roi, self->side);
}

/* Where all is known, nothing before this filter needs to run. */
static GeglRectangle
area_of (GArray *missing, const GeglRectangle *roi, gint margin)
{
  GeglRectangle area = { 0, 0, 0, 0 };

  if (missing->len > 0)
    area = *roi;
  for (guint i = 0; i < missing->len; i++)
    {
      const GeglRectangle around =
          grow (&g_array_index (missing, GeglRectangle, i), margin);

      gegl_rectangle_bounding_box (&area, &area, &around);
    }

  return area;
}

static GeglRectangle
get_required_for_output (GeglOperation *operation,
                         const gchar *pad,
                         const GeglRectangle *roi)
{
  PmtFilter *self = (PmtFilter *)operation;
  const GeglRectangle extent = get_extent (operation);
  g_autoptr (PmtNet) net = self->strength > 0.0 ? pmt_network_get (NULL) : NULL;
  GeglRectangle area = *roi;

  g_rec_mutex_lock (&self->lock);
  self->is_planned = FALSE;
  if (net)
    {
      g_autoptr (GArray) missing = plan (self, net, roi);

      if (!self->has_failed)
        area = area_of (missing, roi, self->margin);
    }
  g_rec_mutex_unlock (&self->lock);
  gegl_rectangle_intersect (&area, &area, &extent);

  return area;
}

static GeglRectangle
get_invalidated_by_change (GeglOperation *operation,
                           const gchar *pad,
                           const GeglRectangle *changed)
{
  PmtFilter *self = (PmtFilter *)operation;
  GeglRectangle invalid;

  g_rec_mutex_lock (&self->lock);
  invalid = grow (changed, self->margin);
  pmt_cells_invalidate (self->cells, &invalid);
  self->has_failed = FALSE;
  g_rec_mutex_unlock (&self->lock);

  return invalid;
}

/* ---------------------------------------------------------------- run -- */

static gboolean
run_piece (PmtFilter *self,
           PmtNet *net,
           GeglBuffer *input,
           const GeglRectangle *rect,
           GError **error)
{
  GeglRectangle picture = get_extent (GEGL_OPERATION (self));

  /* Without borders there is nothing to be mirrored. */
  if (gegl_rectangle_is_infinite_plane (&picture))
    picture = grow (rect, self->margin);
  if (!pmt_network_run (net, get_kind (self)->setting, self->planned, &picture,
                        input, rect, pmt_cells_get_buffer (self->cells), error))
    return FALSE;

  pmt_cells_add (self->cells, rect);
  return TRUE;
}

/* Called with the lock held.  After a failure the filter leaves the picture
 * alone until something changes: not every piece tries again.  Fails without an
 * error when the network came back, or the strength changed, in the middle of a
 * request: then the input does not have what is needed.
 */
static gboolean
compute (PmtFilter *self,
         GeglBuffer *input,
         const GeglRectangle *roi,
         GError **error)
{
  g_autoptr (PmtNet) net = pmt_network_get (error);
  g_autoptr (GArray) missing = NULL;

  if (!net || !self->is_planned)
    return FALSE;
  missing = pmt_cells_list_missing (self->cells, roi, self->side);
  for (guint i = 0; i < missing->len; i++)
    if (!run_piece (self, net, input,
                    &g_array_index (missing, GeglRectangle, i), error))
      {
        self->has_failed = TRUE;
        return FALSE;
      }

  return TRUE;
}

static gboolean
render (PmtFilter *self,
        GeglOperationContext *context,
        GeglBuffer *input,
        const GeglRectangle *roi)
{
  g_autoptr (GError) error = NULL;
  GeglBuffer *target;

  if (self->has_failed)
    return FALSE;
  if (!compute (self, input, roi, &error))
    {
      if (error)
        pmt_network_report (_ (get_kind (self)->title), error);
      return FALSE;
    }

  target = gegl_operation_context_get_target (context, "output");
  gegl_buffer_copy (pmt_cells_get_buffer (self->cells), roi, GEGL_ABYSS_NONE,
                    target, roi);
  return TRUE;
}

/* Rectangles are those of the full resolution at every level of detail; the
 * host scales what it gets.
 */
static gboolean
process (GeglOperation *operation,
         GeglOperationContext *context,
         const gchar *pad,
         const GeglRectangle *roi,
         gint level)
{
  PmtFilter *self = (PmtFilter *)operation;
  GObject *input = gegl_operation_context_get_object (context, "input");
  gboolean is_done = FALSE;

  if (self->strength > 0.0)
    {
      g_rec_mutex_lock (&self->lock);
      is_done = render (self, context, GEGL_BUFFER (input), roi);
      g_rec_mutex_unlock (&self->lock);
    }
  if (!is_done)
    gegl_operation_context_set_object (context, "output", input);

  return TRUE;
}

/* -------------------------------------------------------------- class -- */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STRENGTH)
    ((PmtFilter *)object)->strength = g_value_get_double (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STRENGTH)
    g_value_set_double (value, ((PmtFilter *)object)->strength);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
finalize (GObject *object)
{
  PmtFilter *self = (PmtFilter *)object;

  pmt_cells_free (self->cells);
  g_rec_mutex_clear (&self->lock);
  parent_class->finalize (object);
}

static void
init (GTypeInstance *instance, gpointer klass)
{
  PmtFilter *self = (PmtFilter *)instance;

  g_rec_mutex_init (&self->lock);
  self->cells = pmt_cells_new ();
  self->side = 1;
}

static GParamSpec *
new_strength (const PmtFilterKind *kind)
{
  GParamSpec *pspec = gegl_param_spec_double (
      "strength", _ ("Strength"), _ (kind->help), 0.0, 1.0, kind->strength, 0.0,
      1.0, 1.0, G_PARAM_READWRITE | G_PARAM_CONSTRUCT | GEGL_PARAM_PAD_INPUT);

  gegl_param_spec_double_set_steps (GEGL_PARAM_SPEC_DOUBLE (pspec), 0.01, 0.1);
  gegl_param_spec_double_set_digits (GEGL_PARAM_SPEC_DOUBLE (pspec), 2);
  return pspec;
}

static void
class_init (gpointer klass, gpointer data)
{
  const PmtFilterKind *kind = (const PmtFilterKind *)data;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GeglOperationClass *operation_class = GEGL_OPERATION_CLASS (klass);

  parent_class = G_OBJECT_CLASS (g_type_class_peek_parent (klass));
  ((PmtFilterClass *)klass)->kind = kind;
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  g_object_class_install_property (object_class, PROP_STRENGTH,
                                   new_strength (kind));

  operation_class->prepare = prepare;
  operation_class->get_required_for_output = get_required_for_output;
  operation_class->get_invalidated_by_change = get_invalidated_by_change;
  operation_class->process = process;
  /* The network has threads of its own, the cells are the cache. */
  operation_class->threaded = FALSE;
  operation_class->cache_policy = GEGL_CACHE_POLICY_NEVER;
  gegl_operation_class_set_keys (
      operation_class, "name", kind->name, "title", _ (kind->title),
      "categories", kind->categories, "description", _ (kind->description),
      "gimp:menu-path", "<Image>/Filters/Pentimento", "gimp:menu-label",
      _ (kind->menu_label), NULL);
}

void
pmt_filter_register (GTypeModule *module, const PmtFilterKind *kind)
{
  const GTypeInfo info = {
    .class_size = sizeof (PmtFilterClass),
    .class_init = class_init,
    .class_data = kind,
    .instance_size = sizeof (PmtFilter),
    .instance_init = init,
  };

  gegl_module_register_type (module, GEGL_TYPE_OPERATION_FILTER,
                             kind->type_name, &info, 0);
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* graph-cut.c: a subject inside a rough selection, without a network. */
#include "config.h"

#include "subject/graph-cut.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "image/image-private.h"
#include "pentimento.h"
#include "subject/color-model.h"
#include "subject/max-flow.h"

/* Rounds of learning and cutting. */
#define ROUNDS 5

/* Cost of a border between equal neighbors; that of GrabCut. */
#define SMOOTHNESS 50.0

/* Beyond all that neighbors may cost. */
#define CERTAIN 1000.0f

/* Colors that are as unlikely as this on one side are not more so. */
#define MAX_COST 60.0

typedef struct
{
  const gfloat *rgb;
  const guint8 *known;
  gint width;
  gint height;
  gsize n;
  guint8 *side;
  guint8 *clusters;
  gfloat *terminals;
  gfloat *links;
  gfloat *costs;
} Cut;

static void
cut_clear (Cut *cut)
{
  g_free (cut->side);
  g_free (cut->clusters);
  g_free (cut->terminals);
  g_free (cut->links);
  g_free (cut->costs);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cut, cut_clear)

static gboolean
cut_init (Cut *cut, GError **error)
{
  const gint w = cut->width;
  const gint h = cut->height;
  const gsize links = PMT_FLOW_NEIGHBORS * sizeof (gfloat);

  cut->n = (gsize)w * h;
  cut->side = pmt_image_alloc (w, h, 1, error);
  if (cut->side == NULL)
    return FALSE;
  cut->clusters = pmt_image_alloc (w, h, 1, error);
  if (cut->clusters == NULL)
    return FALSE;
  cut->terminals = pmt_image_alloc (w, h, sizeof (gfloat), error);
  if (cut->terminals == NULL)
    return FALSE;
  cut->links = pmt_image_alloc (w, h, links, error);
  if (cut->links == NULL)
    return FALSE;
  cut->costs = pmt_image_alloc (w, h, links, error);
  return cut->costs != NULL;
}

/* Index of a neighbor, or -1. */
static gint64
neighbor (const Cut *cut, gint x, gint y, gint direction)
{
  gint dx;
  gint dy;

  pmt_flow_offset (direction, &dx, &dy);
  x += dx;
  y += dy;
  if (x < 0 || y < 0 || x >= cut->width || y >= cut->height)
    return -1;
  return (gint64)y * cut->width + x;
}

static gdouble
difference (const Cut *cut, gsize a, gsize b)
{
  gdouble sum = 0.0;

  for (gint c = 0; c < 3; c++)
    {
      const gdouble off = cut->rgb[a * 3 + c] - cut->rgb[b * 3 + c];

      sum += off * off;
    }
  return sum;
}

/* Twice the mean of the differences between neighbors. */
static gdouble
get_contrast (const Cut *cut)
{
  gdouble sum = 0.0;
  gdouble n = 0.0;

  for (gint y = 0; y < cut->height; y++)
    for (gint x = 0; x < cut->width; x++)
      for (gint d = PMT_FLOW_NEIGHBORS / 2; d < PMT_FLOW_NEIGHBORS; d++)
        {
          const gint64 q = neighbor (cut, x, y, d);

          if (q < 0)
            continue;
          sum += difference (cut, (gsize)y * cut->width + x, (gsize)q);
          n += 1.0;
        }
  return n > 0.0 ? MAX (2.0 * sum / n, 1e-9) : 1.0;
}

static void
make_links (Cut *cut)
{
  const gdouble contrast = get_contrast (cut);

  for (gint y = 0; y < cut->height; y++)
    for (gint x = 0; x < cut->width; x++)
      for (gint d = 0; d < PMT_FLOW_NEIGHBORS; d++)
        {
          const gint64 q = neighbor (cut, x, y, d);
          const gsize p = (gsize)y * cut->width + x;
          gint dx;
          gint dy;

          pmt_flow_offset (d, &dx, &dy);
          if (q >= 0)
            cut->costs[p * PMT_FLOW_NEIGHBORS + d] =
                (gfloat)(SMOOTHNESS / hypot (dx, dy)
                         * exp (-difference (cut, p, (gsize)q) / contrast));
        }
}

static void
make_terminals (Cut *cut,
                const PmtColorModel *inside,
                const PmtColorModel *outside)
{
  for (gsize i = 0; i < cut->n; i++)
    {
      const gfloat *rgb = cut->rgb + i * 3;
      gdouble cost;

      if (cut->known[i] != PMT_CUT_UNKNOWN)
        {
          cut->terminals[i] =
              cut->known[i] == PMT_CUT_INSIDE ? CERTAIN : -CERTAIN;
          continue;
        }
      cost = pmt_color_model_cost (outside, rgb)
             - pmt_color_model_cost (inside, rgb);
      cut->terminals[i] = (gfloat)CLAMP (cost, -MAX_COST, MAX_COST);
    }
}

static gboolean
fail (GError **error)
{
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_INPUT,
                       _ ("Without a network, the subject is found inside a "
                          "selection around it: select an area with the whole "
                          "subject and some of what is around it, but not "
                          "everything."));
  return FALSE;
}

/* FALSE without an error: one of the sides has got all. */
static gboolean
cut_once (Cut *cut,
          PmtColorModel *models,
          gboolean is_first,
          gboolean *is_done,
          GCancellable *cancellable,
          GError **error)
{
  for (guint8 label = 0; label < 2; label++)
    if (!pmt_color_model_fit (&models[label], cut->rgb, cut->side, label,
                              cut->n, cut->clusters, is_first))
      {
        *is_done = TRUE;
        return TRUE;
      }
  make_terminals (cut, &models[1], &models[0]);
  memcpy (cut->links, cut->costs,
          cut->n * PMT_FLOW_NEIGHBORS * sizeof (gfloat));
  return pmt_max_flow (cut->width, cut->height, cut->terminals, cut->links,
                       cut->side, cancellable, error);
}

gboolean
pmt_graph_cut (const gfloat *rgb,
               const guint8 *labels,
               gint width,
               gint height,
               gfloat *mask,
               GCancellable *cancellable,
               GError **error)
{
  g_auto (Cut) cut = { rgb, labels, width, height };
  PmtColorModel models[2] = { { { 0.0 } } };
  gboolean is_done = FALSE;
  gsize n_outside = 0;

  if (!cut_init (&cut, error))
    return FALSE;
  for (gsize i = 0; i < cut.n; i++)
    {
      cut.side[i] = labels[i] != PMT_CUT_OUTSIDE;
      n_outside += labels[i] == PMT_CUT_OUTSIDE;
    }
  if (n_outside == 0 || n_outside == cut.n)
    return fail (error);
  make_links (&cut);
  for (gint i = 0; i < ROUNDS && !is_done; i++)
    if (!cut_once (&cut, models, i == 0, &is_done, cancellable, error))
      return FALSE;
  for (gsize i = 0; i < cut.n; i++)
    mask[i] = cut.side[i];
  return TRUE;
}

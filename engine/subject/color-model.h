/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* color-model.h: which colors a part of a picture has. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** Clusters of a model. */
#define PMT_COLOR_CLUSTERS 5

/**
 * PmtColorModel: a mixture of Gaussians
 * @weights: sum up to 1; 0: unused
 * @means: R'G'B'
 * @inverses: of the covariances
 * @scales: log of the Gaussian's factor
 */
typedef struct
{
  gdouble weights[PMT_COLOR_CLUSTERS];
  gdouble means[PMT_COLOR_CLUSTERS][3];
  gdouble inverses[PMT_COLOR_CLUSTERS][9];
  gdouble scales[PMT_COLOR_CLUSTERS];
} PmtColorModel;

/**
 * pmt_color_model_fit:
 * @rgb: [@n, 3]
 * @labels: [@n]
 * @label: pixels with this label count
 * @clusters: (inout): [@n]: of each of those pixels
 * @is_first: @clusters are not known yet
 *
 * Returns: %FALSE where no pixel has the label.
 */
gboolean pmt_color_model_fit (PmtColorModel *model,
                              const gfloat *rgb,
                              const guint8 *labels,
                              guint8 label,
                              gsize n,
                              guint8 *clusters,
                              gboolean is_first);

/** pmt_color_model_cost: minus the log of how likely a color is. */
gdouble pmt_color_model_cost (const PmtColorModel *model, const gfloat *rgb);

G_END_DECLS

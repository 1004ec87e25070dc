/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* filter.h: the GEGL operations that run the restoration network. */
#pragma once

#include <gegl-plugin.h>

G_BEGIN_DECLS

/**
 * PmtFilterKind: what makes one filter differ from the others.
 * @type_name: of the GObject class
 * @setting: which of the network's settings the strength drives
 * @name: of the operation
 * @title, @description, @menu_label, @help: marked with N_(); @help tells what
 *   the strength means
 * @categories: GEGL's, colon-separated
 * @strength: usual value, 0..1
 */
typedef struct
{
  const gchar *type_name;
  gint setting;
  const gchar *name;
  const gchar *title;
  const gchar *description;
  const gchar *menu_label;
  const gchar *help;
  const gchar *categories;
  gdouble strength;
} PmtFilterKind;

/**
 * pmt_filter_register:
 * @module: the GEGL module that the types belong to
 * @kind: stays valid as long as the process lives
 *
 * Makes @kind an operation of GEGL with the property "strength", 0..1.
 */
void pmt_filter_register (GTypeModule *module, const PmtFilterKind *kind);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cost.h: the small formula that says what a run costs. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PmtCost: a formula such as "count * (resolution == '4K' ? 2 : 1)".
 *
 * expression = choice; choice = comparison ["?" choice ":" choice];
 * comparison = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum];
 * sum = product {("+" | "-") product}; product = factor {("*" | "/") factor};
 * factor = number | 'text' | name | "-" factor | "(" choice ")"
 *        | ("ceil" | "floor") "(" choice ")"
 *        | ("max" | "min") "(" choice "," choice ")".
 *
 * A name is a parameter with "_" for "-", or what the caller defines.  Texts
 * can be compared for equality only.  True is 1, false is 0.  Both sides of a
 * choice are computed, so that a wrong name is found at once.
 */
typedef struct _PmtCost PmtCost;

/** PmtCostValue: @text: (nullable) (transfer none): when not a number. */
typedef struct
{
  const gchar *text;
  gsize text_length;
  gdouble number;
} PmtCostValue;

/** pmt_cost_value_set_variant: @variant: "b", "x", "d" or "s"; must live on. */
void pmt_cost_value_set_variant (PmtCostValue *value, GVariant *variant);

/** PmtCostLookup: Returns: %FALSE for a name that is not known. */
typedef gboolean (*PmtCostLookup) (const gchar *name,
                                   PmtCostValue *value,
                                   gpointer user_data);

/** pmt_cost_new: checked by the first evaluation only. */
PmtCost *pmt_cost_new (const gchar *formula);
void pmt_cost_free (PmtCost *cost);

/**
 * pmt_cost_evaluate:
 * @value: (out): finite, not negative
 * @reason: (out) (transfer full): why not, a sentence with the position
 *
 * Thread: any; reentrant.
 */
gboolean pmt_cost_evaluate (const PmtCost *cost,
                            PmtCostLookup lookup,
                            gpointer user_data,
                            gdouble *value,
                            gchar **reason);

G_END_DECLS

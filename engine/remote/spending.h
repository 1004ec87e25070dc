/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* spending.h: what was spent today, and whether more may be. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_spending_get_today:
 * @user_dir: (nullable): history/spending.json is there
 * @account: id
 *
 * Returns: what runs of this day (local time) have cost, in the account's unit.
 */
gdouble pmt_spending_get_today (const gchar *user_dir, const gchar *account);

/**
 * pmt_spending_add:
 *
 * Adds to this day's sum, safe against other processes.  Days older than a
 * month are forgotten.
 */
void
pmt_spending_add (const gchar *user_dir, const gchar *account, gdouble amount);

/**
 * PmtSpendingLimits: negative: none
 * @run: most for this run, by the user's settings
 * @day: most for a day and service
 * @asked: most for this run, by its own argument "max-cost"
 */
typedef struct
{
  gdouble run;
  gdouble day;
  gdouble asked;
} PmtSpendingLimits;

/**
 * pmt_spending_check:
 * @cost: of the run that is planned; negative: not known
 * @label, @unit: for the message
 * @error: PMT_ERROR_CREDITS: which limit it would exceed
 *
 * A run whose cost is not known is refused where a limit is set.
 */
gboolean pmt_spending_check (const PmtSpendingLimits *limits,
                             const gchar *user_dir,
                             const gchar *account,
                             const gchar *label,
                             const gchar *unit,
                             gdouble cost,
                             GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* spending.h: what was spent today, and whether more may be. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_spending_get_today:
 * @user_dir: (nullable): history/spending.json is there
 * @account: id
 * @sum: (out): what runs of this day (local time) have cost, in the account's
 *   unit
 * @error: PMT_ERROR_FILE: the file is there and can't be read
 */
gboolean pmt_spending_get_today (const gchar *user_dir,
                                 const gchar *account,
                                 gdouble *sum,
                                 GError **error);

/**
 * pmt_spending_add:
 * @error: PMT_ERROR_FILE
 *
 * Adds to this day's sum, safe against other processes.  Days older than a
 * month are forgotten.
 */
gboolean pmt_spending_add (const gchar *user_dir,
                           const gchar *account,
                           gdouble amount,
                           GError **error);

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
 * @error: PMT_ERROR_CREDITS: which limit it would exceed; PMT_ERROR_FILE: a
 *   limit for a day is set, and what was spent can't be read
 *
 * A run whose cost is not known is refused where a limit is set.  Writes
 * nothing.
 */
gboolean pmt_spending_check (const PmtSpendingLimits *limits,
                             const gchar *user_dir,
                             const gchar *account,
                             const gchar *label,
                             const gchar *unit,
                             gdouble cost,
                             GError **error);

/**
 * pmt_spending_check_file:
 * @error: PMT_ERROR_FILE: a limit for a day is set, and what will be spent can't
 *   be written: a limit that can't be kept is none
 *
 * Without a limit for a day a run goes on where nothing can be written; its
 * notes say so.
 */
gboolean pmt_spending_check_file (const PmtSpendingLimits *limits,
                                  const gchar *user_dir,
                                  const gchar *account,
                                  gdouble cost,
                                  GError **error);

G_END_DECLS

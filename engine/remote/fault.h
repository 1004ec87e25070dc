/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fault.h: what went wrong between us and a service, in classes. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtFaultClass: what a failure means to the user
 *
 * In the order of precedence: of several that fit, the first is meant.
 */
typedef enum
{
  PMT_FAULT_NONE,
  PMT_FAULT_CANCELLED,
  PMT_FAULT_NETWORK,
  PMT_FAULT_TIMEOUT,
  PMT_FAULT_CREDITS,
  PMT_FAULT_CONTENT,
  PMT_FAULT_RATE_LIMIT,
  PMT_FAULT_TOO_LARGE,
  PMT_FAULT_KEY,
  PMT_FAULT_PARAMETER,
  PMT_FAULT_SERVER
} PmtFaultClass;

/**
 * PmtFault:
 * @kind: the class
 * @detail: (nullable): what the service says, as it says it; shown cleaned and
 *   shortened
 * @param: (nullable): the parameter that is meant, by our name or the service's
 * @limit: (nullable): the limit that was exceeded, such as "4096 × 4096 pixels"
 * @retry_after: seconds to wait; negative: not told
 * @is_outcome_unknown: a request that costs money left us, and no answer came:
 *   it may have been carried out
 */
typedef struct
{
  PmtFaultClass kind;
  gchar *detail;
  gchar *param;
  gchar *limit;
  gdouble retry_after;
  gboolean is_outcome_unknown;
} PmtFault;

#define PMT_FAULT_INIT { PMT_FAULT_NONE, NULL, NULL, NULL, -1.0, FALSE }

void pmt_fault_clear (PmtFault *fault);

/** pmt_fault_copy: @target is cleared first. */
void pmt_fault_copy (PmtFault *target, const PmtFault *source);

/**
 * pmt_fault_take:
 * @fault: (inout)
 * @kind: replaces what is there unless that comes first in the order
 * @detail: (nullable): of the service; copied
 */
void pmt_fault_take (PmtFault *fault, PmtFaultClass kind, const gchar *detail);

/**
 * pmt_fault_from_status:
 * @status: of HTTP
 *
 * Returns: the class that a status has where the body tells nothing better;
 *   PMT_FAULT_NONE for 2xx.  What a service does not have, or can't do any more
 *   (404, 405, 409, 410), is PARAMETER: asking again is of no use.
 */
PmtFaultClass pmt_fault_from_status (guint status);

/**
 * pmt_fault_clean_detail:
 * @detail: of a service: anything
 * @secret: (nullable): what must not be shown (the key)
 *
 * Returns: (transfer full) (nullable): valid UTF-8 in one line, at most 300
 *   characters, without @secret, without tags, without long runs that may be
 *   base64, without a full stop at its end; %NULL when nothing is left.
 */
gchar *pmt_fault_clean_detail (const gchar *detail, const gchar *secret);

/**
 * pmt_fault_set_error:
 * @label: of the service, such as "fal.ai"
 * @secret: (nullable): as pmt_fault_clean_detail()
 *
 * Sets @error to one sentence with service, cause and what to do, and the code
 * in PMT_ERROR of the class (G_IO_ERROR_CANCELLED for a cancelled run).
 *
 * Returns: %FALSE
 */
gboolean pmt_fault_set_error (const PmtFault *fault,
                              const gchar *label,
                              const gchar *secret,
                              GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtFault, pmt_fault_clear)

G_END_DECLS

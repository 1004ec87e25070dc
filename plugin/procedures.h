/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* procedures.h: what this plug-in offers to GIMP. */
#pragma once

#include "operation-call.h"

G_BEGIN_DECLS

/** pmt_procedures_list: Returns: (transfer full) (element-type utf8): names. */
GList *pmt_procedures_list (void);

/**
 * pmt_procedures_create:
 * @name: one of pmt_procedures_list()
 *
 * Declares the procedure with its arguments, which come from the manifests
 * of the models that support the operation.  Without manifests it has the
 * argument "model" only, and says so when it is run.
 *
 * Returns: (transfer full) (nullable)
 */
GimpProcedure *pmt_procedures_create (GimpPlugIn *plug_in, const gchar *name);

/**
 * pmt_procedures_create_operation:
 * @data: (transfer full): of an operation
 *
 * Returns: (transfer full): the procedure that runs it.
 */
GimpProcedure *pmt_procedures_create_operation (GimpPlugIn *plug_in,
                                                PmtOperationData *data);

G_END_DECLS

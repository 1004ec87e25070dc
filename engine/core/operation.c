/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation.c: names of the operations. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "pentimento.h"

static const struct
{
  const gchar *name;
  const gchar *label;
} operations[PMT_N_OPERATIONS] = {
  [PMT_OPERATION_GENERATE] = { "generate", N_ ("Generate") },
  [PMT_OPERATION_REIMAGINE] = { "reimagine", N_ ("Reimagine") },
  [PMT_OPERATION_FILL] = { "fill", N_ ("Fill Selection") },
  [PMT_OPERATION_REMOVE] = { "remove", N_ ("Remove Object") },
  [PMT_OPERATION_EXPAND] = { "expand", N_ ("Expand") },
  [PMT_OPERATION_EDIT] = { "edit", N_ ("Edit by Instruction") },
  [PMT_OPERATION_UPSCALE] = { "upscale", N_ ("Upscale") },
  [PMT_OPERATION_ENHANCE] = { "enhance", N_ ("Enhance") },
  [PMT_OPERATION_FACE] = { "face", N_ ("Enhance Faces") },
  [PMT_OPERATION_SELECT_SUBJECT] = { "select-subject", N_ ("Select Subject") },
};

const gchar *
pmt_operation_to_string (PmtOperation operation)
{
  g_return_val_if_fail ((guint)operation < PMT_N_OPERATIONS, NULL);
  return operations[operation].name;
}

const gchar *
pmt_operation_label (PmtOperation operation)
{
  g_return_val_if_fail ((guint)operation < PMT_N_OPERATIONS, NULL);
  return _ (operations[operation].label);
}

gboolean
pmt_operation_from_string (const gchar *name, PmtOperation *operation)
{
  g_return_val_if_fail (name != NULL && operation != NULL, FALSE);

  for (guint i = 0; i < PMT_N_OPERATIONS; i++)
    {
      if (g_strcmp0 (operations[i].name, name) != 0)
        continue;
      *operation = i;
      return TRUE;
    }
  return FALSE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "diffusion/convention.h"

static const gchar *const names[PMT_N_CONVENTIONS] = {
  [PMT_CONVENTION_COMFYUI] = "comfyui",
  [PMT_CONVENTION_A1111] = "a1111",
  [PMT_CONVENTION_DIFFUSERS] = "diffusers",
};

const gchar *
pmt_convention_to_string (PmtConvention convention)
{
  g_return_val_if_fail ((guint)convention < PMT_N_CONVENTIONS, NULL);
  return names[convention];
}

gboolean
pmt_convention_from_string (const gchar *name, PmtConvention *convention)
{
  for (guint i = 0; i < PMT_N_CONVENTIONS; i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *convention = (PmtConvention)i;
        return TRUE;
      }
  return FALSE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"
#include <glib/gi18n-lib.h>
#include "diffusion/lora.h"
PmtLora *
pmt_lora_open (const gchar *path, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("LoRA files can't be used yet."));
  return NULL;
}
PmtLora *
pmt_lora_ref (PmtLora *l)
{
  return l;
}
void
pmt_lora_unref (PmtLora *l)
{
}
gboolean
pmt_lora_check (PmtLora *l, const PmtCheckpoint *c, GError **error)
{
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lora-merge.c: changed weights, and whether a LoRA fits a checkpoint.
 * Source: Hu et al. 2021, section 4.1: W + alpha / rank * up * down. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/lora-private.h"
#include "diffusion/net-private.h"
#include "diffusion/unet-private.h"
#include "onnx/tensor.h"

static gint64
columns_of (const PmtTensorUse *use)
{
  gint64 columns = 1;

  for (gint i = 1; i < use->rank; i++)
    columns *= use->dims[i];
  return columns;
}

gboolean
pmt_lora_fits (const PmtLoraModule *change,
               const PmtTensorUse *use,
               gint64 *first_row)
{
  const gint64 rows = change->up->dims[0];
  const gint64 columns =
      (gint64)(pmt_weight_count (change->down) / (guint64)change->rank);

  if (columns != columns_of (use))
    return FALSE;
  *first_row = rows == use->dims[0] ? 0 : use->first_row;
  return rows == use->dims[0] || (use->rows != 0 && rows == use->rows);
}

/* sum += factor * row, which compilers make vector instructions of. */
static void
add_row (gfloat *restrict sum,
         const gfloat *restrict row,
         gfloat factor,
         gint64 n)
{
  for (gint64 i = 0; i < n; i++)
    sum[i] += factor * row[i];
}

static void
add_product (const gfloat *up,
             const gfloat *down,
             gint64 rank,
             gfloat factor,
             gint64 rows,
             gint64 columns,
             gfloat *values)
{
  g_autofree gfloat *sum = g_new (gfloat, columns);

  for (gint64 row = 0; row < rows; row++)
    {
      for (gint64 i = 0; i < columns; i++)
        sum[i] = 0;
      for (gint64 k = 0; k < rank; k++)
        add_row (sum, down + k * columns, up[row * rank + k], columns);
      add_row (values + row * columns, sum, factor, columns);
    }
}

gboolean
pmt_lora_add (PmtLora *lora,
              const PmtLoraModule *change,
              gfloat strength,
              gint64 first_row,
              gint64 rows,
              gint64 columns,
              gfloat *values,
              GError **error)
{
  const gint64 rank = change->rank;
  PmtWeights *weights = pmt_lora_get_weights (lora);
  g_autofree gfloat *up = g_try_new (gfloat, rows * rank);
  g_autofree gfloat *down = g_try_new (gfloat, rank * columns);

  if (up == NULL || down == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                   _ ("There is not enough memory for the LoRA “%s”. Close "
                      "other programs and try again."),
                   pmt_lora_get_name (lora));
      return FALSE;
    }
  if (!pmt_weights_read (weights, change->up, (guint64)(first_row * rank),
                         (gsize)(rows * rank), up, error)
      || !pmt_weights_read (weights, change->down, 0, (gsize)(rank * columns),
                            down, error))
    return FALSE;
  add_product (up, down, rank, strength * change->scale, rows, columns, values);
  return TRUE;
}

/* The family that the metadata names; FALSE without such. */
static gboolean
read_family (PmtLora *lora, PmtFamily *family)
{
  static const struct
  {
    const gchar *text;
    PmtFamily family;
  } known[] = {
    { "sdxl", PMT_FAMILY_SDXL },
    { "stable-diffusion-xl", PMT_FAMILY_SDXL },
    { "sd_v1", PMT_FAMILY_SD1 },
    { "sd1", PMT_FAMILY_SD1 },
    { "stable-diffusion-v1", PMT_FAMILY_SD1 },
    { "sd_v2", PMT_FAMILY_SD2 },
    { "sd2", PMT_FAMILY_SD2 },
    { "stable-diffusion-v2", PMT_FAMILY_SD2 },
  };
  static const gchar *const keys[] = { "modelspec.architecture",
                                       "ss_base_model_version" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const gchar *text =
          pmt_weights_get_metadata (pmt_lora_get_weights (lora), keys[i]);

      for (guint k = 0; text != NULL && k < G_N_ELEMENTS (known); k++)
        if (g_str_has_prefix (text, known[k].text))
          {
            *family = known[k].family;
            return TRUE;
          }
    }
  return FALSE;
}

static gboolean
check_family (PmtLora *lora, const PmtCheckpoint *checkpoint, GError **error)
{
  PmtFamily family;

  if (!read_family (lora, &family) || family == checkpoint->family)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The LoRA “%s” is made for %s models, and “%s” is a %s "
                  "model. Choose a LoRA that is made for it."),
               pmt_lora_get_name (lora), pmt_family_label (family),
               checkpoint->name, pmt_family_label (checkpoint->family));
  return FALSE;
}

static guint
count_unet (PmtLora *lora)
{
  const GPtrArray *modules = pmt_lora_get_modules (lora);
  guint n = 0;

  for (guint i = 0; i < modules->len; i++)
    if (g_str_has_prefix (((PmtLoraModule *)modules->pdata[i])->name, "unet "))
      n++;
  return n;
}

/* The first few names of those for the UNet. */
static gchar *
list_modules (PmtLora *lora)
{
  const GPtrArray *modules = pmt_lora_get_modules (lora);
  g_autoptr (GString) list = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < modules->len && n < 3; i++)
    {
      const PmtLoraModule *module = modules->pdata[i];

      if (g_str_has_prefix (module->name, "unet "))
        g_string_append_printf (list, "%s“%s”", n++ > 0 ? ", " : "",
                                module->name + strlen ("unet "));
    }
  if (count_unet (lora) > n)
    g_string_append (list, ", …");
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/* The UNet is built without being opened: that asks for every module. */
gboolean
pmt_lora_check (PmtLora *lora, const PmtCheckpoint *checkpoint, GError **error)
{
  const PmtLoraUse use = { lora, 1, 1 };
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtBuilder) builder = NULL;
  g_autofree gchar *list = NULL;

  if (!check_family (lora, checkpoint, error))
    return FALSE;
  if (checkpoint->unet.weights == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("LoRAs can't be used with “%s”, because its networks "
                      "are .onnx files. Use a .safetensors model."),
                   checkpoint->name);
      return FALSE;
    }
  if (count_unet (lora) == 0)
    return TRUE;
  options.loras = &use;
  options.n_loras = 1;
  builder = pmt_builder_new (PMT_NET_UNET, &checkpoint->unet, &options, FALSE);
  builder->is_dry = TRUE;
  pmt_unet_build (builder, &checkpoint->unet_shape, checkpoint->unet.layout);
  if (pmt_builder_count_changes (builder) > 0
      && pmt_builder_count_misfits (builder) == 0)
    return TRUE;
  list = list_modules (lora);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The LoRA “%s” does not fit “%s”, which is a %s model: its "
                  "modules are other ones (%s). Choose a LoRA that is made "
                  "for it."),
               pmt_lora_get_name (lora), checkpoint->name,
               pmt_family_label (checkpoint->family), list);
  return FALSE;
}

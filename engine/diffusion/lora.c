/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lora.c: files of low-rank changes. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/lora-private.h"
#include "onnx/tensor.h"

struct _PmtLora
{
  gatomicrefcount ref_count;
  gchar *name;
  PmtWeights *weights;
  GPtrArray *modules; /* of PmtLoraModule */
  GHashTable *by_name;
};

static void
module_free (gpointer data)
{
  PmtLoraModule *module = data;

  g_free (module->name);
  g_free (module);
}

PmtLora *
pmt_lora_ref (PmtLora *lora)
{
  g_atomic_ref_count_inc (&lora->ref_count);
  return lora;
}

void
pmt_lora_unref (PmtLora *lora)
{
  if (lora == NULL || !g_atomic_ref_count_dec (&lora->ref_count))
    return;
  g_free (lora->name);
  g_clear_pointer (&lora->weights, pmt_weights_unref);
  g_clear_pointer (&lora->by_name, g_hash_table_unref);
  g_clear_pointer (&lora->modules, g_ptr_array_unref);
  g_free (lora);
}

const gchar *
pmt_lora_get_name (PmtLora *lora)
{
  return lora->name;
}

const GPtrArray *
pmt_lora_get_modules (const PmtLora *lora)
{
  return lora->modules;
}

PmtWeights *
pmt_lora_get_weights (const PmtLora *lora)
{
  return lora->weights;
}

static PmtLoraModule *
get_module (PmtLora *lora, const gchar *name)
{
  PmtLoraModule *module = g_hash_table_lookup (lora->by_name, name);

  if (module != NULL)
    return module;
  module = g_new0 (PmtLoraModule, 1);
  module->name = g_strdup (name);
  g_ptr_array_add (lora->modules, module);
  g_hash_table_insert (lora->by_name, module->name, module);
  return module;
}

static gboolean
refuse_method (PmtLora *lora, const gchar *method, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” is a %s file. Pentimento can use LoRA files only."),
               lora->name, method);
  return FALSE;
}

/* The first one wins where two tensors claim the same role. */
static gboolean
set_role (PmtLora *lora,
          PmtLoraModule *module,
          PmtLoraRole role,
          const PmtWeight *weight,
          GError **error)
{
  gfloat alpha;

  if (role == PMT_LORA_DOWN && module->down == NULL)
    module->down = weight;
  else if (role == PMT_LORA_UP && module->up == NULL)
    module->up = weight;
  else if (role == PMT_LORA_ALPHA && pmt_weight_count (weight) == 1)
    {
      if (!pmt_weights_read (lora->weights, weight, 0, 1, &alpha, error))
        return FALSE;
      module->scale = alpha;
    }
  return TRUE;
}

static gboolean
read_tensor (PmtLora *lora, const PmtWeight *weight, GError **error)
{
  const gchar *method = NULL;
  PmtLoraRole role = PMT_LORA_DOWN;
  g_autofree gchar *name = pmt_lora_parse_name (weight->name, &role, &method);

  if (method != NULL)
    return refuse_method (lora, method, error);
  return name == NULL
         || set_role (lora, get_module (lora, name), role, weight, error);
}

static gboolean
fail_module (PmtLora *lora, const PmtLoraModule *module, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The module “%s” of the LoRA “%s” lacks a part or has parts "
                  "that do not fit together. Download it again."),
               module->name, lora->name);
  return FALSE;
}

/* Both are matrices over the rank; a scale of 0 says that no alpha came. */
static gboolean
finish_module (PmtLora *lora, PmtLoraModule *module, GError **error)
{
  const PmtWeight *down = module->down;
  const PmtWeight *up = module->up;
  const gboolean has_alpha = module->scale < 0 || module->scale > 0;

  if (down == NULL || up == NULL || down->rank < 2 || up->rank < 2
      || up->dims[1] != down->dims[0]
      || pmt_weight_count (up) != (guint64)(up->dims[0] * up->dims[1])
      || pmt_weight_count (down) == 0 || down->type == PMT_WEIGHT_OTHER
      || up->type == PMT_WEIGHT_OTHER)
    return fail_module (lora, module, error);
  module->rank = down->dims[0];
  module->scale = has_alpha ? module->scale / (gfloat)module->rank : 1;
  return TRUE;
}

static const gchar *
foreign_model (PmtWeights *weights)
{
  static const struct
  {
    const gchar *prefix;
    const gchar *model;
  } known[] = {
    { "transformer.single_transformer_blocks", "Flux" },
    { "lora_unet_single_blocks", "Flux" },
    { "lora_unet_double_blocks", "Flux" },
    { "diffusion_model.double_blocks", "Flux" },
    { "lora_unet_joint_blocks", "Stable Diffusion 3" },
    { "transformer.transformer_blocks", "Stable Diffusion 3 / Flux" },
    { "lora_prior_unet", "Stable Cascade" },
  };

  for (guint i = 0; i < pmt_weights_get_n (weights); i++)
    for (guint k = 0; k < G_N_ELEMENTS (known); k++)
      if (g_str_has_prefix (pmt_weights_get (weights, i)->name,
                            known[k].prefix))
        return known[k].model;
  return NULL;
}

static gboolean
refuse_foreign (PmtLora *lora, GError **error)
{
  const gchar *model = foreign_model (lora->weights);

  if (model == NULL)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The LoRA “%s” is made for %s, which Pentimento can't run."),
               lora->name, model);
  return FALSE;
}

static gboolean
read_all (PmtLora *lora, GError **error)
{
  const guint n = pmt_weights_get_n (lora->weights);

  if (!refuse_foreign (lora, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!read_tensor (lora, pmt_weights_get (lora->weights, i), error))
      return FALSE;
  for (guint i = 0; i < lora->modules->len; i++)
    if (!finish_module (lora, lora->modules->pdata[i], error))
      return FALSE;
  if (lora->modules->len > 0)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” is not a LoRA for Stable Diffusion: none of its "
                  "tensors has the name of one."),
               lora->name);
  return FALSE;
}

PmtLora *
pmt_lora_open (const gchar *path, GError **error)
{
  g_autoptr (PmtLora) lora = g_new0 (PmtLora, 1);
  g_autofree gchar *base = g_path_get_basename (path);

  g_atomic_ref_count_init (&lora->ref_count);
  lora->name = g_filename_display_name (base);
  if (g_str_has_suffix (lora->name, ".safetensors"))
    lora->name[strlen (lora->name) - strlen (".safetensors")] = '\0';
  lora->modules = g_ptr_array_new_with_free_func (module_free);
  lora->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  lora->weights = pmt_weights_open (path, error);
  return lora->weights != NULL && read_all (lora, error)
             ? g_steal_pointer (&lora)
             : NULL;
}

/* "unet " and the name with underscores. */
static PmtLoraModule *
look_up (const PmtLora *lora, PmtNetKind kind, const gchar *module)
{
  static const gchar *const parts[] = { "unet ", "text1 ", "text2 ", "vae " };
  g_autofree gchar *key = g_strconcat (parts[kind], module, NULL);

  g_strdelimit (key, ".", '_');
  return g_hash_table_lookup (lora->by_name, key);
}

const PmtLoraModule *
pmt_lora_find (const PmtLora *lora,
               PmtNetKind kind,
               const gchar *module,
               const gchar *alias)
{
  const PmtLoraModule *found = look_up (lora, kind, module);

  return found == NULL && alias != NULL ? look_up (lora, kind, alias) : found;
}

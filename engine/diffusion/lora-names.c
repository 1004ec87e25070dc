/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lora-names.c: how the files of several programs name their modules.
 * Source: files of kohya's sd-scripts, peft, and Diffusers since 0.14. */
#include "config.h"

#include <string.h>

#include "diffusion/lora-private.h"

typedef struct
{
  const gchar *text;
  PmtLoraRole role;
  const gchar *method;
} Suffix;

/* Longer ones before those that they end with. */
static const Suffix suffixes[] = {
  { ".lora_down.weight", PMT_LORA_DOWN, NULL },
  { ".lora_up.weight", PMT_LORA_UP, NULL },
  { ".lora_A.weight", PMT_LORA_DOWN, NULL },
  { ".lora_B.weight", PMT_LORA_UP, NULL },
  { ".lora_A.default.weight", PMT_LORA_DOWN, NULL },
  { ".lora_B.default.weight", PMT_LORA_UP, NULL },
  { ".lora.down.weight", PMT_LORA_DOWN, NULL },
  { ".lora.up.weight", PMT_LORA_UP, NULL },
  { ".lora_linear_layer.down.weight", PMT_LORA_DOWN, NULL },
  { ".lora_linear_layer.up.weight", PMT_LORA_UP, NULL },
  { "_lora.down.weight", PMT_LORA_DOWN, NULL },
  { "_lora.up.weight", PMT_LORA_UP, NULL },
  { ".alpha", PMT_LORA_ALPHA, NULL },
  { ".lora_mid.weight", PMT_LORA_FOREIGN, "LoCon (Tucker)" },
  { ".dora_scale", PMT_LORA_FOREIGN, "DoRA" },
  { ".lora_magnitude_vector", PMT_LORA_FOREIGN, "DoRA" },
  { ".lora_magnitude_vector.weight", PMT_LORA_FOREIGN, "DoRA" },
  { ".on_input", PMT_LORA_FOREIGN, "IA3" },
  { ".oft_blocks", PMT_LORA_FOREIGN, "OFT" },
  { ".oft_diag", PMT_LORA_FOREIGN, "OFT" },
  { ".diff", PMT_LORA_FOREIGN, "LyCORIS (full)" },
  { ".diff_b", PMT_LORA_FOREIGN, "LyCORIS (full)" },
};

/* Those of which there are many, by what they begin with. */
static const Suffix infixes[] = {
  { ".hada_", PMT_LORA_FOREIGN, "LoHa" },
  { ".lokr_", PMT_LORA_FOREIGN, "LoKr" },
  { ".glora_", PMT_LORA_FOREIGN, "GLoRA" },
  { ".a1.", PMT_LORA_FOREIGN, "GLoRA" },
};

typedef struct
{
  const gchar *text;
  const gchar *part;
} Prefix;

static const Prefix prefixes[] = {
  { "lora_unet_", "unet " },     { "lora_te1_", "text1 " },
  { "lora_te2_", "text2 " },     { "lora_te_", "text1 " },
  { "unet.", "unet " },          { "diffusion_model.", "unet " },
  { "text_encoder.", "text1 " }, { "text_encoder_2.", "text2 " },
};

/* What stands before the suffix: (transfer full) (nullable). */
static gchar *
cut_suffix (const gchar *name, PmtLoraRole *role, const gchar **method)
{
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (name, suffixes[i].text))
      {
        *role = suffixes[i].role;
        *method = suffixes[i].method;
        return g_strndup (name, strlen (name) - strlen (suffixes[i].text));
      }
  for (guint i = 0; i < G_N_ELEMENTS (infixes); i++)
    {
      const gchar *at = strstr (name, infixes[i].text);

      if (at == NULL)
        continue;
      *role = infixes[i].role;
      *method = infixes[i].method;
      return g_strndup (name, (gsize)(at - name));
    }
  return NULL;
}

static const gchar *
cut_prefix (const gchar *name, const gchar **part)
{
  static const gchar wrapper[] = "base_model.model.";

  if (g_str_has_prefix (name, wrapper))
    name += strlen (wrapper);
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i].text))
      {
        *part = prefixes[i].part;
        return name + strlen (prefixes[i].text);
      }
  *part = "unet ";
  return g_str_has_prefix (name, "down_blocks.")
                 || g_str_has_prefix (name, "mid_block.")
                 || g_str_has_prefix (name, "up_blocks.")
             ? name
             : NULL;
}

gchar *
pmt_lora_parse_name (const gchar *name, PmtLoraRole *role, const gchar **method)
{
  g_autofree gchar *module = cut_suffix (name, role, method);
  g_autoptr (GString) text = NULL;
  const gchar *part;
  const gchar *rest;

  if (module == NULL)
    return NULL;
  rest = cut_prefix (module, &part);
  if (rest == NULL)
    return NULL;
  text = g_string_new (rest);
  /* Diffusers' first files: "attn1.processor.to_out_lora.up.weight". */
  if (g_string_replace (text, ".processor.", ".", 1) > 0
      && g_str_has_suffix (text->str, ".to_out"))
    g_string_append (text, ".0");
  g_string_replace (text, ".", "_", 0);
  g_string_prepend (text, part);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

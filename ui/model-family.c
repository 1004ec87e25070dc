/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-family.c: families of models, by the names people know. */
#include "config.h"

#include "model-family.h"

const gchar *
pmt_model_family_label (const gchar *family)
{
  static const gchar *const names[][2] = {
    { "bria", "Bria" },
    { "clip", "CLIP" },
    { "fal", "fal" },
    { "flux", "FLUX" },
    { "flux-1", "FLUX.1" },
    { "flux-2", "FLUX.2" },
    { "gemini", "Gemini" },
    { "gpt-image", "GPT Image" },
    { "isnet", "IS-Net" },
    { "patchmatch", "PatchMatch" },
    { "pentimento", "Pentimento" },
    { "prompt-flags", "Prompt flags" },
    { "qwen-image", "Qwen-Image" },
    { "sd1", "Stable Diffusion 1" },
    { "sd2", "Stable Diffusion 2" },
    { "sdxl", "Stable Diffusion XL" },
    { "seedream", "Seedream" },
    { "stable-diffusion", "Stable Diffusion" },
    { "stable-diffusion-3", "Stable Diffusion 3" },
    { "stable-image", "Stable Image" },
    { "topaz", "Topaz" },
    { "u2net", "U2-Net" },
    { "yunet", "YuNet" },
    { "z-image", "Z-Image" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i][0], family))
      return names[i][1];

  return family;
}

/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-comfyui.c: ComfyUI. */
#include "config.h"

#include "remote/provider.h"

const PmtProvider pmt_provider_comfyui = {
  .type = "comfyui",
  .label = "ComfyUI",
};

# SPDX-License-Identifier: LGPL-3.0-or-later
"""fal's models with a mask, and those that expand a picture."""

from .schema import (anything, array, boolean, choice, image, integer, number,
                     size, text)
from .models import BASIC, TOLERANCES

COMMON = {"seed": integer(nullable=True), "sync_mode": boolean(),
          "num_images": integer(1, 4)}
STEPS = {"num_inference_steps": integer(1, 50),
         "guidance_scale": number(0, 20), "image_size": size(BASIC),
         "enable_safety_checker": boolean(),
         "acceleration": choice("none", "regular", "high"),
         "output_format": choice("png", "jpeg", "webp")}
EDGES = ("left", "right", "top", "bottom")


class Masked:
    """A model: fields, name of the mask's field, format's field, default."""

    def __init__(self, fields, mask="mask_url", form="output_format",
                 picture="png", prompt=True, kind="fill"):
        self.fields = {"image_url": image(required=True), **fields}
        if mask:
            self.fields[mask] = image(required=True)
        if prompt:
            self.fields["prompt"] = text(required=prompt is True)
        self.mask = mask
        self.form = form
        self.picture = picture
        self.kind = kind


def edges(most):
    """How far to expand on each side."""
    return {f"expand_{edge}": integer(0, most) for edge in EDGES}


MASKED = {
    "fal-ai/flux-pro/v1/fill": Masked({
        **COMMON, "output_format": choice("jpeg", "png"),
        "safety_tolerance": choice(*TOLERANCES),
        "enhance_prompt": boolean()}, picture="jpeg"),
    "fal-ai/flux-lora-fill": Masked({
        **COMMON, **STEPS, "loras": array(anything()),
        "paste_back": boolean(), "resize_to_original": boolean()},
        picture="jpeg"),
    "fal-ai/qwen-image-edit/inpaint": Masked({
        **COMMON, **STEPS, "negative_prompt": text(),
        "strength": number(0, 1), "loras": array(anything())}),
    "fal-ai/fast-sdxl/inpainting": Masked({
        **COMMON, "num_inference_steps": integer(1, 65),
        "guidance_scale": number(0, 20), "image_size": size(BASIC),
        "enable_safety_checker": boolean(), "negative_prompt": text(),
        "strength": number(0.01, 1), "loras": array(anything()),
        "embeddings": array(anything()), "format": choice("jpeg", "png")},
        form="format", picture="jpeg"),
    "fal-ai/z-image/turbo/inpaint": Masked({
        **COMMON, **STEPS, "strength": number(0, 1)},
        mask="mask_image_url"),
    "fal-ai/bria/eraser": Masked({
        "sync_mode": boolean(), "mask_type": choice("manual", "automatic"),
        "preserve_alpha": boolean()}, prompt=False),
    "fal-ai/flux-2-pro/outpaint": Masked({
        **edges(2048), "sync_mode": boolean(), "seed": integer(nullable=True),
        "output_format": choice("jpeg", "png"),
        "safety_tolerance": choice(*TOLERANCES),
        "enable_safety_checker": boolean()}, mask=None, picture="jpeg",
        prompt=False, kind="expand"),
    "fal-ai/image-apps-v2/outpaint": Masked({
        **edges(700), "sync_mode": boolean(), "num_images": integer(1, 4),
        "zoom_out_percentage": number(0, 90),
        "enable_safety_checker": boolean(),
        "output_format": choice("png", "jpeg", "jpg", "webp")}, mask=None,
        prompt="may be", kind="expand"),
}

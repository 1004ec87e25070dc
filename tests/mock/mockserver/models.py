# SPDX-License-Identifier: LGPL-3.0-or-later
"""Models of the jobs API and their twins at fal: input fields and costs."""

import math

from .schema import (array, boolean, choice, image, integer, number, size,
                     text)

PRESETS = {
    "square_hd": (1024, 1024), "square": (512, 512),
    "portrait_4_3": (768, 1024), "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768), "landscape_16_9": (1024, 576),
    "auto_2K": (2048, 2048), "auto_3K": (3072, 3072), "auto_4K": (4096, 4096),
}
BASIC = ("square_hd", "square", "portrait_4_3", "portrait_16_9",
         "landscape_4_3", "landscape_16_9")
RATIOS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3",
          "9:16")
TOLERANCES = ("1", "2", "3", "4", "5", "6")

PROMPT = text(required=True)
SEED = integer(nullable=True)
RELATED = {
    "sharpen": ("Standard V2", "Low Resolution V2", "CGI", "High Fidelity V2",
                "Text Refine", "Redefine"),
    "fix_compression": ("Standard V2", "Low Resolution V2", "High Fidelity V2",
                        "Text Refine"),
    "strength": ("Text Refine",), "creativity": ("Redefine",),
    "texture": ("Redefine",), "prompt": ("Redefine",),
    "autoprompt": ("Redefine",), "detail": ("Recovery V2",),
    "enhancement_strength": ("Wonder 3",),
}
RELATED["denoise"] = RELATED["sharpen"]


class Model:
    """What is known of one model.

    kind: generate, edit or upscale.  cost: credits of a call.  size: how the size of a picture is
    asked for, "preset" (image_size) or "ratio" (aspect_ratio).
    """

    def __init__(self, fal, kind, fields, cost, picture="png", how="preset",
                 preset="landscape_4_3", flag=False, formats=None):
        self.fal = fal
        self.kind = kind
        self.fields = fields
        self.cost = cost
        self.picture = picture
        self.how = how
        self.preset = preset
        self.flag = flag
        self.formats = formats


def megapixels(width, height):
    """Million pixels, rounded up."""
    return math.ceil(width * height / 1e6)


def images(body):
    """How many are asked for."""
    return body.get("num_images", 1)


MODELS = {
    "flux_schnell": Model("fal-ai/flux/schnell", "generate", {
        "prompt": PROMPT, "image_size": size(BASIC),
        "num_inference_steps": integer(1, 12), "num_images": integer(1, 4),
        "guidance_scale": number(1, 20), "seed": SEED,
        "output_format": choice("jpeg", "png"),
        "enable_safety_checker": boolean(),
        "acceleration": choice("none", "regular", "high"),
        "sync_mode": boolean(),
    }, lambda body, w, h: images(body) * megapixels(w, h), "jpeg", flag=True,
        formats=("portrait_16_9", "landscape_16_9")),
    "flux_pro": Model("fal-ai/flux-pro/v1.1-ultra", "generate", {
        "prompt": PROMPT, "seed": SEED, "sync_mode": boolean(),
        "num_images": integer(1, 4), "output_format": choice("jpeg", "png"),
        "safety_tolerance": choice(*TOLERANCES), "enhance_prompt": boolean(),
        "image_url": image(nullable=True),
        "image_prompt_strength": number(0, 1),
        "aspect_ratio": text(1, pattern=r"\d+:\d+\Z"), "raw": boolean(),
    }, lambda body, w, h: 12, "jpeg", "ratio", "9:16", flag=True,
        formats=("9:16", "16:9")),
    "flux_realism": Model("fal-ai/flux-2-lora-gallery/realism", "generate", {
        "prompt": PROMPT, "image_size": size(BASIC),
        "guidance_scale": number(0, 20),
        "num_inference_steps": integer(4, 50),
        "acceleration": choice("none", "regular"), "seed": SEED,
        "sync_mode": boolean(), "enable_safety_checker": boolean(),
        "output_format": choice("png", "jpeg", "webp"),
        "num_images": integer(1, 4), "lora_scale": number(0, 2),
    }, lambda body, w, h: images(body) * 5 * megapixels(w, h),
        formats=("portrait_16_9", "landscape_16_9")),
    "nano_banana": Model("fal-ai/nano-banana-pro", "generate", {
        "prompt": PROMPT, "num_images": integer(1, 4), "seed": integer(),
        "aspect_ratio": choice(*RATIOS),
        "output_format": choice("jpeg", "png", "webp"),
        "resolution": choice("1K", "2K", "4K"),
    }, lambda body, w, h: 60 if body.get("resolution") == "4K" else 30,
        "png", "ratio", "1:1", formats=("9:16", "16:9")),
    "nano_banana_edit": Model("fal-ai/nano-banana-pro/edit", "edit", {
        "prompt": text(3, 50000, required=True),
        "image_urls": array(image(), 1, 14, required=True),
        "num_images": integer(1, 4), "seed": SEED,
        "aspect_ratio": choice("auto", *RATIOS),
        "output_format": choice("jpeg", "png", "webp"),
        "safety_tolerance": choice(*TOLERANCES), "sync_mode": boolean(),
        "system_prompt": text(0, 50000), "resolution": choice("1K", "2K", "4K"),
        "limit_generations": boolean(), "enable_web_search": boolean(),
    }, lambda body, w, h: (60 if body.get("resolution") == "4K" else 30)
        + (3 if body.get("enable_web_search") else 0),
        "png", "ratio", "auto", formats=("9:16", "16:9")),
    "seedream_v45_edit": Model("fal-ai/bytedance/seedream/v4.5/edit", "edit", {
        "prompt": PROMPT,
        "image_urls": array(image(), 1, required=True),
        "image_size": size((*BASIC, "auto_2K", "auto_4K"), 1920, 4096),
        "num_images": integer(1, 6), "max_images": integer(1, 6),
        "seed": SEED, "sync_mode": boolean(),
        "enable_safety_checker": boolean(),
    }, lambda body, w, h: 8, "png", "seedream",
        {"width": 2048, "height": 2048},
        formats=({"width": 1080, "height": 1920},
                 {"width": 1920, "height": 1080})),
    "seedream_v5_edit": Model("bytedance/seedream/v5/lite/edit", "edit", {
        "prompt": PROMPT,
        "image_urls": array(image(), 1, required=True),
        "image_size": size((*BASIC, "auto_2K", "auto_3K", "auto_4K")),
        "num_images": integer(1, 6), "max_images": integer(1, 6),
        "sync_mode": boolean(), "enable_safety_checker": boolean(),
    }, lambda body, w, h: 7, "png", "seedream", "auto_2K",
        formats=({"width": 1080, "height": 1920},
                 {"width": 1920, "height": 1080})),
    "topaz_upscale_image": Model("fal-ai/topaz/upscale/image", "upscale", {
        "image_url": image(required=True),
        "model": choice("Low Resolution V2", "Standard V2", "CGI",
                        "High Fidelity V2", "Text Refine", "Recovery",
                        "Redefine", "Recovery V2", "Standard MAX", "Wonder",
                        "Wonder 3"),
        "upscale_factor": number(1, 4), "crop_to_fill": boolean(),
        "output_format": choice("jpeg", "png"),
        "subject_detection": choice("All", "Foreground", "Background"),
        "face_enhancement": boolean(),
        "face_enhancement_creativity": number(0, 1),
        "face_enhancement_strength": number(0, 1),
        "sharpen": number(0, 1), "denoise": number(0, 1),
        "fix_compression": number(0, 1), "strength": number(0.01, 1),
        "creativity": integer(1, 6), "texture": integer(1, 5),
        "prompt": text(0, 1024), "autoprompt": boolean(),
        "detail": number(0, 1),
        "enhancement_strength": choice("low", "medium", "high"),
    }, lambda body, w, h: 16, "jpeg"),
}


def ratio_size(ratio, pixels):
    """About so many pixels in a shape, both sides multiples of 16."""
    across, down = (int(part) for part in ratio.split(":"))
    height = math.sqrt(pixels * down / across)
    return (max(round(height * across / down / 16), 1) * 16,
            max(round(height / 16), 1) * 16)


def output_size(model, body, source=None):
    """Width and height of the result of a generate or an edit."""
    if model.how == "ratio":
        ratio = body.get("aspect_ratio", model.preset)
        side = {"1K": 1024, "2K": 2048, "4K": 4096}.get(
            body.get("resolution"), 2048 if model.flag else 1024)
        if ratio == "auto":
            if source and body.get("resolution", "1K") == "1K":
                return source.width, source.height
            ratio = f"{source.width}:{source.height}"
        return ratio_size(ratio, side * side)
    wanted = body.get("image_size", model.preset)
    if isinstance(wanted, str):
        if wanted.startswith("auto_") and source:
            side = PRESETS[wanted][0]
            return ratio_size(f"{source.width}:{source.height}", side * side)
        wanted = dict(zip(("width", "height"), PRESETS[wanted]))
    width, height = wanted["width"], wanted["height"]
    if model.how == "seedream":
        return seedream_size(width, height)
    return width, height


def seedream_size(width, height):
    """Scaled so that the pixels are 2560 x 1440 to 4096 x 4096."""
    pixels = width * height
    least, most = 2560 * 1440, 4096 * 4096
    if least <= pixels <= most:
        return width, height
    scale = math.sqrt((least if pixels < least else most) / pixels)
    grow = math.ceil if pixels < least else math.floor
    return grow(width * scale), grow(height * scale)


def with_format(model, body):
    """The body with "format" in the place of the field it stands for."""
    out = {name: value for name, value in body.items()
           if name not in ("format", "out", "mock")}
    if "format" in body and model.formats:
        field = "aspect_ratio" if model.how == "ratio" else "image_size"
        out[field] = model.formats[1 if body["format"] == "horizontal" else 0]
    return out


def wrong_for_model(body):
    """Fields that do not apply to the Topaz model that is asked for."""
    name = body.get("model", "Standard V2")
    return [field for field, models in RELATED.items()
            if field in body and name not in models]

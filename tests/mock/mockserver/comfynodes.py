# SPDX-License-Identifier: LGPL-3.0-or-later
"""The nodes of /object_info: inputs, outputs, and model files."""

from .sdlists import CHECKPOINTS, VAES

FOLDERS = {
    "checkpoints": CHECKPOINTS,
    "loras": ["detail.safetensors", "film_grain.safetensors"],
    "vae": VAES,
    "upscale_models": ["4x_sharp.pth", "2x_soft.safetensors"],
    "embeddings": ["easynegative.safetensors"],
    "controlnet": [],
}
SAMPLERS = ["euler", "euler_ancestral", "heun", "dpm_2", "dpm_2_ancestral",
            "lms", "dpmpp_2s_ancestral", "dpmpp_sde", "dpmpp_2m",
            "dpmpp_2m_sde", "dpmpp_3m_sde", "ddpm", "lcm", "ddim", "uni_pc"]
SCHEDULERS = ["normal", "karras", "exponential", "sgm_uniform", "simple",
              "ddim_uniform", "beta"]
METHODS = ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"]


def whole(default, low, high, **more):
    """An INT input."""
    return ["INT", {"default": default, "min": low, "max": high, **more}]


def real(default, low, high, step=0.01):
    """A FLOAT input."""
    return ["FLOAT", {"default": default, "min": low, "max": high,
                      "step": step}]


def combo(*choices):
    """A choice."""
    return [list(choices), {}]


WORDS = ["STRING", {"multiline": True, "dynamicPrompts": True}]
SIDE = whole(512, 16, 16384, step=8)
EDGE = whole(0, 0, 16384, step=8)
SEED = whole(0, 0, (1 << 64) - 1, control_after_generate=True)
SAMPLING = {"steps": whole(20, 1, 10000), "cfg": real(8.0, 0.0, 100.0, 0.1),
            "sampler_name": combo(*SAMPLERS), "scheduler": combo(*SCHEDULERS),
            "positive": ["CONDITIONING"], "negative": ["CONDITIONING"],
            "latent_image": ["LATENT"]}

# name: (required, optional, outputs, is an output node)
NODES = {
    "CheckpointLoaderSimple": ({"ckpt_name": combo(*CHECKPOINTS)}, {},
                               ["MODEL", "CLIP", "VAE"], False),
    "VAELoader": ({"vae_name": combo(*VAES)}, {}, ["VAE"], False),
    "LoraLoader": ({"model": ["MODEL"], "clip": ["CLIP"],
                    "lora_name": combo(*FOLDERS["loras"]),
                    "strength_model": real(1.0, -100.0, 100.0),
                    "strength_clip": real(1.0, -100.0, 100.0)}, {},
                   ["MODEL", "CLIP"], False),
    "CLIPSetLastLayer": ({"clip": ["CLIP"],
                          "stop_at_clip_layer": whole(-1, -24, -1)}, {},
                         ["CLIP"], False),
    "CLIPTextEncode": ({"text": WORDS, "clip": ["CLIP"]}, {},
                       ["CONDITIONING"], False),
    "EmptyLatentImage": ({"width": SIDE, "height": SIDE,
                          "batch_size": whole(1, 1, 4096)}, {}, ["LATENT"],
                         False),
    "KSampler": ({"model": ["MODEL"], "seed": SEED, **SAMPLING,
                  "denoise": real(1.0, 0.0, 1.0)}, {}, ["LATENT"], False),
    "KSamplerAdvanced": ({"model": ["MODEL"],
                          "add_noise": combo("enable", "disable"),
                          "noise_seed": SEED, **SAMPLING,
                          "start_at_step": whole(0, 0, 10000),
                          "end_at_step": whole(10000, 0, 10000),
                          "return_with_leftover_noise":
                          combo("disable", "enable")}, {}, ["LATENT"], False),
    "VAEDecode": ({"samples": ["LATENT"], "vae": ["VAE"]}, {}, ["IMAGE"],
                  False),
    "VAEEncode": ({"pixels": ["IMAGE"], "vae": ["VAE"]}, {}, ["LATENT"],
                  False),
    "VAEEncodeForInpaint": ({"pixels": ["IMAGE"], "vae": ["VAE"],
                             "mask": ["MASK"],
                             "grow_mask_by": whole(6, 0, 64)}, {}, ["LATENT"],
                            False),
    "SetLatentNoiseMask": ({"samples": ["LATENT"], "mask": ["MASK"]}, {},
                           ["LATENT"], False),
    "InpaintModelConditioning": (
        {"positive": ["CONDITIONING"], "negative": ["CONDITIONING"],
         "vae": ["VAE"], "pixels": ["IMAGE"], "mask": ["MASK"],
         "noise_mask": ["BOOLEAN", {"default": True}]}, {},
        ["CONDITIONING", "CONDITIONING", "LATENT"], False),
    "RepeatLatentBatch": ({"samples": ["LATENT"], "amount": whole(1, 1, 64)},
                          {}, ["LATENT"], False),
    "LoadImage": ({"image": [[], {"image_upload": True}]}, {},
                  ["IMAGE", "MASK"], False),
    "LoadImageMask": ({"image": [[], {"image_upload": True}],
                       "channel": combo("alpha", "red", "green", "blue")}, {},
                      ["MASK"], False),
    "ImageToMask": ({"image": ["IMAGE"],
                     "channel": combo("red", "green", "blue", "alpha")}, {},
                    ["MASK"], False),
    "MaskToImage": ({"mask": ["MASK"]}, {}, ["IMAGE"], False),
    "InvertMask": ({"mask": ["MASK"]}, {}, ["MASK"], False),
    "GrowMask": ({"mask": ["MASK"], "expand": whole(0, -16384, 16384),
                  "tapered_corners": ["BOOLEAN", {"default": True}]}, {},
                 ["MASK"], False),
    "ImagePadForOutpaint": ({"image": ["IMAGE"], "left": EDGE, "top": EDGE,
                             "right": EDGE, "bottom": EDGE,
                             "feathering": whole(40, 0, 16384)}, {},
                            ["IMAGE", "MASK"], False),
    "ImageScale": ({"image": ["IMAGE"], "upscale_method": combo(*METHODS),
                    "width": whole(512, 0, 16384),
                    "height": whole(512, 0, 16384),
                    "crop": combo("disabled", "center")}, {}, ["IMAGE"],
                   False),
    "UpscaleModelLoader": (
        {"model_name": combo(*FOLDERS["upscale_models"])}, {},
        ["UPSCALE_MODEL"], False),
    "ImageUpscaleWithModel": ({"upscale_model": ["UPSCALE_MODEL"],
                               "image": ["IMAGE"]}, {}, ["IMAGE"], False),
    "SaveImage": ({"images": ["IMAGE"],
                   "filename_prefix": ["STRING", {"default": "ComfyUI"}]}, {},
                  [], True),
    "PreviewImage": ({"images": ["IMAGE"]}, {}, [], True),
}


def describe(name, uploads, newer):
    """An entry of /object_info; newer: choices as newer versions write them."""
    required, optional, outputs, is_output = NODES[name]
    inputs = {"required": {}, "optional": {}}
    for group, known in (("required", required), ("optional", optional)):
        for key, spec in known.items():
            spec = list(spec)
            if isinstance(spec[0], list):
                choices = uploads if "image_upload" in spec[1] else spec[0]
                spec = [choices, spec[1]]
                if newer:
                    spec = ["COMBO", {**spec[1], "options": choices}]
            inputs[group][key] = spec
    if not optional:
        del inputs["optional"]
    return {"input": inputs,
            "input_order": {"required": list(required)}, "name": name,
            "display_name": name, "description": "", "category": "test",
            "python_module": "nodes", "output": outputs,
            "output_is_list": [False] * len(outputs), "output_name": outputs,
            "output_node": is_output}

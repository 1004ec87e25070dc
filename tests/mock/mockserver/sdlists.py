# SPDX-License-Identifier: LGPL-3.0-or-later
"""What the local servers have: models, samplers, upscalers."""

CHECKPOINTS = ["dreamscape_v8.safetensors", "sd_xl_base_1.0.safetensors",
               "inpainting_v15.safetensors"]
SAMPLERS = ["DPM++ 2M", "DPM++ SDE", "DPM++ 2M SDE", "Euler a", "Euler",
            "Heun", "DPM2", "DPM++ 2S a", "DPM++ 3M SDE", "DDIM", "LCM",
            "UniPC"]
SCHEDULERS = {"automatic": "Automatic", "uniform": "Uniform",
              "karras": "Karras", "exponential": "Exponential",
              "sgm_uniform": "SGM Uniform", "simple": "Simple",
              "normal": "Normal", "ddim": "DDIM", "beta": "Beta"}
UPSCALERS = {"None": 1, "Lanczos": 4, "Nearest": 4, "R-ESRGAN 4x+": 4,
             "DAT x2": 2}
LORAS = ["detail", "film_grain"]
RESTORERS = ["CodeFormer", "GFPGAN"]
VAES = ["vae-ft-mse-840000.safetensors"]


def checkpoint_item(name):
    """An entry of /sdapi/v1/sd-models."""
    return {"title": f"{name} [0123456789]", "model_name": name.split(".")[0],
            "hash": "0123456789", "sha256": "01" * 32,
            "filename": f"/models/Stable-diffusion/{name}", "config": None}


def sampler_item(name):
    """An entry of /sdapi/v1/samplers."""
    return {"name": name, "aliases": ["k_" + name.lower().replace(" ", "_")],
            "options": {}}


def scheduler_item(name, label):
    """An entry of /sdapi/v1/schedulers."""
    return {"name": name, "label": label, "aliases": None,
            "default_rho": -1, "need_inner_model": False}


def upscaler_item(name, scale):
    """An entry of /sdapi/v1/upscalers."""
    return {"name": name, "model_name": None, "model_path": None,
            "model_url": None, "scale": scale}


def lora_item(name):
    """An entry of /sdapi/v1/loras."""
    return {"name": name, "alias": name, "path": f"/models/Lora/{name}"
            ".safetensors", "metadata": {}}

# SPDX-License-Identifier: LGPL-3.0-or-later
"""sdapi: the API of AUTOMATIC1111, Forge and SD.Next."""

import base64
import json
import random
import threading

from . import paint, schema, sdlists
from .encoders import encode_png
from .errors import reply
from .http import Response, json_response
from .schema import (anything, array, boolean, integer, number, record, text)
from .service import Reply, Service, encode64, route

TEXT_FIELDS = {
    "prompt": text(), "negative_prompt": text(),
    "width": integer(64, 4096, multiple=8),
    "height": integer(64, 4096, multiple=8),
    "steps": integer(1, 150), "cfg_scale": number(0, 30),
    "seed": integer(-1, (1 << 32) - 1), "subseed": integer(-1),
    "subseed_strength": number(0, 1), "sampler_name": text(),
    "sampler_index": text(), "scheduler": text(),
    "batch_size": integer(1, 8), "n_iter": integer(1, 100),
    "styles": array(text()), "enable_hr": boolean(),
    "hr_scale": number(1, 4), "hr_upscaler": text(),
    "hr_second_pass_steps": integer(0, 150),
    "denoising_strength": number(0, 1), "tiling": boolean(),
    "eta": number(), "restore_faces": boolean(),
    "override_settings": record({
        "sd_model_checkpoint": text(), "CLIP_stop_at_last_layers":
        integer(1, 12), "sd_vae": text()}),
    "override_settings_restore_afterwards": boolean(),
    "alwayson_scripts": anything(), "send_images": boolean(),
    "save_images": boolean(), "do_not_save_samples": boolean(),
    "do_not_save_grid": boolean(), "force_task_id": text(1),
}
IMAGE_FIELDS = {
    **{name: field for name, field in TEXT_FIELDS.items()
       if not name.startswith(("enable_hr", "hr_"))},
    "init_images": array(text(1)), "mask": text(1),
    "mask_blur": integer(0, 64), "mask_blur_x": integer(0, 64),
    "mask_blur_y": integer(0, 64), "mask_round": boolean(),
    "inpainting_fill": integer(0, 3), "inpaint_full_res": boolean(),
    "inpaint_full_res_padding": integer(0, 256),
    "inpainting_mask_invert": integer(0, 1), "resize_mode": integer(0, 3),
    "image_cfg_scale": number(0, 3), "initial_noise_multiplier": number(),
    "include_init_images": boolean(),
}
EXTRA_FIELDS = {
    "image": text(1, required=True), "resize_mode": integer(0, 1),
    "show_extras_results": boolean(), "upscaling_resize": number(1, 8),
    "upscaling_resize_w": integer(1), "upscaling_resize_h": integer(1),
    "upscaling_crop": boolean(), "upscaler_1": text(), "upscaler_2": text(),
    "extras_upscaler_2_visibility": number(0, 1),
    "gfpgan_visibility": number(0, 1), "codeformer_visibility": number(0, 1),
    "codeformer_weight": number(0, 1), "upscale_first": boolean(),
}


def said(status, name, detail="", text_errors=""):
    """AUTOMATIC1111's own form of errors."""
    return reply(status, {"error": name, "detail": detail, "body": "",
                          "errors": text_errors})


def validation(kind, message):
    """FastAPI's form of errors."""
    return reply(422, {"detail": [{"loc": ["body", "{param}"], "msg": message,
                                   "type": kind}]})


class SdApi(Service):
    """The routes, also used by sd-server."""

    # auth: HTTP Basic, as with --api-auth.
    settings = {"auth": False, "flavor": "a1111", "job_seconds": 0.05}
    errors = {
        "auth": [
            reply(401, {"detail": "Incorrect username or password"},
                  ("WWW-Authenticate", "Basic")),
            reply(401, {"detail": "Not authenticated"},
                  ("WWW-Authenticate", "Basic")),
        ],
        "invalid-parameter": [
            validation("value_error", "{message}"),
            said(404, "HTTPException", "Sampler not found"),
            said(400, "HTTPException", "Sampler not found"),
            said(404, "HTTPException", "Init image not found"),
            said(500, "HTTPException", "Invalid encoded image"),
            validation("greater_than_equal", "Input should be at least 64"),
        ],
        "server": [
            said(500, "OutOfMemoryError", "", "CUDA out of memory. Tried to "
                 "allocate 2.00 GiB"),
            said(500, "RuntimeError", "", "Expected all tensors to be on the "
                 "same device"),
            reply(500, "Internal Server Error"),
            reply(503, {"detail": "Model is loading"}),
        ],
        "too-large": [reply(413, "Request Entity Too Large")],
        "timeout": [reply(504, "Gateway Timeout")],
        "rate-limit": [reply(429, {"detail": "Too Many Requests"},
                             ("Retry-After", "{seconds}"))],
    }

    def __init__(self, world):
        super().__init__(world)
        self.running = None
        self.tasks = {}
        self.busy = threading.Lock()

    def clear(self):
        super().clear()
        self.running = None
        self.tasks = {}

    def bad_image(self, request, param, why):
        """Pictures that can't be read are a server error here."""
        return self.reject(request, "invalid-parameter", f"{param} {why}",
                           param, 4)

    def checked(self, request, fields):
        """The body, or FastAPI's answer."""
        body = self.json_body(request)
        found = schema.check(fields, body)
        for problem in found:
            self.violation(request, str(problem))
        if found:
            raise Reply(json_response({"detail": [
                {"loc": p.loc, "msg": p.text, "type": p.kind}
                for p in found]}, 422))
        self.check_names(request, body)
        return body

    def check_names(self, request, body):
        """Samplers, schedulers and models must be known."""
        sampler = body.get("sampler_name", "Euler")
        if sampler not in sdlists.SAMPLERS:
            self.reject(request, "invalid-parameter",
                        f"there is no sampler {sampler}", "sampler_name", 1)
        known = {name.lower() for pair in sdlists.SCHEDULERS.items()
                 for name in pair}
        scheduler = body.get("scheduler", "automatic")
        if scheduler.lower() not in known:
            self.reject(request, "invalid-parameter",
                        f"there is no scheduler {scheduler}", "scheduler")
        override = body.get("override_settings", {})
        model = override.get("sd_model_checkpoint")
        titles = {title for name in sdlists.CHECKPOINTS for title in (
            name, name.split(".")[0], sdlists.checkpoint_item(name)["title"])}
        if model is not None and model not in titles:
            self.violation(request, f"there is no checkpoint {model}")

    def begin(self, request, make, body, count):
        """Starts a task when no other runs, and waits for it."""
        with self.busy:
            return self.run_task(request, make, body, count)

    def run_task(self, request, make, body, count):
        """The one task that runs."""
        job = self.start(request, make, {"steps": body.get("steps", 20)})
        if "force_task_id" in body:
            self.tasks[body["force_task_id"]] = job
        self.running = job
        job.info["count"] = count
        try:
            self.wait_for_success(request, job)
        finally:
            self.running = None
        return job

    @route("POST", "/sdapi/v1/txt2img", "sync")
    def txt2img(self, request):
        """Pictures for a prompt."""
        body = self.checked(request, TEXT_FIELDS)
        width, height = body.get("width", 512), body.get("height", 512)
        if body.get("enable_hr"):
            scale = body.get("hr_scale", 2)
            width, height = int(width * scale), int(height * scale)
        seed = self.seed(body)
        count = body.get("batch_size", 1) * body.get("n_iter", 1)
        prompt = body.get("prompt", "")
        job = self.begin(request, lambda: [
            paint.generate(width, height, prompt, seed + i)
            for i in range(count)], body, count)
        return self.pictures_answer(job, body, seed, count)

    @route("POST", "/sdapi/v1/img2img", "sync")
    def img2img(self, request):
        """Pictures made of pictures."""
        body = self.checked(request, IMAGE_FIELDS)
        if not body.get("init_images"):
            self.reject(request, "invalid-parameter", "no init_images",
                        "init_images", 3)
        source = self.picture(request, body["init_images"][0], "init_images")
        mask = self.mask(request, body, source)
        width, height = body.get("width", 512), body.get("height", 512)
        if mask is not None:
            mask = mask.resized(width, height)
        source = source.rgb().resized(width, height)
        seed = self.seed(body)
        count = body.get("batch_size", 1) * body.get("n_iter", 1)
        prompt = body.get("prompt", "")
        job = self.begin(request, lambda: [
            paint.edit(source, mask, prompt, seed + i)
            for i in range(count)], body, count)
        return self.pictures_answer(job, body, seed, count)

    def picture(self, request, value, param):
        """A Picture of base64, with or without "data:"."""
        data = self.base64_bytes(request, value, param, False)
        return self.open_picture(request, data, param)

    def mask(self, request, body, source):
        """The mask of an img2img, or None."""
        if "mask" not in body:
            return None
        data = self.base64_bytes(request, body["mask"], "mask", False)
        if not body.get("inpainting_mask_invert"):
            return self.open_mask(request, data, "mask", source)
        mask = self.open_picture(request, data, "mask")
        return paint.inverted(mask.channel(0))

    def seed(self, body):
        """The seed that is used."""
        seed = body.get("seed", -1)
        return random.randrange(1 << 31) if seed == -1 else seed

    def pictures_answer(self, job, body, seed, count):
        """Base64 pictures, and the info that is JSON in a string."""
        names = [name for name in body if name not in (
            "init_images", "mask", "alwayson_scripts")]
        seeds = [seed + i for i in range(count)]
        info = {"prompt": body.get("prompt", ""), "seed": seed,
                "all_seeds": seeds, "width": body.get("width", 512),
                "height": body.get("height", 512),
                "sampler_name": body.get("sampler_name", "Euler"),
                "steps": body.get("steps", 50),
                "infotexts": [f"{body.get('prompt', '')}\nSeed: {s}"
                              for s in seeds]}
        images = [encode64(result.data) for result in job.results()]
        if body.get("send_images") is False:
            images = []
        return self.finished(job, {
            "images": images, "parameters": {n: body[n] for n in names},
            "info": json.dumps(info)})

    @route("POST", "/sdapi/v1/extra-single-image", "sync")
    def extra(self, request):
        """Upscales."""
        body = self.checked(request, EXTRA_FIELDS)
        name = body.get("upscaler_1", "None")
        if name not in sdlists.UPSCALERS:
            self.reject(request, "invalid-parameter",
                        f"there is no upscaler {name}", "upscaler_1", 0)
        source = self.picture(request, body["image"], "image")
        factor = body.get("upscaling_resize", 2)
        width, height = source.width * factor, source.height * factor
        if body.get("resize_mode", 0) == 1:
            width = body.get("upscaling_resize_w", 512)
            height = body.get("upscaling_resize_h", 512)
        job = self.begin(request, lambda: [
            paint.upscale(source, int(width), int(height))], body, 1)
        images = [encode64(result.data) for result in job.results()]
        return self.finished(job, {"html_info": "",
                                   "image": images[0] if images else ""})

    # Progress

    @route("GET", "/sdapi/v1/progress", "poll")
    def progress(self, request):
        """How far the running task is."""
        job = self.running
        steps = job.info["steps"] if job else 0
        value = job.progress if job else 0.0
        image = None
        if job and request.query.get("skip_current_image") != "true":
            image = self.preview()
        return json_response({
            "progress": round(value, 3),
            "eta_relative": round(job.seconds * (1 - value), 3) if job else 0,
            "state": {"skipped": False, "interrupted": False, "job": "",
                      "job_count": job.info.get("count", 1) if job else 0,
                      "job_timestamp": "20250101000000", "job_no": 0,
                      "sampling_step": int(value * steps),
                      "sampling_steps": steps},
            "current_image": image, "textinfo": None})

    def preview(self):
        """A small picture."""
        picture = paint.generate(64, 64, "preview", 0)
        return encode64(encode_png(picture))

    @route("POST", "/internal/progress", "poll")
    def task_progress(self, request):
        """How far a task is that the client named."""
        body = self.json_body(request)
        job = self.tasks.get(body.get("id_task"))
        live = None
        if job and not job.is_over and body.get("live_preview", True):
            live = "data:image/png;base64," + self.preview()
        return json_response({
            "active": bool(job and not job.is_over), "queued": False,
            "completed": bool(job and job.is_over),
            "progress": round(job.progress, 3) if job else None,
            "eta": job.seconds if job else None, "live_preview": live,
            "id_live_preview": body.get("id_live_preview", -1) + 1,
            "textinfo": None})

    @route("POST", "/sdapi/v1/interrupt", "cancel")
    @route("POST", "/sdapi/v1/skip", "cancel")
    def interrupt(self, _request):
        """Ends the running task early; it answers with what it has."""
        if self.running:
            self.running.interrupted = True
            self.running.info["interrupted"] = True
        if self.setting("flavor") == "sdnext":
            return Response(204)
        return json_response({})

    # Lists

    @route("GET", "/sdapi/v1/samplers", "list")
    def samplers(self, _request):
        """Samplers."""
        return json_response([sdlists.sampler_item(name)
                              for name in sdlists.SAMPLERS])

    @route("GET", "/sdapi/v1/schedulers", "list")
    def schedulers(self, _request):
        """Schedulers."""
        return json_response([sdlists.scheduler_item(name, label) for
                              name, label in sdlists.SCHEDULERS.items()])

    @route("GET", "/sdapi/v1/sd-models", "list")
    def models(self, _request):
        """Checkpoints."""
        return json_response([sdlists.checkpoint_item(name)
                              for name in sdlists.CHECKPOINTS])

    @route("GET", "/sdapi/v1/upscalers", "list")
    def upscalers(self, _request):
        """Upscalers."""
        return json_response([sdlists.upscaler_item(name, scale) for
                              name, scale in sdlists.UPSCALERS.items()])

    @route("GET", "/sdapi/v1/loras", "list")
    def loras(self, _request):
        """LoRA."""
        return json_response([sdlists.lora_item(n) for n in sdlists.LORAS])

    @route("GET", "/sdapi/v1/options", "list")
    def options(self, _request):
        """Options."""
        title = sdlists.checkpoint_item(sdlists.CHECKPOINTS[0])["title"]
        return json_response({"sd_model_checkpoint": title,
                              "CLIP_stop_at_last_layers": 1,
                              "samples_format": "png"})


class SdApiService(SdApi):
    """AUTOMATIC1111, Forge or SD.Next."""

    name = "sdapi"
    prefix = "/sdapi"

    def expected_header(self):
        """HTTP Basic of user "user" with the key as the password."""
        pair = base64.b64encode(f"user:{self.key}".encode()).decode()
        return "Basic " + pair

    @route("POST", "/sdapi/v1/options", "list")
    def set_options(self, request):
        """Sets options, which a client should not need."""
        self.violation(request, "changes the server's options for everybody")
        return json_response({})

    @route("GET", "/sdapi/v1/face-restorers", "list")
    def restorers(self, _request):
        """Face restorers."""
        return json_response([{"name": name, "cmd_dir": None}
                              for name in sdlists.RESTORERS])

# SPDX-License-Identifier: LGPL-3.0-or-later
"""sd-server of stable-diffusion.cpp: OpenAI's form, sdapi, and its own."""

import random

from . import paint, schema, sdlists
from .errors import in_job, reply
from .http import json_response
from .openai import OpenAIService
from .schema import array, boolean, choice, integer, number, record, text
from .sdapi import IMAGE_FIELDS, SdApi
from .service import encode64, route

STATES = {"queued": "queued", "running": "generating", "done": "completed",
          "failed": "failed", "cancelled": "cancelled"}
SIDE = integer(64, 4096)
METHODS = ("euler", "euler_a", "heun", "dpm2", "dpm++2s_a", "dpm++2m",
           "dpm++2mv2", "ipndm", "lcm", "ddim_trailing", "tcd")
SCHEDULES = ("discrete", "karras", "exponential", "ays", "gits",
             "sgm_uniform", "simple", "smoothstep")
NATIVE = {
    "prompt": text(), "negative_prompt": text(), "width": SIDE,
    "height": SIDE, "strength": number(0, 1), "seed": integer(-1),
    "batch_count": integer(1, 8), "init_image": text(1),
    "ref_images": array(text(1)), "mask_image": text(1),
    "clip_skip": integer(-1), "sample_params": record({
        "scheduler": choice(*SCHEDULES), "sample_method": choice(*METHODS),
        "sample_steps": integer(1, 150), "eta": number(),
        "guidance": record({"txt_cfg": number(), "img_cfg": number(),
                            "distilled_guidance": number()})}),
    "lora": array(record({"path": text(1, required=True),
                          "multiplier": number(),
                          "is_high_noise": boolean()})),
    "output_format": choice("png", "jpeg", "webp"),
    "output_compression": integer(0, 100),
}


def said(status, message, *headers):
    """Its own form of an error."""
    return reply(status, {"error": message}, *headers)


class SdServerService(OpenAIService, SdApi):
    """Three protocols on one port."""

    name = "sdserver"
    prefix = "/sdserver"
    needs_key = False
    alpha_mask = False
    settings = {"imitator": True, "answer": "b64_json", "flavor": "sdserver",
                "auth": False, "queue_limit": 8}
    # What it doesn't have is not found, though its bases do.
    missing = ("/sdapi/v1/progress", "/sdapi/v1/interrupt", "/sdapi/v1/skip",
               "/sdapi/v1/extra-single-image", "/internal/progress",
               "/v1/images/inpainting")
    errors = {
        "auth": [said(401, "unauthorized")],
        "invalid-parameter": [said(400, "{message}"),
                              said(404, "job not found"),
                              said(409, "job is generating"),
                              said(400, "{message}"), said(400, "{message}"),
                              said(410, "job expired")],
        "rate-limit": [said(429, "queue is full")],
        "too-large": [said(413, "payload too large")],
        "timeout": [said(504, "timeout")],
        "server": [said(500, "generation failed"),
                   in_job(error={"code": "generation_failed",
                                 "message": "generate_image failed"}),
                   reply(500, "")],
    }

    def __init__(self, world):
        SdApi.__init__(self, world)

    def find(self, method, path):
        if path in self.missing:
            return None, False
        return super().find(method, path)

    def checked(self, request, fields):
        """sdapi's body, with references."""
        if fields is IMAGE_FIELDS:
            fields = {**fields, "extra_images": array(text(1))}
        for name in ("mask_blur", "inpainting_fill", "inpaint_full_res"):
            if name in request.body.decode(errors="replace"):
                self.violation(request, f"{name} is ignored here")
        return super().checked(request, fields)

    def check_names(self, request, body):
        """Names that it has."""

    def say(self, request, problem):
        """Answers with the first problem."""
        self.reject(request, "invalid-parameter", str(problem))

    def open_picture(self, request, data, param, most=None):
        """Grayscale pictures are refused, but as masks."""
        picture = super().open_picture(request, data, param, most)
        if picture.channels < 3 and "mask" not in param:
            self.bad_image(request, param, "is grayscale")
        return picture

    def charge(self, request, model, credits=1.0):
        """Nothing costs money here."""

    @route("GET", "/sdcpp/v1/capabilities", "list")
    def capabilities(self, _request):
        """What it can do."""
        return json_response({
            "model": {"name": sdlists.CHECKPOINTS[0]},
            "samplers": list(METHODS), "schedulers": list(SCHEDULES),
            "loras": [{"name": n, "path": n + ".safetensors"}
                      for n in sdlists.LORAS],
            "output_formats": ["png", "jpeg", "webp"],
            "limits": {"min_width": 64, "max_width": 4096, "min_height": 64,
                       "max_height": 4096, "max_batch_count": 8},
            "features": {"cancel_queued": True, "cancel_generating": False}})

    @route("POST", "/sdcpp/v1/img_gen", "submit")
    def img_gen(self, request):
        """Queues a job."""
        body = self.json_body(request)
        problems = schema.check(NATIVE, body)
        if problems:
            self.reject(request, "invalid-parameter", str(problems[0]))
        busy = [job for job in self.jobs.values() if not job.is_over]
        if len(busy) >= self.setting("queue_limit"):
            return self.error("rate-limit")
        job = self.start(request, self.maker(request, body),
                         {"format": body.get("output_format", "png")})
        return json_response({"id": job.id, "status": "queued", "kind":
                              "img_gen", "created": 0, "poll_url":
                              f"{request.prefix}/sdcpp/v1/jobs/{job.id}"},
                             202)

    def maker(self, request, body):
        """What makes the pictures."""
        seed = body.get("seed", -1)
        seed = random.randrange(1 << 31) if seed == -1 else seed
        count = range(body.get("batch_count", 1))
        prompt = body.get("prompt", "")
        size = body.get("width", 512), body.get("height", 512)
        for i, value in enumerate(body.get("ref_images", [])):
            self.picture(request, value, f"ref_images.{i}")
        if "init_image" not in body and not body.get("ref_images"):
            return lambda: [paint.generate(*size, prompt, seed + i)
                            for i in count]
        value = body.get("init_image") or body["ref_images"][0]
        source = self.picture(request, value, "init_image")
        mask = None
        if "mask_image" in body:
            data = self.base64_bytes(request, body["mask_image"],
                                     "mask_image", False)
            mask = self.open_mask(request, data, "mask_image", source)
        scaled = source.rgb().resized(*size)
        return lambda: [paint.edit(scaled, mask, prompt, seed + i)
                        for i in count]

    def known_job(self, request, job_id):
        """A job, or an answer that it isn't known."""
        if job_id not in self.jobs:
            self.reject(request, "invalid-parameter", f"no job {job_id}",
                        "id", 1)
        return self.jobs[job_id]

    @route("GET", "/sdcpp/v1/jobs/{job_id}", "poll")
    def job(self, request, job_id):
        """A job now."""
        job = self.known_job(request, job_id)
        state = job.poll()
        if job.kind == "expired" and job.is_over:
            return self.error("invalid-parameter", 5)
        out = {"id": job.id, "kind": "img_gen", "status": STATES[state],
               "created": 0, "started": 0, "completed": None,
               "queue_position": 1 if state == "queued" else 0,
               "result": None, "error": None}
        if state == "failed":
            out.update(self.failure(job))
        if state == "done":
            out["result"] = {"output_format": job.info["format"], "images": [
                {"index": i, "b64_json": encode64(result.data)}
                for i, result in enumerate(job.results())]}
        return self.finished(job, out)

    @route("POST", "/sdcpp/v1/jobs/{job_id}/cancel", "cancel")
    def cancel(self, request, job_id):
        """Cancels what has not begun."""
        job = self.known_job(request, job_id)
        if job.state == "running":
            return self.error("invalid-parameter", 2)
        job.cancel()
        return json_response({"id": job.id, "status": STATES[job.state]})

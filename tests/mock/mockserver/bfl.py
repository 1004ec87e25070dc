# SPDX-License-Identifier: LGPL-3.0-or-later
"""Black Forest Labs: submit, poll, fetch within ten minutes."""

import random

from . import models, paint, schema
from .errors import in_job, reply
from .http import json_response
from .schema import boolean, choice, integer, number, text
from .service import Service, route

COMMON = {"seed": integer(nullable=True), "safety_tolerance": integer(0, 6),
          "output_format": choice("jpeg", "png", "webp"),
          "webhook_url": text(1), "webhook_secret": text()}
SIDE = integer(64, 4096, multiple=32)
REFERENCES = {f"input_image_{i}" if i > 1 else "input_image": text(1)
              for i in range(1, 9)}
FLUX_2 = {"prompt": text(1, required=True), **REFERENCES, "width": SIDE,
          "height": SIDE, "prompt_upsampling": boolean(), **COMMON}
SIDES = ("left", "top", "right", "bottom")
MODELS = {
    "flux-2-pro": (FLUX_2, 3), "flux-2-max": (FLUX_2, 7),
    "flux-2-flex": ({**FLUX_2, "steps": integer(1, 50),
                     "guidance": number(1.5, 10)}, 6),
    "flux-2-klein-4b": (FLUX_2, 1.4), "flux-2-klein-9b": (FLUX_2, 1.5),
    "flux-pro-1.1-ultra": ({
        "prompt": text(), "prompt_upsampling": boolean(),
        "aspect_ratio": text(3, pattern=r"\d+:\d+\Z"), "raw": boolean(),
        "image_prompt": text(1), "image_prompt_strength": number(0, 1),
        **COMMON}, 6),
    "flux-pro-1.0-fill": ({
        "image": text(1, required=True), "mask": text(1), "prompt": text(),
        "steps": integer(15, 50), "guidance": number(1.5, 100),
        "prompt_upsampling": boolean(), **COMMON}, 5),
    "flux-pro-1.0-expand": ({
        "image": text(1, required=True), "prompt": text(),
        **{side: integer(0, 2048) for side in SIDES},
        "steps": integer(15, 50), "guidance": number(1.5, 100),
        "prompt_upsampling": boolean(), **COMMON}, 5),
}


def said(status, message, *headers):
    """A detail in one sentence."""
    return reply(status, {"detail": message}, *headers)


class BflService(Service):
    """api.bfl.ai."""

    name = "bfl"
    has_nsfw = True
    prefix = "/bfl"
    key_header = "x-key"
    key_format = "{key}"
    # polling: the origin of polling_url; by default the one that was asked.
    settings = {"polling": None}
    errors = {
        "auth": [said(401, "Not authenticated"),
                 said(403, "Not authenticated - Invalid Authentication")],
        "credits": [said(402, "Insufficient credits")],
        "content-filter": [in_job(status="Request Moderated"),
                           in_job(status="Content Moderated")],
        "rate-limit": [said(429, "Too many active tasks",
                            ("Retry-After", "{seconds}")),
                       said(429, "Too many active tasks")],
        "too-large": [said(413, "Request Entity Too Large")],
        "invalid-parameter": [
            reply(422, {"detail": [{"loc": ["body", "{param}"],
                                    "msg": "{message}",
                                    "type": "value_error"}]}),
            said(400, "{message}"),
            in_job(status="Task not found"),
        ],
        "timeout": [said(504, "Gateway Timeout")],
        "server": [said(500, "Internal Server Error"),
                   said(503, "Service Unavailable"),
                   in_job(status="Error"),
                   in_job(status="Error", details={"error": "Failed"})],
    }

    @route("POST", "/v1/{model}", "submit")
    def submit(self, request, model):
        """Starts a task."""
        if model not in MODELS:
            self.violation(request, f"there is no model {model}")
            return self.not_found(request)
        fields, cost = MODELS[model]
        body = self.json_body(request)
        problems = schema.check(fields, body)
        for problem in problems:
            self.violation(request, str(problem))
        if problems:
            return json_response({"detail": [
                {"loc": p.loc, "msg": p.text, "type": p.kind}
                for p in problems]}, 422)
        make = self.maker(request, model, body)
        job = self.start(request, make, {"format": body.get(
            "output_format", "jpeg" if model != "flux-2-flex" else "png"),
            "prompt": body.get("prompt", "")})
        self.charge(request, model, cost)
        base = request.base
        if self.setting("polling"):
            base = str(self.world.origins[self.setting("polling")]) + (
                self.prefix)
        return json_response({"id": job.id, "polling_url":
                              f"{base}/v1/get_result?id={job.id}",
                              "cost": cost, "input_mp": 0, "output_mp": 1})

    def image(self, request, body, name):
        """A Picture of base64 or of a URL."""
        value = body[name]
        if value.startswith(("http:", "https:")):
            data = self.picture_bytes(request, value, name)
        else:
            data = self.base64_bytes(request, value, name, False)
        return self.open_picture(request, data, name, 20 << 20)

    def maker(self, request, model, body):
        """What makes the picture."""
        seed = body.get("seed")
        if seed is None:
            seed = random.randrange(1 << 31)
        prompt = body.get("prompt", "")
        if model.endswith("fill"):
            return self.fill(request, body, prompt, seed)
        if model.endswith("expand"):
            source = self.image(request, body, "image")
            sides = [body.get(side, 0) for side in SIDES]
            return lambda: [paint.expand(source, *sides, prompt, seed)]
        if model.endswith("ultra"):
            width, height = models.ratio_size(
                body.get("aspect_ratio", "16:9"), 4 << 20)
            return lambda: [paint.generate(width, height, prompt, seed)]
        images = [self.image(request, body, name)
                  for name in REFERENCES if name in body]
        first = images[0] if images else None
        width = body.get("width", first.width // 16 * 16 if first else 1024)
        height = body.get("height", first.height // 16 * 16 if first else 768)
        if first is None:
            return lambda: [paint.generate(width, height, prompt, seed)]
        return lambda: [paint.edit(first.rgb().resized(width, height), None,
                                   prompt, seed)]

    def fill(self, request, body, prompt, seed):
        """A fill, with a mask of its own or in the alpha channel."""
        source = self.image(request, body, "image")
        if "mask" in body:
            data = self.base64_bytes(request, body["mask"], "mask", False)
            mask = self.open_mask(request, data, "mask", source)
        elif source.channels in (2, 4):
            mask = paint.inverted(source.channel(source.channels - 1))
        else:
            self.reject(request, "invalid-parameter", "there is no mask",
                        "mask")
        return lambda: [paint.edit(source, mask, prompt, seed)]

    @route("GET", "/v1/get_result", "poll")
    def poll(self, request):
        """How far a task is."""
        job = self.jobs.get(request.query.get("id"))
        if job is None:
            self.violation(request, "there is no such task")
            return json_response({"id": request.query.get("id"),
                                  "status": "Task not found", "result": None,
                                  "progress": None})
        state = job.poll()
        out = {"id": job.id, "status": "Pending", "result": None,
               "progress": round(max(job.progress, 0), 2), "details": None}
        if state == "failed":
            out.update(self.failure(job))
        elif state == "done" and job.kind == "nsfw":
            out["status"] = "Content Moderated"
        elif state == "done":
            if "url" not in job.info:
                urls = [self.publish(request, job, result)
                        for result in job.results()]
                job.info["url"] = urls[0] if urls else None
            out.update(status="Ready", result={
                "sample": job.info["url"], "prompt": job.info["prompt"],
                "seed": 1, "start_time": 0, "end_time": 1, "duration": 1})
            if not job.info["url"]:
                del out["result"]["sample"]
        return self.finished(job, out)

    @route("GET", "/v1/credits", "list")
    def credits(self, _request):
        """What is left."""
        return json_response({"credits": 123.4})

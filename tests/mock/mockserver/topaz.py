# SPDX-License-Identifier: LGPL-3.0-or-later
"""Topaz Labs: enhance, sharpen, denoise, restore."""

from . import paint
from .errors import in_job, reply
from .formservice import FormService
from .http import json_response
from .schema import boolean, choice, integer, number, text
from .service import route

STATES = {"queued": "Pending", "running": "Processing", "done": "Completed",
          "failed": "Failed", "cancelled": "Cancelled"}
FAITHFUL = ("Standard V2", "High Fidelity V2", "Low Resolution V2", "CGI",
            "Text Refine")
GENERATIVE = ("Redefine", "Recovery", "Recovery V2", "Wonder", "Wonder 3",
              "Standard MAX")
SIDE = integer(1, 32000)
COMMON = {"output_width": SIDE, "output_height": SIDE,
          "output_format": choice("jpeg", "jpg", "png", "tiff", "webp"),
          "crop_to_fill": boolean(), "source_url": text(1),
          "webhook_url": text(1)}
SLIDERS = {"sharpen": number(0, 1), "denoise": number(0, 1),
           "fixCompression": number(0, 1), "strength": number(0.01, 1),
           "subjectDetection": choice("All", "Foreground", "Background"),
           "faceEnhancement": boolean(),
           "faceEnhancementStrength": number(0, 1),
           "faceEnhancementCreativity": number(0, 1)}
CALLS = {
    "enhance": {"model": choice(*FAITHFUL), **SLIDERS, **COMMON},
    "enhance-gen": {"model": choice(*GENERATIVE), **SLIDERS, **COMMON,
                    "creativity": integer(1, 6), "texture": integer(1, 5),
                    "prompt": text(0, 1024), "autoprompt": boolean(),
                    "detail": number(0, 1),
                    "enhancementStrength": choice("low", "medium", "high")},
    "sharpen": {"model": choice("Standard", "Strong", "Lens Blur",
                                "Motion Blur", "Natural", "Refocus"),
                **SLIDERS, "minorDenoise": number(0, 1), **COMMON},
    "denoise": {"model": choice("Normal", "Strong", "Extreme"), **SLIDERS,
                "recoverOriginalDetail": number(0, 1),
                "originalDetail": number(0, 1), **COMMON},
    "restore-gen": {"model": choice("Dust-Scratch", "Dust-Scratch V2"),
                    **SLIDERS, **COMMON},
}


def said(status, message, *headers, **more):
    """Topaz' form of an error."""
    return reply(status, {"message": message, **more}, *headers)


class TopazService(FormService):
    """api.topazlabs.com."""

    name = "topaz"
    prefix = "/topaz"
    key_header = "x-api-key"
    key_format = "{key}"
    errors = {
        "auth": [said(401, "Unauthorized"), said(403, "Forbidden")],
        "credits": [said(402, "Insufficient credits")],
        "rate-limit": [said(429, "Too many requests",
                            ("Retry-After", "{seconds}")),
                       said(429, "Too many requests")],
        "too-large": [said(413, "The image is too large")],
        "invalid-parameter": [said(400, "{param}: {message}"),
                              said(404, "Process not found"),
                              said(422, "{message}"),
                              said(409, "The process is over")],
        "timeout": [said(504, "Gateway timeout"), said(408, "Timeout")],
        "server": [said(500, "Internal server error"), said(503, "Busy"),
                   in_job(error="It failed")],
    }

    @route("POST", "/image/v1/{call}/async", "submit")
    def submit(self, request, call):
        """Starts a process."""
        if call not in CALLS:
            self.violation(request, f"there is no call {call}")
            return self.not_found(request)
        values, source = self.input(request, call)
        width, height = self.size(values, source)
        job = self.start(request, lambda: [
            paint.upscale(source, width, height)], {
                "format": values.get("output_format", "jpeg"),
                "size": (width, height)})
        job.info["credits"] = credits(width, height)
        self.charge(request, call, job.info["credits"])
        return json_response({"process_id": job.id, "source_id": "s" + job.id,
                              "eta": 1 if job.seconds < 1 else job.seconds})

    def input(self, request, call):
        """Values and picture of a form."""
        values, data = self.form(request, CALLS[call], ("image",))
        return values, self.open_picture(request, data["image"], "image")

    def size(self, values, source):
        """Width and height of the result."""
        width = values.get("output_width")
        height = values.get("output_height")
        if width is None and height is None:
            return source.width, source.height
        if height is None:
            return width, round(source.height * width / source.width)
        if width is None:
            return round(source.width * height / source.height), height
        if values.get("crop_to_fill"):
            return width, height
        scale = min(width / source.width, height / source.height)
        return round(source.width * scale), round(source.height * scale)

    def known_job(self, request, job_id):
        """A job, or an answer that it isn't known."""
        job = self.jobs.get(job_id)
        if job is None:
            self.reject(request, "invalid-parameter", f"no process {job_id}",
                        "process_id", 1)
        return job

    @route("GET", "/image/v1/status/{job_id}", "poll")
    def poll(self, request, job_id):
        """How far it is."""
        job = self.known_job(request, job_id)
        state = job.poll()
        width, height = job.info["size"]
        out = {"process_id": job.id, "source_id": "s" + job.id,
               "filename": "image.png", "input_format": "png",
               "category": "Enhance", "model_type": "image",
               "status": STATES[state], "output_width": width,
               "output_height": height, "credits": job.info["credits"],
               "progress": round(max(job.progress, 0) * 100)}
        if state == "failed":
            out.update(self.failure(job))
        return json_response(out)

    @route("GET", "/image/v1/download/{job_id}", "result")
    def download(self, request, job_id):
        """An address that needs no key."""
        job = self.known_job(request, job_id)
        if job.state != "done":
            self.reject(request, "invalid-parameter", "it is not completed",
                        "process_id", 3)
        made = job.results()
        url = self.publish(request, job, made[0]) if made else ""
        return self.finished(job, {"download_url": url, "head_url": url,
                                   "expiry": 3600})

    @route("DELETE", "/image/v1/cancel/{job_id}", "cancel")
    def cancel(self, request, job_id):
        """Cancels what is not over."""
        job = self.known_job(request, job_id)
        if not job.cancel():
            self.reject(request, "invalid-parameter", "it is over",
                        "process_id", 3)
        return json_response({"message": "Cancelled"})

    @route("POST", "/image/v1/estimate", "list")
    def estimate(self, request):
        """What a form would cost."""
        fields = {**CALLS["enhance-gen"], "model": text(1),
                  "input_width": SIDE, "input_height": SIDE}
        values, data = self.form(request, fields, (), ("image",))
        if "image" in data:
            source = self.open_picture(request, data["image"], "image")
            width, height = self.size(values, source)
        else:
            width = values.get("output_width", values.get("input_width", 1))
            height = values.get("output_height", values.get("input_height", 1))
        cost = credits(width, height)
        return json_response({"estimate": {"credits": [cost, cost],
                                           "seconds": [1, 2]}})

    @route("GET", "/account/v1/credits/balance", "list")
    def balance(self, _request):
        """What is left."""
        return json_response({"available_credits": 250,
                              "reserved_credits": 0, "total_credits": 250})


def credits(width, height):
    """One for each 24 million pixels that were begun."""
    return -(-width * height // 24000000)

# SPDX-License-Identifier: LGPL-3.0-or-later
"""Replicate: predictions."""

import random
import re

from . import models, paint
from .errors import in_job, reply
from .http import json_response
from .service import Service, route

STATES = {"queued": "starting", "running": "processing", "done": "succeeded",
          "failed": "failed", "cancelled": "canceled"}


def said(status, title, detail, *headers, **more):
    """Replicate's form of an error."""
    return reply(status, {"title": title, "detail": detail, "status": status,
                          **more}, *headers)


class ReplicateService(Service):
    """api.replicate.com."""

    name = "replicate"
    has_nsfw = True
    prefix = "/replicate"
    # output: a list of URLs, or one.
    settings = {"output": "list"}
    errors = {
        "auth": [said(401, "Unauthenticated", "You did not pass a valid "
                      "authentication token")],
        "credits": [said(402, "Insufficient credit", "You have insufficient "
                         "credit to run this model.")],
        "content-filter": [in_job(error="NSFW content detected. Try running "
                                  "it again, or try a different prompt."),
                           in_job(error="The input or output was flagged as "
                                  "sensitive. (E005)")],
        "rate-limit": [said(429, "Too many requests", "Request was "
                            "throttled.", ("Retry-After", "{seconds}"),
                            retry_after="{seconds}"),
                       said(429, "Too many requests", "Request was "
                            "throttled.")],
        "too-large": [said(413, "Request too large", "Too large")],
        "invalid-parameter": [
            reply(422, {"title": "Input validation failed", "status": 422,
                        "detail": "- input.{param}: {message}",
                        "invalid_fields": [{"type": "", "field":
                                            "input.{param}", "description":
                                            "{message}"}]}),
            said(404, "Not found", "The requested resource could not be "
                 "found."),
            in_job(error="Invalid value for {param}"),
        ],
        "timeout": [said(504, "Gateway timeout", "Timed out"),
                    in_job(error="Prediction timed out", status="aborted")],
        "server": [said(500, "Internal server error", "Server error"),
                   said(503, "Service unavailable", "Try again later"),
                   in_job(error="CUDA out of memory"),
                   in_job(error=None)],
        "cancelled": [in_job(error=None, status="aborted"),
                      in_job(error=None, status="canceled")],
    }

    @route("POST", "/v1/models/{owner}/{name}/predictions", "submit")
    @route("POST", "/models/{owner}/{name}/predictions", "submit")
    def submit(self, request, owner, name):
        """Starts a prediction; Prefer: wait=N waits for it."""
        body = self.json_body(request)
        unknown = set(body) - {"input", "webhook", "webhook_events_filter",
                               "stream"}
        if unknown or not isinstance(body.get("input"), dict):
            self.reject(request, "invalid-parameter",
                        f"no input, or unknown {sorted(unknown)}", "input")
        make = self.maker(request, body["input"])
        job = self.start(request, make, {
            "format": body["input"].get("output_format", "png"),
            "model": f"{owner}/{name}", "input": body["input"]})
        self.charge(request, job.info["model"], 1)
        seconds = self.patience(request)
        if seconds:
            job.wait(request.connection, seconds)
        return self.answer(request, job, 200 if seconds and job.is_over
                           else 201)

    def patience(self, request):
        """Seconds of the Prefer header; 0 without one."""
        value = request.header("Prefer")
        if value is None:
            return 0
        match = re.fullmatch(r"wait(?:=(\d+))?", value.strip())
        seconds = int(match[1] or 60) if match else 0
        if not 1 <= seconds <= 60:
            self.violation(request, f"Prefer is {value}")
        return seconds

    def picture(self, request, values, *names):
        """The Picture of the first of the fields that is there, or None."""
        for name in names:
            if isinstance(values.get(name), str):
                data = self.picture_bytes(request, values[name], name)
                return self.open_picture(request, data, name)
        return None

    def maker(self, request, values):
        """What makes the pictures; what the input's names say."""
        prompt = values.get("prompt", "")
        seed = values.get("seed")
        if seed is None:
            seed = random.randrange(1 << 31)
        count = range(values.get("num_outputs", 1))
        source = self.picture(request, values, "image", "input_image")
        if source is None:
            size = values.get("width", 0), values.get("height", 0)
            if not all(size):
                size = models.ratio_size(values.get("aspect_ratio", "1:1"),
                                         1 << 20)
            return lambda: [paint.generate(*size, prompt, seed, i)
                            for i in count]
        if "scale" in values:
            scale = values["scale"]
            return lambda: [paint.upscale(source, int(source.width * scale),
                                          int(source.height * scale))]
        mask = None
        if "mask" in values:
            data = self.picture_bytes(request, values["mask"], "mask")
            mask = self.open_mask(request, data, "mask", source)
        return lambda: [paint.edit(source, mask, prompt, seed, i)
                        for i in count]

    def answer(self, request, job, status=200):
        """A prediction as the service describes it."""
        state = job.state
        base = f"{request.base}/v1/predictions/{job.id}"
        out = {"id": job.id, "model": job.info["model"], "version": "hidden",
               "input": {}, "logs": "", "output": None, "error": None,
               "status": STATES[state], "data_removed": False,
               "created_at": "2025-01-01T00:00:00Z", "metrics": {},
               "urls": {"get": base, "cancel": base + "/cancel",
                        "web": base}}
        if state == "failed":
            out.update(self.failure(job))
        if state == "done" and job.kind == "nsfw":
            out.update(status="failed", error="NSFW content detected.")
        elif state == "done":
            if "urls" not in job.info:
                job.info["urls"] = [self.publish(request, job, result)
                                    for result in job.results()]
            out["output"] = job.info["urls"]
            if self.setting("output") == "one":
                out["output"] = (job.info["urls"] or [None])[0]
            out["metrics"] = {"predict_time": job.seconds}
        return self.finished(job, out, status)

    def known_job(self, request, job_id):
        """A job, or an answer that it isn't known."""
        if job_id not in self.jobs:
            self.reject(request, "invalid-parameter", f"no prediction "
                        f"{job_id}", "id", 1)
        return self.jobs[job_id]

    @route("GET", "/v1/predictions/{job_id}", "poll")
    def poll(self, request, job_id):
        """The prediction now."""
        job = self.known_job(request, job_id)
        job.poll()
        return self.answer(request, job)

    @route("POST", "/v1/predictions/{job_id}/cancel", "cancel")
    def cancel(self, request, job_id):
        """Cancels, if it is not over."""
        job = self.known_job(request, job_id)
        job.cancel()
        return self.answer(request, job)

# SPDX-License-Identifier: LGPL-3.0-or-later
"""The jobs API: POST /v1/jobs/{model}, poll, cancel, idempotency keys."""

import json
import uuid

from . import paint
from .errors import in_job, reply
from .falwork import DETAIL_ERRORS, FalWork
from .http import json_response
from .models import MODELS, with_format
from .schema import boolean, choice, text
from .service import route

STATES = {"queued": "queued", "running": "running", "done": "succeeded",
          "failed": "failed", "cancelled": "cancelled"}
NOT_FOUND = len(DETAIL_ERRORS["invalid-parameter"])


def said(status, name, message, *headers, **more):
    """The service's own form of an error."""
    return reply(status, {"error": name, "message": message, **more}, *headers)


class JobsService(FalWork):
    """Framehood's jobs in their REST form."""

    name = "jobs"
    has_nsfw = True
    prefix = "/jobs"
    # mode: "sync" answers with the finished job, "async" with a queued one.
    settings = {"mode": "sync", "min_poll_seconds": 0, "id_field": "job_id",
                "output_form": "url"}
    errors = {
        "auth": [
            said(401, "unauthorized", "The API key is missing or wrong."),
            said(403, "forbidden", "This key may not use this model."),
        ],
        "credits": [
            said(402, "insufficient_credits", "You need 12 credits and have "
                 "3.", hints=["Buy credits or choose another model."]),
            said(403, "insufficient_credits", "You have no credits left.",
                 hints=[]),
            in_job(error="insufficient_credits"),
        ],
        "content-filter": [*DETAIL_ERRORS["content-filter"],
                           in_job(error="content_policy_violation")],
        "rate-limit": [
            said(429, "rate_limited", "Too many requests.",
                 ("Retry-After", "{seconds}")),
            said(429, "rate_limited", "Too many requests.",
                 ("Retry-After", "{date}")),
            said(429, "rate_limited", "Too many requests.",
                 retry_after_seconds="{seconds}"),
            said(429, "rate_limited", "Too many requests."),
        ],
        "too-large": [*DETAIL_ERRORS["too-large"],
                      said(413, "payload_too_large", "The body is too large.")],
        "invalid-parameter": [
            *DETAIL_ERRORS["invalid-parameter"],
            said(404, "not_found", "There is no such model."),
            said(422, "invalid_request", "{message}"),
            said(409, "conflict", "The job is over."),
            said(410, "gone", "The job is not kept any longer."),
        ],
        "timeout": [said(504, "generation_timeout", "The model took too "
                         "long."),
                    said(408, "request_timeout", "The request took too long."),
                    in_job(error="generation_timeout")],
        "server": [
            said(500, "internal_error", "Something went wrong."),
            said(502, "upstream_error", "The provider did not answer."),
            said(503, "unavailable", "The service is down.",
                 ("Retry-After", "{seconds}")),
            in_job(error="The provider failed to make the image."),
            in_job(error={"message": "The provider failed.",
                          "code": "upstream_error"}),
        ],
        "too-soon": [
            said(429, "polled_too_soon", "Poll less often.",
                 retry_after_seconds="{seconds}"),
            said(200, "polled_too_soon", "Poll less often.",
                 retry_after_seconds="{seconds}"),
        ],
    }

    def clear(self):
        super().clear()
        self.by_key = {}

    def __init__(self, world):
        super().__init__(world)
        self.by_key = {}

    @route("POST", "/v1/jobs/{model}", "submit")
    def submit(self, request, model):
        """A new job, or the known one of an idempotency key."""
        known = MODELS.get(model)
        body = self.json_body(request)
        if known is None:
            self.reject(request, "invalid-parameter",
                        f"there is no model {model}", "model", NOT_FOUND)
        self.check(request, known, body)
        key = self.idempotency_key(request)
        if key in self.by_key:
            job, old = self.by_key[key]
            if old != (model, json.dumps(body, sort_keys=True)):
                self.violation(request, "an idempotency key with another body")
            return self.answer(request, job)
        job = self.begin(request, model, known, body)
        if key:
            self.by_key[key] = job, (model, json.dumps(body, sort_keys=True))
        return self.answer(request, job)

    def check(self, request, known, body):
        """Raises Reply when the body is wrong."""
        fields = dict(known.fields, out=text(1, 255, required=True),
                      mock=boolean())
        if known.formats:
            fields["format"] = choice("shorts", "reels", "horizontal")
        self.check_body(request, fields, body, known.kind == "upscale")
        out = body["out"]
        if out.startswith("/") or ".." in out.split("/"):
            self.reject(request, "invalid-parameter",
                        "out leaves the working folder", "out")

    def idempotency_key(self, request):
        """The key, or None; a missing one is logged."""
        key = request.header("Idempotency-Key")
        try:
            uuid.UUID(key or "")
        except ValueError:
            self.violation(request, "Idempotency-Key is no UUID")
        return key

    def begin(self, request, name, model, body):
        """Starts a job and charges for it."""
        asked = with_format(model, body)
        make, count, (width, height), seed = self.work(request, model, asked)
        credits = model.cost(asked, width, height)
        info = self.info(name, model, asked, seed)
        info["out"] = body["out"]
        if body.get("mock"):
            credits = 0
            make = lambda: [paint.placeholder(width, height)
                            for _ in range(count)]
        else:
            self.charge(request, name, credits)
        info["credits"] = credits
        return self.start(request, make, info)

    def answer(self, request, job):
        """The finished job, or a queued one."""
        slow = self.setting("mode") == "async" or job.kind == "never-ends"
        if slow and not job.is_over:
            return json_response(self.job_object(request, job), 202)
        self.wait(request, job)
        return self.finished(job, self.job_object(request, job))

    def job_object(self, request, job):
        """A job as the service describes it."""
        state = job.state
        out = {self.setting("id_field"): job.id, "kind": "image",
               "status": STATES[state], "done": job.is_over,
               "status_url": f"{request.base}/v1/jobs/{job.id}",
               "credits": job.info["credits"], "error": None}
        if not job.is_over and self.setting("poll_interval"):
            out["retry_after_seconds"] = self.setting("poll_interval")
        if state == "failed":
            out.update(self.failure(job))
        if state == "done":
            out.update(self.output_fields(request, job))
        return out

    def output_fields(self, request, job):
        """Outputs in one of the forms that are known."""
        made = self.output(request, job)
        images = made.get("images", [made.get("image")])
        images = [image for image in images if image]
        form = self.setting("output_form")
        if form == "fal":
            return made
        if form == "flat":
            return {"url": images[0]["url"] if images else None}
        outputs = {"out": job.info["out"]}
        if images:
            outputs["url" if form == "url" else form] = images[0]["url"]
            outputs["images"] = images
        if "has_nsfw_concepts" in made:
            outputs["has_nsfw_concepts"] = made["has_nsfw_concepts"]
        return {"outputs": outputs}

    def known_job(self, request, job_id):
        """A job, or an answer that it isn't known."""
        job = self.jobs.get(job_id)
        if job is None:
            self.reject(request, "invalid-parameter",
                        f"there is no job {job_id}", "job_id", NOT_FOUND)
        return job

    @route("GET", "/v1/jobs/{job_id}", "poll")
    def poll(self, request, job_id):
        """The job now."""
        job = self.known_job(request, job_id)
        if request.kind == "too-soon" or self.polled_too_soon(request, job):
            fault = request.fault or {}
            return self.error("too-soon", fault.get("variant", 0),
                              seconds=fault.get("retry_after"))
        job.poll()
        return self.finished(job, self.job_object(request, job))

    def polled_too_soon(self, request, job):
        """Whether the last poll was just now."""
        least = self.setting("min_poll_seconds")
        now = request.entry["time"]
        last = job.info.get("polled", now - least)
        job.info["polled"] = now
        return now - last < least - 0.002

    @route("POST", "/v1/jobs/{job_id}/cancel", "cancel")
    def cancel(self, request, job_id):
        """Cancels, unless it is over."""
        job = self.known_job(request, job_id)
        if not job.cancel():
            return json_response({"error": "conflict", "message":
                                  "The job is over."}, 409)
        return json_response(self.job_object(request, job))

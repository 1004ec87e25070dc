# SPDX-License-Identifier: LGPL-3.0-or-later
"""fal: the queue, the blocking form, and the storage for uploads.

/fal/queue/... and /fal/... play queue.fal.run, /fal/run/... plays fal.run,
/fal/rest/... plays rest.fal.ai.
"""

import random

from . import paint
from .errors import in_job, reply
from .falmasked import EDGES, MASKED
from .falwork import DETAIL_ERRORS, FalWork
from .http import json_response
from .models import MODELS
from .schema import text
from .service import Reply, route

BY_FAL_ID = {model.fal: (name, model) for name, model in MODELS.items()}
BY_FAL_ID["fal-ai/bytedance/seedream/v5/lite/edit"] = BY_FAL_ID[
    "bytedance/seedream/v5/lite/edit"]


def second(status, kind, message):
    """fal's second form of errors."""
    return reply(status, {"detail": message, "error_type": kind},
                 ("X-Fal-Error-Type", kind))


def failed(status, body):
    """A job whose result is an error."""
    return in_job(status=status, body=body)


def item(kind, message, loc="prompt", **ctx):
    """A detail list with one entry."""
    return {"detail": [{"loc": ["body", loc], "msg": message, "type": kind,
                        "ctx": ctx, "url": "https://docs.fal.ai/errors/#"
                        + kind}]}


class FalService(FalWork):
    """fal.ai."""

    name = "fal"
    has_nsfw = True
    prefix = "/fal"
    key_format = "Key {key}"
    errors = {
        "auth": [
            reply(401, {"detail": "Cannot access application. "
                        "Authentication is required."}),
            reply(403, {"detail": "User is locked. Reason: Admin lock."}),
            reply(403, {"detail": "Forbidden"}),
        ],
        "credits": [
            reply(403, {"detail": "User is locked. Reason: Exhausted balance. "
                        "Top up your balance."}),
            reply(403, {"detail": "User is locked. Reason: TOP_UP"}),
            reply(402, {"detail": "Payment required"}),
            failed(403, {"detail": "User is locked. Reason: Exhausted "
                         "balance."}),
        ],
        "content-filter": [
            *DETAIL_ERRORS["content-filter"],
            failed(422, item("content_policy_violation", "Flagged.")),
            failed(422, item("no_media_generated", "Nothing was made.")),
        ],
        "rate-limit": [
            reply(429, {"detail": "Too many requests"},
                  ("Retry-After", "{seconds}")),
            reply(429, {"detail": "Too many requests"},
                  ("Retry-After", "{date}")),
            reply(429, {"detail": "Too many requests"}),
        ],
        "too-large": [*DETAIL_ERRORS["too-large"],
                      reply(413, {"detail": "Request entity too large"}),
                      failed(422, item("image_too_large", "Too large.",
                                       "image_url", max_width=2048,
                                       max_height=2048))],
        "invalid-parameter": [
            *DETAIL_ERRORS["invalid-parameter"],
            reply(404, {"detail": "Application not found"}),
            second(400, "bad_request", "{message}"),
            failed(422, item("image_load_error", "Can't be read.",
                             "image_url")),
            failed(422, item("face_detection_error", "No face was found.",
                             "image_url")),
        ],
        "timeout": [
            second(504, "request_timeout", "Request timed out"),
            second(504, "startup_timeout", "Runner did not start in time"),
            failed(504, item("generation_timeout", "It took too long.")),
        ],
        "server": [
            reply(500, item("internal_server_error", "Internal error")),
            second(503, "runner_scheduling_failure", "No runner"),
            second(503, "runner_connection_refused", "Runner refused"),
            second(503, "runner_disconnected", "Runner disconnected"),
            second(502, "runner_incomplete_response", "Incomplete response"),
            second(500, "runner_server_error", "Runner failed"),
            failed(500, item("internal_server_error", "Internal error")),
            failed(500, item("downstream_service_unavailable", "Down")),
            failed(400, item("downstream_service_error", "Downstream error")),
        ],
        "cancelled": [second(499, "client_cancelled", "Cancelled")],
    }

    # Storage

    @route("POST", "/rest/storage/upload/initiate", "upload")
    @route("POST", "/storage/upload/initiate", "upload")
    def initiate(self, request):
        """An address to PUT a file to, and the URL it will have."""
        body = self.json_body(request)
        self.check_body(request, {
            "content_type": text(3, required=True),
            "file_name": text(1, required=True)}, body)
        if request.query.get("storage_type") != "fal-cdn-v3":
            self.violation(request, "storage_type is not fal-cdn-v3")
        path = self.world.files.add(self.name, b"", body["content_type"])
        url = self.world.result_origin(request, self) + path
        return json_response({"upload_url": url + "?signature=abc",
                              "file_url": url})

    # Submit

    @route("POST", "/run/{model*}", "sync")
    def run(self, request, model):
        """Waits for the output."""
        job = self.begin(request, model)
        self.wait(request, job)
        return self.result_answer(request, job)

    @route("POST", "/queue/{model*}", "submit")
    @route("POST", "/{model*}", "submit")
    def submit(self, request, model):
        """Queues a request."""
        job = self.begin(request, model)
        urls = self.urls(request, job)
        return json_response({"request_id": job.id, "status": "IN_QUEUE",
                              "queue_position": 0, **urls}, 200,
                             [("x-fal-request-id", job.id)])

    def urls(self, request, job):
        """Addresses of a request: owner and application, nothing more."""
        owner = "/".join(job.info["id"].split("/")[:2])
        base = f"{request.base}/queue/{owner}/requests/{job.id}"
        return {"response_url": base, "status_url": base + "/status",
                "cancel_url": base + "/cancel"}

    def begin(self, request, model_id):
        """Checks the input and starts a job."""
        body = self.json_body(request)
        if model_id in MASKED:
            return self.begin_masked(request, model_id, body)
        if model_id not in BY_FAL_ID:
            self.reject(request, "invalid-parameter",
                        f"there is no model {model_id}", "model",
                        len(DETAIL_ERRORS["invalid-parameter"]))
        name, model = BY_FAL_ID[model_id]
        self.check_body(request, model.fields, body, model.kind == "upscale")
        make, _count, (width, height), seed = self.work(request, model, body)
        info = self.info(name, model, body, seed)
        info["id"] = model_id
        self.charge(request, model_id, model.cost(body, width, height))
        return self.start(request, make, info)

    def begin_masked(self, request, model_id, body):
        """The same for models with a mask, and those that expand."""
        model = MASKED[model_id]
        self.check_body(request, model.fields, body)
        source = self.fetch_picture(request, body, "image_url")
        seed = body.get("seed")
        if seed is None:
            seed = random.randrange(1 << 32)
        prompt = body.get("prompt", "")
        count = range(body.get("num_images", 1))
        if model.kind == "expand":
            left, right, top, bottom = (body.get(f"expand_{edge}", 0)
                                        for edge in EDGES)
            make = lambda: [paint.expand(source, left, top, right, bottom,
                                         prompt, seed, i) for i in count]
        else:
            data = self.picture_bytes(request, body[model.mask], model.mask)
            mask = self.open_mask(request, data, model.mask, source)
            make = lambda: [paint.edit(source, mask, prompt, seed, i)
                            for i in count]
        self.charge(request, model_id, len(count))
        return self.start(request, make, {
            "id": model_id, "seed": seed, "prompt": prompt,
            "format": body.get(model.form, model.picture),
            "inline": body.get("sync_mode", False),
            "single": model_id.endswith("eraser"),
            "flag": "flux" in model_id or "sdxl" in model_id})

    # The queue

    def known_job(self, request, app, request_id):
        """A job by the address it was given."""
        job = self.jobs.get(request_id)
        if job is None:
            raise Reply(json_response({"detail": "Request not found",
                                       "status": "NOT_FOUND"}, 404))
        if app != "/".join(job.info["id"].split("/")[:2]):
            self.violation(request, "an address that was not given out")
            raise Reply(json_response({"detail": "Method Not Allowed"}, 405))
        return job

    @route("GET", "/queue/{app*}/requests/{request_id}/status", "poll")
    def poll(self, request, app, request_id):
        """How far it is."""
        job = self.known_job(request, app, request_id)
        state = job.poll()
        out = {"request_id": job.id, **self.urls(request, job)}
        headers = [("x-fal-request-id", job.id)]
        if self.setting("poll_interval"):
            headers.append(("Retry-After", str(self.setting("poll_interval"))))
        if state == "queued":
            out.update(status="IN_QUEUE", queue_position=1)
            return json_response(out, 202, headers)
        logs = [{"message": f"step {int(job.progress * 10)}/10",
                 "level": "INFO", "source": "USER",
                 "timestamp": "2025-01-01T00:00:00Z"}]
        if request.query.get("logs") == "1":
            out["logs"] = logs
        if state == "running":
            return json_response({"status": "IN_PROGRESS", **out}, 202,
                                 headers)
        out.update(status="COMPLETED", metrics={"inference_time": job.seconds})
        return json_response(out, 200, headers)

    @route("GET", "/queue/{app*}/requests/{request_id}", "result")
    def result(self, request, app, request_id):
        """The output, or the model's error."""
        job = self.known_job(request, app, request_id)
        if not job.is_over:
            self.violation(request, "asked for the result of a running job")
            return json_response({"detail": "Request is still in progress"},
                                 400)
        return self.result_answer(request, job)

    def result_answer(self, request, job):
        """Output, failure, or cancellation of a job."""
        headers = [("x-fal-request-id", job.id)]
        if job.state == "cancelled":
            return self.error("cancelled")
        if job.state == "failed":
            failure = self.failure(job)
            return json_response(failure["body"], failure["status"], headers)
        return self.finished(job, self.output(request, job))

    @route("PUT", "/queue/{app*}/requests/{request_id}/cancel", "cancel")
    def cancel(self, request, app, request_id):
        """Cancels what is not over."""
        job = self.known_job(request, app, request_id)
        if job.cancel():
            return json_response({"status": "CANCELLATION_REQUESTED"}, 202)
        return json_response({"status": "ALREADY_COMPLETED"}, 400)

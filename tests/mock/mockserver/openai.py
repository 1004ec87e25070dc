# SPDX-License-Identifier: LGPL-3.0-or-later
"""OpenAI's images, and the servers that imitate it."""

import json
import random
import re
import time

from . import encoders, paint, schema
from .errors import reply
from .http import Response, json_response
from .multipart import parse_multipart
from .pictures import sniff
from .schema import boolean, choice, integer, number, text
from .service import Service, encode64, route

MODELS = ("gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2")
SIZES = ("auto", "1024x1024", "1536x1024", "1024x1536")
COMMON = {
    "prompt": text(1, 32000, required=True), "model": text(1),
    "n": integer(1, 10), "size": text(1),
    "quality": choice("low", "medium", "high", "auto"),
    "background": choice("transparent", "opaque", "auto"),
    "output_format": choice("png", "jpeg", "webp"),
    "output_compression": integer(0, 100), "stream": boolean(),
    "partial_images": integer(0, 3), "user": text(),
}
GENERATE = {**COMMON, "moderation": choice("low", "auto")}
EDIT = {**COMMON, "input_fidelity": choice("high", "low")}
# What one or the other imitator takes besides.
IMITATED = {"response_format": choice("url", "b64_json"),
            "negative_prompt": text(), "seed": integer(),
            "num_inference_steps": integer(1, 200),
            "guidance_scale": number(0, 30), "strength": number(0, 1)}


def said(status, kind, code, message, *headers, param=None):
    """OpenAI's form of an error."""
    return reply(status, {"error": {"message": message, "type": kind,
                                    "param": param, "code": code}}, *headers)


LIMIT = ("rate_limit_error", "rate_limit_exceeded", "Rate limit reached.")


class OpenAIService(Service):
    """The real one, or with imitator: true a server that imitates it."""

    name = "openai"
    prefix = "/openai"
    # Whether an alpha of 0 in a mask is edit; otherwise white is.
    alpha_mask = True
    settings = {"imitator": False, "answer": "b64_json"}
    errors = {
        "auth": [
            said(401, "invalid_request_error", "invalid_api_key",
                 "Incorrect API key provided."),
            said(403, "invalid_request_error", "model_not_allowed",
                 "Your organization must be verified to use this model."),
            reply(401, {"error": "Unauthorized"}),
        ],
        "credits": [
            said(429, "insufficient_quota", "insufficient_quota",
                 "You exceeded your current quota."),
            said(400, "invalid_request_error", "billing_hard_limit_reached",
                 "Billing hard limit has been reached."),
            said(402, "invalid_request_error", None, "Payment required."),
        ],
        "content-filter": [
            said(400, "image_generation_user_error", "moderation_blocked",
                 "Your request was rejected by the safety system."),
            said(400, "invalid_request_error", "content_policy_violation",
                 "Your request was rejected by the safety system."),
        ],
        "rate-limit": [
            said(429, *LIMIT, ("Retry-After", "{seconds}")),
            said(429, *LIMIT, ("Retry-After", "{date}")),
            said(429, *LIMIT),
        ],
        "too-large": [
            said(413, "invalid_request_error", None, "Payload too large."),
            said(400, "invalid_request_error", "image_too_large",
                 "The image is too large.", param="image"),
        ],
        "invalid-parameter": [
            said(400, "invalid_request_error", "invalid_value", "{message}",
                 param="{param}"),
            said(404, "invalid_request_error", "model_not_found",
                 "The model does not exist.", param="model"),
            reply(400, {"error": "{message}"}),
            said(400, "invalid_request_error", "unknown_parameter",
                 "Unknown parameter: '{param}'.", param="{param}"),
        ],
        "timeout": [said(504, "server_error", None, "Timed out."),
                    said(408, "server_error", None, "Request timeout.")],
        "server": [
            said(500, "server_error", "server_error", "The server had an "
                 "error."),
            said(503, "server_error", None, "Overloaded."),
            reply(500, {"error": "model runner has stopped"}),
            reply(502, "Bad Gateway"),
        ],
    }

    def say(self, request, problem):
        """Answers with the first problem."""
        param = ".".join(map(str, problem.loc[1:])) or "body"
        unknown = problem.kind == "extra_forbidden"
        self.reject(request, "invalid-parameter", str(problem), param,
                    3 if unknown else 0)

    def check_body(self, request, fields, body):
        """Raises Reply when a value is wrong."""
        if self.setting("imitator"):
            fields = {**fields, **IMITATED}
        problems = schema.check(fields, body)
        if problems:
            self.say(request, problems[0])
        if self.setting("imitator"):
            return
        if body.get("model", MODELS[0]) not in MODELS:
            self.reject(request, "invalid-parameter",
                        f"there is no model {body['model']}", "model", 1)
        if body.get("background") == "transparent" and body.get(
                "output_format") == "jpeg":
            self.reject(request, "invalid-parameter",
                        "JPEG can't be transparent", "background")
        if "output_compression" in body and body.get(
                "output_format", "png") == "png":
            self.reject(request, "invalid-parameter",
                        "PNG has no compression setting", "output_compression")

    def size(self, request, body, source=None):
        """Width and height that are asked for."""
        value = body.get("size", "auto")
        if value == "auto":
            if source is None:
                return 1024, 1024
            if source.width * 9 > source.height * 11:
                return 1536, 1024
            return (1024, 1536 if source.height * 9 > source.width * 11
                    else 1024)
        match = re.fullmatch(r"(\d+)x(\d+)", value)
        if not match:
            self.reject(request, "invalid-parameter", f"size is {value}",
                        "size")
        width, height = int(match[1]), int(match[2])
        free = self.setting("imitator") or body.get("model") == "gpt-image-2"
        wrong = value not in SIZES and not free
        if body.get("model") == "gpt-image-2":
            wrong = (width % 16 or height % 16 or max(width, height) > 3
                     * min(width, height) or width * height > 3840 * 2160)
        if wrong:
            self.reject(request, "invalid-parameter", f"size is {value}",
                        "size")
        return width, height

    @route("POST", "/v1/images/generations", "sync")
    @route("POST", "/images/generations", "sync")
    def generations(self, request):
        """Pictures for a prompt."""
        body = self.json_body(request)
        self.check_body(request, GENERATE, body)
        width, height = self.size(request, body)
        seed = body.get("seed", random.randrange(1 << 31))
        count = body.get("n", 1)
        return self.answer(request, body, "image_generation", lambda: [
            paint.generate(width, height, body["prompt"], seed, i)
            for i in range(count)], (width, height))

    @route("POST", "/v1/images/edits", "sync")
    @route("POST", "/images/edits", "sync")
    def edits(self, request):
        """Pictures made of pictures."""
        body, files = self.form(request)
        self.check_body(request, EDIT, body)
        images = files.get("image", []) + files.get("image[]", [])
        if not images or len(images) > 16 or (
                "image" in files and len(files["image"]) > 1):
            self.reject(request, "invalid-parameter",
                        f"{len(images)} images", "image")
        opened = [self.open_picture(request, part.data, "image", 50 << 20)
                  for part in images]
        mask = None
        if "mask" in files:
            data = files["mask"][0].data
            if not data.startswith(b"\x89PNG"):
                self.bad_image(request, "mask", "is no PNG")
            mask = self.open_mask(request, data, "mask", opened[0],
                                  self.alpha_mask)
        width, height = self.size(request, body, opened[0])
        source = opened[0].rgb().resized(width, height)
        seed = body.get("seed", 0)
        count = body.get("n", 1)
        return self.answer(request, body, "image_edit", lambda: [
            paint.edit(source, mask, body["prompt"], seed, i)
            for i in range(count)], (width, height))

    @route("POST", "/v1/images/inpainting", "sync")
    def inpainting(self, request):
        """LocalAI's own: white in the mask is edit."""
        body, files = self.form(request)
        if not self.setting("imitator"):
            return self.not_found(request)
        self.check_body(request, EDIT, body)
        if "image" not in files or "mask" not in files:
            self.reject(request, "invalid-parameter", "image and mask are "
                        "needed", "image", 2)
        source = self.open_picture(request, files["image"][0].data, "image")
        mask = self.open_mask(request, files["mask"][0].data, "mask", source)
        return self.answer(request, body, "image_edit", lambda: [
            paint.edit(source, mask, body["prompt"], body.get("seed"))],
            (source.width, source.height))

    def form(self, request):
        """Fields and files of a multipart body."""
        parts = parse_multipart(request)
        if parts is None:
            self.reject(request, "invalid-parameter",
                        "the body is no multipart/form-data", "body")
        values, files = {}, {}
        for part in parts:
            if part.filename is None:
                values[part.name] = part.data.decode("utf-8", "replace")
                continue
            if part.name not in ("image", "image[]", "mask"):
                self.reject(request, "invalid-parameter",
                            f"a file is called {part.name}", part.name, 3)
            self.check_part(request, part)
            files.setdefault(part.name, []).append(part)
        return schema.from_form({**EDIT, **IMITATED}, values), files

    def check_part(self, request, part):
        """Type and name of a file's part must fit its bytes."""
        kind, _ = sniff(part.data)
        if kind and part.content_type != f"image/{kind}":
            self.violation(request, f"{part.name} says {part.content_type}, "
                           f"is {kind}")

    # Answers

    def answer(self, request, body, event, make, asked):
        """Waits, then all at once, or an event stream."""
        name = body.get("model", MODELS[0])
        self.charge(request, name, body.get("n", 1))
        job = self.start(request, make,
                         {"format": body.get("output_format", "png")})
        meta = {"created": int(time.time()), "size": "%dx%d" % asked,
                "quality": body.get("quality", "auto").replace("auto", "high"),
                "background": body.get("background", "opaque"),
                "output_format": body.get("output_format", "png")}
        usage = {"total_tokens": 1100, "input_tokens": 100,
                 "output_tokens": 1000}
        if body.get("stream"):
            return Response(200, self.stream(request, job, body, event, asked,
                                             {**meta, "usage": usage}),
                            "text/event-stream")
        self.wait_for_success(request, job)
        form = body.get("response_format", self.setting("answer"))
        data = [{"url": self.publish(request, job, result)} if form == "url"
                else {"b64_json": encode64(result.data)}
                for result in job.results()]
        return self.finished(job, {**meta, "data": data, "usage": usage})

    def stream(self, request, job, body, event, asked, meta):
        """Server-sent events: partial pictures, then the whole ones."""
        for i in range(body.get("partial_images", 0)):
            request.connection.sleep(job.seconds / 4)
            partial = paint.generate(asked[0] // 8, asked[1] // 8,
                                     f"partial {i}", 0)
            data = encode64(encoders.encode_png(partial))
            yield server_event(f"{event}.partial_image", {
                "b64_json": data, "partial_image_index": i, **meta})
        self.wait(request, job)
        for result in job.results():
            yield server_event(f"{event}.completed", {
                "b64_json": encode64(result.data), **meta})

    @route("GET", "/v1/models", "list")
    @route("GET", "/models", "list")
    def models(self, _request):
        """Models."""
        return json_response({"object": "list", "data": [
            {"id": name, "object": "model", "created": 1735689600,
             "owned_by": "system"} for name in MODELS]})


def server_event(name, value):
    """One event of a stream."""
    return (f"event: {name}\n" f"data: {json.dumps({'type': name, **value})}"
            "\n\n").encode()

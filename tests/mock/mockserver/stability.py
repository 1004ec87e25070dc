# SPDX-License-Identifier: LGPL-3.0-or-later
"""Stability AI, v2beta."""

import random

from . import models, paint
from .errors import in_job, reply
from .formservice import FormService
from .http import Response, json_response
from .pictures import Picture
from .schema import choice, integer, number, text
from .service import Reply, encode64, route

RATIOS = ("16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
SEED = integer(0, 4294967294)
FORMAT = choice("png", "jpeg", "webp")
BASIC = {"seed": SEED, "output_format": FORMAT}
PROMPT = text(1, 10000, required=True)
WORDS = {"prompt": PROMPT, "negative_prompt": text(0, 10000), **BASIC}
STYLED = {**WORDS, "style_preset": text(1)}
GENERATE = {**STYLED, "aspect_ratio": choice(*RATIOS),
            "strength": number(0, 1)}
GROW = integer(0, 20)
EDGE = integer(0, 2000)
LIMIT = 10 << 20

# path: (fields, files that are needed, others, action, credits)
CALLS = {
    "generate/ultra": (GENERATE, (), ("image",), "generate", 8),
    "generate/core": ({name: field for name, field in GENERATE.items()
                       if name != "strength"}, (), (), "generate", 3),
    "generate/sd3": ({**GENERATE, "cfg_scale": number(1, 10),
                      "mode": choice("text-to-image", "image-to-image"),
                      "model": choice("sd3.5-large", "sd3.5-large-turbo",
                                      "sd3.5-medium", "sd3.5-flash")},
                     (), ("image",), "generate", 6.5),
    "edit/erase": ({**BASIC, "grow_mask": GROW}, ("image",), ("mask",),
                   "masked", 5),
    "edit/inpaint": ({**STYLED, "grow_mask": integer(0, 100)}, ("image",),
                     ("mask",), "masked", 5),
    "edit/outpaint": ({**BASIC, "prompt": text(0, 10000),
                       "style_preset": text(1), "creativity": number(0, 1),
                       "left": EDGE, "right": EDGE, "up": EDGE, "down": EDGE},
                      ("image",), (), "outpaint", 4),
    "edit/search-and-replace": ({**STYLED, "search_prompt": PROMPT,
                                 "grow_mask": GROW}, ("image",), (), "edit",
                                5),
    "edit/search-and-recolor": ({**STYLED, "select_prompt": PROMPT,
                                 "grow_mask": GROW}, ("image",), (), "edit",
                                5),
    "edit/remove-background": ({"output_format": choice("png", "webp")},
                               ("image",), (), "background", 5),
    "upscale/fast": ({"output_format": FORMAT}, ("image",), (), "upscale", 2),
    "upscale/conservative": ({**WORDS, "creativity": number(0.2, 0.5)},
                             ("image",), (), "upscale", 40),
    "upscale/creative": ({**STYLED, "creativity": number(0.1, 0.5)},
                         ("image",), (), "upscale", 60),
}


def said(status, name, *errors_of, headers=()):
    """Stability's form of an error."""
    return reply(status, {"id": "a3dc7ea7", "name": name,
                          "errors": list(errors_of)}, *headers)


class StabilityService(FormService):
    """api.stability.ai."""

    name = "stability"
    has_nsfw = True
    prefix = "/stability"
    errors = {
        "auth": [said(401, "unauthorized", "authorization: is missing or "
                      "invalid")],
        "credits": [said(402, "payment_required", "You lack sufficient "
                         "credits to make this request.")],
        "content-filter": [
            said(403, "content_moderation", "Your request was flagged by our "
                 "content moderation system."),
            in_job(finish_reason="CONTENT_FILTERED"),
        ],
        "rate-limit": [
            said(429, "rate_limit_exceeded", "You have exceeded the limit.",
                 headers=[("Retry-After", "{seconds}")]),
            said(429, "rate_limit_exceeded", "You have exceeded the limit."),
        ],
        "too-large": [said(413, "payload_too_large", "The body is larger "
                           "than 10 MiB.")],
        "invalid-parameter": [
            said(400, "bad_request", "{param}: {message}"),
            said(422, "invalid_language", "English is the only supported "
                 "language."),
            said(404, "not_found", "There is no such result."),
        ],
        "timeout": [said(504, "timeout", "The request timed out.")],
        "server": [said(500, "internal_error", "An unexpected error."),
                   in_job(name="internal_error", errors=["It failed."])],
    }

    @route("POST", "/v2beta/stable-image/{group}/{call}", "submit")
    def call(self, request, group, call):
        """Every call; only upscale/creative is polled."""
        name = f"{group}/{call}"
        if name not in CALLS:
            self.violation(request, f"there is no call {name}")
            return self.not_found(request)
        form, as_json = self.wanted(request)
        if len(request.body) > LIMIT:
            self.reject(request, "too-large", "more than 10 MB", "image")
        fields, files, optional, action, credits = CALLS[name]
        values, data = self.form(request, fields, files, optional)
        seed = values.get("seed", 0) or random.randrange(1, 1 << 32)
        make = getattr(self, "do_" + action)(request, values, data, seed)
        job = self.start(request, make, {
            "format": values.get("output_format", "png"), "seed": seed})
        self.charge(request, name, credits)
        if name == "upscale/creative":
            return json_response({"id": job.id})
        if form == "*/*" and not as_json:
            self.violation(request, "Accept is missing")
        self.wait(request, job)
        return self.answer(job, as_json)

    def wanted(self, request):
        """(media range, whether JSON): what Accept says."""
        value = (request.header("Accept") or "*/*").strip()
        if value not in ("image/*", "application/json", "*/*"):
            self.reject(request, "invalid-parameter", f"Accept is {value}",
                        "accept")
        return value, value == "application/json"

    def answer(self, job, as_json):
        """A picture as bytes or in JSON."""
        reason, made = "SUCCESS", job.results()
        if job.kind == "nsfw":
            reason = "CONTENT_FILTERED"
        if job.kind == "fails":
            said_so = self.failure(job)
            if "finish_reason" not in said_so:
                return json_response({"id": job.id, **said_so}, 500)
            reason = said_so["finish_reason"]
        data = made[0].data if made else b""
        if as_json:
            return self.finished(job, {"image": encode64(data),
                                       "finish_reason": reason,
                                       "seed": job.info["seed"]})
        return Response(200, data, made[0].media if made else "image/png",
                        [("finish-reason", reason),
                         ("seed", str(job.info["seed"]))])

    @route("GET", "/v2beta/results/{job_id}", "poll")
    def results(self, request, job_id):
        """The result of upscale/creative, once it is there."""
        _, as_json = self.wanted(request)
        job = self.jobs.get(job_id)
        if job is None:
            self.reject(request, "invalid-parameter", f"no result {job_id}",
                        "id", 2)
        if job.poll() in ("queued", "running"):
            return json_response({"id": job.id, "status": "in-progress"}, 202)
        if job.kind == "expired":
            raise Reply(self.error("invalid-parameter", 2))
        return self.answer(job, as_json)

    @route("GET", "/v1/user/balance", "list")
    def balance(self, _request):
        """What is left."""
        return json_response({"credits": 98.7})

    # What the calls do

    def image(self, request, data):
        """The picture to work on."""
        picture = self.open_picture(request, data["image"], "image")
        if picture.width < 64 and picture.height < 64:
            self.reject(request, "invalid-parameter",
                        "the image is smaller than 64 pixels", "image")
        return picture

    def do_generate(self, request, values, data, seed):
        """A picture for a prompt, or of another one."""
        if "image" in data:
            if "strength" not in values:
                self.reject(request, "invalid-parameter",
                            "an image needs strength", "strength")
            return self.do_edit(request, values, data, seed)
        size = models.ratio_size(values.get("aspect_ratio", "1:1"), 1 << 20)
        return lambda: [paint.generate(*size, values["prompt"], seed)]

    def do_masked(self, request, values, data, seed):
        """Erase, inpaint: the mask is a file or the picture's alpha."""
        source = self.image(request, data)
        if "mask" in data:
            mask = self.open_mask(request, data["mask"], "mask", source)
        elif source.channels in (2, 4):
            mask = paint.inverted(source.channel(source.channels - 1))
        else:
            self.reject(request, "invalid-parameter", "there is no mask",
                        "mask")
        return lambda: [paint.edit(source, mask, values.get("prompt", ""),
                                   seed)]

    def do_outpaint(self, request, values, data, seed):
        """More around a picture."""
        source = self.image(request, data)
        sides = [values.get(side, 0) for side in ("left", "up", "right",
                                                  "down")]
        if not any(sides):
            self.reject(request, "invalid-parameter",
                        "one side must be given", "left")
        return lambda: [paint.expand(source, *sides, values.get("prompt", ""),
                                     seed)]

    def do_edit(self, request, values, data, seed):
        """An edit by words."""
        source = self.image(request, data)
        return lambda: [paint.edit(source, None, values["prompt"], seed)]

    def do_background(self, request, _values, data, _seed):
        """Transparent outside the middle half."""
        source = self.image(request, data).rgb()
        w, h = source.width, source.height
        alpha = paint.rectangle_mask(w, h, w // 4, h // 4, w // 2, h // 2)
        out = bytearray(w * h * 4)
        for c in range(3):
            out[c::4] = source.data[c::3]
        out[3::4] = alpha.data
        return lambda: [Picture(w, h, 4, out)]

    def do_upscale(self, request, _values, data, _seed):
        """Four times the size."""
        source = self.image(request, data)
        return lambda: [paint.upscale(source, source.width * 4,
                                      source.height * 4)]
